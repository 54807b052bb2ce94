/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <complex.h>

typedef struct { double at; } reference;
enum { FORWARD, CENTRAL, COMPLEX, METHODS };

static double complex loss_at(const reference *f, double complex nudge)
{
    return cexp(csin(f->at + nudge)) + f->at * nudge * nudge;
}
#define approximate answer_approximate
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const reference f = { test_number(&seed) };
    real quotients[3][METHODS];
    for (int i = 0; i < 3; i++)
        for (int method = 0; method < METHODS; method++) {
            const double h = method == COMPLEX ? BY_TURN(1e-30, 1e-20, 1e-25)
                                               : BY_TURN(0.1, 0.07, 0.2) * (i + 1);
            quotients[i][method] = (real)approximate(&f, method, h);
        }
    exercise_output("quotients", quotients[0], 3 * METHODS);
}
