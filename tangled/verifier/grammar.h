/* generated from chapters/21-grammar.nw by noweb; do not edit */
#ifndef GRAMMAR_H
#define GRAMMAR_H
#include <stddef.h>

/* Declare the axes */
typedef struct { int T, m, n, l, B, K, p; } instance_sizes;     // of a network that is tried
enum {
    AXIS_ANY = 1,       // a size
    AXIS_COUNTS = 2,    // the last value of an index
    AXIS_LENGTH = 4,    // that of a row of ones
    AXIS_TIMED = 8,     // of a row of each step
    AXIS_SHAPE = 16     // may stand in a shape
};
/* Has this letter one of the properties? 0 for letters that are no axes, and for '\0'. */
int axis_is(char letter, int property);
/* The length of an axis; 1 for a letter that is none. */
int axis_size(const instance_sizes *sizes, char letter);
enum { OWN_AXES_MAX = 28, AXIS_NAME_MAX = 12 };
typedef struct {
    char kind;                  // its letter, or a number below 32 if the name has several
    char name[AXIS_NAME_MAX];   // "n", "d_k", "n_1"
    int is;                     // AXIS_ANY and the like
    int size;                   // its length, if that is a number; or 0
} own_axis;
struct theory;
/* Has this letter one of the properties in this theory? */
int grammar_axis(const struct theory *th, char letter, int property);
/* The axis of this name; 0 if there is none. */
char grammar_axis_named(const struct theory *th, const char *name);
/* Its name: at least the letter. */
const char *grammar_axis_name(const struct theory *th, char kind, char letter[2]);

/* Kinds of nodes */
typedef enum {
    N_NUMBER, N_ONES, N_SYMBOL, N_ENTRY, N_ADD, N_SUBTRACT, N_NEGATE, N_PRODUCT,
    N_HADAMARD, N_DIVIDE, N_FRACTION, N_POWER, N_TRANSPOSE, N_FUNCTION, N_MINIMUM,
    N_NORM, N_SUM, N_PROD, N_ROWS, N_DERIVATIVE, N_INDEX
} node_kind;
enum { AS_T = 1, AS_PRIME };    // how a transpose was written, if not as \top
enum { AS_E = 1 };              // an exponential that is written as a power of e
enum { AS_GRADIENT = 1 };       // a derivative that is written with \nabla
enum { AS_TWO = 1 };            // a norm that is written with a 2
enum { AS_MATRIX = 2 };         // a power of a square matrix, in a theory of a reader's own
enum { AS_BRACKETED = 1 };      // an entry that stands in brackets of its own

typedef enum {                  // first those of each entry, then those of a whole row or matrix
    F_TANH, F_EXP, F_LOG, F_SQRT, F_LOGISTIC, F_RELU, F_STEP,
    F_SOFTMAX, F_DIAG, F_MAX, F_TRACE, FUNCTIONS
} function_kind;

/* Declare an index */
typedef struct {
    char base;      // 't', 'u', … a variable; 'T', 'K', 'm', … a constant; 0: none
    char minus;     // a variable that is subtracted, or 0
    int offset;
    char plus;      // in a theory of a reader's own: a constant that is added, or 0
} index_expr;

/* Declare a node */
enum { NONE_NODE = -1 };
typedef struct {
    node_kind kind;
    function_kind function;
    int left, right;        // children, or NONE_NODE
    double number;          // N_NUMBER
    int symbol;             // N_SYMBOL: number in the notation table
    index_expr index;       // its time; the exponent of N_POWER
    index_expr component, second;   // N_ENTRY: where it is; a matrix needs both
    int pair;               // N_ENTRY: both are given; N_PROD: it is written to fall
    char variable;          // N_SUM, N_PROD, N_ROWS; N_ONES: their length, if it is given
    index_expr from, to;    // their bounds
    int open;               // the upper bound is not given
    int whole;              // … nor the lower; N_POWER: with \odot; AS_T and its like
    int immediate;          // N_DERIVATIVE: ∂⁺
    int column;             // where it began, from 1
    int rows, columns;      // N_ONES, N_NUMBER, N_ENTRY: axes found by the shape checker
    int sides;              // N_MINIMUM, F_STEP, F_RELU: those that an evaluation has taken
} node;

/* Declare a symbol */
typedef enum {                          // what the checker does with a symbol
    PART_SIZE, PART_TEXT, PART_PARAMETER, PART_GIVEN, PART_DECAY, PART_BOUND,   // no definition
    PART_REAL, PART_POSITIVE, PART_FRACTION, PART_BINARY, PART_PROBABILITY,     // … of a reader's
    PART_DERIVED, PART_GRADIENT_OF_LOSS, PART_REMAINING_LOSS                    // has one
} symbol_part;
typedef struct {                        // a row as it is written
    const char *latex, *shape, *range, *meaning;
    symbol_part part;
    const char *neighbours;             // LaTeX, with commas between them
} notation_entry;
typedef struct {
    const notation_entry *rows;
    int count;
} notation;

enum { NAME_MAX_LENGTH = 32 };
typedef struct {                        // n_s, n_{s-1}, m_t, 1
    char kind;              // the axis
    int timed;              // it belongs to a time:
    int shared;             // s, which may be any, or else that of the symbol's index,
    int offset;             // and so many steps later
} symbol_side;
typedef struct {                        // a row as it is read
    const char *latex;
    char name[NAME_MAX_LENGTH];
    symbol_side side[2];           // rows and columns
    symbol_part part;
    int indexed;            // has a time or step index
    int first;              // first value of the index
    symbol_part start;      // in a theory of a reader's own: how that value is drawn; or 0
    index_expr last;        // last value
} notation_row;

/* Declare an equation */
enum { MEMBERS_MAX = 16, TOKENS_MAX = 2000, DEPTH_MAX = 100 };
enum { CONDITIONS_MAX = 8 };
typedef struct {
    index_expr left, right;
    char relation;                      // '<', '>', 'l' (≤), 'g' (≥), '=', '!' (≠)
} condition;

typedef struct {
    int member[MEMBERS_MAX], members;
    int definition;                     // \coloneqq
    condition condition[CONDITIONS_MAX];    // side conditions, which hold together
    int conditions;
    char ranged[CONDITIONS_MAX + 1];    // letters for which both ends are given
    char in[2];                         // the size after \in, as kinds of axes; or 0
} equation;
typedef struct claim {
    const char *label;
    equation e;
} claim;

/* Declare a theory */
enum { NODES_MAX = 40000, NEIGHBOURS_MAX = 100 };
typedef struct { int one, other; } neighbours;
struct theory;
/* Says behind a message what an equation that was refused seems to be. */
typedef void name_mistake(struct theory *th, const equation *e, char *message, size_t size);
typedef struct theory {
    const char *name;                   // "" for the plain network, "gru" for that of ch:gru, …
    int number;                         // … and its place among those of the book (sec:theory)
    int own;                            // a reader's own (ch:own), and not the book's
    int upright;                        // … whose vectors are columns
    int turned;                         // … whose Jacobians have a row for each lower entry
    const own_axis *axes;               // … (axis_count) its sizes
    int axis_count;
    notation_row *symbols;              // (symbol_count) the notation table
    int symbol_count;
    neighbours *neighbours;             // (neighbour_count) pairs of symbols
    int neighbour_count;
    node *nodes;                        // (NODES_MAX) all trees
    int node_count;                     // so many are in use
    struct parser *parser;              // the tokens of the equation that is being read
    struct unifier *unifier;            // what is known of its shapes (ch:shapes)
    struct definition *definitions;     // the network (ch:evaluation)
    int definition_count;
    struct instance *instances;         // networks to try on
    int instance_count;
    struct claim *claims;               // (claim_count) equations that are right
    int claim_count;
    struct wrong_formula *wrong;        // mistakes with a name (ch:misconceptions)
    int wrong_count;
    name_mistake *name_mistake;         // how they are recognised; or NULL
} theory;

/* Declare the parser */
typedef enum { PARSE_OK, PARSE_SYNTAX, PARSE_UNKNOWN } parse_status;
typedef struct {
    parse_status status;
    int column;             // from 1, in bytes of the source
    char message[200];
} parse_error;

/* Reads a notation table, and makes room for trees. Returns 0; -1 if there is no memory, or a
   row cannot be read. Trees of earlier equations stay valid; to forget the later ones, put
   node_count back to what it was. Release with grammar_free, in both cases. */
int grammar_alloc(theory *th, const notation *n);
void grammar_free(theory *th);
/* Parses `latex` into *e. `seed` reads \delta^{h_t} as the README does.
   Returns PARSE_OK, or says in *error what is wrong and where. */
parse_status grammar_parse(theory *th, equation *e, const char *latex, int seed,
                           parse_error *error);
/* The same for a single expression; returns its node, or NONE_NODE. */
int grammar_expression(theory *th, const char *latex, parse_error *error);
/* Finds a symbol by its normal name; -1 if there is none. */
int grammar_symbol(theory *th, const char *name);
/* Does the tree contain the symbol? */
int grammar_mentions(const theory *th, int tree, int symbol);
/* Are two trees the same, but for the letters that their sums bind? */
int grammar_same(const theory *th, int one, int other);
/* Adds to `letters` those that nothing in the tree binds, in the order in which they appear, each
   once. There may be some already. */
enum { LETTERS_ALL = 64 };      // room for every letter and the '\0'
void grammar_letters(const theory *th, int tree, char letters[LETTERS_ALL]);
/* Makes a copy of a tree; NONE_NODE if the array is full. */
int grammar_copy(theory *th, int tree);
/* A new node; NONE_NODE if the array is full. */
int grammar_node(theory *th, node_kind kind, int left, int right);
#endif
