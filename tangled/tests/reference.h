/* generated from chapters/196-checking.nw by noweb; do not edit */
#ifndef REFERENCE_H
#define REFERENCE_H
#include "hidden.h"
#include "test-network.h"
#include "test.h"
#include <complex.h>

/* Name every node that can be nudged */
enum { REFERENCE_NODES = 8 };
typedef struct {
    const char *name;
    const real *value, *gradient;   // on the tape, or in the parameters; (count)
    size_t count;
} reference_node;

typedef struct {
    const params *p;
    const tape *k;                          // for x, y and h_0
    reference_node node[REFERENCE_NODES];   // in the order of the nudges
    double complex *nudge[REFERENCE_NODES]; // views of one array
    size_t count;                           // of all nudges
} reference;
enum { W_XH, W_HH, B_H, W_HY, B_Y, STATE, HIDDEN, LOGITS };

/* Compute one pre-activation of the reference network */
static inline double complex at(const reference *f, int node, size_t i)
{
    return (double)f->node[node].value[i] + f->nudge[node][i];
}

/* eq:zh for row r, unit i; before (1 × n) */
static inline double complex reference_hidden(const reference *f, size_t r, size_t i,
                                              const double complex *before)
{
    double complex z = f->nudge[HIDDEN][r * TEST_N + i] + at(f, B_H, i);
    z += at(f, W_XH, i * TEST_M + f->k->x[r]);
    for (size_t j = 0; j < TEST_N; j++)
        z += before[j] * at(f, W_HH, i * TEST_N + j);
    return z;
}

/* Compute the loss of one row of the reference network */
static inline double complex reference_row(const reference *f, size_t r,
                                           const double complex *h)
{
    double complex sum = 0, target = 0;
    for (size_t i = 0; i < TEST_L; i++) {
        double complex z = f->nudge[LOGITS][r * TEST_L + i] + at(f, B_Y, i);
        for (size_t j = 0; j < TEST_N; j++)
            z += h[j] * at(f, W_HY, i * TEST_N + j);
        sum += cexp(z);
        if (i == f->k->y[r]) target = z;
    }
    return clog(sum) - target;
}

/* Run the reference network */
/* L (eq:L) of the test network with its nudges, B streams. */
static inline double complex reference_loss(const reference *f)
{
    const size_t B = f->k->B;
    double complex loss = 0;
    for (size_t b = 0; b < B; b++) {
        double complex h[TEST_N], z[TEST_N];
        for (size_t i = 0; i < TEST_N; i++)
            h[i] = at(f, STATE, b * TEST_N + i);
        for (size_t r = b; r < TEST_T * B; r += B) {
            /* Move the state to row r */
            for (size_t i = 0; i < TEST_N; i++)
                z[i] = reference_hidden(f, r, i, h);
            for (size_t i = 0; i < TEST_N; i++)
                h[i] = ctanh(z[i]) + f->nudge[STATE][(r + B) * TEST_N + i];
            loss += reference_row(f, r, h);
        }
    }
    return loss;
}

/* Points f at a network and its gradients; nudges all zero. Exits if no memory. */
static inline void reference_alloc(reference *f, const params *p, const params *grad,
                                   const tape *k)
{
    const size_t R = k->T * k->B;
    *f = (reference){ .p = p, .k = k, .node = {
        /* Pair each node with its gradient */
        { "W_xh", p->W_xh, grad->W_xh, TEST_N * TEST_M },
        { "W_hh", p->W_hh, grad->W_hh, TEST_N * TEST_N },
        { "b_h", p->b_h, grad->b_h, TEST_N },
        { "W_hy", p->W_hy, grad->W_hy, TEST_L * TEST_N },
        { "b_y", p->b_y, grad->b_y, TEST_L },
        { "h", k->h, k->d_h, (R + k->B) * TEST_N },
        { "z_h", k->z_h, k->d_z, R * TEST_N },
        { "z_y", k->z_y, k->d_y, R * TEST_L },
    } };
    for (int i = 0; i < REFERENCE_NODES; i++) f->count += f->node[i].count;
    f->nudge[0] = calloc(f->count, sizeof *f->nudge[0]);
    if (f->nudge[0] == NULL) exit(1);
    for (int i = 1; i < REFERENCE_NODES; i++)
        f->nudge[i] = f->nudge[i - 1] + f->node[i - 1].count;
}
#endif
