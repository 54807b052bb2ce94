/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#define sampling_choose answer_sampling_choose
#include EXERCISE_FILE

enum { L = 8 };
static const double BIT = 1.0 / (1 << 30);       // lost where single precision adds up

/* Shuffle the pieces of the line */
static void shuffle(real *q, uint64_t *seed)
{
    for (size_t i = 0; i < L; i++) {
        const size_t j = (size_t)((test_number(seed) + 1) / 2 * L);
        const real kept = q[j];
        q[j] = q[i];
        q[i] = kept;
    }
}

/* Throw darts at every edge, and before it */
static void throw_darts(real chosen[3 * L], const real *q)
{
    double edge = 0;
    for (size_t i = 0; i < L; i++) {
        const double middle = edge + (double)q[i] / 2, next = edge + (double)q[i];
        chosen[3 * i] = (real)sampling_choose(q, L, edge < 1 ? edge : 0);
        chosen[3 * i + 1] = (real)sampling_choose(q, L, middle < 1 ? middle : 0.75);
        chosen[3 * i + 2] = (real)sampling_choose(q, L, next > 0 ? next - BIT / 2 : 0.3);
        edge = next;
    }
}

void exercise_run(uint64_t seed)
{
    const real exact[L] = { 0, 0.25 + BIT, 0, 0.125 - BIT, 0.125 + BIT, 0, 0.5 - BIT, 0 };
    const real rounded[L] = { 0, 0, 0.25, 0, 0.375, 0, 0.375 - 4 * BIT, 0 };
    real *q = exercise_fence("q", exact, L, sizeof *q), chosen[3 * L], last;
    shuffle(q, &seed);
    exercise_input("q", q, L);
    throw_darts(chosen, q);
    exercise_output("chosen", chosen, 3 * L);
    exercise_output("q", q, L);
    q = exercise_fence("q", rounded, L, sizeof *q);
    last = (real)sampling_choose(q, L, 1 - BIT);
    exercise_output("past_the_end", &last, 1);
}
