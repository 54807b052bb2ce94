/* generated from chapters/06-output.nw by noweb; do not edit */
#include "output.h"
#include <string.h>

/* Take the part of the output parameters */
static void output_parameters(const tape *k, params *grad)
{
    const size_t R = k->T * k->B, n = k->n, l = k->l;
    const real *h = k->h + k->B * n;
    /* Add the gradients of the output parameters */
    rows_outer(grad->W_hy, k->d_y, h, R, l, n);
    rows_sum(grad->b_y, k->d_y, R, l);
}

/* Take the part of the states */
static void output_states(tape *k, const params *p)
{
    const size_t R = k->T * k->B, B = k->B, n = k->n, l = k->l;
    /* Send the gradient on to the states */
    memset(k->d_h, 0, (R + B) * n * sizeof(real));
    rows_times(k->d_h + B * n, k->d_y, p->W_hy, R, l, n);
}

/* Run the output layer backward */
void output_backward(tape *k, params *grad, const params *p)
{
    output_parameters(k, grad);
    output_states(k, p);
}
