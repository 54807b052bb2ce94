/* generated from chapters/10-training.nw by noweb; do not edit */
#include "items.h"
#include <errno.h>
#include <math.h>
#include <string.h>
#include "cells.h"
#include "test.h"
#include "test-text.h"
#include "training.h"

/* Test which items a text has */
static const struct { const char *text; int kind; size_t count, at[4], size[4], border; } lists[] = {
    {"ab\nc\n", ITEMS_LINE, 2, {0, 3}, {2, 1}, 0}, {"\n\nab\n\n\nc", ITEMS_LINE, 2, {2, 7}, {2, 1}, 0},
    {"a", ITEMS_LINE, 1, {0}, {1}, 0}, {"\n\n", ITEMS_LINE, 0, {0}, {0}, 0}, {"a\n", ITEMS_LINE, 1, {0}, {1}, 0},
    {"ab\nc\n\nd\n", ITEMS_PARAGRAPH, 2, {0, 6}, {4, 1}, 0}, {"\n", ITEMS_PARAGRAPH, 0, {0}, {0}, 0},
    {"ab\nc", ITEMS_PARAGRAPH, 1, {0}, {4}, 0}, {"a\n\n\n\nb\n\nc\n\n", ITEMS_PARAGRAPH, 3, {0, 5, 8}, {1, 1, 1}, 0},
    {"\na\nb\nc\n", ITEMS_PARAGRAPH, 1, {1}, {5}, 0},
    {"abcd", ITEMS_LINE, 2, {0, 2}, {2, 2}, 2}, {"ab\ncd", ITEMS_LINE, 2, {0, 3}, {2, 2}, 2},
    {"ab\ncd", ITEMS_LINE, 2, {0, 3}, {2, 2}, 3}, {"a\nbc\nd", ITEMS_PARAGRAPH, 2, {0, 3}, {3, 3}, 3},
};

static text numbered(const char *letters, uint8_t *symbols)
{
    for (size_t i = 0; letters[i]; i++) symbols[i] = (uint8_t)(letters[i] == '\n' ? 0 : letters[i] - 'a' + 1);
    return test_text(symbols, strlen(letters));
}

static void test_found(void)
{
    uint8_t symbols[32];
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const text t = numbered(lists[i].text, symbols);
        items found;
        if (items_alloc(&found, lists[i].kind, &t, 0, lists[i].border) != 0) exit(1);
        int same = found.count == lists[i].count;
        for (size_t k = 0; same && k < found.count; k++)
            same = found.at[k] == lists[i].at[k] && found.size[k] == lists[i].size[k];
        ok(same && found.ends == (lists[i].kind == ITEMS_LINE ? 1 : 2), "list %zu has %zu items", i,
           lists[i].count);
        items_free(&found);
    }
}

/* Test what a plan lays out */
static const char *const rows[][2][2] = {      // for each step and stream: inputs, targets
    {{"\nab", "ab\n"}, {"\nh.", "h\n."}},
    {{"\ncd", "cde"}, {"\nij", "ij\n"}},
    {{"=efg", "fg\n"}, {"\nk.", "k\n."}},
};

static int row_is(const tape *k, size_t b, const char *inputs, const char *targets)
{
    int same = 1;
    inputs += *inputs == '=';
    for (size_t t = 0; t < 3; t++) {
        const uint32_t x = inputs[t] == '\n' ? 0 : (uint32_t)(inputs[t] - 'a' + 1);
        const uint32_t y = targets[t] == '\n' ? 0 : (uint32_t)(targets[t] - 'a' + 1);
        if (targets[t] == '.') same &= k->y[t * 2 + b] < k->l && k->x[t * 2 + b] < k->m;
        else same &= k->x[t * 2 + b] == x && k->y[t * 2 + b] == y;
    }
    return same;
}

static void test_plan(void)
{
    uint8_t symbols[32];
    const text t = numbered("zz\nab\ncdefg\nh\nij\nk\nzz", symbols);
    items list;
    plan p;
    tape k;
    if (items_alloc(&list, ITEMS_LINE, &t, 0, 0) != 0 || plan_alloc(&p, &list, 1, 5, 2, 3) != 0
        || tape_alloc(&k, 3, 2, 27, 2, 27) != 0) exit(1);
    ok(p.chunks == 3 && p.made[0] == 0 && p.made[1] == 5 && p.made[2] == 11 && p.made[3] == 16,
       "%zu steps with 5, 6 and 5 predictions", p.chunks);
    for (size_t chunk = 0; chunk < 3; chunk++) {
        for (size_t i = 0; i < 4; i++) k.h[i] = 1;
        plan_copy(&p, &k, chunk, 0);
        for (size_t b = 0; b < 2; b++) {
            const char *inputs = rows[chunk][b][0];
            ok(row_is(&k, b, inputs, rows[chunk][b][1]), "step %zu, stream %zu", chunk, b);
            ok(k.h[2 * b] + k.h[2 * b + 1] == (*inputs == '=' ? 2 : 0), "and its state");
        }
    }
    /* Test a plan of one stream */
    tape one;
    if (tape_alloc(&one, 3, 1, 27, 2, 27) != 0) exit(1);
    plan_copy(&p, &one, 1, 1);
    ok(one.x[0] == 0 && one.x[1] == 9 && one.x[2] == 10 && one.y[2] == 0, "the second stream alone");
    tape_free(&one), plan_free(&p);
    if (plan_alloc(&p, &list, 0, 2, 5, 9) != 0) exit(1);
    ok(p.chunks == 1 && p.item[0] == 1 && p.item[1] == 2 && !p.item[2] && !p.item[4] && p.made[1] == 6,
       "two items in five streams");
    plan_free(&p), errno = 0;
    ok(plan_alloc(&p, &list, 0, 2, SIZE_MAX, 1) == -1 && errno == EOVERFLOW, "too many streams");
    if (plan_alloc(&p, &list, 0, 5, 2, SIZE_MAX) != 0) exit(1);
    ok(p.chunks == 3 && p.made[1] == 5 && p.made[3] == 17, "five items in steps without end");
    tape_free(&k), plan_free(&p), items_free(&list);
    ok(!p.item && !p.offset && !p.made && !list.at, "what is released holds nothing");
}

/* Test that items are measured alone */
static void test_measured(int kind, const char *letters, const char *const *alone, size_t count)
{
    const settings s = { .cell = kind, .hidden = 5, .streams = 1 };
    uint8_t symbols[64];
    learner l;
    items list;
    double wanted = 0;
    if (learner_alloc(&l, &s, 27) != 0) exit(1);
    learner_start(&l, 3);
    for (size_t i = 0; i < count; i++) {
        double nats;
        const text t = numbered(alone[i], symbols);
        if (training_evaluate(&nats, &l.theta, &t, 0, t.count, 1) != 0) exit(1);
        wanted += nats;
    }
    const text all = numbered(letters, symbols);
    if (items_alloc(&list, count == 3 ? ITEMS_LINE : ITEMS_PARAGRAPH, &all, 0, 0) != 0) exit(1);
    for (size_t streams = 1; streams <= 4; streams++)
        for (size_t length = 1; length <= 12; length += 3) {
            /* Measure the items with this plan */
            plan p;
            double nats;
            if (plan_alloc(&p, &list, 0, list.count, streams, length) != 0
                || plan_evaluate(&nats, &p, &l.theta) != 0) exit(1);
            ok(fabs(nats - wanted) < 1e-12 * wanted, "%s, %zu streams of %zu: %.12f nats", cells_names[kind],
               streams, length, nats);
            plan_free(&p);
        }
    items_free(&list), learner_free(&l);
}

/* Test that items are learned alone */
static void test_learned(int kind)
{
    static const char *const alone[] = {"\nab\n", "\ncdefg\n", "\nh\n"};
    settings s = { .cell = kind, .hidden = 4, .length = 6, .streams = 3, .steps = 9, .rate = 1,
                   .optimiser = SGD, .schedule = CONSTANT };
    uint8_t symbols[32];
    const text t = numbered("ab\ncdefg\nh\n", symbols);
    learner l, start;
    items list;
    plan p;
    if (learner_alloc(&l, &s, 27) != 0 || items_alloc(&list, ITEMS_LINE, &t, 0, 0) != 0
        || plan_alloc(&p, &list, 0, 3, 3, 6) != 0 || learner_alloc(&start, &s, 27) != 0) exit(1);
    learner_start(&l, 3), learner_start(&start, 3);
    /* Take a step with a plan */
    trainer r;
    if (trainer_alloc(&r, &s, 27, &t, t.count, 2) != 0) exit(1);
    r.plan = &p;
    const double loss = training_step(&r, &l, &s);
    ok(p.chunks == 1 && p.made[1] == 11 && loss > 0 && l.step == 1, "a step of three items: %g nats", loss);
    trainer_free(&r);
    /* Take a step with each item alone, and compare */
    const size_t count = l.theta.count;
    real *sum = calloc(count, sizeof *sum);
    double total = 0;
    if (!sum) exit(1);
    for (size_t i = 0; i < 3; i++) {
        learner single;
        const text item = numbered(alone[i], symbols);
        s.length = item.count - 1, s.streams = 1;
        if (learner_alloc(&single, &s, 27) != 0 || trainer_alloc(&r, &s, 27, &item, item.count, 1) != 0)
            exit(1);
        learner_start(&single, 3);
        total += training_step(&r, &single, &s);
        for (size_t j = 0; j < count; j++)
            sum[j] += (single.theta.block[j] - start.theta.block[j]) * (real)s.length / 11;
        trainer_free(&r), learner_free(&single);
    }
    for (size_t j = 0; j < count; j++) sum[j] += start.theta.block[j];
    const double error = test_relative_error(l.theta.block, sum, count);
    ok(error <= 1e-12, "%s: items are learned as if each were alone (%.1e)", cells_names[kind], error);
    ok(fabs(loss - total) <= 1e-12 * total, "and their losses are added: %.12f nats", total);
    free(sum);
    plan_free(&p), items_free(&list), learner_free(&l), learner_free(&start);
}

int main(void)
{
    static const char *const lines[] = {"\nab\n", "\ncdefg\n", "\nh\n"};
    static const char *const paragraphs[] = {"\nab\ncd\n\n", "\nefghi\n\n"};
    test_found();
    test_plan();
    for (int kind = RNN; kind <= LSTM; kind++) {
        test_measured(kind, "ab\ncdefg\nh", lines, 3);
        test_measured(kind, "ab\ncd\n\nefghi\n", paragraphs, 2);
        test_learned(kind);
    }
    return test_done();
}
