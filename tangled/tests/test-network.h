/* generated from chapters/04-forward.nw by noweb; do not edit */
#ifndef TEST_NETWORK_H
#define TEST_NETWORK_H
#include "forward.h"
#include "fixed-numbers.h"
#include <stdio.h>
#include <stdlib.h>

enum { TEST_T = 6, TEST_B = 2, TEST_M = 5, TEST_N = 4, TEST_L = 3 };
/* Fill a network with test numbers */
/* Allocates and fills; exits if there is no memory. Free both with their _free. */
static inline void test_network(params *p, tape *k, size_t B, uint64_t seed)
{
    if (params_alloc(p, TEST_M, TEST_N, TEST_L) != 0
        || tape_alloc(k, TEST_T, B, TEST_M, TEST_N, TEST_L) != 0) {
        perror("test_network");
        exit(1);
    }
    test_fill(p->block, p->count, &seed);
    test_fill(k->h, B * TEST_N, &seed);
    for (size_t r = 0; r < TEST_T * B; r++) {
        k->x[r] = (uint32_t)((test_number(&seed) + 1) / 2 * TEST_M);
        k->y[r] = (uint32_t)((test_number(&seed) + 1) / 2 * TEST_L);
    }
}
#endif
