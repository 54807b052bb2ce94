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
    enum { P = 9, CASES = 4 };
    static const double LENGTH[CASES] = { 0.5, 1.999, 2.001, 9 };
    static const char *const NAME[CASES] = { "short", "just_below", "just_above", "long" };
    real *g = exercise_numbers("g", P, &seed), length[CASES];
    for (int k = 0; k < CASES; k++) {
        const real factor = (real)(LENGTH[k] / norm(g, P));
        for (int i = 0; i < P; i++) g[i] *= factor;
        length[k] = descent_clip(g, 2, P);
        exercise_output(NAME[k], g, P);
    }
    exercise_output("length", length, CASES);
}
