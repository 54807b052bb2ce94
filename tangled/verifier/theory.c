/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "theory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The notation of the book */
#define SYMBOL(latex, shape, range, meaning, storage, part, neighbours) \
    { latex, shape, range, meaning, PART_##part, neighbours },
#define GRADIENT(latex, meaning, storage)
static const notation_entry rows[] = {
#include "notation.def"
};
const notation BOOK_NOTATION = { rows, sizeof rows / sizeof *rows };
#define THEORY(name) { name, NULL, NULL, NULL, PART_SIZE, NULL },
static const notation_entry others[] = {
#include "theories.def"
    { NULL, NULL, NULL, NULL, PART_SIZE, NULL }
};

/* Make a theory */
void theory_free(theory *th)
{
    if (th == NULL) return;
    for (int i = 0; i < th->instance_count; i++) instance_free(&th->instances[i]);
    free(th->instances);
    free(th->claims);
    free(th->wrong);
    evaluate_free(th);
    shapes_free(th);
    grammar_free(th);
    free(th);
}

static int alloc_layers(theory *th, const notation *n)
{
    return grammar_alloc(th, n) == 0 && shapes_alloc(th) == 0 && evaluate_alloc(th) == 0;
}

theory *theory_alloc(const notation *n)
{
    theory *th = calloc(1, sizeof *th);
    if (th) th->name = "";
    if (th == NULL || alloc_layers(th, n)) return th;
    theory_free(th);
    return NULL;
}

theory *theory_alloc_own(const notation *n, const own_axis *axes, int axis_count, int *unread)
{
    theory *th = calloc(1, sizeof *th);
    *unread = -1;
    if (th == NULL) return NULL;
    th->name = "";
    th->own = 1;
    th->axes = axes;
    th->axis_count = axis_count;
    if (alloc_layers(th, n)) return th;
    for (int i = 0; i < th->symbol_count && th->symbols && *unread < 0; i++)
        if (th->symbols[i].name[0] == '\0') *unread = i;
    theory_free(th);
    return NULL;
}

/* Make one of the book's theories */
/* The row with the name of theory number `number`, which is not 0; the end if there is none. */
static const notation_entry *heading_of(int number)
{
    const notation_entry *row = others;
    for (; row->latex; row++)
        if (row->shape == NULL && --number == 0) break;
    return row;
}

const char *theory_name(int number)
{
    return number == 0 ? "" : heading_of(number)->latex;
}

theory *theory_alloc_book(const char *name)
{
    int number = 0, count = 0;
    while (theory_name(number) && strcmp(theory_name(number), name) != 0) number++;
    if (number == 0 || theory_name(number) == NULL)
        return number ? NULL : theory_alloc(&BOOK_NOTATION);
    const notation_entry *first = heading_of(number) + 1;
    while (first[count].shape) count++;
    theory *th = theory_alloc(&(notation){ first, count });
    if (th == NULL) return NULL;
    th->name = theory_name(number);
    th->number = number;
    return th;
}

/* Tell a theory what is right */
int theory_adopt(theory *th, const equation *e, parse_error *error)
{
    shape found;
    shape_error shapes;
    const int fits = shapes_check(th, e, SHAPES_TAGGED, &found, &shapes) == 0;
    if (fits && e->definition && evaluate_define(th, e) == 0) return 0;
    *error = (parse_error){ PARSE_SYNTAX, fits ? 1 : shapes.column, "" };
    snprintf(error->message, sizeof error->message, "%.190s", !fits ? shapes.message
             : "more definitions than there is room for, or one of what is no symbol");
    return -1;
}

int theory_define(theory *th, const char *latex, parse_error *error)
{
    equation e;
    return grammar_parse(th, &e, latex, 0, error) == PARSE_OK ? theory_adopt(th, &e, error) : -1;
}

int theory_claim(theory *th, const char *label, const equation *e)
{
    if ((th->claim_count & (th->claim_count - 1)) == 0) {
        const size_t room = th->claim_count ? 2 * (size_t)th->claim_count : 1;
        claim *more = realloc(th->claims, room * sizeof *more);
        if (more == NULL) return -1;
        th->claims = more;
    }
    th->claims[th->claim_count++] = (claim){ label, *e };
    return 0;
}

/* Make the instances of a theory */
/* Room for so many; 0 or -1. */
static int make_room(theory *th, size_t count)
{
    if (th->instances == NULL) th->instances = calloc(count, sizeof *th->instances);
    return th->instances ? 0 : -1;
}

enum { ALIKE = 3 };     // the fourth instance of each four has a text of one symbol

int theory_instances(theory *th)
{
    if (th->instance_count > 0) return 0;
    if (make_room(th, THEORY_INSTANCES) != 0) return -1;
    for (int i = 0; i < THEORY_INSTANCES; i++)
        if (instance_alloc_sizes(&th->instances[i], th, (uint64_t)i + 1,
                                 &INSTANCE_SIZES[i % THEORY_DENSE], i >= THEORY_DENSE) != 0)
            return -1;
    for (int i = ALIKE; i < THEORY_INSTANCES; i += ALIKE + 1)
        th->instances[i].only = 1 + i / (ALIKE + 1) % 2;
    th->instance_count = THEORY_INSTANCES;
    return 0;
}

int theory_choose(theory *th, uint64_t seed, int T, int m, int n, int l)
{
    if (make_room(th, 1) != 0 || instance_alloc(th->instances, th, seed, T, m, n, l, 0) != 0)
        return -1;
    th->instance_count = 1;
    return 0;
}

/* Evaluate on all instances */
/* The worst verdict over some instances; the first that is not ok ends it. */
static verdict evaluate_on(const equation *e, instance *in, int count)
{
    verdict worst = { .kind = V_OK }, undecided = { .kind = V_OK }, v;
    int tested = 0;
    for (int i = 0; i < count; i++) {
        evaluate_equation(&in[i], e, &v);
        if (v.kind != V_OK && !v.lost && !v.few) return v;
        if (v.kind == V_OK) {
            if (!tested || !(v.error <= worst.error)) worst = v;
            tested = 1;
        } else if (undecided.kind == V_OK || (v.lost && !undecided.lost)) undecided = v;
    }
    return undecided.lost || !tested ? undecided : worst;
}

static void forget_sides(theory *th, int tree)
{
    if (tree == NONE_NODE) return;
    th->nodes[tree].sides = 0;
    forget_sides(th, th->nodes[tree].left);
    forget_sides(th, th->nodes[tree].right);
}

/* A node of which one side only was seen; or NULL. */
static const node *one_sided(const theory *th, int tree)
{
    if (tree == NONE_NODE) return NULL;
    const node *k = &th->nodes[tree], *found = one_sided(th, k->left);
    const int counts = k->kind == N_MINIMUM || !th->own;
    const int taken = k->sides & (SIDE_ONE | SIDE_OTHER);
    if (counts && (taken == SIDE_ONE || taken == SIDE_OTHER)) return k;
    return found ? found : one_sided(th, k->right);
}

/* A node at which the one happened, and the other never; or NULL. */
static const node *without(const theory *th, int tree, int one, int other)
{
    if (tree == NONE_NODE) return NULL;
    const node *k = &th->nodes[tree], *found = without(th, k->left, one, other);
    if (!found) found = without(th, k->right, one, other);
    return found || !(k->sides & one) || k->sides & other ? found : k;
}

static verdict not_known(const node *k, const char *message)
{
    verdict v = { .kind = V_UNKNOWN, .unevaluable = 1, .column = k->column ? k->column : 1 };
    snprintf(v.message, sizeof v.message, "%s", message);
    return v;
}

/* The same over some instances, where no side may go unseen. */
static verdict evaluate_sides(theory *th, const equation *e, int first, int count)
{
    for (int i = 0; i < e->members; i++) forget_sides(th, e->member[i]);
    verdict v = evaluate_on(e, th->instances + first, count);
    for (int i = 0; i < e->members && v.kind == V_OK; i++) {
        const node *side = one_sided(th, e->member[i]);
        const node *faint = without(th, e->member[i], SIDE_FAINT, SIDE_SEEN);
        const node *empty = without(th, e->member[i], SIDE_SHORT, SIDE_RAN);
        if (side)
            v = not_known(side, "the same side is taken on every network that was tried, and an "
                          "inequality is not decided here: write the equation for that side alone");
        else if (faint)
            v = not_known(faint, "a term of this product is lost beside the others; the numbers "
                          "cannot show whether it is right");
        else if (empty)
            v = not_known(empty, "this runs backwards, and never has a term: write the smaller bound "
                          "below");
    }
    return v;
}

static int mentions(const theory *th, const equation *e, int symbol)
{
    for (int i = 0; i < e->members; i++)
        if (grammar_mentions(th, e->member[i], symbol)) return 1;
    return 0;
}

/* The first symbol from number `from` on that is read from the text, and that e mentions; or -1. */
static int text_in(const theory *th, const equation *e, int from)
{
    for (int i = from; i < th->symbol_count; i++)
        if ((th->symbols[i].part == PART_TEXT || th->symbols[i].start == PART_TEXT)
            && mentions(th, e, i)) return i;
    return -1;
}

verdict theory_evaluate(theory *th, const equation *e)
{
    if (th->instance_count == 1) return evaluate_on(e, th->instances, 1);
    enum { REST = THEORY_INSTANCES - THEORY_DENSE };
    const verdict dense = evaluate_sides(th, e, 0, THEORY_DENSE + 1);
    if (text_in(th, e, 0) < 0) return dense;
    verdict hot = evaluate_sides(th, e, THEORY_DENSE, REST);
    if (dense.kind == V_OK) return hot.kind == V_WRONG ? hot : dense;
    hot.one_hot = 1;
    return hot.kind == V_OK ? hot : dense;
}

/* Explain a refusal */
static const char *primed(const theory *th, int tree)
{
    if (tree == NONE_NODE) return NULL;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL && strchr(th->symbols[k->symbol].name, '\''))
        return th->symbols[k->symbol].latex;
    const char *left = primed(th, k->left);
    return left ? left : primed(th, k->right);
}

static void explain_prime(const theory *th, const equation *e, judgement *j)
{
    const size_t used = strlen(j->message);
    const char *symbol = NULL;
    for (int i = 0; i < e->members && !symbol; i++) symbol = primed(th, e->member[i]);
    if (symbol)
        snprintf(j->message + used, sizeof j->message - used,
                 "; %s is a symbol of its own: for the transpose write ^\\top", symbol);
}

static void refuse(judgement *j, verdict_kind kind, int column, const char *message)
{
    j->kind = kind;
    j->column = column;
    snprintf(j->message, sizeof j->message, "%s", message);
}

static void explain(theory *th, const equation *e, judgement *j)
{
    if (th->name_mistake && (j->kind == V_SHAPE || j->kind == V_WRONG)) {
        char *end = j->message + strlen(j->message), *hint = strchr(j->message, ';');
        th->name_mistake(th, e, j->message, sizeof j->message);
        if (j->kind == V_SHAPE && hint && *end) memmove(hint, end, strlen(end) + 1);
    }
    if (j->kind != V_UNKNOWN) explain_prime(th, e, j);
}

/* Judge an equation */
static void accept(theory *th, const equation *e, const char *shape_text, const verdict *v,
                   judgement *j)
{
    size_t used = (size_t)snprintf(j->message, sizeof j->message, "%.1e, %s", v->error, shape_text);
    if (!v->one_hot) return;
    const char *before = " (for one-hot ";
    for (int i = -1; (i = text_in(th, e, i + 1)) >= 0; before = " and ")
        used += (size_t)snprintf(j->message + used, sizeof j->message - used, "%s%s", before,
                                 th->symbols[i].latex);
    snprintf(j->message + used, sizeof j->message - used, ")");
}

static void judge_values(theory *th, const equation *e, const shape *found, judgement *j)
{
    char text[100];
    shapes_print(th, text, found, 0);
    const verdict v = theory_evaluate(th, e);
    if (v.kind == V_OK) {
        accept(th, e, text, &v, j);
        return;
    }
    refuse(j, v.kind, v.column, v.message);
    if (v.kind == V_WRONG && !v.unevaluable)
        snprintf(j->message, sizeof j->message, "error %.1e, shape %s; %s", v.error, text,
                 v.message);
    explain(th, e, j);
}

void theory_judge_parsed(theory *th, const equation *e, judgement *j)
{
    shape_error shapes;
    shape found;
    *j = (judgement){ .kind = V_OK };
    if (theory_instances(th) != 0) refuse(j, V_UNKNOWN, 1, "there is no memory");
    else if (shapes_check(th, e, SHAPES_TAGGED, &found, &shapes) != 0) {
        refuse(j, V_SHAPE, shapes.column, shapes.message);
        explain(th, e, j);
    } else judge_values(th, e, &found, j);
}

void theory_judge(theory *th, const char *latex, judgement *j)
{
    const int mark = th->node_count;
    parse_error error;
    equation e;
    *j = (judgement){ .kind = V_OK };
    if (grammar_parse(th, &e, latex, 0, &error) == PARSE_OK) theory_judge_parsed(th, &e, j);
    else refuse(j, error.status == PARSE_UNKNOWN ? V_UNKNOWN : V_SYNTAX, error.column,
                error.message);
    th->node_count = mark;
}

const char *theory_word(verdict_kind kind)
{
    static const char *const words[] = { "ok", "shape", "wrong", "unknown", "syntax" };
    return words[kind];
}
