/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "exercise.h"
#define rows_transpose answer_rows_transpose
#include EXERCISE_FILE
#undef rows_transpose
__attribute__((weak)) void rows_transpose(real *Mt, const real *M, size_t p, size_t q)
{
    (void)Mt, (void)M, (void)p, (void)q;
    exercise_withheld("rows_transpose");
}

void exercise_run(uint64_t seed)
{
    const size_t P = BY_TURN(3, 6, 4), Q = BY_TURN(5, 4, 7), square = P > Q ? P * P : Q * Q;
    real *M = exercise_numbers("M", square, &seed), *Mt = exercise_numbers("Mt", square, &seed);
    exercise_input("M", M, square);
    answer_rows_transpose(Mt, M, P, Q);
    exercise_output("Mt", Mt, square);
}
