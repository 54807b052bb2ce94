/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define softmax_row answer_softmax_row
#include EXERCISE_FILE

static void exercise_row(const char *name, real scale, real shift, uint64_t *seed)
{
    enum { L = 5 };
    real *z = exercise_numbers("z", L, seed), *y_hat = exercise_numbers("y_hat", L, seed);
    real result[L + 2];
    for (int i = 0; i < L; i++) z[i] = scale * z[i] + shift;
    exercise_input("z", z, L);
    softmax_row(y_hat, &result[L], &result[L + 1], z, L);
    memcpy(result, y_hat, L * sizeof *y_hat);
    exercise_output(name, result, L + 2);
}

void exercise_run(uint64_t seed)
{
    exercise_row("small_logits", 2, 1, &seed);
    exercise_row("huge_logits", 3, 1000, &seed);
    exercise_row("tiny_logits", 3, -1000, &seed);
}
