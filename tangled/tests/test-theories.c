/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "test.h"
#include "theory.h"
#include "wrong.h"
#include <string.h>

/* The toy and the network */
static theory *make_toy(void)
{
    static const notation_entry row =
        { "h_t", "1 x p", "0..T", "a row that doubles", PART_DERIVED, "" };
    theory *th = theory_alloc(&(const notation){ &row, 1 });
    parse_error error;
    if (th && theory_define(th, "h_t \\coloneqq 2 h_{t-1}", &error) == 0) return th;
    theory_free(th);
    return NULL;
}

static theory *make_network(void)
{
    theory *th = theory_alloc(&BOOK_NOTATION);
    parse_error error;
    equation state;
    if (th && theory_define(th, "z^h_t \\coloneqq x_t W_{xh}^\\top + h_{t-1} W_{hh}^\\top + b_h",
                            &error) == 0
        && theory_define(th, "h_t \\coloneqq \\tanh(z^h_t)", &error) == 0
        && grammar_parse(th, &state, "h_t = \\tanh(z^h_t)", 0, &error) == PARSE_OK
        && theory_claim(th, "eq:h", &state) == 0 && wrong_start(th, &BOOK_MISTAKES) == 0) return th;
    theory_free(th);
    return NULL;
}

/* Questions to both */
static const struct {
    const char *latex;
    struct { verdict_kind kind; const char *because; } network, toy;
} QUESTIONS[] = {
    { "h_t = \\tanh(z^h_t)", { V_OK, "1 × n_t" },
      { V_UNKNOWN, "z^h_t is not in the notation table" } },
    { "h_t = 2 h_{t-1}", { V_SHAPE, "n_{t-1}" }, { V_OK, "1 × p" } },
    { "h_t = 3 h_{t-1}", { V_SHAPE, "n_{t-1}" }, { V_WRONG, "ratio 1.5" } },
    { "h_t = z^h_t", { V_WRONG, "this is eq:h with a function lost" }, { V_UNKNOWN, "z^h_t" } },
    { "h_t = \\exp(h_t)", { V_WRONG, "1 × n_t" }, { V_WRONG, "1 × p" } },
    { "\\frac{\\partial h_t}{\\partial h_{t-1}} = 2 I", { V_SHAPE, "n_{t-1}" }, { V_OK, "p × p" } },
    { "h_t + h_t = 2 h_t", { V_OK, "1 × n_t" }, { V_OK, "1 × p" } },
    { "h_t = ", { V_SYNTAX, "end" }, { V_SYNTAX, "end" } },
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof *QUESTIONS };

/* Ask both in turn */
static int answers(theory *th, int i, int is_toy)
{
    const verdict_kind kind = is_toy ? QUESTIONS[i].toy.kind : QUESTIONS[i].network.kind;
    const char *because = is_toy ? QUESTIONS[i].toy.because : QUESTIONS[i].network.because;
    judgement j;
    theory_judge(th, QUESTIONS[i].latex, &j);
    return j.kind == kind && strstr(j.message, because) != NULL;
}

static void ask_in_turn(theory *network, theory *toy)
{
    judgement before, between, after;
    int same = 0;
    for (int i = 0; i < QUESTION_COUNT; i++) {
        ok(answers(network, i, 0) && answers(toy, i, 1), "%s", QUESTIONS[i].latex);
        theory_judge(network, QUESTIONS[i].latex, &before);
        theory_judge(toy, QUESTIONS[i].latex, &between);
        theory_judge(network, QUESTIONS[i].latex, &after);
        same += strcmp(before.message, after.message) == 0 && before.column == after.column;
    }
    ok(same == QUESTION_COUNT, "an answer does not depend on what the other was asked");
}

/* Keep two shapes at a time */
static int find_shape(theory *th, const char *latex, shape *found)
{
    shape_error error;
    parse_error unread;
    const int tree = grammar_expression(th, latex, &unread);
    return tree != NONE_NODE && shapes_expression(th, tree, found, &error) == 0;
}

static void keep_two_shapes(theory *network, theory *toy)
{
    char text[100], other[100];
    shape one, two;
    const char *latex = "\\mathbf{1} + h_t";
    if (!ok(find_shape(network, latex, &one) && find_shape(toy, latex, &two), "a shape of each"))
        return;
    shapes_print(network, text, &one, 0);
    shapes_print(toy, other, &two, 0);
    ok(strcmp(text, "1 × n_t") == 0 && strcmp(other, "1 × p") == 0, "%s and %s", text, other);
}

static void make_and_forget(void)
{
    theory *network = make_network(), *toy = make_toy();
    if (network) answers(network, 1, 0);
    if (toy) answers(toy, 1, 1);
    theory_free(network);
    theory_free(toy);
}

/* Make the theories of the book */
/* Has the theory of this name the number, and h_t the shape, and is W_hz one of its symbols? */
static int is_made(const char *name, int number, const char *shape_of_state, int has_gate)
{
    theory *th = theory_alloc_book(name);
    shape found;
    char text[100] = "";
    if (th && find_shape(th, "h_t", &found)) shapes_print(th, text, &found, 0);
    const int made = th && strcmp(th->name, name) == 0 && th->number == number
        && strcmp(text, shape_of_state) == 0 && (grammar_symbol(th, "W_hz") >= 0) == has_gate;
    theory_free(th);
    return made;
}

static void make_book(void)
{
    ok(is_made("", 0, "1 × n_t", 0), "the plain network");
    ok(is_made("gru", 1, "1 × n", 1), "a network whose states are carried over");
    ok(is_made("lstm", 2, "1 × n_t", 0), "a network with a memory");
    ok(theory_alloc_book("gr") == NULL && theory_name(3) == NULL, "and no others");
}

int main(void)
{
    theory *network = make_network(), *toy = make_toy();
    if (!ok(network && toy, "two theories in one process")) return test_done();
    make_book();
    ask_in_turn(network, toy);
    keep_two_shapes(network, toy);
    /* Release one of them while the other goes on */
    int right = 0;
    theory_free(toy);
    for (int i = 0; i < QUESTION_COUNT; i++) right += answers(network, i, 0);
    ok(right == QUESTION_COUNT, "the network does not miss the toy");
    toy = make_toy();
    theory_free(network);
    for (int i = 0; i < QUESTION_COUNT; i++) right -= toy && answers(toy, i, 1);
    ok(right == 0, "nor a toy the network");
    theory_free(toy);
    ok(test_gives_back(make_and_forget), "theories give back all that they took");
    return test_done();
}
