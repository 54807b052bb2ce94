/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#ifndef OWN_H
#define OWN_H
#include "notes.h"
#include "theory.h"

enum { OWN_WHAT = 80, OWN_LATEX = 900 };
typedef struct {
    size_t at;                  // where in the notes
    const char *label;          // that of the formula, or ""
    judgement j;
    int definition, prose;
    int member, members;        // the first member that breaks, from 1; 0 if none does
    char what[OWN_WHAT];        // what was mistaken in it, if that was found
    char nearest[OWN_LATEX];    // … and what would be true
} own_verdict;
typedef struct own own;

/* Makes a theory of the notes, and judges all that they claim. The notes must outlive it. NULL if
   there is no memory. Release with own_free. */
own *own_alloc(const notes *n);
void own_free(own *o);
/* All that was found, in the order of the notes; *count of them. */
const own_verdict *own_verdicts(const own *o, int *count);
/* How many definitions could not be read: what depends on them was drawn. */
int own_unread(const own *o);
/* What is drawn at random, as a list for a sentence. */
void own_drawn(const own *o, char *text, size_t size);
#endif
