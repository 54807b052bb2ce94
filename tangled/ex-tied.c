/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include <string.h>
#include <tgmath.h>
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { L = 5, N = 3 };
    params grad;
    real G[L * L];
    if (params_alloc(&grad, L, N, L) != 0) exit(1);
    test_fill(grad.block, grad.count, &seed);
    test_fill(G, L * L, &seed);
    exercise_input("grad", grad.block, grad.count);
    shared_backward(G, &grad);
    exercise_output("G", G, L * L);
    params_free(&grad);
}
