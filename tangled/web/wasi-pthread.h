/* generated from chapters/51-browser.nw by noweb; do not edit */
/* <pthread.h> where there is one thread: nobody is ever hired, and no lock is contended. */
#ifndef WASI_PTHREAD_H
#define WASI_PTHREAD_H
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
/* Threads that nobody can start */
static inline int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*run)(void *),
                                 void *of)
{
    (void)t, (void)a, (void)run, (void)of;
    return EAGAIN;
}
static inline int pthread_join(pthread_t t, void **result) { (void)t, (void)result; return EINVAL; }

/* Locks that nobody else holds */
#define ALONE(name, type) \
    static inline int pthread_##name(type *x) { (void)x; return 0; }
ALONE(mutex_lock, pthread_mutex_t)
ALONE(mutex_unlock, pthread_mutex_t)
ALONE(mutex_destroy, pthread_mutex_t)
ALONE(cond_signal, pthread_cond_t)
ALONE(cond_broadcast, pthread_cond_t)
ALONE(cond_destroy, pthread_cond_t)
#undef ALONE
static inline int pthread_mutex_init(pthread_mutex_t *m, const void *a) { (void)m, (void)a; return 0; }
static inline int pthread_cond_init(pthread_cond_t *c, const void *a) { (void)c, (void)a; return 0; }
static inline int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    (void)c, (void)m;
    return 0;
}
#endif
