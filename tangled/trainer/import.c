/* generated from chapters/20-tools.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "import.h"
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "cells.h"
#include "characters.h"
#include "safetensors.h"
#include "training.h"

enum { TENSORS = 6, NAME = 400 };       // of a network; bytes of a layer's name
/* What is imported */
typedef struct {
    safetensors s;
    vocabulary v;               // in order
    size_t *column;             // (m) of each of its characters, in the file
    size_t m, n, w;             // characters, hidden units, rows of the hidden weights
    const tensor *input, *recurrent, *decoder;
    real *numbers;              // those of all six tensors, one behind the other
    text list;                  // the characters in another order, if one is wanted
    const uint32_t *codes;      // (m) the characters in the order of the new file; borrowed
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

/* Compare a list of characters with the columns */
static int fits(const import *i, text *t, const char *name, fault *f)
{
    if (t->different == i->m + 1 && t->codes[i->m] == '\n') t->different--;
    if (t->different == i->m) return 1;
    fault_set(f, "%s: %zu different characters, and the network in %s has columns for %zu", name,
              t->different, i->s.path, i->m);
    return 0;
}

/* Order the columns */
static int order_columns(import *i, const text *t, fault *f)
{
    i->column = calloc(i->m, sizeof *i->column);
    if (!i->column || vocabulary_alloc(&i->v, t) != 0)
        return fault_set(f, "%s: not enough memory", i->s.path);
    for (size_t k = 0; k < i->m; k++) i->column[vocabulary_find(&i->v, t->codes[k])] = k;
    i->codes = i->v.codes;
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
    const int done = fits(i, &t, path ? path : "its vocabulary", f) ? order_columns(i, &t, f) : -1;
    text_free(&t);
    return done;
}

/* Order the columns as in another list */
static int order_as_wanted(import *i, const char *path, fault *f)
{
    if (text_read(&i->list, path, f) != 0) return -1;
    if (!fits(i, &i->list, path, f)) return -1;
    size_t *column = calloc(i->m, sizeof *column);
    if (!column) return fault_set(f, "%s: not enough memory", path);
    int status = text_number(&i->list, &i->v, path, f);
    for (size_t k = 0; status == 0 && k < i->m; k++) column[k] = i->column[i->list.symbols[k]];
    free(i->column);
    i->column = column;
    i->codes = i->list.codes;
    return status;
}

/* Read a bias */
static int read_bias(import *i, const tensor *weights, const char *word, const char *other,
                     size_t count, real *to, fault *f)
{
    char name[512];
    const char *at = strstr(weights->name, word);
    while (at && strstr(at + 1, word)) at = strstr(at + 1, word);
    const int length = snprintf(name, sizeof name, "%.*s%s%s", (int)(at - weights->name),
                                weights->name, other, at + strlen(word));
    if (length >= (int)sizeof name) return fault_set(f, "%s: a tensor's name is too long", i->s.path);
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

/* See that a network can be loaded */
static int kind_of(const import *i) { return i->w == i->n ? RNN : i->w == 3 * i->n ? GRU : LSTM; }

static int is_bounded(const import *i, const real *b_ih, const real *b_hh, real *scratch)
{
    const size_t joined = i->w - cells[kind_of(i)]->apart * i->n;
    const size_t all = (size_t)(scratch - i->numbers);
    for (size_t k = 0; k < joined; k++) scratch[k] = b_ih[k] + b_hh[k];
    return training_bounded(i->numbers, all) && training_bounded(scratch, joined);
}

/* Save what was imported */
static int save_import(const import *i, const char *save, outgoing *tensors, fault *f)
{
    size_t size = 0;
    char *letters = malloc(4 * i->m);
    if (!letters) return fault_set(f, "%s: not enough memory", i->s.path);
    for (size_t k = 0; k < i->m; k++) size += characters_encode(letters + size, i->codes[k]);
    const char *kind = cells_names[kind_of(i)];
    metadatum metadata[] = {
        {"vocabulary", letters, size}, {"format", "pt", 2}, {"program", "rnn", 3},
        {"cell", kind, strlen(kind)},
    };
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    const int status = safetensors_save(save, metadata, 4, tensors, TENSORS, 0, f);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(letters);
    return status;
}

/* See that numbers fit their type */
static int within_range(const import *i, const outgoing *t, fault *f)
{
    const size_t count = t->shape[1] ? t->shape[0] * t->shape[1] : t->shape[0];
    for (size_t k = 0; t->type && k < count; k++)
        if (!isfinite(safetensors_rounded(t->numbers[k], t->type))) {
            fault_set(f, "%s: number %zu of what would be “%s” is too large for %s", i->s.path, k, t->name, t->type);
            return 0;
        }
    return 1;
}

/* Name the tensors and save them */
static int name_tensors(const import *i, const habits *to, const char *save, const outgoing *tensors, fault *f)
{
    char names[TENSORS][NAME + 16];
    outgoing named[TENSORS];
    memcpy(named, tensors, sizeof named);
    for (size_t k = 0; k < TENSORS; k++) {
        const char *layer = k < 4 ? to->layer : to->decoder;
        if (strlen(layer) > NAME) return fault_set(f, "“%s” is too long for a name", layer);
        snprintf(names[k], sizeof *names, "%s%s%s", layer, *layer ? "." : "", tensors[k].name);
        named[k].name = names[k];
    }
    for (size_t k = 0; k < TENSORS; k++)
        if (!within_range(i, &named[k], f)) return -1;
    return save_import(i, save, named, f);
}

/* Read, reorder and save */
static int carry_over(import *i, const habits *to, const char *save, fault *f)
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
    if (!to->type && !is_bounded(i, b_ih, b_hh, scratch))
        return fault_set(f, "%s: its numbers are impossible: a parameter past all bounds", i->s.path);
    outgoing tensors[] = {
        {"weight_ih_l0", {w, m}, W_xh, to->type}, {"weight_hh_l0", {w, n}, W_hh, to->type},
        {"bias_ih_l0", {w}, b_ih, to->type}, {"bias_hh_l0", {w}, b_hh, to->type},
        {"weight", {m, n}, W_hy, to->type}, {"bias", {m}, b_y, to->type},
    };
    return name_tensors(i, to, save, tensors, f);
}

/* Import a network */
static int carry(const char *path, const habits *from, const habits *to, const char *save, fault *f)
{
    import i = {.m = 0};
    if (safetensors_open(&i.s, path, f) != 0) return -1;
    int status = find_hidden(&i, f);
    if (status == 0) status = find_decoder(&i, from->decoder, f);
    if (status == 0) status = read_columns(&i, from->vocab, f);
    if (status == 0 && to->vocab) status = order_as_wanted(&i, to->vocab, f);
    if (status == 0) {
        const size_t all = i.w * (i.m + i.n + 2) + i.m * (i.n + 1);
        i.numbers = calloc(all + (i.w + i.n) * i.m, sizeof *i.numbers);
        status = i.numbers ? carry_over(&i, to, save, f) : fault_set(f, "%s: not enough memory", path);
    }
    free(i.numbers);
    free(i.column);
    text_free(&i.list);
    vocabulary_free(&i.v);
    safetensors_close(&i.s);
    return status;
}

const habits our_habits = {NULL, "rnn", "decoder", NULL};

int import_network(const char *path, const habits *its, const char *save, fault *f)
{
    return carry(path, its, &our_habits, save, f);
}

int export_network(const char *path, const habits *wanted, const char *save, fault *f)
{
    return carry(path, &our_habits, wanted, save, f);
}
