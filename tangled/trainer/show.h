/* generated from chapters/20-tools.nw by noweb; do not edit */
#ifndef SHOW_H
#define SHOW_H
/* What is in a safetensors file, for people or for programs. */
#include <stdio.h>
#include "safetensors.h"

enum { SHOW_TABLE, SHOW_JSON };
extern const char *const show_forms[];
/* Writes strings, shapes, and figures of all numbers. 0; or -1 and the fault filled in, if
   the numbers cannot be read. The caller checks ferror. */
int show_file(FILE *out, safetensors *s, int form, fault *f);
#endif
