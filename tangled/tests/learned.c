/* generated from chapters/105-learned.nw by noweb; do not edit */
#include <math.h>
#include <string.h>
#include "characters.h"
#include "counts.h"
#include "sampling.h"
#include "tables.h"
#include "training.h"

enum { HIDDEN = 128, LENGTH = 50, STREAMS = 8, SEED = 1, EVERY = 20, POINTS = 400 };
/* The text, and what is written about it */
typedef struct {
    text t;
    vocabulary v;
    uint32_t *symbols;
    size_t train, held;         // characters
    uint64_t readings;
    const char *prefix;         // of the tables
} study;

/* Read the text that is studied */
static void study_read(study *s, const char *path)
{
    fault f = {""};
    if (text_read(&s->t, path, &f) != 0 || vocabulary_alloc(&s->v, &s->t) != 0
        || text_number(&s->t, &s->v, path, &f) != 0
        || (s->symbols = calloc(s->t.count, sizeof *s->symbols)) == NULL) {
        fprintf(stderr, "learned: %s\n", f.text);
        exit(1);
    }
    for (size_t i = 0; i < s->t.count; i++) s->symbols[i] = text_symbol(&s->t, i);
    s->held = training_held_out(s->t.count);
    s->train = s->t.count - s->held;
}

/* Measure a network on two parts of the text */
/* Bits for a character of count, from the one behind first on. */
static double bits_from(const study *s, const params *p, size_t first, size_t count)
{
    double nats = 0;
    if (training_evaluate(&nats, p, &s->t, first, count + 1, 2) != 0) exit(1);
    return training_bits(nats, (double)count);
}

static double bits_of_train(const study *s, const params *p) { return bits_from(s, p, 0, s->train - 1); }

static double bits_of_held(const study *s, const params *p) { return bits_from(s, p, s->train - 1, s->held); }

/* Let the network speak as it learns */
enum { SPOKEN = 220 };

static void speak(const study *s, FILE *out, const params *p, double tau)
{
    sampler speaker;
    random_state r;
    const manner how = {.tau = tau, .length = SPOKEN};
    random_seed(&r, SEED);
    if (sampler_alloc(&speaker, p) != 0) exit(1);
    sampler_begin(&speaker, &s->v);
    sampler_speak(&speaker, out, &s->v, &how, &r);
    sampler_free(&speaker);
    fputs("\n\n", out);
}

/* Train, and measure on the way */
typedef struct {
    double train[POINTS + 1], held[POINTS + 1];     // bits
    size_t points, best;
    params kept;                                    // of the best point
} curve;

static void note(const study *s, curve *c, const learner *l)
{
    const size_t i = c->points++;
    c->train[i] = bits_of_train(s, &l->theta);
    c->held[i] = bits_of_held(s, &l->theta);
    if (i > 0 && !(c->held[i] < c->held[c->best])) return;
    c->best = i;
    memcpy(c->kept.block, l->theta.block, l->theta.count * sizeof(real));
}

static void speak_at(const study *s, FILE *out, const learner *l, uint64_t last, const curve *c)
{
    if (!out || !(l->step == 40 || l->step == 200 || l->step == last)) return;
    fprintf(out, "--- after %llu steps, %.2f bits\n\n", (unsigned long long)l->step,
            c->held[c->points - 1]);
    speak(s, out, &l->theta, 0.8);
}

/* c is filled in; spoken may be NULL. Release c->kept. */
static void learn(const study *s, curve *c, const settings *set, FILE *spoken)
{
    learner l;
    trainer r;
    memset(c, 0, sizeof *c);
    if (learner_alloc(&l, set, s->v.count) != 0
        || params_alloc(&c->kept, s->v.count, HIDDEN, s->v.count) != 0
        || trainer_alloc(&r, set, s->v.count, &s->t, s->train, 2) != 0) exit(1);
    learner_start(&l, SEED);
    note(s, c, &l);
    while (l.step < set->steps) {
        if (isnan(training_step(&r, &l, set))) exit(1);
        if (l.step % EVERY != 0 && l.step < set->steps) continue;
        note(s, c, &l);
        speak_at(s, spoken, &l, set->steps, c);
    }
    trainer_free(&r);
    learner_free(&l);
}

enum { RUNS = 4, LONG = RUNS - 1, LONGER = 3 };
static const struct { const char *name; int optimiser; double rate; int schedule; } RUN[RUNS] = {
    {"adam", ADAM, 0.0125, COSINE}, {"adagrad", ADAGRAD, 0.05, COSINE}, {"sgd", SGD, 1, COSINE},
    {"long", ADAM, 0.003, CONSTANT},
};

static settings settings_of(const study *s, int run)
{
    settings set = {.hidden = HIDDEN, .length = LENGTH, .streams = STREAMS, .rate = RUN[run].rate,
                    .clip = 1, .optimiser = RUN[run].optimiser, .schedule = RUN[run].schedule,
                    .seed = SEED};
    set.steps = s->readings * (run == LONG ? LONGER : 1) * training_chunks(&set, s->train);
    if (set.steps == 0 || set.steps > (POINTS - 1) * EVERY) {
        fputs("learned: the text is too short or the run too long\n", stderr);
        exit(1);
    }
    return set;
}

/* Write the curves */
static uint64_t step_of(const settings *set, size_t point)
{
    return point * EVERY < set->steps ? point * EVERY : set->steps;
}

static void write_runs(const study *s, const curve *c, const settings *set)
{
    FILE *out = table_open(s->prefix, "runs.tsv");
    fprintf(out, "run\tstart\tbest\tat\tend\ttrain\tsteps\tgap\tlost");
    for (int i = 0; i < RUNS; i++) {
        const size_t end = c[i].points - 1;
        fprintf(out, "\n%s\t%.4f\t%.4f\t%llu\t%.4f\t%.4f\t%llu\t%.4f\t%.4f", RUN[i].name, c[i].held[0],
                c[i].held[c[i].best], (unsigned long long)step_of(&set[i], c[i].best),
                c[i].held[end], c[i].train[end], (unsigned long long)set[i].steps,
                c[i].held[end] - c[i].train[end], c[i].held[end] - c[i].held[c[i].best]);
    }
    fputc('\n', out);
    table_close(out);
}

static void write_curve(const study *s, const curve *c, const settings *set, const char *name)
{
    FILE *out = table_open(s->prefix, name);
    fprintf(out, "step\ttrain\theld\tkept");
    for (size_t i = 0; i < c->points; i++)
        fprintf(out, "\n%llu\t%.4f\t%.4f\t%.4f", (unsigned long long)step_of(set, i), c->train[i],
                c->held[i], c->held[i < c->best ? i : c->best]);
    fputc('\n', out);
    table_close(out);
}

/* Cut the loss by a plane */
static void go_to(params *at, const params *start, const params *const *ends, const double *share)
{
    for (size_t i = 0; i < at->count; i++) {
        const double from = (double)start->block[i];
        double sum = from;
        for (int e = 0; e < 2; e++) sum += share[e] * ((double)ends[e]->block[i] - from);
        at->block[i] = (real)sum;
    }
}

static void write_between(const study *s, params *at, const params *start, const params *const *ends)
{
    FILE *out = table_open(s->prefix, "between.tsv");
    go_to(at, start, ends, (const double[]){0.5, 0.5});
    fprintf(out, "place\tbits\nhalf-way\t%.4f\n", bits_of_train(s, at));
    table_close(out);
}

enum { SIDE = 31 };         // points, from -0.25 to 1.25

static void write_plane(const study *s, const params *const *ends, const settings *set)
{
    learner start;
    params at;
    if (learner_alloc(&start, set, s->v.count) != 0
        || params_alloc(&at, s->v.count, HIDDEN, s->v.count) != 0) exit(1);
    learner_start(&start, SEED);
    FILE *out = table_open(s->prefix, "plane.tsv");
    fprintf(out, "u\tv\tbits\n");
    /* Measure every point of the grid */
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double share[] = {i % SIDE / 20. - 0.25, i / SIDE / 20. - 0.25};
        go_to(&at, &start.theta, ends, share);
        fprintf(out, "%.2f\t%.2f\t%.4f\n", share[0], share[1], bits_of_train(s, &at));
    }
    table_close(out);
    write_between(s, &at, &start.theta, ends);
    params_free(&at);
    learner_free(&start);
}

/* Sort characters by kind */
enum { LETTER, CAPITAL, SPACE, LINE, SIGN, KINDS };
static const char *const KIND[KINDS] =
    {"small letters", "capitals", "spaces", "ends of lines", "punctuation"};

static int kind_of(uint32_t code)
{
    return code >= 'a' && code <= 'z' ? LETTER : code >= 'A' && code <= 'Z' ? CAPITAL
         : code == ' ' ? SPACE : code == '\n' ? LINE : SIGN;
}

/* Charge network and tables */
enum { PLACES = 8, BEST_ORDER = 3 };        // letters of a word; of the best table
typedef struct { double count, network, tables[LONGEST + 1], both; } charge;
typedef struct { charge kind[KINDS], place[PLACES + 1], all; } charges;     // place 0: no letter

static void charge_add(charge *c, double q, const double *p)
{
    c->count++;
    c->network -= log2(q);
    c->both -= log2((q + p[BEST_ORDER]) / 2);
    for (size_t k = 0; k <= LONGEST; k++) c->tables[k] -= log2(p[k]);
}

static size_t place_in_word(const study *s, size_t at)
{
    size_t place = 0;
    while (place < PLACES && place <= at && kind_of(s->v.codes[s->symbols[at - place]]) <= CAPITAL)
        place++;
    return place;
}

/* The network reads the last characters before the held-out part, and then that part. */
static void charge_all(const study *s, charges *c, const params *theta)
{
    const size_t m = s->v.count;
    double p[LONGEST + 1], *counts = calloc((LONGEST + 1) * m, sizeof *counts);
    int known[LONGEST + 1];
    sampler listener;
    if (!counts || sampler_alloc(&listener, theta) != 0) exit(1);
    memset(c, 0, sizeof *c);
    for (size_t at = s->train / 2; at < s->t.count; at++) {
        if (at >= s->train) {
            /* Charge for one character */
            tables_predict(p, known, counts, s->symbols, s->train, at, m);
            sampling_distribution(listener.q, listener.step.z_y, 1, m);
            const double q = (double)listener.q[s->symbols[at]];
            charge_add(&c->all, q, p);
            charge_add(&c->kind[kind_of(s->v.codes[s->symbols[at]])], q, p);
            charge_add(&c->place[place_in_word(s, at)], q, p);
        }
        sampler_read(&listener, s->symbols[at]);
    }
    sampler_free(&listener);
    free(counts);
}

/* Write who goes wrong where */
static void write_charge(FILE *out, const char *name, const charge *c, double of)
{
    fprintf(out, "%s\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\n", name, c->count, 100 * c->network / of,
            c->network / c->count, c->tables[BEST_ORDER] / c->count, c->both / c->count);
}

static void write_kinds(const study *s, const charges *c)
{
    FILE *out = table_open(s->prefix, "kinds.tsv");
    fprintf(out, "kind\tcharacters\tshare\tnetwork\ttable\tboth\n");
    for (int i = 0; i < KINDS; i++) write_charge(out, KIND[i], &c->kind[i], c->all.network);
    write_charge(out, "all", &c->all, c->all.network);
    table_close(out);
    out = table_open(s->prefix, "places.tsv");
    fprintf(out, "place\tcharacters\tshare\tnetwork\ttable\tboth\n");
    for (size_t i = 1; i <= PLACES; i++)
        write_charge(out, (char[]){(char)('0' + i), 0}, &c->place[i], c->all.network);
    table_close(out);
}

static void write_orders(const study *s, const charges *c)
{
    FILE *out = table_open(s->prefix, "orders.tsv");
    fprintf(out, "length\ttable\tnetwork\tboth\n");
    for (size_t k = 0; k <= LONGEST; k++)
        fprintf(out, "%zu\t%.4f\t%.4f\t%.4f\n", k, c->all.tables[k] / c->all.count,
                c->all.network / c->all.count, c->all.both / c->all.count);
    table_close(out);
}

/* Look at the units */
enum { COLUMN, NAME, WORD, VOWEL, FEATURES };
static const char *const FEATURE[FEATURES] =
    {"place in the line", "speaker's name", "place in the word", "vowel just read"};

/* Of the character `at` that has just been read. */
static double feature(const study *s, size_t at, int which)
{
    const uint32_t code = s->v.codes[s->symbols[at]];
    size_t first = at, last = at, small = 0;
    while (first > 0 && s->v.codes[s->symbols[first - 1]] != '\n') first--;
    while (last < s->t.count && s->v.codes[s->symbols[last]] != '\n')
        small += kind_of(s->v.codes[s->symbols[last++]]) == LETTER;
    for (size_t i = first; i < at; i++) small += kind_of(s->v.codes[s->symbols[i]]) == LETTER;
    switch (which) {
    case COLUMN: return code == '\n' ? 0 : (double)(at - first + 1);
    case NAME: return code != '\n' && small == 0;
    case WORD: return (double)place_in_word(s, at);
    default: return code < 128 && strchr("aeiouAEIOU", (int)code) != NULL;
    }
}

/* Of column j of states (count × n) with the features of characters from `first` on. */
static double correlation(const study *s, const real *states, size_t j, size_t first,
                          size_t count, int which)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        const double h = (double)states[i * HIDDEN + j], f = feature(s, first + i, which);
        x += h;
        y += f;
        xx += h * h;
        yy += f * f;
        xy += h * f;
    }
    const double N = (double)count;
    return (xy - x * y / N) / sqrt((xx - x * x / N) * (yy - y * y / N));
}

/* The states (count × n) of a network that reads the text from `first` on. */
static void read_states(const study *s, real *states, const params *theta, size_t first,
                        size_t count)
{
    sampler listener;
    if (sampler_alloc(&listener, theta) != 0) exit(1);
    for (size_t i = 0; i < count; i++) {
        sampler_read(&listener, s->symbols[first + i]);
        memcpy(states + i * HIDDEN, listener.step.h, HIDDEN * sizeof(real));
    }
    sampler_free(&listener);
}

typedef struct { size_t unit[FEATURES]; double chosen[FEATURES], again[FEATURES]; } found;

/* states (2·held × n): of as much of the training text as is held out, and of what is held out. */
static void find_units(const study *s, found *f, const real *states)
{
    memset(f, 0, sizeof *f);
    for (int which = 0; which < FEATURES; which++) {
        for (size_t j = 0; j < HIDDEN; j++) {
            const double r = correlation(s, states, j, 0, s->held, which);
            if (fabs(r) <= fabs(f->chosen[which])) continue;
            f->chosen[which] = r;
            f->unit[which] = j;
        }
        f->again[which] = correlation(s, states + s->held * HIDDEN, f->unit[which], s->train,
                                      s->held, which);
    }
}

static void write_units(const study *s, const found *f)
{
    FILE *out = table_open(s->prefix, "units.tsv");
    fprintf(out, "what\tunit\tcorrelation\theld\n");
    for (int i = 0; i < FEATURES; i++)
        fprintf(out, "%s\t%zu\t%.2f\t%.2f\n", FEATURE[i], f->unit[i] + 1, f->chosen[i],
                f->again[i]);
    table_close(out);
}

/* Paint a passage */
enum { PAINTED = 10, SKIPPED = 900 };

/* A cell for each character of some lines: panel, row, column, how dark in per cent, code. */
static void paint(const study *s, FILE *out, int panel, const real *states, size_t unit, double sign)
{
    size_t i = SKIPPED, row = 0, column = 0;
    while (i < s->held && s->v.codes[s->symbols[s->train + i - 1]] != '\n') i++;
    for (; i < s->held && row < PAINTED; i++) {
        const uint32_t code = s->v.codes[s->symbols[s->train + i]];
        const double h = sign * (double)states[i * HIDDEN + unit];
        fprintf(out, "\\cell{%d}{%zu}{%zu}{%.0f}{%u}\n", panel, row, column++, 50 * (1 + h),
                code == '\n' ? 182 : code);
        if (code == '\n') row++, column = 0;
    }
}

static void write_units_painted(const study *s, const found *f, const real *states)
{
    const int painted[] = {NAME, WORD};
    FILE *out = table_open(s->prefix, "units.tikz");
    for (int i = 0; i < 2; i++)
        paint(s, out, i, states + s->held * HIDDEN, f->unit[painted[i]],
              f->chosen[painted[i]] < 0 ? -1 : 1);
    table_close(out);
}

/* Measure what the spans lose */
static double bits_in_one_stream(const study *s, const params *theta)
{
    double bits = 0;
    sampler listener;
    if (sampler_alloc(&listener, theta) != 0) exit(1);
    for (size_t at = 0; at + 1 < s->t.count; at++) {
        sampler_read(&listener, s->symbols[at]);
        sampling_distribution(listener.q, listener.step.z_y, 1, s->v.count);
        bits -= log2((double)listener.q[s->symbols[at + 1]]);
    }
    sampler_free(&listener);
    return bits / (double)(s->t.count - 1);
}

static void write_spans(const study *s, const params *theta)
{
    FILE *out = table_open(s->prefix, "spans.tsv");
    double nats = 0, one = bits_in_one_stream(s, theta);
    if (training_evaluate(&nats, theta, &s->t, 0, s->t.count, 2) != 0) exit(1);
    const double spans = training_bits(nats, (double)(s->t.count - 1));
    fprintf(out, "text\tspans\tone\tapart\n%s\t%.7f\t%.7f\t%.0e\n", "whole", spans, one, fabs(spans - one));
    table_close(out);
}

/* Study a text */
static void study_units(const study *s, const params *theta)
{
    found f;
    real *states = calloc(2 * s->held * HIDDEN, sizeof *states);
    if (!states) exit(1);
    read_states(s, states, theta, 0, s->held);
    read_states(s, states + s->held * HIDDEN, theta, s->train, s->held);
    find_units(s, &f, states);
    write_units(s, &f);
    write_units_painted(s, &f, states);
    free(states);
}

static void study_temperatures(const study *s, const params *theta)
{
    const double tau[] = {0.3, 0.8, 1.3};
    FILE *out = table_open(s->prefix, "temperatures.txt");
    for (int i = 0; i < 3; i++) {
        fprintf(out, "--- at a temperature of %.1f\n\n", tau[i]);
        speak(s, out, theta, tau[i]);
    }
    table_close(out);
}

static void study_runs(const study *s, curve *c)
{
    settings set[RUNS];
    FILE *spoken = table_open(s->prefix, "moments.txt");
    for (int i = 0; i < RUNS; i++) {
        set[i] = settings_of(s, i);
        learn(s, &c[i], &set[i], i == 0 ? spoken : NULL);
    }
    table_close(spoken);
    write_runs(s, c, set);
    write_curve(s, &c[0], &set[0], "adam.tsv");
    write_curve(s, &c[1], &set[1], "adagrad.tsv");
    write_curve(s, &c[2], &set[2], "sgd.tsv");
    write_curve(s, &c[LONG], &set[LONG], "long.tsv");
    write_plane(s, (const params *const[]){&c[0].kept, &c[1].kept}, &set[0]);
}

int main(int argc, char **argv)
{
    study s = {.prefix = argc == 4 ? argv[2] : NULL};
    curve *c = calloc(RUNS, sizeof *c);
    charges charged;
    if (!s.prefix || !c || (s.readings = strtoul(argv[3], NULL, 10)) == 0) {
        fputs("usage: learned TEXT PREFIX READINGS\n", stderr);
        return 2;
    }
    study_read(&s, argv[1]);
    study_runs(&s, c);
    charge_all(&s, &charged, &c[0].kept);
    write_kinds(&s, &charged);
    write_orders(&s, &charged);
    write_spans(&s, &c[0].kept);
    study_units(&s, &c[0].kept);
    study_temperatures(&s, &c[0].kept);
    /* Free what was studied */
    for (int i = 0; i < RUNS; i++) params_free(&c[i].kept);
    free(c);
    free(s.symbols);
    vocabulary_free(&s.v);
    text_free(&s.t);
    return 0;
}
