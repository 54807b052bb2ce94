/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#include "forward.h"
#include <string.h>
#include <tgmath.h>
#define shared_backward answer_shared_backward
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t L = BY_TURN(5, 3, 6), N = BY_TURN(3, 2, 4);
    params grad;
    real *G = exercise_numbers("G", L * L, &seed);
    if (params_alloc(&grad, L, N, L) != 0) exit(1);
    test_fill(grad.block, grad.count, &seed);
    exercise_input("grad", grad.block, grad.count);
    shared_backward(G, &grad);
    exercise_output("G", G, L * L);
    params_free(&grad);
}
