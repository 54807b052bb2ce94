/* generated from chapters/28-misconceptions.nw by noweb; do not edit */
#include "wrong.h"
#include <string.h>

#define WRONG(number, label, latex, diagnosis) { number, label, latex, diagnosis, { .members = 0 }, 0 },
static wrong_formula rows[] = {
#include "misconceptions.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Parse the wrong formulas */
int wrong_start(void)
{
    parse_error error;
    shape_error shapes;
    shape found;
    for (int i = 0; i < ROWS; i++) {
        if (grammar_parse(&rows[i].e, rows[i].latex, 0, &error) != PARSE_OK) return i + 1;
        rows[i].fits = shapes_check(&rows[i].e, SHAPES_TAGGED, &found, &shapes) == 0;
    }
    return 0;
}

const wrong_formula *wrong_row(int i)
{
    return i < ROWS ? &rows[i] : NULL;
}

/* Compare two trees */
static char renamed[128];

static char new_name(char letter)
{
    return renamed[(int)letter] ? renamed[(int)letter] : letter;
}

static int same_index(index_expr x, index_expr y)
{
    return new_name(x.base) == y.base && new_name(x.minus) == y.minus && x.offset == y.offset;
}

static int same_node(const node *x, const node *y)
{
    if (x->kind != y->kind || !same_index(x->index, y->index)) return 0;
    switch (x->kind) {
    case N_NUMBER: return !(x->number < y->number) && !(x->number > y->number);
    case N_SYMBOL: return x->symbol == y->symbol;
    case N_ENTRY: return x->pair == y->pair && same_index(x->component, y->component) && same_index(x->second, y->second);
    case N_FUNCTION: return x->function == y->function;
    case N_DERIVATIVE: return x->immediate == y->immediate;
    case N_SUM: case N_PROD: case N_ROWS:
        return x->whole == y->whole && same_index(x->from, y->from) && same_index(x->to, y->to);
    default: return 1;
    }
}

int wrong_same(int one, int other)
{
    if (one == NONE_NODE || other == NONE_NODE) return one == other;
    const node *x = &nodes[one], *y = &nodes[other];
    if (!same_node(x, y)) return 0;
    const int binds = x->kind == N_SUM || x->kind == N_PROD || x->kind == N_ROWS;
    const char before = renamed[(int)x->variable];
    if (binds) renamed[(int)x->variable] = y->variable;
    int same = wrong_same(x->left, y->left) && wrong_same(x->right, y->right);
    renamed[(int)x->variable] = before;
    return same;
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
    if (shapes_check(&between, SHAPES_TAGGED, &found, &error) != 0) return 0;
    evaluate_equation(in, &between, &v);
    return v.kind == V_OK;
}

static int is_row(const equation *e, int fits, const wrong_formula *row, instance *in)
{
    const int last = e->member[e->members - 1], wrong = row->e.member[row->e.members - 1];
    if (fits != row->fits || e->members < 2) return 0;
    if (!fits) return wrong_same(e->member[0], row->e.member[0]) && wrong_same(last, wrong);
    return same_value(e, e->member[0], row->e.member[0], in) && same_value(e, last, wrong, in);
}

const wrong_formula *wrong_known(const equation *e, instance *in)
{
    shape_error error;
    shape found;
    const int fits = shapes_check(e, SHAPES_TAGGED, &found, &error) == 0;
    const wrong_formula *known = NULL;
    const long limit = in->limit;
    in->limit /= 50;        // many comparisons; each may take only a little
    for (int i = 0; i < ROWS && !known; i++)
        if (is_row(e, fits, &rows[i], in)) known = &rows[i];
    in->limit = limit;
    return known;
}
