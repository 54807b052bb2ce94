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

/* An order from the most probable */
static int falling(const void *a, const void *b)
{
    const real *s = a, *t = b;
    return (*s < *t) - (*s > *t);
}

/* Find the least probability that stays */
/* Of l probabilities, the largest first: the last that has fewer than k before it, with a share
   below p. The first has nobody before it, and stays. */
static real least_that_stays(const real *sorted, size_t l, size_t k, double p)
{
    size_t i = 0;
    double before = 0;
    /* Walk to the last that may stay */
    do before += (double)sorted[i++];
    while (i < l && i < k && before < p);
    return sorted[i - 1];
}

/* Cut off the improbable */
void sampling_cut(real *q, real *sorted, size_t l, size_t k, double p)
{
    if (k >= l && p >= 1) return;
    memcpy(sorted, q, l * sizeof *q);
    qsort(sorted, l, sizeof *q, falling);
    const real least = least_that_stays(sorted, l, k, p);
    real sum = 0;
    for (size_t i = 0; i < l; i++)
        sum += q[i] = q[i] >= least ? q[i] : 0;
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
    *s = (sampler){.theta = p, .q = calloc(p->l, 2 * sizeof *s->q)};
    if (s->q && tape_alloc_for(&s->step, p, 1, 1) == 0) {
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
    tape_carry(&s->step);
}

/* Begin without a prompt */
void sampler_begin(sampler *s, const vocabulary *v)
{
    size_t symbol = vocabulary_find(v, '\n');
    tape_forget(&s->step, 1);
    sampler_read(s, (uint32_t)(symbol < v->count ? symbol : 0));
}

/* Draw the next character */
uint32_t sampler_draw(sampler *s, const manner *how, random_state *r)
{
    const size_t l = s->step.l;
    sampling_distribution(s->q, s->step.z_y, (real)how->tau, l);
    sampling_cut(s->q, s->q + l, l, how->top_k ? how->top_k : l, how->top_p > 0 ? how->top_p : 1);
    return sampling_choose(s->q, l, random_uniform(r));
}

/* See how much of an ending has been met */
static size_t ending_met(const uint32_t *until, size_t met, uint32_t symbol)
{
    for (size_t left_out = 0; left_out <= met; left_out++)
        if (until[met - left_out] == symbol
            && memcmp(until, until + left_out, (met - left_out) * sizeof *until) == 0)
            return met - left_out + 1;
    return 0;
}

/* Speak */
uint32_t sampler_speak(sampler *s, FILE *out, const vocabulary *v, const manner *how,
                       random_state *r)
{
    size_t met = 0;         // of the symbols that end it
    uint32_t symbol = UINT32_MAX;
    for (uint64_t i = 0; i < how->length; i++) {
        char bytes[4];
        symbol = sampler_draw(s, how, r);
        fwrite(bytes, 1, characters_encode(bytes, v->codes[symbol]), out);
        if (ferror(out)) break;
        sampler_read(s, symbol);
        if (how->ends && (met = ending_met(how->until, met, symbol)) == how->ends) break;
    }
    return symbol;
}
