/* generated from chapters/02-characters.nw by noweb; do not edit */
#include "characters.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTE_ORDER_MARK = 0xFEFF };
/* How many bytes a first byte announces */
static size_t bytes_announced_by(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return 2;
    if (first < 0xF0) return 3;
    return first < 0xF5 ? 4 : 0;
}

/* Decode the next character */
character characters_next(const unsigned char *s, size_t left)
{
    character c = {s[0], bytes_announced_by(s[0]), NULL};
    /* Refuse a byte that begins no character */
    if (c.size == 0) {
        int middle = (s[0] & 0xC0) == 0x80;
        c.wrong = middle ? "it continues a character that never began"
                         : "UTF-8 never uses this byte";
        return c;
    }
    /* Collect the bits of the first byte and of those that follow */
    c.code = c.size == 1 ? s[0] : s[0] & (0x7Fu >> c.size);
    for (size_t i = 1; i < c.size; i++) {
        if (i == left) c.wrong = "the text ends in the middle of this character";
        else if ((s[i] & 0xC0) != 0x80)
            c.wrong = "the next byte does not continue this character";
        if (c.wrong) return c;
        c.code = (c.code << 6) | (s[i] & 0x3Fu);
    }
    /* Refuse what the bit pattern allows but Unicode forbids */
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c.code < smallest[c.size])
        c.wrong = "the character is spelled with more bytes than it needs";
    if (c.code >= 0xD800 && c.code <= 0xDFFF)
        c.wrong = "this is a surrogate, half of a character in UTF-16";
    if (c.code > 0x10FFFF) c.wrong = "this is past U+10FFFF, the last code point";
    return c;
}

/* Encode a code point */
size_t characters_encode(char *s, uint32_t code)
{
    if (code < 0x80) {
        s[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        s[i] = (char)(0x80 | (code & 0x3F));
    s[0] = (char)(((0xF00u >> size) & 0xFF) | code);
    return size;
}

/* Name a character for a message */
static int is_visible(uint32_t code)
{
    static const uint32_t hidden[][2] = {
        {0, 0x1F}, {0x7F, 0xA0}, {0xAD, 0xAD}, {0x300, 0x36F}, {0x200B, 0x200F}, {0x2028, 0x202F},
        {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE0FFF},
    };
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i][0] && code <= hidden[i][1]) return 0;
    return 1;
}

void characters_name(char *name, uint32_t code)
{
    char s[5] = "";
    const int visible = is_visible(code);
    if (visible) s[characters_encode(s, code)] = '\0';
    snprintf(name, CHARACTERS_NAME, visible ? "U+%04X “%s”" : "U+%04X%s",
             (unsigned)code, s);
}

/* Free a text or a vocabulary */
void text_free(text *t)
{
    free(t->codes);
    *t = (text){0, NULL};
}

void vocabulary_free(vocabulary *v)
{
    free(v->codes);
    *v = (vocabulary){0, NULL};
}

/* Say which byte is not UTF-8 */
static int not_utf8(const char *name, const unsigned char *s, size_t at,
                    const char *wrong, fault *f)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += s[i] == '\n';
    return fault_set(f, "%s: not UTF-8: byte %zu (counted from 0), on line %zu, "
                     "is 0x%02X: %s", name, at, line, s[at], wrong);
}

/* Decode a whole text */
int text_decode(text *t, const char *name, const char *bytes, size_t size, fault *f)
{
    const unsigned char *s = (const unsigned char *)bytes;
    *t = (text){0, calloc(size ? size : 1, sizeof *t->codes)};
    if (!t->codes)
        return fault_set(f, "%s: no memory for %zu characters", name, size);
    for (size_t at = 0; at < size;) {
        character c = characters_next(s + at, size - at);
        if (c.wrong) {
            text_free(t);
            return not_utf8(name, s, at, c.wrong, f);
        }
        t->codes[t->count++] = c.code;
        at += c.size;
    }
    return 0;
}

/* Read a file into memory */
int file_read(char **bytes, size_t *size, FILE *file)
{
    size_t room = 1 << 16;
    *size = 0;
    for (*bytes = malloc(room); *bytes; room *= 2) {
        *size += fread(*bytes + *size, 1, room - *size, file);
        if (ferror(file)) return -1;
        if (*size < room) return 0;
        char *more = room > SIZE_MAX / 2 ? NULL : realloc(*bytes, room * 2);
        if (!more) free(*bytes);
        *bytes = more;
    }
    errno = ENOMEM;
    return -1;
}

/* Guess an encoding */
static const struct { const char *bytes; size_t size; const char *encoding; } marks[] = {
    {"\xFF\xFE\0\0", 4, "UTF-32"}, {"\0\0\xFE\xFF", 4, "UTF-32"},
    {"\xFF\xFE", 2, "UTF-16"},     {"\xFE\xFF", 2, "UTF-16"},
};

static const char *guess_encoding(const unsigned char *s, size_t size)
{
    size_t at = 0, letters = 0, windows = 0;
    for (size_t i = 0; i < 4; i++)
        if (size >= marks[i].size && memcmp(s, marks[i].bytes, marks[i].size) == 0)
            return marks[i].encoding;
    for (character c; at < size; at += c.size) {
        c = characters_next(s + at, size - at);
        if (c.wrong) break;
        letters += c.size > 1;
    }
    for (; at < size; at++) windows += s[at] >= 0x80 && s[at] < 0xA0;
    return letters ? NULL : windows ? "CP1252" : "LATIN1";
}

/* Suggest how to convert a file */
static int suggest_encoding(const char *path, const unsigned char *s, size_t size,
                            fault *f)
{
    char quoted[FAULT_QUOTED];
    const fault said = *f;
    const char *from = guess_encoding(s, size);
    fault_quote(quoted, path);
    if (from)
        return fault_set(f, "%s\n     if it is in %s, this converts it:"
                         "  iconv -f %s -t UTF-8 %s > converted.txt",
                         said.text, from, from, quoted);
    return fault_set(f, "%s\n     what comes before it is UTF-8; this leaves out what is "
                     "not:  iconv -c -f UTF-8 -t UTF-8 %s > converted.txt", said.text, quoted);
}

/* Decode what a file held */
static int decode_file(text *t, const char *path, const char *bytes, size_t size,
                       fault *f)
{
    if (text_decode(t, path, bytes, size, f) != 0)
        return suggest_encoding(path, (const unsigned char *)bytes, size, f);
    if (t->count && t->codes[0] == BYTE_ORDER_MARK)
        memmove(t->codes, t->codes + 1, --t->count * sizeof *t->codes);
    if (t->count) return 0;
    text_free(t);
    return fault_set(f, "%s: the file is empty; there is nothing to read", path);
}

/* Read a text from a file */
int text_read(text *t, const char *path, fault *f)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "rb");
    if (!file) return fault_set(f, "%s: %s", path, strerror(errno));
    int status = file_read(&bytes, &size, file);
    if (status != 0) fault_set(f, "%s: %s", path, strerror(errno));
    else status = decode_file(t, path, bytes, size, f);
    fclose(file);
    free(bytes);
    return status;
}

/* Collect the vocabulary of a text */
int vocabulary_alloc(vocabulary *v, const text *t)
{
    unsigned char *seen = calloc(0x110000, 1);
    *v = (vocabulary){0, NULL};
    if (!seen) return -1;
    for (size_t i = 0; i < t->count; i++) seen[t->codes[i]] = 1;
    for (size_t c = 0; c < 0x110000; c++) v->count += seen[c];
    v->codes = calloc(v->count + 1, sizeof *v->codes);
    if (v->codes)
        /* List the code points that were seen */
        for (uint32_t c = 0, symbol = 0; c < 0x110000; c++)
            if (seen[c]) v->codes[symbol++] = c;
    free(seen);
    return v->codes ? 0 : -1;
}

/* Find the symbol of a character */
size_t vocabulary_find(const vocabulary *v, uint32_t code)
{
    size_t low = 0, high = v->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v->codes[middle] < code) low = middle + 1;
        else high = middle;
    }
    return low < v->count && v->codes[low] == code ? low : v->count;
}

/* Name a character outside the vocabulary */
static int unknown(const char *name, size_t line, size_t column, uint32_t code,
                   const vocabulary *v, fault *f)
{
    char shown[CHARACTERS_NAME];
    characters_name(shown, code);
    return fault_set(f, "%s: line %zu, character %zu: %s is not one of the %zu "
                     "characters that this network was trained on",
                     name, line, column, shown, v->count);
}

/* Number the characters of a text */
int vocabulary_number(uint32_t *symbols, const vocabulary *v, const text *t,
                      const char *name, fault *f)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < t->count; i++) {
        size_t symbol = vocabulary_find(v, t->codes[i]);
        if (symbol == v->count)
            return unknown(name, line, column, t->codes[i], v, f);
        symbols[i] = (uint32_t)symbol;
        column++;
        if (t->codes[i] == '\n') line++, column = 1;
    }
    return 0;
}
