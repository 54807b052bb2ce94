/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#ifndef THEORY_H
#define THEORY_H
#include "evaluate.h"

/* Declare what makes a theory */
/* The notation of this book's plain network. */
extern const notation BOOK_NOTATION;
/* The names of the book's theories, from 0, the plain network, which is ""; NULL past the last. */
const char *theory_name(int number);
/* The book's theory of this name, with its symbols and without definitions; NULL if there is none,
   or there is no memory. */
theory *theory_alloc_book(const char *name);
/* A theory with these symbols and without definitions; NULL if there is no memory, or a row
   cannot be read. Release with theory_free, which accepts NULL. */
theory *theory_alloc(const notation *n);
/* The same for a reader's own, whose sizes, and whose rows, must outlive it. If a row
   cannot be read, *unread is its number, and else -1. */
theory *theory_alloc_own(const notation *n, const own_axis *axes, int axis_count, int *unread);
void theory_free(theory *th);
/* Adds a definition, such as "h_t \coloneqq \tanh(z^h_t)". 0; or -1 and *error. */
int theory_define(theory *th, const char *latex, parse_error *error);
/* The same for a definition that has been parsed. */
int theory_adopt(theory *th, const equation *e, parse_error *error);
/* Adds an equation that is right, for messages such as "this is eq:dh with a sign"; the label
   must outlive the theory. 0, or -1 if there is no memory. */
int theory_claim(theory *th, const char *label, const equation *e);

/* Declare what a theory is asked */
// th->instances: dense ones first
enum { THEORY_DENSE = INSTANCE_COUNT, THEORY_INSTANCES = 2 * INSTANCE_COUNT };
/* Makes the networks to try on, if there are none yet. 0, or -1 if there is no memory. */
int theory_instances(theory *th);
/* Makes a single one, of these sizes and with this seed; before all else that needs any. */
int theory_choose(theory *th, uint64_t seed, int T, int m, int n, int l);
/* The verdict on an equation whose shapes fit, over all instances. */
verdict theory_evaluate(theory *th, const equation *e);
typedef struct {
    verdict_kind kind;
    int column;             // of what is wrong, from 1; 0 if nothing is
    char message[800];      // why; if it is right: the error, the shape, and for which rows
} judgement;
/* Reads one equation and judges it. Its trees are forgotten afterwards. */
void theory_judge(theory *th, const char *latex, judgement *j);
/* The same for one that has been parsed. */
void theory_judge_parsed(theory *th, const equation *e, judgement *j);
/* "ok", "shape", "wrong", "unknown" or "syntax" */
const char *theory_word(verdict_kind kind);
#endif
