/* generated from chapters/33-keys.nw by noweb; do not edit */
#include "key.h"
#include "envelope.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Read a whole file */
char *key_slurp(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    while (f && room < (size_t)1 << 26) {
        char *more = realloc(text, (room = room ? 2 * room : 4096) + 1);
        if (more == NULL) break;
        text = more;
        *length += fread(text + *length, 1, room - *length, f);
        if (*length < room) {
            text[*length] = '\0';
            if (ferror(f)) break;
            fclose(f);
            return text;
        }
    }
    /* Give up on the file */
    free(text);
    if (f) fclose(f);
    return NULL;
}

int key_fields(char *line, char **field, int most)
{
    int n = 0;
    for (char *at = line; at && n < most; n++) {
        field[n] = at;
        at = n == most - 1 ? NULL : strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    return n;
}

/* Hash a text */
static uint64_t hash_byte(uint64_t h, unsigned char c)
{
    return (h ^ c) * 0x100000001b3u;
}

static uint64_t hash_start(int exercise)
{
    return 0xcbf29ce484222325u ^ ((uint64_t)exercise * 0x9e3779b97f4a7c15u);
}

uint64_t key_hash(const char *text, int exercise)
{
    uint64_t h = hash_start(exercise);
    for (; *text; text++) h = hash_byte(h, (unsigned char)*text);
    return h ^ (h >> 29);
}

/* The end of the comment that starts at s, or s. */
static const char *past_comment(const char *s)
{
    if (s[0] == '/' && s[1] == '/') return s + strcspn(s, "\n");
    if (s[0] != '/' || s[1] != '*') return s;
    const char *end = strstr(s + 2, "*/");
    return end ? end + 2 : s + strlen(s);
}

uint64_t key_hash_code(const char *text, int exercise)
{
    uint64_t h = hash_start(exercise);
    while (*text) {
        const char *past = past_comment(text);
        if (past == text && !isspace((unsigned char)*text)) h = hash_byte(h, (unsigned char)*text);
        text = past > text ? past : text + 1;
    }
    return h ^ (h >> 29);
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
    double x[MARKS + 1];
    if (m == NULL || read_doubles(f[7], x, MARKS + 1) != 0) return -1;
    *m = (mark){ .seed = atoi(f[1]), .rank = atoi(f[3]),
                 .d = { atoi(f[4]), atoi(f[5]), atoi(f[6]) }, .scale = x[MARKS] };
    snprintf(m->name, sizeof m->name, "%s", f[2]);
    memcpy(m->at, x, sizeof m->at);
    return m->rank >= 1 && m->rank <= 3 ? 0 : -1;
}

static int read_sealed(key *k, const char *hex)
{
    k->sealed_length = strlen(hex) / 2;
    k->sealed = malloc(k->sealed_length + 1);
    if (k->sealed == NULL) return -1;
    for (size_t i = 0; i < k->sealed_length; i++) {
        const char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        k->sealed[i] = (unsigned char)strtoul(two, NULL, 16);
    }
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

static int read_case(key *k, const char *name)
{
    const int d[1] = { 1 };
    return record_add(&k->cases, KEY_SEALED_SEED, name, 1, d) ? 0 : -1;
}

static int read_line(key *k, char *line)
{
    char *f[8];
    const int n = key_fields(line, f, 8);
    if (n == 8 && strcmp(f[0], "about") == 0) return read_about(k, f);
    if (n == 8 && strcmp(f[0], "right") == 0) return read_right(k, f);
    if (n == 8 && strcmp(f[0], "mark") == 0) return read_mark(k, f);
    if (n == 4 && strcmp(f[0], "wrong") == 0) return read_wrong(k, f);
    if (n == 3 && strcmp(f[0], "ask") == 0) return read_ask(k, f);
    if (n == 2 && strcmp(f[0], "given") == 0) {
        if (k->given_count == KEY_GIVEN_MAX) return -1;
        k->given[k->given_count++] = f[1];
        return 0;
    }
    if (n == 2) return strcmp(f[0], "case") == 0 ? read_case(k, f[1])
                           : strcmp(f[0], "question") == 0 ? (k->question = f[1], 0)
                           : strcmp(f[0], "use") == 0 ? (k->use = f[1], 0)
                           : strcmp(f[0], "circles") == 0 ? (k->circles = f[1], 0)
                           : strcmp(f[0], "without") == 0 ? (k->without = f[1], 0)
                           : strcmp(f[0], "sizes") == 0 ? (k->sizes = f[1], 0)
                           : strcmp(f[0], "blank") == 0 ? (k->blank = strtoull(f[1], NULL, 16), 0)
                           : strcmp(f[0], "sealed") == 0 ? read_sealed(k, f[1]) : -1;
    return -1;
}

/* Read a key */
int key_read(key *k, const char *path, char *why)
{
    size_t length;
    int number = 1;
    *k = (key){ .question = "", .use = "", .circles = "", .without = "", .sizes = "" };
    k->text = key_slurp(path, &length);
    if (k->text == NULL) return snprintf(why, 200, "%.150s cannot be read", path), -1;
    for (char *line = k->text, *next; *line; line = next, number++) {
        next = line + strcspn(line, "\n");
        if (*next) *next++ = '\0';
        if (read_line(k, line) == 0) continue;
        snprintf(why, 200, "%.150s: line %d is damaged", path, number);
        return -1;
    }
    if (k->number > 0) return 0;
    return snprintf(why, 200, "%.150s is not a key", path), -1;
}

/* Write a key */
static void write_array(FILE *f, const array *a)
{
    fprintf(f, "right\t%d\t%s\t%d\t%d\t%d\t%d\t", a->seed, a->name, a->rank, a->d[0], a->d[1], a->d[2]);
    for (size_t i = 0; i < a->count; i++) fprintf(f, " %.17g", a->number[i]);
    fputc('\n', f);
}

static void write_wrong(FILE *f, const variant *v)
{
    fprintf(f, "wrong\t%d\t%016llx\t%s\n", v->misconception, (unsigned long long)v->form, v->diagnosis);
    for (size_t i = 0; i < v->count; i++) {
        const mark *m = &v->marks[i];
        fprintf(f, "mark\t%d\t%s\t%d\t%d\t%d\t%d\t", m->seed, m->name, m->rank, m->d[0], m->d[1], m->d[2]);
        fprintf(f, "%.13g %.13g %.3g\n", m->at[0], m->at[1], m->scale);
    }
}

void key_write(FILE *f, const key *k)
{
    fprintf(f, "about\t%d\t%s\t%s\t%s\t%s\t%d\t%d\n", k->number, k->name, k->kind, k->title,
            k->level, k->minutes, k->points);
    if (*k->question) fprintf(f, "question\t%s\n", k->question);
    if (*k->use) fprintf(f, "use\t%s\n", k->use);
    if (*k->circles) fprintf(f, "circles\t%s\n", k->circles);
    if (*k->without) fprintf(f, "without\t%s\n", k->without);
    if (k->given_count) fprintf(f, "sizes\t%s\n", k->sizes);
    for (int i = 0; i < k->given_count; i++) fprintf(f, "given\t%s\n", k->given[i]);
    if (k->blank) fprintf(f, "blank\t%016llx\n", (unsigned long long)k->blank);
    for (int i = 0; i < k->asked_count; i++)
        fprintf(f, "ask\t%s\t%016llx\n", k->asked[i].expression, (unsigned long long)k->asked[i].hash);
    for (size_t i = 0; i < k->right.count; i++)
        if (k->right.list[i].seed != KEY_SEALED_SEED) write_array(f, &k->right.list[i]);
        else fprintf(f, "case\t%s\n", k->right.list[i].name);
    for (size_t i = 0; i < k->wrong_count; i++) write_wrong(f, &k->wrong[i]);
    /* Write the envelope */
    if (k->sealed_length == 0) return;
    fprintf(f, "sealed\t");
    for (size_t i = 0; i < k->sealed_length; i++) fprintf(f, "%02x", k->sealed[i]);
    fputc('\n', f);
}

/* Veil what is given */
void key_veil(const key *k, int line, void *numbers, size_t bytes)
{
    static const envelope_key OPEN = { { 0 } };
    envelope_apply(numbers, bytes, &OPEN, (uint32_t)(1000 * (line + 1) + k->number));
}

int key_given(const key *k, int line, int head[9], double *x, int most)
{
    int used = 0, count = 1;
    if (sscanf(k->given[line], "%d %d %d %d %d %d %d %d %d %n", &head[0], &head[1], &head[2], &head[3], &head[4],
               &head[5], &head[6], &head[7], &head[8], &used) != 9) return -1;
    const char *hex = k->given[line] + used;
    for (int i = 0; i < (head[5] == 3 ? 3 : 2); i++) count = head[6 + i] > 0 && count <= most ? count * head[6 + i] : most + 1;
    if (count > most || strlen(hex) != 16 * (size_t)count) return -1;
    for (size_t i = 0; i < 8 * (size_t)count; i++) {
        const char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        ((unsigned char *)x)[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    key_veil(k, line, x, 8 * (size_t)count);
    return count;
}
