/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define hidden_step answer_hidden_step
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    const tape *k = &net.k;
    const size_t block = k->B * k->n, count = k->T * block;
    exercise_may_fill(k->z_h, k->h, NULL);
    exercise_input("h_0", k->h, block);
    for (size_t t = 0; t < k->T; t++) hidden_step(&net.k, &net.p, t);
    exercise_output("z_h", k->z_h, count);
    exercise_output("h", k->h, count + block);
}
