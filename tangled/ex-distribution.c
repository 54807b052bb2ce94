/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#include EXERCISE_FILE

static void one_row(const char *name, real scale, real shift, real tau, uint64_t *seed)
{
    enum { L = 5 };
    real z[L], q[L];
    test_fill(z, L, seed);
    for (int i = 0; i < L; i++) z[i] = scale * z[i] + shift;
    exercise_input("z", z, L);
    sampling_distribution(q, z, tau, L);
    exercise_output(name, q, L);
}

void exercise_run(uint64_t seed)
{
    one_row("warm", 2, 1, (real)1.7, &seed);
    one_row("cool", 2, 1, (real)0.6, &seed);
    one_row("huge_logits", 3, 1000, (real)0.5, &seed);
    one_row("zero_temperature", 2, 1, 0, &seed);
}
