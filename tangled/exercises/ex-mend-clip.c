/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <math.h>
#include <string.h>
#define clip_by_hand answer_clip_by_hand
#include EXERCISE_FILE

#define P ((size_t)BY_TURN(5, 3, 6))
#define Q ((size_t)BY_TURN(3, 7, 4))

/* Brings two rows to a length in common. */
static void stretch(real *g, real *r, double length)
{
    double squares = 0;
    for (size_t i = 0; i < P; i++) squares += (double)g[i] * (double)g[i];
    for (size_t i = 0; i < Q; i++) squares += (double)r[i] * (double)r[i];
    for (size_t i = 0; i < P; i++) g[i] *= (real)(length / sqrt(squares));
    for (size_t i = 0; i < Q; i++) r[i] *= (real)(length / sqrt(squares));
}

static void clip_to(const char *g_name, const char *r_name, double bound, double length,
                    uint64_t *seed)
{
    real *g = exercise_numbers("g", P, seed), *r = exercise_numbers("r", Q, seed);
    if (length > 0) stretch(g, r, length);
    clip_by_hand(g, r, P, Q, bound);
    exercise_output(g_name, g, P);
    exercise_output(r_name, r, Q);
}

void exercise_run(uint64_t seed)
{
    const double high = BY_TURN(2, 3, 5), low = BY_TURN(0.3, 0.5, 0.2);
    clip_to("g_too_long", "r_too_long", low, 0, &seed);
    clip_to("g_short_enough", "r_short_enough", 30, 0, &seed);
    clip_to("g_above_one", "r_above_one", high, 1.5 * high, &seed);
    clip_to("g_below_one", "r_below_one", low, 0.7 * low, &seed);
}
