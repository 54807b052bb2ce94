/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
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
    if (!fits) return grammar_same(in->th, e->member[0], row->e.member[0]) && grammar_same(in->th, last, wrong);
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
