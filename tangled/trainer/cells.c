/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "cells.h"
#include "gru.h"
#include "lstm.h"

const cell *const cells[] = { [RNN] = &plain_cell, [GRU] = &gru_cell, [LSTM] = &lstm_cell };
const char *const cells_names[] = { [RNN] = "rnn", [GRU] = "gru", [LSTM] = "lstm", NULL };
