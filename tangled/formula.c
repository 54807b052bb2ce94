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

static int read_value(table *t, char *line)
{
    recollection w;
    value x = { 0 };
    int used = 0;
    if (sscanf(line, "value %d %d %d %d %d %d %d %d %d%n", &w.symbol, &w.index, &w.by, &w.by_index,
               &w.immediate, &x.rank, &x.d[0], &x.d[1], &x.d[2], &used) != 9) return -1;
    if (x.rank < 2 || x.rank > 3 || w.symbol < 0 || w.symbol >= symbol_count || w.by >= symbol_count) return -1;
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
    return sscanf(line, "sizes %d %d %d %d %d %d %d", &in->T, &in->m, &in->n, &in->l,
                  &in->B, &in->K, &in->p) == 7 ? 0 : -1;
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
        fine = (line == text ? read_sizes(in, line) : read_value(t, line)) == 0;
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

/* The last index of a symbol on this instance, as the notation table has it. */
static int last_of(const instance *in, const notation_row *s)
{
    if (!s->indexed) return s->first;
    return (s->last.base == 'K' ? in->K : in->T) + s->last.offset;
}

enum { AFTER_THE_END = 2 };     // so many indices

/* Is the symbol defined as a derivative? */
static int is_gradient(int symbol)
{
    int defined, right;
    for (int i = 0; (right = evaluate_definition(i, &defined)) != NONE_NODE; i++)
        if (defined == symbol && nodes[right].kind == N_DERIVATIVE) return 1;
    return 0;
}

static void visit_after_the_end(instance *in, int symbol, int last, table_visit *visit, void *data)
{
    value x = evaluate_symbol(in, symbol, last);
    const double filling = x.v && (value_count(&x) == 1 || is_gradient(symbol)) ? 0 : 0.5;
    double complex *all = x.v ? malloc((size_t)value_count(&x) * sizeof *all) : NULL;
    for (int i = 0; all && i < value_count(&x); i++) all[i] = filling;
    x.v = all, x.scale = NULL;
    for (int i = 1; all && i <= AFTER_THE_END; i++)
        visit(data, &(recollection){ symbol, last + i, -1, 0, 0 }, &x);
    free(all);
}

void table_symbol(instance *in, int symbol, table_visit *visit, void *data)
{
    const notation_row *s = &symbols[symbol];
    const int last = last_of(in, s);
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
    const node *k = &nodes[derivative], *above = &nodes[k->left], *below = &nodes[k->right];
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
    const node *k = &nodes[derivative], *above = &nodes[k->left], *below = &nodes[k->right];
    const notation_row *up = &symbols[above->symbol], *down = &symbols[below->symbol];
    const int shift = below->index.offset - above->index.offset;
    for (int i = up->first; i <= last_of(in, up); i++) {
        if (up->indexed && !above->index.base && i != above->index.offset) continue;
        for (int j = down->first; j <= last_of(in, down); j++) {
            if (together(above, below) && j != i + shift) continue;
            if (down->indexed && !below->index.base && j != below->index.offset) continue;
            visit_slope(in, derivative, i, j, visit, data);
        }
    }
}

/* Bring a formula into normal form */
int formula_alias(aliases *a, const char *equation_latex)
{
    equation e;
    parse_error error;
    if (a->count == FORMULA_ALIASES_MAX || grammar_parse(&e, equation_latex, 0, &error) != PARSE_OK) return -1;
    a->list[a->count].symbol = e.member[0];
    a->list[a->count++].derivative = e.member[1];
    return 0;
}

static void replace_alias(const aliases *a, node *k)
{
    if (nodes[k->left].kind != N_SYMBOL || k->immediate) return;
    for (int i = 0; i < a->count; i++) {
        const node *slope = &nodes[a->list[i].derivative], *name = &nodes[a->list[i].symbol];
        const node *above = &nodes[slope->left], *below = &nodes[slope->right];
        if (nodes[k->left].symbol != above->symbol || nodes[k->right].symbol != below->symbol) continue;
        index_expr index = nodes[k->right].index;
        index.offset += name->index.offset - below->index.offset;
        const int column = k->column;
        *k = (node){ .kind = N_SYMBOL, .symbol = name->symbol, .index = index, .left = NONE_NODE, .right = NONE_NODE, .column = column };
        return;
    }
}

/* diag(x)^n → diag(x^n), and diag(x)^{-n} → diag(1 ⊘ x^n). */
static void push_power_inside(int tree)
{
    const node power = nodes[tree], diagonal = nodes[power.left];
    const int n = power.index.offset;
    if (power.index.base || power.index.minus || n == 0) return;
    const int inner = grammar_node(N_POWER, diagonal.left, NONE_NODE);
    const int one = n < 0 ? grammar_node(N_NUMBER, NONE_NODE, NONE_NODE) : NONE_NODE;
    const int quotient = n < 0 ? grammar_node(N_DIVIDE, one, inner) : inner;
    if (inner == NONE_NODE || quotient == NONE_NODE || (n < 0 && one == NONE_NODE)) return;
    nodes[inner].index.offset = abs(n);
    nodes[inner].column = nodes[quotient].column = power.column;
    if (n < 0) nodes[one].number = 1, nodes[one].column = power.column;
    nodes[tree] = diagonal;
    nodes[tree].left = quotient;
}

/* What an expression is: a single number (but one in digits may be a row as well), a row, a matrix, or something else. */
typedef enum { OTHER, SINGLE, ROW, MATRIX } extent;

static extent extent_of(int tree)
{
    char text[100];
    shape s;
    shape_error error;
    if (shapes_expression(tree, &s, &error) != 0 || s.rank != 2 || s.number) return OTHER;
    shapes_print(text, &s, 0);
    return shapes_scalar(tree) ? SINGLE : strncmp(text, "1 ×", 4) == 0 ? ROW : MATRIX;
}

/* A row, or a matrix, of the number's kind: s 1, or s 1ᵀ1. */
static int filled_with(int number, extent like)
{
    const int column = nodes[number].column;
    int ones = grammar_node(N_ONES, NONE_NODE, NONE_NODE);
    if (ones != NONE_NODE) nodes[ones].column = column;
    if (like == MATRIX && ones != NONE_NODE) {
        const int across = grammar_node(N_ONES, NONE_NODE, NONE_NODE);
        const int down = grammar_node(N_TRANSPOSE, ones, NONE_NODE);
        if (across == NONE_NODE || down == NONE_NODE) return number;
        nodes[across].column = nodes[down].column = column;
        ones = grammar_node(N_PRODUCT, down, across);
        if (ones != NONE_NODE) nodes[ones].column = column;
    }
    const int filled = ones == NONE_NODE ? NONE_NODE : grammar_node(N_PRODUCT, number, ones);
    if (filled != NONE_NODE) nodes[filled].column = column;
    return filled == NONE_NODE ? number : filled;
}

static void stretch(int tree)
{
    const extent left = extent_of(nodes[tree].left), right = extent_of(nodes[tree].right);
    if (left == SINGLE && right > SINGLE) nodes[tree].left = filled_with(nodes[tree].left, right);
    if (right == SINGLE && left > SINGLE) nodes[tree].right = filled_with(nodes[tree].right, left);
}

void formula_normal(const aliases *a, int tree)
{
    if (tree == NONE_NODE) return;
    if (nodes[tree].kind == N_DERIVATIVE) {
        replace_alias(a, &nodes[tree]);
        return;
    }
    formula_normal(a, nodes[tree].left);
    formula_normal(a, nodes[tree].right);
    const node *k = &nodes[tree];
    if (k->kind == N_POWER && nodes[k->left].kind == N_FUNCTION && nodes[k->left].function == F_DIAG) push_power_inside(tree);
    else if (k->kind == N_ADD || k->kind == N_SUBTRACT || k->kind == N_HADAMARD || k->kind == N_DIVIDE) stretch(tree);
}

/* Collect the free letters */
static void letter_of(char *letters, const char *bound, char c)
{
    const size_t n = strlen(letters);
    if (c == '\0' || strchr("TKBmnlp", c) || strchr(bound, c) || strchr(letters, c)) return;
    if (n < 15) letters[n] = c, letters[n + 1] = '\0';
}

static void letters_of(char *letters, const char *bound, index_expr x)
{
    letter_of(letters, bound, x.base);
    letter_of(letters, bound, x.minus);
}

static void collect(char *letters, int tree, const char *bound)
{
    char inner[40];
    if (tree == NONE_NODE) return;
    const node *k = &nodes[tree];
    snprintf(inner, sizeof inner, "%.30s", bound);
    letters_of(letters, bound, k->index);
    letters_of(letters, bound, k->component);
    letters_of(letters, bound, k->second);
    /* Bind the variable of a sum */
    if (k->kind == N_SUM || k->kind == N_PROD || k->kind == N_ROWS) {
        letters_of(letters, bound, k->from);
        letters_of(letters, bound, k->to);
        snprintf(inner, sizeof inner, "%.30s%c", bound, k->variable);
    }
    collect(letters, k->left, inner);
    collect(letters, k->right, inner);
}

void formula_letters(char letters[16], int tree)
{
    letters[0] = '\0';
    collect(letters, tree, "");
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
static void find_circles(table *t, const char *list, const int *at)
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
        const int tree = grammar_expression(part, &error);
        if (tree != NONE_NODE)
            t->circles[t->circle_count++] = (circle){ nodes[tree].symbol, at[(int)nodes[tree].index.base] + nodes[tree].index.offset, direction };
        list += length + (list[length] == ',');
        list += strspn(list, " ");
    }
}

int formula_restates(instance *in, int seed, int tree, int question, const record *cases, const char *circles, int *symbol)
{
    table *t = in->memory;
    const node_kind kind = nodes[question].kind;
    const int failed = in->failed, before = node_count;
    int at[128];
    t->seen = 0, t->seen_circle = -1;
    for (size_t i = 0; i < cases->count; i++) {
        const size_t used = in->used;
        if (cases->list[i].seed != seed || (kind != N_SYMBOL && kind != N_DERIVATIVE)) continue;
        bind(at, cases->list[i].name);
        find_circles(t, circles, at);
        t->watch = LISTENING, evaluate_at(in, question, at);
        t->watch = WATCHING, evaluate_at(in, tree, at);
        t->watch = NOT_WATCHING;
        in->used = used;
        node_count = before;
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
    char letters[16];
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
    char all[16] = "";
    for (int i = 0; i < e->members; i++) collect(all, e->member[i], "");
    memcpy(c.letters, all, sizeof all);
    evaluate_cases(in, e, visit, &c, &v);
    if (v.kind == V_OK && !c.failed) return 0;
    snprintf(why, 200, "%.190s", v.message);
    return -1;
}

void formula_fit(fit *f, const equation *e)
{
    shape found;
    shape_error error;
    *f = (fit){ .plain = 0 };
    f->tagged = shapes_check(e, SHAPES_TAGGED, &found, &f->error) == 0;
    f->plain = f->tagged || shapes_check(e, SHAPES_PLAIN, &found, &error) == 0;
    if (!f->plain) shapes_expression(e->member[e->members - 1], &found, &error);
}

/* Find what is forbidden */
/* Is a the derivative b, at any time? Two times keep their distance. */
static int same_slope(const node *a, const node *b)
{
    const node *up = &nodes[a->left], *down = &nodes[a->right];
    const node *other_up = &nodes[b->left], *other_down = &nodes[b->right];
    return up->kind == N_SYMBOL && other_up->kind == N_SYMBOL
           && up->symbol == other_up->symbol && down->symbol == other_down->symbol
           && !a->immediate == !b->immediate
           && (!together(other_up, other_down)
               || down->index.offset - up->index.offset == other_down->index.offset - other_up->index.offset);
}

static int allowed(const node *k, const int *list, int count)
{
    for (int i = 0; i < count; i++) {
        const node *x = &nodes[list[i]];
        if (k->kind == N_DERIVATIVE ? x->kind == N_DERIVATIVE && same_slope(k, x)
                                    : x->kind != N_DERIVATIVE && x->symbol == k->symbol) return 1;
    }
    return 0;
}

int formula_is_size(const char *name)
{
    return strlen(name) == 1 && strchr("TmnlBKp", *name) != NULL;
}

static int search(int tree, const int *list, int count)
{
    if (tree == NONE_NODE) return NONE_NODE;
    const node *k = &nodes[tree];
    if (k->kind == N_SYMBOL) {
        if (formula_is_size(symbols[k->symbol].name) || allowed(k, list, count)) return NONE_NODE;
        return tree;
    }
    if (k->kind == N_DERIVATIVE) return allowed(k, list, count) ? NONE_NODE : tree;
    const int found = search(k->left, list, count);
    return found != NONE_NODE ? found : search(k->right, list, count);
}

static int use_part(int *list, int count, const char *part, const aliases *a)
{
    parse_error error;
    if (part[strspn(part, " ")] == '\0') return count;
    const int tree = count < FORMULA_USE_MAX ? grammar_expression(part, &error) : NONE_NODE;
    if (tree == NONE_NODE) return -1;
    formula_normal(a, tree);
    list[count] = tree;
    return count + 1;
}

int formula_use(int list[FORMULA_USE_MAX], const char *use, const aliases *a)
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
        count = use_part(list, count, part, a);
        if (*s == '\0' || count < 0) return count;
    }
}

static int contains_symbol(int tree, int symbol)
{
    if (tree == NONE_NODE) return 0;
    return (nodes[tree].kind == N_SYMBOL && nodes[tree].symbol == symbol)
           || contains_symbol(nodes[tree].left, symbol) || contains_symbol(nodes[tree].right, symbol);
}

/* Does a function of this kind stand in the tree around what the rest of the item says? */
static int function_used(int tree, function_kind f, const char *around)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &nodes[tree];
    if (k->kind == N_FUNCTION && k->function == f) {
        const int argument = k->left, before = node_count;
        if (*around == '\0') return 1;
        if (strcmp(around, "row") == 0) {
            if (extent_of(argument) > SINGLE) return 1;
        } else {
            parse_error unread;
            const int inside = grammar_expression(around, &unread);
            const int found = inside != NONE_NODE && contains_symbol(argument, nodes[inside].symbol);
            node_count = before;
            if (found) return 1;
        }
    }
    return function_used(k->left, f, around) || function_used(k->right, f, around);
}

static int entry_used(int tree)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &nodes[tree];
    return k->kind == N_ENTRY || entry_used(k->left) || entry_used(k->right);
}

static int item_used(int tree, const char *item, char *what)
{
    char name[60];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(item, " "), item);
    const char *around = item + strlen(name) + (item[strlen(name)] == ' ');
    const function_kind f = strcmp(name, "\\log") == 0 ? F_LOG : strcmp(name, "\\exp") == 0 ? F_EXP : F_SOFTMAX;
    if (strcmp(name, "entry") == 0 ? !entry_used(tree) : !function_used(tree, f, around)) return 0;
    if (strcmp(name, "entry") == 0) strcpy(what, "a component");
    else snprintf(what, 100, f == F_LOG ? "the logarithm of a probability" : "%s", name);
    return 1;
}

int formula_forbidden(int tree, const char *use, const char *without, const aliases *a, char *what)
{
    int list[FORMULA_USE_MAX];
    const int before = node_count, count = formula_use(list, use, a);
    const int found = search(tree, list, count);
    node_count = before;
    while (found == NONE_NODE && *without) {
        char item[60];
        const size_t length = strcspn(without, ",");
        snprintf(item, sizeof item, "%.*s", (int)length, without);
        if (item_used(tree, item, what)) return 1;
        without += length + (without[length] == ',');
        without += strspn(without, " ");
    }
    if (found == NONE_NODE) return 0;
    const node *k = &nodes[found];
    if (k->kind != N_DERIVATIVE) snprintf(what, 100, "%s", symbols[k->symbol].latex);
    else if (nodes[k->left].kind != N_SYMBOL) snprintf(what, 100, "a derivative of an expression");
    else snprintf(what, 100, "the derivative of %s by %s", symbols[nodes[k->left].symbol].latex,
                  symbols[nodes[k->right].symbol].latex);
    return 1;
}

/* Write the form of a formula */
enum { FORM_MAX = 4000, PARTS_MAX = 64 };

static void form(char *text, int tree);

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

static int parts_of(int tree, node_kind kind, int *list, int count)
{
    if (nodes[tree].kind != kind || count >= PARTS_MAX - 2) return list[count] = tree, count + 1;
    count = parts_of(nodes[tree].left, kind, list, count);
    return parts_of(nodes[tree].right, kind, list, count);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void form_chain(char *text, int tree, node_kind kind)
{
    int list[PARTS_MAX];
    char *part[PARTS_MAX];
    const int count = parts_of(tree, kind, list, 0);
    for (int i = 0; i < count; i++)
        if ((part[i] = calloc(1, FORM_MAX)) != NULL) form(part[i], list[i]);
    if (kind != N_PRODUCT) qsort(part, (size_t)count, sizeof *part, by_text);
    for (int i = 0; i < count; i++) {
        if (part[i]) put(text, part[i]);
        put(text, " ");
        free(part[i]);
    }
}

static void form_inside(char *text, int tree)
{
    const node *k = &nodes[tree];
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
    form(text, k->left);
    put(text, ",");
    form(text, k->right);
    put(text, ")");
}

static void form(char *text, int tree)
{
    if (tree == NONE_NODE || strlen(text) > FORM_MAX / 2) return;
    const node *k = &nodes[tree];
    if (k->kind == N_ADD || k->kind == N_HADAMARD || k->kind == N_PRODUCT) {
        put(text, k->kind == N_ADD ? "+(" : k->kind == N_HADAMARD ? "o(" : "*(");
        form_chain(text, tree, k->kind);
        put(text, ")");
    } else {
        form_inside(text, tree);
    }
}

void formula_form(char *text, size_t size, int tree)
{
    char *all = calloc(1, FORM_MAX);
    if (all) form(all, tree);
    snprintf(text, size, "%s", all ? all : "");
    free(all);
}

/* Describe an exchange of symbols */
static int same_index(index_expr a, index_expr b)
{
    return a.base == b.base && a.minus == b.minus && a.offset == b.offset;
}

/* Counts the nodes that differ, and remembers the last pair; large if the trees do. */
static int count_exchanges(int a, int b, int pair[2])
{
    if ((a == NONE_NODE) != (b == NONE_NODE)) return 100;
    if (a == NONE_NODE) return 0;
    const node *x = &nodes[a], *y = &nodes[b];
    if (x->kind != y->kind || x->function != y->function || x->number != y->number) return 100;
    if (!same_index(x->from, y->from) || !same_index(x->to, y->to)) return 100;
    const int here = x->symbol != y->symbol || !same_index(x->index, y->index);
    if (here && x->kind != N_SYMBOL) return 100;
    if (here) pair[0] = a, pair[1] = b;
    return here + count_exchanges(x->left, y->left, pair) + count_exchanges(x->right, y->right, pair);
}

static void print_symbol(char *text, size_t size, int tree)
{
    const node *k = &nodes[tree];
    const notation_row *s = &symbols[k->symbol];
    const char *last = s->indexed ? strrchr(s->latex, '_') : NULL;
    char index[24] = "";
    if (last && k->index.base && k->index.offset)
        snprintf(index, sizeof index, "_{%c%+d}", k->index.base, k->index.offset);
    else if (last && k->index.base) snprintf(index, sizeof index, "_%c", k->index.base);
    else if (last) snprintf(index, sizeof index, "_%d", k->index.offset);
    snprintf(text, size, "%.*s%s", last ? (int)(last - s->latex) : 60, s->latex, index);
}

int formula_exchange(char *text, size_t size, int wrong, int right)
{
    int pair[2];
    char a[100], b[100];
    if (count_exchanges(wrong, right, pair) != 1) return 0;
    print_symbol(a, sizeof a, pair[0]);
    print_symbol(b, sizeof b, pair[1]);
    snprintf(text, size, "%s where %s belongs", a, b);
    return 1;
}
