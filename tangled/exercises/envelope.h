/* generated from chapters/33-keys.nw by noweb; do not edit */
#ifndef ENVELOPE_H
#define ENVELOPE_H
#include "numbers.h"

/* The cipher's key: four weighted sums over the arrays of this seed, rounded to seven
   digits of the sum of all sizes, so that rounding errors of another right answer do not matter. */
typedef struct { uint32_t word[8]; } envelope_key;
void envelope_lock(envelope_key *key, const record *r, int seed);
/* Enciphers or deciphers text in place. */
void envelope_apply(unsigned char *text, size_t length, const envelope_key *key, uint32_t number);
#endif
