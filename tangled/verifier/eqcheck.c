/* generated from chapters/26-ledger.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "binding.h"
#include "lines.h"
#include "mentions.h"
#include "report.h"
#include "theory.h"
#include "wrong.h"
#ifdef EQCHECK_GSL
#include "witness.h"
#endif
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The entries of the book */
enum { FIELDS = 6 };
typedef struct {
    char *text;                 // the line, which the next five point into
    char *label, *file, *classes, *attributes, *latex;
    int line, theory;           // the number of its theory
    equation e;
    parse_error error;
    shape found;
    verdict calculus;
    double gsl, code;           // the worst; meaningless unless the next two are set
    int witnessed, bound;       // has derivatives that GSL saw; an array of the C
    int mutants, by_shape, by_value, unevaluable, survived, bad;
    char message[400];
} entry;

static int has_class(const entry *x, const char *name)
{
    const size_t length = strlen(name);
    for (const char *s = x->classes; *s; s += strspn(s, " ")) {
        const size_t here = strcspn(s, " ");
        if (here == length && memcmp(s, name, length) == 0) return 1;
        s += here;
    }
    return 0;
}

static int is_executed(const entry *x) { return !has_class(x, "prose") && !has_class(x, "seed"); }

/* The state of the checker */
typedef struct { int all, plain, tagged, value, unevaluable; } tally;
enum { THEORIES_MAX = 8 };
typedef struct {
    theory *all[THEORIES_MAX];  // those of the book that are wanted, by their numbers; else NULL
    binding *ran[THEORIES_MAX]; // what the C computed for each
    theory *th;                 // the one that has the word,
    binding *arrays;            // and its arrays
    entry *list;                // (count) the book
    int count, unread;          // definitions that could not be read: the network is another then
    FILE *ledger, *shapes, *errata, *wrong;     // NULL: not wanted
    tally alone, first;         // mutants
    struct { int all, plain, tagged, value, value_alone; } named;   // wrong formulas
    struct { int parsed, named; } said;         // formulas in sentences
    int tests, failures;
} checker;

static instance *real_text(const checker *k) { return k->th->instances + THEORY_DENSE; }

/* Gives a theory the word; 0, or -1 if it is not one of those that are wanted. */
static int choose(checker *k, int number)
{
    k->th = number >= 0 ? k->all[number] : NULL;
    k->arrays = number >= 0 ? k->ran[number] : NULL;
    return k->th ? 0 : -1;
}

/* Read the book */
/* The number of the theory with this name; -1 if the book has no such theory. */
static int number_of(const char *name, size_t length)
{
    int i = 0;
    for (const char *s; i < THEORIES_MAX && (s = theory_name(i)) != NULL; i++)
        if (strlen(s) == length && memcmp(s, name, length) == 0) return i;
    return -1;
}

static int theory_of(const entry *x)
{
    static const char KEY[] = "theory=\"";
    const char *s = strstr(x->attributes, KEY);
    s = s ? s + sizeof KEY - 1 : "";
    return number_of(s, strcspn(s, "\""));
}

static int read_entry(checker *k, const char *line)
{
    if ((k->count & (k->count - 1)) == 0) {
        const size_t room = k->count ? 2 * (size_t)k->count : 1;
        entry *more = realloc(k->list, room * sizeof *more);
        if (more == NULL) return -1;
        k->list = more;
    }
    char *f[FIELDS], *copy = strdup(line);
    if (copy == NULL || lines_fields(copy, f, FIELDS) != FIELDS) return free(copy), -1;
    k->list[k->count] = (entry){ .text = copy, .label = f[0], .file = f[1], .line = atoi(f[2]),
        .classes = f[3], .attributes = f[4], .latex = f[5] };
    k->list[k->count].theory = theory_of(&k->list[k->count]);
    return k->list[k->count++].theory < 0 ? -1 : 0;
}

static int parse_entry(checker *k, entry *x)
{
    const int seed = has_class(x, "seed"), in_sentence = has_class(x, "inline");
    if (choose(k, x->theory) != 0 || has_class(x, "prose") || has_class(x, "shape")) return 0;
    if (grammar_parse(k->th, &x->e, x->latex, seed, &x->error) != PARSE_OK) return -1;
    if (in_sentence) x->e.definition = 0;
    if (x->e.definition && !seed && theory_adopt(k->th, &x->e, &x->error) != 0) return -1;
    if (seed || in_sentence || x->e.members < 2) return 0;
    return theory_claim(k->th, x->label, &x->e);
}

static void parse_entries(checker *k)
{
    for (int i = 0; i < k->count; i++)
        k->unread += parse_entry(k, &k->list[i]) != 0
            && strstr(k->list[i].latex, "\\coloneqq") != NULL;
}

static int read_book(checker *k, const char *path)
{
    size_t length;
    char *text = lines_read(path, &length), *rest = text;
    int n = 1, fine = 1;
    if (text == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1;
    lines_next(&rest);
    for (char *line; fine && (line = lines_next(&rest)) != NULL; n++)
        fine = read_entry(k, line) == 0;
    free(text);
    if (!fine)
        fprintf(stderr, "eqcheck: %s: line %d is not an equation of six fields, or of a theory that "
                        "the book does not have, or there is no memory\n", path, n);
    return fine ? 0 : -1;
}

extern const char *const book_lines[];      // lines of equations.tsv, and a null pointer

static int read_compiled(checker *k)
{
    for (const char *const *line = book_lines; *line; line++)
        if (read_entry(k, *line) != 0)
            return fprintf(stderr, "eqcheck: its definitions are damaged\n"), -1;
    return 0;
}

/* Answer standard input */
/* Shows the place on standard error, with at most 60 bytes before and after it. */
static void caret(const char *latex, int column)
{
    const int length = (int)strlen(latex), at = column > 0 ? column - 1 : 0;
    const int from = at > 60 ? at - 60 : 0, to = length > at + 60 ? at + 60 : length;
    if (isatty(0)) return;
    fprintf(stderr, "    %.*s\n    %*s^\n", to - from, latex + from, at - from, "");
}

static int answer(theory *th, const char *latex)
{
    judgement j;
    theory_judge(th, latex, &j);
    if (j.kind == V_OK) return printf("ok %s\n", j.message), 0;
    printf("%s at column %d: %s\n", theory_word(j.kind), j.column, j.message);
    caret(latex, j.column);
    return 1;
}

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

static int answer_all(theory *th)
{
    char line[LINE_MAX_LENGTH];
    int bad = 0;
    for (int column; (column = read_line(line)) >= 0;) {
        const char *text = line + strspn(line, " \t");
        if (column) {
            printf("syntax at column %d: a zero byte, or a line longer than %d bytes\n", column,
                   LINE_MAX_LENGTH - 1);
            bad = 1;
        } else if (*text != '\0' && *text != '%') bad |= answer(th, line);
        fflush(stdout);
    }
    return bad;
}

/* Write down what was found */
static void report(checker *k, int passed, const char *what, const char *message)
{
    k->failures += !passed;
    printf("%sok %d - %s%s%s\n", passed ? "" : "not ", ++k->tests, what, *message ? ": " : "",
           message);
}

typedef char cell[32];

static const char *number(cell text, double x, const char *format)
{
    if (isnan(x)) strcpy(text, "-");
    else snprintf(text, sizeof(cell), format, x);
    return text;
}

static const char *gsl_of(cell text, const entry *x)
{
    return number(text, x->witnessed ? x->gsl : NAN, "%.2f");
}
static const char *code_of(cell text, const entry *x)
{
    return number(text, x->bound ? x->code : NAN, "%.1e");
}

/* Check one entry */
static int refuse(entry *x, const char *what, int column, const char *message)
{
    snprintf(x->message, sizeof x->message, "%s at column %d: %.300s", what, column, message);
    return -1;
}

#ifdef EQCHECK_GSL
static void check_with_gsl(checker *k, entry *x)
{
    instance *in = x->calculus.one_hot ? real_text(k) : k->th->instances;
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
static void check_with_gsl(checker *k, entry *x) { (void)k, (void)x; }
#endif
static int check_users(checker *k, entry *x)
{
    const int symbol = k->th->nodes[x->e.member[0]].symbol;
    int users = 0;
    char message[300];
    for (int i = 0; i < k->count; i++) {
        const entry *y = &k->list[i];
        if (y->theory != x->theory || !y->e.definition || y->error.status != PARSE_OK) continue;
        if (!grammar_mentions(k->th, y->e.member[1], symbol)) continue;
        const binding_result r = binding_compare(k->arrays, &y->e);
        users += r.compared > 0;
        snprintf(message, sizeof message, "%s, which uses it: %.200s", y->label, r.message);
        if (r.bound && !(r.error <= TOLERANCE)) return refuse(x, "code", 1, message);
    }
    return users ? 0 : refuse(x, "code", 1, "a definition that no array of the C depends on");
}

static int check_with_code(checker *k, entry *x)
{
    const binding_result r = binding_compare(k->arrays, &x->e);
    x->bound = r.bound;
    x->code = r.error;
    if (r.bound && !r.compared) return refuse(x, "code", 1, "bound to C, but nothing was compared");
    if (r.bound && !(r.error <= TOLERANCE)) return refuse(x, "code", 1, r.message);
    const int spared = strstr(x->attributes, "unstored=\"") != NULL;
    const int wanted = x->e.definition && !r.bound && !spared && binding_stores(k->arrays);
    return wanted ? check_users(k, x) : 0;
}

static int check_entry(checker *k, entry *x)
{
    static const char FAR[] =
        "a derivative is further from GSL's than GSL's own estimate of its error";
    shape_error shapes;
    if (x->error.status != PARSE_OK)
        return refuse(x, x->error.status == PARSE_UNKNOWN ? "unknown" : "syntax", x->error.column,
                      x->error.message);
    if (shapes_check(k->th, &x->e, SHAPES_TAGGED, &x->found, &shapes) != 0)
        return refuse(x, "shape", shapes.column, shapes.message);
    x->calculus = theory_evaluate(k->th, &x->e);
    if (x->calculus.kind != V_OK)
        return refuse(x, theory_word(x->calculus.kind), x->calculus.column, x->calculus.message);
    check_with_gsl(k, x);
    if (x->witnessed && !(x->gsl <= 1)) return refuse(x, "gsl", 1, FAR);
    return check_with_code(k, x);
}

/* Check the mutants of an entry */
/* Calls visit for every kind in survives="kind, kind: reason; kind: reason"; returns the sum. */
static int each_announced(const entry *x, int (*visit)(const char *kind, const char *with),
                          const char *with)
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
static int is_missing(const char *kind, const char *survivors)
{
    return strstr(survivors, kind) == NULL;
}
static int announced(const entry *x, const char *what)
{
    return each_announced(x, is_kind, what) > 0;
}

typedef struct {
    checker *k;
    entry *x;
    char survivors[2000];
} hunt;

static void count_mutant(checker *k, entry *x, const caught *c)
{
    const int plain = c->plain, tagged = c->first == V_SHAPE && !c->plain;
    tally *alone = &k->alone, *first = &k->first;
    alone->all++, first->all++, x->mutants++;
    alone->plain += c->plain, first->plain += plain;
    alone->tagged += c->tagged, first->tagged += tagged;
    alone->value += c->value, first->value += c->first == V_WRONG;
    alone->unevaluable += c->unevaluable, first->unevaluable += c->first == V_UNKNOWN;
    x->by_shape += c->first == V_SHAPE;
    x->by_value += c->first == V_WRONG;
    x->unevaluable += c->first == V_UNKNOWN;
}

static void try_mutant(void *data, const char *what, const equation *mutant)
{
    hunt *h = data;
    const caught c = h->x->calculus.one_hot
        ? mutants_try(mutant, real_text(h->k), THEORY_INSTANCES - THEORY_DENSE)
                     : mutants_try(mutant, h->k->th->instances, THEORY_DENSE + 1);
    count_mutant(h->k, h->x, &c);
    if (c.first != V_OK) return;
    size_t used = strlen(h->survivors);
    snprintf(h->survivors + used, sizeof h->survivors - used, "%s%s", used ? "; " : "", what);
    h->x->survived++;
    if (!announced(h->x, what)) h->x->bad++;
}

static int check_mutants(checker *k, entry *x)
{
    hunt h = { k, x, "" };
    shape_error error;
    char *message = x->message;
    const size_t size = sizeof x->message;
    shapes_check(k->th, &x->e, SHAPES_TAGGED, &x->found, &error);
    if (mutants_of(k->th, &x->e, try_mutant, &h) != 0
        || strlen(h.survivors) > sizeof h.survivors - 100)
        return snprintf(message, size,
                        "there is no room for its mutants, or for the names of the survivors"), -1;
    if (x->bad)
        return snprintf(message, size, "mutants survive without a reason: %.300s", h.survivors), -1;
    if (each_announced(x, is_missing, h.survivors) > 0)
        return snprintf(message, size,
                        "survivors are announced that did not survive; these did: %.200s",
                        h.survivors), -1;
    return 0;
}

/* Write the ledger */
static const char *kind_of(const entry *x)
{
    static const char *const kinds[] = { "prose", "seed", "inline", 0 };
    for (int i = 0; kinds[i]; i++)
        if (has_class(x, kinds[i])) return kinds[i];
    return x->e.definition ? "definition" : "claim";
}

static void write_row(checker *k, const entry *x, int passed)
{
    char text[100] = "-";
    cell error, gsl, code;
    if (x->found.rank && is_executed(x)) shapes_print(k->th, text, &x->found, 0);
    fprintf(k->ledger, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\t%d\t%s\n", x->label,
            x->file, x->line,
            kind_of(x), text, number(error, is_executed(x) ? x->calculus.error : NAN, "%.1e"),
            gsl_of(gsl, x), code_of(code, x), x->mutants, x->by_shape, x->by_value, x->survived,
            !passed ? "FAILED" : has_class(x, "prose") ? "prose" : "ok",
            x->unevaluable, x->calculus.one_hot ? "one-hot" : "any");
}

static void write_shapes(checker *k, entry *x)
{
    char line[2000];
    shape_error error;
    if (!k->shapes || x->e.members == 0 || x->error.status != PARSE_OK || has_class(x, "inline"))
        return;
    if (shapes_check(k->th, &x->e, SHAPES_TAGGED, &x->found, &error) != 0) return;
    int i = 0;
    while (i < x->e.members && shapes_scalar(k->th, x->e.member[i])) i++;
    if (i == x->e.members) return;
    shapes_line(k->th, line, sizeof line, &x->e);
    fprintf(k->shapes, "%s\t%s\n", x->label, line);
}

/* Check what sentences say */
static int check_stated_shape(checker *k, entry *x)
{
    shape_error error;
    if (shapes_claim(k->th, x->latex, &error) == 0) return x->calculus.error = NAN, 0;
    return refuse(x, "shape", error.column, error.message);
}

enum { FORMULA_FIELDS = 7 };
typedef struct { char *file, *line, *kind, *label, *latex, *note, *theory; } formula_row;

/* One line of formulas.tsv; returns 1 if it is as it should be. */
static int check_formula(checker *k, const formula_row *f)
{
    char message[300] = "marked without a reason", what[400];
    const int fact = strcmp(f->kind, "fact") == 0 || strcmp(f->kind, "prose") == 0;
    const int mentioned = strcmp(f->kind, "mention") == 0;
    if (!fact && !mentioned) return 1;
    if (fact && *f->note) return 1;
    if (choose(k, number_of(f->theory, strlen(f->theory))) != 0) return 0;
    const mention found = mentioned ? mentions_check(k->th, f->latex, message, sizeof message)
        : MENTION_UNKNOWN;
    k->said.parsed += found == MENTION_PARSED;
    k->said.named += found == MENTION_NAMED;
    if (found != MENTION_UNKNOWN) return 1;
    snprintf(what, sizeof what, "%.100s:%.10s: $%.250s$", f->file, f->line, f->latex);
    return report(k, 0, what, message), 0;
}

static void report_file(checker *k, const char *file, int right)
{
    char what[300];
    snprintf(what, sizeof what, "%s: %d formulas in sentences", file, right);
    if (*file) report(k, 1, what, "");
}

static int check_formulas(checker *k, const char *path)
{
    char *f[FORMULA_FIELDS];
    size_t length;
    int right = 0, n = 1, fine = 1;
    char *text = lines_read(path, &length), *rest = text;
    const char *file = "";
    if (text == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1;
    lines_next(&rest);
    for (char *line; fine && (line = lines_next(&rest)) != NULL; n++) {
        if (!(fine = lines_fields(line, f, FORMULA_FIELDS) == FORMULA_FIELDS)) break;
        if (strcmp(file, f[0]) != 0) report_file(k, file, right), right = 0;
        file = f[0];
        right += check_formula(k, &(formula_row){ f[0], f[1], f[2], f[3], f[4], f[5], f[6] });
    }
    if (fine) report_file(k, file, right);
    else fprintf(stderr, "eqcheck: %s: line %d\n", path, n + 1);
    free(text);
    return fine ? 0 : -1;
}

/* Check the README's equations */
static const char *verdict_of_seed(checker *k, entry *x, char *message, size_t size)
{
    shape_error shapes;
    if (x->error.status != PARSE_OK) {
        snprintf(message, size, "%s", x->error.message);
        return x->error.status == PARSE_UNKNOWN ? "unknown" : "syntax";
    }
    if (shapes_check(k->th, &x->e, SHAPES_TAGGED, &x->found, &shapes) != 0) {
        snprintf(message, size, "%s", shapes.message);
        return "shape";
    }
    const verdict v = theory_evaluate(k->th, &x->e);
    snprintf(message, size, "%s", v.kind == V_OK ? "right" : v.message);
    return theory_word(v.kind);
}

static int check_seed(checker *k, entry *x)
{
    char message[320], expected[40];
    const char *got = verdict_of_seed(k, x, message, sizeof message);
    snprintf(expected, sizeof expected, "verdict=\"%s\"", got);
    if (k->errata) fprintf(k->errata, "%s\t%s\t%s\n", x->label, got, message);
    snprintf(x->message, sizeof x->message, "%s: %.300s", got, message);
    return strstr(x->attributes, expected) ? 0 : -1;
}

/* Check the promises */
static int same_labels(const checker *k)
{
    int twice = 0;
    for (int i = 0; i < k->count; i++)
        for (int j = 0; j < i; j++) twice += strcmp(k->list[i].label, k->list[j].label) == 0;
    return twice;
}

static void check_promises(checker *k)
{
    int prose = 0, executed = 0, mutants = 0, displayed = 0;
    char text[100];
    for (int i = 0; i < k->count; i++) {
        const entry *x = &k->list[i];
        if (has_class(x, "inline")) continue;
        displayed++;
        prose += has_class(x, "prose");
        executed += is_executed(x);
        mutants += x->mutants;
    }
    snprintf(text, sizeof text, "%d of %d displayed equations are prose", prose, displayed);
    report(k, displayed > 0 && prose * 10 <= displayed, text, "");
    snprintf(text, sizeof text, "%d mutants of %d equations", mutants, executed);
    report(k, mutants >= 10 * executed, text, "");
    report(k, same_labels(k) == 0, "all labels differ", "");
}

/* Check the wrong formulas */
static int in_book(const checker *k, const char *label)
{
    for (int i = 0; i < k->count; i++)
        if (strcmp(k->list[i].label, label) == 0) return 1;
    return 0;
}

/* What is not as it should be about a wrong formula; "" if nothing is. */
static const char *fault_of(checker *k, const wrong_formula *row, const caught *c)
{
    const wrong_formula *known = wrong_known(&row->e, k->th->instances);
    if (c->first == V_OK || (row->fits && theory_evaluate(k->th, &row->e).kind == V_OK))
        return "it was not refused";
    if (!in_book(k, row->label)) return "no such equation";
    return known && known->number == row->number ? "" : "it was not known by its number";
}

static void check_wrong(checker *k, const wrong_formula *row)
{
    char what[300];
    const caught c = mutants_try(&row->e, k->th->instances, THEORY_DENSE + 1);
    const char *message = fault_of(k, row, &c);
    const char *net = c.plain ? "plain shape" : c.tagged ? "tagged shape" : "value";
    snprintf(what, sizeof what, "mistake %d, %s, refused by %s: %s", row->number, row->label, net,
             row->diagnosis);
    report(k, *message == '\0', what, message);
    k->named.all++;
    k->named.plain += c.plain;
    k->named.tagged += !c.plain && c.tagged;
    k->named.value += !c.plain && !c.tagged && c.value;
    k->named.value_alone += c.value;
    if (k->wrong)
        fprintf(k->wrong, "%d\t%d\t%s\t%s\t%s\n", k->named.all, row->number, row->label, net,
                row->latex);
}

/* Check the book */
static int check_prose(entry *x)
{
    if (strstr(x->attributes, "reason=\"")) return 0;
    snprintf(x->message, sizeof x->message, "prose without a reason");
    return -1;
}

static int check_any(checker *k, entry *x)
{
    choose(k, x->theory);
    if (has_class(x, "prose")) return check_prose(x);
    if (has_class(x, "seed")) return check_seed(k, x);
    if (has_class(x, "shape")) return check_stated_shape(k, x);
    if (check_entry(k, x) != 0) return -1;
    write_shapes(k, x);
    return check_mutants(k, x);
}

static void report_entry(checker *k, const entry *x, int passed)
{
    char what[300];
    cell error, gsl, code;
    snprintf(what, sizeof what, "%s (%s:%d) calculus %s gsl %s code %s mutants %d", x->label,
             x->file, x->line, number(error, x->calculus.error, "%.0e"), gsl_of(gsl, x),
             code_of(code, x), x->mutants);
    report(k, passed, what, passed ? "" : x->message);
    if (k->ledger) write_row(k, x, passed);
}

static void write_summary(const checker *k, const char *path)
{
    const tally *first = &k->first, *alone = &k->alone;
    const int caught_first = first->plain + first->tagged + first->value + first->unevaluable;
    const struct { const char *net; int first, alone; } rows[] = {
        { "mutants", alone->all, alone->all }, { "plain", first->plain, alone->plain },
        { "tagged", first->tagged, alone->tagged }, { "value", first->value, alone->value },
        { "survived", alone->all - caught_first, alone->all - alone->value - alone->unevaluable },
        { "unevaluable", first->unevaluable, alone->unevaluable },
        { "equations", k->count, k->count },
        { "mentions", k->said.parsed + k->said.named, k->said.parsed },
        { "mistakes", k->named.all, k->named.all },
        { "mistakes-plain", k->named.plain, k->named.plain },
        { "mistakes-tagged", k->named.tagged, k->named.plain + k->named.tagged },
        { "mistakes-value", k->named.value, k->named.value_alone },
    };
    FILE *f = fopen(path, "w");
    if (f == NULL) return;
    fprintf(f, "net\tfirst\talone\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fprintf(f, "%s\t%d\t%d\n", rows[i].net, rows[i].first, rows[i].alone);
    fclose(f);
}

typedef struct {
    const char *equations, *ledger, *shapes, *errata, *summary, *wrong, *formulas, *only, *at;
    const char *theory;         // "" for the plain network
    const char *html, *pdf, *jacobian;
    char *const *notes;         // (note_count) files of a reader's own
    int note_count;
} options;

static int check_book(checker *k, const options *o)
{
    if (k->ledger)
        fputs("equation\tchapter\tline\tkind\tshape\terr_calculus\terr_gsl\terr_code\t"
              "mutants\tkilled_by_shape\tkilled_by_value\tsurvived\tverdict\tnot_evaluable\trows\n",
              k->ledger);
    if (k->errata) fputs("label\tverdict\tmessage\n", k->errata);
    if (k->wrong) fputs("row\tnumber\tequation\tnet\tlatex\n", k->wrong);
    for (int i = 0; i < k->count; i++)
        if (!o->only || has_class(&k->list[i], o->only))
            report_entry(k, &k->list[i], check_any(k, &k->list[i]) == 0);
    if (o->formulas && check_formulas(k, o->formulas) != 0)
        report(k, 0, "all formulas in sentences can be read", "");
    if (!o->only) check_promises(k);
    for (int n = 0; !o->only && choose(k, n) == 0; n++)
        for (int i = 0; wrong_row(k->th, i); i++) check_wrong(k, wrong_row(k->th, i));
    if (o->summary) write_summary(k, o->summary);
    printf("1..%d\n", k->tests);
    return k->failures != 0;
}

/* Understand the command line */
static const char USAGE[] =
"usage: eqcheck FILE... [--ledger FILE] [--html FILE] [--pdf FILE] [--jacobian numerator|denominator]\n"
"       eqcheck [--theory NAME] [--equations FILE] [--at T,m,n,l,seed]     equations on standard input\n"
"       eqcheck --equations FILE --ledger FILE [--shapes FILE] [--errata FILE] [--summary FILE]\n"
"               [--wrong FILE] [--formulas FILE] [--only CLASS]\n"
"\n"
"Checks a derivation of your own in FILE, Markdown or .tex, with a table of notation, definitions\n"
"with := and claims with =; or reads one equation per line about a network of the book. It answers\n"
"each with a line that begins with\n"
"  ok       both sides agree; the largest relative error and the shape follow, and for\n"
"           which rows of the text, if it needs them to be one-hot\n"
"  shape    the shapes do not fit\n"
"  wrong    the shapes fit, the values differ\n"
"  unknown  a symbol that is not in the notation table, or an index out of its range\n"
"  syntax   not an equation of the language\n"
"\n"
"  --theory NAME     the network that the lines are about: gru or lstm\n"
"                    (default: the one without gates)\n"
"  --equations FILE  equations with the definitions that are the network\n"
"                    (default: the definitions of the book, which are in this program)\n"
"  --formulas FILE   all formulas in sentences, whose symbols have to exist\n"
"  --only CLASS      check only the equations of this class, such as inline\n"
"  --ledger FILE     write what was found as a table\n"
"  --html, --pdf     write the notes in FILE with the verdicts in the margin\n"
"  --jacobian        what has a row in a Jacobian: an entry above the line, which is the default,\n"
"                    or below it\n"
"  --at T,m,n,l,seed try one random network of these sizes, each at most 12\n"
"\n"
"Exit status: 0 all are ok, 1 some are not, 2 wrong usage, or FILE cannot be read.\n"
"Example: echo '\\frac{\\partial L}{\\partial b_h} = \\sum_{t=1}^{T} \\delta^z_t' | "
"build/eqcheck\n";
static int fits_together(const options *o)
{
    const int book = o->equations || o->shapes || o->errata || o->summary || o->wrong || o->formulas
        || o->only || o->at || *o->theory, pages = o->html || o->pdf;
    if (o->note_count == 0)
        return !pages && !o->jacobian && !((o->at || *o->theory) && o->ledger);
    if (o->jacobian && strcmp(o->jacobian, "numerator") != 0
        && strcmp(o->jacobian, "denominator") != 0) return 0;
    return !book && (o->note_count == 1 || !(pages || o->ledger));
}

/* Checks the files of notes, one after the other; the worst status of all. */
static int check_files(const options *o)
{
    const report_wishes wishes = { o->ledger, o->html, o->pdf,
                                   o->jacobian && *o->jacobian == 'd' };
    int worst = 0;
    for (int i = 0; i < o->note_count; i++) {
        const int status = report_notes(o->notes[i], &wishes);
        worst = status > worst ? status : worst;
    }
    return worst;
}

static int read_options(options *o, int argc, char **argv)
{
    static const struct option known[] = {
        { "equations", 1, 0, 'e' }, { "ledger", 1, 0, 'l' }, { "shapes", 1, 0, 's' },
        { "errata", 1, 0, 'r' }, { "summary", 1, 0, 'm' }, { "wrong", 1, 0, 'w' },
        { "formulas", 1, 0, 'f' },
        { "only", 1, 0, 'o' }, { "at", 1, 0, 'a' }, { "theory", 1, 0, 't' }, { "html", 1, 0, 'H' }, { "pdf", 1, 0, 'P' },
        { "jacobian", 1, 0, 'j' }, { "help", 0, 0, 'h' }, { 0, 0, 0, 0 } };
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
        case 't': o->theory = optarg; break;
        case 'H': o->html = optarg; break;
        case 'P': o->pdf = optarg; break;
        case 'j': o->jacobian = optarg; break;
        case 'h': fputs(USAGE, stdout); exit(0);
        default: return -1;
        }
    o->notes = argv + optind;
    o->note_count = argc - optind;
    return fits_together(o) ? 0 : -1;
}

/* Opens a report that is wanted; -1 if that fails. */
static int open_output(FILE **f, const char *path)
{
    *f = path ? fopen(path, "w") : NULL;
    return path && !*f ? fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1 : 0;
}

static int close_output(FILE *f) { return f && fclose(f) != 0; }

/* Runs the C of each theory on one of its networks. 0, or 1 after a message. */
static int run_the_c(checker *k)
{
    for (int n = 0; choose(k, n) == 0; n++) {
        k->ran[n] = binding_alloc(real_text(k));
        if (k->ran[n] == NULL)
            return fputs("eqcheck: the C cannot be run on a real text\n", stderr), 1;
    }
    return 0;
}

static int write_reports(checker *k, const options *o)
{
    if (open_output(&k->ledger, o->ledger) != 0 || open_output(&k->shapes, o->shapes) != 0)
        return 1;
    if (open_output(&k->errata, o->errata) != 0 || open_output(&k->wrong, o->wrong) != 0) return 1;
    if (run_the_c(k) != 0) return 1;
    const int failed = check_book(k, o);
    return failed | close_output(k->ledger) | close_output(k->shapes) | close_output(k->errata)
        | close_output(k->wrong);
}

/* 0; 2 for wrong usage; 1 if there is no memory. */
static int make_instances(theory *th, const char *at)
{
    int T, m, n, l, end = 0;
    unsigned long long seed;
    int failed = 0;
    if (at == NULL) failed = theory_instances(th);
    else if (sscanf(at, "%d,%d,%d,%d,%llu%n", &T, &m, &n, &l, &seed, &end) != 5 || at[end]
             || T < 1 || T > 12 || m < 1 || m > 12 || n < 1 || n > 12 || l < 1 || l > 12)
        return fprintf(stderr, "eqcheck: --at wants T,m,n,l,seed with sizes from 1 to 12\n"), 2;
    else failed = theory_choose(th, seed, T, m, n, l);
    return failed ? fprintf(stderr, "eqcheck: there is no memory\n"), 1 : 0;
}

static int unknown_theory(const char *name)
{
    fprintf(stderr, "eqcheck: the book has no theory %s; there is", name);
    for (int i = 1; theory_name(i); i++) fprintf(stderr, "%s %s", i > 1 ? "," : "", theory_name(i));
    return fputs(", or leave the option out for the plain network\n", stderr), 2;
}

/* 0; 2 for wrong usage; 1 after another message. */
static int make_theories(checker *k, const options *o)
{
    const int asked = number_of(o->theory, strlen(o->theory));
    if (asked < 0) return unknown_theory(o->theory);
    for (int i = 0; i < THEORIES_MAX && theory_name(i); i++) {
        if (!o->ledger && i != asked) continue;
        k->all[i] = theory_alloc_book(theory_name(i));
        if (choose(k, i) != 0)
            return fputs("eqcheck: there is no memory, or the notation is damaged\n", stderr), 1;
        const int usage = make_instances(k->th, o->at);
        if (usage) return usage;
    }
    return 0;
}

static int start_mistakes(checker *k)
{
    for (int i = 0; i < THEORIES_MAX; i++) {
        const int unreadable = k->all[i] ? wrong_start(k->all[i], &BOOK_MISTAKES) : 0;
        if (unreadable)
            return fprintf(stderr, "eqcheck: row %d of the wrong formulas cannot be parsed\n",
                           unreadable), 1;
    }
    return 0;
}

static int work(checker *k, const options *o)
{
    const int usage = make_theories(k, o);
    if (usage) return usage;
    if ((o->equations ? read_book(k, o->equations) : read_compiled(k)) != 0) return 1;
    parse_entries(k);
    if (start_mistakes(k) != 0) return 1;
    if (o->ledger) return write_reports(k, o);
    choose(k, number_of(o->theory, strlen(o->theory)));
    if (k->unread == 0) return answer_all(k->th);
    fprintf(stderr, "eqcheck: %d definitions of the book cannot be read; run with --ledger to see "
                    "which\n", k->unread);
    return 1;
}

int main(int argc, char **argv)
{
    options o = { .theory = "" };
    if (read_options(&o, argc, argv) != 0) return fputs(USAGE, stderr), 2;
    if (o.note_count > 0) return check_files(&o);
    checker k = { .count = 0 };
    const int status = work(&k, &o);
    for (int i = 0; i < THEORIES_MAX; i++) {
        binding_free(k.ran[i]);
        theory_free(k.all[i]);
    }
    for (int i = 0; i < k.count; i++) free(k.list[i].text);
    free(k.list);
    return status;
}
