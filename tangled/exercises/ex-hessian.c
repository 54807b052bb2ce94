/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <complex.h>
#define hessian_times answer_hessian_times
#include EXERCISE_FILE

/* The gradient of Σ sin(θ_i θ_{i+1}) + θ_i⁴ / 4, in a ring. */
static void exercise_ring(double complex *g, const double complex *theta, size_t p)
{
    for (size_t i = 0; i < p; i++) {
        const double complex before = theta[(i + p - 1) % p], after = theta[(i + 1) % p];
        g[i] = before * ccos(before * theta[i]) + after * ccos(theta[i] * after);
        g[i] += theta[i] * theta[i] * theta[i];
    }
}

void exercise_run(uint64_t seed)
{
    const size_t P = BY_TURN(6, 4, 9);
    real *theta = exercise_numbers("theta", P, &seed), *v = exercise_numbers("v", P, &seed);
    real *vH = exercise_numbers("vH", P, &seed);
    double complex *moved = exercise_fence("moved", NULL, P, sizeof *moved);
    double complex *g = exercise_fence("g", NULL, P, sizeof *g);
    exercise_input("theta", theta, P);
    exercise_input("v", v, P);
    hessian_times(vH, v, theta, P, exercise_ring, moved, g);
    exercise_output("vH", vH, P);
}
