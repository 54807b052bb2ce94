/* generated from chapters/18-gru.nw by noweb; do not edit */
#ifndef TEST_CELL_H
#define TEST_CELL_H
#include <complex.h>
#include <string.h>
#include "cells.h"
#include "hidden.h"
#include "test.h"

enum { CELL_T = 6, CELL_B = 2, CELL_M = 5, CELL_N = 4, CELL_L = 3, CELL_R = CELL_T * CELL_B };
/* A network that is nudged */
enum { CELL_NODES = 6 };
typedef struct {
    const char *name;
    const real *gradient;       // (count)
    size_t count;
    double complex *nudge;      // (count)
} cell_node;

typedef struct {
    params p, grad;
    tape k;
    cell_node node[CELL_NODES]; // the first is the block of parameters
    size_t nodes;
    double states;              // the worst difference of a state from the tape's
} cell_test;

/* Parameter number i, with its nudge. */
static inline double complex cell_theta(const cell_test *f, size_t i)
{
    return (double)f->p.block[i] + f->node[0].nudge[i];
}

/* The plain output layer of a cell's network */
/* The loss of row r, in nats, from its state h (1×n). */
static inline double complex cell_charge(const cell_test *f, size_t r, const double complex *h)
{
    const size_t W_hy = f->p.count - CELL_L * CELL_N - CELL_L, b_y = f->p.count - CELL_L;
    double complex sum = 0, target = 0;
    for (size_t i = 0; i < CELL_L; i++) {
        double complex z = cell_theta(f, b_y + i);
        for (size_t j = 0; j < CELL_N; j++) z += h[j] * cell_theta(f, W_hy + i * CELL_N + j);
        sum += cexp(z);
        if (i == f->k.y[r]) target = z;
    }
    return clog(sum) - target;
}

/* What the character of row r, and what the state before, says to pre-activation i of w. */
static inline double complex cell_of_input(const cell_test *f, size_t r, size_t w, size_t i)
{
    return cell_theta(f, i * CELL_M + f->k.x[r]) + cell_theta(f, w * CELL_M + w * CELL_N + i);
}

static inline double complex cell_of_state(const cell_test *f, const double complex *before,
                                           size_t w, size_t i)
{
    double complex z = 0;
    for (size_t j = 0; j < CELL_N; j++)
        z += before[j] * cell_theta(f, w * CELL_M + i * CELL_N + j);
    return z;
}

static inline double complex cell_sigmoid(double complex z) { return 1 / (1 + cexp(-z)); }

/* Make and check a network of a cell */
static inline void cell_add_node(cell_test *f, const char *name, const real *gradient, size_t count)
{
    double complex *nudge = calloc(count, sizeof *nudge);
    if (!nudge) exit(1);
    f->node[f->nodes++] = (cell_node){ name, gradient, count, nudge };
}

/* Fills a network of the cell and runs it forward and back; exits if there is no memory. */
static inline double cell_begin(cell_test *f, const cell *kind, uint64_t seed)
{
    *f = (cell_test){ .nodes = 0 };
    if (params_alloc_cell(&f->p, kind, CELL_M, CELL_N, CELL_L) != 0
        || params_alloc_cell(&f->grad, kind, CELL_M, CELL_N, CELL_L) != 0
        || tape_alloc_for(&f->k, &f->p, CELL_T, CELL_B) != 0) exit(1);
    test_fill(f->p.block, f->p.count, &seed);
    test_fill(f->k.h, CELL_B * CELL_N, &seed);
    if (kind->memory) test_fill(f->k.memory, CELL_B * CELL_N, &seed);
    for (size_t r = 0; r < CELL_R; r++) {
        f->k.x[r] = (uint32_t)((test_number(&seed) + 1) / 2 * CELL_M);
        f->k.y[r] = (uint32_t)((test_number(&seed) + 1) / 2 * CELL_L);
    }
    for (size_t r = 0; r < CELL_R; r++) f->k.y[r] = (f->k.y[r] + 1) % CELL_L;
    bptt(&f->k, &f->grad, &f->p);
    memset(f->grad.block, 0, f->grad.count * sizeof(real));
    for (size_t r = 0; r < CELL_R; r++) f->k.y[r] = (f->k.y[r] + CELL_L - 1) % CELL_L;
    cell_add_node(f, "the parameters", f->grad.block, f->grad.count);
    cell_add_node(f, "h", f->k.d_h, (CELL_R + CELL_B) * CELL_N);
    return (double)bptt(&f->k, &f->grad, &f->p);
}

/* The worst difference of a gradient from the complex step, relative to the largest entry. */
static inline double cell_worst(cell_test *f, double complex (*loss)(cell_test *), const cell_node *n,
                                const real *gradient)
{
    double worst = 0, scale = 0;
    for (size_t i = 0; i < n->count; i++) {
        n->nudge[i] = 1e-30 * I;
        const double exact = cimag(loss(f)) / 1e-30;
        n->nudge[i] = 0;
        worst = test_worse(worst, fabs((double)gradient[i] - exact));
        scale = test_worse(scale, fabs(exact));
    }
    return worst / scale;
}

static inline int cell_notices(cell_test *f, double complex (*loss)(cell_test *), const cell_node *n)
{
    real *wrong = malloc(n->count * sizeof *wrong);
    size_t largest = 0;
    if (!wrong) exit(1);
    memcpy(wrong, n->gradient, n->count * sizeof *wrong);
    for (size_t i = 0; i < n->count; i++)
        if (fabs((double)wrong[i]) > fabs((double)wrong[largest])) largest = i;
    wrong[largest] = -wrong[largest];
    const int sign = !(cell_worst(f, loss, n, wrong) <= 1e-12);
    wrong[largest] = -wrong[largest];
    wrong[largest ? 0 : 1] += wrong[largest] * (real)1e-6;
    const int little = !(cell_worst(f, loss, n, wrong) <= 1e-12);
    free(wrong);
    return sign && little;
}

/* Compares loss, states and gradients with those of the plain network, and releases f. */
static inline void cell_check(cell_test *f, double complex (*loss)(cell_test *), double ours)
{
    const double theirs = creal(loss(f));
    ok(fabs(ours / theirs - 1) <= 1e-13, "the plain network has the same loss: %.6f nats", theirs);
    ok(f->states <= 1e-13, "and the same states (%.1e)", f->states);
    for (size_t i = 0; i < f->nodes; i++) {
        const cell_node *n = &f->node[i];
        const double worst = cell_worst(f, loss, n, n->gradient);
        ok(worst <= 1e-12, "the gradient by %s (%.1e)", n->name, worst);
        ok(cell_notices(f, loss, n), "one entry that is wrong is noticed");
    }
    for (size_t i = 0; i < f->nodes; i++) free(f->node[i].nudge);
    params_free(&f->p);
    params_free(&f->grad);
    tape_free(&f->k);
}

/* Keeps the worst difference of state i of row r from the tape's. */
static inline void cell_compare(cell_test *f, const real *all, size_t r, size_t i, double complex h)
{
    f->states = test_worse(f->states, fabs((double)all[(r + CELL_B) * CELL_N + i] - creal(h)));
}
#endif
