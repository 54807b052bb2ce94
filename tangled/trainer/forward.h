/* generated from chapters/04-forward.nw by noweb; do not edit */
#ifndef FORWARD_H
#define FORWARD_H
#include "rows.h"

typedef struct cell cell;
/* Declare the parameters */
typedef struct {
    const cell *cell;  // what the hidden layer is made of
    size_t m, n, l;    // inputs, hidden units, outputs
    size_t w;          // pre-activations of a step: n, or a multiple of it
    size_t count;      // reals in the block
    real *block;       // all parameters, in the order of the views
    real *W_xh;        // (w × m)
    real *W_hh;        // (w × n)
    real *b_h;         // (1 × w)
    real *b_hn;        // (1 × n)  of a GRU alone; the others have none
    real *W_hy;        // (l × n)
    real *b_y;         // (1 × l)
} params;

/* Makes a block of zeros and its views. Returns 0; or -1 with errno set to
   EOVERFLOW (the sizes do not fit in memory addresses) or ENOMEM, and then
   *p is all zeros. Release with params_free, which accepts that too. */
int params_alloc(params *p, size_t m, size_t n, size_t l);
/* The same for a hidden layer of another cell. */
int params_alloc_cell(params *p, const cell *kind, size_t m, size_t n, size_t l);
void params_free(params *p);
/* The bytes of a block, in numbers that do not overflow. */
double params_bytes(const cell *kind, double m, double n, double l);

/* Declare the tape */
typedef struct {
    const cell *cell;      // what the hidden layer is made of
    size_t T, B, m, n, l;  // steps, streams, inputs, hidden units, outputs
    size_t w;              // pre-activations of a step and stream: n, or a multiple of it
    real *block;           // all arrays of reals below, in this order
    uint32_t *symbols;     // both arrays of symbols
    uint32_t *x, *y;       // (T·B)  input and target of each row; the caller's to fill
    /* Arrays of the forward pass */
    real *h;               // ((T+1)·B × n)  h_0 … h_T; the caller's to fill: h_0
    real *z_h;             // (T·B × w)      eq:zh
    real *z_y;             // (T·B × l)      eq:zy
    real *y_hat;           // (T·B × l)      eq:yhat
    real *c, *s;           // (T·B)          eq:c, eq:s: largest logit, log-sum-exp
    real *loss;            // (T)            eq:Lt, summed over the streams, in nats
    real *F;               // (T+1)          eq:F: loss still to come, F_0 … F_T
    /* Arrays of the backward pass */
    real *d_y;             // (T·B × l)      eq:dy
    real *d_h;             // ((T+1)·B × n)  eq:dh, from step 0
    real *d_z;             // ((T+1)·B × w)  eq:dz, from step 1; the last B rows stay 0
    /* Copies of the weights */
    real *W_xh_T;          // (m × w)
    panels W_hh_T, W_hy_T; // (n × w), (n × l)   for forward_pass
    panels W_hh;           // (w × n)            for time_backward
    /* Arrays of other cells */
    real *gate;            // (T·B × w)      what the gates let through
    real *past;            // (B × w)        of a GRU: what the state before says, at one step
    real *inside;          // (T·B × n)      and the part of it that the reset gate multiplies
    real *d_past;          // (T·B × w)      the gradient by what the state before says
    real *memory;          // ((T+1)·B × n)  of an LSTM: c_0 … c_T; the caller's to fill: c_0
    real *d_memory;        // ((T+1)·B × n)  the gradient by it
    real *bent;            // (T·B × n)      its tanh
} tape;

/* Makes a tape of zeros. Returns 0; or -1 with errno as params_alloc.
   One tape serves any number of passes of the same shape. */
int tape_alloc(tape *k, size_t T, size_t B, size_t m, size_t n, size_t l);
/* The same for a network with these parameters, whatever its cell. */
int tape_alloc_for(tape *k, const params *p, size_t T, size_t B);
void tape_free(tape *k);
double tape_bytes(const cell *kind, double T, double B, double m, double n, double l);

/* Declare what a cell is */
struct cell {
    size_t gates;       // pre-activations of a unit; w = gates·n
    size_t apart;       // 1: a bias b_hn stands apart, and on the tape inside; or 0
    size_t memory;      // 1: a row c is carried beside h; or 0
    size_t opened;      // 1: the bias of the second gate begins at one more; or 0
    /* All steps, from x and the first states. */
    void (*forward)(tape *k, const params *p);
    /* The way back, from what the present asks, in d_h: to d_h, d_z, and the layer's gradients. */
    void (*back)(tape *k, params *grad, const params *p);
};
extern const cell plain_cell;           // eq:zh eq:h

/* The last states become the first. */
void tape_carry(tape *k);
/* The first states of the tape's B streams are read from, and the last ones written to, row
   `first` … of states (streams × n) and, where the cell has one, of memory (streams × n). */
void tape_take_states(tape *k, const real *states, const real *memory, size_t first);
void tape_give_states(const tape *k, real *states, real *memory, size_t first);
/* The first `streams` streams begin with zeros; one stream does. */
void tape_forget(tape *k, size_t streams);
void tape_forget_one(tape *k, size_t stream);

/* Declare the forward pass */
/* From k->x and the first B rows of k->h: all of z_h, h and z_y.
   p must have the tape's m, n and l, and every x be below m. eq:zh eq:h eq:zy */
void forward_pass(tape *k, const params *p);
/* Its two halves: the copies of the weights, and what is done with them. One lay serves any
   number of runs, as long as p stays as it is. */
void forward_lay(tape *k, const params *p);
void forward_run(tape *k, const params *p);
/* The hidden layer of this chapter alone. eq:zh eq:h */
void hidden_forward(tape *k, const params *p);
#endif
