/* generated from chapters/11-sampling.nw by noweb; do not edit */
#ifndef SAMPLING_H
#define SAMPLING_H
/* Drawing characters from a network. */
#include <stdio.h>
#include "characters.h"
#include "forward.h"
#include "random.h"

/* q (1×l) = softmax(z / τ), eq:q; τ = 0 gives one to the first of the largest */
void sampling_distribution(real *q, const real *z, real tau, size_t l);
/* q with the improbable cut off, eq:kept eq:cut-q: at most k ≥ 1 of them stay, or as many as
   are equally probable, and none that has p or more before it. sorted: room for l numbers. */
void sampling_cut(real *q, real *sorted, size_t l, size_t k, double p);
/* the symbol whose piece of [0, 1) holds u; q (1×l) sums to one */
uint32_t sampling_choose(const real *q, size_t l, double u);

/* A network that reads one character at a time */
typedef struct {
    const params *theta;    // borrowed
    tape step;              // T = 1, B = 1; its first state is the memory
    real *q;                // (2 × l) distribution of the next draw, and room to sort it
} sampler;

/* How a network speaks */
typedef struct {
    double tau;             // temperature
    uint64_t length;        // characters at most
    size_t top_k;           // how many may be drawn; 0: all
    double top_p;           // the share of the probability that may be drawn; 0: all
    const uint32_t *until;  // (ends) symbols after which it falls silent; borrowed
    size_t ends;            // 0: it speaks on to the length
} manner;

/* What a sampler offers */
/* Starts in a state of zeros; 0, or -1 with errno. theta must outlive the
   sampler, and stay as it is. */
int sampler_alloc(sampler *s, const params *theta);
void sampler_free(sampler *s);
/* Forgets everything and reads a line break. */
void sampler_begin(sampler *s, const vocabulary *v);
/* Reads a symbol below m; afterwards s->step.z_y (1×l) scores what may come next. */
void sampler_read(sampler *s, uint32_t symbol);
uint32_t sampler_draw(sampler *s, const manner *how, random_state *r);
/* Writes characters to out, reading each of them; the caller checks ferror. Returns the last
   symbol, or UINT32_MAX if there was none. */
uint32_t sampler_speak(sampler *s, FILE *out, const vocabulary *v, const manner *how,
                       random_state *r);
#endif
