/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#define sampling_distribution answer_sampling_distribution
#include EXERCISE_FILE

/* Logits, and how far above the others the one at a place is. */
typedef struct { real scale, shift, far; size_t above; } logits;

static void exercise_row(const char *name, logits drawn, real tau, uint64_t *seed)
{
    const size_t L = BY_TURN(5, 7, 6);
    real *z = exercise_numbers("z", L, seed), *q = exercise_numbers("q", L, seed);
    for (size_t i = 0; i < L; i++) z[i] = drawn.scale * z[i] + drawn.shift;
    z[drawn.above] += drawn.far;
    if (tau == 0) z[4] = z[1] = 7;              // a tie: the first is chosen
    exercise_input("z", z, L);
    sampling_distribution(q, z, tau, L);
    exercise_output(name, q, L);
}

void exercise_run(uint64_t seed)
{
    const logits small = { 2, 1, 0, 0 }, close = { 0.1, 1, 0, 0 }, closer = { 0.0002, 0, 0, 0 };
    exercise_row("warm", small, BY_TURN(1.7, 1.4, 2.3), &seed);
    exercise_row("cool", small, BY_TURN(0.6, 0.8, 0.7), &seed);
    exercise_row("cold", small, BY_TURN(0.3, 0.4, 0.35), &seed);
    exercise_row("very_cold", close, 0.05, &seed);
    exercise_row("nearly_frozen", closer, 0.0001, &seed);
    exercise_row("huge_logits", (logits){ 3, 1000, 0, 0 }, 0.5, &seed);
    exercise_row("first_far_above", (logits){ 2, -1000, 2000, 0 }, 1, &seed);
    exercise_row("third_far_above", (logits){ 2, -1000, 2000, 2 }, 0.7, &seed);
    exercise_row("all_far_below", (logits){ 2, -3000, 2000, 1 }, 1, &seed);
    exercise_row("zero_temperature", small, 0, &seed);
}
