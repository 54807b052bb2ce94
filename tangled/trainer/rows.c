/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "rows.h"
#include <string.h>
#include <tgmath.h>     // fabs is fabsf where real is float
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))
/* Define the curves for one number */
typedef __typeof__(_Generic((real)0, float: (uint32_t)0, double: (uint64_t)0)) real_bits;
enum { SINGLE = sizeof(real) == sizeof(float), TERMS = SINGLE ? 7 : 13 };
static const double INVERSE_FACTORIAL[] = {
    1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
    1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800,
};

/* Compute the parts of an exponential */
/* Sets *scale = 2^k; returns e^r - 1, where x = k log 2 + r. For -708 ≤ x ≤ 709, or in float
   -87 ≤ x ≤ 88. */
INLINE real exp_parts(real *scale, real x)
{
    /* Split x into k log 2 and r */
    const real large = SINGLE ? (real)0x1.8p23 : (real)0x1.8p52;
    const real log_2 = SINGLE ? (real)0x1.62e4p-1 : (real)0x1.62e42fefa3p-1;
    const real log_2_rest = SINGLE ? (real)0x1.7f7d1cp-20 : (real)0x1.3de6af278ece6p-42;
    const real shifted = x * (real)0x1.71547652b82fep0 + large, k = shifted - large;
    const real r = (x - k * log_2) - k * log_2_rest;
    /* Write 2^k by its bits */
    const real one = 1;
    real_bits bits, bits_of_one;
    memcpy(&bits, &shifted, sizeof bits);
    memcpy(&bits_of_one, &one, sizeof one);
    bits = (real_bits)(bits << (SINGLE ? 23 : 52)) + bits_of_one;
    memcpy(scale, &bits, sizeof bits);
    real sum = 0;
    for (int i = TERMS; i > 0; i--) sum = (sum + (real)INVERSE_FACTORIAL[i]) * r;
    return sum;
}

INLINE real one_exp(real x)
{
    const real most = SINGLE ? 88 : 709, least = SINGLE ? -87 : -708;
    real scale, more = exp_parts(&scale, x > most ? most : x < least ? least : x);
    return x > most ? (real)INFINITY : x < least ? 0 : scale + scale * more;
}

INLINE real one_tanh(real x)
{
    const real a = fabs(x), flat = 20;
    real scale, more = exp_parts(&scale, -2 * (a > flat ? flat : a));
    const real e_less_one = (scale - 1) + scale * more;
    return copysign(-e_less_one / (2 + e_less_one), x);
}

INLINE real one_sigma(real x)
{
    const real e = one_exp(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}

/* Include the kernel once for each width */
#define LANE_BYTES 16
#define LANED(name) name##_16
#define TARGET
#if defined(__aarch64__)
#define TALL 8
#define WIDE 3
#define FUSES 1
#define FUSED(x, m, s) _Generic((real)0, float: vfmaq_f32, double: vfmaq_f64)(s, x, m)
#else
#define TALL 4
#define WIDE 2
#define FUSES 0
#define FUSED(x, m, s) ((s) + (x) * (m))
#endif
#include "lanes.h"
#if defined(__x86_64__)
#define LANE_BYTES 32
#define LANED(name) name##_32
#define TARGET __attribute__((target("avx2,fma")))
#define TALL 4
#define WIDE 3
#define FUSES 1
#define FUSED(x, m, s) _Generic((real)0, float: _mm256_fmadd_ps, double: _mm256_fmadd_pd)(x, m, s)
#include "lanes.h"
#define LANE_BYTES 64
#define LANED(name) name##_64
#define TARGET __attribute__((target("avx512f")))
#define TALL 8
#define WIDE 3
#define FUSES 1
#define FUSED(x, m, s) _Generic((real)0, float: _mm512_fmadd_ps, double: _mm512_fmadd_pd)(x, m, s)
#include "lanes.h"
#endif

/* Choose the widest kernel that this machine can run */
const rows_kernel *rows_widest_kernel(size_t lane_bytes)
{
#if defined(__x86_64__)
    if (lane_bytes >= 64 && __builtin_cpu_supports("avx512f")) return &kernel_64;
    if (lane_bytes >= 32 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &kernel_32;
#endif
    (void)lane_bytes;
    return &kernel_16;
}

static const rows_kernel *widest(void) { return rows_widest_kernel(64); }

/* Define the products */
void rows_times(real *Y, const real *X, const real *M, size_t R, size_t k, size_t n)
{
    widest()->product(Y, X, k, 1, M, R, k, n);
}

void rows_outer(real *G, const real *A, const real *X, size_t R, size_t p, size_t q)
{
    widest()->product(G, A, 1, p, X, p, R, q);
}

void rows_through(real *Y, const real *X, panels P, size_t R)
{
    widest()->through(Y, X, P.k, 1, P.at, R, P.k, P.n);
}

void rows_lay(panels P, const real *M) { widest()->lay(P.at, M, P.n, 1, P.k, P.n); }

void rows_lay_turned(panels P, const real *M) { widest()->lay(P.at, M, 1, P.k, P.k, P.n); }

/* Define the simple kernels */
enum { SUMS = 16 };     // partial sums; none waits for another until the end
/* Tanh and exp of rows */
void rows_tanh(real *Y, const real *Z, size_t count) { widest()->tanhs(Y, Z, count); }

void rows_sigma(real *Y, const real *Z, size_t count) { widest()->sigmas(Y, Z, count); }

void rows_exp(real *Y, const real *Z, size_t count) { widest()->exps(Y, Z, count); }

/* The total of a row */
EACH_WIDTH real rows_total(const real *z, size_t n)
{
    real part[SUMS] = { 0 };
    size_t i = 0;
    for (; i + SUMS <= n; i += SUMS)
        for (size_t e = 0; e < SUMS; e++) part[e] += z[i + e];
    for (size_t e = 0; i + e < n; e++) part[e] += z[i + e];
    for (size_t half = SUMS / 2; half > 0; half /= 2)
        for (size_t e = 0; e < half; e++) part[e] += part[half + e];
    return part[0];
}

/* The largest of a row */
EACH_WIDTH real rows_largest(const real *z, size_t n)
{
    real part[SUMS];
    for (size_t e = 0; e < SUMS; e++) part[e] = z[e < n ? e : 0];
    for (size_t i = SUMS; i < n; i += SUMS) {
        const real *group = z + (i + SUMS < n ? i : n - SUMS);
        for (size_t e = 0; e < SUMS; e++) part[e] = group[e] > part[e] ? group[e] : part[e];
    }
    for (size_t e = 1; e < SUMS; e++) part[0] = part[e] > part[0] ? part[e] : part[0];
    return part[0];
}

/* Sum the rows of a matrix */
EACH_WIDTH void rows_sum(real *b, const real *A, size_t R, size_t n)
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
    for (size_t j = 0; j < q; j++)
        for (size_t i = 0; i < p; i++)
            Mt[j * p + i] = M[i * q + j];
}

/* Turn the columns that are asked for */
void rows_turn(real *Mt, const real *M, const uint32_t *x, size_t R, size_t p, size_t q)
{
    for (size_t r = 0; r < R; r++)
        for (size_t i = 0; i < p; i++)
            Mt[x[r] * p + i] = M[i * q + x[r]];
}

/* Add rows back to where they were picked */
EACH_WIDTH void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R, size_t n)
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

EACH_WIDTH void rows_pick(real *Y, const real *M, const uint32_t *x, size_t R, size_t n)
{
    for (size_t r = 0; r < R; r++)
        for (size_t j = 0; j < n; j++)
            Y[r * n + j] += M[x[r] * n + j];
}
