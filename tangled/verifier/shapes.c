/* generated from chapters/22-shapes.nw by noweb; do not edit */
#include "shapes.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The state of the shape checker */
enum { UNKNOWNS_MAX = 4000 };
typedef struct unifier {
    theory *th;
    int plain, times, axes;
    int alone;                          // an expression, whose neighbours are not known
    axis_time time[UNKNOWNS_MAX];       // what each flexible time was found to be
    int time_known[UNKNOWNS_MAX];
    axis axis[UNKNOWNS_MAX];            // what each unknown axis was found to be
    int axis_known[UNKNOWNS_MAX];
    shape_error *error;
    shape of[NODES_MAX];                // found for each node
} unifier;

int shapes_alloc(theory *th)
{
    th->unifier = calloc(1, sizeof *th->unifier);
    if (th->unifier == NULL) return -1;
    th->unifier->th = th;
    return 0;
}

void shapes_free(theory *th)
{
    free(th->unifier);
}

static shape mismatch(unifier *u, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static shape mismatch(unifier *u, int column, const char *format, ...)
{
    if (u->error->message[0] == '\0') {
        va_list list;
        va_start(list, format);
        vsnprintf(u->error->message, sizeof u->error->message, format, list);
        va_end(list);
        u->error->column = column;
    }
    return (shape){ 0 };
}

/* Resolve and unify times */
static axis_time fresh_time(unifier *u)
{
    if (u->times == UNKNOWNS_MAX - 1)
        mismatch(u, 1, "too long: more than %d times to be found", UNKNOWNS_MAX);
    int v = u->times < UNKNOWNS_MAX - 1 ? u->times++ : UNKNOWNS_MAX - 1;
    u->time_known[v] = 0;
    return (axis_time){ '?', v, 0 };
}

static axis_time resolve_time(unifier *u, axis_time t)
{
    while (t.base == '?' && u->time_known[t.variable]) {
        axis_time found = u->time[t.variable];
        found.offset += t.offset;
        t = found;
    }
    return t;
}

static int unify_times(unifier *u, axis_time x, axis_time y)
{
    x = resolve_time(u, x);
    y = resolve_time(u, y);
    if (x.base == y.base && (x.base != '?' || x.variable == y.variable))
        return x.offset == y.offset;
    if (x.base != '?') {
        axis_time swap = x;
        x = y;
        y = swap;
    }
    if (x.base != '?') return 0;
    y.offset -= x.offset;
    u->time[x.variable] = y;
    return u->time_known[x.variable] = 1;
}

/* Resolve and unify axes */
static axis fresh_axis(unifier *u)
{
    if (u->axes == UNKNOWNS_MAX - 1)
        mismatch(u, 1, "too long: more than %d axes to be found", UNKNOWNS_MAX);
    int v = u->axes < UNKNOWNS_MAX - 1 ? u->axes++ : UNKNOWNS_MAX - 1;
    u->axis_known[v] = 0;
    return (axis){ .kind = '?', .variable = v };
}

static axis resolve_axis(unifier *u, axis a)
{
    while (a.kind == '?' && u->axis_known[a.variable]) a = u->axis[a.variable];
    if (a.timed) a.time = resolve_time(u, a.time);
    return a;
}

static axis unit(void) { return (axis){ .kind = '1' }; }
static int unify(unifier *u, axis a, axis b)
{
    a = resolve_axis(u, a);
    b = resolve_axis(u, b);
    if (a.kind == '?' && b.kind == '?' && a.variable == b.variable) return 1;
    if (a.kind == '?' || b.kind == '?') {
        int v = a.kind == '?' ? a.variable : b.variable;
        u->axis[v] = a.kind == '?' ? b : a;
        return u->axis_known[v] = 1;
    }
    if (a.kind != b.kind) return 0;
    return u->plain || !a.timed || !b.timed || unify_times(u, a.time, b.time);
}

static int is_unit(unifier *u, axis a) { return resolve_axis(u, a).kind == '1'; }
static int is_scalar(unifier *u, const shape *s)
{
    return s->rank == 2 && is_unit(u, s->a[0]) && is_unit(u, s->a[1]);
}

/* Print shapes */
static int print_time(char *text, axis_time t, int tex)
{
    const char *tau = tex ? "\\tau" : "τ";
    char base[8] = "";
    if (t.base == '?') strcpy(base, tau);
    else if (t.base) snprintf(base, sizeof base, "%c", t.base);
    if (t.base == 0) return sprintf(text, "%d", t.offset);
    return t.offset ? sprintf(text, "%s%+d", base, t.offset) : sprintf(text, "%s", base);
}

static void print_axis(unifier *u, char *text, axis a, int tex)
{
    char when[32] = "", letter[2];
    a = resolve_axis(u, a);
    const char *name = grammar_axis_name(u->th, a.kind == '?' ? '1' : a.kind, letter);
    sprintf(text, "%s", name);
    if (!a.timed || u->plain) return;
    print_time(when, a.time, tex);
    sprintf(text, tex || strpbrk(when, "+-") ? "%s_{%s}" : "%s_%s", name, when);
}

void shapes_print(theory *th, char *text, const shape *s, int tex)
{
    unifier *u = th->unifier;
    char part[3][60] = { "", "", "" };
    const char *times = tex ? " \\times " : " × ";
    for (int i = 0; i < s->rank; i++) print_axis(u, part[i], s->a[i], tex);
    if (s->rank == 3) sprintf(text, "%s%s(%s%s%s)", part[0], times, part[1], times, part[2]);
    else sprintf(text, "%s%s%s", part[0], times, part[1]);
}

/* Read the shape of a symbol */
static axis axis_of_side(const symbol_side *s, axis_time index, axis_time tau)
{
    axis a = { .kind = s->kind, .timed = s->timed };
    if (s->timed) a.time = s->shared ? tau : index;
    a.time.offset += s->offset;
    return a;
}

static shape shape_of_symbol(unifier *u, const notation_row *s, index_expr index)
{
    const axis_time at = { index.base, 0, index.offset }, tau = fresh_time(u);
    const axis_time time = index.plus ? fresh_time(u) : at;
    return (shape){ 2, { axis_of_side(&s->side[0], time, tau),
                         axis_of_side(&s->side[1], time, tau) }, 0 };
}

/* Combine shapes */
static int same(unifier *u, const shape *x, const shape *y)
{
    if (x->rank != y->rank) return x->number || y->number;
    for (int i = 0; i < x->rank; i++)
        if (!unify(u, x->a[i], y->a[i])) return 0;
    return 1;
}

static int is_column(unifier *u, const shape *x)
{
    return x->rank == 2 && is_unit(u, x->a[1]) && !is_unit(u, x->a[0]);
}

/* Have both the same kinds of axes, so that only steps can keep them apart? */
static int are_of_same_kinds(unifier *u, const shape *x, const shape *y)
{
    if (x->rank != 2 || y->rank != 2) return 0;
    for (int i = 0; i < 2; i++)
        if (resolve_axis(u, x->a[i]).kind != resolve_axis(u, y->a[i]).kind) return 0;
    return 1;
}

/* The same where vectors may stand upright, and ones stand as they do. */
static const char *how_to_stretch_own(unifier *u, const shape *x, const shape *y)
{
    if (x->rank != 2 || y->rank != 2) return "";
    if (are_of_same_kinds(u, x, y))
        return "; if steps may be mixed here, leave the times out of the table, as in 1 × n";
    if (is_scalar(u, x) || is_scalar(u, y))
        return "; nothing is stretched: a scalar for every entry is c \\mathbf{1}";
    const int upright = u->th->upright, x_row = is_unit(u, x->a[0]), y_row = is_unit(u, y->a[0]);
    if (x_row != y_row && !is_column(u, x) && !is_column(u, y))
        return upright ? "; nothing is stretched: the same row on every line is \\mathbf{1} b"
            : "; nothing is stretched: the same row on every line is \\mathbf{1}^\\top b";
    if (is_column(u, x) == is_column(u, y) || x_row || y_row) return "";
    return upright ? "; nothing is stretched: the same column throughout is b \\mathbf{1}^\\top"
        : "; nothing is stretched: the same column throughout is b \\mathbf{1}";
}

static const char *how_to_stretch(unifier *u, const shape *x, const shape *y)
{
    if (u->th->own) return how_to_stretch_own(u, x, y);
    if (are_of_same_kinds(u, x, y)) return "; entry by entry steps may be mixed, as in h_{t,i} - h_{t-1,i}";
    if (x->rank != 2 || y->rank != 2 || is_scalar(u, x) == is_scalar(u, y)) {
        const int stacks = x->rank == 2 && y->rank == 2
            && is_unit(u, x->a[0]) != is_unit(u, y->a[0]);
        return stacks && (resolve_axis(u, x->a[0]).kind == 'B'
                          || resolve_axis(u, y->a[0]).kind == 'B')
                              ? "; a row for all streams is \\mathbf{1}^\\top a" : "";
    }
    const shape *longer = is_scalar(u, x) ? y : x;
    return is_unit(u, longer->a[0]) ? "; a scalar for every entry of a row is c \\mathbf{1}" : "";
}

/* Sums, differences, ⊙ and ⊘ want two equal shapes; nothing is stretched. */
static shape alike(unifier *u, shape x, shape y, int column, const char *what)
{
    char left[100], right[100];
    if (!x.rank || !y.rank) return (shape){ 0 };
    shapes_print(u->th, left, &x, 0);
    shapes_print(u->th, right, &y, 0);
    if (!same(u, &x, &y))
        return mismatch(u, column, "%s of %s and %s%s", what, left, right,
                        how_to_stretch(u, &x, &y));
    shape found = x.number ? y : x;
    found.number = x.number && y.number;
    return found;
}

static shape scalar(void) { return (shape){ 2, { unit(), unit() }, 0 }; }

/* A product with a literal number, which is a scalar then, unless both are. */
static shape multiple(unifier *u, shape x, shape y)
{
    shape one = scalar();
    if (x.number && y.number) return y;
    same(u, x.number ? &x : &y, &one);
    return x.number ? y : x;
}

static const char *how_to_join(unifier *u, const shape *x, const shape *y)
{
    const int same_kind = resolve_axis(u, x->a[1]).kind == resolve_axis(u, y->a[0]).kind;
    if (is_unit(u, x->a[0]) && is_unit(u, y->a[0]))
        return "; of two rows the inner product is a b^\\top, the product entry by entry a \\odot b";
    if (is_unit(u, x->a[0]) && y->rank == 2 && is_unit(u, y->a[1]) && same_kind)
        return "; entry by entry steps may be mixed, as in \\sum_i a_{t,i} b_{t-1,i}";
    if (is_unit(u, x->a[1]) && y->rank == 2 && is_unit(u, y->a[1]) && x->a[0].kind == y->a[0].kind)
        return "; of two columns the inner product is a^\\top b, the product entry by entry "
               "a \\odot b";
    return "";
}

static shape product(unifier *u, shape x, shape y, int column)
{
    char left[100], right[100];
    if (!x.rank || !y.rank) return (shape){ 0 };
    if (x.number || y.number) return multiple(u, x, y);
    if (is_scalar(u, &x)) return y;
    if (is_scalar(u, &y)) return x;
    shapes_print(u->th, left, &x, 0);
    shapes_print(u->th, right, &y, 0);
    if (x.rank == 3)
        return mismatch(u, column, "%s stands left of %s; a row times it must come first", left,
                        right);
    if (!unify(u, x.a[1], y.a[0]))
        return mismatch(u, column, "the inner axes of (%s)(%s) do not meet%s", left, right,
                        how_to_join(u, &x, &y));
    if (y.rank == 2) return (shape){ 2, { x.a[0], y.a[1] }, 0 };
    if (is_unit(u, x.a[0])) return (shape){ 2, { y.a[1], y.a[2] }, 0 };
    return (shape){ 3, { x.a[0], y.a[1], y.a[2] }, 0 };
}

/* s must be a scalar; what says where. */
static int want_scalar(unifier *u, const shape *s, int column, const char *what)
{
    char text[100];
    if (!s->rank) return 0;
    shapes_print(u->th, text, s, 0);
    shape one = scalar();
    if (same(u, s, &one)) return 1;
    mismatch(u, column, "%s is %s, and must be a scalar%s", what, text,
             strcmp(what, "the denominator") == 0 ? "; entry by entry it is \\oslash" : "");
    return 0;
}

static int is_stack_of_rows(unifier *u, const shape *x)
{
    const char rows = resolve_axis(u, x->a[0]).kind;
    return rows == '1' || rows == 'B' || rows == '?' || is_column(u, x);
}

static shape no_length(unifier *u, int column)
{
    return mismatch(u, column,
                    "a number is no row, and has no length: write it times \\mathbf{1}_n, or "
                    "another length");
}

static int is_stack_of_numbers(unifier *u, const node *k, const shape *x)
{
    const char rows = resolve_axis(u, x->a[0]).kind;
    return !u->th->own && (k->function == F_SOFTMAX || k->function == F_MAX) && is_column(u, x)
        && strchr("BTR", rows);
}

static shape function(unifier *u, const node *k, shape x)
{
    char text[100];
    const int mixes = k->function >= F_SOFTMAX;
    if (!x.rank) return x;
    if (x.rank == 3) return mismatch(u, k->column, "a function of something with three axes");
    if (mixes && x.number) return no_length(u, k->column);
    shapes_print(u->th, text, &x, 0);
    if (k->whole == AS_E && !x.number && !is_stack_of_rows(u, &x))
        return mismatch(u, k->column,
                        "e to the power of %s is ambiguous: entry by entry it is \\exp( )", text);
    if (is_stack_of_numbers(u, k, &x))
        return mismatch(u, k->column, "%s has a number in each row: for the whole column write it of "
                        "the transpose, ( )^\\top", text);
    if (k->function == F_DIAG) {
        if (is_column(u, &x)) return (shape){ 2, { x.a[0], x.a[0] }, 0 };
        if (!unify(u, x.a[0], unit()))
            return mismatch(u, k->column, "\\diag wants a row or a column, not %s", text);
        return (shape){ 2, { x.a[1], x.a[1] }, 0 };
    }
    if (k->function == F_TRACE)
        return unify(u, x.a[0], x.a[1]) ? scalar()
            : mismatch(u, k->column,
                       "\\tr joins the two axes of its argument, and those of %s differ: write "
                       "\\sum_i (A)_{ii}", text);
    if (k->function == F_MAX) x.a[is_column(u, &x) ? 0 : 1] = unit();
    return x;
}

static shape entry(unifier *u, node *k, shape x)
{
    char text[100];
    if (!x.rank) return x;
    shapes_print(u->th, text, &x, 0);
    const int line = x.rank == 2 && (is_unit(u, x.a[0]) || is_unit(u, x.a[1]));
    if (x.number || x.rank != 2 || (line && is_scalar(u, &x)))
        return mismatch(u, k->column, "an index on %s, which has no entries",
                        x.number ? "a number" : text);
    if (line == k->pair)
        return mismatch(u, k->column,
                        line ? "two indices on %s: an entry of a row has one"
                            : "one index on %s: an entry of a matrix has two, as in (W)_{ij}; a "
                              "transpose is ^\\top", text);
    return scalar();
}

/* A letter above something in brackets that is no scalar: the node becomes an entry. */
static shape entry_above(unifier *u, node *k, shape x)
{
    if (k->whole) return mismatch(u, k->column, "a letter as a power of what is no scalar");
    k->kind = N_ENTRY;
    k->component = k->index;
    k->index = (index_expr){ 0, 0, 0, 0 };
    return entry(u, k, x);
}

static int is_line(unifier *u, const shape *x)
{
    return is_stack_of_rows(u, x) || is_unit(u, x->a[1]);
}

/* A diagonal matrix times itself is the diagonal of squares, so that its powers have one sense
   only. */
static int is_power_of_diagonal(unifier *u, const node *k)
{
    return u->th->nodes[k->left].kind == N_FUNCTION && u->th->nodes[k->left].function == F_DIAG
        && k->index.offset > 0;
}

static int is_square(unifier *u, const shape *x)
{
    return u->th->own && x->rank == 2
        && resolve_axis(u, x->a[0]).kind == resolve_axis(u, x->a[1]).kind;
}

static shape matrix_power(node *k, shape x)
{
    k->whole = AS_MATRIX;
    x.a[0].timed = x.a[1].timed = 0;
    return x;
}

static shape power(unifier *u, node *k, shape x)
{
    char text[100];
    const int by_letter = k->index.base || k->index.minus;
    shape one = scalar();
    if (x.number && by_letter) same(u, &x, &one), x.number = 0;
    if (!x.rank || x.number || is_scalar(u, &x)) return x;
    shapes_print(u->th, text, &x, 0);
    if (by_letter && is_square(u, &x)) return matrix_power(k, x);
    if (by_letter) return entry_above(u, k, x);
    if (!k->whole && k->index.offset < 0)
        return mismatch(u, k->column,
                        "a negative power of %s: entry by entry write 1 \\oslash a, for an inverse "
                        "diagonal \\diag(1 \\oslash a)", text);
    if (!k->whole && !is_line(u, &x) && !is_power_of_diagonal(u, k))
        return mismatch(u, k->column,
                        "a power of %s is ambiguous: write ^{\\odot %d}, a product A A, or for an "
                        "entry ^{i,j}", text,
                        k->index.offset);
    return x;
}

/* Bind the variable of a large operator */
static shape forget(unifier *u, shape s, char variable)
{
    axis_time any = fresh_time(u);
    for (int i = 0; i < s.rank; i++) {
        s.a[i] = resolve_axis(u, s.a[i]);
        if (s.a[i].timed && s.a[i].time.base == variable)
            s.a[i].time = (axis_time){ '?', any.variable, s.a[i].time.offset };
    }
    return s;
}

static axis_time at_bound(axis_time t, char variable, index_expr bound)
{
    if (t.base != variable) return t;
    return (axis_time){ bound.base, 0, bound.offset + t.offset };
}

static int has_letter(const unifier *u, int tree, char letter)
{
    char letters[LETTERS_ALL] = "";
    grammar_letters(u->th, tree, letters);
    return strchr(letters, letter) != NULL;
}

static shape repeated(unifier *u, axis x, axis y)
{
    if (x.timed) x.time = fresh_time(u);
    if (y.timed) y.time = fresh_time(u);
    return (shape){ 2, { x, y }, 0 };
}

static int reaches_too_far(unifier *u, const node *k, const shape *s)
{
    const node *body = &u->th->nodes[k->left];
    const int goes_on = body->kind == N_PRODUCT || body->kind == N_DIVIDE;
    return goes_on && is_scalar(u, s) && has_letter(u, body->left, k->variable)
        && !has_letter(u, body->right, k->variable);
}

static shape ordered(unifier *u, node *k, shape s)
{
    char text[100];
    if (!s.rank) return s;
    shapes_print(u->th, text, &s, 0);
    axis x = resolve_axis(u, s.a[0]), y = resolve_axis(u, s.a[1]);
    int step = x.time.offset - y.time.offset, known = x.timed && y.timed;
    const int constant = !has_letter(u, k->left, k->variable);
    k->immediate = constant ? 0 : step;
    if (s.rank == 2 && x.kind == y.kind && constant) return repeated(u, x, y);
    if (s.rank != 2 || x.kind != y.kind || (known && step != 1 && step != -1))
        return mismatch(u, k->column, "factors %s of a product do not join", text);
    if (reaches_too_far(u, k, &s))
        return mismatch(u, k->column, "it is not clear how far this \\prod goes: put brackets "
                        "around it, or around its factors");
    x.time = at_bound(x.time, k->variable, k->from);
    y.time = at_bound(y.time, k->variable, k->to);
    return (shape){ 2, { x, y }, 0 };
}

static shape large_operator(unifier *u, node *k, shape s)
{
    if (!s.rank) return s;
    shape one = scalar();
    if (s.number) same(u, &s, &one), s.number = 0;
    if (k->kind == N_PROD) return ordered(u, k, s);
    s = forget(u, s, k->variable);
    if (k->kind == N_SUM) return s;
    if (s.rank != 2) return mismatch(u, k->column, "only rows can be stacked");
    axis_time any = fresh_time(u);
    if (s.a[1].timed) any = s.a[1].time, any.offset = 0;
    s.a[0] = (axis){ is_unit(u, s.a[0]) ? 'T' : 'R', 0, 1, any };
    return s;
}

/* Find the shape of a derivative */
/* A row for each entry of the upper half; in some books, for each of the lower. */
static shape jacobian(const unifier *u, axis above, axis below)
{
    return (shape){ 2, { u->th->turned ? below : above, u->th->turned ? above : below }, 0 };
}

static shape derivative(unifier *u, const node *k, shape above, shape below)
{
    char up[100], down[100];
    if (!above.rank || !below.rank) return (shape){ 0 };
    if (u->th->nodes[k->right].kind != N_SYMBOL)
        return mismatch(u, k->column, "a derivative is by a symbol, not by a formula");
    const notation_row *by = &u->th->symbols[u->th->nodes[k->right].symbol];
    if (by->part == PART_SIZE)
        return mismatch(u, k->column, "%s is a whole number, and nothing has a derivative by it",
                        by->name);
    shapes_print(u->th, up, &above, 0);
    shapes_print(u->th, down, &below, 0);
    if (above.number || is_scalar(u, &above)) return below;
    if (k->whole == AS_GRADIENT)
        return mismatch(u, k->column,
                        "a gradient, or a derivative by an entry, of %s: it has to be of a scalar; "
                        "for a Jacobian write \\frac{\\partial}{\\partial}", up);
    const int column = u->th->own && is_column(u, &above);
    if (!column && (above.rank != 2 || !unify(u, above.a[0], unit())))
        return mismatch(u, k->column, "a derivative of %s; only scalars and %s have one here",
                        up, u->th->own ? "vectors" : "rows");
    const axis along = above.a[column ? 0 : 1];
    if (is_unit(u, below.a[0])) return jacobian(u, along, below.a[1]);
    if (u->th->own && is_column(u, &below)) return jacobian(u, along, below.a[0]);
    return (shape){ 3, { along, below.a[0], below.a[1] }, 0 };
}

/* Find the shape of a node */
static shape shape_of(unifier *u, int tree);

static shape anything(unifier *u, int tree, int number)
{
    shape s = { 2, { fresh_axis(u), fresh_axis(u) }, number };
    u->th->nodes[tree].rows = s.a[0].variable;
    u->th->nodes[tree].columns = s.a[1].variable;
    return s;
}

/* The ones are a row, of the length that their neighbours want, or that is written below them. */
static shape row_of_anything(unifier *u, int tree)
{
    shape s = anything(u, tree, 0);
    const char kind = u->th->nodes[tree].variable;
    const int along = !u->th->upright;
    unify(u, s.a[!along], unit());
    if (kind) unify(u, s.a[along],
                    (axis){ .kind = kind, .timed = grammar_axis(u->th, kind, AXIS_TIMED),
                            .time = fresh_time(u) });
    return s;
}

/* Find the shape of a leaf or of one child */
static shape doubtful_transpose(unifier *u, const node *k, const shape *x)
{
    if (x->number) return mismatch(u, k->column,
                                   "a number has no transpose; the row of ones is \\mathbf{1}, its "
                                   "transpose \\mathbf{1}^\\top");
    return mismatch(u, k->column, "%s on a scalar: it may be a transpose, which is ^\\top, or a %s",
                    k->whole == AS_PRIME ? "a prime" : "^T",
                    k->whole == AS_PRIME ? "derivative; say which"
                    : "power, which is \\prod_{k=1}^{T} of it");
}

static shape norm(unifier *u, const node *k, shape x)
{
    char text[100];
    if (x.number) return no_length(u, k->column);
    if (!x.rank) return x;
    shapes_print(u->th, text, &x, 0);
    if (k->whole == AS_TWO && (x.rank == 3 || !(is_unit(u, x.a[0]) || is_unit(u, x.a[1]))))
        return mismatch(u, k->column,
                        "\\|A\\|_2 of %s may be its largest singular value: the root of the sum of "
                        "squares is \\|A\\|_F", text);
    return scalar();
}

static shape simple_shape(unifier *u, int tree, shape x)
{
    node *k = &u->th->nodes[tree];
    char text[100];
    switch (k->kind) {
    case N_NUMBER: return anything(u, tree, 1);
    case N_ONES: return row_of_anything(u, tree);
    case N_SYMBOL: return shape_of_symbol(u, &u->th->symbols[k->symbol], k->index);
    case N_NEGATE: return x;
    case N_POWER: return power(u, k, x);
    case N_FUNCTION: return function(u, k, x);
    case N_SUM: case N_PROD: case N_ROWS: return large_operator(u, k, x);
    case N_NORM: return norm(u, k, x);
    case N_TRANSPOSE:
        if (x.rank && (x.number || (k->whole && is_scalar(u, &x))))
            return doubtful_transpose(u, k, &x);
        if (x.rank == 2) return (shape){ 2, { x.a[1], x.a[0] }, x.number };
        if (!x.rank) return x;
        shapes_print(u->th, text, &x, 0);
        return mismatch(u, k->column, "a transpose of %s", text);
    case N_ENTRY: return entry(u, k, x);
    default: return x.rank || k->kind == N_INDEX ? scalar() : x;
    }
}

static shape find_shape(unifier *u, int tree)
{
    node *k = &u->th->nodes[tree];
    shape x = k->left == NONE_NODE ? (shape){ 0 } : shape_of(u, k->left);
    shape y = k->right == NONE_NODE ? (shape){ 0 } : shape_of(u, k->right);
    switch (k->kind) {
    case N_ADD: return alike(u, x, y, k->column, "a sum");
    case N_SUBTRACT: return alike(u, x, y, k->column, "a difference");
    case N_HADAMARD: return alike(u, x, y, k->column, "\\odot");
    case N_DIVIDE: return alike(u, x, y, k->column, "\\oslash");
    case N_PRODUCT: return product(u, x, y, k->column);
    case N_FRACTION:
        if (!want_scalar(u, &y, k->column, "the denominator")) return (shape){ 0 };
        return x.number && y.number ? x : multiple(u, x, y);
    case N_MINIMUM: return want_scalar(u, &x, k->column, "an argument of \\min or \\max")
                           && want_scalar(u, &y, k->column, "an argument of \\min or \\max")
                               ? scalar() : (shape){ 0 };
    case N_DERIVATIVE: return derivative(u, k, x, y);
    default: return simple_shape(u, tree, x);
    }
}

static shape shape_of(unifier *u, int tree)
{
    return u->of[tree] = find_shape(u, tree);
}

/* The axes that the indices of an entry run over; one of a line may lie either way. */
static void note_entry(unifier *u, node *k)
{
    const shape *x = &u->of[k->left];
    const char rows = resolve_axis(u, x->a[0]).kind, columns = resolve_axis(u, x->a[1]).kind;
    k->rows = k->pair || rows != '1' ? rows : columns;
    k->columns = columns;
    if (!u->alone && (k->rows == '?' || k->columns == '?'))
        mismatch(u, k->column, "nothing says how many entries there are");
}

/* Which way the argument of a function lies, as its length may be one. */
static void note_argument(unifier *u, node *k)
{
    const shape *x = &u->of[k->left];
    k->rows = x->rank == 2 ? resolve_axis(u, x->a[0]).kind : '?';
    k->columns = x->rank == 2 ? resolve_axis(u, x->a[1]).kind : '?';
}

/* After everything is known: which kinds did the ones, numbers and entries of a tree get? */
static void note_axes(unifier *u, int tree)
{
    node *k = &u->th->nodes[tree];
    if (k->left != NONE_NODE) note_axes(u, k->left);
    if (k->right != NONE_NODE) note_axes(u, k->right);
    if (k->kind == N_ENTRY) note_entry(u, k);
    if (k->kind == N_FUNCTION) note_argument(u, k);
    if (k->kind != N_ONES && k->kind != N_NUMBER) return;
    for (int i = 0; i < 2; i++) {
        axis a = resolve_axis(u, (axis){ .kind = '?', .variable = i ? k->columns : k->rows });
        if (a.kind == '?' && k->kind == N_ONES && !u->alone)
            mismatch(u, k->column,
                     "nothing says how long these ones are: write \\mathbf{1}_n, or another "
                     "length");
        if (a.kind == '1' && i == !u->th->upright && k->kind == N_ONES && !k->variable)
            mismatch(u, k->column,
                     "these ones would have to be a single one: write 1, or give their length, as "
                     "in \\mathbf{1}_n");
        *(i ? &k->columns : &k->rows) = a.kind == '?' ? '1' : a.kind;
    }
}

/* Check an equation */
int shapes_scalar(theory *th, int tree)
{
    unifier *u = th->unifier;
    shape s = u->of[tree];
    return s.number || is_scalar(u, &s);
}

shape shapes_at(theory *th, int tree)
{
    unifier *u = th->unifier;
    return u->of[tree];
}

static void start(unifier *u, int mode, shape_error *error)
{
    u->plain = mode == SHAPES_PLAIN;
    u->alone = 0;
    u->times = u->axes = 0;
    u->error = error;
    *error = (shape_error){ 0, "" };
}

int shapes_expression(theory *th, int tree, shape *found, shape_error *error)
{
    unifier *u = th->unifier;
    start(u, SHAPES_TAGGED, error);
    u->alone = 1;
    *found = shape_of(u, tree);
    if (found->rank == 0) return -1;
    note_axes(u, tree);
    for (int i = 0; i < found->rank; i++) found->a[i] = resolve_axis(u, found->a[i]);
    return error->message[0] ? -1 : 0;
}

/* Is the shape that was found the one after \in? */
static void check_size(unifier *u, const equation *e, shape *found)
{
    char text[100];
    const axis a = { .kind = e->in[0] }, b = { .kind = e->in[1] };
    if (found->number) *found = scalar();
    shapes_print(u->th, text, found, 0);
    if (found->rank == 2 && unify(u, found->a[0], a) && unify(u, found->a[1], b)) return;
    char one[2], other[2];
    *found = mismatch(u, u->th->nodes[e->member[0]].column, "this comes out as %s, not %s × %s",
                      text, grammar_axis_name(u->th, e->in[0], one),
                      grammar_axis_name(u->th, e->in[1], other));
}

int shapes_check(theory *th, const equation *e, int mode, shape *found, shape_error *error)
{
    unifier *u = th->unifier;
    char left[100], right[100];
    start(u, mode, error);
    *found = shape_of(u, e->member[0]);
    for (int i = 1; i < e->members && found->rank; i++) {
        shape other = shape_of(u, e->member[i]);
        if (!other.rank) return -1;
        /* Compare a member's shape with the first */
        shapes_print(u->th, left, found, 0);
        shapes_print(u->th, right, &other, 0);
        if (!same(u, found, &other)) {
            mismatch(u, u->th->nodes[e->member[i]].column,
                     "the left side is %s, this comes out as %s", left, right);
            return -1;
        }
    }
    if (found->rank && e->in[0]) check_size(u, e, found);
    for (int i = 0; i < e->members && found->rank; i++) note_axes(u, e->member[i]);
    if (error->message[0]) found->rank = 0;
    return found->rank ? 0 : -1;
}

/* Check a shape that a sentence states */
enum { ANY_TIME = '*' };

static void skip(const char **s, const char *marks)
{
    while (**s && strchr(marks, **s)) ++*s;
}

static axis_time read_stated_time(const char **s)
{
    axis_time t = { 0, 0, 0 };
    skip(s, "_{ ");
    if (strncmp(*s, "\\tau", 4) == 0) t.base = ANY_TIME, *s += 4;
    else if (isalpha((unsigned char)**s)) t.base = *(*s)++;
    skip(s, " ");
    char *end;
    t.offset = (int)strtol(*s, &end, 10);
    *s = end;
    skip(s, "} ");
    return t;
}

/* shape = axis "\times" axis ["\times" axis]; rank 0 if there is none. */
static shape read_stated(const char **s)
{
    shape found = { 0 };
    do {
        skip(s, "( ");
        if (!isalnum((unsigned char)**s) || found.rank == 3) return (shape){ 0 };
        axis *a = &found.a[found.rank++];
        *a = (axis){ .kind = *(*s)++ };
        skip(s, " ");
        if (**s == '_') a->timed = 1, a->time = read_stated_time(s);
    } while (strncmp(*s, "\\times", 6) == 0 && (*s += 6));
    skip(s, ") ");
    return found;
}

static shape read_shapes(unifier *u, const char *s)
{
    if (strncmp(s, "\\sum", 4) == 0) s += 4;
    shape found = read_stated(&s);
    while (*s && found.rank) {
        shape next = read_stated(&s);
        if (!next.rank) break;
        found = product(u, found, next, 1);
    }
    if (*s || found.rank < 2) return mismatch(u, 1, "this is not read as a shape");
    return found;
}

static shape shape_of_subject(unifier *u, const char *latex)
{
    parse_error error;
    if (strstr(latex, "\\times")) return read_shapes(u, latex);
    const int tree = grammar_expression(u->th, latex, &error);
    if (tree == NONE_NODE) return mismatch(u, error.column, "%s", error.message);
    return shape_of(u, tree);
}

static int read_product(unifier *u, const char *latex)
{
    const shape s = read_shapes(u, latex);
    if (!s.rank) return -1;
    if (strstr(latex, ")(")) return 0;
    mismatch(u, 1, "whose shape is %s? Write [$%s$]{of=\"…\"}", latex, latex);
    return -1;
}

int shapes_claim(theory *th, const char *latex, shape_error *error)
{
    unifier *u = th->unifier;
    char subject[400], text[100];
    const char *in = strstr(latex, "\\in "), *stated = in ? in + 4 : strstr(latex, "=");
    start(u, SHAPES_TAGGED, error);
    if (stated == NULL) return read_product(u, latex);
    snprintf(subject, sizeof subject, "%.*s", (int)((in ? in : stated) - latex), latex);
    stated += strspn(stated, "= ");
    /* Compare the subject's shape with what is stated */
    const shape wanted = read_shapes(u, stated), found = shape_of_subject(u, subject);
    if (!found.rank || !wanted.rank) return -1;
    shapes_print(u->th, text, &found, 0);
    if (!found.number && found.rank == wanted.rank && same(u, &found, &wanted)) return 0;
    mismatch(u, 1, "%scomes out as %s, not %s", subject, text, stated);
    return -1;
}

/* Print the shape line */
typedef struct {
    char *text;
    size_t size, used;
} line;

static void put(line *l, const char *s)
{
    int n = snprintf(l->text + l->used, l->size - l->used, "%s", s);
    if (n > 0) l->used += (size_t)n < l->size - l->used ? (size_t)n : l->size - l->used - 1;
}

static void put_leaf(unifier *u, line *l, const shape *s)
{
    char text[100];
    shapes_print(u->th, text, s, 1);
    put(l, "(");
    put(l, text);
    put(l, ")");
}

/* Where an expression stands: alone, beside \odot, or as a factor. */
typedef enum { IN_SUM, IN_HADAMARD, IN_PRODUCT } place;
static void put_tree(unifier *u, line *l, int tree, place where);
/* Print a number in the shape of another */
static void put_beside(unifier *u, line *l, int tree, int other, place where)
{
    if (u->of[tree].number && where != IN_PRODUCT) put_leaf(u, l, &u->of[other]);
    else put_tree(u, l, tree, where);
}

static void put_two(unifier *u, line *l, const node *k, const char *between, place inside,
                    place where)
{
    if (where > inside) put(l, "(");
    put_beside(u, l, k->left, k->right, inside);
    put(l, between);
    put_beside(u, l, k->right, k->left, inside);
    if (where > inside) put(l, ")");
}

/* A number in a sum has the shape of what it is added to, and is left out. */
static void put_sum(unifier *u, line *l, const node *k, const char *sign, place where)
{
    if (u->of[k->left].number) put_tree(u, l, k->right, where);
    else if (u->of[k->right].number) put_tree(u, l, k->left, where);
    else put_two(u, l, k, sign, IN_SUM, where);
}

static void put_tree(unifier *u, line *l, int tree, place where)
{
    const node *k = &u->th->nodes[tree];
    shape s = u->of[tree];
    int three = k->kind == N_PRODUCT && s.rank == 2 && is_scalar(u, &s);
    switch (k->kind) {
    case N_ADD: put_sum(u, l, k, " + ", where); break;
    case N_SUBTRACT: put_sum(u, l, k, " - ", where); break;
    case N_HADAMARD: put_two(u, l, k, " \\odot ", IN_HADAMARD, where); break;
    case N_DIVIDE: put_two(u, l, k, " \\oslash ", IN_HADAMARD, where); break;
    case N_PRODUCT:
        if (three) put_leaf(u, l, &s);
        else put_two(u, l, k, "", IN_PRODUCT, where);
        break;
    case N_NEGATE: put(l, "-"); put_tree(u, l, k->left, IN_PRODUCT); break;
    case N_SUM: put(l, "\\textstyle\\sum "); put_tree(u, l, k->left, IN_HADAMARD); break;
    case N_PROD: put(l, "\\textstyle\\prod "); put_tree(u, l, k->left, IN_HADAMARD); break;
    default: put_leaf(u, l, &s);
    }
}

void shapes_line(theory *th, char *text, size_t size, const equation *e)
{
    unifier *u = th->unifier;
    line l = { text, size, 0 };
    int more = 0;
    while (more < e->members - 1 && u->of[e->member[more]].number) more++;
    text[0] = '\0';
    put_leaf(u, &l, &u->of[e->member[more]]);
    put(&l, " = ");
    put_beside(u, &l, e->member[e->members - 1], e->member[more], IN_SUM);
}
