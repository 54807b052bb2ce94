/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
/* LLVMFuzzerTestOneInput: one line of any bytes. */
#include "theory.h"
#include "wrong.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The definitions, in short */
static const char *const model[] = {
    "z^h_t \\coloneqq x_t W_{xh}^\\top + h_{t-1} W_{hh}^\\top + b_h",
    "h_t \\coloneqq \\tanh(z^h_t)", "z^y_t \\coloneqq h_t W_{hy}^\\top + b_y",
    "\\hat{y}_t \\coloneqq \\softmax(z^y_t)", "L_t \\coloneqq -y_t (\\log \\hat{y}_t)^\\top",
    "L \\coloneqq \\sum_{t=1}^{T} L_t", "F_t \\coloneqq \\sum_{u=t+1}^{T} L_u",
    "\\delta^y_t \\coloneqq \\frac{\\partial L}{\\partial z^y_t}",
    "\\delta^h_t \\coloneqq \\frac{\\partial L}{\\partial h_t}",
    "\\delta^z_t \\coloneqq \\frac{\\partial L}{\\partial z^h_t}", "\\delta^z_{T+1} \\coloneqq 0",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Prepare a small network */
static theory *small_network(instance *in)
{
    theory *th = theory_alloc(&BOOK_NOTATION);
    parse_error error;
    for (size_t i = 0; th && i < sizeof model / sizeof *model; i++)
        if (theory_define(th, model[i], &error) != 0) abort();
    if (!th || instance_alloc(in, th, 1, 5, 3, 2, 4, 0) != 0) abort();
    if (wrong_start(th, &BOOK_MISTAKES) != 0) abort();
    return th;
}

/* Give one line to every stage */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char line[8192], text[2000];
    parse_error error;
    equation e;
    instance in;
    if (size >= sizeof line) return 0;
    theory *th = small_network(&in);
    memcpy(line, data, size);
    line[size] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    if (grammar_parse(th, &e, line, size % 2, &error) == PARSE_OK) {
        /* Check the shapes and the values of the line */
        shape found;
        shape_error shapes;
        verdict v;
        if (shapes_check(th, &e, SHAPES_TAGGED, &found, &shapes) == 0) {
            shapes_print(th, text, &found, 1);
            shapes_line(th, text, sizeof text, &e);
            evaluate_equation(&in, &e, &v);
            if (v.kind == V_WRONG) wrong_known(&e, &in);
        }
        shapes_check(th, &e, SHAPES_PLAIN, &found, &shapes);
    }
    instance_free(&in);
    theory_free(th);
    return 0;
}
