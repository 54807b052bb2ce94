/* generated from chapters/10-training.nw by noweb; do not edit */
#ifndef CREW_H
#define CREW_H
/* Threads that wait for rounds of tasks. */
#include <pthread.h>
#include <stddef.h>

typedef struct {
    pthread_t *helpers;
    size_t hired;           // helpers running
    pthread_mutex_t lock;   // guards the rest
    pthread_cond_t work, done;
    void (*task)(void *of, size_t number);
    void *of;
    size_t next, tasks;     // next task to take; tasks of this round
    size_t running;         // tasks taken and not finished
    int dismissed;
} crew;

/* A crew of the calling thread alone. It must not be moved, and be dismissed at the end. */
void crew_open(crew *c);
/* Hires helpers, so that the crew, with the caller, is as many as wanted, or as there can be. To be
   called once. */
void crew_hire(crew *c, size_t wanted);
/* Runs task(of, 0) ... task(of, tasks - 1) in any order, several at a time; returns when all
   are done. Never fails. */
void crew_run(crew *c, void (*task)(void *of, size_t number), void *of, size_t tasks);
void crew_dismiss(crew *c);
#endif
