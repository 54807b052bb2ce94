/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef JSON_H
#define JSON_H
#include <stddef.h>
#include <stdio.h>

/* Writes size bytes at s, which are UTF-8, as a string of JSON. Errors stay with the stream. */
void json_string(FILE *out, const char *s, size_t size);
/* The same without quotation marks: a part of one. */
void json_letters(FILE *out, const char *s, size_t size);
/* Writes the shortest decimal that reads back as x, which must be finite, and returns spelt. */
enum { JSON_NUMBER = 32 };
char *json_number(char *spelt, double x);
#endif
