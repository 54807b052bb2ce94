/* generated from chapters/07-through-time.nw by noweb; do not edit */
#include "output.h"
#include "softmax.h"
#include "test-network.h"
#include "test.h"
#include "through-time.h"

/* Run back through time */
static void run(tape *k, const params *p)
{
    params grad;
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    forward_pass(k, p);
    softmax_forward(k);
    softmax_backward(k);
    output_backward(k, &grad, p);
    time_backward(k, p);
    params_free(&grad);
}

/* Test the boundary */
static void test_boundary(void)
{
    params p;
    tape k;
    test_network(&p, &k, TEST_B, 5);
    run(&k, &p);
    const real first = k.d_h[0];
    run(&k, &p);
    const real *last = k.d_z + TEST_T * TEST_B * TEST_N;
    int zero = 1;
    for (size_t i = 0; i < TEST_B * TEST_N; i++) zero &= last[i] == 0;
    ok(zero, "nothing arrives from beyond the last step");
    ok(first != 0 && k.d_h[0] == first, "a second run gives the same gradient");
    params_free(&p);
    tape_free(&k);
}

/* Test that errors travel backwards only */
static void test_causality(void)
{
    params p;
    tape k;
    test_network(&p, &k, 1, 6);
    run(&k, &p);
    const real early = k.d_h[1 * TEST_N], late = k.d_h[2 * TEST_N];
    k.y[0] = (k.y[0] + 1) % TEST_L;     // another target at step 1
    run(&k, &p);
    ok(k.d_h[1 * TEST_N] != early, "state 1 feels the error of step 1");
    ok(k.d_h[2 * TEST_N] == late, "state 2 does not");
    const real first = k.d_h[0];
    k.y[TEST_T - 1] = (k.y[TEST_T - 1] + 1) % TEST_L;
    run(&k, &p);
    ok(k.d_h[0] != first, "state 0 feels the error of the last step");
    params_free(&p);
    tape_free(&k);
}

int main(void)
{
    test_boundary();
    test_causality();
    return test_done();
}
