/* generated from chapters/25-ledger.nw by noweb; do not edit */
#ifndef BINDING_H
#define BINDING_H
#include "evaluate.h"

typedef struct {
    int bound, compared;    // the left side has storage; values that were compared
    double error;
    char message[300];
} binding_result;

/* Compares the left side's array in C with every member of e, on a one-hot instance,
   for all values of the free indices. The first call runs the C. */
binding_result binding_compare(instance *in, const equation *e);
/* Does the tree contain the symbol? */
int binding_mentions(int tree, int symbol);
#endif
