/* generated from chapters/07-through-time.nw by noweb; do not edit */
#include "through-time.h"

/* Take one step back */
EACH_WIDTH static void step_back(tape *k, const params *p, size_t t)
{
    const size_t B = k->B, n = p->n, block = B * n;
    const real *h = k->h + t * block, *d_z_next = k->d_z + t * block;
    real *d_h = k->d_h + t * block, *d_z = k->d_z + (t - 1) * block;
    /* Add what the future asks, and pass the tanh */
    rows_through(d_h, d_z_next, k->W_hh, B);
    for (size_t i = 0; i < block; i++)
        d_z[i] = d_h[i] * (1 - h[i] * h[i]);
}

/* Walk from the last step to the first */
void time_backward(tape *k, const params *p)
{
    rows_lay(k->W_hh, p->W_hh);
    for (size_t t = k->T; t > 0; t--)
        step_back(k, p, t);
    /* Ask the state before the text */
    rows_through(k->d_h, k->d_z, k->W_hh, k->B);
}
