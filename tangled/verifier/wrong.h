/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
#ifndef WRONG_H
#define WRONG_H
#include "mutants.h"

typedef struct wrong_formula {
    int number;
    const char *label, *latex, *diagnosis;
    equation e;
    int fits;               // its shapes do
} wrong_formula;

/* Declare the wrong formulas */
typedef struct { const wrong_formula *rows; int count; } wrong_formulas;
extern const wrong_formulas BOOK_MISTAKES;      // those of this book
/* Gives a theory a copy of its own of these wrong formulas. Returns 0; the number of the row, from
   1, that cannot be parsed; or -1 if there is no memory. From then on theory_judge names mistakes: as one
   of these, or as a mutant of a claim with the same left side. */
int wrong_start(theory *th, const wrong_formulas *table);
/* Row i of a theory's wrong formulas, from 0; NULL past the last. */
const wrong_formula *wrong_row(const theory *th, int i);
/* Which row is this equation? NULL if none. Its definitions must be known. */
const wrong_formula *wrong_known(const equation *e, instance *in);
#endif
