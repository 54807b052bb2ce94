/* generated from chapters/51-browser.nw by noweb; do not edit */
#include "wasi-gaps.h"
#include <errno.h>
#include <stdio.h>
#include "sandbox.h"

int fchown(int descriptor, uid_t owner, gid_t group)
{
    (void)descriptor, (void)owner, (void)group;
    return 0;
}
int fchmod(int descriptor, mode_t mode) { (void)descriptor, (void)mode; return 0; }
int dup(int descriptor)
{
    (void)descriptor;
    errno = ENOSYS;
    return -1;
}
/* There are no temporary files */
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
FILE *tmpfile(void)
{
    errno = ENOSYS;
    return NULL;
}

/* There is no sandbox */
sandbox_outcome sandbox_run(char *const argv[], double seconds, size_t bytes, char *report,
                            size_t capacity, size_t *length, int *detail)
{
    (void)argv, (void)seconds, (void)bytes, (void)report, (void)capacity;
    *length = 0;
    *detail = ENOSYS;
    return SANDBOX_ERROR;
}

int sandbox_locks(void) { return 0; }

void sandbox_describe(char *text, sandbox_outcome outcome, int detail)
{
    (void)outcome, (void)detail;
    snprintf(text, 100, "a page in a browser starts no programs");
}
