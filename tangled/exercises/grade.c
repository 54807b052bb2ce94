/* generated from chapters/35-grading.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "envelope.h"
#include "formula.h"
#include "key.h"
#include "lines.h"
#include "sandbox.h"
#include "shape-text.h"
#include "theory.h"
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* A verdict on an answer */
typedef enum { NOT_ATTEMPTED, RIGHT, WRONG, COULD_NOT_RUN, STATES } state;
static const char *const STATE_NAMES[STATES] = {
    "not attempted", "right", "wrong", "could not run"
};
typedef struct {
    state state;
    char text[6000];        // what to tell the student
    char solution[6000];    // from the envelope
} conclusion;

/* Adds a sentence to the text, and sets the state. */
__attribute__((format(printf, 3, 4)))
static void conclude(conclusion *c, state s, const char *format, ...)
{
    const size_t used = strlen(c->text);
    va_list list;
    va_start(list, format);
    vsnprintf(c->text + used, sizeof c->text - used, format, list);
    va_end(list);
    c->state = s;
}

/* Find the file with an answer */
static int is_answer(const char *file, const char *name, const char *suffix)
{
    const char *s = file;
    while (isdigit((unsigned char)*s)) s++;
    const size_t length = strlen(name);
    return s > file && *s == '-' && strncmp(s + 1, name, length) == 0
           && strcmp(s + 1 + length, suffix) == 0;
}

typedef struct {
    char base[200];         // the file's name without its suffix
    char *text;             // or NULL; owned
} submission;

/* The names of the first two files, in alphabetical order, that may be the answer; how many there are. */
static int find_files(char name[2][200], const key *k, const char *suffix)
{
    struct dirent **list = NULL;
    const int all = scandir(".", &list, NULL, alphasort);
    int count = 0;
    for (int i = 0; i < all; i++) {
        if (is_answer(list[i]->d_name, k->name, suffix) && count++ < 2)
            snprintf(name[count - 1], 200, "%.199s", list[i]->d_name);
        free(list[i]);
    }
    free(list);
    return count;
}

static void simplify_text(char *text)
{
    const char *from = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
    for (; *from; from++)
        if (*from != '\r') *text++ = *from;
        else if (from[1] != '\n') *text++ = '\n';
    *text = '\0';
}

/* Why the file cannot be graded; NULL if it can. */
static const char *unfit(const char *path, const char *text, size_t length)
{
    struct stat s;
    if (lstat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return "is not a file of its own, but a link or a folder; copy the answer itself to this place";
    if (text == NULL) return "cannot be read";
    if (strlen(text) == length) return NULL;
    return "is not text in UTF-8, but contains zero bytes, as UTF-16 does; have your editor save it as UTF-8";
}

/* 0: s holds the text. 1: there is none, or nothing in it. -1: c says why it cannot be graded. Free s->text. */
static int find_answer(submission *s, conclusion *c, const key *k, const char *suffix)
{
    char name[2][200];
    size_t length = 0;
    const int count = find_files(name, k, suffix);
    s->text = NULL;
    if (count == 0) return 1;
    if (count > 1)
        return conclude(c, COULD_NOT_RUN, "There are two files for this exercise, %s and %s. Keep one of them, and move the other away.\n", name[0], name[1]), -1;
    snprintf(s->base, sizeof s->base, "%.*s", (int)(strlen(name[0]) - strlen(suffix)), name[0]);
    s->text = lines_read(name[0], &length);
    const char *why = unfit(name[0], s->text, length);
    if (why) return conclude(c, COULD_NOT_RUN, "%s %s.\n", name[0], why), -1;
    simplify_text(s->text);
    return s->text[strspn(s->text, " \t\n\v\f")] == '\0';
}

/* Diagnose wrong numbers */
static const char *where(const array *a)
{
    return strcmp(a->name, "-") == 0 ? "the value" : a->name;
}

static const variant *recognise(const key *k, const record *r)
{
    for (size_t i = 0; r->count > 0 && i < k->wrong_count; i++) {
        const variant *v = &k->wrong[i];
        if (numbers_match(r, v->marks, v->count, numbers_count(&k->right, 1, 2))) return v;
    }
    return NULL;
}

static void tell_mistake(conclusion *c, const variant *v)
{
    if (v->misconception > 0)
        conclude(c, WRONG, "This is known mistake number %d: %s.\n", v->misconception, v->diagnosis);
    else if (v->misconception < 0)
        conclude(c, WRONG, "Your numbers are those of the right answer but for one thing: %s.\n", v->diagnosis);
    else
        conclude(c, WRONG, "%c%s.\n", strcspn(v->diagnosis, "_\\") > strcspn(v->diagnosis, " ") ? toupper((unsigned char)*v->diagnosis)
                                                                             : *v->diagnosis, v->diagnosis + 1);
}

static size_t arrays_named(array *found, const record *r, const key *k, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < k->right.count && count < 4; i++) {
        const array *a = record_find(r, k->right.list[i].seed, name);
        if (strcmp(k->right.list[i].name, name) == 0 && a) found[count++] = *a;
    }
    return count;
}

static const variant *recognise_array(const key *k, const record *r, const difference *d)
{
    array ours[4], rights[4];
    const char *name = d->right->name;
    const record part = { .list = ours, .count = arrays_named(ours, r, k, name) };
    const record right = { .list = rights, .count = arrays_named(rights, &k->right, k, name) };
    if (strchr(name, '=') || !d->ours) return NULL;
    for (size_t i = 0; i < k->wrong_count; i++) {
        const variant *v = &k->wrong[i];
        if (numbers_match(&part, v->marks, v->count, 2 * part.count)
            && !numbers_match(&right, v->marks, v->count, 2 * right.count)) return v;
    }
    return NULL;
}

static void tell_part(conclusion *c, const variant *v, const difference *d)
{
    conclude(c, WRONG, "At %s, the first that is wrong, your numbers are those of a known mistake: %s.\n", where(d->right), v->diagnosis);
}

static void name_entry(char *text, const array *a, size_t entry)
{
    const size_t row = a->rank == 2 ? (size_t)a->d[1] : 0;
    if (a->rank == 2)
        snprintf(text, 60, "row %zu, column %zu", entry / row + 1, entry % row + 1);
    else if (a->rank == 3)
        snprintf(text, 60, "slice %zu, entry %zu", entry / (size_t)(a->d[1] * a->d[2]) + 1,
                 entry % (size_t)(a->d[1] * a->d[2]) + 1);
    else snprintf(text, 60, "index %zu", entry);
}

static void tell_size(conclusion *c, const array *ours, const array *right)
{
    if (ours == NULL) {
        conclude(c, WRONG, "There is no value for %s.\n", where(right));
    } else {
        conclude(c, WRONG, "At %s your answer has the size", where(right));
        for (int i = 0; i < ours->rank; i++) conclude(c, WRONG, "%s%d", i ? " x " : " ", ours->d[i]);
        conclude(c, WRONG, "; it should be");
        for (int i = 0; i < right->rank; i++) conclude(c, WRONG, "%s%d", i ? " x " : " ", right->d[i]);
        conclude(c, WRONG, ".\n");
    }
}

static int is_transpose(const array *ours, const array *right)
{
    const size_t n = (size_t)right->d[0];
    if (right->rank != 2 || right->d[0] != right->d[1] || n < 2) return 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (!(fabs(ours->number[i * n + j] - right->number[j * n + i]) < 1e-9)) return 0;
    return 1;
}

static void tell_difference(conclusion *c, const difference *d)
{
    char entry[60];
    if (d->ours == NULL || d->ours->rank != d->right->rank || d->ours->count != d->right->count) {
        tell_size(c, d->ours, d->right);
        return;
    }
    const double ours = d->ours->number[d->entry], right = d->right->number[d->entry];
    name_entry(entry, d->right, d->entry);
    const int digits = d->error < 1e-5 ? 16 : 6;
    conclude(c, WRONG, "The first that is wrong is %s (%s): yours %.*g, expected %.*g, ratio %.*g. ",
             where(d->right), entry, digits, ours, digits, right, digits, ours / right);
    conclude(c, WRONG, "%zu of its %zu entries differ.\n", d->wrong, d->right->count);
    if (d->error < 1e-5)
        conclude(c, WRONG, "It is nearly right. Was something rounded to single precision, or is there a small number that does not belong there?\n");
    else if (isfinite(d->ratio) && fabs(d->ratio) > 1e-9)
        conclude(c, WRONG, "Every entry is %.6g times the right one.\n", d->ratio);
    if (is_transpose(d->ours, d->right)) conclude(c, WRONG, "It is the transpose of the right one.\n");
}

/* If every array is the right one of a time `by` later: says so. */
static int tell_shift(conclusion *c, const record *ours, const record *right, int by)
{
    size_t same = 0, entry;
    for (size_t i = 0; i < right->count; i++) {
        const array *b = &right->list[i], *a;
        char name[40];
        int t, used = 0;
        if (sscanf(b->name, "t=%d%n", &t, &used) != 1 || b->name[used] != '\0') return 0;
        snprintf(name, sizeof name, "t=%d", t - by);
        if ((a = record_find(ours, b->seed, name)) == NULL) continue;
        if (!(numbers_error(a, b, &entry) <= NUMBERS_TOLERANCE)) return 0;
        same++;
    }
    if (same < 4) return 0;
    conclude(c, WRONG, "Your values are right for another time: what you have at t belongs to t%+d.\n", by);
    return 1;
}

/* Compares, and says what is wrong. Returns 1 if nothing is. */
static int judge(conclusion *c, const key *k, const record *r)
{
    difference d;
    if (numbers_compare(&d, r, &k->right, 1, 2)) return 1;
    const variant *v = recognise(k, r), *part = v ? NULL : recognise_array(k, r, &d);
    if (v) tell_mistake(c, v);
    else if (part) tell_part(c, part, &d);
    else if (!tell_shift(c, r, &k->right, 1) && !tell_shift(c, r, &k->right, -1)) tell_difference(c, &d);
    return 0;
}

/* Open the envelope */
/* r holds the arrays of the sealed seed. An answer that does not open it is wrong. */
static void open_envelope(conclusion *c, const key *k, const record *r)
{
    envelope_key lock;
    unsigned char *text = malloc(k->sealed_length + 1);
    if (text == NULL) return;
    if (k->sealed_length) memcpy(text, k->sealed, k->sealed_length);
    text[k->sealed_length] = '\0';
    envelope_lock(&lock, r, KEY_SEALED_SEED);
    envelope_apply(text, k->sealed_length, &lock, (uint32_t)k->number);
    if (k->sealed_length >= 5 && memcmp(text, "open ", 5) == 0)
        snprintf(c->solution, sizeof c->solution, "%s", (char *)text + 5);
    else conclude(c, WRONG, "Your numbers are right for the networks in the key, and not for another one.\n");
    free(text);
}

/* Grade a function */
enum { REPORT_MAX = 1 << 22, LIMIT_SECONDS = 4, LIMIT_BYTES = 1 << 28 };
static char report[REPORT_MAX + 1];

/* Does the line begin with the name of the file base.c? */
static int is_about(const char *line, const char *base)
{
    const size_t length = strlen(base);
    const char *at = strncmp(line, "./", 2) == 0 ? line + 2 : line;
    return strncmp(at, base, length) == 0 && strncmp(at + length, ".c:", 3) == 0;
}

static int is_error(const char *line, const char *base)
{
    if (strncmp(line, "error: ", 7) == 0) return 1;         // the kit's own
    if (strstr(line, "multiple definition of") || strstr(line, "undefined reference to")) return 1;
    return is_about(line, base) && strstr(line, "error:") != NULL;
}

/* Is there an error in the file itself? */
static int has_own_error(const char *log, const char *base)
{
    for (; *log; log += strcspn(log, "\n"), log += *log == '\n') {
        const char *error = strstr(log, "error:");
        if (is_about(log, base) && error && error < log + strcspn(log, "\n")) return 1;
    }
    return 0;
}

/* Adds the first lines with errors; how many. */
static int quote_errors(conclusion *c, const char *text, const char *base)
{
    char line[1000];
    int lines = 0;
    while (*text && lines < 6) {
        const size_t n = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < 999 ? n : 999), text);
        if (is_error(line, base)) conclude(c, COULD_NOT_RUN, "%s\n", line), lines++;
        text += n + (text[n] == '\n');
    }
    return lines;
}

/* The name of the function that the driver has looked for in vain, or NULL. */
static const char *function_missing(const char *log)
{
    static const char *const SIGNS[] = { "undefined reference to `answer_", "implicit declaration of function 'answer_",
                                         "undeclared function 'answer_", "\"_answer_" };
    for (size_t i = 0; log && i < sizeof SIGNS / sizeof *SIGNS; i++) {
        const char *at = strstr(log, SIGNS[i]);
        if (at) return at + strlen(SIGNS[i]);
    }
    return NULL;
}

static void tell_compiler(conclusion *c, const char *base)
{
    char path[240];
    size_t length;
    snprintf(path, sizeof path, "build/%s.log", base);
    char *log = lines_read(path, &length);
    const char *missing = log && has_own_error(log, base) ? NULL : function_missing(log);
    if (log && strstr(log, "error: your file includes")) quote_errors(c, log, base);
    else if (missing)
        conclude(c, COULD_NOT_RUN, "There is no function %.*s in your file.\n", (int)strcspn(missing, "'\""), missing);
    else {
        conclude(c, COULD_NOT_RUN, "It does not compile.\n");
        if (log == NULL || quote_errors(c, log, base) == 0)
            conclude(c, COULD_NOT_RUN, "Are the function's name and its parameters as they were handed out? All that the compiler said is in %s.\n", path);
    }
    free(log);
}

/* Runs the program and reads its report; 0, or -1 and c says why. */
static int run_answer(conclusion *c, record *r, const char *base)
{
    char path[240], what[100], one[] = "1", two[] = "2", seven[] = "7";
    char *const argv[] = { path, one, two, seven, NULL };
    size_t length;
    int detail;
    snprintf(path, sizeof path, "build/%s", base);
    const sandbox_outcome o = sandbox_run(argv, LIMIT_SECONDS, LIMIT_BYTES, report, REPORT_MAX, &length, &detail);
    report[length] = '\0';
    sandbox_describe(what, o, detail);
    if (o != SANDBOX_DONE) return conclude(c, COULD_NOT_RUN, "Your code was run, but %s.\n", what), -1;
    if (strlen(report) != length || record_read(r, report) != 0)
        return conclude(c, COULD_NOT_RUN, "Something other than the driver has written into its report.\n"), -1;
    if (*r->left)
        return conclude(c, COULD_NOT_RUN, "Your code reads or writes %s. Does a loop go too far?\n", r->left), -1;
    if (!r->complete)
        return conclude(c, COULD_NOT_RUN, "Your code ended the program; it should return.\n"), -1;
    return 0;
}

static void grade_code(conclusion *c, const key *k)
{
    char path[240];
    record r = { 0 };
    submission s;
    if (find_answer(&s, c, k, ".c") == 0 && key_hash_code(s.text, k->number) != k->blank) {
        snprintf(path, sizeof path, "build/%s", s.base);
        FILE *program = fopen(path, "rb");
        if (program) fclose(program);
        if (program == NULL) tell_compiler(c, s.base);
        else if (run_answer(c, &r, s.base) == 0) {
                                                     if (*r.called)
                                                         conclude(c, WRONG, "Your file calls %s, which is the function that it should contain.\n", r.called);
                                                     else if (judge(c, k, &r)) c->state = *r.changed ? WRONG : RIGHT;
                                                     if (*r.changed && strstr(c->text, "42") == NULL)
                                                         conclude(c, WRONG, "You have written to %s, which is not yours to change here (known mistake number 42).\n",
                                                                  r.changed);
                                                     if (c->state == RIGHT) open_envelope(c, k, &r);
                                                 }
    }
    record_free(&r);
    free(s.text);
}

/* Grade a formula */
/* Copies text without comments and the signs around displays, on one line, with single blanks. -1 if it does not fit. */
static int uncomment(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (const char *s = text; *s; s++) {
        if (*s == '%' && (s == text || s[-1] != '\\')) s += strcspn(s, "\n");
        if (*s == '\\' && s[1] && strchr("[]()", s[1])) s += 2;
        if (*s == '\0') break;
        const char c = isspace((unsigned char)*s) ? ' ' : *s;
        if (c == '$' || (c == ' ' && (n == 0 || out[n - 1] == ' '))) continue;
        if (n == size - 1) return -1;
        out[n++] = c;
    }
    out[n] = '\0';
    return 0;
}

/* The text after the first equals sign outside of braces; NULL if there is none. */
static const char *right_side(const char *text)
{
    int depth = 0;
    for (; *text; text++) {
        depth += (*text == '{') - (*text == '}');
        if (*text == '=' && depth == 0) return text + 1 + strspn(text + 1, " ");
    }
    return NULL;
}

enum { ANSWER_MAX = 4000 };
typedef struct {
    equation e;                     // the question, and then the answer
    char text[2 * ANSWER_MAX];
    size_t offset;                  // where the answer begins in it
} derivation;

enum { DENSE = 2, RECORDED = 4, INSTANCES = 5 };
static const long MOST_WORK = 2000000;      // numbers computed for one case: far more than any answer needs
static theory *th;
static instance instances[INSTANCES];
static table tables[INSTANCES];
static aliases known_names;

static int open_aliases(void)
{
    size_t length;
    char *text = lines_read("key/aliases", &length);
    int failed = text == NULL;
    for (char *line = text ? strtok(text, "\n") : NULL; line; line = strtok(NULL, "\n"))
        failed |= formula_alias(th, &known_names, line) != 0;
    free(text);
    return failed ? -1 : 0;
}

/* Adds what to write instead of something in the answer that is not understood. */
static void advise(conclusion *c, const char *answer)
{
    static const struct { const char *unread, *instead; } ADVICE[] = {
        { "\\cosh", "\\cosh(x) is \\frac{1}{2} (\\exp(x) + \\exp(-x))" },
        { "\\sinh", "\\sinh(x) is \\frac{1}{2} (\\exp(x) - \\exp(-x))" },
        { "\\sigma", "the logistic function of x is 1 \\oslash (1 + \\exp(-x))" },
        { "\\tr", "the trace of A^\\top B is the sum of the entries, \\mathbf{1} (A \\odot B) \\mathbf{1}^\\top" },
        { "{cases}", "choose between two scalars with \\min(a, b)" },
        { "+u}", "let the variable of the sum be the whole index, with the bounds moved: \\sum_{u=t}^{T}, and then u" },
    };
    for (size_t i = 0; i < sizeof ADVICE / sizeof *ADVICE; i++)
        if (strstr(answer, ADVICE[i].unread)) conclude(c, COULD_NOT_RUN, "Write it in another way: %s.\n", ADVICE[i].instead);
}

/* 0: parsed. 1: nothing was written. -1: c says why. */
static int read_formula(derivation *d, conclusion *c, const key *k, const char *file)
{
    char plain[ANSWER_MAX];
    parse_error error;
    if (uncomment(plain, sizeof plain, file) != 0)
        return conclude(c, COULD_NOT_RUN, "Your formula is longer than %d characters, which is more than is read. Write it shorter.\n", ANSWER_MAX - 1), -1;
    if (*plain == '\0') return 1;
    const char *answer = right_side(plain);
    if (answer == NULL) return conclude(c, COULD_NOT_RUN, "The equals sign has gone; write “%s =” before your answer.\n", k->question), -1;
    if (*answer == '\0') return 1;
    snprintf(d->text, sizeof d->text, "%s = %s", k->question, answer);
    d->offset = strlen(k->question) + 3;
    if (grammar_parse(th, &d->e, d->text, 0, &error) == PARSE_OK) {
        for (int i = 0; i < d->e.members; i++) formula_normal(th, &known_names, d->e.member[i]);
        return 0;
    }
    conclude(c, COULD_NOT_RUN, "Your formula cannot be read: %s, in column %d.\n", error.message, error.column - (int)d->offset);
    conclude(c, COULD_NOT_RUN, "    %s\n    %*s^\n", d->text + d->offset, error.column > (int)d->offset ? error.column - (int)d->offset - 1 : 0, "");
    advise(c, d->text + d->offset);
    return -1;
}

static void drop_question(equation *e)
{
    if (e->members < 3 || !formula_same_form(th, e->member[0], e->member[1])) return;
    e->members--;
    for (int i = 1; i < e->members; i++) e->member[i] = e->member[i + 1];
}

static int open_instances(void)
{
    char path[100], why[200];
    if ((th = theory_alloc(&BOOK_NOTATION)) == NULL) return -1;
    if (open_aliases() != 0) return -1;
    for (int i = 0; i < INSTANCES; i++) {
        if (instance_alloc(&instances[i], th, 1, 5, 2, 3, 4, 0) != 0) return -1;
        instances[i].limit = MOST_WORK;
        snprintf(path, sizeof path, "key/instance-%d.txt", i + 1);
        if (i == RECORDED || table_read(&tables[i], &instances[i], path, why) == 0) continue;
        fprintf(stderr, "grade: %s\n", why);
        return -1;
    }
    return 0;
}

/* Makes the last instance the one of this exercise's envelope. */
static void open_given(const key *k)
{
    table *t = &tables[RECORDED];
    instance *in = &instances[RECORDED];
    double numbers[4096];
    table_free(t);
    in->recall = instances[0].recall;
    in->memory = t;
    sscanf(k->sizes, "%d %d %d %d %d %d %d", &in->sizes.T, &in->sizes.m, &in->sizes.n, &in->sizes.l, &in->sizes.B, &in->sizes.K, &in->sizes.p);
    for (int line = 0; line < k->given_count; line++) {
        int h[9];
        const int count = key_given(k, line, h, numbers, 4096);
        value x = { .rank = h[5], .d = { h[6], h[7], h[8] }, .v = count > 0 ? calloc((size_t)count, sizeof *x.v) : NULL };
        if (x.v == NULL) continue;
        for (int i = 0; i < count; i++) x.v[i] = numbers[i];
        if (table_add(t, &(recollection){ h[0], h[1], h[2], h[3], h[4] }, &x) != 0) free(x.v);
    }
}

/* The first letter that neither a sum nor the question binds, or 0. */
static char unbound(const key *k, int tree)
{
    char letters[LETTERS_ALL] = "";
    grammar_letters(th, tree, letters);
    for (const char *s = letters; *s; s++) {
        const char binding[3] = { *s, '=', '\0' };
        if (k->right.count == 0 || !strstr(k->right.list[0].name, binding)) return *s;
    }
    return '\0';
}

static int recognise_form(conclusion *c, const key *k, int tree)
{
    char *form = formula_form(th, tree);
    const uint64_t hash = form ? key_hash(form, k->number) : 0;
    free(form);
    for (size_t i = 0; hash && i < k->wrong_count; i++)
        if (k->wrong[i].form == hash) return tell_mistake(c, &k->wrong[i]), 1;
    return 0;
}

static void tell_shapes(conclusion *c, const fit *f)
{
    conclude(c, WRONG, "The shapes do not fit: %s.\n", f->error.message);
    if (strstr(f->error.message, "a sum") || strstr(f->error.message, "a difference") || strncmp(f->error.message, "\\o", 2) == 0)
        conclude(c, WRONG, "Only a single number is stretched over a row or a matrix that it stands beside; everything else must have the same shape.\n");
}

/* One member of the answer. Returns 1 if it is right. */
static int judge_member(conclusion *c, const key *k, const equation *e, int member)
{
    const equation pair = { .member = { e->member[0], e->member[member] }, .members = 2 };
    const int tree = pair.member[1];
    char why[200] = "", what[100];
    record r = { 0 };
    fit f;
    if (unbound(k, tree) && recognise_form(c, k, tree)) return 0;
    if (unbound(k, tree)) {
        conclude(c, WRONG, "The index %c is not bound: neither a sum nor the question says what it is.\n",
                 unbound(k, tree));
        return 0;
    }
    formula_fit(th, &f, &pair);
    for (int i = 0; i < RECORDED; i++)
        if (*why == '\0') formula_values(&r, &instances[i], i + 1, tree, &k->right, why);
    int around;
    const int restated = formula_restates(&instances[0], 1, tree, e->member[0], &k->right, k->circles, &around);
    difference d;
    const int dense = numbers_compare(&d, &r, &k->right, 1, DENSE);
    const int right = !restated && f.tagged && (dense || numbers_compare(&d, &r, &k->right, DENSE + 1, RECORDED));
    if (right && !dense) conclude(c, RIGHT, "This is true because each character is a row with a single one.\n");
    if (!right) {
                    if (recognise(k, &r)) tell_mistake(c, recognise(k, &r));
                    else if (recognise_form(c, k, tree)) { }
                    else if (restated == 1)
                        conclude(c, WRONG, "Your answer contains the question, %s. That restates it and does not answer it.\n", k->question);
                    else if (formula_forbidden(th, tree, k->use, k->without, &known_names, what))
                        conclude(c, WRONG, "Your answer uses %s. That restates the question, or is something else that this exercise asks you to do without. You may use: %s.\n", what, k->use);
                    else if (restated == 2)
                        conclude(c, WRONG, "Your answer goes in a circle: it uses %s at a time at which that is made of what is asked for, %s.\n", th->symbols[around].latex, k->question);
                    else if (!f.tagged) tell_shapes(c, &f);
                    else if (*why && r.count < numbers_count(&k->right, 1, RECORDED))
                        conclude(c, WRONG, "Your formula has no value: %s.\n", why);
                    else judge(c, k, &r);
                }
    record_free(&r);
    return right;
}

static void accept_formula(conclusion *c, const key *k, int tree)
{
    char what[100];
    record r = { 0 };
    if (formula_forbidden(th, tree, k->use, k->without, &known_names, what)) {
        conclude(c, WRONG, "What you have written is true, but it uses %s, and this exercise asks you to do without. You may use: %s.\n", what, k->use);
        return;
    }
    c->state = RIGHT;
    open_given(k);
    formula_values(&r, &instances[RECORDED], KEY_SEALED_SEED, tree, &k->cases, NULL);
    open_envelope(c, k, &r);
    record_free(&r);
}

static void grade_formula(conclusion *c, const key *k)
{
    submission s;
    derivation d;
    const int before = th->node_count;
    if (find_answer(&s, c, k, ".txt") == 0 && read_formula(&d, c, k, s.text) == 0) {
        int i = 1;
        drop_question(&d.e);
        while (i < d.e.members && judge_member(c, k, &d.e, i)) i++;
        if (i == d.e.members) accept_formula(c, k, d.e.member[i - 1]);
        else if (d.e.members > 2) conclude(c, WRONG, "That is about member %d of the %d in your chain, the first that is wrong.\n", i, d.e.members - 1);
    }
    th->node_count = before;
    free(s.text);
}

/* Grade shapes */
/* Finds the answer to a question in the file; "" if there is none. */
static void shape_answer(char answer[200], const char *file, const char *expression)
{
    const size_t length = strlen(expression);
    answer[0] = '\0';
    for (const char *s = file; *s; s += strcspn(s, "\n"), s += *s == '\n') {
        s += strspn(s, " \t");
        if (strncmp(s, expression, length) != 0) continue;
        const char *at = s + length + strspn(s + length, " \t");
        if (*at != ':') continue;
        at += 1 + strspn(at + 1, " \t");
        snprintf(answer, 200, "%.*s", (int)strcspn(at, "\r\n") < 199 ? (int)strcspn(at, "\r\n") : 199, at);
        return;
    }
}

static int mended(const shape_text *s, uint64_t hash, int exercise)
{
    return shape_text_match(s, hash, exercise) >= 0;
}

static int lacks_times(const shape_text *s)
{
    int lacks = 0;
    for (int i = 0; i < s->count; i++) lacks |= !s->axis[i].timed && strchr("mnlR", s->axis[i].kind) != NULL;
    return lacks;
}

static const char *diagnose_shape(const shape_text *s, uint64_t hash, int exercise)
{
    static const char TIMES[] = "tTusk";
    shape_text x = *s;
    x.axis[0] = s->axis[1];
    x.axis[1] = s->axis[0];
    if (s->count == 2 && mended(&x, hash, exercise)) return "the axes are swapped";
    /* Try other times */
    for (int i = 0; i < s->count; i++)
        for (int j = 0; j < s->count; j++)
            for (int n = 0; n < 7 * 7 * 5; n++) {
                x = *s;
                x.axis[i].timed = x.axis[j].timed = 1;
                x.axis[i].offset = n % 7 - 3;
                x.axis[j].offset = n / 7 % 7 - 3;
                x.axis[i].base = x.axis[j].base = TIMES[n / 49];
                if (mended(&x, hash, exercise))
                    return lacks_times(s) ? "the sizes are right, and a time is missing"
                                          : "the sizes are right, the times are not";
            }
    /* Try other sizes */
    for (int i = 0; i < s->count; i++)
        for (const char *kind = "1mnlBRp"; *kind; kind++)
            for (int timed = 0; timed < 2; timed++) {
                x = *s;
                x.axis[i].kind = *kind;
                if (timed && i > 0) x.axis[i] = x.axis[0], x.axis[i].kind = *kind;
                if (mended(&x, hash, exercise))
                    return i == 0 ? "the first size is wrong" : i == 1 ? "the second size is wrong" : "the third size is wrong";
            }
    return NULL;
}

/* Judges one; adds its normal form to r if it is right. Returns whether it is. */
static int judge_shape(conclusion *c, const key *k, int i, const char *answer, record *r)
{
    shape_text s;
    char text[80];
    const char *expression = k->asked[i].expression;
    if (*answer == '\0') return conclude(c, WRONG, "%s: there is no answer yet.\n", expression), 0;
    if (shape_text_read(&s, answer) != 0)
        return conclude(c, WRONG, "%s: “%s” is not a shape; write something like n_t x n_{t-1}.\n", expression, answer), 0;
    const int mask = shape_text_match(&s, k->asked[i].hash, k->number);
    if (mask < 0) {
        const char *why = diagnose_shape(&s, k->asked[i].hash, k->number);
        return conclude(c, WRONG, "%s: %s is not right%s%s.\n", expression, answer, why ? "; " : "", why ? why : ""), 0;
    }
    shape_text_normal(text, &s, (unsigned)mask);
    const int length[1] = { (int)strlen(text) };
    array *a = record_add(r, KEY_SEALED_SEED, expression, 1, length);
    for (size_t n = 0; a && n < a->count; n++) a->number[n] = text[n];
    return 1;
}

static void grade_shapes(conclusion *c, const key *k)
{
    char answer[KEY_ASKED_MAX][200];
    submission s;
    record r = { 0 };
    int written = 0, right = 0;
    const int found = find_answer(&s, c, k, ".txt") == 0;
    for (int i = 0; found && i < k->asked_count; i++) {
        shape_answer(answer[i], s.text, k->asked[i].expression);
        written += answer[i][0] != '\0';
    }
    for (int i = 0; written && i < k->asked_count; i++) right += judge_shape(c, k, i, answer[i], &r);
    if (written && right == k->asked_count) {
        c->state = RIGHT;
        open_envelope(c, k, &r);
    }
    record_free(&r);
    free(s.text);
}

/* Report to a person */
static void print_indented(const char *text)
{
    for (const char *s = text; *s; s++) {
        const unsigned char u = (unsigned char)*s, next = (unsigned char)s[1];
        if (s == text || s[-1] == '\n') fputs("      ", stdout);
        if (u == 0xc2 && next >= 0x80 && next < 0xa0) putchar('?'), s++;
        else putchar((u < ' ' && u != '\n' && u != '\t') || u == 127 ? '?' : u);
    }
}

static void print_conclusion(const conclusion *c, const key *k, int only)
{
    const int points = c->state == RIGHT ? k->points : 0;
    if (c->state == NOT_ATTEMPTED && !only) return;
    printf("%3d  %-44.44s %-14s %d/%d\n", k->number, k->title, STATE_NAMES[c->state], points, k->points);
    print_indented(c->text);
    if (only && c->state == RIGHT) print_indented(c->solution);
}

typedef struct { int count[STATES], exercises, points, most; } totals;

static void print_totals(const totals *t)
{
    const int width = 40, done = t->most ? width * t->points / t->most : 0;
    printf("\n[");
    for (int i = 0; i < width; i++) putchar(i < done ? '#' : '.');
    printf("] %d of %d points\n", t->points, t->most);
    printf("%d right, %d wrong, %d could not run, %d not attempted\n", t->count[RIGHT], t->count[WRONG],
           t->count[COULD_NOT_RUN], t->count[NOT_ATTEMPTED]);
}

/* Report to a machine */
static void write_string(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        const unsigned char u = (unsigned char)*s;
        if (u == '"' || u == '\\') fprintf(f, "\\%c", u);
        else if (u == '\n') fputs("\\n", f);
        else if (u < 32) fprintf(f, "\\u%04x", u);
        else fputc(u, f);
    }
    fputc('"', f);
}

/* The length of the character at u, or 0 if it is none: a byte too few, a form too long, half of a pair, or beyond the last. */
static int utf8_length(const unsigned char *u)
{
    static const struct { unsigned char first, last, from, to; int length; } FORMS[] = {
        { 0x01, 0x7f, 0, 0, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
        { 0xf4, 0xf4, 0x80, 0x8f, 4 } };
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        if (*u < FORMS[i].first || *u > FORMS[i].last) continue;
        if (FORMS[i].length > 1 && (u[1] < FORMS[i].from || u[1] > FORMS[i].to)) return 0;
        for (int n = 2; n < FORMS[i].length; n++)
            if ((u[n] & 0xc0) != 0x80) return 0;
        return FORMS[i].length;
    }
    return 0;
}

static void make_utf8(char *s)
{
    for (unsigned char *u = (unsigned char *)s; *u;) {
        const int length = utf8_length(u);
        if (length == 0) *u++ = '?';
        else u += length;
    }
}

static void write_result(FILE *f, const conclusion *c, const key *k, int first)
{
    char name[300];
    snprintf(name, sizeof name, "%d. %s", k->number, k->title);
    fprintf(f, "%s\n    {\"number\": \"%d\", \"name\": ", first ? "" : ",", k->number);
    write_string(f, name);
    fprintf(f, ", \"score\": %d, \"max_score\": %d, \"status\": \"%s\", \"output\": ",
            c->state == RIGHT ? k->points : 0, k->points, c->state == RIGHT ? "passed" : "failed");
    snprintf(name, sizeof name, "%s\n", STATE_NAMES[c->state]);
    char *all = malloc(strlen(name) + strlen(c->text) + 1);
    if (all) strcpy(all, name), strcat(all, c->text);
    write_string(f, all ? all : name);
    free(all);
    fputc('}', f);
}

/* Choose exercises */
/* Is this word of the length the exercise's number, a range with it inside, or its name? */
static int names(const char *word, size_t length, const key *k)
{
    char w[100];
    int from, to, used = 0;
    snprintf(w, sizeof w, "%.*s", (int)(length < 99 ? length : 99), word);
    if (sscanf(w, "%d-%d%n", &from, &to, &used) == 2 && w[used] == '\0') return from <= k->number && k->number <= to;
    if (sscanf(w, "%d%n", &from, &used) == 1 && w[used] == '\0') return from == k->number;
    char *suffix = strrchr(w, '.');
    if (suffix && (strcmp(suffix, ".c") == 0 || strcmp(suffix, ".txt") == 0)) *suffix = '\0';
    const size_t digits = strspn(w, "0123456789");
    return strcmp(w + (digits > 0 && w[digits] == '-' ? digits + 1 : 0), k->name) == 0;
}

/* Calls names for each word of the choice; sets its bit in used where it does. An empty choice is all. */
static int is_chosen(const char *choice, const key *k, unsigned *used)
{
    int found = choice[strspn(choice, " ,")] == '\0';
    for (int i = 0; *(choice += strspn(choice, " ,")); i++) {
        const size_t length = strcspn(choice, " ,");
        if (names(choice, length, k)) found = 1, *used |= 1u << (i & 31);
        choice += length;
    }
    return found;
}

/* Complains about the words of the choice that have named nothing; how many. */
static int unknown_words(const char *choice, unsigned used)
{
    int unknown = 0;
    for (int i = 0; *(choice += strspn(choice, " ,")); i++) {
        const size_t length = strcspn(choice, " ,");
        if (!(used & (1u << (i & 31))) && ++unknown)
            fprintf(stderr, "There is no exercise “%.*s”. Write EX=12, EX=8-10, EX=8,12, or EX=pick-slope.\n", (int)length, choice);
        choice += length;
    }
    return unknown;
}

/* Grade one exercise */
static void grade(conclusion *c, const key *k)
{
    *c = (conclusion){ .state = NOT_ATTEMPTED };
    if (strcmp(k->kind, "code") == 0) grade_code(c, k);
    else if (strcmp(k->kind, "shape") == 0) grade_shapes(c, k);
    else grade_formula(c, k);
    make_utf8(c->text);
}

static void add_up(totals *t, const conclusion *c, const key *k)
{
    t->count[c->state]++;
    t->exercises++;
    t->most += k->points;
    t->points += c->state == RIGHT ? k->points : 0;
}

/* Grade all exercises */
typedef struct {
    const char *choice;     // what the student has named; "" for all
    unsigned used;          // which words of it have named something
    int list_only;          // print names of files, and grade nothing
    FILE *results;
    totals t;
} session;

/* Grades the exercise of one key file, if it is chosen; -1 if the key is damaged. */
static int grade_key(const char *name, session *s)
{
    static conclusion c;
    char path[300], why[200];
    key k;
    snprintf(path, sizeof path, "key/%.250s.key", name);
    const int fine = key_read(&k, path, why) == 0;
    if (!fine) fprintf(stderr, "grade: %s\n", why);
    if (fine && is_chosen(s->choice, &k, &s->used)) {
        if (s->list_only) puts(name);
        else {
                 grade(&c, &k);
                 print_conclusion(&c, &k, *s->choice != '\0');
                 if (s->results) write_result(s->results, &c, &k, s->t.exercises == 0);
                 add_up(&s->t, &c, &k);
                 fflush(stdout);
             }
    }
    key_free(&k);
    return fine ? 0 : -1;
}

int main(int argc, char **argv)
{
    session s = { .choice = "" };
    size_t length;
    if (argc > 1 && strcmp(argv[1], "--list") == 0) s.list_only = 1, argc--, argv++;
    if (argc > 2) {
        fprintf(stderr, "usage: grade [--list] [EXERCISES]\n");
        return 2;
    }
    if (argc > 1) s.choice = argv[1] + strspn(argv[1], " ,");
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);         // no answer may look into the grader's memory
#endif
    char *keys = lines_read("key/contents", &length);
    if (keys == NULL || (!s.list_only && open_instances() != 0)) {
        fprintf(stderr, "grade: there is no key here; run it in the folder of the exercises\n");
        return 1;
    }
    /* Grade each, and write the results */
    int failed = 0;
    const int all = *s.choice == '\0' && !s.list_only;
    s.results = all ? fopen("results.json.new", "w") : NULL;
    if (s.results) fprintf(s.results, "{\"tests\": [");
    for (char *name = strtok(keys, "\n"); name; name = strtok(NULL, "\n"))
        failed |= grade_key(name, &s) != 0;
    if (all) print_totals(&s.t);
    if (s.results) {
        fprintf(s.results, "\n]}\n");
        failed |= fclose(s.results) != 0 || rename("results.json.new", "results.json") != 0;
    } else if (all) failed = 1;
    failed |= unknown_words(s.choice, s.used) > 0;
    free(keys);
    return failed;
}
