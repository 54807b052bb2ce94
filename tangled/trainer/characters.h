/* generated from chapters/02-characters.nw by noweb; do not edit */
#ifndef CHARACTERS_H
#define CHARACTERS_H
/* From bytes to code points to symbols. UTF-8 is decoded strictly; a symbol is a
   place in the sorted vocabulary, and stands for the one-hot row x_t (eq:onehot).
   Functions that take a fault return 0, or -1 and the fault filled in. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "fault.h"

enum { CHARACTERS_NAME = 32 };          // room for the name of a character, in bytes

/* One decoded character */
typedef struct {
    uint32_t code;          // the code point
    size_t size;            // in bytes, 1 to 4
    const char *wrong;      // NULL, or why these bytes are no character
} character;

/* A text is an array of code points */
typedef struct {
    size_t count;
    uint32_t *codes;        // (count)
} text;

/* A vocabulary is an increasing list of code points */
typedef struct {
    size_t count;           // m and l of the network
    uint32_t *codes;        // (count), strictly increasing; a symbol is an index
} vocabulary;

/* What the module of characters offers */
/* One character of the left ≥ 1 bytes at s. */
character characters_next(const unsigned char *s, size_t left);
/* Writes up to 4 bytes to s, without a NUL; returns how many. */
size_t characters_encode(char *s, uint32_t code);
/* Writes up to CHARACTERS_NAME bytes, for a message. */
void characters_name(char *name, uint32_t code);
/* What the module offers about texts */
/* Of bytes in memory, or of a file that is not empty. Release with text_free. */
int text_decode(text *t, const char *name, const char *bytes, size_t size, fault *f);
int text_read(text *t, const char *path, fault *f);
void text_free(text *t);
/* The rest of an open file, with room for a zero behind it; 0, or -1 and errno.
   Free *bytes in either case. */
int file_read(char **bytes, size_t *size, FILE *file);

/* What the module offers about vocabularies */
/* 0, or -1 when memory is short. Release with vocabulary_free. */
int vocabulary_alloc(vocabulary *v, const text *t);
void vocabulary_free(vocabulary *v);
/* The symbol of a code point; v->count if it has none. */
size_t vocabulary_find(const vocabulary *v, uint32_t code);
/* symbols (t->count); refuses a character that is not in v. */
int vocabulary_number(uint32_t *symbols, const vocabulary *v, const text *t,
                      const char *name, fault *f);
#endif
