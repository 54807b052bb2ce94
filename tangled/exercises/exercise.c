/* generated from chapters/32-sandbox.nw by noweb; do not edit */
#define _DEFAULT_SOURCE
#include "exercise.h"
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Tell the runs apart */
static int turn;

int exercise_turn(void)
{
    return turn;
}

/* Keep a copy of every input */
enum { INPUTS_MAX = 50 };
static struct {
    struct {
        const char *name;
        const void *now;
        void *before;
        size_t bytes;
    } list[INPUTS_MAX];
    int count;
} inputs;

static void keep(const char *name, const void *a, size_t bytes)
{
    void *copy = malloc(bytes);
    if (copy == NULL || inputs.count == INPUTS_MAX) exit(3);
    memcpy(copy, a, bytes);
    inputs.list[inputs.count].name = name;
    inputs.list[inputs.count].now = a;
    inputs.list[inputs.count].before = copy;
    inputs.list[inputs.count++].bytes = bytes;
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
    for (int i = 0; i < inputs.count; i++) {
        if (memcmp(inputs.list[i].now, inputs.list[i].before, inputs.list[i].bytes) != 0)
            fprintf(report, "changed %s\n", inputs.list[i].name);
        free(inputs.list[i].before);
    }
    inputs.count = 0;
}

void exercise_withheld(const char *function)
{
    fprintf(report, "called %s\n", function);
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
enum { FENCES_MAX = 100, NOISE = 0xBF };
static struct {
    struct {
        const char *name;
        unsigned char *margin, *array;
        const char *from;       // where the closed page begins
    } list[FENCES_MAX];
    int count, first;           // of this run
    size_t page;
} fences;

void *exercise_fence(const char *name, const void *a, size_t count, size_t size)
{
    const size_t page = fences.page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t bytes = count * size, inside = bytes / page * page + page;
    char *start = mmap(NULL, inside + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || fences.count == FENCES_MAX) exit(3);
    if (mprotect(start += page, inside, PROT_READ | PROT_WRITE) != 0) exit(3);
    char *array = start + inside - bytes;
    memset(start, NOISE, inside - bytes);
    fences.list[fences.count].name = name;
    fences.list[fences.count].margin = (unsigned char *)start;
    fences.list[fences.count].array = (unsigned char *)array;
    fences.list[fences.count++].from = start + inside;
    return a ? memcpy(array, a, bytes) : array;
}

static void check_margins(void)
{
    for (int i = 0; i < fences.count; i++)
        for (const unsigned char *m = fences.list[i].margin; m < fences.list[i].array; m++)
            if (*m != NOISE) {
                fprintf(report, "before %s\n", fences.list[i].name);
                return;
            }
}

void exercise_may_fill(const void *array, ...)
{
    for (int i = fences.first; i < fences.count; i++) {
        const void *filled = array;
        va_list list;
        va_start(list, array);
        while (filled && filled != fences.list[i].array)
            filled = va_arg(list, const void *);
        va_end(list);
        const size_t bytes = (size_t)(fences.list[i].from - (char *)fences.list[i].array);
        if (!filled) keep(fences.list[i].name, fences.list[i].array, bytes);
    }
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
    for (int i = 0; i < fences.count; i++) {
        const char *from = fences.list[i].from;
        const int behind = place >= from && place < from + fences.page;
        const char *margin = (const char *)fences.list[i].margin;
        if (!behind && (place >= margin || place < margin - fences.page)) continue;
        char line[80];
        strcpy(line, behind ? "behind " : "before ");
        strncat(line, fences.list[i].name, 60);
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
        const char *drawn = strchr(argv[i], ':');
        fprintf(report, "seed %.*s\n", (int)strcspn(argv[i], ":"), argv[i]);
        inputs.count = 0;
        fences.first = fences.count;
        turn = i - 1;
        exercise_run(strtoull(drawn ? drawn + 1 : argv[i], NULL, 10));
    }
    check_margins();
    fprintf(report, "end\n");
    return fclose(report) != 0;
}
