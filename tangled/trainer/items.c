/* generated from chapters/10-training.nw by noweb; do not edit */
#include "items.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "output.h"
#include "softmax.h"

const char *const items_kinds[] = {"none", "line", "paragraph", NULL};
/* Find the items of a text */
static size_t end_of_item(const items *i, size_t at)
{
    const size_t count = at < i->border ? i->border : i->text->count;
    for (; at < count; at++) {
        if (text_symbol(i->text, at) != i->line_break) continue;
        if (i->ends == 1 || at + 1 == count || text_symbol(i->text, at + 1) == i->line_break) break;
    }
    return at;
}

static size_t find_items(const items *i, size_t *starts, size_t *sizes)
{
    size_t count = 0;
    for (size_t at = 0; at < i->text->count; at++) {
        if (text_symbol(i->text, at) == i->line_break) continue;
        const size_t end = end_of_item(i, at);
        if (starts) starts[count] = at, sizes[count] = end - at;
        count++;
        at = end - 1;
    }
    return count;
}

int items_alloc(items *i, int kind, const text *t, uint32_t line_break, size_t border)
{
    *i = (items){.text = t, .line_break = line_break, .ends = kind == ITEMS_PARAGRAPH ? 2 : 1,
                 .border = border};
    i->count = find_items(i, NULL, NULL);
    i->at = calloc(2 * i->count + 1, sizeof *i->at);
    if (!i->at) return -1;
    i->size = i->at + i->count;
    find_items(i, i->at, i->size);
    return 0;
}

void items_free(items *i)
{
    free(i->at);
    *i = (items){0};
}

/* What an item predicts */
size_t items_predictions(const items *i, size_t item) { return i->size[item] + i->ends; }

static uint32_t letter(const items *i, size_t item, size_t place)
{
    return place < i->size[item] ? text_symbol(i->text, i->at[item] + place) : i->line_break;
}

/* Note a piece */
/* The piece of an item that begins with prediction `offset`, in that step, at that place of the plan. */
static void note_piece(plan *p, size_t place, size_t step, size_t item, size_t offset)
{
    const size_t left = items_predictions(p->of, item) - offset;
    p->item[place] = item + 1;
    p->offset[place] = offset;
    p->made[step + 1] += left < p->length ? left : p->length;
}

/* Deal out the items */
static size_t pieces_of(const plan *p, size_t item)
{
    return (items_predictions(p->of, item) - 1) / p->length + 1;
}

/* Returns the steps that the longest stream takes; notes every piece, if there is a place for it. */
static size_t deal(plan *p, size_t first, size_t count, size_t share)
{
    size_t stream = 0, step = 0, most = 0;
    for (size_t item = first; item < first + count; item++) {
        if (step >= share) stream++, step = 0;
        for (size_t k = 0; k < pieces_of(p, item); k++, step++)
            if (p->item) note_piece(p, step * p->streams + stream, step, item, k * p->length);
        most = step > most ? step : most;
    }
    return most;
}

/* Make and release a plan */
int plan_alloc(plan *p, const items *of, size_t first, size_t count, size_t streams, size_t length)
{
    size_t pieces = 0, places;
    *p = (plan){.of = of, .streams = streams, .length = length};
    for (size_t i = first; i < first + count; i++) pieces += pieces_of(p, i);
    const size_t share = pieces / streams + (pieces % streams != 0);
    p->chunks = deal(p, first, count, share);
    if (__builtin_mul_overflow(p->chunks, streams, &places)) return errno = EOVERFLOW, -1;
    p->offset = calloc(places, sizeof *p->offset);
    p->made = calloc(p->chunks + 1, sizeof *p->made);
    if (p->offset && p->made) p->item = calloc(places, sizeof *p->item);
    if (!p->item) return plan_free(p), -1;
    deal(p, first, count, share);
    for (size_t i = 0; i < p->chunks; i++) p->made[i + 1] += p->made[i];
    return 0;
}

void plan_free(plan *p)
{
    free(p->item);
    free(p->offset);
    free(p->made);
    *p = (plan){0};
}

/* Copy a step of the plan to a tape */
static int is_there(const plan *p, size_t place, size_t t)
{
    const size_t item = p->item[place];
    return item && p->offset[place] + t < items_predictions(p->of, item - 1);
}

void plan_copy(const plan *p, tape *k, size_t chunk, size_t first)
{
    for (size_t b = 0; b < k->B; b++) {
        const size_t place = chunk * p->streams + first + b, item = p->item[place] - 1;
        for (size_t t = 0; t < k->T; t++) {
            const size_t row = t * k->B + b, at = p->offset[place] + t;
            const int there = is_there(p, place, t);
            k->x[row] = !there ? 0 : at ? letter(p->of, item, at - 1) : p->of->line_break;
            k->y[row] = there ? letter(p->of, item, at) : 0;
        }
        if (p->offset[place] == 0) tape_forget_one(k, b);
    }
}

/* Learn from a step of the plan */
static void leave_out(const plan *p, tape *k, size_t chunk, size_t first)
{
    for (size_t t = k->T; t-- > 0;) {
        k->loss[t] = 0;
        for (size_t b = 0; b < k->B; b++) {
            const size_t row = t * k->B + b;
            if (is_there(p, chunk * p->streams + first + b, t))
                k->loss[t] += k->s[row] - k->z_y[row * k->l + k->y[row]];
            else memset(k->d_y + row * k->l, 0, k->l * sizeof(real));
        }
        k->F[t] = k->loss[t] + k->F[t + 1];
    }
}

real plan_bptt(const plan *p, tape *k, params *grad, const params *theta, size_t chunk, size_t first)
{
    plan_copy(p, k, chunk, first);
    forward_pass(k, theta);
    softmax_forward(k);
    softmax_backward(k);
    leave_out(p, k, chunk, first);
    output_backward(k, grad, theta);
    k->cell->back(k, grad, theta);
    return k->F[0];
}

/* Measure a network on items */
int plan_evaluate(double *nats, const plan *p, const params *theta)
{
    tape k;
    *nats = 0;
    if (tape_alloc_for(&k, theta, p->length, p->streams) != 0) return -1;
    forward_lay(&k, theta);
    for (size_t chunk = 0; chunk < p->chunks; chunk++) {
        plan_copy(p, &k, chunk, 0);
        forward_run(&k, theta);
        softmax_forward(&k);
        for (size_t row = 0; row < k.T * k.B; row++)
            if (is_there(p, chunk * k.B + row % k.B, row / k.B))
                *nats += (double)(k.s[row] - k.z_y[row * k.l + k.y[row]]);
        tape_carry(&k);
    }
    tape_free(&k);
    return 0;
}
