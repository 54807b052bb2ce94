/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define output_states answer_output_states
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    exercise_may_fill(net.k.d_h, NULL);
    output_states(&net.k, &net.p);
    exercise_output("d_h", net.k.d_h, (net.k.T + 1) * net.k.B * net.k.n);
}
