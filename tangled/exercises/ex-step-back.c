/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define step_back answer_step_back
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    tape *k = &net.k;
    const size_t block = k->B * k->n, count = k->T * block;
    for (size_t i = 0; i < count; i++) k->h[block + i] = tanh(k->z_h[i]);
    for (size_t i = 0; i < count; i++) k->d_h[block + i] *= 8;
    exercise_may_fill(k->d_h, k->d_z, NULL);
    for (size_t t = k->T; t > 0; t--) step_back(k, &net.p, t);
    exercise_output("d_h", k->d_h + block, count);
    exercise_output("d_z", k->d_z, count + block);
}
