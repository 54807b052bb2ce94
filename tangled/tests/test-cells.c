/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "training.h"
#include "sampling.h"
#include "softmax.h"
#include "test-text.h"
#include "test.h"
#include <errno.h>
#include <string.h>

enum { M = 5, N = 6, T = 7, B = 11, CHUNKS = 3, STRIDE = T * CHUNKS, COUNT = B * STRIDE + 1 };
enum { SPAN = 2048, WARM_UP = 256, LONG = SPAN + 300 };
static uint8_t symbols[LONG];
static text words;
/* Read all with one tape */
/* Runs so many characters from the first in one piece; exits if there is no memory. */
static double read_all(tape *k, const params *p, size_t first, size_t count)
{
    if (tape_alloc_for(k, p, count, 1) != 0) exit(1);
    for (size_t i = 0; i < count; i++) {
        k->x[i] = symbols[first + i];
        k->y[i] = symbols[first + i + 1];
    }
    forward_pass(k, p);
    softmax_forward(k);
    return (double)k->F[0];
}

static double read_and_free(const params *p, size_t first, size_t count)
{
    tape k;
    const double nats = read_all(&k, p, first, count);
    tape_free(&k);
    return nats;
}

/* Test that training reads what one tape reads */
static void test_training(int cell_number)
{
    const settings s = {N, T, B, 2 * CHUNKS, 0, 0, SGD, CONSTANT, 3, cell_number, 0};
    const char *name = cells_names[cell_number];
    learner l;
    trainer r;
    double whole = 0;
    if (learner_alloc(&l, &s, M) != 0 || trainer_alloc(&r, &s, M, &words, COUNT, 2) != 0) exit(1);
    learner_start(&l, s.seed);
    for (size_t i = 0; i < B * N * (1 + l.theta.cell->memory); i++) l.h[i] = (real)0.5;
    for (size_t b = 0; b < B; b++) whole += read_and_free(&l.theta, b * STRIDE, STRIDE);
    for (int epoch = 1; epoch <= 2; epoch++) {
        for (int i = 0; i < CHUNKS; i++) training_step(&r, &l, &s);
        ok(fabs(l.loss / whole - 1) <= 1e-13, "%s: pieces lose what the whole loses (%.6f nats)",
           name, l.loss);
    }
    trainer_free(&r);
    learner_free(&l);
}

/* Test that an evaluation and a sampler do */
static void test_reading(int cell_number)
{
    const settings s = {N, T, B, 1, 0, 0, SGD, CONSTANT, 4, cell_number, 0};
    const char *name = cells_names[cell_number];
    learner l;
    sampler read;
    tape k;
    double nats = 0, worst = 0;
    if (learner_alloc(&l, &s, M) != 0) exit(1);
    learner_start(&l, s.seed);
    if (sampler_alloc(&read, &l.theta) != 0) exit(1);
    const double whole = read_all(&k, &l.theta, 0, COUNT - 1);
    const int status = training_evaluate(&nats, &l.theta, &words, 0, COUNT, 1);
    ok(status == 0 && fabs(nats / whole - 1) <= 1e-13, "%s: so does an evaluation (%.6f nats)", name,
       nats);
    for (size_t i = 0; i < COUNT - 1; i++) {
        sampler_read(&read, symbols[i]);
        worst = test_worse(worst, test_relative_error(read.step.z_y, k.z_y + i * M, M));
    }
    ok(worst <= 1e-13, "%s: and a sampler has the same logits (%.1e)", name, worst);
    /* Test that a sampler forgets all */
    uint32_t code = '\n';
    sampler other;
    if (sampler_alloc(&other, &l.theta) != 0) exit(1);
    sampler_begin(&read, &(vocabulary){1, &code});
    sampler_read(&read, 2);
    sampler_read(&other, 0);
    sampler_read(&other, 2);
    ok(memcmp(read.step.z_y, other.step.z_y, M * sizeof(real)) == 0,
       "%s: who begins anew has forgotten all", name);
    sampler_free(&other);
    /* Test that an evaluation warms up */
    tape later;
    const double first = read_and_free(&l.theta, 0, SPAN);
    read_all(&later, &l.theta, SPAN - WARM_UP, LONG - 1 - SPAN + WARM_UP);
    const double spans = first + (double)later.F[WARM_UP];
    const int evaluated = training_evaluate(&nats, &l.theta, &words, 0, LONG, 1);
    ok(evaluated == 0 && fabs(nats / spans - 1) <= 1e-13, "%s: two spans cost %.6f nats", name, nats);
    tape_free(&later);
    sampler_free(&read);
    tape_free(&k);
    learner_free(&l);
}

/* Test that a learner is copied, and judged */
static void test_learner(int cell_number)
{
    const settings s = {N, T, B, 1, 0, 0, ADAM, CONSTANT, 4, cell_number, 0};
    const char *name = cells_names[cell_number];
    learner l, copy;
    uint64_t seed = 5;
    if (learner_alloc(&l, &s, M) != 0 || learner_alloc(&copy, &s, M) != 0) exit(1);
    const size_t carried = B * N * (1 + l.theta.cell->memory);
    test_fill(l.theta.block, l.theta.count, &seed);
    test_fill(l.h, carried, &seed);
    learner_copy(&copy, &l);
    ok(memcmp(copy.theta.block, l.theta.block, l.theta.count * sizeof(real)) == 0
       && memcmp(copy.h, l.h, carried * sizeof(real)) == 0, "%s: a copy has all", name);
    ok(learner_sound(&l, &s), "%s: and is sound", name);
    l.h[carried - 1] = (real)-7;
    ok(learner_sound(&l, &s) == (cell_number == LSTM), "%s: only a memory is beyond one", name);
    l.h[carried - 1] = (real)NAN;
    ok(!learner_sound(&l, &s), "%s: and none is no number", name);
    l.h[carried - 1] = (real)1e200;
    ok(!learner_sound(&l, &s), "%s: or past all bounds", name);
    learner_free(&l);
    learner_free(&copy);
}

/* Test what a cell takes in memory */
static size_t held_by(const tape *k)
{
    const size_t rows = k->T * k->B, end = (size_t)(k->bent - k->block) + k->cell->memory * rows * k->n;
    return end * sizeof(real) + 2 * (rows + k->B) * sizeof(uint32_t);
}

static void test_memory(int cell_number)
{
    const settings s = {N, T, B, 1, 0, 0, ADAM, CONSTANT, 4, cell_number, 0};
    const cell *kind = cells[cell_number];
    const char *name = cells_names[cell_number];
    learner l;
    trainer r;
    if (learner_alloc(&l, &s, M) != 0 || trainer_alloc(&r, &s, M, &words, COUNT, 1) != 0) exit(1);
    const size_t w = kind->gates * N, p = w * (M + N + 1) + kind->apart * N + M * N + M;
    size_t held = (3 * p + 2 * B * N * (1 + kind->memory) + r.parts * p) * sizeof(real);
    for (size_t i = 0; i < r.hands; i++) held += held_by(&r.tapes[i]);
    if (r.narrow.block) held += held_by(&r.narrow);
    ok(l.theta.count == p, "%s: %zu parameters", name, p);
    ok(training_memory(&s, M, 1) == (double)held, "%s: %zu bytes are held, as announced", name, held);
    trainer_free(&r);
    learner_free(&l);
    params absurd;
    tape k;
    const params large = {.cell = kind, .m = 1, .n = SIZE_MAX / 2, .l = 1};
    errno = 0;
    ok(params_alloc_cell(&absurd, kind, 1, SIZE_MAX / 2, 1) == -1 && errno == EOVERFLOW
       && !absurd.block, "%s: absurd sizes are refused", name);
    errno = 0;
    ok(tape_alloc_for(&k, &large, 1, 1) == -1 && errno == EOVERFLOW && !k.block, "%s: for a tape too",
       name);
}

/* Test how a cell begins */
static void test_start(int cell_number)
{
    const settings s = {N, T, B, 1, 0, 0, ADAM, CONSTANT, 4, cell_number, 0};
    const double width = 1 / sqrt(N);
    learner l;
    size_t higher = 0, right = 0;
    if (learner_alloc(&l, &s, M) != 0) exit(1);
    learner_start(&l, s.seed);
    for (size_t i = 0; i < l.theta.count; i++) {
        const double x = (double)l.theta.block[i];
        const size_t bias = i - (size_t)(l.theta.b_h - l.theta.block);
        higher += fabs(x - 1) <= width;
        right += fabs(x - (cell_number == GRU && bias >= N && bias < 2 * N)) <= width;
    }
    ok(right == l.theta.count && higher == (cell_number == GRU ? N : 0),
       "%s: begins as it should, with %zu numbers near one", cells_names[cell_number], higher);
    learner_free(&l);
}

/* Test the list of cells */
static void test_list(void)
{
    ok(strcmp(cells_names[RNN], "rnn") == 0 && !cells_names[LSTM + 1], "the plain cell has its name");
    ok(cells[RNN] == &plain_cell && !plain_cell.memory && !plain_cell.apart, "and is the plain one");
}

int main(void)
{
    for (size_t i = 0; i < LONG; i++) symbols[i] = (uint8_t)(i * i * 7 % 31 % M);
    words = test_text(symbols, LONG);
    for (int cell_number = RNN; cell_number <= LSTM; cell_number++) {
        test_start(cell_number);
        test_training(cell_number);
        test_reading(cell_number);
        test_learner(cell_number);
        test_memory(cell_number);
    }
    test_list();
    return test_done();
}
