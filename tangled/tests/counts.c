/* generated from chapters/13-command.nw by noweb; do not edit */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "characters.h"
#include "training.h"

enum { LONGEST = 10 };
/* Count what followed */
/* Row k of counts (LONGEST+1 × m): what follows, in the first `train` symbols,
   after the k symbols that stand before `at`. Needs at ≥ LONGEST. */
static void count_followers(double *counts, const uint32_t *symbols, size_t train,
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
static double sharpen(double p, const double *row, size_t m, uint32_t next, int *known)
{
    double n = 0, different = 0;
    for (size_t i = 0; i < m; i++) {
        n += row[i];
        different += row[i] > 0;
    }
    *known = n > 0;
    return *known ? (row[next] + different * p) / (n + different) : p;
}

/* Measure the tables */
/* Adds up bits and known contexts over the held-out text, for each length. */
static int measure(double *bits, double *seen, const uint32_t *symbols, size_t train,
                   size_t count, size_t m)
{
    double *counts = calloc((LONGEST + 1) * m, sizeof *counts);
    if (!counts) return -1;
    for (size_t at = train; at < count; at++) {
        double p = 1 / (double)m;
        count_followers(counts, symbols, train, at, m);
        for (size_t k = 0; k <= LONGEST; k++) {
            int known;
            p = sharpen(p, counts + k * m, m, symbols[at], &known);
            bits[k] -= log2(p);
            seen[k] += known;
        }
    }
    free(counts);
    return 0;
}

/* Print what the tables are worth */
static int print_tables(const uint32_t *symbols, size_t count, size_t m)
{
    const size_t held = training_held_out(count);
    double bits[LONGEST + 1] = {0}, seen[LONGEST + 1] = {0};
    if (held == 0 || count - held < LONGEST) {
        fputs("counts: the text is too short\n", stderr);
        return -1;
    }
    if (measure(bits, seen, symbols, count - held, count, m) != 0) return -1;
    printf("length\tbits\tseen\n");
    for (size_t k = 0; k <= LONGEST; k++)
        printf("%zu\t%.4f\t%.2f\n", k, bits[k] / (double)held, 100 * seen[k] / (double)held);
    printf("characters\t%zu\t100\n", count);
    return ferror(stdout) || fflush(stdout) != 0 ? -1 : 0;
}

/* Read the text, and measure */
int main(int argc, char **argv)
{
    text t = {0};
    vocabulary v = {0, NULL};
    fault f = {"usage: counts TEXT"};
    uint32_t *symbols = NULL;
    int status = argc == 2 && text_read(&t, argv[1], &f) == 0 && vocabulary_alloc(&v, &t) == 0
        && text_number(&t, &v, argv[1], &f) == 0
        && (symbols = calloc(t.count, sizeof *symbols)) != NULL ? 0 : -1;
    for (size_t i = 0; status == 0 && i < t.count; i++) symbols[i] = text_symbol(&t, i);
    if (status != 0) fprintf(stderr, "counts: %s\n", f.text);
    else status = print_tables(symbols, t.count, v.count);
    free(symbols);
    vocabulary_free(&v);
    text_free(&t);
    return status != 0;
}
