/* generated from chapters/29-behind.nw by noweb; do not edit */
#include "exercise.h"
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    enum { P = 3, Q = 5 };
    real M[Q * Q], Mt[Q * Q];
    test_fill(M, Q * Q, &seed);
    test_fill(Mt, Q * Q, &seed);
    exercise_input("M", M, Q * Q);
    rows_transpose(Mt, M, P, Q);
    exercise_output("Mt", Mt, Q * Q);
}
