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

enum { PIECE = 256 };       // characters of a piece in evaluation

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
int learner_alloc(learner *l, const settings *s, size_t symbols)
{
    *l = (learner){.streams = s->streams};
    if (params_alloc(&l->theta, symbols, s->hidden, symbols) == 0) {
        l->first = calloc(l->theta.count, sizeof(real));
        l->second = calloc(l->theta.count, sizeof(real));
        l->h = calloc(s->streams, s->hidden * sizeof(real));
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
    memcpy(to->h, from->h, from->streams * from->theta.n * sizeof(real));
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
}

/* Run one shard */
static void run_shard(trainer *r, shard *part)
{
    const size_t bytes = part->k.B * part->k.n * sizeof(real);
    /* Copy a chunk of the text to the tape */
    const size_t B = part->k.B, stride = (r->count - 1) / r->streams;
    const size_t from = part->first * stride + r->chunk * part->k.T;
    for (size_t t = 0; t < part->k.T; t++)
        for (size_t b = 0; b < B; b++) {
            part->k.x[t * B + b] = text_symbol(r->text, from + b * stride + t);
            part->k.y[t * B + b] = text_symbol(r->text, from + b * stride + t + 1);
        }
    if (r->chunk == 0) memset(part->k.h, 0, bytes);
    else memcpy(part->k.h, r->h + part->first * part->k.n, bytes);
    memset(part->gradient.block, 0, part->gradient.count * sizeof(real));
    part->loss = (double)bptt(&part->k, &part->gradient, r->theta);
}

/* Take shards until none is left */
static void work(trainer *r)            // called with the lock held
{
    while (r->crew.next < r->parts) {
        shard *part = &r->shards[r->crew.next++];
        r->crew.running++;
        pthread_mutex_unlock(&r->crew.lock);
        run_shard(r, part);
        pthread_mutex_lock(&r->crew.lock);
        r->crew.running--;
    }
    if (r->crew.running == 0) pthread_cond_signal(&r->crew.done);
}

/* Help until dismissed */
static void *help(void *trainer_of_helper)
{
    trainer *r = trainer_of_helper;
    pthread_mutex_lock(&r->crew.lock);
    while (!r->crew.dismissed) {
        work(r);
        while (!r->crew.dismissed && r->crew.next >= r->parts)
            pthread_cond_wait(&r->crew.work, &r->crew.lock);
    }
    pthread_mutex_unlock(&r->crew.lock);
    return NULL;
}

/* Run all shards of a step */
static void run_shards(trainer *r)
{
    pthread_mutex_lock(&r->crew.lock);
    r->crew.next = 0;
    pthread_cond_broadcast(&r->crew.work);
    work(r);
    while (r->crew.running) pthread_cond_wait(&r->crew.done, &r->crew.lock);
    pthread_mutex_unlock(&r->crew.lock);
}

/* Hire the crew */
static void hire(trainer *r, size_t threads)
{
    sigset_t all, before;
    size_t wanted = (threads < r->parts ? threads : r->parts);
    r->crew.helpers = calloc(wanted, sizeof *r->crew.helpers);
    if (!r->crew.helpers) return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (r->crew.hired + 1 < wanted
           && pthread_create(&r->crew.helpers[r->crew.hired], NULL, help, r) == 0)
        r->crew.hired++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Dismiss the crew */
static void dismiss(crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->dismissed = 1;
    pthread_cond_broadcast(&c->work);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->hired; i++) pthread_join(c->helpers[i], NULL);
    free(c->helpers);
    pthread_cond_destroy(&c->work);
    pthread_cond_destroy(&c->done);
    pthread_mutex_destroy(&c->lock);
}

/* How many shards there are */
static size_t shards_of(const settings *s)
{
    return s->streams / SHARD + (s->streams % SHARD != 0);
}

/* Make the next shard */
static int make_shard(trainer *r, const settings *s, size_t symbols)
{
    shard *part = &r->shards[r->parts];
    part->first = r->parts * SHARD;
    const size_t left = s->streams - part->first, B = left < SHARD ? left : SHARD;
    if (params_alloc(&part->gradient, symbols, s->hidden, symbols) != 0) return -1;
    if (tape_alloc(&part->k, s->length, B, symbols, s->hidden, symbols) == 0) return 0;
    params_free(&part->gradient);
    return -1;
}

/* Make and release a trainer */
int trainer_alloc(trainer *r, const settings *s, size_t symbols, const text *t,
                  size_t count, size_t threads)
{
    *r = (trainer){.streams = s->streams, .text = t, .count = count};
    pthread_mutex_init(&r->crew.lock, NULL);
    pthread_cond_init(&r->crew.work, NULL);
    pthread_cond_init(&r->crew.done, NULL);
    r->crew.next = SIZE_MAX;        // nothing to take before the first step
    const size_t parts = shards_of(s);
    r->shards = calloc(parts, sizeof *r->shards);
    for (; r->shards && r->parts < parts; r->parts++) {
        /* Make the next shard, or give up */
        if (make_shard(r, s, symbols) != 0) {
            trainer_free(r);
            return -1;
        }
    }
    if (r->shards == NULL) return trainer_free(r), -1;
    hire(r, threads);
    return 0;
}

void trainer_free(trainer *r)
{
    dismiss(&r->crew);
    for (size_t i = 0; i < r->parts; i++) {
        params_free(&r->shards[i].gradient);
        tape_free(&r->shards[i].k);
    }
    free(r->shards);
    *r = (trainer){0};
}

/* Add up the shards in their order */
static double add_shards(trainer *r)
{
    real *g = r->shards[0].gradient.block;
    double loss = r->shards[0].loss;
    for (size_t i = 1; i < r->parts; i++) {
        const real *more = r->shards[i].gradient.block;
        for (size_t j = 0; j < r->theta->count; j++) g[j] += more[j];
        loss += r->shards[i].loss;
    }
    return loss;
}

/* Scale, clip and step */
static int descend(learner *l, const settings *s, real *g)
{
    const size_t p = l->theta.count;
    const real scale = (real)(1 / ((double)s->length * (double)s->streams));
    for (size_t i = 0; i < p; i++) g[i] *= scale;
    double length =
        (double)descent_clip(g, s->clip > 0 ? (real)s->clip : (real)INFINITY, p);
    if (!isfinite(length)) return -1;
    l->step++;
    /* Choose the learning rate of this step */
    real eta = (real)s->rate;
    if (s->schedule == COSINE)
        eta = descent_cosine(eta, l->step, s->steps);
    /* Let the optimiser move the parameters */
    real *theta = l->theta.block;
    if (s->optimiser == SGD) descent_sgd(theta, g, eta, p);
    if (s->optimiser == ADAGRAD)
        descent_adagrad(theta, l->first, g, eta, ADAGRAD_EPSILON, p);
    if (s->optimiser == ADAM)
        descent_adam(theta, l->first, l->second, g, eta, ADAM_BETA_1, ADAM_BETA_2,
                     ADAM_EPSILON, l->step, p);
    return 0;
}

/* Find out whether all numbers are within bounds */
static int within(const real *a, size_t count, real least, real most)
{
    int outside = 0;
    for (size_t i = 0; i < count; i++) outside |= !(a[i] >= least && a[i] <= most);
    return !outside;
}

/* Find out whether a learner is sound */
int learner_sound(const learner *l, const settings *s)
{
    const real most = (real)sqrt(sizeof(real) == 4 ? (double)FLT_MAX : DBL_MAX), huge = most * most;
    const size_t p = l->theta.count;
    if (!within(l->theta.block, p, -most, most)) return 0;
    if (!within(l->h, l->streams * l->theta.n, -1, 1)) return 0;
    /* What an optimiser remembers must be possible too */
    if (s->optimiser == ADAGRAD && !within(l->first, p, 0, huge)) return 0;
    if (s->optimiser == ADAM && !within(l->first, p, -most, most)) return 0;
    if (s->optimiser == ADAM && !within(l->second, p, 0, huge)) return 0;
    return isfinite(l->loss);
}

/* Take one step of training */
double training_gradient(trainer *r, const learner *l, const settings *s)
{
    r->chunk = (size_t)(l->step % training_chunks(s, r->count));
    r->theta = &l->theta;
    r->h = l->h;
    run_shards(r);
    return add_shards(r);
}

int training_update(trainer *r, learner *l, const settings *s, double loss)
{
    if (!isfinite(loss)) return -1;
    if (descend(l, s, r->shards[0].gradient.block) != 0) return -1;
    /* Carry the last states to the next piece */
    for (size_t i = 0; i < r->parts; i++) {
        const tape *k = &r->shards[i].k;
        const size_t rows = k->B * k->n;
        memcpy(l->h + r->shards[i].first * k->n, k->h + k->T * rows, rows * sizeof(real));
    }
    l->loss = r->chunk == 0 ? loss : l->loss + loss;
    return learner_sound(l, s) ? 0 : -1;
}

double training_step(trainer *r, learner *l, const settings *s)
{
    const double loss = training_gradient(r, l, s);
    return training_update(r, l, s, loss) == 0 ? loss : NAN;
}

/* Add up the memory that a run needs */
double learner_memory(const settings *s, size_t symbols)
{
    const double n = (double)s->hidden, m = (double)symbols;
    return 3 * params_bytes(m, n, m) + (double)s->streams * n * sizeof(real);
}

double training_memory(const settings *s, size_t symbols)
{
    const double n = (double)s->hidden, m = (double)symbols;
    const double T = (double)s->length;
    const double p = params_bytes(m, n, m), full = (double)(s->streams / SHARD);
    const size_t rest = s->streams % SHARD;
    double bytes = learner_memory(s, symbols);
    /* Add what the shards hold */
    bytes += (double)shards_of(s) * p;
    bytes += full * tape_bytes(T, SHARD, m, n, m);
    if (rest > 0) bytes += tape_bytes(T, (double)rest, m, n, m);
    return bytes;
}

/* Evaluate a network on a text */
int evaluation_alloc(evaluation *e, const params *p, const text *t, size_t first, size_t count)
{
    *e = (evaluation){.theta = p, .text = t, .first = first, .predictions = count - 1};
    const size_t most = e->predictions < PIECE ? e->predictions : PIECE;
    return tape_alloc(&e->k, most, 1, p->m, p->n, p->l);
}

void evaluation_free(evaluation *e) { tape_free(&e->k); }
int evaluation_go_on(evaluation *e)
{
    tape *k = &e->k;
    const size_t left = e->predictions - e->at;
    if (left == 0) return 0;
    if (left < k->T) k->T = left;
    /* Read one piece and add its loss */
    for (size_t t = 0, i = e->first + e->at; t < k->T; t++, i++) {
        k->x[t] = text_symbol(e->text, i);
        k->y[t] = text_symbol(e->text, i + 1);
    }
    forward_pass(k, e->theta);
    softmax_forward(k);
    e->nats += (double)k->F[0];
    memcpy(k->h, k->h + k->T * k->n, k->n * sizeof(real));
    e->at += k->T;
    return 1;
}

int training_evaluate(double *nats, const params *p, const text *t, size_t first, size_t count)
{
    evaluation e;
    *nats = 0;
    if (evaluation_alloc(&e, p, t, first, count) != 0) return -1;
    while (evaluation_go_on(&e)) continue;
    *nats = e.nats;
    evaluation_free(&e);
    return 0;
}
