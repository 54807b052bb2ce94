/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "rows.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
enum { TALL = 4, WIDE = 4 };
/* Include the kernel once for each width */
#define LANE_BYTES 16
#define LANED(name) name##_16
#define TARGET
#include "lanes.h"
#if defined(__x86_64__)
#undef LANE_BYTES
#undef LANED
#undef TARGET
#define LANE_BYTES 32
#define LANED(name) name##_32
#define TARGET __attribute__((target("avx2")))
#include "lanes.h"
#endif

/* Choose the widest kernel that this machine can run */
rows_kernel *rows_widest_kernel(size_t lane_bytes)
{
#if defined(__x86_64__)
    if (lane_bytes >= 32 && __builtin_cpu_supports("avx2")) return product_32;
#endif
    (void)lane_bytes;
    return product_16;
}

static void product(real *Y, const real *X, size_t down, size_t across,
                    const real *M, size_t R, size_t k, size_t n)
{
    rows_widest_kernel(32)(Y, X, down, across, M, R, k, n);
}

/* Define the two products */
void rows_times(real *Y, const real *X, const real *M,
                size_t R, size_t k, size_t n)
{
    product(Y, X, k, 1, M, R, k, n);
}

void rows_outer(real *G, const real *A, const real *X,
                size_t R, size_t p, size_t q)
{
    product(G, A, 1, p, X, p, R, q);
}

/* Define the simple kernels */
/* Sum the rows of a matrix */
void rows_sum(real *b, const real *A, size_t R, size_t n)
{
    /* Add every row to the sum */
    for (size_t r = 0; r < R; r++)
        for (size_t j = 0; j < n; j++)
            b[j] += A[r * n + j];
}

/* Turn a matrix */
void rows_transpose(real *Mt, const real *M, size_t p, size_t q)
{
    /* Write each row as a column */
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < q; j++)
            Mt[j * p + i] = M[i * q + j];
}

/* Add rows back to where they were picked */
void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n)
{
    /* Add row r to the row of its symbol */
    for (size_t r = 0; r < R; r++)
        for (size_t j = 0; j < n; j++)
            M[x[r] * n + j] += A[r * n + j];
}

/* Repeat a row, and pick rows */
void rows_set(real *Y, const real *b, size_t R, size_t n)
{
    for (size_t r = 0; r < R; r++)
        memcpy(Y + r * n, b, n * sizeof *Y);
}

void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n)
{
    for (size_t r = 0; r < R; r++)
        for (size_t j = 0; j < n; j++)
            Y[r * n + j] += M[x[r] * n + j];
}
