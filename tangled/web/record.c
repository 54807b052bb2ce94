/* generated from chapters/54-page-exercises.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "key.h"
#include "lines.h"
#include "recording.h"
#include <stdlib.h>
#include <string.h>

/* Define what the book defines */
extern const char *const book_lines[];

static int define_all(theory *th, aliases *names, FILE *f)
{
    for (const char *const *line = book_lines; *line; line++) {
        char *copy = strdup(*line), *field[8], alias[RECORDING_ALIAS_MAX];
        if (copy == NULL) return -1;
        if (recording_define(th, names, field, lines_fields(copy, field, 8), alias) > 0)
            fprintf(f, "%s\n", alias);
        free(copy);
    }
    return 0;
}

/* Record one theory */
static FILE *open_for(const char *theory_name, const char *file)
{
    char path[100];
    snprintf(path, sizeof path, "key/%.30s%s%.30s", theory_name, *theory_name ? "-" : "", file);
    return fopen(path, "w");
}

/* What these keys allow to be used. */
static void record_uses(instance *in, const aliases *names, FILE *f, const key_list *keys)
{
    for (int i = 0; i < keys->count; i++) {
        const key *x = &keys->list[i];
        const int before = in->th->node_count;
        int list[FORMULA_USE_MAX], count = 0;
        if (strcmp(x->theory, in->th->name) == 0 && strcmp(x->kind, "derivation") == 0)
            count = formula_use(in->th, list, x->use, names);
        for (int k = 0; k < count; k++) recording_slopes(in, list[k], f);
        in->th->node_count = before;
    }
}

static int record_network(theory *th, const aliases *names, int i, const key_list *keys)
{
    static const char *const NAMES[INSTANCES] = { "instance-1.txt", "instance-2.txt",
                                                  "instance-3.txt", "instance-4.txt" };
    instance in = { 0 };
    FILE *f = open_for(th->name, NAMES[i]);
    int failed = f == NULL || recording_begin(&in, th, keys->list[0].draw, i, f) != 0;
    if (!failed) record_uses(&in, names, f, keys);
    if (f && fclose(f) != 0) failed = 1;
    instance_free(&in);
    return failed ? fprintf(stderr, "record: there is no room for the tables\n"), -1 : 0;
}

static int record_theory(const char *name, const key_list *keys)
{
    int asked = 0;
    for (int i = 0; i < keys->count; i++) asked |= strcmp(keys->list[i].theory, name) == 0;
    if (!asked) return 0;
    theory *th = theory_alloc_book(name);
    FILE *f = open_for(name, "aliases");
    aliases names = { 0 };
    int failed = th == NULL || f == NULL || define_all(th, &names, f) != 0;
    if (f && fclose(f) != 0) failed = 1;
    for (int i = 0; i < INSTANCES && !failed; i++) failed = record_network(th, &names, i, keys) != 0;
    if (th) theory_free(th);
    return failed;
}

/* record: the tables of the networks on which answers to the keys in key/ are evaluated */
int main(void)
{
    char why[200];
    int failed = 0;
    key_list *keys = keys_read("key", why);
    if (keys == NULL) return fprintf(stderr, "record: %s\n", why), 1;
    for (int i = 0; !failed && theory_name(i); i++) failed = record_theory(theory_name(i), keys);
    keys_free(keys);
    return failed;
}
