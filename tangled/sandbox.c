/* generated from chapters/27-exercises.nw by noweb; do not edit */
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
static int leave_only(int report)
{
    const int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0) return -1;
    for (int fd = 0; fd < REPORT; fd++)
        if (dup2(nowhere, fd) < 0) return -1;
    if (dup2(report, REPORT) < 0) return -1;
    for (int fd = REPORT + 1; fd < 256; fd++)
        close(fd);
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
#include <sys/syscall.h>
/* Numbers that older headers do not know */
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438     // the same everywhere
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifdef __x86_64__
#define HERE AUDIT_ARCH_X86_64
#else
#define HERE AUDIT_ARCH_AARCH64
#endif
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(n, value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, n)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define REFUSED(call) SKIP_UNLESS(1, SYS_##call), REFUSE

/* What is refused */
#define REFUSED_EVERYWHERE \
    REFUSED(clone), REFUSED(clone3), REFUSED(ptrace), REFUSED(process_vm_writev), \
    REFUSED(rt_sigqueueinfo), REFUSED(rt_tgsigqueueinfo), REFUSED(pidfd_send_signal), \
    REFUSED(prlimit64), REFUSED(unlinkat), REFUSED(renameat), REFUSED(renameat2), \
    REFUSED(linkat), REFUSED(symlinkat), REFUSED(mkdirat), REFUSED(mknodat), REFUSED(truncate), \
    REFUSED(fchmod), REFUSED(fchmodat), REFUSED(fchmodat2), REFUSED(fchown), REFUSED(fchownat), \
    REFUSED(utimensat), REFUSED(setxattr), REFUSED(lsetxattr), REFUSED(fsetxattr), \
    REFUSED(removexattr), REFUSED(lremovexattr), REFUSED(fremovexattr), REFUSED(shmget), \
    REFUSED(msgget), REFUSED(semget), REFUSED(pidfd_open), REFUSED(pidfd_getfd), \
    REFUSED(setrlimit), REFUSED(openat2), REFUSED(io_uring_setup), \
    REFUSED(socket), REFUSED(mount), REFUSED(umount2), REFUSED(chroot), REFUSED(reboot)
#ifdef __x86_64__
#define REFUSED_HERE \
    REFUSED(fork), REFUSED(vfork), REFUSED(creat), REFUSED(unlink), REFUSED(rename), REFUSED(link), \
    REFUSED(symlink), REFUSED(mkdir), REFUSED(rmdir), REFUSED(mknod), REFUSED(chmod), REFUSED(chown), \
    REFUSED(lchown), REFUSED(utime), REFUSED(utimes), REFUSED(futimesat),
#else
#define REFUSED_HERE
#endif

/* What is refused unless it concerns the process itself */
#define REFUSED_FOR_OTHERS(call, self) \
    SKIP_UNLESS(4, SYS_##call), LOAD(args[0]), SKIP_UNLESS(1, self), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), REFUSE

/* What is refused if it is to write */
#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)
#define REFUSED_TO_WRITE(call, flags) \
    SKIP_UNLESS(4, SYS_##call), LOAD(args[flags]), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITING, 1, 0), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), REFUSE

/* Install the filter */
static void lock(void)
{
    const unsigned self = (unsigned)getpid();
    struct sock_filter filter[] = {
        LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HERE, 1, 0), REFUSE,
        LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE,
        REFUSED_EVERYWHERE, REFUSED_HERE
        REFUSED_FOR_OTHERS(kill, self), REFUSED_FOR_OTHERS(tkill, self),
        REFUSED_FOR_OTHERS(tgkill, self), REFUSED_TO_WRITE(openat, 2),
#ifdef SYS_open
        REFUSED_TO_WRITE(open, 1),
#endif
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void lock(void) { }
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

/* Listen until the report ends or the time is up */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waits for more of the report: 1 there is some, 0 the time is up, -1 error. */
static int wait_for(int fd, double deadline)
{
    for (double left; (left = deadline - now()) > 0;) {
        struct pollfd p = { fd, POLLIN, 0 };
        const int ready = poll(&p, 1, (int)(left * 1000) + 1);
        if (ready > 0) return 1;
        if (ready < 0 && errno != EINTR) return -1;
    }
    return 0;
}

static sandbox_outcome listen_to(int fd, double deadline, char *report, size_t capacity,
                                 size_t *length)
{
    for (*length = 0;;) {
        const int ready = wait_for(fd, deadline);
        if (ready <= 0) return ready == 0 ? SANDBOX_TIMEOUT : SANDBOX_ERROR;
        if (*length == capacity) return SANDBOX_OVERFLOW;
        const ssize_t n = read(fd, report + *length, capacity - *length);
        if (n == 0) return SANDBOX_DONE;
        if (n > 0) *length += (size_t)n;
        else if (errno != EINTR) return SANDBOX_ERROR;
    }
}

/* Wait for the end */
static int ended(pid_t child, int *status, double deadline)
{
    const struct timespec nap = { 0, 1000000 };
    do {
        const pid_t p = waitpid(child, status, WNOHANG);
        if (p == child) return 1;
        if (p < 0 && errno != EINTR) return 0;
        nanosleep(&nap, NULL);
    } while (now() < deadline);
    return 0;
}

static sandbox_outcome judge(int status, int *detail)
{
    *detail = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (WIFSIGNALED(status))
        return *detail == SIGXCPU ? SANDBOX_TIMEOUT : SANDBOX_KILLED;
    return *detail == 0 ? SANDBOX_DONE : SANDBOX_FAILED;
}

static sandbox_outcome see_out(pid_t child, sandbox_outcome heard, double deadline, int *detail)
{
    int status;
    if (heard == SANDBOX_DONE && ended(child, &status, deadline)) {
        kill(-child, SIGKILL);
        return judge(status, detail);
    }
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
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
    const double deadline = now() + seconds;
    *length = 0;
    *detail = 0;
    pid_t child = open_pipe(end) == 0 ? fork() : -1;
    if (child < 0) {
        *detail = errno;
        return SANDBOX_ERROR;
    }
    if (child == 0) enter(argv, end[1], seconds, bytes);
    close(end[1]);
    sandbox_outcome heard = listen_to(end[0], deadline, report, capacity, length);
    close(end[0]);
    return see_out(child, heard, deadline, detail);
}

/* Describe an outcome */
void sandbox_describe(char *text, sandbox_outcome outcome, int detail)
{
    switch (outcome) {
    case SANDBOX_DONE: strcpy(text, "it ended"); break;
    case SANDBOX_FAILED: snprintf(text, 100, "it ended itself with exit status %d", detail); break;
    case SANDBOX_KILLED: snprintf(text, 100, "it was ended by signal %d (%.60s)", detail,
                                  detail == SIGSEGV ? "it used memory that is not its own"
                                  : detail == SIGABRT ? "it aborted; was memory overwritten?" : strsignal(detail)); break;
    case SANDBOX_TIMEOUT: strcpy(text, "it was still running when its time was up (an endless loop?)"); break;
    case SANDBOX_OVERFLOW: strcpy(text, "it reported far too much"); break;
    default: snprintf(text, 100, "it could not be started: %.60s", strerror(detail));
    }
}
