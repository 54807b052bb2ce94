/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <math.h>
#include <string.h>
#define least_that_stays answer_least_that_stays
#include EXERCISE_FILE

enum { MOST = 6 };
static const double BIT = 1.0 / (1 << 30);       // lost where single precision adds up
/* Draw probabilities in falling order */
static void falling_numbers(real q[MOST], uint64_t *seed)
{
    const double apart = floor((test_number(seed) + 1) * 8) / 256;
    const double part[MOST] = { 5, 4, 3, 2, 1.5, 0.5 };
    for (size_t i = 0; i < MOST; i++) q[i] = (real)(part[i] / 16 + (i % 2 ? -BIT : BIT));
    q[0] += (real)apart;
    q[1] -= (real)(apart / 4);
    q[2] -= (real)(3 * apart / 4);
}

void exercise_run(uint64_t seed)
{
    const size_t L = BY_TURN(MOST, 4, 5);
    real q[MOST], alone[MOST + 1], with_share[4 * MOST + 1], both[4];
    falling_numbers(q, &seed);
    const real *sorted = exercise_fence("sorted", q, L, sizeof *q);
    exercise_input("sorted", sorted, L);
    /* Ask for the last that may stay, with all bounds */
    double before = 0;
    for (size_t k = 0; k <= L; k++) alone[k] = least_that_stays(sorted, L, k, 2);
    for (size_t i = 0; i < L; i++) {
        with_share[4 * i] = least_that_stays(sorted, L, L + 1, before - BIT / 64);
        with_share[4 * i + 1] = least_that_stays(sorted, L, L + 1, before);
        with_share[4 * i + 2] = least_that_stays(sorted, L, L + 1, before + BIT / 64);
        with_share[4 * i + 3] = least_that_stays(sorted, L, L + 1, before + (double)q[i] / 2);
        before += (double)q[i];
    }
    with_share[4 * L] = least_that_stays(sorted, L, L + 1, 2);
    for (size_t i = 0; i < 4; i++) both[i] = least_that_stays(sorted, L, i + 1, 0.6);
    exercise_output("by_number", alone, L + 1);
    exercise_output("by_share", with_share, 4 * L + 1);
    exercise_output("by_both", both, 4);
    /* Ask for it where the probabilities are tenths */
    const real tenths[4] = { 0.4, 0.3, 0.2, 0.1 };
    const real *row = exercise_fence("sorted", tenths, 4, sizeof *row);
    const real stay[2] = { least_that_stays(row, 4, 4, 0.7), least_that_stays(row, 4, 4, 0.4) };
    exercise_output("of_tenths", stay, 2);
}
