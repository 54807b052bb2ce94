/* generated from chapters/19-lstm.nw by noweb; do not edit */
#ifndef GATES_H
#define GATES_H
/* How far an error comes on its way back through a cell. */
#include "cells.h"
#include "hidden.h"
#include <math.h>
#include <string.h>

/* Sends errors (B × n) back from the last step of a tape that has run forward, with nothing asked
   at other steps. What arrives is in d_h, and in d_memory where there is one; grad is added to. */
static inline void send_back(tape *k, params *grad, const params *p, const real *errors)
{
    const size_t rows = k->B * k->n;
    memset(k->d_h, 0, (k->T + 1) * rows * sizeof(real));
    memcpy(k->d_h + k->T * rows, errors, rows * sizeof(real));
    k->cell->back(k, grad, p);
}

/* The length of what has arrived at step t of stream b: at the memory, if there is one. */
static inline double arrived(const tape *k, size_t t, size_t b)
{
    const real *d = (k->cell->memory ? k->d_memory : k->d_h) + (t * k->B + b) * k->n;
    double sum = 0;
    for (size_t i = 0; i < k->n; i++) sum += (double)(d[i] * d[i]);
    return sqrt(sum);
}
#endif
