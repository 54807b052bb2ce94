/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "ex-network.h"
#include EXERCISE_FILE

static void one_row(const char *name, real scale, real shift, uint64_t *seed)
{
    enum { L = 5 };
    real z[L], result[L + 2];
    test_fill(z, L, seed);
    for (int i = 0; i < L; i++) z[i] = scale * z[i] + shift;
    exercise_input("z", z, L);
    softmax_row(result, &result[L], &result[L + 1], z, L);
    exercise_output(name, result, L + 2);
}

void exercise_run(uint64_t seed)
{
    one_row("small_logits", 2, 1, &seed);
    one_row("huge_logits", 3, 1000, &seed);
    one_row("tiny_logits", 3, -1000, &seed);
}
