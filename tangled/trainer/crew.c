/* generated from chapters/10-training.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "crew.h"
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

/* Take tasks until none is left */
static void work(crew *c)               // called with the lock held
{
    while (c->next < c->tasks) {
        const size_t number = c->next++;
        c->running++;
        pthread_mutex_unlock(&c->lock);
        c->task(c->of, number);
        pthread_mutex_lock(&c->lock);
        c->running--;
    }
    if (c->running == 0) pthread_cond_signal(&c->done);
}

/* Look again before going to sleep */
enum { LOOKS = 500 };

/* Gives the lock up for a moment, as long as there are looks left; returns 0 when none is. */
static int look_again(crew *c, int *looks)
{
    if (*looks == 0) return 0;
    --*looks;
    pthread_mutex_unlock(&c->lock);
    sched_yield();
    pthread_mutex_lock(&c->lock);
    return 1;
}

/* Help until dismissed */
static void *help(void *crew_of_helper)
{
    crew *c = crew_of_helper;
    pthread_mutex_lock(&c->lock);
    while (!c->dismissed) {
        work(c);
        for (int looks = LOOKS; !c->dismissed && c->next >= c->tasks;)
            if (!look_again(c, &looks)) pthread_cond_wait(&c->work, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* Run a round of tasks */
void crew_run(crew *c, void (*task)(void *of, size_t number), void *of, size_t tasks)
{
    pthread_mutex_lock(&c->lock);
    c->task = task, c->of = of;
    c->next = 0, c->tasks = tasks;
    pthread_cond_broadcast(&c->work);
    work(c);
    for (int looks = LOOKS; c->running;)
        if (!look_again(c, &looks)) pthread_cond_wait(&c->done, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

/* Open a crew, and hire helpers */
void crew_open(crew *c)
{
    *c = (crew){0};
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->work, NULL);
    pthread_cond_init(&c->done, NULL);
}

void crew_hire(crew *c, size_t wanted)
{
    sigset_t all, before;
    c->helpers = calloc(wanted, sizeof *c->helpers);
    if (!c->helpers) return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (c->hired + 1 < wanted
           && pthread_create(&c->helpers[c->hired], NULL, help, c) == 0) c->hired++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Dismiss the crew */
void crew_dismiss(crew *c)
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
