/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "ex-network.h"
#include "descent.h"
#include "hidden.h"

#pragma weak bptt
#pragma weak descent_clip
#pragma weak descent_sgd
/* Stand in for gradient, clipping and step */
real bptt(tape *k, params *grad, const params *p)
{
    for (size_t i = 0; i < k->T * k->n; i++) {
        const real past = k->h[i] + p->block[i % p->count];
        k->h[i + k->n] = sin(past + (real)k->x[i / k->n]);
        grad->block[i % p->count] += past + cos(past * (real)(k->y[i / k->n] + 1));
    }
    return k->h[k->n];
}

real descent_clip(real *g, real c, size_t p)
{
    real size = 0;
    for (size_t i = 0; i < p; i++) size += fabs(g[i]);
    for (size_t i = 0; i < p; i++) g[i] *= c / (c + size);
    return size;
}

void descent_sgd(real *theta, const real *g, real eta, size_t p)
{
    for (size_t i = 0; i < p; i++) theta[i] = theta[i] * cos(eta) - sin(eta * g[i]);
}
#define learn answer_learn
#include EXERCISE_FILE

void exercise_run(uint64_t seed)
{
    const size_t chunks = BY_TURN(4, 3, 5), T = BY_TURN(5, 7, 4);
    const size_t l = BY_TURN(4, 3, 6), n = BY_TURN(3, 5, 2), length = (chunks + 1) * T;
    const double eta = BY_TURN(0.4, 0.15, 0.8), bound = BY_TURN(1.5, 0.7, 4);
    params p, grad;
    tape k;
    if (params_alloc(&p, l, n, l) != 0 || params_alloc(&grad, l, n, l) != 0) exit(1);
    if (tape_alloc(&k, T, 1, l, n, l) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    test_fill(grad.block, grad.count, &seed);
    fence_tape(&k);
    uint32_t *text = exercise_fence("text", NULL, length, sizeof *text);
    for (size_t i = 0; i < length; i++)
        text[i] = (uint32_t)((test_number(&seed) + 1) / 2 * (real)l);
    exercise_symbols("text", text, length);
    learn(&p, &grad, &k, text, chunks, (real)eta, (real)bound);
    exercise_output("parameters", p.block, p.count);
}
