/* generated from chapters/34-answers.nw by noweb; do not edit */
#ifndef SHAPE_TEXT_H
#define SHAPE_TEXT_H
#include <stddef.h>
#include <stdint.h>

enum { SHAPE_AXES = 3 };
/* A shape as it was written */
typedef struct {
    int count;
    struct {
        char kind, base;        // 'n' and 't'; base 0: no time, or a plain number; '*': τ
        int timed, offset;
    } axis[SHAPE_AXES];
} shape_text;
/* Understands "n_t x n_{t-1}", "B × n_t", "l_t \times (n_\tau \times n_{\tau-1})". 0 or -1. */
int shape_text_read(shape_text *s, const char *text);
/* The normal form, with the axes of the mask free; out has room for 80 bytes. */
void shape_text_normal(char *out, const shape_text *s, unsigned mask);
/* Its hash; or the mask for which the hash is `wanted`, or -1. */
uint64_t shape_text_hash(const shape_text *s, unsigned mask, int exercise);
int shape_text_match(const shape_text *s, uint64_t wanted, int exercise);
#endif
