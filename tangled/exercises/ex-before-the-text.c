/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"

static void step_back(tape *k, const params *p, size_t t)
{
    (void)p;
    for (size_t i = (t - 1) * k->B * k->n; i < t * k->B * k->n; i++)
        k->d_z[i] += (k->d_h[i + k->B * k->n] + k->d_z[i + k->B * k->n]) / 2;
}
#define time_backward answer_time_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    const size_t block = net.k.B * net.k.n, count = (net.k.T + 1) * block;
    memset(net.k.d_h, 0, block * sizeof(real));
    exercise_may_fill(net.k.d_h, net.k.d_z, NULL);
    time_backward(&net.k, &net.p);
    exercise_output("d_h", net.k.d_h, count);
    exercise_output("d_z", net.k.d_z, count);
}
