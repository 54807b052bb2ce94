/* generated from chapters/34-answers.nw by noweb; do not edit */
#include "formula.h"
#include "key.h"
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
        if (c->symbol == what->symbol && (what->index - c->index) * c->direction >= 0) t->seen_circle = what->symbol;
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

static int read_value(theory *th, table *t, char *line)
{
    recollection w;
    value x = { 0 };
    int used = 0;
    if (sscanf(line, "value %d %d %d %d %d %d %d %d %d%n", &w.symbol, &w.index, &w.by, &w.by_index,
               &w.immediate, &x.rank, &x.d[0], &x.d[1], &x.d[2], &used) != 9) return -1;
    if (x.rank < 2 || x.rank > 3 || w.symbol < 0 || w.symbol >= th->symbol_count || w.by >= th->symbol_count) return -1;
    return read_entries(&x, line + used) == 0 ? table_add(t, &w, &x) : -1;
}

int table_add(table *t, const recollection *w, const value *x)
{
    if (table_room(t) != 0) return -1;
    t->what[t->count] = *w;
    t->x[t->count++] = *x;
    return 0;
}

static int read_sizes(instance *in, const char *line)
{
    return sscanf(line, "sizes %d %d %d %d %d %d %d", &in->sizes.T, &in->sizes.m, &in->sizes.n, &in->sizes.l,
                  &in->sizes.B, &in->sizes.K, &in->sizes.p) == 7 ? 0 : -1;
}

int table_read(table *t, instance *in, const char *path, char *why)
{
    size_t length;
    char *text = key_slurp(path, &length), *next;
    int fine = text != NULL;
    *t = (table){ 0 };
    for (char *line = text; fine && *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next) *next++ = '\0';
        fine = (line == text ? read_sizes(in, line) : read_value(in->th, t, line)) == 0;
    }
    free(text);
    in->recall = recall;
    in->memory = t;
    if (!fine) snprintf(why, 200, "%.150s is missing or damaged", path);
    return fine ? 0 : -1;
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

enum { AFTER_THE_END = 2 };     // so many indices

static void visit_after_the_end(instance *in, int symbol, int last, table_visit *visit, void *data)
{
    value x = evaluate_symbol(in, symbol, last);
    const double filling = x.v && (value_count(&x) == 1 || in->th->symbols[symbol].part == PART_GRADIENT_OF_LOSS) ? 0 : 0.5;
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

static int together(const node *above, const node *below)
{
    return above->index.base && below->index.base;
}

static void visit_slope(instance *in, int derivative, int i, int j, table_visit *visit, void *data)
{
    const node *k = &in->th->nodes[derivative], *above = &in->th->nodes[k->left], *below = &in->th->nodes[k->right];
    const int before = in->failed;
    int at[128] = { 0 };
    if (below->index.base) at[(int)below->index.base] = j - below->index.offset;
    if (above->index.base) at[(int)above->index.base] = i - above->index.offset;
    const value x = evaluate_at(in, derivative, at);
    const recollection w = { above->symbol, i, below->symbol, j, k->immediate };
    if (x.v) visit(data, &w, &x);
    in->failed = before;
}

void table_slope(instance *in, int derivative, table_visit *visit, void *data)
{
    const node *k = &in->th->nodes[derivative], *above = &in->th->nodes[k->left], *below = &in->th->nodes[k->right];
    const notation_row *up = &in->th->symbols[above->symbol], *down = &in->th->symbols[below->symbol];
    const int shift = below->index.offset - above->index.offset;
    for (int i = up->first; i <= evaluate_last(in, up); i++) {
        if (up->indexed && !above->index.base && i != above->index.offset) continue;
        for (int j = down->first; j <= evaluate_last(in, down); j++) {
            if (together(above, below) && j != i + shift) continue;
            if (down->indexed && !below->index.base && j != below->index.offset) continue;
            visit_slope(in, derivative, i, j, visit, data);
        }
    }
}

/* Bring a formula into normal form */
int formula_alias(theory *th, aliases *a, const char *equation_latex)
{
    equation e;
    parse_error error;
    if (a->count == FORMULA_ALIASES_MAX || grammar_parse(th, &e, equation_latex, 0, &error) != PARSE_OK) return -1;
    a->list[a->count].symbol = e.member[0];
    a->list[a->count++].derivative = e.member[1];
    return 0;
}

static void replace_alias(theory *th, const aliases *a, node *k)
{
    if (th->nodes[k->left].kind != N_SYMBOL || k->immediate) return;
    for (int i = 0; i < a->count; i++) {
        const node *slope = &th->nodes[a->list[i].derivative], *name = &th->nodes[a->list[i].symbol];
        const node *above = &th->nodes[slope->left], *below = &th->nodes[slope->right];
        if (th->nodes[k->left].symbol != above->symbol || th->nodes[k->right].symbol != below->symbol) continue;
        index_expr index = th->nodes[k->right].index;
        index.offset += name->index.offset - below->index.offset;
        const int column = k->column;
        *k = (node){ .kind = N_SYMBOL, .symbol = name->symbol, .index = index, .left = NONE_NODE, .right = NONE_NODE, .column = column };
        return;
    }
}

/* diag(x)^n → diag(x^n), and diag(x)^{-n} → diag(1 ⊘ x^n). */
static void push_power_inside(theory *th, int tree)
{
    const node power = th->nodes[tree], diagonal = th->nodes[power.left];
    const int n = power.index.offset;
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

/* What an expression is: a single number (but one in digits may be a row as well), a row, a matrix, or something else. */
typedef enum { OTHER, SINGLE, ROW, MATRIX } extent;

static extent extent_of(theory *th, int tree)
{
    char text[100];
    shape s;
    shape_error error;
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

static void stretch(theory *th, int tree)
{
    const extent left = extent_of(th, th->nodes[tree].left), right = extent_of(th, th->nodes[tree].right);
    if (left == SINGLE && right > SINGLE) th->nodes[tree].left = filled_with(th, th->nodes[tree].left, right);
    if (right == SINGLE && left > SINGLE) th->nodes[tree].right = filled_with(th, th->nodes[tree].right, left);
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
    const node *k = &th->nodes[tree];
    if (k->kind == N_POWER && th->nodes[k->left].kind == N_FUNCTION && th->nodes[k->left].function == F_DIAG) push_power_inside(th, tree);
    else if (k->kind == N_ADD || k->kind == N_SUBTRACT || k->kind == N_HADAMARD || k->kind == N_DIVIDE) stretch(th, tree);
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

void formula_values(record *r, instance *in, int seed, int tree, const record *cases, char *why)
{
    int at[128];
    for (size_t i = 0; i < cases->count; i++) {
        const array *a = &cases->list[i];
        const size_t used = in->used;
        if (a->seed != seed) continue;
        bind(at, a->name);
        const value x = evaluate_at(in, tree, at);
        if (!x.v) {
                      if (why && *why == '\0')
                          snprintf(why, 200, "%s%s%.150s", *a->name == '-' ? "" : a->name, *a->name == '-' ? "" : ": ",
                                   in->message);
                  }
        if (x.v) add_value(r, seed, a->name, &x);
        in->used = used;
        if (in->work > in->limit) return;               // the other cases take as long
    }
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
            t->circles[t->circle_count++] = (circle){ th->nodes[tree].symbol, at[(int)th->nodes[tree].index.base] + th->nodes[tree].index.offset, direction };
        list += length + (list[length] == ',');
        list += strspn(list, " ");
    }
}

int formula_restates(instance *in, int seed, int tree, int question, const record *cases, const char *circles, int *symbol)
{
    table *t = in->memory;
    const node_kind kind = in->th->nodes[question].kind;
    const int failed = in->failed, before = in->th->node_count;
    int at[128];
    t->seen = 0, t->seen_circle = -1;
    for (size_t i = 0; i < cases->count; i++) {
        const size_t used = in->used;
        if (cases->list[i].seed != seed || (kind != N_SYMBOL && kind != N_DERIVATIVE)) continue;
        bind(at, cases->list[i].name);
        find_circles(in->th, t, circles, at);
        t->watch = LISTENING, evaluate_at(in, question, at);
        t->watch = WATCHING, evaluate_at(in, tree, at);
        t->watch = NOT_WATCHING;
        in->used = used;
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
    return up->kind == N_SYMBOL && other_up->kind == N_SYMBOL
           && up->symbol == other_up->symbol && down->symbol == other_down->symbol
           && !a->immediate == !b->immediate
           && (!together(other_up, other_down)
               || down->index.offset - up->index.offset == other_down->index.offset - other_up->index.offset);
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
        if (th->symbols[k->symbol].part == PART_SIZE || allowed(th, k, list, count)) return NONE_NODE;
        return tree;
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

/* Does a function of this kind stand in the tree around what the rest of the item says? */
static int function_used(theory *th, int tree, function_kind f, const char *around)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    if (k->kind == N_FUNCTION && k->function == f) {
        const int argument = k->left, before = th->node_count;
        if (*around == '\0') return 1;
        if (strcmp(around, "row") == 0) {
            if (extent_of(th, argument) > SINGLE) return 1;
        } else {
            parse_error unread;
            const int inside = grammar_expression(th, around, &unread);
            const int found = inside != NONE_NODE && grammar_mentions(th, argument, th->nodes[inside].symbol);
            th->node_count = before;
            if (found) return 1;
        }
    }
    return function_used(th, k->left, f, around) || function_used(th, k->right, f, around);
}

static int entry_used(theory *th, int tree)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    return k->kind == N_ENTRY || entry_used(th, k->left) || entry_used(th, k->right);
}

static int item_used(theory *th, int tree, const char *item, char *what)
{
    char name[60];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(item, " "), item);
    const char *around = item + strlen(name) + (item[strlen(name)] == ' ');
    const function_kind f = strcmp(name, "\\log") == 0 ? F_LOG : strcmp(name, "\\exp") == 0 ? F_EXP : F_SOFTMAX;
    if (strcmp(name, "entry") == 0 ? !entry_used(th, tree) : !function_used(th, tree, f, around)) return 0;
    if (strcmp(name, "entry") == 0) strcpy(what, "a component");
    else snprintf(what, 100, f == F_LOG ? "the logarithm of a probability" : "%s", name);
    return 1;
}

int formula_forbidden(theory *th, int tree, const char *use, const char *without, const aliases *a, char *what)
{
    int list[FORMULA_USE_MAX];
    const int before = th->node_count, count = formula_use(th, list, use, a);
    const int found = search(th, tree, list, count);
    th->node_count = before;
    while (found == NONE_NODE && *without) {
        char item[60];
        const size_t length = strcspn(without, ",");
        snprintf(item, sizeof item, "%.*s", (int)length, without);
        if (item_used(th, tree, item, what)) return 1;
        without += length + (without[length] == ',');
        without += strspn(without, " ");
    }
    if (found == NONE_NODE) return 0;
    const node *k = &th->nodes[found];
    if (k->kind != N_DERIVATIVE) snprintf(what, 100, "%s", th->symbols[k->symbol].latex);
    else if (th->nodes[k->left].kind != N_SYMBOL) snprintf(what, 100, "a derivative of an expression");
    else snprintf(what, 100, "the derivative of %s by %s", th->symbols[th->nodes[k->left].symbol].latex,
                  th->symbols[th->nodes[k->right].symbol].latex);
    return 1;
}

/* Write the form of a formula */
enum { FORM_MAX = 4000, PARTS_MAX = 64 };

static void form(theory *th, char *text, int tree);

static void form_index(char *text, index_expr x)
{
    const char minus[3] = { '-', x.minus, '\0' };
    const size_t used = strlen(text);
    snprintf(text + used, FORM_MAX - used, "[%.*s%s%+d]", x.base != 0, &x.base, x.minus ? minus : "", x.offset);
}

static void put(char *text, const char *s)
{
    const size_t used = strlen(text);
    snprintf(text + used, FORM_MAX - used, "%s", s);
}

static int parts_of(theory *th, int tree, node_kind kind, int *list, int count)
{
    if (th->nodes[tree].kind != kind || count >= PARTS_MAX - 2) return list[count] = tree, count + 1;
    count = parts_of(th, th->nodes[tree].left, kind, list, count);
    return parts_of(th, th->nodes[tree].right, kind, list, count);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void form_chain(theory *th, char *text, int tree, node_kind kind)
{
    int list[PARTS_MAX];
    char *part[PARTS_MAX];
    const int count = parts_of(th, tree, kind, list, 0);
    for (int i = 0; i < count; i++)
        if ((part[i] = calloc(1, FORM_MAX)) != NULL) form(th, part[i], list[i]);
    if (kind != N_PRODUCT) qsort(part, (size_t)count, sizeof *part, by_text);
    for (int i = 0; i < count; i++) {
        if (part[i]) put(text, part[i]);
        put(text, " ");
        free(part[i]);
    }
}

static void form_inside(theory *th, char *text, int tree)
{
    const node *k = &th->nodes[tree];
    char head[80];
    snprintf(head, sizeof head, "%d.%d.%d.%d.%g(", (int)k->kind, (int)k->function, k->symbol,
             k->immediate != 0 && k->kind == N_DERIVATIVE, k->number);
    put(text, head);
    form_index(text, k->index);
    form_index(text, k->component);
    form_index(text, k->second);
    if (k->kind == N_SUM || k->kind == N_PROD || k->kind == N_ROWS) {
        const char variable[2] = { k->variable, '\0' };
        put(text, variable);
        form_index(text, k->from);
        form_index(text, k->to);
    }
    form(th, text, k->left);
    put(text, ",");
    form(th, text, k->right);
    put(text, ")");
}

static void form(theory *th, char *text, int tree)
{
    if (tree == NONE_NODE || strlen(text) > FORM_MAX / 2) return;
    const node *k = &th->nodes[tree];
    if (k->kind == N_ADD || k->kind == N_HADAMARD || k->kind == N_PRODUCT) {
        put(text, k->kind == N_ADD ? "+(" : k->kind == N_HADAMARD ? "o(" : "*(");
        form_chain(th, text, tree, k->kind);
        put(text, ")");
    } else {
        form_inside(th, text, tree);
    }
}

void formula_form(theory *th, char *text, size_t size, int tree)
{
    char *all = calloc(1, FORM_MAX);
    if (all) form(th, all, tree);
    snprintf(text, size, "%s", all ? all : "");
    free(all);
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
    return here + count_exchanges(th, x->left, y->left, pair) + count_exchanges(th, x->right, y->right, pair);
}

static void print_symbol(theory *th, char *text, size_t size, int tree)
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
    print_symbol(th, a, sizeof a, pair[0]);
    print_symbol(th, b, sizeof b, pair[1]);
    snprintf(text, size, "%s where %s belongs", a, b);
    return 1;
}
