/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { L = 8, DRAWS = 40 };
    real q[L] = { 0, (real)0.25, 0, (real)0.125, (real)0.125, 0, (real)0.4375, 0 }, chosen[DRAWS];
    const double edge[] = { 0, 0.25, 0.375, 0.5, 0.9375, 0.97, 0.2499, 0.9374 };
    for (size_t i = 0; i < L / 2; i++) {        // another order for every seed
        const size_t j = (size_t)((test_number(&seed) + 1) / 2 * L);
        const real kept = q[j];
        q[j] = q[2 * i];
        q[2 * i] = kept;
    }
    exercise_input("q", q, L);
    for (int i = 0; i < DRAWS; i++) {
        const double u = i < 8 ? edge[i] : (test_number(&seed) + 1) / 2;
        chosen[i] = (real)sampling_choose(q, L, u);
    }
    exercise_output("chosen", chosen, DRAWS);
    exercise_output("q", q, L);
}
