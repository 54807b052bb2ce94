/* generated from chapters/02-characters.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "characters.h"
#include "test.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
}

/* Test what is said of other encodings */
static const struct { const char *bytes; size_t size; const char *said; } foreign[] = {
    {"\xFF\xFEh\0i\0", 6, "-f UTF-16 "},     {"\xFE\xFF\0h\0i", 6, "-f UTF-16 "},
    {"\xFF\xFE\0\0h\0\0\0", 8, "-f UTF-32 "}, {"\0\0\xFE\xFF\0\0\0h", 8, "-f UTF-32 "},
    {"caf\xE9", 4, "-f LATIN1 "},             {"it\x92s", 4, "-f CP1252 "},
    {"caf\xE9, \x93no\x94", 10, "-f CP1252 "}, {"\xC3\xA9t\xE9\x92", 5, "-c -f UTF-8 "},
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
    }
    /* Test that a mark is skipped */
    text t;
    fault f = {""};
    write_test_file("\xEF\xBB\xBFhi\xEF\xBB\xBF", 8);
    ok(text_read(&t, path, &f) == 0 && t.count == 3 && t.codes[0] == 'h' && t.codes[2] == 0xFEFF,
       "a mark at the beginning is skipped, and not elsewhere");
    text_free(&t);
    write_test_file("\xEF\xBB\xBF" "a\xFF", 5);
    ok(text_read(&t, path, &f) == -1 && strstr(f.text, "byte 4 (counted from 0)"), "but counted");
    /* Test that names are quoted */
    static const char *const names[][2] = {
        {"a/b-2.txt", "a/b-2.txt"}, {"my play", "'my play'"}, {"it's", "'it'\\''s'"},
        {"$HOME`x`", "'$HOME`x`'"}, {"-x", "./-x"}, {"-a b", "./'-a b'"}, {"", "''"},
    };
    char quoted[FAULT_QUOTED];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ok(strcmp(fault_quote(quoted, names[i][0]), names[i][1]) == 0, "quoted: %s", quoted);
}

/* Test the vocabulary */
static void test_vocabulary(void)
{
    const char *line = "to be, or not to bé\n";
    text t;
    vocabulary v;
    fault f;
    uint32_t x[32];
    ok(text_decode(&t, "line", line, strlen(line), &f) == 0 && t.count == 20,
       "20 characters in 21 bytes");
    ok(vocabulary_alloc(&v, &t) == 0 && v.count == 10, "ten of them are different");
    /* Test that the symbols are in order and lead back to the text */
    int increasing = 1, same = vocabulary_number(x, &v, &t, "line", &f) == 0;
    for (size_t i = 1; i < v.count; i++) increasing &= v.codes[i - 1] < v.codes[i];
    for (size_t i = 0; i < t.count; i++) same &= v.codes[x[i]] == t.codes[i];
    ok(increasing, "the vocabulary is strictly increasing");
    ok(same, "the symbols lead back to the characters");
    /* Test that a stranger is named */
    text stranger;
    int made = text_decode(&stranger, "prompt", "to\nbe?", 6, &f) == 0;
    ok(made && vocabulary_number(x, &v, &stranger, "prompt", &f) == -1,
       "a stranger is refused");
    ok(strstr(f.text, "prompt: line 2, character 3: U+003F") != NULL,
       "and named with its place");
    text_free(&stranger);
    vocabulary_free(&v);
    text_free(&t);
}

int main(void)
{
    const int descriptor = mkstemp(path);
    if (descriptor < 0 || close(descriptor) != 0) return 1;
    test_every_code_point();
    test_not_utf8();
    test_foreign();
    unlink(path);
    test_vocabulary();
    return test_done();
}
