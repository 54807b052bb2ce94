/* generated from chapters/09-descent.nw by noweb; do not edit */
#include "descent.h"
#include <math.h>
#include <tgmath.h>

/* Take a plain step */
EACH_WIDTH void descent_sgd(real *theta, const real *g, real eta, size_t p)
{
    for (size_t i = 0; i < p; i++)
        theta[i] -= eta * g[i];
}

/* Measure the length of a row */
enum { SUMS = 32 };

EACH_WIDTH static double norm(const real *g, size_t p)
{
    double sum[SUMS] = {0}, total = 0;
    size_t whole = p - p % SUMS;
    for (size_t i = 0; i < whole; i += SUMS)
        for (size_t j = 0; j < SUMS; j++)
            sum[j] += (double)g[i + j] * (double)g[i + j];
    for (size_t i = whole; i < p; i++) total += (double)g[i] * (double)g[i];
    for (size_t j = 0; j < SUMS; j++) total += sum[j];
    return sqrt(total);
}

/* Shorten a gradient that is too long */
EACH_WIDTH real descent_clip(real *g, real c, size_t p)
{
    double length = norm(g, p);
    /* Bring it down to the bound */
    if (length > (double)c) {
        real factor = (real)((double)c / length);
        for (size_t i = 0; i < p; i++)
            g[i] *= factor;
    }
    return (real)length;
}

/* Take a step with Adagrad */
EACH_WIDTH void descent_adagrad(real *theta, real *r, const real *g,
                     real eta, real epsilon, size_t p)
{
    for (size_t i = 0; i < p; i++) {
        /* Remember the square, and step */
        r[i] += g[i] * g[i];
        theta[i] -= eta * g[i] / (sqrt(r[i]) + epsilon);
    }
}

/* The sum of the weights of an average */
static double sum_of_weights(real beta, uint64_t k)
{
    return 1 - pow((double)beta, (double)k);
}

/* Take a step with Adam */
EACH_WIDTH void descent_adam(real *theta, real *u, real *v, const real *g, real eta,
                  real beta_1, real beta_2, real epsilon, uint64_t k, size_t p)
{
    real eta_hat = (real)((double)eta / sum_of_weights(beta_1, k));
    real v_scale = (real)(1 / sum_of_weights(beta_2, k));
    for (size_t i = 0; i < p; i++) {
        /* Bring both averages up to date */
        u[i] = beta_1 * u[i] + (1 - beta_1) * g[i];
        v[i] = beta_2 * v[i] + (1 - beta_2) * (g[i] * g[i]);
        theta[i] -= eta_hat * u[i] / (sqrt(v[i] * v_scale) + epsilon);
    }
}

/* Shrink the parameters */
EACH_WIDTH void descent_decay(real *theta, real share, size_t p)
{
    for (size_t i = 0; i < p; i++)
        theta[i] -= share * theta[i];
}

/* The learning rate of a step */
real descent_cosine(real eta, uint64_t k, uint64_t K)
{
    const double pi = 3.14159265358979323846;
    double done = (double)(k - 1) / (double)K;
    return (real)((double)eta / 2 * (1 + cos(pi * done)));
}
