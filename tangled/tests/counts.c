/* generated from chapters/105-learned.nw by noweb; do not edit */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "characters.h"
#include "counts.h"
#include "training.h"

/* Measure the tables */
/* Adds up bits and known contexts over the held-out text, for each length. */
static int measure(double *bits, double *seen, const uint32_t *symbols, size_t train,
                   size_t count, size_t m)
{
    double p[LONGEST + 1], *counts = calloc((LONGEST + 1) * m, sizeof *counts);
    int known[LONGEST + 1];
    if (!counts) return -1;
    for (size_t at = train; at < count; at++) {
        tables_predict(p, known, counts, symbols, train, at, m);
        for (size_t k = 0; k <= LONGEST; k++) {
            bits[k] -= log2(p[k]);
            seen[k] += known[k];
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
