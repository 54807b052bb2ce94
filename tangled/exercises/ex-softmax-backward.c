/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define softmax_backward answer_softmax_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t count = TEST_T * TEST_B * TEST_L;
    exercise_network(seed);
    for (size_t i = 0; i < count; i++) net.k.y_hat[i] = (net.k.y_hat[i] + 2) / 4;
    for (size_t r = 0; r < TEST_T * TEST_B; r++) net.k.x[r] %= TEST_L;
    exercise_may_fill(net.k.d_y, NULL);
    softmax_backward(&net.k);
    exercise_output("d_y", net.k.d_y, count);
}
