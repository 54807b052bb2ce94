/* generated from chapters/28-misconceptions.nw by noweb; do not edit */
#include "wrong.h"
#include <stdlib.h>
#include <string.h>

#define WRONG(number, label, latex, diagnosis) { number, label, latex, diagnosis, { .members = 0 }, 0 },
static const wrong_formula rows[] = {
#include "misconceptions.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Parse the wrong formulas */
int wrong_start(theory *th)
{
    parse_error error;
    shape_error shapes;
    shape found;
    th->wrong = malloc(sizeof rows);
    if (th->wrong == NULL) return -1;
    memcpy(th->wrong, rows, sizeof rows);
    th->wrong_count = ROWS;
    for (int i = 0; i < ROWS; i++) {
        wrong_formula *w = &th->wrong[i];
        if (grammar_parse(th, &w->e, w->latex, 0, &error) != PARSE_OK) return i + 1;
        w->fits = shapes_check(th, &w->e, SHAPES_TAGGED, &found, &shapes) == 0;
    }
    return 0;
}

const wrong_formula *wrong_row(const theory *th, int i)
{
    return i < th->wrong_count ? &th->wrong[i] : NULL;
}

/* Compare two trees */
static char new_name(const char *renamed, char letter)
{
    return renamed[(int)letter] ? renamed[(int)letter] : letter;
}

static int same_index(const char *renamed, index_expr x, index_expr y)
{
    return new_name(renamed, x.base) == y.base && new_name(renamed, x.minus) == y.minus && x.offset == y.offset;
}

static int same_node(const char *renamed, const node *x, const node *y)
{
    if (x->kind != y->kind || !same_index(renamed, x->index, y->index)) return 0;
    switch (x->kind) {
    case N_NUMBER: return !(x->number < y->number) && !(x->number > y->number);
    case N_SYMBOL: return x->symbol == y->symbol;
    case N_ENTRY: return x->pair == y->pair && same_index(renamed, x->component, y->component)
                         && same_index(renamed, x->second, y->second);
    case N_FUNCTION: return x->function == y->function;
    case N_DERIVATIVE: return x->immediate == y->immediate;
    case N_SUM: case N_PROD: case N_ROWS:
        return x->whole == y->whole && same_index(renamed, x->from, y->from) && same_index(renamed, x->to, y->to);
    default: return 1;
    }
}

static int same_tree(const theory *th, char *renamed, int one, int other)
{
    if (one == NONE_NODE || other == NONE_NODE) return one == other;
    const node *x = &th->nodes[one], *y = &th->nodes[other];
    if (!same_node(renamed, x, y)) return 0;
    const int binds = x->kind == N_SUM || x->kind == N_PROD || x->kind == N_ROWS;
    const char before = renamed[(int)x->variable];
    if (binds) renamed[(int)x->variable] = y->variable;
    int same = same_tree(th, renamed, x->left, y->left) && same_tree(th, renamed, x->right, y->right);
    renamed[(int)x->variable] = before;
    return same;
}

int wrong_same(const theory *th, int one, int other)
{
    char renamed[128] = { 0 };
    return same_tree(th, renamed, one, other);
}

/* Find the wrong formula that an equation is */
static int same_value(const equation *e, int one, int other, instance *in)
{
    equation between = *e;
    shape_error error;
    shape found;
    verdict v;
    if (one == other) return 1;
    between.members = 2;
    between.member[0] = one;
    between.member[1] = other;
    between.in[0] = '\0';
    if (shapes_check(in->th, &between, SHAPES_TAGGED, &found, &error) != 0) return 0;
    evaluate_equation(in, &between, &v);
    return v.kind == V_OK;
}

static int is_row(const equation *e, int fits, const wrong_formula *row, instance *in)
{
    const int last = e->member[e->members - 1], wrong = row->e.member[row->e.members - 1];
    if (fits != row->fits || e->members < 2) return 0;
    if (!fits) return wrong_same(in->th, e->member[0], row->e.member[0]) && wrong_same(in->th, last, wrong);
    return same_value(e, e->member[0], row->e.member[0], in) && same_value(e, last, wrong, in);
}

const wrong_formula *wrong_known(const equation *e, instance *in)
{
    shape_error error;
    shape found;
    const int fits = shapes_check(in->th, e, SHAPES_TAGGED, &found, &error) == 0;
    const wrong_formula *known = NULL;
    const long limit = in->limit;
    in->limit /= 50;        // many comparisons; each may take only a little
    for (int i = 0; i < in->th->wrong_count && !known; i++)
        if (is_row(e, fits, &in->th->wrong[i], in)) known = &in->th->wrong[i];
    in->limit = limit;
    return known;
}
