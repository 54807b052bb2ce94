/* generated from chapters/29-behind.nw by noweb; do not edit */
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
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { P = 9 };
    real g[P], length[2];
    test_fill(g, P, &seed);
    length[0] = descent_clip(g, 50, P);
    exercise_output("short_gradient", g, P);
    for (int i = 0; i < P; i++) g[i] *= 7;
    length[1] = descent_clip(g, (real)1.5, P);
    exercise_output("long_gradient", g, P);
    exercise_output("length", length, 2);
}
