/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define output_parameters answer_output_parameters
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    exercise_may_fill(net.grad.W_hy, net.grad.b_y, NULL);
    output_parameters(&net.k, &net.grad);
    exercise_output("grad_W_hy", net.grad.W_hy, net.k.l * net.k.n);
    exercise_output("grad_b_y", net.grad.b_y, net.k.l);
}
