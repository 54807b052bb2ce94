/* generated from chapters/26-ledger.nw by noweb; do not edit */
#ifndef MENTIONS_H
#define MENTIONS_H
#include "grammar.h"

typedef enum { MENTION_UNKNOWN, MENTION_NAMED, MENTION_PARSED } mention;
/* Reads a formula without a relation: as an expression whose shapes fit, or else symbol by
   symbol. Says in the message what is not known. */
mention mentions_check(theory *th, const char *latex, char *message, size_t size);
#endif
