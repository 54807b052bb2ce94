/* generated from chapters/196-checking.nw by noweb; do not edit */
#include "reference.h"
#include <float.h>

/* Approximate one derivative with a given step */
enum { FORWARD, CENTRAL, COMPLEX, METHODS };
static const char *const METHOD[METHODS] = { "forward", "central", "complex" };

static double complex loss_at(const reference *f, double complex nudge)
{
    f->nudge[W_HH][1] = nudge;
    return reference_loss(f);
}

/* Approximate it by a quotient */
/* eq:forward-difference eq:central-difference eq:complex-step */
static double approximate(const reference *f, int method, double h)
{
    double ahead = creal(loss_at(f, h)), behind = creal(loss_at(f, -h));
    double here = creal(loss_at(f, 0)), beside = cimag(loss_at(f, h * I));
    double quotient = NAN;
    /* Divide what has changed by the step */
    if (method == FORWARD) quotient = (ahead - here) / h;
    if (method == CENTRAL) quotient = (ahead - behind) / (2 * h);
    if (method == COMPLEX) quotient = beside / h;
    return quotient;
}

/* Print the error for every step */
static double error_of(const reference *f, int method, double h)
{
    double exact = (double)f->node[W_HH].gradient[1];
    return fmax(fabs(approximate(f, method, h) / exact - 1), DBL_EPSILON / 2);
}

static int measure(const reference *f, const char *curves, const char *best)
{
    double step[METHODS] = { 0 }, error[METHODS] = { HUGE_VAL, HUGE_VAL, HUGE_VAL };
    FILE *out = fopen(curves, "w");
    if (out == NULL) return perror(curves), -1;
    fprintf(out, "step\tforward\tcentral\tcomplex\n");
    for (int i = 0; i <= 80; i++) {
        double h = pow(10, -i / 4.0);
        /* Print one row, and remember the best of each method */
        fprintf(out, "%g", h);
        for (int m = 0; m < METHODS; m++) {
            double e = error_of(f, m, h);
            fprintf(out, "\t%g", e);
            if (e < error[m]) {
                error[m] = e;
                step[m] = h;
            }
        }
        fputc('\n', out);
    }
    /* Print the best step of each method */
    if (fclose(out) != 0 || (out = fopen(best, "w")) == NULL) return perror(best), -1;
    fprintf(out, "method\tstep\terror\n");
    for (int m = 0; m < METHODS; m++)
        fprintf(out, "%s\t%g\t%g\n", METHOD[m], step[m], error[m]);
    if (fclose(out) != 0) return perror(best), -1;
    return 0;
}

int main(int argc, char **argv)
{
    params p, grad;
    tape k;
    reference f;
    if (argc != 3) {
        fprintf(stderr, "usage: steps CURVES.tsv BEST.tsv\n");
        return 2;
    }
    /* Make the test network, with gradients */
    test_network(&p, &k, TEST_B, 11);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) return 1;
    bptt(&k, &grad, &p);
    reference_alloc(&f, &p, &grad, &k);
    return measure(&f, argv[1], argv[2]) == 0 ? 0 : 1;
}
