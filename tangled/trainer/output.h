/* generated from chapters/06-output.nw by noweb; do not edit */
#ifndef OUTPUT_H
#define OUTPUT_H
#include "forward.h"

/* From d_y and h. Adds to grad->W_hy (l × n) and grad->b_y (1 × l), and sets rows
   B … of d_h, steps 1 … T, to what the present asks; the first B rows, step 0,
   to zero. eq:dWhy eq:dby eq:dLt-dh */
void output_backward(tape *k, params *grad, const params *p);
#endif
