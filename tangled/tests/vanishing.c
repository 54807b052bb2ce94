/* generated from chapters/081-vanishing.nw by noweb; do not edit */
#include "characters.h"
#include "descent.h"
#include "hidden.h"
#include "tables.h"
#include "training.h"
#include "vanishing.h"
#include <stdio.h>

enum { HIDDEN = 64, WARM = 50, FAR = 50, READERS = 8, SEED = 1 };
enum { LONG = 256, CUTS = 8, LENGTH = 50, STREAMS = 16, STEPS = 600, CLIP_STEPS = 300 };
/* Name the kinds of recurrent weights */
enum { BELOW, AT, ABOVE, DRAWN, ORTHOGONAL, IDENTITY, KINDS };
static const struct { const char *name; double radius; } KIND[KINDS] = {
    {"below", 0.8}, {"at", 1}, {"above", 2}, {"drawn", 0}, {"orthogonal", 0}, {"identity", 0},
};
typedef struct {
    double radius, sigma;           // of W_hh
    double slope, bits;             // the mean of 1 - h²; of a held-out character
    double reach[FAR + 1], bound[FAR + 1];
    double angle[CUTS];             // in degrees, for pieces of 1, 2, 4, … steps
} findings;

/* Set the recurrent weights */
static void set_recurrent(params *p, int kind)
{
    random_state r;
    random_seed(&r, SEED + 1);
    const size_t n = p->n;
    const real scale = (real)(KIND[kind].radius / spectral_radius(p->W_hh, n));
    if (kind == ORTHOGONAL) draw_orthogonal(p->W_hh, n, &r);
    for (size_t i = 0; i < n * n; i++) {
        if (kind == IDENTITY) p->W_hh[i] = i % (n + 1) == 0;
        if (kind < DRAWN) p->W_hh[i] *= scale;
    }
}

/* Put a piece of each stream on the tape */
static void put_piece(tape *k, const text *t, size_t from)
{
    const size_t apart = t->count / (k->B + 1);
    for (size_t r = 0; r < k->T * k->B; r++) {
        const size_t at = from + r % k->B * apart + r / k->B;
        k->x[r] = text_symbol(t, at);
        k->y[r] = text_symbol(t, at + 1);
    }
}

/* Find out how far a gradient reaches */
static void find_reach(findings *f, const params *p, const text *t)
{
    tape k;
    if (tape_alloc(&k, WARM + FAR, READERS, p->m, p->n, p->l) != 0) exit(1);
    put_piece(&k, t, 0);
    forward_pass(&k, p);
    for (size_t b = 0; b < READERS; b++) follow(f->reach, f->bound, p, &k, b, WARM, FAR);
    /* Take the means over the streams */
    for (size_t d = 0; d <= FAR; d++) {
        f->reach[d] = exp(f->reach[d] / READERS);
        f->bound[d] = exp(f->bound[d] / READERS);
    }
    const size_t count = FAR * READERS * k.n;
    for (size_t i = 0; i < count; i++) {
        const double h = (double)k.h[(WARM + 1) * READERS * k.n + i];
        f->slope += (1 - h * h) / (double)count;
    }
    tape_free(&k);
}

/* Find out what cuts do */
/* Adds to g the gradient on LONG steps, in pieces of T; the states are carried. eq:cut */
static void gradient_in_pieces(params *g, const params *p, const text *t, size_t T)
{
    tape k;
    if (tape_alloc(&k, T, STREAMS, p->m, p->n, p->l) != 0) exit(1);
    const size_t rows = k.B * k.n;
    for (size_t from = 0; from < LONG; from += T) {
        put_piece(&k, t, from);
        bptt(&k, g, p);
        memcpy(k.h, k.h + T * rows, rows * sizeof(real));
    }
    tape_free(&k);
}

static void find_angles(findings *f, const params *p, const text *t)
{
    params whole, cut;
    if (params_alloc(&whole, p->m, p->n, p->l) != 0
        || params_alloc(&cut, p->m, p->n, p->l) != 0) exit(1);
    gradient_in_pieces(&whole, p, t, LONG);
    for (int i = 0; i < CUTS; i++) {
        memset(cut.block, 0, cut.count * sizeof(real));
        gradient_in_pieces(&cut, p, t, (size_t)1 << i);
        f->angle[i] = angle_between(cut.W_hh, whole.W_hh, p->n * p->n);
    }
    params_free(&whole);
    params_free(&cut);
}

/* Train a network, and watch its gradients */
static double held_out_bits(const params *p, const text *t)
{
    double nats = 0;
    const size_t held = training_held_out(t->count);
    if (training_evaluate(&nats, p, t, t->count - held - 1, held + 1, 2) != 0) exit(1);
    return training_bits(nats, (double)held);
}

/* norms (1 × steps) may be NULL. Returns the bits of a held-out character. */
static double train(learner *l, const settings *s, const text *t, double *norms)
{
    const double characters = (double)(s->length * s->streams);
    const size_t count = t->count - training_held_out(t->count), p = l->theta.count;
    trainer r;
    if (trainer_alloc(&r, s, l->theta.m, t, count, 2) != 0) exit(1);
    for (uint64_t k = 0; k < s->steps; k++) {
        /* Take a step, and note the length of its gradient */
        const double loss = training_gradient(&r, l, s);
        real *g = r.shards[0].gradient.block;
        if (norms) norms[k] = (double)descent_clip(g, (real)INFINITY, p) / characters;
        if (training_update(&r, l, s, loss) != 0) exit(1);
    }
    trainer_free(&r);
    return held_out_bits(&l->theta, t);
}

/* Find out all about one network */
static void find_all(findings *f, const params *p, const text *t, double bits)
{
    *f = (findings){.radius = spectral_radius(p->W_hh, p->n),
                    .sigma = largest_singular(p->W_hh, p->n), .bits = bits};
    find_reach(f, p, t);
    find_angles(f, p, t);
}

/* Of one kind, untrained and trained. */
static void find_both(findings *f, int kind, const text *t, size_t symbols)
{
    const settings s = {.hidden = HIDDEN, .length = LENGTH, .streams = STREAMS, .steps = STEPS,
                        .rate = 0.005, .clip = 1, .optimiser = ADAM, .schedule = COSINE};
    learner l;
    if (learner_alloc(&l, &s, symbols) != 0) exit(1);
    learner_start(&l, SEED);
    set_recurrent(&l.theta, kind);
    find_all(&f[0], &l.theta, t, held_out_bits(&l.theta, t));
    if (kind >= DRAWN) find_all(&f[1], &l.theta, t, train(&l, &s, t, NULL));
    learner_free(&l);
}

/* Write the tables of the networks */
static void write_reach(const char *prefix, findings (*f)[2])
{
    FILE *out = table_open(prefix, "reach.tsv");
    fprintf(out, "distance");
    for (int i = 0; i < KINDS; i++)
        fprintf(out, "\t%s\tbound-%s\t%s-trained", KIND[i].name, KIND[i].name, KIND[i].name);
    for (size_t d = 0; d <= FAR; d++) {
        fprintf(out, "\n%zu", d);
        for (int i = 0; i < KINDS; i++)
            fprintf(out, "\t%.4g\t%.4g\t%.4g", f[i][0].reach[d], f[i][0].bound[d],
                    f[i][1].reach[d]);
    }
    table_close(out);
}

static void write_networks(const char *prefix, findings (*f)[2])
{
    FILE *out = table_open(prefix, "networks.tsv");
    fprintf(out, "network\tradius\tsigma\tslope\tbits\n");
    for (int i = 0; i < KINDS; i++)
        for (int trained = 0; trained <= (i >= DRAWN); trained++) {
            const findings *g = &f[i][trained];
            fprintf(out, "%s%s\t%.3f\t%.3f\t%.3f\t%.2f\n", KIND[i].name, trained ? "-trained" : "",
                    g->radius, g->sigma, g->slope, g->bits);
        }
    table_close(out);
}

/* Train with clipping and without */
static double run(double *norms, const text *t, size_t symbols, double bound)
{
    const settings s = {.hidden = HIDDEN, .length = LENGTH, .streams = READERS, .steps = CLIP_STEPS,
                        .rate = 2, .clip = bound, .optimiser = SGD, .schedule = CONSTANT};
    learner l;
    if (learner_alloc(&l, &s, symbols) != 0) exit(1);
    learner_start(&l, SEED);
    const double bits = train(&l, &s, t, norms);
    learner_free(&l);
    return bits;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void write_run(FILE *out, const char *name, const double *norms, double bound, double bits)
{
    double sorted[CLIP_STEPS], over = 0;
    memcpy(sorted, norms, sizeof sorted);
    qsort(sorted, CLIP_STEPS, sizeof *sorted, by_size);
    for (size_t k = 0; k < CLIP_STEPS; k++) over += sorted[k] > bound;
    fprintf(out, "%s\t%g\t%.3f\t%.3f\t%.1f\t%.3f\n", name, bound, sorted[CLIP_STEPS / 2],
            sorted[CLIP_STEPS - 1], 100 * over / CLIP_STEPS, bits);
}

static void write_runs(const char *prefix, const text *t, size_t symbols)
{
    const double bound = 0.5;
    double free_norms[CLIP_STEPS], norms[CLIP_STEPS];
    const double free_bits = run(free_norms, t, symbols, 0), bits = run(norms, t, symbols, bound);
    /* Write the lengths of both runs */
    FILE *lengths = table_open(prefix, "clip.tsv");
    fprintf(lengths, "step\tfree\tclipped\tbound\n");
    for (size_t k = 0; k < CLIP_STEPS; k++)
        fprintf(lengths, "%zu\t%.4g\t%.4g\t%g\n", k + 1, free_norms[k], norms[k], bound);
    table_close(lengths);
    FILE *out = table_open(prefix, "runs.tsv");
    fprintf(out, "run\tbound\tmedian\tlargest\tover\tbits\n");
    write_run(out, "free", free_norms, bound, free_bits);
    write_run(out, "clipped", norms, bound, bits);
    table_close(out);
}

/* Write all tables */
static void write_cuts(const char *prefix, findings (*f)[2])
{
    FILE *out = table_open(prefix, "cut.tsv");
    fprintf(out, "T");
    for (int i = DRAWN; i < KINDS; i++)
        fprintf(out, "\t%s\t%s-trained", KIND[i].name, KIND[i].name);
    for (int c = 0; c < CUTS; c++) {
        fprintf(out, "\n%d", 1 << c);
        for (int i = DRAWN; i < KINDS; i++)
            fprintf(out, "\t%.2f\t%.2f", f[i][0].angle[c], f[i][1].angle[c]);
    }
    table_close(out);
}

int main(int argc, char **argv)
{
    text t = {0};
    vocabulary v = {0, NULL};
    fault f = {"usage: vanishing TEXT PREFIX"};
    findings found[KINDS][2] = {0};
    if (argc != 3 || text_read(&t, argv[1], &f) != 0 || vocabulary_alloc(&v, &t) != 0
        || text_number(&t, &v, argv[1], &f) != 0)
        return fprintf(stderr, "vanishing: %s\n", f.text), 1;
    for (int i = 0; i < KINDS; i++) find_both(found[i], i, &t, v.count);
    /* Write one table after the other */
    write_reach(argv[2], found);
    write_networks(argv[2], found);
    write_cuts(argv[2], found);
    write_runs(argv[2], &t, v.count);
    vocabulary_free(&v);
    text_free(&t);
    return 0;
}
