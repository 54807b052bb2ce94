/* generated from chapters/03-rows.nw by noweb; do not edit */
#include "test.h"

/* Test the products against three loops */
enum { MOST_ROWS = 9, MOST_SUMMANDS = 5, LARGEST = 37 };
static const double TOLERANCE = sizeof(real) == 8 ? 1e-14 : 1e-5;

/* Multiply by definition */
static void by_definition(real *Y, const real *X, size_t down, size_t across,
                          const real *M, size_t R, size_t k, size_t n)
{
    for (size_t i = 0; i < R; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t r = 0; r < k; r++)
                Y[i * n + j] += X[i * down + r * across] * M[r * n + j];
}

static double worst_product(int outer)
{
    double worst = 0;
    for (size_t R = 1; R <= MOST_ROWS; R++)
        for (size_t k = 1; k <= MOST_SUMMANDS; k++)
            for (size_t n = 1; n <= LARGEST; n++)
                /* Compare the kernel with the definition at this size */
                {
                    uint64_t state = R * 10007 + k * 101 + n;
                    enum { IN = MOST_ROWS * MOST_SUMMANDS, OUT = MOST_ROWS * LARGEST + 1 };
                    real X[IN], M[MOST_SUMMANDS * LARGEST], ours[OUT], theirs[OUT];
                    test_fill(X, IN, &state);
                    test_fill(M, MOST_SUMMANDS * LARGEST, &state);
                    test_fill(ours, OUT, &state);
                    for (size_t i = 0; i < OUT; i++) theirs[i] = ours[i];
                    by_definition(theirs, X, outer ? 1 : k, outer ? R : 1, M, R, k, n);
                    if (outer) rows_outer(ours, X, M, k, R, n);
                    else rows_times(ours, X, M, R, k, n);
                    double error = test_relative_error(ours, theirs, OUT);
                    worst = test_worse(worst, error);
                }
    return worst;
}

static void test_products(void)
{
    double times = worst_product(0), outer = worst_product(1);
    ok(times <= TOLERANCE, "rows_times agrees with three loops (%.1e)", times);
    ok(outer <= TOLERANCE, "rows_outer agrees with three loops (%.1e)", outer);
}

/* Test the simple kernels */
static void test_simple(void)
{
    const real A[6] = { 1, 2, 3, 4, 5, 6 };
    const uint32_t x[2] = { 1, 0 };
    real sum[3] = { 1, 1, 1 }, turned[6], set[6], picked[6] = { 0 }, table[6] = { 0 };
    rows_sum(sum, A, 2, 3);
    ok(sum[0] == 6 && sum[1] == 8 && sum[2] == 10, "rows_sum adds every row");
    rows_transpose(turned, A, 2, 3);
    ok(turned[0] == 1 && turned[1] == 4 && turned[4] == 3, "rows_transpose turns");
    rows_set(set, A, 2, 3);
    ok(set[0] == 1 && set[3] == 1 && set[5] == 3, "rows_set repeats the row");
    rows_pick(picked, A, x, 2, 3);
    ok(picked[0] == 4 && picked[3] == 1, "rows_pick picks by symbol");
    rows_scatter(table, A, x, 2, 3);
    ok(table[3] == 1 && table[0] == 4, "rows_scatter adds where it was picked");
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
