/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { R = 7, SYMBOLS = 5, N = 3 };
    real A[R * N], M[R * N];
    uint32_t x[R];
    test_fill(A, R * N, &seed);
    test_fill(M, R * N, &seed);
    for (size_t r = 0; r < R; r++)
        x[r] = (uint32_t)((test_number(&seed) + 1) / 2 * SYMBOLS);
    x[R - 1] = x[0];
    exercise_input("A", A, R * N);
    exercise_symbols("x", x, R);
    rows_scatter(M, A, x, R, N);
    exercise_output("M", M, R * N);
}
