/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"

#define input_backward stand_in
static void input_backward(tape *k, params *grad)
{
    for (size_t i = 0; i < k->n * k->m; i++) grad->W_xh[i] += (real)(i + 1) / 4;
}
#define hidden_backward answer_hidden_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    exercise_may_fill(net.grad.W_hh, net.grad.b_h, net.grad.W_xh, NULL);
    hidden_backward(&net.k, &net.grad);
    exercise_output("grad_W_hh", net.grad.W_hh, net.k.n * net.k.n);
    exercise_output("grad_b_h", net.grad.b_h, net.k.n);
    exercise_output("grad_W_xh", net.grad.W_xh, net.k.n * net.k.m);
}
