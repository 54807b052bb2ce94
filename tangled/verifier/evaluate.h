/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#ifndef EVALUATE_H
#define EVALUATE_H
#include "shapes.h"
#include <complex.h>
#include <stdint.h>

/* Declare a value */
typedef struct {
    int rank, d[3];             // d[0] × d[1] [× d[2]]
    double complex *v;          // row-major; in the instance's arena
    double complex *scale;      // of the real and the imaginary parts, or NULL
    double *least;              // of each entry, its least term and its faintest; or NULL
} value;
int value_count(const value *x);

/* Declare an instance */
enum { RUNS_MAX = 1 << 13, SYMBOLS_MAX = 96 };
typedef struct {            // what table mode is asked: a symbol, or its derivative by another
    int symbol, index;
    int by, by_index, immediate;    // by is -1 for the symbol itself
} recollection;
typedef struct run run;
enum { BLOCKS_MAX = 16 };
typedef struct {
    char *block[BLOCKS_MAX];    // each twice as large as the one before; NULL until it is needed
    size_t used, limit;         // in bytes, over all blocks
} arena;
typedef struct instance {
    theory *th;
    instance_sizes sizes;
    int own[OWN_AXES_MAX];      // … of a reader's own theory, as th->axes has them
    uint64_t seed;
    int one_hot;
    int only;                   // the text is this symbol all along, counted from 1; or 0: any
    int further;                // its scalars and weights may be of any size
    arena scratch;              // emptied for each equation
    arena kept;                 // what the runs remember
    run *runs[RUNS_MAX];        // hash table of finished runs
    int run_count;
    int cell[SYMBOLS_MAX], cells;   // where a run keeps each symbol
    long work, limit;           // done for this equation, and allowed, in numbers computed
    enum outcome { WELL, FAILED, UNDEFINED, IN_DOUBT } failed;  // what went wrong; see message
    char message[200];
    int column;
    const equation *claim;      // whose members are evaluated, or NULL
    int measuring;              // only the size of a value is wanted
    void (*watch)(void *watcher, int derivative, const int *at, const value *result);
    void *watcher;
    const value *(*recall)(void *memory, const recollection *what);     // table mode: ask for
    void *memory;                   // values instead of computing them
} instance;

/* The sizes of the networks on which claims are decided, dense and one-hot. */
enum { INSTANCE_COUNT = 8 };
extern const instance_sizes INSTANCE_SIZES[INSTANCE_COUNT];
/* Returns 0, or -1 if there is no memory, or more symbols than SYMBOLS_MAX. Free with
   instance_free. */
int instance_alloc_sizes(instance *in, theory *th, uint64_t seed, const instance_sizes *sizes,
                         int one_hot);
/* The same, with B, K and p chosen so that no two sizes are equal. */
int instance_alloc(instance *in, theory *th, uint64_t seed, int T, int m, int n, int l,
                   int one_hot);
void instance_free(instance *in);

/* Declare the evaluation of equations */
typedef enum { V_OK, V_SHAPE, V_WRONG, V_UNKNOWN, V_SYNTAX } verdict_kind;
typedef struct {
    verdict_kind kind;
    double error;               // largest relative error between members
    int unevaluable;            // not ok, because it has no value
    int lost;                   // … that numbers of this size could show
    int few;                    // … for enough values of its free indices
    int one_hot;                // it holds where the rows of the text are one-hot, and only there
    int cases;                  // values of the free indices that were tried
    int member, column;         // of the first member that differs
    int entry;
    double ours, theirs;        // there: the member's entry, and the first member's
    char when[80], message[300];
} verdict;

extern const double TOLERANCE;  // 1e-14
/* What an evaluation notes in the sides of a node: those that it took; whether some term of a product
   of sums was too faint to be seen, and whether once none was; whether a sum was more than one step
   short of a term, and whether it ever had one. */
enum { SIDE_ONE = 1, SIDE_OTHER = 2, SIDE_FAINT = 4, SIDE_SEEN = 8, SIDE_SHORT = 16, SIDE_RAN = 32 };
/* Makes room for a theory's definitions. 0; -1 if there is no memory, or more symbols than
   SYMBOLS_MAX. */
int evaluate_alloc(theory *th);
void evaluate_free(theory *th);
/* Adds a definition to the model; -1 if its left side is not a symbol. */
int evaluate_define(theory *th, const equation *e);
/* Compares the members of e on an instance, for all values of its free indices.
   The shapes must have been checked. */
void evaluate_equation(instance *in, const equation *e, verdict *v);
/* Calls visit for every value of the free indices, with members evaluated. */
typedef void evaluate_visit(void *data, const value *members, const int *where);
void evaluate_cases(instance *in, const equation *e, evaluate_visit *visit, void *data,
                    verdict *v);
/* Does a step depend on this parameter through an earlier step? */
int evaluate_recurrent(theory *th, int parameter);
/* The value of an index whose letters are bound as in at[128]. */
int evaluate_index(const instance *in, const int *at, index_expr x);
/* The value of one tree with its letters bound as in at[128]; NULL-valued if in->failed. */
value evaluate_at(instance *in, int tree, const int *at);
/* The last value of a symbol's index on an instance; its first if it has no index. */
int evaluate_last(const instance *in, const notation_row *s);
/* Is a symbol, at this value of its index, drawn, for want of a definition? */
int evaluate_is_drawn(instance *in, int symbol, int index);
/* Number of entries of a symbol on an instance. */
int evaluate_count(const instance *in, const notation_row *s);
/* Value of a symbol in the undisturbed network; NULL-valued if out of range. */
value evaluate_symbol(instance *in, int symbol, int index);
/* A derivative's upper half with one entry of its lower half moved by a real x; at[128] are
   its letters. */
double evaluate_moved(instance *in, int derivative, const int *at, int entry_below, int entry_above,
                      double x);
/* The largest |a-b| over all entries, each relative to the larger of the two scales; NaN
   if any entry or scale is not finite, or not real. */
double evaluate_error(const value *a, const value *b, int *worst);
#endif
