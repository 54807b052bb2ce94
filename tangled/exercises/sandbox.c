/* generated from chapters/32-sandbox.nw by noweb; do not edit */
#define _DEFAULT_SOURCE
#include "sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Enter the room */
enum { REPORT = 3 };
#define STALE_MEMORY "glibc.malloc.tcache_count=0:glibc.malloc.perturb=64"

static void limit(int resource, rlim_t value)
{
    struct rlimit r = { value, value };
    setrlimit(resource, &r);
}

/* Leave only the report open */
static void close_from(int first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
#endif
    const long most = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < (most > 0 && most < 65536 ? most : 65536); fd++)
        close(fd);
}

static int leave_only(int report)
{
    const int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0) return -1;
    for (int fd = 0; fd < REPORT; fd++)
        if (dup2(nowhere, fd) < 0) return -1;
    if (dup2(report, REPORT) < 0) return -1;
    close_from(REPORT + 1);
    return 0;
}

/* Lock the door */
#if defined __linux__ && (defined __x86_64__ || defined __aarch64__)
/* Headers and instructions of the filter */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#ifdef __x86_64__
#define HERE AUDIT_ARCH_X86_64
#else
#define HERE AUDIT_ARCH_AARCH64
#endif
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(n, value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, n)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define PASS(call) SKIP_UNLESS(1, SYS_##call), ALLOW

/* What may pass */
#define PASS_EVERYWHERE \
    PASS(read), PASS(write), PASS(readv), PASS(writev), PASS(pread64), PASS(lseek), PASS(close), \
    PASS(fstat), PASS(newfstatat), PASS(readlinkat), PASS(faccessat), PASS(getcwd), PASS(dup), \
    PASS(dup3), PASS(pipe2), PASS(mmap), PASS(munmap), PASS(mremap), PASS(mprotect), \
    PASS(madvise), PASS(brk), PASS(rt_sigaction), PASS(rt_sigprocmask), PASS(rt_sigreturn), \
    PASS(sigaltstack), PASS(restart_syscall), PASS(getpid), PASS(getppid), PASS(gettid), \
    PASS(getuid), PASS(geteuid), PASS(getgid), PASS(getegid), PASS(set_tid_address), \
    PASS(set_robust_list), PASS(futex), PASS(sched_yield), PASS(wait4), PASS(uname), \
    PASS(clock_gettime), PASS(clock_getres), PASS(gettimeofday), PASS(nanosleep), \
    PASS(clock_nanosleep), PASS(times), PASS(getrusage), PASS(getrandom), PASS(execve), \
    PASS(exit), PASS(exit_group)
#ifdef __x86_64__
#define PASS_HERE \
    PASS(access), PASS(stat), PASS(lstat), PASS(readlink), PASS(arch_prctl), PASS(dup2), \
    PASS(pipe), PASS(time),
#else
#define PASS_HERE
#endif
#ifdef SYS_rseq
#define PASS_RSEQ PASS(rseq),
#else
#define PASS_RSEQ
#endif

/* What may pass if it concerns the process itself */
#define PASS_FOR_ITSELF(call, self) \
    SKIP_UNLESS(4, SYS_##call), LOAD(args[0]), SKIP_UNLESS(1, self), ALLOW, REFUSE

/* What may pass if it does not write */
#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_ASYNC)
#define PASS_TO_READ(call, flags) \
    SKIP_UNLESS(4, SYS_##call), LOAD(args[flags]), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITING, 0, 1), REFUSE, ALLOW

/* What may be asked of a descriptor */
#define PASS_TO_COPY \
    SKIP_UNLESS(5, SYS_fcntl), LOAD(args[1]), \
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 1, 0), \
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, F_GETFL, 1, 0), ALLOW, REFUSE

/* Install the filter */
/* 0; or -1 if there is no lock to be had. */
static int lock(void)
{
    const unsigned self = (unsigned)getpid();
    struct sock_filter filter[] = {
        LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HERE, 1, 0), REFUSE,
        LOAD(nr), PASS_EVERYWHERE, PASS_HERE PASS_RSEQ
        PASS_FOR_ITSELF(kill, self), PASS_FOR_ITSELF(tkill, self), PASS_FOR_ITSELF(tgkill, self),
#ifdef SYS_open
        PASS_TO_READ(open, 1),
#endif
        PASS_TO_READ(openat, 2), PASS_TO_COPY, REFUSE,
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static int lock(void) { return -1; }
#endif

static void enter(char *const argv[], int report, double seconds, size_t bytes)
{
    setsid();
    if (leave_only(report) != 0 || setenv("GLIBC_TUNABLES", STALE_MEMORY, 1) != 0) _exit(127);
    /* Set the limits of the room */
    limit(RLIMIT_CPU, (rlim_t)seconds + 1);
    limit(RLIMIT_AS, bytes);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    #ifdef RLIMIT_NPROC
    limit(RLIMIT_NPROC, 0);
    #endif
    lock();
    execv(argv[0], argv);
    _exit(127);
}

int sandbox_locks(void)
{
    int status = 1;
    const pid_t child = fork();
    if (child == 0) _exit(lock() != 0);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Tell whether the time is up */
static double seconds_of(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What a process has used of the processor; 0 where that cannot be known. */
static double worked(pid_t child)
{
    clockid_t clock;
#ifdef __APPLE__
    return 0;
#endif
    return clock_getcpuclockid(child, &clock) == 0 ? seconds_of(clock) : 0;
}

typedef struct {
    pid_t child;
    double seconds, worked, idle_since, last;
} patience;

static int time_is_up(patience *p)
{
    const double used = worked(p->child), t = seconds_of(CLOCK_MONOTONIC);
    if (used > p->worked) p->worked = used, p->idle_since = t;
    return used >= p->seconds || t - p->idle_since >= p->seconds || t >= p->last;
}

/* Listen until the report ends or the time is up */
/* Waits for more of the report: 1 there is some, 0 the time is up, -1 error. */
static int wait_for(int fd, patience *p)
{
    while (!time_is_up(p)) {
        struct pollfd report = { fd, POLLIN, 0 };
        const int ready = poll(&report, 1, 20);
        if (ready > 0) return 1;
        if (ready < 0 && errno != EINTR) return -1;
    }
    return 0;
}

static sandbox_outcome listen_to(int fd, patience *p, char *report, size_t capacity,
                                 size_t *length)
{
    for (*length = 0;;) {
        const int ready = wait_for(fd, p);
        if (ready <= 0) return ready == 0 ? SANDBOX_TIMEOUT : SANDBOX_ERROR;
        if (*length == capacity) return SANDBOX_OVERFLOW;
        const ssize_t n = read(fd, report + *length, capacity - *length);
        if (n == 0) return SANDBOX_DONE;
        if (n > 0) *length += (size_t)n;
        else if (errno != EINTR) return SANDBOX_ERROR;
    }
}

/* Wait for the end */
static int ended(patience *p)
{
    const struct timespec nap = { 0, 1000000 };
    do {
        siginfo_t what = { .si_pid = 0 };
        const int state = waitid(P_PID, (id_t)p->child, &what, WEXITED | WNOHANG | WNOWAIT);
        if (state != 0 && errno != EINTR) return 0;
        if (what.si_pid == p->child) return 1;
        nanosleep(&nap, NULL);
    } while (!time_is_up(p));
    return 0;
}

static sandbox_outcome judge(int status, int *detail)
{
    *detail = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (WIFSIGNALED(status))
        return *detail == SIGXCPU ? SANDBOX_TIMEOUT : SANDBOX_KILLED;
    return *detail == 0 ? SANDBOX_DONE : SANDBOX_FAILED;
}

static sandbox_outcome see_out(patience *p, sandbox_outcome heard, int *detail)
{
    int status;
    const int by_itself = heard == SANDBOX_DONE && ended(p);
    kill(-p->child, SIGKILL);
    kill(p->child, SIGKILL);
    while (waitpid(p->child, &status, 0) < 0 && errno == EINTR) { }
    if (by_itself) return judge(status, detail);
    return heard == SANDBOX_DONE ? SANDBOX_TIMEOUT : heard;
}

/* Run a program in the sandbox */
/* A pipe whose ends are numbered from 10 and do not survive an exec; 0 or -1. */
static int open_pipe(int end[2])
{
    int low[2];
    if (pipe(low) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        end[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 10);
        close(low[i]);
    }
    return end[0] < 0 || end[1] < 0 ? -1 : 0;
}

sandbox_outcome sandbox_run(char *const argv[], double seconds, size_t bytes,
                            char *report, size_t capacity, size_t *length, int *detail)
{
    int end[2];
    *length = 0;
    *detail = 0;
    pid_t child = open_pipe(end) == 0 ? fork() : -1;
    if (child < 0) {
        *detail = errno;
        return SANDBOX_ERROR;
    }
    if (child == 0) enter(argv, end[1], seconds, bytes);
    close(end[1]);
    const double start = seconds_of(CLOCK_MONOTONIC);
    patience p = { .child = child, .seconds = seconds, .idle_since = start,
                   .last = start + 10 * seconds };
    const sandbox_outcome heard = listen_to(end[0], &p, report, capacity, length);
    close(end[0]);
    return see_out(&p, heard, detail);
}

/* Describe an outcome */
static void describe_signal(char *text, int signal)
{
    const char *cause =
        signal == SIGSEGV ? "it used memory that is not its own, or called itself without end"
        : signal == SIGABRT ? "it aborted; was memory overwritten?" : strsignal(signal);
    snprintf(text, 100, "it was ended by signal %d (%.70s)", signal, cause);
}

void sandbox_describe(char *text, sandbox_outcome outcome, int detail)
{
    switch (outcome) {
    case SANDBOX_DONE: strcpy(text, "it ended"); break;
    case SANDBOX_FAILED: snprintf(text, 100, "it ended itself with exit status %d", detail); break;
    case SANDBOX_KILLED: describe_signal(text, detail); break;
    case SANDBOX_TIMEOUT:
        strcpy(text, "it was still running when its time was up (an endless loop?)");
        break;
    case SANDBOX_OVERFLOW: strcpy(text, "it reported far too much"); break;
    default: snprintf(text, 100, "it could not be started: %.60s", strerror(detail));
    }
}
