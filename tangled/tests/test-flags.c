/* generated from chapters/13-command.nw by noweb; do not edit */
#define _DEFAULT_SOURCE         // for mkdtemp
#include "flags.h"
#include <string.h>
#include <unistd.h>
#include "test.h"

static size_t size;
static uint64_t number;
static double rate;
static int chosen;
static const char *file;
static const char *const kinds[] = {"red", "blue", NULL};
static fault f;
/* Bad flags and what is said of them */
static const char *const bad[][3] = {
    {"--size", "0", "--size takes a whole number from 1, not “0”"},
    {"--size", "-1", "not “-1”"},       {"--size", "12abc", "not “12abc”"},
    {"--size", "", "whole"},            {"--size", " 5", "whole"},
    {"--long", "18446744073709551616", "a whole number from 0 to 18446744073709551615, not “1"},
    {"--size", "99999999999999999999x", "a whole number from 1, not"},
    {"--rate", "1e-46", "--rate: “1e-46” is so small that it would become 0"},
    {"--rate", "1e-400", "would become 0; write 0, or"}, {"--portion", "1e-400", "at least 0.25"},
    {"--rate", "nan", "a number of at least 0"}, {"--rate", "inf", "number"},
    {"--rate", "-0.1", "number"},       {"--rate", "1,5", "number"},
    {"--kind", "green", "--kind takes red or blue, not “green”"},
    {"--colour", "red", "no option --colour"},
    {"--size", NULL, "needs a value"},  {"--=5", NULL, "no option"},
    {"-x", NULL, "no option -x\n     if this is a file, write ./-x"},
    {"-x", "-xy", "no option -x\n"},     {"-xy", NULL, "no option -xy\n"},
    {"-n5", NULL, "no option -n5"},     {"--s", NULL, "--s could be --size or --sink"},
    {"--s=5", NULL, "--s could be"},    {"--help=5", NULL, "--help takes no value"},
    {"--siz", NULL, "--siz needs"},     {"--sink", "", "--sink takes the name of a file"},
    {"--rate", "1e39", "at most 3.4"},  {"--portion", "1.0001", "at least 0.25 and at most 1, not"},
    {"--portion", "0.2499", "at least 0.25 and at most 1, not"},
};

/* Test good and bad values */
static int try(const char *name, const char *value)
{
    flag list[] = {
        HEADING("Numbers"),
        FLAG(SIZE, "size", "N", &size, 1, "a size"),
        FLAG(LONG, "long", "N", &number, 0, "a long number"),
        FLAG(NUMBER, "rate", "X", &rate, 0, "a rate"),
        CHOICE("kind", &chosen, kinds, "a choice"),
        FLAG(FILE, "sink", "FILE", &file, 0, "a file"),
        FLAG(SHARE, "portion", "X", &rate, 0.25, "a share"),
    };
    char *argv[] = {"test", (char *)(uintptr_t)name, (char *)(uintptr_t)value, NULL};
    f.text[0] = '\0';
    return flags_read(list, sizeof list / sizeof *list, value ? 3 : 2, argv, &f);
}

static void test_good(void)
{
    ok(try("--size", "12") == 3 && size == 12, "--size 12");
    ok(try("--size=7", NULL) == 2 && size == 7, "--size=7");
    ok(try("--long", "18446744073709551615") == 3 && number == UINT64_MAX,
       "the largest number");
    ok(try("--rate", "1e-3") == 3 && fabs(rate - 0.001) < 1e-18, "--rate 1e-3");
    ok(try("--kind", "blue") == 3 && chosen == 1, "--kind blue");
    ok(try("--help", NULL) == FLAGS_HELP, "--help");
    ok(try("text", NULL) == 1, "an argument that is no option");
    ok(try("--", "-x") == 2 && try("--si=2", NULL) == -1 && try("--siz=2", NULL) == 2,
       "after two dashes there are no options; a beginning that only one option has is enough");
}

static void test_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int status = try(bad[i][0], bad[i][1]);
        ok(status == -1 && strstr(f.text, bad[i][2]), "%s: %.*s", bad[i][0],
           (int)strcspn(f.text, "\n"), f.text);
    }
}

/* Test the bounds of flags */
static void test_bounds(void)
{
    char largest[24];       // it depends on the machine
    snprintf(largest, sizeof largest, "%zu", (size_t)SIZE_MAX);
    ok(try("--size", "1") == 3 && size == 1, "the least size");
    ok(try("--size", largest) == 3 && size == SIZE_MAX, "the largest");
    ok(try("--long", "0") == 3 && number == 0, "the least long number");
    ok(try("--rate", "0") == 3 && rate == 0, "the least number");
    ok(try("--rate", "0e-999") == 3 && rate == 0, "in any spelling");
    ok(try("--rate", "1.5e-45") == 3 && rate > 1e-45, "the least that is more");
    ok(try("--rate", "3.4028234663852886e38") == 3 && rate == 0x1.fffffep127, "the largest");
    ok(try("--portion", "1") == 3 && rate == 1, "the whole of a share");
    ok(try("--portion", "0.25") == 3 && rate == 0.25, "the least of one");
    ok(try("--kind", "red") == 3 && chosen == 0, "the first choice");
    ok(try("--sink", "a file") == 3 && strcmp(file, "a file") == 0, "a file");
}

/* Test what is said of a slip */
static void test_slips(void)
{
    char folder[] = "/tmp/rnn-flags-XXXXXX";
    ok(try("--colour", NULL) == -1 && strcmp(f.text, "there is no option --colour") == 0, "a slip");
    ok(try("-xy", NULL) == -1 && try("text", NULL) == 1, "what is left of a slip is forgotten");
    if (!mkdtemp(folder) || chdir(folder) != 0) exit(1);
    FILE *made = fopen("--odd", "w");
    if (!made || fclose(made) != 0) exit(1);
    ok(try("--odd", NULL) == -1
       && strcmp(f.text, "there is no option --odd\n     if this is a file, write ./--odd") == 0,
       "a file that looks like a slip");
    if (unlink("--odd") != 0 || chdir("/") != 0 || rmdir(folder) != 0) exit(1);
}

/* Test what is said of a beginning */
static void test_beginnings(void)
{
    static char longest[200];
    memset(longest, 's', sizeof longest - 1);
    flag list[] = {
        FLAG(SIZE, "size", "N", &size, 1, "a size"), HEADING("sorts"),
        FLAG(FILE, "sink", "FILE", &file, 0, "a file"),
        FLAG(NUMBER, "side", "X", &rate, 0, "a side"),
        FLAG(SIZE, longest, "N", &size, 1, "a size"), FLAG(LONG, "so", "N", &number, 0, "a number"),
    };
    char *argv[] = {"test", "--s", NULL};
    int status = flags_read(list, 4, 2, argv, &f);
    ok(status == -1 && strcmp(f.text, "--s could be --size or --sink or --side") == 0, "%s",
       f.text);
    list[2].name = longest;
    status = flags_read(list, 6, 2, argv, &f);
    ok(status == -1 && strlen(f.text) == strlen("--s could be ") + 255,
       "a long list is cut to %zu bytes",
       strlen(f.text));
}

/* Test the order of arguments */
static void test_order(void)
{
    const char *word = NULL;
    flag list[] = {
        FLAG(SIZE, "size", "N", &size, 1, "a size"), FLAG(WORD, "say", "WORD", &word, 0, "a word"),
        FLAG(LONG, "long", "N", &number, 0, "a long number"),
    };
    char *argv[] = {"test", "a", "--size", "3", "b", "--say=", "c", "--", "-x", "d", NULL};
    const int first = flags_read(list, 3, 10, argv, &f);
    ok(first == 5 && size == 3 && word && *word == '\0', "options among arguments");
    for (int i = 0; i < 5 && first == 5; i++)
        ok(strcmp(argv[5 + i], ((const char *[]){"a", "b", "c", "-x", "d"})[i]) == 0,
           "argument %d: %s", i, argv[5 + i]);
    ok(list[0].given && list[1].given && !list[2].given, "two of three flags were given");
    ok(strcmp(list[0].given, "3") == 0 && !list[0].twice, "once");
    char *again[] = {"test", "--size=3", "--size", "3", "--long=7", "--long=8", "--size=3", NULL};
    ok(flags_read(list, 3, 7, again, &f) == 7 && number == 8 && list[2].twice && !list[0].twice,
       "of two values the last counts, and of the same one nothing is said");
}

/* Test the help */
static const char help[] =
    "\nNumbers\n"
    "  --size N               a size (default 12)\n"
    "  --least N              a size that may be left out\n"
    "  --one N                the least size (default 1)\n"
    "  --long N               a long number (default 7)\n"
    "  --longer N             a long number that may be left out\n"
    "  --zero N               the least long number (default 0)\n"
    "  --rate X               a rate (default 0.25)\n"
    "  --part X               a share (default 0.5)\n"
    "  --kind WORD            a choice (default blue)\n"
    "  --say WORD             a word\n";

static void test_help(void)
{
    size_t none = 0, one = 1;
    uint64_t zero = 0;
    double part = 0.5;
    char said[sizeof help + 80] = "";
    const char *word = NULL;
    const flag list[] = {
        /* The flags of the help */
        HEADING("Numbers"), FLAG(SIZE, "size", "N", &size, 1, "a size"),
        FLAG(SIZE, "least", "N", &none, 1, "a size that may be left out"),
        FLAG(SIZE, "one", "N", &one, 1, "the least size"),
        FLAG(LONG, "long", "N", &number, 0, "a long number"),
        FLAG(LONG, "longer", "N", &zero, 1, "a long number that may be left out"),
        FLAG(LONG, "zero", "N", &zero, 0, "the least long number"),
        FLAG(NUMBER, "rate", "X", &rate, 0, "a rate"), FLAG(SHARE, "part", "X", &part, 0, "a share"),
        CHOICE("kind", &chosen, kinds, "a choice"),
        FLAG(WORD, "say", "WORD", &word, 0, "a word"),
    };
    FILE *out = tmpfile();
    if (!out) exit(1);
    size = 12, number = 7, rate = 0.25, chosen = 1;
    flags_show(out, list, sizeof list / sizeof *list);
    rewind(out);
    const size_t length = fread(said, 1, sizeof said - 1, out);
    ok(length == sizeof help - 1 && strcmp(said, help) == 0, "the help shows flags and defaults");
    fclose(out);
}

int main(void)
{
    test_good();
    test_bad();
    test_bounds();
    test_slips();
    test_beginnings();
    test_order();
    test_help();
    return test_done();
}
