/* generated from chapters/20-tools.nw by noweb; do not edit */
#ifndef MANUAL_H
#define MANUAL_H
/* What the program can do: as a page for man, and as completions for shells. */
#include <stdio.h>
#include "flags.h"

/* What the manual tells of a command */
typedef struct {
    const char *name, *line, *purpose, *example;
    const flag_table *options;
} manual_entry;
enum { MANUAL_PAGE, MANUAL_BASH, MANUAL_ZSH };
extern const char *const manual_forms[];
/* Writes one of the forms; the caller checks ferror. The flags' values are the defaults that
   the page shows. */
void manual_write(FILE *out, int form, const manual_entry *commands, size_t count,
                  const char *version);
#endif
