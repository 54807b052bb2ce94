/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define rows_scatter answer_rows_scatter
#include EXERCISE_FILE
#undef rows_scatter
__attribute__((weak)) void rows_scatter(real *M, const real *A, const uint32_t *x, size_t R,
                                        size_t n)
{
    (void)M, (void)A, (void)x, (void)R, (void)n;
    exercise_withheld("rows_scatter");
}

void exercise_run(uint64_t seed)
{
    const size_t R = BY_TURN(7, 9, 6), N = BY_TURN(3, 4, 5);
    const real symbols = BY_TURN(5, 6, 4);
    real *A = exercise_numbers("A", R * N, &seed), *M = exercise_numbers("M", R * N, &seed);
    uint32_t *x = exercise_fence("x", NULL, R, sizeof *x);
    for (size_t r = 0; r < R; r++)
        x[r] = (uint32_t)((test_number(&seed) + 1) / 2 * symbols);
    x[R - 1] = x[0];
    exercise_input("A", A, R * N);
    exercise_symbols("x", x, R);
    answer_rows_scatter(M, A, x, R, N);
    exercise_output("M", M, R * N);
}
