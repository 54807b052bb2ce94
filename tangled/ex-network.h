/* generated from chapters/29-behind.nw by noweb; do not edit */
#ifndef EX_NETWORK_H
#define EX_NETWORK_H
#include "exercise.h"
#include <string.h>
#include <tgmath.h>

static struct { params p, grad; tape k; } net;

/* Fills every array of net; but δ of step T + 1 is zero, the transposes are transposes. */
static inline void exercise_network(uint64_t seed)
{
    params_free(&net.p);
    params_free(&net.grad);
    tape_free(&net.k);
    test_network(&net.p, &net.k, TEST_B, seed);
    if (params_alloc(&net.grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    /* Fill the arrays that test_network leaves at zero */
    const tape *k = &net.k;
    const size_t R = TEST_T * TEST_B, from = (size_t)(k->z_h - k->block);
    test_fill(net.grad.block, net.grad.count, &seed);
    test_fill(k->block + from, (size_t)(k->W_xh_T - k->block) - from, &seed);
    test_fill(k->h, (R + TEST_B) * TEST_N, &seed);
    memset(k->d_z + R * TEST_N, 0, TEST_B * TEST_N * sizeof(real));
    rows_transpose(k->W_xh_T, net.p.W_xh, TEST_N, TEST_M);
    rows_transpose(k->W_hh_T, net.p.W_hh, TEST_N, TEST_N);
    rows_transpose(k->W_hy_T, net.p.W_hy, TEST_L, TEST_N);
}
#endif
