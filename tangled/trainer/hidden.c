/* generated from chapters/08-hidden.nw by noweb; do not edit */
#include "hidden.h"
#include "output.h"
#include "softmax.h"
#include "through-time.h"
#include <string.h>

/* Take the part of the input weights */
static void input_collect(tape *k, params *grad)
{
    const size_t R = k->T * k->B, m = k->m, n = k->w;
    /* Add the gradient of the input weights */
    memset(k->W_xh_T, 0, m * n * sizeof(real));
    rows_scatter(k->W_xh_T, k->d_z, k->x, R, n);
    for (size_t j = 0; j < m; j++)
        for (size_t i = 0; i < n; i++)
            grad->W_xh[i * m + j] += k->W_xh_T[j * n + i];
}

/* Choose the way to the input weights */
void input_backward(tape *k, params *grad)
{
    const size_t R = k->T * k->B, m = k->m, n = k->w;
    if (R >= m) input_collect(k, grad);
    else for (size_t r = 0; r < R; r++)
        for (size_t i = 0; i < n; i++)
            grad->W_xh[i * m + k->x[r]] += k->d_z[r * n + i];
}

/* Add the gradients of the hidden parameters */
void hidden_backward(tape *k, params *grad)
{
    const size_t R = k->T * k->B, n = k->n;
    /* Add the gradients of the recurrent weights and the bias */
    rows_outer(grad->W_hh, k->d_z, k->h, R, n, n);
    rows_sum(grad->b_h, k->d_z, R, n);
    input_backward(k, grad);
}

/* Run forward and back */
static void plain_back(tape *k, params *grad, const params *p)
{
    time_backward(k, p);
    hidden_backward(k, grad);
}

const cell plain_cell = { .gates = 1, .forward = hidden_forward, .back = plain_back };

real bptt(tape *k, params *grad, const params *p)
{
    forward_pass(k, p);
    softmax_forward(k);
    softmax_backward(k);
    output_backward(k, grad, p);
    k->cell->back(k, grad, p);
    return k->F[0];
}
