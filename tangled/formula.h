/* generated from chapters/27-exercises.nw by noweb; do not edit */
#ifndef FORMULA_H
#define FORMULA_H
#include "evaluate.h"
#include "numbers.h"
#include <stdio.h>

/* A table of recorded values */
typedef struct {
    recollection *what;     // (count)
    value *x;               // (count), owned
    size_t count, room;
    /* What a table knows of the question */
    enum { NOT_WATCHING, LISTENING, WATCHING } watch;
    recollection asked;         // what the question itself looks up
    int seen;                   // and what the answer has looked up as well
} table;

/* Declare tables */
/* Prepares an instance to recall from the table in a file. 0, or -1 with a message. */
int table_read(table *t, instance *in, const char *path, char *why);
void table_free(table *t);
/* Writes all symbols of an instance, and then any derivative, with all shifts in range. */
void table_write_symbols(FILE *f, instance *in);
void table_write_slope(FILE *f, instance *in, int derivative);

/* Declare what can be asked of a formula */
typedef struct {
    int tagged, plain;      // the members fit, with times, or at least without
    shape_error error;      // why they do not
} fit;
/* Checks shapes, and prepares the numbers and ones in the last member for evaluation. */
void formula_fit(fit *f, const equation *e);
/* Reads a list of symbols and derivatives into list; their number, or -1. */
enum { FORMULA_USE_MAX = 40 };
int formula_use(int list[FORMULA_USE_MAX], const char *use);
/* The letters that no sum in the tree binds, in order of appearance. */
void formula_letters(char letters[16], int tree);
/* Evaluates a tree for every array name of `cases` with this seed ("t=3"), and adds an
   array to r for each that could be evaluated. why (200 bytes): the first that could not. */
void formula_values(record *r, instance *in, int seed, int tree, const record *cases, char *why);
/* Does the tree look up the value of the question, in any case with this seed? Table mode. */
int formula_restates(instance *in, int seed, int tree, int question, const record *cases);
/* The cases of an equation and the values of its last member, computed. 0 or -1. */
int formula_cases(record *r, instance *in, int seed, const equation *e, char *why);
/* Finds a symbol or derivative that the list (LaTeX, comma-separated) does not allow;
   writes it to what (100 bytes) and returns 1; 0 if all is allowed. */
int formula_forbidden(int tree, const char *use, char *what);
/* A text that is the same for formulas that differ only in the order of terms,
   of entrywise factors, and in brackets. */
void formula_form(char *text, size_t size, int tree);
/* "h_t where h_{t-1} belongs", if one symbol is the only difference; else 0. */
int formula_exchange(char *text, size_t size, int wrong, int right);
#endif
