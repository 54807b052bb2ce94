/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef ROWS_H
#define ROWS_H
#include <stddef.h>
#include <stdint.h>
#ifndef REAL
#define REAL float
#endif
typedef REAL real;
/* Products of rows */
/* Y (R×n) += X (R×k) M (k×n).  Never fails. */
void rows_times(real *Y, const real *X, const real *M,
                size_t R, size_t k, size_t n);
/* G (p×q) += Aᵀ X with A (R×p) and X (R×q): R outer products, summed. eq:outer */
void rows_outer(real *G, const real *A, const real *X,
                size_t R, size_t p, size_t q);

/* Sums, copies and transposes of rows */
/* b (1×n) += the sum of the R rows of A (R×n). */
void rows_sum(real *b, const real *A, size_t R, size_t n);
/* Each of the R rows of Y (R×n) = b (1×n). */
void rows_set(real *Y, const real *b, size_t R, size_t n);
/* Mt (q×p) = Mᵀ with M (p×q). */
void rows_transpose(real *Mt, const real *M, size_t p, size_t q);

/* Rows chosen by symbol */
/* Row r of Y (R×n) += row x_r of M. */
void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n);
/* Row x_r of M += row r of A (R×n). */
void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n);

/* The kernels behind the products */
/* Y[i][j] += Σ_r X[i·down + r·across] M[r][j] for R × n entries and k summands. */
typedef void rows_kernel(real *Y, const real *X, size_t down, size_t across,
                         const real *M, size_t R, size_t k, size_t n);
/* The kernel with the widest lanes that this machine has, of at most so many bytes, but
   at least 16. All of them give the same bits. */
rows_kernel *rows_widest_kernel(size_t lane_bytes);
#endif
