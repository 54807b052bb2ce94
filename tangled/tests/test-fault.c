/* generated from chapters/02-characters.nw by noweb; do not edit */
#include "fault.h"
#include <string.h>
#include "test.h"

/* Test that a message is cut to fit */
static void test_messages(void)
{
    struct { fault f; char behind[8]; } room = {.behind = "behind"};
    char long_name[9000];
    memset(long_name, 'x', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    ok(fault_set(&room.f, "%s: %d of %d", "net", 2, 3) == -1, "who sets a fault returns -1");
    ok(strcmp(room.f.text, "net: 2 of 3") == 0, "the message: %s", room.f.text);
    ok(fault_set(&room.f, "%s", long_name) == -1 && strlen(room.f.text) == sizeof room.f.text - 1
       && strcmp(room.behind, "behind") == 0, "a long one is cut to fit");
}

/* Test that names are quoted */
static const char *const names[][2] = {
    {"a/b-2.txt", "a/b-2.txt"}, {"my play", "'my play'"}, {"it's", "'it'\\''s'"}, {"'", "''\\'''"},
    {"$HOME`x`", "'$HOME`x`'"}, {"-x", "./-x"}, {"-a b", "./'-a b'"}, {"", "''"}, {"-", "./-"},
    {".-", ".-"}, {",", ","}, {"caf\xC3\xA9", "'caf\xC3\xA9'"}, {"a\nb", "'a\nb'"}, {"a(", "'a('"},
};

static void test_quoting(void)
{
    struct { char quoted[FAULT_QUOTED], behind[8]; } room = {.behind = "behind"};
    char endless[2 * FAULT_QUOTED] = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        memset(room.quoted, '#', sizeof room.quoted);
        ok(fault_quote(room.quoted, names[i][0]) == room.quoted
           && strcmp(room.quoted, names[i][1]) == 0, "quoted: %s", names[i][1]);
    }
    /* Test that a long name is cut to fit */
    memset(endless, 'a', sizeof endless - 1);
    ok(strlen(fault_quote(room.quoted, endless)) == FAULT_QUOTED - 8, "a name past all bounds is cut");
    memset(endless, '\'', sizeof endless - 1);
    const size_t length = strlen(fault_quote(room.quoted, endless));
    ok(length == FAULT_QUOTED - 6 && strcmp(room.quoted + length - 4, "\\'''") == 0
       && strcmp(room.behind, "behind") == 0, "also where each letter takes four");
}

int main(void)
{
    test_messages();
    test_quoting();
    return test_done();
}
