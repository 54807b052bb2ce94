/* generated from chapters/20-tools.nw by noweb; do not edit */
#ifndef IMPORT_H
#define IMPORT_H
/* Networks of one layer that PyTorch has saved, in files of ours. */
#include "fault.h"

/* Reads path, and saves to save what checkpoint_network can load. vocab: a file with the characters
   in the order of the columns, or NULL for the metadata; decoder: the name of the last layer, or
   NULL for the only one that fits. 0; or -1 and the fault filled in, with nothing saved. */
int import_network(const char *path, const char *vocab, const char *decoder, const char *save,
                   fault *f);
#endif
