/* generated from chapters/39-behind.nw by noweb; do not edit */
#ifndef EX_NETWORK_H
#define EX_NETWORK_H
#include "exercise.h"
#include "forward.h"
#include <string.h>
#include <tgmath.h>

static struct { params p, grad; tape k; } net;
/* Make a network with sizes of its own */
static inline void sized_network(uint64_t *seed)
{
    const size_t T = BY_TURN(6, 4, 5), B = BY_TURN(2, 3, 4);
    const size_t m = BY_TURN(5, 7, 6), n = BY_TURN(4, 3, 6), l = BY_TURN(3, 6, 4);
    if (params_alloc(&net.p, m, n, l) != 0 || params_alloc(&net.grad, m, n, l) != 0) exit(1);
    if (tape_alloc(&net.k, T, B, m, n, l) != 0) exit(1);
    test_fill(net.p.block, net.p.count, seed);
    test_fill(net.k.h, B * n, seed);
    for (size_t r = 0; r < T * B; r++) {
        net.k.x[r] = (uint32_t)((test_number(seed) + 1) / 2 * (real)m);
        net.k.y[r] = (uint32_t)((test_number(seed) + 1) / 2 * (real)l);
    }
}

/* Put fences behind the arrays of a network */
static inline void fence_params(params *p)
{
    FENCE(p->W_xh, p->n * p->m), FENCE(p->W_hh, p->n * p->n), FENCE(p->b_h, p->n);
    FENCE(p->W_hy, p->l * p->n), FENCE(p->b_y, p->l);
}

static inline void fence_gradient(params *grad)
{
    FENCE(grad->W_xh, grad->n * grad->m), FENCE(grad->W_hh, grad->n * grad->n);
    FENCE(grad->b_h, grad->n);
    FENCE(grad->W_hy, grad->l * grad->n), FENCE(grad->b_y, grad->l);
}

static inline void fence_tape(tape *k)
{
    const size_t R = k->T * k->B;
    FENCE(k->x, R), FENCE(k->y, R);
    FENCE(k->h, (R + k->B) * k->n), FENCE(k->z_h, R * k->n);
    FENCE(k->z_y, R * k->l), FENCE(k->y_hat, R * k->l);
    FENCE(k->c, R), FENCE(k->s, R);
    FENCE(k->loss, k->T), FENCE(k->F, k->T + 1);
    FENCE(k->d_y, R * k->l);
    FENCE(k->d_h, (R + k->B) * k->n), FENCE(k->d_z, (R + k->B) * k->n);
    FENCE(k->W_xh_T, k->m * k->n), FENCE(k->W_hh.at, k->n * (k->n + PANELS_PAD));
    FENCE(k->W_hh_T.at, k->n * (k->n + PANELS_PAD)), FENCE(k->W_hy_T.at, k->n * (k->l + PANELS_PAD));
}

/* Fills every array of net; but δ of step T + 1 is zero, the transposes are transposes. */
static inline void exercise_network(uint64_t seed)
{
    params_free(&net.p);
    params_free(&net.grad);
    tape_free(&net.k);
    sized_network(&seed);
    /* Fill the arrays that are left at zero */
    const tape *k = &net.k;
    const size_t R = k->T * k->B, from = (size_t)(k->z_h - k->block);
    test_fill(net.grad.block, net.grad.count, &seed);
    test_fill(k->block + from, (size_t)(k->W_xh_T - k->block) - from, &seed);
    test_fill(k->h, (R + k->B) * k->n, &seed);
    memset(k->d_z + R * k->n, 0, k->B * k->n * sizeof(real));
    rows_transpose(k->W_xh_T, net.p.W_xh, k->n, k->m);
    rows_lay_turned(k->W_hh_T, net.p.W_hh);
    rows_lay_turned(k->W_hy_T, net.p.W_hy);
    rows_lay(k->W_hh, net.p.W_hh);
    fence_params(&net.p);
    fence_gradient(&net.grad);
    fence_tape(&net.k);
}
#endif
