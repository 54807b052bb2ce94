/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define gradient_by_hand answer_gradient_by_hand
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t N = BY_TURN(4, 3, 6), STEPS = BY_TURN(5, 7, 3);
    real *d_z = exercise_numbers("d_z", STEPS * N, &seed);
    real *h = exercise_numbers("h", (STEPS + 1) * N, &seed), *G = exercise_numbers("G", N * N, &seed);
    exercise_input("d_z", d_z, STEPS * N);
    exercise_input("h", h, (STEPS + 1) * N);
    gradient_by_hand(G, d_z, h, STEPS, N);
    exercise_output("G", G, N * N);
}
