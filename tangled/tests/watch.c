/* generated from chapters/16-speed.nw by noweb; do not edit */
#define _DEFAULT_SOURCE             // for wait4
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Run a program and wait for it */
/* Runs it, and returns its exit status; seconds and kilobytes are those of its whole life. */
static int run(char **command, double *seconds, long *kilobytes)
{
    struct timespec from, to;
    struct rusage used;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    const pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0) return 127;
    clock_gettime(CLOCK_MONOTONIC, &to);
    /* Take seconds and kilobytes */
    *seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    #ifdef __APPLE__
    *kilobytes = used.ru_maxrss / 1024;
    #else
    *kilobytes = used.ru_maxrss;
    #endif
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

/* Write down what was seen */
int main(int argc, char **argv)
{
    double seconds = 0;
    long kilobytes = 0;
    if (argc < 3) return fputs("usage: watch FILE COMMAND...\n", stderr), 2;
    const int status = run(argv + 2, &seconds, &kilobytes);
    FILE *out = fopen(argv[1], "w");
    if (!out) return perror(argv[1]), 1;
    fprintf(out, "%.6f %ld\n", seconds, kilobytes);
    return fclose(out) != 0 ? 1 : status;
}
