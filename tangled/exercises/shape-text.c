/* generated from chapters/34-answers.nw by noweb; do not edit */
#include "shape-text.h"
#include "grammar.h"
#include "key.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Remove what does not matter in a shape */
/* out has room for the text. */
static void shorten(char *out, const char *text)
{
    size_t n = strcspn(text, "%");
    if (n > 0 && text[n - 1] == '\\') n = strlen(text);
    while (n > 0 && (isspace((unsigned char)text[n - 1]) || strchr(",;.", text[n - 1]))) n--;
    memcpy(out, text, n);
    out[n] = '\0';
}

static void simplify(char *out, const char *text)
{
    static const struct { const char *from; char to; } words[] = {
        { "\\mathbb{R}^", ' ' }, { "\\R^", ' ' }, { "ℝ^", ' ' }, { "\\in", ' ' },
        { "\\text", ' ' }, { "\\mathrm", ' ' }, { "\\left", ' ' }, { "\\right", ' ' },
        { "-by-", 'x' }, { "by", 'x' }, { ",", 'x' }, { ";", 'x' }, { "⨯", 'x' }, { "✕", 'x' },
        { "\\times", 'x' }, { "\\cdot", 'x' }, { "×", 'x' }, { "*", 'x' }, { "X", 'x' },
        { "\\tau", 's' }, { "τ", 's' }, { "−", '-' }, { "\\,", ' ' }, { NULL, 0 } };
    while (*text) {
        int i = 0;
        while (words[i].from && strncmp(text, words[i].from, strlen(words[i].from)) != 0) i++;
        const char c = words[i].from ? words[i].to : *text;
        if (!isspace((unsigned char)c) && strchr("{}()[]$.\\", c) == NULL) *out++ = c;
        text += words[i].from ? strlen(words[i].from) : 1;
    }
    *out = '\0';
}

/* Read an axis */
static int read_axis(shape_text *s, const char **at)
{
    const char kind = *(*at)++;
    if (!axis_is(kind, AXIS_SHAPE)) return -1;
    const int i = s->count++;
    s->axis[i].kind = kind;
    if (**at != '_') return 0;
    s->axis[i].timed = 1;
    ++*at;
    if (isalpha((unsigned char)**at)) s->axis[i].base = *(*at)++;
    if (isdigit((unsigned char)**at) || **at == '+' || **at == '-') {
        char *end;
        s->axis[i].offset = (int)strtol(*at, &end, 10);
        if (end == *at) return -1;
        *at = end;
    }
    return 0;
}

int shape_text_read(shape_text *s, const char *text)
{
    char written[200], plain[200];
    *s = (shape_text){ 0 };
    if (strlen(text) >= sizeof written) return -1;
    shorten(written, text);
    simplify(plain, written);
    const char *at = plain;
    while (s->count < SHAPE_AXES && read_axis(s, &at) == 0) {
        if (*at == '\0') return s->count >= 2 ? 0 : -1;
        if (*at++ != 'x') return -1;
    }
    return -1;
}

/* Bring a shape into normal form */
void shape_text_normal(char *out, const shape_text *s, unsigned mask)
{
    int zero = 0;
    char letter = 0;        // of the times that may be any
    size_t used = (size_t)snprintf(out, 80, "%u", mask);
    for (int i = 0; i < s->count; i++) {
        const int free = (mask >> i) & 1, offset = s->axis[i].offset;
        const int timed = s->axis[i].timed && axis_is(s->axis[i].kind, AXIS_TIMED | AXIS_COUNTS);
        const char written = s->axis[i].base ? s->axis[i].base : '0';
        if (free && timed && !letter) zero = offset, letter = written;
        const char base = !free ? written : written == letter ? '*' : '?';
        used += (size_t)snprintf(out + used, 80 - used, ",%c", s->axis[i].kind);
        if (!timed) continue;
        const int distance = offset - (free ? zero : 0);
        used += (size_t)snprintf(out + used, 80 - used, "(%c%+d)", base, distance);
    }
}

/* Find out whether a shape is the right one */
uint64_t shape_text_hash(const shape_text *s, unsigned mask, int exercise)
{
    char text[80];
    shape_text_normal(text, s, mask);
    return key_hash(text, exercise);
}

int shape_text_match(const shape_text *s, uint64_t wanted, int exercise)
{
    for (unsigned mask = 0; mask < 1u << SHAPE_AXES; mask++)
        if (shape_text_hash(s, mask, exercise) == wanted) return (int)mask;
    return -1;
}
