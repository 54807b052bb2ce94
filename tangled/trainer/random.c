/* generated from chapters/11-sampling.nw by noweb; do not edit */
#include "random.h"
#include <math.h>

/* Rotate a word */
static uint64_t rotate(uint64_t word, int by)
{
    return (word << by) | (word >> (64 - by));
}

/* Stir the state and take 64 bits */
uint64_t random_bits(random_state *r)
{
    uint64_t *s = r->word, bits = rotate(s[0] + s[3], 23) + s[0], kept = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= kept;
    s[3] = rotate(s[3], 45);
    return bits;
}

/* Spread a seed over the state */
uint64_t random_split(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void random_seed(random_state *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->word[i] = random_split(&seed);
}

/* A uniform number */
double random_uniform(random_state *r)
{
    return (double)(random_bits(r) >> 11) * 0x1p-53;
}

/* A normal number */
double random_normal(random_state *r)
{
    double radius = sqrt(-2 * log(1 - random_uniform(r)));
    return radius * cos(6.283185307179586 * random_uniform(r));
}
