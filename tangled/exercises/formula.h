/* generated from chapters/34-answers.nw by noweb; do not edit */
#ifndef FORMULA_H
#define FORMULA_H
#include "evaluate.h"
#include "key.h"
#include "numbers.h"
#include <stdio.h>

/* A circle */
enum { CIRCLES_MAX = 8 };
typedef struct { int symbol, index, direction; } circle;

/* A table of recorded values */
typedef struct {
    recollection *what;     // (count)
    value *x;               // (count), owned
    size_t count, room;
    /* What a table knows of the question */
    enum { NOT_WATCHING, LISTENING, WATCHING } watch;
    recollection asked;         // what the question itself looks up
    circle circles[CIRCLES_MAX];    // what is made of it, in this case
    int circle_count;
    int seen, seen_circle;      // the answer has looked up the one, or a symbol of the others; -1
} table;

/* Declare tables */
/* Prepares an instance to recall from the table in a file. 0, or -1 with a message. */
int table_read(table *t, instance *in, const char *path, char *why);
/* The same, with what a key gives for the network of its envelope; 0, or -1 without memory. */
int table_given(table *t, instance *in, const key *k);
/* Adds one value, which the table owns from then on; 0 or -1. */
int table_add(table *t, const recollection *w, const value *x);
void table_free(table *t);
/* Calls visit for every value of a symbol on an instance, and for what stands after its
   end; or for every value of a derivative, with all shifts in range. */
typedef void table_visit(void *data, const recollection *w, const value *x);
void table_symbol(instance *in, int symbol, table_visit *visit, void *data);
void table_slope(instance *in, int derivative, table_visit *visit, void *data);
/* A visit that writes a line to the file that data is; and the first line, with the sizes. */
void table_write(void *data, const recollection *w, const value *x);
void table_write_sizes(FILE *f, const instance *in);
/* The sizes of an instance as text, as they stand in a key. */
void table_sizes(char *text, size_t size, const instance *in);

/* Declare what can be asked of a formula */
typedef struct {
    int tagged, plain;      // the members fit, with times, or at least without
    shape_error error;      // why they do not
} fit;
/* Checks shapes, and prepares the numbers and ones in the last member for evaluation. */
void formula_fit(theory *th, fit *f, const equation *e);
/* Derivatives that a symbol is defined as. */
enum { FORMULA_ALIASES_MAX = 16 };
typedef struct {
    struct { int symbol, derivative; } list[FORMULA_ALIASES_MAX];   // nodes
    int count;
} aliases;
/* Reads one, "\delta^z_t = \frac{\partial L}{\partial z^h_t}"; 0 or -1. */
int formula_alias(theory *th, aliases *a, const char *equation);
/* Changes a tree that was just parsed: an alias becomes its symbol, a number beside a row
   one that is filled with it, a power of a diagonal matrix the matrix of the powers. */
void formula_normal(theory *th, const aliases *a, int tree);
/* Evaluates a tree for every array name of `cases` with this seed ("t=3"), and adds an array
   to r for each that could be evaluated. why (200 bytes): the first that could not. */
void formula_values(record *r, instance *in, int seed, int tree, const record *cases, char *why);
/* The cases of an equation and the values of its last member, computed. 0 or -1. */
int formula_cases(record *r, instance *in, int seed, const equation *e, char *why);
/* Does the tree look up the value of the question, in any case with this seed? 1. Or that of
   a symbol that is made of it, by the list, "\delta^z_t -, F_{t-2} -"? 2, and the symbol.
   Else 0. Table mode. */
int formula_restates(instance *in, int seed, int tree, int question, const record *cases,
                     const char *circles, int *symbol);
/* Reads a list of symbols and derivatives (LaTeX, comma-separated) into list; their number,
   or -1. */
enum { FORMULA_USE_MAX = 40 };
int formula_use(theory *th, int list[FORMULA_USE_MAX], const char *use, const aliases *a);
/* Finds a symbol or derivative that the list does not allow, or a function that the exercise
   does without ("\softmax, \log row, \log s_t, entry"); writes it to what (100 bytes) and
   returns 1; 0 if all is allowed. */
int formula_forbidden(theory *th, int tree, const char *use, const char *without,
                      const aliases *a, char *what);
/* A text that is the same for formulas that differ only in the order of terms, of entrywise
   factors, and in brackets; or NULL if there is no memory. Release with free. */
char *formula_form(theory *th, int tree);
/* Are the forms of two trees the same? */
int formula_same_form(theory *th, int one, int other);
/* A symbol with the index that it has in a tree, "h_{t-1}". */
void formula_symbol(const theory *th, char *text, size_t size, int tree);
/* "h_t where h_{t-1} belongs", if one symbol is the only difference; else 0. */
int formula_exchange(theory *th, char *text, size_t size, int wrong, int right);
#endif
