/* generated from chapters/26-ledger.nw by noweb; do not edit */
#ifndef WITNESS_H
#define WITNESS_H
#include "evaluate.h"

typedef struct {
    instance *in;
    int derivatives;    // derivatives that were compared
    double worst;       // largest difference, in units of the error that GSL admits
} witness;
/* An instance's watch function: compares one derivative with GSL's. */
void witness_watch(void *watcher, int derivative, const int *at, const value *result);
#endif
