/* generated from chapters/26-ledger.nw by noweb; do not edit */
#include "binding.h"
#include "cells.h"
#include "costs.h"
#include "descent.h"
#include "hidden.h"
#include "sampling.h"
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is stored where */
enum { LOOSE_MAX = 32 };
struct binding {
    instance *in;
    real *NONE;                 // null: what the program never stores
    params theta, grad, batch_grad, stepped;
    tape one, all;
    real *sgd, *decayed, *adagrad, *adagrad_r, *adam, *adam_u, *adam_v, *clipped, *norms;
    real *q, *q_kept, *q_cut, *items_h;
    real *operations_forward, *operations_back, *bytes_fetched;
    /* Arrays of a network with gates */
    struct {
        params theta, grad;
        tape k;
        real *W_x[4], *W_h[4], *b[4];           // the parts of theta
        real *dW_x[4], *dW_h[4], *db[4];        // and of grad
        real *a[4], *gate[4], *d_a[4];          // the columns of the tape's rows, each in an array
        real *d_inside, *count;                 // count: how many parameters there are
    } gated;
    real *loose[LOOSE_MAX];     // the arrays that belong to no params and no tape
    int loose_count;
    int *gradient;              // (SLOPE_COUNT) trees of the table's gradients
    int failed;
};

/* Read the last column of the table */
static const size_t NOWHERE = (size_t)-1;
static const size_t PLACES[] = {
#define SYMBOL(latex, shape, range, meaning, where, part, neighbours) offsetof(binding, where),
#define GRADIENT(latex, meaning, where)
#define THEORY(name) NOWHERE,
#include "notation.def"
#include "theories.def"
};
#undef SYMBOL
#undef GRADIENT
#undef THEORY
static const struct { const char *latex; size_t place; } SLOPES[] = {
#define SYMBOL(latex, shape, range, meaning, where, part, neighbours)
#define GRADIENT(latex, meaning, where) { latex, offsetof(binding, where) },
#define THEORY(name) { NULL, NOWHERE },
#include "notation.def"
#include "theories.def"
};
enum { SLOPE_COUNT = sizeof SLOPES / sizeof *SLOPES };
/* The place of a symbol of a theory. */
static size_t place_of(const theory *th, int symbol)
{
    int first = 0;
    for (int begun = 0; begun < th->number; first++) begun += PLACES[first] == NOWHERE;
    return PLACES[first + symbol];
}

/* Does gradient i of the table belong to the theory? */
static int is_slope_of(const theory *th, int i)
{
    int begun = 0;
    for (int j = 0; j < i; j++) begun += SLOPES[j].latex == NULL;
    return SLOPES[i].latex != NULL && begun == th->number;
}

static const real *array_at(const binding *b, size_t place)
{
    return *(real *const *)(const void *)((const char *)b + place);
}

/* Parses the gradients of the table. */
static void bind_gradients(binding *b)
{
    parse_error error;
    b->gradient = calloc(SLOPE_COUNT, sizeof *b->gradient);
    b->failed |= b->gradient == NULL;
    for (int i = 0; i < SLOPE_COUNT && b->gradient; i++) {
        b->gradient[i] = NONE_NODE;
        if (!is_slope_of(b->in->th, i)) continue;
        b->gradient[i] = grammar_expression(b->in->th, SLOPES[i].latex, &error);
        b->failed |= b->gradient[i] == NONE_NODE;
    }
}

/* Hand the instance to the C */
/* Copies the value of a symbol, by name, into an array. */
static void hand_over(binding *b, const char *name, int index, real *array)
{
    value x = evaluate_symbol(b->in, grammar_symbol(b->in->th, name), index);
    b->failed |= x.v == NULL;
    for (int i = 0; x.v && i < value_count(&x); i++) array[i] = creal(x.v[i]);
}

static real number(binding *b, const char *name)
{
    real x = 0;
    hand_over(b, name, 0, &x);
    return x;
}

static real *row_array(binding *b, size_t count)
{
    real *a = b->loose_count < LOOSE_MAX ? calloc(count, sizeof *a) : NULL;
    if (a) b->loose[b->loose_count++] = a;
    b->failed |= a == NULL;
    return a;
}

static void hand_over_symbols(binding *b, const char *name, int t, uint32_t *number_of)
{
    value x = evaluate_symbol(b->in, grammar_symbol(b->in->th, name), t);
    b->failed |= x.v == NULL;
    for (int i = 0; x.v && i < value_count(&x); i++)
        if (creal(x.v[i]) == 1) number_of[i / x.d[1]] = (uint32_t)(i % x.d[1]);
}

static void hand_over_parameters(binding *b, params *p)
{
    hand_over(b, "W_xh", 0, p->W_xh);
    hand_over(b, "W_hh", 0, p->W_hh);
    hand_over(b, "b_h", 0, p->b_h);
    hand_over(b, "W_hy", 0, p->W_hy);
    hand_over(b, "b_y", 0, p->b_y);
}

/* Run one stream and a batch */
static int make_params(binding *b, params *p)
{
    return params_alloc(p, (size_t)b->in->sizes.m, (size_t)b->in->sizes.n, (size_t)b->in->sizes.l);
}

static void run_tape(binding *b, tape *k, params *grad, int B)
{
    const instance *in = b->in;
    b->failed |= make_params(b, grad) != 0
                 || tape_alloc(k, (size_t)in->sizes.T, (size_t)B, (size_t)in->sizes.m,
                               (size_t)in->sizes.n, (size_t)in->sizes.l) != 0;
    if (b->failed) return;
    hand_over(b, B == 1 ? "h" : "H", 0, k->h);
    for (int t = 1; t <= in->sizes.T; t++) {
        hand_over_symbols(b, B == 1 ? "x" : "X", t, k->x + (t - 1) * B);
        hand_over_symbols(b, B == 1 ? "y" : "Y", t, k->y + (t - 1) * B);
    }
    bptt(k, grad, &b->theta);
}

static void run_network(binding *b)
{
    b->failed |= make_params(b, &b->theta) != 0 || make_params(b, &b->stepped) != 0;
    if (b->failed) return;
    hand_over_parameters(b, &b->theta);
    run_tape(b, &b->one, &b->grad, 1);
    run_tape(b, &b->all, &b->batch_grad, b->in->sizes.B);
    if (b->failed) return;
    memcpy(b->stepped.block, b->theta.block, b->theta.count * sizeof(real));
    descent_sgd(b->stepped.block, b->grad.block, number(b, "eta"), b->theta.count);
}

/* Run the optimisers */
static real *history(binding *b, const char *name)
{
    real *a = row_array(b, (size_t)((b->in->sizes.K + 1) * b->in->sizes.p));
    if (a && name) hand_over(b, name, 0, a);
    return a;
}

/* Copies step k-1 of a history to step k, and returns step k. */
static real *next(real *a, int k, int p)
{
    memcpy(a + k * p, a + (k - 1) * p, (size_t)p * sizeof *a);
    return a + k * p;
}

static void start_histories(binding *b)
{
    b->sgd = history(b, "theta^sgd");
    b->decayed = history(b, "theta^decay");
    b->adagrad = history(b, "theta^ada");
    b->adam = history(b, "theta^adam");
    b->adagrad_r = history(b, NULL);
    b->adam_u = history(b, NULL);
    b->adam_v = history(b, NULL);
    b->clipped = row_array(b, (size_t)(b->in->sizes.K * b->in->sizes.p));
    b->norms = row_array(b, (size_t)b->in->sizes.K);
}

static void run_optimisers(binding *b)
{
    const real eta = number(b, "eta"), epsilon = number(b, "epsilon"), kappa = number(b, "kappa");
    const real beta_1 = number(b, "beta_1"), beta_2 = number(b, "beta_2");
    const int p = b->in->sizes.p;
    const size_t count = (size_t)p;
    real *g = row_array(b, count);
    start_histories(b);
    for (int k = 1; k <= b->in->sizes.K && !b->failed; k++) {
        hand_over(b, "g", k, g);
        descent_sgd(next(b->sgd, k, p), g, eta, count);
        descent_decay(next(b->decayed, k, p), eta * number(b, "alpha"), count);
        descent_sgd(b->decayed + k * p, g, eta, count);
        descent_adagrad(next(b->adagrad, k, p), next(b->adagrad_r, k, p), g, eta, epsilon, count);
        descent_adam(next(b->adam, k, p), next(b->adam_u, k, p), next(b->adam_v, k, p), g, eta,
                     beta_1, beta_2, epsilon, (uint64_t)k, count);
        memcpy(b->clipped + (k - 1) * p, g, count * sizeof *g);
        b->norms[k - 1] = descent_clip(b->clipped + (k - 1) * p, kappa, count);
    }
}

/* Run the sampler */
static void run_sampler(binding *b)
{
    const real tau = number(b, "tau");
    const size_t l = (size_t)b->in->sizes.l, T = (size_t)b->in->sizes.T;
    const size_t most = (size_t)ceil((double)number(b, "lambda"));
    real *sorted = row_array(b, l);
    b->q = row_array(b, T * l);
    b->q_kept = row_array(b, T * l);
    b->q_cut = row_array(b, T * l);
    for (size_t t = 0; t < T && !b->failed; t++) {
        real *q = b->q + t * l, *cut = b->q_cut + t * l;
        sampling_distribution(q, b->one.z_y + t * l, tau, l);
        memcpy(cut, q, l * sizeof *q);
        sampling_cut(cut, sorted, l, most, (double)number(b, "pi"));
        for (size_t i = 0; i < l; i++) b->q_kept[t * l + i] = cut[i] > 0;
    }
}

/* Read items */
static void run_items(binding *b)
{
    const size_t n = (size_t)b->in->sizes.n, T = (size_t)b->in->sizes.T;
    tape k;
    b->items_h = row_array(b, (T + 1) * n);
    b->failed |= tape_alloc_for(&k, &b->theta, 1, 1) != 0;
    for (size_t t = 1; t <= T && !b->failed; t++) {
        real goes_on;
        hand_over(b, "iota", (int)t, &goes_on);
        hand_over_symbols(b, "x", (int)t, k.x);
        if (goes_on < 1) tape_forget(&k, 1);
        forward_pass(&k, &b->theta);
        memcpy(b->items_h + t * n, k.h + n, n * sizeof(real));
        tape_carry(&k);
    }
    tape_free(&k);
}

/* Count the cost of a character */
static void count_costs(binding *b, size_t gates)
{
    const double n = b->in->sizes.n, l = b->in->sizes.l, T = b->in->sizes.T, B = b->in->sizes.B;
    b->operations_forward = row_array(b, 1);
    b->operations_back = row_array(b, 1);
    b->bytes_fetched = row_array(b, 1);
    if (b->failed) return;
    const double w = (double)gates * n;
    *b->operations_forward = (real)costs_forward(w, n, l);
    *b->operations_back = (real)costs_back(w, n, l);
    *b->bytes_fetched = (real)costs_bytes(w, n, l, T, B);
}

/* Run a network with gates */
/* Points at the parts of parameters, or of gradients, each for n units. */
static void find_parts(const params *p, real **W_x, real **W_h, real **bias)
{
    for (size_t i = 0; i < p->w / p->n; i++) {
        W_x[i] = p->W_xh + i * p->n * p->m;
        W_h[i] = p->W_hh + i * p->n * p->n;
        bias[i] = p->b_h + i * p->n;
    }
}

/* Column i, of n numbers, of the tape's rows, in an array of its own. */
static real *copy_column(binding *b, const real *rows, size_t i)
{
    const tape *k = &b->gated.k;
    real *column = row_array(b, k->T * k->n);
    for (size_t t = 0; column && t < k->T; t++)
        memcpy(column + t * k->n, rows + t * k->w + i * k->n, k->n * sizeof *column);
    return column;
}

/* Hands over one part for each letter, which stands for the % in the name. */
static void hand_over_parts(binding *b, const char *name, const char *letters, real **parts)
{
    char symbol[NAME_MAX_LENGTH];
    const int before = (int)strcspn(name, "%");
    for (int i = 0; letters[i]; i++) {
        snprintf(symbol, sizeof symbol, "%.*s%c", before, name, letters[i]);
        hand_over(b, symbol, 0, parts[i]);
    }
}

static int make_gated(binding *b, const cell *kind)
{
    const size_t m = (size_t)b->in->sizes.m, n = (size_t)b->in->sizes.n, l = (size_t)b->in->sizes.l;
    b->failed |= params_alloc_cell(&b->gated.theta, kind, m, n, l) != 0
        || params_alloc_cell(&b->gated.grad, kind, m, n, l) != 0
        || tape_alloc_for(&b->gated.k, &b->gated.theta, (size_t)b->in->sizes.T, 1) != 0;
    if (b->failed) return -1;
    find_parts(&b->gated.theta, b->gated.W_x, b->gated.W_h, b->gated.b);
    find_parts(&b->gated.grad, b->gated.dW_x, b->gated.dW_h, b->gated.db);
    hand_over(b, "W_hy", 0, b->gated.theta.W_hy);
    hand_over(b, "b_y", 0, b->gated.theta.b_y);
    return 0;
}

static void run_gated(binding *b)
{
    tape *k = &b->gated.k;
    hand_over(b, "h", 0, k->h);
    for (size_t t = 0; t < k->T; t++) {
        hand_over_symbols(b, "x", (int)t + 1, k->x + t);
        hand_over_symbols(b, "y", (int)t + 1, k->y + t);
    }
    if (!b->failed) bptt(k, &b->gated.grad, &b->gated.theta);
    for (size_t i = 0; i < k->w / k->n && !b->failed; i++) {
        b->gated.a[i] = copy_column(b, k->z_h, i);
        b->gated.gate[i] = copy_column(b, k->gate, i);
        b->gated.d_a[i] = copy_column(b, k->d_z, i);
    }
    b->gated.count = row_array(b, 1);
    if (!b->failed) *b->gated.count = (real)b->gated.theta.count;
    if (!b->failed) count_costs(b, b->gated.theta.cell->gates);
}

static void run_gru(binding *b)
{
    if (make_gated(b, cells[GRU]) != 0) return;
    hand_over_parts(b, "W_x%", "rzn", b->gated.W_x);
    hand_over_parts(b, "W_h%", "rzn", b->gated.W_h);
    hand_over_parts(b, "b_%", "rz", b->gated.b);
    hand_over(b, "b_xn", 0, b->gated.b[2]);
    hand_over(b, "b_hn", 0, b->gated.theta.b_hn);
    run_gated(b);
    if (!b->failed) b->gated.d_inside = copy_column(b, b->gated.k.d_past, 2);
}

static void run_lstm(binding *b)
{
    if (make_gated(b, cells[LSTM]) != 0) return;
    hand_over_parts(b, "W_x%", "ifgo", b->gated.W_x);
    hand_over_parts(b, "W_h%", "ifgo", b->gated.W_h);
    hand_over_parts(b, "b_%", "ifgo", b->gated.b);
    hand_over(b, "c", 0, b->gated.k.memory);
    run_gated(b);
}

/* Run the C */
static void run_plain(binding *b)
{
    if (!b->failed) run_network(b);
    if (!b->failed) run_optimisers(b);
    if (!b->failed) run_sampler(b);
    if (!b->failed) run_items(b);
    if (!b->failed) count_costs(b, 1);
}

static const struct { const char *theory; void (*run)(binding *); } RUNNERS[] = {
    { "", run_plain }, { "gru", run_gru }, { "lstm", run_lstm } };

binding *binding_alloc(instance *in)
{
    binding *b = calloc(1, sizeof *b);
    if (b == NULL) return NULL;
    b->in = in;
    bind_gradients(b);
    for (size_t i = 0; i < sizeof RUNNERS / sizeof *RUNNERS; i++)
        if (!b->failed && strcmp(RUNNERS[i].theory, in->th->name) == 0) RUNNERS[i].run(b);
    if (!b->failed) return b;
    binding_free(b);
    return NULL;
}

int binding_stores(const binding *b)
{
    int stores = 0;
    for (int i = 0; i < b->in->th->symbol_count; i++)
        stores |= array_at(b, place_of(b->in->th, i)) != NULL;
    return stores;
}

void binding_free(binding *b)
{
    if (b == NULL) return;
    params *const all[] = { &b->theta, &b->grad, &b->batch_grad, &b->stepped };
    for (int i = 0; i < 4; i++) params_free(all[i]);
    tape_free(&b->one);
    tape_free(&b->all);
    params_free(&b->gated.theta);
    params_free(&b->gated.grad);
    tape_free(&b->gated.k);
    while (b->loose_count > 0) free(b->loose[--b->loose_count]);
    free(b->gradient);
    free(b);
}

/* Find the array of a left side */
/* The start of the array that holds a left side, and the symbol that indexes it. */
static const real *array_of(const binding *b, int left, int *indexed_by)
{
    const theory *th = b->in->th;
    const node *k = &th->nodes[left];
    *indexed_by = -1;
    const real *array = k->kind == N_SYMBOL ? array_at(b, place_of(th, k->symbol)) : NULL;
    if (array && th->symbols[k->symbol].indexed) *indexed_by = k->symbol;
    if (array) return array;
    for (int i = 0; i < SLOPE_COUNT; i++)
        if (b->gradient[i] != NONE_NODE && grammar_same(th, left, b->gradient[i]))
            return array_at(b, SLOPES[i].place);
    return NULL;
}

/* Compare a left side with its array */
typedef struct {
    const instance *in;
    const equation *e;
    const real *array;
    int indexed_by;
    binding_result r;
} code_comparison;

static void compare_with_code(void *data, const value *members, const int *at)
{
    code_comparison *k = data;
    const theory *th = k->in->th;
    const node *left = &th->nodes[k->e->member[0]];
    const int count = value_count(&members[0]);
    const real *stored = k->array;
    if (k->indexed_by >= 0)
        stored += (evaluate_index(k->in, at, left->index) - th->symbols[k->indexed_by].first)
            * count;
    for (int i = 0; i < k->e->members; i++) {
        if (value_count(&members[i]) != count) continue;
        /* Compare member i with what is stored */
        value ours = members[i], theirs = ours;
        int worst = 0;
        theirs.v = calloc((size_t)count, sizeof *theirs.v);
        theirs.scale = NULL;
        for (int j = 0; j < count && theirs.v; j++) theirs.v[j] = stored[j];
        const double error = theirs.v ? evaluate_error(&ours, &theirs, &worst) : NAN;
        free(theirs.v);
        k->r.compared++;
        if (!(error <= k->r.error) && !isnan(k->r.error)) k->r.error = error;
        if (!(error <= TOLERANCE) && !k->r.message[0])
            snprintf(k->r.message, sizeof k->r.message,
                     "the C has %.6g where member %d has %.6g (entry %d)",
                     stored[worst], i + 1, creal(members[i].v[worst]), worst + 1);
    }
}

binding_result binding_compare(const binding *b, const equation *e)
{
    verdict v = { .kind = V_OK };
    code_comparison k = { .in = b->in, .e = e };
    k.array = array_of(b, e->member[0], &k.indexed_by);
    k.r.bound = k.array != NULL;
    if (k.r.bound) evaluate_cases(b->in, e, compare_with_code, &k, &v);
    if (v.kind != V_OK) {
        k.r.error = NAN;
        snprintf(k.r.message, sizeof k.r.message, "%.290s", v.message);
    }
    return k.r;
}
