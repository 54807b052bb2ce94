/* generated from chapters/26-ledger.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "binding.h"
#include "mentions.h"
#include "theory.h"
#include "wrong.h"
#ifdef EQCHECK_GSL
#include "witness.h"
#endif
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The entries of the book */
enum { ENTRIES_MAX = 600 };
typedef struct {
    char *label, *file, *classes, *attributes, *latex;
    int line;
    equation e;
    parse_error error;
    shape found;
    verdict calculus;
    double gsl, code;           // the worst; meaningless unless the next two are set
    int witnessed, bound;       // has derivatives that GSL saw; an array of the C
    int mutants, by_shape, by_value, unevaluable, survived, bad;
    char message[400];
} entry;

static theory *th;
static binding *c_program;
static entry book[ENTRIES_MAX];
static int entries;

static int has_class(const entry *x, const char *name)
{
    return strstr(x->classes, name) != NULL;
}

/* Read the book */
/* Cuts a line at its tabs, in place; returns the number of fields. */
static int cut(char *line, char **field, int most)
{
    int n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *s = line; s && n < most; s = strchr(s, '\t'), s = s ? (*s++ = '\0', s) : NULL)
        field[n++] = s;
    return n;
}

static int read_entry(const char *line)
{
    char *f[6], *copy = strdup(line);
    if (copy == NULL || cut(copy, f, 6) != 6 || entries == ENTRIES_MAX) {
        free(copy);
        return -1;
    }
    book[entries++] = (entry){ .label = f[0], .file = f[1], .line = atoi(f[2]),
        .classes = f[3], .attributes = f[4], .latex = f[5] };
    return 0;
}

static int parse_entry(entry *x)
{
    shape_error error;
    if (has_class(x, "prose") || has_class(x, "shape")) return 0;
    if (grammar_parse(th, &x->e, x->latex, has_class(x, "seed"), &x->error) != PARSE_OK) return -1;
    if (has_class(x, "inline")) x->e.definition = 0;
    if (!x->e.definition || has_class(x, "seed")) return 0;
    const int fits = shapes_check(th, &x->e, SHAPES_TAGGED, &x->found, &error) == 0;
    if (fits && evaluate_define(th, &x->e) == 0) return 0;
    snprintf(x->error.message, sizeof x->error.message, "%.190s", fits ? "more definitions than there is room for, or one of what is no symbol" : error.message);
    x->error.status = PARSE_SYNTAX;
    return -1;
}

static int unread;              // definitions that could not be read: without them the network is another

static int read_book(const char *path)
{
    char line[8192];
    FILE *f = fopen(path, "r");
    if (f == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1;
    for (int n = 0; fgets(line, sizeof line, f); n++)
        if ((strchr(line, '\n') == NULL && !feof(f)) || (n > 0 && read_entry(line) != 0)) {
            fprintf(stderr, "eqcheck: %s: line %d is not an equation of six fields, or one too many or too long\n", path, n + 1);
            return fclose(f), -1;
        }
    fclose(f);
    return 0;
}

static void parse_entries(void)
{
    for (int i = 0; i < entries; i++)
        unread += parse_entry(&book[i]) != 0 && strstr(book[i].latex, "\\coloneqq") != NULL;
}

extern const char *const book_lines[];      // lines of equations.tsv, and a null pointer

static int read_theory(void)
{
    for (const char *const *line = book_lines; *line; line++)
        if (read_entry(*line) != 0) return fprintf(stderr, "eqcheck: its definitions are damaged\n"), -1;
    return 0;
}

/* Instances */
enum { DENSE = INSTANCE_COUNT, INSTANCES = 2 * INSTANCE_COUNT };
static instance instances[INSTANCES];       // the dense ones, then the others
static instance *const real_text = &instances[DENSE];
static int chosen;              // --at was given: one instance only
static int make_instances(const char *at)
{
    int T, m, n, l, failed = 0;
    unsigned long long seed;
    for (int i = 0; i < INSTANCES && at == NULL; i++)
        failed |= instance_alloc_sizes(&instances[i], th, (uint64_t)i + 1, &INSTANCE_SIZES[i % DENSE], i >= DENSE);
    if (at == NULL) return failed;
    int end = 0;
    if (sscanf(at, "%d,%d,%d,%d,%llu%n", &T, &m, &n, &l, &seed, &end) != 5 || at[end]) return -1;
    if (T < 1 || T > 12 || m < 1 || m > 12 || n < 1 || n > 12 || l < 1 || l > 12) return -1;
    chosen = 1;
    return instance_alloc(&instances[0], th, seed, T, m, n, l, 0);
}

/* The worst verdict over some instances; the first that is not ok ends it. */
static verdict evaluate_on(const equation *e, instance *in, int count)
{
    verdict worst = { .kind = V_OK }, v;
    for (int i = 0; i < count; i++) {
        evaluate_equation(&in[i], e, &v);
        if (v.kind != V_OK) return v;
        if (i == 0 || !(v.error <= worst.error)) worst = v;
    }
    return worst;
}

static int mentions_text(const equation *e)
{
    static const char *const names[] = { "x", "y", "X", "Y", 0 };
    for (int i = 0; names[i]; i++)
        for (int j = 0; j < e->members; j++)
            if (grammar_mentions(th, e->member[j], grammar_symbol(th, names[i]))) return 1;
    return 0;
}

static verdict evaluate_everywhere(const equation *e)
{
    if (chosen) return evaluate_on(e, instances, 1);
    const verdict dense = evaluate_on(e, instances, DENSE + 1);
    if (dense.kind == V_OK || !mentions_text(e)) return dense;
    verdict hot = evaluate_on(e, real_text, INSTANCES - DENSE);
    hot.one_hot = 1;
    return hot.kind == V_OK ? hot : dense;
}

/* Answer one equation */
/* Shows the place on standard error, with at most 60 bytes before and after it. */
static void caret(const char *latex, int column)
{
    const int length = (int)strlen(latex), at = column > 0 ? column - 1 : 0;
    const int from = at > 60 ? at - 60 : 0, to = length > at + 60 ? at + 60 : length;
    if (isatty(0)) return;
    fprintf(stderr, "    %.*s\n    %*s^\n", to - from, latex + from, at - from, "");
}

static int complain(const char *word, int column, const char *message, const char *latex)
{
    printf("%s at column %d: %s\n", word, column, message);
    caret(latex, column);
    return 1;
}

/* " (for one-hot x_t and y_t)": the rows of the text that an equation mentions. */
static const char *for_whom(const equation *e)
{
    static char text[80];
    static const char *const names[] = { "x", "y", "X", "Y", 0 };
    size_t used = 0;
    for (int i = 0; names[i]; i++) {
        int mentioned = 0;
        for (int j = 0; j < e->members; j++)
            mentioned |= grammar_mentions(th, e->member[j], grammar_symbol(th, names[i]));
        if (mentioned)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s_t", used ? " and " : " (for one-hot ", names[i]);
    }
    strcpy(text + used, ")");
    return text;
}

static const char *primed(int tree)
{
    if (tree == NONE_NODE) return NULL;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL && strchr(th->symbols[k->symbol].name, '\'')) return th->symbols[k->symbol].latex;
    const char *left = primed(k->left);
    return left ? left : primed(k->right);
}

static void explain_prime(char *message, size_t size, const equation *e)
{
    const size_t used = strlen(message);
    const char *symbol = NULL;
    for (int i = 0; i < e->members && !symbol; i++) symbol = primed(e->member[i]);
    if (symbol) snprintf(message + used, size - used, "; %s is a symbol of its own: for the transpose write ^\\top", symbol);
}

/* Name a mistake */
typedef struct {
    const equation *asked;
    const char *what;           // what was done to the book's equation; NULL: not found
} search;

static void compare_mutant(void *data, const char *what, const equation *mutant)
{
    search *s = data;
    const equation *e = s->asked;
    if (s->what || !grammar_same(th, mutant->member[0], e->member[0])) return;
    for (int i = 1; i < mutant->members; i++)
        if (grammar_same(th, mutant->member[i], e->member[e->members - 1])) s->what = what;
}

static const char *mutant_of(const entry *x, const equation *e)
{
    search s = { e, NULL };
    shape_error error;
    shape found;
    if (x->error.status != PARSE_OK || x->e.members < 2 || has_class(x, "seed") || has_class(x, "inline")) return NULL;
    if (!grammar_same(th, x->e.member[0], e->member[0])) return NULL;
    if (shapes_check(th, &x->e, SHAPES_TAGGED, &found, &error) == 0) mutants_of(th, &x->e, compare_mutant, &s);
    return s.what;
}

static void name_mistake(char *message, size_t size, const equation *e)
{
    const size_t used = strlen(message);
    const wrong_formula *w = wrong_known(e, &instances[0]);
    if (w) snprintf(message + used, size - used, "; mistake %d, %s: %s", w->number, w->label, w->diagnosis);
    for (int i = 0; i < entries && !w; i++) {
        const char *what = mutant_of(&book[i], e);
        if (!what) continue;
        snprintf(message + used, size - used, "; this is %s with %s", book[i].label, what);
        return;
    }
}

static int answer(const char *latex, int seed)
{
    static const char *const words[] = { "ok", "shape", "wrong", "unknown", "syntax" };
    parse_error error;
    shape_error shapes;
    equation e;
    shape found;
    char text[100];
    parse_status status = grammar_parse(th, &e, latex, seed, &error);
    if (status != PARSE_OK)
        return complain(status == PARSE_UNKNOWN ? "unknown" : "syntax", error.column, error.message, latex);
    if (shapes_check(th, &e, SHAPES_TAGGED, &found, &shapes) != 0) {
                                                                       char message[800];
                                                                       snprintf(message, sizeof message, "%s", shapes.message);
                                                                       name_mistake(message, sizeof message, &e);
                                                                       explain_prime(message, sizeof message, &e);
                                                                       return complain("shape", shapes.column, message, latex);
                                                                   }
    shapes_print(th, text, &found, 0);
    verdict v = evaluate_everywhere(&e);
    if (v.kind != V_OK) {
                            char message[800];
                            if (v.kind == V_WRONG && !v.unevaluable)
                                snprintf(message, sizeof message, "error %.1e, shape %s; %s", v.error, text, v.message);
                            else snprintf(message, sizeof message, "%s", v.message);
                            if (v.kind == V_WRONG) name_mistake(message, sizeof message, &e);
                            explain_prime(message, sizeof message, &e);
                            return complain(words[v.kind], v.column, message, latex);
                        }
    printf("ok %.1e, %s%s\n", v.error, text, v.one_hot ? for_whom(&e) : "");
    return 0;
}

/* Answer standard input */
enum { LINE_MAX_LENGTH = 8192 };

/* Returns 0; -1 at the end; or the column, from 1, at which the line became unreadable. */
static int read_line(char *line)
{
    int c = getchar(), length = 0, bad = 0;
    if (c == EOF) return -1;
    for (; c != '\n' && c != EOF; c = getchar()) {
        if (!bad && (c == '\0' || length == LINE_MAX_LENGTH - 1)) bad = length + 1;
        if (!bad && c != '\r') line[length++] = (char)c;
    }
    line[length] = '\0';
    return bad;
}

static int answer_all(void)
{
    char line[LINE_MAX_LENGTH];
    int bad = 0;
    for (int column; (column = read_line(line)) >= 0;) {
        const char *text = line + strspn(line, " \t");
        int mark = th->node_count;
        if (column) {
            printf("syntax at column %d: a zero byte, or a line longer than %d bytes\n", column, LINE_MAX_LENGTH - 1);
            bad = 1;
        } else if (*text != '\0' && *text != '%') bad |= answer(line, 0);
        th->node_count = mark;
        fflush(stdout);
    }
    return bad;
}

/* Check one entry */
static int refuse(entry *x, const char *what, int column, const char *message)
{
    snprintf(x->message, sizeof x->message, "%s at column %d: %.300s", what, column, message);
    return -1;
}

#ifdef EQCHECK_GSL
static void check_with_gsl(entry *x)
{
    instance *in = x->calculus.one_hot ? real_text : &instances[0];
    witness w = { .in = in };
    verdict v;
    in->watch = witness_watch;
    in->watcher = &w;
    evaluate_equation(in, &x->e, &v);
    in->watch = NULL;
    x->witnessed = w.derivatives > 0;
    x->gsl = w.worst;
}
#else
static void check_with_gsl(entry *x) { (void)x; }
#endif
static int check_users(entry *x)
{
    const int symbol = th->nodes[x->e.member[0]].symbol;
    int users = 0;
    char message[300];
    for (int i = 0; i < entries; i++) {
        const entry *y = &book[i];
        if (!y->e.definition || y->error.status != PARSE_OK || !grammar_mentions(th, y->e.member[1], symbol)) continue;
        const binding_result r = binding_compare(c_program, &y->e);
        users += r.compared > 0;
        snprintf(message, sizeof message, "%s, which uses it: %.200s", y->label, r.message);
        if (r.bound && !(r.error <= TOLERANCE)) return refuse(x, "code", 1, message);
    }
    return users ? 0 : refuse(x, "code", 1, "a definition that no array of the C depends on");
}

static int check_entry(entry *x)
{
    shape_error shapes;
    if (x->error.status != PARSE_OK)
        return refuse(x, x->error.status == PARSE_UNKNOWN ? "unknown" : "syntax", x->error.column, x->error.message);
    if (shapes_check(th, &x->e, SHAPES_TAGGED, &x->found, &shapes) != 0)
        return refuse(x, "shape", shapes.column, shapes.message);
    x->calculus = evaluate_everywhere(&x->e);
    if (x->calculus.kind != V_OK)
        return refuse(x, x->calculus.kind == V_WRONG ? "wrong" : "unknown", x->calculus.column, x->calculus.message);
    check_with_gsl(x);
    if (x->witnessed && !(x->gsl <= 1)) return refuse(x, "gsl", 1, "a derivative is further from GSL's than GSL's own estimate of its error");
    /* Compare the entry with the C */
    binding_result r = binding_compare(c_program, &x->e);
    x->bound = r.bound;
    x->code = r.error;
    if (r.bound && !r.compared) return refuse(x, "code", 1, "bound to C, but nothing was compared");
    if (r.bound && !(r.error <= TOLERANCE)) return refuse(x, "code", 1, r.message);
    if (x->e.definition && !r.bound) return check_users(x);
    return 0;
}

/* Check the mutants of an entry */
typedef struct { entry *x; char survivors[2000]; } hunt;
static struct { int all, plain, tagged, value, unevaluable, first_plain, first_tagged, first_value, first_unevaluable; } total;

/* Calls visit for every kind in survives="kind, kind: reason; kind: reason"; returns the sum. */
static int each_announced(const entry *x, int (*visit)(const char *kind, const char *with), const char *with)
{
    const char *s = strstr(x->attributes, "survives=\"");
    int sum = 0;
    for (s = s ? s + strlen("survives=\"") : ""; *s && *s != '"';) {
        const char *colon = s + strcspn(s, ":;\"");
        for (colon = *colon == ':' ? colon : s; s < colon;) {
            char kind[60];
            size_t length = strcspn(s, ",:\"");
            snprintf(kind, sizeof kind, "%.*s", (int)length, s);
            sum += visit(kind, with);
            s += length + strspn(s + length, ", ");
        }
        s += strcspn(s, ";\"");
        s += strspn(s, "; ");
    }
    return sum;
}

static int is_kind(const char *kind, const char *what) { return strcmp(kind, what) == 0; }
static int is_missing(const char *kind, const char *survivors) { return strstr(survivors, kind) == NULL; }

/* The mutant's text is its kind: is it announced in survives="…"? */
static int announced(const entry *x, const char *what) { return each_announced(x, is_kind, what) > 0; }

static void try_mutant(void *data, const char *what, const equation *mutant)
{
    hunt *h = data;
    caught c = h->x->calculus.one_hot ? mutants_try(mutant, real_text, INSTANCES - DENSE)
               : mutants_try(mutant, instances, DENSE + 1);
    h->x->mutants++;
    /* Count what caught the mutant */
    total.all++;
    total.plain += c.plain;
    total.tagged += c.tagged;
    total.value += c.value;
    total.unevaluable += c.unevaluable;
    total.first_plain += c.plain;
    total.first_tagged += !c.plain && c.tagged;
    total.first_value += c.first == V_WRONG;
    total.first_unevaluable += c.first == V_UNKNOWN;
    h->x->by_shape += c.first == V_SHAPE;
    h->x->by_value += c.first == V_WRONG;
    h->x->unevaluable += c.first == V_UNKNOWN;
    if (c.first != V_OK) return;
    size_t used = strlen(h->survivors);
    snprintf(h->survivors + used, sizeof h->survivors - used, "%s%s", used ? "; " : "", what);
    h->x->survived++;
    if (!announced(h->x, what)) h->x->bad++;
}

static int check_mutants(entry *x)
{
    hunt h = { x, "" };
    shape_error error;
    shapes_check(th, &x->e, SHAPES_TAGGED, &x->found, &error);
    if (mutants_of(th, &x->e, try_mutant, &h) != 0 || strlen(h.survivors) > sizeof h.survivors - 100)
        return snprintf(x->message, sizeof x->message, "there is no room for its mutants, or for the names of the survivors"), -1;
    if (x->bad) {
        snprintf(x->message, sizeof x->message, "mutants survive without a reason: %.300s", h.survivors);
        return -1;
    }
    if (each_announced(x, is_missing, h.survivors) > 0) {
        snprintf(x->message, sizeof x->message, "survivors are announced that did not survive; these did: %.200s", h.survivors);
        return -1;
    }
    return 0;
}

/* Write the ledger */
static const char *number(double x, const char *format)
{
    static char text[4][32];
    static int next;
    char *s = text[next = (next + 1) % 4];
    if (isnan(x)) strcpy(s, "-");
    else snprintf(s, 32, format, x);
    return s;
}

static const char *gsl_of(const entry *x) { return x->witnessed ? number(x->gsl, "%.2f") : "-"; }
static const char *code_of(const entry *x) { return x->bound ? number(x->code, "%.1e") : "-"; }

static const char *kind_of(const entry *x)
{
    return has_class(x, "prose") ? "prose" : has_class(x, "seed") ? "seed" : has_class(x, "inline") ? "inline"
           : x->e.definition ? "definition" : "claim";
}

static void write_row(FILE *f, const entry *x, int passed)
{
    char text[100] = "-";
    if (x->found.rank && !has_class(x, "prose") && !has_class(x, "seed")) shapes_print(th, text, &x->found, 0);
    int executed = !has_class(x, "prose") && !has_class(x, "seed");
    fprintf(f, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\t%d\t%s\n", x->label, x->file, x->line,
            kind_of(x), text, executed ? number(x->calculus.error, "%.1e") : "-", gsl_of(x), code_of(x), x->mutants,
            x->by_shape, x->by_value, x->survived, passed ? has_class(x, "prose") ? "prose" : "ok" : "FAILED",
            x->unevaluable, x->calculus.one_hot ? "one-hot" : "any");
}

static FILE *ledger_file, *shapes_file, *errata_file, *wrong_file;

static void write_shapes(entry *x)
{
    char line[2000];
    shape_error error;
    if (!shapes_file || x->e.members == 0 || x->error.status != PARSE_OK || has_class(x, "inline")) return;
    if (shapes_check(th, &x->e, SHAPES_TAGGED, &x->found, &error) != 0 || shapes_scalar(th, x->e.member[0])) return;
    shapes_line(th, line, sizeof line, &x->e);
    fprintf(shapes_file, "%s\t%s\n", x->label, line);
}

/* Check what sentences say */
static int check_stated_shape(entry *x)
{
    shape_error error;
    if (shapes_claim(th, x->latex, &error) == 0) return x->calculus.error = NAN, 0;
    return refuse(x, "shape", error.column, error.message);
}

typedef struct { char *file, *line, *kind, *label, *latex, *note; } formula_row;
static struct { int parsed, named, marked; } said;

static void report(int passed, const char *what, const char *message);

/* One line of formulas.tsv; returns 1 if it is as it should be. */
static int check_formula(const formula_row *f)
{
    char message[300] = "", what[400];
    const int fact = strcmp(f->kind, "fact") == 0 || strcmp(f->kind, "prose") == 0, given = strcmp(f->kind, "given") == 0;
    if (fact || given) {
        said.marked++;
        if (given || *f->note) return 1;
        snprintf(message, sizeof message, "marked without a reason");
    } else if (strcmp(f->kind, "mention") != 0) return 1;
    mention found = MENTION_UNKNOWN;
    if (!*message) found = mentions_check(th, f->latex, message, sizeof message);
    said.parsed += found == MENTION_PARSED;
    said.named += found == MENTION_NAMED;
    if (found != MENTION_UNKNOWN) return 1;
    snprintf(what, sizeof what, "%.100s:%.10s: $%.250s$", f->file, f->line, f->latex);
    return report(0, what, message), 0;
}

static void report_file(const char *file, int right)
{
    char what[300];
    snprintf(what, sizeof what, "%s: %d formulas in sentences", file, right);
    if (*file) report(1, what, "");
}

static int check_formulas(const char *path)
{
    char line[8192], file[200] = "", *f[6];
    int right = 0;
    FILE *in = fopen(path, "r");
    if (in == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1;
    for (int n = 0; fgets(line, sizeof line, in); n++) {
        if (n == 0) continue;
        if (cut(line, f, 6) != 6) return fclose(in), fprintf(stderr, "eqcheck: %s: line %d\n", path, n + 1), -1;
        if (strcmp(file, f[0]) != 0) report_file(file, right), right = 0;
        snprintf(file, sizeof file, "%.190s", f[0]);
        right += check_formula(&(formula_row){ f[0], f[1], f[2], f[3], f[4], f[5] });
    }
    report_file(file, right);
    return fclose(in);
}

/* Check the book */
static const char *verdict_of_seed(entry *x, char *message, size_t size)
{
    shape_error shapes;
    if (x->error.status != PARSE_OK) {
        snprintf(message, size, "%s", x->error.message);
        return x->error.status == PARSE_UNKNOWN ? "unknown" : "syntax";
    }
    if (shapes_check(th, &x->e, SHAPES_TAGGED, &x->found, &shapes) != 0) {
        snprintf(message, size, "%s", shapes.message);
        return "shape";
    }
    verdict v = evaluate_everywhere(&x->e);
    snprintf(message, size, "%s", v.kind == V_OK ? "right" : v.message);
    return v.kind == V_OK ? "ok" : v.kind == V_WRONG ? "wrong" : "unknown";
}

static int check_seed(entry *x)
{
    char message[320], expected[40];
    const char *got = verdict_of_seed(x, message, sizeof message);
    snprintf(expected, sizeof expected, "verdict=\"%s\"", got);
    if (errata_file) fprintf(errata_file, "%s\t%s\t%s\n", x->label, got, message);
    snprintf(x->message, sizeof x->message, "%s: %.300s", got, message);
    return strstr(x->attributes, expected) ? 0 : -1;
}

static int check_prose(entry *x)
{
    if (strstr(x->attributes, "reason=\"")) return 0;
    snprintf(x->message, sizeof x->message, "prose without a reason");
    return -1;
}

static int check_any(entry *x)
{
    if (has_class(x, "prose")) return check_prose(x);
    if (has_class(x, "seed")) return check_seed(x);
    if (has_class(x, "shape")) return check_stated_shape(x);
    if (check_entry(x) != 0) return -1;
    write_shapes(x);
    return check_mutants(x);
}

typedef struct { const char *equations, *ledger, *shapes, *errata, *summary, *wrong, *formulas, *only, *at; } options;
static int tests, failures;

static void report(int passed, const char *what, const char *message)
{
    failures += !passed;
    printf("%sok %d - %s%s%s\n", passed ? "" : "not ", ++tests, what, *message ? ": " : "", message);
}

static void report_entry(entry *x, int passed)
{
    char what[300];
    snprintf(what, sizeof what, "%s (%s:%d) calculus %s gsl %s code %s mutants %d", x->label, x->file,
             x->line, number(x->calculus.error, "%.0e"), gsl_of(x), code_of(x), x->mutants);
    report(passed, what, passed ? "" : x->message);
    if (ledger_file) write_row(ledger_file, x, passed);
}

static void check_promises(void)
{
    int prose = 0, executed = 0, twice = 0, mutants = 0, displayed = 0;
    char text[100];
    for (int i = 0; i < entries; i++) {
        for (int j = 0; j < i; j++) twice += strcmp(book[i].label, book[j].label) == 0;
        if (has_class(&book[i], "inline")) continue;
        displayed++;
        prose += has_class(&book[i], "prose");
        executed += !has_class(&book[i], "prose") && !has_class(&book[i], "seed");
        mutants += book[i].mutants;
    }
    snprintf(text, sizeof text, "%d of %d displayed equations are prose", prose, displayed);
    report(displayed > 0 && prose * 10 <= displayed, text, "");
    snprintf(text, sizeof text, "%d mutants of %d equations", mutants, executed);
    report(mutants >= 10 * executed, text, "");
    report(twice == 0, "all labels differ", "");
}

static struct { int all, plain, tagged, value, value_alone; } named;

static int in_book(const char *label)
{
    for (int i = 0; i < entries; i++)
        if (strcmp(book[i].label, label) == 0) return 1;
    return 0;
}

static void check_wrong(const wrong_formula *row)
{
    char what[300];
    const caught c = mutants_try(&row->e, instances, DENSE + 1);
    const wrong_formula *known = wrong_known(&row->e, &instances[0]);
    const char *message = c.first == V_OK || (row->fits && evaluate_everywhere(&row->e).kind == V_OK) ? "it was not refused" : !in_book(row->label) ? "no such equation"
                          : !known || known->number != row->number ? "it was not known by its number" : "";
    const char *net = c.plain ? "plain shape" : c.tagged ? "tagged shape" : "value";
    snprintf(what, sizeof what, "mistake %d, %s, refused by %s: %s", row->number, row->label, net, row->diagnosis);
    report(*message == '\0', what, message);
    /* Count what refused the mistake */
    named.all++;
    named.plain += c.plain;
    named.tagged += !c.plain && c.tagged;
    named.value += !c.plain && !c.tagged && c.value;
    named.value_alone += c.value;
    if (wrong_file) fprintf(wrong_file, "%d\t%d\t%s\t%s\t%s\n", named.all, row->number, row->label, net, row->latex);
}

static void write_summary(const char *path)
{
    FILE *f = fopen(path, "w");
    if (f == NULL) return;
    fprintf(f, "net\tfirst\talone\n");
    fprintf(f, "mutants\t%d\t%d\n", total.all, total.all);
    fprintf(f, "plain\t%d\t%d\n", total.first_plain, total.plain);
    fprintf(f, "tagged\t%d\t%d\n", total.first_tagged, total.tagged);
    fprintf(f, "value\t%d\t%d\n", total.first_value, total.value);
    fprintf(f, "survived\t%d\t%d\n", total.all - total.first_plain - total.first_tagged - total.first_value
            - total.first_unevaluable, total.all - total.value - total.unevaluable);
    fprintf(f, "unevaluable\t%d\t%d\n", total.first_unevaluable, total.unevaluable);
    fprintf(f, "equations\t%d\t%d\n", entries, entries);
    fprintf(f, "mentions\t%d\t%d\n", said.parsed + said.named, said.parsed);
    fprintf(f, "mistakes\t%d\t%d\n", named.all, named.all);
    fprintf(f, "mistakes-plain\t%d\t%d\n", named.plain, named.plain);
    fprintf(f, "mistakes-tagged\t%d\t%d\n", named.tagged, named.plain + named.tagged);
    fprintf(f, "mistakes-value\t%d\t%d\n", named.value, named.value_alone);
    fclose(f);
}

static int check_book(const options *o)
{
    if (ledger_file)
        fputs("equation\tchapter\tline\tkind\tshape\terr_calculus\terr_gsl\terr_code\t"
              "mutants\tkilled_by_shape\tkilled_by_value\tsurvived\tverdict\tnot_evaluable\trows\n", ledger_file);
    if (errata_file) fputs("label\tverdict\tmessage\n", errata_file);
    if (wrong_file) fputs("row\tnumber\tequation\tnet\tlatex\n", wrong_file);
    for (int i = 0; i < entries; i++)
        if (!o->only || has_class(&book[i], o->only)) report_entry(&book[i], check_any(&book[i]) == 0);
    if (o->formulas && check_formulas(o->formulas) != 0) report(0, "all formulas in sentences can be read", "");
    if (!o->only) check_promises();
    for (int i = 0; !o->only && wrong_row(th, i); i++) check_wrong(wrong_row(th, i));
    if (o->summary) write_summary(o->summary);
    printf("1..%d\n", tests);
    return failures != 0;
}

/* Understand the command line */
static const char USAGE[] =
"usage: eqcheck [--equations FILE] [--at T,m,n,l,seed]        equations on standard input\n"
"       eqcheck --equations FILE --ledger FILE [--shapes FILE] [--errata FILE] [--summary FILE]\n"
"               [--wrong FILE] [--formulas FILE] [--only CLASS]\n"
"\n"
"Reads one equation per line, in LaTeX, and answers each with a line that begins with\n"
"  ok       both sides agree; the largest relative error and the shape follow, and for\n"
"           which rows of the text, if it needs them to be one-hot\n"
"  shape    the shapes do not fit\n"
"  wrong    the shapes fit, the values differ\n"
"  unknown  a symbol that is not in the notation table, or an index out of its range\n"
"  syntax   not an equation of the language\n"
"\n"
"  --equations FILE  equations with the definitions that are the network\n"
"                    (default: the definitions of the book, which are in this program)\n"
"  --formulas FILE   all formulas in sentences, whose symbols have to exist\n"
"  --only CLASS      check only the equations of this class, such as inline\n"
"  --at T,m,n,l,seed try one random network of these sizes, each at most 12\n"
"\n"
"Exit status: 0 all are ok, 1 some are not, 2 wrong usage.\n"
"Example: echo '\\frac{\\partial L}{\\partial b_h} = \\sum_{t=1}^{T} \\delta^z_t' | build/eqcheck\n";
static int read_options(options *o, int argc, char **argv)
{
    static const struct option known[] = {
        { "equations", 1, 0, 'e' }, { "ledger", 1, 0, 'l' }, { "shapes", 1, 0, 's' },
        { "errata", 1, 0, 'r' }, { "summary", 1, 0, 'm' }, { "wrong", 1, 0, 'w' }, { "formulas", 1, 0, 'f' },
        { "only", 1, 0, 'o' }, { "at", 1, 0, 'a' }, { "help", 0, 0, 'h' }, { 0, 0, 0, 0 } };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        switch (c) {
        case 'e': o->equations = optarg; break;
        case 'l': o->ledger = optarg; break;
        case 's': o->shapes = optarg; break;
        case 'r': o->errata = optarg; break;
        case 'm': o->summary = optarg; break;
        case 'w': o->wrong = optarg; break;
        case 'f': o->formulas = optarg; break;
        case 'o': o->only = optarg; break;
        case 'a': o->at = optarg; break;
        case 'h': fputs(USAGE, stdout); exit(0);
        default: return -1;
        }
    return optind == argc ? 0 : -1;
}

static FILE *open_output(const char *path)
{
    FILE *f = path ? fopen(path, "w") : NULL;
    if (path && !f) {
        fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    return f;
}

static int close_output(FILE *f) { return f && fclose(f) != 0; }

int main(int argc, char **argv)
{
    options o = { 0 };
    if ((th = theory_alloc(&BOOK_NOTATION)) == NULL) return fprintf(stderr, "eqcheck: no theory\n"), 1;
    if (read_options(&o, argc, argv) != 0) return fputs(USAGE, stderr), 2;
    if (make_instances(o.at) != 0) {
        fprintf(stderr, "eqcheck: --at wants T,m,n,l,seed with sizes from 1 to 12\n");
        return 2;
    }
    if ((o.equations ? read_book(o.equations) : read_theory()) != 0) return 1;
    parse_entries();
    const int unreadable = wrong_start(th);
    if (unreadable)
        return fprintf(stderr, "eqcheck: row %d of the wrong formulas cannot be parsed\n", unreadable), 1;
    if (!o.ledger && unread)
        return fprintf(stderr, "eqcheck: %d definitions of the book cannot be read; run with --ledger to see which\n", unread), 1;
    if (!o.ledger) return answer_all();
    c_program = binding_alloc(real_text);
    if (c_program == NULL) return fprintf(stderr, "eqcheck: the C cannot be run\n"), 1;
    ledger_file = open_output(o.ledger);
    shapes_file = open_output(o.shapes);
    errata_file = open_output(o.errata);
    wrong_file = open_output(o.wrong);
    int failed = check_book(&o);
    return failed | close_output(ledger_file) | close_output(shapes_file) | close_output(errata_file)
        | close_output(wrong_file);
}
