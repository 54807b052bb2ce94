/* generated from chapters/10-training.nw by noweb; do not edit */
#ifndef TRAINING_H
#define TRAINING_H
/* Truncated backpropagation through time over B contiguous streams of a text.
   The result depends on text and settings only, never on the number of threads. */
#include <stdatomic.h>
#include "cells.h"
#include "characters.h"
#include "crew.h"
#include "items.h"
#include "random.h"

/* The settings of a run */
enum { SGD, ADAGRAD, ADAM };        // training_optimisers has their names
enum { CONSTANT, COSINE };          // training_schedules

typedef struct {
    size_t hidden;          // n
    size_t length;          // T, steps of a piece
    size_t streams;         // B
    uint64_t steps;         // K, of the whole run
    double rate;            // η
    double clip;            // κ, or 0: never clip
    int optimiser;          // SGD, ADAGRAD or ADAM
    int schedule;           // CONSTANT or COSINE
    uint64_t seed;
    int cell;               // RNN, GRU or LSTM: one of cells
    double decay;           // α, or 0: none
} settings;

/* What changes while a network learns */
typedef struct {
    params theta;
    size_t streams;         // B
    real *first, *second;   // (1 × p) each: the optimiser's memory
    real *h;                // (B × n) the state carried to the next chunk
    real *memory;           // behind h: (B × n) what an LSTM carries besides; of others nothing
    random_state generator; // for what is drawn on the way
    uint64_t step;          // steps done
    double loss;            // nats, since the epoch began
} learner;

/* A shard of the batch */
enum { SHARD = 8 };         // streams; part of the algorithm, not of the machine

typedef struct {
    params gradient;        // of the shard's summed loss
    size_t first, streams;  // number of its first stream; how many it has
    double loss;            // nats, of the last step
} shard;

/* A trainer */
typedef struct {
    shard *shards;
    size_t parts;           // shards
    atomic_size_t next;     // shard that nobody has taken yet
    tape *tapes;            // one for each hand
    size_t hands;
    tape narrow;            // for a last shard with fewer streams
    real *h, *memory;       // (B × n) each: where the current step ends, as in a learner
    size_t streams;         // B
    const text *text;               // borrowed
    size_t count;                   // of its characters, those to train on
    size_t chunk;                   // of the current step
    const learner *learner;         // as it is before the current step
    const plan *plan;               // of items to read instead, borrowed; or NULL
    double norm;                    // of the last step's mean gradient, before it was clipped
    crew crew;
} trainer;

/* An evaluation under way */
typedef struct {
    tape k;                     // a stream for each span
    double nats[SHARD];         // of each span, so far
    size_t made;                // predictions of all of them in the last piece
} reader;

typedef struct {
    const params *theta;        // borrowed, as is the text
    const text *text;
    size_t first;               // character, which predicts the next
    size_t at, predictions;     // made; to be made in all
    double nats;                // of the spans that are finished
    size_t span, step;          // the first span that is being read; steps it has done
    reader *readers;
    size_t count;               // readers
    crew crew;
} evaluation;

/* What the module of training offers */
/* A learner of zeros for the given number of symbols; 0, or -1 with errno. */
int learner_alloc(learner *l, const settings *s, size_t symbols);
void learner_free(learner *l);
/* Everything in it; both were made for the same settings and symbols. */
void learner_copy(learner *to, const learner *from);
/* Draws the parameters. */
void learner_start(learner *l, uint64_t seed);
/* Takes over the parameters of a network with the same cell and hidden units, whose symbol i is
   symbols[i] here. What belongs to other symbols stays as it is. */
void learner_take(learner *l, const params *from, const uint32_t *symbols);
/* Whether a network can be used and trained on: bounded parameters, possible states
   and memories (of those that the optimiser has). */
int learner_sound(const learner *l, const settings *s);
/* Whether parameters are so bounded. */
int training_bounded(const real *parameters, size_t count);

/* For the first count characters of a text with symbols, which is borrowed. The trainer
   must not be moved afterwards. 0, or -1 with errno; needs training_chunks(s, count) ≥ 1.
   Beside the calling thread it hires threads - 1 others, or fewer. */
int trainer_alloc(trainer *r, const settings *s, size_t symbols,
                  const text *t, size_t count, size_t threads);
void trainer_free(trainer *r);
/* One chunk forward and back. Returns its loss in nats, and keeps the gradient. */
double training_gradient(trainer *r, const learner *l, const settings *s);
/* The rate of a step, from 1 on. */
double training_rate(const settings *s, uint64_t step);
/* The characters that the last chunk has predicted. */
double training_characters(const trainer *r, const settings *s);
/* One step of the optimiser, with that loss and that gradient, which is used up; nothing else
   changes l. 0; or -1 with l unchanged, if they are not finite; or -1 with l no longer sound.
   Under a cosine there has to be a step left: l->step < s->steps (eq:cosine). */
int training_update(trainer *r, learner *l, const settings *s, double loss);
/* Both. Returns the loss; or NaN where the update fails. */
double training_step(trainer *r, learner *l, const settings *s);

extern const char *const training_optimisers[], *const training_schedules[];
/* The place of a name in such a list, or -1. */
int training_name(const char *const *names, const char *name);
/* The steps in an epoch; the characters that are held out, from the end. */
size_t training_chunks(const settings *s, size_t count);
size_t training_held_out(size_t count);
/* The bytes that a learner holds; that a learner and a trainer hold. */
double learner_memory(const settings *s, size_t symbols);
double training_memory(const settings *s, size_t symbols, size_t threads);

/* The nats of the count - 1 ≥ 1 predictions in count characters of a text, from its first one
   given and a state of zeros; 0, or -1 with errno and with no nats. The network reads spans side
   by side; their length is given, and the number of threads changes no bit. */
int training_evaluate(double *nats, const params *p, const text *t, size_t first, size_t count,
                      size_t threads);
/* The same piece by piece: go_on returns 0 when all predictions have been made. */
int evaluation_alloc(evaluation *e, const params *p, const text *t, size_t first, size_t count,
                     size_t threads);
int evaluation_go_on(evaluation *e);
void evaluation_free(evaluation *e);
double training_bits(double nats, double characters);
double training_perplexity(double nats, double characters);     // eq:perplexity
#endif
