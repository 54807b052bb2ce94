/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "test.h"
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
static size_t sizes_that_differ(rows_kernel *kernel, int outer)
{
    size_t differ = 0;
    for (size_t R = 0; R <= MOST_ROWS; R++)
        for (size_t k = 0; k <= MOST_SUMMANDS; k++)
            for (size_t n = 0; n <= LARGEST; n++)
                /* Compare the kernel with the definition at this size */
                {
                    uint64_t state = R * 10007 + k * 101 + n;
                    enum { IN = MOST_ROWS * MOST_SUMMANDS, OUT = MOST_ROWS * LARGEST + 2 };
                    real X[IN], M[MOST_SUMMANDS * LARGEST], ours[OUT], theirs[OUT];
                    const size_t down = outer ? 1 : k, across = outer ? R : 1;
                    test_fill(X, IN, &state);
                    test_fill(M, MOST_SUMMANDS * LARGEST, &state);
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
    for (int outer = 0; outer <= 1; outer++) {
        const char *name = outer ? "rows_outer" : "rows_times";
        size_t differ = sizes_that_differ(NULL, outer);
        ok(differ == 0, "%s has the bits of three loops at every size", name);
        for (size_t bytes = 16; bytes <= 32; bytes += 16) {
            rows_kernel *kernel = rows_kernel_of(bytes);
            differ = kernel ? sizes_that_differ(kernel, outer) : 0;
            ok(differ == 0, "%s with lanes of %zu bytes has them too%s", name, bytes,
               kernel ? "" : ": not on this machine");
        }
    }
    ok(rows_kernel_of(16) != NULL, "every machine has lanes of 16 bytes");
}

/* Test the simple kernels */
#define SAME(ours, ...) \
    (memcmp(ours, ((const real[]){ __VA_ARGS__ }), sizeof ours) == 0)

static void test_simple(void)
{
    const real A[6] = { 1, 2, 3, 4, 5, 6 };
    real sum[3] = { 1, 1, 2 }, turned[6], set[6];
    rows_sum(sum, A, 2, 3);
    ok(SAME(sum, 6, 8, 11), "rows_sum adds every row");
    rows_transpose(turned, A, 2, 3);
    ok(SAME(turned, 1, 4, 2, 5, 3, 6), "rows_transpose turns");
    rows_set(set, A, 2, 3);
    ok(SAME(set, 1, 2, 3, 1, 2, 3), "rows_set repeats the row");
    /* Test picking and scattering */
    const uint32_t x[3] = { 1, 0, 1 };
    const real B[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    real picked[9] = { 1 }, table[6] = { 0, 1 };
    rows_pick(picked, A, x, 3, 3);
    ok(SAME(picked, 5, 5, 6, 1, 2, 3, 4, 5, 6), "rows_pick picks by symbol, and adds");
    rows_scatter(table, B, x, 3, 3);
    ok(SAME(table, 4, 6, 6, 8, 10, 12), "rows_scatter adds where it was picked");
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
    test_simple();
    test_comparison();
    return test_done();
}
