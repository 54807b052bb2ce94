/* generated from chapters/09-descent.nw by noweb; do not edit */
#ifndef DESCENT_H
#define DESCENT_H
/* Rules that move a row of p parameters against its gradient. All arrays are
   (1 × p), belong to the caller and must not overlap; nothing here can fail. */
#include "rows.h"

/* eq:decay, before a step: takes the share ηα off each of the parameters */
void descent_decay(real *theta, real share, size_t p);
/* eq:sgd */
void descent_sgd(real *theta, const real *g, real eta, size_t p);
/* eq:adagrad; r starts at zero and belongs to theta from then on */
void descent_adagrad(real *theta, real *r, const real *g,
                     real eta, real epsilon, size_t p);
/* eq:adam; u and v start at zero; k counts the steps from 1 */
void descent_adam(real *theta, real *u, real *v, const real *g, real eta,
                  real beta_1, real beta_2, real epsilon, uint64_t k, size_t p);
/* eq:clip, in place, with the bound c > 0; returns the norm before it (eq:norm) */
real descent_clip(real *g, real c, size_t p);
/* eq:cosine: the learning rate of step k = 1 … K */
real descent_cosine(real eta, uint64_t k, uint64_t K);
#endif
