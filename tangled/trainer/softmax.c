/* generated from chapters/05-softmax.nw by noweb; do not edit */
#include "softmax.h"
#include <tgmath.h>     // log is logf where real is float

/* Turn one row of logits into probabilities */
/* y_hat (1×l) = softmax(z); *c and *s as in eq:c and eq:s. */
EACH_WIDTH static void softmax_row(real *y_hat, real *c, real *s, const real *z, size_t l)
{
    real sum = 0;
    /* Shift by the largest, exponentiate, and divide by the sum */
    *c = rows_largest(z, l);
    for (size_t i = 0; i < l; i++)
        y_hat[i] = z[i] - *c;
    rows_exp(y_hat, y_hat, l);
    sum = rows_total(y_hat, l);
    for (size_t i = 0; i < l; i++)
        y_hat[i] /= sum;
    *s = *c + log(sum);
}

/* Compute probabilities and losses */
void softmax_forward(tape *k)
{
    const size_t B = k->B, l = k->l;
    k->F[k->T] = 0;
    for (size_t t = k->T; t-- > 0;) {
        k->loss[t] = 0;
        for (size_t r = t * B; r < (t + 1) * B; r++) {
            const real *z = k->z_y + r * l;
            softmax_row(k->y_hat + r * l, &k->c[r], &k->s[r], z, l);
            k->loss[t] += k->s[r] - z[k->y[r]];
        }
        k->F[t] = k->loss[t] + k->F[t + 1];
    }
}

/* Compute the gradient by the logits */
void softmax_backward(tape *k)
{
    const size_t R = k->T * k->B, l = k->l;
    /* Predicted minus actual */
    for (size_t i = 0; i < R * l; i++)
        k->d_y[i] = k->y_hat[i];
    for (size_t r = 0; r < R; r++)
        k->d_y[r * l + k->y[r]] -= 1;
}
