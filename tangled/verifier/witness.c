/* generated from chapters/26-ledger.nw by noweb; do not edit */
#include "witness.h"
#include <gsl/gsl_deriv.h>
#include <math.h>
#include <string.h>

typedef struct {
    instance *in;
    const int *at;              // the letters
    int derivative, below, above;
} moved_entry;

static double moved(double x, void *data)
{
    const moved_entry *e = data;
    return evaluate_moved(e->in, e->derivative, e->at, e->below, e->above, x) + 4;
}

/* Compare one entry with GSL */
static double by_its_estimate(const moved_entry *e, double ours)
{
    double theirs, uncertain;
    gsl_function f = { moved, (void *)(uintptr_t)e };
    if (gsl_deriv_central(&f, 0, 1e-3, &theirs, &uncertain) != 0) return NAN;
    return fabs(ours - theirs) / uncertain;
}

/* Compare a derivative with GSL */
void witness_watch(void *watcher, int derivative, const int *at, const value *result)
{
    witness *w = watcher;
    const notation_row *below =
        &w->in->th->symbols[w->in->th->nodes[w->in->th->nodes[derivative].right].symbol];
    int lower = evaluate_count(w->in, below), count = value_count(result);
    void (*watch)(void *, int, const int *, const value *) = w->in->watch;
    w->in->watch = NULL;
    for (int i = 0; i < count; i++) {
        moved_entry e = { w->in, at, derivative, i % lower, i / lower };
        double error = by_its_estimate(&e, creal(result->v[i]));
        if (!(error <= w->worst) && !isnan(w->worst)) w->worst = error;
    }
    w->derivatives++;
    w->in->watch = watch;
}
