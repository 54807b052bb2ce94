/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "test-page.h"
#include <string.h>

/* Test the products against three loops */
enum { MOST_ROWS = 9, MOST_SUMMANDS = 5, LARGEST = 37 };

/* Multiply by definition */
static void by_definition(real *Y, const real *X, size_t down, size_t across,
                          const real *M, size_t R, size_t k, size_t n)
{
    for (size_t i = 0; i < R; i++)
        for (size_t j = 0; j < n; j++) {
            real sum = 0;
            for (size_t r = 0; r < k; r++)
                sum += X[i * down + r * across] * M[r * n + j];
            Y[i * n + j] += sum;
        }
}

/* How many sizes give other bits than three loops; kernel NULL: the product itself. */
static size_t sizes_that_differ(rows_kernel *kernel, int outer, real *page)
{
    size_t differ = 0;
    for (size_t R = 0; R <= MOST_ROWS; R++)
        for (size_t k = 0; k <= MOST_SUMMANDS; k++)
            for (size_t n = 0; n <= LARGEST; n++)
                /* Compare the kernel with the definition at this size */
                {
                    uint64_t state = R * 10007 + k * 101 + n;
                    enum { IN = MOST_ROWS * MOST_SUMMANDS, OUT = MOST_ROWS * LARGEST + 2 };
                    real X[IN], ours[OUT], theirs[OUT];
                    real *M = n % 2 ? page : test_page_end(page, k * n);
                    const size_t down = outer ? 1 : k, across = outer ? R : 1;
                    test_fill(X, IN, &state);
                    test_fill(M, k * n, &state);
                    test_fill(ours, OUT, &state);
                    memcpy(theirs, ours, sizeof ours);
                    by_definition(theirs + 1, X, down, across, M, R, k, n);
                    if (kernel) kernel(ours + 1, X, down, across, M, R, k, n);
                    else if (outer) rows_outer(ours + 1, X, M, k, R, n);
                    else rows_times(ours + 1, X, M, R, k, n);
                    differ += memcmp(ours, theirs, sizeof ours) != 0;
                }
    return differ;
}

static void test_products(void)
{
    real *page = test_page();
    rows_kernel *narrow = rows_widest_kernel(16), *wide = rows_widest_kernel(32);
    for (int outer = 0; outer <= 1; outer++) {
        const char *name = outer ? "rows_outer" : "rows_times";
        ok(sizes_that_differ(NULL, outer, page) == 0,
           "%s has the bits of three loops at every size", name);
        ok(sizes_that_differ(narrow, outer, page) == 0, "with narrow lanes too");
        ok(sizes_that_differ(wide, outer, page) == 0, "and with wide ones");
    }
    /* Test that there are two kernels where there should be */
    int two = 0;
    #if defined(__x86_64__)
    two = __builtin_cpu_supports("avx2") != 0;
    #endif
    ok((narrow != wide) == two && rows_widest_kernel(31) == narrow
       && rows_widest_kernel(64) == wide, "kernels on this machine: %d", 1 + two);
    test_page_free(page);
}

/* Test where tiles begin */
/* Whether column j begins a tile that is not the first, in starts[j], for R rows of n. */
static void find_tiles(int *starts, rows_kernel *kernel, size_t R, size_t n)
{
    real ones[MOST_ROWS], Y[MOST_ROWS * LARGEST + 1];
    for (size_t i = 0; i < R; i++) ones[i] = 1;
    for (size_t i = 0; i <= R * n; i++) Y[i] = 1;
    if (kernel) kernel(Y + 1, ones, 1, 1, Y, R, 1, n);
    else rows_times(Y + 1, ones, Y, R, 1, n);
    for (size_t j = 0; j < n; j++) starts[j] = Y[j + 1] > 2;
}

static size_t tiles_amiss(rows_kernel *kernel, size_t R, size_t wide, size_t lane)
{
    size_t amiss = 0;
    for (size_t n = 1; n <= LARGEST; n++) {
        int starts[LARGEST], due[LARGEST] = {0};
        find_tiles(starts, kernel, R, n);
        for (size_t j = 0; j < n;) {
            const size_t left = n - j;
            due[j] = j > 0;
            j += left >= wide * lane ? wide * lane : left >= lane ? lane : n > lane ? left : 1;
        }
        amiss += memcmp(starts, due, n * sizeof *due) != 0;
    }
    return amiss;
}

static size_t bands_amiss(rows_kernel *kernel, size_t lane)
{
    real ones[LARGEST], Y[(MOST_ROWS + 1) * LARGEST];
    size_t amiss = 0;
    for (size_t j = 0; j < LARGEST; j++) ones[j] = 1;
    for (size_t i = 0; i < (MOST_ROWS + 1) * lane; i++) Y[i] = 1;
    kernel(Y + lane, Y, lane, 1, ones, MOST_ROWS, 1, lane);
    for (size_t i = 0; i < MOST_ROWS; i++)
        amiss += (Y[(i + 1) * lane] > 2) != (i == 4 || i == 8);
    return amiss;
}

static void test_tiles(void)
{
    rows_kernel *narrow = rows_widest_kernel(16), *wide = rows_widest_kernel(32);
    const size_t lane = 16 / sizeof(real), broad = (narrow == wide ? 1 : 2) * lane;
    ok(tiles_amiss(narrow, 4, 2, lane) == 0 && tiles_amiss(narrow, 1, 4, lane) == 0
       && bands_amiss(narrow, lane) == 0, "lanes of 16 bytes are taken where no more are allowed");
    ok(tiles_amiss(wide, 4, 2, broad) == 0 && tiles_amiss(wide, 1, 4, broad) == 0
       && bands_amiss(wide, broad) == 0, "lanes of 32 where there are some");
    ok(tiles_amiss(NULL, 4, 2, broad) == 0 && tiles_amiss(NULL, 1, 4, broad) == 0,
       "and the product takes the widest");
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
    test_tiles();
    test_simple();
    test_comparison();
    return test_done();
}
