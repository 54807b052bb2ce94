/* generated from chapters/10-training.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "training.h"
#include "cells.h"
#include "test.h"
#include "test-refusal.h"
#include "test-text.h"
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Make a text of one sentence */
enum { LETTERS = 7, COUNT = 1200 };
static text sentence;

static void make_sentence(void)
{
    static const uint8_t word[] = {1, 4, 2, 2, 6, 0, 3, 5, 5, 4, 1, 0};
    static uint8_t symbols[COUNT];
    for (size_t i = 0; i < COUNT; i++) symbols[i] = word[i % 12];
    sentence = test_text(symbols, COUNT);
}

/* Train for some steps */
static void begin(learner *l, trainer *r, const settings *s, size_t threads)
{
    if (learner_alloc(l, s, LETTERS) != 0
        || trainer_alloc(r, s, LETTERS, &sentence, COUNT, threads) != 0) exit(1);
}

/* Trains l, which it allocates, and returns the loss of the last step. */
static double train(learner *l, const settings *s, uint64_t steps, size_t threads)
{
    trainer r;
    double loss = 0;
    begin(l, &r, s, threads);
    learner_start(l, s->seed);
    while (l->step < steps) loss = training_step(&r, l, s);
    trainer_free(&r);
    return loss;
}

/* Test that each optimiser learns the sentence */
static void test_learning(void)
{
    const double rate[] = {2, 0.1, 0.01};
    for (int i = SGD; i <= ADAM; i++) {
        settings s = { .hidden = 9, .length = 10, .streams = 4, .steps = 400, .rate = rate[i],
                       .clip = 5, .optimiser = i, .schedule = COSINE, .seed = 3 };
        learner l;
        double nats, loss = train(&l, &s, 400, 1) / 40;
        ok(loss < 0.05, "optimiser %d comes down to %.3f nats a character", i,
           loss);
        if (training_evaluate(&nats, &l.theta, &sentence, 0, COUNT, 1) != 0) exit(1);
        ok(nats / (COUNT - 1) < 0.05, "and reads the text in one stream at %.3f",
           nats / (COUNT - 1));
        learner_free(&l);
    }
}

/* Compare two learners bit by bit */
static int same(const learner *a, const learner *b)
{
    const size_t p = a->theta.count * sizeof(real);
    const size_t h = a->streams * a->theta.n * sizeof(real);
    return memcmp(a->theta.block, b->theta.block, p) == 0
        && memcmp(a->h, b->h, h) == 0 && a->loss == b->loss;
}

/* Test that threads leave no trace */
static void test_threads(void)
{
    settings s = { .hidden = 9, .length = 5, .streams = 19, .steps = 60, .rate = 0.01,
                   .clip = 1, .optimiser = ADAM, .schedule = CONSTANT, .seed = 8 };
    learner one, more;
    train(&one, &s, 60, 1);
    static const size_t several[] = {0, 2, 5};
    for (size_t i = 0; i < sizeof several / sizeof *several; i++) {
        const size_t threads = several[i];
        train(&more, &s, 60, threads);
        ok(same(&one, &more), "%zu threads give the bits of one", threads);
        learner_free(&more);
    }
    learner_free(&one);
}

/* Test that a copy has the same future */
static void go_on(learner *l, const settings *s, uint64_t steps)
{
    trainer r;
    if (trainer_alloc(&r, s, LETTERS, &sentence, COUNT, 1) != 0) exit(1);
    while (l->step < steps) training_step(&r, l, s);
    trainer_free(&r);
}

static void test_copy(void)
{
    settings s = { .hidden = 9, .length = 5, .streams = 19, .steps = 60, .rate = 0.01,
                   .clip = 1, .optimiser = ADAM, .schedule = COSINE, .seed = 8 };
    learner one, other;
    train(&one, &s, 17, 1);
    s.seed = 9;
    train(&other, &s, 40, 1);
    learner_copy(&other, &one);
    go_on(&one, &s, 45);
    ok(other.step == 17 && !same(&one, &other), "a copy stays behind");
    go_on(&other, &s, 45);
    ok(same(&one, &other) && one.step == other.step
       && random_bits(&one.generator) == random_bits(&other.generator), "and can follow");
    learner_free(&one), learner_free(&other);
}

/* Test who is hired, and who hears a signal */
static void stay_calm(int number) { (void)number; }

static void test_crew(void)
{
    const settings s = { .hidden = 2, .length = 5, .streams = 19 };
    for (size_t threads = 0; threads <= 5; threads++) {
        trainer r;
        if (trainer_alloc(&r, &s, LETTERS, &sentence, COUNT, threads) != 0) exit(1);
        const size_t wanted = threads < 2 ? 0 : threads < 3 ? 1 : 2;
        ok(r.crew.hired == wanted, "%zu threads for three shards: %zu helpers", threads, wanted);
        if (wanted == 2)
            /* Send a signal past the main thread */
            {
                sigset_t usual, only, waiting;
                struct sigaction calm = { .sa_handler = stay_calm };
                sigaction(SIGUSR1, &calm, NULL);
                sigemptyset(&only);
                sigaddset(&only, SIGUSR1);
                pthread_sigmask(SIG_BLOCK, &only, &usual);
                kill(getpid(), SIGUSR1);
                nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
                sigpending(&waiting);
                ok(sigismember(&waiting, SIGUSR1) == 1, "helpers leave a signal to the main thread");
                ok(sigismember(&usual, SIGUSR1) == 0, "which hears what it heard before");
                pthread_sigmask(SIG_SETMASK, &usual, NULL);
            }
        trainer_free(&r);
    }
}

/* Seconds of the processor that a thread has used. */
static double worked(pthread_t thread)
{
    clockid_t clock;
    struct timespec used;
    if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &used) != 0) exit(1);
    return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
}

static void test_waking(void)
{
    const settings s = { .hidden = 9, .length = 5, .streams = 19 };
    learner l;
    trainer r;
    begin(&l, &r, &s, 2);
    learner_start(&l, 1);
    training_gradient(&r, &l, &s);
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    const double before = worked(r.crew.helpers[0]);
    for (int i = 0; i < 20000 && worked(r.crew.helpers[0]) < before + 0.001; i++)
        training_gradient(&r, &l, &s);
    ok(worked(r.crew.helpers[0]) >= before + 0.001, "a helper wakes up and works");
    trainer_free(&r);
    learner_free(&l);
}

static atomic_ulong looks;
int sched_yield(void) { looks++; return 0; }

static void wait_a_while(void *of_none, size_t number)
{
    (void)of_none;
    if (number) nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
}

static void test_patience(void)
{
    crew c;
    crew_open(&c);
    crew_hire(&c, 2);
    const unsigned long before = looks;
    crew_run(&c, wait_a_while, NULL, 2);
    ok(c.hired == 1 && looks > before && looks - before <= 2000, "who waits for long sleeps");
    crew_dismiss(&c);
}

static void *free_trainer(void *r)
{
    trainer_free(r);
    return NULL;
}

static void test_dismissal(void)
{
    const settings s = { .hidden = 2, .length = 5, .streams = 19 };
    trainer r;
    pthread_t other;
    if (trainer_alloc(&r, &s, LETTERS, &sentence, COUNT, 2) != 0) exit(1);
    pthread_mutex_lock(&r.crew.lock);
    if (pthread_create(&other, NULL, free_trainer, &r) != 0) exit(1);
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    ok(!r.crew.dismissed && r.shards, "a dismissal waits for the lock");
    pthread_mutex_unlock(&r.crew.lock);
    pthread_join(other, NULL);
    ok(!r.shards, "and is then done");
}

/* Test that the state is carried */
static void test_carrying(void)
{
    settings whole = { .hidden = 9, .length = 20, .streams = 4, .steps = 1, .seed = 4 };
    settings halves = whole;
    learner a, b;
    halves.length = 10;
    train(&a, &whole, 1, 1);
    train(&b, &halves, 2, 1);
    double error = test_relative_error(a.h, b.h, 4 * 9);
    ok(error <= 1e-12, "two pieces end in the state of one (%.1e)", error);
    ok(fabs(a.loss / b.loss - 1) <= 1e-12, "and have its loss (%g nats)", a.loss);
    /* Test that a new epoch begins at zero */
    learner c;
    uint64_t epoch = training_chunks(&whole, COUNT);
    train(&c, &whole, epoch + 1, 1);
    ok(memcmp(c.h, a.h, 4 * 9 * sizeof(real)) == 0,
       "after %d chunks the state begins anew", (int)epoch);
    learner_free(&c);
    learner_free(&a);
    learner_free(&b);
}

/* Test what cannot be trained on */
static void test_sizes(void)
{
    settings s = { .hidden = 9, .length = 100, .streams = 12, .steps = 1, .rate = 1, .seed = 1 };
    ok(training_chunks(&s, 1200) == 0, "1199 are too few for 12 streams of 100");
    ok(training_chunks(&s, 1201) == 1, "1200 are enough");
    ok(training_chunks(&s, 0) == 0, "nothing holds no chunk");
    ok(training_chunks(&s, 1) == 0, "nor does a single character");
    ok(training_chunks(&s, 24000) == 19, "23999 are 1999 in a stream, and 19 chunks");
    s.streams = 0;
    ok(training_chunks(&s, 1201) == 0, "no streams hold no chunk");
    s.streams = 12, s.length = 0;
    ok(training_chunks(&s, 1201) == 0, "nor do chunks of no length");
    /* Test what is held out */
    const size_t counts[][2] = {{0, 0}, {9, 0}, {10, 1}, {19, 1}, {20, 2}, {38423, 3842}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        ok(training_held_out(counts[i][0]) == counts[i][1], "of %zu characters %zu are held out",
           counts[i][0], counts[i][1]);
}

/* Test that a step which blows up is not taken */
static void test_blown_up(void)
{
    settings s = { .hidden = 9, .length = 100, .streams = 4, .steps = 9, .rate = 1, .seed = 1 };
    learner l;
    trainer r;
    begin(&l, &r, &s, 1);
    learner_start(&l, 1);
    l.theta.b_h[0] = (real)NAN;
    /* Test that nothing has moved after a NaN */
    const real before = l.theta.b_y[0];
    ok(isnan(training_step(&r, &l, &s)), "a NaN is reported");
    ok(l.step == 0 && l.theta.b_y[0] == before, "and the step is not taken");
    trainer_free(&r);
    learner_free(&l);
}

static void test_steep(void)
{
    settings s = { .hidden = 9, .length = 100, .streams = 4, .steps = 9, .rate = 1, .seed = 1 };
    learner l;
    trainer r;
    begin(&l, &r, &s, 1);
    learner_start(&l, 1);
    const double loss = training_gradient(&r, &l, &s);
    const real before = l.theta.block[0];
    r.shards[0].gradient.block[1] = (real)INFINITY;
    ok(training_update(&r, &l, &s, loss) == -1 && l.step == 0 && l.theta.block[0] == before,
       "nor after an infinite gradient");
    trainer_free(&r);
    learner_free(&l);
}

static void test_sound(void)
{
    settings s = { .hidden = 9, .length = 10, .streams = 4, .rate = 1e300,
                   .optimiser = ADAM, .seed = 1 };
    learner l;
    trainer r;
    begin(&l, &r, &s, 1);
    learner_start(&l, 1);
    /* Test what is sound and what is not */
    /* What makes a learner unsound */
    enum { NONE, ONLY_ADAGRAD = 1 << ADAGRAD, ONLY_ADAM = 1 << ADAM, ALL = 7 };
    real *b = l.theta.b_y, *first = l.first, *second = l.second;
    const size_t last = l.theta.count - 1;
    const struct { real *at, wrong; int by; const char *what; } spoilt[] = {
        {&b[LETTERS - 1], (real)NAN, ALL, "a parameter that is no number"},
        {&b[0], (real)1e200, ALL, "one too large to be multiplied"},
        {&b[0], (real)-1e200, ALL, "one too large and negative"},
        {&b[0], (real)1e150, NONE, "a large one"},
        {&l.h[4 * 9 - 1], (real)-1.5, ALL, "a state below -1"},
        {&l.h[0], (real)1.5, ALL, "a state above 1"},
        {&l.h[0], 1, NONE, "a state of 1"}, {&l.h[0], -1, NONE, "a state of -1"},
        {&first[0], (real)INFINITY, ONLY_ADAGRAD | ONLY_ADAM, "an infinite moment"},
        {&first[last], (real)1e200, ONLY_ADAM, "a moment too large to be squared"},
        {&first[last], (real)-1e-9, ONLY_ADAGRAD, "a negative sum of squares"},
        {&first[0], (real)-1e200, ONLY_ADAGRAD | ONLY_ADAM, "a very negative one"},
        {&second[last], (real)-1e-9, ONLY_ADAM, "a negative mean square"},
        {&second[0], (real)1e200, NONE, "a large mean square"},
        {&second[0], (real)NAN, ONLY_ADAM, "none at all"},
    };
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        const real kept = *spoilt[i].at;
        *spoilt[i].at = spoilt[i].wrong;
        for (s.optimiser = SGD; s.optimiser <= ADAM; s.optimiser++)
            ok(learner_sound(&l, &s) == !(spoilt[i].by >> s.optimiser & 1), "%s with %s",
               spoilt[i].what,
               training_optimisers[s.optimiser]);
        *spoilt[i].at = kept;
    }
    s.optimiser = ADAM;
    ok(learner_sound(&l, &s), "a new learner is sound");
    ok(isnan(training_step(&r, &l, &s)) && l.step == 1, "a step into the void is reported");
    learner_start(&l, 1);
    const double loss = training_gradient(&r, &l, &s);
    ok(isfinite(loss) && training_update(&r, &l, &s, loss) == -1 && l.step == 2,
       "and it is an error");
    ok(training_update(&r, &l, &s, NAN) == -1 && l.step == 2, "as is a loss that is no number");
    trainer_free(&r);
    learner_free(&l);
}

static void test_handfuls(size_t hands)
{
    settings s = { .hidden = 40, .length = 10, .streams = 20, .optimiser = ADAGRAD, .seed = 1 };
    learner l;
    trainer r;
    begin(&l, &r, &s, hands);
    learner_start(&l, 1);
    const double loss = training_gradient(&r, &l, &s);
    ok(training_update(&r, &l, &s, loss) == 0, "a step of no length harms nobody");
    for (size_t i = 0; i < l.theta.count; i += (l.theta.count - 1) / 2) {
        const real kept = l.theta.block[i];
        l.theta.block[i] = (real)1e200;
        ok(training_update(&r, &l, &s, loss) == -1, "%zu: parameter %zu is looked at", r.hands, i);
        l.theta.block[i] = kept;
    }
    trainer_free(&r);
    learner_free(&l);
}

/* Test that nothing comes from nothing */
static void test_zeros(void)
{
    const settings s = { .hidden = 3, .length = 5, .streams = 4 };
    learner l;
    trainer r;
    size_t wrong = 0;
    begin(&l, &r, &s, 1);
    for (size_t i = 0; i < 9; i++) l.theta.W_hh[i] = 1;
    training_gradient(&r, &l, &s);
    for (size_t i = 0; i < 6 * 4 * 3; i++) wrong += r.tapes[0].h[i] != 0;
    for (size_t i = 0; i < 4 * 3; i++) wrong += r.h[i] != 0;
    for (size_t i = 0; i < l.theta.count - LETTERS; i++)
        wrong += r.shards[0].gradient.block[i] != 0;
    ok(wrong == 0, "states and gradients begin at zero");
    ok(training_name(training_optimisers, "adam") == ADAM
       && training_name(training_schedules, "none") == -1,
       "names of choices are found, and others are not");
    trainer_free(&r);
    learner_free(&l);
}

/* Test what is taken over from another network */
static int equal(real a, real b) { return a >= b && a <= b; }

static void test_take(void)
{
    static const uint32_t symbols[] = {1, 2, 4, 5}, read[] = {3, 0, 2, 1, 1};
    for (int kind = RNN; kind <= LSTM; kind++) {
        const settings s = { .cell = kind, .hidden = 3, .length = 5, .streams = 1 };
        learner old, new, drawn;
        tape before, after;
        if (learner_alloc(&old, &s, 4) != 0 || learner_alloc(&new, &s, 6) != 0
            || learner_alloc(&drawn, &s, 6) != 0
            || tape_alloc_for(&before, &old.theta, 5, 1) != 0
            || tape_alloc_for(&after, &new.theta, 5, 1) != 0) exit(1);
        learner_start(&old, 1), learner_start(&new, 2), learner_start(&drawn, 2);
        learner_take(&new, &old.theta, symbols);
        /* Read with both networks, and compare */
        size_t wrong = 0, changed = 0;
        for (size_t t = 0; t < 5; t++) before.x[t] = read[t], after.x[t] = symbols[read[t]];
        forward_pass(&before, &old.theta);
        forward_pass(&after, &new.theta);
        for (size_t t = 0; t < 5; t++)
            for (size_t i = 0; i < 4; i++)
                wrong += !equal(after.z_y[t * 6 + symbols[i]], before.z_y[t * 4 + i]);
        for (size_t x = 0; x <= 3; x += 3) {
            for (size_t j = 0; j < new.theta.w; j++)
                changed += !equal(new.theta.W_xh[j * 6 + x], drawn.theta.W_xh[j * 6 + x]);
            for (size_t j = 0; j < 3; j++)
                changed += !equal(new.theta.W_hy[x * 3 + j], drawn.theta.W_hy[x * 3 + j]);
            changed += !equal(new.theta.b_y[x], drawn.theta.b_y[x]);
        }
        ok(wrong == 0 && changed == 0, "%s: old letters are scored as before, and new ones are new",
           cells_names[kind]);
        tape_free(&before), tape_free(&after);
        learner_free(&old), learner_free(&new), learner_free(&drawn);
    }
}

/* Test that trainers give back their memory */
static void make_and_free(void)
{
    const settings s = { .hidden = 3, .length = 5, .streams = 19 };
    const settings long_one = { .hidden = 3, .length = SIZE_MAX / 4096, .streams = 9 };
    const settings large = { .hidden = 3, .length = 5, .streams = SIZE_MAX / 64 };
    learner l;
    trainer r;
    double nats;
    if (learner_alloc(&l, &s, LETTERS) != 0
        || trainer_alloc(&r, &s, LETTERS, &sentence, COUNT, 3) != 0
        || training_evaluate(&nats, &l.theta, &sentence, 0, COUNT, 1) != 0) exit(1);
    trainer_free(&r);
    learner_free(&l);
    if (learner_alloc(&l, &large, LETTERS) == 0) exit(1);
    if (trainer_alloc(&r, &long_one, LETTERS, &sentence, COUNT, 3) == 0) exit(1);
}

static void test_release(void)
{
    ok(test_gives_back(make_and_free), "learners, trainers and evaluations give back their memory");
}

/* Test what is done without memory */
enum { ARRAYS = 15 };       // of a trainer with three shards and three hands

/* Trains one step where the given call of calloc is refused; whether the answer is as promised. */
static int train_refused(int call, const settings *s, const learner *l, double loss)
{
    trainer r;
    test_refusal = call;
    const int status = trainer_alloc(&r, s, LETTERS, &sentence, COUNT, 3), error = errno;
    test_refusal = 0;
    if (status != 0) return call < ARRAYS && status == -1 && error == ENOMEM && !r.shards;
    const int right = call == ARRAYS && r.crew.hired == 0 && training_gradient(&r, l, s) == loss;
    trainer_free(&r);
    return right;
}

static void test_refused(void)
{
    const settings s = { .hidden = 3, .length = 5, .streams = 19 };
    learner l;
    trainer r;
    double nats = 99;
    for (int call = 1; call <= 4; call++) {
        test_refusal = call;
        ok(learner_alloc(&l, &s, LETTERS) == -1 && errno == ENOMEM && !l.h,
           "no learner without array %d", call);
    }
    begin(&l, &r, &s, 1);
    learner_start(&l, 1);
    const double loss = training_gradient(&r, &l, &s);
    trainer_free(&r);
    for (int call = 1; call <= ARRAYS; call++)
        ok(train_refused(call, &s, &l, loss), "a trainer without array %d", call);
    for (int call = 1; call <= 3; call++) {
        test_refusal = call;
        const int status = training_evaluate(&nats, &l.theta, &sentence, 0, COUNT, 1);
        ok(status == -1 && errno == ENOMEM && nats == 0, "no evaluation without array %d", call);
    }
    test_refusal = 0;
    learner_free(&l);
}

int main(void)
{
    make_sentence();
    test_learning();
    test_threads();
    test_copy();
    test_crew();
    test_waking();
    test_patience();
    test_dismissal();
    test_carrying();
    test_sizes();
    test_blown_up();
    test_steep();
    test_sound();
    test_handfuls(1);
    test_handfuls(3);
    test_zeros();
    test_take();
    test_release();
    test_refused();
    return test_done();
}
