/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "theory.h"
#include "random.h"
#include <math.h>
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

static void forget_sides_of(theory *th, int tree)
{
    if (tree == NONE_NODE) return;
    th->nodes[tree].sides = 0;
    forget_sides_of(th, th->nodes[tree].left);
    forget_sides_of(th, th->nodes[tree].right);
}

static void forget_sides(theory *th, const equation *e)
{
    for (int i = 0; i < e->members; i++) forget_sides_of(th, e->member[i]);
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

/* The verdict on one member of a claim that has passed on all networks. */
static verdict refuse_unseen(const theory *th, int tree)
{
    const node *side = one_sided(th, tree);
    const node *empty = without(th, tree, SIDE_SHORT, SIDE_RAN);
    const node *faint = without(th, tree, SIDE_FAINT, SIDE_SEEN);
    if (side)
        return not_known(side, "the same side is taken on every network that was tried, and an "
                         "inequality is not decided here: write the equation for that side alone");
    if (empty)
        return not_known(empty, "this runs backwards, and never has a term: write the smaller bound "
                         "below");
    if (faint)
        return not_known(faint, "a term of this product is lost beside the others; the numbers "
                         "cannot show whether it is right");
    return (verdict){ .kind = V_OK };
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

/* The verdict of the networks that all claims share. */
static verdict evaluate_shared(theory *th, const equation *e)
{
    forget_sides(th, e);
    const verdict dense = evaluate_on(e, th->instances, THEORY_DENSE + 1);
    if (text_in(th, e, 0) < 0) return dense;
    if (dense.kind != V_OK) forget_sides(th, e);
    verdict hot = evaluate_on(e, th->instances + THEORY_DENSE, THEORY_INSTANCES - THEORY_DENSE);
    if (dense.kind == V_OK) return hot.kind == V_WRONG ? hot : dense;
    hot.one_hot = 1;
    return hot.kind == V_OK ? hot : dense;
}

/* Try further networks */
static uint64_t stir(uint64_t mixed, int x)
{
    mixed ^= (uint64_t)(unsigned)x;
    return random_split(&mixed);
}

static uint64_t stir_index(uint64_t mixed, index_expr x)
{
    return stir(stir(stir(stir(mixed, x.base), x.minus), x.offset), x.plus);
}

static uint64_t stir_tree(const theory *th, uint64_t mixed, int tree)
{
    if (tree == NONE_NODE) return stir(mixed, -1);
    const node *k = &th->nodes[tree];
    mixed = stir(stir(stir(mixed, (int)k->kind), (int)k->function), k->symbol);
    mixed = stir_index(stir_index(stir_index(mixed, k->index), k->component), k->second);
    mixed = stir_index(stir_index(mixed, k->from), k->to);
    mixed = stir(stir(mixed, k->variable), k->immediate);
    mixed = stir(stir(mixed, (int)fmod(k->number, 1e9)), (int)fmod(k->number * 1e6, 1e9));
    return stir_tree(th, stir_tree(th, mixed, k->left), k->right);
}

static int draw_size(uint64_t *state, int least, int most)
{
    const int kind = (int)(random_split(state) % 8);
    const int range = (kind < 4 ? 3 : kind < 7 ? most : 4 * most) - least + 1;
    return least + (int)(random_split(state) % (uint64_t)range);
}

static instance_sizes draw_sizes(uint64_t *state, int only_numbers, int only_text)
{
    const int most = only_numbers ? 40 : 6, longest = only_numbers ? 40 : only_text ? 7 : 14;
    return (instance_sizes){
        .T = draw_size(state, 1, longest), .m = draw_size(state, 1 + only_text, most - 3 * only_text),
        .n = draw_size(state, 1, most), .l = draw_size(state, 2 - only_numbers, most - 3 * only_text),
        .B = draw_size(state, 1, most), .K = draw_size(state, 1, longest),
        .p = draw_size(state, 1, longest),
    };
}

static int has_only_numbers(const theory *th, int tree)
{
    if (tree == NONE_NODE) return 1;
    const node *k = &th->nodes[tree];
    const notation_row *s = k->kind == N_SYMBOL ? &th->symbols[k->symbol] : NULL;
    return (!s || (s->part < PART_DERIVED && !s->indexed && s->side[0].kind == '1'
                   && s->side[1].kind == '1'))
        && has_only_numbers(th, k->left) && has_only_numbers(th, k->right);
}

static void tell_sizes(const instance *in, verdict *v)
{
    static const int nowhere[128] = { 0 };
    const char *before = "; this is on a network with ";
    for (int c = 1; c < 128; c++) {
        char one[2];
        const size_t used = strlen(v->message);
        if (!grammar_axis(in->th, (char)c, AXIS_ANY)) continue;
        const int size = evaluate_index(in, nowhere, (index_expr){ .base = (char)c });
        snprintf(v->message + used, sizeof v->message - used, "%s%s = %d", before,
                 grammar_axis_name(in->th, (char)c, one), size);
        before = ", ";
    }
}

enum { FURTHER_LIMIT = 250000 };        // numbers computed, for one network

/* V_WRONG if the claim fails on this network; adds to *work what that cost. */
static verdict try_further(theory *th, const equation *e, uint64_t mixed, const instance_sizes *s,
                           int one_hot, long *work)
{
    verdict v = { .kind = V_UNKNOWN };
    instance *in = malloc(sizeof *in);
    if (in && instance_alloc_sizes(in, th, mixed, s, one_hot) == 0) {
        in->further = 1;
        in->limit = FURTHER_LIMIT;
        evaluate_equation(in, e, &v);
        if (v.kind == V_WRONG) tell_sizes(in, &v);
        *work += in->work + (long)in->run_count * in->cells;
        instance_free(in);
    }
    free(in);
    return v;
}

enum { FURTHER_LEAST = 4, FURTHER_MOST = 96, FURTHER_WORK = 100000 };

/* What v becomes, the verdict on a claim that has passed so far. */
static verdict evaluate_further(theory *th, const equation *e, verdict v)
{
    uint64_t mixed = 0;
    long work = 0;
    int only_numbers = 1;
    for (int i = 0; i < e->members; i++) {
        mixed = stir_tree(th, mixed, e->member[i]);
        only_numbers &= has_only_numbers(th, e->member[i]);
    }
    for (int i = 0; i < FURTHER_MOST && (i < FURTHER_LEAST || work < FURTHER_WORK); i++) {
        const instance_sizes s = draw_sizes(&mixed, only_numbers, v.one_hot);
        const verdict w = try_further(th, e, random_split(&mixed), &s, v.one_hot || i % 2, &work);
        if (w.kind == V_WRONG) return w;
    }
    return v;
}

verdict theory_evaluate(theory *th, const equation *e)
{
    if (th->instance_count == 1) return evaluate_on(e, th->instances, 1);
    verdict v = evaluate_shared(th, e);
    if (v.kind == V_OK) v = evaluate_further(th, e, v);
    for (int i = 0; i < e->members && v.kind == V_OK; i++) {
        const verdict unseen = refuse_unseen(th, e->member[i]);
        if (unseen.kind != V_OK) v = unseen;
    }
    return v;
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

static const char NAMED[] = "; mistake ";

static void explain(theory *th, const equation *e, judgement *j)
{
    if (th->name_mistake && (j->kind == V_SHAPE || j->kind == V_WRONG)) {
        char *end = j->message + strlen(j->message), *hint = strchr(j->message, ';');
        th->name_mistake(th, e, j->message, sizeof j->message);
        if (j->kind == V_SHAPE && hint && strncmp(end, NAMED, strlen(NAMED)) == 0)
            memmove(hint, end, strlen(end) + 1);
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
