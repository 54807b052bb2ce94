/* generated from chapters/04-forward.nw by noweb; do not edit */
#include "forward.h"
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cut views from one block */
typedef struct {
    real **array;
    size_t rows, columns;
} view;

/* Add up the sizes of the views */
/* *count = Σ rows·columns; returns nonzero where *count reals overflow size_t. */
static int total_size(size_t *count, const view *views, size_t n)
{
    int overflow = 0;
    size_t size, bytes;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        overflow |= __builtin_mul_overflow(views[i].rows, views[i].columns, &size);
        overflow |= __builtin_add_overflow(*count, size, count);
    }
    return overflow | __builtin_mul_overflow(*count, sizeof(real), &bytes);
}

static int cut(real **block, size_t *count, const view *views, size_t n)
{
    if (total_size(count, views, n) != 0) {
        errno = EOVERFLOW;
        return -1;
    }
    /* Allocate, and hand out the views */
    real *next = *block = calloc(*count, sizeof(real));
    if (next == NULL)
        return -1;
    for (size_t i = 0; i < n; i++) {
        *views[i].array = next;
        next += views[i].rows * views[i].columns;
    }
    assert(next == *block + *count);
    return 0;
}

/* Make and release parameters */
int params_alloc_cell(params *p, const cell *kind, size_t m, size_t n, size_t l)
{
    size_t w;
    *p = (params){ .cell = kind, .m = m, .n = n, .l = l };
    if (__builtin_mul_overflow(kind->gates, n, &w)) {
        errno = EOVERFLOW;
    } else {
        const size_t apart = kind->apart;
        const view views[] = {
            /* The views of parameters */
            { &p->W_xh, w, m }, { &p->W_hh, w, n }, { &p->b_h, 1, w },
            { &p->b_hn, apart, n },
            { &p->W_hy, l, n }, { &p->b_y, 1, l },
        };
        p->w = w;
        if (cut(&p->block, &p->count, views, sizeof views / sizeof *views) == 0) return 0;
    }
    *p = (params){ 0 };
    return -1;
}

int params_alloc(params *p, size_t m, size_t n, size_t l)
{
    return params_alloc_cell(p, &plain_cell, m, n, l);
}

void params_free(params *p)
{
    free(p->block);
    *p = (params){ 0 };
}

/* Begin panels at a cache line */
static void begin_line(panels *P) { P->at += -(uintptr_t)P->at % CACHE_LINE / sizeof(real); }

/* Make and release a tape */
static int make_tape(tape *k, const cell *kind, size_t T, size_t B, size_t m, size_t n, size_t l)
{
    size_t R, more, w, count;
    *k = (tape){ .cell = kind, .T = T, .B = B, .m = m, .n = n, .l = l };
    if (__builtin_mul_overflow(T, B, &R) || __builtin_add_overflow(R, B, &more)
        || __builtin_mul_overflow(kind->gates, n, &w)) {
        errno = EOVERFLOW;
    } else {
        const size_t gates = kind->gates > 1, apart = kind->apart, memory = kind->memory;
        const view views[] = {
            /* The views of a tape */
            { &k->h, more, n }, { &k->z_h, R, w }, { &k->z_y, R, l }, { &k->y_hat, R, l },
            { &k->c, R, 1 }, { &k->s, R, 1 }, { &k->loss, T, 1 }, { &k->F, T + 1, 1 },
            { &k->d_y, R, l }, { &k->d_h, more, n }, { &k->d_z, more, w },
            { &k->W_xh_T, m, w }, { &k->W_hh_T.at, n + 1, w + PANELS_PAD }, { &k->W_hy_T.at, n + 1, l + PANELS_PAD },
            { &k->W_hh.at, w + 1, n + PANELS_PAD },
            { &k->gate, gates * R, w }, { &k->past, apart * B, w }, { &k->inside, apart * R, n },
            { &k->d_past, apart * R, w },
            { &k->memory, memory * more, n }, { &k->d_memory, memory * more, n }, { &k->bent, memory * R, n },
        };
        k->w = w;
        k->symbols = calloc(more, 2 * sizeof *k->symbols);
        if (k->symbols && cut(&k->block, &count, views, sizeof views / sizeof *views) == 0) {
            k->x = k->symbols;
            k->y = k->symbols + R;
            /* Tell the panels their sizes */
            k->W_hh_T.k = k->W_hh.n = n;
            k->W_hh_T.n = k->W_hh.k = w;
            k->W_hy_T.k = n;
            k->W_hy_T.n = l;
            begin_line(&k->W_hh_T), begin_line(&k->W_hy_T), begin_line(&k->W_hh);
            return 0;
        }
    }
    tape_free(k);
    return -1;
}

int tape_alloc(tape *k, size_t T, size_t B, size_t m, size_t n, size_t l)
{
    return make_tape(k, &plain_cell, T, B, m, n, l);
}

int tape_alloc_for(tape *k, const params *p, size_t T, size_t B)
{
    return make_tape(k, p->cell, T, B, p->m, p->n, p->l);
}

void tape_free(tape *k)
{
    free(k->block);
    free(k->symbols);
    *k = (tape){ 0 };
}

/* Count the bytes of both */
typedef struct {
    real **array;
    double rows, columns;
} extent;

static double bytes_of(const extent *extents, size_t n)
{
    double count = 0;
    for (size_t i = 0; i < n; i++) count += extents[i].rows * extents[i].columns;
    return count * sizeof(real);
}

double params_bytes(const cell *kind, double m, double n, double l)
{
    const double w = (double)kind->gates * n, apart = (double)kind->apart;
    params none, *p = &none;
    const extent extents[] = {
        /* The views of parameters */
        { &p->W_xh, w, m }, { &p->W_hh, w, n }, { &p->b_h, 1, w },
        { &p->b_hn, apart, n },
        { &p->W_hy, l, n }, { &p->b_y, 1, l },
    };
    return bytes_of(extents, sizeof extents / sizeof *extents);
}

double tape_bytes(const cell *kind, double T, double B, double m, double n, double l)
{
    const double R = T * B, more = R + B, w = (double)kind->gates * n;
    const double gates = kind->gates > 1, apart = (double)kind->apart, memory = (double)kind->memory;
    tape none, *k = &none;
    const extent extents[] = {
        /* The views of a tape */
        { &k->h, more, n }, { &k->z_h, R, w }, { &k->z_y, R, l }, { &k->y_hat, R, l },
        { &k->c, R, 1 }, { &k->s, R, 1 }, { &k->loss, T, 1 }, { &k->F, T + 1, 1 },
        { &k->d_y, R, l }, { &k->d_h, more, n }, { &k->d_z, more, w },
        { &k->W_xh_T, m, w }, { &k->W_hh_T.at, n + 1, w + PANELS_PAD }, { &k->W_hy_T.at, n + 1, l + PANELS_PAD },
        { &k->W_hh.at, w + 1, n + PANELS_PAD },
        { &k->gate, gates * R, w }, { &k->past, apart * B, w }, { &k->inside, apart * R, n },
        { &k->d_past, apart * R, w },
        { &k->memory, memory * more, n }, { &k->d_memory, memory * more, n }, { &k->bent, memory * R, n },
    };
    return bytes_of(extents, sizeof extents / sizeof *extents)
        + 2 * sizeof *k->symbols * more;
}

/* Move states */
void tape_take_states(tape *k, const real *states, const real *memory, size_t first)
{
    const size_t block = k->B * k->n;
    memcpy(k->h, states + first * k->n, block * sizeof(real));
    if (k->cell->memory) memcpy(k->memory, memory + first * k->n, block * sizeof(real));
}

void tape_give_states(const tape *k, real *states, real *memory, size_t first)
{
    const size_t block = k->B * k->n;
    memcpy(states + first * k->n, k->h + k->T * block, block * sizeof(real));
    if (k->cell->memory)
        memcpy(memory + first * k->n, k->memory + k->T * block, block * sizeof(real));
}

void tape_carry(tape *k)
{
    tape_give_states(k, k->h, k->memory, 0);
}

void tape_forget(tape *k, size_t streams)
{
    memset(k->h, 0, streams * k->n * sizeof(real));
    if (k->cell->memory) memset(k->memory, 0, streams * k->n * sizeof(real));
}

void tape_forget_one(tape *k, size_t stream)
{
    memset(k->h + stream * k->n, 0, k->n * sizeof(real));
    if (k->cell->memory) memset(k->memory + stream * k->n, 0, k->n * sizeof(real));
}

/* Take one step of the hidden layer */
static void hidden_step(tape *k, const params *p, size_t t)
{
    const size_t B = k->B, n = p->n;
    const real *before = k->h + t * B * n;
    real *after = k->h + (t + 1) * B * n, *z = k->z_h + t * B * n;
    /* Add the past, and bend the sum */
    rows_through(z, before, k->W_hh_T, B);
    rows_tanh(after, z, B * n);
}

/* Run the hidden layer forward */
void hidden_forward(tape *k, const params *p)
{
    const size_t R = k->T * k->B, n = k->n;
    /* Start every pre-activation with its bias and its character */
    rows_set(k->z_h, p->b_h, R, n);
    rows_pick(k->z_h, k->W_xh_T, k->x, R, n);
    for (size_t t = 0; t < k->T; t++)
        hidden_step(k, p, t);
}

/* Run the network forward */
void forward_run(tape *k, const params *p)
{
    const size_t R = k->T * k->B, n = k->n, l = k->l;
    k->cell->forward(k, p);
    rows_set(k->z_y, p->b_y, R, l);
    rows_through(k->z_y, k->h + k->B * n, k->W_hy_T, R);
}

/* Turn the weights, and lay them out */
static void lay_products(tape *k, const params *p)
{
    rows_lay_turned(k->W_hh_T, p->W_hh);
    rows_lay_turned(k->W_hy_T, p->W_hy);
}

void forward_lay(tape *k, const params *p)
{
    rows_transpose(k->W_xh_T, p->W_xh, k->w, k->m);
    lay_products(k, p);
}

void forward_pass(tape *k, const params *p)
{
    const size_t R = k->T * k->B;
    if (R < k->m) {
        rows_turn(k->W_xh_T, p->W_xh, k->x, R, k->w, k->m);
        lay_products(k, p);
    } else forward_lay(k, p);
    forward_run(k, p);
}
