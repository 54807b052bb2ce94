/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#ifndef THEORY_H
#define THEORY_H
#include "evaluate.h"

/* The notation of this book. */
extern const notation BOOK_NOTATION;
/* A theory with these symbols and without definitions; NULL if there is no memory, or a row
   cannot be read. Release with theory_free, which accepts NULL, after all its instances. */
theory *theory_alloc(const notation *n);
void theory_free(theory *th);
#endif
