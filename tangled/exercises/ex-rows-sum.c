/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define rows_sum answer_rows_sum
#include EXERCISE_FILE
#undef rows_sum
__attribute__((weak)) void rows_sum(real *b, const real *A, size_t R, size_t n)
{
    (void)b, (void)A, (void)R, (void)n;
    exercise_withheld("rows_sum");
}

void exercise_run(uint64_t seed)
{
    const size_t R = BY_TURN(5, 3, 8), N = BY_TURN(3, 6, 4);
    real *A = exercise_numbers("A", R * N, &seed), *b = exercise_numbers("b", R * N, &seed);
    exercise_input("A", A, R * N);
    answer_rows_sum(b, A, R, N);
    exercise_output("b", b, R * N);
}
