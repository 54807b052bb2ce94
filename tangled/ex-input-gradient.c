/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define input_backward answer_input_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t count = (TEST_T + 1) * TEST_B * TEST_N;
    exercise_network(seed);
    exercise_input("d_h", net.k.d_h, count);
    exercise_input("d_z", net.k.d_z, count);
    exercise_symbols("x", net.k.x, TEST_T * TEST_B);
    input_backward(&net.k, &net.grad);
    exercise_output("grad_W_xh", net.grad.W_xh, TEST_N * TEST_M);
}
