/* generated from chapters/27-exercises.nw by noweb; do not edit */
#define _DEFAULT_SOURCE
#include "exercise.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Keep a copy of every input */
enum { INPUTS_MAX = 32 };
static struct {
    const char *name;
    const void *now;
    void *before;
    size_t bytes;
} inputs[INPUTS_MAX];
static int input_count;
static void keep(const char *name, const void *a, size_t bytes)
{
    void *copy = malloc(bytes);
    if (copy == NULL || input_count == INPUTS_MAX) exit(3);
    memcpy(copy, a, bytes);
    inputs[input_count].name = name;
    inputs[input_count].now = a;
    inputs[input_count].before = copy;
    inputs[input_count++].bytes = bytes;
}

void exercise_input(const char *name, const real *a, size_t count)
{
    keep(name, a, count * sizeof *a);
}

void exercise_symbols(const char *name, const uint32_t *a, size_t count)
{
    keep(name, a, count * sizeof *a);
}

/* Write the report */
static FILE *report;

static void compare_inputs(void)
{
    for (int i = 0; i < input_count; i++) {
        if (memcmp(inputs[i].now, inputs[i].before, inputs[i].bytes) != 0)
            fprintf(report, "changed %s\n", inputs[i].name);
        free(inputs[i].before);
    }
    input_count = 0;
}

void exercise_output(const char *name, const real *a, size_t count)
{
    compare_inputs();
    fprintf(report, "array %s %zu", name, count);
    for (size_t i = 0; i < count; i++)
        fprintf(report, " %a", (double)a[i]);
    fputc('\n', report);
}

/* Put a fence behind an array */
enum { FENCES_MAX = 100 };
static struct { const char *name, *from; } fences[FENCES_MAX];
static int fence_count;
static size_t page;

void *exercise_fence(const char *name, const void *a, size_t count, size_t size)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t bytes = count * size, inside = (bytes + page - 1) / page * page;
    char *start = mmap(NULL, inside + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || fence_count == FENCES_MAX) exit(3);
    if (mprotect(start + inside, page, PROT_NONE) != 0) exit(3);
    fences[fence_count].name = name;
    fences[fence_count++].from = start + inside;
    return a ? memcpy(start + inside - bytes, a, bytes) : start + inside - bytes;
}

real *exercise_numbers(const char *name, size_t count, uint64_t *seed)
{
    real *a = exercise_fence(name, NULL, count, sizeof *a);
    test_fill(a, count, seed);
    return a;
}

static void at_fence(int number, siginfo_t *info, void *context)
{
    const char *place = info->si_addr;
    (void)context;
    for (int i = 0; i < fence_count; i++)
        if (place >= fences[i].from && place < fences[i].from + page) {
            char line[80] = "behind ";
            strncat(line, fences[i].name, 60);
            strcat(line, "\n");
            _exit(write(fileno(report), line, strlen(line)) < 0);
        }
    signal(number, SIG_DFL);
}

int main(int argc, char **argv)
{
    /* Open the report */
    static char buffer[1 << 16];
    report = fdopen(3, "w");
    if (report == NULL) report = stdout;
    setvbuf(report, buffer, _IOFBF, sizeof buffer);
    /* Watch the fences */
    struct sigaction watch = { .sa_sigaction = at_fence, .sa_flags = SA_SIGINFO };
    sigaction(SIGSEGV, &watch, NULL);
    sigaction(SIGBUS, &watch, NULL);
    for (int i = 1; i < argc; i++) {
        fprintf(report, "seed %s\n", argv[i]);
        input_count = 0;
        exercise_run(strtoull(argv[i], NULL, 10));
    }
    fprintf(report, "end\n");
    return fclose(report) != 0;
}
