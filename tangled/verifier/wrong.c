/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
#include "wrong.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRONG(number, label, latex, diagnosis) \
    { number, label, latex, diagnosis, { .members = 0 }, 0 },
#define THEORY(name) { 0, NULL, name, NULL, { .members = 0 }, 0 },
static const wrong_formula rows[] = {
#include "misconceptions.def"
};
const wrong_formulas BOOK_MISTAKES = { rows, sizeof rows / sizeof *rows };

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
    if (!fits) return grammar_same(in->th, e->member[0], row->e.member[0])
        && grammar_same(in->th, last, wrong);
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

/* Find the mutant that an equation is */
typedef struct {
    const theory *th;
    const equation *asked;
    const char *what;           // what was done to the claim; NULL: not found
} search;

static void compare_mutant(void *data, const char *what, const equation *mutant)
{
    search *s = data;
    const equation *e = s->asked;
    if (s->what || !grammar_same(s->th, mutant->member[0], e->member[0])) return;
    for (int i = 1; i < mutant->members; i++)
        if (grammar_same(s->th, mutant->member[i], e->member[e->members - 1])) s->what = what;
}

static const char *mutant_of(theory *th, const equation *right, const equation *e)
{
    search s = { th, e, NULL };
    shape_error error;
    shape found;
    if (!grammar_same(th, right->member[0], e->member[0])) return NULL;
    if (shapes_check(th, right, SHAPES_TAGGED, &found, &error) == 0)
        mutants_of(th, right, compare_mutant, &s);
    return s.what;
}

static void append_name(theory *th, const equation *e, char *message, size_t size)
{
    const size_t used = strlen(message);
    const wrong_formula *w = wrong_known(e, &th->instances[0]);
    const char *what = NULL;
    if (w) snprintf(message + used, size - used, "; mistake %d, %s: %s", w->number, w->label,
                    w->diagnosis);
    for (int i = 0; i < th->claim_count && !w && !what; i++)
        if ((what = mutant_of(th, &th->claims[i].e, e)) != NULL)
            snprintf(message + used, size - used, "; this is %s with %s", th->claims[i].label,
                     what);
}

/* Parse the wrong formulas */
int wrong_start(theory *th, const wrong_formulas *table)
{
    parse_error error;
    shape_error shapes;
    shape found;
    th->wrong = calloc((size_t)table->count + 1, sizeof *th->wrong);
    if (th->wrong == NULL) return -1;
    th->name_mistake = append_name;
    const char *of = "";                // the theory of the rows that come
    for (int i = 0; i < table->count; i++) {
        if (table->rows[i].label == NULL) of = table->rows[i].latex;
        if (table->rows[i].label == NULL || strcmp(of, th->name) != 0) continue;
        wrong_formula *w = &th->wrong[th->wrong_count++];
        *w = table->rows[i];
        if (grammar_parse(th, &w->e, w->latex, 0, &error) != PARSE_OK) return i + 1;
        w->fits = shapes_check(th, &w->e, SHAPES_TAGGED, &found, &shapes) == 0;
    }
    return 0;
}

const wrong_formula *wrong_row(const theory *th, int i)
{
    return i < th->wrong_count ? &th->wrong[i] : NULL;
}
