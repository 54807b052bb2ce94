/* generated from chapters/10-training.nw by noweb; do not edit */
#include "training.h"
#include "test.h"
#include "test-text.h"
#include <complex.h>
#include <string.h>

enum { M = 4, N = 3, T = 4, B = 19, STRIDE = 13, COUNT = B * STRIDE + 8 };
enum { P = N * M + N * N + N + M * N + M };
static uint8_t words[COUNT];

/* Charge for one character, plainly */
static double complex plain_charge(const double complex *W_hy, const double complex *h,
                                   uint32_t target)
{
    const double complex *b_y = W_hy + M * N;
    double complex sum = 0, logit = 0;
    for (size_t i = 0; i < M; i++) {
        double complex z = b_y[i];
        for (size_t j = 0; j < N; j++) z += W_hy[i * N + j] * h[j];
        sum += cexp(z);
        if (i == target) logit = z;
    }
    return clog(sum) - logit;
}

/* Compute the loss of a stream, plainly */
/* The nats of count predictions from the state h (N), which moves on. */
static double complex plain_nats(const double complex *theta, double complex *h,
                                 const uint8_t *symbols, size_t count)
{
    const double complex *W_xh = theta, *W_hh = W_xh + N * M, *b_h = W_hh + N * N;
    double complex nats = 0;
    for (size_t t = 0; t < count; t++) {
        double complex z[N];
        /* Move the plain state on */
        for (size_t i = 0; i < N; i++) {
            z[i] = b_h[i] + W_xh[i * M + symbols[t]];
            for (size_t j = 0; j < N; j++) z[i] += W_hh[i * N + j] * h[j];
        }
        for (size_t i = 0; i < N; i++) h[i] = ctanh(z[i]);
        nats += plain_charge(b_h + N, h, symbols[t + 1]);
    }
    return nats;
}

/* Differentiate the loss of a chunk, plainly */
typedef struct {
    double theta[P], first[P], second[P], h[B * N], loss;
    int step, clipped;      // steps done; steps in which the gradient was too long
} plain;

/* The nats of a chunk, from a->h; if after is given, the states that it leads to. */
static double complex plain_chunk(const plain *a, const double complex *theta,
                                  size_t chunk, double *after)
{
    double complex nats = 0;
    for (size_t b = 0; b < B; b++) {
        double complex h[N];
        for (size_t i = 0; i < N; i++) h[i] = a->h[b * N + i];
        nats += plain_nats(theta, h, words + b * STRIDE + chunk * T, T);
        for (size_t i = 0; after && i < N; i++) after[b * N + i] = creal(h[i]);
    }
    return nats;
}

/* g: the gradient of the mean loss of a character. Returns the summed loss. */
static double plain_gradient(double *g, const plain *a, size_t chunk, double *after)
{
    double complex theta[P];
    for (size_t i = 0; i < P; i++) theta[i] = a->theta[i];
    for (size_t i = 0; i < P; i++) {
        theta[i] += 1e-30 * I;
        g[i] = cimag(plain_chunk(a, theta, chunk, NULL)) / 1e-30 / (T * B);
        theta[i] = a->theta[i];
    }
    return creal(plain_chunk(a, theta, chunk, after));
}

/* Take a step, plainly */
static void plain_update(plain *a, const double *g, int optimiser, double eta, double decay)
{
    for (size_t i = 0; i < P; i++) {
        double *u = &a->first[i], *v = &a->second[i], move = g[i];
        if (optimiser == ADAGRAD) {
            *u += g[i] * g[i];
            move = g[i] / (sqrt(*u) + 1e-10);
        } else if (optimiser == ADAM) {
            *u = 0.9 * *u + 0.1 * g[i];
            *v = 0.999 * *v + 0.001 * g[i] * g[i];
            double mean = *u / (1 - pow(0.9, a->step));
            move = mean / (sqrt(*v / (1 - pow(0.999, a->step))) + 1e-8);
        }
        a->theta[i] = (1 - eta * decay) * a->theta[i] - eta * move;
    }
}

static double plain_step(plain *a, const settings *s)
{
    double g[P], after[B * N], length = 0, eta = s->rate;
    const size_t chunk = (size_t)a->step++ % 3;
    if (chunk == 0) memset(a->h, 0, sizeof a->h), a->loss = 0;
    const double loss = plain_gradient(g, a, chunk, after);
    /* Clip the plain gradient, and choose the rate */
    for (size_t i = 0; i < P; i++) length += g[i] * g[i];
    length = sqrt(length);
    const int clip = s->clip > 0 && length > s->clip;
    for (size_t i = 0; i < P && clip; i++) g[i] *= s->clip / length;
    a->clipped += clip;
    if (s->schedule == COSINE)
        eta *= (1 + cos(acos(-1.0) * (a->step - 1) / (double)s->steps)) / 2;
    plain_update(a, g, s->optimiser, eta, s->decay);
    memcpy(a->h, after, sizeof after);
    a->loss += loss;
    return loss;
}

/* Compare the trainer with the plain one */
static const struct { double clip; int schedule; size_t threads; double decay; } ways[] = {
    {0, COSINE, 1, 0}, {1000, CONSTANT, 3, 0.75}, {0.01, COSINE, 5, 0.25},
};

static void test_steps(int optimiser, size_t way)
{
    static const double rates[] = {0.5, 0.05, 0.02};
    settings s = {N, T, B, 6, rates[optimiser], ways[way].clip, optimiser,
                  ways[way].schedule, 1, RNN, ways[way].decay};
    const text t = test_text(words, COUNT);
    learner l;
    trainer r;
    if (learner_alloc(&l, &s, M) != 0
        || trainer_alloc(&r, &s, M, &t, COUNT, ways[way].threads) != 0) exit(1);
    /* Begin both trainers with the same parameters */
    plain a = {.step = 0};
    uint64_t seed = 77;
    test_fill(l.theta.block, P, &seed);
    for (size_t i = 0; i < P; i++) a.theta[i] = (double)l.theta.block[i];
    for (size_t i = 0; i < B * N; i++) l.h[i] = (real)0.5;
    l.loss = 99;
    /* Take six steps with both, and compare */
    double moved = 0, kept = 0, states = 0, losses = 0;
    for (int k = 1; k <= 6; k++) {
        const double loss = plain_step(&a, &s), ours = training_step(&r, &l, &s);
        losses = test_worse(losses, fabs(ours / loss - 1));
        losses = test_worse(losses, fabs(l.loss / a.loss - 1));
        moved = test_worse(moved, test_relative_error(l.theta.block, a.theta, P));
        kept = test_worse(kept, test_relative_error(l.first, a.first, P));
        kept = test_worse(kept, test_relative_error(l.second, a.second, P));
        states = test_worse(states, test_relative_error(l.h, a.h, B * N));
    }
    /* Judge the six steps */
    const char *name = training_optimisers[optimiser];
    ok(l.theta.count == P && moved <= 1e-12, "%s, bound %g: the parameters (%.1e)", name,
       s.clip, moved);
    ok(kept <= 1e-12, "%s: what the optimiser remembers (%.1e)", name, kept);
    ok(states <= 1e-12, "%s: the states that are carried (%.1e)", name, states);
    ok(losses <= 1e-12, "%s: the loss of a step and of an epoch (%.1e)", name, losses);
    ok(l.step == 6 && a.clipped == (way == 2 ? 6 : 0), "clipped in %d of %d steps",
       a.clipped, (int)l.step);
    trainer_free(&r);
    learner_free(&l);
}

static void test_all_steps(void)
{
    for (int optimiser = SGD; optimiser <= ADAM; optimiser++)
        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
            test_steps(optimiser, way);
}

/* Test an evaluation against plain predictions */
enum { ONE_SPAN = 2048, TO_WARM_UP = 256, LONG = 20 * ONE_SPAN };

static double plain_evaluation(const params *p, const uint8_t *symbols, size_t count)
{
    double complex theta[P];
    double nats = 0;
    for (size_t i = 0; i < P; i++) theta[i] = (double)p->block[i];
    for (size_t from = 0; from < count - 1; from += ONE_SPAN) {
        const size_t warm = from ? TO_WARM_UP : 0, left = count - 1 - from;
        double complex h[N] = {0};
        if (warm) plain_nats(theta, h, symbols + from - warm, warm);
        nats += creal(plain_nats(theta, h, symbols + from, left < ONE_SPAN ? left : ONE_SPAN));
    }
    return nats;
}

static void test_evaluation(void)
{
    static const size_t counts[] = {2, 3, 64, 65, 66, 129, 2048, 2049, 2050, 2114, 4097, 4098,
                                    8 * 2048, 8 * 2048 + 1, 8 * 2048 + 2, LONG};
    static uint8_t symbols[LONG];
    const text t = test_text(symbols, LONG);
    params p;
    uint64_t seed = 5;
    if (params_alloc(&p, M, N, M) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    for (size_t i = 0; i < LONG; i++) symbols[i] = (uint8_t)(i * i % 11 % M);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double nats = -1, more = -1, right = plain_evaluation(&p, symbols, counts[i]);
        int status = training_evaluate(&nats, &p, &t, 0, counts[i], 1);
        ok(status == 0 && fabs(nats / right - 1) <= 1e-12,
           "%zu predictions cost %.3f nats", counts[i] - 1, nats);
        for (size_t threads = 0; threads <= 4; threads += 2)
            ok(training_evaluate(&more, &p, &t, 0, counts[i], threads) == 0 && more == nats,
               "with %zu threads to the bit", threads);
    }
    params_free(&p);
    /* Test what is made of nats */
    for (int n = 1; n <= 1000; n *= 10) {
        const double bits = training_bits(n * log(64), n);
        const double among = training_perplexity(n * log(64), n);
        ok(fabs(bits - 6) <= 1e-14 && fabs(among - 64) <= 1e-12,
           "%d guesses among 64: %g bits each, perplexity %g", n, bits, among);
    }
    ok(fabs(training_bits(3.5, 2) - log2(exp(1.75))) <= 1e-14, "1.75 nats are %.4f bits",
       training_bits(3.5, 2));
    ok(fabs(training_perplexity(3.5, 2) - pow(2, training_bits(3.5, 2))) <= 1e-13,
       "perplexity is two to the bits");
}

/* Test the first parameters against a second generator */
static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = *x += 0x9e3779b97f4a7c15;
    z ^= z >> 30, z *= 0xbf58476d1ce4e5b9;
    z ^= z >> 27, z *= 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static uint64_t turn(uint64_t x, int k) { return x >> (64 - k) | x << k; }

static uint64_t xoshiro(uint64_t s[4])
{
    const uint64_t result = turn(s[0] + s[3], 23) + s[0], t = s[1] * 131072;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn(s[3], 45);
    return result;
}

static void test_start(void)
{
    settings s = {.hidden = 40, .streams = 1, .length = 1};
    learner l;
    uint64_t seed = 42, word[4];
    double error = 0, sum = 0, squares = 0, most = 0;
    const double bound = 1 / sqrt(40.0);
    if (learner_alloc(&l, &s, 20) != 0) exit(1);
    learner_start(&l, seed);
    for (int i = 0; i < 4; i++) word[i] = splitmix(&seed);
    /* Compare every first parameter with a draw */
    const double count = (double)l.theta.count;
    for (size_t i = 0; i < l.theta.count; i++) {
        const double u = (double)(xoshiro(word) / 2048) / 9007199254740992.0;
        const double x = (double)l.theta.block[i];
        error = test_worse(error, fabs(x - (u * 2 * bound - bound)));
        most = test_worse(most, fabs(x));
        sum += x;
        squares += x * x;
    }
    ok(count == 2 * 40 * 20 + 40 * 40 + 40 + 20 && error <= 1e-16,
       "%g first parameters are those of a second generator (%.1e)", count, error);
    /* Test the spread of the first parameters */
    ok(most <= bound && most > 0.99 * bound, "they fill the interval to %.4f", most);
    ok(fabs(sum / count) <= 4 * bound / sqrt(3 * count), "their mean is %.4f", sum / count);
    ok(fabs(squares / count - bound * bound / 3)
           <= 4 * bound * bound * sqrt(4.0 / 45 / count),
       "their variance is %.5f", squares / count);
    ok(memcmp(word, l.generator.word, sizeof word) == 0, "the generators end alike");
    learner_free(&l);
}

/* Test the memory that is announced */
static size_t bytes_of_tape(const tape *k)
{
    if (!k->block) return 0;
    const size_t end = (size_t)(k->W_xh_T - k->block) + k->m * k->n
                       + (k->n + 1) * (2 * (k->n + PANELS_PAD) + k->l + PANELS_PAD);
    return end * sizeof(real) + 2 * (k->T + 1) * k->B * sizeof(uint32_t);
}

static void test_memory_of(const settings *s, size_t threads)
{
    const text t = test_text(words, COUNT);
    learner l;
    trainer r;
    if (learner_alloc(&l, s, M) != 0
        || trainer_alloc(&r, s, M, &t, COUNT, threads) != 0) exit(1);
    size_t held = (3 * l.theta.count + 2 * s->streams * s->hidden) * sizeof(real);
    for (size_t i = 0; i < r.parts; i++) held += r.shards[i].gradient.count * sizeof(real);
    for (size_t i = 0; i < r.hands; i++) held += bytes_of_tape(&r.tapes[i]);
    held += bytes_of_tape(&r.narrow);
    const double bytes = training_memory(s, M, threads);
    ok(bytes == (double)held, "%zu streams, %zu threads: %.0f bytes announced, %zu held",
       s->streams, threads, bytes, held);
    trainer_free(&r);
    learner_free(&l);
}

static void test_memory(void)
{
    settings s = {.hidden = 2, .length = 5, .streams = 9};
    const double bytes = training_memory(&s, 3, 1);
    ok(bytes == 1396 * sizeof(real) + 108 * 4, "by hand: %.0f bytes", bytes);
    for (size_t streams = 1; streams <= B; streams += 3) {
        s.streams = streams;
        test_memory_of(&s, 1 + streams % 4);
    }
    /* Test sizes that no machine has */
    const size_t most = SIZE_MAX;
    const struct { size_t n, m, T, B; double bytes; } sizes[] = {
        {most, 1, 1, 1, 48 * 0x1p128}, {1, most, 1, 1, 144 * 0x1p64}, {1, 1, most, 1, 96 * 0x1p64},
        {1, 1, 1, most, (5 + 16) * 0x1p64}, {1, 1, most, most, (21 + 8 * 80 + 16 + 7 * 80 + 16) * 0x1p64},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && most == UINT64_MAX; i++) {
        const settings huge = {.hidden = sizes[i].n, .length = sizes[i].T, .streams = sizes[i].B};
        const double ratio = training_memory(&huge, sizes[i].m, 1) / sizes[i].bytes;
        ok(fabs(ratio - 1) <= 1e-12, "absurd sizes %zu are counted (%g)", i, ratio);
    }
}

int main(void)
{
    uint64_t seed = 10;
    for (size_t i = 0; i < COUNT; i++)
        words[i] = (uint8_t)((test_number(&seed) + 1) / 2 * M);
    test_all_steps();
    test_evaluation();
    test_start();
    test_memory();
    return test_done();
}
