/* generated from chapters/25-ledger.nw by noweb; do not edit */
#include "binding.h"
#include "descent.h"
#include "hidden.h"
#include "sampling.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is stored where */
typedef struct {
    params theta, grad, batch_grad, stepped;
    tape one, all;
    real *sgd, *adagrad, *adagrad_r, *adam, *adam_u, *adam_v, *clipped, *norms, *q;
} storage;

static const real *symbol_storage[SYMBOLS_MAX];
enum { GRADIENTS_MAX = 32 };
static struct { int tree; const real *array; } gradient_storage[GRADIENTS_MAX];
static int gradient_count;

/* Hand the instance to the C */
/* Copies the value of a symbol, by name, into an array. */
static void hand_over(instance *in, const char *name, int index, real *array)
{
    value x = evaluate_symbol(in, grammar_symbol(name), index);
    if (!x.v) {
        fprintf(stderr, "binding: no value for %s\n", name);
        exit(1);
    }
    for (int i = 0; i < value_count(&x); i++) array[i] = creal(x.v[i]);
}

static real number(instance *in, const char *name)
{
    real x;
    hand_over(in, name, 0, &x);
    return x;
}

static real *row_array(size_t count)
{
    real *a = calloc(count, sizeof *a);
    if (a == NULL) exit(1);
    return a;
}

static void hand_over_symbols(instance *in, const char *name, int t, uint32_t *number_of)
{
    value x = evaluate_symbol(in, grammar_symbol(name), t);
    for (int i = 0; x.v && i < value_count(&x); i++)
        if (creal(x.v[i]) == 1) number_of[i / x.d[1]] = (uint32_t)(i % x.d[1]);
}

static void hand_over_parameters(instance *in, params *p)
{
    hand_over(in, "W_xh", 0, p->W_xh);
    hand_over(in, "W_hh", 0, p->W_hh);
    hand_over(in, "b_h", 0, p->b_h);
    hand_over(in, "W_hy", 0, p->W_hy);
    hand_over(in, "b_y", 0, p->b_y);
}

/* Run one stream and a batch */
static void run_tape(instance *in, storage *s, tape *k, params *grad, int B)
{
    const size_t m = (size_t)in->m, n = (size_t)in->n, l = (size_t)in->l;
    if (tape_alloc(k, (size_t)in->T, (size_t)B, m, n, l) || params_alloc(grad, m, n, l)) exit(1);
    hand_over(in, B == 1 ? "h" : "H", 0, k->h);
    for (int t = 1; t <= in->T; t++) {
        hand_over_symbols(in, B == 1 ? "x" : "X", t, k->x + (t - 1) * B);
        hand_over_symbols(in, B == 1 ? "y" : "Y", t, k->y + (t - 1) * B);
    }
    bptt(k, grad, &s->theta);
}

static void run_network(instance *in, storage *s)
{
    const size_t m = (size_t)in->m, n = (size_t)in->n, l = (size_t)in->l;
    if (params_alloc(&s->theta, m, n, l) || params_alloc(&s->stepped, m, n, l)) exit(1);
    hand_over_parameters(in, &s->theta);
    run_tape(in, s, &s->one, &s->grad, 1);
    run_tape(in, s, &s->all, &s->batch_grad, in->B);
    memcpy(s->stepped.block, s->theta.block, s->theta.count * sizeof(real));
    descent_sgd(s->stepped.block, s->grad.block, number(in, "eta"), s->theta.count);
}

/* Run the optimisers */
static real *history(instance *in, const char *name)
{
    real *a = row_array((size_t)((in->K + 1) * in->p));
    if (name) hand_over(in, name, 0, a);
    return a;
}

/* Copies step k-1 of a history to step k, and returns step k. */
static real *next(real *a, int k, int p)
{
    memcpy(a + k * p, a + (k - 1) * p, (size_t)p * sizeof *a);
    return a + k * p;
}

static void start_histories(instance *in, storage *s)
{
    s->sgd = history(in, "theta^sgd");
    s->adagrad = history(in, "theta^ada");
    s->adam = history(in, "theta^adam");
    s->adagrad_r = history(in, NULL);
    s->adam_u = history(in, NULL);
    s->adam_v = history(in, NULL);
    s->clipped = row_array((size_t)(in->K * in->p));
    s->norms = row_array((size_t)in->K);
}

static void run_optimisers(instance *in, storage *s)
{
    const real eta = number(in, "eta"), epsilon = number(in, "epsilon");
    const real beta_1 = number(in, "beta_1"), beta_2 = number(in, "beta_2");
    const int p = in->p;
    const size_t count = (size_t)p;
    real *g = row_array(count);
    start_histories(in, s);
    for (int k = 1; k <= in->K; k++) {
        hand_over(in, "g", k, g);
        descent_sgd(next(s->sgd, k, p), g, eta, count);
        descent_adagrad(next(s->adagrad, k, p), next(s->adagrad_r, k, p), g, eta, epsilon, count);
        descent_adam(next(s->adam, k, p), next(s->adam_u, k, p), next(s->adam_v, k, p), g, eta,
                     beta_1, beta_2, epsilon, (uint64_t)k, count);
        memcpy(s->clipped + (k - 1) * p, g, count * sizeof *g);
        s->norms[k - 1] = descent_clip(s->clipped + (k - 1) * p, number(in, "kappa"), count);
    }
    free(g);
}

/* Run the sampler */
static void run_sampler(instance *in, storage *s)
{
    const real tau = number(in, "tau");
    const size_t l = (size_t)in->l;
    s->q = row_array((size_t)in->T * l);
    for (size_t t = 0; t < (size_t)in->T; t++)
        sampling_distribution(s->q + t * l, s->one.z_y + t * l, tau, l);
}

/* Read the last column of the table */
#define theta (s->theta)
#define grad (s->grad)
#define batch_grad (s->batch_grad)
#define stepped (s->stepped)
#define one (s->one)
#define all (s->all)
#define sgd s->sgd
#define adagrad s->adagrad
#define adagrad_r s->adagrad_r
#define adam s->adam
#define adam_u s->adam_u
#define adam_v s->adam_v
#define clipped s->clipped
#define norms s->norms
#define q s->q
#define NONE NULL
static void bind_gradient(const char *latex, const real *array)
{
    parse_error error;
    int tree = grammar_expression(latex, &error);
    if (tree == NONE_NODE || gradient_count == GRADIENTS_MAX) {
        fprintf(stderr, "binding: no room for %s, or it cannot be read\n", latex);
        exit(1);
    }
    gradient_storage[gradient_count].tree = tree;
    gradient_storage[gradient_count++].array = array;
}

static void bind(const storage *s)
{
    int i = 0;
#define SYMBOL(latex, shape, range, meaning, where) symbol_storage[i++] = where;
#define GRADIENT(latex, meaning, where) bind_gradient(latex, where);
#include "notation.def"
}

/* Find the array of a left side */
static int same_derivative(int a, int b)
{
    const node *x = &nodes[a], *y = &nodes[b];
    if (x->kind != N_DERIVATIVE || y->kind != N_DERIVATIVE || x->immediate != y->immediate) return 0;
    const node *xa = &nodes[x->left], *ya = &nodes[y->left], *xb = &nodes[x->right], *yb = &nodes[y->right];
    return xa->kind == N_SYMBOL && ya->kind == N_SYMBOL && xa->symbol == ya->symbol
           && xb->symbol == yb->symbol && xa->index.base == ya->index.base
           && xb->index.base == yb->index.base && xb->index.offset == yb->index.offset;
}

/* The start of the array that holds a left side, and the symbol that indexes it. */
static const real *array_of(int left, int *indexed_by)
{
    const node *k = &nodes[left];
    *indexed_by = -1;
    if (k->kind == N_SYMBOL && symbol_storage[k->symbol]) {
        if (symbols[k->symbol].indexed) *indexed_by = k->symbol;
        return symbol_storage[k->symbol];
    }
    for (int i = 0; i < gradient_count; i++)
        if (same_derivative(left, gradient_storage[i].tree)) return gradient_storage[i].array;
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

static int index_at(const instance *in, index_expr x, const int *at)
{
    int base = x.base == 'T' ? in->T : x.base == 'K' ? in->K : x.base ? at[(int)x.base] : 0;
    return base + x.offset;
}

static void compare_with_code(void *data, const value *members, const int *at)
{
    code_comparison *k = data;
    const node *left = &nodes[k->e->member[0]];
    const int count = value_count(&members[0]);
    const real *stored = k->array;
    if (k->indexed_by >= 0) stored += (index_at(k->in, left->index, at) - symbols[k->indexed_by].first) * count;
    for (int i = 0; i < k->e->members; i++) {
        if (value_count(&members[i]) != count) continue;
        /* Compare member i with what is stored */
        value ours = members[i], theirs = ours;
        int worst;
        theirs.v = calloc((size_t)count, sizeof *theirs.v);
        theirs.scale = NULL;
        if (theirs.v == NULL) exit(1);
        for (int j = 0; j < count; j++) theirs.v[j] = stored[j];
        const double error = evaluate_error(&ours, &theirs, &worst);
        free(theirs.v);
        k->r.compared++;
        if (!(error <= k->r.error) && !isnan(k->r.error)) k->r.error = error;
        if (!(error <= TOLERANCE) && !k->r.message[0])
            snprintf(k->r.message, sizeof k->r.message, "the C has %.6g where member %d has %.6g (entry %d)",
                     stored[worst], i + 1, creal(members[i].v[worst]), worst + 1);
    }
}

binding_result binding_compare(instance *in, const equation *e)
{
    static storage s;
    static int ran;
    verdict v = { .kind = V_OK };
    code_comparison k = { .in = in, .e = e };
    if (!ran) {
        run_network(in, &s);
        run_optimisers(in, &s);
        run_sampler(in, &s);
        bind(&s);
        ran = 1;
    }
    k.array = array_of(e->member[0], &k.indexed_by);
    k.r.bound = k.array != NULL;
    if (k.r.bound) evaluate_cases(in, e, compare_with_code, &k, &v);
    if (v.kind != V_OK) {
        k.r.error = NAN;
        snprintf(k.r.message, sizeof k.r.message, "%.290s", v.message);
    }
    return k.r;
}

int binding_mentions(int tree, int symbol)
{
    if (tree == NONE_NODE) return 0;
    if (nodes[tree].kind == N_SYMBOL && nodes[tree].symbol == symbol) return 1;
    return binding_mentions(nodes[tree].left, symbol) || binding_mentions(nodes[tree].right, symbol);
}
