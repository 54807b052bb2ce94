/* generated from chapters/20-tools.nw by noweb; do not edit */
#include "show.h"
#include <math.h>
#include <string.h>
#include "characters.h"
#include "json.h"

const char *const show_forms[] = {"table", "json", NULL};
/* The figures of a tensor */
typedef struct {
    size_t count, strange;          // finite numbers; infinities, and what is no number
    double mean, distances;         // of the finite ones; squared, from the mean, summed
    double least, most, squares;    // squares: summed
    double unit;                    // mean, distances and squares are in parts of this
} figures;

/* Take a number into the figures */
static void take_less(figures *a)
{
    if (a->unit > 1) return;
    a->unit = 0x1p600;
    a->mean /= a->unit;
    a->distances = a->distances / a->unit / a->unit;
    a->squares = a->squares / a->unit / a->unit;
}

static void take_number(figures *a, double x)
{
    if (!isfinite(x)) {
        a->strange++;
        return;
    }
    if (fabs(x) > 0x1p500) take_less(a);
    const double part = x / a->unit, before = part - a->mean;
    a->least = a->count == 0 || x < a->least ? x : a->least;
    a->most = a->count == 0 || x > a->most ? x : a->most;
    a->mean += before / (double)++a->count;
    a->distances += before * (part - a->mean);
    a->squares += part * part;
}

/* Measure a tensor */
static int measure_tensor(figures *a, safetensors *s, const tensor *t, fault *f)
{
    double numbers[SAFETENSORS_BLOCK];
    *a = (figures){.unit = 1};
    for (size_t at = 0, some; at < t->count; at += some) {
        some = t->count - at < SAFETENSORS_BLOCK ? t->count - at : SAFETENSORS_BLOCK;
        if (safetensors_numbers(s, t, at, some, numbers, f) != 0) return -1;
        for (size_t i = 0; i < some; i++) take_number(a, numbers[i]);
    }
    return 0;
}

/* The five figures */
enum { FIVE = 5 };
static const char *const figure_names[FIVE] = {"mean", "std", "min", "max", "norm"};

static void five_figures(double *five, const figures *a)
{
    five[0] = a->mean * a->unit;
    five[1] = sqrt(a->distances / (double)a->count) * a->unit;
    five[2] = a->least;
    five[3] = a->most;
    five[4] = sqrt(a->squares) * a->unit;
}

/* Show a string without its control characters */
static void show_string(FILE *out, const char *s, size_t size, size_t width)
{
    size_t shown = 0;
    for (size_t i = 0, some; i < size; i += some) {
        char letters[CHARACTERS_VISIBLE];
        const character c = characters_next((const unsigned char *)s + i, size - i);
        some = c.size;
        shown += fwrite(letters, 1, characters_visible(letters, c.code), out);
    }
    if (width) do putc(' ', out);
    while (++shown < width);
}

/* Show the figures of a row */
static void show_figures(FILE *out, const figures *a, int places)
{
    double five[FIVE];
    five_figures(five, a);
    if (a->count) fprintf(out, "%*s", places < 13 ? 13 - places : 0, "");
    for (int i = 0; i < FIVE && a->count; i++) fprintf(out, " %*.4g", i ? 9 : 10, five[i]);
    if (a->strange) fprintf(out, "  and %zu that are not finite", a->strange);
    putc('\n', out);
}

/* Show a row of the table */
static void show_heading(FILE *out)
{
    fprintf(out, "%-24s%-6s%-13s", "", "type", "shape");
    for (int i = 0; i < FIVE; i++) fprintf(out, " %*s", i ? 9 : 10, figure_names[i]);
    putc('\n', out);
}

static int show_tensor(FILE *out, safetensors *s, const tensor *t, fault *f)
{
    figures a;
    int places = 0;
    if (measure_tensor(&a, s, t, f) != 0) return -1;
    show_string(out, t->name, strlen(t->name), 24);
    places = fprintf(out, "%-5s ", t->type) - 6;
    for (size_t i = 0; i < t->rank; i++) {
        places += fprintf(out, "%s%zu", i ? " × " : "", t->shape[i]) - (i ? 1 : 0);
    }
    show_figures(out, &a, places);
    return 0;
}

/* Show a file as a table */
static int show_table(FILE *out, safetensors *s, fault *f)
{
    size_t numbers = 0;
    for (size_t i = 0; i < s->pairs; i++) {
        show_string(out, s->metadata[i].key, strlen(s->metadata[i].key), 24);
        show_string(out, s->metadata[i].value, s->metadata[i].size, 0);
        putc('\n', out);
    }
    if (s->count) show_heading(out);
    for (size_t i = 0; i < s->count; i++) {
        if (show_tensor(out, s, &s->tensors[i], f) != 0) return -1;
        numbers += s->tensors[i].count;
    }
    fprintf(out, "%zu tensors, %zu numbers\n", s->count, numbers);
    return 0;
}

/* Show a string as JSON */
static void show_json_string(FILE *out, const char *s, size_t size)
{
    putc('"', out);
    for (size_t i = 0, some; i < size; i += some) {
        char letters[CHARACTERS_VISIBLE];
        const character c = characters_next((const unsigned char *)s + i, size - i);
        some = c.size;
        if (c.code < 0x7F || characters_visible(letters, c.code) == some) json_letters(out, s + i, some);
        else fprintf(out, "\\u%04x", (unsigned)c.code);
    }
    putc('"', out);
}

/* Show a tensor as JSON */
static int show_json_tensor(FILE *out, safetensors *s, const tensor *t, fault *f)
{
    figures a;
    double five[FIVE];
    if (measure_tensor(&a, s, t, f) != 0) return -1;
    five_figures(five, &a);
    fputs("{\"name\":", out);
    show_json_string(out, t->name, strlen(t->name));
    fprintf(out, ",\"dtype\":\"%s\",\"shape\":[", t->type);
    for (size_t i = 0; i < t->rank; i++) fprintf(out, "%s%zu", i ? "," : "", t->shape[i]);
    fprintf(out, "],\"count\":%zu", t->count);
    for (int i = 0; i < FIVE; i++) {
        char spelt[JSON_NUMBER] = "null";
        if (a.count && isfinite(five[i])) json_number(spelt, five[i]);
        fprintf(out, ",\"%s\":%s", figure_names[i], spelt);
    }
    fprintf(out, ",\"not_finite\":%zu}", a.strange);
    return 0;
}

/* Show a file as JSON */
static int show_json(FILE *out, safetensors *s, fault *f)
{
    fputs("{\"metadata\":{", out);
    for (size_t i = 0; i < s->pairs; i++) {
        fputs(i ? "," : "", out);
        show_json_string(out, s->metadata[i].key, strlen(s->metadata[i].key));
        putc(':', out);
        show_json_string(out, s->metadata[i].value, s->metadata[i].size);
    }
    fputs("},\"tensors\":[", out);
    for (size_t i = 0; i < s->count; i++) {
        fputs(i ? "," : "", out);
        if (show_json_tensor(out, s, &s->tensors[i], f) != 0) return -1;
    }
    fputs("]}\n", out);
    return 0;
}

int show_file(FILE *out, safetensors *s, int form, fault *f)
{
    return form == SHOW_JSON ? show_json(out, s, f) : show_table(out, s, f);
}
