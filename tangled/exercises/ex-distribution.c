/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#define sampling_distribution answer_sampling_distribution
#include EXERCISE_FILE

static void exercise_row(const char *name, real scale, real shift, real tau, uint64_t *seed)
{
    enum { L = 5 };
    real *z = exercise_numbers("z", L, seed), *q = exercise_numbers("q", L, seed);
    for (int i = 0; i < L; i++) z[i] = scale * z[i] + shift;
    if (tau == 0) z[4] = z[1] = 7;              // a tie: the first is chosen
    exercise_input("z", z, L);
    sampling_distribution(q, z, tau, L);
    exercise_output(name, q, L);
}

void exercise_run(uint64_t seed)
{
    exercise_row("warm", 2, 1, (real)1.7, &seed);
    exercise_row("cool", 2, 1, (real)0.6, &seed);
    exercise_row("cold", 2, 1, (real)0.3, &seed);
    exercise_row("huge_logits", 3, 1000, (real)0.5, &seed);
    exercise_row("zero_temperature", 2, 1, 0, &seed);
}
