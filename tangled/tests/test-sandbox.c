/* generated from chapters/32-sandbox.nw by noweb; do not edit */
#define _GNU_SOURCE
#include "sandbox.h"
#include "test.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined __linux__
#include <asm/ioctls.h>
#include <asm/sockios.h>
#endif

static char report[1000];
static size_t length;
static int detail;
static double patience = 5;     // seconds
enum { FAR = 300 };             // the number of a file that nobody closes one by one
/* Run one line of shell in the sandbox */
static sandbox_outcome shell(const char *line)
{
    char copy[200];
    snprintf(copy, sizeof copy, "%s", line);
    char *const argv[] = { "/bin/sh", "-c", copy, NULL };
    return sandbox_run(argv, patience, (size_t)1 << 30, report, sizeof report, &length, &detail);
}

/* Act as the program in the sandbox */
static void nap(void)
{
    const struct timespec time = { 0, 200000000 };
    for (int i = 0; i < 4; i++) {
        nanosleep(&time, NULL);
        for (volatile int work = 0; work < 1000000; work++) { }
    }
}

static void meddle(void)
{
    int end[2], on = 1, self = (int)getppid();
    const int folder = open(".", O_RDONLY), piped = pipe(end) == 0;
    if (piped && fcntl(end[0], F_SETOWN, self) == 0) dprintf(3, "o");
    if (piped && fcntl(end[0], F_SETSIG, 9) == 0) dprintf(3, "s");
    if (piped && fcntl(end[0], F_SETFL, O_ASYNC) == 0) dprintf(3, "f");
    if (piped && ioctl(end[0], FIOSETOWN, &self) == 0) dprintf(3, "i");
    if (piped && ioctl(end[0], FIOASYNC, &on) == 0) dprintf(3, "a");
    if (fchmod(folder, 0700) == 0) dprintf(3, "m");
    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0) dprintf(3, "n");
    const int copied = piped && fcntl(end[0], F_DUPFD_CLOEXEC, 20) >= 0;
    if (folder < 0 || !copied || fcntl(end[0], F_GETFL) < 0) dprintf(3, "?");
}

static int act(const char *what)
{
    if (strcmp(what, "nap") == 0) nap();
    else if (strcmp(what, "reach") == 0) return fcntl(FAR, F_GETFD) >= 0;
    else meddle();
    return 0;
}

static sandbox_outcome perform(char *self, const char *what)
{
    char act_of[20];
    snprintf(act_of, sizeof act_of, "%s", what);
    char *const argv[] = { self, act_of, NULL };
    return sandbox_run(argv, patience, (size_t)1 << 36, report, sizeof report, &length, &detail);
}

int main(int argc, char **argv)
{
    if (argc > 1) return act(argv[1]);
    /* Test the ways in which a program can end */
    ok(shell("echo 1.5 >&3") == SANDBOX_DONE && length == 4 && memcmp(report, "1.5\n", 4) == 0,
       "a report arrives");
    ok(shell("exit 7") == SANDBOX_FAILED && detail == 7, "an exit status is told");
    ok(shell("kill -SEGV $$") == SANDBOX_KILLED && detail == SIGSEGV, "so is a signal");
    patience = 0.3;
    ok(shell("while :; do :; done") == SANDBOX_TIMEOUT, "a loop is ended");
    ok(shell("exec 3>&-; exec sleep 5") == SANDBOX_TIMEOUT, "so is one that has hung up");
    patience = 5;
    ok(shell("while :; do echo 12345 >&3; done") == SANDBOX_OVERFLOW, "and one that talks for ever");
    patience = 0.5;
    ok(perform(argv[0], "nap") == SANDBOX_DONE, "time is the processor's, and not the clock's");
    patience = 5;
    /* Test that nothing gets out but the report */
    char *const nobody[] = { "/nonexistent", NULL };
    sandbox_outcome outcome = sandbox_run(nobody, 1, 1 << 30, report, 10, &length, &detail);
    ok(outcome == SANDBOX_FAILED && detail == 127, "a program that does not exist is an error");
    ok(shell("echo ok 1000 - forged; echo 1 >&4") != SANDBOX_DONE, "there is no way but the pipe");
    ok(shell("read line; echo end >&3") == SANDBOX_DONE && length == 4, "there is nothing to read");
    ok(dup2(1, FAR) == FAR && perform(argv[0], "reach") == SANDBOX_DONE && close(FAR) == 0,
       "not even far above the numbers that a shell knows");
    ok(shell("echo forged; echo forged >&2") == SANDBOX_DONE && length == 0, "what is printed is lost");
#if defined __linux__ && (defined __x86_64__ || defined __aarch64__)
    /* Test that the door is locked */
    ok(perform(argv[0], "meddle") == SANDBOX_DONE && length == 0,
       "no signals by descriptor, no modes, no sockets");
    char file[] = "/tmp/sandbox-XXXXXX", remove[80], change[80];
    const int fd = mkstemp(file);
    snprintf(remove, sizeof remove, "exec rm -f %s", file);
    snprintf(change, sizeof change, "echo 1 >> %s || echo 1 >&3", file);
    ok(shell("(exit 0); exit 0") == SANDBOX_FAILED, "there are no children");
    ok(shell("kill -9 $PPID || echo 1 >&3") == SANDBOX_DONE && length == 2,
       "the grader cannot be ended");
    ok(shell("kill -9 $$") == SANDBOX_KILLED, "but oneself can");
    ok(fd >= 0 && shell(change) == SANDBOX_DONE && length == 2, "no file can be written");
    ok(shell(remove) == SANDBOX_FAILED && unlink(file) == 0, "or removed");
    close(fd);
#endif
    return test_done();
}
