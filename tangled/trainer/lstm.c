/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "lstm.h"
#include "hidden.h"
#include <string.h>

/* Take one row through the memory */
/* Renew and let out, entry by entry */
EACH_WIDTH static void renew(real *restrict after, const real *restrict before,
                             const real *restrict gate, size_t n)
{
    const real *i = gate, *f = gate + n, *g = gate + 2 * n;
    for (size_t j = 0; j < n; j++) after[j] = f[j] * before[j] + i[j] * g[j];
}

EACH_WIDTH static void let_out(real *restrict h, const real *restrict o, const real *restrict bent,
                               size_t n)
{
    for (size_t j = 0; j < n; j++) h[j] = o[j] * bent[j];
}

static void lstm_row(tape *k, size_t row)
{
    const size_t n = k->n, w = k->w, after = (row + k->B) * n;
    const real *z = k->z_h + row * w;
    real *gate = k->gate + row * w, *bent = k->bent + row * n;
    rows_sigma(gate, z, 2 * n);
    rows_tanh(gate + 2 * n, z + 2 * n, n);
    rows_sigma(gate + 3 * n, z + 3 * n, n);
    renew(k->memory + after, k->memory + row * n, gate, n);
    rows_tanh(bent, k->memory + after, n);
    let_out(k->h + after, gate + 3 * n, bent, n);
}

/* Go forward through an LSTM */
static void lstm_forward(tape *k, const params *p)
{
    const size_t B = k->B, n = k->n, w = k->w;
    for (size_t t = 0; t < k->T; t++) {
        real *z = k->z_h + t * B * w;
        rows_set(z, p->b_h, B, w);
        rows_pick(z, k->W_xh_T, k->x + t * B, B, w);
        rows_through(z, k->h + t * B * n, k->W_hh_T, B);
        for (size_t row = t * B; row < (t + 1) * B; row++) lstm_row(k, row);
    }
}

/* Take one row back through the memory */
/* Go back through the memory, entry by entry */
EACH_WIDTH static void memory_back(real *restrict d_z, real *restrict d_before, real *restrict d_c,
                                   const real *restrict d, const real *restrict gate,
                                   const real *restrict bent, const real *restrict before, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        const real i = gate[j], f = gate[n + j], g = gate[2 * n + j], o = gate[3 * n + j];
        /* Pass the output gate, the memory and the other gates */
        const real by_memory = d_c[j] + d[j] * o * (1 - bent[j] * bent[j]);
        d_z[j] = by_memory * g * (i * (1 - i));
        d_z[n + j] = by_memory * before[j] * (f * (1 - f));
        d_z[2 * n + j] = by_memory * i * (1 - g * g);
        d_z[3 * n + j] = d[j] * bent[j] * (o * (1 - o));
        d_c[j] = by_memory;
        d_before[j] = by_memory * f;
    }
}

static void lstm_row_back(const tape *k, size_t row)
{
    const size_t n = k->n, w = k->w, after = (row + k->B) * n;
    memory_back(k->d_z + row * w, k->d_memory + row * n, k->d_memory + after, k->d_h + after,
                k->gate + row * w, k->bent + row * n, k->memory + row * n, n);
}

/* Go back through an LSTM */
static void lstm_back(tape *k, params *grad, const params *p)
{
    const size_t R = k->T * k->B, B = k->B, n = k->n, w = k->w;
    memset(k->d_memory + R * n, 0, B * n * sizeof(real));
    rows_lay(k->W_hh, p->W_hh);
    for (size_t t = k->T; t-- > 0;) {
        for (size_t row = t * B; row < (t + 1) * B; row++) lstm_row_back(k, row);
        rows_through(k->d_h + t * B * n, k->d_z + t * B * w, k->W_hh, B);
        rows_sum(grad->b_h, k->d_z + t * B * w, B, w);
    }
    rows_outer(grad->W_hh, k->d_z, k->h, R, w, n);
    input_backward(k, grad);
}

const cell lstm_cell = { .gates = 4, .memory = 1, .forward = lstm_forward, .back = lstm_back };
