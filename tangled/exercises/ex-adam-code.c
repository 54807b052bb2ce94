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
    enum { P = 5 };
    static const char *const STEP[] = { "step_1", "step_2", "step_3", "step_4" };
    real *theta = exercise_numbers("theta", P, &seed), *g = exercise_numbers("g", P, &seed);
    real *u = exercise_fence("u", NULL, P, sizeof *u), *v = exercise_fence("v", NULL, P, sizeof *v);
    for (uint64_t k = 1; k <= 4; k++) {
        test_fill(g, P, &seed);
        exercise_input("g", g, P);
        descent_adam(theta, u, v, g, (real)0.3, (real)0.8, (real)0.9, (real)0.05, k, P);
        exercise_output(STEP[k - 1], theta, P);
    }
    exercise_output("u", u, P);
    exercise_output("v", v, P);
}
