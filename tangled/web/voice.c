/* generated from chapters/55-page-network.nw by noweb; do not edit */
#include "voice.h"
#include <math.h>
#include <stdlib.h>
#define PAGE(name) __attribute__((export_name(#name)))
/* Make a voice */
PAGE(voice_new) voice *voice_new(void) { return calloc(1, sizeof(voice)); }

PAGE(voice_load) int voice_load(voice *v, const char *path)
{
    return checkpoint_network(&v->c, path, &v->why);
}

static settings settings_for(int n, int T, int B, int K, double rate, int seed)
{
    return (settings){ .hidden = (size_t)n, .length = (size_t)T, .streams = (size_t)B,
        .steps = (uint64_t)K, .rate = rate, .clip = 5, .optimiser = ADAM, .schedule = COSINE,
        .seed = (uint64_t)seed };
}

PAGE(voice_begin) int voice_begin(voice *v, const char *path, int n, int T, int B, int K,
                                  double rate, int seed)
{
    v->c.set = settings_for(n, T, B, K, rate, seed);
    if (text_read(&v->t, path, &v->why) != 0) return -1;
    if (vocabulary_alloc(&v->c.v, &v->t) != 0) return fault_set(&v->why, "there is no memory");
    if (text_number(&v->t, &v->c.v, path, &v->why) != 0) return -1;
    if (training_chunks(&v->c.set, v->t.count) < 1)
        return fault_set(&v->why, "the text is too short: it should have more than %d characters",
                         T * B);
    if (learner_alloc(&v->c.l, &v->c.set, v->c.v.count) != 0)
        return fault_set(&v->why, "there is no memory");
    learner_start(&v->c.l, v->c.set.seed);
    v->learns = trainer_alloc(&v->r, &v->c.set, v->c.v.count, &v->t, v->t.count, 1) == 0;
    return v->learns ? 0 : fault_set(&v->why, "there is no memory");
}

/* Teach it */
PAGE(voice_step) double voice_step(voice *v)
{
    const settings *s = &v->c.set;
    if (!v->learns || v->c.l.step >= s->steps) return NAN;
    const double nats = training_step(&v->r, &v->c.l, s);
    return training_bits(nats, (double)(s->length * s->streams));
}

/* Let it speak */
PAGE(voice_start) int voice_start(voice *v, int seed)
{
    if (v->speaks) sampler_free(&v->s);
    v->speaks = sampler_alloc(&v->s, &v->c.l.theta) == 0;
    if (!v->speaks) return fault_set(&v->why, "there is no memory");
    random_seed(&v->chance, (uint64_t)seed);
    sampler_begin(&v->s, &v->c.v);
    return 0;
}

PAGE(voice_hear) int voice_hear(voice *v, uint32_t code)
{
    const size_t symbol = vocabulary_find(&v->c.v, code);
    if (symbol == v->c.v.count) return -1;
    sampler_read(&v->s, (uint32_t)symbol);
    return 0;
}

PAGE(voice_chances) const float *voice_chances(voice *v, double tau)
{
    sampling_distribution(v->s.q, v->s.step.z_y, (real)tau, v->s.step.l);
    return v->s.q;
}

PAGE(voice_speak) uint32_t voice_speak(voice *v, double tau)
{
    const manner how = { .tau = tau };
    const uint32_t symbol = sampler_draw(&v->s, &how, &v->chance);
    sampler_read(&v->s, symbol);
    return v->c.v.codes[symbol];
}

/* Tell the page about it */
PAGE(voice_state) const float *voice_state(const voice *v) { return v->s.step.h; }
PAGE(voice_hidden) int voice_hidden(const voice *v) { return (int)v->c.l.theta.n; }
PAGE(voice_symbols) int voice_symbols(const voice *v) { return (int)v->c.v.count; }
PAGE(voice_code) uint32_t voice_code(const voice *v, int symbol) { return v->c.v.codes[symbol]; }
PAGE(voice_why) const char *voice_why(const voice *v) { return v->why.text; }
PAGE(voice_room) char *voice_room(int bytes) { return malloc((size_t)bytes); }
