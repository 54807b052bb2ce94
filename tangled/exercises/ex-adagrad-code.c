/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#define descent_adagrad answer_descent_adagrad
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    static const char *const STEP[] = { "step_1", "step_2", "step_3", "step_4" };
    const size_t P = BY_TURN(5, 3, 8);
    const double eta = BY_TURN(0.3, 0.07, 1.2), epsilon = BY_TURN(0.05, 0.3, 0.01);
    real *theta = exercise_numbers("theta", P, &seed), *g = exercise_numbers("g", P, &seed);
    real *r = exercise_fence("r", NULL, P, sizeof *r);
    for (int k = 0; k < 4; k++) {
        test_fill(g, P, &seed);
        exercise_input("g", g, P);
        descent_adagrad(theta, r, g, (real)eta, (real)epsilon, P);
        exercise_output(STEP[k], theta, P);
    }
    exercise_output("r", r, P);
}
