/* generated from chapters/02-characters.nw by noweb; do not edit */
#ifndef FAULT_H
#define FAULT_H
/* What went wrong, where, and what to do about it:
   written by libraries, shown by main. */
typedef struct { char text[8192]; } fault;

/* Writes the message, cut to fit, and returns -1:
   `return fault_set(f, …)` is how to refuse. */
#if defined __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
int fault_set(fault *f, const char *format, ...);
/* Writes a file's name to quoted as a shell must be given it, and returns quoted. */
enum { FAULT_QUOTED = 2048 };
char *fault_quote(char *quoted, const char *name);
#endif
