/* generated from chapters/26-ledger.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "lines.h"
#include "test.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Test what is no file of lines */
static void test_refused(const char *name, int file)
{
    size_t length = 7;
    ok(!lines_read("/nonexistent", &length) && errno == ENOENT && length == 0, "no file");
    ok(!lines_read("/tmp", &length) && errno == EINVAL, "a folder");
    ok(ftruncate(file, ((off_t)1 << 26) + 1) == 0 && !lines_read(name, &length)
       && errno == EFBIG, "a large one");
    ok(unlink(name) == 0 && mkfifo(name, 0600) == 0 && !lines_read(name, &length)
       && errno == EINVAL, "a pipe");
    unlink(name);
}

/* Test lines and fields */
static void test_lines(const char *name, int file)
{
    size_t length;
    char *field[3];
    close(file);
    FILE *out = fopen(name, "w");
    if (out == NULL || fputs("a\tb\tc\td\n\nlast", out) < 0 || fclose(out) != 0) exit(1);
    char *text = lines_read(name, &length), *rest = text, *line = text ? lines_next(&rest) : NULL;
    ok(line && length == 13, "a file is read");
    if (line == NULL) return;
    ok(lines_fields(line, field, 3) == 3 && !strcmp(field[1], "b")
       && !strcmp(field[2], "c\td"), "three fields");
    line = lines_next(&rest);
    ok(line && lines_fields(line, field, 3) == 1 && *field[0] == '\0', "an empty line");
    line = lines_next(&rest);
    ok(line && !strcmp(line, "last") && !lines_next(&rest)
       && !lines_next(&rest), "a line without an end, and no more");
    free(text);
}

/* Test long files of lines */
static void test_long(const char *name)
{
    static const size_t sizes[] = {65535, 65536, 65537, 131072, 400000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t length, wrong = 0;
        FILE *out = fopen(name, "w");
        for (size_t k = 0; out && k < sizes[i]; k++) putc('a' + (int)(k % 23), out);
        if (out == NULL || fclose(out) != 0) exit(1);
        char *text = lines_read(name, &length);
        for (size_t k = 0; text && k < length; k++) wrong += text[k] != 'a' + (int)(k % 23);
        ok(text && length == sizes[i] && text[length] == '\0' && !wrong, "%zu bytes are read",
           sizes[i]);
        free(text);
    }
}

/* Test what is mended */
static void test_mending(void)
{
    static const char *const PAIRS[][2] = {
        { "caf\xc3\xa9", "caf\xc3\xa9" }, { "caf\xe9!", "caf?!" }, { "\xed\xa0\x80", "???" },
        { "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" }, { "a\xe2\x82", "a??" }, { "", "" } };
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        char s[20];
        strcpy(s, PAIRS[i][0]);
        lines_mend(s);
        ok(strcmp(s, PAIRS[i][1]) == 0, "text %zu becomes UTF-8", i);
    }
}

int main(void)
{
    char name[] = "/tmp/lines-XXXXXX";
    const int file = mkstemp(name);
    if (file < 0) return 1;
    test_refused(name, file);
    test_lines(name, file);
    test_long(name);
    test_mending();
    unlink(name);
    return test_done();
}
