/* generated from chapters/51-browser.nw by noweb; do not edit */
/* <sys/wait.h> and its relatives where no process can be started. */
#ifndef WASI_WAIT_H
#define WASI_WAIT_H
#include <errno.h>
#include <sys/types.h>
#define WIFEXITED(status) ((void)(status), 1)
#define WEXITSTATUS(status) (status)
static inline int wasi_none(void) { errno = ENOSYS; return -1; }
static inline pid_t fork(void) { return wasi_none(); }
static inline pid_t waitpid(pid_t p, int *s, int o) { (void)p, (void)s, (void)o; return wasi_none(); }
static inline int execvp(const char *f, char *const *a) { (void)f, (void)a; return wasi_none(); }
static inline int dup2(int from, int to) { (void)from, (void)to; return wasi_none(); }
#endif
