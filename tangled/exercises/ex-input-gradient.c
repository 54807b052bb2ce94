/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define input_collect answer_input_collect
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    exercise_may_fill(net.grad.W_xh, net.k.W_xh_T, NULL);    // W_xh_T has served its time
    input_collect(&net.k, &net.grad);
    exercise_output("grad_W_xh", net.grad.W_xh, net.k.n * net.k.m);
}
