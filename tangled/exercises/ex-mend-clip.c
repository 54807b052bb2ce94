/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#define clip_by_hand answer_clip_by_hand
#include EXERCISE_FILE

static void clip_to(const char *g_name, const char *r_name, double bound, uint64_t *seed)
{
    enum { P = 5, Q = 3 };
    real *g = exercise_numbers("g", P, seed), *r = exercise_numbers("r", Q, seed);
    clip_by_hand(g, r, P, Q, bound);
    exercise_output(g_name, g, P);
    exercise_output(r_name, r, Q);
}

void exercise_run(uint64_t seed)
{
    clip_to("g_too_long", "r_too_long", 0.3, &seed);
    clip_to("g_short_enough", "r_short_enough", 30, &seed);
}
