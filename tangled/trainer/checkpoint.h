/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H
/* Everything about a run, in a file. */
#include "characters.h"
#include "training.h"

/* Everything about a run */
typedef struct {
    settings set;
    learner l;
    vocabulary v;
    size_t characters;          // of the text
    uint64_t fingerprint;       // of the text
    int items;                  // what kind of list it is: ITEMS_NONE, ITEMS_LINE, ITEMS_PARAGRAPH
    size_t held;                // characters at its end that are held out
    uint64_t apart;             // 1: they are a text of their own
    uint64_t patience;          // readings without a better network before it stops; 0: any
    uint64_t best_step;         // of the best network so far on held-out text; 0: none measured
    double best_bits;           // what a character of it costs there
    int resumable;              // 0: without a trainer's state, from elsewhere
} checkpoint;
/* 0, or -1 and the fault filled in; after a failed load *c holds nothing. A trial saves
   nothing, and finds out whether it could. */
int checkpoint_save(const checkpoint *c, const char *path, fault *f);
int checkpoint_try(const checkpoint *c, const char *path, fault *f);
int checkpoint_load(checkpoint *c, const char *path, fault *f);
/* Only the network, whatever else the file holds or lacks; never resumable. */
int checkpoint_network(checkpoint *c, const char *path, fault *f);
void checkpoint_free(checkpoint *c);
uint64_t checkpoint_fingerprint(const text *t);
#endif
