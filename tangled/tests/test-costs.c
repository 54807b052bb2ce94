/* generated from chapters/16-speed.nw by noweb; do not edit */
#include "cells.h"
#include "costs.h"
#include "hidden.h"
#include "test-network.h"
#include "test.h"

static double multiplied, fetched;      // by all kernels since the last count
/* Count a product */
static int all_zero(const real *X, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (X[i] != 0) return 0;
    return 1;
}

static void note(const real *X, size_t R, size_t k, size_t n, double weights)
{
    if (all_zero(X, R * k)) return;
    multiplied += 2 * (double)R * (double)k * (double)n;
    fetched += 4 * weights;
}

/* Stand before the kernels */
#define WRAPPED(name, parameters, arguments, noted) \
    void __real_##name parameters; \
    void __wrap_##name parameters; \
    void __wrap_##name parameters { noted; __real_##name arguments; }
WRAPPED(rows_times, (real *Y, const real *X, const real *M, size_t R, size_t k, size_t n),
        (Y, X, M, R, k, n), note(X, R, k, n, (double)k * (double)n))
WRAPPED(rows_through, (real *Y, const real *X, panels P, size_t R),
        (Y, X, P, R), note(X, R, P.k, P.n, (double)P.k * (double)P.n))
WRAPPED(rows_outer, (real *G, const real *A, const real *X, size_t R, size_t p, size_t q),
        (G, A, X, R, p, q), note(A, p, R, q, 0))

/* Compare the counts with the formulas */
static void count(int kind, size_t n, size_t l, size_t T, size_t B)
{
    const double characters = (double)(T * B), N = (double)n, L = (double)l;
    const double W = (double)(cells[kind]->gates * n);
    params p, grad;
    tape k;
    if (params_alloc_cell(&p, cells[kind], l, n, l) != 0
        || params_alloc_cell(&grad, cells[kind], l, n, l) != 0
        || tape_alloc_for(&k, &p, T, B) != 0) exit(1);
    /* Give the network some numbers */
    uint64_t seed = n;
    test_fill(p.block, p.count, &seed);
    test_fill(k.h, B * n, &seed);
    for (size_t i = 0; i < T * B; i++) k.x[i] = k.y[i] = (uint32_t)(i % l);
    multiplied = fetched = 0;
    forward_pass(&k, &p);
    ok(multiplied == characters * costs_forward(W, N, L), "%s, n = %zu, l = %zu: %.0f operations forward",
       cells_names[kind], n, l, multiplied);
    multiplied = fetched = 0;
    bptt(&k, &grad, &p);
    const double both = costs_forward(W, N, L) + costs_back(W, N, L);
    ok(multiplied == characters * both, "and %.0f with those back", multiplied);
    /* Compare the bytes, and release the network */
    const double bytes = characters * costs_bytes(W, N, L, (double)T, (double)B);
    ok(fabs(fetched - bytes) <= 1e-12 * bytes, "T = %zu, B = %zu: %.0f bytes of weights",
       T, B, fetched);
    tape_free(&k);
    params_free(&p);
    params_free(&grad);
}

int main(void)
{
    for (int kind = RNN; kind <= LSTM; kind++) {
        count(kind, 7, 5, 3, 2);
        count(kind, 8, 8, 4, 4);
        count(kind, 13, 11, 6, 5);
    }
    return test_done();
}
