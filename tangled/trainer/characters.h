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
enum { CHARACTERS_VISIBLE = 8 };        // room for one that a terminal may have
enum { CODE_POINTS = 0x110000, TEXT_BLOCK = 65536 };    // of Unicode; bytes of a file at a time

/* One decoded character */
typedef struct {
    uint32_t code;          // the code point
    size_t size;            // in bytes, 1 to 4
    const char *wrong;      // NULL, or why these bytes are no character
} character;

/* A text is a list of characters and a place in it for each */
typedef struct {
    size_t count;           // characters
    size_t different;       // those among them that differ from each other
    uint32_t *codes;        // (different) in the order in which they were met
    uint32_t *symbols;      // (different) what text_number has made of each
    uint8_t *digits[3];     // (count) each, or NULL: the places, to the base 256
} text;

/* A text that is being made */
typedef struct {
    text *t;
    const char *name;       // of the text, for messages
    uint32_t *places;       // (CODE_POINTS) of each: its place and one; 0: not met
    size_t room;            // characters for which there are digits
    size_t at;              // bytes decoded, of this file
    size_t first;           // characters that came before it
    int beyond;             // whether a character of several bytes has come in it
    const char *wrong;      // what is wrong with the bytes that follow, or NULL
} draft;

/* A file that is being read */
typedef struct {
    draft d;
    const char *const *paths;       // of all files; borrowed
    size_t count, number;           // of them; the one that is read now
    FILE *file;
    int ended, error;       // no byte is left; or why none can be read
    size_t start, size;     // where the block begins in the file; its bytes
    size_t mark;            // bytes of a byte order mark, or 0
    unsigned char block[TEXT_BLOCK + 3];
} reading;

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
/* Writes a character, or what stands for it if a terminal would obey it: less than
   CHARACTERS_VISIBLE bytes, with a NUL or without; returns how many. */
size_t characters_visible(char *to, uint32_t code);
/* The same for all of a message, cut to fit a room of 16 bytes or more. */
void characters_shown(char *shown, size_t room, const char *message);
/* What the module offers about texts */
/* Of bytes in memory, or of a file that is not empty. Release with text_free. */
int text_decode(text *t, const char *name, const char *bytes, size_t size, fault *f);
int text_read(text *t, const char *path, fault *f);
void text_free(text *t);
/* The same block by block, from count ≥ 1 files whose paths are borrowed, as one text; "-" is the
   standard input. go_on returns 1 as long as more may follow (r->d.at bytes of file r->number have
   been read); then 0, with r->d.first characters in all files but the last; or -1. No file is open
   after that. */
int reading_begin(reading *r, text *t, const char *const *paths, size_t count, fault *f);
int reading_go_on(reading *r, fault *f);
/* Gives it up while more may follow: the text is freed, and no file is open. */
void reading_give_up(reading *r);
/* As fault_quote, but a dash stays one. */
char *reading_quote(char *quoted, const char *path);
/* Look at a character of a text */
/* Of character i < t->count: its place in the list, its code point, its symbol. */
static inline size_t text_place(const text *t, size_t i)
{
    size_t place = t->digits[0][i];
    if (t->digits[1]) place += (size_t)t->digits[1][i] * 256;
    if (t->digits[2]) place += (size_t)t->digits[2][i] * 65536;
    return place;
}
static inline uint32_t text_code(const text *t, size_t i) { return t->codes[text_place(t, i)]; }
static inline uint32_t text_symbol(const text *t, size_t i) { return t->symbols[text_place(t, i)]; }

/* What the module offers about vocabularies */
/* 0, or -1 when memory is short. Release with vocabulary_free. */
int vocabulary_alloc(vocabulary *v, const text *t);
void vocabulary_free(vocabulary *v);
/* v gets the code points of the other as well. 0; or -1 with v as it was, when memory is short. */
int vocabulary_join(vocabulary *v, const vocabulary *other);
/* The symbol of a code point; v->count if it has none. */
size_t vocabulary_find(const vocabulary *v, uint32_t code);
/* Fills in t->symbols; refuses a character that is not in v. */
int text_number(text *t, const vocabulary *v, const char *name, fault *f);
#endif
