/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define step_by_hand answer_step_by_hand
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t N = BY_TURN(4, 3, 6);
    real *W = exercise_numbers("W_hh", N * N, &seed), *h = exercise_numbers("h", N, &seed);
    real *next = exercise_numbers("d_z_next", N, &seed), *d_h = exercise_numbers("d_h", N, &seed);
    real *d_z = exercise_numbers("d_z", N, &seed);
    exercise_input("W_hh", W, N * N);
    exercise_input("h", h, N);
    exercise_input("d_z_next", next, N);
    step_by_hand(d_z, d_h, next, W, h, N);
    exercise_output("d_h", d_h, N);
    exercise_output("d_z", d_z, N);
}
