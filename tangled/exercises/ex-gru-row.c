/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-gates.h"
#define gates_back answer_gates_back
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    real *d_z = exercise_numbers("d_z", 3 * UNITS, &seed);
    real *d_past = exercise_numbers("d_past", 3 * UNITS, &seed);
    real *d_before = exercise_numbers("d_before", UNITS, &seed);
    real *d = exercise_numbers("d", UNITS, &seed), *gate = exercise_gates(3 * UNITS, &seed);
    real *inside = exercise_numbers("inside", UNITS, &seed);
    real *before = exercise_numbers("before", UNITS, &seed);
    exercise_may_fill(d_z, d_past, d_before, NULL);
    gates_back(d_z, d_past, d_before, d, gate, inside, before, UNITS);
    exercise_output("d_z", d_z, 3 * UNITS);
    exercise_output("d_past", d_past, 3 * UNITS);
    exercise_output("d_before", d_before, UNITS);
}
