/* generated from chapters/27-exercises.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "exercise.h"
#include <string.h>
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

int main(int argc, char **argv)
{
    /* Open the report */
    report = fdopen(3, "w");
    if (report == NULL) report = stdout;
    for (int i = 1; i < argc; i++) {
        fprintf(report, "seed %s\n", argv[i]);
        input_count = 0;
        exercise_run(strtoull(argv[i], NULL, 10));
    }
    fprintf(report, "end\n");
    return fclose(report) != 0;
}
