/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>

static double norm(const real *g, size_t p)
{
    double sum = 0;
    while (p-- > 0) sum = hypot(sum, (double)g[p]);
    return sum;
}
#include "descent.h"
#define descent_clip answer_descent_clip
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { CASES = 4 };
    static const double SHARE[CASES] = { 0.25, 0.9995, 1.0005, 4.5 };
    static const char *const NAME[CASES] = { "short", "just_below", "just_above", "long" };
    const size_t P = BY_TURN(9, 4, 14);
    const double bound = BY_TURN(2, 0.625, 5);
    real *g = exercise_numbers("g", P, &seed), length[CASES];
    for (int k = 0; k < CASES; k++) {
        const real factor = (real)(SHARE[k] * bound / norm(g, P));
        for (size_t i = 0; i < P; i++) g[i] *= factor;
        length[k] = descent_clip(g, (real)bound, P);
        exercise_output(NAME[k], g, P);
    }
    exercise_output("length", length, CASES);
}
