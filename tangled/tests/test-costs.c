/* generated from chapters/16-speed.nw by noweb; do not edit */
#include "costs.h"
#include "hidden.h"
#include "test-network.h"
#include "test.h"

static double multiplied, fetched;      // by all kernels since the last count
/* Stand in for the products, and count */
static int all_zero(const real *X, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (X[i] != 0) return 0;
    return 1;
}

void rows_times(real *Y, const real *X, const real *M, size_t R, size_t k, size_t n)
{
    if (all_zero(X, R * k)) return;
    multiplied += 2 * (double)R * (double)k * (double)n;
    fetched += 4 * (double)k * (double)n;
    for (size_t i = 0; i < R; i++)
        for (size_t r = 0; r < k; r++)
            for (size_t j = 0; j < n; j++) Y[i * n + j] += X[i * k + r] * M[r * n + j];
}

void rows_outer(real *G, const real *A, const real *X, size_t R, size_t p, size_t q)
{
    multiplied += 2 * (double)R * (double)p * (double)q;
    for (size_t r = 0; r < R; r++)
        for (size_t i = 0; i < p; i++)
            for (size_t j = 0; j < q; j++) G[i * q + j] += A[r * p + i] * X[r * q + j];
}

/* Stand in for the other kernels */
void rows_sum(real *b, const real *A, size_t R, size_t n)
{
    for (size_t i = 0; i < R * n; i++) b[i % n] += A[i];
}

void rows_set(real *Y, const real *b, size_t R, size_t n)
{
    for (size_t i = 0; i < R * n; i++) Y[i] = b[i % n];
}

void rows_transpose(real *Mt, const real *M, size_t p, size_t q)
{
    for (size_t i = 0; i < p * q; i++) Mt[i % q * p + i / q] = M[i];
}

void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n)
{
    for (size_t i = 0; i < R * n; i++) Y[i] += M[x[i / n] * n + i % n];
}

void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n)
{
    for (size_t i = 0; i < R * n; i++) M[x[i / n] * n + i % n] += A[i];
}

/* Compare the counts with the formulas */
static void count(size_t n, size_t l, size_t T, size_t B)
{
    const double characters = (double)(T * B), N = (double)n, L = (double)l;
    params p, grad;
    tape k;
    if (params_alloc(&p, l, n, l) != 0 || params_alloc(&grad, l, n, l) != 0
        || tape_alloc(&k, T, B, l, n, l) != 0) exit(1);
    /* Give the network some numbers */
    uint64_t seed = n;
    test_fill(p.block, p.count, &seed);
    test_fill(k.h, B * n, &seed);
    for (size_t i = 0; i < T * B; i++) k.x[i] = k.y[i] = (uint32_t)(i % l);
    multiplied = fetched = 0;
    forward_pass(&k, &p);
    ok(multiplied == characters * costs_forward(N, L), "n = %zu, l = %zu: %.0f operations forward",
       n, l, multiplied);
    multiplied = fetched = 0;
    bptt(&k, &grad, &p);
    const double both = costs_forward(N, L) + costs_back(N, L);
    ok(multiplied == characters * both, "and %.0f with those back", multiplied);
    /* Compare the bytes, and release the network */
    const double bytes = characters * costs_bytes(N, L, (double)T, (double)B);
    ok(fabs(fetched - bytes) <= 1e-12 * bytes, "T = %zu, B = %zu: %.0f bytes of weights",
       T, B, fetched);
    tape_free(&k);
    params_free(&p);
    params_free(&grad);
}

int main(void)
{
    count(7, 5, 3, 2);
    count(8, 8, 4, 4);
    count(13, 11, 6, 5);
    return test_done();
}
