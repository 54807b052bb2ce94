/* generated from chapters/07-through-time.nw by noweb; do not edit */
#ifndef THROUGH_TIME_H
#define THROUGH_TIME_H
#include "forward.h"

/* From h, and the d_h that output_backward left: d_h of steps 0 … T and d_z of
   steps 1 … T (the last B rows of d_z must be zero, as tape_alloc made them).
   eq:dh eq:dz eq:dz-last eq:dh0 */
void time_backward(tape *k, const params *p);
#endif
