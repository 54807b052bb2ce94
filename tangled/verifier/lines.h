/* generated from chapters/26-ledger.nw by noweb; do not edit */
#ifndef LINES_H
#define LINES_H
#include <stddef.h>

/* A whole file, with a zero behind it, and its length; NULL and errno if there is none, if it is no
   ordinary file, or if it is over 64 MiB (EFBIG). Release with free. */
char *lines_read(const char *path, size_t *length);
/* The next line of *rest, without its end, or NULL; moves *rest behind it. Changes the text. */
char *lines_next(char **rest);
/* Cuts a line at its tabs, in place, into at most so many fields, the last with all that is left;
   how many. */
int lines_fields(char *line, char **field, int most);
/* Puts a question mark in the place of each byte that belongs to no character of UTF-8. */
void lines_mend(char *s);
#endif
