/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "test-page.h"
#include <string.h>

/* Test the products against three loops */
enum { MOST_ROWS = 15, MOST_TERMS = 260, MOST_COLUMNS = 149 };
enum { TIMES, OUTER, THROUGH, WAYS };

/* Multiply by definition */
static real plus_product(real sum, real x, real m, int fused)
{
    if (!fused) return sum + x * m;
    return sizeof(real) == sizeof(float) ? (real)fmaf((float)x, (float)m, (float)sum)
                                         : (real)fma((double)x, (double)m, (double)sum);
}

static void by_definition(real *Y, const real *X, size_t down, size_t across,
                          const real *M, size_t R, size_t k, size_t n, int fused)
{
    for (size_t i = 0; i < R; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t r = 0; r < k; r++)
                Y[i * n + j] = plus_product(Y[i * n + j], X[i * down + r * across],
                                            M[r * n + j], fused);
}

/* Take one of the ways to multiply */
static int multiply(const rows_kernel *kernel, int way, real *Y, const real *X,
                    const real *M, size_t R, size_t k, size_t n)
{
    enum { ROOM = MOST_TERMS * (MOST_COLUMNS + PANELS_PAD) + 1 };
    static real at[ROOM], turned[ROOM];
    const panels P = { k, n, at };
    const size_t down = way == OUTER ? 1 : k, across = way == OUTER ? R : 1;
    real *last = at + k * (n + PANELS_PAD);
    *last = 9;
    rows_transpose(turned, M, k, n);
    if (kernel && way == THROUGH) {
        if ((R + n) % 2) kernel->lay(at, M, n, 1, k, n);
        else kernel->lay(at, turned, 1, k, k, n);
        kernel->through(Y, X, down, across, at, R, k, n);
    } else if (kernel) kernel->product(Y, X, down, across, M, R, k, n);
    else if (way == THROUGH) {
             if ((R + n) % 2) rows_lay(P, M);
             else rows_lay_turned(P, turned);
             rows_through(Y, X, P, R);
         } else if (way == OUTER) rows_outer(Y, X, M, k, R, n);
         else rows_times(Y, X, M, R, k, n);
    return *last == 9;
}

static size_t differs(const rows_kernel *kernel, int way, size_t R, size_t k, size_t n, real *page)
{
    static real X[MOST_ROWS * MOST_TERMS];
    enum { ROOM = MOST_ROWS * MOST_COLUMNS + 2 };
    real space[ROOM], theirs[ROOM], *ours = space;
    uint64_t state = R * 10007 + k * 101 + n;
    real *M = n % 2 ? page : test_page_end(page, k * n);
    const size_t behind = n % 2 && (k + R) * n < TEST_PAGE / sizeof(real) ? 1 : 2;
    if (behind == 1) ours = test_page_end(page, R * n + 1);
    const int fused = (kernel ? kernel : rows_widest_kernel(64))->fused;
    test_fill(X, R * k, &state);
    test_fill(M, k * n, &state);
    test_fill(ours, R * n + behind, &state);
    memcpy(theirs, ours, (R * n + behind) * sizeof *ours);
    by_definition(theirs + 1, X, way == OUTER ? 1 : k, way == OUTER ? R : 1, M, R, k, n, fused);
    return !multiply(kernel, way, ours + 1, X, M, R, k, n)
        || memcmp(ours, theirs, (R * n + behind) * sizeof *ours) != 0;
}

/* How many sizes give other bits than three loops; kernel NULL: what the trainer calls. */
static size_t sizes_that_differ(const rows_kernel *kernel, int way, real *page)
{
    static const size_t terms[] = { 0, 1, 3 };
    size_t differ = 0;
    for (size_t R = 0; R <= MOST_ROWS; R++)
        for (size_t n = 0; n <= MOST_COLUMNS; n++)
            for (size_t j = 0; j < sizeof terms / sizeof *terms; j++)
                differ += differs(kernel, way, R, terms[j], n, page);
    for (size_t k = 127; k <= MOST_TERMS; k += k == 129 ? 126 : 1)
        differ += differs(kernel, way, MOST_ROWS, k, 29, page);
    return differ;
}

static const char *const WAY[WAYS] = { "rows_times", "rows_outer", "rows_through" };

static void test_products(void)
{
    real *page = test_page();
    size_t last = 0;
    for (int way = 0; way < WAYS; way++)
        ok(sizes_that_differ(NULL, way, page) == 0,
           "%s has the bits of three loops at every size", WAY[way]);
    for (size_t bytes = 16; bytes <= 64; bytes *= 2) {
        const rows_kernel *kernel = rows_widest_kernel(bytes);
        if (kernel->lane_bytes != bytes) continue;
        for (int way = 0; way < WAYS; way++)
            ok(sizes_that_differ(kernel, way, page) == 0,
               "%s with lanes of %zu bytes too", WAY[way], bytes);
        last = bytes;
    }
    /* Test that the widest kernel is chosen */
    size_t due = 16;
    #if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) due = 32;
    if (__builtin_cpu_supports("avx512f")) due = 64;
    #endif
    ok(last == due && rows_widest_kernel(1000)->lane_bytes == due
       && rows_widest_kernel(31)->lane_bytes == 16, "lanes on this machine: %zu bytes", due);
    test_page_free(page);
}

/* Test how a matrix is laid out */
/* The groups of each panel for 1 to 8 groups of lanes in all, where a tile is two or three wide. */
static const char *const PANELS[][9] = {
    { 0, "1", "2", "12", "22", "212", "222", "2212", "2222" },
    { 0, "1", "2", "3", "22", "32", "33", "322", "332" },
};

/* Whether M (2 × n) with entries 1, 2, 3, ... is laid out in panels of so many lanes. */
static int laid_as(const rows_kernel *kernel, const char *groups, size_t n)
{
    const size_t L = kernel->lane_bytes / sizeof(real);
    real M[2 * 128], P[2 * (128 + PANELS_PAD)], due[2 * (128 + PANELS_PAD)] = { 0 };
    size_t at = 0, first = 0;
    for (size_t i = 0; i < 2 * n; i++) M[i] = (real)(i + 1);
    for (; *groups; first += (size_t)(*groups++ - '0') * L)
        for (size_t r = 0; r < 2; r++)
            for (size_t c = first; c < first + (size_t)(*groups - '0') * L; c++, at++) {
                const size_t over = n > L && c / L * L + L > n ? c / L * L + L - n : 0;
                due[at] = c - over < n ? M[r * n + c - over] : 0;
            }
    kernel->lay(P, M, n, 1, 2, n);
    return memcmp(P, due, at * sizeof *P) == 0;
}

static void test_layout(void)
{
    for (size_t bytes = 16; bytes <= 64; bytes *= 2) {
        const rows_kernel *kernel = rows_widest_kernel(bytes);
        const size_t L = bytes / sizeof(real);
        int right = 1;
        if (kernel->lane_bytes != bytes) continue;
        for (size_t groups = 1; groups <= 8; groups++) {
            const char *due = PANELS[kernel->fused][groups];
            right &= laid_as(kernel, due, groups * L) && laid_as(kernel, due, groups * L - L + 1);
        }
        ok(right, "panels for lanes of %zu bytes are as wide as a tile, and none is a single group "
                  "without need", bytes);
    }
}

/* Test where tiles begin */
/* Whether tiles begin at these rows, of MOST_ROWS. */
static int tiles_begin(const rows_kernel *kernel, const char *rows)
{
    enum { ROOM = (MOST_ROWS + 1) * 16 };
    const size_t L = kernel->lane_bytes / sizeof(real);
    real ones[16], Y[ROOM];
    int right = 1;
    for (size_t j = 0; j < L; j++) ones[j] = 1;
    for (size_t i = 0; i < (MOST_ROWS + 1) * L; i++) Y[i] = 1;
    kernel->through(Y + L, Y, L, 1, ones, MOST_ROWS, 1, L);
    for (size_t i = 1; i < MOST_ROWS; i++)
        right &= (Y[(i + 1) * L] > 2) == (rows[i] == '|');
    return right;
}

static int strips(const rows_kernel *kernel, size_t wide)
{
    enum { MOST = 6 * 48 };
    const size_t panel = wide * kernel->lane_bytes / sizeof(real), n = 6 * panel;
    real ones[MOST], Y[2 * MOST];
    int together = 1, late = 0;
    for (size_t j = 0; j < 2 * n; j++) Y[j] = ones[j % n] = 1;
    for (real *row = Y; row < Y + 2 * n; row += n) {
        kernel->through(row, row, 1, 1, ones, 1, 1, n);
        together &= row[2 * panel] < 3;
        late += row[3 * panel] > 2;
    }
    return together && late == 1;
}

static void test_tiles(void)
{
    for (size_t bytes = 16; bytes <= 64; bytes *= 2) {
        const rows_kernel *kernel = rows_widest_kernel(bytes);
        if (kernel->lane_bytes != bytes) continue;
        const int tall = bytes == 64 || (bytes == 16 && kernel->fused);
        ok(tiles_begin(kernel, tall ? "|.......|...|.|" : "|...|...|...|.|"),
           "tiles of %d rows with lanes of %zu bytes, then smaller ones", tall ? 8 : 4, bytes);
        ok(strips(kernel, kernel->fused ? 3 : 2), "and a single row takes three panels at once, the "
           "next one from the other end");
    }
}

/* Test the curves */
static double error_at(void curve(real *, const real *, size_t), long double right(long double), real z)
{
    real y;
    curve(&y, &z, 1);
    return (double)fabsl((long double)y / right((long double)z) - 1);
}

static double worst_between(void curve(real *, const real *, size_t),
                            long double right(long double), double least, double most)
{
    enum { POINTS = 100000 };
    double worst = 0;
    for (int i = 0; i <= POINTS; i++)
        worst = test_worse(worst, error_at(curve, right, (real)(least + (most - least) * i / POINTS)));
    return worst;
}

static double worst_tanh(const rows_kernel *kernel)
{
    double worst = test_worse(worst_between(kernel->tanhs, tanhl, -21, -1e-3),
                              worst_between(kernel->tanhs, tanhl, 1e-3, 21));
    for (double z = 1e-3; z > 1e-9; z *= 0.999)
        worst = test_worse(worst, test_worse(error_at(kernel->tanhs, tanhl, (real)z),
                                             error_at(kernel->tanhs, tanhl, (real)-z)));
    return worst;
}

static double worst_exp(const rows_kernel *kernel)
{
    return sizeof(real) == 4 ? worst_between(kernel->exps, expl, -87, 88)
                             : worst_between(kernel->exps, expl, -708, 709);
}

static long double sigma(long double z) { return 1 / (1 + expl(-z)); }

static double worst_sigma(const rows_kernel *kernel)
{
    return worst_between(kernel->sigmas, sigma, -84, 84);
}

static int same_curves(const rows_kernel *kernel)
{
    enum { SOME = 1003 };
    real z[SOME], ours[3][SOME], narrow[3][SOME];
    uint64_t seed = 3;
    test_fill(z, SOME, &seed);
    for (int i = 0; i < SOME; i++) z[i] *= 20;
    for (int i = 0; i < 2; i++) {
        const rows_kernel *k = i ? kernel : rows_widest_kernel(16);
        real (*y)[SOME] = i ? ours : narrow;
        k->tanhs(y[0], z, SOME), k->sigmas(y[1], z, SOME), k->exps(y[2], z, SOME);
    }
    return memcmp(ours, narrow, sizeof ours) == 0;
}

static void test_curves(void)
{
    const double unit = sizeof(real) == sizeof(float) ? 0x1p-24 : 0x1p-53;
    for (size_t bytes = 16; bytes <= 64; bytes *= 2) {
        const rows_kernel *kernel = rows_widest_kernel(bytes);
        if (kernel->lane_bytes != bytes) continue;
        double t = worst_tanh(kernel), e = worst_exp(kernel), g = worst_sigma(kernel);
        ok(t <= 4 * unit && e <= 2 * unit && g <= 4 * unit, "with lanes of %zu bytes, tanh is wrong "
           "by %.1e, exp by %.1e and sigma by %.1e", bytes, t, e, g);
        ok(same_curves(kernel), "and all have the bits of the narrowest lanes");
        /* Test the curves beyond */
        const real far[] = { (real)-INFINITY, -1000, -30, 0, 30, 1000, (real)INFINITY, (real)NAN };
        real bent[8], raised[8], gate[8];
        kernel->tanhs(bent, far, 8);
        kernel->sigmas(gate, far, 8);
        kernel->exps(raised, far, 8);
        ok(bent[0] == -1 && bent[1] == -1 && bent[2] == -1 && bent[3] == 0 && bent[4] == 1
           && bent[5] == 1 && bent[6] == 1 && isnan(bent[7]), "tanh is flat far out");
        ok(raised[0] == 0 && raised[1] == 0 && raised[3] == 1 && isinf(raised[5]) && raised[6] > 0
           && isinf(raised[6]) && isnan(raised[7]), "exp is nothing or infinite, and what is no number stays none");
        ok(gate[0] == 0 && gate[1] == 0 && gate[2] > 0 && gate[3] * 2 == 1 && gate[5] == 1 && gate[6] == 1
           && isnan(gate[7]), "a gate is closed or open far out, and half open between");
    }
}

/* Test the simple kernels */
#define SAME(ours, ...) \
    (memcmp(ours, ((const real[]){ __VA_ARGS__ }), sizeof ours) == 0)

static void test_simple(void)
{
    const real A[6] = { 1, 2, 3, 4, 5, 6 };
    real sum[4] = { 1, 1, 2, 9 }, turned[7] = { [6] = 9 }, set[7] = { [6] = 9 };
    rows_sum(sum, A, 2, 3);
    ok(SAME(sum, 6, 8, 11, 9), "rows_sum adds every row");
    rows_transpose(turned, A, 2, 3);
    ok(SAME(turned, 1, 4, 2, 5, 3, 6, 9), "rows_transpose turns");
    rows_set(set, A, 2, 3);
    ok(SAME(set, 1, 2, 3, 1, 2, 3, 9), "rows_set repeats the row");
    /* Test picking and scattering */
    const uint32_t x[4] = { 1, 0, 1, 0 };
    const real B[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    real picked[10] = { 1, [9] = 9 }, table[7] = { 0, 1, [6] = 9 };
    rows_pick(picked, A, x, 3, 3);
    ok(SAME(picked, 5, 5, 6, 1, 2, 3, 4, 5, 6, 9), "rows_pick picks by symbol, and adds");
    rows_scatter(table, B, x, 3, 3);
    ok(SAME(table, 4, 6, 6, 8, 10, 12, 9), "rows_scatter adds where it was picked");
    real columns[10] = { [3] = 7, [9] = 9 };
    rows_turn(columns, B, (const uint32_t[]){ 2, 0, 2 }, 3, 3, 3);
    ok(SAME(columns, 1, 4, 7, 7, 0, 0, 3, 6, 9, 9), "rows_turn turns what is asked for, and nothing else");
}

/* Test the numbers of a row */
static void test_numbers_of_a_row(void)
{
    real row[50], swallows[17] = { sizeof(real) == sizeof(float) ? (real)0x1p30 : (real)0x1p60, 1 };
    int largest = 1, total = 1;
    for (size_t n = 1; n <= 50; n++) {
        for (size_t i = 0; i < n; i++) row[i] = (real)-(double)(i + 2);
        total &= fabs(rows_total(row, n) + (real)(n * (n + 3)) / 2) <= 0;
        for (size_t i = 0; i < n; i++) {
            row[i] = -1;
            largest &= fabs(rows_largest(row, n) + 1) <= 0;
            row[i] = (real)-(double)(i + 2);
        }
    }
    swallows[16] = -swallows[0];
    ok(largest, "rows_largest finds the largest, wherever it is");
    ok(total && rows_total(swallows, 17) >= 1, "rows_total adds in sixteen sums");
}

/* Test that a comparison does not forgive */
static void test_comparison(void)
{
    const real one[2] = { 1, 2 }, other[2] = { 1, (real)2.2 };
    const real bad[2] = { (real)NAN, 2 };
    ok(!(test_relative_error(one, bad, 2) <= 1), "NaN does not pass");
    ok(!(test_relative_error(bad, one, 2) <= 1), "NaN does not pass on the left");
    ok(!(test_relative_error(one, other, 2) <= 0.05), "one entry wrong by a tenth shows");
    ok(test_relative_error(one, one, 2) <= 0, "equal arrays have no error");
}

int main(void)
{
    test_products();
    test_layout();
    test_tiles();
    test_curves();
    test_simple();
    test_numbers_of_a_row();
    test_comparison();
    return test_done();
}
