/* generated from chapters/06-output.nw by noweb; do not edit */
#include "output.h"
#include "softmax.h"
#include "test-network.h"
#include "test.h"

/* Run up to the output layer */
static void run(tape *k, params *grad, const params *p)
{
    forward_pass(k, p);
    softmax_forward(k);
    softmax_backward(k);
    output_backward(k, grad, p);
}

/* Test what is added and what is set */
static void test_twice(void)
{
    params p, grad;
    tape k;
    test_network(&p, &k, TEST_B, 4);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    k.d_z[0] = k.d_z[TEST_T * TEST_B * TEST_N - 1] = 3;
    run(&k, &grad, &p);
    ok(k.d_z[0] == 3 && k.d_z[TEST_T * TEST_B * TEST_N - 1] == 3,
       "what lies behind the states is not touched");
    const real weight = grad.W_hy[5], bias = grad.b_y[1], state = k.d_h[TEST_B * TEST_N];
    run(&k, &grad, &p);
    ok(fabs((double)(grad.W_hy[5] / weight) - 2) < 1e-12, "gradients of weights are added to");
    ok(fabs((double)(grad.b_y[1] / bias) - 2) < 1e-12, "gradients of biases are added to");
    ok(state != 0 && k.d_h[TEST_B * TEST_N] == state, "gradients of states are set");
    ok(k.d_h[0] == 0, "the present asks nothing of the state before the text");
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

int main(void)
{
    test_twice();
    return test_done();
}
