/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>

static double sum_of_weights(real beta, uint64_t k)
{
    return 1 / (1 + (double)beta / (double)k);
}
#include "descent.h"
#define descent_adam answer_descent_adam
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    static const char *const STEP[] = { "step_1", "step_2", "step_3", "step_4" };
    const size_t P = BY_TURN(5, 3, 8);
    const double eta = BY_TURN(0.3, 0.07, 1.2), epsilon = BY_TURN(0.05, 0.3, 0.01);
    const double beta_1 = BY_TURN(0.8, 0.6, 0.95), beta_2 = BY_TURN(0.9, 0.75, 0.5);
    real *theta = exercise_numbers("theta", P, &seed), *g = exercise_numbers("g", P, &seed);
    real *u = exercise_fence("u", NULL, P, sizeof *u), *v = exercise_fence("v", NULL, P, sizeof *v);
    for (uint64_t k = 1; k <= 4; k++) {
        test_fill(g, P, &seed);
        exercise_input("g", g, P);
        descent_adam(theta, u, v, g, (real)eta, (real)beta_1, (real)beta_2, (real)epsilon, k, P);
        exercise_output(STEP[k - 1], theta, P);
    }
    exercise_output("u", u, P);
    exercise_output("v", v, P);
}
