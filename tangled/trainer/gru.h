/* generated from chapters/18-gru.nw by noweb; do not edit */
#ifndef GRU_H
#define GRU_H
#include "forward.h"

/* Three pre-activations for each unit: reset, update, candidate. Forward it fills z_h, inside, gate
   and h of a tape; back, d_h, d_z and d_past, and it adds to grad's W_xh, W_hh, b_h and b_hn. */
extern const cell gru_cell;
#endif
