/* generated from chapters/095-example.nw by noweb; do not edit */
#include <string.h>
#include "descent.h"
#include "hidden.h"
#include "output.h"
#include "softmax.h"
#include "tables.h"
#include "through-time.h"

enum { T = 3, M = 3, N = 2 };
static const char TEXT[] = "abac";
/* Set up the example */
static void example_alloc(params *p, tape *k)
{
    static const real weights[] = {1, -1, 0.5, 0.5, 1, -1, 0.5, -0.5, 1, 0.5, 0.1, -0.2,
                                   0.5, 1, -1, 0.5, 1, -0.5, 0, 0.1, -0.1};
    if (params_alloc(p, M, N, M) != 0 || tape_alloc(k, T, 1, M, N, M) != 0) exit(1);
    memcpy(p->block, weights, sizeof weights);
    k->h[0] = 0.5, k->h[1] = -0.5;
    for (size_t t = 0; t < T; t++) {
        k->x[t] = (uint32_t)(TEXT[t] - 'a');
        k->y[t] = (uint32_t)(TEXT[t + 1] - 'a');
    }
}

/* Write rows of the example */
typedef struct { FILE *one, *all; } tables;

static void write_both(const tables *o, const char *text)
{
    fputs(text, o->one);
    fputs(text, o->all);
}

static void write_matrix(const tables *o, const real *a, size_t rows, size_t columns)
{
    char digits[40];
    write_both(o, "\t(");
    for (size_t i = 0; i < rows * columns; i++) {
        const double x = (double)a[i];
        snprintf(digits, sizeof digits, "%s%.3f", i == 0 ? "" : i % columns ? " " : "; ",
                 x > -0.0005 && x < 0.0005 ? 0 : x);
        write_both(o, digits);
    }
    write_both(o, ")");
}

static void write_quantity(const tables *o, const char *name, const real *rows, size_t columns)
{
    write_both(o, name);
    for (size_t t = 0; t < T; t++) write_matrix(o, rows + t * columns, 1, columns);
    write_both(o, "\t\n");
}

static void begin(tables *o, const char *prefix, const char *name)
{
    o->one = table_open(prefix, name);
    fputs("quantity\tstep 1\tstep 2\tstep 3\tsum\n", o->one);
}

/* Write what the forward pass makes */
static void write_forward(tables *o, const char *prefix, const tape *k)
{
    begin(o, prefix, "forward.tsv");
    write_both(o, "reads\ta\tb\ta\t\n");
    write_quantity(o, "h before", k->h, N);
    write_quantity(o, "z^h", k->z_h, N);
    write_quantity(o, "h", k->h + N, N);
    write_quantity(o, "z^y", k->z_y, M);
    table_close(o->one);
    begin(o, prefix, "loss.tsv");
    write_both(o, "next\tb\ta\tc\t\n");
    write_quantity(o, "probabilities", k->y_hat, M);
    write_quantity(o, "loss", k->loss, 1);
    write_quantity(o, "delta^y", k->d_y, M);
    table_close(o->one);
}

/* Write what goes back */
static void write_back(tables *o, const char *prefix, const tape *k, const params *p)
{
    real present[T * N] = {0}, future[T * N], slope[T * N];
    rows_times(present, k->d_y, p->W_hy, T, M, N);
    for (size_t i = 0; i < T * N; i++) {
        future[i] = k->d_h[N + i] - present[i];
        slope[i] = 1 - k->h[N + i] * k->h[N + i];
    }
    begin(o, prefix, "time.tsv");
    write_quantity(o, "from present", present, N);
    write_quantity(o, "from future", future, N);
    write_quantity(o, "delta^h", k->d_h + N, N);
    write_quantity(o, "slope", slope, N);
    write_quantity(o, "delta^z", k->d_z, N);
    table_close(o->one);
}

/* Write what each step adds */
static void write_parts(const tables *o, const char *name, const real *left, size_t rows,
                        const real *right, size_t columns, const real *sum)
{
    write_both(o, name);
    for (size_t t = 0; t < T; t++) {
        real part[M * M] = {0};
        rows_outer(part, left + t * rows, right + t * columns, 1, rows, columns);
        write_matrix(o, part, rows, columns);
    }
    write_matrix(o, sum, rows, columns);
    write_both(o, "\n");
}

static void write_gradients(tables *o, const char *prefix, const tape *k, const params *g)
{
    const real one[T] = {1, 1, 1};
    real x[T * M] = {0};
    for (size_t t = 0; t < T; t++) x[t * M + k->x[t]] = 1;
    begin(o, prefix, "output.tsv");
    write_parts(o, "to W_hy", k->d_y, M, k->h + N, N, g->W_hy);
    write_parts(o, "to b_y", one, 1, k->d_y, M, g->b_y);
    table_close(o->one);
    begin(o, prefix, "hidden.tsv");
    write_parts(o, "to W_xh", k->d_z, N, x, M, g->W_xh);
    write_parts(o, "to W_hh", k->d_z, N, k->h, N, g->W_hh);
    write_parts(o, "to b_h", one, 1, k->d_z, N, g->b_h);
    table_close(o->one);
}

/* Take a step, and compare the losses */
static void write_step(const char *prefix, tape *k, params *p, params *g)
{
    const real rate = (real)0.1;
    const double before = (double)k->F[0];
    FILE *out = table_open(prefix, "step.tsv");
    descent_sgd(p->block, g->block, rate, p->count);
    const double after = (double)bptt(k, g, p);
    fprintf(out, "what\tbefore\tafter\nrate\t%g\t%g\nloss\t%.6f\t%.6f\n", (double)rate, (double)rate,
            before, after);
    table_close(out);
}

/* Follow the example */
int main(int argc, char **argv)
{
    params p, g;
    tape k;
    tables o;
    if (argc != 2 || params_alloc(&g, M, N, M) != 0) return 2;
    example_alloc(&p, &k);
    bptt(&k, &g, &p);
    o.all = table_open(argv[1], "all.tsv");
    fputs("quantity\tstep 1\tstep 2\tstep 3\tsum\n", o.all);
    write_forward(&o, argv[1], &k);
    write_back(&o, argv[1], &k, &p);
    write_gradients(&o, argv[1], &k, &g);
    table_close(o.all);
    write_step(argv[1], &k, &p, &g);
    /* Free the example */
    params_free(&p);
    params_free(&g);
    tape_free(&k);
    return 0;
}
