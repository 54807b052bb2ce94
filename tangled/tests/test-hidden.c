/* generated from chapters/08-hidden.nw by noweb; do not edit */
#include "hidden.h"
#include "test-network.h"
#include "test.h"

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
    test_accumulation();
    test_unread();
    test_batch();
    return test_done();
}
