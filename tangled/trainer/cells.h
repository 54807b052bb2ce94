/* generated from chapters/19-lstm.nw by noweb; do not edit */
#ifndef CELLS_H
#define CELLS_H
#include "forward.h"

enum { RNN, GRU, LSTM };
extern const cell *const cells[];
extern const char *const cells_names[];         // the last is NULL
#endif
