/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#ifndef LATEX_H
#define LATEX_H
#include "grammar.h"

/* Writes a tree as LaTeX that parses to the same tree; cut short if `size` does not hold it. */
void latex_write(const theory *th, int tree, char *text, size_t size);
#endif
