/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
#include "test.h"
#include "test-text.h"
#include "training.h"
#include <string.h>

enum { LETTERS = 5, COUNT = 200 };
static uint8_t symbols[COUNT];

/* Take steps, with a new trainer for each or with one for all */
static void take_steps(learner *l, const settings *s, int one_trainer)
{
    const text t = test_text(symbols, COUNT);
    trainer r;
    if (learner_alloc(l, s, LETTERS) != 0) exit(1);
    learner_start(l, s->seed);
    if (trainer_alloc(&r, s, LETTERS, &t, COUNT, 1) != 0) exit(1);
    for (int i = 0; i < 3; i++) {
        training_step(&r, l, s);
        if (one_trainer) continue;
        trainer_free(&r);
        if (trainer_alloc(&r, s, LETTERS, &t, COUNT, 1) != 0) exit(1);
    }
    trainer_free(&r);
}

int main(void)
{
    const settings s = { .hidden = 4, .length = 7, .streams = 3, .steps = 3, .rate = 0.5,
                         .optimiser = SGD, .schedule = CONSTANT, .seed = 2 };
    learner one, anew;
    for (size_t i = 0; i < COUNT; i++) symbols[i] = (uint8_t)(i * i % LETTERS);
    take_steps(&one, &s, 1);
    take_steps(&anew, &s, 0);
    ok(one.step == 3 && memcmp(one.theta.block, anew.theta.block, one.theta.count * sizeof(real)) == 0,
       "no batch leaves its gradients to the next");
    learner_free(&one);
    learner_free(&anew);
    return test_done();
}
