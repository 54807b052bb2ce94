/* generated from chapters/13-command.nw by noweb; do not edit */
#ifndef FLAGS_H
#define FLAGS_H
/* Long options with a value, described by a table. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "fault.h"

/* One flag */
typedef enum {
    FLAG_HEADING, FLAG_SIZE, FLAG_LONG, FLAG_NUMBER, FLAG_SHARE, FLAG_WORD, FLAG_FILE, FLAG_CHOICE
} flag_kind;

typedef struct {
    const char *name;               // without the dashes; or the text of a heading
    const char *argument;           // its name in the help
    const char *help;
    flag_kind kind;
    void *value;                    // size_t, uint64_t, double, const char * or int
    double least;                   // of a size, number or share
    const char *const *choices;     // of a choice, up to NULL
    const char *given;              // as it was typed, set by flags_read; NULL: it was not
    int twice;                      // it was given again, with another value, which holds
} flag;

/* A table of flags */
enum { FLAGS_MOST = 48, FLAGS_HELP = -2 };

typedef struct {
    size_t count;
    flag list[FLAGS_MOST];
} flag_table;

/* Rows of a table of flags */
#define FLAG(kind, name, argument, value, least, help) \
    {name, argument, help, FLAG_##kind, value, least, NULL, NULL, 0}
#define CHOICE(name, value, choices, help) \
    {name, "WORD", help, FLAG_CHOICE, value, 0, choices, NULL, 0}
#define HEADING(name) {name, "", NULL, FLAG_HEADING, NULL, 0, NULL, NULL, 0}
void flags_fill(flag_table *t, const flag *rows, size_t count);
/* Sets the values of the flags that are given (a choice gets its place in the list).
   Returns the index of the first argument that is no option; FLAGS_HELP if --help was
   among them; or -1 and the fault filled in. count ≤ FLAGS_MOST. Reorders argv. */
int flags_read(flag *list, size_t count, int argc, char **argv, fault *f);
/* One line for each flag, with the present values as defaults. */
void flags_show(FILE *out, const flag *list, size_t count);
/* The present value, if it is one that may be given; else spelt stays as it is. */
void flags_default(char *spelt, size_t room, const flag *l);
#endif
