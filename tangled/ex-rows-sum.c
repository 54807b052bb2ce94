/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { R = 5, N = 3 };
    real A[R * N], b[R * N];
    test_fill(A, R * N, &seed);
    test_fill(b, R * N, &seed);
    exercise_input("A", A, R * N);
    rows_sum(b, A, R, N);
    exercise_output("b", b, R * N);
}
