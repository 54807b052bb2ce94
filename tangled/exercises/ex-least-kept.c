/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <math.h>
#include <string.h>
#define least_that_stays answer_least_that_stays
#include EXERCISE_FILE

enum { L = 6 };
/* Draw probabilities in falling order */
static void falling_numbers(real q[L], uint64_t *seed)
{
    const double apart = floor((test_number(seed) + 1) * 8) / 256;
    const double part[L] = { 5, 4, 3, 2, 1.5, 0.5 };
    for (size_t i = 0; i < L; i++) q[i] = (real)(part[i] / 16);
    q[0] += (real)apart;
    q[1] -= (real)(apart / 4);
    q[2] -= (real)(3 * apart / 4);
}

void exercise_run(uint64_t seed)
{
    real q[L], alone[L + 1], with_share[2 * L + 1], both[4];
    falling_numbers(q, &seed);
    const real *sorted = exercise_fence("sorted", q, L, sizeof *q);
    exercise_input("sorted", q, L);
    /* Ask for the last that may stay, with all bounds */
    double before = 0;
    for (size_t k = 0; k <= L; k++) alone[k] = least_that_stays(sorted, L, k, 2);
    for (size_t i = 0; i < L; i++) {
        with_share[2 * i] = least_that_stays(sorted, L, L + 1, before);
        with_share[2 * i + 1] = least_that_stays(sorted, L, L + 1, before + (double)q[i] / 2);
        before += (double)q[i];
    }
    with_share[2 * L] = least_that_stays(sorted, L, L + 1, 2);
    for (size_t i = 0; i < 4; i++) both[i] = least_that_stays(sorted, L, i + 1, 0.6);
    exercise_output("by_number", alone, L + 1);
    exercise_output("by_share", with_share, 2 * L + 1);
    exercise_output("by_both", both, 4);
}
