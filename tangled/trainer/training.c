/* generated from chapters/10-training.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "training.h"
#include <errno.h>
#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "descent.h"
#include "hidden.h"
#include "softmax.h"

enum { SPAN = 2048, WARM_UP = 256, PIECE = 64 };    // steps of an evaluation; whole pieces

/* The constants of the optimisers */
static const real ADAM_BETA_1 = (real)0.9, ADAM_BETA_2 = (real)0.999, ADAM_EPSILON = (real)1e-8;
static const real ADAGRAD_EPSILON = (real)1e-10;

/* Names of the choices */
const char *const training_optimisers[] = {"sgd", "adagrad", "adam", NULL};
const char *const training_schedules[] = {"constant", "cosine", NULL};

int training_name(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

/* Count the chunks of an epoch */
size_t training_chunks(const settings *s, size_t count)
{
    if (count == 0 || s->streams == 0 || s->length == 0) return 0;
    return (count - 1) / s->streams / s->length;
}

/* How much is held out */
size_t training_held_out(size_t count) { return count / 10; }

/* From nats to bits per character */
double training_bits(double nats, double characters)
{
    return nats / characters / 0.69314718055994530942;
}

double training_perplexity(double nats, double characters)
{
    return exp(nats / characters);
}

/* Make and release a learner */
/* How many numbers are carried: the states, and the memories behind them. */
static size_t learner_states(const learner *l)
{
    return l->streams * l->theta.n * (1 + l->theta.cell->memory);
}

int learner_alloc(learner *l, const settings *s, size_t symbols)
{
    const cell *kind = cells[s->cell];
    *l = (learner){.streams = s->streams};
    if (params_alloc_cell(&l->theta, kind, symbols, s->hidden, symbols) == 0) {
        l->first = calloc(l->theta.count, sizeof(real));
        l->second = calloc(l->theta.count, sizeof(real));
        l->h = calloc(s->streams, (1 + kind->memory) * s->hidden * sizeof(real));
        if (l->h) l->memory = l->h + s->streams * s->hidden;
        if (l->first && l->second && l->h) return 0;
    }
    learner_free(l);
    return -1;
}

void learner_free(learner *l)
{
    params_free(&l->theta);
    free(l->first);
    free(l->second);
    free(l->h);
    *l = (learner){0};
}

void learner_copy(learner *to, const learner *from)
{
    const size_t p = from->theta.count * sizeof(real);
    memcpy(to->theta.block, from->theta.block, p);
    memcpy(to->first, from->first, p);
    memcpy(to->second, from->second, p);
    memcpy(to->h, from->h, learner_states(from) * sizeof(real));
    to->generator = from->generator;
    to->step = from->step;
    to->loss = from->loss;
}

/* Draw the first parameters */
void learner_start(learner *l, uint64_t seed)
{
    double width = 1 / sqrt((double)l->theta.n);
    random_seed(&l->generator, seed);
    for (size_t i = 0; i < l->theta.count; i++)
        l->theta.block[i] = (real)(width * (2 * random_uniform(&l->generator) - 1));
    for (size_t i = 0; l->theta.cell->opened && i < l->theta.n; i++) l->theta.b_h[l->theta.n + i] += 1;
}

/* Take over what another network has learned */
void learner_take(learner *l, const params *from, const uint32_t *symbols)
{
    const params *to = &l->theta;
    memcpy(to->W_hh, from->W_hh, to->w * to->n * sizeof(real));
    memcpy(to->b_h, from->b_h, to->w * sizeof(real));
    if (to->cell->apart) memcpy(to->b_hn, from->b_hn, to->n * sizeof(real));
    for (size_t i = 0; i < from->m; i++) {
        const size_t x = symbols[i];
        for (size_t j = 0; j < to->w; j++) to->W_xh[j * to->m + x] = from->W_xh[j * from->m + i];
        memcpy(to->W_hy + x * to->n, from->W_hy + i * to->n, to->n * sizeof(real));
        to->b_y[x] = from->b_y[i];
    }
}

/* Copy a chunk of the text to the tape */
/* Inputs and targets of the present chunk, for the streams of this shard. */
static void copy_text(const trainer *r, const shard *part, tape *k)
{
    const size_t B = k->B, stride = (r->count - 1) / r->streams;
    const size_t from = part->first * stride + r->chunk * k->T;
    for (size_t t = 0; t < k->T; t++)
        for (size_t b = 0; b < B; b++) {
            k->x[t * B + b] = text_symbol(r->text, from + b * stride + t);
            k->y[t * B + b] = text_symbol(r->text, from + b * stride + t + 1);
        }
}

/* Run one shard */
/* Leaves gradient and loss in part, and the last states of its streams in r; k is scratch paper. */
static void run_shard(trainer *r, shard *part, tape *k)
{
    if (!r->plan) copy_text(r, part, k);
    if (r->chunk == 0) tape_forget(k, k->B);
    else tape_take_states(k, r->learner->h, r->learner->memory, part->first);
    memset(part->gradient.block, 0, part->gradient.count * sizeof(real));
    if (r->plan) {
        /* Read a step of the plan instead of the text */
        params *g = &part->gradient;
        part->loss = (double)plan_bptt(r->plan, k, g, &r->learner->theta, r->chunk, part->first);
    } else
        part->loss = (double)bptt(k, &part->gradient, &r->learner->theta);
    tape_give_states(k, r->h, r->memory, part->first);
}

static void take_shards(void *of_trainer, size_t hand)
{
    trainer *r = of_trainer;
    for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->parts;) {
        shard *part = &r->shards[i];
        tape *own = &r->tapes[hand];
        run_shard(r, part, part->streams == own->B ? own : &r->narrow);
    }
}

/* How many shards there are */
static size_t shards_of(const settings *s)
{
    return s->streams / SHARD + (s->streams % SHARD != 0);
}

static size_t hands_for(size_t tasks, size_t threads)
{
    const size_t most = threads < tasks ? threads : tasks;
    return most ? most : 1;
}

/* Make the shards */
static int make_shards(trainer *r, const settings *s, size_t symbols)
{
    const size_t parts = shards_of(s);
    r->shards = calloc(parts, sizeof *r->shards);
    if (!r->shards) return -1;
    for (; r->parts < parts; r->parts++) {
        shard *part = &r->shards[r->parts];
        part->first = r->parts * SHARD;
        part->streams = s->streams - part->first < SHARD ? s->streams - part->first : SHARD;
        if (params_alloc_cell(&part->gradient, cells[s->cell], symbols, s->hidden, symbols) != 0)
            return -1;
    }
    return 0;
}

/* Make the tapes */
static int make_tapes(trainer *r, const settings *s, size_t hands)
{
    const shard *first = r->shards, *last = r->shards + r->parts - 1;
    r->h = calloc(s->streams, (1 + cells[s->cell]->memory) * s->hidden * sizeof(real));
    r->tapes = calloc(hands, sizeof *r->tapes);
    if (!r->h || !r->tapes) return -1;
    r->memory = r->h + s->streams * s->hidden;
    for (; r->hands < hands; r->hands++)
        if (tape_alloc_for(&r->tapes[r->hands], &first->gradient, s->length, first->streams) != 0)
            return -1;
    if (last->streams == first->streams) return 0;
    return tape_alloc_for(&r->narrow, &first->gradient, s->length, last->streams);
}

/* Make and release a trainer */
int trainer_alloc(trainer *r, const settings *s, size_t symbols, const text *t,
                  size_t count, size_t threads)
{
    const size_t hands = hands_for(shards_of(s), threads);
    *r = (trainer){.streams = s->streams, .text = t, .count = count};
    crew_open(&r->crew);
    if (make_shards(r, s, symbols) != 0 || make_tapes(r, s, hands) != 0) {
        trainer_free(r);
        return -1;
    }
    crew_hire(&r->crew, hands);
    return 0;
}

void trainer_free(trainer *r)
{
    crew_dismiss(&r->crew);
    for (size_t i = 0; i < r->parts; i++) params_free(&r->shards[i].gradient);
    for (size_t i = 0; i < r->hands; i++) tape_free(&r->tapes[i]);
    tape_free(&r->narrow);
    free(r->shards);
    free(r->tapes);
    free(r->h);
    *r = (trainer){0};
}

/* Add up the shards in their order */
/* Where the part of a row begins that belongs to one of the hands; it ends where the next begins. */
static size_t part_begins(size_t count, size_t hand, size_t hands) { return count * hand / hands; }

/* The gradient of the first shard += those of the others, in the entries that belong to this hand. */
EACH_WIDTH static void add_part(void *of_trainer, size_t hand)
{
    const trainer *r = of_trainer;
    const size_t count = r->learner->theta.count, end = part_begins(count, hand + 1, r->hands);
    real *g = r->shards[0].gradient.block;
    for (size_t i = 1; i < r->parts; i++) {
        const real *more = r->shards[i].gradient.block;
        for (size_t j = part_begins(count, hand, r->hands); j < end; j++) g[j] += more[j];
    }
}

static double add_shards(trainer *r)
{
    double loss = r->shards[0].loss;
    crew_run(&r->crew, add_part, r, r->hands);
    for (size_t i = 1; i < r->parts; i++) loss += r->shards[i].loss;
    return loss;
}

/* The rate of a step of the run */
double training_rate(const settings *s, uint64_t step)
{
    const real eta = (real)s->rate;
    return (double)(s->schedule == COSINE ? descent_cosine(eta, step, s->steps) : eta);
}

/* Find out whether all numbers are within bounds */
EACH_WIDTH static int within(const real *a, size_t count, real least, real most)
{
    int outside = 0;
    for (size_t i = 0; i < count; i++) outside |= !(a[i] >= least && a[i] <= most);
    return !outside;
}

/* Find out whether a learner is sound */
static real bound(void) { return (real)sqrt(sizeof(real) == 4 ? (double)FLT_MAX : DBL_MAX); }

int training_bounded(const real *parameters, size_t count)
{
    return within(parameters, count, -bound(), bound());
}

/* The parameters from the place `at` on, so many of them, and what is remembered of them. */
static int moved_sound(const learner *l, const settings *s, size_t at, size_t count)
{
    const real most = bound(), huge = most * most, *first = l->first + at, *second = l->second + at;
    if (!training_bounded(l->theta.block + at, count)) return 0;
    if (s->optimiser == ADAGRAD) return within(first, count, 0, huge);
    if (s->optimiser == ADAM) return within(first, count, -most, most) && within(second, count, 0, huge);
    return 1;
}

static int carries_sound(const learner *l)
{
    const size_t states = l->streams * l->theta.n;
    return within(l->h, states, -1, 1) && isfinite(l->loss)
        && within(l->memory, learner_states(l) - states, -bound(), bound());
}

int learner_sound(const learner *l, const settings *s)
{
    return moved_sound(l, s, 0, l->theta.count) && carries_sound(l);
}

/* Let the optimiser move the parameters */
/* Moves p parameters from the place `at` on, by the same part of g. */
static void move_some(learner *l, const settings *s, const real *g, real eta, size_t at, size_t p)
{
    real *theta = l->theta.block + at, *first = l->first + at, *second = l->second + at;
    g += at;
    if (s->decay > 0) descent_decay(theta, (real)((double)eta * s->decay), p);
    if (s->optimiser == SGD) descent_sgd(theta, g, eta, p);
    if (s->optimiser == ADAGRAD) descent_adagrad(theta, first, g, eta, ADAGRAD_EPSILON, p);
    if (s->optimiser == ADAM)
        descent_adam(theta, first, second, g, eta, ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON, l->step, p);
}

enum { HANDFUL = 1024 / sizeof(real) };

/* What a step does to a learner, with the mean gradient g. */
typedef struct {
    learner *l;
    const settings *s;
    const real *g;
    real eta;
    size_t hands;
    atomic_int unsound;     // set when a parameter is no longer sound
} change;

/* Moves the parameters that belong to this hand, and looks at them. */
static void move_part(void *of_change, size_t hand)
{
    change *c = of_change;
    const size_t count = c->l->theta.count, end = part_begins(count, hand + 1, c->hands);
    const size_t most = c->s->optimiser == ADAGRAD ? HANDFUL : count;
    for (size_t at = part_begins(count, hand, c->hands), p; at < end; at += p) {
        p = end - at < most ? end - at : most;
        move_some(c->l, c->s, c->g, c->eta, at, p);
        if (!moved_sound(c->l, c->s, at, p)) c->unsound = 1;
    }
}

/* Scale, clip and step */
/* eq:mean-gradient, eq:clip and a step, from the sum in the first shard. 0; or -1 when the gradient is
   not finite and nothing was done, or when a parameter is no longer sound. */
EACH_WIDTH static int descend(trainer *r, learner *l, const settings *s)
{
    const size_t p = l->theta.count;
    const real scale = (real)(1 / training_characters(r, s));
    real *g = r->shards[0].gradient.block;
    for (size_t i = 0; i < p; i++) g[i] *= scale;
    r->norm = (double)descent_clip(g, s->clip > 0 ? (real)s->clip : (real)INFINITY, p);
    if (!isfinite(r->norm)) return -1;
    l->step++;
    change c = { l, s, g, (real)training_rate(s, l->step), r->hands, 0 };
    crew_run(&r->crew, move_part, &c, r->hands);
    return c.unsound ? -1 : 0;
}

/* Take one step of training */
double training_characters(const trainer *r, const settings *s)
{
    if (r->plan) return (double)(r->plan->made[r->chunk + 1] - r->plan->made[r->chunk]);
    return (double)s->length * (double)s->streams;
}

double training_gradient(trainer *r, const learner *l, const settings *s)
{
    r->chunk = (size_t)(l->step % (r->plan ? r->plan->chunks : training_chunks(s, r->count)));
    r->learner = l;
    r->next = 0;
    crew_run(&r->crew, take_shards, r, r->hands);
    return add_shards(r);
}

int training_update(trainer *r, learner *l, const settings *s, double loss)
{
    if (!isfinite(loss) || descend(r, l, s) != 0) return -1;
    /* Carry the last states to the next piece */
    memcpy(l->h, r->h, learner_states(l) * sizeof(real));
    l->loss = r->chunk == 0 ? loss : l->loss + loss;
    return carries_sound(l) ? 0 : -1;
}

double training_step(trainer *r, learner *l, const settings *s)
{
    const double loss = training_gradient(r, l, s);
    return training_update(r, l, s, loss) == 0 ? loss : NAN;
}

/* Add up the memory that a run needs */
double learner_memory(const settings *s, size_t symbols)
{
    const cell *kind = cells[s->cell];
    const double n = (double)s->hidden, m = (double)symbols;
    const double carried = (double)(1 + kind->memory) * (double)s->streams * n;
    return 3 * params_bytes(kind, m, n, m) + carried * sizeof(real);
}

double training_memory(const settings *s, size_t symbols, size_t threads)
{
    const cell *kind = cells[s->cell];
    const double n = (double)s->hidden, m = (double)symbols, T = (double)s->length;
    const size_t parts = shards_of(s), hands = hands_for(parts, threads);
    const size_t wide = parts > 1 ? SHARD : s->streams, rest = parts > 1 ? s->streams % SHARD : 0;
    double bytes = learner_memory(s, symbols);
    bytes += (double)parts * params_bytes(kind, m, n, m);
    bytes += (double)(1 + kind->memory) * (double)s->streams * n * sizeof(real);
    bytes += (double)hands * tape_bytes(kind, T, (double)wide, m, n, m);
    if (rest > 0) bytes += tape_bytes(kind, T, (double)rest, m, n, m);
    return bytes;
}

/* Release an evaluation */
void evaluation_free(evaluation *e)
{
    crew_dismiss(&e->crew);
    for (size_t i = 0; i < e->count; i++) tape_free(&e->readers[i].k);
    free(e->readers);
    e->readers = NULL;
    e->count = 0;
}

/* Read one piece */
static void read_piece(void *of_evaluation, size_t number)
{
    evaluation *e = of_evaluation;
    reader *r = &e->readers[number];
    tape *k = &r->k;
    const size_t span = e->span + number * SHARD;
    /* Copy the text of each span to the tape */
    for (size_t t = 0; t < k->T; t++)
        for (size_t b = 0; b < k->B; b++) {
            const size_t i = (span + b) * SPAN + e->step + t - WARM_UP;
            const int there = i < e->predictions;
            k->x[t * k->B + b] = there ? text_symbol(e->text, e->first + i) : 0;
            k->y[t * k->B + b] = there ? text_symbol(e->text, e->first + i + 1) : 0;
        }
    if (span == 0 && e->step == WARM_UP) tape_forget(k, 1);
    r->made = 0;
    if (span * SPAN >= e->predictions) return;
    forward_run(k, e->theta);
    if (e->step >= WARM_UP)
        /* Count what each span has predicted */
        {
            softmax_forward(k);
            for (size_t row = 0; row < k->T * k->B; row++) {
                const size_t b = row % k->B, i = (span + b) * SPAN + e->step + row / k->B - WARM_UP;
                if (i >= e->predictions) continue;
                r->nats[b] += (double)(k->s[row] - k->z_y[row * k->l + k->y[row]]);
                r->made++;
            }
        }
    tape_carry(k);
}

/* Evaluate a network on a text */
int evaluation_alloc(evaluation *e, const params *p, const text *t, size_t first, size_t count,
                     size_t threads)
{
    *e = (evaluation){.theta = p, .text = t, .first = first, .predictions = count - 1};
    const size_t spans = (e->predictions + SPAN - 1) / SPAN, B = spans < SHARD ? spans : SHARD;
    const size_t readers = hands_for((spans + SHARD - 1) / SHARD, threads);
    const size_t T = e->predictions < PIECE ? e->predictions : PIECE;
    crew_open(&e->crew);
    if (spans == 1) e->step = WARM_UP;
    e->readers = calloc(readers, sizeof *e->readers);
    for (; e->readers && e->count < readers; e->count++) {
        if (tape_alloc_for(&e->readers[e->count].k, p, T, B) != 0) break;
        forward_lay(&e->readers[e->count].k, p);
    }
    if (e->count == 0) return evaluation_free(e), -1;
    crew_hire(&e->crew, e->count);
    return 0;
}

int evaluation_go_on(evaluation *e)
{
    const size_t left = e->predictions - e->span * SPAN, end = WARM_UP + (left < SPAN ? left : SPAN);
    if (e->at == e->predictions) return 0;
    for (size_t i = 0; i < e->count; i++)
        e->readers[i].k.T = end - e->step < PIECE ? end - e->step : PIECE;
    crew_run(&e->crew, read_piece, e, e->count);
    e->step += e->readers[0].k.T;
    for (size_t i = 0; i < e->count; i++) e->at += e->readers[i].made;
    if (e->step == end)
        /* Add the losses of the spans, and go to the next ones */
        for (reader *r = e->readers; r < e->readers + e->count; r++) {
            for (size_t b = 0; b < SHARD; b++) {
                e->nats += r->nats[b];
                r->nats[b] = 0;
            }
            tape_forget(&r->k, r->k.B);
            e->span += SHARD;
            e->step = 0;
        }
    return 1;
}

int training_evaluate(double *nats, const params *p, const text *t, size_t first, size_t count,
                      size_t threads)
{
    evaluation e;
    *nats = 0;
    if (evaluation_alloc(&e, p, t, first, count, threads) != 0) return -1;
    while (evaluation_go_on(&e)) continue;
    *nats = e.nats;
    evaluation_free(&e);
    return 0;
}
