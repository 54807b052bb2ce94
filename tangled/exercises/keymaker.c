/* generated from chapters/36-keymaker.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "envelope.h"
#include "formula.h"
#include "key.h"
#include "lines.h"
#include "mutants.h"
#include "sandbox.h"
#include "shape-text.h"
#include "theory.h"
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The columns of the list of exercises */
enum { NUMBER, NAME, KIND, TITLE, LEVEL, MINUTES, POINTS, OF, QUESTION, ANSWER, CONDITION, USE, ASK,
       DRIVER, CIRCLES, WITHOUT, COLUMNS };
typedef char *row[COLUMNS];
static theory *th;
static const char *folder;
static int mistakes;
static FILE *shapes_file;       // solutions of the exercises on shapes
static FILE *contents;          // the names of the keys
static FILE *aliases_file;      // definitions of symbols as derivatives, for the grader
static aliases known_names;           // and for the keymaker

/* Complain at the keymaker's */
__attribute__((format(printf, 2, 3)))
static int complain(const char *exercise, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "keymaker: %s: ", exercise);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    mistakes++;
    return -1;
}

static char **kept;
static size_t kept_count;

static const char *keep(const char *s)
{
    char **more = realloc(kept, (kept_count + 1) * sizeof *kept);
    if (more) kept = more;
    if (more == NULL || (kept[kept_count] = strdup(s)) == NULL) exit(1);
    return kept[kept_count++];
}

static void forget(void)
{
    while (kept_count > 0) free(kept[--kept_count]);
    free(kept);
    kept = NULL;
}

/* Read tables of the keymaker */
typedef void line_visit(void *data, char **field, int count);

static int each_line(const char *name, line_visit *visit, void *data)
{
    char path[512], *field[COLUMNS + 2];
    size_t length;
    const int inside = strchr(name, '/') == NULL;
    snprintf(path, sizeof path, "%s%s%s", inside ? folder : "", inside ? "/" : "", name);
    char *text = lines_read(path, &length);
    if (text == NULL) return complain(name, "cannot be read");
    for (char *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next) *next++ = '\0';
        const int count = lines_fields(line, field, COLUMNS + 2);
        if (*line) visit(data, field, count);
    }
    free(text);
    return 0;
}

/* Read the definitions of the book */
static void note_alias(const char *definition)
{
    const char *sign = strstr(definition, "\\coloneqq");
    char text[200];
    if (sign == NULL) return;
    snprintf(text, sizeof text, "%.*s = %.120s", (int)(sign - definition), definition, sign + 10);
    if (formula_alias(th, &known_names, text) != 0) complain(text, "cannot be kept as an alias");
    fprintf(aliases_file, "%s\n", text);
}

static void define(void *data, char **f, int count)
{
    equation e;
    parse_error error;
    shape found;
    shape_error shapes;
    (void)data;
    if (count < 6 || strstr(f[3], "prose") || strstr(f[3], "seed") || strcmp(f[0], "label") == 0) return;
    const int before = th->node_count;
    if (grammar_parse(th, &e, f[5], 0, &error) == PARSE_OK && e.definition
        && shapes_check(th, &e, SHAPES_TAGGED, &found, &shapes) == 0 && evaluate_define(th, &e) == 0) {
        if (th->nodes[e.member[1]].kind == N_DERIVATIVE) note_alias(f[5]);
        return;
    }
    th->node_count = before;
}

/* Record the instances */
enum { DENSE = 2, INSTANCES = 4 };
static instance instances[INSTANCES];       // their seeds are 1, 2, …
static FILE *tables[INSTANCES];

static int open_instances(void)
{
    static const int sizes[INSTANCES][4] = { { 6, 5, 4, 3 }, { 5, 3, 4, 6 }, { 7, 4, 5, 3 }, { 6, 3, 5, 4 } };
    char path[512];
    for (int i = 0; i < INSTANCES; i++) {
        const int *s = sizes[i];
        snprintf(path, sizeof path, "%s/kit/key/instance-%d.txt", folder, i + 1);
        tables[i] = fopen(path, "w");
        if (tables[i] == NULL) return complain(path, "cannot be written");
        instance *in = &instances[i];
        if (instance_alloc(in, th, (uint64_t)i + 1, s[0], s[1], s[2], s[3], i >= DENSE) != 0)
            return complain(path, "there is no memory");
        fprintf(tables[i], "sizes %d %d %d %d %d %d %d\n", in->sizes.T, in->sizes.m, in->sizes.n, in->sizes.l, in->sizes.B, in->sizes.K, in->sizes.p);
        for (int k = 0; k < th->symbol_count; k++) table_symbol(in, k, table_write, tables[i]);
    }
    return 0;
}

static void record_slopes(int tree)
{
    if (tree == NONE_NODE) return;
    const node *k = &th->nodes[tree];
    if (k->kind != N_DERIVATIVE) {
        record_slopes(k->left);
        record_slopes(k->right);
        return;
    }
    shape found;
    shape_error error;
    if (shapes_expression(th, tree, &found, &error) != 0) return;
    for (int i = 0; i < INSTANCES; i++) table_slope(&instances[i], tree, table_write, tables[i]);
}

/* Give what the answer may use */
enum { CASES_MAX = 1000 };
typedef struct {
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
        for (size_t n = 0; equal && n < a->count; n++) equal = fabs(creal(x->v[n]) - a->number[n]) <= 1e-9;
        if (equal && i < CASES_MAX) g->equal[i] = 1;
    }
}

/* Is this case asked for? */
static int is_kept(const giving *g, size_t i)
{
    size_t equal = 0;
    for (size_t n = 0; n < g->sealed->count && n < CASES_MAX; n++) equal += (size_t)g->equal[n];
    return i >= CASES_MAX || !g->equal[i] || equal == g->sealed->count;
}

static void give(void *data, const recollection *w, const value *x)
{
    giving *g = data;
    key *k = g->k;
    const recollection *out = g->left_out;
    if (out && w->symbol == out->symbol && w->index == out->index && w->by == out->by && w->by_index == out->by_index) return;
    if (k->given_count == KEY_GIVEN_MAX) {
        complain(k->name, "more values than fit");
        return;
    }
    const size_t bytes = (size_t)value_count(x) * sizeof(double);
    char *text = malloc(2 * bytes + 100);
    double *plain = malloc(bytes + 1);
    if (text == NULL || plain == NULL) exit(1);
    for (int i = 0; i < value_count(x); i++) plain[i] = creal(x->v[i]);
    key_veil(k, k->given_count, plain, bytes);
    int used = sprintf(text, "%d %d %d %d %d %d %d %d %d ", w->symbol, w->index, w->by, w->by_index, w->immediate,
                       x->rank, x->d[0], x->d[1], x->d[2]);
    for (size_t i = 0; i < bytes; i++) used += sprintf(text + used, "%02x", ((unsigned char *)plain)[i]);
    k->given[k->given_count++] = keep(text);
    note_equals(g, x);
    free(text);
    free(plain);
}

/* The cases of the envelope: all, or the middle one if the question's symbol may be used at other times. */
static void choose_cases(record *sealed, int own_symbol)
{
    if (!own_symbol || sealed->count < 2) return;
    const size_t middle = sealed->count / 2;
    for (size_t i = 0; i < sealed->count; i++)
        if (i != middle) free(sealed->list[i].number);
    sealed->list[0] = sealed->list[middle];
    sealed->count = 1;
}

static int may_use(const int *list, int count, const node *question)
{
    for (int i = 0; i < count; i++)
        if (question->kind == N_SYMBOL && th->nodes[list[i]].kind == N_SYMBOL && th->nodes[list[i]].symbol == question->symbol) return 1;
    return 0;
}

/* What the question looks up in the case with this name, "t=3". */
static recollection asked_at(const instance *in, const node *question, const char *name)
{
    const char letter[3] = { question->index.base, '=', '\0' };
    const char *at = question->index.base ? strstr(name, letter) : NULL;
    (void)in;
    return (recollection){ question->symbol, (at ? atoi(at + 2) : 0) + question->index.offset, -1, 0, 0 };
}

static int seal_numbers(key *k, const equation *e, const int *list, int count)
{
    instance in;
    record sealed = { 0 };
    char why[200] = "";
    const node *question = &th->nodes[e->member[0]];
    if (instance_alloc(&in, th, 1000 + (uint64_t)k->number, 7, 4, 5, 3, 1) != 0) return complain(k->name, "there is no memory");
    if (formula_cases(&sealed, &in, KEY_SEALED_SEED, e, why) != 0) return complain(k->name, "%s", why);
    const int own = may_use(list, count, question);
    choose_cases(&sealed, own);
    const recollection out = asked_at(&in, question, sealed.list[0].name);
    giving g = { k, own ? &out : NULL, &sealed, { 0 } };
    snprintf(why, sizeof why, "%d %d %d %d %d %d %d", in.sizes.T, in.sizes.m, in.sizes.n, in.sizes.l, in.sizes.B, in.sizes.K, in.sizes.p);
    k->sizes = keep(why);
    for (int i = 0; i < th->symbol_count; i++)
        if (th->symbols[i].part == PART_SIZE) table_symbol(&in, i, give, &g);
    for (int i = 0; i < count; i++) {
        if (th->nodes[list[i]].kind == N_DERIVATIVE) table_slope(&in, list[i], give, &g);
        else table_symbol(&in, th->nodes[list[i]].symbol, give, &g);
    }
    instance_free(&in);
    /* Add the sealed arrays to the right ones */
    for (size_t i = 0; i < sealed.count; i++) {
        const array *a = &sealed.list[i];
        if (!is_kept(&g, i)) continue;
        array *copy = record_add(&k->right, KEY_SEALED_SEED, a->name, a->rank, a->d);
        if (copy) memcpy(copy->number, a->number, a->count * sizeof *a->number);
    }
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
static void add_mistake(key *k, const record *r, const char *form, const char *diagnosis, int number)
{
    if (r->count > 0 && known(k, r)) return;
    variant *v = key_add_wrong(k);
    if (v == NULL) exit(1);
    v->diagnosis = keep(diagnosis);
    v->misconception = number;
    v->form = form ? key_hash(form, k->number) : 0;
    for (size_t i = 0; i < r->count; i++) {
        mark *m = key_add_mark(v);
        if (m == NULL) exit(1);
        numbers_mark(m, &r->list[i]);
    }
}

/* Make the key of a formula */
typedef struct {
    key *k;
    const char *question;
    equation e;                 // the question and the solution
} derivation;

/* Evaluate a wrong formula */
static void normal(const equation *e)
{
    for (int i = 0; i < e->members; i++) formula_normal(th, &known_names, e->member[i]);
}

/* right_too: complain if it turns out to be right. */
static void add_formula(derivation *d, const equation *e, const char *diagnosis, int number, int right_too)
{
    record r = { 0 };
    fit f;
    formula_fit(th, &f, e);
    const int tree = e->member[e->members - 1];
    char *form = formula_form(th, tree);
    if (form == NULL) exit(1);
    for (int i = 0; i < DENSE; i++)
        formula_values(&r, &instances[i], i + 1, tree, &d->k->right, NULL);
    const int right = r.count > 0 && same_numbers(d->k, &r);
    if (!right) add_mistake(d->k, &r, form, diagnosis, number);
    else if (right_too) complain(d->k->name, "“%s” has the right numbers", diagnosis);
    free(form);
    record_free(&r);
}

static void add_latex(derivation *d, const char *question, const char *answer, const char *diagnosis, int number)
{
    char text[4000];
    equation e;
    parse_error error;
    const int before = th->node_count;
    snprintf(text, sizeof text, "%s = %s", question, answer);
    if (grammar_parse(th, &e, text, 0, &error) == PARSE_OK) normal(&e), add_formula(d, &e, diagnosis, number, 1);
    else complain(d->k->name, "a wrong formula cannot be read: %s: %s", error.message, answer);
    th->node_count = before;
}

/* Add the wrong formulas of the chapter */
static void wrong_formula(void *data, char **f, int count)
{
    derivation *d = data;
    if (count == 4 && strcmp(f[0], d->k->name) == 0) add_latex(d, d->question, f[1], f[3], atoi(f[2]));
}

/* Add the wrong formulas of the book */
static const struct { int number; const char *label, *latex, *diagnosis; } BOOK[] = {
#define WRONG(number, label, latex, diagnosis) { number, label, latex, diagnosis },
#ifdef __has_include
#if __has_include("misconceptions.def")
#include "misconceptions.def"
#endif
#endif
    { 0, "", "", "" }
};

static int asks_the_same(const derivation *d, const equation *e)
{
    return formula_same_form(th, e->member[0], d->e.member[0]);
}

static void add_book(derivation *d, const char *label)
{
    for (size_t i = 0; i + 1 < sizeof BOOK / sizeof *BOOK; i++) {
        equation e;
        parse_error error;
        const int before = th->node_count;
        if (strcmp(BOOK[i].label, label) == 0 && grammar_parse(th, &e, BOOK[i].latex, 0, &error) == PARSE_OK) {
            normal(&e);
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
    if (!formula_exchange(th, text, sizeof text, wrong, right)) snprintf(text, sizeof text, "%s", what);
    add_formula(d, e, text, -1, 0);
}
/* Does a list of what may be used contain a row of the text? */
static int has_text(const char *use)
{
    static const char *const TEXT[] = { "x_t", "y_t", "X_t", "Y_t" };
    int list[FORMULA_USE_MAX], found = 0;
    const int before = th->node_count, count = formula_use(th, list, use, &known_names);
    for (int i = 0; i < count; i++)
        for (size_t n = 0; n < sizeof TEXT / sizeof *TEXT; n++)
            found |= th->nodes[list[i]].kind == N_SYMBOL && strcmp(th->symbols[th->nodes[list[i]].symbol].latex, TEXT[n]) == 0;
    th->node_count = before;
    return found;
}

static int make_derivation(key *k, row x)
{
    char text[4000], why[200] = "";
    parse_error error;
    shape_error shapes;
    shape found;
    derivation d = { .k = k, .question = x[QUESTION] };
    snprintf(text, sizeof text, "%s = %s %s", x[QUESTION], x[ANSWER], x[CONDITION]);
    if (grammar_parse(th, &d.e, text, 0, &error) != PARSE_OK) return complain(x[NAME], "%s: %s", error.message, text);
    normal(&d.e);
    if (shapes_check(th, &d.e, SHAPES_TAGGED, &found, &shapes) != 0) return complain(x[NAME], "%s", shapes.message);
    for (int i = 0; i < (has_text(x[USE]) ? INSTANCES : DENSE); i++)
        if (formula_cases(&k->right, &instances[i], i + 1, &d.e, why) != 0) return complain(x[NAME], "%s", why);
    /* See to it that the solution may be written */
    int list[FORMULA_USE_MAX];
    const int count = formula_use(th, list, x[USE], &known_names);
    if (count < 0) return complain(x[NAME], "one of “%s” cannot be read", x[USE]);
    for (int i = 0; i < count; i++) record_slopes(list[i]);
    if (formula_forbidden(th, d.e.member[1], x[USE], k->without, &known_names, text))
        return complain(x[NAME], "the solution uses %s, which is not allowed", text);
    if (seal_numbers(k, &d.e, list, count) != 0) return -1;
    each_line("wrong-formulas.tsv", wrong_formula, &d);
    add_book(&d, x[OF]);
    mutants_of(th, &d.e, mutant, &d);
    return 0;
}

/* Make the key of a function */
enum { REPORT_MAX = 1 << 22 };
static char report[REPORT_MAX + 1];

static int run_program(record *r, const char *program)
{
    char path[512], one[] = "1", two[] = "2", seven[] = "7";
    char *const argv[] = { path, one, two, seven, NULL };
    const char *version = strrchr(program, '-');
    size_t length;
    int detail;
    if (version == NULL || setenv("EXERCISE_VERSION", version + 1, 1) != 0) return -1;
    snprintf(path, sizeof path, "%s/bin/%.*s", folder, (int)(version - program), program);
    const sandbox_outcome o = sandbox_run(argv, 2, (size_t)1 << 28, report, REPORT_MAX, &length, &detail);
    report[length] = '\0';
    return o == SANDBOX_DONE && record_read(r, report) == 0 && r->complete && !*r->left ? 0 : -1;
}

static void wrong_version(void *data, char **f, int count)
{
    key *k = data;
    record r = { 0 };
    if (count != 4 || strcmp(f[0], k->name) != 0) return;
    const int named = atoi(f[2]) != -1;      // and not the result of systematic damage
    if (run_program(&r, f[1]) == 0) {
        /* Leave out the third seed */
        while (r.count > 0 && r.list[r.count - 1].seed == KEY_SEALED_SEED)
            free(r.list[--r.count].number);
        if (!same_numbers(k, &r) || *r.changed) add_mistake(k, &r, NULL, f[3], atoi(f[2]));
        else if (named) complain(k->name, "“%s” has the right numbers", f[3]);
    } else if (named) {
        complain(k->name, "“%s” (%s) does not compile, or does not end well", f[3], f[1]);
    }
    record_free(&r);
}

static int make_code(key *k, row x)
{
    char name[200];
    size_t length;
    snprintf(name, sizeof name, "%02d-%s-right", k->number, x[NAME]);
    if (run_program(&k->right, name) != 0) return complain(x[NAME], "the solution does not run");
    if (*k->right.changed) return complain(x[NAME], "the solution changes %s", k->right.changed);
    snprintf(name, sizeof name, "%s/code/%02d-%s-blank.c", folder, k->number, x[NAME]);
    char *text = lines_read(name, &length);
    if (text == NULL) return complain(x[NAME], "there is no blank");
    k->blank = key_hash_code(text, k->number);
    free(text);
    return each_line("variants.tsv", wrong_version, k);
}

/* Make the key of shapes */
/* A part of the tree that has the same form as another tree, or NONE_NODE. */
static int part_like(int tree, int wanted)
{
    if (tree == NONE_NODE || formula_same_form(th, tree, wanted)) return tree;
    const int left = part_like(th->nodes[tree].left, wanted);
    return left != NONE_NODE ? left : part_like(th->nodes[tree].right, wanted);
}

static int shape_of(shape *s, const char *expression, const equation *e)
{
    parse_error error;
    shape_error shapes;
    const int tree = grammar_expression(th, expression, &error);
    if (tree == NONE_NODE) return -1;
    /* Look for the expression in the equation */
    if (e->members > 0 && shapes_check(th, e, SHAPES_TAGGED, s, &shapes) == 0)
        for (int i = 0; i < e->members; i++) {
            const int found = part_like(e->member[i], tree);
            if (found == NONE_NODE) continue;
            *s = shapes_at(th, found);
            return 0;
        }
    return shapes_expression(th, tree, s, &shapes);
}

static int ask(key *k, char *expression, const equation *e)
{
    char text[200];
    shape s;
    shape_text t;
    unsigned mask = 0;
    if (shape_of(&s, expression, e) != 0) return complain(k->name, "%s has no shape", expression);
    shapes_print(th, text, &s, 0);
    if (strchr(text, '?') || shape_text_read(&t, text) != 0)
        return complain(k->name, "the shape of %s is %s", expression, text);
    /* Find out which times are free */
    for (int i = 0; i < t.count; i++)
        if (t.axis[i].base == 's') mask |= 1u << i;
    /* Add the question and the numbers of its answer */
    fprintf(shapes_file, "%s\t%s\t%s\n", k->name, expression, text);
    if (k->asked_count == KEY_ASKED_MAX) return complain(k->name, "too many questions");
    k->asked[k->asked_count].expression = keep(expression);
    k->asked[k->asked_count++].hash = shape_text_hash(&t, mask, k->number);
    shape_text_normal(text, &t, mask);
    const int length[1] = { (int)strlen(text) };
    array *a = record_add(&k->right, KEY_SEALED_SEED, expression, 1, length);
    for (size_t i = 0; a && i < a->count; i++) a->number[i] = text[i];
    return 0;
}

static const char *wanted_label;
static char wanted_latex[4000];

static void find_label(void *data, char **f, int count)
{
    (void)data;
    if (count >= 6 && strcmp(f[0], wanted_label) == 0)
        snprintf(wanted_latex, sizeof wanted_latex, "%s", f[5]);
}

static int make_shapes(key *k, row x, const char *equations)
{
    equation e = { .members = 0 };
    parse_error error;
    wanted_label = x[OF];
    *wanted_latex = '\0';
    each_line(equations, find_label, NULL);
    if (*wanted_latex && grammar_parse(th, &e, wanted_latex, 0, &error) != PARSE_OK) e.members = 0;
    for (char *part = strtok(x[ASK], ";"); part; part = strtok(NULL, ";")) {
        while (*part == ' ') part++;
        for (size_t n = strlen(part); n > 0 && part[n - 1] == ' '; n--) part[n - 1] = '\0';
        if (*part && ask(k, part, &e) != 0) return -1;
    }
    return k->asked_count > 0 ? 0 : complain(x[NAME], "nothing is asked");
}

/* Seal the envelope */
static int seal(key *k)
{
    char path[512];
    size_t length;
    envelope_key lock;
    snprintf(path, sizeof path, "%s/envelopes/%02d-%s.txt", folder, k->number, k->name);
    char *text = lines_read(path, &length);
    k->sealed = malloc(length + 5);
    if (text == NULL || k->sealed == NULL) return complain(k->name, "there is no remark");
    memcpy(k->sealed, "open ", 5);
    memcpy(k->sealed + 5, text, length);
    k->sealed_length = length + 5;
    envelope_lock(&lock, &k->right, KEY_SEALED_SEED);
    envelope_apply(k->sealed, k->sealed_length, &lock, (uint32_t)k->number);
    free(text);
    return 0;
}

/* Make one key */
static int fill_key(key *k, row x, const char *equations)
{
    *k = (key){ .number = atoi(x[NUMBER]), .name = x[NAME], .kind = x[KIND], .title = x[TITLE],
                .level = x[LEVEL], .minutes = atoi(x[MINUTES]), .points = atoi(x[POINTS]),
                .question = strcmp(x[KIND], "derivation") == 0 ? x[QUESTION] : "", .use = x[USE],
                .circles = x[CIRCLES], .without = x[WITHOUT], .sizes = "" };
    const int made = strcmp(x[KIND], "derivation") == 0 ? make_derivation(k, x)
        : strcmp(x[KIND], "code") == 0 ? make_code(k, x)
        : strcmp(x[KIND], "shape") == 0 ? make_shapes(k, x, equations)
        : complain(x[NAME], "there is no kind “%s”", x[KIND]);
    return made == 0 ? seal(k) : -1;
}

static void make_key(void *data, char **f, int count)
{
    const char *equations = data;
    char path[512];
    key k;
    if (count < COLUMNS || strcmp(f[0], "number") == 0) return;
    const int before = th->node_count;
    if (fill_key(&k, f, equations) == 0) {
        snprintf(path, sizeof path, "%s/kit/key/%02d-%s.key", folder, k.number, k.name);
        FILE *out = fopen(path, "w");
        if (out) key_write(out, &k);
        if (out == NULL || fclose(out) != 0) complain(path, "cannot be written");
        fprintf(contents, "%02d-%s\n", k.number, k.name);
        printf("%2d %-28s %-10s %3zu right arrays, %3zu known mistakes\n", k.number, k.name, k.kind,
               k.right.count, k.wrong_count);
    }
    th->node_count = before;
    key_free(&k);
    forget();
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

static void try_values(const key *k, const table *t, size_t first, int shift)
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

enum { KEYS_MAX = 200 };

static int read_keys(key *keys)
{
    char path[512], why[200];
    size_t length;
    int count = 0;
    snprintf(path, sizeof path, "%s/kit/key/contents", folder);
    char *names = lines_read(path, &length);
    for (char *name = names ? strtok(names, "\n") : NULL; name && count < KEYS_MAX; name = strtok(NULL, "\n")) {
        snprintf(path, sizeof path, "%s/kit/key/%s.key", folder, name);
        if (key_read(&keys[count++], path, why) != 0) complain(name, "%s", why);
    }
    free(names);
    return count;
}

/* Prints the exercises whose envelopes open, and what opens them. */
static int try_all(void)
{
    static key keys[KEYS_MAX];
    static instance in;
    char path[512], why[200];
    if ((in.th = th = theory_alloc(&BOOK_NOTATION)) == NULL) return complain(folder, "there is no memory"), 1;
    const int count = read_keys(keys);
    for (int source = 0; source < count + INSTANCES; source++) {
        table t = { 0 };
        snprintf(path, sizeof path, "%s/kit/key/instance-%d.txt", folder, source - count + 1);
        if (source < count && table_given(&t, &in, &keys[source]) != 0) exit(1);
        if (source < count) { }
        else if (table_read(&t, &in, path, why) != 0) return complain(path, "%s", why), 1;
        for (int i = 0; i < count; i++)
            for (size_t first = 0; strcmp(keys[i].kind, "derivation") == 0 && first < t.count; first++)
                for (int shift = -2; shift <= 2; shift++) try_values(&keys[i], &t, first, shift);
        table_free(&t);
    }
    for (int i = 0; i < count; i++) key_free(&keys[i]);
    return mistakes != 0 || count == 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--try") == 0) return folder = argv[2], try_all();
    if (argc != 3) {
        fprintf(stderr, "usage: keymaker FOLDER EQUATIONS.tsv, or keymaker --try FOLDER\n");
        return 2;
    }
    /* Make all keys */
    char path[512];
    folder = argv[1];
    if ((th = theory_alloc(&BOOK_NOTATION)) == NULL) return complain(folder, "there is no memory"), 1;
    snprintf(path, sizeof path, "%s/shapes.tsv", folder);
    if ((shapes_file = fopen(path, "w")) == NULL) return complain(path, "cannot be written"), 1;
    snprintf(path, sizeof path, "%s/kit/key/aliases", folder);
    if ((aliases_file = fopen(path, "w")) == NULL) return complain(path, "cannot be written"), 1;
    snprintf(path, sizeof path, "%s/kit/key/contents", folder);
    if ((contents = fopen(path, "w")) == NULL) return complain(path, "cannot be written"), 1;
    if (each_line(argv[2], define, NULL) != 0 || open_instances() != 0) return 1;
    each_line("list.tsv", make_key, argv[2]);
    for (int i = 0; i < INSTANCES; i++)
        if (fclose(tables[i]) != 0) mistakes++;
    if (fclose(shapes_file) != 0 || fclose(contents) != 0 || fclose(aliases_file) != 0) mistakes++;
    if (mistakes) fprintf(stderr, "keymaker: %d mistakes\n", mistakes);
    return mistakes != 0;
}
