/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#define hidden_step answer_hidden_step
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t count = TEST_T * TEST_B * TEST_N;
    exercise_network(seed);
    exercise_may_fill(net.k.z_h, net.k.h, NULL);
    exercise_input("h_0", net.k.h, TEST_B * TEST_N);
    for (size_t t = 0; t < TEST_T; t++) hidden_step(&net.k, &net.p, t);
    exercise_output("z_h", net.k.z_h, count);
    exercise_output("h", net.k.h, count + TEST_B * TEST_N);
}
