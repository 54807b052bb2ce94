/* generated from chapters/22-shapes.nw by noweb; do not edit */
#ifndef SHAPES_H
#define SHAPES_H
#include "grammar.h"

/* Declare an axis */
typedef struct {
    char base;      // a rigid letter; 0: a plain number; '?': flexible
    int variable;   // number of the flexible time
    int offset;
} axis_time;

typedef struct {
    // '1' 'm' 'n' 'l' 'B' 'p'; 'T' and 'R': stacked rows and batches; '?': not known yet
    char kind;
    int variable;   // number of the unknown axis
    int timed;
    axis_time time;
} axis;

/* Declare a shape */
typedef struct {
    int rank;       // 2 or 3; 0: none, after an error
    axis a[3];
    int number;     // made of literal numbers only
} shape;

/* Declare the shape checker */
typedef struct {
    int column;
    char message[240];
} shape_error;

/* Makes room for a theory's shapes. 0, or -1 if there is no memory. */
int shapes_alloc(theory *th);
void shapes_free(theory *th);
enum { SHAPES_TAGGED, SHAPES_PLAIN };
/* Checks every member of e, and each against the first. With SHAPES_PLAIN, times are
   ignored, as on a blackboard. Returns 0 and the common shape; or -1 and *error.
   Notes in N_ONES, N_NUMBER and N_ENTRY nodes the kinds of axes that were found for them, and in
   N_FUNCTION nodes those of the argument. */
int shapes_check(theory *th, const equation *e, int mode, shape *found, shape_error *error);
/* The shape of one expression. */
int shapes_expression(theory *th, int tree, shape *found, shape_error *error);
/* Is this node of the equation last checked a scalar? */
int shapes_scalar(theory *th, int tree);
/* The shape found for a node of what was last checked. */
shape shapes_at(theory *th, int tree);
/* Writes s as "n_t × n_{t-1}", or for TeX; text has room for 100 bytes. */
void shapes_print(theory *th, char *text, const shape *s, int tex);
/* Writes the shapes of all factors of the equation last checked, for TeX. */
void shapes_line(theory *th, char *text, size_t size, const equation *e);
/* Checks "SUBJECT \in SHAPE", where the subject is an expression or a product of shapes, or
   that a product of shapes joins. 0; or -1 and *error. */
int shapes_claim(theory *th, const char *latex, shape_error *error);
#endif
