/* generated from chapters/02-characters.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L     // for fdopen
#include "characters.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Show a character as a terminal may have it */
static int is_command(uint32_t code)
{
    static const uint32_t commands[][2] = {
        {0, 0x1F}, {0x7F, 0x9F}, {0x61C, 0x61C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (code >= commands[i][0] && code <= commands[i][1]) return 1;
    return 0;
}

size_t characters_visible(char *to, uint32_t code)
{
    if (!is_command(code)) return characters_encode(to, code);
    if (code == '\n') return (size_t)sprintf(to, "\\n");
    return (size_t)sprintf(to, code < 0x80 ? "\\x%02X" : "\\u%04X", (unsigned)code);
}

void characters_shown(char *shown, size_t room, const char *message)
{
    char *to = shown, *end = shown + room - CHARACTERS_VISIBLE - 1;
    for (size_t left = strlen(message); left > 0 && to < end;) {
        const character c = characters_next((const unsigned char *)message, left);
        const size_t size = c.wrong ? 1 : c.size;
        if (strncmp(message, "\n     ", 6) == 0) *to++ = '\n';
        else if (c.wrong) to += sprintf(to, "\\x%02X", (unsigned)(unsigned char)*message);
        else to += characters_visible(to, c.code);
        message += size, left -= size;
    }
    *to = '\0';
}

/* Free a text or a vocabulary */
void text_free(text *t)
{
    for (int i = 0; i < 3; i++) free(t->digits[i]);
    free(t->codes);
    *t = (text){0};
}

void vocabulary_free(vocabulary *v)
{
    free(v->codes);
    *v = (vocabulary){0, NULL};
}

/* Say that there is no memory for a text */
static int no_memory(const draft *d, fault *f)
{
    return fault_set(f, "%s: no memory for %zu characters", d->name, d->room);
}

/* Say which byte is not UTF-8 */
static int not_utf8(draft *d, unsigned byte, const char *wrong, fault *f)
{
    size_t line = 1;
    d->wrong = wrong;
    for (size_t i = d->first; i < d->t->count; i++)
        line += text_place(d->t, i) + 1 == d->places['\n'];
    return fault_set(f, "%s: not UTF-8: byte %zu (counted from 0), on line %zu, "
                     "is 0x%02X: %s", d->name, d->at, line, byte, wrong);
}

/* Begin a draft */
static int draft_begin(draft *d, text *t, const char *name, size_t room, fault *f)
{
    *t = (text){0};
    *d = (draft){.t = t, .name = name, .room = room};
    d->places = calloc(CODE_POINTS, sizeof *d->places);
    return d->places ? 0 : no_memory(d, f);
}

/* Meet a new character */
static int meet(draft *d, uint32_t code)
{
    text *t = d->t;
    uint8_t **digits = &t->digits[t->different < 256 ? 0 : t->different < 65536 ? 1 : 2];
    if (!*digits) *digits = calloc(d->room, 1);
    if (!*digits) return -1;
    d->places[code] = (uint32_t)++t->different;
    return 0;
}

/* Make room for more characters */
static int make_room(draft *d, size_t more)
{
    text *t = d->t;
    if (d->room - t->count >= more) return 0;
    d->room *= 2;
    for (int i = 0; i < 3 && t->digits[i]; i++) {
        uint8_t *larger = realloc(t->digits[i], d->room);
        if (!larger) return -1;
        t->digits[i] = larger;
    }
    return 0;
}

/* Decode as much as there is */
/* Whether the bytes that are left begin a character of a larger size. */
static int is_cut(const unsigned char *s, size_t left, size_t size)
{
    for (size_t i = 1; i < left; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    return left < size;
}

static int draft_take(draft *d, const unsigned char *s, size_t size, int more, fault *f)
{
    if (make_room(d, size) != 0) return no_memory(d, f);
    for (character c; size > 0; s += c.size, size -= c.size, d->at += c.size) {
        c = *s < 0x80 ? (character){*s, 1, NULL} : characters_next(s, size);
        if (c.wrong && more && is_cut(s, size, c.size)) break;
        if (c.wrong) return not_utf8(d, *s, c.wrong, f);
        d->beyond |= c.size > 1;
        if (!d->places[c.code] && meet(d, c.code) != 0) return no_memory(d, f);
        /* Write down the place of a character */
        const uint32_t place = d->places[c.code] - 1;
        text *t = d->t;
        t->digits[0][t->count] = (uint8_t)place;
        if (t->digits[1]) t->digits[1][t->count] = (uint8_t)(place / 256);
        if (t->digits[2]) t->digits[2][t->count] = (uint8_t)(place / 65536);
        t->count++;
    }
    return 0;
}

/* End a draft */
static int draft_end(draft *d, int status, fault *f)
{
    text *t = d->t;
    if (status == 0) t->codes = calloc(2 * t->different + 1, sizeof *t->codes);
    if (status == 0 && !t->codes) status = no_memory(d, f);
    if (status == 0) t->symbols = t->codes + t->different;
    for (uint32_t code = 0; status == 0 && code < CODE_POINTS; code++)
        if (d->places[code]) t->codes[d->places[code] - 1] = code;
    free(d->places);
    if (status != 0) text_free(t);
    return status;
}

/* Decode a whole text */
int text_decode(text *t, const char *name, const char *bytes, size_t size, fault *f)
{
    draft d;
    int status = draft_begin(&d, t, name, size ? size : 1, f);
    if (status == 0) status = draft_take(&d, (const unsigned char *)bytes, size, 0, f);
    return draft_end(&d, status, f);
}

/* Read as much as there is */
enum { STALLED = 1000 };        // milliseconds

/* Up to a block; patient: its first byte is waited for. Returns how many. */
static size_t fill(reading *r, unsigned char *to, int patient)
{
    struct pollfd input = {.fd = fileno(r->file), .events = POLLIN};
    size_t got = 0;
    while (got < TEXT_BLOCK && !r->ended) {
        if ((got > 0 || !patient) && poll(&input, 1, STALLED) == 0) break;
        const ssize_t more = read(input.fd, to + got, TEXT_BLOCK - got);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) r->error = errno;
        if (more <= 0) r->ended = 1;
        else got += (size_t)more;
    }
    return got;
}

/* Look for what only Windows writes */
static int windows_wrote(reading *r)
{
    size_t from = r->d.at - r->start;
    for (int blocks = 0; blocks <= 4; blocks++, from = 0) {
        for (size_t i = from; i < r->size; i++)
            if (r->block[i] >= 0x80 && r->block[i] < 0xA0) return 1;
        if (blocks < 4) r->size = fill(r, r->block, 0);
    }
    return 0;
}

/* Guess an encoding */
static const struct { const char *bytes; size_t size; const char *encoding; } marks[] = {
    {"\xFF\xFE\0\0", 4, "UTF-32"}, {"\0\0\xFE\xFF", 4, "UTF-32"},
    {"\xFF\xFE", 2, "UTF-16"},     {"\xFE\xFF", 2, "UTF-16"},
};

static const char *guess_encoding(reading *r)
{
    for (size_t i = 0; i < 4; i++)
        if (r->start == 0 && r->size >= marks[i].size
            && memcmp(r->block, marks[i].bytes, marks[i].size) == 0)
            return marks[i].encoding;
    if (r->mark || r->d.beyond) return NULL;
    return windows_wrote(r) ? "CP1252" : "LATIN1";
}

/* Quote a name, or a dash */
char *reading_quote(char *quoted, const char *path)
{
    if (strcmp(path, "-") == 0) return strcpy(quoted, path);
    return fault_quote(quoted, path);
}

/* Suggest how to convert a file */
static int suggest_encoding(reading *r, fault *f)
{
    char quoted[FAULT_QUOTED];
    const fault said = *f;
    const char *from = guess_encoding(r);
    reading_quote(quoted, r->paths[r->number]);
    if (from)
        return fault_set(f, "%s\n     if it is in %s, this converts it:"
                         "  iconv -f %s -t UTF-8 %s > converted.txt",
                         said.text, from, from, quoted);
    return fault_set(f, "%s\n     what comes before it is UTF-8; this leaves out what is "
                     "not:  iconv -c -f UTF-8 -t UTF-8 %s > converted.txt", said.text, quoted);
}

/* Take the characters of a block */
static int take_block(reading *r, int more, fault *f)
{
    static const char mark[] = "\xEF\xBB\xBF";
    draft *d = &r->d;
    if (r->start == 0 && r->size >= 3 && memcmp(r->block, mark, 3) == 0) d->at = r->mark = 3;
    const size_t skipped = d->at - r->start;
    const int status = draft_take(d, r->block + skipped, r->size - skipped, more, f);
    if (status != 0) return d->wrong ? suggest_encoding(r, f) : status;
    if (more || d->t->count > d->first) return more;
    return fault_set(f, "%s: the file is empty; there is nothing to read", d->name);
}

/* Read a block */
static int read_block(reading *r, fault *f)
{
    const size_t taken = r->d.at - r->start;
    memmove(r->block, r->block + taken, r->size -= taken);
    const size_t got = fill(r, r->block + r->size, 1);
    if (r->error) return fault_set(f, "%s: %s", r->d.name, strerror(r->error));
    r->start = r->d.at;
    r->size += got;
    return take_block(r, !r->ended, f);
}

/* Open the next file */
static FILE *open_input(const char *path)
{
    if (strcmp(path, "-") != 0) return fopen(path, "rb");
    const int descriptor = dup(STDIN_FILENO);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "rb");
    if (!file && descriptor >= 0) close(descriptor);
    return file;
}

static int open_next(reading *r, fault *f)
{
    const char *path = r->paths[r->number];
    r->d.name = strcmp(path, "-") == 0 ? "standard input" : path;
    r->d.first = r->d.t->count;
    r->d.at = r->start = r->size = r->mark = 0;
    r->ended = r->error = 0;
    r->d.beyond = 0;
    r->file = open_input(path);
    if (!r->file && r->d.name != path && (errno == EBADF || errno == EINVAL))
        return fault_set(f, "%s is closed", r->d.name);
    return r->file ? 0 : fault_set(f, "%s: %s", r->d.name, strerror(errno));
}

/* Read a text from files */
int reading_begin(reading *r, text *t, const char *const *paths, size_t count, fault *f)
{
    *t = (text){0};
    *r = (reading){.paths = paths, .count = count, .d = {.t = t}};
    if (open_next(r, f) != 0) return -1;
    if (draft_begin(&r->d, t, r->d.name, sizeof r->block, f) == 0) return 0;
    fclose(r->file);
    return -1;
}

int reading_go_on(reading *r, fault *f)
{
    int status = read_block(r, f);
    if (status > 0) return status;
    fclose(r->file);
    if (status == 0 && ++r->number < r->count)
        if ((status = open_next(r, f)) == 0) return 1;
    return draft_end(&r->d, status, f);
}

void reading_give_up(reading *r)
{
    fclose(r->file);
    draft_end(&r->d, -1, NULL);
}

int text_read(text *t, const char *path, fault *f)
{
    reading r;
    int status = reading_begin(&r, t, &path, 1, f);
    if (status == 0)
        while ((status = reading_go_on(&r, f)) > 0) continue;
    return status;
}

/* Collect the vocabulary of a text */
static int by_code(const void *a, const void *b)
{
    const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

int vocabulary_alloc(vocabulary *v, const text *t)
{
    *v = (vocabulary){0, calloc(t->different + 1, sizeof *v->codes)};
    if (!v->codes) return -1;
    v->count = t->different;
    memcpy(v->codes, t->codes, v->count * sizeof *v->codes);
    qsort(v->codes, v->count, sizeof *v->codes, by_code);
    return 0;
}

/* Join two vocabularies */
int vocabulary_join(vocabulary *v, const vocabulary *other)
{
    const size_t all = v->count + other->count;
    uint32_t *codes = realloc(v->codes, (all + 1) * sizeof *codes);
    if (!codes) return -1;
    v->codes = codes;
    memcpy(codes + v->count, other->codes, other->count * sizeof *codes);
    qsort(codes, all, sizeof *codes, by_code);
    v->count = 0;
    for (size_t i = 0; i < all; i++)
        if (v->count == 0 || codes[i] != codes[v->count - 1]) codes[v->count++] = codes[i];
    return 0;
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
static int unknown(const text *t, size_t place, const vocabulary *v, const char *name, fault *f)
{
    char shown[CHARACTERS_NAME];
    size_t line = 1, column = 1;
    for (size_t i = 0; text_place(t, i) != place; i++) {
        column++;
        if (text_code(t, i) == '\n') line++, column = 1;
    }
    characters_name(shown, t->codes[place]);
    return fault_set(f, "%s: line %zu, character %zu: %s is not one of the %zu "
                     "characters that this network was trained on",
                     name, line, column, shown, v->count);
}

/* Number the characters of a text */
int text_number(text *t, const vocabulary *v, const char *name, fault *f)
{
    for (size_t i = 0; i < t->different; i++) {
        const size_t symbol = vocabulary_find(v, t->codes[i]);
        if (symbol == v->count) return unknown(t, i, v, name, f);
        t->symbols[i] = (uint32_t)symbol;
    }
    return 0;
}
