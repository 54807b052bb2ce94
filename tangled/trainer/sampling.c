/* generated from chapters/11-sampling.nw by noweb; do not edit */
#include "sampling.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

/* Compute the distribution to draw from */
void sampling_distribution(real *q, const real *z, real tau, size_t l)
{
    size_t best = 0;
    real sum = 0;
    for (size_t i = 1; i < l; i++)
        if (z[i] > z[best]) best = i;
    /* Cool, exponentiate, and divide by the sum */
    for (size_t i = 0; i < l; i++)
        sum += q[i] = tau > 0 ? exp((z[i] - z[best]) / tau) : (real)(i == best);
    for (size_t i = 0; i < l; i++)
        q[i] /= sum;
}

/* Draw a symbol */
uint32_t sampling_choose(const real *q, size_t l, double u)
{
    size_t chosen = 0;
    double below = 0;
    /* Walk along the line until the dart is passed */
    for (size_t i = 0; i < l && below <= u; i++) {
        below += (double)q[i];
        if (q[i] > 0) chosen = i;
    }
    return (uint32_t)chosen;
}

/* Make and release a sampler */
int sampler_alloc(sampler *s, const params *p)
{
    *s = (sampler){.theta = p, .q = calloc(p->l, sizeof *s->q)};
    if (s->q && tape_alloc(&s->step, 1, 1, p->m, p->n, p->l) == 0) {
        forward_lay(&s->step, p);
        return 0;
    }
    free(s->q);
    s->q = NULL;
    return -1;
}

void sampler_free(sampler *s)
{
    tape_free(&s->step);
    free(s->q);
    s->q = NULL;
}

/* Read one character */
void sampler_read(sampler *s, uint32_t symbol)
{
    s->step.x[0] = symbol;
    forward_run(&s->step, s->theta);
    memcpy(s->step.h, s->step.h + s->step.n, s->step.n * sizeof(real));
}

/* Begin without a prompt */
void sampler_begin(sampler *s, const vocabulary *v)
{
    size_t symbol = vocabulary_find(v, '\n');
    memset(s->step.h, 0, s->step.n * sizeof(real));
    sampler_read(s, (uint32_t)(symbol < v->count ? symbol : 0));
}

/* Draw the next character */
uint32_t sampler_draw(sampler *s, double tau, random_state *r)
{
    sampling_distribution(s->q, s->step.z_y, (real)tau, s->step.l);
    return sampling_choose(s->q, s->step.l, random_uniform(r));
}

/* Speak */
void sampler_speak(sampler *s, FILE *out, const vocabulary *v, uint64_t length,
                   double tau, random_state *r)
{
    for (uint64_t i = 0; i < length && !ferror(out); i++) {
        char bytes[4];
        uint32_t symbol = sampler_draw(s, tau, r);
        fwrite(bytes, 1, characters_encode(bytes, v->codes[symbol]), out);
        sampler_read(s, symbol);
    }
}
