/* generated from chapters/36-keymaker.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "envelope.h"
#include "formula.h"
#include "key.h"
#include "lines.h"
#include "mutants.h"
#include "recording.h"
#include "sandbox.h"
#include "shape-text.h"
#include "theory.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What the key maker has at hand */
enum { NUMBER, NAME, KIND, TITLE, LEVEL, MINUTES, POINTS, OF, QUESTION, ANSWER, CONDITION, USE, ASK,
       DRIVER, CIRCLES, WITHOUT, CHAPTER, THEORY, COLUMNS };
typedef char *row[COLUMNS];
enum { REPORT_MAX = 1 << 22 };

typedef struct {
    theory *th;                 // whose exercises have their turn
    const char *folder;         // where everything is read and written
    const char *equations;      // the file with those of the book
    char draw[20];              // what the numbers are drawn from, or ""
    int mistakes;
    aliases names;              // of derivatives
    instance in[INSTANCES];     // their seeds are 1, 2, …
    FILE *tables[INSTANCES];    // what is recorded of them
    FILE *shapes;               // solutions of the exercises on shapes
    FILE *contents;             // the names of the keys
    FILE *definitions;          // those of symbols as derivatives, for the grader
    char **kept;                // strings of the present key (kept_count)
    size_t kept_count;
    char report[REPORT_MAX + 1];
} maker;

static maker *maker_open(const char *folder, const char *word)
{
    maker *m = calloc(1, sizeof *m);
    if (m == NULL) return fprintf(stderr, "keymaker: there is no memory\n"), NULL;
    m->folder = folder;
    if (*word) snprintf(m->draw, sizeof m->draw, "%016llx", (unsigned long long)key_hash(word, 0));
    return m;
}

static void maker_close(maker *m)
{
    free(m);
}

/* 0; or -1 after a message. */
static int begin_theory(maker *m, const char *name)
{
    m->th = theory_alloc_book(name);
    m->names = (aliases){ 0 };
    return m->th ? 0 : (fprintf(stderr, "keymaker: there is no memory\n"), m->mistakes++, -1);
}

static void end_theory(maker *m)
{
    for (int i = 0; i < INSTANCES; i++) instance_free(&m->in[i]);
    theory_free(m->th);
    m->th = NULL;
}

/* The path of a file about the theory that has its turn. */
static void path_of(const maker *m, char path[512], const char *file)
{
    snprintf(path, 512, "%.400s/kit/key/%.30s%s%.50s", m->folder, m->th->name, *m->th->name ? "-" : "",
             file);
}

/* Complain at the keymaker's */
__attribute__((format(printf, 3, 4)))
static int complain(maker *m, const char *exercise, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "keymaker: %s: ", exercise);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    m->mistakes++;
    return -1;
}

static const char *keep(maker *m, const char *s)
{
    char **more = realloc(m->kept, (m->kept_count + 1) * sizeof *more);
    if (more) m->kept = more;
    if (more == NULL || (m->kept[m->kept_count] = strdup(s)) == NULL) exit(1);
    return m->kept[m->kept_count++];
}

static void forget(maker *m)
{
    while (m->kept_count > 0) free(m->kept[--m->kept_count]);
    free(m->kept);
    m->kept = NULL;
}

/* Read tables of the keymaker */
typedef void line_visit(void *data, char **field, int count);

static int each_line(maker *m, const char *name, line_visit *visit, void *data)
{
    char path[512], *field[COLUMNS + 2];
    size_t length;
    const int inside = strchr(name, '/') == NULL;
    snprintf(path, sizeof path, "%s%s%s", inside ? m->folder : "", inside ? "/" : "", name);
    char *text = lines_read(path, &length), *rest = text;
    if (text == NULL) return complain(m, name, "cannot be read");
    for (char *line; (line = lines_next(&rest)) != NULL;) {
        const int empty = *line == '\0', count = lines_fields(line, field, COLUMNS + 2);
        if (!empty) visit(data, field, count);
    }
    free(text);
    return 0;
}

/* Read the definitions of the book */
static void define(void *data, char **f, int count)
{
    maker *m = data;
    char alias[RECORDING_ALIAS_MAX];
    const int found = recording_define(m->th, &m->names, f, count, alias);
    if (found < 0) complain(m, alias, "cannot be kept as an alias");
    if (found) fprintf(m->definitions, "%s\n", alias);
}

/* Record the instances */
static int open_instance(maker *m, int i)
{
    char path[512], name[50];
    snprintf(name, sizeof name, "instance-%d.txt", i + 1);
    path_of(m, path, name);
    FILE *f = m->tables[i] = fopen(path, "w");
    if (f == NULL) return complain(m, path, "cannot be written");
    if (recording_begin(&m->in[i], m->th, m->draw, i, f) != 0)
        return complain(m, path, "there is no memory");
    return 0;
}

/* Give what the answer may use */
enum { CASES_MAX = 1000 };
typedef struct {
    maker *m;
    key *k;
    const recollection *left_out;       // or NULL
    record *sealed;                     // the values of the question
    char equal[CASES_MAX];              // which of them are given
} giving;

static void note_equals(giving *g, const value *x)
{
    for (size_t i = 0; i < g->sealed->count; i++) {
        const array *a = &g->sealed->list[i];
        int equal = (size_t)value_count(x) == a->count;
        for (size_t n = 0; equal && n < a->count; n++)
            equal = fabs(creal(x->v[n]) - a->number[n]) <= 1e-9;
        if (equal && i < CASES_MAX) g->equal[i] = 1;
    }
}

static size_t equals(const giving *g)
{
    size_t equal = 0;
    for (size_t n = 0; n < g->sealed->count && n < CASES_MAX; n++) equal += (size_t)g->equal[n];
    return equal;
}

/* Is this case asked for? */
static int is_kept(const giving *g, size_t i)
{
    return i >= CASES_MAX || !g->equal[i] || equals(g) == g->sealed->count;
}

/* The line for a value: what it is of, its axes, and its numbers, enciphered. */
static char *given_line(const key *k, const recollection *w, const value *x)
{
    const size_t count = (size_t)value_count(x), bytes = count * sizeof(double);
    char *text = malloc(2 * bytes + 100);
    double *plain = malloc(bytes + 1);
    if (text == NULL || plain == NULL) exit(1);
    for (size_t i = 0; i < count; i++) plain[i] = creal(x->v[i]);
    key_veil(k, k->given_count, plain, bytes);
    int used = sprintf(text, "%d %d %d %d %d %d %d %d %d ", w->symbol, w->index, w->by, w->by_index,
                       w->immediate, x->rank, x->d[0], x->d[1], x->d[2]);
    for (size_t i = 0; i < bytes; i++)
        used += sprintf(text + used, "%02x", ((unsigned char *)plain)[i]);
    free(plain);
    return text;
}

static void give(void *data, const recollection *w, const value *x)
{
    giving *g = data;
    key *k = g->k;
    const recollection *out = g->left_out;
    if (out && w->symbol == out->symbol && w->index == out->index && w->by == out->by
        && w->by_index == out->by_index) return;
    if (k->given_count == KEY_GIVEN_MAX) {
        complain(g->m, k->name, "more values than fit");
        return;
    }
    char *text = given_line(k, w, x);
    k->given[k->given_count++] = keep(g->m, text);
    note_equals(g, x);
    free(text);
}

/* The cases of the envelope: all, or the middle one if the question's symbol may be used at
   other times. */
static void choose_cases(record *sealed, int own_symbol)
{
    if (!own_symbol || sealed->count < 2) return;
    const size_t middle = sealed->count / 2;
    for (size_t i = 0; i < sealed->count; i++)
        if (i != middle) free(sealed->list[i].number);
    sealed->list[0] = sealed->list[middle];
    sealed->count = 1;
}

static int may_use(const theory *th, const int *list, int count, const node *question)
{
    for (int i = 0; question->kind == N_SYMBOL && i < count; i++) {
        const node *k = &th->nodes[list[i]];
        if (k->kind == N_SYMBOL && k->symbol == question->symbol) return 1;
    }
    return 0;
}

/* What the question looks up in the case with this name, "t=3". */
static recollection asked_at(const node *question, const char *name)
{
    const char letter[3] = { question->index.base, '=', '\0' };
    const char *at = question->index.base ? strstr(name, letter) : NULL;
    const int index = (at ? atoi(at + 2) : 0) + question->index.offset;
    return (recollection){ question->symbol, index, -1, 0, 0 };
}

static void give_all(giving *g, instance *in, const int *list, int count)
{
    const theory *th = g->m->th;
    for (int i = 0; i < th->symbol_count; i++)
        if (th->symbols[i].part == PART_SIZE) table_symbol(in, i, give, g);
    for (int i = 0; i < count; i++) {
        const node *k = &th->nodes[list[i]];
        if (k->kind == N_DERIVATIVE) table_slope(in, list[i], give, g);
        else table_symbol(in, k->symbol, give, g);
    }
}

/* How many cases are the same as this one, itself included. */
static size_t alike(const record *r, size_t one)
{
    const array *a = &r->list[one];
    size_t same = 0;
    for (size_t i = 0; i < r->count; i++) {
        const array *b = &r->list[i];
        same += a->count == b->count
            && memcmp(a->number, b->number, a->count * sizeof *a->number) == 0;
    }
    return same;
}

static void seal_arrays(const giving *g)
{
    for (size_t i = 0; i < g->sealed->count; i++) {
        const array *a = &g->sealed->list[i];
        if (!is_kept(g, i)) continue;
        array *copy = record_add(&g->k->right, KEY_SEALED_SEED, a->name, a->rank, a->d);
        if (copy) memcpy(copy->number, a->number, a->count * sizeof *a->number);
    }
}

static void compare(void *of_giving, const recollection *w, const value *x)
{
    (void)w;
    note_equals(of_giving, x);
}

/* Whether one thing that the answer may use, and that is not asked for, is the answer in all cases. */
static int all_given(maker *m, instance *in, record *sealed, const int *list, int count,
                     const node *question)
{
    for (int i = 0; i < count; i++) {
        const node *k = &m->th->nodes[list[i]];
        giving g = { m, NULL, NULL, sealed, { 0 } };
        if (k->kind == N_DERIVATIVE) table_slope(in, list[i], compare, &g);
        else if (question->kind != N_SYMBOL || k->symbol != question->symbol)
            table_symbol(in, k->symbol, compare, &g);
        if (equals(&g) == sealed->count) return 1;
    }
    return 0;
}

/* Whether a value that is given may open the envelope of this network. */
static int is_poor(maker *m, instance *in, record *sealed, const int *list, int count,
                   const node *question)
{
    const int own = may_use(m->th, list, count, question);
    return (own && alike(sealed, sealed->count / 2) > 1) || alike(sealed, 0) == sealed->count
        || all_given(m, in, sealed, list, count, question);
}

/* Draws a network on which the answer is not the same in all cases, and nothing that is given is
   the answer, if there is one; 0 or -1. */
static int draw_network(maker *m, const key *k, const equation *e, const int *list, int count,
                        instance *in, record *sealed)
{
    enum { DRAWS = 5 };
    char text[200] = "";
    for (int draw = 0;; draw++) {
        const uint64_t seed = key_seed(m->draw, 1000 * (draw + 1) + k->number);
        const instance_sizes sizes = { 7, 4, 5, 3, 2, 8, 9 + draw };
        if (instance_alloc_sizes(in, m->th, seed, &sizes, 1) != 0)
            return complain(m, k->name, "there is no memory");
        if (formula_cases(sealed, in, KEY_SEALED_SEED, e, text) != 0)
            return complain(m, k->name, "%s", text);
        const node *question = &m->th->nodes[e->member[0]];
        if (draw == DRAWS - 1 || !is_poor(m, in, sealed, list, count, question)) return 0;
        instance_free(in);
        record_free(sealed);
    }
}

static int seal_numbers(maker *m, key *k, const equation *e, const int *list, int count)
{
    instance in;
    record sealed = { 0 };
    char text[200] = "";
    const node *question = &m->th->nodes[e->member[0]];
    if (draw_network(m, k, e, list, count, &in, &sealed) != 0) return -1;
    const int own = may_use(m->th, list, count, question);
    choose_cases(&sealed, own);
    const recollection out = asked_at(question, sealed.list[0].name);
    giving g = { m, k, own ? &out : NULL, &sealed, { 0 } };
    table_sizes(text, sizeof text, &in);
    k->sizes = keep(m, text);
    give_all(&g, &in, list, count);
    seal_arrays(&g);
    instance_free(&in);
    record_free(&sealed);
    return 0;
}

/* Add a known mistake */
static int same_numbers(const key *k, const record *r)
{
    size_t shared = 0;
    for (size_t i = 0; i < r->count; i++) {
        const array *right = record_find(&k->right, r->list[i].seed, r->list[i].name);
        size_t entry;
        if (right == NULL) continue;
        if (!(numbers_error(&r->list[i], right, &entry) <= NUMBERS_TOLERANCE)) return 0;
        shared++;
    }
    return shared > 0;
}

static int known(const key *k, const record *r)
{
    for (size_t i = 0; i < k->wrong_count; i++)
        if (numbers_match(r, k->wrong[i].marks, k->wrong[i].count, r->count)) return 1;
    return 0;
}

/* Adds a mistake with its numbers, its form, or both. */
static void add_mistake(maker *m, key *k, const record *r, const char *form,
                        const char *diagnosis, int number)
{
    if (r->count > 0 && known(k, r)) return;
    variant *v = key_add_wrong(k);
    if (v == NULL) exit(1);
    v->diagnosis = keep(m, diagnosis);
    v->misconception = number;
    v->form = form ? key_hash(form, k->number) : 0;
    for (size_t i = 0; i < r->count; i++) {
        mark *one = key_add_mark(v);
        if (one == NULL) exit(1);
        numbers_mark(one, &r->list[i]);
    }
}

/* Make the key of a formula */
typedef struct {
    maker *m;
    key *k;
    const char *question;
    equation e;                 // the question and the solution
} derivation;

/* Evaluate a wrong formula */
static void normal(maker *m, const equation *e)
{
    for (int i = 0; i < e->members; i++) formula_normal(m->th, &m->names, e->member[i]);
}

/* right_too: complain if it turns out to be right. */
static void add_formula(derivation *d, const equation *e, const char *diagnosis, int number,
                        int right_too)
{
    maker *m = d->m;
    const int tree = e->member[e->members - 1];
    char *form = formula_form(m->th, tree);
    record r = { 0 };
    fit f;
    if (form == NULL) exit(1);
    formula_fit(m->th, &f, e);
    for (int i = 0; i < DENSE; i++)
        formula_values(&r, &m->in[i], i + 1, tree, &d->k->right, NULL);
    const int right = r.count > 0 && same_numbers(d->k, &r);
    if (!right) add_mistake(m, d->k, &r, form, diagnosis, number);
    else if (right_too) complain(m, d->k->name, "“%s” has the right numbers", diagnosis);
    free(form);
    record_free(&r);
}

/* Add the wrong formulas of the chapter */
static void wrong_formula(void *data, char **f, int count)
{
    derivation *d = data;
    theory *th = d->m->th;
    char text[4000];
    equation e;
    parse_error error;
    if (count != 4 || strcmp(f[0], d->k->name) != 0) return;
    const int before = th->node_count;
    snprintf(text, sizeof text, "%s = %s", d->question, f[1]);
    if (grammar_parse(th, &e, text, 0, &error) == PARSE_OK) {
        normal(d->m, &e);
        add_formula(d, &e, f[3], atoi(f[2]), 1);
    } else {
        complain(d->m, d->k->name, "a wrong formula cannot be read: %s: %s", error.message, f[1]);
    }
    th->node_count = before;
}

/* Add the wrong formulas of the book */
static const struct { int number; const char *label, *latex, *diagnosis; } BOOK[] = {
#define WRONG(number, label, latex, diagnosis) { number, label, latex, diagnosis },
#define THEORY(name) { 0, "", "", "" },
#include "misconceptions.def"
    { 0, "", "", "" }
};

static int asks_the_same(const derivation *d, const equation *e)
{
    return formula_same_form(d->m->th, e->member[0], d->e.member[0]);
}

static void add_book(derivation *d, const char *label)
{
    theory *th = d->m->th;
    for (size_t i = 0; i + 1 < sizeof BOOK / sizeof *BOOK; i++) {
        equation e;
        parse_error error;
        const int before = th->node_count;
        if (strcmp(BOOK[i].label, label) != 0) continue;
        if (grammar_parse(th, &e, BOOK[i].latex, 0, &error) == PARSE_OK) {
            normal(d->m, &e);
            if (asks_the_same(d, &e)) add_formula(d, &e, BOOK[i].diagnosis, BOOK[i].number, 0);
        }
        th->node_count = before;
    }
}

/* Add the mutants of the solution */
static void mutant(void *data, const char *what, const equation *e)
{
    derivation *d = data;
    char text[300];
    if (!asks_the_same(d, e)) return;
    const int right = d->e.member[d->e.members - 1], wrong = e->member[e->members - 1];
    if (!formula_exchange(d->m->th, text, sizeof text, wrong, right))
        snprintf(text, sizeof text, "%s", what);
    add_formula(d, e, text, -1, 0);
}
/* Does a list of what may be used contain a row of the text? */
static int has_text(maker *m, const char *use)
{
    int list[FORMULA_USE_MAX], found = 0;
    const int before = m->th->node_count, count = formula_use(m->th, list, use, &m->names);
    for (int i = 0; i < count; i++) {
        const node *k = &m->th->nodes[list[i]];
        found |= k->kind == N_SYMBOL && m->th->symbols[k->symbol].part == PART_TEXT;
    }
    m->th->node_count = before;
    return found;
}

static int give_for(derivation *d, row x)
{
    maker *m = d->m;
    int list[FORMULA_USE_MAX];
    char what[100];
    const int count = formula_use(m->th, list, x[USE], &m->names);
    if (count < 0) return complain(m, x[NAME], "one of “%s” cannot be read", x[USE]);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < INSTANCES; k++) recording_slopes(&m->in[k], list[i], m->tables[k]);
    if (formula_forbidden(m->th, d->e.member[1], x[USE], d->k->without, &m->names, what))
        return complain(m, x[NAME], "the solution uses %s, which is not allowed", what);
    const node_kind asked = m->th->nodes[d->e.member[0]].kind;
    if (asked != N_SYMBOL && asked != N_DERIVATIVE
        && !formula_forbidden(m->th, d->e.member[0], x[USE], d->k->without, &m->names, what))
        return complain(m, x[NAME], "the question could be handed in as its answer: say without what");
    return seal_numbers(m, d->k, &d->e, list, count);
}

static int make_derivation(maker *m, key *k, row x)
{
    char text[4000], why[200] = "";
    parse_error error;
    shape_error shapes;
    shape found;
    derivation d = { .m = m, .k = k, .question = x[QUESTION] };
    snprintf(text, sizeof text, "%s = %s %s", x[QUESTION], x[ANSWER], x[CONDITION]);
    if (grammar_parse(m->th, &d.e, text, 0, &error) != PARSE_OK)
        return complain(m, x[NAME], "%s: %s", error.message, text);
    normal(m, &d.e);
    if (shapes_check(m->th, &d.e, SHAPES_TAGGED, &found, &shapes) != 0)
        return complain(m, x[NAME], "%s", shapes.message);
    for (int i = 0; i < INSTANCES; i++) recording_at_border(&m->in[i], i);
    for (int i = 0; i < (has_text(m, x[USE]) ? INSTANCES : DENSE); i++)
        if (formula_cases(&k->right, &m->in[i], i + 1, &d.e, why) != 0)
            return complain(m, x[NAME], "%s", why);
    if (give_for(&d, x) != 0) return -1;
    each_line(m, "wrong-formulas.tsv", wrong_formula, &d);
    add_book(&d, x[OF]);
    mutants_of(m->th, &d.e, mutant, &d);
    return 0;
}

/* Make the key of a function */
static int run_program(maker *m, record *r, const char *program)
{
    char path[512], seed[KEY_RUNS][KEY_SEED_MAX];
    char *const argv[] = { path, seed[0], seed[1], seed[2], NULL };
    const char *version = strrchr(program, '-');
    size_t length;
    int detail;
    if (version == NULL || setenv("EXERCISE_VERSION", version + 1, 1) != 0) return -1;
    snprintf(path, sizeof path, "%s/bin/%.*s", m->folder, (int)(version - program), program);
    for (int i = 0; i < KEY_RUNS; i++) key_seed_text(seed[i], m->draw, KEY_RUN_SEEDS[i]);
    const sandbox_outcome o = sandbox_run(argv, 0.5, (size_t)1 << 28, m->report, REPORT_MAX,
                                          &length, &detail);
    m->report[length] = '\0';
    if (o != SANDBOX_DONE || record_read(r, m->report) != 0) return -1;
    return r->complete && !*r->left ? 0 : -1;
}

typedef struct { maker *m; key *k; } versions;

static void drop_sealed(record *r)
{
    while (r->count > 0 && r->list[r->count - 1].seed == KEY_SEALED_SEED)
        free(r->list[--r->count].number);
}

static void wrong_version(void *data, char **f, int count)
{
    const versions *of = data;
    maker *m = of->m;
    key *k = of->k;
    record r = { 0 };
    if (count != 4 || strcmp(f[0], k->name) != 0) return;
    const int named = atoi(f[2]) != -1;      // and not the result of systematic damage
    if (run_program(m, &r, f[1]) == 0) {
        drop_sealed(&r);
        if (!same_numbers(k, &r) || *r.changed) add_mistake(m, k, &r, NULL, f[3], atoi(f[2]));
        else if (named) complain(m, k->name, "“%s” has the right numbers", f[3]);
    } else if (named) {
        complain(m, k->name, "“%s” (%s) does not compile, or does not end well", f[3], f[1]);
    }
    record_free(&r);
}

static int make_code(maker *m, key *k, row x)
{
    versions of = { m, k };
    char name[200];
    size_t length;
    snprintf(name, sizeof name, "%02d-%s-right", k->number, x[NAME]);
    if (run_program(m, &k->right, name) != 0)
        return complain(m, x[NAME], "the solution does not run");
    if (*k->right.changed) return complain(m, x[NAME], "the solution changes %s", k->right.changed);
    snprintf(name, sizeof name, "%s/code/%02d-%s-blank.c", m->folder, k->number, x[NAME]);
    char *text = lines_read(name, &length);
    if (text == NULL) return complain(m, x[NAME], "there is no blank");
    k->blank = key_hash_code(text, k->number);
    free(text);
    return each_line(m, "variants.tsv", wrong_version, &of);
}

/* Make the key of shapes */
/* A part of the tree that has the same form as another tree, or NONE_NODE. */
static int part_like(theory *th, int tree, int wanted)
{
    if (tree == NONE_NODE || formula_same_form(th, tree, wanted)) return tree;
    const int left = part_like(th, th->nodes[tree].left, wanted);
    return left != NONE_NODE ? left : part_like(th, th->nodes[tree].right, wanted);
}

static int shape_of(theory *th, shape *s, const char *expression, const equation *e)
{
    parse_error error;
    shape_error shapes;
    const int tree = grammar_expression(th, expression, &error);
    if (tree == NONE_NODE) return -1;
    const int fits = e->members > 0 && shapes_check(th, e, SHAPES_TAGGED, s, &shapes) == 0;
    for (int i = 0; fits && i < e->members; i++) {
        const int found = part_like(th, e->member[i], tree);
        if (found != NONE_NODE) return *s = shapes_at(th, found), 0;
    }
    return shapes_expression(th, tree, s, &shapes);
}

static void add_question(key *k, const char *expression, const shape_text *t)
{
    char text[200];
    unsigned mask = 0;
    for (int i = 0; i < t->count; i++)
        if (t->axis[i].base == 's') mask |= 1u << i;
    k->asked[k->asked_count].expression = expression;
    k->asked[k->asked_count++].hash = shape_text_hash(t, mask, k->number);
    shape_text_normal(text, t, mask);
    const int length[1] = { (int)strlen(text) };
    array *a = record_add(&k->right, KEY_SEALED_SEED, expression, 1, length);
    for (size_t i = 0; a && i < a->count; i++) a->number[i] = text[i];
}

static int ask(maker *m, key *k, char *expression, const equation *e)
{
    char text[200];
    shape s;
    shape_text t;
    if (shape_of(m->th, &s, expression, e) != 0)
        return complain(m, k->name, "%s has no shape", expression);
    shapes_print(m->th, text, &s, 0);
    if (strchr(text, '?') || shape_text_read(&t, text) != 0)
        return complain(m, k->name, "the shape of %s is %s", expression, text);
    fprintf(m->shapes, "%s\t%s\t%s\n", k->name, expression, text);
    if (k->asked_count == KEY_ASKED_MAX) return complain(m, k->name, "too many questions");
    add_question(k, keep(m, expression), &t);
    return 0;
}

typedef struct { const char *label; char latex[4000]; } wanted_equation;

static void find_label(void *data, char **f, int count)
{
    wanted_equation *w = data;
    if (count >= 6 && strcmp(f[0], w->label) == 0) snprintf(w->latex, sizeof w->latex, "%s", f[5]);
}

static int make_shapes(maker *m, key *k, row x)
{
    equation e = { .members = 0 };
    parse_error error;
    wanted_equation w = { .label = x[OF] };
    each_line(m, m->equations, find_label, &w);
    if (*w.latex && grammar_parse(m->th, &e, w.latex, 0, &error) != PARSE_OK) e.members = 0;
    for (char *part = strtok(x[ASK], ";"); part; part = strtok(NULL, ";")) {
        while (*part == ' ') part++;
        for (size_t n = strlen(part); n > 0 && part[n - 1] == ' '; n--) part[n - 1] = '\0';
        if (*part && ask(m, k, part, &e) != 0) return -1;
    }
    return k->asked_count > 0 ? 0 : complain(m, x[NAME], "nothing is asked");
}

/* Seal the envelope */
static int seal(maker *m, key *k)
{
    char path[512];
    size_t length;
    envelope_key lock;
    snprintf(path, sizeof path, "%s/envelopes/%02d-%s.txt", m->folder, k->number, k->name);
    char *text = lines_read(path, &length);
    k->sealed = malloc(length + 5);
    if (text == NULL || k->sealed == NULL) return complain(m, k->name, "there is no remark");
    memcpy(k->sealed, "open ", 5);
    memcpy(k->sealed + 5, text, length);
    k->sealed_length = length + 5;
    envelope_lock(&lock, &k->right, KEY_SEALED_SEED);
    envelope_apply(k->sealed, k->sealed_length, &lock, (uint32_t)k->number);
    free(text);
    return 0;
}

/* Make one key */
static int fill_key(maker *m, key *k, row x)
{
    const char *kind = x[KIND];
    const int derivation_asked = strcmp(kind, "derivation") == 0;
    *k = (key){ .number = atoi(x[NUMBER]), .name = x[NAME], .kind = kind, .title = x[TITLE],
                .level = x[LEVEL], .minutes = atoi(x[MINUTES]), .points = atoi(x[POINTS]),
                .question = derivation_asked ? x[QUESTION] : "", .use = x[USE],
                .circles = x[CIRCLES], .without = x[WITHOUT], .sizes = "", .theory = x[THEORY],
                .chapter = x[CHAPTER], .draw = m->draw };
    const int made = derivation_asked ? make_derivation(m, k, x)
        : strcmp(kind, "code") == 0 ? make_code(m, k, x)
        : strcmp(kind, "shape") == 0 ? make_shapes(m, k, x)
        : complain(m, x[NAME], "there is no kind “%s”", kind);
    return made == 0 ? seal(m, k) : -1;
}

static void write_key(maker *m, const key *k)
{
    char path[512];
    snprintf(path, sizeof path, "%s/kit/key/%02d-%s.key", m->folder, k->number, k->name);
    FILE *out = fopen(path, "w");
    if (out) key_write(out, k);
    if (out == NULL || fclose(out) != 0) complain(m, path, "cannot be written");
    printf("%2d %-28s %-10s %3zu right arrays, %3zu known mistakes\n", k->number, k->name, k->kind,
           k->right.count, k->wrong_count);
}

static void make_key(void *data, char **f, int count)
{
    maker *m = data;
    key k;
    if (count < COLUMNS || strcmp(f[0], "number") == 0 || strcmp(f[THEORY], m->th->name) != 0) return;
    const int before = m->th->node_count;
    if (fill_key(m, &k, f) == 0) write_key(m, &k);
    m->th->node_count = before;
    key_free(&k);
    forget(m);
}

/* Try all values on all envelopes */
static int opens(const key *k, const record *r)
{
    envelope_key lock;
    unsigned char start[5];
    if (k->sealed_length < sizeof start) return 0;
    memcpy(start, k->sealed, sizeof start);
    envelope_lock(&lock, r, KEY_SEALED_SEED);
    envelope_apply(start, sizeof start, &lock, (uint32_t)k->number);
    return memcmp(start, "open ", sizeof start) == 0;
}

/* The value at this index of what stands in line `first` of the table, or NULL. */
static const value *at_index(const table *t, size_t first, int index)
{
    const recollection *a = &t->what[first];
    for (size_t i = 0; i < t->count; i++) {
        const recollection *b = &t->what[i];
        if (a->symbol == b->symbol && a->by == b->by && !a->immediate == !b->immediate
            && (b->index == index || (a->by >= 0 && b->by_index == index))) return &t->x[i];
    }
    return NULL;
}

static void try_values(const theory *th, const key *k, const table *t, size_t first, int shift)
{
    record r = { 0 };
    for (size_t i = 0; i < k->cases.count; i++) {
        const char *name = k->cases.list[i].name, *at = strchr(name, '=');
        const int indexed = th->symbols[t->what[first].symbol].indexed || t->what[first].by >= 0;
        const value *x = at && indexed ? at_index(t, first, atoi(at + 1) + shift) : &t->x[first];
        array *a = x ? record_add(&r, KEY_SEALED_SEED, name, x->rank, x->d) : NULL;
        for (size_t n = 0; a && n < a->count; n++) a->number[n] = creal(x->v[n]);
    }
    if (r.count == k->cases.count && opens(k, &r))
        printf("%s\t%s\n", k->name, th->symbols[t->what[first].symbol].latex);
    record_free(&r);
}

static int is_of(const maker *m, const key *k) { return strcmp(k->theory, m->th->name) == 0; }

static void try_source(maker *m, const table *t, const key_list *keys)
{
    for (int i = 0; i < keys->count; i++) {
        const key *k = &keys->list[i];
        if (strcmp(k->kind, "derivation") != 0 || !is_of(m, k)) continue;
        for (size_t first = 0; first < t->count; first++)
            for (int shift = -2; shift <= 2; shift++) try_values(m->th, k, t, first, shift);
    }
}

static int read_source(maker *m, table *t, const key *k, int i)
{
    char path[512], name[50], why[200];
    instance *in = &m->in[0];
    in->th = m->th;
    if (k) return table_given(t, in, k) == 0 ? 0 : complain(m, k->name, "there is no memory");
    snprintf(name, sizeof name, "instance-%d.txt", i + 1);
    path_of(m, path, name);
    return table_read(t, in, path, why) == 0 ? 0 : complain(m, path, "%s", why);
}

static void try_theory(maker *m, const key_list *keys)
{
    for (int source = 0; source < keys->count + INSTANCES && !m->mistakes; source++) {
        const key *k = source < keys->count ? &keys->list[source] : NULL;
        table t = { 0 };
        if (k && !is_of(m, k)) continue;
        if (read_source(m, &t, k, source - keys->count) == 0) try_source(m, &t, keys);
        table_free(&t);
    }
}

static int try_all(maker *m)
{
    char folder[512], why[200];
    snprintf(folder, sizeof folder, "%s/kit/key", m->folder);
    key_list *keys = keys_read(folder, why);
    if (keys == NULL) return complain(m, folder, "%s", why) != 0;
    for (int i = 0; theory_name(i) && !m->mistakes; i++) {
        if (begin_theory(m, theory_name(i)) == 0) try_theory(m, keys);
        end_theory(m);
    }
    const int failed = m->mistakes != 0 || keys->count == 0;
    keys_free(keys);
    return failed;
}


/* Make all keys */
static FILE *open_file(maker *m, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", m->folder, name);
    FILE *f = fopen(path, "w");
    if (f == NULL) complain(m, path, "cannot be written");
    return f;
}

static void close_file(maker *m, FILE *f)
{
    if (f && fclose(f) != 0) m->mistakes++;
}

static int open_theory(maker *m)
{
    char path[512];
    path_of(m, path, "aliases");
    m->definitions = fopen(path, "w");
    if (m->definitions == NULL) return complain(m, path, "cannot be written");
    if (each_line(m, m->equations, define, m) != 0) return -1;
    for (int i = 0; i < INSTANCES; i++)
        if (open_instance(m, i) != 0) return -1;
    return 0;
}

static void list_key(void *data, char **f, int count)
{
    maker *m = data;
    if (count >= COLUMNS && strcmp(f[0], "number") != 0)
        fprintf(m->contents, "%02d-%s\n", atoi(f[NUMBER]), f[NAME]);
}

static void make_keys(maker *m, const char *name)
{
    if (begin_theory(m, name) != 0) return;
    if (open_theory(m) == 0) each_line(m, "list.tsv", make_key, m);
    for (int i = 0; i < INSTANCES; i++) close_file(m, m->tables[i]), m->tables[i] = NULL;
    close_file(m, m->definitions);
    m->definitions = NULL;
    end_theory(m);
}

static int make_all(maker *m, const char *equations)
{
    m->equations = equations;
    m->shapes = open_file(m, "shapes.tsv");
    m->contents = open_file(m, "kit/key/contents");
    const int ready = m->mistakes == 0 && each_line(m, "list.tsv", list_key, m) == 0;
    for (int i = 0; ready && theory_name(i); i++) make_keys(m, theory_name(i));
    close_file(m, m->shapes);
    close_file(m, m->contents);
    if (m->mistakes) fprintf(stderr, "keymaker: %d mistakes\n", m->mistakes);
    return m->mistakes != 0;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: keymaker FOLDER EQUATIONS.tsv [WORD], or keymaker --try FOLDER\n");
        return 2;
    }
    const int thief = strcmp(argv[1], "--try") == 0;
    maker *m = maker_open(thief ? argv[2] : argv[1], argc == 4 ? argv[3] : "");
    const int failed = m == NULL || (thief ? try_all(m) : make_all(m, argv[2])) != 0;
    maker_close(m);
    return failed;
}
