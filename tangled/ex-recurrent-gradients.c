/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "ex-network.h"

static void input_backward(tape *k, params *grad)
{
    (void)k;
    (void)grad;
}
#define hidden_backward answer_hidden_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t count = (TEST_T + 1) * TEST_B * TEST_N;
    exercise_network(seed);
    exercise_input("h", net.k.h, count);
    exercise_input("d_h", net.k.d_h, count);
    exercise_input("d_z", net.k.d_z, count);
    hidden_backward(&net.k, &net.grad);
    exercise_output("grad_W_hh", net.grad.W_hh, TEST_N * TEST_N);
    exercise_output("grad_b_h", net.grad.b_h, TEST_N);
}
