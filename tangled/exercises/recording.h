/* generated from chapters/36-keymaker.nw by noweb; do not edit */
#ifndef RECORDING_H
#define RECORDING_H
/* The networks on which answers are evaluated, as tables for the grader. */
#include "formula.h"
#include "theory.h"

enum { INSTANCES = 4, DENSE = 2, RECORDING_ALIAS_MAX = 200 };
/* Declare what is recorded */
/* Takes a line of the book's equations, count fields of it, into the theory if it is a definition there:
   0. A definition that only names a derivative becomes an alias, and so does an equation between
   such a name and another derivative, and its text a copy: 1, or -1 if it cannot. */
int recording_define(theory *th, aliases *names, char **field, int count,
                     char alias[RECORDING_ALIAS_MAX]);
/* Draws instance i, and writes its sizes and symbols to f; 0, or -1 if there is no memory. */
int recording_begin(instance *in, theory *th, const char *draw, int i, FILE *f);
/* Puts again at their border what recording_begin has put there; an instance that computes much
   forgets it. */
void recording_at_border(instance *in, int i);
/* Writes the values of each derivative in a tree. */
void recording_slopes(instance *in, int tree, FILE *f);
#endif
