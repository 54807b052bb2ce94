/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#ifndef NOTES_H
#define NOTES_H
#include <stddef.h>

enum { NOTE_LABEL = 40 };
typedef struct {
    char *latex;            // as long as in the file; what only aligns is blank
    size_t at;              // its first byte
    int prose;              // {.prose}, or "eqcheck: off": it is not to be executed
    char label[NOTE_LABEL]; // of {#eq:label} or \label{label}; or ""
    size_t from, to, end;   // the display that it is in, and where what stands behind it ends
} note_formula;

typedef struct {
    char *symbol, *shape, *range, *meaning;     // cells without dollars and outer spaces
    size_t at, shape_at, range_at;
} note_row;

typedef struct {
    size_t at;
    const char *message;
} note_fault;               // what cannot be read, before anything is understood

enum { NOTE_ROWS = 90, NOTE_FORMULAS = 2000, NOTE_FAULTS = 50 };
typedef struct {
    char *text;             // the file; a question mark for each byte that is no UTF-8
    size_t length;
    note_row rows[NOTE_ROWS];
    int row_count;
    note_formula *formulas;     // (formula_count)
    int formula_count;
    note_fault faults[NOTE_FAULTS];
    int fault_count;
    int turned;             // "jacobian: denominator" is in its head
} notes;
/* Reads the text of length bytes, which is taken over. 0; or -1 if there is no memory. Release with
   notes_free, in both cases. */
int notes_read(notes *n, char *text, size_t length);
void notes_free(notes *n);
/* The line and the column, in characters, of a byte; both from 1. */
void notes_place(const notes *n, size_t at, int *line, int *column);
#endif
