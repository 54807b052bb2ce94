/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define softmax_backward answer_softmax_backward
#include EXERCISE_FILE

/* Divides the weights of row r among the symbols. */
static void share_out(tape *k, size_t r)
{
    real *weight = k->y_hat + r * k->l, *z = k->z_y + r * k->l, all = 0;
    k->c[r] = log(weight[0] = (weight[0] + 2) / 2);
    for (size_t i = 0; i < k->l; i++) {
        if (i > 0) weight[i] = (weight[i] + 2) / 2;
        z[i] = log(weight[i]);
        k->c[r] = fmax(k->c[r], z[i]);
        all += weight[i];
    }
    for (size_t i = 0; i < k->l; i++) weight[i] /= all;
    k->s[r] = log(all);
}

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    const tape *k = &net.k;
    const size_t R = k->T * k->B;
    for (size_t r = 0; r < R; r++) share_out(&net.k, r), k->x[r] %= (uint32_t)k->l;
    exercise_may_fill(k->d_y, NULL);
    softmax_backward(&net.k);
    exercise_output("d_y", k->d_y, R * k->l);
}
