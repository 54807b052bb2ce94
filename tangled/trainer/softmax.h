/* generated from chapters/05-softmax.nw by noweb; do not edit */
#ifndef SOFTMAX_H
#define SOFTMAX_H
#include "forward.h"

/* From k->z_y and k->y: y_hat, c, s, loss (nats) and F. Every y must be below l.
   eq:softmax-shifted eq:s eq:Lt-stable eq:F-step */
void softmax_forward(tape *k);
/* From y_hat and y: d_y (T·B × l). eq:dy */
void softmax_backward(tape *k);
#endif
