/* generated from chapters/33-keys.nw by noweb; do not edit */
#include "key.h"
#include "envelope.h"
#include "lines.h"
#include "random.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Hash a text */
static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    hash ^= byte;
    return random_split(&hash);
}

uint64_t key_hash(const char *text, int exercise)
{
    uint64_t hash = (uint64_t)exercise;
    for (; *text; text++) hash = hash_byte(hash, (unsigned char)*text);
    return hash;
}

const char *key_past_comment(const char *s)
{
    if (s[0] == '/' && s[1] == '/') return s + strcspn(s, "\n");
    if (s[0] != '/' || s[1] != '*') return s;
    const char *end = strstr(s + 2, "*/");
    return end ? end + 2 : s + strlen(s);
}

uint64_t key_hash_code(const char *text, int exercise)
{
    uint64_t hash = (uint64_t)exercise;
    while (*text) {
        const char *past = key_past_comment(text);
        const int seen = past == text && !isspace((unsigned char)*text);
        if (seen) hash = hash_byte(hash, (unsigned char)*text);
        text = past > text ? past : text + 1;
    }
    return hash;
}

/* Draw a seed */
uint64_t key_seed(const char *draw, int number)
{
    return *draw ? key_hash(draw, number) : (uint64_t)number;
}

void key_seed_text(char text[KEY_SEED_MAX], const char *draw, int number)
{
    if (*draw == '\0') snprintf(text, KEY_SEED_MAX, "%d", number);
    else snprintf(text, KEY_SEED_MAX, "%d:%llu", number,
                  (unsigned long long)key_seed(draw, number));
}

/* Grow the lists of a key */
/* Makes room for one more of `size` bytes; returns it zeroed, or NULL. */
static void *one_more(void **list, size_t *count, size_t *room, size_t size)
{
    if (*count == *room) {
        const size_t more = *room ? 2 * *room : 8;
        void *bigger = realloc(*list, more * size);
        if (bigger == NULL) return NULL;
        *list = bigger;
        *room = more;
    }
    return memset((char *)*list + (*count)++ * size, 0, size);
}

variant *key_add_wrong(key *k)
{
    void *list = k->wrong;
    variant *v = one_more(&list, &k->wrong_count, &k->wrong_room, sizeof *v);
    k->wrong = list;
    return v;
}

mark *key_add_mark(variant *v)
{
    void *list = v->marks;
    mark *m = one_more(&list, &v->count, &v->room, sizeof *m);
    v->marks = list;
    return m;
}

void key_free(key *k)
{
    for (size_t i = 0; i < k->wrong_count; i++) free(k->wrong[i].marks);
    free(k->wrong);
    free(k->sealed);
    free(k->text);
    record_free(&k->right);
    record_free(&k->cases);
    *k = (key){ 0 };
}

/* Read the numbers of a line */
static int read_doubles(const char *s, double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;
        x[i] = strtod(s, &end);
        if (end == s) return -1;
        s = end;
    }
    return 0;
}

/* Fields 1 … 6: seed, name, rank and axes. */
static int read_right(key *k, char **f)
{
    const int d[3] = { atoi(f[4]), atoi(f[5]), atoi(f[6]) }, rank = atoi(f[3]);
    if (rank < 1 || rank > 3) return -1;
    array *a = record_add(&k->right, atoi(f[1]), f[2], rank, d);
    return a ? read_doubles(f[7], a->number, a->count) : -1;
}

static int read_mark(key *k, char **f)
{
    mark *m = k->wrong_count ? key_add_mark(&k->wrong[k->wrong_count - 1]) : NULL;
    double x;
    if (m == NULL || read_doubles(f[7], &x, 1) != 0) return -1;
    *m = (mark){ .seed = atoi(f[1]), .rank = atoi(f[3]),
                 .d = { atoi(f[4]), atoi(f[5]), atoi(f[6]) }, .at = { x } };
    snprintf(m->name, sizeof m->name, "%s", f[2]);
    return m->rank >= 1 && m->rank <= 3 ? 0 : -1;
}

static void read_bytes(unsigned char *bytes, const char *hex, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        bytes[i] = (unsigned char)strtoul(two, NULL, 16);
    }
}

static int read_sealed(key *k, char **f)
{
    k->sealed_length = strlen(f[1]) / 2;
    k->sealed = malloc(k->sealed_length + 1);
    if (k->sealed == NULL) return -1;
    read_bytes(k->sealed, f[1], k->sealed_length);
    return 0;
}

/* Read a line of a key */
static int read_about(key *k, char **f)
{
    k->number = atoi(f[1]);
    k->name = f[2];
    k->kind = f[3];
    k->title = f[4];
    k->level = f[5];
    k->minutes = atoi(f[6]);
    k->points = atoi(f[7]);
    return k->number > 0 && k->points >= 0 ? 0 : -1;
}

static int read_ask(key *k, char **f)
{
    if (k->asked_count == KEY_ASKED_MAX) return -1;
    k->asked[k->asked_count].expression = f[1];
    k->asked[k->asked_count++].hash = strtoull(f[2], NULL, 16);
    return 0;
}

static int read_wrong(key *k, char **f)
{
    variant *v = key_add_wrong(k);
    if (v == NULL) return -1;
    v->misconception = atoi(f[1]);
    v->form = strtoull(f[2], NULL, 16);
    v->diagnosis = f[3];
    return 0;
}

static int read_case(key *k, char **f)
{
    const int d[1] = { 1 };
    return record_add(&k->cases, KEY_SEALED_SEED, f[1], 1, d) ? 0 : -1;
}

static int read_given(key *k, char **f)
{
    if (k->given_count == KEY_GIVEN_MAX) return -1;
    k->given[k->given_count++] = f[1];
    return 0;
}

static int read_blank(key *k, char **f)
{
    k->blank = strtoull(f[1], NULL, 16);
    return 0;
}

static const struct { const char *word; size_t place; } TEXTS[] = {
    { "question", offsetof(key, question) }, { "use", offsetof(key, use) },
    { "circles", offsetof(key, circles) }, { "without", offsetof(key, without) },
    { "sizes", offsetof(key, sizes) }, { "chapter", offsetof(key, chapter) },
    { "draw", offsetof(key, draw) }, { "theory", offsetof(key, theory) } };
enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

static const char *text_of(const key *k, int i)
{
    return *(const char *const *)((const char *)k + TEXTS[i].place);
}

static void set_text(key *k, int i, const char *text)
{
    *(const char **)((char *)k + TEXTS[i].place) = text;
}

static const struct { const char *word; int fields; int (*read)(key *, char **); } LINES[] = {
    { "about", 8, read_about }, { "given", 2, read_given }, { "blank", 2, read_blank },
    { "ask", 3, read_ask }, { "right", 8, read_right }, { "case", 2, read_case },
    { "wrong", 4, read_wrong }, { "mark", 8, read_mark }, { "sealed", 2, read_sealed } };

static int read_line(key *k, char *line)
{
    char *f[8];
    const int n = lines_fields(line, f, 8);
    for (int i = 0; n == 2 && i < TEXT_COUNT; i++)
        if (strcmp(f[0], TEXTS[i].word) == 0) return set_text(k, i, f[1]), 0;
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++)
        if (n == LINES[i].fields && strcmp(f[0], LINES[i].word) == 0) return LINES[i].read(k, f);
    return -1;
}

/* Read a key */
int key_read(key *k, const char *path, char *why)
{
    size_t length;
    int number = 1;
    *k = (key){ .question = "", .use = "", .circles = "", .without = "", .sizes = "", .chapter = "",
                .draw = "", .theory = "" };
    k->text = lines_read(path, &length);
    if (k->text == NULL) return snprintf(why, 200, "%.150s: %s", path, strerror(errno)), -1;
    errno = 0;
    for (char *rest = k->text, *line; (line = lines_next(&rest)) != NULL; number++) {
        if (read_line(k, line) == 0) continue;
        if (errno == ENOMEM) snprintf(why, 200, "%.150s: there is no memory for it", path);
        else snprintf(why, 200, "%.150s: line %d is damaged", path, number);
        return -1;
    }
    if (k->number > 0) return 0;
    return snprintf(why, 200, "%.150s is not a key", path), -1;
}

/* Read the keys of a folder */
static int read_listed(key_list *keys, const char *folder, char *names, char *why)
{
    for (char *name; keys->count < KEYS_MAX && (name = lines_next(&names)) != NULL;) {
        char path[600];
        snprintf(path, sizeof path, "%.500s/%.80s.key", folder, name);
        if (key_read(&keys->list[keys->count++], path, why) != 0) return -1;
    }
    return 0;
}

key_list *keys_read(const char *folder, char *why)
{
    char path[600];
    size_t length;
    snprintf(path, sizeof path, "%.500s/contents", folder);
    snprintf(why, 200, "there is no memory, or no %.150s", path);
    key_list *keys = calloc(1, sizeof *keys);
    char *names = lines_read(path, &length);
    const int fine = keys && names && read_listed(keys, folder, names, why) == 0;
    free(names);
    if (fine) return keys;
    keys_free(keys);
    return NULL;
}

void keys_free(key_list *keys)
{
    for (int i = 0; keys && i < keys->count; i++) key_free(&keys->list[i]);
    free(keys);
}

/* Write a key */
static void write_array(FILE *f, const array *a)
{
    fprintf(f, "right\t%d\t%s\t%d\t%d\t%d\t%d\t", a->seed, a->name, a->rank,
            a->d[0], a->d[1], a->d[2]);
    for (size_t i = 0; i < a->count; i++) fprintf(f, " %.17g", a->number[i]);
    fputc('\n', f);
}

static void write_wrong(FILE *f, const variant *v)
{
    fprintf(f, "wrong\t%d\t%016llx\t%s\n", v->misconception, (unsigned long long)v->form,
            v->diagnosis);
    for (size_t i = 0; i < v->count; i++) {
        const mark *m = &v->marks[i];
        fprintf(f, "mark\t%d\t%s\t%d\t%d\t%d\t%d\t%.10g\n", m->seed, m->name, m->rank,
                m->d[0], m->d[1], m->d[2], m->at[0]);
    }
}

void key_write(FILE *f, const key *k)
{
    fprintf(f, "about\t%d\t%s\t%s\t%s\t%s\t%d\t%d\n", k->number, k->name, k->kind, k->title,
            k->level, k->minutes, k->points);
    for (int i = 0; i < TEXT_COUNT; i++)
        if (*text_of(k, i)) fprintf(f, "%s\t%s\n", TEXTS[i].word, text_of(k, i));
    for (int i = 0; i < k->given_count; i++) fprintf(f, "given\t%s\n", k->given[i]);
    if (k->blank) fprintf(f, "blank\t%016llx\n", (unsigned long long)k->blank);
    for (int i = 0; i < k->asked_count; i++)
        fprintf(f, "ask\t%s\t%016llx\n", k->asked[i].expression,
                (unsigned long long)k->asked[i].hash);
    for (size_t i = 0; i < k->right.count; i++)
        if (k->right.list[i].seed != KEY_SEALED_SEED) write_array(f, &k->right.list[i]);
        else fprintf(f, "case\t%s\n", k->right.list[i].name);
    for (size_t i = 0; i < k->wrong_count; i++) write_wrong(f, &k->wrong[i]);
    if (k->sealed_length) fprintf(f, "sealed\t");
    for (size_t i = 0; i < k->sealed_length; i++) fprintf(f, "%02x", k->sealed[i]);
    if (k->sealed_length) fputc('\n', f);
}

/* Veil what is given */
void key_veil(const key *k, int line, void *numbers, size_t bytes)
{
    static const envelope_key OPEN = { { 0 } };
    envelope_apply(numbers, bytes, &OPEN, (uint32_t)(1000 * (line + 1) + k->number));
}

int key_given(const key *k, int line, int h[9], double *x, int most)
{
    int used = 0, count = 1;
    if (sscanf(k->given[line], "%d %d %d %d %d %d %d %d %d %n", &h[0], &h[1], &h[2], &h[3], &h[4],
               &h[5], &h[6], &h[7], &h[8], &used) != 9) return -1;
    const char *hex = k->given[line] + used;
    for (int i = 0; i < (h[5] == 3 ? 3 : 2); i++)
        count = h[6 + i] > 0 && count <= most ? count * h[6 + i] : most + 1;
    if (count > most || strlen(hex) != 2 * sizeof *x * (size_t)count) return -1;
    read_bytes((unsigned char *)x, hex, sizeof *x * (size_t)count);
    key_veil(k, line, x, sizeof *x * (size_t)count);
    return count;
}
