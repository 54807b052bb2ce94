/* generated from chapters/13-command.nw by noweb; do not edit */
#include "flags.h"
#include <errno.h>
#include <float.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENT = 1, FIRST = 1000 };    // what getopt returns for an argument, and the first flag
/* Add a word to a list */
static void add_to_list(char *list, size_t room, const char *dashes, const char *name)
{
    const size_t used = strlen(list);
    snprintf(list + used, room - used, "%s%s%s", used ? " or " : "", dashes, name);
}

/* Read a whole number */
static int read_whole(flag *l, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || errno
        || (double)number < l->least)
        return -1;
    if (l->kind == FLAG_LONG) *(uint64_t *)l->value = number;
    else if (number > SIZE_MAX) return -1;
    else *(size_t *)l->value = (size_t)number;
    return 0;
}

/* Read a number with a fraction */
enum { VANISHES = -2 };     // the answer to a number that is not zero and would become zero

static double most(const flag *l) { return l->kind == FLAG_SHARE ? 1 : (double)FLT_MAX; }

static int read_number(flag *l, const char *value)
{
    char *end;
    errno = 0;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= l->least && number <= most(l))) return -1;
    const double used = l->kind == FLAG_NUMBER ? (double)(float)number : number;
    if (used == 0 && (number > 0 || errno == ERANGE)) return VANISHES;
    *(double *)l->value = number;
    return 0;
}

/* Say what a flag accepts */
static int refuse(const flag *l, const char *value, fault *f)
{
    char accepted[128], upper[32] = "";
    const int digits = *value && value[strspn(value, "0123456789")] == '\0';
    const uint64_t largest = l->kind == FLAG_LONG ? UINT64_MAX : SIZE_MAX;
    if (digits && strtod(value, NULL) >= (double)largest)
        snprintf(upper, sizeof upper, " to %" PRIu64, largest);
    snprintf(accepted, sizeof accepted, l->kind == FLAG_NUMBER || l->kind == FLAG_SHARE
             ? "a number of at least %g and at most %g" : "a whole number from %g", l->least, most(l));
    if (l->kind == FLAG_SIZE || l->kind == FLAG_LONG) strcat(accepted, upper);
    if (l->kind == FLAG_FILE) strcpy(accepted, "the name of a file");
    if (l->kind == FLAG_CHOICE) *accepted = '\0';
    for (int i = 0; l->kind == FLAG_CHOICE && l->choices[i]; i++)
        add_to_list(accepted, sizeof accepted, "", l->choices[i]);
    return fault_set(f, "--%s takes %s, not “%s”", l->name, accepted, value);
}

/* Read a choice */
static int read_choice(flag *l, const char *value)
{
    for (int i = 0; l->choices[i]; i++)
        if (strcmp(l->choices[i], value) == 0) return *(int *)l->value = i, 0;
    return -1;
}

/* Set a flag to its value */
static int flag_set(flag *l, const char *value, fault *f)
{
    int bad = 0;
    if (l->given && strcmp(l->given, value) != 0) l->twice = 1;
    l->given = value;
    switch (l->kind) {
    case FLAG_SIZE: case FLAG_LONG: bad = read_whole(l, value); break;
    case FLAG_NUMBER: case FLAG_SHARE: bad = read_number(l, value); break;
    case FLAG_FILE: bad = *value == '\0'; // fall through
    case FLAG_WORD: *(const char **)l->value = value; break;
    case FLAG_CHOICE: bad = read_choice(l, value); break;
    case FLAG_HEADING: bad = 1; break;
    }
    if (bad == VANISHES)
        return fault_set(f, "--%s: “%s” is so small that it would become 0; write 0, or a larger "
                         "number", l->name, value);
    return bad ? refuse(l, value, f) : 0;
}

/* List the flags that begin like a word */
static void begun_by(char *many, size_t room, const char *word, size_t size,
                     const flag *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind != FLAG_HEADING && strncmp(list[i].name, word, size) == 0)
            add_to_list(many, room, "--", list[i].name);
}

/* Say which flag is not understood */
static int misused(int found, const char *word, const flag *list, size_t count, fault *f)
{
    char quoted[FAULT_QUOTED], many[256] = "";
    const size_t size = strcspn(word, "=");
    if (found == ':') return fault_set(f, "%s needs a value after it", word);
    if (optopt == 'h') return fault_set(f, "%.*s takes no value", (int)size, word);
    if (word[1] == '-' && size > 2) begun_by(many, sizeof many, word + 2, size - 2, list, count);
    if (*many) return fault_set(f, "%.*s could be %s", (int)size, word, many);
    if (word[1] == '-' && access(word, F_OK) != 0)
        return fault_set(f, "there is no option %.*s", (int)size, word);
    return fault_set(f, "there is no option %s\n     if this is a file, write %s",
                     word, fault_quote(quoted, word));
}

/* Read the flags of a command line */
int flags_read(flag *list, size_t count, int argc, char **argv, fault *f)
{
    struct option known[FLAGS_MOST + 2] = {{"help", no_argument, NULL, 'h'}};
    int others = 0;
    /* List the flags for the library */
    for (size_t i = 0, k = 1; i < count; i++)
        if (list[i].kind != FLAG_HEADING)
            known[k++] =
                (struct option){list[i].name, required_argument, NULL, FIRST + (int)i};
    optind = 0;         // begin anew
    for (;;) {
        const char *word = argv[optind ? optind : 1];
        const int found = getopt_long(argc, argv, "-:h", known, NULL);
        if (found == -1) break;
        if (found == ARGUMENT) argv[1 + others++] = optarg;
        else if (found == 'h') return FLAGS_HELP;
        else if (found < FIRST) return misused(found, word, list, count, f);
        else if (flag_set(&list[found - FIRST], optarg, f) != 0) return -1;
    }
    /* Put the arguments at the end */
    while (optind < argc) argv[1 + others++] = argv[optind++];      // those after --
    memmove(argv + argc - others, argv + 1, (size_t)others * sizeof *argv);
    return argc - others;
}

/* Fill a table of flags */
void flags_fill(flag_table *t, const flag *rows, size_t count)
{
    t->count = count < FLAGS_MOST ? count : FLAGS_MOST;
    memcpy(t->list, rows, t->count * sizeof *rows);
}

/* Spell the value of a flag */
void flags_default(char *spelt, size_t room, const flag *l)
{
    const uint64_t least = (uint64_t)l->least;
    if (l->kind == FLAG_SIZE && *(size_t *)l->value >= least)
        snprintf(spelt, room, "%zu", *(size_t *)l->value);
    if (l->kind == FLAG_LONG && *(uint64_t *)l->value >= least)
        snprintf(spelt, room, "%" PRIu64, *(uint64_t *)l->value);
    if (l->kind == FLAG_NUMBER || l->kind == FLAG_SHARE)
        snprintf(spelt, room, "%g", *(double *)l->value);
    if (l->kind == FLAG_CHOICE) snprintf(spelt, room, "%s", l->choices[*(int *)l->value]);
}

/* Show the flags with their defaults */
void flags_show(FILE *out, const flag *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char left[64], value[64] = "";
        snprintf(left, sizeof left, "--%s %s", list[i].name, list[i].argument);
        flags_default(value, sizeof value, &list[i]);
        if (list[i].kind == FLAG_HEADING) fprintf(out, "\n%s\n", list[i].name);
        else if (*value)
            fprintf(out, "  %-22s %s (default %s)\n", left, list[i].help, value);
        else fprintf(out, "  %-22s %s\n", left, list[i].help);
    }
}
