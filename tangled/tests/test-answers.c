/* generated from chapters/34-answers.nw by noweb; do not edit */
#include "formula.h"
#include "shape-text.h"
#include "test.h"
#include "theory.h"
#include <string.h>

/* Test the forms of formulas */
static int same(theory *th, const char *one, const char *other)
{
    parse_error error;
    const int a = grammar_expression(th, one, &error), b = grammar_expression(th, other, &error);
    return a != NONE_NODE && b != NONE_NODE && formula_same_form(th, a, b);
}

static void test_forms(theory *th)
{
    ok(same(th, "h_t + b_h", "b_h + h_t"), "terms may change places");
    ok(same(th, "h_t + (b_h + h_{t-1})", "(h_t + b_h) + h_{t-1}"), "and brackets go");
    ok(same(th, "h_t \\odot b_h", "b_h \\odot h_t"), "so may factors of an entrywise product");
    ok(!same(th, "h_t W_{hh}", "W_{hh} h_t"), "those of a product may not");
    ok(!same(th, "h_t - b_h", "b_h - h_t"), "nor what is subtracted");
    ok(!same(th, "h_t", "h_{t-1}") && !same(th, "h_t", "z^h_t"), "another time is another form");
}

static void long_sum(char *text, const char *first, const char *last)
{
    strcpy(text, first);
    for (int i = 0; i < 150; i++) strcat(text, " + h_{t-1}");
    strcat(text, " + ");
    strcat(text, last);
}

static void test_long_forms(theory *th)
{
    char one[2000], other[2000];
    long_sum(one, "h_t", "b_h");
    long_sum(other, "h_t", "z^h_t");
    ok(!same(th, one, other), "a long sum that differs at its end is another");
    long_sum(other, "b_h", "h_t");
    ok(same(th, one, other), "one that was turned round is the same");
}

/* Test what is understood as a shape */
static void test_shapes(void)
{
    static const char *const WAYS[] = { "n_t x n_{t-1}", "n_t × n_{t-1}", "(n_t, n_{t-1})",
        "n_t by n_{t - 1}", "$n_t \\times n_{t-1}$", "\\mathbb{R}^{n_t \\times n_{t-1}}",
        "n_t x n_{t-1},", "n_t x n_{t-1}.", "n_t x n_{t-1}   % as in the chapter",
        "{n_t} x {n_{t-1}}" };
    shape_text s;
    if (shape_text_read(&s, WAYS[0]) != 0) exit(1);
    const uint64_t right = shape_text_hash(&s, 0, 39);
    for (size_t i = 1; i < sizeof WAYS / sizeof *WAYS; i++)
        ok(shape_text_read(&s, WAYS[i]) == 0 && shape_text_match(&s, right, 39) == 0,
           "%s", WAYS[i]);
    ok(shape_text_match(&s, right, 40) < 0, "another exercise has another hash");
    ok(shape_text_read(&s, "n_t n_{t-1}") != 0, "without a sign it is no shape");
    ok(shape_text_read(&s, "n_t x n_t") == 0 && shape_text_match(&s, right, 39) < 0,
       "another shape");
}

static void test_free_times(void)
{
    shape_text s;
    if (shape_text_read(&s, "n_s x m_{s-1}") != 0) exit(1);
    const uint64_t right = shape_text_hash(&s, 3, 39);
    ok(shape_text_read(&s, "n_{k+1} x m_k") == 0 && shape_text_match(&s, right, 39) == 3,
       "any letter");
    ok(shape_text_read(&s, "n_k x m_k") == 0 && shape_text_match(&s, right, 39) < 0,
       "not any distance");
}

int main(void)
{
    theory *th = theory_alloc(&BOOK_NOTATION);
    if (th == NULL) return 1;
    test_forms(th);
    test_long_forms(th);
    test_shapes();
    test_free_times();
    theory_free(th);
    return test_done();
}
