/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#define loss_by_hand answer_loss_by_hand
#include EXERCISE_FILE

enum { MOST = 7 };

static void charge(const char *name, real shift, real far, uint64_t *seed)
{
    const size_t L = BY_TURN(5, 4, MOST);
    real *z = exercise_numbers("z", L, seed), loss[MOST];
    for (size_t i = 0; i < L; i++) z[i] += shift;
    z[BY_TURN(1, 3, 0)] += far;
    exercise_input("z", z, L);
    for (size_t y = 0; y < L; y++) loss[y] = (real)loss_by_hand(z, L, y);
    exercise_output(name, loss, L);
}

void exercise_run(uint64_t seed)
{
    charge("small_logits", 0, 0, &seed);
    charge("huge_logits", 1000, 0, &seed);
    charge("negative_logits", -3, 0, &seed);         // none of these is above zero
    charge("far_apart", 0, 1000, &seed);
    charge("far_below", -2000, 1000, &seed);
}
