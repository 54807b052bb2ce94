/* generated from chapters/39-behind.nw by noweb; do not edit */
#ifndef EX_GATES_H
#define EX_GATES_H
#include "exercise.h"

#define UNITS ((size_t)BY_TURN(7, 4, 5))

/* Gates between 0 and 1, with a fence. */
static inline real *exercise_gates(size_t count, uint64_t *seed)
{
    real *gate = exercise_numbers("gate", count, seed);
    for (size_t i = 0; i < count; i++) gate[i] = (1 + gate[i]) / 2;
    return gate;
}
#endif
