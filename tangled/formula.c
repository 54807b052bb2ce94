/* generated from chapters/27-exercises.nw by noweb; do not edit */
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
    if (x.rank < 2 || x.rank > 3 || table_room(t) != 0) return -1;
    if (w.symbol < 0 || w.symbol >= symbol_count || w.by >= symbol_count) return -1;
    t->what[t->count] = w;
    t->x[t->count] = x;
    return read_entries(&t->x[t->count++], line + used);
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
static void write_value(FILE *f, const recollection *w, const value *x)
{
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

void table_write_symbols(FILE *f, instance *in)
{
    fprintf(f, "sizes %d %d %d %d %d %d %d\n", in->T, in->m, in->n, in->l, in->B, in->K, in->p);
    for (int s = 0; s < symbol_count; s++)
        for (int i = symbols[s].first; i <= last_of(in, &symbols[s]); i++) {
            const value x = evaluate_symbol(in, s, i);
            if (x.v) write_value(f, &(recollection){ s, i, -1, 0, 0 }, &x);
        }
}

static int together(const node *above, const node *below)
{
    return above->index.base && below->index.base;
}

static void write_slope_at(FILE *f, instance *in, int derivative, int i, int j)
{
    const node *k = &nodes[derivative], *above = &nodes[k->left], *below = &nodes[k->right];
    const int before = in->failed;
    int at[128] = { 0 };
    if (below->index.base) at[(int)below->index.base] = j - below->index.offset;
    if (above->index.base) at[(int)above->index.base] = i - above->index.offset;
    const value x = evaluate_at(in, derivative, at);
    const recollection w = { above->symbol, i, below->symbol, j, k->immediate };
    if (x.v) write_value(f, &w, &x);
    in->failed = before;
}

void table_write_slope(FILE *f, instance *in, int derivative)
{
    const node *k = &nodes[derivative], *above = &nodes[k->left], *below = &nodes[k->right];
    const notation_row *up = &symbols[above->symbol], *down = &symbols[below->symbol];
    const int shift = below->index.offset - above->index.offset;
    for (int i = up->first; i <= last_of(in, up); i++) {
        if (up->indexed && !above->index.base && i != above->index.offset) continue;
        for (int j = down->first; j <= last_of(in, down); j++) {
            if (together(above, below) && j != i + shift) continue;
            if (down->indexed && !below->index.base && j != below->index.offset) continue;
            write_slope_at(f, in, derivative, i, j);
        }
    }
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
    }
}

int formula_restates(instance *in, int seed, int tree, int question, const record *cases)
{
    table *t = in->memory;
    const node_kind kind = nodes[question].kind;
    const int before = in->failed;
    int at[128];
    t->seen = 0;
    for (size_t i = 0; i < cases->count; i++) {
        const size_t used = in->used;
        if (cases->list[i].seed != seed || (kind != N_SYMBOL && kind != N_DERIVATIVE)) continue;
        bind(at, cases->list[i].name);
        t->watch = LISTENING, evaluate_at(in, question, at);
        t->watch = WATCHING, evaluate_at(in, tree, at);
        t->watch = NOT_WATCHING;
        in->used = used;
    }
    in->failed = before;
    return t->seen;
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

static int is_size_name(const char *name)
{
    return strlen(name) == 1 && strchr("TmnlBKp", *name) != NULL;
}

static int search(int tree, const int *list, int count)
{
    if (tree == NONE_NODE) return NONE_NODE;
    const node *k = &nodes[tree];
    if (k->kind == N_SYMBOL) {
        if (is_size_name(symbols[k->symbol].name) || allowed(k, list, count)) return NONE_NODE;
        return tree;
    }
    if (k->kind == N_DERIVATIVE) return allowed(k, list, count) ? NONE_NODE : tree;
    const int found = search(k->left, list, count);
    return found != NONE_NODE ? found : search(k->right, list, count);
}

static int use_part(int *list, int count, const char *part)
{
    parse_error error;
    if (part[strspn(part, " ")] == '\0') return count;
    const int tree = count < FORMULA_USE_MAX ? grammar_expression(part, &error) : NONE_NODE;
    if (tree == NONE_NODE) return -1;
    list[count] = tree;
    return count + 1;
}

int formula_use(int list[FORMULA_USE_MAX], const char *use)
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
        count = use_part(list, count, part);
        if (*s == '\0' || count < 0) return count;
    }
}

int formula_forbidden(int tree, const char *use, char *what)
{
    int list[FORMULA_USE_MAX];
    const int before = node_count, count = formula_use(list, use);
    const int found = search(tree, list, count);
    node_count = before;
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
