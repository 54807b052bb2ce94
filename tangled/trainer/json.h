/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef JSON_H
#define JSON_H
#include <stddef.h>
#include <stdio.h>

/* Writes size bytes at s, which are UTF-8, as a string of JSON. Errors stay with the stream. */
void json_string(FILE *out, const char *s, size_t size);
#endif
