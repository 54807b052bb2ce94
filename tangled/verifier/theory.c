/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "theory.h"
#include <stdlib.h>

/* The notation of the book */
#define SYMBOL(latex, shape, range, meaning, storage, part, neighbours) \
    { latex, shape, range, meaning, PART_##part, neighbours },
#define GRADIENT(latex, meaning, storage)
static const notation_entry rows[] = {
#include "notation.def"
};
const notation BOOK_NOTATION = { rows, sizeof rows / sizeof *rows };

void theory_free(theory *th)
{
    if (th == NULL) return;
    grammar_free(th);
    shapes_free(th);
    evaluate_free(th);
    free(th->wrong);
    free(th);
}

theory *theory_alloc(const notation *n)
{
    theory *th = calloc(1, sizeof *th);
    if (th == NULL) return NULL;
    if (grammar_alloc(th, n) == 0 && shapes_alloc(th) == 0 && evaluate_alloc(th) == 0) return th;
    theory_free(th);
    return NULL;
}
