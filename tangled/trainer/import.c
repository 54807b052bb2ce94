/* generated from chapters/20-tools.nw by noweb; do not edit */
#include "import.h"
#include <stdlib.h>
#include <string.h>
#include "cells.h"
#include "characters.h"
#include "safetensors.h"

/* What is imported */
typedef struct {
    safetensors s;
    vocabulary v;               // in order
    size_t *column;             // (m) of each of its characters, in the file
    size_t m, n, w;             // characters, hidden units, rows of the hidden weights
    const tensor *input, *recurrent, *decoder;
    real *numbers;              // those of all six tensors, one behind the other
} import;

/* Find the tensors by the ends of their names */
static int ends_in(const char *name, const char *end)
{
    const size_t size = strlen(name), tail = strlen(end);
    return size >= tail && strcmp(name + size - tail, end) == 0
        && (size == tail || name[size - tail - 1] == '.');
}

/* The tensor with that end, or NULL; *f is filled in if there are two of them. */
static const tensor *only_one(const safetensors *s, const char *end, int *twice, fault *f)
{
    const tensor *found = NULL;
    for (size_t i = 0; i < s->count; i++) {
        if (!ends_in(s->tensors[i].name, end)) continue;
        if (found) {
            *twice = 1;
            fault_set(f, "%s: “%s” and “%s” both end in %s; one network at a time can be imported",
                      s->path, found->name, s->tensors[i].name, end);
        }
        found = &s->tensors[i];
    }
    return found;
}

/* Find the layers */
static int find_hidden(import *i, fault *f)
{
    const safetensors *s = &i->s;
    int twice = 0;
    for (size_t k = 0; k < s->count; k++)
        if (strstr(s->tensors[k].name, "hh_l1") || strstr(s->tensors[k].name, "_reverse"))
            return fault_set(f, "%s: “%s” is of a second layer; only one layer can be imported", s->path,
                             s->tensors[k].name);
    i->input = only_one(s, "weight_ih_l0", &twice, f);
    i->recurrent = only_one(s, "weight_hh_l0", &twice, f);
    if (twice) return -1;
    const tensor *a = i->input, *b = i->recurrent;
    if (!a || !b || a->rank != 2 || b->rank != 2 || a->shape[0] != b->shape[0] || !a->shape[1]
        || !b->shape[1] || b->shape[0] % b->shape[1] != 0)
        return fault_set(f, "%s: no tensors that end in weight_ih_l0 and weight_hh_l0 and belong together",
                         s->path);
    i->m = a->shape[1], i->n = b->shape[1], i->w = b->shape[0];
    if (i->w / i->n != 1 && i->w / i->n != 3 && i->w / i->n != 4)
        return fault_set(f, "%s: “%s” has %zu rows for each unit; a cell has 1, 3 or 4", s->path,
                         b->name, i->w / i->n);
    return 0;
}

static int find_decoder(import *i, const char *name, fault *f)
{
    const safetensors *s = &i->s;
    for (size_t k = 0; k < s->count; k++) {
        const tensor *t = &s->tensors[k];
        const size_t size = strlen(t->name);
        if (t == i->input || t == i->recurrent || t->rank != 2 || t->shape[0] != i->m
            || t->shape[1] != i->n || !ends_in(t->name, "weight")) continue;
        if (name && (size < 7 || strlen(name) != size - 7 || strncmp(t->name, name, size - 7) != 0))
            continue;
        if (i->decoder)
            return fault_set(f, "%s: “%s” and “%s” could both be the last layer; say which with "
                             "--decoder NAME, without .weight", s->path, i->decoder->name, t->name);
        i->decoder = t;
    }
    if (i->decoder) return 0;
    return fault_set(f, "%s: no last layer%s%s: a tensor of shape %zu × %zu whose name ends in .weight",
                     s->path, name ? " of the name " : "", name ? name : "", i->m, i->n);
}

/* Order the columns */
static int order_columns(import *i, const text *t, fault *f)
{
    i->column = calloc(i->m, sizeof *i->column);
    if (!i->column || vocabulary_alloc(&i->v, t) != 0)
        return fault_set(f, "%s: not enough memory", i->s.path);
    for (size_t k = 0; k < i->m; k++) i->column[vocabulary_find(&i->v, t->codes[k])] = k;
    return 0;
}

/* Read the characters in the order of the columns */
static int read_columns(import *i, const char *path, fault *f)
{
    text t = {0};
    const metadatum *found = path ? NULL : safetensors_value(&i->s, "vocabulary");
    if (!path && !found)
        return fault_set(f, "%s: no vocabulary in its metadata; name a file with --vocab that has its "
                         "characters in the order of their columns", i->s.path);
    const int status = path ? text_read(&t, path, f)
        : text_decode(&t, i->s.path, found->value, found->size, f);
    if (status != 0) return status;
    if (t.different == i->m + 1 && t.codes[i->m] == '\n') t.different--;
    const int fits = t.different == i->m;
    if (!fits) fault_set(f, "%s: %zu different characters, and the network in %s has columns for %zu",
                         path ? path : "its vocabulary", t.different, i->s.path, i->m);
    const int done = fits ? order_columns(i, &t, f) : -1;
    text_free(&t);
    return done;
}

/* Read a bias */
static int read_bias(import *i, const tensor *weights, const char *word, const char *other,
                     size_t count, real *to, fault *f)
{
    char name[512];
    const char *at = strstr(weights->name, word);
    while (at && strstr(at + 1, word)) at = strstr(at + 1, word);
    snprintf(name, sizeof name, "%.*s%s%s", (int)(at - weights->name), weights->name, other,
             at + strlen(word));
    const tensor *bias = safetensors_find(&i->s, name);
    memset(to, 0, count * sizeof *to);
    if (!bias) return 0;
    if (bias->rank != 1 || bias->count != count)
        return fault_set(f, "%s: “%s” is no bias of length %zu", i->s.path, name, count);
    return safetensors_read(&i->s, bias, to, f);
}

/* Put rows and columns in order */
static void move_columns(real *to, const real *from, const import *i)
{
    for (size_t r = 0; r < i->w; r++)
        for (size_t k = 0; k < i->m; k++) to[r * i->m + k] = from[r * i->m + i->column[k]];
}

static void move_rows(real *to, const real *from, size_t width, const import *i)
{
    for (size_t k = 0; k < i->m; k++)
        memcpy(to + k * width, from + i->column[k] * width, width * sizeof *to);
}

/* Save what was imported */
static int save_import(const import *i, const char *save, outgoing *tensors, size_t count, fault *f)
{
    size_t size = 0;
    char *letters = malloc(4 * i->m);
    if (!letters) return fault_set(f, "%s: not enough memory", i->s.path);
    for (size_t k = 0; k < i->m; k++) size += characters_encode(letters + size, i->v.codes[k]);
    const char *kind = cells_names[i->w == i->n ? RNN : i->w == 3 * i->n ? GRU : LSTM];
    metadatum metadata[] = {
        {"vocabulary", letters, size}, {"format", "pt", 2}, {"program", "rnn", 3},
        {"cell", kind, strlen(kind)},
    };
    const int status = safetensors_save(save, metadata, 4, tensors, count, 0, f);
    free(letters);
    return status;
}

/* Read, reorder and save */
static int carry_over(import *i, const char *save, fault *f)
{
    const size_t m = i->m, n = i->n, w = i->w;
    real *W_xh = i->numbers, *W_hh = W_xh + w * m, *b_ih = W_hh + w * n, *b_hh = b_ih + w;
    real *W_hy = b_hh + w, *b_y = W_hy + m * n, *scratch = b_y + m;
    if (safetensors_read(&i->s, i->input, scratch, f) != 0) return -1;
    move_columns(W_xh, scratch, i);
    if (safetensors_read(&i->s, i->recurrent, W_hh, f) != 0
        || read_bias(i, i->input, "weight", "bias", w, b_ih, f) != 0
        || read_bias(i, i->recurrent, "weight", "bias", w, b_hh, f) != 0
        || safetensors_read(&i->s, i->decoder, scratch, f) != 0) return -1;
    move_rows(W_hy, scratch, n, i);
    if (read_bias(i, i->decoder, "weight", "bias", m, scratch, f) != 0) return -1;
    move_rows(b_y, scratch, 1, i);
    outgoing tensors[] = {
        {"rnn.weight_ih_l0", {w, m}, W_xh}, {"rnn.weight_hh_l0", {w, n}, W_hh},
        {"rnn.bias_ih_l0", {w}, b_ih}, {"rnn.bias_hh_l0", {w}, b_hh},
        {"decoder.weight", {m, n}, W_hy}, {"decoder.bias", {m}, b_y},
    };
    return save_import(i, save, tensors, sizeof tensors / sizeof *tensors, f);
}

/* Import a network */
int import_network(const char *path, const char *vocab, const char *decoder, const char *save,
                   fault *f)
{
    import i = {.m = 0};
    if (safetensors_open(&i.s, path, f) != 0) return -1;
    int status = find_hidden(&i, f);
    if (status == 0) status = find_decoder(&i, decoder, f);
    if (status == 0) status = read_columns(&i, vocab, f);
    if (status == 0) {
        const size_t all = i.w * (i.m + i.n + 2) + i.m * (i.n + 1);
        i.numbers = calloc(all + (i.w + i.n) * i.m, sizeof *i.numbers);
        status = i.numbers ? carry_over(&i, save, f) : fault_set(f, "%s: not enough memory", path);
    }
    free(i.numbers);
    free(i.column);
    vocabulary_free(&i.v);
    safetensors_close(&i.s);
    return status;
}
