/* generated from chapters/34-answers.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "formula.h"
#include "lines.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Recall from a table */
static int same_recollection(const recollection *a, const recollection *b)
{
    return a->symbol == b->symbol && a->index == b->index && a->by == b->by
           && (a->by < 0 || (a->by_index == b->by_index && a->immediate == b->immediate));
}

static const value *recall(void *memory, const recollection *what)
{
    table *t = memory;
    if (t->watch == LISTENING) t->asked = *what;
    if (t->watch == WATCHING && same_recollection(what, &t->asked)) t->seen = 1;
    for (int i = 0; t->watch == WATCHING && what->by < 0 && i < t->circle_count; i++) {
        const circle *c = &t->circles[i];
        const int beyond = (what->index - c->index) * c->direction >= 0;
        if (c->symbol == what->symbol && beyond) t->seen_circle = what->symbol;
    }
    for (size_t i = 0; i < t->count; i++)
        if (same_recollection(&t->what[i], what)) return &t->x[i];
    return NULL;
}

/* Read a table */
static int table_room(table *t)
{
    if (t->count < t->room) return 0;
    const size_t room = t->room ? 2 * t->room : 256;
    recollection *what = realloc(t->what, room * sizeof *what);
    if (what) t->what = what;
    value *x = realloc(t->x, room * sizeof *x);
    if (x) t->x = x;
    if (what == NULL || x == NULL) return -1;
    t->room = room;
    return 0;
}

static int read_entries(value *x, const char *s)
{
    const int count = value_count(x);
    if (count <= 0 || count > 100000) return -1;
    x->v = calloc((size_t)count, sizeof *x->v);
    for (int i = 0; x->v && i < count; i++) {
        char *end;
        x->v[i] = strtod(s, &end);
        if (end == s) return -1;
        s = end;
    }
    return x->v ? 0 : -1;
}

static int read_value(theory *th, table *t, const char *line)
{
    recollection w;
    value x = { 0 };
    int used = 0;
    if (sscanf(line, "value %d %d %d %d %d %d %d %d %d%n", &w.symbol, &w.index, &w.by, &w.by_index,
               &w.immediate, &x.rank, &x.d[0], &x.d[1], &x.d[2], &used) != 9) return -1;
    if (x.rank < 2 || x.rank > 3 || w.symbol < 0) return -1;
    if (w.symbol >= th->symbol_count || w.by >= th->symbol_count) return -1;
    return read_entries(&x, line + used) == 0 ? table_add(t, &w, &x) : -1;
}

int table_add(table *t, const recollection *w, const value *x)
{
    if (table_room(t) != 0) return -1;
    t->what[t->count] = *w;
    t->x[t->count++] = *x;
    return 0;
}

static int read_sizes(instance *in, const char *numbers)
{
    instance_sizes *s = &in->sizes;
    return sscanf(numbers, "%d %d %d %d %d %d %d", &s->T, &s->m, &s->n, &s->l, &s->B, &s->K, &s->p)
           == 7 ? 0 : -1;
}

static int read_table_line(table *t, instance *in, const char *line, int first)
{
    if (!first) return read_value(in->th, t, line);
    return strncmp(line, "sizes ", 6) == 0 ? read_sizes(in, line + 6) : -1;
}

int table_read(table *t, instance *in, const char *path, char *why)
{
    size_t length;
    char *text = lines_read(path, &length), *rest = text;
    int fine = text != NULL;
    *t = (table){ 0 };
    if (fine) errno = 0;
    for (char *line; fine && (line = lines_next(&rest)) != NULL;)
        fine = read_table_line(t, in, line, line == text) == 0;
    in->recall = recall;
    in->memory = t;
    const char *lacks = errno == ENOMEM ? "there is no memory for it" : "it is missing or damaged";
    if (!fine) snprintf(why, 200, "%.150s: %s", path, lacks);
    free(text);
    return fine ? 0 : -1;
}

static int add_given(table *t, const int h[9], const double *numbers, int count)
{
    value x = { .rank = h[5], .d = { h[6], h[7], h[8] }, .v = calloc((size_t)count, sizeof *x.v) };
    const recollection what = { h[0], h[1], h[2], h[3], h[4] };
    for (int i = 0; x.v && i < count; i++) x.v[i] = numbers[i];
    if (x.v && table_add(t, &what, &x) == 0) return 0;
    free(x.v);
    return -1;
}

int table_given(table *t, instance *in, const key *k)
{
    enum { MOST = 4096 };
    double numbers[MOST];
    in->recall = recall;
    in->memory = t;
    read_sizes(in, k->sizes);
    for (int line = 0; line < k->given_count; line++) {
        int h[9];
        const int count = key_given(k, line, h, numbers, MOST);
        if (count > 0 && add_given(t, h, numbers, count) != 0) return -1;
    }
    return 0;
}

void table_free(table *t)
{
    for (size_t i = 0; i < t->count; i++) free(t->x[i].v);
    free(t->what);
    free(t->x);
    *t = (table){ 0 };
}

/* Write a table */
void table_write(void *data, const recollection *w, const value *x)
{
    FILE *f = data;
    fprintf(f, "value %d %d %d %d %d %d %d %d %d", w->symbol, w->index, w->by, w->by_index,
            w->immediate, x->rank, x->d[0], x->d[1], x->d[2]);
    for (int i = 0; i < value_count(x); i++) fprintf(f, " %.17g", creal(x->v[i]));
    fputc('\n', f);
}

void table_sizes(char *text, size_t size, const instance *in)
{
    const instance_sizes *s = &in->sizes;
    snprintf(text, size, "%d %d %d %d %d %d %d", s->T, s->m, s->n, s->l, s->B, s->K, s->p);
}

void table_write_sizes(FILE *f, const instance *in)
{
    char text[100];
    table_sizes(text, sizeof text, in);
    fprintf(f, "sizes %s\n", text);
}

enum { AFTER_THE_END = 2 };     // so many indices

static void visit_after_the_end(instance *in, int symbol, int last, table_visit *visit, void *data)
{
    value x = evaluate_symbol(in, symbol, last);
    const int gradient = in->th->symbols[symbol].part == PART_GRADIENT_OF_LOSS;
    const double filling = x.v && (value_count(&x) == 1 || gradient) ? 0 : 0.5;
    double complex *all = x.v ? malloc((size_t)value_count(&x) * sizeof *all) : NULL;
    for (int i = 0; all && i < value_count(&x); i++) all[i] = filling;
    x.v = all, x.scale = NULL;
    for (int i = 1; all && i <= AFTER_THE_END; i++)
        visit(data, &(recollection){ symbol, last + i, -1, 0, 0 }, &x);
    free(all);
}

void table_symbol(instance *in, int symbol, table_visit *visit, void *data)
{
    const notation_row *s = &in->th->symbols[symbol];
    const int last = evaluate_last(in, s);
    for (int i = s->first; i <= last; i++) {
        const value x = evaluate_symbol(in, symbol, i);
        if (x.v) visit(data, &(recollection){ symbol, i, -1, 0, 0 }, &x);
    }
    if (s->indexed) visit_after_the_end(in, symbol, last, visit, data);
}

static int moves(index_expr x) { return x.base && !axis_is(x.base, AXIS_COUNTS); }

static int together(const node *above, const node *below)
{
    return moves(above->index) && above->index.base == below->index.base;
}

/* Is this the index of a symbol whose index does not move, or any of one that has none? */
static int is_at(const instance *in, const notation_row *s, index_expr x, int index)
{
    const int counted = x.base ? evaluate_last(in, s) : 0;
    return !s->indexed || index == counted + x.offset;
}

static void visit_slope(instance *in, int derivative, int i, int j, table_visit *visit, void *data)
{
    const node *all = in->th->nodes, *k = &all[derivative];
    const node *above = &all[k->left], *below = &all[k->right];
    const enum outcome before = in->failed;
    int at[128] = { 0 };
    if (moves(below->index)) at[(int)below->index.base] = j - below->index.offset;
    if (moves(above->index)) at[(int)above->index.base] = i - above->index.offset;
    const value x = evaluate_at(in, derivative, at);
    const recollection w = { above->symbol, i, below->symbol, j, k->immediate };
    if (x.v) visit(data, &w, &x);
    in->failed = before;
}

void table_slope(instance *in, int derivative, table_visit *visit, void *data)
{
    const node *all = in->th->nodes, *k = &all[derivative];
    const node *above = &all[k->left], *below = &all[k->right];
    const notation_row *up = &in->th->symbols[above->symbol];
    const notation_row *down = &in->th->symbols[below->symbol];
    const int shift = below->index.offset - above->index.offset;
    for (int i = up->first; i <= evaluate_last(in, up); i++) {
        if (!moves(above->index) && !is_at(in, up, above->index, i)) continue;
        for (int j = down->first; j <= evaluate_last(in, down); j++) {
            if (together(above, below) && j != i + shift) continue;
            if (!moves(below->index) && !is_at(in, down, below->index, j)) continue;
            visit_slope(in, derivative, i, j, visit, data);
        }
    }
}

/* Bring a formula into normal form */
int formula_alias(theory *th, aliases *a, const char *equation_latex)
{
    equation e;
    parse_error error;
    if (a->count == FORMULA_ALIASES_MAX) return -1;
    if (grammar_parse(th, &e, equation_latex, 0, &error) != PARSE_OK) return -1;
    a->list[a->count].symbol = e.member[0];
    a->list[a->count++].derivative = e.member[1];
    return 0;
}

static int same_distance(const node *up, const node *down, const node *above, const node *below)
{
    const index_expr high = up->index, low = down->index;
    return high.base == low.base && high.minus == low.minus
        && low.offset - high.offset == below->index.offset - above->index.offset;
}

static void replace_alias(theory *th, const aliases *a, node *k)
{
    const node *all = th->nodes, *up = &all[k->left], *down = &all[k->right];
    if (up->kind != N_SYMBOL || down->kind != N_SYMBOL || k->immediate) return;
    for (int i = 0; i < a->count; i++) {
        const node *slope = &all[a->list[i].derivative], *name = &all[a->list[i].symbol];
        const node *above = &all[slope->left], *below = &all[slope->right];
        if (up->symbol != above->symbol || down->symbol != below->symbol) continue;
        if (th->symbols[up->symbol].indexed && !same_distance(up, down, above, below)) continue;
        index_expr index = down->index;
        index.offset += name->index.offset - below->index.offset;
        *k = (node){ .kind = N_SYMBOL, .symbol = name->symbol, .index = index,
                     .left = NONE_NODE, .right = NONE_NODE, .column = k->column };
        return;
    }
}

/* diag(x)^n → diag(x^n), and diag(x)^{-n} → diag(1 ⊘ x^n). */
static void push_power_inside(theory *th, int tree)
{
    const node power = th->nodes[tree], diagonal = th->nodes[power.left];
    const int n = power.index.offset;
    if (diagonal.kind != N_FUNCTION || diagonal.function != F_DIAG) return;
    if (power.index.base || power.index.minus || n == 0) return;
    const int inner = grammar_node(th, N_POWER, diagonal.left, NONE_NODE);
    const int one = n < 0 ? grammar_node(th, N_NUMBER, NONE_NODE, NONE_NODE) : NONE_NODE;
    const int quotient = n < 0 ? grammar_node(th, N_DIVIDE, one, inner) : inner;
    if (inner == NONE_NODE || quotient == NONE_NODE || (n < 0 && one == NONE_NODE)) return;
    th->nodes[inner].index.offset = abs(n);
    th->nodes[inner].column = th->nodes[quotient].column = power.column;
    if (n < 0) th->nodes[one].number = 1, th->nodes[one].column = power.column;
    th->nodes[tree] = diagonal;
    th->nodes[tree].left = quotient;
}

/* What an expression is: a single number (but one in digits may be a row as well), a row, a
   matrix, or something else. */
typedef enum { OTHER, SINGLE, ROW, MATRIX } extent;
/* Know a matrix of any size */
static extent extent_of(theory *th, int tree);

static int is_ones(const node *k) { return k->kind == N_ONES && !k->variable; }

static int is_of_any_size(theory *th, int tree);

/* A product of two of them, or of one and a number. */
static int is_product_of_any_size(theory *th, const node *k)
{
    const node *left = &th->nodes[k->left];
    if (left->kind == N_TRANSPOSE && is_ones(&th->nodes[left->left]))
        return is_ones(&th->nodes[k->right]);
    const int first = is_of_any_size(th, k->left), second = is_of_any_size(th, k->right);
    return (first && (second || extent_of(th, k->right) == SINGLE))
        || (second && extent_of(th, k->left) == SINGLE);
}

/* I, 1ᵀ1, and what is made of them with numbers. */
static int is_of_any_size(theory *th, int tree)
{
    const node k = th->nodes[tree];
    switch (k.kind) {
    case N_FUNCTION: return k.function == F_DIAG && is_ones(&th->nodes[k.left]);
    case N_NEGATE: return is_of_any_size(th, k.left);
    case N_ADD: case N_SUBTRACT: return is_of_any_size(th, k.left) && is_of_any_size(th, k.right);
    case N_FRACTION: return is_of_any_size(th, k.left) && extent_of(th, k.right) == SINGLE;
    case N_PRODUCT: return is_product_of_any_size(th, &k);
    default: return 0;
    }
}

static extent extent_of(theory *th, int tree)
{
    char text[100];
    shape s;
    shape_error error;
    if (is_of_any_size(th, tree)) return MATRIX;
    if (shapes_expression(th, tree, &s, &error) != 0 || s.rank != 2 || s.number) return OTHER;
    shapes_print(th, text, &s, 0);
    return shapes_scalar(th, tree) ? SINGLE : strncmp(text, "1 ×", 4) == 0 ? ROW : MATRIX;
}

/* A row, or a matrix, of the number's kind: s 1, or s 1ᵀ1. */
static int filled_with(theory *th, int number, extent like)
{
    const int column = th->nodes[number].column;
    int ones = grammar_node(th, N_ONES, NONE_NODE, NONE_NODE);
    if (ones != NONE_NODE) th->nodes[ones].column = column;
    if (like == MATRIX && ones != NONE_NODE) {
        const int across = grammar_node(th, N_ONES, NONE_NODE, NONE_NODE);
        const int down = grammar_node(th, N_TRANSPOSE, ones, NONE_NODE);
        if (across == NONE_NODE || down == NONE_NODE) return number;
        th->nodes[across].column = th->nodes[down].column = column;
        ones = grammar_node(th, N_PRODUCT, down, across);
        if (ones != NONE_NODE) th->nodes[ones].column = column;
    }
    const int filled = ones == NONE_NODE ? NONE_NODE : grammar_node(th, N_PRODUCT, number, ones);
    if (filled != NONE_NODE) th->nodes[filled].column = column;
    return filled == NONE_NODE ? number : filled;
}

static void fill_up(theory *th, int tree)
{
    node *k = &th->nodes[tree];
    if (k->kind == N_ONES && !k->variable) k->kind = N_NUMBER, k->number = 1;
}

static void stretch(theory *th, int tree)
{
    const int one = th->nodes[tree].left, other = th->nodes[tree].right;
    const extent left = extent_of(th, one), right = extent_of(th, other);
    if (right == MATRIX) fill_up(th, one);
    if (left == MATRIX) fill_up(th, other);
    if (left == SINGLE && right > SINGLE) th->nodes[tree].left = filled_with(th, one, right);
    if (right == SINGLE && left > SINGLE) th->nodes[tree].right = filled_with(th, other, left);
}

static void divide_entries(theory *th, int tree)
{
    if (extent_of(th, th->nodes[tree].right) < ROW) return;
    th->nodes[tree].kind = N_DIVIDE;
    stretch(th, tree);
}

static void name_identity(theory *th, int tree)
{
    node *k = &th->nodes[th->nodes[tree].left];
    if (th->nodes[tree].function == F_DIAG && k->kind == N_NUMBER
        && !(k->number < 1) && !(k->number > 1)) k->kind = N_ONES;
}

void formula_normal(theory *th, const aliases *a, int tree)
{
    if (tree == NONE_NODE) return;
    if (th->nodes[tree].kind == N_DERIVATIVE) {
        replace_alias(th, a, &th->nodes[tree]);
        return;
    }
    formula_normal(th, a, th->nodes[tree].left);
    formula_normal(th, a, th->nodes[tree].right);
    switch (th->nodes[tree].kind) {
    case N_POWER: push_power_inside(th, tree); break;
    case N_FUNCTION: name_identity(th, tree); break;
    case N_FRACTION: divide_entries(th, tree); break;
    case N_ADD: case N_SUBTRACT: case N_HADAMARD: case N_DIVIDE: stretch(th, tree); break;
    default: break;
    }
}

/* Evaluate a formula for all cases */
static void bind(int at[128], const char *name)
{
    memset(at, 0, 128 * sizeof *at);
    for (; name && *name && *name != '-'; name = strchr(name, ',')) {
        name += *name == ',';
        at[(int)*name & 127] = atoi(name + 2);
    }
}

static int add_value(record *r, int seed, const char *name, const value *x)
{
    array *a = record_add(r, seed, name, x->rank, x->d);
    for (size_t i = 0; a && i < a->count; i++) a->number[i] = creal(x->v[i]);
    return a ? 0 : -1;
}

static void note_failure(char *why, const char *name, const char *message)
{
    const int only = *name == '-';
    if (why && *why == '\0')
        snprintf(why, 200, "%s%s%.150s", only ? "" : name, only ? "" : ": ", message);
}

void formula_values(record *r, instance *in, int seed, int tree, const record *cases, char *why)
{
    int at[128];
    for (size_t i = 0; i < cases->count; i++) {
        const array *a = &cases->list[i];
        const size_t used = in->scratch.used;
        if (a->seed != seed) continue;
        bind(at, a->name);
        const value x = evaluate_at(in, tree, at);
        if (x.v) add_value(r, seed, a->name, &x);
        else note_failure(why, a->name, in->message);
        in->scratch.used = used;
        if (in->work > in->limit) return;               // the other cases take as long
    }
}

static circle circle_at(const node *k, const int *at, int direction)
{
    return (circle){ k->symbol, at[(int)k->index.base] + k->index.offset, direction };
}

/* What is made of the question when the letters are bound as in at. */
static void find_circles(theory *th, table *t, const char *list, const int *at)
{
    t->circle_count = 0;
    while (*list && t->circle_count < CIRCLES_MAX) {
        char part[60];
        parse_error error;
        const size_t length = strcspn(list, ",");
        snprintf(part, sizeof part, "%.*s", (int)length, list);
        char *sign = strrchr(part, ' ');
        const int direction = sign && sign[1] == '-' ? -1 : 1;
        if (sign) *sign = '\0';
        const int tree = grammar_expression(th, part, &error);
        if (tree != NONE_NODE)
            t->circles[t->circle_count++] = circle_at(&th->nodes[tree], at, direction);
        list += length + (list[length] == ',');
        list += strspn(list, " ");
    }
}

int formula_restates(instance *in, int seed, int tree, int question, const record *cases,
                     const char *circles, int *symbol)
{
    table *t = in->memory;
    const node_kind kind = in->th->nodes[question].kind;
    const enum outcome failed = in->failed;
    const int before = in->th->node_count;
    int at[128];
    t->seen = 0, t->seen_circle = -1;
    for (size_t i = 0; i < cases->count; i++) {
        const size_t used = in->scratch.used;
        if (cases->list[i].seed != seed || (kind != N_SYMBOL && kind != N_DERIVATIVE)) continue;
        bind(at, cases->list[i].name);
        find_circles(in->th, t, circles, at);
        t->watch = LISTENING, evaluate_at(in, question, at);
        t->watch = WATCHING, evaluate_at(in, tree, at);
        t->watch = NOT_WATCHING;
        in->scratch.used = used;
        in->th->node_count = before;
        if (in->work > in->limit) break;
    }
    in->failed = failed;
    *symbol = t->seen_circle;
    return t->seen ? 1 : t->seen_circle >= 0 ? 2 : 0;
}

typedef struct {
    record *r;
    const equation *e;
    int seed, failed;
    char letters[LETTERS_ALL];
} collection;

static void visit(void *data, const value *members, const int *where)
{
    collection *c = data;
    char name[40] = "-";
    size_t used = 0;
    for (const char *s = c->letters; *s && used < 30; s++)
        used += (size_t)snprintf(name + used, sizeof name - used, "%s%c=%d", used ? "," : "", *s,
                                 where[(int)*s]);
    c->failed |= add_value(c->r, c->seed, name, &members[c->e->members - 1]);
}

int formula_cases(record *r, instance *in, int seed, const equation *e, char *why)
{
    verdict v = { .kind = V_OK };
    collection c = { .r = r, .e = e, .seed = seed };
    for (int i = 0; i < e->members; i++) grammar_letters(in->th, e->member[i], c.letters);
    evaluate_cases(in, e, visit, &c, &v);
    if (v.kind == V_OK && !c.failed) return 0;
    snprintf(why, 200, "%.190s", v.message);
    return -1;
}

void formula_fit(theory *th, fit *f, const equation *e)
{
    shape found;
    shape_error error;
    *f = (fit){ .plain = 0 };
    f->tagged = shapes_check(th, e, SHAPES_TAGGED, &found, &f->error) == 0;
    f->plain = f->tagged || shapes_check(th, e, SHAPES_PLAIN, &found, &error) == 0;
    if (!f->plain) shapes_expression(th, e->member[e->members - 1], &found, &error);
}

/* Find what is forbidden */
/* Is a the derivative b, at any time? Two times keep their distance. */
static int same_slope(theory *th, const node *a, const node *b)
{
    const node *up = &th->nodes[a->left], *down = &th->nodes[a->right];
    const node *other_up = &th->nodes[b->left], *other_down = &th->nodes[b->right];
    const int distance = down->index.offset - up->index.offset;
    const int allowed_distance = other_down->index.offset - other_up->index.offset;
    return up->kind == N_SYMBOL && other_up->kind == N_SYMBOL
           && up->symbol == other_up->symbol && down->symbol == other_down->symbol
           && !a->immediate == !b->immediate
           && (!together(other_up, other_down) || distance == allowed_distance);
}

static int allowed(theory *th, const node *k, const int *list, int count)
{
    for (int i = 0; i < count; i++) {
        const node *x = &th->nodes[list[i]];
        if (k->kind == N_DERIVATIVE ? x->kind == N_DERIVATIVE && same_slope(th, k, x)
                                    : x->kind != N_DERIVATIVE && x->symbol == k->symbol) return 1;
    }
    return 0;
}

static int search(theory *th, int tree, const int *list, int count)
{
    if (tree == NONE_NODE) return NONE_NODE;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL) {
        const int size = th->symbols[k->symbol].part == PART_SIZE;
        return size || allowed(th, k, list, count) ? NONE_NODE : tree;
    }
    if (k->kind == N_DERIVATIVE) return allowed(th, k, list, count) ? NONE_NODE : tree;
    const int found = search(th, k->left, list, count);
    return found != NONE_NODE ? found : search(th, k->right, list, count);
}

static int use_part(theory *th, int *list, int count, const char *part, const aliases *a)
{
    parse_error error;
    if (part[strspn(part, " ")] == '\0') return count;
    const int tree = count < FORMULA_USE_MAX ? grammar_expression(th, part, &error) : NONE_NODE;
    if (tree == NONE_NODE) return -1;
    formula_normal(th, a, tree);
    list[count] = tree;
    return count + 1;
}

int formula_use(theory *th, int list[FORMULA_USE_MAX], const char *use, const aliases *a)
{
    int count = 0, depth = 0;
    char part[200];
    size_t n = 0;
    for (const char *s = use;; s++) {
        depth += (*s == '{') - (*s == '}');
        if (*s && (*s != ',' || depth > 0)) {
            if (n < sizeof part - 1) part[n++] = *s;
            continue;
        }
        part[n] = '\0';
        n = 0;
        count = use_part(th, list, count, part, a);
        if (*s == '\0' || count < 0) return count;
    }
}

/* Is the argument what the rest of the item says: anything, a row, or what holds a symbol? */
static int stands_around(theory *th, int argument, const char *around)
{
    parse_error unread;
    const int before = th->node_count;
    if (*around == '\0') return 1;
    if (strcmp(around, "row") == 0) return extent_of(th, argument) > SINGLE;
    const int inside = grammar_expression(th, around, &unread);
    const int symbol = inside == NONE_NODE ? -1 : th->nodes[inside].symbol;
    th->node_count = before;
    return symbol >= 0 && grammar_mentions(th, argument, symbol);
}

/* Does a function of this kind stand in the tree around what the rest of the item says? */
static int function_used(theory *th, int tree, function_kind f, const char *around)
{
    if (tree == NONE_NODE) return 0;
    const node k = th->nodes[tree];
    if (k.kind == N_FUNCTION && k.function == f && stands_around(th, k.left, around)) return 1;
    return function_used(th, k.left, f, around) || function_used(th, k.right, f, around);
}

static const struct { const char *name, *what; node_kind kinds[2]; } OPERATIONS[] = {
    { "entry", "a component", { N_ENTRY, N_ENTRY } }, { "\\sum", "\\sum", { N_SUM, N_SUM } },
    { "\\prod", "\\prod", { N_PROD, N_PROD } }, { "\\frac", "a division", { N_FRACTION, N_DIVIDE } },
    { "norm", "a norm", { N_NORM, N_NORM } },
};

static int operation_used(theory *th, int tree, const node_kind kinds[2])
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    const int divides = k->kind == N_POWER && (k->index.offset < 0 || k->index.minus);
    return k->kind == kinds[0] || k->kind == kinds[1] || (divides && kinds[1] == N_DIVIDE)
        || operation_used(th, k->left, kinds) || operation_used(th, k->right, kinds);
}

static int item_used(theory *th, int tree, const char *item, char *what)
{
    char name[60];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(item, " "), item);
    const char *around = item + strlen(name) + (item[strlen(name)] == ' ');
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof *OPERATIONS; i++)
        if (strcmp(name, OPERATIONS[i].name) == 0) {
            strcpy(what, OPERATIONS[i].what);
            return operation_used(th, tree, OPERATIONS[i].kinds);
        }
    const function_kind f = strcmp(name, "\\log") == 0 ? F_LOG
                          : strcmp(name, "\\exp") == 0 ? F_EXP : F_SOFTMAX;
    if (!function_used(th, tree, f, around)) return 0;
    snprintf(what, 100, f == F_LOG ? "the logarithm of a probability" : "%s", name);
    return 1;
}

static int without_used(theory *th, int tree, const char *without, char *what)
{
    while (*without) {
        char item[60];
        const size_t length = strcspn(without, ",");
        snprintf(item, sizeof item, "%.*s", (int)length, without);
        if (item_used(th, tree, item, what)) return 1;
        without += length + (without[length] == ',');
        without += strspn(without, " ");
    }
    return 0;
}

int formula_forbidden(theory *th, int tree, const char *use, const char *without,
                      const aliases *a, char *what)
{
    int list[FORMULA_USE_MAX];
    const int before = th->node_count, count = formula_use(th, list, use, a);
    const int found = search(th, tree, list, count);
    th->node_count = before;
    if (found == NONE_NODE) return without_used(th, tree, without, what);
    const node *all = th->nodes, *k = &all[found];
    if (k->kind != N_DERIVATIVE) snprintf(what, 100, "%s", th->symbols[k->symbol].latex);
    else if (all[k->left].kind != N_SYMBOL) snprintf(what, 100, "a derivative of an expression");
    else snprintf(what, 100, "the derivative of %s by %s", th->symbols[all[k->left].symbol].latex,
                  th->symbols[all[k->right].symbol].latex);
    return 1;
}

/* Write the form of a formula */
static void form_index(FILE *f, index_expr x)
{
    fputc('[', f);
    if (x.base) fputc(x.base, f);
    if (x.minus) fprintf(f, "-%c", x.minus);
    fprintf(f, "%+d]", x.offset);
}

static size_t form_parts(theory *th, int tree, node_kind kind, char **part, size_t n)
{
    const node *k = &th->nodes[tree];
    if (k->kind != kind) {
        if (part) part[n] = formula_form(th, tree);
        return n + 1;
    }
    n = form_parts(th, k->left, kind, part, n);
    return form_parts(th, k->right, kind, part, n);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int form_chain(theory *th, FILE *f, int tree, node_kind kind)
{
    const size_t count = form_parts(th, tree, kind, NULL, 0);
    char **part = calloc(count, sizeof *part);
    int failed = part == NULL;
    if (part) form_parts(th, tree, kind, part, 0);
    for (size_t i = 0; part && i < count; i++) failed |= part[i] == NULL;
    if (!failed && kind != N_PRODUCT) qsort(part, count, sizeof *part, by_text);
    for (size_t i = 0; !failed && i < count; i++) fprintf(f, "%s ", part[i]);
    for (size_t i = 0; part && i < count; i++) free(part[i]);
    free(part);
    return failed ? -1 : 0;
}

static int form(theory *th, FILE *f, int tree);

static int form_inside(theory *th, FILE *f, const node *k)
{
    fprintf(f, "%d.%d.%d.%d.%g(", (int)k->kind, (int)k->function, k->symbol,
            k->immediate != 0 && k->kind == N_DERIVATIVE, k->number);
    form_index(f, k->index);
    form_index(f, k->component);
    form_index(f, k->second);
    if (k->kind == N_SUM || k->kind == N_PROD || k->kind == N_ROWS) {
        fputc(k->variable, f);
        form_index(f, k->from);
        form_index(f, k->to);
    }
    if (form(th, f, k->left) != 0) return -1;
    fputc(',', f);
    return form(th, f, k->right);
}

static int form(theory *th, FILE *f, int tree)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    const int chain = k->kind == N_ADD || k->kind == N_HADAMARD || k->kind == N_PRODUCT;
    if (chain) fputs(k->kind == N_ADD ? "+(" : k->kind == N_HADAMARD ? "o(" : "*(", f);
    const int failed = chain ? form_chain(th, f, tree, k->kind) : form_inside(th, f, k);
    fputc(')', f);
    return failed;
}

char *formula_form(theory *th, int tree)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (f == NULL) return NULL;
    const int failed = form(th, f, tree) != 0 || ferror(f);
    if (fclose(f) == 0 && !failed) return text;
    free(text);
    return NULL;
}

int formula_same_form(theory *th, int one, int other)
{
    char *a = formula_form(th, one), *b = formula_form(th, other);
    const int same = a && b && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

/* Describe an exchange of symbols */
static int same_index(index_expr a, index_expr b)
{
    return a.base == b.base && a.minus == b.minus && a.offset == b.offset;
}

/* Counts the nodes that differ, and remembers the last pair; large if the trees do. */
static int count_exchanges(theory *th, int a, int b, int pair[2])
{
    if ((a == NONE_NODE) != (b == NONE_NODE)) return 100;
    if (a == NONE_NODE) return 0;
    const node *x = &th->nodes[a], *y = &th->nodes[b];
    if (x->kind != y->kind || x->function != y->function || x->number != y->number) return 100;
    if (!same_index(x->from, y->from) || !same_index(x->to, y->to)) return 100;
    const int here = x->symbol != y->symbol || !same_index(x->index, y->index);
    if (here && x->kind != N_SYMBOL) return 100;
    if (here) pair[0] = a, pair[1] = b;
    return here + count_exchanges(th, x->left, y->left, pair)
           + count_exchanges(th, x->right, y->right, pair);
}

void formula_symbol(const theory *th, char *text, size_t size, int tree)
{
    const node *k = &th->nodes[tree];
    const notation_row *s = &th->symbols[k->symbol];
    const char *last = s->indexed ? strrchr(s->latex, '_') : NULL;
    char index[24] = "";
    if (last && k->index.base && k->index.offset)
        snprintf(index, sizeof index, "_{%c%+d}", k->index.base, k->index.offset);
    else if (last && k->index.base) snprintf(index, sizeof index, "_%c", k->index.base);
    else if (last) snprintf(index, sizeof index, "_%d", k->index.offset);
    snprintf(text, size, "%.*s%s", last ? (int)(last - s->latex) : 60, s->latex, index);
}

int formula_exchange(theory *th, char *text, size_t size, int wrong, int right)
{
    int pair[2];
    char a[100], b[100];
    if (count_exchanges(th, wrong, right, pair) != 1) return 0;
    formula_symbol(th, a, sizeof a, pair[0]);
    formula_symbol(th, b, sizeof b, pair[1]);
    snprintf(text, size, "%s where %s belongs", a, b);
    return 1;
}
