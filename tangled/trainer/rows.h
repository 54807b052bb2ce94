/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef ROWS_H
#define ROWS_H
#include <stddef.h>
#include <stdint.h>
/* A function for each width */
#if (!defined(REAL) || defined(FAST)) && defined(__x86_64__) && defined(__GLIBC__) \
    && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__) \
    && !defined(COVERAGE)
#define EACH_WIDTH __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define EACH_WIDTH
#endif
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

/* Matrices laid out for many products */
typedef struct {
    size_t k, n;        // rows and columns
    real *at;           // k (n + PANELS_PAD) reals, best at the beginning of a cache line
} panels;
enum { PANELS_PAD = 15 };       // columns at most that come twice, or are zero: see sec:panels
enum { CACHE_LINE = 64 };       // bytes

/* P = M (k×n). */
void rows_lay(panels P, const real *M);
/* P = Mᵀ with M (n×k). */
void rows_lay_turned(panels P, const real *M);
/* Y (R×n) += X (R×k) P. The same bits as rows_times with the plain matrix P. */
void rows_through(real *Y, const real *X, panels P, size_t R);

/* Sums, copies and transposes of rows */
/* b (1×n) += the sum of the R rows of A (R×n). */
void rows_sum(real *b, const real *A, size_t R, size_t n);
/* Each of the R rows of Y (R×n) = b (1×n). */
void rows_set(real *Y, const real *b, size_t R, size_t n);
/* Mt (q×p) = Mᵀ with M (p×q). */
void rows_transpose(real *Mt, const real *M, size_t p, size_t q);
/* Row x_r of Mt (q×p) = column x_r of M (p×q), for each of R symbols. */
void rows_turn(real *Mt, const real *M, const uint32_t *x, size_t R, size_t p, size_t q);

/* Rows chosen by symbol */
/* Row r of Y (R×n) += row x_r of M. */
void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n);
/* Row x_r of M += row r of A (R×n). */
void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n);

/* Curves of rows */
/* Y = tanh Z, Y = exp Z and Y = σ(Z) = 1 / (1 + exp -Z) for count entries; Y may be Z. Wrong by two
   or three units in the last place at most; exp is 0 below -708 and infinite above 709 (-87 and 88
   in float), and σ is 0 where exp is. eq:tanh-short */
void rows_tanh(real *Y, const real *Z, size_t count);
void rows_sigma(real *Y, const real *Z, size_t count);
void rows_exp(real *Y, const real *Z, size_t count);

/* The largest of the n ≥ 1 entries of a row, and their sum, which is added up in sixteen sums. */
real rows_largest(const real *z, size_t n);
real rows_total(const real *z, size_t n);

/* The kernels behind the products */
typedef struct {
    size_t lane_bytes;
    int fused;      // each term is added with one rounding, as fma does it
    /* P (k×n, in panels) = M, with M[r][c] at M[r·down + c·across]; down or across is 1. */
    void (*lay)(real *P, const real *M, size_t down, size_t across, size_t k, size_t n);
    /* Y (R×n) += X P and Y += X M, with X[i][r] at X[i·down + r·across]. */
    void (*through)(real *Y, const real *X, size_t down, size_t across,
                    const real *P, size_t R, size_t k, size_t n);
    void (*product)(real *Y, const real *X, size_t down, size_t across,
                    const real *M, size_t R, size_t k, size_t n);
    void (*tanhs)(real *Y, const real *Z, size_t count);
    void (*sigmas)(real *Y, const real *Z, size_t count);
    void (*exps)(real *Y, const real *Z, size_t count);
} rows_kernel;
/* The kernel with the widest lanes that this machine has, of at most so many bytes, but
   at least 16. All that fuse give the same bits. */
const rows_kernel *rows_widest_kernel(size_t lane_bytes);
#endif
