/* generated from chapters/28-misconceptions.nw by noweb; do not edit */
#ifndef WRONG_H
#define WRONG_H
#include "mutants.h"

typedef struct {
    int number;
    const char *label, *latex, *diagnosis;
    equation e;
    int fits;               // its shapes do
} wrong_formula;

/* Declare the wrong formulas */
/* Parses the table; after grammar_start. Returns 0, or the number of the row, from
   1, that cannot be parsed. */
int wrong_start(void);
/* Row i of the table, from 0; NULL past the last. */
const wrong_formula *wrong_row(int i);
/* Which row is this equation? NULL if none. Its definitions must be known. */
const wrong_formula *wrong_known(const equation *e, instance *in);
/* Are two trees the same, but for the letters that their sums bind? */
int wrong_same(int one, int other);
#endif
