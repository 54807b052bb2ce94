/* generated from chapters/19-lstm.nw by noweb; do not edit */
#ifndef LSTM_H
#define LSTM_H
#include "forward.h"

/* Four pre-activations for each unit: input, forget, candidate, output; and a memory. Forward it
   fills z_h, gate, memory, bent and h of a tape; back, d_h, d_memory and d_z, and it adds to grad's
   W_xh, W_hh and b_h. */
extern const cell lstm_cell;
#endif
