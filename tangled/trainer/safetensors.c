/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "safetensors.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "characters.h"
#include "json.h"
#include "replacement.h"

enum { LONGEST_HEADER = 100000000 };
/* A piece of the pool */
typedef struct {
    const char *start;          // ends with a NUL
    size_t size;                // without it
} slice;

/* A reader of JSON */
typedef struct {
    const unsigned char *begin, *at, *end;
    char *pool;                 // where the next string goes
    safetensors *s;             // what has been read
    fault *f;
} reader;

/* Complain about the header */
static int wrong(const reader *r, const char *what)
{
    size_t at = (size_t)(r->at - r->begin) + 8;
    return fault_set(r->f, "%s: byte %zu of the file, in its header: %s",
                     r->s->path, at, what);
}

static int expected(const reader *r, const char *what)
{
    char sentence[80];
    snprintf(sentence, sizeof sentence, "%s should come here", what);
    return wrong(r, sentence);
}

/* An entry while it is read */
typedef struct {
    slice type;
    size_t shape[SAFETENSORS_RANK], rank, offsets[SAFETENSORS_RANK], ends;
    unsigned seen;
} entry;

/* The types of numbers */
static const struct kind { const char *name; size_t width; int exponent, is_signed; } types[] = {
    {"F64", 8, 11, 1}, {"F32", 4, 8, 1}, {"F16", 2, 5, 1}, {"BF16", 2, 8, 1},
    {"F8_E4M3", 1, 4, 1}, {"F8_E5M2", 1, 5, 1},
    {"I64", 8, 0, 1}, {"I32", 4, 0, 1}, {"I16", 2, 0, 1}, {"I8", 1, 0, 1}, {"BOOL", 1, 0, 0},
    {"U64", 8, 0, 0}, {"U32", 4, 0, 0}, {"U16", 2, 0, 0}, {"U8", 1, 0, 0},
};

static const struct kind *type_named(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0) return &types[i];
    return NULL;
}

/* Numbers and their bytes */
static uint64_t from_bytes(const unsigned char *bytes, size_t width)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++) bits |= (uint64_t)bytes[i] << (8 * i);
    return bits;
}

static void to_bytes(unsigned char *bytes, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++) bytes[i] = (unsigned char)(bits >> (8 * i));
}

/* An order by offset */
static void sort(void *list, size_t count, size_t size,
                 int (*order)(const void *a, const void *b))
{
    if (count) qsort(list, count, size, order);
}

static int by_offset(const void *a, const void *b)
{
    const tensor *s = a, *t = b;
    const int order = (s->begin > t->begin) - (s->begin < t->begin);
    return order ? order : (s->end > t->end) - (s->end < t->end);
}

/* Orders by name */
static int by_name(const void *a, const void *b)
{
    return strcmp(((const tensor *)a)->name, ((const tensor *)b)->name);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const metadatum *)a)->key, ((const metadatum *)b)->key);
}

/* Read the pieces of a header */
/* Take a sign if it comes next */
static void skip_spaces(reader *r)
{
    while (*r->at && strchr(" \t\r\n", *r->at)) r->at++;
}

static int take_next(reader *r, char sign)
{
    const int comes = *r->at == (unsigned char)sign;
    r->at += comes;
    return comes;
}

static int take(reader *r, char sign)
{
    skip_spaces(r);
    return take_next(r, sign);
}

/* The value of a hexadecimal digit */
static int value_of_digit(int c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Read four hexadecimal digits */
/* unit = 'u' and four hexadecimal digits */
static int read_unit(reader *r, uint32_t *unit)
{
    if (!take_next(r, 'u')) return expected(r, "an escape that JSON knows");
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = value_of_digit(*r->at);
        if (digit < 0) return expected(r, "a hexadecimal digit");
        *unit = *unit * 16 + (uint32_t)digit;
        r->at++;
    }
    return 0;
}

/* Read an escape */
/* escape = one of "\/bfnrt | 'u' and four hexadecimal digits */
static int read_escape(reader *r, uint32_t *code)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter = *r->at ? strchr(letters, *r->at) : NULL;
    if (letter) {
        *code = (uint32_t)meanings[letter - letters];
        r->at++;
        return 0;
    }
    const int done = read_unit(r, code);
    if (done != 0) return done;
    /* Join two surrogates to one character */
    uint32_t low;
    if (*code >= 0xDC00 && *code <= 0xDFFF)
        return expected(r, "the first half of a pair");
    if (*code >= 0xD800 && *code <= 0xDBFF) {
        if (!take_next(r, '\\') || read_unit(r, &low) != 0 || low < 0xDC00 || low > 0xDFFF)
            return expected(r, "the second half of a pair");
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    }
    return 0;
}

/* Read a character that is not escaped */
static int read_plain(reader *r, uint32_t *code)
{
    character c = characters_next(r->at, (size_t)(r->end - r->at));
    if (c.wrong || c.code < 0x20)
        return expected(r, "a character that may stand in a string");
    *code = c.code;
    r->at += c.size;
    return 0;
}

/* Read one character of a string */
static int read_character(reader *r)
{
    uint32_t code;
    const int done = take_next(r, '\\') ? read_escape(r, &code) : read_plain(r, &code);
    if (done == 0) r->pool += characters_encode(r->pool, code);
    return done;
}

/* Read a string */
/* string = '"' { character | '\' escape } '"' */
static int read_string(reader *r, slice *s)
{
    if (!take(r, '"')) return expected(r, "a string");
    s->start = r->pool;
    while (r->at < r->end && *r->at != '"') {
        const int done = read_character(r);
        if (done != 0) return done;
    }
    if (r->at == r->end) return expected(r, "the end of a string");
    r->at++;
    s->size = (size_t)(r->pool - s->start);
    *r->pool++ = '\0';
    return 0;
}

/* Read a string without U+0000 */
static int read_plain_string(reader *r, slice *s)
{
    const int done = read_string(r, s);
    if (done != 0) return done;
    return strlen(s->start) == s->size ? 0 : wrong(r, "this name has U+0000 in it");
}

/* Read an object */
/* object = '{' [ string ':' value { ',' string ':' value } ] '}' */
static int read_object(reader *r, int (*member)(reader *r, slice key, void *to),
                       void *to)
{
    slice key;
    if (!take(r, '{')) return expected(r, "an object");
    if (take(r, '}')) return 0;
    do {
        const int named = read_plain_string(r, &key);
        if (named != 0) return named;
        if (!take(r, ':')) return expected(r, "a colon");
        const int done = member(r, key, to);
        if (done != 0) return done;
    } while (take(r, ','));
    return take(r, '}') ? 0 : expected(r, "a comma or the end of an object");
}

/* Read a size */
/* number = '0' | digit from 1 to 9, and digits */
static int read_number(reader *r, size_t *number)
{
    *number = 0;
    if (take(r, '0')) return 0;
    const unsigned char *start = r->at;
    for (; *r->at >= '0' && *r->at <= '9'; r->at++)
        if (__builtin_mul_overflow(*number, 10, number)
            || __builtin_add_overflow(*number, *r->at - '0', number))
            return wrong(r, "this number is too large");
    return r->at > start ? 0 : expected(r, "a whole number without sign");
}

/* Read a list of sizes */
/* numbers = '[' [ number { ',' number } ] ']'; at most SAFETENSORS_RANK of them */
static int read_numbers(reader *r, size_t *list, size_t *count)
{
    *count = 0;
    if (!take(r, '[')) return expected(r, "a list of numbers");
    if (take(r, ']')) return 0;
    do {
        if (*count == SAFETENSORS_RANK)
            return expected(r, "the end of a list of eight numbers");
        const int done = read_number(r, &list[(*count)++]);
        if (done != 0) return done;
    } while (take(r, ','));
    return take(r, ']') ? 0 : expected(r, "a comma or the end of a list");
}

/* Read the members of a header */
/* Make room for one more */
static void *with_room(void *list, size_t count, size_t size)
{
    return realloc(list, (count + 1) * size);
}

/* Add a tensor to the list */
static int add_tensor(reader *r, slice name, const entry *e)
{
    tensor *more = with_room(r->s->tensors, r->s->count, sizeof *more);
    if (!more) return wrong(r, "no memory for what it describes");
    r->s->tensors = more;
    tensor t = {.name = name.start, .type = e->type.start, .rank = e->rank, .count = 1,
                .begin = e->offsets[0], .end = e->offsets[1]};
    memcpy(t.shape, e->shape, sizeof t.shape);
    /* Check that shape and offsets agree */
    const struct kind *type = type_named(t.type);
    const size_t width = type ? type->width : 0;
    size_t bytes = 0;
    int overflow = 0;
    for (size_t i = 0; i < t.rank; i++)
        overflow |= __builtin_mul_overflow(t.count, t.shape[i], &t.count);
    if (width == 0) return wrong(r, "the dtype of this entry is unknown");
    if (overflow || __builtin_mul_overflow(t.count, width, &bytes))
        return wrong(r, "the shape of this entry is too large");
    if (t.end < t.begin || t.end - t.begin != bytes)
        return wrong(r, "shape and data_offsets of this entry disagree");
    more[r->s->count++] = t;
    return 0;
}

/* Read a field of an entry */
static int read_field(reader *r, slice key, void *to)
{
    static const char *const fields[] = {"dtype", "shape", "data_offsets"};
    entry *e = to;
    unsigned field = 0;
    while (field < 3 && strcmp(fields[field], key.start) != 0) field++;
    if (field == 3 || e->seen & 1u << field)
        return wrong(r, "an entry has dtype, shape and data_offsets, each once");
    e->seen |= 1u << field;
    if (field == 0) return read_plain_string(r, &e->type);
    if (field == 1) return read_numbers(r, e->shape, &e->rank);
    return read_numbers(r, e->offsets, &e->ends);
}

/* Read a string of the metadata */
static int read_pair(reader *r, slice key, void *nothing)
{
    slice value;
    metadatum *more = with_room(r->s->metadata, r->s->pairs, sizeof *more);
    (void)nothing;
    if (!more) return wrong(r, "no memory for what it describes");
    r->s->metadata = more;
    const int done = read_string(r, &value);
    if (done == 0) more[r->s->pairs++] = (metadatum){key.start, value.start, value.size};
    return done;
}

/* Read a member of the header */
static int read_entry(reader *r, slice name, void *to)
{
    entry e = {.seen = 0};
    if (strcmp(name.start, "__metadata__") == 0) {
        if (*(int *)to) return wrong(r, "__metadata__ comes twice");
        *(int *)to = 1;
        return read_object(r, read_pair, NULL);
    }
    const int done = read_object(r, read_field, &e);
    if (done != 0) return done;
    if (e.seen != 7 || e.ends != 2)
        return wrong(r, "this entry lacks a dtype, a shape or two data_offsets");
    return add_tensor(r, name, &e);
}

/* Complain about the size of the data */
static int wrong_size(const reader *r, size_t described, size_t found)
{
    return fault_set(r->f, "%s: the header describes %zu bytes of numbers, and there "
                     "are %zu%s", r->s->path, described, found,
                     described > found ? ": the file was cut short" : "");
}

/* Check that the tensors cover the data */
static int check_cover(reader *r, size_t size)
{
    safetensors *s = r->s;
    size_t at = 0;
    sort(s->tensors, s->count, sizeof *s->tensors, by_offset);
    for (size_t i = 0; i < s->count; at = s->tensors[i++].end) {
        const size_t begin = s->tensors[i].begin;
        if (begin < at) return wrong(r, "the bytes of two tensors overlap");
        if (begin > at) return wrong(r, "there is a gap between two tensors");
    }
    sort(s->tensors, s->count, sizeof *s->tensors, by_name);
    return at == size ? 0 : wrong_size(r, at, size);
}

/* Check that no name comes twice */
static int check_names(reader *r)
{
    safetensors *s = r->s;
    sort(s->tensors, s->count, sizeof *s->tensors, by_name);
    sort(s->metadata, s->pairs, sizeof *s->metadata, by_key);
    for (size_t i = 1; i < s->count; i++)
        if (by_name(&s->tensors[i - 1], &s->tensors[i]) == 0)
            return wrong(r, "two tensors have the same name");
    for (size_t i = 1; i < s->pairs; i++)
        if (by_key(&s->metadata[i - 1], &s->metadata[i]) == 0)
            return wrong(r, "the metadata have the same key twice");
    return 0;
}

/* Open, search and close */
/* Find out the size of the file */
static int size_of_file(const safetensors *s, size_t *size, fault *f)
{
    struct stat status;
    if (fstat(fileno(s->file), &status) != 0 || !S_ISREG(status.st_mode))
        return fault_set(f, "%s: this is not a regular file", s->path);
    *size = (size_t)status.st_size;
    return 0;
}

/* Read and check the length of the header */
static int read_lengths(safetensors *s, size_t *length, size_t *size, fault *f)
{
    unsigned char bytes[8];
    const int sized = size_of_file(s, size, f);
    if (sized != 0) return sized;
    if (fread(bytes, 1, 8, s->file) != 8)
        return fault_set(f, "%s: %zu bytes are too few for a safetensors file",
                         s->path, *size);
    const uint64_t announced = from_bytes(bytes, 8);
    /* Refuse a length that cannot be */
    if (announced > LONGEST_HEADER || announced > *size - 8)
        return fault_set(f, "%s: this is no safetensors file, or it was cut short: it "
                         "announces a header of %" PRIu64 " bytes", s->path, announced);
    *length = (size_t)announced;
    s->data = 8 + *length;
    return 0;
}

/* Parse the header */
static int parse_header(reader *r, unsigned char *header, size_t length, size_t size)
{
    int metadata = 0;
    if (fread(header, 1, length, r->s->file) != length) return wrong(r, "it cannot be read");
    header[length] = '\0';
    r->end += length;
    if (header[0] != '{') return expected(r, "an object");
    const int done = read_object(r, read_entry, &metadata);
    if (done != 0) return done;
    skip_spaces(r);
    if (r->at != r->end) return expected(r, "its end");
    const int named = check_names(r);
    return named == 0 ? check_cover(r, size) : named;
}

/* Read the header */
static int read_header(safetensors *s, size_t length, size_t size, fault *f)
{
    unsigned char *header = malloc(length + 1);
    s->strings = malloc(length + 1);
    reader r = {header, header, header, s->strings, s, f};
    const int status = header && s->strings ? parse_header(&r, header, length, size - s->data)
                                            : wrong(&r, "no memory for it");
    free(header);
    return status;
}

/* Close a file */
void safetensors_close(safetensors *s)
{
    fclose(s->file);
    free(s->strings);
    free(s->tensors);
    free(s->metadata);
    *s = (safetensors){.file = NULL};
}

/* Open a file and read its header */
int safetensors_open(safetensors *s, const char *path, fault *f)
{
    size_t length = 0, size = 0;
    *s = (safetensors){.path = path, .file = fopen(path, "rb")};
    if (!s->file) return fault_set(f, "%s: %s", path, strerror(errno));
    if (read_lengths(s, &length, &size, f) == 0
        && read_header(s, length, size, f) == 0) return 0;
    safetensors_close(s);
    return -1;
}

/* Find a tensor or a string of the metadata */
const tensor *safetensors_find(const safetensors *s, const char *name)
{
    tensor wanted = {.name = name};
    return s->count ? bsearch(&wanted, s->tensors, s->count, sizeof wanted, by_name)
                    : NULL;
}

const metadatum *safetensors_value(const safetensors *s, const char *key)
{
    metadatum wanted = {.key = key};
    return s->pairs ? bsearch(&wanted, s->metadata, s->pairs, sizeof wanted, by_key)
                    : NULL;
}

/* A number of any type */
static double fraction_from(uint64_t bits, const struct kind *type)
{
    const int digits = (int)(8 * type->width) - 1 - type->exponent;
    const int largest = (1 << type->exponent) - 1, exponent = (int)(bits >> digits) & largest;
    const uint64_t rest = bits & (((uint64_t)1 << digits) - 1);
    const int negative = (bits >> (8 * type->width - 1)) & 1;
    double size = ldexp((double)rest, -digits) + (exponent > 0);
    size = ldexp(size, (exponent ? exponent : 1) - largest / 2);
    if (exponent == largest && (type->exponent != 4 || rest == 7))
        size = rest ? (double)NAN : (double)INFINITY;
    return negative ? -size : size;
}

static double number_from(const unsigned char *bytes, const struct kind *type)
{
    const uint64_t bits = from_bytes(bytes, type->width);
    const int unused = (int)(64 - 8 * type->width);
    if (type->exponent) return fraction_from(bits, type);
    if (!type->is_signed || !(bits >> (8 * type->width - 1))) return (double)bits;
    const uint64_t size = (~bits + 1) << unused >> unused;
    return -(double)size;
}

/* Read some numbers of a tensor */
int safetensors_numbers(safetensors *s, const tensor *t, size_t first, size_t count, double *to,
                        fault *f)
{
    unsigned char bytes[SAFETENSORS_BLOCK * 8];
    const struct kind *type = type_named(t->type);
    const size_t at = s->data + t->begin + first * type->width;
    if (fseeko(s->file, (off_t)at, SEEK_SET) != 0)
        return fault_set(f, "%s: %s", s->path, strerror(errno));
    if (fread(bytes, type->width, count, s->file) != count)
        return fault_set(f, "%s: “%s” cannot be read", s->path, t->name);
    for (size_t i = 0; i < count; i++) to[i] = number_from(bytes + i * type->width, type);
    return 0;
}

/* Read the numbers of a tensor */
int safetensors_read(safetensors *s, const tensor *t, real *to, fault *f)
{
    const struct kind *type = type_named(t->type);
    if (type->exponent == 0 || type->width == 1)
        return fault_set(f, "%s: “%s” has type %s; only F64, F32, F16 and BF16 can be read",
                         s->path, t->name, t->type);
    for (size_t at = 0, some; at < t->count; at += some) {
        double numbers[SAFETENSORS_BLOCK];
        some = t->count - at < SAFETENSORS_BLOCK ? t->count - at : SAFETENSORS_BLOCK;
        if (safetensors_numbers(s, t, at, some, numbers, f) != 0) return -1;
        /* Take the numbers, and see that they are numbers */
        for (size_t i = 0; i < some; i++) {
            to[at + i] = (real)numbers[i];
            if (!isfinite(to[at + i]))
                return fault_set(f, "%s: number %zu of “%s” is not finite", s->path, at + i, t->name);
        }
    }
    return 0;
}

/* Write a file */
/* Count and order what is to be saved */
static size_t outgoing_count(const outgoing *t)
{
    return t->shape[1] ? t->shape[0] * t->shape[1] : t->shape[0];
}

static const struct kind *outgoing_type(const outgoing *t)
{
    return type_named(t->type ? t->type : sizeof(real) == 4 ? "F32" : "F64");
}

static int by_outgoing_name(const void *a, const void *b)
{
    return strcmp(((const outgoing *)a)->name, ((const outgoing *)b)->name);
}

/* Write the metadata */
static void write_metadata(FILE *out, const metadatum *metadata, size_t pairs)
{
    fputs("{\"__metadata__\":{", out);
    for (size_t i = 0; i < pairs; i++) {
        if (i) putc(',', out);
        json_string(out, metadata[i].key, strlen(metadata[i].key));
        putc(':', out);
        json_string(out, metadata[i].value, metadata[i].size);
    }
    putc('}', out);
}

/* Write the entries of the tensors */
static void write_entries(FILE *out, const outgoing *tensors, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct kind *type = outgoing_type(&tensors[i]);
        const size_t size = outgoing_count(&tensors[i]) * type->width;
        putc(',', out);
        json_string(out, tensors[i].name, strlen(tensors[i].name));
        fprintf(out, ":{\"dtype\":\"%s\",", type->name);
        fprintf(out, "\"shape\":[%zu", tensors[i].shape[0]);
        if (tensors[i].shape[1]) fprintf(out, ",%zu", tensors[i].shape[1]);
        fprintf(out, "],\"data_offsets\":[%zu,%zu]}", at, at + size);
        at += size;
    }
    putc('}', out);
}

/* Write the header */
static int write_header(FILE *file, const metadatum *metadata, size_t pairs,
                        const outgoing *tensors, size_t count)
{
    char *header;
    size_t size = 0;
    unsigned char length[8];
    FILE *memory = open_memstream(&header, &size);
    if (!memory) return 0;
    /* Put the header together */
    write_metadata(memory, metadata, pairs);
    write_entries(memory, tensors, count);
    const int flushed = fflush(memory) == 0;    // so that size is known
    for (size_t spaces = (8 - size % 8) % 8; spaces > 0; spaces--) putc(' ', memory);
    const int failed = ferror(memory);
    const int complete = fclose(memory) == 0 && flushed && !failed;
    to_bytes(length, size, 8);
    const int written = complete && fwrite(length, 1, 8, file) == 8
        && fwrite(header, 1, size, file) == size;
    free(header);
    return written;
}

/* The bits of a number */
static uint64_t bits_of(double number, const struct kind *type)
{
    const int digits = (int)(8 * type->width) - 1 - type->exponent;
    const int largest = (1 << type->exponent) - 1;
    const uint64_t sign = (uint64_t)(signbit(number) != 0) << (8 * type->width - 1);
    int exponent;
    frexp(number, &exponent);
    exponent += largest / 2 - 1;
    if (number == 0 || exponent < 1) exponent = 1;
    if (exponent >= largest || !isfinite(number))
        return sign | (uint64_t)largest << digits | (isnan(number) != 0);
    const double units = rint(ldexp(fabs(number), digits - exponent + largest / 2));
    return sign | ((((uint64_t)exponent - 1) << digits) + (uint64_t)units);
}

double safetensors_rounded(double number, const char *type)
{
    const struct kind *kind = type_named(type);
    return fraction_from(bits_of(number, kind), kind);
}

/* Write the numbers of a tensor */
static int write_numbers(FILE *file, const outgoing *t)
{
    unsigned char bytes[SAFETENSORS_BLOCK * 8];
    const struct kind *type = outgoing_type(t);
    const size_t count = outgoing_count(t), width = type->width;
    for (size_t at = 0, some; at < count; at += some) {
        some = count - at < SAFETENSORS_BLOCK ? count - at : SAFETENSORS_BLOCK;
        for (size_t i = 0; i < some; i++)
            to_bytes(bytes + i * width, bits_of(t->numbers[at + i], type), width);
        if (fwrite(bytes, width, some, file) != some) return 0;
    }
    return 1;
}

/* Save a file */
int safetensors_save(const char *path, metadatum *metadata, size_t pairs,
                     outgoing *tensors, size_t count, int trial, fault *f)
{
    replacement w;
    const int opened = replacement_open(&w, path, f);
    if (opened != 0) return opened;
    sort(metadata, pairs, sizeof *metadata, by_key);
    sort(tensors, count, sizeof *tensors, by_outgoing_name);
    size_t i = 0;
    const int headed = write_header(w.file, metadata, pairs, tensors, count);
    while (headed && i < count && write_numbers(w.file, &tensors[i])) i++;
    const int written = headed && i == count;
    if (written && !trial) return replacement_commit(&w, path, f);
    const int status = written && fflush(w.file) == 0
        ? 0 : fault_set(f, "%s: cannot save: %s", path, strerror(errno));
    replacement_abort(&w);
    return status;
}
