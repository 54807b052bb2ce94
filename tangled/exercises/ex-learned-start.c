/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define first_state_backward answer_first_state_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    exercise_network(seed);
    real *g = exercise_numbers("g", net.k.n, &seed);
    exercise_may_fill(g, NULL);
    first_state_backward(g, &net.k);
    exercise_output("g", g, net.k.n);
}
