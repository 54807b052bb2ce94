/* generated from chapters/04-forward.nw by noweb; do not edit */
#ifndef FORWARD_H
#define FORWARD_H
#include "rows.h"

/* Declare the parameters */
typedef struct {
    size_t m, n, l;    // inputs, hidden units, outputs
    size_t count;      // reals in the block
    real *block;       // all parameters, in the order of the views
    real *W_xh;        // (n × m)
    real *W_hh;        // (n × n)
    real *b_h;         // (1 × n)
    real *W_hy;        // (l × n)
    real *b_y;         // (1 × l)
} params;

/* Makes a block of zeros and its views. Returns 0; or -1 with errno set to
   EOVERFLOW (the sizes do not fit in memory addresses) or ENOMEM, and then
   *p is all zeros. Release with params_free, which accepts that too. */
int params_alloc(params *p, size_t m, size_t n, size_t l);
void params_free(params *p);
/* The bytes of a block, in numbers that do not overflow. */
double params_bytes(double m, double n, double l);

/* Declare the tape */
typedef struct {
    size_t T, B, m, n, l;  // steps, streams, inputs, hidden units, outputs
    real *block;           // all arrays of reals below, in this order
    uint32_t *symbols;     // both arrays of symbols
    uint32_t *x, *y;       // (T·B)  input and target of each row; the caller's to fill
    /* Arrays of the forward pass */
    real *h;               // ((T+1)·B × n)  h_0 … h_T; the caller's to fill: h_0
    real *z_h;             // (T·B × n)      eq:zh
    real *z_y;             // (T·B × l)      eq:zy
    real *y_hat;           // (T·B × l)      eq:yhat
    real *c, *s;           // (T·B)          eq:c, eq:s: largest logit, log-sum-exp
    real *loss;            // (T)            eq:Lt, summed over the streams, in nats
    real *F;               // (T+1)          eq:F: loss still to come, F_0 … F_T
    /* Arrays of the backward pass */
    real *d_y;             // (T·B × l)      eq:dy
    real *d_h;             // ((T+1)·B × n)  eq:dh, from step 0
    real *d_z;             // ((T+1)·B × n)  eq:dz, from step 1; the last B rows stay 0
    /* Copies of the weights */
    real *W_xh_T;          // (m × n)
    panels W_hh_T, W_hy_T; // (n × n), (n × l)   for forward_pass
    panels W_hh;           // (n × n)            for time_backward
} tape;

/* Makes a tape of zeros. Returns 0; or -1 with errno as params_alloc.
   One tape serves any number of passes of the same shape. */
int tape_alloc(tape *k, size_t T, size_t B, size_t m, size_t n, size_t l);
void tape_free(tape *k);
double tape_bytes(double T, double B, double m, double n, double l);

/* Declare the forward pass */
/* From k->x and the first B rows of k->h: all of z_h, h and z_y.
   p must have the tape's m, n and l, and every x be below m. eq:zh eq:h eq:zy */
void forward_pass(tape *k, const params *p);
/* Its two halves: the copies of the weights, and what is done with them. One lay serves any
   number of runs, as long as p stays as it is. */
void forward_lay(tape *k, const params *p);
void forward_run(tape *k, const params *p);
#endif
