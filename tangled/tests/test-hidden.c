/* generated from chapters/08-hidden.nw by noweb; do not edit */
#include "hidden.h"
#include "test-network.h"
#include "test.h"

/* Test the example with a pencil */
static int printed(const real *a, size_t count, const double *digits)
{
    int same = 1;
    for (size_t i = 0; i < count; i++) same &= fabs((double)a[i] - digits[i]) <= 5e-5;
    return same;
}
#define PRINTED(a, ...) \
    printed(a, sizeof (double[]){ __VA_ARGS__ } / sizeof(double), (double[]){ __VA_ARGS__ })

static void test_pencil(void)
{
    static const double theta[] = { 1, -1, 0.5, 0, -1, 1, 0, 0 };
    params p, grad;
    tape k;
    if (params_alloc(&p, 2, 1, 2) != 0 || params_alloc(&grad, 2, 1, 2) != 0
        || tape_alloc(&k, 2, 1, 2, 1, 2) != 0) exit(1);
    for (size_t i = 0; i < 8; i++) p.block[i] = (real)theta[i];
    k.x[1] = k.y[0] = 1;
    const real loss = bptt(&k, &grad, &p);
    /* Compare the example with what is printed */
    ok(PRINTED(k.z_h, 1, -0.6192) && PRINTED(k.h, 0, 0.7616, -0.5506), "states of the example");
    ok(PRINTED(k.z_y, -0.7616, 0.7616, 0.5506, -0.5506) && PRINTED(k.c, 0.7616, 0.5506)
       && PRINTED(k.s, 0.9588, 0.8376), "its logits");
    ok(PRINTED(k.y_hat, 0.1790, 0.8210, 0.7505, 0.2495) && PRINTED(k.loss, 0.1972, 0.2870)
       && PRINTED(k.F, 0.4843, 0.2870, 0) && PRINTED(&loss, 0.4843), "its losses");
    ok(PRINTED(k.d_y, 0.1790, -0.1790, -0.2495, 0.2495), "the way back: logits");
    ok(PRINTED(k.d_h, -0.0387, -0.1841, 0.4991) && PRINTED(k.d_z, -0.0773, 0.3478, 0), "states");
    ok(PRINTED(grad.W_xh, -0.0773, 0.3478) && PRINTED(grad.W_hh, 0.2649) && PRINTED(grad.b_h, 0.2705)
       && PRINTED(grad.W_hy, 0.2737, -0.2737) && PRINTED(grad.b_y, -0.0705, 0.0705), "parameters");
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

/* Test that gradients accumulate */
static void test_accumulation(void)
{
    params p, once, twice;
    tape k;
    test_network(&p, &k, TEST_B, 7);
    if (params_alloc(&once, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    if (params_alloc(&twice, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    real loss = bptt(&k, &once, &p);
    ok(bptt(&k, &twice, &p) == loss && loss > 0, "the same tape gives the same loss");
    bptt(&k, &twice, &p);
    for (size_t i = 0; i < once.count; i++) once.block[i] *= 2;
    double error = test_relative_error(twice.block, once.block, once.count);
    ok(error <= 1e-12, "two calls add two gradients (%.1e)", error);
    params_free(&p);
    params_free(&once);
    params_free(&twice);
    tape_free(&k);
}

/* Test that what was not read has no gradient */
static void test_unread(void)
{
    params p, grad;
    tape unused, k;
    int zero = 1;
    test_network(&p, &unused, TEST_B, 8);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0
        || tape_alloc(&k, 1, 1, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    k.x[0] = 1;
    bptt(&k, &grad, &p);
    for (size_t i = 0; i < TEST_N * TEST_M; i++)
        zero &= (grad.W_xh[i] == 0) == (i % TEST_M != 1);
    ok(zero, "only the character that was read has a gradient");
    params_free(&p);
    params_free(&grad);
    tape_free(&unused);
    tape_free(&k);
}

/* Test that a batch is the sum of its streams */
static void run_alone(params *grad, const tape *batch, size_t b, const params *p)
{
    tape k;
    if (tape_alloc(&k, TEST_T, 1, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    for (size_t i = 0; i < TEST_N; i++) k.h[i] = batch->h[b * TEST_N + i];
    for (size_t t = 0; t < TEST_T; t++) {
        k.x[t] = batch->x[t * TEST_B + b];
        k.y[t] = batch->y[t * TEST_B + b];
    }
    bptt(&k, grad, p);
    tape_free(&k);
}

static void test_batch(void)
{
    params p, batch, sum;
    tape k;
    test_network(&p, &k, TEST_B, 8);
    if (params_alloc(&batch, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    if (params_alloc(&sum, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    bptt(&k, &batch, &p);
    for (size_t b = 0; b < TEST_B; b++) run_alone(&sum, &k, b, &p);
    double error = test_relative_error(batch.block, sum.block, sum.count);
    ok(error <= 1e-12, "a batch is the sum of its streams (%.1e)", error);
    params_free(&p);
    params_free(&batch);
    params_free(&sum);
    tape_free(&k);
}

int main(void)
{
    test_pencil();
    test_accumulation();
    test_unread();
    test_batch();
    return test_done();
}
