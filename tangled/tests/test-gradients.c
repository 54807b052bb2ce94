/* generated from chapters/196-checking.nw by noweb; do not edit */
#include "reference.h"
#include <gsl/gsl_deriv.h>

/* Nudge one entry, the imaginary way */
static double by_complex_step(const reference *f, size_t i)
{
    const double h = 1e-30;
    f->nudge[0][i] = h * I;
    double derivative = cimag(reference_loss(f)) / h;
    f->nudge[0][i] = 0;
    return derivative;
}

/* Nudge one entry, the way of GSL */
typedef struct {
    const reference *f;
    size_t i;
} one_entry;

static double nudged(double x, void *entry)
{
    const one_entry *e = entry;
    e->f->nudge[0][e->i] = x;
    double loss = creal(reference_loss(e->f));
    e->f->nudge[0][e->i] = 0;
    return loss;
}

static double by_gsl(const reference *f, size_t i, double *uncertain)
{
    double derivative = NAN;
    one_entry e = { f, i };
    gsl_function function = { nudged, &e };
    if (gsl_deriv_central(&function, 0, 1e-3, &derivative, uncertain) != 0) *uncertain = 0;
    return derivative;
}

/* Check one node */
typedef struct {
    double complex_step, gsl;
} verdict;

static verdict check_node(const reference *f, int node, const real *gradient)
{
    const size_t first = (size_t)(f->nudge[node] - f->nudge[0]);
    verdict worst = { 0, 0 };
    double scale = 0;
    for (size_t i = 0; i < f->node[node].count; i++) {
        /* Compare entry i of the gradient with both witnesses */
        double uncertain, ours = (double)gradient[i];
        double exact = by_complex_step(f, first + i), theirs = by_gsl(f, first + i, &uncertain);
        worst.complex_step = test_worse(worst.complex_step, fabs(ours - exact));
        worst.gsl = test_worse(worst.gsl, fabs(ours - theirs) / uncertain);
        scale = test_worse(scale, fabs(exact));
    }
    worst.complex_step /= scale;
    return worst;
}

/* Check that a wrong gradient is noticed */
static int notices(const reference *f, int node)
{
    const size_t count = f->node[node].count;
    size_t largest = 0;
    real *wrong = malloc(count * sizeof *wrong);
    if (wrong == NULL) exit(1);
    for (size_t i = 0; i < count; i++) {
        wrong[i] = f->node[node].gradient[i];
        if (fabs((double)wrong[i]) > fabs((double)wrong[largest])) largest = i;
    }
    wrong[largest] = -wrong[largest];
    verdict v = check_node(f, node, wrong);
    free(wrong);
    return !(v.complex_step <= 1e-12) && !(v.gsl <= 1);
}

/* Check one network */
static void check_network(uint64_t seed)
{
    params p, grad;
    tape k;
    reference f;
    test_network(&p, &k, TEST_B, seed);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    double loss = (double)bptt(&k, &grad, &p);
    reference_alloc(&f, &p, &grad, &k);
    double error = fabs(creal(reference_loss(&f)) - loss) / loss;
    ok(error <= 1e-14, "seed %d: both networks have the same loss (%.1e)", (int)seed, error);
    /* Check every node of this network */
    for (int i = 0; i < REFERENCE_NODES; i++) {
        const char *name = f.node[i].name;
        verdict v = check_node(&f, i, f.node[i].gradient);
        ok(v.complex_step <= 1e-12, "gradient by %s, complex step (%.1e)", name, v.complex_step);
        ok(v.gsl <= 1, "gradient by %s, within the error that GSL admits (%.2f of it)", name, v.gsl);
        ok(notices(&f, i), "one wrong sign in the gradient by %s is noticed", name);
    }
    free(f.nudge[0]);
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

int main(void)
{
    for (uint64_t seed = 11; seed < 14; seed++)
        check_network(seed);
    return test_done();
}
