/* generated from chapters/02-characters.nw by noweb; do not edit */
#include "test-page.h"
#include "test-refusal.h"
#include "characters.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#elif defined __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED 0
#endif

/* Write bytes to a file for tests */
static char path[] = "/tmp/rnn-text-XXXXXX";

static void write_test_file(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) exit(1);
}

/* Test every code point there and back */
static void test_every_code_point(void)
{
    size_t bad = 0;
    for (uint32_t code = 0; code < 0x110000; code++) {
        char s[4];
        size_t size = characters_encode(s, code);
        character c = characters_next((const unsigned char *)s, size);
        int surrogate = code >= 0xD800 && code <= 0xDFFF;
        bad += surrogate ? c.wrong == NULL
                         : c.wrong != NULL || c.code != code || c.size != size;
    }
    ok(bad == 0,
       "every code point survives encoding and decoding; surrogates are refused");
}

static const struct { uint32_t code; const char *bytes; } spelt[] = {
    {'A', "A"}, {0x7F, "\x7F"},
    {0x80, "\xC2\x80"}, {0xE9, "\xC3\xA9"}, {0x7FF, "\xDF\xBF"},
    {0x800, "\xE0\xA0\x80"}, {0x20AC, "\xE2\x82\xAC"}, {0xD7FF, "\xED\x9F\xBF"},
    {0xE000, "\xEE\x80\x80"}, {0xFFFF, "\xEF\xBF\xBF"},
    {0x10000, "\xF0\x90\x80\x80"}, {0x1F600, "\xF0\x9F\x98\x80"},
    {0x10FFFF, "\xF4\x8F\xBF\xBF"},
};

static void test_spelling(void)
{
    for (size_t i = 0; i < sizeof spelt / sizeof *spelt; i++) {
        char s[5] = "";
        const size_t size = strlen(spelt[i].bytes), wrote = characters_encode(s, spelt[i].code);
        character c = characters_next((const unsigned char *)spelt[i].bytes, size);
        ok(wrote == size && strcmp(s, spelt[i].bytes) == 0, "U+%04X is written as it should be",
           (unsigned)spelt[i].code);
        ok(!c.wrong && c.code == spelt[i].code && c.size == size, "and read");
    }
}

/* Test what is not UTF-8 */
static const struct { const char *bytes; size_t at, line; } bad[] = {
    {"caf\xE9 noir", 3, 1},     {"\x80", 0, 1},             {"a\n\nb\xC0\x80", 4, 3},
    {"\xE2\x82", 0, 1},         {"ab\xE2\x82z", 2, 1},      {"\xE0\x80\x80", 0, 1},
    {"\xF0\x8F\xBF\xBF", 0, 1}, {"\n\xED\xA0\x80", 1, 2},   {"\xF4\x90\x80\x80", 0, 1},
    {"\xF5\x80\x80\x80", 0, 1}, {"\xC3\xA9\xC3", 2, 1},     {"\xFF\xFEh", 0, 1},
};

static void test_not_utf8(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        /* Decode the bad text and look for its place in the message */
        text t;
        fault f;
        char place[64];
        int status = text_decode(&t, "bad.txt", bad[i].bytes, strlen(bad[i].bytes), &f);
        snprintf(place, sizeof place, "byte %zu (counted from 0), on line %zu,", bad[i].at,
                 bad[i].line);
        ok(status == -1 && strstr(f.text, place), "bad text %zu is refused at %s", i,
           place);
        if (status == 0) text_free(&t);
    }
    text t;
    fault f;
    text_decode(&t, "bad.txt", "caf\xE9 noir", 9, &f);
    ok(strcmp(f.text, "bad.txt: not UTF-8: byte 3 (counted from 0), on line 1, is 0xE9: "
              "the next byte does not continue this character") == 0, "%s", f.text);
}

/* Test why it is refused */
static const struct { const char *bytes, *why; } reasons[] = {
    {"\x80", "continues a character that never began"},
    {"\xBF", "continues a character that never began"},
    {"\xC0\x80", "never uses this byte"}, {"\xC1\xBF", "never uses this byte"},
    {"\xF5\x80\x80\x80", "never uses this byte"}, {"\xFF", "never uses this byte"},
    {"\xC3", "ends in the middle"}, {"\xE2\x82", "ends in the middle"},
    {"\xF0\x9F\x98", "ends in the middle"},
    {"\xC3z", "does not continue"}, {"\xE2\x82\xC3", "does not continue"},
    {"\xE0\x9F\xBF", "more bytes than it needs"}, {"\xF0\x8F\xBF\xBF", "more bytes"},
    {"\xED\xA0\x80", "surrogate"}, {"\xED\xBF\xBF", "surrogate"},
    {"\xF4\x90\x80\x80", "past U+10FFFF"},
};

static void test_reasons(void)
{
    real *page = test_page();       // at the end of which a byte too many is not even read
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const size_t size = strlen(reasons[i].bytes);
        unsigned char *bytes = (unsigned char *)page + TEST_PAGE - size;
        memcpy(bytes, reasons[i].bytes, size);
        character c = characters_next(bytes, size);
        ok(c.wrong && strstr(c.wrong, reasons[i].why), "reason %zu: %s", i, reasons[i].why);
    }
    test_page_free(page);
}

/* Test how characters are named */
static const struct { uint32_t code; const char *name; } named[] = {
    {0, "U+0000"}, {0x1F, "U+001F"}, {' ', "U+0020 “ ”"}, {'~', "U+007E “~”"},
    {0x7F, "U+007F"}, {0xA0, "U+00A0"}, {0xA1, "U+00A1 “¡”"}, {0xE9, "U+00E9 “é”"},
    {0xAC, "U+00AC “¬”"}, {0xAD, "U+00AD"}, {0xAE, "U+00AE “®”"},
    {0x2FF, "U+02FF “\xCB\xBF”"}, {0x300, "U+0300"}, {0x36F, "U+036F"},
    {0x370, "U+0370 “\xCD\xB0”"},
    {0x200A, "U+200A “\xE2\x80\x8A”"}, {0x200B, "U+200B"}, {0x200F, "U+200F"}, {0x2010, "U+2010 “‐”"},
    {0x2027, "U+2027 “\xE2\x80\xA7”"}, {0x2028, "U+2028"}, {0x202F, "U+202F"},
    {0x2030, "U+2030 “‰”"},
    {0x205F, "U+205F “\xE2\x81\x9F”"}, {0x2060, "U+2060"}, {0x206F, "U+206F"},
    {0x2070, "U+2070 “⁰”"}, {0xFDFF, "U+FDFF “\xEF\xB7\xBF”"}, {0xFE00, "U+FE00"}, {0xFE0F, "U+FE0F"},
    {0xFE10, "U+FE10 “\xEF\xB8\x90”"},
    {0xFEFE, "U+FEFE “\xEF\xBB\xBE”"}, {0xFEFF, "U+FEFF"}, {0xFF00, "U+FF00 “\xEF\xBC\x80”"},
    {0x1F600, "U+1F600 “\xF0\x9F\x98\x80”"}, {0xDFFFF, "U+DFFFF “\xF3\x9F\xBF\xBF”"},
    {0xE0000, "U+E0000"},
    {0xE0FFF, "U+E0FFF"}, {0xE1000, "U+E1000 “\xF3\xA1\x80\x80”"},
    {0x10FFFF, "U+10FFFF “\xF4\x8F\xBF\xBF”"},
};

static void test_names(void)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        char name[CHARACTERS_NAME];
        characters_name(name, named[i].code);
        ok(strcmp(name, named[i].name) == 0, "U+%04X is named", (unsigned)named[i].code);
    }
}

/* Test what a terminal is sent */
static void test_shown(void)
{
    static const char said[] = "a\n     b\n    c\x1B[2J\x1F \x7E\x7F"
        "\xC2\x80\xC2\x9F\xC2\xA0\xD8\x9B\xD8\x9C\xD8\x9D"
        "\xE2\x80\x8D\xE2\x80\x8E\xE2\x80\x8F\xE2\x80\x90"
        "\xE2\x80\xA9\xE2\x80\xAA\xE2\x80\xAE\xE2\x80\xAF"
        "\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA\xE9\xC3";
    static const char right[] = "a\n     b\\n    c\\x1B[2J\\x1F \x7E\\x7F"
        "\\u0080\\u009F\xC2\xA0\xD8\x9B\\u061C\xD8\x9D"
        "\xE2\x80\x8D\\u200E\\u200F\xE2\x80\x90\xE2\x80\xA9\\u202A\\u202E\xE2\x80\xAF"
        "\xE2\x81\xA5\\u2066\\u2069\xE2\x81\xAA\\xE9\\xC3";
    struct { char shown[300], behind[8]; } room = {.behind = "behind"};
    characters_shown(room.shown, sizeof room.shown, said);
    ok(strcmp(room.shown, right) == 0, "a terminal gets no commands: %s", room.shown);
    for (size_t size = 16; size < 64; size++) {
        memset(room.shown, '#', sizeof room.shown);
        characters_shown(room.shown, size, right + strlen(right) - 20);
        characters_shown(room.shown + 100, size, said);
        ok(strlen(room.shown) < size && strlen(room.shown + 100) < size && room.shown[size] == '#'
           && room.shown[100 + size] == '#', "in a room of %zu", size);
    }
    ok(strcmp(room.behind, "behind") == 0, "and none gets more than it can hold");
}

/* Test files longer than a block */
static void test_long_files(void)
{
    static const size_t sizes[] = {65535, 65536, 65537, 131072, 131073, 400000};
    static char bytes[400000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = "\xE2\x82\xAC"[i % 3];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        text t;
        fault f;
        const size_t size = sizes[i] / 3 * 3, rest = sizes[i] % 3;
        char kept[2] = {bytes[size], bytes[size + rest - (rest > 0)]};
        memset(bytes + size, '.', rest);
        write_test_file(bytes, sizes[i]);
        memcpy(bytes + size, kept, rest);
        /* Test that the whole file has been read */
        size_t right = 0;
        int status = text_read(&t, path, &f);
        for (size_t c = 0; status == 0 && c < t.count; c++)
            right += text_code(&t, c) == (c < size / 3 ? 0x20AC : '.');
        ok(status == 0 && t.count == size / 3 + rest && right == t.count,
           "%zu bytes are read as %zu characters", sizes[i], t.count);
        text_free(&t);
    }
    /* Test what is no file */
    text t;
    fault f;
    ok(text_read(&t, "/nonexistent", &f) == -1 && strstr(f.text, "/nonexistent: No such"),
       "a file that is not there is named");
    ok(text_read(&t, "/tmp", &f) == -1 && strstr(f.text, "/tmp: Is a directory"),
       "so is a folder");
}

/* Test what is said of other encodings */
static const struct { const char *bytes; size_t size; const char *said; } foreign[] = {
    {"\xFF\xFEh\0i\0", 6, "-f UTF-16 "},     {"\xFE\xFF\0h\0i", 6, "-f UTF-16 "},
    {"\xFF\xFE\0\0h\0\0\0", 8, "-f UTF-32 "}, {"\0\0\xFE\xFF\0\0\0h", 8, "-f UTF-32 "},
    {"caf\xE9", 4, "-f LATIN1 "},             {"it\x92s", 4, "-f CP1252 "},
    {"caf\xE9, \x93no\x94", 10, "-f CP1252 "}, {"\xC3\xA9t\xE9\x92", 5, "-c -f UTF-8 "},
    {"\xE9\x7F", 2, "-f LATIN1 "},          {"\xE9\x80", 2, "-f CP1252 "},
    {"\xE9\xA0", 2, "-f LATIN1 "},          {"\xE9\x9F", 2, "-f CP1252 "},
    {"\xEF\xBB\xBF", 3, "the file is empty"}, {"", 0, "the file is empty"},
};

static void test_foreign(void)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        text t;
        fault f = {""};
        write_test_file(foreign[i].bytes, foreign[i].size);
        ok(text_read(&t, path, &f) == -1 && strstr(f.text, foreign[i].said),
           "foreign file %zu: %s", i, foreign[i].said);
        /* Test what a message begins and ends with */
        char end[64];
        const size_t size = strlen(f.text);
        const size_t tail = (size_t)snprintf(end, sizeof end, " UTF-8 %s > converted.txt", path);
        ok(strncmp(f.text, path, strlen(path)) == 0 && f.text[strlen(path)] == ':', "it is named");
        if (strstr(f.text, "iconv"))
            ok(size > tail && strcmp(f.text + size - tail, end) == 0,
               "and the command that helps reads it");
    }
    /* Test the messages to the letter */
    const struct { const char *bytes, *rest; } whole[] = {
        {"caf\xE9", "byte 3 (counted from 0), on line 1, is 0xE9: "
         "the text ends in the middle of this character\n"
         "     if it is in LATIN1, this converts it:  iconv -f LATIN1"},
        {"\xC3\xA9\xFF", "byte 2 (counted from 0), on line 1, is 0xFF: UTF-8 never uses this byte\n"
         "     what comes before it is UTF-8; this leaves out what is not:  iconv -c -f UTF-8"},
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        text t;
        fault f = {""};
        char should[512];
        write_test_file(whole[i].bytes, strlen(whole[i].bytes));
        snprintf(should, sizeof should, "%s: not UTF-8: %s -t UTF-8 %s > converted.txt", path,
                 whole[i].rest, path);
        ok(text_read(&t, path, &f) == -1 && strcmp(f.text, should) == 0, "%s", f.text);
    }
    /* Test that a mark is skipped */
    text t;
    fault f = {""};
    write_test_file("\xEF\xBB\xBFhi\xEF\xBB\xBF", 8);
    ok(text_read(&t, path, &f) == 0 && t.count == 3 && text_code(&t, 0) == 'h'
       && text_code(&t, 2) == 0xFEFF,
       "a mark at the beginning is skipped, and not elsewhere");
    text_free(&t);
    write_test_file("\xEF\xBB\xBF" "a\xFF", 5);
    ok(text_read(&t, path, &f) == -1 && strstr(f.text, "byte 4 (counted from 0)"), "but counted");
}

/* Test alphabets of all sizes */
static char many[8 * CODE_POINTS + 1];

/* The k-th of all code points (from 0 on) but for surrogates. */
static uint32_t kth(size_t k) { return (uint32_t)(k < 0xD800 ? k : k + 0x800); }
/* Of the numbers below count, the one that comes at place i, and again count places later. */
static size_t shuffled(size_t i, size_t count) { return (i % count * 3001 + 7) % count; }

/* Writes the first characters of Unicode, shuffled, to many; returns the bytes. */
static size_t all_characters(size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += characters_encode(many + size, kth(shuffled(i, count)));
    return size;
}

static void test_alphabets(void)
{
    static const size_t counts[] = {1, 255, 256, 257, 65535, 65536, 65537, CODE_POINTS - 0x800};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        const size_t count = counts[k], size = all_characters(count);
        size_t right = 0;
        text t;
        vocabulary v;
        fault f;
        memcpy(many + size, many, size);
        write_test_file(many, 2 * size);
        if (text_read(&t, path, &f) != 0 || vocabulary_alloc(&v, &t) != 0
            || text_number(&t, &v, path, &f) != 0) exit(1);
        /* Test a text of all characters */
        for (size_t i = 0; i < t.count; i++) {
            const size_t number = shuffled(i, count);
            right += text_symbol(&t, i) == number && text_code(&t, i) == kth(number);
        }
        ok(right == 2 * count && t.different == count && v.count == count,
           "%zu different characters", count);
        ok(!t.digits[1] == (count <= 256) && !t.digits[2] == (count <= 65536),
           "and no digit too many");
        /* Test what is said of a text of many characters */
        char said[64];
        size_t line = 1, column = 1;
        for (size_t i = 0; shuffled(i, count) != count - 1; i++, column++)
            if (shuffled(i, count) == '\n') line++, column = 0;
        snprintf(said, sizeof said, "many: line %zu, character %zu: U+", line, column);
        v.count--;
        ok(text_number(&t, &v, "many", &f) == -1 && strncmp(f.text, said, strlen(said)) == 0,
           "a stranger is found: %s", said);
        text_free(&t);
        many[2 * size] = '\xFF';
        line = count > '\n' ? 3 : 1;
        snprintf(said, sizeof said, "byte %zu (counted from 0), on line %zu, is 0xFF", 2 * size, line);
        ok(text_decode(&t, "many", many, 2 * size + 1, &f) == -1 && strstr(f.text, said), "%s", said);
        vocabulary_free(&v);
        text_free(&t);
    }
}

/* Test what lies across the end of a block */
static void test_borders(void)
{
    static const char *const letters[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    static const uint32_t codes[] = {0xE9, 0x20AC, 0x1F600};
    for (size_t k = 0; k < 3; k++)
        for (size_t before = 0; before <= 8; before++) {
            const size_t at = TEXT_BLOCK - before, length = strlen(letters[k]);
            text t;
            fault f;
            memset(many, '.', TEXT_BLOCK + 16);
            memcpy(many + at, letters[k], length);
            write_test_file(many, TEXT_BLOCK + 16);
            if (text_read(&t, path, &f) != 0) exit(1);
            ok(t.count == TEXT_BLOCK + 17 - length && text_code(&t, at) == codes[k]
               && text_code(&t, at - 1) == '.' && text_code(&t, at + 1) == '.'
               && text_code(&t, t.count - 1) == '.' && t.different == 2,
               "%zu bytes begin %zu before the end", length, before);
            text_free(&t);
        }
}

static const struct {
    size_t at;
    const char *bytes;
    size_t size;
    const char *why, *from;
} late[] = {
    {TEXT_BLOCK - 1, "\xE2\x82z", TEXT_BLOCK + 99, "0xE2: the next byte does not", "CP1252"},
    {TEXT_BLOCK - 2, "\xE2\x82z", TEXT_BLOCK + 99, "0xE2: the next byte does not", "CP1252"},
    {TEXT_BLOCK, "\x80", TEXT_BLOCK + 99, "0x80: it continues a character that", "CP1252"},
    {TEXT_BLOCK - 3, "\xFF", TEXT_BLOCK, "0xFF: UTF-8 never uses this byte", "LATIN1"},
    {2 * TEXT_BLOCK - 4, "\xF5", 2 * TEXT_BLOCK + 1, "0xF5: UTF-8 never uses this", "LATIN1"},
    {2 * TEXT_BLOCK - 1, "\xED\xA0\x80", 3 * TEXT_BLOCK, "0xED: this is a surrogate", "CP1252"},
    {TEXT_BLOCK - 2, "\xE2\x82", TEXT_BLOCK, "0xE2: the text ends in the middle", "CP1252"},
};

static void test_late_faults(void)
{
    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        for (int way = 0; way < 3; way++) {
            /* Test one late fault */
            const char *const from[] = {late[i].from, "CP1252", "UTF-8 -t UTF-8"};
            const size_t at = late[i].at, size = late[i].size + (way == 1 ? 2 * TEXT_BLOCK : 0);
            char said[128];
            text t;
            fault f = {""};
            memset(many, '.', size);
            for (size_t k = 49; k < at; k += 50) many[k] = '\n';
            if (way == 2) memcpy(many + 5, "\xC3\xA9", 2);
            memcpy(many + at, late[i].bytes, strlen(late[i].bytes));
            if (way == 1) many[size - 1] = '\x93';
            write_test_file(many, size);
            snprintf(said, sizeof said, "%s: not UTF-8: byte %zu (counted from 0), on line %zu, is ",
                     path, at, at / 50 + 1);
            const int status = text_read(&t, path, &f);
            ok(status == -1 && strncmp(f.text, said, strlen(said)) == 0
               && (way == 1 || strstr(f.text, late[i].why))
               && strstr(f.text, from[way]),
               "fault %zu: %.*s", i, (int)strcspn(f.text, "\n"), f.text);
        }
}

/* Test how much memory a long text takes */
enum { MILLION = 1 << 20, LONG = 64, BESIDE = 12 };     // in millions of bytes

/* The largest number of megabytes that a child holds which reads the text, or does nothing. */
static long held_by_child(int reads)
{
    struct rusage use;
    fault f;
    text t;
    int status = -1;
    const pid_t child = fork();
    if (child == 0)
        _exit(reads && (text_read(&t, path, &f) != 0 || t.count != (size_t)LONG * MILLION));
    if (child < 0 || wait4(child, &status, 0, &use) != child || status != 0) exit(1);
    return use.ru_maxrss / 1024;
}

static void test_memory(void)
{
    FILE *file = fopen(path, "wb");
    memset(many, 'a', MILLION);
    for (size_t i = 59; i < MILLION; i += 60) many[i] = '\n';
    for (int i = 0; file && i < LONG; i++) fwrite(many, 1, MILLION, file);
    if (!file || fclose(file) != 0) exit(1);
    const long before = held_by_child(0), held = held_by_child(1);
    ok(SANITIZED || (held >= before + LONG && held <= before + LONG + BESIDE),
       "%d MB of text are read into %ld MB", LONG, held - before);
}

/* Test every search */
static void test_search(void)
{
    size_t wrong = 0;
    for (size_t count = 0; count < 10; count++) {
        uint32_t codes[10];
        vocabulary v;
        for (size_t i = 0; i < count; i++) codes[i] = 0x10FFFF - (uint32_t)(3 * i);
        if (vocabulary_alloc(&v, &(text){.different = count, .codes = codes}) != 0) exit(1);
        wrong += v.count != count;
        for (uint32_t code = 0x10FFE0; code < 0x110000; code++) {
            const uint32_t down = (0x10FFFF - code) / 3;
            const int member = (0x10FFFF - code) % 3 == 0 && down < count;
            wrong += vocabulary_find(&v, code) != (member ? count - 1 - down : count);
        }
        vocabulary_free(&v);
    }
    ok(wrong == 0, "every character is found in its place, and no other");
    /* Test the two ends of Unicode */
    text t;
    vocabulary v;
    fault f;
    if (text_decode(&t, "ends", "\xF4\x8F\xBF\xBF\0\xF4\x8F\xBF\xBF", 9, &f) != 0
        || vocabulary_alloc(&v, &t) != 0) exit(1);
    ok(v.count == 2 && v.codes[0] == 0 && v.codes[1] == 0x10FFFF, "both ends of Unicode have a symbol");
    vocabulary_free(&v);
    text_free(&t);
}

/* Test the vocabulary */
static void test_vocabulary(void)
{
    const char *line = "to be, or not to bé\n";
    text t;
    vocabulary v;
    fault f;
    ok(text_decode(&t, "line", line, strlen(line), &f) == 0 && t.count == 20,
       "20 characters in 21 bytes");
    ok(vocabulary_alloc(&v, &t) == 0 && v.count == 10, "ten of them are different");
    /* Test that the symbols are in order and lead back to the text */
    int increasing = 1, same = text_number(&t, &v, "line", &f) == 0;
    for (size_t i = 1; i < v.count; i++) increasing &= v.codes[i - 1] < v.codes[i];
    for (size_t i = 0; i < t.count; i++) same &= v.codes[text_symbol(&t, i)] == text_code(&t, i);
    ok(increasing, "the vocabulary is strictly increasing");
    ok(same, "the symbols lead back to the characters");
    /* Test that a stranger is named */
    text stranger;
    int made = text_decode(&stranger, "prompt", "to\nbe?", 6, &f) == 0;
    ok(made && text_number(&stranger, &v, "prompt", &f) == -1,
       "a stranger is refused");
    ok(strstr(f.text, "prompt: line 2, character 3: U+003F") != NULL,
       "and named with its place");
    text_free(&stranger);
    vocabulary_free(&v);
    text_free(&t);
    test_search();
}

/* Test that vocabularies are joined */
static int joins(const char *one, const char *other, const char *wanted)
{
    vocabulary v = {strlen(one), calloc(strlen(one) + 1, sizeof *v.codes)};
    uint32_t codes[8];
    const vocabulary o = {strlen(other), codes};
    if (!v.codes) exit(1);
    for (size_t i = 0; i < v.count; i++) v.codes[i] = (uint32_t)one[i];
    for (size_t i = 0; i < o.count; i++) codes[i] = (uint32_t)other[i];
    int same = vocabulary_join(&v, &o) == 0 && v.count == strlen(wanted);
    for (size_t i = 0; same && i < v.count; i++) same = v.codes[i] == (uint32_t)wanted[i];
    vocabulary_free(&v);
    return same;
}

static void test_joined(void)
{
    static const char *const sets[][3] = {
        {"ace", "bdf", "abcdef"}, {"abc", "abc", "abc"}, {"", "ab", "ab"}, {"", "", ""},
        {"ab", "cd", "abcd"}, {"az", "abcyz", "abcyz"}, {"m", "amz", "amz"}, {"aabb", "b", "ab"},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        ok(joins(sets[i][0], sets[i][1], sets[i][2]) && joins(sets[i][1], sets[i][0], sets[i][2]),
           "“%s” and “%s” are “%s”", sets[i][0], sets[i][1], sets[i][2]);
}

/* Test that texts give back their memory */
static void read_and_free(void)
{
    static const char *const texts[] = {"abc\nd", "", "caf\xE9", "\xC3\xA9 and \xFF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text t;
        vocabulary v;
        fault f;
        write_test_file(texts[i], strlen(texts[i]));
        if ((text_read(&t, path, &f) == 0) != (i == 0) || (i > 0 && t.codes)) exit(1);
        if (i > 0) continue;
        if (vocabulary_alloc(&v, &t) != 0) exit(1);
        vocabulary_free(&v);
        text_free(&t);
        if (text_read(&t, "/tmp", &f) == 0) exit(1);
    }
}

static void test_release(void)
{
    ok(test_gives_back(read_and_free), "texts give back their memory");
}

/* Test what is said without memory */
static void refuse_each(const char *bytes, size_t size, int calls)
{
    text t;
    fault f = {""};
    char said[64];
    snprintf(said, sizeof said, "long.txt: no memory for %zu characters", size);
    for (int call = 1; call <= calls; call++) {
        test_refusal = call;
        ok(text_decode(&t, "long.txt", bytes, size, &f) == -1 && !t.codes && !t.digits[0]
           && t.count == 0 && strcmp(f.text, said) == 0, "refused call %d: %s", call, f.text);
    }
    test_refusal = calls + 1;
    ok(text_decode(&t, "long.txt", bytes, size, &f) == 0, "there are %d", calls);
    test_refusal = 0;
    text_free(&t);
}

static void test_refused(void)
{
    text t;
    vocabulary v;
    fault f = {""};
    for (size_t digits = 1; digits <= 3; digits++) {
        const size_t size = all_characters(digits < 2 ? 256 : digits < 3 ? 65536 : 65537);
        refuse_each(many, size, 2 + (int)digits);
    }
    if (text_decode(&t, "short.txt", "abc", 3, &f) != 0) exit(1);
    test_refusal = 1;
    ok(vocabulary_alloc(&v, &t) == -1 && !v.codes && v.count == 0, "no vocabulary");
    ok(vocabulary_alloc(&v, &t) == 0 && v.count == 3, "and with memory there is one");
    test_refusal = 1;
    ok(text_read(&t, "/dev/null", &f) == -1 && strstr(f.text, "no memory"), "%s", f.text);
    /* Test that what is freed is empty */
    vocabulary_free(&v);
    text_free(&t);
    ok(!v.codes && v.count == 0 && !t.codes && t.count == 0, "what is freed is empty");
    vocabulary_free(&v);
    text_free(&t);
}

int main(void)
{
    const int descriptor = mkstemp(path);
    if (descriptor < 0 || close(descriptor) != 0) return 1;
    test_every_code_point();
    test_spelling();
    test_not_utf8();
    test_reasons();
    test_names();
    test_shown();
    test_long_files();
    test_alphabets();
    test_borders();
    test_late_faults();
    test_memory();
    test_foreign();
    test_release();
    unlink(path);
    test_vocabulary();
    test_joined();
    test_refused();
    return test_done();
}
