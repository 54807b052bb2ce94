/* generated from chapters/24-mutants.nw by noweb; do not edit */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "test.h"

/* Count the calls, and refuse one */
static atomic_long calls_left;      // up to the one that is refused; from 0 on, none is

static void end(void)
{
    atomic_store(&calls_left, 0);
    if (getenv("RNN_HELD")) dprintf(STDERR_FILENO, "held: %zu\n", test_held());
}

__attribute__((constructor)) static void begin(void)
{
    atexit(end);        // what runs after the program is not asked
    const char *number = getenv("RNN_FAIL");
    atomic_store(&calls_left, number ? strtol(number, NULL, 10) : 0);
}

static int refused(const char *name, int error)
{
    if (atomic_load(&calls_left) <= 0 || atomic_fetch_sub(&calls_left, 1) != 1) return 0;
    dprintf(STDERR_FILENO, "refused: %s\n", name);
    errno = error;
    return 1;
}

/* Gates before the system's functions */
#define GATE(type, name, parameters, arguments, result, error) \
    type __real_##name parameters; \
    type __wrap_##name parameters; \
    type __wrap_##name parameters { return refused(#name, error) ? (result) : __real_##name arguments; }

GATE(void *, malloc, (size_t size), (size), NULL, ENOMEM)
GATE(void *, calloc, (size_t count, size_t size), (count, size), NULL, ENOMEM)
GATE(void *, realloc, (void *old, size_t size), (old, size), NULL, ENOMEM)
GATE(char *, strdup, (const char *s), (s), NULL, ENOMEM)
GATE(FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL, EMFILE)
GATE(FILE *, fdopen, (int file, const char *mode), (file, mode), NULL, ENOMEM)
GATE(FILE *, open_memstream, (char **text, size_t *size), (text, size), NULL, ENOMEM)
GATE(int, stat, (const char *path, struct stat *status), (path, status), -1, EIO)
GATE(int, fstat, (int file, struct stat *status), (file, status), -1, EIO)
GATE(int, fseeko, (FILE *file, off_t at, int from), (file, at, from), -1, EIO)
GATE(long, ftell, (FILE *file), (file), -1, EIO)
GATE(int, ftruncate, (int file, off_t size), (file, size), -1, EIO)
GATE(int, fflush, (FILE *file), (file), EOF, EIO)
GATE(int, fsync, (int file), (file), -1, EIO)
GATE(int, rename, (const char *from, const char *to), (from, to), -1, EACCES)
GATE(int, getentropy, (void *to, size_t size), (to, size), -1, EIO)
int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file)
{
    const int status = __real_fclose(file);
    return refused("fclose", EIO) ? EOF : status;
}

#ifdef COVERAGE
void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
#endif
typedef void *thread_function(void *);
GATE(int, pthread_create,
     (pthread_t *thread, const pthread_attr_t *how, thread_function *function, void *data),
     (thread, how, function, data), EAGAIN, EAGAIN)

/* Gates that bring what seldom comes */
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    static atomic_long looks;
    const char *pace = getenv("RNN_CLOCK");
    if (!pace) return __real_clock_gettime(clock, now);
    const long ms = strtol(pace, NULL, 10) * atomic_fetch_add(&looks, 1);
    *now = (struct timespec){ms / 1000, ms % 1000 * 1000000};
    return 0;
}

int __real_pthread_kill(pthread_t thread, int number);
int __wrap_pthread_kill(pthread_t thread, int number);
int __wrap_pthread_kill(pthread_t thread, int number)
{
    const int status = __real_pthread_kill(thread, number);
    if (getenv("RNN_LATE")) {
        kill(getpid(), SIGTERM);
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    return status;
}
