/* generated from chapters/105-learned.nw by noweb; do not edit */
#ifndef COUNTS_H
#define COUNTS_H
/* What count tables say of the next character, by contexts of 0 to LONGEST characters. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 10 };
/* Count what followed */
/* Row k of counts (LONGEST+1 × m): what follows, in the first `train` symbols,
   after the k symbols that stand before `at`. Needs at ≥ LONGEST. */
static inline void count_followers(double *counts, const uint32_t *symbols, size_t train,
                                   size_t at, size_t m)
{
    memset(counts, 0, (LONGEST + 1) * m * sizeof *counts);
    for (size_t i = 0; i < train; i++)
        for (size_t k = 0; k <= LONGEST && k <= i; k++) {
            if (k > 0 && symbols[i - k] != symbols[at - k]) break;
            counts[k * m + symbols[i]]++;
        }
}

/* Sharpen a probability with one more character */
/* The probability of symbol `next`: p by the shorter context, row (1×m) of this. */
static inline double sharpen(double p, const double *row, size_t m, uint32_t next, int *known)
{
    double n = 0, different = 0;
    for (size_t i = 0; i < m; i++) {
        n += row[i];
        different += row[i] > 0;
    }
    *known = n > 0;
    return *known ? (row[next] + different * p) / (n + different) : p;
}

/* Ask the tables */
/* p (1 × LONGEST+1): the probability of symbol `at` by contexts of each length; known: which of
   them have been met. counts (LONGEST+1 × m) is overwritten. */
static inline void tables_predict(double *p, int *known, double *counts, const uint32_t *symbols,
                                  size_t train, size_t at, size_t m)
{
    double shorter = 1 / (double)m;
    count_followers(counts, symbols, train, at, m);
    for (size_t k = 0; k <= LONGEST; k++)
        p[k] = shorter = sharpen(shorter, counts + k * m, m, symbols[at], &known[k]);
}
#endif
