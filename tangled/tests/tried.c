/* generated from chapters/13-command.nw by noweb; do not edit */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "descent.h"
#include "training.h"

static int asked(const char *what)
{
    const char *name = getenv("RNN_TRY");
    return name && strcmp(name, what) == 0;
}

/* First weights of other kinds */
static void make_orthogonal(real *W, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        real *row = W + i * n;
        for (size_t j = 0; j <= i; j++) {
            double product = 0;
            for (size_t k = 0; k < n; k++) product += (double)W[j * n + k] * (double)row[k];
            for (size_t k = 0; k < n; k++)
                row[k] = (real)(j < i ? (double)row[k] - product * (double)W[j * n + k]
                                      : (double)row[k] / sqrt(product));
        }
    }
}

void __real_learner_start(learner *l, uint64_t seed);
void __wrap_learner_start(learner *l, uint64_t seed);
void __wrap_learner_start(learner *l, uint64_t seed)
{
    const params *p = &l->theta;
    __real_learner_start(l, seed);
    if (asked("no biases") || asked("orthogonal") || asked("half of the state")) {
        memset(p->b_h, 0, p->n * sizeof(real));
        memset(p->b_y, 0, p->l * sizeof(real));
    }
    if (asked("orthogonal")) make_orthogonal(p->W_hh, p->n);
    for (size_t i = p->n; i < p->w && i < 2 * p->n && asked("the other gate"); i++)
        p->b_h[i] += p->cell->opened ? -1 : 1;
    for (size_t i = 0; i < p->n * p->n && asked("half of the state"); i++)
        p->W_hh[i] = i % (p->n + 1) == 0 ? (real)0.5 : 0;
}

/* Rates that fall in other ways */
real __real_descent_cosine(real eta, uint64_t k, uint64_t K);
real __wrap_descent_cosine(real eta, uint64_t k, uint64_t K);
real __wrap_descent_cosine(real eta, uint64_t k, uint64_t K)
{
    const double cosine = (double)__real_descent_cosine(eta, k, K), rise = 0.05 * (double)K;
    if (asked("warm-up") && (double)k < rise) return (real)(cosine * (double)k / rise);
    if (asked("a floor")) return (real)(0.9 * cosine + 0.1 * (double)eta);
    if (asked("a line")) return (real)((double)eta * (1 - (double)(k - 1) / (double)K));
    return (real)cosine;
}
