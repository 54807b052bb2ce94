/* generated from chapters/36-keymaker.nw by noweb; do not edit */
#include "recording.h"
#include "key.h"
#include "shapes.h"
#include <math.h>
#include <string.h>

/* Tell definitions from other equations */
static int is_definition(theory *th, equation *e, const char *latex)
{
    parse_error error;
    return grammar_parse(th, e, latex, 0, &error) == PARSE_OK && e->definition
           && theory_adopt(th, e, &error) == 0;
}

/* Do these attributes of an equation name this theory? */
static int is_about(const theory *th, const char *attributes)
{
    static const char KEY[] = "theory=\"";
    const char *s = strstr(attributes, KEY);
    const size_t length = strlen(th->name);
    s = s ? s + sizeof KEY - 1 : "\"";
    return strncmp(s, th->name, length) == 0 && s[length] == '"';
}

/* Define a symbol, or name a derivative */
static int is_name(const theory *th, const aliases *names, const node *k)
{
    for (int i = 0; k->kind == N_SYMBOL && i < names->count; i++)
        if (th->nodes[names->list[i].symbol].symbol == k->symbol) return 1;
    return 0;
}

/* Of an equation: the member that is a name, and one that is another derivative, or NONE_NODE. */
static void find_equal(theory *th, const aliases *names, const equation *e, int *name, int *slope)
{
    *name = *slope = NONE_NODE;
    for (int i = 0; i < e->members; i++) {
        formula_normal(th, names, e->member[i]);
        const node *k = &th->nodes[e->member[i]], *all = th->nodes;
        if (is_name(th, names, k)) *name = e->member[i];
        if (k->kind == N_DERIVATIVE && !k->immediate && all[k->left].kind == N_SYMBOL
            && all[k->right].kind == N_SYMBOL && th->symbols[all[k->right].symbol].indexed)
            *slope = e->member[i];
    }
}

/* The same as note_alias, for an equation between a name and another derivative; 0 if it is none. */
static int note_equal(theory *th, aliases *names, const char *latex,
                      char alias[RECORDING_ALIAS_MAX])
{
    equation e;
    parse_error error;
    int name, slope;
    char text[3][50];
    if (grammar_parse(th, &e, latex, 0, &error) != PARSE_OK || strstr(latex, "quad")) return 0;
    find_equal(th, names, &e, &name, &slope);
    if (name == NONE_NODE || slope == NONE_NODE) return 0;
    formula_symbol(th, text[0], sizeof text[0], name);
    formula_symbol(th, text[1], sizeof text[1], th->nodes[slope].left);
    formula_symbol(th, text[2], sizeof text[2], th->nodes[slope].right);
    snprintf(alias, RECORDING_ALIAS_MAX, "%s = \\frac{\\partial %s}{\\partial %s}", text[0],
             text[1], text[2]);
    return formula_alias(th, names, alias) == 0 ? 1 : -1;
}

static int note_alias(theory *th, aliases *names, const char *definition,
                      char alias[RECORDING_ALIAS_MAX])
{
    const char *sign = strstr(definition, "\\coloneqq");
    if (sign == NULL) return 0;
    snprintf(alias, RECORDING_ALIAS_MAX, "%.*s = %.120s", (int)(sign - definition), definition,
             sign + 10);
    return formula_alias(th, names, alias) == 0 ? 1 : -1;
}

int recording_define(theory *th, aliases *names, char **f, int count,
                     char alias[RECORDING_ALIAS_MAX])
{
    equation e;
    if (count < 6 || strstr(f[3], "prose") || strstr(f[3], "seed") || strcmp(f[0], "label") == 0
        || !is_about(th, f[4])) return 0;
    const int before = th->node_count;
    if (!is_definition(th, &e, f[5])) {
        th->node_count = before;
        const int found = note_equal(th, names, f[5], alias);
        if (!found) th->node_count = before;
        return found;
    }
    if (th->nodes[e.member[1]].kind == N_DERIVATIVE) return note_alias(th, names, f[5], alias);
    return 0;
}

/* Draw an instance */
static const instance_sizes SIZES[INSTANCES] = {
    //T  m  n  l  B  K  p
    { 6, 5, 4, 3, 2, 7, 9 }, { 5, 3, 7, 6, 4, 8, 10 },
    { 7, 4, 5, 3, 2, 8, 9 }, { 6, 3, 5, 4, 2, 7, 11 },
};

static value value_named(instance *in, const char *latex, int index)
{
    for (int k = 0; k < in->th->symbol_count; k++)
        if (strcmp(in->th->symbols[k].latex, latex) == 0) return evaluate_symbol(in, k, index);
    return (value){ 0 };
}

/* The largest share of a step, the first whose inverse times itself is one; or 0. */
static double largest_share(instance *in)
{
    double largest = 0;
    for (int t = 1; t <= in->sizes.T; t++) {
        const value q = value_named(in, "q_t", t);
        largest = 0;
        for (int j = 0; q.v && j < value_count(&q); j++) largest = fmax(largest, creal(q.v[j]));
        if (q.v == NULL || 1 / largest * largest >= 1) break;
    }
    return largest;
}

static void share_at_border(instance *in, int i)
{
    const value number = value_named(in, "\\lambda", 0), share = value_named(in, "\\pi", 0);
    const double largest = number.v && share.v ? largest_share(in) : 0;
    if (largest <= 0) return;
    number.v[0] = i % 2 ? 2 : 2.5;
    share.v[0] = i % 2 ? 0.97 : largest;
}

static void bound_between(instance *in)
{
    const value bound = value_named(in, "\\kappa", 0);
    const value one = value_named(in, "\\nu_k", 1), other = value_named(in, "\\nu_k", 2);
    if (bound.v && one.v && other.v) bound.v[0] = creal(one.v[0] + other.v[0]) / 2;
}

void recording_at_border(instance *in, int i)
{
    share_at_border(in, i);
    bound_between(in);
}

int recording_begin(instance *in, theory *th, const char *draw, int i, FILE *f)
{
    if (instance_alloc_sizes(in, th, key_seed(draw, i + 1), &SIZES[i], i >= DENSE) != 0) return -1;
    recording_at_border(in, i);
    table_write_sizes(f, in);
    for (int k = 0; k < th->symbol_count; k++) table_symbol(in, k, table_write, f);
    return 0;
}

/* Record the slopes of a tree */
void recording_slopes(instance *in, int tree, FILE *f)
{
    if (tree == NONE_NODE) return;
    const node k = in->th->nodes[tree];
    if (k.kind != N_DERIVATIVE) {
        recording_slopes(in, k.left, f);
        recording_slopes(in, k.right, f);
        return;
    }
    shape found;
    shape_error error;
    if (shapes_expression(in->th, tree, &found, &error) == 0) table_slope(in, tree, table_write, f);
}
