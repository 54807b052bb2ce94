/* generated from chapters/09-descent.nw by noweb; do not edit */
#include "test-page.h"
#include "descent.h"
#include <string.h>

/* Test plain descent on a parabola */
static void test_parabola(void)
{
    real small = 1, large = 1;
    for (int k = 0; k < 20; k++) {
        descent_sgd(&small, &(real){small}, (real)0.5, 1);
        descent_sgd(&large, &(real){large}, (real)2.5, 1);
    }
    ok(fabs((double)small - pow(0.5, 20)) < 1e-12, "a short stride descends (%g)",
       (double)small);
    ok(fabs((double)large / pow(1.5, 20) - 1) < 1e-12, "a long one climbs (%g)",
       (double)large);
}

/* Test clipping */
static void test_clip(void)
{
    real g[11], before[11], zero[3] = {0};
    uint64_t seed = 3;
    test_fill(g, 11, &seed);
    memcpy(before, g, sizeof g);
    double length = (double)descent_clip(g, 100, 11);
    ok(memcmp(before, g, sizeof g) == 0, "a short gradient passes untouched");
    /* Test that a long gradient is shortened and not turned */
    double again = (double)descent_clip(g, (real)0.25, 11);
    double after = (double)descent_clip(g, 100, 11);
    ok(fabs(again - length) < 1e-12 && length > 0.25,
       "the norm before is returned (%g)", again);
    ok(fabs(after - 0.25) < 1e-12, "the norm after is the bound");
    for (size_t i = 0; i < 11; i++) g[i] *= (real)(length / 0.25);
    double turned = test_relative_error(g, before, 11);
    ok(turned <= 1e-12, "the direction is what it was (%.1e)", turned);
    ok(descent_clip(zero, 1, 3) == 0 && zero[1] == 0,
       "a gradient of zero stays zero");
}

/* Test the length of rows of every length */
static void test_lengths(void)
{
    double measured = 0, shortened = 0;
    real *page = test_page();
    for (size_t p = 0; p <= 26; p++) {
        real *g = test_page_end(page, p), before[27];
        double sum = 0;
        uint64_t seed = p + 1;
        test_fill(g, p, &seed);
        memcpy(before, g, p * sizeof *g);
        for (size_t i = 0; i < p; i++) sum += (double)g[i] * (double)g[i];
        /* Compare a length and what is left of the row */
        const double length = (double)descent_clip(g, (real)0.125, p);
        measured = test_worse(measured, fabs(length - sqrt(sum)) / fmax(length, 1));
        for (size_t i = 0; i < p; i++) {
            const double factor = length > 0.125 ? 0.125 / length : 1;
            shortened = test_worse(shortened, fabs((double)g[i] - (double)before[i] * factor));
        }
    }
    ok(measured <= 1e-15, "rows of 0 to 26 numbers have the right length (%.1e)", measured);
    ok(shortened <= 1e-15, "and are shortened as a whole (%.1e)", shortened);
    test_page_free(page);
}

/* Test the last bits of a length */
static void test_order_of_sums(void)
{
    size_t equal = 0;
    for (uint64_t k = 1; k <= 20; k++) {
        real g[100];
        double sum[32] = {0}, total = 0;
        uint64_t seed = k;
        test_fill(g, 100, &seed);
        for (int i = 0; i < 96; i++) sum[i % 32] += (double)g[i] * (double)g[i];
        for (int i = 96; i < 100; i++) total += (double)g[i] * (double)g[i];
        for (int j = 0; j < 32; j++) total += sum[j];
        equal += (double)descent_clip(g, (real)INFINITY, 100) == sqrt(total);
    }
    ok(equal == 20, "%zu lengths of 20 have the bits of 32 sums", equal);
}

/* Test lengths that are not finite */
static void test_not_finite(void)
{
    real g[3] = {1, (real)INFINITY, 2}, h[9] = {0};
    h[8] = (real)NAN;
    ok(isinf((double)descent_clip(g, (real)INFINITY, 3)),
       "an infinite entry makes an infinite length");
    ok(isnan((double)descent_clip(h, 1, 9)), "and a NaN makes a NaN");
}

/* Test both under a constant gradient */
static void test_constant(void)
{
    real g[3] = {1000, (real)-0.001, 1}, ada[3] = {0}, r[3] = {0};
    real sgd[3] = {0}, adam[3] = {0}, u[3] = {0}, v[3] = {0};
    double roots = 0;
    for (uint64_t k = 1; k <= 50; k++) {
        descent_adagrad(ada, r, g, (real)0.1, 0, 2);
        descent_adam(adam, u, v, g, (real)0.1, (real)0.9, (real)0.999, 0, k, 2);
        descent_sgd(sgd, g, (real)0.1, 2);
        roots += 1 / sqrt((double)k);
    }
    /* Test that both entries walked the same distance */
    for (int i = 0; i < 2; i++) {
        double sign = g[i] > 0 ? -1 : 1;
        ok(fabs((double)ada[i] - sign * 0.1 * roots) < 1e-12,
           "Adagrad ignores the scale %g", (double)g[i]);
        ok(fabs((double)adam[i] - sign * 5) < 1e-12, "Adam ignores the scale %g",
           (double)g[i]);
    }
    ok(fabs((double)sgd[0] + 5000) < 1e-9 && fabs((double)sgd[1] - 0.005) < 1e-15,
       "plain descent does not");
    ok(sgd[2] == 0 && ada[2] == 0 && adam[2] == 0, "nobody moves what was not meant");
}

/* Test the decay */
static void test_decay(void)
{
    double wrong = 0;
    real *page = test_page();
    for (size_t p = 0; p <= 26; p++) {
        real *theta = test_page_end(page, p);
        for (size_t i = 0; i < p; i++) theta[i] = (real)i - 4;
        descent_decay(theta, (real)0.25, p);
        for (size_t i = 0; i < p; i++) wrong += fabs((double)theta[i] - ((double)i - 4) * 0.75);
    }
    ok(wrong <= 0, "rows of 0 to 26 numbers lose a quarter (%g)", wrong);
    test_page_free(page);
}

/* Test the schedule */
static void test_schedule(void)
{
    ok(descent_cosine(3, 1, 100) == 3, "the first step has the full rate");
    ok(fabs((double)descent_cosine(3, 51, 100) - 1.5) < 1e-12,
       "half-way it is half");
    ok(fabs((double)descent_cosine(1, 26, 100) - (2 + sqrt(2)) / 4) < 1e-12,
       "a quarter");
    ok(descent_cosine(3, 100, 100) > 0, "the last step still moves");
    ok(fabs((double)descent_cosine(3, 101, 100)) < 1e-12,
       "the one after would not");
}

int main(void)
{
    test_parabola();
    test_clip();
    test_lengths();
    test_order_of_sums();
    test_not_finite();
    test_constant();
    test_decay();
    test_schedule();
    return test_done();
}
