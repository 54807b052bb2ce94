/* generated from chapters/24-mutants.nw by noweb; do not edit */
#include "mutants.h"
#include <stdio.h>
#include <string.h>

/* Walk a tree to its nth node */
/* The nth node of a tree in the order parent, left, right; -1 past the end. */
static int nth(theory *th, int tree, int *n)
{
    if (tree == NONE_NODE) return NONE_NODE;
    if ((*n)-- == 0) return tree;
    int found = nth(th, th->nodes[tree].left, n);
    return found != NONE_NODE ? found : nth(th, th->nodes[tree].right, n);
}

/* Ways to damage a node */
typedef struct {
    theory *th;
    node *k;                    // the node to be damaged
    const int *occurrences;     // [128] of each free letter; many if it is bound somewhere
    int root, unfit;            // it is all of the member; the shapes do not fit
} place;
typedef int damage(place *p);   // 1: done; 0: it does not apply here
typedef struct { damage *way; const char *what; } named_damage;

static void become(theory *th, node *k, int child)
{
    *k = th->nodes[child];
}

static int drop_right(place *p)
{
    node *k = p->k;
    if (k->kind != N_ADD && k->kind != N_SUBTRACT) return 0;
    return become(p->th, k, k->left), 1;
}

static int drop_left(place *p)
{
    node *k = p->k;
    if (k->kind == N_ADD) return become(p->th, k, k->right), 1;
    if (k->kind != N_SUBTRACT) return 0;
    k->kind = N_NEGATE;
    k->left = k->right;
    k->right = NONE_NODE;
    return 1;
}

static int flip_sign(place *p)
{
    node *k = p->k;
    if (k->kind == N_ADD) return k->kind = N_SUBTRACT, 1;
    if (k->kind == N_SUBTRACT) return k->kind = N_ADD, 1;
    if (k->kind == N_NEGATE) return become(p->th, k, k->left), 1;
    return 0;
}

static int lose_transpose(place *p)
{
    node *k = p->k;
    if (k->kind != N_TRANSPOSE) return 0;
    return become(p->th, k, k->left), 1;
}

static int wrap(theory *th, node *k, node_kind kind)
{
    int inner = grammar_node(th, kind, NONE_NODE, NONE_NODE);
    if (inner == NONE_NODE) return 0;
    th->nodes[inner] = *k;
    *k = (node){ .kind = kind, .left = inner, .right = NONE_NODE, .column = k->column };
    return 1;
}

static int add_transpose(place *p)
{
    node *k = p->k;
    if (k->kind != N_SYMBOL || p->th->symbols[k->symbol].side[0].kind == '1') return 0;
    return wrap(p->th, k, N_TRANSPOSE);
}

static void count_letters(theory *th, int *occurrences, int tree)
{
    if (tree == NONE_NODE) return;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL) occurrences[(int)k->index.base]++;
    if (k->kind == N_POWER) occurrences[(int)k->index.base]++;
    occurrences[(int)k->from.base]++;
    occurrences[(int)k->to.base]++;
    if (k->variable) occurrences[(int)k->variable] += 2;
    count_letters(th, occurrences, k->left);
    count_letters(th, occurrences, k->right);
}

static int is_identity(theory *th, int tree)
{
    const node *k = &th->nodes[tree];
    return k->kind == N_FUNCTION && k->function == F_DIAG && th->nodes[k->left].kind == N_ONES;
}

static int shift(place *p, int by)
{
    node *k = p->k;
    int power = k->kind == N_POWER && k->index.base;
    if (!power && (k->kind != N_SYMBOL || !p->th->symbols[k->symbol].indexed)) return 0;
    if (k->index.base && !grammar_axis(p->th, k->index.base, AXIS_COUNTS)
        && p->occurrences[(int)k->index.base] == 1) return 0;
    k->index.offset += by;
    return 1;
}
static int later(place *p) { return shift(p, 1); }
static int earlier(place *p) { return shift(p, -1); }

static int swap_factors(place *p)
{
    node *k = p->k;
    if (k->kind != N_PRODUCT) return 0;
    if (!p->unfit && (shapes_scalar(p->th, k->left) || shapes_scalar(p->th, k->right))) return 0;
    if (is_identity(p->th, k->left) || is_identity(p->th, k->right)) return 0;
    int left = k->left;
    k->left = k->right;
    k->right = left;
    return 1;
}

static int lose_right_factor(place *p)
{
    node *k = p->k;
    if (k->kind != N_PRODUCT && k->kind != N_HADAMARD && k->kind != N_DIVIDE) return 0;
    return is_identity(p->th, k->right) ? 0 : (become(p->th, k, k->left), 1);
}

static int lose_left_factor(place *p)
{
    node *k = p->k;
    if (k->kind != N_PRODUCT && k->kind != N_HADAMARD) return 0;
    return is_identity(p->th, k->left) ? 0 : (become(p->th, k, k->right), 1);
}

static int multiply_for_divide(place *p)
{
    node *k = p->k;
    return k->kind == N_DIVIDE ? k->kind = N_HADAMARD, 1 : 0;
}

/* A matrix product where entries are multiplied, and the other way round. */
static int exchange_products(place *p)
{
    node *k = p->k;
    if (k->kind != N_PRODUCT && k->kind != N_HADAMARD) return 0;
    if (!p->unfit && (shapes_scalar(p->th, k->left) || shapes_scalar(p->th, k->right))) return 0;
    k->kind = k->kind == N_PRODUCT ? N_HADAMARD : N_PRODUCT;
    return 1;
}

static void substitute(theory *th, int tree, char letter, index_expr by)
{
    if (tree == NONE_NODE) return;
    node *k = &th->nodes[tree];
    if (k->index.base == letter) {
        k->index.base = by.base;
        k->index.offset += by.offset;
    }
    substitute(th, k->left, letter, by);
    substitute(th, k->right, letter, by);
}

static int last_term_only(place *p)
{
    node *k = p->k;
    if (k->kind != N_SUM || (k->whole && !grammar_axis(p->th, 'T', AXIS_ANY))) return 0;
    substitute(p->th, k->left, k->variable, k->whole ? (index_expr){ 'T', 0, 0, 0 } : k->to);
    return become(p->th, k, k->left), 1;
}

static int is_bounded(const node *k)
{
    return (k->kind == N_SUM || k->kind == N_PROD || k->kind == N_ROWS) && !k->whole;
}
static int start_later(place *p) { return is_bounded(p->k) ? p->k->from.offset++, 1 : 0; }
static int start_earlier(place *p) { return is_bounded(p->k) ? p->k->from.offset--, 1 : 0; }
static int end_later(place *p) { return is_bounded(p->k) ? p->k->to.offset++, 1 : 0; }
static int end_earlier(place *p) { return is_bounded(p->k) ? p->k->to.offset--, 1 : 0; }

static int lose_power(place *p)
{
    node *k = p->k;
    return k->kind == N_POWER ? become(p->th, k, k->left), 1 : 0;
}
static int raise_power(place *p)
{
    node *k = p->k;
    return k->kind == N_POWER ? k->index.offset++, 1 : 0;
}

static int lose_function(place *p)
{
    node *k = p->k;
    if (k->kind != N_FUNCTION && k->kind != N_NORM) return 0;
    return become(p->th, k, k->left), 1;
}

static int double_function(place *p)
{
    node *k = p->k;
    if (k->kind != N_FUNCTION || k->function >= F_DIAG) return 0;
    function_kind f = k->function;
    if (!wrap(p->th, k, N_FUNCTION)) return 0;
    k->function = f;
    return 1;
}

static int another_number(place *p)
{
    node *k = p->k;
    return k->kind == N_NUMBER ? k->number += 1, 1 : 0;
}

static int confuse_total(place *p)
{
    node *k = p->k;
    if (k->kind != N_DERIVATIVE) return 0;
    const node *above = &p->th->nodes[k->left], *below = &p->th->nodes[k->right];
    if (above->kind != N_SYMBOL || !p->th->symbols[above->symbol].indexed) return 0;
    if (p->th->symbols[below->symbol].indexed || !evaluate_recurrent(p->th, below->symbol))
        return 0;
    k->immediate = !k->immediate;
    return 1;
}

static int take_neighbour(place *p, const neighbours *pair, int turned)
{
    const int from = turned ? pair->other : pair->one;
    if (p->k->kind != N_SYMBOL || p->k->symbol != from) return 0;
    p->k->symbol = turned ? pair->one : pair->other;
    return 1;
}

/* Ways to repair a node */
static int transpose_anything(place *p)
{
    const node_kind kind = p->k->kind;
    const int composed = kind == N_PRODUCT || kind == N_HADAMARD || kind == N_DERIVATIVE
        || kind == N_FUNCTION || kind == N_ADD || kind == N_SUBTRACT || kind == N_SUM;
    return composed || kind == N_SYMBOL ? wrap(p->th, p->k, N_TRANSPOSE) : 0;
}

static int sum_over(place *p, int which)
{
    char letters[LETTERS_ALL] = "";
    if (!p->root) return 0;
    grammar_letters(p->th, (int)(p->k - p->th->nodes), letters);
    if (which >= (int)strlen(letters) || !wrap(p->th, p->k, N_SUM)) return 0;
    p->k->variable = letters[which];
    p->k->whole = 1;
    return 1;
}
static int sum_over_first(place *p) { return sum_over(p, 0); }
static int sum_over_second(place *p) { return sum_over(p, 1); }
static int beside_ones(place *p, int before)
{
    const int ones = grammar_node(p->th, N_ONES, NONE_NODE, NONE_NODE);
    if (!p->root || ones == NONE_NODE || !wrap(p->th, p->k, N_PRODUCT)) return 0;
    const int turned = before == p->th->upright
        ? grammar_node(p->th, N_TRANSPOSE, ones, NONE_NODE) : ones;
    p->k->right = before ? p->k->left : turned;
    if (before) p->k->left = turned;
    return turned != NONE_NODE;
}
static int ones_before(place *p) { return beside_ones(p, 1); }
static int ones_behind(place *p) { return beside_ones(p, 0); }
/* Makes the node `number kind (itself)`, or the other way round. */
static int beside_number(place *p, node_kind kind, double number, int number_first)
{
    const int one = grammar_node(p->th, N_NUMBER, NONE_NODE, NONE_NODE);
    if (one == NONE_NODE || !wrap(p->th, p->k, kind)) return 0;
    p->th->nodes[one].number = number;
    p->k->right = number_first ? p->k->left : one;
    if (number_first) p->k->left = one;
    return 1;
}

static int complement(place *p)
{
    const node_kind kind = p->k->kind;
    return kind == N_SYMBOL || kind == N_FUNCTION ? beside_number(p, N_SUBTRACT, 1, 1) : 0;
}

static int lose_complement(place *p)
{
    node *k = p->k;
    if (k->kind != N_SUBTRACT || p->th->nodes[k->left].kind != N_NUMBER) return 0;
    return become(p->th, k, k->right), 1;
}

static int twice(place *p) { return p->root ? beside_number(p, N_PRODUCT, 2, 1) : 0; }
static int half(place *p) { return p->root ? beside_number(p, N_FRACTION, 2, 0) : 0; }
static int smaller_number(place *p) { return p->k->kind == N_NUMBER ? p->k->number -= 1, 1 : 0; }
static int is_one(const theory *th, int tree)
{
    const node *k = &th->nodes[tree];
    return k->kind == N_ONES || (k->kind == N_NUMBER && !(k->number < 1) && !(k->number > 1));
}

static int is_square(theory *th, int tree)
{
    const node *k = &th->nodes[tree];
    return (k->kind == N_POWER && k->index.offset == 2 && !k->index.base)
        || (k->kind == N_HADAMARD && grammar_same(th, k->left, k->right));
}

static int other_slope(place *p)
{
    theory *th = p->th;
    node *k = p->k;
    if (k->kind == N_SUBTRACT && is_square(th, k->right) && is_one(th, k->left)) {
        const int base = th->nodes[k->right].left;
        const int rest = grammar_node(th, N_SUBTRACT, k->left, base);
        if (rest == NONE_NODE) return 0;
        *k = (node){ .kind = N_HADAMARD, .left = base, .right = rest, .column = k->column };
        return 1;
    }
    const node *rest = k->kind == N_HADAMARD ? &th->nodes[k->right] : k;
    if (rest == k || rest->kind != N_SUBTRACT || !grammar_same(th, rest->right, k->left)) return 0;
    const int square = grammar_node(th, N_POWER, k->left, NONE_NODE);
    if (square == NONE_NODE) return 0;
    th->nodes[square].index.offset = 2;
    *k = (node){ .kind = N_SUBTRACT, .left = rest->left, .right = square, .column = k->column };
    return 1;
}

static int exchange_indices(place *p)
{
    node *k = p->k;
    if (k->kind != N_ENTRY || !k->pair) return 0;
    const index_expr first = k->component;
    k->component = k->second;
    k->second = first;
    return 1;
}

static int other_letter(place *p)
{
    index_expr *x = p->k->kind == N_ENTRY ? &p->k->component : &p->k->index;
    if ((p->k->kind != N_ENTRY && p->k->kind != N_SYMBOL) || !x->base) return 0;
    for (char c = 'a'; c <= 'z'; c++)
        if (c != x->base && p->occurrences[(int)c] > 0) return x->base = c, 1;
    return 0;
}

static int wrap_function(place *p, function_kind f)
{
    const node_kind kind = p->k->kind;
    if (kind != N_SYMBOL && kind != N_ENTRY && kind != N_ADD) return 0;
    if (!wrap(p->th, p->k, N_FUNCTION)) return 0;
    return p->k->function = f, 1;
}
static int wrap_exp(place *p) { return wrap_function(p, F_EXP); }
static int wrap_log(place *p) { return wrap_function(p, F_LOG); }
static int wrap_tanh(place *p) { return wrap_function(p, F_TANH); }
static int wrap_logistic(place *p) { return wrap_function(p, F_LOGISTIC); }
static int wrap_root(place *p) { return wrap_function(p, F_SQRT); }
/* f(x) + y becomes f(x + y). */
static int draw_in(place *p)
{
    node *k = p->k, *f = &p->th->nodes[k->left];
    if ((k->kind != N_ADD && k->kind != N_SUBTRACT) || f->kind != N_FUNCTION) return 0;
    const node sum = { .kind = k->kind, .left = f->left, .right = k->right, .column = k->column };
    const node function = *f;
    *f = sum;
    const int inside = k->left;
    *k = function;
    return k->left = inside, 1;
}

/* f(x - y) becomes f(x) - y. */
static int draw_out(place *p)
{
    node *k = p->k, *sum = &p->th->nodes[k->left];
    if (k->kind != N_FUNCTION || (sum->kind != N_ADD && sum->kind != N_SUBTRACT)) return 0;
    const node function = { .kind = N_FUNCTION, .function = k->function, .left = sum->left,
                            .right = NONE_NODE, .column = k->column };
    const node outside = { .kind = sum->kind, .left = k->left, .right = sum->right,
                           .column = k->column };
    *sum = function;
    return *k = outside, 1;
}

static int root_for_power(place *p)
{
    node *k = p->k;
    if (k->kind != N_POWER) return 0;
    *k = (node){ .kind = N_FUNCTION, .function = F_SQRT, .left = k->left, .right = NONE_NODE,
                 .column = k->column };
    return 1;
}

/* Of powers of a root, which stand for halves, every second is a power of the same kind. */
static int change_power(place *p, int by)
{
    if (p->k->kind != N_POWER) return 0;
    return p->k->index.offset += by, 1;
}
static int lower_power(place *p) { return change_power(p, -1); }
static int raise_by_two(place *p) { return change_power(p, 2); }
static int lower_by_two(place *p) { return change_power(p, -2); }
static int product_for_sum(place *p)
{
    node *k = p->k;
    return k->kind == N_ADD || k->kind == N_SUBTRACT ? k->kind = N_HADAMARD, 1 : 0;
}

/* a + b + c becomes a + b c. */
static int product_of_last(place *p)
{
    node *k = p->k, *sum = &p->th->nodes[k->left];
    if (k->kind != N_ADD || sum->kind != N_ADD) return 0;
    const node product = { .kind = N_HADAMARD, .left = sum->right, .right = k->right,
                           .column = k->column };
    const int a = sum->left, place_of_product = k->left;
    *sum = product;
    k->right = place_of_product;
    return k->left = a, 1;
}

static int is_of_two(const node *k) { return k->kind == N_PRODUCT || k->kind == N_HADAMARD; }

/* g a + h b becomes g b + h a. */
static int exchange_weighed(place *p)
{
    node *k = p->k, *one = &p->th->nodes[k->left], *other = &p->th->nodes[k->right];
    if (k->kind != N_ADD && k->kind != N_SUBTRACT) return 0;
    if (!is_of_two(one) || !is_of_two(other)) return 0;
    const int weighed = one->right;
    one->right = other->right;
    return other->right = weighed, 1;
}

static int add_one(place *p)
{
    return p->k->kind == N_FUNCTION ? beside_number(p, N_ADD, 1, 1) : 0;
}

/* 1 - x becomes x (1 - x). */
static int beside_complement(place *p)
{
    node *k = p->k;
    const int x = k->right;
    if (k->kind != N_SUBTRACT || !is_one(p->th, k->left)) return 0;
    if (!wrap(p->th, k, N_HADAMARD)) return 0;
    k->right = k->left;
    return k->left = x, 1;
}

static void count_entries(theory *th, int *occurrences, int tree)
{
    if (tree == NONE_NODE) return;
    const node *k = &th->nodes[tree];
    occurrences[(int)k->component.base] += k->kind == N_ENTRY;
    occurrences[(int)k->second.base] += k->kind == N_ENTRY;
    count_entries(th, occurrences, k->left);
    count_entries(th, occurrences, k->right);
}

static const named_damage REPAIRS[] = {
    { transpose_anything, "a transpose added" }, { sum_over_first, "a sum added" },
    { sum_over_second, "a sum added" }, { complement, "a complement" },
    { lose_complement, "a complement lost" }, { twice, "a factor 2" }, { half, "a factor 1/2" },
    { smaller_number, "a number" }, { other_slope, "the other slope" },
    { exchange_indices, "indices exchanged" }, { other_letter, "another index" },
    { ones_before, "a sum added" }, { ones_behind, "a sum added" },
    { lower_power, "a power raised" }, { raise_by_two, "a power raised" },
    { lower_by_two, "a power raised" }, { wrap_exp, "a function put in" },
    { wrap_log, "a function put in" },
    { wrap_tanh, "a function put in" }, { wrap_logistic, "a function put in" },
    { wrap_root, "a root put in" }, { draw_in, "a function of more" },
    { draw_out, "a function of less" }, { root_for_power, "a root for a power" },
    { product_for_sum, "a product for a sum" }, { add_one, "one added" },
    { product_of_last, "a product for a sum" }, { exchange_weighed, "gates exchanged" },
    { beside_complement, "a factor put in" },
};
enum { REPAIR_COUNT = sizeof REPAIRS / sizeof *REPAIRS };

/* Make all mutants */
static const named_damage WAYS[] = {
    { drop_right, "a term dropped" }, { drop_left, "a term dropped" }, { flip_sign, "a sign" },
    { lose_transpose, "a transpose lost" }, { add_transpose, "a transpose added" },
    { later, "a time one later" }, { earlier, "a time one earlier" },
    { swap_factors, "factors swapped" }, { lose_right_factor, "a factor lost" },
    { lose_left_factor, "a factor lost" }, { multiply_for_divide, "a division lost" },
    { exchange_products, "the other product" },
    { last_term_only, "the last term only" }, { start_later, "a sum starts late" },
    { start_earlier, "a sum starts early" }, { end_later, "a sum ends late" },
    { end_earlier, "a sum ends early" }, { lose_power, "a power lost" },
    { raise_power, "a power raised" }, { lose_function, "a function lost" },
    { double_function, "a function twice" }, { another_number, "a number" },
    { confuse_total, "total for immediate" },
};
enum { WAY_COUNT = sizeof WAYS / sizeof *WAYS };
enum { NO_ROOM = -2 };

/* The nth node of a member of the copy; NONE_NODE past the last one. */
static int copy_equation(theory *th, const equation *e, equation *copy, int member, int n,
                         int *unfit)
{
    shape found;
    shape_error error;
    *copy = *e;
    for (int i = 0; i < e->members; i++) copy->member[i] = grammar_copy(th, e->member[i]);
    if (th->node_count == NODES_MAX) return NO_ROOM;
    *unfit = shapes_check(th, copy, SHAPES_TAGGED, &found, &error) != 0;
    return nth(th, copy->member[member], &n);
}

/* The first symbol in a tree; NONE_NODE if there is none. */
static int first_symbol(const theory *th, int tree)
{
    if (tree == NONE_NODE || th->nodes[tree].kind == N_SYMBOL) return tree;
    const int left = first_symbol(th, th->nodes[tree].left);
    return left != NONE_NODE ? left : first_symbol(th, th->nodes[tree].right);
}

static void rename_symbol(theory *th, int tree, int from, int to)
{
    if (tree == NONE_NODE) return;
    node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL && k->symbol == from) k->symbol = to;
    rename_symbol(th, k->left, from, to);
    rename_symbol(th, k->right, from, to);
}

/* Any other symbol with or without an index, as this one has; in x (1 - x) in both places. */
static int take_symbol(place *p, int symbol)
{
    theory *th = p->th;
    node *k = p->k;
    const node *rest = k->kind == N_HADAMARD ? &th->nodes[k->right] : k;
    const int slope = rest != k && rest->kind == N_SUBTRACT
        && grammar_same(th, rest->right, k->left);
    const int tree = (int)(k - th->nodes);
    const int at = slope || k->kind == N_SYMBOL ? first_symbol(th, tree) : NONE_NODE;
    if (at == NONE_NODE || th->nodes[at].symbol == symbol) return 0;
    const notation_row *x = &th->symbols[symbol], *y = &th->symbols[th->nodes[at].symbol];
    if (x->part == PART_SIZE || x->indexed != y->indexed) return 0;
    return rename_symbol(th, tree, th->nodes[at].symbol, symbol), 1;
}

/* Puts a symbol in as a factor, behind a symbol or a term; one with an index beside another. */
static int insert_factor(place *p, int symbol, node_kind kind, int by_root)
{
    const notation_row *x = &p->th->symbols[symbol];
    const node_kind here = p->k->kind;
    const index_expr step = { p->k->index.base, 0, 0, 0 };
    const int leaf = here == N_SYMBOL || here == N_ENTRY;
    if (!leaf && here != N_PRODUCT && here != N_SUM && here != N_HADAMARD && !p->root) return 0;
    if ((kind == N_FRACTION) != (x->part == PART_SIZE) && kind != N_PRODUCT) return 0;
    if (x->indexed && (here != N_SYMBOL || !step.base)) return 0;
    const int factor = grammar_node(p->th, N_SYMBOL, NONE_NODE, NONE_NODE);
    const int root = by_root ? grammar_node(p->th, N_FUNCTION, factor, NONE_NODE) : factor;
    if (factor == NONE_NODE || root == NONE_NODE || !wrap(p->th, p->k, kind)) return 0;
    if (by_root) p->th->nodes[root].function = F_SQRT;
    p->th->nodes[factor].symbol = symbol;
    if (x->indexed) p->th->nodes[factor].index = step;
    p->k->right = root;
    return 1;
}

enum { WAYS_OF_SYMBOL = 5 };
/* Way number w of those that there are for each symbol. */
static int use_symbol(place *p, int w, const char **what)
{
    static const node_kind kinds[WAYS_OF_SYMBOL] =
        { 0, N_PRODUCT, N_HADAMARD, N_FRACTION, N_FRACTION };
    const int count = p->th->symbol_count;
    if (w < count) return take_symbol(p, w);
    *what = "a factor put in";
    return insert_factor(p, w % count, kinds[w / count], w / count == WAYS_OF_SYMBOL - 1);
}

/* Is way `w` so common that it may come together with another? */
static int is_likely(const theory *th, int w)
{
    static damage *const common[] = { flip_sign, lose_transpose, later, earlier, swap_factors,
        transpose_anything, sum_over_first, exchange_products, other_letter };
    const int repair = w - WAY_COUNT - 2 * th->neighbour_count;
    damage *way = w < WAY_COUNT ? WAYS[w].way
        : repair >= 0 && repair < REPAIR_COUNT ? REPAIRS[repair].way : NULL;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (way == common[i]) return 1;
    return 0;
}

/* Applies way `w` (or a neighbour) at one place; 0 if it does not apply. */
static int apply_way(place *p, int w, const char **what)
{
    const int repair = w - WAY_COUNT - 2 * p->th->neighbour_count;
    if (w < WAY_COUNT) return *what = WAYS[w].what, WAYS[w].way(p);
    if (repair >= 0 && repair < REPAIR_COUNT)
        return *what = REPAIRS[repair].what, REPAIRS[repair].way(p);
    *what = "a neighbouring symbol";
    if (repair >= 0) return use_symbol(p, repair - REPAIR_COUNT, what);
    return take_neighbour(p, &p->th->neighbours[(w - WAY_COUNT) / 2], (w - WAY_COUNT) % 2);
}

/* `occurrences` are those of the letters in e. */
static int damage_member(theory *th, const int *occurrences, const equation *e, int member,
                         int ways, int likely, mutant_visit *visit, void *data)
{
    const char *what;
    equation copy;
    for (int n = 0, unfit;; n++)
        for (int w = 0; w < ways; w++) {
            if (likely && !is_likely(th, w)) continue;
            int mark = th->node_count, at = copy_equation(th, e, &copy, member, n, &unfit);
            place here = { th, at >= 0 ? &th->nodes[at] : NULL, occurrences, n == 0, unfit };
            if (at >= 0 && apply_way(&here, w, &what)) visit(data, what, &copy);
            const int full = at == NO_ROOM || th->node_count == NODES_MAX;
            th->node_count = mark;
            if (at < 0 || full) return full ? -1 : 0;
        }
}

static void negate_member(theory *th, const equation *e, int member, mutant_visit *visit,
                          void *data)
{
    equation copy;
    int unfit, mark = th->node_count, at = copy_equation(th, e, &copy, member, 0, &unfit);
    if (at >= 0 && th->nodes[at].kind != N_NUMBER && th->nodes[at].kind != N_NEGATE
        && wrap(th, &th->nodes[at], N_NEGATE))
        visit(data, "a sign", &copy);
    th->node_count = mark;
}

static void count_occurrences(theory *th, const equation *e, int occurrences[128])
{
    for (int i = 0; i < e->members; i++) count_letters(th, occurrences, e->member[i]);
    for (int i = 0; i < e->conditions; i++)
        occurrences[(int)e->condition[i].left.base]++,
            occurrences[(int)e->condition[i].right.base]++;
}

int mutants_of(theory *th, const equation *e, mutant_visit *visit, void *data)
{
    equation copy = *e;
    const int ways = WAY_COUNT + 2 * th->neighbour_count;
    int failed = 0, occurrences[128] = { 0 };
    count_occurrences(th, e, occurrences);
    for (int i = 0; i < e->members; i++)
        failed |= damage_member(th, occurrences, e, i, ways, 0, visit, data);
    for (int i = 1; i < e->members; i++) negate_member(th, e, i, visit, data);
    for (int i = 0; i < e->conditions; i++) {
        const char relation = e->condition[i].relation;
        if (strchr("<>lg", relation) == NULL) continue;
        copy = *e;
        copy.condition[i].right.offset += relation == '<' || relation == 'l' ? 1 : -1;
        visit(data, "a condition widened", &copy);
    }
    return failed;
}

int mutants_repairs(theory *th, const equation *e, int member, int likely, mutant_visit *visit,
                    void *data)
{
    const int ways = WAY_COUNT + 2 * th->neighbour_count + REPAIR_COUNT
        + WAYS_OF_SYMBOL * th->symbol_count;
    int occurrences[128] = { 0 };
    count_occurrences(th, e, occurrences);
    for (int i = 0; i < e->members; i++) count_entries(th, occurrences, e->member[i]);
    negate_member(th, e, member, visit, data);
    return damage_member(th, occurrences, e, member, ways, likely, visit, data);
}

/* Try to catch a mutant */
/* V_WRONG if the values differ on an instance; else V_UNKNOWN if one has none. */
static verdict_kind judge_values(const equation *e, instance *in, int count)
{
    verdict_kind worst = V_OK;
    verdict v;
    for (int i = 0; i < count && worst != V_WRONG; i++) {
        evaluate_equation(&in[i], e, &v);
        if (v.kind != V_OK) worst = v.unevaluable ? V_UNKNOWN : V_WRONG;
    }
    return worst;
}

caught mutants_try(const equation *e, instance *in, int count)
{
    shape found;
    shape_error error;
    caught c = { .first = V_OK };
    c.tagged = shapes_check(in->th, e, SHAPES_TAGGED, &found, &error) != 0;
    c.plain = shapes_check(in->th, e, SHAPES_PLAIN, &found, &error) != 0;
    if (!c.tagged && !c.plain) shapes_check(in->th, e, SHAPES_TAGGED, &found, &error);
    const verdict_kind values = c.plain ? V_WRONG : judge_values(e, in, count);
    c.value = values == V_WRONG;
    c.unevaluable = values == V_UNKNOWN;
    c.first_plain = c.plain;
    c.first = c.plain || c.tagged ? V_SHAPE : values;
    return c;
}
