/* generated from chapters/33-keys.nw by noweb; do not edit */
#ifndef KEY_H
#define KEY_H
#include "numbers.h"
#include <stdio.h>

enum { KEY_ASKED_MAX = 32, KEY_GIVEN_MAX = 400, KEY_SEALED_SEED = 7 };
/* A wrong answer that is known */
typedef struct {
    const char *diagnosis;
    int misconception;      // its number in ch:misconceptions, or 0
    uint64_t form;          // hash of its form, or 0
    mark *marks;            // (count)
    size_t count, room;
} variant;

/* A key */
typedef struct {
    char *text;             // the file; the strings below point into it
    int number, minutes, points;
    const char *name, *kind, *title, *level;
    const char *question, *use, *circles, *without, *sizes;     // "" if there is none
    const char *chapter, *draw;     // where it stands; what its numbers were drawn from
    const char *theory;     // of another network (sec:theory), or ""
    const char *given[KEY_GIVEN_MAX];       // what stands behind the word, see key_given
    int given_count;
    uint64_t blank;
    struct { const char *expression; uint64_t hash; } asked[KEY_ASKED_MAX];
    int asked_count;
    record right;
    record cases;           // names only: what opens the envelope
    variant *wrong;         // (wrong_count)
    size_t wrong_count, wrong_room;
    unsigned char *sealed;  // (sealed_length)
    size_t sealed_length;
} key;

/* Declare the key file */
/* 0; or -1 with a message in why (200 bytes). Free with key_free in both cases. */
int key_read(key *k, const char *path, char *why);
void key_free(key *k);
/* One more wrong answer, or one more mark for it; NULL if there is no memory. */
variant *key_add_wrong(key *k);
mark *key_add_mark(variant *v);
void key_write(FILE *f, const key *k);
/* Enciphers, or deciphers, the numbers of this line of those that are given for the envelope. */
void key_veil(const key *k, int line, void *numbers, size_t bytes);
/* Reads such a line: nine integers (symbol, index, by, by_index, immediate, rank, axes) into
   head, the numbers into x, which has room for `most`. Their count, or -1. */
int key_given(const key *k, int line, int head[9], double *x, int most);
enum { KEYS_MAX = 200 };
typedef struct { key list[KEYS_MAX]; int count; } key_list;
/* The keys that FOLDER/contents lists, in its order; or NULL with a message in why (200 bytes).
   Free with keys_free. */
key_list *keys_read(const char *folder, char *why);
void keys_free(key_list *keys);
enum { KEY_RUNS = 3, KEY_SEED_MAX = 40 };
static const int KEY_RUN_SEEDS[KEY_RUNS] = { 1, 2, KEY_SEALED_SEED };    // of an answer in C
/* The seed of the instance or run with this number: the number, if the word is "". */
uint64_t key_seed(const char *draw, int number);
/* The same as an argument of a driver, "2" or "2:8213…". */
void key_seed_text(char text[KEY_SEED_MAX], const char *draw, int number);
/* The hash of a text, different for every exercise. */
uint64_t key_hash(const char *text, int exercise);
/* The same for C: without spaces and comments. */
uint64_t key_hash_code(const char *text, int exercise);
/* The end of the comment of C that starts at s; or s. */
const char *key_past_comment(const char *s);
#endif
