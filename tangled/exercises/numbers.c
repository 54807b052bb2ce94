/* generated from chapters/31-numbers.nw by noweb; do not edit */
#include "numbers.h"
#include "lines.h"
#include "random.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const double NUMBERS_TOLERANCE = 1e-12;
/* Make and release records */
static int grow(record *r)
{
    if (r->count < r->room) return 0;
    const size_t room = r->room ? 2 * r->room : 16;
    array *list = realloc(r->list, room * sizeof *list);
    if (list == NULL) return -1;
    r->list = list;
    r->room = room;
    return 0;
}

static size_t count_of(int rank, const int *d)
{
    size_t count = 1;
    for (int i = 0; i < rank; i++)
        count = d[i] < 0 || d[i] > 100000 ? 0 : count * (size_t)d[i];
    return count;
}

array *record_add(record *r, int seed, const char *name, int rank, const int *d)
{
    const size_t count = count_of(rank, d);
    if (count == 0 || count > 1000000 || grow(r) != 0) return NULL;
    array *a = &r->list[r->count];
    *a = (array){ .seed = seed, .rank = rank, .count = count };
    snprintf(a->name, sizeof a->name, "%s", name);
    for (int i = 0; i < rank; i++) a->d[i] = d[i];
    a->number = calloc(count, sizeof *a->number);
    if (a->number == NULL) return NULL;
    r->count++;
    return a;
}

const array *record_find(const record *r, int seed, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].seed == seed && strcmp(r->list[i].name, name) == 0) return &r->list[i];
    return NULL;
}

void record_free(record *r)
{
    for (size_t i = 0; i < r->count; i++) free(r->list[i].number);
    free(r->list);
    *r = (record){ 0 };
}

/* Read a report */
/* Reads the word or number at *at and moves on; 0 or -1. */
static int read_word(const char **at, char word[40])
{
    size_t n = 0;
    while (**at == ' ') ++*at;
    for (; isgraph((unsigned char)**at); ++*at)
        if (n < 39) word[n++] = **at;
    word[n] = '\0';
    return n == 0 ? -1 : 0;
}

static int read_number(const char **at, double *x)
{
    char *end;
    *x = strtod(*at, &end);
    if (end == *at) return -1;
    *at = end;
    return 0;
}

static int read_array(record *r, int seed, const char *at)
{
    char name[40];
    double count;
    if (read_word(&at, name) != 0 || read_number(&at, &count) != 0) return -1;
    if (!(count >= 1 && count <= 100000)) return -1;
    const int d[1] = { (int)count };
    array *a = record_add(r, seed, name, 1, d);
    for (size_t i = 0; a && i < a->count; i++)
        if (read_number(&at, &a->number[i]) != 0) return -1;
    return a && *at == '\0' ? 0 : -1;
}

static int read_remark(record *r, const char *line, const char *rest)
{
    if (strncmp(line, "changed ", 8) == 0) snprintf(r->changed, sizeof r->changed, "%s", rest);
    else if (strncmp(line, "called ", 7) == 0) snprintf(r->called, sizeof r->called, "%s", rest);
    else if (strncmp(line, "behind ", 7) == 0)
        snprintf(r->left, sizeof r->left, "behind the end of %s", rest);
    else if (strncmp(line, "before ", 7) == 0)
        snprintf(r->left, sizeof r->left, "before the beginning of %s", rest);
    else return -1;
    return 0;
}

int record_read(record *r, char *text)
{
    int seed = 0;
    const size_t length = strlen(text);
    if (length > 0 && text[length - 1] != '\n') return -1;
    for (char *line; (line = lines_next(&text)) != NULL;) {
        const char *rest = line + strcspn(line, " ");
        rest += *rest == ' ';
        if (r->complete) return -1;
        if (strncmp(line, "seed ", 5) == 0) seed = atoi(rest);
        else if (strcmp(line, "end") == 0) r->complete = 1;
        else if (strncmp(line, "array ", 6) == 0 ? read_array(r, seed, rest) != 0
                                                 : read_remark(r, line, rest) != 0) return -1;
    }
    return 0;
}

/* Compare two arrays */
static int same_axes(int rank, const int *d, int other, const int *e)
{
    for (int i = 0; i < rank && i < other; i++)
        if (d[i] != e[i]) return 0;
    return rank == other;
}

double numbers_error(const array *ours, const array *right, size_t *entry)
{
    double scale = 1e-3, error = 0;
    *entry = 0;
    if (!same_axes(ours->rank, ours->d, right->rank, right->d)) return NAN;
    for (size_t i = 0; i < right->count; i++) {
        const double a = ours->number[i], b = right->number[i], e = fabs(a - b);
        if (!(e <= error)) *entry = i, error = e;
        if (isnan(error)) return NAN;
        scale = fmax(scale, fmax(fabs(a), fabs(b)));
    }
    return error == 0 ? 0 : error / scale;
}

/* Find a common ratio */
static int all_whole(const array *a)
{
    for (size_t i = 0; i < a->count; i++)
        if (isfinite(a->number[i]) && fabs(a->number[i] - round(a->number[i])) > 0) return 0;
    return 1;
}

static double common_ratio(const array *ours, const array *right)
{
    size_t largest = 0;
    for (size_t i = 0; i < right->count; i++)
        if (fabs(right->number[i]) > fabs(right->number[largest])) largest = i;
    if (all_whole(right) && all_whole(ours)) return NAN;
    const double unit = right->number[largest], ratio = ours->number[largest] / unit;
    for (size_t i = 0; i < right->count; i++)
        if (!(fabs(ours->number[i] - ratio * right->number[i]) <= 1e-9 * fabs(ratio * unit)))
            return NAN;
    return ratio;
}

/* Compare two records */
static size_t wrong_entries(const array *ours, const array *right, size_t *first)
{
    double scale = 1e-3;
    size_t wrong = 0;
    for (size_t i = 0; i < right->count; i++)
        scale = fmax(scale, fmax(fabs(ours->number[i]), fabs(right->number[i])));
    if (isinf(scale)) scale = 1;
    for (size_t i = 0; i < right->count; i++)
        if (!(fabs(ours->number[i] - right->number[i]) <= NUMBERS_TOLERANCE * scale))
            if (wrong++ == 0) *first = i;
    return wrong;
}

static void remember(difference *d, const array *ours, const array *right, double error)
{
    if (d->arrays++ > 0) return;
    *d = (difference){ .ours = ours, .right = right, .error = error, .arrays = 1, .ratio = NAN };
    if (ours == NULL || ours->count != right->count) return;
    d->wrong = wrong_entries(ours, right, &d->entry);
    d->ratio = common_ratio(ours, right);
}

size_t numbers_count(const record *r, int first, int last)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        count += r->list[i].seed >= first && r->list[i].seed <= last;
    return count;
}

int numbers_compare(difference *d, const record *ours, const record *right, int first, int last)
{
    *d = (difference){ .ratio = NAN };
    for (size_t i = 0; i < right->count; i++) {
        const array *b = &right->list[i], *a = record_find(ours, b->seed, b->name);
        size_t entry = 0;
        if (b->seed < first || b->seed > last) continue;
        const double error = a ? numbers_error(a, b, &entry) : NAN;
        if (!(error <= NUMBERS_TOLERANCE)) remember(d, a, b, error);
    }
    return d->arrays == 0 && numbers_count(right, first, last) > 0;
}

/* Mark an array */
static double weight(uint64_t *state)
{
    return (double)(random_split(state) >> 11) * 0x1p-52 - 1;
}

void numbers_mark(mark *m, const array *a)
{
    uint64_t state = 2385;
    *m = (mark){ .seed = a->seed, .rank = a->rank, .d = { a->d[0], a->d[1], a->d[2] } };
    snprintf(m->name, sizeof m->name, "%s", a->name);
    for (size_t i = 0; i < a->count; i++) {
        const double x = isfinite(a->number[i]) ? a->number[i] : isnan(a->number[i]) ? 1e3 : 2e3;
        for (int j = 0; j < MARKS; j++) m->at[j] += weight(&state) * x;
        m->scale += fabs(x);
    }
}

/* Recognise marks */
/* Is b, from a key, a mark of the array that has the marks a? */
static int same_mark(const mark *a, const mark *b)
{
    return same_axes(a->rank, a->d, b->rank, b->d)
           && fabs(a->at[0] - b->at[0]) <= 1e-9 * fmax(a->scale, 1e-3);
}

int numbers_match(const record *ours, const mark *marks, size_t count, size_t needed)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const array *a = record_find(ours, marks[i].seed, marks[i].name);
        mark m;
        if (a == NULL) continue;
        numbers_mark(&m, a);
        if (!same_mark(&m, &marks[i])) return 0;
        found++;
    }
    return found > 0 && 2 * found >= needed;
}
