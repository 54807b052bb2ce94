/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "evaluate.h"
#include "random.h"
#include <ctype.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory for values */
static const node *node_at(const instance *in, int tree) { return &in->th->nodes[tree]; }

static const notation_row *symbol_of(const instance *in, const node *k)
{
    return &in->th->symbols[k->symbol];
}

const double TOLERANCE = 1e-14;
enum { VALUE_MAX = 4096 };

static value failed_value(instance *in, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static value failed_value(instance *in, int column, const char *format, ...)
{
    if (!in->failed) {
        va_list list;
        va_start(list, format);
        vsnprintf(in->message, sizeof in->message, format, list);
        va_end(list);
        in->failed = FAILED;
        in->column = column;
    }
    return (value){ 0 };
}

static value no_value(instance *in, int column, enum outcome why, const char *message)
{
    const int first = !in->failed;
    failed_value(in, column, "%s", message);
    if (first) in->failed = why;
    return (value){ 0 };
}

enum { FIRST_BLOCK = 1 << 16 };

/* Zeros; NULL beyond the limit, or if there is no memory. */
static void *take_from(arena *a, size_t bytes)
{
    size_t from = 0, size = FIRST_BLOCK, start;     // of block i, and of the room in it
    int i = 0;
    bytes = (bytes + 15) & ~(size_t)15;
    while ((start = a->used > from ? a->used : from) + bytes > from + size) {
        if (++i == BLOCKS_MAX) return NULL;
        from += size;
        size *= 2;
    }
    if (start + bytes > a->limit) return NULL;
    if (a->block[i] == NULL && (a->block[i] = malloc(size)) == NULL) return NULL;
    a->used = start + bytes;
    return memset(a->block[i] + (start - from), 0, bytes);
}

static void free_arena(arena *a)
{
    for (int i = 0; i < BLOCKS_MAX; i++) free(a->block[i]);
}

static void *take(instance *in, size_t bytes) { return take_from(&in->scratch, bytes); }
static void *keep(instance *in, size_t bytes) { return take_from(&in->kept, bytes); }

int value_count(const value *x)
{
    return x->rank == 0 ? 0 : x->d[0] * x->d[1] * (x->rank == 3 ? x->d[2] : 1);
}

static value new_value(instance *in, int rank, int a, int b, int c)
{
    value x = { rank, { a, b, c }, NULL, NULL, NULL };
    int count = value_count(&x);
    if (count < 0 || count > VALUE_MAX) return failed_value(in, 0, "a value is too large");
    in->work += count;
    x.v = take(in, (size_t)count * (2 * sizeof *x.v + 2 * sizeof *x.least));
    if (x.v == NULL) return failed_value(in, 0, "the equation needs too much memory");
    x.scale = x.v + count;
    x.least = (double *)(x.scale + count);
    return x;
}

static value matrix(instance *in, int rows, int columns)
{
    return new_value(in, 2, rows, columns, 0);
}

/* Numbers with their rounding */
typedef struct {
    double re, im;              // the number; the imaginary part is a derivative times the step
    double s, t;                // the scales of the two
    double l;                   // the scale of the least of its terms, or 0: it is no sum
    double f;                   // … and of the faintest, when all products are multiplied out
} rounded;

static rounded exactly(double complex x)
{
    return (rounded){ creal(x), cimag(x), fabs(creal(x)), fabs(cimag(x)), 0, 0 };
}

static rounded undefined_number(void) { return exactly(NAN); }
static rounded out_of_reach(void) { return exactly(INFINITY); }
static rounded number_at(const value *x, int i)
{
    if (!x->scale) return exactly(x->v[i]);
    return (rounded){ creal(x->v[i]), cimag(x->v[i]), creal(x->scale[i]), cimag(x->scale[i]),
                      x->least ? x->least[2 * i] : 0, x->least ? x->least[2 * i + 1] : 0 };
}

/* Part by part: times I, what is infinite would become undefined. */
static void set_parts(double complex *z, double re, double im)
{
    double *parts = (double *)z;
    parts[0] = re;
    parts[1] = im;
}

static void set_number(value *x, int i, rounded a)
{
    set_parts(&x->v[i], a.re, a.im);
    set_parts(&x->scale[i], a.s, a.t);
    if (x->least) x->least[2 * i] = a.l, x->least[2 * i + 1] = a.f;
}

static double least_term(rounded a) { return a.l > 0 ? a.l : a.s; }
static double faintest_term(rounded a) { return a.f > 0 ? a.f : fabs(a.re); }

static double lesser(double x, double y) { return (x < y && x > 0) || !(y > 0) ? x : y; }

/* The share of the least term in a number; 1 if it is no sum. */
static double least_share(rounded a) { return a.l > 0 ? a.l / a.s : 1; }
static rounded plus(rounded a, rounded b)
{
    return (rounded){ a.re + b.re, a.im + b.im, a.s + b.s, a.t + b.t,
                      lesser(least_term(a), least_term(b)),
                      lesser(faintest_term(a), faintest_term(b)) };
}

static rounded minus(rounded a, rounded b)
{
    b.re = -b.re, b.im = -b.im;
    return plus(a, b);
}

static rounded times(rounded a, rounded b)
{
    rounded c = { a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, 0, 0, 0, 0 };
    c.s = fabs(a.re) * b.s + a.s * fabs(b.re);
    c.t = fabs(a.re) * b.t + a.s * fabs(b.im) + fabs(a.im) * b.s + a.t * fabs(b.re);
    if (fabs(c.re) < DBL_MIN && fabs(a.re) > 0 && fabs(b.re) > 0) return out_of_reach();
    if (!(a.l > 0 || b.l > 0)) return c;
    c.l = fmin(least_share(a), least_share(b)) * c.s;
    c.f = faintest_term(a) * faintest_term(b);
    return c;
}

static int may_be_zero(rounded a) { return fabs(a.re) <= TOLERANCE * a.s; }

static rounded inverse(rounded a)
{
    const double square = a.re * a.re + a.im * a.im;
    if (isinf(a.s)) return a;
    if (may_be_zero(a)) return fabs(a.re) > 0 ? out_of_reach() : undefined_number();
    rounded b = { a.re / square, -a.im / square, a.s / square,
                  a.t / square + 2 * fabs(a.im) * a.s / (square * fabs(a.re)), 0, 0 };
    b.l = a.l / square;
    b.f = a.f / square;
    return b;
}

/* f(x), whose value, slope and curvature are given. */
static rounded through(rounded x, double complex f, double slope, double curvature)
{
    return (rounded){ creal(f), cimag(f), fabs(creal(f)) + fabs(slope) * x.s,
                      fabs(cimag(f)) + fabs(slope) * x.t + fabs(curvature * x.im) * x.s,
                      fabs(slope) * x.l, fabs(slope) * x.f };
}

/* Runs of the network */
struct run {
    int symbol, index, entry;       // the disturbed entry; symbol -1: none
    double complex nudge;
    int own, immediate;             // ∂⁺: the first step that is computed anew
    int passing;                    // not in the table: its values are scratch
    value *cell;                    // values found so far; in->cells of them
};

typedef struct {
    instance *in;
    run *r;
    int at[128];                    // values of index letters
    int depth;
    int step;                       // the index of the symbol that is computed
} context;

static run *new_run(instance *in, run key)
{
    void *(*get)(instance *, size_t) = key.passing ? take : keep;
    run *r = get(in, sizeof *r);
    if (r == NULL) return NULL;
    *r = key;
    r->cell = get(in, (size_t)in->cells * sizeof *r->cell);
    return r->cell ? r : NULL;
}

static int same_run(const run *a, const run *b)
{
    return a->symbol == b->symbol && a->index == b->index && a->entry == b->entry
           && a->own == b->own && a->immediate == b->immediate;
}

static run *find_run(instance *in, run key)
{
    unsigned hash = (unsigned)(key.symbol * 8191 + key.index * 1021 + key.entry * 127
                               + key.own * 17 + key.immediate) % RUNS_MAX;
    for (;; hash = (hash + 1) % RUNS_MAX) {
        if (in->runs[hash] && same_run(in->runs[hash], &key)) return in->runs[hash];
        if (in->runs[hash]) continue;
        if (in->run_count == RUNS_MAX - 1) return NULL;
        in->run_count++;
        return in->runs[hash] = new_run(in, key);
    }
}

static void forget_runs(instance *in)
{
    memset(in->runs, 0, sizeof in->runs);
    in->run_count = 0;
    in->kept.used = 0;
}

static run *undisturbed(instance *in)
{
    return find_run(in, (run){ .symbol = -1 });
}

/* Definitions */
enum { DEFINITIONS_MAX = 200 };
typedef struct definition {
    int symbol, right;
    index_expr index;
    char row, column;           // letters of an entry, if it is defined entry by entry
    condition condition[CONDITIONS_MAX];
    int conditions;             // it holds where all of them do
} definition;

int evaluate_alloc(theory *th)
{
    th->definitions = calloc(DEFINITIONS_MAX, sizeof *th->definitions);
    return th->definitions && th->symbol_count <= SYMBOLS_MAX ? 0 : -1;
}

void evaluate_free(theory *th)
{
    free(th->definitions);
}

/* Notes the letters in d; 0 if the indices are not letters that differ. */
static int letters_of_entry(const node *entry, definition *d)
{
    const index_expr x = entry->component, y = entry->second;
    d->row = x.minus || x.offset ? 0 : x.base;
    d->column = !entry->pair || y.minus || y.offset ? 0 : y.base;
    return d->row && (!entry->pair || (d->column && d->column != d->row));
}

static int is_bound(const theory *th, const definition *d, index_expr x)
{
    const char letters[] = { d->index.base, d->row, d->column };
    const int fixed = !x.base || grammar_axis(th, x.base, AXIS_ANY);
    return (fixed || memchr(letters, x.base, 3)) && (!x.minus || memchr(letters, x.minus, 3));
}

static int take_conditions(const theory *th, definition *d, const equation *e)
{
    for (int i = 0; i < e->conditions; i++) {
        const condition *c = &e->condition[i];
        if (!is_bound(th, d, c->left) || !is_bound(th, d, c->right)) return -1;
        d->condition[d->conditions++] = *c;
    }
    return 0;
}

int evaluate_define(theory *th, const equation *e)
{
    const node *left = &th->nodes[e->member[0]];
    definition d = { .right = e->member[1] };
    if (left->kind == N_ENTRY && th->own && letters_of_entry(left, &d))
        left = &th->nodes[left->left];
    if (left->kind != N_SYMBOL || th->definition_count == DEFINITIONS_MAX) return -1;
    d.symbol = left->symbol;
    d.index = left->index;
    if (take_conditions(th, &d, e) != 0) return -1;
    th->definitions[th->definition_count++] = d;
    return 0;
}

/* Does the tree mention a marked symbol, at another step than `offset` if `elsewhere`? */
static int mentions_marked(theory *th, int tree, const char *marked, int elsewhere, int offset)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL && marked[k->symbol]
        && (!elsewhere || (th->symbols[k->symbol].indexed && k->index.offset != offset))) return 1;
    return mentions_marked(th, k->left, marked, elsewhere, offset)
           || mentions_marked(th, k->right, marked, elsewhere, offset);
}

int evaluate_recurrent(theory *th, int parameter)
{
    char marked[SYMBOLS_MAX] = { 0 };
    marked[parameter] = 1;
    for (int round = 0; round < th->definition_count; round++)
        for (int i = 0; i < th->definition_count; i++)
            if (mentions_marked(th, th->definitions[i].right, marked, 0, 0))
                marked[th->definitions[i].symbol] = 1;
    for (int i = 0; i < th->definition_count; i++)
        if (marked[th->definitions[i].symbol]
            && th->nodes[th->definitions[i].right].kind != N_DERIVATIVE
            && mentions_marked(th, th->definitions[i].right, marked, 1,
                               th->definitions[i].index.offset)) return 1;
    return 0;
}

static int holds(const instance *in, const condition *k, const int *at)
{
    int x = evaluate_index(in, at, k->left), y = evaluate_index(in, at, k->right);
    switch (k->relation) {
    case '<': return x < y;
    case '>': return x > y;
    case 'l': return x <= y;
    case 'g': return x >= y;
    case '=': return x == y;
    default: return x != y;
    }
}

static int applies_at(const instance *in, const definition *d, const int *at, int to_entries)
{
    for (int i = 0; i < d->conditions; i++) {
        const condition *c = &d->condition[i];
        const char letters[] = { c->left.base, c->left.minus, c->right.base, c->right.minus };
        const int about_entry = (d->row && memchr(letters, d->row, 4))
            || (d->column && memchr(letters, d->column, 4));
        if (about_entry == to_entries && !holds(in, c, at)) return 0;
    }
    return 1;
}

static int exists(const instance *in, int tree, const int *at, const char *letters);

/* The definition of a symbol at an index, with its letter bound in at; or -1. */
static int definition_of(const instance *in, int symbol, int index, int *at)
{
    for (int rules = 0; rules < 2; rules++)
        for (int i = 0; i < in->th->definition_count; i++) {
            if (in->th->definitions[i].symbol != symbol) continue;
            index_expr x = in->th->definitions[i].index;
            int rule = x.base && !grammar_axis(in->th, x.base, AXIS_COUNTS);
            char letter[2] = { x.base, 0 };
            if (rule != rules) continue;
            if (rule) at[(int)x.base] = index - x.offset;
            else if (evaluate_index(in, at, x) != index) continue;
            if (!applies_at(in, &in->th->definitions[i], at, 0)) continue;
            if (!rule || exists(in, in->th->definitions[i].right, at, letter)) return i;
        }
    return -1;
}

/* Does the tree mention the symbol at this very index? */
static int mentions(theory *th, int tree, const node *what)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    const index_expr x = k->index, y = what->index;
    const int same_index = x.base == y.base && x.minus == y.minus && x.offset == y.offset
        && x.plus == y.plus;
    return (k->kind == N_SYMBOL && k->symbol == what->symbol && same_index)
           || mentions(th, k->left, what) || mentions(th, k->right, what);
}

/* Refuses derivatives by what nothing is computed from. */
static void check_derivatives(instance *in, int tree)
{
    if (tree == NONE_NODE || in->failed) return;
    const node *k = node_at(in, tree);
    check_derivatives(in, k->left);
    check_derivatives(in, k->right);
    if (k->kind != N_DERIVATIVE || mentions(in->th, k->left, node_at(in, k->right))) return;
    char marked[SYMBOLS_MAX] = { 0 };
    marked[in->th->nodes[k->right].symbol] = 1;
    for (int i = 0; i < in->th->definition_count; i++)
        if (mentions_marked(in->th, in->th->definitions[i].right, marked, 0, 0)) return;
    failed_value(in, k->column,
                 "nothing is computed from %s in the definitions, so a derivative by it says "
                 "nothing", in->th->symbols[in->th->nodes[k->right].symbol].latex);
}

/* Sizes and ranges */
static int size_of_axis(const instance *in, char kind)
{
    for (int i = 0; i < in->th->axis_count; i++)
        if (in->th->axes[i].kind == kind) return in->own[i];
    return axis_size(&in->sizes, kind);
}

static int is_constant(const instance *in, char base)
{
    return grammar_axis(in->th, base, AXIS_COUNTS);
}

/* What a letter of an index stands for: a size, or the value that it has at present. */
static int letter_value(const instance *in, const int *at, char letter)
{
    return grammar_axis(in->th, letter, AXIS_ANY) ? size_of_axis(in, letter) : letter ? at[(int)letter] : 0;
}

int evaluate_index(const instance *in, const int *at, index_expr x)
{
    return letter_value(in, at, x.base) + letter_value(in, at, x.plus)
        - letter_value(in, at, x.minus) + x.offset;
}

int evaluate_last(const instance *in, const notation_row *s)
{
    const int at[128] = { 0 };
    return s->indexed ? evaluate_index(in, at, s->last) : s->first;
}

static int in_range(const instance *in, const notation_row *s, int index)
{
    return !s->indexed || (index >= s->first && index <= evaluate_last(in, s));
}

static void sizes(const instance *in, const notation_row *s, int d[2])
{
    for (int i = 0; i < 2; i++) d[i] = size_of_axis(in, s->side[i].kind);
}

int evaluate_count(const instance *in, const notation_row *s)
{
    int d[2];
    sizes(in, s, d);
    return d[0] * d[1];
}

/* Is every letter of an index a size, or among those that have a value? */
static int is_known(const instance *in, index_expr x, const char *letters)
{
    const char all[] = { x.base, x.plus, x.minus };
    for (int i = 0; i < 3; i++)
        if (all[i] && !grammar_axis(in->th, all[i], AXIS_ANY) && !strchr(letters, all[i])) return 0;
    return 1;
}

/* Do the symbols of a tree whose indices are made of these letters exist at their values? */
static int exists(const instance *in, int tree, const int *at, const char *letters)
{
    if (tree == NONE_NODE) return 1;
    const node *k = node_at(in, tree);
    if (k->kind == N_SYMBOL && is_known(in, k->index, letters)
        && !in_range(in, symbol_of(in, k), evaluate_index(in, at, k->index))) return 0;
    return exists(in, k->left, at, letters) && exists(in, k->right, at, letters);
}

/* Draw the inputs */
static double uniform(uint64_t *state)
{
    return (double)(random_split(state) >> 11) * 0x1p-53;
}

/* One of `count` symbols, counted from 0. */
static int draw_symbol(const instance *in, int count, uint64_t *state)
{
    const int drawn = (int)(uniform(state) * count);
    return in->only && in->only <= count ? in->only - 1 : drawn;
}

static void draw_one_hot(const instance *in, value *x, uint64_t *state)
{
    for (int i = 0; i < x->d[0]; i++)
        x->v[i * x->d[1] + draw_symbol(in, x->d[1], state)] = 1;
}

static void draw_distribution(value *x, uint64_t *state)
{
    for (int i = 0; i < x->d[0]; i++) {
        double complex *row = x->v + i * x->d[1], sum = 0;
        for (int j = 0; j < x->d[1]; j++) sum += row[j] = 0.1 + uniform(state);
        for (int j = 0; j < x->d[1]; j++) row[j] /= sum;
    }
}

static double draw_scalar(symbol_part part, uint64_t *state)
{
    const double u = uniform(state);
    if (part != PART_DECAY) return pow(10, 2.5 * u - 1.5);
    return uniform(state) < 0.5 ? 0.02 + 0.95 * u : 1 - pow(10, -1 - 2 * u);
}

static double reach_of(const instance *in, symbol_part part)
{
    uint64_t state = in->seed;
    return part == PART_PARAMETER ? pow(10, 1.2 * uniform(&state) - 1) : 1;
}

static void draw_rest(const instance *in, value *x, symbol_part part, int is_row, uint64_t *state)
{
    const int count = value_count(x), wide = in->seed % 2 == 0, decay = part == PART_DECAY;
    for (int i = 0; i < count; i++) {
        const double u = uniform(state);
        x->v[i] = in->further ? (is_row ? reach_of(in, part) * (2 * u - 1) : draw_scalar(part, state))
                  : count > 1 ? (wide ? 1.3 : 1) * (2 * u - 1)
                  : !wide ? 0.2 + 0.6 * u : decay ? 0.9 + 0.09 * u : 1.1 + 0.8 * u;
    }
    if (part == PART_BOUND && !(in->further && uniform(state) < 0.25))
        x->v[0] = sqrt(in->sizes.p / 3.0) * (0.3 + 1.2 * uniform(state));
}

/* One row or column that is drawn as a whole; its entries are `stride` apart. */
static void draw_line(const instance *in, double complex *v, int length, int stride, int one_hot,
                      uint64_t *state)
{
    double complex sum = 0;
    if (one_hot) v[draw_symbol(in, length, state) * stride] = 1;
    for (int i = 0; i < length && !one_hot; i++) sum += v[i * stride] = 0.1 + uniform(state);
    for (int i = 0; i < length && !one_hot; i++) v[i * stride] /= sum;
}

static void draw_lines(const instance *in, value *x, int one_hot, uint64_t *state)
{
    const int down = x->d[1] == 1 || (in->th->upright && x->d[0] > 1);
    for (int i = 0; i < x->d[down]; i++)
        draw_line(in, x->v + (down ? i : i * x->d[1]), x->d[!down], down ? x->d[1] : 1, one_hot,
                  state);
}

static double draw_entry(symbol_part part, int wide, uint64_t *state)
{
    const double u = uniform(state);
    switch (part) {
    case PART_POSITIVE: return wide ? 1.1 + 0.8 * u : 0.2 + 0.6 * u;
    case PART_FRACTION: return wide ? 0.6 + 0.35 * u : 0.1 + 0.5 * u;
    case PART_BINARY: return u < 0.5 ? 0 : 1;
    default: return copysign((wide ? 0.5 : 0.1) + (wide ? 1.6 : 1.8) * fabs(u - 0.5), u - 0.5);
    }
}

static void draw_own(const instance *in, value *x, symbol_part part, uint64_t *state)
{
    const int wide = in->seed % 2 == 0;
    const int long_side = x->d[0] > x->d[1] ? x->d[0] : x->d[1];
    const int is_matrix = x->d[0] > 1 && x->d[1] > 1 && part == PART_REAL;
    const double scale = is_matrix ? 1.5 / sqrt(long_side) : 1;
    if (part == PART_TEXT || part == PART_PROBABILITY)
        draw_lines(in, x, part == PART_TEXT && in->one_hot, state);
    else
        for (int i = 0; i < value_count(x); i++) x->v[i] = scale * draw_entry(part, wide, state);
}

static value draw(instance *in, int symbol, int index)
{
    const notation_row *s = &in->th->symbols[symbol];
    uint64_t state = in->seed * 1000003u + (uint64_t)symbol * 10007u + (uint64_t)index * 101u;
    int d[2];
    sizes(in, s, d);
    value x = matrix(in, d[0], d[1]);
    if (!x.v) return x;
    if (s->part == PART_SIZE) x.v[0] = size_of_axis(in, grammar_axis_named(in->th, s->name));
    else if (s->part == PART_BINARY && in->only && !in->th->own)
        for (int i = 0; i < value_count(&x); i++) x.v[i] = in->only == 1;
    else if (in->th->own || s->part == PART_BINARY)
        draw_own(in, &x, s->start && index == s->first ? s->start : s->part, &state);
    else if (s->part == PART_TEXT && in->one_hot) draw_one_hot(in, &x, &state);
    else if (s->part == PART_TEXT) draw_distribution(&x, &state);
    else draw_rest(in, &x, s->part, s->side[0].kind != '1' || s->side[1].kind != '1', &state);
    for (int i = 0; i < value_count(&x); i++) set_number(&x, i, exactly(x.v[i]));
    return x;
}

/* Evaluate a symbol */
static value recalled(context *c, const recollection *what)
{
    const value *x = c->in->recall(c->in->memory, what);
    if (x) return *x;
    if (what->by >= 0)
        return failed_value(c->in, 0, "the derivative of %s by %s is not given here",
                            c->in->th->symbols[what->symbol].name,
                            c->in->th->symbols[what->by].name);
    return failed_value(c->in, 0, "%s is not given here", c->in->th->symbols[what->symbol].name);
}

/* Is the symbol drawn at random? Inputs and parameters are, and the first value of a
   recurrence. Everything else that the C computes has to have a definition. */
static int is_given(const notation_row *s, int index)
{
    return s->part < PART_DERIVED || (s->indexed && index == s->first);
}

static value evaluate(context *c, int tree);

static value undefined(context *c, int symbol, int index)
{
    const notation_row *s = &c->in->th->symbols[symbol];
    char step[24] = "";
    if (s->indexed) snprintf(step, sizeof step, " at %d", index);
    return failed_value(c->in, 0, "there is no definition of %s%s", s->latex, step);
}

/* By definition number i, whose time is bound in c, entry by entry. */
static value compute_entries(context *c, int i)
{
    const definition *rule = &c->in->th->definitions[i];
    int d[2];
    sizes(c->in, &c->in->th->symbols[rule->symbol], d);
    value z = matrix(c->in, d[0], d[1]);
    for (int j = 0; z.v && j < value_count(&z); j++) {
        c->at[(int)rule->row] = rule->column ? j / d[1] + 1 : j + 1;
        if (rule->column) c->at[(int)rule->column] = j % d[1] + 1;
        if (!applies_at(c->in, rule, c->at, 1))
            return failed_value(c->in, 0, "there is no definition of entry %d of %s", j + 1,
                                c->in->th->symbols[rule->symbol].latex);
        const value x = evaluate(c, rule->right);
        if (!x.v || value_count(&x) != 1) return (value){ 0 };
        set_number(&z, j, number_at(&x, 0));
    }
    return z;
}

static value compute_symbol(context *c, int symbol, int index)
{
    const int step = c->in->th->symbols[symbol].indexed ? index : c->step;
    context inner = { .in = c->in, .r = c->r, .depth = c->depth, .step = step };
    int i = definition_of(c->in, symbol, index, inner.at), d[2];
    if (i < 0 && !is_given(&c->in->th->symbols[symbol], index))
        return undefined(c, symbol, index);
    if (i < 0) return draw(c->in, symbol, index);
    if (c->in->th->definitions[i].row) return compute_entries(&inner, i);
    value x = evaluate(&inner, c->in->th->definitions[i].right), copy;
    sizes(c->in, &c->in->th->symbols[symbol], d);
    copy = matrix(c->in, d[0], d[1]);
    if (!x.v || !copy.v) return (value){ 0 };
    for (int j = 0; j < value_count(&copy); j++)
        set_number(&copy, j, number_at(&x, value_count(&x) == 1 ? 0 : j));
    return copy;
}

int evaluate_is_drawn(instance *in, int symbol, int index)
{
    int at[128] = { 0 };
    return definition_of(in, symbol, index, at) < 0;
}

static int stays(const context *c, int symbol, int index)
{
    const run *r = c->r;
    const int is_node = r->symbol == symbol && r->index == index;
    if (!r->immediate) return 0;
    return c->in->th->symbols[symbol].indexed ? index < r->own && !is_node
        : is_node && c->step != r->own;
}

static value remember(instance *in, value x)
{
    if (!x.v) return x;
    size_t bytes = 2 * (size_t)value_count(&x) * sizeof *x.v;
    void *copy = keep(in, bytes);
    if (copy == NULL) return failed_value(in, 0, "the equation needs too many derivatives");
    x.v = memcpy(copy, x.v, bytes);
    x.scale = x.v + value_count(&x);
    return x;
}

static value symbol_value(context *c, int symbol, int index)
{
    instance *in = c->in;
    if (in->recall) return recalled(c, &(recollection){ symbol, index, -1, 0, 0 });
    const int first = c->in->th->symbols[symbol].indexed ? c->in->th->symbols[symbol].first : 0;
    value *cell = &c->r->cell[in->cell[symbol] + index - first];
    int disturbed = c->r->symbol == symbol && c->r->index == index;
    if (stays(c, symbol, index)) {
        context base = *c;
        base.r = undisturbed(in);
        return base.r ? symbol_value(&base, symbol, index) : (value){ 0 };
    }
    if (cell->v) return *cell;
    value x = compute_symbol(c, symbol, index);
    if (x.v && disturbed)
        set_number(&x, c->r->entry, plus(number_at(&x, c->r->entry), exactly(c->r->nudge)));
    x.least = NULL;
    return *cell = c->r->passing ? x : remember(in, x);
}

static value symbol_node(context *c, const node *k)
{
    const notation_row *s = symbol_of(c->in, k);
    int index = s->indexed ? evaluate_index(c->in, c->at, k->index) : 0;
    const recollection what = { k->symbol, index, -1, 0, 0 };
    const int beyond = c->in->recall && c->in->recall(c->in->memory, &what);
    if (!beyond && !in_range(c->in, s, index))
        return failed_value(c->in, k->column, "%s is asked for at index %d, and runs from %d to %d",
                            s->name, index, s->first, evaluate_last(c->in, s));
    const value x = symbol_value(c, k->symbol, index);
    if (!x.v) c->in->column = k->column;
    return x;
}

value evaluate_symbol(instance *in, int symbol, int index)
{
    context c = { .in = in, .r = undisturbed(in) };
    in->work = 0;
    if (!c.r || !in_range(in, &in->th->symbols[symbol], index)) return (value){ 0 };
    return symbol_value(&c, symbol, index);
}

/* Arithmetic on values */
static int alike_values(const value *x, const value *y)
{
    return x->rank == y->rank && x->d[0] == y->d[0] && x->d[1] == y->d[1]
           && (x->rank < 3 || x->d[2] == y->d[2]);
}

static rounded combine(node_kind kind, rounded a, rounded b)
{
    switch (kind) {
    case N_ADD: return plus(a, b);
    case N_SUBTRACT: return minus(a, b);
    case N_HADAMARD: return times(a, b);
    default: return times(a, inverse(b));
    }
}

static const double LOST = 1e-7, LOST_IN_ALL = 1e-9;
static const char LOST_BESIDE[] =
    "one of the terms is lost beside the other; the numbers cannot show whether it is right";

static int is_lost(const value *x, const value *y)
{
    int lost = 0;
    for (int i = 0; i < value_count(x); i++) {
        const double small = number_at(x, i).s, large = number_at(y, i).s;
        if (small > LOST * large) return 0;
        lost |= small > 0;
    }
    return lost;
}

/* Stores an entry of a sum, and refuses it if one of its terms is lost. */
static void set_sum(context *c, const node *k, value *z, int i, rounded sum)
{
    set_number(z, i, sum);
    if (least_term(sum) < LOST_IN_ALL * sum.s) no_value(c->in, k->column, IN_DOUBT, LOST_BESIDE);
}

static value entrywise(context *c, const node *k, value x, value y)
{
    if (!x.v || !y.v) return (value){ 0 };
    if (!alike_values(&x, &y)) return failed_value(c->in, k->column, "sizes differ");
    if ((k->kind == N_ADD || k->kind == N_SUBTRACT) && (is_lost(&x, &y) || is_lost(&y, &x)))
        return no_value(c->in, k->column, IN_DOUBT, LOST_BESIDE);
    value z = new_value(c->in, x.rank, x.d[0], x.d[1], x.d[2]);
    for (int i = 0; z.v && i < value_count(&z); i++)
        set_sum(c, k, &z, i, combine(k->kind, number_at(&x, i), number_at(&y, i)));
    return z;
}

static value scaled(context *c, rounded factor, value x)
{
    value z = new_value(c->in, x.rank, x.d[0], x.d[1], x.d[2]);
    for (int i = 0; z.v && i < value_count(&z); i++)
        set_number(&z, i, times(factor, number_at(&x, i)));
    return z;
}

static rounded row_times_column(const value *x, const value *y, int columns, int i, int j)
{
    rounded sum = exactly(0);
    for (int r = 0; r < x->d[1]; r++) {
        const rounded a = times(number_at(x, i * x->d[1] + r), number_at(y, r * columns + j));
        sum.re += a.re, sum.im += a.im;
        sum.s += a.s, sum.t += a.t;
    }
    return sum;
}

static int has_sums(const value *x)
{
    const int count = x->least ? value_count(x) : 0;
    for (int i = 0; i < count; i++)
        if (x->least[2 * i] > 0) return 1;
    return 0;
}

/* Notes in entry i, j of the product z of x and y the least term of what its factors are made of. */
static void carry_least(const value *x, const value *y, value *z, int columns, int i, int j)
{
    rounded a = number_at(z, i * columns + j);
    double share = 1;
    for (int r = 0; r < x->d[1]; r++) {
        const rounded b = number_at(x, i * x->d[1] + r), c = number_at(y, r * columns + j);
        if (!(b.l > 0 || c.l > 0) || !(b.s > 0 && c.s > 0)) continue;
        share = fmin(share, fmin(least_share(b), least_share(c)));
        a.l = share * a.s;
        a.f = lesser(a.f, faintest_term(b) * faintest_term(c));
    }
    set_number(z, i * columns + j, a);
}

/* The last axes of y, flattened, are the columns of an ordinary product. */
static value multiplied(context *c, const node *k, value x, value y)
{
    if (!x.v || !y.v) return (value){ 0 };
    if (value_count(&x) == 1) return scaled(c, number_at(&x, 0), y);
    if (value_count(&y) == 1) return scaled(c, number_at(&y, 0), x);
    if (x.rank != 2 || x.d[1] != y.d[0]) return failed_value(c->in, k->column, "sizes differ");
    const int columns = y.rank == 2 ? y.d[1] : y.d[1] * y.d[2], sums = has_sums(&x) || has_sums(&y);
    c->in->work += (long)x.d[0] * x.d[1] * columns;
    value z = y.rank == 2 ? matrix(c->in, x.d[0], columns)
            : x.d[0] == 1 ? matrix(c->in, y.d[1], y.d[2])
            : new_value(c->in, 3, x.d[0], y.d[1], y.d[2]);
    for (int i = 0; z.v && i < x.d[0]; i++)
        for (int j = 0; j < columns; j++) {
            set_number(&z, i * columns + j, row_times_column(&x, &y, columns, i, j));
            if (sums) carry_least(&x, &y, &z, columns, i, j);
        }
    return z;
}

static value transposed(context *c, value x)
{
    if (!x.v) return x;
    value z = matrix(c->in, x.d[1], x.d[0]);
    for (int i = 0; z.v && i < x.d[0]; i++)
        for (int j = 0; j < x.d[1]; j++)
            set_number(&z, j * x.d[0] + i, number_at(&x, i * x.d[1] + j));
    return z;
}

static value filled(context *c, const node *k, double number)
{
    value z = matrix(c->in, size_of_axis(c->in, (char)k->rows),
                     size_of_axis(c->in, (char)k->columns));
    for (int i = 0; z.v && i < value_count(&z); i++) set_number(&z, i, exactly(number));
    return z;
}

/* The entry of a line, or, with two indices, of a matrix. */
static value entry_value(context *c, const node *k, value x)
{
    const int row = k->pair ? evaluate_index(c->in, c->at, k->component) : 1;
    const int column = evaluate_index(c->in, c->at, k->pair ? k->second : k->component);
    const int rows = k->pair ? x.d[0] : 1, columns = k->pair ? x.d[1] : value_count(&x);
    if (row < 1 || row > rows || column < 1 || column > columns)
        return failed_value(c->in, k->column, "entry %d, %d does not exist: there are %d × %d", row,
                            column, rows, columns);
    value z = matrix(c->in, 1, 1);
    if (z.v) set_number(&z, 0, number_at(&x, (row - 1) * columns + column - 1));
    return z;
}

static value matrix_power(context *c, const node *k, value x, int exponent)
{
    value z = matrix(c->in, x.d[0], x.d[0]);
    if (exponent < 0) return failed_value(c->in, k->column, "a negative power of a matrix");
    for (int i = 0; z.v && i < x.d[0]; i++) set_number(&z, i * x.d[0] + i, exactly(1));
    for (int e = 0; e < exponent && z.v; e++) z = multiplied(c, k, z, x);
    return z;
}

static value powered(context *c, const node *k, value x)
{
    if (!x.v) return x;
    int exponent = evaluate_index(c->in, c->at, k->index);
    if (exponent > 100 || exponent < -100)
        return failed_value(c->in, k->column, "an exponent beyond 100");
    if (k->whole == AS_MATRIX) return matrix_power(c, k, x, exponent);
    value z = new_value(c->in, x.rank, x.d[0], x.d[1], x.d[2]);
    for (int i = 0; z.v && i < value_count(&z); i++) {
        rounded power = exactly(1);
        for (int e = 0; e < abs(exponent); e++) power = times(power, number_at(&x, i));
        set_number(&z, i, exponent < 0 ? inverse(power) : power);
    }
    return z;
}

/* Functions of values */
static const double NEAR = 1e-11;       // nearer to its limit, a function cannot be told from it

static rounded tanh_of(rounded x)
{
    const double complex f = ctanh(x.re + x.im * I);
    const double slope = 1 - creal(f) * creal(f);
    return slope < NEAR ? out_of_reach() : through(x, f, slope, 2 * creal(f) * slope);
}

static rounded exp_of(rounded x)
{
    const double complex f = cexp(x.re + x.im * I);
    const int is_out = creal(f) < DBL_MIN || !isfinite(creal(f));
    return is_out ? out_of_reach() : through(x, f, creal(f), creal(f));
}

static rounded log_of(rounded x)
{
    if (may_be_zero(x) && fabs(x.re) > 0) return out_of_reach();
    if (!(x.re > 0)) return undefined_number();
    return through(x, clog(x.re + x.im * I), 1 / x.re, 1 / (x.re * x.re));
}

static rounded root_of(rounded x)
{
    if (isinf(x.s)) return x;
    if (may_be_zero(x) && fabs(x.re) > 0) return out_of_reach();
    if (!(x.re > 0)) return x.re < 0 || fabs(x.im) > 0 ? undefined_number() : exactly(0);
    const double complex f = csqrt(x.re + x.im * I);
    return through(x, f, 1 / (2 * creal(f)), 1 / (4 * x.re * creal(f)));
}

static rounded logistic_of(rounded x)
{
    const double complex f = 1 / (1 + cexp(-(x.re + x.im * I)));
    const double slope = creal(f) * (1 - creal(f));
    return slope >= NEAR ? through(x, f, slope, slope * (1 - 2 * creal(f))) : out_of_reach();
}

static rounded apply(function_kind f, rounded x)
{
    switch (f) {
    case F_TANH: return tanh_of(x);
    case F_EXP: return exp_of(x);
    case F_LOG: return log_of(x);
    case F_SQRT: return root_of(x);
    case F_LOGISTIC: return logistic_of(x);
    case F_RELU: return x.re > 0 ? x : exactly(0);
    case F_STEP: return exactly(x.re > 0);
    default: return x;
    }
}

static value softmax_of(context *c, value x)
{
    value z = matrix(c->in, x.d[0], x.d[1]);
    for (int i = 0; z.v && i < x.d[0]; i++) {
        rounded sum = exactly(0);
        for (int j = i * x.d[1]; j < (i + 1) * x.d[1]; j++)
            set_number(&z, j, exp_of(number_at(&x, j))), sum = plus(sum, number_at(&z, j));
        for (int j = i * x.d[1]; j < (i + 1) * x.d[1]; j++) {
            set_number(&z, j, times(number_at(&z, j), inverse(sum)));
            if (x.d[1] > 1 && creal(z.v[j]) > 1 - NEAR) set_number(&z, j, out_of_reach());
        }
    }
    return z;
}

static value diagonal_of(context *c, value x)
{
    value z = matrix(c->in, x.d[1], x.d[1]);
    for (int i = 0; z.v && i < x.d[1]; i++) set_number(&z, i * x.d[1] + i, number_at(&x, i));
    return z;
}

static value largest_of(context *c, value x)
{
    value z = matrix(c->in, x.d[0], 1);
    if (x.d[1] == 0) return failed_value(c->in, 0, "of nothing there is no largest");
    for (int i = 0; z.v && i < x.d[0]; i++) {
        set_number(&z, i, number_at(&x, i * x.d[1]));
        for (int j = i * x.d[1]; j < (i + 1) * x.d[1]; j++)
            if (creal(x.v[j]) > creal(z.v[i])) set_number(&z, i, number_at(&x, j));
    }
    return z;
}

static value trace_of(context *c, value x)
{
    value z = matrix(c->in, 1, 1);
    rounded sum = exactly(0);
    for (int i = 0; i < x.d[0]; i++) sum = plus(sum, number_at(&x, i * x.d[1] + i));
    if (z.v) set_number(&z, 0, sum);
    return z;
}

static value function_of_lines(context *c, const node *k, value x)
{
    if (k->function == F_SOFTMAX) return softmax_of(c, x);
    if (k->function == F_DIAG) return diagonal_of(c, x);
    return k->function == F_MAX ? largest_of(c, x) : trace_of(c, x);
}

static int lies_upright(const node *k)
{
    return k->columns == '1' && k->rows != '1' && k->function != F_TRACE;
}

static value function_of_column(context *c, const node *k, value x)
{
    value row = x;
    row.d[0] = 1;
    row.d[1] = x.d[0];
    value z = function_of_lines(c, k, row);
    if (k->function == F_SOFTMAX) z.d[0] = x.d[0], z.d[1] = 1;
    return z;
}

static value function_of(context *c, const node *k, value x)
{
    if (!x.v) return x;
    if (k->function >= F_SOFTMAX)
        return lies_upright(k) ? function_of_column(c, k, x) : function_of_lines(c, k, x);
    value z = new_value(c->in, x.rank, x.d[0], x.d[1], x.d[2]);
    for (int i = 0; z.v && i < value_count(&z); i++)
        set_number(&z, i, apply(k->function, number_at(&x, i)));
    return z;
}

/* The norm without a conjugate: analytic, so that the complex step works. */
static value norm_of(context *c, value x)
{
    value z = matrix(c->in, 1, 1);
    rounded sum = exactly(0);
    for (int i = 0; i < value_count(&x); i++)
        sum = plus(sum, times(number_at(&x, i), number_at(&x, i)));
    if (z.v) set_number(&z, 0, root_of(sum));
    return z;
}

/* Evaluate large operators */
static value accumulated(context *c, const node *k, value so_far, value x)
{
    if (!alike_values(&so_far, &x)) return failed_value(c->in, k->column, "sizes differ");
    value z = new_value(c->in, x.rank, x.d[0], x.d[1], x.d[2]);
    for (int i = 0; z.v && i < value_count(&z); i++)
        set_sum(c, k, &z, i, plus(number_at(&so_far, i), number_at(&x, i)));
    return z;
}

/* Adds, multiplies on the right, or stacks below. */
static value gather(context *c, const node *k, value so_far, value x)
{
    if (!so_far.v || !x.v) return so_far.rank == 0 && !c->in->failed ? x : (value){ 0 };
    if (k->kind == N_SUM) return accumulated(c, k, so_far, x);
    if (k->kind == N_PROD) return multiplied(c, k, so_far, x);
    value z = matrix(c->in, so_far.d[0] + x.d[0], x.d[1]);
    if (!z.v) return z;
    const int above = value_count(&so_far);
    for (int i = 0; i < above; i++) set_number(&z, i, number_at(&so_far, i));
    for (int i = 0; i < value_count(&x); i++) set_number(&z, above + i, number_at(&x, i));
    return z;
}

static value empty(context *c, const node *k)
{
    for (int t = 1; t <= c->in->sizes.T; t++) {
        char letter[2] = { k->variable, 0 };
        c->at[(int)k->variable] = t;
        if (!exists(c->in, k->left, c->at, letter)) continue;
        c->in->measuring++;
        value x = evaluate(c, k->left);
        c->in->measuring--;
        if (!x.v) return x;
        if (k->kind == N_SUM) return scaled(c, exactly(0), x);
        if (k->kind == N_ROWS) return matrix(c->in, 0, x.d[1]);
        value row = matrix(c->in, 1, x.d[0]);
        for (int i = 0; row.v && i < x.d[0]; i++) set_number(&row, i, exactly(1));
        return row.v ? diagonal_of(c, row) : row;
    }
    return failed_value(c->in, k->column, "an empty range");
}

/* Up to where a letter runs that counts a symbol. */
static int last_of_range(const instance *in, const notation_row *s)
{
    return s->last.base ? size_of_axis(in, s->last.base) : s->last.offset;
}

enum { NOWHERE, CLASHES = -1 };

static int join(int one, int other)
{
    return one == NOWHERE || one == other ? other : other == NOWHERE ? one : CLASHES;
}

/* How far a letter runs in a tree: NOWHERE if it does not occur, CLASHES if that differs. */
static int extent(const instance *in, int tree, char letter)
{
    if (tree == NONE_NODE) return NOWHERE;
    const node *k = node_at(in, tree);
    int here = NOWHERE;
    if (k->kind == N_SYMBOL && symbol_of(in, k)->indexed
        && (k->index.base == letter || k->index.minus == letter))
        here = last_of_range(in, symbol_of(in, k));
    if (k->kind == N_ENTRY && k->component.base == letter)
        here = join(here, size_of_axis(in, (char)k->rows));
    if (k->kind == N_ENTRY && k->pair && k->second.base == letter)
        here = join(here, size_of_axis(in, (char)k->columns));
    return join(here, join(extent(in, k->left, letter), extent(in, k->right, letter)));
}

/* The last value of a sum's variable; sets in->failed if there is none. */
static int last_value(context *c, const node *k)
{
    if (!k->whole && !k->open) return evaluate_index(c->in, c->at, k->to);
    const int last = extent(c->in, k->left, k->variable);
    if (last == NOWHERE || last == CLASHES)
        failed_value(c->in, k->column,
                     last == NOWHERE ? "nothing says how far %c runs: give both bounds"
                     : "%c runs over axes of different lengths: give both bounds, and one letter "
                       "to each", k->variable);
    return last;
}

static int falls_by(const condition *c, index_expr from, index_expr to)
{
    const int as_given = c->left.base == from.base && c->right.base == to.base;
    const int turned = c->left.base == to.base && c->right.base == from.base;
    return (as_given && strchr(">g", c->relation)) || (turned && strchr("<l", c->relation));
}

/* Whether the letter of a large operator goes up, 1, or down, -1. */
static int direction(const instance *in, const node *k)
{
    if (k->kind != N_PROD) return 1;
    if (k->immediate) return k->immediate > 0 ? -1 : 1;
    if (k->pair) return -1;
    for (int i = 0; in->claim && k->from.base && k->to.base && i < in->claim->conditions; i++)
        if (falls_by(&in->claim->condition[i], k->from, k->to)) return -1;
    return 1;
}

static int is_fixed(const instance *in, index_expr x)
{
    return (!x.base || is_constant(in, x.base)) && (!x.minus || is_constant(in, x.minus));
}

static int runs_backwards(const instance *in, const node *k, int step, int from, int to)
{
    const int fixed = is_fixed(in, k->from) && is_fixed(in, k->to);
    const int counts = fixed || (k->kind == N_PROD && !in->measuring);
    return !k->whole && counts && step * (to - from) < -1;
}

/* Notes whether a large operator had terms, or was short of its first by more than one step. */
static void note_steps(node *k, int steps, int from, int to)
{
    if (k->kind == N_PROD || k->whole) return;
    if (steps > 0) k->sides |= SIDE_RAN;
    else if (to < from - 1) k->sides |= SIDE_SHORT;
}

static void refuse_backwards(instance *in, const node *k, int step, int from, int to)
{
    if ((is_fixed(in, k->from) && is_fixed(in, k->to)) || !k->from.base || !k->to.base)
        failed_value(in, k->column, "a %s from %d to %d runs backwards: write the %s bound below",
                     k->kind == N_PROD ? "product" : "sum", from, to,
                     step > 0 ? "smaller" : "larger");
    else failed_value(in, k->column, "a product from %d to %d runs backwards: say behind the "
                      "equation for which letters it holds, as in \\quad (%c \\%s %c)", from, to,
                      k->from.base, step > 0 ? "le" : "ge", k->to.base);
}

static value large_value(context *c, node *k)
{
    value so_far = { 0 };
    int saved = c->at[(int)k->variable], steps = 0;
    int from = k->whole ? 1 : evaluate_index(c->in, c->at, k->from);
    int to = last_value(c, k);
    const int step = direction(c->in, k);
    if (runs_backwards(c->in, k, step, from, to)) refuse_backwards(c->in, k, step, from, to);
    if (c->in->failed) return so_far;
    for (int t = from; step > 0 ? t <= to : t >= to; t += step, steps++) {
        c->at[(int)k->variable] = t;
        so_far = gather(c, k, so_far, evaluate(c, k->left));
        if (!so_far.v) break;
    }
    note_steps(k, steps, from, to);
    if (steps == 0) so_far = empty(c, k);
    c->at[(int)k->variable] = saved;
    return so_far;
}

/* Evaluate derivatives */
static const double STEP = 1e-30;

/* The step at which the upper half lives: needed for ∂⁺. */
static int own_step(context *c, const node *k)
{
    const node *above = node_at(c->in, k->left);
    if (above->kind == N_ENTRY) above = node_at(c->in, above->left);
    if (above->kind == N_SYMBOL && symbol_of(c->in, above)->indexed)
        return evaluate_index(c->in, c->at, above->index);
    failed_value(c->in, k->column, "\\partial^{+} needs a symbol with a time above the line");
    return 0;
}

static run disturbance(context *c, const node *k, int entry, double complex nudge)
{
    const node *below = node_at(c->in, k->right);
    run key = { .symbol = below->symbol, .entry = entry, .nudge = nudge,
                .immediate = k->immediate };
    if (symbol_of(c->in, below)->indexed)
        key.index = evaluate_index(c->in, c->at, below->index);
    if (k->immediate) key.own = own_step(c, k);
    return key;
}

/* Room for the derivative of x by something d[0] × d[1]; the rules of ch:rows. */
static value derivative_room(context *c, const value *x, const int d[2])
{
    const int count = value_count(x), upright = c->in->th->own && d[1] == 1;
    if (count == 1) return matrix(c->in, d[0], d[1]);
    if (d[0] == 1 || upright)
        return c->in->th->turned ? matrix(c->in, d[0] * d[1], count)
            : matrix(c->in, count, d[0] * d[1]);
    return new_value(c->in, 3, count, d[0], d[1]);
}

/* Where the derivative of entry i, of `count`, by entry j, of `below`, stands in it. */
static int derivative_place(const context *c, const value *z, int count, int below, int i, int j)
{
    const int turned = c->in->th->turned && z->rank == 2 && count > 1;
    return turned ? j * count + i : i * below + j;
}

static value recalled_derivative(context *c, const node *k)
{
    const node *above = node_at(c->in, k->left), *below = node_at(c->in, k->right);
    if (above->kind != N_SYMBOL)
        return failed_value(c->in, k->column, "only derivatives of a symbol are given here");
    const recollection what = {
        above->symbol, symbol_of(c->in, above)->indexed
            ? evaluate_index(c->in, c->at, above->index) : 0,
        below->symbol, symbol_of(c->in, below)->indexed
            ? evaluate_index(c->in, c->at, below->index) : 0,
        k->immediate };
    return recalled(c, &what);
}

/* Fills in the derivatives by one entry of the lower half, which is d[0] × d[1]; 0 on failure. */
static int differentiate(context *c, const node *k, const int d[2], int entry, value *z)
{
    context inner = *c;
    inner.r = find_run(c->in, disturbance(c, k, entry, STEP * I));
    if (!inner.r || c->in->failed)
        return failed_value(c->in, k->column, "too many derivatives"), 0;
    const value x = evaluate(&inner, k->left);
    if (x.v && entry == 0) *z = derivative_room(c, &x, d);
    for (int i = 0; x.v && z->v && i < value_count(&x); i++) {
        const rounded moved = number_at(&x, i);
        set_number(z, derivative_place(c, z, value_count(&x), d[0] * d[1], i, entry),
                   (rounded){ moved.im / STEP, 0, moved.t / STEP, 0, 0, 0 });
    }
    return x.v && z->v;
}

static value derivative_value(context *c, const node *k)
{
    value z = { 0 };
    size_t mark = 0;
    int d[2];
    if (c->in->recall) return recalled_derivative(c, k);
    const node *below = node_at(c->in, k->right);
    sizes(c->in, symbol_of(c->in, below), d);
    if (c->r->symbol >= 0)
        return failed_value(c->in, k->column, "a derivative of a derivative is not evaluated here");
    if (!symbol_node(c, below).v) return z;
    for (int entry = 0; entry < d[0] * d[1]; entry++) {
        if (!differentiate(c, k, d, entry, &z)) return (value){ 0 };
        if (entry == 0) mark = c->in->scratch.used;
        c->in->scratch.used = mark;
    }
    return z;
}

double evaluate_moved(instance *in, int derivative, const int *at, int entry_below, int entry_above,
                      double x)
{
    const node *k = node_at(in, derivative);
    const size_t mark = in->scratch.used;
    context c = { .in = in };
    in->work = 0;
    memcpy(c.at, at, sizeof c.at);
    run key = disturbance(&c, k, entry_below, x);
    key.passing = 1;
    c.r = new_run(in, key);
    value y = c.r ? evaluate(&c, k->left) : (value){ 0 };
    double result = y.v ? creal(y.v[entry_above]) : NAN;
    in->scratch.used = mark;
    return result;
}

/* Evaluate a node */
static value combine_values(context *c, const node *k, value x, value y)
{
    switch (k->kind) {
    case N_PRODUCT: return multiplied(c, k, x, y);
    case N_FRACTION: return scaled(c, inverse(number_at(&y, 0)), x);
    case N_MINIMUM: return creal(x.v[0]) <= creal(y.v[0]) ? x : y;
    case N_NEGATE: return scaled(c, exactly(-1), x);
    case N_TRANSPOSE: return transposed(c, x);
    case N_POWER: return powered(c, k, x);
    case N_ENTRY: return entry_value(c, k, x);
    case N_FUNCTION: return function_of(c, k, x);
    case N_NORM: return norm_of(c, x);
    default: return entrywise(c, k, x, y);
    }
}

static value kronecker(context *c, const node *k)
{
    const int same = evaluate_index(c->in, c->at, k->index)
        == evaluate_index(c->in, c->at, k->component);
    value z = matrix(c->in, 1, 1);
    if (z.v) set_number(&z, 0, exactly(same));
    return z;
}

enum { DEPTH_LIMIT = 400 };
static const long WORK_LIMIT = 20000000;

/* Notes which side of a minimum, a step or a ramp was taken; two equal ones are no side. */
static void note_sides(node *k, const value *x, const value *y)
{
    const int bends = k->kind == N_FUNCTION && (k->function == F_STEP || k->function == F_RELU);
    if (k->kind == N_MINIMUM) {
        if (creal(x->v[0]) < creal(y->v[0])) k->sides |= SIDE_ONE;
        if (creal(y->v[0]) < creal(x->v[0])) k->sides |= SIDE_OTHER;
    } else for (int i = 0; bends && i < value_count(x); i++)
        k->sides |= creal(x->v[i]) > 0 ? SIDE_ONE : SIDE_OTHER;
}

static value evaluate_node(context *c, int tree)
{
    const node *k = node_at(c->in, tree);
    int binary = k->kind == N_ADD || k->kind == N_SUBTRACT || k->kind == N_HADAMARD
                 || k->kind == N_DIVIDE || k->kind == N_PRODUCT || k->kind == N_FRACTION
                 || k->kind == N_MINIMUM;
    switch (k->kind) {
    case N_NUMBER: return filled(c, k, k->number);
    case N_ONES: return filled(c, k, 1);
    case N_INDEX: return kronecker(c, k);
    case N_SYMBOL: return symbol_node(c, k);
    case N_SUM: case N_PROD: case N_ROWS: return large_value(c, &c->in->th->nodes[tree]);
    case N_DERIVATIVE: {
        /* Evaluate a derivative, and tell whoever watches */
        value d = derivative_value(c, k);
        if (d.v && c->in->watch) c->in->watch(c->in->watcher, tree, c->at, &d);
        return d;
    }
    default: break;
    }
    value x = evaluate(c, k->left), y = binary && x.v ? evaluate(c, k->right) : (value){ 0 };
    if (!x.v || (binary && !y.v)) return (value){ 0 };
    note_sides(&c->in->th->nodes[tree], &x, &y);
    return combine_values(c, k, x, y);
}

static const double VISIBLE = 1e-12;    // of a number: two digits of such a term are seen

static void note_faint(node *k, const value *x)
{
    int terms = 0;
    const int count = x->least ? value_count(x) : 0;
    for (int i = 0; i < count; i++) {
        const double faint = x->least[2 * i + 1];
        if (faint > 0) terms |= faint < VISIBLE * creal(x->scale[i]) ? SIDE_FAINT : SIDE_SEEN;
    }
    k->sides |= terms & SIDE_FAINT ? SIDE_FAINT : terms;
}

static const char OUTSIDE[] = "a number here is infinite, undefined or not real: a logarithm, a root "
    "or a division has left its domain";
static const char OUT_OF_REACH[] =
    "a number here is too large, too small, or nearer to its limit than can be told";

static value evaluate(context *c, int tree)
{
    const int column = node_at(c->in, tree)->column;
    if (c->in->failed) return (value){ 0 };
    if (++c->in->work > c->in->limit || c->depth > DEPTH_LIMIT)
        return failed_value(c->in, column, "the equation takes too much work");
    c->depth++;
    value x = evaluate_node(c, tree);
    c->depth--;
    if (c->in->failed && c->in->column == 0) c->in->column = column;
    note_faint(&c->in->th->nodes[tree], &x);
    for (int i = 0, count = x.v ? value_count(&x) : 0; i < count; i++) {
        const rounded a = number_at(&x, i);
        if (isfinite(a.re + a.im + a.s + a.t)) continue;
        if (isnan(a.s)) return no_value(c->in, column, UNDEFINED, OUTSIDE);
        return no_value(c->in, column, IN_DOUBT, OUT_OF_REACH);
    }
    return x;
}

/* Find the free indices */
enum { FREE_MAX = 12, BEFORE = -2, AFTER = 3 };     // how far beyond its values a letter is tried
typedef struct {
    char letters[LETTERS_ALL];      // the free letters
    int first[FREE_MAX], last[FREE_MAX];
    int low[FREE_MAX], high[FREE_MAX];  // at or beyond these ends every value has to exist
    int values[FREE_MAX];       // how many there are to be tried
    int count;
    char tried[FREE_MAX + 1];       // those that are skipped where something does not exist
} freedom;

/* Is it among the letters whose range the equation gives? Then it must occur in it. */
static void check_ranged(instance *in, const equation *e, const freedom *f)
{
    for (const char *s = e->ranged; *s; s++)
        if (!strchr(f->letters, *s))
            failed_value(in, 1, "the condition is about %c, which is not free in the equation", *s);
    for (int i = 0; i < e->conditions; i++) {
        const char letters[] = { e->condition[i].left.base, e->condition[i].right.base };
        for (int j = 0; j < 2; j++)
            if (letters[j] && !grammar_axis(in->th, letters[j], AXIS_ANY)
                && !strchr(f->letters, letters[j]))
                failed_value(in, 1, "the condition is about %c, which is not free in the equation",
                             letters[j]);
    }
}

/* A condition that gives an end of a letter: the end, with 'g' or 'l' in *side; or 0 in *side. */
static int given_end(const instance *in, const condition *c, char letter, char *side)
{
    static const int nowhere[128] = { 0 };
    const int left = c->left.base == letter && !c->left.minus;
    const int less = c->relation == '<' || c->relation == 'l';
    const index_expr own = left ? c->left : c->right, other = left ? c->right : c->left;
    *side = 0;
    const int fixed = !other.minus && (!other.base || grammar_axis(in->th, other.base, AXIS_ANY));
    if (own.base != letter || own.minus || !fixed || !strchr("<>lg", c->relation)) return 0;
    *side = less == left ? 'l' : 'g';
    const int open = c->relation == '<' || c->relation == '>';
    return evaluate_index(in, nowhere, other) - own.offset + (*side == 'l' ? -open : open);
}

/* Takes over the ends that the conditions give letter number i of f, which runs from 1 to last. */
static void note_ends(const instance *in, const equation *e, freedom *f, int i)
{
    const int last = f->last[i];
    f->low[i] = INT_MIN, f->high[i] = INT_MAX;
    for (int j = 0; j < e->conditions; j++) {
        char side;
        const int end = given_end(in, &e->condition[j], f->letters[i], &side);
        if (side == 'g') {
            f->low[i] = end > 1 ? end : 1;
            f->first[i] = end < f->first[i] ? BEFORE : f->first[i];
        } else if (side == 'l') {
            f->high[i] = end < last ? end : last;
            f->last[i] = end > last ? last + AFTER : f->last[i];
        }
    }
}

/* The free letters of an equation, and how far each runs; sets in->failed if that is not clear. */
static freedom freedom_of(instance *in, const equation *e)
{
    freedom f = { .count = 0 };
    for (int i = 0; i < e->members; i++) grammar_letters(in->th, e->member[i], f.letters);
    if (strlen(f.letters) > FREE_MAX) failed_value(in, 1, "more than %d free letters", FREE_MAX);
    else f.count = (int)strlen(f.letters);
    check_ranged(in, e, &f);
    for (int i = 0; i < f.count; i++) {
        const int given = strchr(e->ranged, f.letters[i]) != NULL;
        int last = NOWHERE;
        for (int j = 0; j < e->members; j++)
            last = join(last, extent(in, e->member[j], f.letters[i]));
        if (last == CLASHES)
            failed_value(in, 1, "%c runs over axes of different lengths: take one letter for each",
                         f.letters[i]);
        f.first[i] = given ? BEFORE : 1;
        f.last[i] = (last > 0 ? last : in->sizes.T) + (given ? AFTER : 0);
        f.values[i] = f.last[i] - (in->th->own && given ? AFTER : 0);
        note_ends(in, e, &f, i);
        if (!in->th->own) f.values[i] = f.last[i];
        if (!given) strncat(f.tried, &f.letters[i], 1);
    }
    return f;
}

/* Go through all cases */
static int all_hold(const instance *in, const equation *e, const int *at)
{
    for (int i = 0; i < e->conditions; i++)
        if (!holds(in, &e->condition[i], at)) return 0;
    return 1;
}

static int applies(const instance *in, const equation *e, const int *at, const freedom *f)
{
    if (!all_hold(in, e, at)) return 0;
    char tried[FREE_MAX + 1] = "";
    for (int i = 0; i < f->count; i++) {
        const int now = at[(int)f->letters[i]], inside = now > f->low[i] && now < f->high[i];
        if (inside && strchr(f->tried, f->letters[i])) strncat(tried, &f->letters[i], 1);
    }
    for (int i = 0; i < e->members; i++)
        if (!exists(in, e->member[i], at, tried)) return 0;
    return 1;
}

typedef struct {
    instance *in;
    const equation *e;
    const freedom *f;
    evaluate_visit *visit;
    void *data;
    verdict *v;
    int at[128];
} walk;

static int is_literal(const theory *th, int tree)
{
    const node *k = &th->nodes[tree];
    if (k->left == NONE_NODE) return k->kind == N_NUMBER;
    return is_literal(th, k->left) && (k->right == NONE_NODE || is_literal(th, k->right));
}

/* A member that is only a number stands for that number in every entry. */
static void spread_numbers(context *c, const equation *e, value *members)
{
    for (int i = 0; i < e->members; i++)
        for (int j = 0; j < e->members; j++) {
            if (!is_literal(c->in->th, e->member[i]) || is_literal(c->in->th, e->member[j])) continue;
            value same = scaled(c, exactly(0), members[j]);
            for (int n = 0; n < value_count(&same); n++) set_number(&same, n, number_at(&members[i], 0));
            if (same.v) members[i] = same;
        }
}

/* Evaluates all members for one choice of the free indices. */
static void one_case(walk *w)
{
    value members[MEMBERS_MAX];
    const size_t mark = w->in->scratch.used;
    context c = { .in = w->in, .r = undisturbed(w->in) };
    memcpy(c.at, w->at, sizeof c.at);
    if (!c.r) return;
    for (int i = 0; i < w->e->members; i++) {
        members[i] = evaluate(&c, w->e->member[i]);
        if (!members[i].v) return;
    }
    spread_numbers(&c, w->e, members);
    w->v->cases += value_count(&members[0]) > 0;
    w->visit(w->data, members, w->at);
    w->in->scratch.used = mark;
}

value evaluate_at(instance *in, int tree, const int *at)
{
    in->failed = WELL;
    in->claim = NULL;
    in->work = 0;
    context c = { .in = in, .r = undisturbed(in) };
    memcpy(c.at, at, sizeof c.at);
    return c.r ? evaluate(&c, tree) : failed_value(in, 0, "there is no memory");
}

static void all_cases(walk *w, int letter)
{
    if (w->in->failed || w->v->kind == V_WRONG) return;
    if (++w->in->work > w->in->limit) {
        failed_value(w->in, 1, "the equation takes too much work");
        return;
    }
    if (letter == w->f->count) {
        if (applies(w->in, w->e, w->at, w->f)) one_case(w);
        return;
    }
    for (int i = w->f->first[letter]; i <= w->f->last[letter]; i++) {
        w->at[(int)w->f->letters[letter]] = i;
        all_cases(w, letter + 1);
    }
}

/* How many cases make a test: three, or all that there are. */
static int enough(const freedom *f)
{
    int all = 1;
    for (int i = 0; i < f->count && all < 3; i++) all *= f->values[i];
    return all < 3 ? all : 3;
}

static int are_about_letters(const instance *in, const equation *e)
{
    for (int i = 0; i < e->conditions; i++) {
        const char x = e->condition[i].left.base, y = e->condition[i].right.base;
        if (!x || !y || grammar_axis(in->th, x, AXIS_ANY) || grammar_axis(in->th, y, AXIS_ANY)) return 0;
    }
    return e->conditions > 0;
}

/* How many values of the letters from number i on fulfil the conditions. */
static int fulfilled(const instance *in, const equation *e, const freedom *f, int i, int *at)
{
    int count = 0;
    if (i == f->count) return all_hold(in, e, at);
    for (int v = 1; v <= f->values[i]; v++) {
        at[(int)f->letters[i]] = v;
        count += fulfilled(in, e, f, i + 1, at);
    }
    return count;
}

static int enough_here(const instance *in, const equation *e, const freedom *f)
{
    int at[128] = { 0 };
    const int pairs = f->count == 2 && are_about_letters(in, e) ? fulfilled(in, e, f, 0, at) : 0;
    return pairs > 0 && pairs < 3 ? pairs : enough(f);
}

void evaluate_cases(instance *in, const equation *e, evaluate_visit *visit, void *data,
                    verdict *v)
{
    in->failed = WELL;
    in->claim = e;
    const freedom f = freedom_of(in, e);
    walk w = { .in = in, .e = e, .f = &f, .visit = visit, .data = data, .v = v };
    for (int i = 0; i < e->members; i++) check_derivatives(in, e->member[i]);
    in->scratch.used = 0;
    in->work = 0;
    if (in->kept.used > in->kept.limit / 2 || in->run_count > RUNS_MAX / 2) forget_runs(in);
    if (!in->failed) all_cases(&w, 0);
    v->few = !in->failed && v->kind != V_WRONG && v->cases < enough_here(in, e, &f);
    if (v->few)
        failed_value(in, 1, f.count
                     ? "fewer than three values of %s make sense here; write them out"
                     : "an index is out of its range%s", f.count ? f.letters : "");
    if (in->failed) {
        v->kind = in->failed == UNDEFINED ? V_WRONG : V_UNKNOWN;
        v->unevaluable = 1;
        v->lost = in->failed == IN_DOUBT;
        v->column = in->column ? in->column : 1;
        snprintf(v->message, sizeof v->message, "%s", in->message);
    }
}

/* Compare the members */
static double entry_error(rounded a, rounded b)
{
    const double d = fabs(a.re - b.re), scale = fmax(a.s, b.s);
    if (fabs(a.im) + fabs(b.im) > 0 || !isfinite(d + a.s + b.s)) return NAN;
    return d > 0 ? d / scale : 0;
}

double evaluate_error(const value *a, const value *b, int *worst)
{
    double error = 0;
    *worst = 0;
    if (!alike_values(a, b)) return NAN;
    for (int i = 0; i < value_count(a); i++) {
        const double here = entry_error(number_at(a, i), number_at(b, i));
        if (here <= error) continue;
        error = here;
        *worst = i;
        if (isnan(error)) return NAN;
    }
    return error;
}

typedef struct {
    instance *in;
    const equation *e;
    verdict *v;
} comparison;

static void describe(instance *in, const equation *e, const int *at, verdict *v)
{
    const freedom f = freedom_of(in, e);
    size_t used = 0;
    v->when[0] = '\0';
    for (int i = 0; i < f.count && used < sizeof v->when - 12; i++)
        used += (size_t)snprintf(v->when + used, sizeof v->when - used, "%s%c = %d", i ? ", " : "",
                                 f.letters[i], at[(int)f.letters[i]]);
}

static void compare(void *data, const value *members, const int *at)
{
    comparison *k = data;
    for (int i = 1; i < k->e->members; i++) {
        int worst;
        if (alike_values(&members[i], &members[0])
            && (is_lost(&members[i], &members[0]) || is_lost(&members[0], &members[i])))
            no_value(k->in, k->in->th->nodes[k->e->member[i]].column, IN_DOUBT, LOST_BESIDE);
        double error = evaluate_error(&members[i], &members[0], &worst);
        if (!(error <= k->v->error)) {
            if (!isnan(k->v->error)) k->v->error = error;
        }
        if (error <= TOLERANCE || k->v->kind == V_WRONG) continue;
        k->v->kind = V_WRONG;
        k->v->member = i;
        k->v->column = k->in->th->nodes[k->e->member[i]].column;
        /* Remember where it differs */
        k->v->entry = worst;
        k->v->ours = members[i].v ? creal(members[i].v[worst]) : NAN;
        k->v->theirs = creal(members[0].v[worst]);
        char ratio[40] = "";
        if (fabs(k->v->theirs) > 0)
            snprintf(ratio, sizeof ratio, ", ratio %.5g", k->v->ours / k->v->theirs);
        describe(k->in, k->e, at, k->v);
        snprintf(k->v->message, sizeof k->v->message,
                 "%s%sentry %d is %.6g on the left and %.6g here%s", k->v->when,
                 *k->v->when ? ", " : "", worst + 1, k->v->theirs, k->v->ours, ratio);
    }
}

void evaluate_equation(instance *in, const equation *e, verdict *v)
{
    comparison k = { in, e, v };
    *v = (verdict){ .kind = V_OK };
    evaluate_cases(in, e, compare, &k, v);
}

/* The smallest number, from some first one, that is no other size of the instance. */
static int unused(const instance_sizes *s, int first)
{
    const int taken[] = { s->T, s->m, s->n, s->l, s->B, s->K };
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (taken[i] == first) return unused(s, first + 1);
    return first;
}

const instance_sizes INSTANCE_SIZES[INSTANCE_COUNT] = {
    //T  m  n  l  B  K  p
    { 6, 5, 4, 2, 3, 7, 9 }, { 5, 3, 6, 4, 2, 8, 10 },
    { 5, 4, 2, 3, 8, 6, 9 }, { 8, 2, 3, 4, 5, 7, 9 },
    { 6, 8, 2, 7, 3, 5, 4 }, { 6, 8, 2, 5, 4, 7, 9 },
    { 7, 5, 2, 6, 3, 9, 4 }, { 9, 8, 7, 5, 2, 6, 10 },
};

enum { SMALLEST = 2, DIFFERENT = 7, FEWEST_STEPS = 3 };

static void choose_own_sizes(instance *in)
{
    const theory *th = in->th;
    const int seed = (int)(in->seed % INSTANCE_COUNT), factor = 1 + seed % (DIFFERENT - 1);
    for (int i = 0; i < th->axis_count; i++) {
        const int place = i + i / DIFFERENT * (seed + 1);
        const int chosen = SMALLEST + (place * factor + seed) % DIFFERENT;
        const int counts = (th->axes[i].is & AXIS_COUNTS) && chosen < SMALLEST + FEWEST_STEPS;
        in->own[i] = th->axes[i].size ? th->axes[i].size : chosen + counts * FEWEST_STEPS;
        if (th->axes[i].kind == 'T') in->sizes.T = in->own[i];
    }
}

int instance_alloc_sizes(instance *in, theory *th, uint64_t seed, const instance_sizes *s,
                         int one_hot)
{
    memset(in, 0, sizeof *in);
    in->th = th;
    in->seed = seed;
    in->one_hot = one_hot;
    in->sizes = *s;
    in->limit = WORK_LIMIT;
    in->scratch.limit = (size_t)64 << 20;
    in->kept.limit = (size_t)256 << 20;
    if (th->own) choose_own_sizes(in);
    for (int i = 0; i < in->th->symbol_count && i < SYMBOLS_MAX; i++) {
        in->cell[i] = in->cells;
        in->cells += in->th->symbols[i].indexed
            ? evaluate_last(in, &in->th->symbols[i]) - in->th->symbols[i].first + 1 : 1;
    }
    return th->symbol_count <= SYMBOLS_MAX ? 0 : -1;
}

int instance_alloc(instance *in, theory *th, uint64_t seed, int T, int m, int n, int l, int one_hot)
{
    instance_sizes s = { .T = T, .m = m, .n = n, .l = l };
    s.B = unused(&s, 2);
    s.K = unused(&s, 5);
    s.p = unused(&s, 8 + (int)(seed % 4));
    return instance_alloc_sizes(in, th, seed, &s, one_hot);
}

void instance_free(instance *in)
{
    free_arena(&in->scratch);
    free_arena(&in->kept);
    memset(in, 0, sizeof *in);
}
