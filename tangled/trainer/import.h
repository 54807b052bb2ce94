/* generated from chapters/20-tools.nw by noweb; do not edit */
#ifndef IMPORT_H
#define IMPORT_H
/* Networks of one layer that PyTorch has saved, in files of ours, and back. */
#include "fault.h"

/* How a file of weights may look */
typedef struct {
    const char *vocab;          // a file with the characters in the order of the columns; NULL: as the
                                // metadata say, or sorted
    const char *layer, *decoder;    // names of the hidden layer and the last one; NULL: what fits
    const char *type;           // of the numbers: "F16" …; NULL: as in memory
} habits;
/* Those of the files that this program writes. */
extern const habits our_habits;
/* Reads path, and saves to save what checkpoint_network can load. Of its habits, vocab and decoder
   are asked for. 0; or -1 and the fault filled in, with nothing saved. */
int import_network(const char *path, const habits *its, const char *save, fault *f);
/* Reads path, which checkpoint_network can load, and saves it as is wanted: all but vocab and type
   have to be there. 0; or -1 and the fault filled in, with nothing saved. */
int export_network(const char *path, const habits *wanted, const char *save, fault *f);
#endif
