/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-gates.h"
#define memory_back answer_memory_back
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    real *d_z = exercise_numbers("d_z", 4 * UNITS, &seed);
    real *d_before = exercise_numbers("d_before", UNITS, &seed);
    real *d_c = exercise_numbers("d_c", UNITS, &seed), *d = exercise_numbers("d", UNITS, &seed);
    real *gate = exercise_gates(4 * UNITS, &seed), *bent = exercise_numbers("bent", UNITS, &seed);
    real *before = exercise_numbers("before", UNITS, &seed);
    exercise_may_fill(d_z, d_before, d_c, NULL);
    memory_back(d_z, d_before, d_c, d, gate, bent, before, UNITS);
    exercise_output("d_z", d_z, 4 * UNITS);
    exercise_output("d_c", d_c, UNITS);
    exercise_output("d_before", d_before, UNITS);
}
