/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef FIXED_NUMBERS_H
#define FIXED_NUMBERS_H
#include "rows.h"

/* Make numbers for tests */
/* The next of a fixed sequence of numbers between -1 and 1. */
static inline double test_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(int64_t)*state / 9223372036854775808.0;
}

static inline void test_fill(real *a, size_t count, uint64_t *state)
{
    for (size_t i = 0; i < count; i++)
        a[i] = (real)test_number(state);
}
#endif
