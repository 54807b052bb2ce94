/* generated from chapters/32-sandbox.nw by noweb; do not edit */
#ifndef SANDBOX_H
#define SANDBOX_H
#include <stddef.h>

typedef enum {
    SANDBOX_DONE,       // ended by itself, with exit status 0
    SANDBOX_FAILED,     // ended by itself, with another exit status (detail)
    SANDBOX_KILLED,     // by a signal (detail)
    SANDBOX_TIMEOUT,    // still running after the time it was given
    SANDBOX_OVERFLOW,   // reported more than fits
    SANDBOX_ERROR       // could not be started (detail is errno)
} sandbox_outcome;

/* Declare the sandbox */
/* Runs argv[0] with its report pipe as file descriptor 3, its other descriptors on
   /dev/null, at most `seconds` of the processor's time, or as long asleep, and `bytes` of
   memory. Reads up to `capacity` bytes of report and sets *length. Ends the whole process
   group before it returns. */
sandbox_outcome sandbox_run(char *const argv[], double seconds, size_t bytes,
                            char *report, size_t capacity, size_t *length, int *detail);
/* Says in words what became of it; text has room for 100 bytes. */
void sandbox_describe(char *text, sandbox_outcome outcome, int detail);
/* Can the door be locked on this system, that is, does the kernel take the filter? */
int sandbox_locks(void);
#endif
