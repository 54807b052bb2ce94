/* generated from chapters/24-mutants.nw by noweb; do not edit */
#ifndef MUTANTS_H
#define MUTANTS_H
#include "evaluate.h"

/* Declare what mutants are */
/* Calls visit(data, what, mutant) for every mutant of e, whose shapes must have been
   checked; what says in a few words what was done ("a sign", "a time is one later"). The
   mutant is valid during the call only. */
typedef void mutant_visit(void *data, const char *what, const equation *mutant);
/* Returns 0, or -1 if there is no room for the copies; some were not visited then. */
int mutants_of(theory *th, const equation *e, mutant_visit *visit, void *data);
/* The same for what may be meant by one member that is wrong, whether its shapes fit or not: the
   mutants, and what people leave out besides (sec:repairs). Of `likely` ones only those that are so
   common that two of them may have met. */
int mutants_repairs(theory *th, const equation *e, int member, int likely, mutant_visit *visit,
                    void *data);

typedef struct {
    int plain, tagged, value;       // caught by this check, whatever the others say
    int unevaluable;                // no value came out, so none was wrong: an index out of range
    verdict_kind first;             // V_SHAPE, V_WRONG or V_UNKNOWN; V_OK: survived
    int first_plain;                // V_SHAPE already without times
} caught;
/* Tries all checks on an equation that should be wrong, on `count` instances. */
caught mutants_try(const equation *e, instance *in, int count);
#endif
