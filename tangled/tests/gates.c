/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "gates.h"
#include "random.h"
#include "training.h"
#include <stdio.h>
#include <stdlib.h>

enum { HIDDEN = 64, LENGTH = 50, STREAMS = 16, STEPS = 2000, WARM = 40, FAR = 60, READERS = 32,
       CELLS = LSTM + 1 };
enum { SEED = 1 };
typedef struct { double reach[2][FAR + 1], bits; } finding;    // before training, and after it

/* Measure how far errors come */
static void read_streams(tape *k, const params *p, const text *t)
{
    const size_t apart = t->count / (k->B + 1);
    for (size_t r = 0; r < k->T * k->B; r++) {
        const size_t at = r % k->B * apart + r / k->B;
        k->x[r] = text_symbol(t, at);
        k->y[r] = text_symbol(t, at + 1);
    }
    forward_pass(k, p);
}

static void measure(double *reach, const params *p, const text *t)
{
    tape k;
    params grad;
    random_state r;
    real errors[READERS * HIDDEN];
    if (tape_alloc_for(&k, p, WARM + FAR, READERS) != 0
        || params_alloc_cell(&grad, p->cell, p->m, p->n, p->l) != 0) exit(1);
    random_seed(&r, SEED);
    for (size_t i = 0; i < READERS * HIDDEN; i++) errors[i] = (real)random_normal(&r);
    read_streams(&k, p, t);
    send_back(&k, &grad, p, errors);
    for (size_t d = 0; d <= FAR; d++) {
        double sum = 0;
        for (size_t b = 0; b < READERS; b++)
            sum += log(arrived(&k, k.T - d, b) / arrived(&k, k.T, b));
        reach[d] = exp(sum / READERS);
    }
    params_free(&grad);
    tape_free(&k);
}

/* Train each cell, and measure it twice */
static void study(finding *f, int kind, const text *t, size_t symbols)
{
    const settings s = { .cell = kind, .hidden = HIDDEN, .length = LENGTH, .streams = STREAMS,
                         .steps = STEPS, .rate = 0.005, .clip = 1, .optimiser = ADAM,
                         .schedule = COSINE };
    const size_t held = training_held_out(t->count);
    learner l;
    trainer r;
    double nats = 0;
    if (learner_alloc(&l, &s, symbols) != 0) exit(1);
    learner_start(&l, SEED);
    measure(f->reach[0], &l.theta, t);
    if (trainer_alloc(&r, &s, symbols, t, t->count - held, 2) != 0) exit(1);
    for (uint64_t k = 0; k < s.steps; k++) training_step(&r, &l, &s);
    trainer_free(&r);
    measure(f->reach[1], &l.theta, t);
    if (training_evaluate(&nats, &l.theta, t, t->count - held - 1, held + 1, 2) != 0) exit(1);
    f->bits = training_bits(nats, (double)held);
    learner_free(&l);
}

/* Write what was found about the cells */
static void write_reach(FILE *out, const finding *f)
{
    fprintf(out, "distance");
    for (int i = 0; i < CELLS; i++) fprintf(out, "\t%s\t%s-trained", cells_names[i], cells_names[i]);
    for (size_t d = 0; d <= FAR; d++) {
        fprintf(out, "\n%zu", d);
        for (int i = 0; i < CELLS; i++)
            fprintf(out, "\t%.4g\t%.4g", f[i].reach[0][d], f[i].reach[1][d]);
    }
    fputc('\n', out);
}

static void write_networks(FILE *out, const finding *f)
{
    fprintf(out, "cell\tbits\n");
    for (int i = 0; i < CELLS; i++) fprintf(out, "%s\t%.3f\n", cells_names[i], f[i].bits);
}

static int write_table(const char *prefix, const char *name, void (*write)(FILE *, const finding *),
                       const finding *f)
{
    char path[1000];
    snprintf(path, sizeof path, "%s-%s.tsv", prefix, name);
    FILE *out = fopen(path, "w");
    if (out) write(out, f);
    if (out && !(ferror(out) | fclose(out))) return 0;
    perror(path);
    return -1;
}

static int write_all(const char *prefix, const finding *f)
{
    return write_table(prefix, "networks", write_networks, f) | write_table(prefix, "reach", write_reach, f);
}

int main(int argc, char **argv)
{
    text t = { 0 };
    vocabulary v = { 0, NULL };
    fault f = { "usage: gates TEXT PREFIX" };
    finding found[CELLS];
    if (argc != 3 || text_read(&t, argv[1], &f) != 0 || vocabulary_alloc(&v, &t) != 0
        || text_number(&t, &v, argv[1], &f) != 0)
        return fprintf(stderr, "gates: %s\n", f.text), 1;
    for (int i = 0; i < CELLS; i++) study(&found[i], i, &t, v.count);
    const int failed = write_all(argv[2], found) != 0;
    vocabulary_free(&v);
    text_free(&t);
    return failed;
}
