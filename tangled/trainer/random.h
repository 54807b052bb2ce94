/* generated from chapters/11-sampling.nw by noweb; do not edit */
#ifndef RANDOM_H
#define RANDOM_H
/* Pseudo-random numbers: xoshiro256++, seeded through splitmix64. The same state
   gives the same bits and uniform numbers on every machine; normal numbers may
   differ in their last digit where the library's log or cos does. */
#include <stdint.h>

/* The state of the generator */
typedef struct { uint64_t word[4]; } random_state;      // not all zero
uint64_t random_split(uint64_t *seed);      // the next word of splitmix64
void random_seed(random_state *r, uint64_t seed);
uint64_t random_bits(random_state *r);
double random_uniform(random_state *r);     // in [0, 1)
double random_normal(random_state *r);      // mean 0, variance 1
#endif
