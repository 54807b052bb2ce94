/* generated from chapters/18-gru.nw by noweb; do not edit */
#include "gru.h"
#include "hidden.h"
#include <string.h>

/* Take one row through the gates */
/* Open and mix, entry by entry */
EACH_WIDTH static void add(real *restrict z, const real *restrict past, size_t count)
{
    for (size_t i = 0; i < count; i++) z[i] += past[i];
}

EACH_WIDTH static void add_product(real *restrict z, const real *restrict reset,
                                   const real *restrict inside, size_t n)
{
    for (size_t i = 0; i < n; i++) z[i] += reset[i] * inside[i];
}

EACH_WIDTH static void mix(real *restrict after, const real *restrict gate,
                           const real *restrict before, size_t n)
{
    const real *update = gate + n, *candidate = gate + 2 * n;
    for (size_t i = 0; i < n; i++)
        after[i] = (1 - update[i]) * candidate[i] + update[i] * before[i];
}

static void gru_row(tape *k, size_t row, const real *past)
{
    const size_t n = k->n, w = k->w;
    real *z = k->z_h + row * w, *gate = k->gate + row * w, *inside = k->inside + row * n;
    add(z, past, 2 * n);
    rows_sigma(gate, z, 2 * n);
    memcpy(inside, past + 2 * n, n * sizeof(real));
    add_product(z + 2 * n, gate, inside, n);
    rows_tanh(gate + 2 * n, z + 2 * n, n);
    mix(k->h + (row + k->B) * n, gate, k->h + row * n, n);
}

/* Go forward through a GRU */
static void gru_forward(tape *k, const params *p)
{
    const size_t B = k->B, n = k->n, w = k->w;
    for (size_t t = 0; t < k->T; t++) {
        rows_set(k->z_h + t * B * w, p->b_h, B, w);
        rows_pick(k->z_h + t * B * w, k->W_xh_T, k->x + t * B, B, w);
        /* Start the state's part with the bias inside the reset gate */
        for (size_t b = 0; b < B; b++) {
            memset(k->past + b * w, 0, 2 * n * sizeof(real));
            memcpy(k->past + b * w + 2 * n, p->b_hn, n * sizeof(real));
        }
        rows_through(k->past, k->h + t * B * n, k->W_hh_T, B);
        for (size_t b = 0; b < B; b++) gru_row(k, t * B + b, k->past + b * w);
    }
}

/* Take one row back through the gates */
/* Go back through the gates, entry by entry */
EACH_WIDTH static void gates_back(real *restrict d_z, real *restrict d_past,
                                  real *restrict d_before, const real *restrict d,
                                  const real *restrict gate, const real *restrict inside,
                                  const real *restrict before, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const real r = gate[i], z = gate[n + i], c = gate[2 * n + i];
        /* Pass the candidate, the reset gate and the update gate */
        const real by_candidate = d[i] * (1 - z) * (1 - c * c);
        d_z[2 * n + i] = by_candidate;
        d_past[2 * n + i] = by_candidate * r;
        d_z[i] = d_past[i] = by_candidate * inside[i] * (r * (1 - r));
        d_z[n + i] = d_past[n + i] = d[i] * (before[i] - c) * (z * (1 - z));
        d_before[i] += d[i] * z;
    }
}

static void gru_row_back(const tape *k, size_t row)
{
    const size_t n = k->n, w = k->w;
    gates_back(k->d_z + row * w, k->d_past + row * w, k->d_h + row * n,
               k->d_h + (row + k->B) * n, k->gate + row * w, k->inside + row * n,
               k->h + row * n, n);
}

/* Go back through a GRU */
static void gru_back(tape *k, params *grad, const params *p)
{
    const size_t R = k->T * k->B, B = k->B, n = k->n, w = k->w;
    rows_lay(k->W_hh, p->W_hh);
    for (size_t t = k->T; t-- > 0;) {
        for (size_t row = t * B; row < (t + 1) * B; row++) {
            gru_row_back(k, row);
            rows_sum(grad->b_h, k->d_z + row * w, 1, w);
            rows_sum(grad->b_hn, k->d_past + row * w + 2 * n, 1, n);
        }
        rows_through(k->d_h + t * B * n, k->d_past + t * B * w, k->W_hh, B);
    }
    rows_outer(grad->W_hh, k->d_past, k->h, R, w, n);
    input_backward(k, grad);
}

const cell gru_cell = { .gates = 3, .apart = 1, .opened = 1, .forward = gru_forward, .back = gru_back };
