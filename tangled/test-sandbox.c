/* generated from chapters/27-exercises.nw by noweb; do not edit */
#define _DEFAULT_SOURCE
#include "sandbox.h"
#include "test.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char report[1000];
static size_t length;
static int detail;
static double patience = 5;     // seconds
/* Run one line of shell in the sandbox */
static sandbox_outcome shell(const char *line)
{
    char copy[200];
    snprintf(copy, sizeof copy, "%s", line);
    char *const argv[] = { "/bin/sh", "-c", copy, NULL };
    return sandbox_run(argv, patience, (size_t)1 << 30, report, sizeof report, &length, &detail);
}

int main(void)
{
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
    /* Test that nothing gets out but the report */
    char *const nobody[] = { "/nonexistent", NULL };
    sandbox_outcome outcome = sandbox_run(nobody, 1, 1 << 30, report, 10, &length, &detail);
    ok(outcome == SANDBOX_FAILED && detail == 127, "a program that does not exist is an error");
    ok(shell("echo ok 1000 - forged; echo 1 >&4") != SANDBOX_DONE, "there is no way but the pipe");
    ok(shell("read line; echo end >&3") == SANDBOX_DONE && length == 4, "there is nothing to read");
    ok(shell("echo forged; echo forged >&2") == SANDBOX_DONE && length == 0, "what is printed is lost");
#if defined __linux__ && (defined __x86_64__ || defined __aarch64__)
    /* Test that the door is locked */
    char file[] = "/tmp/sandbox-XXXXXX", remove[80], change[80];
    const int fd = mkstemp(file);
    snprintf(remove, sizeof remove, "exec rm -f %s", file);
    snprintf(change, sizeof change, "echo 1 >> %s || echo 1 >&3", file);
    ok(shell("(exit 0); exit 0") == SANDBOX_FAILED, "there are no children");
    ok(shell("kill -9 $PPID || echo 1 >&3") == SANDBOX_DONE && length == 2, "the grader cannot be ended");
    ok(shell("kill -9 $$") == SANDBOX_KILLED, "but oneself can");
    ok(fd >= 0 && shell(change) == SANDBOX_DONE && length == 2, "no file can be written");
    ok(shell(remove) == SANDBOX_FAILED && unlink(file) == 0, "or removed");
    close(fd);
#endif
    return test_done();
}
