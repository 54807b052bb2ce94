/* generated from chapters/51-browser.nw by noweb; do not edit */
#ifndef WASI_GAPS_H
#define WASI_GAPS_H
#include <sys/types.h>
/* Signals that nobody can send */
typedef int sigset_t;
enum { SIG_BLOCK, SIG_SETMASK };
static inline int sigfillset(sigset_t *s) { return *s = 0; }
static inline int sigprocmask(int how, const sigset_t *s, sigset_t *before)
{
    (void)how, (void)s;
    return before ? *before = 0 : 0;
}
#define pthread_sigmask sigprocmask
int fchown(int descriptor, uid_t owner, gid_t group);
int fchmod(int descriptor, mode_t mode);
int dup(int descriptor);
#endif
