/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "rows.h"
#include <stdlib.h>
#include <string.h>

static const real ONE = 1;
/* Stand-ins for sums and copies */
void rows_sum(real *b, const real *A, size_t R, size_t n)
{
    while (R-- > 0)
        rows_times(b, &ONE, A + R * n, 1, 1, n);
}

void rows_set(real *Y, const real *b, size_t R, size_t n)
{
    memset(Y, 0, R * n * sizeof *Y);
    while (R-- > 0)
        rows_times(Y + R * n, &ONE, b, 1, 1, n);
}

/* Stand-ins for rows by symbol */
void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n)
{
    while (R-- > 0)
        rows_times(Y + R * n, &ONE, M + x[R] * n, 1, 1, n);
}

void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n)
{
    for (size_t r = 0; r < R; r++)
        rows_times(M + x[r] * n, &ONE, A + r * n, 1, 1, n);
}

/* A stand-in for the transpose */
/* Mᵀ as the sum of outer products of the rows of M with those of the identity. */
void rows_transpose(real *Mt, const real *M, size_t p, size_t q)
{
    real *unit = calloc(p ? p : 1, sizeof *unit);
    if (unit == NULL) abort();
    memset(Mt, 0, p * q * sizeof *Mt);
    for (size_t i = 0; i < p; i++) {
        unit[i] = 1;
        rows_outer(Mt, M + i * q, unit, 1, q, p);
        unit[i] = 0;
    }
    free(unit);
}
