/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#define loss_by_hand answer_loss_by_hand
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { L = 5 };
    real *z = exercise_numbers("z", L, &seed), *huge = exercise_numbers("z", L, &seed);
    real *low = exercise_numbers("z", L, &seed), loss[3 * L];
    for (size_t i = 0; i < L; i++) huge[i] += 1000, low[i] -= 3;    // none of these is above zero
    exercise_input("z", z, L);
    exercise_input("z", huge, L);
    exercise_input("z", low, L);
    for (size_t y = 0; y < L; y++) loss[y] = (real)loss_by_hand(z, L, y);
    for (size_t y = 0; y < L; y++) loss[L + y] = (real)loss_by_hand(huge, L, y);
    for (size_t y = 0; y < L; y++) loss[2 * L + y] = (real)loss_by_hand(low, L, y);
    exercise_output("small_logits", loss, L);
    exercise_output("huge_logits", loss + L, L);
    exercise_output("negative_logits", loss + 2 * L, L);
}
