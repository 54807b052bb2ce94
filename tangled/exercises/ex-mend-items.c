/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define list_by_hand answer_list_by_hand
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { ALL = 12, ITEMS = 4 };
    const size_t size[ITEMS] = { 2, 1, 6, 3 }, one[1] = { ALL };
    real *loss = exercise_numbers("loss", ALL, &seed), mean[2];
    const size_t *sizes = exercise_fence("size", size, ITEMS, sizeof *size);
    const size_t *alone = exercise_fence("size", one, 1, sizeof *one);
    exercise_input("loss", loss, ALL);
    mean[0] = (real)list_by_hand(loss, sizes, ITEMS);
    mean[1] = (real)list_by_hand(loss, alone, 1);
    exercise_output("four_items", mean, 1);
    exercise_output("one_item", mean + 1, 1);
}
