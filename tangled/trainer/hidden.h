/* generated from chapters/08-hidden.nw by noweb; do not edit */
#ifndef HIDDEN_H
#define HIDDEN_H
#include "forward.h"

/* From d_z, h and x: adds to grad->W_xh (n × m), W_hh (n × n) and b_h (1 × n).
   May overwrite k->W_xh_T, which is scratch here. eq:dWxh eq:dWhh eq:dbh */
void hidden_backward(tape *k, params *grad);
/* The part of the input weights, for any cell: from d_z and x to grad->W_xh (w × m). eq:dWxh */
void input_backward(tape *k, params *grad);
/* The whole of it: forward and backward over the tape, from x, y and h_0.
   Adds to grad, leaves every array of the tape filled, and returns the loss
   in nats, summed over steps and streams. eq:L */
real bptt(tape *k, params *grad, const params *p);
#endif
