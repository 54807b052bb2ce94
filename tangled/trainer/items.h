/* generated from chapters/10-training.nw by noweb; do not edit */
#ifndef ITEMS_H
#define ITEMS_H
/* Texts that are lists: lines or paragraphs, each read from a state of zeros (eq:items-h).
   Functions that can fail return 0, or -1 with errno. */
#include "characters.h"
#include "forward.h"

/* The items of a text */
enum { ITEMS_NONE, ITEMS_LINE, ITEMS_PARAGRAPH };      // items_kinds has their names

typedef struct {
    const text *text;       // borrowed
    size_t count;           // items
    size_t *at, *size;      // (count) the first character of each; how many it has
    uint32_t line_break;    // symbol
    size_t ends;            // line breaks that end an item: 1 or 2
    size_t border;          // a character at which no item goes on
} items;

/* A plan of the pieces */
typedef struct {
    const items *of;        // borrowed
    size_t streams, length; // B, T
    size_t chunks;          // steps of an epoch
    size_t *item;           // (chunks × B) the number of an item and one; 0: nothing to read
    size_t *offset;         // (chunks × B) its first prediction in this step
    size_t *made;           // (chunks + 1) predictions of all steps before
} plan;
extern const char *const items_kinds[];
/* The items of a text with symbols, which is borrowed: lines, or paragraphs. None goes on past the
   border, a character of it; 0: there is none. */
int items_alloc(items *i, int kind, const text *t, uint32_t line_break, size_t border);
void items_free(items *i);
/* How many characters are predicted in an item, with the line breaks at its end. */
size_t items_predictions(const items *i, size_t item);
/* Of count items from the first, one at least; the items are borrowed. EOVERFLOW or ENOMEM. */
int plan_alloc(plan *p, const items *of, size_t first, size_t count, size_t streams, size_t length);
void plan_free(plan *p);
/* The inputs and targets of a step for the streams first … first + k->B - 1, and states of zeros
   for those that begin an item; the states of the others are the caller's. */
void plan_copy(const plan *p, tape *k, size_t chunk, size_t first);
/* What bptt does for a text, from that: adds to grad, and returns the loss of what is predicted. */
real plan_bptt(const plan *p, tape *k, params *grad, const params *theta, size_t chunk, size_t first);
/* The nats of all p->made[p->chunks] predictions. */
int plan_evaluate(double *nats, const plan *p, const params *theta);
#endif
