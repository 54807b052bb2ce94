/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "ex-network.h"
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    real g[TEST_N];
    exercise_network(seed);
    test_fill(g, TEST_N, &seed);
    exercise_input("d_h", net.k.d_h, (TEST_T + 1) * TEST_B * TEST_N);
    first_state_backward(g, &net.k);
    exercise_output("g", g, TEST_N);
}
