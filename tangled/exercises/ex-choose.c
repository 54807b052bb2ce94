/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#define sampling_choose answer_sampling_choose
#include EXERCISE_FILE

enum { MOST = 11, PIECES = 4 };
static const double BIT = 1.0 / (1 << 30);       // lost where single precision adds up

/* Lay the pieces of the line, in any order */
static size_t below(size_t count, uint64_t *seed)
{
    return (size_t)((test_number(seed) + 1) / 2 * (real)count);
}

/* l pieces, of which the last `empty` are, and some others. */
static real *lay(const double piece[PIECES], size_t l, size_t empty, uint64_t *seed)
{
    real *q = exercise_fence("q", NULL, l, sizeof *q);
    for (size_t i = 0; i < PIECES; i++) q[i] = (real)piece[i];
    for (size_t i = l - empty - 1; i > 0; i--) {
        const size_t j = below(i + 1, seed);
        const real kept = q[j];
        q[j] = q[i];
        q[i] = kept;
    }
    return q;
}

/* Throw darts at every edge, and before it */
static void throw_darts(const char *name, const double piece[PIECES], uint64_t *seed)
{
    const size_t l = BY_TURN(8, MOST, 9);
    const real *q = lay(piece, l, 1, seed);
    real chosen[3 * MOST];
    double edge = 0;
    exercise_input("q", q, l);
    for (size_t i = 0; i < l; i++) {
        const double middle = edge + (double)q[i] / 2, next = edge + (double)q[i];
        chosen[3 * i] = (real)sampling_choose(q, l, edge < 1 ? edge : 0);
        chosen[3 * i + 1] = (real)sampling_choose(q, l, middle < 1 ? middle : 0.75);
        chosen[3 * i + 2] = (real)sampling_choose(q, l, next > 0 ? next - BIT / 2 : 0.3);
        edge = next;
    }
    exercise_output(name, chosen, 3 * l);
}

/* Throw darts past the end */
static void throw_past(const char *name, const double piece[PIECES], uint64_t *seed)
{
    enum { EMPTY = 4 };
    const size_t l = BY_TURN(8, MOST, 9);
    real chosen[2 * EMPTY];
    for (size_t empty = 0; empty < EMPTY; empty++) {
        real *q = lay(piece, l, empty, seed);
        const size_t last = l - empty - 1;
        for (size_t i = 0; q[last] <= 0; i++) q[last] = q[i], q[i] = 0;
        chosen[2 * empty] = (real)sampling_choose(q, l, 1 - BIT);
        chosen[2 * empty + 1] = (real)sampling_choose(q, l, 1 - 0x1p-53);
    }
    exercise_output(name, chosen, 2 * EMPTY);
}

void exercise_run(uint64_t seed)
{
    const double exact[PIECES] = { 0.25 + BIT, 0.125 - BIT, 0.125 + BIT, 0.5 - BIT };
    const double short_of_one[PIECES] = { 0.25, 0.25 - 3 * BIT, 0.375, 0.125 - BIT };
    throw_darts("chosen", exact, &seed);
    throw_darts("chosen_where_short", short_of_one, &seed);
    throw_past("past_the_end", short_of_one, &seed);
}
