/* generated from chapters/095-example.nw by noweb; do not edit */
#ifndef TABLES_H
#define TABLES_H
/* Tables that a program writes for the book. Who cannot write one exits. */
#include <stdio.h>
#include <stdlib.h>

/* Open and close a table */
static inline FILE *table_open(const char *prefix, const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s-%s", prefix, name);
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    return out;
}

static inline void table_close(FILE *out)
{
    if (ferror(out) | fclose(out)) {
        fputs("a table could not be written: is the disk full?\n", stderr);
        exit(1);
    }
}
#endif
