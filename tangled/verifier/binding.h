/* generated from chapters/26-ledger.nw by noweb; do not edit */
#ifndef BINDING_H
#define BINDING_H
#include "evaluate.h"

typedef struct binding binding;     // what the C computed on an instance
typedef struct {
    int bound, compared;    // the left side has storage; values that were compared
    double error;
    char message[300];
} binding_result;

/* Runs the C on a one-hot instance of one of the book's theories, which must outlive the binding.
   NULL if there is no memory, or the instance lacks a value. Release with binding_free. */
binding *binding_alloc(instance *in);
void binding_free(binding *b);
/* Does the C store anything of this theory? */
int binding_stores(const binding *b);
/* Compares the left side's array in C with every member of e, for all values of the free
   indices. */
binding_result binding_compare(const binding *b, const equation *e);
#endif
