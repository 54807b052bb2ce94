/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define softmax_row answer_softmax_row
#include EXERCISE_FILE

enum { NOWHERE = 100, MOST = 8 };

/* A row of random logits, of which one, if it is in the row, lies far above the others. */
static void exercise_row(const char *name, real scale, real shift, size_t above, uint64_t *seed)
{
    const size_t L = BY_TURN(5, 4, MOST);
    real *z = exercise_numbers("z", L, seed), *y_hat = exercise_numbers("y_hat", L, seed);
    real result[MOST + 2];
    for (size_t i = 0; i < L; i++) z[i] = scale * z[i] + shift + (i == above ? 2000 : 0);
    exercise_input("z", z, L);
    softmax_row(y_hat, &result[L], &result[L + 1], z, L);
    memcpy(result, y_hat, L * sizeof *y_hat);
    exercise_output(name, result, L + 2);
}

void exercise_run(uint64_t seed)
{
    exercise_row("small_logits", 2, 1, NOWHERE, &seed);
    exercise_row("huge_logits", 3, 1000, NOWHERE, &seed);
    exercise_row("tiny_logits", 3, -1000, NOWHERE, &seed);
    exercise_row("first_far_above", 2, -1000, 0, &seed);
    exercise_row("third_far_above", 2, -1000, 2, &seed);
    exercise_row("all_far_below", 2, -3000, 1, &seed);
}
