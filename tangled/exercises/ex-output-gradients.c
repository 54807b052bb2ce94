/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define output_parameters answer_output_parameters
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t R = TEST_T * TEST_B;
    exercise_network(seed);
    exercise_may_fill(net.grad.W_hy, net.grad.b_y, NULL);
    output_parameters(&net.k, &net.grad);
    exercise_output("grad_W_hy", net.grad.W_hy, TEST_L * TEST_N);
    exercise_output("grad_b_y", net.grad.b_y, TEST_L);
}
