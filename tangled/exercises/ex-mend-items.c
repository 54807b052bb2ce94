/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define list_by_hand answer_list_by_hand
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t items = BY_TURN(4, 3, 5), size[5] = { 2, 1, BY_TURN(6, 4, 3), 3, 7 };
    size_t all = 0;
    for (size_t i = 0; i < items; i++) all += size[i];
    real *loss = exercise_numbers("loss", all, &seed), mean[2];
    const size_t *sizes = exercise_fence("size", size, items, sizeof *size);
    const size_t *alone = exercise_fence("size", &all, 1, sizeof all);
    exercise_input("loss", loss, all);
    mean[0] = (real)list_by_hand(loss, sizes, items);
    mean[1] = (real)list_by_hand(loss, alone, 1);
    exercise_output("several_items", mean, 1);
    exercise_output("one_item", mean + 1, 1);
}
