/* generated from chapters/21-grammar.nw by noweb; do not edit */
#include "grammar.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The axes */
#define NO_PLACE ((size_t)-1)
static const struct { char letter; size_t place; int is; } AXES[] = {
    { '1', NO_PLACE, AXIS_SHAPE | AXIS_LENGTH },
    { 'R', NO_PLACE, AXIS_SHAPE },
    { 'T', offsetof(instance_sizes, T), AXIS_ANY | AXIS_SHAPE | AXIS_COUNTS },
    { 'K', offsetof(instance_sizes, K), AXIS_ANY | AXIS_COUNTS },
    { 'm', offsetof(instance_sizes, m), AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH | AXIS_TIMED },
    { 'n', offsetof(instance_sizes, n), AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH | AXIS_TIMED },
    { 'l', offsetof(instance_sizes, l), AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH | AXIS_TIMED },
    { 'B', offsetof(instance_sizes, B), AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH },
    { 'p', offsetof(instance_sizes, p), AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH },
};
enum { AXIS_COUNT = sizeof AXES / sizeof *AXES };
int axis_is(char letter, int property)
{
    for (int i = 0; i < AXIS_COUNT; i++)
        if (AXES[i].letter == letter) return (AXES[i].is & property) != 0;
    return 0;
}

int axis_size(const instance_sizes *sizes, char letter)
{
    if (letter == 'R') return sizes->T * sizes->B;
    for (int i = 0; i < AXIS_COUNT; i++)
        if (AXES[i].letter == letter && AXES[i].place != NO_PLACE)
            return *(const int *)(const void *)((const char *)sizes + AXES[i].place);
    return 1;
}

static const own_axis *own_axis_of(const theory *th, char letter)
{
    for (int i = 0; i < th->axis_count; i++)
        if (th->axes[i].kind == letter) return &th->axes[i];
    return NULL;
}

int grammar_axis(const theory *th, char letter, int property)
{
    if (!th->own || letter == '1') return axis_is(letter, property);
    const own_axis *a = own_axis_of(th, letter);
    return a != NULL && (a->is & property) != 0;
}

char grammar_axis_named(const theory *th, const char *name)
{
    for (int i = 0; i < th->axis_count; i++)
        if (strcmp(th->axes[i].name, name) == 0) return th->axes[i].kind;
    return name[0] && !name[1] && grammar_axis(th, *name, AXIS_SHAPE) ? *name : 0;
}

const char *grammar_axis_name(const theory *th, char kind, char letter[2])
{
    const own_axis *a = th->own ? own_axis_of(th, kind) : NULL;
    letter[0] = kind;
    letter[1] = '\0';
    return a ? a->name : letter;
}

static int is_variable(const theory *th, char letter)
{
    return letter && !grammar_axis(th, letter, AXIS_ANY);
}

/* Tokens */
typedef enum { T_END, T_COMMAND, T_LETTER, T_NUMBER, T_CHARACTER } token_kind;
typedef struct {
    token_kind kind;
    const char *text;       // commands: without the backslash
    int length, column;
} token;

static int token_is(const token *t, const char *text)
{
    return t->kind != T_END && (size_t)t->length == strlen(text)
           && memcmp(t->text, text, (size_t)t->length) == 0;
}

static int in_list(const token *t, const char *const *list)
{
    for (; *list; list++)
        if (token_is(t, *list)) return 1;
    return 0;
}

static int only_looks(const token *t)
{
    static const char *const looks[] = {
        ",", ";", "!", ":", ">", " ", "displaystyle", "textstyle", "scriptstyle",
            "scriptscriptstyle",
        "limits", "nolimits", "nonumber", "notag", 0 };
    if (t->kind == T_CHARACTER) return token_is(t, "~");
    return t->kind == T_COMMAND && in_list(t, looks);
}

/* After \label or \tag: where its braces end; -1 if they do not. */
static int after_label(const char *s, int i)
{
    if (s[i] == '*') i++;
    while (isspace((unsigned char)s[i])) i++;
    if (s[i] != '{') return -1;
    for (int depth = 0; s[i]; i++) {
        depth += (s[i] == '{') - (s[i] == '}');
        if (depth == 0) return i + 1;
    }
    return -1;
}

static int after_distance(const char *s, int i)
{
    int end = i;
    if (s[end++] != '[' || !isdigit((unsigned char)s[end])) return i;
    while (isalnum((unsigned char)s[end]) || s[end] == '.') end++;
    return s[end] == ']' ? end + 1 : i;
}

/* Tokens of a number */
enum { DIGITS_MAX = 7 };

/* Read a command */
static int read_command(const char *s, int *i, token *t)
{
    static const char *const labels[] = { "label", "tag", 0 };
    t->kind = T_COMMAND;
    t->text++;
    if (isalpha((unsigned char)s[*i]))
        while (isalpha((unsigned char)s[*i])) ++*i;
    else if (s[*i] != '\0') ++*i;
    t->length = *i - t->column;
    if (t->length == 0) return -1;
    if (!isalpha((unsigned char)*t->text)) {
        /* Read a command that is a single mark */
        if (strchr("{}\\,;!:>| ", *t->text) == NULL) return -1;
        if (*t->text == '{' || *t->text == '}')
            *t = (token){ T_CHARACTER, t->text - 1, 2, t->column };
        else if (*t->text == '\\') *i = after_distance(s, *i);
        return 1;
    }
    /* Take a bracket's name for the bracket */
    static const struct { const char *name, *bracket; } brackets[] = {
        { "lbrace", "\\{" }, { "rbrace", "\\}" }, { "lbrack", "[" }, { "rbrack", "]" },
        { "lparen", "(" }, { "rparen", ")" } };
    for (size_t b = 0; b < sizeof brackets / sizeof *brackets; b++)
        if (token_is(t, brackets[b].name))
            *t = (token){ T_CHARACTER, brackets[b].bracket, (int)strlen(brackets[b].bracket),
                          t->column };
    if (!in_list(t, labels)) return 1;
    if ((*i = after_label(s, *i)) < 0) return -1;
    *t = (token){ T_COMMAND, " ", 1, t->column };
    return 1;
}

/* Reads one token at s[*i]; returns 0 at the end, -1 for a byte that means nothing. */
static int lex(const char *s, int *i, token *t)
{
    while (isspace((unsigned char)s[*i])) ++*i;
    int start = *i;
    *t = (token){ T_CHARACTER, s + start, 1, start + 1 };
    if (s[start] == '\0') return t->kind = T_END, t->length = 0;
    ++*i;
    if (s[start] == '\\') return read_command(s, i, t);
    if (isalpha((unsigned char)s[start])) t->kind = T_LETTER;
    else if (isdigit((unsigned char)s[start])) {
        /* Read a number */
        t->kind = T_NUMBER;
        while (isdigit((unsigned char)s[*i])) ++*i;
        if (s[*i] == '.' && isdigit((unsigned char)s[*i + 1]))
            for (++*i; isdigit((unsigned char)s[*i]);) ++*i;
        t->length = *i - start;
        if (t->length - (memchr(t->text, '.', (size_t)t->length) != NULL) > DIGITS_MAX) return -1;
    } else if (strchr("^_{}()[]=+-'|.,&~<>:*/", s[start]) == NULL) return -1;
    return 1;
}

/* The state of the parser */
typedef struct parser {
    theory *th;
    token tokens[TOKENS_MAX + 1];
    int count, at, depth, seed;
    int in_norm;            // between two bars: the next bar closes
    int reaching;           // the factor read last has no visible end
    node_kind held;         // what braces alone hold together in it; N_NUMBER: nothing
    int holds_large;        // … and a large operator is at its end
    int slashed;            // the product read last ends with what a slash divides by
    int fraction, after_fraction;   // where the fraction read last begins, and ends
    int naming;             // what is read is a row of the table
    int differential;       // both halves of a fraction begin with a d, which is a size elsewhere
    parse_error *error;
} parser;

static int fail(parser *p, parse_status status, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int fail(parser *p, parse_status status, int column, const char *format, ...)
{
    if (p->error->status == PARSE_OK) {
        va_list list;
        va_start(list, format);
        vsnprintf(p->error->message, sizeof p->error->message, format, list);
        va_end(list);
        p->error->status = status;
        p->error->column = column;
    }
    return NONE_NODE;
}

static const char *advice_on(const token *t);
static token *peek(parser *p) { return &p->tokens[p->at]; }

static int accept(parser *p, const char *text)
{
    if (!token_is(peek(p), text)) return 0;
    p->at++;
    return 1;
}

static int expect(parser *p, const char *text, const char *after)
{
    if (accept(p, text)) return 1;
    const char *advice = advice_on(peek(p));
    fail(p, PARSE_SYNTAX, peek(p)->column, "expected %s after %s%s%s", text, after,
         *advice ? "; " : "", advice);
    return 0;
}

#define NO_BRACES "braces do not show on the page: write ( ) around it"
#define BARS "a norm has two bars: \\|; an absolute value is \\sqrt{x^2}"
#define ONLY_THESE "only tanh, sigma, exp, log, sqrt, softmax, diag, tr, max and min are known"
static const struct { const char *text, *advice; } ADVICE[] = {
    { "ast", "for a product entry by entry write \\odot" },
    { "star", "for a product entry by entry write \\odot" },
    { "*", "for a product entry by entry write \\odot" },
    { "bullet", "for a product entry by entry write \\odot" },
    { "otimes", "for an outer product of rows write a^\\top b" },
    { "langle", "for an inner product of rows write a b^\\top" },
    { "div", "write \\frac, or \\oslash entry by entry" }, { "oplus", "write +" },
    { "ominus", "write -" },
    { "pm", "write the two equations apart" }, { "|", BARS }, { "vert", BARS }, { "lvert", BARS },
    { "mathbb", "there are no sets and no expectations here: write the sum" },
    { "approx", "only equations are executed: write =" },
    { "sim", "only equations are executed: write =" },
    { "propto", "only equations are executed: write =, with the factor" },
    { "neq", "only equations are executed" },
    { "ne", "only equations are executed" }, { "<", "only equations are executed" },
    { ">", "only equations are executed" },
    { "le", "only equations are executed" }, { "leq", "only equations are executed" },
    { "ge", "only equations are executed" },
    { "geq", "only equations are executed" }, { "leftarrow", "write = or \\coloneqq" },
    { "gets", "write = or \\coloneqq" },
    { "stackrel", "write =" }, { "overset", "write =" },
    { "underbrace", "write the formula without it" },
    { "overbrace", "write the formula without it" }, { "boxed", "write the formula without it" },
    { "color", "write the formula without it" }, { "textcolor", "write the formula without it" },
    { "therefore", "write the equation alone" },
    { "hspace", "leave the space out, or write \\quad" }, { "enspace", "leave the space out, or write \\quad" },
    { "mathrel", "write the relation alone" }, { "over", "write \\frac" },
    { "-", "what is negative stands in brackets here" },
    { "doteq", "write =" },
    { "underset", "write the formula without it" }, { "phantom", "write the formula without it" },
    { "Rightarrow", "write the equations apart" }, { "implies", "write the equations apart" },
    { "iff", "write the equations apart" },
    { "Leftrightarrow", "write the equations apart" }, { ";", "write the equations apart" },
    { "int", "there are sums only: \\sum" }, { "dots", "write a sum, \\sum_{t=1}^{T}" },
    { "ldots", "write a sum, \\sum_{t=1}^{T}" },
    { "cdots", "write a sum or a product, \\sum_{t=1}^{T} or \\prod" },
    { ".", "a number has a digit before its point" },
    { "forall", "a condition stands behind the equation, after a comma and \\quad" },
    { "text", "words stand behind the equation, as in \\quad \\text{for all } t" },
    { "middle", "write ( and )" },
    { "sigma", "the logistic function wants brackets: \\sigma(z)" },
    { "arctan", ONLY_THESE }, { "sin", ONLY_THESE }, { "cos", ONLY_THESE }, { "det", ONLY_THESE },
    { "arg", ONLY_THESE }, { "lim", ONLY_THESE }, { "inf", ONLY_THESE }, { "sup", ONLY_THESE },
    { ",", "of a row of entries write each, as in a_i = b" },
    { ":", "for the sum of products entry by entry write \\operatorname{tr}(A^\\top B)" },
    { "ell", "write l, or L with its index" }, { "dagger", "for the transpose write ^\\top" },
    { "nabla", "write \\nabla_{h_t} L, with what it is by" },
    { "vec", "write the letter alone: all are rows" },
    { "underline", "write the letter alone: all are rows" },
    { "overline", "write the letter alone" }, { "mathscr", "the loss of a batch is \\mathcal{L}" },
    { "_", "TeX wants something in front of it" }, { "^", "TeX wants something in front of it" },
};

static const char *advice_on(const token *t)
{
    for (size_t i = 0; i < sizeof ADVICE / sizeof *ADVICE; i++)
        if (token_is(t, ADVICE[i].text) && t->kind != T_LETTER) return ADVICE[i].advice;
    return "";
}

static int unexpected(parser *p)
{
    const token *t = peek(p);
    const char *advice = advice_on(t);
    return fail(p, PARSE_SYNTAX, t->column,
                t->kind == T_END ? "something is missing at the end%.*s%s%s"
                    : "did not expect %.*s here%s%s",
                t->length, t->text, *advice ? ": " : "", advice);
}

static const char *advice_on_byte(const token *t)
{
    const char c = t->kind == T_COMMAND ? '\\' : *t->text;
    if (c == '$' || (c == '\\' && *t->text && strchr("[]()", *t->text)))
        return "leave out the dollars, and \\[ and \\( as well: the line is mathematics as it is, "
               "and letters stand behind \\text{ }";
    if (isdigit((unsigned char)c))
        return "more than seven digits: no comparison here would see the last of them";
    if (c == '\\')
        return "a command that is no mathematics, or a \\label or \\tag without its braces";
    if (c == '%') return "a comment: write it on a line of its own";
    return "a character that is no mathematics";
}

static int begins_condition(const token *before, const token *after)
{
    static const char *const starts[] = { "quad", "qquad", "}", ",", "forall", 0 };
    static const char *const signs[] = { "=", "<", ">", "le", "leq", "ge", "geq", "in", "ne", 0 };
    return in_list(before, starts) && (after->kind == T_END || in_list(after, signs));
}

/* Cuts s into tokens, without those that only affect the looks. */
static int tokenize(parser *p, const char *s)
{
    int i = 0, more;
    for (p->count = 0; p->count < TOKENS_MAX;) {
        token *t = &p->tokens[p->count];
        if ((more = lex(s, &i, t)) < 0)
            return fail(p, PARSE_SYNTAX, t->column, "%s", advice_on_byte(t)), -1;
        if (!more) return 0;
        if (!only_looks(t)) p->count++;
    }
    fail(p, PARSE_SYNTAX, i, "too long: more than %d tokens", TOKENS_MAX);
    return -1;
}

/* Makes \ell in a script, or at the start of a condition, the letter l. */
static void read_ell(parser *p)
{
    char script[DEPTH_MAX] = { 0 };
    int depth = 0, curly = 0, plain = 0;
    for (int i = 0; i < p->count; i++) {
        token *t = &p->tokens[i];
        const token *before = i > 0 ? t - 1 : t;
        const int below = token_is(before, "_") || token_is(before, "^");
        if (token_is(t, "{") && ++depth < DEPTH_MAX) script[depth] = below || script[depth - 1];
        if (token_is(t, "}") && depth > 0) depth--;
        const int inside = below || (depth < DEPTH_MAX && script[depth])
            || (t > before && t->kind == T_COMMAND && begins_condition(before, t + 1));
        plain |= inside && t->kind == T_LETTER && token_is(t, "l");
        if (!inside || t->kind != T_COMMAND || !token_is(t, "ell")) continue;
        *t = (token){ T_LETTER, "l", 1, t->column };
        curly = t->column;
    }
    if (curly && plain)
        fail(p, PARSE_SYNTAX, curly, "l and \\ell are the same letter here: take another for one");
}

/* Make nodes */
int grammar_node(theory *th, node_kind kind, int left, int right)
{
    if (th->node_count == NODES_MAX) return NONE_NODE;
    th->nodes[th->node_count] = (node){ .kind = kind, .left = left, .right = right,
                                .rows = 0, .columns = 0 };
    return th->node_count++;
}

int grammar_mentions(const theory *th, int tree, int symbol)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    return (k->kind == N_SYMBOL && k->symbol == symbol)
           || grammar_mentions(th, k->left, symbol) || grammar_mentions(th, k->right, symbol);
}

int grammar_copy(theory *th, int tree)
{
    if (tree == NONE_NODE) return NONE_NODE;
    int copy = grammar_node(th, N_NUMBER, NONE_NODE, NONE_NODE);
    if (copy == NONE_NODE) return NONE_NODE;
    th->nodes[copy] = th->nodes[tree];
    th->nodes[copy].left = grammar_copy(th, th->nodes[tree].left);
    th->nodes[copy].right = grammar_copy(th, th->nodes[tree].right);
    return copy;
}

/* A node with children that must exist if they are given as not optional. */
static int make(parser *p, node_kind kind, int left, int right, int column)
{
    if (p->error->status != PARSE_OK) return NONE_NODE;
    int made = grammar_node(p->th, kind, left, right);
    if (made == NONE_NODE)
        return fail(p, PARSE_SYNTAX, column, "too large: more than %d nodes", NODES_MAX);
    p->th->nodes[made].column = column;
    return made;
}

/* Compare two trees */
static char new_name(const char *renamed, char letter)
{
    return renamed[(int)letter] ? renamed[(int)letter] : letter;
}

static int same_index(const char *renamed, index_expr x, index_expr y)
{
    return new_name(renamed, x.base) == y.base && new_name(renamed, x.minus) == y.minus
        && x.plus == y.plus
        && x.offset == y.offset;
}

static int is_large(const node *k)
{
    return k->kind == N_SUM || k->kind == N_PROD || k->kind == N_ROWS;
}

static int same_node(const char *renamed, const node *x, const node *y)
{
    if (x->kind != y->kind || !same_index(renamed, x->index, y->index)) return 0;
    switch (x->kind) {
    case N_NUMBER: return !(x->number < y->number) && !(x->number > y->number);
    case N_SYMBOL: return x->symbol == y->symbol;
    case N_ENTRY: return x->pair == y->pair && same_index(renamed, x->component, y->component)
                         && same_index(renamed, x->second, y->second);
    case N_INDEX: return same_index(renamed, x->component, y->component);
    case N_FUNCTION: return x->function == y->function;
    case N_DERIVATIVE: return x->immediate == y->immediate;
    case N_SUM: case N_PROD: case N_ROWS:
        return x->whole == y->whole && same_index(renamed, x->from, y->from)
               && same_index(renamed, x->to, y->to);
    default: return 1;
    }
}

static int same_tree(const theory *th, char *renamed, int one, int other)
{
    if (one == NONE_NODE || other == NONE_NODE) return one == other;
    const node *x = &th->nodes[one], *y = &th->nodes[other];
    if (!same_node(renamed, x, y)) return 0;
    const char before = renamed[(int)x->variable];
    if (is_large(x)) renamed[(int)x->variable] = y->variable;
    const int same = same_tree(th, renamed, x->left, y->left)
        && same_tree(th, renamed, x->right, y->right);
    renamed[(int)x->variable] = before;
    return same;
}

int grammar_same(const theory *th, int one, int other)
{
    char renamed[128] = { 0 };
    return same_tree(th, renamed, one, other);
}

/* Collect the free letters */
static void free_letters(const theory *th, const char *bound, char *letters, index_expr x)
{
    const char both[] = { x.base, x.minus };
    for (int i = 0; i < 2; i++) {
        const size_t used = strlen(letters);
        if (!is_variable(th, both[i]) || bound[(int)both[i]] || strchr(letters, both[i])) continue;
        letters[used] = both[i];
        letters[used + 1] = '\0';
    }
}

/* `bound` counts, for each letter, the sums around the tree that bind it. */
static void collect_letters(const theory *th, int tree, char bound[128], char *letters)
{
    if (tree == NONE_NODE) return;
    const node *k = &th->nodes[tree];
    const index_expr all[] = { k->index, k->component, k->second, k->from, k->to };
    for (int i = 0; i < (is_large(k) ? 5 : 3); i++) free_letters(th, bound, letters, all[i]);
    bound[(int)k->variable] = (char)(bound[(int)k->variable] + is_large(k));
    collect_letters(th, k->left, bound, letters);
    collect_letters(th, k->right, bound, letters);
    bound[(int)k->variable] = (char)(bound[(int)k->variable] - is_large(k));
}

void grammar_letters(const theory *th, int tree, char letters[LETTERS_ALL])
{
    char bound[128] = { 0 };
    collect_letters(th, tree, bound, letters);
}

/* Read indices */
enum { SCRIPT_MAX = 32 };
static const char *const STYLES[] = {
    "boldsymbol", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathnormal", "bm", "pmb",
    "text", "textrm", "textsf", "textbf", "rm", "bf", "it", "sf", "operatorname", "mathop", 0 };

static const char *const SLANTED[] = { "mathit", "mathnormal", "it", 0 };
static const char *const BOLD[] = { "boldsymbol", "bm", "pmb", "mathop", 0 };

/* Appends the text of a group, or of a single token, to script; 0 on failure. */
static int collect(parser *p, char *script)
{
    int depth = 0, bare, upright = 0;
    const size_t start = strlen(script);
    size_t used = strlen(script);
    do {
        bare = 0;
        token *t = peek(p);
        /* Refuse more than one digit without braces */
        if (depth == 0 && t->kind == T_NUMBER && t->length > 1) {
            fail(p, PARSE_SYNTAX, t->column, "TeX takes the %c alone for the script: write {%.*s}",
                 *t->text, t->length, t->text);
            return 0;
        }
        if (t->kind == T_END || used + (size_t)t->length + 3 > SCRIPT_MAX) {
            fail(p, PARSE_SYNTAX, t->column, "a script that does not end, or is too long");
            return 0;
        }
        p->at++;
        /* Count a brace, or keep the token */
        if (token_is(t, "{")) depth++;
        else if (token_is(t, "}")) depth--;
        else if (t->kind == T_COMMAND && in_list(t, STYLES))
            bare = depth == 0, upright = in_list(t, BOLD) ? upright : !in_list(t, SLANTED);
        else {
            if (t->kind == T_COMMAND) script[used++] = '\\';
            memcpy(script + used, t->text, (size_t)t->length);
            used += (size_t)t->length;
            script[used] = '\0';
        }
    } while (depth > 0 || bare);
    if (upright && strcmp(script + start, "T") == 0) strcpy(script + start, "\\top");
    return 1;
}

/* One letter or number of an index, with its sign, into *x; 0 if there is none. */
static int index_atom(const char **s, int sign, index_expr *x)
{
    if (isdigit((unsigned char)**s)) {
        long value = strtol(*s, (char **)s, 10);
        if (value > 1000) return 0;
        x->offset += sign * (int)value;
        return 1;
    }
    if (!isalpha((unsigned char)**s)) return 0;
    char *place = sign > 0 ? &x->base : &x->minus;
    if (*place) return 0;
    *place = *(*s)++;
    return 1;
}

/* Takes brackets off a text, in place. */
static void unwrap(char *s)
{
    const size_t n = strlen(s);
    if (n < 3 || *s != '(' || s[n - 1] != ')') return;
    memmove(s, s + 1, n - 2);
    s[n - 2] = '\0';
}

/* The same, for the square ones of a theory of a reader's own as well. */
static void unwrap_own(char *s)
{
    const size_t n = strlen(s);
    if (n >= 3 && *s == '[' && s[n - 1] == ']') *s = '(', s[n - 1] = ')';
    unwrap(s);
}

/* index = atom { ("+" | "-") atom }; 0 if the text is no index. */
static int read_index(const char *s, index_expr *x)
{
    int sign = 1;
    *x = (index_expr){ 0, 0, 0, 0 };
    if (*s == '-') sign = -1, s++;
    while (index_atom(&s, sign, x)) {
        if (*s == '\0') return 1;
        if (*s != '+' && *s != '-') return 0;
        sign = *s++ == '+' ? 1 : -1;
    }
    return 0;
}

static int known_index(parser *p, index_expr x, int column)
{
    const char letters[2] = { x.base, x.minus };
    for (int i = 0; i < 2; i++)
        if (isupper((unsigned char)letters[i]) && !grammar_axis(p->th, letters[i], AXIS_ANY)) {
            fail(p, PARSE_UNKNOWN, column,
                 "%c is no index, which would be a small letter, T, K, B or a number; another "
                 "power is \\exp of something", letters[i]);
            return 0;
        }
    return 1;
}

/* Read the scripts of a symbol */
enum { SUPERS_MAX = 4 };
typedef struct {
    char base[SCRIPT_MAX];                  // "hat y", "cal L", "delta"
    char sub[SCRIPT_MAX], super[SUPERS_MAX][SCRIPT_MAX];
    char entry[SCRIPT_MAX];                 // what follows the comma in h_{t,i}
    int supers, primes, column;
} written;

/* Cuts a text at its first comma, in place; what follows goes to `rest`. */
static void cut_at_comma(char *text, char *rest)
{
    char *comma = strchr(text, ',');
    if (comma == NULL || comma[1] == '\0' || *text == '(') return;
    strcpy(rest, comma + 1);
    *comma = '\0';
}

/* A name and a transpose in one superscript, as in z^{h\top}, become two. */
static void split_transpose(const theory *th, written *w)
{
    if (w->supers == 0 || w->supers == SUPERS_MAX) return;
    char *s = w->super[w->supers - 1];
    size_t n = strlen(s), cut = n > 4 && strcmp(s + n - 4, "\\top") == 0 ? n - 4
                              : n > 1 && s[n - 1] == 'T'
                                  && (isalpha((unsigned char)s[n - 2])
                                      || (th->own && strchr(")]123456789", s[n - 2]))) ? n - 1 : n;
    if (cut == n) return;
    strcpy(w->super[w->supers++], s + cut);
    s[cut] = '\0';
    if (s[cut - 1] == '^') s[cut - 1] = '\0';
}

/* TeX refuses a second superscript, or subscript, on one nucleus. */
static int twice(parser *p, int before)
{
    if (before)
        fail(p, PARSE_SYNTAX, peek(p)->column,
             "a second script; TeX wants braces around what it stands on");
    return before;
}

/* script = "_" group | "^" group | "'" */
static int read_scripts(parser *p, written *w)
{
    for (int above = 0, below = 0;;) {
        if (accept(p, "'")) w->primes++;
        else if (token_is(peek(p), "_")) {
            /* Read a subscript */
            if (twice(p, below++ || w->sub[0])) return 0;
            p->at++;
            if (!collect(p, w->sub)) return 0;
            cut_at_comma(w->sub, w->entry);
        } else if (token_is(peek(p), "^") && w->supers < SUPERS_MAX) {
            if (twice(p, above++)) return 0;
            p->at++;
            w->super[w->supers][0] = '\0';
            if (!collect(p, w->super[w->supers])) return 0;
            /* A prime may be written as a superscript */
            if (strcmp(w->super[w->supers], "\\prime") == 0) w->primes++;
            else w->supers++;
            split_transpose(p->th, w);
        } else return 1;
    }
}

static int append_base(written *w, const char *prefix, const token *t)
{
    static const char *const variants[][2] =
        { { "varepsilon", "epsilon" }, { "vartheta", "theta" }, { "varkappa", "kappa" } };
    size_t used = strlen(w->base);
    int n = snprintf(w->base + used, SCRIPT_MAX - used, "%s%.*s", prefix, t->length, t->text);
    for (int i = 0; i < 3 && t->kind == T_COMMAND; i++)
        if (token_is(t, variants[i][0]))
            n = snprintf(w->base + used, SCRIPT_MAX - used, "%s", variants[i][1]);
    return n >= 0 && (size_t)n < SCRIPT_MAX - used;
}

static int begins_differential(parser *p)
{
    const token *t = peek(p), *next = t + 1;
    char name[SCRIPT_MAX];
    const int named = next->kind == T_LETTER || next->kind == T_COMMAND;
    if (!p->th->own || t->kind != T_LETTER || !token_is(t, "d") || !named) return 0;
    snprintf(name, sizeof name, "d%.*s", next->length, next->text);
    for (int i = 0; i < p->th->symbol_count && !p->naming; i++)
        if (strncmp(p->th->symbols[i].name, name, strlen(name)) == 0) return 1;
    return p->naming;
}

static const char *const OWN_ACCENTS[] = {
    "hat", "tilde", "mathcal", "bar", "widehat", "widetilde", "dot", "ddot", "vec", "overline",
    "underline", "check", "breve", "acute", "grave", "mathring", 0 };

/* nucleus = letter | greek | accent nucleus | style nucleus | "{" nucleus scripts "}" */
static int read_nucleus(parser *p, written *w)
{
    static const char *const accents[] =
        { "hat", "tilde", "mathcal", "bar", "widehat", "widetilde", 0 };
    token *t = peek(p);
    const char *const *const known = p->th->own ? OWN_ACCENTS : accents;
    if (begins_differential(p)) return p->at++, append_base(w, "", t) && read_nucleus(p, w);
    if (t->kind == T_COMMAND && (in_list(t, STYLES) || in_list(t, known))) {
        p->at++;
        if (in_list(t, known)) {
            /* Put the accent before the base */
            const token narrow = { T_COMMAND, t->text + 4, t->length - 4, t->column };
            if (strlen(w->base) + (size_t)t->length + 2 > SCRIPT_MAX) return 0;
            if (!append_base(w, "", memcmp(t->text, "wide", 4) == 0 ? &narrow : t)) return 0;
            strcat(w->base, " ");
        }
        /* Read what the accent stands over */
        if (!accept(p, "{")) return read_nucleus(p, w);
        if (!read_nucleus(p, w)) return 0;
        if (peek(p)->kind == T_LETTER)
            return fail(p, PARSE_SYNTAX, t->column,
                        "more than one letter, which would be a function: " ONLY_THESE), 0;
        const int outside = w->supers;
        if (!read_scripts(p, w)) return 0;
        if (in_list(t, known) && w->supers > outside)
            return fail(p, PARSE_SYNTAX, t->column,
                        "is the accent over the power too? Write it over the letter: "
                        "\\hat{y}_t^2"), 0;
        return expect(p, "}", "the symbol under an accent");
    }
    if (accept(p, "{")) return read_nucleus(p, w) && read_scripts(p, w)
        && expect(p, "}", "a symbol");
    if (t->kind != T_LETTER && t->kind != T_COMMAND) return 0;
    p->at++;
    return append_base(w, "", t);
}

/* Find the symbol that is meant */
int grammar_symbol(theory *th, const char *name)
{
    for (int i = 0; i < th->symbol_count; i++)
        if (strcmp(th->symbols[i].name, name) == 0) return i;
    return -1;
}

/* Looks for base^super_sub with its primes; the last two may be empty. L and L_t are
   two symbols, told apart by the index. */
static int find(theory *th, const written *w, const char *super, const char *sub, int indexed)
{
    char name[4 * SCRIPT_MAX];
    snprintf(name, sizeof name, "%s%s%s%s%s%.*s", w->base, *super ? "^" : "", super,
             *sub ? "_" : "", sub, w->primes, "''''");
    for (int i = 0; i < th->symbol_count; i++)
        if (th->symbols[i].indexed == indexed && strcmp(th->symbols[i].name, name) == 0) return i;
    return -1;
}

typedef struct {
    int symbol, used;           // used: the superscript that is part of the name, or -1
    char index[SCRIPT_MAX];     // the subscript, where it is an index
} meaning;

/* Splits "h_t" and "h_t-1" into name and index. */
static int split(const char *super, char *name, char *index)
{
    const char *bar = strchr(super, '_');
    if (bar == NULL || bar == super) return 0;
    snprintf(name, SCRIPT_MAX, "%.*s", (int)(bar - super), super);
    snprintf(index, SCRIPT_MAX, "%s", bar + 1);
    return 1;
}

static int try_name(theory *th, const written *w, const char *super, meaning *m)
{
    char name[SCRIPT_MAX], index[SCRIPT_MAX];
    snprintf(m->index, SCRIPT_MAX, "%s", w->sub);
    if ((m->symbol = find(th, w, super, "", m->index[0] != '\0')) >= 0) return 1;
    if (w->sub[0] == '\0' && split(super, name, index)) {
        snprintf(m->index, SCRIPT_MAX, "%s", index);
        if ((m->symbol = find(th, w, name, "", 1)) >= 0) return 1;
    }
    return 0;
}

static int try_super(theory *th, written *w, int i, meaning *m)
{
    char name[SCRIPT_MAX], entry[SCRIPT_MAX] = "";
    snprintf(name, SCRIPT_MAX, "%s", w->super[i]);
    m->used = i;
    cut_at_comma(name, entry);
    unwrap(name);
    if (!try_name(th, w, name, m)) return 0;
    if (*entry && w->entry[0]) return 0;
    if (*entry) strcpy(w->entry, entry);
    return 1;
}

static int time_above(theory *th, const written *w, meaning *m)
{
    if (w->supers != 1 || w->sub[0] || w->super[0][0] != '(') return 0;
    snprintf(m->index, SCRIPT_MAX, "%s", w->super[0]);
    unwrap(m->index);
    m->used = 0;
    return (m->symbol = find(th, w, "", "", 1)) >= 0;
}

static int resolve(theory *th, written *w, meaning *m)
{
    if (time_above(th, w, m)) return 1;
    for (int i = 0; i < w->supers; i++)
        if (try_super(th, w, i, m)) return 1;
    m->used = -1;
    m->index[0] = '\0';
    if ((m->symbol = find(th, w, "", w->sub, 0)) >= 0) return 1;
    snprintf(m->index, SCRIPT_MAX, "%s", w->sub);
    return (m->symbol = find(th, w, "", "", m->index[0] != '\0')) >= 0;
}

/* Makes an entry of the subscript; 0 if there is no room. */
static int below_is_entry(written *w)
{
    char both[2 * SCRIPT_MAX];
    snprintf(both, sizeof both, "%s%s%s", w->sub, w->entry[0] ? "," : "", w->entry);
    if (strlen(both) >= SCRIPT_MAX) return 0;
    strcpy(w->entry, both);
    return 1;
}

/* With superscript i as part of the name, or, where it is in brackets, as the index. */
static int try_own_super(theory *th, written *w, int i, meaning *m)
{
    char above[SCRIPT_MAX];
    snprintf(above, sizeof above, "%s", w->super[i]);
    unwrap_own(above);
    m->used = i;
    m->index[0] = '\0';
    if ((m->symbol = find(th, w, above, w->sub, 0)) >= 0) return 1;
    if (w->sub[0] && (m->symbol = find(th, w, above, "", 1)) >= 0)
        return strcpy(m->index, w->sub), 1;
    if (w->sub[0] && (m->symbol = find(th, w, above, "", 0)) >= 0) return below_is_entry(w);
    if (strcmp(above, w->super[i]) == 0 || (m->symbol = find(th, w, "", "", 1)) < 0) return 0;
    strcpy(m->index, above);
    return !w->sub[0] || below_is_entry(w);
}

static int resolve_own(theory *th, written *w, meaning *m)
{
    for (int i = 0; i < w->supers; i++)
        if (try_own_super(th, w, i, m)) return 1;
    m->used = -1;
    m->index[0] = '\0';
    if ((m->symbol = find(th, w, "", w->sub, 0)) >= 0) return 1;
    if (!w->sub[0]) return 0;
    if ((m->symbol = find(th, w, "", "", 1)) >= 0) return strcpy(m->index, w->sub), 1;
    return (m->symbol = find(th, w, "", "", 0)) >= 0 && below_is_entry(w);
}

/* Returns the number of primes that are left over; -1 if there is no such symbol. */
static int resolve_primed(theory *th, written *w, meaning *m)
{
    const int primes = w->primes;
    int (*const look)(theory *, written *, meaning *) = th->own ? resolve_own : resolve;
    if (look(th, w, m)) return 0;
    w->primes = 0;
    if (look(th, w, m)) return primes;
    w->primes = primes;
    return -1;
}

/* `above` is the superscript, "h_t". */
static int future_gradient(parser *p, int delta, const char *above)
{
    char name[SCRIPT_MAX], index[SCRIPT_MAX];
    int remaining = p->th->symbol_count - 1, by = -1;
    if (split(above, name, index)) by = grammar_symbol(p->th, name);
    while (remaining >= 0 && p->th->symbols[remaining].part != PART_REMAINING_LOSS) remaining--;
    if (by < 0 || remaining < 0) return delta;
    int future = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, p->th->nodes[delta].column);
    int state = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, p->th->nodes[delta].column);
    int made = make(p, N_DERIVATIVE, future, state, p->th->nodes[delta].column);
    if (made == NONE_NODE) return made;
    p->th->nodes[future].index = p->th->nodes[state].index = p->th->nodes[delta].index;
    p->th->nodes[future].symbol = remaining;
    p->th->nodes[state].symbol = by;
    return made;
}

/* Parse primaries */
static int parse_expression(parser *p);
static int parse_term(parser *p);
static int parse_factor(parser *p);

/* Apply a superscript */
/* Make an entry */
/* "i", "ij", "i,j" or one of them in brackets; returns how many, or 0. */
static int read_entries(const char *text, index_expr *first, index_expr *second)
{
    char s[SCRIPT_MAX], rest[SCRIPT_MAX] = "";
    snprintf(s, sizeof s, "%s", text);
    unwrap(s);
    cut_at_comma(s, rest);
    if (*rest) return read_index(s, first) && read_index(rest, second) ? 2 : 0;
    if (read_index(s, first)) return 1;
    if (strlen(s) != 2 || !islower((unsigned char)s[0]) || !islower((unsigned char)s[1])) return 0;
    *first = (index_expr){ s[0], 0, 0, 0 };
    *second = (index_expr){ s[1], 0, 0, 0 };
    return 2;
}

static int entry(parser *p, int base, const char *s, int column)
{
    index_expr first = { 0, 0, 0, 0 }, second = first;
    const int count = read_entries(s, &first, &second);
    if (!count)
        return fail(p, PARSE_SYNTAX, column,
                    "cannot read %s as an entry: write _{i}, or _{i,j} for a matrix", s);
    int made = make(p, N_ENTRY, base, NONE_NODE, column);
    if (made == NONE_NODE || !known_index(p, first, column) || !known_index(p, second, column))
        return NONE_NODE;
    p->th->nodes[made].component = first;
    p->th->nodes[made].second = second;
    p->th->nodes[made].pair = count == 2;
    return made;
}

static int entry_above(parser *p, int base, const char *s, int column)
{
    index_expr first, second;
    if (*s == '(')
        return fail(p, PARSE_SYNTAX, column,
                    "^{%s} may be a time or an entry: write h_t for a time and (h_t)_i for an "
                    "entry", s);
    if (read_entries(s, &first, &second) == 2) return entry(p, base, s, column);
    return fail(p, PARSE_SYNTAX, column,
                "a superscript ^{%s} that is neither \\top, a whole power nor an index; a root is "
                "\\sqrt, another power the \\exp of a multiple of the \\log", s);
}

/* Find the entry that a script stands on */
/* The entry of a matrix that the tree is, or is a power of; NONE_NODE for all else, and if it is
   in brackets. */
static int entry_of_matrix(const theory *th, int tree)
{
    if (tree != NONE_NODE && th->nodes[tree].kind == N_POWER) tree = th->nodes[tree].left;
    const node *k = tree == NONE_NODE ? NULL : &th->nodes[tree];
    return k && k->kind == N_ENTRY && k->pair && k->whole != AS_BRACKETED ? tree : NONE_NODE;
}

/* Notes that brackets are seen around the tree, or the line of a fraction. */
static void note_brackets(theory *th, int tree)
{
    const int inside = entry_of_matrix(th, tree);
    if (inside != NONE_NODE) th->nodes[inside].whole = AS_BRACKETED;
}

static int transpose(parser *p, int base, int written_as, int column)
{
    const int inside = entry_of_matrix(p->th, base);
    int made = make(p, N_TRANSPOSE, inside == NONE_NODE ? base : p->th->nodes[inside].left,
                    NONE_NODE, column);
    if (made == NONE_NODE) return made;
    p->th->nodes[made].whole = written_as;
    if (inside == NONE_NODE) return made;
    p->th->nodes[inside].left = made;
    return base;
}

static int raise(parser *p, int base, index_expr x, int entrywise, int column)
{
    int power = make(p, N_POWER, base, NONE_NODE, column);
    if (power == NONE_NODE || !known_index(p, x, column)) return NONE_NODE;
    p->th->nodes[power].index = x;
    p->th->nodes[power].whole = entrywise;
    return power;
}

/* How many halves: "3/2", "-1/2", "\frac12", "0.5"; 0 if the text is no such thing. */
static int read_halves(const char *s)
{
    const int sign = *s == '-' ? -1 : 1;
    s += *s == '-';
    if (strcmp(s, "0.5") == 0) return sign;
    s += strncmp(s, "\\frac", 5) == 0 ? 5 : 0;
    const int digit = *s >= '1' && *s <= '9' ? *s - '0' : 0;
    const char *rest = digit ? s + 1 : s;
    rest += *rest == '/';
    return digit % 2 && strcmp(rest, "2") == 0 && rest > s ? sign * digit : 0;
}

static int raise_half(parser *p, int base, int halves, int column)
{
    const int root = make(p, N_FUNCTION, base, NONE_NODE, column);
    if (root == NONE_NODE) return root;
    p->th->nodes[root].function = F_SQRT;
    return halves == 1 ? root : raise(p, root, (index_expr){ 0, 0, halves, 0 }, 0, column);
}

static int is_scalar(const notation_row *s)
{
    return s->side[0].kind == '1' && s->side[1].kind == '1';
}

/* Is a letter above this symbol a power? Of a matrix too, in a reader's own theory: an entry of it
   has two letters. */
static int can_be_raised(const theory *th, const notation_row *s)
{
    return is_scalar(s) || (th->own && s->side[0].kind != '1' && s->side[1].kind != '1');
}

static int apply_super(parser *p, int base, const char *s, int column)
{
    index_expr x;
    if (base == NONE_NODE) return base;
    if (!strcmp(s, "\\top") || !strcmp(s, "\\intercal")) return transpose(p, base, 0, column);
    if (!strcmp(s, "T")) return transpose(p, base, AS_T, column);
    if (!strcmp(s, "\\prime") || !strcmp(s, "'")) return transpose(p, base, AS_PRIME, column);
    const int halves = p->th->own ? read_halves(s) : 0;
    if (halves) return raise_half(p, base, halves, column);
    int entrywise = strncmp(s, "\\odot", 5) == 0 || strncmp(s, "\\circ", 5) == 0;
    if (!read_index(entrywise ? s + 5 : s, &x)) return entry_above(p, base, s, column);
    if (p->th->nodes[base].kind == N_SYMBOL && x.base && !grammar_axis(p->th, x.base, AXIS_COUNTS)
        && !can_be_raised(p->th, &p->th->symbols[p->th->nodes[base].symbol]))
        return entry(p, base, s, column);
    return raise(p, base, x, entrywise, column);
}

/* Parse a symbol */
enum { WRITTEN_MAX = 6 * SCRIPT_MAX };
static void written_name(char text[WRITTEN_MAX], const written *w)
{
    snprintf(text, WRITTEN_MAX, "%s%s%s%s%s", w->base, w->supers ? "^" : "",
             w->supers ? w->super[0] : "", w->sub[0] ? "_" : "", w->sub);
}

static int unknown_symbol(parser *p, const written *w)
{
    char others[120] = "", asked[WRITTEN_MAX];
    const size_t length = strlen(w->base);
    for (int i = 0, found = 0; i < p->th->symbol_count && found < 4; i++) {
        const char *name = p->th->symbols[i].name;
        if (strncmp(name, w->base, length) != 0 || isalpha((unsigned char)name[length])
            || length == 0) continue;
        const size_t used = strlen(others);
        snprintf(others + used, sizeof others - used, "%s%s", found++ ? ", " : "; there is ",
                 p->th->symbols[i].latex);
    }
    const token t = { T_COMMAND, w->base, (int)length, w->column };
    const char *advice = advice_on(&t);
    if (*advice) snprintf(others, sizeof others, ": %s", advice);
    else if (strcmp(w->base, "delta") == 0 && strlen(w->sub) == 2 && !w->supers)
        snprintf(others, sizeof others,
                 "; Kronecker's delta is an entry of the identity, (I_n)_{%s}", w->sub);
    else if (strcmp(w->base, "delta") == 0 && !*w->sub && !w->supers)
        snprintf(others, sizeof others, "; a name of two parts is written \\delta^h_t");
    else if (length == 1 && strchr("ijktu", *w->base) && !*w->sub && !w->supers)
        snprintf(others, sizeof others,
                 "; a letter that counts is no number here, and an entry of h_t is (h_t)_i");
    else if (!*others) snprintf(others, sizeof others, ", nor any other %.30s", w->base);
    written_name(asked, w);
    return fail(p, PARSE_UNKNOWN, w->column, "%.70s is not in the notation table%s", asked, others);
}

static int kronecker(parser *p, const written *w)
{
    index_expr first, second;
    char both[2 * SCRIPT_MAX];
    snprintf(both, sizeof both, "%s%s%s", w->sub, w->entry[0] ? "," : "", w->entry);
    if (strcmp(w->base, "delta") != 0 || w->supers || strlen(both) >= SCRIPT_MAX
        || read_entries(both, &first, &second) != 2) return unknown_symbol(p, w);
    const int made = make(p, N_INDEX, NONE_NODE, NONE_NODE, w->column);
    if (made == NONE_NODE || !known_index(p, first, w->column)
        || !known_index(p, second, w->column)) return NONE_NODE;
    p->th->nodes[made].index = first;
    p->th->nodes[made].component = second;
    return made;
}

/* constant "+" index, in a theory of a reader's own; 0 if the text is no such thing. */
static int read_shifted(const theory *th, const char *s, index_expr *x)
{
    if (!th->own || !grammar_axis(th, *s, AXIS_COUNTS) || s[1] != '+') return 0;
    const char plus = *s;
    if (!read_index(s + 2, x) || !is_variable(th, x->base)) return 0;
    x->plus = plus;
    return 1;
}

/* The node of a symbol that was found, with the scripts and the primes that are left over. */
static int symbol_node(parser *p, const written *w, meaning *m, int primes)
{
    int made = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, w->column);
    if (made == NONE_NODE) return made;
    p->th->nodes[made].symbol = m->symbol;
    unwrap(m->index);
    if (m->index[0] && !read_index(m->index, &p->th->nodes[made].index)
        && !read_shifted(p->th, m->index, &p->th->nodes[made].index))
        return fail(p, PARSE_SYNTAX, w->column,
                    "cannot read the index %s; an entry stands behind a comma, as in h_{t,i}",
                    m->index);
    if (!known_index(p, p->th->nodes[made].index, w->column)) return NONE_NODE;
    if (p->seed && m->used >= 0 && strchr(w->super[m->used], '_'))
        made = future_gradient(p, made, w->super[m->used]);
    if (w->entry[0]) made = entry(p, made, w->entry, w->column);
    for (int i = 0; i < w->supers; i++)
        if (i != m->used) made = apply_super(p, made, w->super[i], w->column);
    if (primes > 1) return fail(p, PARSE_SYNTAX, w->column,
                                "more than one prime: for a transpose write ^\\top");
    return primes && made != NONE_NODE ? transpose(p, made, AS_PRIME, w->column) : made;
}

/* symbol = nucleus scripts, as the notation table has it */
static int parse_symbol(parser *p)
{
    written w = { .column = peek(p)->column };
    meaning m;
    if (!read_nucleus(p, &w) || !read_scripts(p, &w))
        return fail(p, PARSE_SYNTAX, w.column, "expected a symbol");
    const int primes = resolve_primed(p->th, &w, &m);
    if (primes < 0) return p->th->own ? kronecker(p, &w) : unknown_symbol(p, &w);
    return symbol_node(p, &w, &m, primes);
}

/* Parse a function */
static const char *const FUNCTION_NAMES[FUNCTIONS] = {
    "tanh", "exp", "log", "sqrt", "sigma", "relu", "step", "softmax", "diag", "max", "tr"
};

/* Is this function only for theories of a reader's own? */
static int is_foreign(int f) { return f == F_RELU || f == F_STEP; }

static const char *const SIGMOIDS[] = { "sigma", "sigmoid", "logistic", 0 };
/* Is an argument in brackets next, or a prime? */
static int is_applied(parser *p)
{
    const token *t = peek(p);
    return token_is(t, "(") || token_is(t, "[") || token_is(t, "'")
        || (token_is(t, "^") && token_is(t + 1, "prime"));
}

/* Makes one name of several; empty if it is a symbol of the theory. */
static void read_other_names(parser *p, char *name)
{
    const token asked = { T_COMMAND, name, (int)strlen(name), 1 };
    const int letter = strcmp(name, "sigma") == 0;
    if (in_list(&asked, SIGMOIDS)) strcpy(name, "sigma");
    if (strcmp(name, "ReLU") == 0) strcpy(name, "relu");
    if (strcmp(name, "sigma") == 0
        && ((letter && !is_applied(p)) || grammar_symbol(p->th, "sigma") >= 0)) name[0] = '\0';
}

/* Reads \tanh, \operatorname{tanh}, \mathrm{tanh} …; empty if it is no such thing. */
static int read_function(parser *p, char *name)
{
    int start = p->at;
    token *t = peek(p);
    name[0] = '\0';
    if (t->kind != T_COMMAND) return 0;
    p->at++;
    if (!in_list(t, STYLES)) snprintf(name, SCRIPT_MAX, "%.*s", t->length, t->text);
    else {
        /* Collect the letters of a styled name */
        int depth = 0;
        size_t n = 0;
        accept(p, "*");
        for (; n + 2 < SCRIPT_MAX; p->at++) {
            const token *letter = peek(p);
            depth += token_is(letter, "{") - token_is(letter, "}");
            if (letter->kind == T_LETTER) name[n++] = *letter->text, name[n] = '\0';
            else if (letter->kind != T_COMMAND && !token_is(letter, "{") && !token_is(letter, "}"))
                break;
            else if (letter->kind == T_COMMAND && !in_list(letter, STYLES)) break;
            if (depth == 0) break;
        }
        if (!accept(p, "}")) name[0] = '\0';
    }
    if (strcmp(name, "ln") == 0) strcpy(name, "log");
    if (strcmp(name, "Diag") == 0) strcpy(name, "diag");
    if (strcmp(name, "Tr") == 0 || strcmp(name, "trace") == 0) strcpy(name, "tr");
    if (strcmp(name, "min") == 0) return 1;
    read_other_names(p, name);
    for (int f = 0; f < FUNCTIONS; f++)
        if (strcmp(name, FUNCTION_NAMES[f]) == 0 && (p->th->own || !is_foreign(f))) return 1;
    p->at = start;
    return 0;
}

static int parse_bare(parser *p);
static int parse_primary(parser *p);
static int parse_large(parser *p);
static node_kind large(const token *t);
static char read_relation(parser *p);

/* Accepts a bracket; returns the one that closes it, or NULL. */
static const char *accept_bracket(parser *p)
{
    return accept(p, "(") ? ")" : accept(p, "[") ? "]" : accept(p, "\\{") ? "\\}" : NULL;
}

/* The two arguments of \min. */
static int parse_minimum(parser *p, int column)
{
    const char *close = accept_bracket(p);
    if (!close) return expect(p, "(", "\\min"), NONE_NODE;
    int left = parse_expression(p);
    if (!expect(p, ",", "the first argument of \\min")) return NONE_NODE;
    int right = parse_expression(p);
    if (!expect(p, close, "the arguments of \\min")) return NONE_NODE;
    p->reaching = 0;
    return make(p, N_MINIMUM, left, right, column);
}

static int is_zero(parser *p, int tree)
{
    const node *k = tree == NONE_NODE ? NULL : &p->th->nodes[tree];
    return k && k->kind == N_NUMBER && !(k->number > 0);
}

/* After "\max(0,". */
static int parse_rectified(parser *p, const char *close, int column)
{
    const int made = make(p, N_FUNCTION, parse_expression(p), NONE_NODE, column);
    p->reaching = 0;
    if (made == NONE_NODE || !expect(p, close, "the arguments of \\max")) return NONE_NODE;
    p->th->nodes[made].function = F_RELU;
    return made;
}

static int parse_maximum(parser *p, int column)
{
    const char *close = accept_bracket(p);
    if (!close) return NONE_NODE;
    int left = parse_expression(p);
    p->reaching = 0;
    if (p->th->own && is_zero(p, left) && accept(p, ",")) return parse_rectified(p, close, column);
    if (p->th->own && token_is(peek(p), ",") && token_is(peek(p) + 1, "0")) {
        p->at += 2;
        left = make(p, N_FUNCTION, left, NONE_NODE, column);
        if (left != NONE_NODE) p->th->nodes[left].function = F_RELU;
        return expect(p, close, "the arguments of \\max") ? left : NONE_NODE;
    }
    if (accept(p, ",")) {
        left = make(p, N_NEGATE, left, NONE_NODE, column);
        int right = make(p, N_NEGATE, parse_expression(p), NONE_NODE, column);
        p->reaching = 0;
        if (!expect(p, close, "the arguments of \\max")) return NONE_NODE;
        return make(p, N_NEGATE, make(p, N_MINIMUM, left, right, column), NONE_NODE, column);
    }
    if (!expect(p, close, "the argument of \\max")) return NONE_NODE;
    left = make(p, N_FUNCTION, left, NONE_NODE, column);
    if (left != NONE_NODE) p->th->nodes[left].function = F_MAX;
    return left;
}

static int parse_inside(parser *p, const char *close);

static int parse_root(parser *p)
{
    if (token_is(peek(p), "{")) return parse_inside(p, "}");
    return fail(p, PARSE_SYNTAX, peek(p)->column,
                token_is(peek(p), "[")
                    ? "a root without a number is the square root; another is the \\exp of a "
                      "fraction of the \\log"
                : "put what stands under the root into braces");
}

static int function_scripts(parser *p, const char *name, char *power)
{
    index_expr x;
    if (token_is(peek(p), "_"))
        return fail(p, PARSE_SYNTAX, peek(p)->column,
                    strcmp(name, "max") == 0
                        ? "the largest entry of a row is written without an index: \\%s(z^y_t)"
                    : "a foot of \\%s: the logarithm is the natural one, and an entry of the "
                      "result is (\\%s(...))_i", name, name), 0;
    const int sloping = strcmp(name, "tanh") == 0 || strcmp(name, "sigma") == 0
        || strcmp(name, "relu") == 0;
    if (token_is(peek(p), "'") && !sloping)
        return fail(p, PARSE_SYNTAX, peek(p)->column,
                    "of the functions only \\tanh and \\sigma have a prime here: write the "
                    "derivative out"), 0;
    if (accept(p, "'")) return strcpy(power, "'"), 1;
    if (!accept(p, "^")) return 1;
    const int column = peek(p)->column;
    if (!collect(p, power)) return 0;
    if (strcmp(power, "\\prime") == 0 && sloping) return strcpy(power, "'"), 1;
    if (read_index(power, &x) && !x.base && !x.minus && x.offset > 0) return 1;
    return fail(p, PARSE_SYNTAX, column,
                "\\%s^{%s} may be another function: write (\\%s(...))^{%s}", name, power, name,
                    power), 0;
}

/* 1 - x */
static int missing_to_one(parser *p, int x, int column)
{
    int one = make(p, N_NUMBER, NONE_NODE, NONE_NODE, column);
    int made = make(p, N_SUBTRACT, one, x, column);
    if (made != NONE_NODE) p->th->nodes[one].number = 1;
    return made;
}

/* \sigma(x) \odot (1 - \sigma(x)) */
static int slope_of_logistic(parser *p, int function, int column)
{
    const int again = grammar_copy(p->th, function);
    return again == NONE_NODE ? again
        : make(p, N_HADAMARD, function, missing_to_one(p, again, column), column);
}

/* 1 - \tanh^2(x), in place of \tanh(x) */
static int slope_of(parser *p, int function, int column)
{
    node *f = &p->th->nodes[function];
    if (f->function == F_RELU) return f->function = F_STEP, function;
    if (f->function == F_LOGISTIC) return slope_of_logistic(p, function, column);
    return missing_to_one(p, raise(p, function, (index_expr){ 0, 0, 2, 0 }, 1, column), column);
}

static int looks_whole(parser *p, int open, int close, int tree);

static int parse_argument(parser *p)
{
    const int open = p->at, braces = token_is(peek(p), "{");
    const int argument = parse_primary(p);
    if (argument == NONE_NODE || !braces) return argument;
    const node_kind kind = p->th->nodes[argument].kind;
    const int parts = kind == N_PRODUCT || kind == N_HADAMARD || kind == N_DIVIDE
        || kind == N_FRACTION;
    if (!parts || looks_whole(p, open, p->at - 1, argument)) return argument;
    return fail(p, PARSE_SYNTAX, p->tokens[open].column,
                "braces do not show on the page: write ( ) around the argument");
}

/* function = name ["^" power] argument */
static int parse_function(parser *p, const char *name, int column)
{
    char power[SCRIPT_MAX] = "";
    if (strcmp(name, "min") == 0) return parse_minimum(p, column);
    const int root = strcmp(name, "sqrt") == 0;
    if (!root && !function_scripts(p, name, power)) return NONE_NODE;
    const token *t = peek(p);
    const int bracket = token_is(t, "(") || token_is(t, "[") || token_is(t, "\\{");
    if (strcmp(name, "max") == 0 && bracket && !*power) return parse_maximum(p, column);
    int argument = root ? parse_root(p) : large(t) != N_NUMBER ? parse_large(p) : bracket
        ? parse_bare(p) : parse_argument(p);
    int made = make(p, N_FUNCTION, argument, NONE_NODE, column);
    if (made == NONE_NODE) return made;
    for (int f = 0; f < FUNCTIONS; f++)
        if (strcmp(name, FUNCTION_NAMES[f]) == 0) p->th->nodes[made].function = (function_kind)f;
    p->reaching = !root && !bracket;
    if (*power == '\'') return slope_of(p, made, column);
    return *power ? apply_super(p, made, power, column) : made;
}

/* How many tokens is a letter here, upright or not? 0 if it is another one, or a symbol. */
static int is_letter(parser *p, const char *letter)
{
    const token *t = peek(p);
    if (grammar_symbol(p->th, letter) >= 0) return 0;
    if (p->th->own && *letter != 'I' && token_is(t + 1, "_")) return 0;     // d_k is a symbol
    if (t->kind == T_LETTER) return token_is(t, letter);
    if (t->kind != T_COMMAND || !in_list(t, STYLES)) return 0;
    if (token_is(t + 1, letter) && t[1].kind == T_LETTER) return 2;
    return token_is(t + 1, "{") && token_is(t + 2, letter) && t[2].kind == T_LETTER
        && token_is(t + 3, "}") ? 4 : 0;
}

static int parse_power_of_e(parser *p, int length, int column)
{
    p->at += length + 1;
    if (!token_is(peek(p), "{"))
        return fail(p, PARSE_SYNTAX, peek(p)->column,
                    "put the exponent of e into braces, or write \\exp");
    int made = make(p, N_FUNCTION, parse_inside(p, "}"), NONE_NODE, column);
    if (made == NONE_NODE || twice(p, token_is(peek(p), "^"))) return NONE_NODE;
    p->reaching = 0;
    p->th->nodes[made].function = F_EXP;
    p->th->nodes[made].whole = AS_E;
    return made;
}

/* Parse a derivative */
/* How many tokens is a d here, as a letter or upright? 0 if there is none. */
static int length_of_d(const token *t)
{
    if (token_is(t, "d")) return t->kind == T_LETTER;
    if (t->kind != T_COMMAND || !in_list(t, STYLES)) return 0;
    if (token_is(t + 1, "d")) return 2;
    return token_is(t + 1, "{") && token_is(t + 2, "d") && token_is(t + 3, "}") ? 4 : 0;
}

/* partial = "\partial" ["^" "+"] | "d"; sets *immediate; returns the sign, or 0 */
static char accept_partial(parser *p, int *immediate)
{
    char plus[SCRIPT_MAX] = "";
    const int upright = is_letter(p, "d"), other = p->differential ? length_of_d(peek(p)) : 0;
    if (upright || other) return p->at += upright ? upright : other, 'd';
    if (!accept(p, "partial")) return 0;
    if (!token_is(peek(p), "^")) return 'p';
    p->at++;
    if (!collect(p, plus)) return 0;
    if (strcmp(plus, "+") != 0) {
        fail(p, PARSE_SYNTAX, peek(p)->column, "\\partial^{%s}: only \\partial and "
             "\\partial^{+} have a meaning here; instead of a first derivative below a second "
             "write its value", plus);
        return 0;
    }
    return *immediate = 1, 'p';
}

/* The lower half, "\partial" symbol, after the same sign as above. */
static int parse_below(parser *p, int *immediate, char sign)
{
    int column = peek(p)->column;
    if (accept_partial(p, immediate) != sign)
        return fail(p, PARSE_SYNTAX, column, "expected %s below the line, as above it",
                    sign == 'd' ? "d" : "\\partial");
    const int bracket = token_is(peek(p), "(") || token_is(peek(p), "[");
    int below = bracket ? parse_primary(p) : parse_symbol(p);
    if (below == NONE_NODE || p->th->nodes[below].kind == N_SYMBOL) return below;
    if (p->th->nodes[below].kind == N_ENTRY
        && p->th->nodes[p->th->nodes[below].left].kind == N_SYMBOL) return below;
    return fail(p, PARSE_SYNTAX, column, "a derivative is by a symbol, not by a formula");
}

static int make_derivative(parser *p, int above, int below, int immediate, int column)
{
    const int by_entry = below != NONE_NODE && p->th->nodes[below].kind == N_ENTRY;
    int made = make(p, N_DERIVATIVE, above, by_entry ? p->th->nodes[below].left : below, column);
    if (made == NONE_NODE) return made;
    p->th->nodes[made].immediate = immediate;
    if (!by_entry) return made;
    p->th->nodes[below].left = made;
    p->th->nodes[made].whole = AS_GRADIENT;
    note_brackets(p->th, below);
    return below;
}

/* After "\frac{": "\partial" … "}{\partial" symbol "}" [term] */
static int parse_fraction_of_partials(parser *p, int column)
{
    int immediate = 0, above = NONE_NODE;
    const char sign = accept_partial(p, &immediate);
    if (!sign) return NONE_NODE;
    int is_operator = token_is(peek(p), "}");
    if (!is_operator) above = parse_term(p);
    if (!expect(p, "}", "the upper half of a derivative, where a sum stands in brackets")) return NONE_NODE;
    if (!expect(p, "{", "the upper half of a derivative")) return NONE_NODE;
    int below = parse_below(p, &immediate, sign);
    if (!expect(p, "}", "the lower half of a derivative")) return NONE_NODE;
    if (is_operator) above = parse_term(p);
    p->reaching = is_operator;
    return make_derivative(p, above, below, immediate, column);
}

/* "\partial" primary "/" "\partial" symbol */
static int parse_slashed(parser *p, int column)
{
    int immediate = 0;
    const char sign = accept_partial(p, &immediate);
    if (!sign) return NONE_NODE;
    int above = parse_bare(p);
    if (p->held != N_NUMBER) return fail(p, PARSE_SYNTAX, column, NO_BRACES);
    if (!token_is(peek(p), "/"))
        return fail(p, PARSE_SYNTAX, column,
                    "a differential alone has no value here: write the derivative, "
                    "\\frac{\\partial L}{\\partial h_t}");
    p->at++;
    int below = parse_below(p, &immediate, sign);
    p->reaching = 0;
    return make_derivative(p, above, below, immediate, column);
}

/* ("\nabla" | "\partial") "_" "{" symbol "}" primary */
static int parse_operator(parser *p, int column)
{
    const int gradient = token_is(peek(p), "nabla");
    p->at++;
    if (!expect(p, "_", "\\nabla")) return NONE_NODE;
    const int bare = p->th->own && !token_is(peek(p), "{");
    if (!bare && !expect(p, "{", "\\nabla_")) return NONE_NODE;
    int below = parse_symbol(p);
    if (!bare && !expect(p, "}", "what the derivative is by")) return NONE_NODE;
    if (large(peek(p)) != N_NUMBER)
        return fail(p, PARSE_SYNTAX, peek(p)->column, "%s acts on the one thing that follows: put "
                    "the whole of it into ( )", gradient ? "\\nabla" : "\\partial");
    const int above = parse_primary(p);
    if (p->held != N_NUMBER) return fail(p, PARSE_SYNTAX, column, NO_BRACES);
    int made = make_derivative(p, above, below, 0, column);
    if (made != NONE_NODE && p->th->nodes[made].kind == N_DERIVATIVE)
        p->th->nodes[made].whole = gradient ? AS_GRADIENT : 0;
    return made;
}

/* Parse a fraction */
static int begins_with_d(const token *t)
{
    const token *after = t + 1 + length_of_d(t + 1);
    return token_is(t, "{") && after > t + 1 && !token_is(after, "}") && !token_is(after, "_");
}

/* Do both halves of the fraction whose first brace is next begin with a d, and go on? */
static int begins_with_d_twice(parser *p)
{
    const token *t = peek(p), *below = t;
    int depth = 0;
    do {
        depth += token_is(below, "{") - token_is(below, "}");
        below++;
    } while (below->kind != T_END && depth > 0);
    return begins_with_d(t) && begins_with_d(below);
}

/* Parse half of a fraction */
static int parse_digit(parser *p)
{
    token *t = peek(p);
    int made = make(p, N_NUMBER, NONE_NODE, NONE_NODE, t->column);
    if (made != NONE_NODE) p->th->nodes[made].number = *t->text - '0';
    if (t->length == 1) return p->at++, made;
    t->text++, t->column++, t->length--;
    return isdigit((unsigned char)*t->text) ? made
           : fail(p, PARSE_SYNTAX, t->column, "put the halves of a fraction into braces");
}

static int parse_letter(parser *p)
{
    const token *t = peek(p);
    written w = { .column = t->column };
    meaning m;
    if ((t->kind != T_LETTER && t->kind != T_COMMAND) || !append_base(&w, "", t)
        || resolve_primed(p->th, &w, &m) < 0)
        return fail(p, PARSE_SYNTAX, t->column, "put the halves of a fraction into braces");
    p->at++;
    return symbol_node(p, &w, &m, 0);
}

static int parse_half(parser *p, const char *what)
{
    if (peek(p)->kind == T_NUMBER) return parse_digit(p);
    if (!token_is(peek(p), "{")) return parse_letter(p);
    p->at++;
    int half = parse_expression(p);
    p->reaching = 0;
    return expect(p, "}", what) ? half : NONE_NODE;
}

/* "\frac" "{" expression "}" "{" expression "}", or a derivative */
static int parse_fraction(parser *p, int column)
{
    const int outside = p->differential;
    p->differential = p->th->own && begins_with_d_twice(p);
    if (accept(p, "{")) {
        if (token_is(peek(p), "partial") || is_letter(p, "d") || p->differential) {
            const int made = parse_fraction_of_partials(p, column);
            return p->differential = outside, made;
        }
        p->at--;
    }
    p->differential = outside;
    int above = parse_half(p, "a numerator");
    return make(p, N_FRACTION, above, parse_half(p, "a denominator"), column);
}

static int parse_spanned_fraction(parser *p, int column)
{
    const int start = p->at++;
    const int made = parse_fraction(p, column);
    p->fraction = start;
    p->after_fraction = p->at;
    return made;
}

static int is_bar(const token *t)
{
    static const char *const bars[] = { "|", "Vert", "lVert", "rVert", 0 };
    return t->kind == T_COMMAND && in_list(t, bars);
}

/* "\|" expression "\|" ["_2" | "_F"] */
static int parse_norm(parser *p, int column)
{
    char sub[SCRIPT_MAX] = "";
    int outside = p->in_norm;
    p->at++;
    p->in_norm = 1;
    int inner = parse_expression(p);
    p->in_norm = outside;
    p->reaching = 0;
    if (!is_bar(peek(p))) return fail(p, PARSE_SYNTAX, column, "a norm without an end");
    p->at++;
    if (accept(p, "_") && (!collect(p, sub) || (strcmp(sub, "2") != 0 && strcmp(sub, "F") != 0)))
        return fail(p, PARSE_SYNTAX, column,
                    "only the root of the sum of squares is known here, \\|a\\|, \\|a\\|_2 and "
                    "\\|A\\|_F");
    int made = make(p, N_NORM, inner, NONE_NODE, column);
    if (made != NONE_NODE) p->th->nodes[made].whole = *sub == '2' ? AS_TWO : 0;
    return made;
}

/* Parse a primary with its scripts */
static int begins_factor(const token *t, int in_norm);

/* "(" expression ")" and its like */
static int parse_inside(parser *p, const char *close)
{
    int outside = p->in_norm;
    p->at++;
    p->in_norm = 0;
    int inner = parse_expression(p);
    p->in_norm = outside;
    return expect(p, close, "an expression in brackets") ? inner : NONE_NODE;
}

static int is_fraction(const token *t)
{
    static const char *const fractions[] = { "frac", "tfrac", "dfrac", "cfrac", 0 };
    return t->kind == T_COMMAND && in_list(t, fractions);
}

/* Does the bracket at token `open` close just before token `close`? */
static int is_bracketed(const parser *p, int open, int close)
{
    static const char *const brackets[] = { "(", "[", "\\{", 0 };
    static const char *const ends[] = { ")", "]", "\\}", 0 };
    int depth = 0, i = open;
    if (!in_list(&p->tokens[i], brackets)) return 0;
    do depth += in_list(&p->tokens[i], brackets) - in_list(&p->tokens[i], ends);
    while (++i < close && depth > 0);
    return i == close;
}

/* Is what stands between tokens `open` and `close` one thing to the eye? */
static int looks_whole(parser *p, int open, int close, int tree)
{
    const node *k = &p->th->nodes[tree];
    while (token_is(&p->tokens[open + 1], "{") && token_is(&p->tokens[close - 1], "}"))
        open++, close--;
    const int begun = is_fraction(&p->tokens[open + 1]);
    if (p->reaching) return 0;
    if (k->kind == N_ENTRY && p->th->nodes[k->left].kind == N_DERIVATIVE)
        k = &p->th->nodes[k->left];
    if (begun) return p->fraction == open + 1 && p->after_fraction == close;
    if (k->kind == N_SYMBOL || k->kind == N_ENTRY || k->kind == N_POWER || k->kind == N_TRANSPOSE
        || k->kind == N_NUMBER || k->kind == N_ONES || k->kind == N_NORM) return 1;
    return is_bracketed(p, open + 1, close);
}

/* Would a large operator at the end of the tree take in what follows it? */
static int ends_large(const theory *th, int tree)
{
    for (const node *k; tree != NONE_NODE; tree = k->right != NONE_NODE ? k->right : k->left) {
        k = &th->nodes[tree];
        if (is_large(k) || k->kind == N_DERIVATIVE) return 1;
    }
    return 0;
}

static void note_held(parser *p, int tree)
{
    const node_kind kind = p->th->nodes[tree].kind;
    const int product = kind == N_PRODUCT || kind == N_FRACTION;
    p->held = kind == N_HADAMARD || kind == N_DIVIDE ? kind
        : product ? (p->slashed ? N_FRACTION : N_PRODUCT)
        : is_large(&p->th->nodes[tree]) || kind == N_DERIVATIVE ? N_SUM : N_NUMBER;
    p->holds_large = p->reaching && ends_large(p->th, tree);
}

static const token *first_visible(const token *t)
{
    while (token_is(t, "{") || token_is(t, "}")) t++;
    return t;
}

static int parse_group(parser *p, const char *close)
{
    const int open = p->at;
    const token *first = first_visible(peek(p));
    int inner = parse_inside(p, close);
    if (*close != '}') p->reaching = 0, note_brackets(p->th, inner);
    p->held = N_NUMBER;
    p->holds_large = 0;
    if (inner == NONE_NODE || *close != '}') return inner;
    const int scripted = token_is(peek(p), "^") || token_is(peek(p), "_") || token_is(peek(p), "'");
    const node_kind kind = p->th->nodes[inner].kind;
    const int is_sum = kind == N_ADD || kind == N_SUBTRACT || kind == N_NEGATE;
    const int whole = looks_whole(p, open, p->at - 1, inner);
    if (token_is(first, "-") || token_is(first, "+") || (!whole && (scripted || is_sum)))
        return fail(p, PARSE_SYNTAX, p->tokens[p->at - 1].column, NO_BRACES);
    if (!whole) note_held(p, inner);
    return inner;
}

static int parse_number(parser *p)
{
    token *t = peek(p);
    int made = make(p, N_NUMBER, NONE_NODE, NONE_NODE, t->column);
    if (made != NONE_NODE) p->th->nodes[made].number = strtod(t->text, NULL);
    p->at++;
    return made;
}

static int accept_bold(parser *p, const char *digit)
{
    static const char *const bold[] =
        { "mathbf", "boldsymbol", "bm", "mathbb", "mathbbm", "mathds", 0 };
    int start = p->at;
    if (peek(p)->kind == T_COMMAND && in_list(peek(p), bold)) {
        p->at++;
        int braced = accept(p, "{");
        if (accept(p, digit) && (!braced || accept(p, "}"))) return 1;
    }
    p->at = start;
    return 0;
}

/* Reads a length, "_l", "_{1 \times l}" or "_{l \times l}", into node `ones`. */
static int parse_length(parser *p, int ones, const char *rows)
{
    char sub[SCRIPT_MAX] = "";
    const int column = peek(p)->column;
    if (ones == NONE_NODE || !accept(p, "_")) return ones;
    if (!collect(p, sub)) return NONE_NODE;
    char *times = strstr(sub, "\\times"), *kind = times ? times + 6 : sub;
    const int upright = p->th->upright && *rows == '1' && strcmp(kind, "1") == 0;
    if (times) *times = '\0';
    const int fits = !times || upright || strcmp(sub, *rows == '1' ? "1" : kind) == 0;
    if (upright) kind = sub;
    const char axis = grammar_axis_named(p->th, kind);
    if (!fits || !grammar_axis(p->th, axis, AXIS_LENGTH))
        return fail(p, PARSE_SYNTAX, column, p->th->own
                    ? "the length here is one of the sizes in the table"
                    : "the length here is one of m, n, l, B and p, as in _n or _{%s \\times n}",
                    rows);
    p->th->nodes[ones].variable = axis;
    return ones;
}

static int parse_zero(parser *p, int column)
{
    const int zero = make(p, N_NUMBER, NONE_NODE, NONE_NODE, column);
    if (!token_is(peek(p), "_")) return zero;
    const int ones = parse_length(p, make(p, N_ONES, NONE_NODE, NONE_NODE, column), "1");
    return make(p, N_PRODUCT, zero, ones, column);
}

static int parse_identity(parser *p, int length, int column)
{
    p->at += length;
    int ones = parse_length(p, make(p, N_ONES, NONE_NODE, NONE_NODE, column), "n");
    int made = make(p, N_FUNCTION, ones, NONE_NODE, column);
    if (made != NONE_NODE) p->th->nodes[made].function = F_DIAG;
    return made;
}

/* Does the group that opens here have a subscript? */
static int holds_name(parser *p)
{
    int depth = 0, i = p->at;
    do {
        if (token_is(&p->tokens[i], "{")) depth++;
        if (token_is(&p->tokens[i], "}")) depth--;
    } while (i++ < p->count && depth > 0);
    const token *inside = &p->tokens[p->at + 1];
    return depth == 0 && token_is(&p->tokens[i], "_") && !token_is(inside, "(")
        && !token_is(inside, "[");
}

/* Is this name spelled in single letters here? Sets the error if so. */
static int is_spelled(parser *p, const char *name)
{
    size_t n = 0;
    while (name[n] && peek(p)[n].kind == T_LETTER && *peek(p)[n].text == name[n]) n++;
    if (name[n] != '\0') return 0;
    fail(p, PARSE_SYNTAX, peek(p)->column, "TeX sets these as letters in a product: write \\%s", name);
    return 1;
}

static int spells_function(parser *p)
{
    static const char *const others[] = { "min", "sum", "prod" };
    for (int f = 0; f < FUNCTIONS; f++)
        if (!is_foreign(f) && f != F_LOGISTIC && is_spelled(p, FUNCTION_NAMES[f])) return 1;
    for (int i = 0; i < 3 && !p->th->own; i++)
        if (is_spelled(p, others[i])) return 1;
    return 0;
}

static int opens(const token *t)
{
    static const char *const brackets[] = { "(", "[", "\\{", "{", 0 };
    return in_list(t, brackets);
}

/* Is a bracket with a comparison in it next? It may all stand below, with another bracket or without. */
static int has_comparison(parser *p)
{
    static const char *const closing[] = { ")", "]", "\\}", "}", 0 };
    static const char *const signs[] = { "<", ">", "lt", "gt", "le", "leq", "ge", "geq", 0 };
    const token *t = peek(p);
    int depth = 0, below = token_is(t, "_") && token_is(t + 1, "{");
    if (!opens(t += below)) return 0;
    const int most = 1 + (below && opens(t + 1));
    do {
        depth += opens(t) - in_list(t, closing);
        if (depth <= most && in_list(t, signs)) return 1;
    } while (t++->kind != T_END && depth > 0);
    return 0;
}

/* comparison = expression sign expression */
static int parse_comparison(parser *p, int column)
{
    int left = parse_expression(p);
    p->reaching = 0;
    const char sign = read_relation(p);
    if (p->error->status != PARSE_OK) return NONE_NODE;
    if (!sign || !strchr("<>lg", sign))
        return fail(p, PARSE_SYNTAX, peek(p)->column, "expected a comparison here, such as > 0"), NONE_NODE;
    int right = parse_expression(p);
    p->reaching = 0;
    const int turned = sign == '<' || sign == 'g';
    int made = is_zero(p, right) ? (turned ? make(p, N_NEGATE, left, NONE_NODE, column) : left)
        : turned ? make(p, N_SUBTRACT, right, left, column) : make(p, N_SUBTRACT, left, right, column);
    made = make(p, N_FUNCTION, made, NONE_NODE, column);
    if (made != NONE_NODE) p->th->nodes[made].function = F_STEP;
    return sign == '<' || sign == '>' ? made : missing_to_one(p, made, column);
}

static int parse_indicator(parser *p, int column)
{
    const int below = accept(p, "_") && accept(p, "{");
    const char *close = accept_bracket(p);
    int made = parse_comparison(p, column);
    while (made != NONE_NODE && (accept(p, ",") || accept(p, "land") || accept(p, "wedge")))
        made = make(p, N_HADAMARD, made, parse_comparison(p, column), column);
    if (made == NONE_NODE || (close && !expect(p, close, "a comparison"))
        || (below && !expect(p, "}", "a comparison"))) return NONE_NODE;
    return made;
}

/* Is a letter with an equals sign next, behind a bracket or below? */
static int compares_indices(parser *p)
{
    const token *t = peek(p);
    if (token_is(t, "_")) t++;
    const token *inside = t;
    while (opens(t)) t++;
    return t > inside && t->kind == T_LETTER && (token_is(t + 1, "=") || token_is(t + 1, "ne")
                                                  || token_is(t + 1, "neq"));
}

/* Behind a bold one: a comparison, or a length. */
static int parse_ones(parser *p, int column)
{
    if (compares_indices(p))
        return fail(p, PARSE_SYNTAX, peek(p)->column, "one for equal indices, and else zero, is an "
                    "entry of the identity, with its size: (\\mathbf{I}_n)_{ij}");
    return has_comparison(p) ? parse_indicator(p, column)
        : parse_length(p, make(p, N_ONES, NONE_NODE, NONE_NODE, column), "1");
}

static int parse_word(parser *p)
{
    char name[SCRIPT_MAX];
    token *t = peek(p);
    const int column = t->column, identity = is_letter(p, "I"), e = is_letter(p, "e");
    if (is_bar(t)) return parse_norm(p, column);
    if (accept_bold(p, "1")) return parse_ones(p, column);
    if (accept_bold(p, "0")) return parse_zero(p, column);
    if (identity) return parse_identity(p, identity, column);
    if (e && token_is(t + e, "^")) return parse_power_of_e(p, e, column);
    if (token_is(t, "nabla") || (token_is(t, "partial") && token_is(t + 1, "_")))
        return parse_operator(p, column);
    if (begins_differential(p)) return parse_symbol(p);
    if (t->kind == T_LETTER && spells_function(p)) return NONE_NODE;
    if (token_is(t, "partial") || is_letter(p, "d")) return parse_slashed(p, column);
    if (is_fraction(t)) return parse_spanned_fraction(p, column);
    if (read_function(p, name)) return parse_function(p, name, column);
    if (t->kind == T_LETTER || begins_factor(t, 0)) return parse_symbol(p);
    return unexpected(p);
}

/* primary, without the scripts of brackets, numbers and functions */
static int parse_bare(parser *p)
{
    token *t = peek(p);
    if (p->error->status != PARSE_OK) return NONE_NODE;
    p->reaching = 0;
    p->held = N_NUMBER;
    p->holds_large = 0;
    if (token_is(t, "(")) return parse_group(p, ")");
    if (token_is(t, "[")) return parse_group(p, "]");
    if (token_is(t, "\\{")) return parse_group(p, "\\}");
    if (token_is(t, "{")) return holds_name(p) ? parse_symbol(p) : parse_group(p, "}");
    if (t->kind == T_NUMBER) return parse_number(p);
    return parse_word(p);
}

static int skip_empty(parser *p)
{
    const int start = p->at;
    while (token_is(peek(p), "{") && token_is(peek(p) + 1, "}")) p->at += 2;
    return p->at > start;
}

/* One script behind a primary. */
static int parse_script(parser *p, int base)
{
    char text[SCRIPT_MAX] = "";
    const int column = peek(p)->column;
    if (accept(p, "'")) return apply_super(p, base, "'", column);
    const int below = token_is(peek(p), "_");
    p->at++;
    if (!collect(p, text)) return NONE_NODE;
    return base == NONE_NODE ? base : below ? entry(p, base, text, column)
        : apply_super(p, base, text, column);
}

/* primary { script } */
static int parse_primary(parser *p)
{
    const int braces = token_is(peek(p), "{");
    int made = parse_bare(p);
    if (!braces) p->held = N_NUMBER, p->holds_large = 0;
    for (int above = 0, below = 0; p->error->status == PARSE_OK;) {
        if (skip_empty(p)) above = below = 0;
        const int up = token_is(peek(p), "^"), down = token_is(peek(p), "_");
        if (!up && !down && !token_is(peek(p), "'")) return made;
        if ((up && twice(p, above++)) || (down && twice(p, below++))) return NONE_NODE;
        made = parse_script(p, made);
    }
    return NONE_NODE;
}

/* Parse large operators */
enum { LETTERS_MAX = 4, SIDES_MAX = 4 };
typedef struct {
    char letters[LETTERS_MAX + 1];                  // those in front of "=" or \in, or alone
    condition list[2 * LETTERS_MAX + SIDES_MAX];    // what is said about them
    int conditions;
    char ranged[LETTERS_MAX + 1];                   // letters with both ends given
    int falls;                                      // … the larger of them on the left
} clause;

static void add_condition(clause *c, index_expr left, char relation, index_expr right)
{
    c->list[c->conditions++] = (condition){ left, right, relation };
}

static int is_letter_alone(const theory *th, index_expr x)
{
    return x.base && !grammar_axis(th, x.base, AXIS_ANY) && !x.minus && x.offset == 0;
}

/* Reads the tokens of an index up to a relation, a bracket or the end. */
static int read_side(parser *p, index_expr *x)
{
    char text[SCRIPT_MAX] = "";
    size_t used = 0;
    int column = peek(p)->column;
    for (token *t = peek(p); used + 2 < SCRIPT_MAX; t = peek(p)) {
        int part = t->kind == T_LETTER || t->kind == T_NUMBER || token_is(t, "+")
            || token_is(t, "-");
        if (!part || used + (size_t)t->length + 1 > SCRIPT_MAX) break;
        memcpy(text + used, t->text, (size_t)t->length);
        used += (size_t)t->length;
        text[used] = '\0';
        p->at++;
    }
    if (read_index(text, x)) return known_index(p, *x, column);
    fail(p, PARSE_SYNTAX, column,
         "expected an index here, such as t, T-1 or 1; a condition reads t = 1, \\ldots, T, and "
         "what a letter means stands in an equation of its own");
    return 0;
}

static char read_relation(parser *p)
{
    static const struct { const char *text; char relation; } table[] = {
        { "<", '<' }, { "lt", '<' }, { ">", '>' }, { "gt", '>' }, { "le", 'l' }, { "leq", 'l' },
        { "leqslant", 'l' },
        { "ge", 'g' }, { "geq", 'g' }, { "geqslant", 'g' }, { "=", '=' }, { "ne", '!' },
        { "neq", '!' }, { 0, 0 } };
    for (int i = 0; table[i].text; i++)
        if (accept(p, table[i].text)) return table[i].relation;
    return 0;
}

static int is_dots(const token *t)
{
    static const char *const dots[] = { "ldots", "dots", "cdots", "dotsc", 0 };
    return t->kind == T_COMMAND && in_list(t, dots);
}

/* "," index next to the first one, if that is followed by dots */
static void read_second(parser *p, index_expr first)
{
    const int start = p->at;
    index_expr second;
    const token *t = peek(p) + 1;
    if (is_dots(t) || (t->kind != T_NUMBER && t->kind != T_LETTER)) return;
    p->at++;
    if (read_side(p, &second) && token_is(peek(p), ",") && is_dots(peek(p) + 1)
        && second.base == first.base && abs(second.offset - first.offset) == 1) return;
    p->at = start;
}

/* After the first index of a range: ["," second] "," "\ldots" "," last; 0 if it is none. */
static int read_range(parser *p, index_expr *first, index_expr *last)
{
    if (!token_is(peek(p), ",")) return 0;
    read_second(p, *first);
    if (!token_is(peek(p), ",") || !is_dots(peek(p) + 1)) return 0;
    p->at += 2;
    if (!expect(p, ",", "\\ldots") || !read_side(p, last)) return 0;
    const index_expr other = *first;
    const int falls = grammar_axis(p->th, other.base, AXIS_COUNTS) && last->base != other.base;
    if (falls) *first = *last, *last = other;
    return 1;
}

/* The same two ends for each of the letters. */
static void add_range(clause *c, index_expr first, index_expr last)
{
    for (const char *s = c->letters; *s; s++) {
        const index_expr letter = { *s, 0, 0, 0 };
        add_condition(c, letter, 'g', first);
        add_condition(c, letter, 'l', last);
    }
    strcpy(c->ranged, c->letters);
}

/* "\{" index "," "\ldots" "," index "\}", after \in */
static int read_set(parser *p, clause *c)
{
    index_expr first, last;
    if (!expect(p, "\\{", "\\in") || !read_side(p, &first)) return 0;
    if (!read_range(p, &first, &last))
        return fail(p, PARSE_SYNTAX, peek(p)->column, "a set of indices reads \\{1, \\ldots, T\\}"),
            0;
    add_range(c, first, last);
    return expect(p, "\\}", "a set of indices");
}

/* { relation index }, after the first index; what stands between two inequalities is ranged */
static int read_chain(parser *p, clause *c, index_expr side)
{
    index_expr last = side, next;
    char relation, before = 0;
    for (int n = 0, ranged = 0; n < SIDES_MAX - 1 && (relation = read_relation(p)) != 0; n++) {
        if (!read_side(p, &next)) return 0;
        add_condition(c, last, relation, next);
        const int between = before && strchr("<>lg", before) && strchr("<>lg", relation);
        if (between && is_letter_alone(p->th, last)) c->ranged[ranged++] = last.base;
        c->falls |= between && strchr(">g", relation) != NULL;
        last = next;
        before = relation;
    }
    if (c->conditions) c->letters[0] = '\0';
    return 1;
}

/* letter { "," letter }, of which the first is read */
static int read_letters(parser *p, clause *c, index_expr first)
{
    int n = 0;
    c->letters[n++] = first.base;
    while (token_is(peek(p), ",") && peek(p)[1].kind == T_LETTER && n < LETTERS_MAX) {
        const index_expr next = { *peek(p)[1].text, 0, 0, 0 };
        if (!is_letter_alone(p->th, next)) break;
        c->letters[n++] = next.base;
        p->at += 2;
    }
    return n;
}

/* clause = letters | letters "=" range | letters "\in" set | index relation index { relation index
   } */
static int parse_clause(parser *p, clause *c)
{
    index_expr side, first, last;
    *c = (clause){ .conditions = 0 };
    if (!read_side(p, &side)) return 0;
    const int letters = is_letter_alone(p->th, side) ? read_letters(p, c, side) : 0;
    if (letters && accept(p, "in")) return read_set(p, c);
    if (letters && accept(p, "=")) {
        if (!read_side(p, &first)) return 0;
        if (read_range(p, &first, &last)) return add_range(c, first, last), 1;
        for (int i = 0; i < letters; i++)
            add_condition(c, (index_expr){ c->letters[i], 0, 0, 0 }, '=', first);
        return p->error->status == PARSE_OK;
    }
    if (letters > 1 && read_relation(p))
        return fail(p, PARSE_SYNTAX, peek(p)->column,
                    "write the conditions of several letters one by one"), 0;
    return read_chain(p, c, side);
}

static int sum_letter(const theory *th, const clause *c)
{
    if (c->ranged[0]) return c->ranged[0];
    if (c->letters[0]) return c->letters[0];
    return is_letter_alone(th, c->list[0].left) ? c->list[0].left.base : 0;
}

/* Makes a condition on `letter` a bound of the node, the lower or the upper one; 0 if it is none, or
   if that one is given already. */
static int use_bound(const theory *th, node *k, condition c, char letter, int given[2])
{
    static const char relations[] = "<>lg", turned[] = "><gl";
    const int left = is_letter_alone(th, c.left) && c.left.base == letter;
    const char *r = c.relation == '=' ? NULL : strchr(relations, c.relation);
    if (!left && (!is_letter_alone(th, c.right) || c.right.base != letter)) return 0;
    if (!left && r) c.relation = turned[r - relations];
    index_expr x = left ? c.right : c.left;
    if (c.relation == '!') return 0;
    if (c.relation == '<' || c.relation == '>') x.offset += c.relation == '<' ? -1 : 1;
    const int upper = c.relation == '<' || c.relation == 'l';
    if (given[upper]++) return 0;
    if (upper) return k->to = x, 1;
    return k->from = x, k->open = c.relation != '=', 1;
}

static int parse_index(parser *p, index_expr *x, const char *what)
{
    char text[SCRIPT_MAX] = "";
    int column = peek(p)->column;
    if (collect(p, text) && read_index(text, x)) return known_index(p, *x, column);
    fail(p, PARSE_SYNTAX, column, "cannot read %s as an index", what);
    return 0;
}

/* This condition is no bound of the letter that runs. */
static int refuse_bound(parser *p, const node *k, const condition *x, int column)
{
    const char *sign = k->kind == N_SUM ? "\\sum" : k->kind == N_PROD ? "\\prod" : "\\rows";
    const char v = k->variable;
    const index_expr other = x->left.base == v ? x->right : x->left;
    const char out = is_letter_alone(p->th, other) && other.base != v ? other.base
        : v == 't' ? 'u' : 't';
    if (x->relation == '!')
        return fail(p, PARSE_SYNTAX, column, "\\neq is not understood here: write one %s below the "
                    "value that is left out and one above it, %s_{%c=1}^{%c-1} and "
                    "%s_{%c=%c+1}^{T}", sign, sign, v, out, sign, v, out), 0;
    return fail(p, PARSE_SYNTAX, column, "cannot read this as the bounds of %c: write "
                "%s_{%c=1}^{T}", v, sign, v), 0;
}

/* Turns the clause below a large operator into the bounds of `k`; 0 on failure. */
static int set_bounds(parser *p, node *k, const clause *c, int column)
{
    int given[2] = { 0, 0 };
    k->variable = (char)sum_letter(p->th, c);
    if (!k->variable)
        return fail(p, PARSE_SYNTAX, column, "no letter runs here: write \\sum_{t=1}^{T}, with a "
                    "letter that is no size"), 0;
    k->whole = c->conditions == 0;
    k->from = (index_expr){ 0, 0, 1, 0 };
    k->to = (index_expr){ grammar_axis(p->th, 'T', AXIS_ANY) ? 'T' : 0, 0, 0, 0 };
    for (int i = 0; i < c->conditions; i++) {
        const condition *x = &c->list[i];
        // the other letters have the same
        if (c->letters[1] && x->left.base != k->variable) continue;
        if (!use_bound(p->th, k, *x, k->variable, given)) return refuse_bound(p, k, x, column);
    }
    if (given[1]) k->open = 0;
    /* Turn the bounds of a product that falls */
    if (k->kind == N_PROD && c->falls && given[0] && given[1]) {
        const index_expr lower = k->from;
        k->from = k->to;
        k->to = lower;
        k->pair = 1;
    }
    return 1;
}

static int parse_below_operator(parser *p, clause *c)
{
    if (!accept(p, "{")) {
        const token *t = peek(p);
        const index_expr letter = { t->kind == T_LETTER ? *t->text : 0, 0, 0, 0 };
        *c = (clause){ .letters = { letter.base } };
        if (letter.base && !is_letter_alone(p->th, letter))
            return fail(p, PARSE_SYNTAX, t->column, "%c is a size, and does not run: take another "
                        "letter below the sign", letter.base), 0;
        return is_letter_alone(p->th, letter) ? p->at++, 1 : (unexpected(p), 0);
    }
    if (!parse_clause(p, c)) return 0;
    if (token_is(peek(p), ","))
        return fail(p, PARSE_SYNTAX, peek(p)->column, "one condition stands below a large "
                    "operator; a sum that leaves a value out is two, \\sum_{k=1}^{t-1} and "
                    "\\sum_{k=t+1}^{T}"), 0;
    return expect(p, "}", "what stands below a large operator");
}

/* bounds = "_" (letter | "{" clause "}") ["^" index], in either order; c gets the clause */
static int parse_bounds(parser *p, node *k, clause *c)
{
    index_expr to = { 0, 0, 0, 0 };
    int column = peek(p)->column, given = 0;
    if (accept(p, "^") && !(given = parse_index(p, &to, "the upper bound"))) return 0;
    if (!accept(p, "_"))
        return fail(p, PARSE_SYNTAX, column, "a large operator needs its variable below it"), 0;
    if (!parse_below_operator(p, c) || !set_bounds(p, k, c, column)) return 0;
    if (!given && accept(p, "^") && !(given = parse_index(p, &to, "the upper bound"))) return 0;
    const int starts = c->conditions > 0 && c->list[0].relation == '=';
    if (given && !starts)
        return fail(p, PARSE_SYNTAX, column,
                    k->whole ? "the lower bound is missing: write \\sum_{%c=1}"
                        : "two upper bounds of %c", k->variable), 0;
    if (!given && starts)
        return fail(p, PARSE_SYNTAX, column, "the upper bound of %c is missing", k->variable), 0;
    if (given) k->to = to;
    return 1;
}

/* Which large operator stands here? N_NUMBER if none. */
static node_kind large(const token *t)
{
    if (t->kind != T_COMMAND) return N_NUMBER;
    return token_is(t, "sum") ? N_SUM : token_is(t, "prod") ? N_PROD
           : token_is(t, "rows") ? N_ROWS : N_NUMBER;
}

static int runs_inside(theory *th, int tree, char letter)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    return (is_large(k) && k->variable == letter) || runs_inside(th, k->left, letter)
        || runs_inside(th, k->right, letter);
}

/* Does the variable of a large operator run once? Sets the error if not. */
static int runs_once(parser *p, const node *k)
{
    const char *bases = (const char[]){ k->from.base, k->from.minus, k->to.base, k->to.minus };
    if (memchr(bases, k->variable, 4))
        return fail(p, PARSE_SYNTAX, k->column,
                    "%c runs up to itself: take another letter below the sign", k->variable), 0;
    if (runs_inside(p->th, k->left, k->variable))
        return fail(p, PARSE_SYNTAX, k->column,
                    "%c runs twice, once inside the other: take another letter for one of them",
                        k->variable), 0;
    return 1;
}

/* Does the letter that runs occur in the terms, if another one of the bounds does? Sets the error. */
static int right_one_runs(parser *p, const node *k, const clause *c)
{
    const condition *x = &c->list[0];
    const char other = x->left.base == k->variable ? x->right.base : x->left.base;
    char letters[LETTERS_ALL] = "";
    if (c->conditions != 1 || x->relation == '=' || !other) return 1;
    grammar_letters(p->th, k->left, letters);
    if (strchr(letters, k->variable) || !strchr(letters, other)) return 1;
    fail(p, PARSE_SYNTAX, k->column, "%c runs here, and the terms are about %c: begin with the letter "
         "that runs, as in \\sum_{u > t}", k->variable, other);
    return 0;
}

static int parse_large(parser *p)
{
    token *t = peek(p);
    node bounds = { .kind = large(t) };
    clause c;
    p->at++;
    if (!parse_bounds(p, &bounds, &c)) return NONE_NODE;
    int negative = accept(p, "-"), column = peek(p)->column;
    int made = parse_term(p);
    if (negative) made = make(p, N_NEGATE, made, NONE_NODE, column);
    const char *letters = c.letters[0] ? c.letters : (const char[]){ bounds.variable, 0 };
    for (size_t i = strlen(letters); i > 0 && made != NONE_NODE; i--) {
        const int body = made;
        if ((made = make(p, bounds.kind, NONE_NODE, NONE_NODE, t->column)) == NONE_NODE)
            return made;
        p->th->nodes[made] = bounds;
        p->th->nodes[made].variable = letters[i - 1];
        p->th->nodes[made].left = body;
        p->th->nodes[made].right = NONE_NODE;
        p->th->nodes[made].column = t->column;
        const node *sum = &p->th->nodes[made];
        if (!runs_once(p, sum) || !right_one_runs(p, sum, &c)) return NONE_NODE;
    }
    p->reaching = 1;
    p->held = N_NUMBER;
    p->holds_large = 0;
    return made;
}

/* Parse expressions */
static int begins_factor(const token *t, int in_norm)
{
    static const char *const ends[] = { "odot", "oslash", "circ", "quad", "qquad", "in",
        "coloneqq", "le", "leq", "ge", "geq", "ne", "neq", "lt", "gt", "land", "wedge", "cdot", "times",
        "top", "approx", "equiv", "triangleq", "dots", "ldots", "cdots", "forall", "intercal", "\\",
            "text", "textrm",
        "mbox", "prime", "ast", "star", "bullet", "otimes", "div", "oplus", "ominus", "pm", "sim",
            "propto", "leftarrow",
        "gets", "stackrel", "overset", "implies", "iff", "Rightarrow", "Leftrightarrow", "rangle",
            "middle", 0 };
    if (t->kind == T_LETTER || t->kind == T_NUMBER) return 1;
    if (is_bar(t)) return !in_norm && !token_is(t, "rVert");
    if (t->kind == T_COMMAND) return !in_list(t, ends);
    return token_is(t, "(") || token_is(t, "[") || token_is(t, "{") || token_is(t, "\\{");
}

static int parse_factor(parser *p)
{
    if (large(peek(p)) != N_NUMBER) return parse_large(p);
    return parse_primary(p);
}

/* Is a number the last thing to be seen before the next token? */
static int ends_in_number(const parser *p, int last)
{
    const token *t = &p->tokens[p->at - 1];
    while (t > p->tokens && (token_is(t, "}") || token_is(t, "{"))) t--;
    while (p->th->nodes[last].kind == N_PRODUCT) last = p->th->nodes[last].right;
    return p->th->nodes[last].kind == N_NUMBER && t->kind == T_NUMBER;
}

/* Is it unclear how `last`, `next` and what is between them belong together? */
static int is_doubtful(parser *p, int last, int slashed, int joined, int column)
{
    const token *next = first_visible(peek(p));
    if (slashed)
        return fail(p, PARSE_SYNTAX, column,
                    "it is not clear what the slash divides by; write \\frac"), 1;
    if (p->reaching)
        return fail(p, PARSE_SYNTAX, column,
                    "it is not clear how far the function or the sum before this reaches: put its "
                    "argument, or all of it, into ( )"), 1;
    if (!joined || !ends_in_number(p, last)) return 0;
    if (next->kind == T_NUMBER)
        return fail(p, PARSE_SYNTAX, column,
                    "two numbers side by side print as one: write \\cdot between them"), 1;
    if (is_fraction(next) && next[1].kind != T_COMMAND
        && (next[1].kind == T_NUMBER || next[2].kind == T_NUMBER))
        return fail(p, PARSE_SYNTAX, column,
                    "a number and a fraction side by side may be their sum: write \\cdot between "
                    "them"), 1;
    return 0;
}

static int names_function(parser *p)
{
    const int start = p->at;
    char name[SCRIPT_MAX];
    const int found = p->th->own && token_is(peek(p), "text") && read_function(p, name) && *name;
    p->at = start;
    return found;
}

/* Does the factor that was read last need its braces, beside another one? Sets the error if so. */
static int needs_braces(parser *p, int divides, int column)
{
    if (p->held == N_HADAMARD || p->held == N_DIVIDE)
        return fail(p, PARSE_SYNTAX, column, NO_BRACES), 1;
    if (divides && (p->held == N_PRODUCT || p->held == N_FRACTION))
        return fail(p, PARSE_SYNTAX, column,
                    "it is not clear what the slash divides by; write \\frac"), 1;
    return 0;
}

/* product = factor { ["\cdot" | "\times" | "/"] factor } */
static int parse_product(parser *p)
{
    int left = parse_factor(p), last = left, slashed = p->held == N_FRACTION, more = 0;
    while (p->error->status == PARSE_OK) {
        const int column = peek(p)->column, divides = token_is(peek(p), "/");
        const int joined = !divides && !token_is(peek(p), "cdot") && !token_is(peek(p), "times");
        if (joined && !begins_factor(peek(p), p->in_norm) && !names_function(p)) break;
        if (needs_braces(p, 0, column) || is_doubtful(p, last, slashed, joined, column))
            return NONE_NODE;
        p->at += !joined;
        last = parse_factor(p);
        if (needs_braces(p, divides, column)) return NONE_NODE;
        slashed = divides || p->held == N_FRACTION;
        left = make(p, divides ? N_FRACTION : N_PRODUCT, left, last, column);
        more = 1;
    }
    p->slashed = slashed;
    if (more) p->held = N_NUMBER;
    return left;
}

/* term = product { ("\odot" | "\oslash") product } */
static int parse_term(parser *p)
{
    if (++p->depth > DEPTH_MAX)
        return fail(p, PARSE_SYNTAX, peek(p)->column, "nested deeper than %d", DEPTH_MAX);
    int left = parse_product(p);
    while (p->error->status == PARSE_OK) {
        int column = peek(p)->column;
        node_kind kind = N_HADAMARD;
        if (accept(p, "oslash")) kind = N_DIVIDE;
        else if (!accept(p, "odot") && !accept(p, "circ")) break;
        if (p->holds_large) return fail(p, PARSE_SYNTAX, column, NO_BRACES);
        const int right = parse_product(p);
        if (kind == N_DIVIDE && needs_braces(p, 0, column)) return NONE_NODE;
        left = make(p, kind, left, right, column);
        p->held = N_NUMBER;
    }
    p->depth--;
    return left;
}

/* expression = [sign] term { sign term } */
static int parse_expression(parser *p)
{
    skip_empty(p);
    int column = peek(p)->column;
    int negative = accept(p, "-");
    if (!negative) accept(p, "+");
    int left = parse_term(p);
    if (negative) left = make(p, N_NEGATE, left, NONE_NODE, column);
    while (p->error->status == PARSE_OK) {
        column = peek(p)->column;
        node_kind kind = N_SUBTRACT;
        if (accept(p, "+")) kind = N_ADD;
        else if (!accept(p, "-")) break;
        left = make(p, kind, left, parse_term(p), column);
    }
    return left;
}

/* Parse equations */
/* Parse a condition */
static int is_equals(const token *t)
{
    static const char *const signs[] = { "=", "coloneqq", ":", "triangleq", "equiv", 0 };
    return in_list(t, signs);
}

static int is_above(const token *t) { return token_is(t, "^") || token_is(t, "'"); }
static int is_leading(const char *words)
{
    static const char *const known[] =
        { "for", "forall", "forevery", "foreach", "forany", "all", "if", "when", "whenever",
        "where", "with", "and", "provided", "providedthat", "while", "as", "(for", ",for", 0 };
    for (int i = 0; known[i]; i++)
        if (strcmp(known[i], words) == 0) return 1;
    return 0;
}

/* Skips spaces, commas and words; what was there? -1 for words that lead to no condition. */
enum { NO_WORDS, SPACE, WORDS };
static int skip_words(parser *p)
{
    static const char *const texts[] = { "text", "textrm", "mathrm", "mbox", "textnormal", 0 };
    int found = NO_WORDS;
    for (;;) {
        char text[SCRIPT_MAX] = "";
        const int column = peek(p)->column;
        if (accept(p, "forall")) found = WORDS;
        else if (peek(p)->kind == T_COMMAND && in_list(peek(p), texts)) {
            p->at++;
            if (!collect(p, text)) return -1;
            if (!is_leading(text))
                return fail(p, PARSE_SYNTAX, column,
                            "%s leads to no condition: write \\quad \\text{for all } t, or , "
                            "\\quad t = 1, \\ldots, T; a remark stands in the sentence", text);
            found = WORDS;
        } else if (accept(p, ",") || accept(p, "quad") || accept(p, "qquad"))
            found = found ? found : SPACE;
        else return found;
    }
}

/* Takes a clause over into the equation. "For all t" says t = t, so that t has to occur. */
static void add_clause(parser *p, equation *e, clause *c, int words, int column)
{
    if (c->conditions == 0 && (words != WORDS || !c->letters[0]))
        fail(p, PARSE_SYNTAX, column,
             "a condition compares two indices, as in u < t; the number of an equation is "
             "\\tag{1}");
    if (c->conditions == 0)
        for (const char *s = c->letters; *s; s++)
            add_condition(c, (index_expr){ *s, 0, 0, 0 }, '=', (index_expr){ *s, 0, 0, 0 });
    for (int i = 0; i < c->conditions; i++) {
        const condition *x = &c->list[i];
        if (e->conditions == CONDITIONS_MAX)
            fail(p, PARSE_SYNTAX, column, "more than %d conditions", CONDITIONS_MAX);
        else e->condition[e->conditions++] = *x;
        if (!is_variable(p->th, x->left.base) && !is_variable(p->th, x->right.base))
            fail(p, PARSE_SYNTAX, column, "a condition has to be about a letter, such as t");
    }
    if (strlen(e->ranged) + strlen(c->ranged) <= CONDITIONS_MAX) strcat(e->ranged, c->ranged);
    else fail(p, PARSE_SYNTAX, column, "more than %d conditions", CONDITIONS_MAX);
}

static int is_value(const theory *th, const token *t)
{
    if (t->kind == T_LETTER)
        return isupper((unsigned char)*t->text) && !grammar_axis(th, *t->text, AXIS_ANY);
    return token_is(t, "_") || is_above(t) || (t->kind == T_COMMAND && begins_factor(t, 0));
}

/* What is compared up to the next comma or space, if it is no index? '=', another relation or ' '
   for none; else 0. Its tokens end at *end. */
static char compares_values(parser *p, int *end)
{
    static const char *const closing[] = { ")", "]", "\\}", "}", 0 };
    static const char *const ends[] = { ",", "in", "quad", "qquad", "text", "textrm", "mbox", 0 };
    const int start = p->at;
    int depth = 0, values = 0;
    char relation = ' ';
    for (; peek(p)->kind != T_END; p->at++) {
        const token *t = peek(p);
        depth += opens(t) - in_list(t, closing);
        if (depth < 0 || (depth == 0 && in_list(t, ends))) break;
        const int before = p->at;
        const char sign = is_equals(t) ? '=' : read_relation(p);
        p->at = before;
        if (sign && relation == ' ') relation = sign;
        values |= !sign && is_value(p->th, t);
    }
    *end = p->at;
    p->at = start;
    return values ? relation : 0;
}

#define ANOTHER "this is another equation: write the two apart; a condition compares indices, " \
    "as in t = 1, \\ldots, T"
enum { QUOTED_MAX = 50 };
static int refuse_values(parser *p, char relation, int end)
{
    const token *t = peek(p), *last = &p->tokens[end - 1];
    const char *from = t->text - (t->kind == T_COMMAND);
    const int length = (int)(last->text + last->length - from);
    if (relation == '=')
        return fail(p, PARSE_SYNTAX, t->column, ANOTHER), 0;
    if (relation == ' ')
        return fail(p, PARSE_SYNTAX, t->column, "behind an equation stands a condition, which "
                    "compares indices, as in t = 1, \\ldots, T"), 0;
    const int fits = length > 0 && length < QUOTED_MAX;
    return fail(p, PARSE_SYNTAX, t->column, "a condition is about indices only; what depends on "
                "values is a factor, \\mathbf{1}[%.*s]", fits ? length : 3, fits ? from : "a>b"), 0;
}

static int parse_one_clause(parser *p, equation *e, int words)
{
    const int column = peek(p)->column;
    int end;
    clause c;
    const char relation = compares_values(p, &end);
    if (relation) return refuse_values(p, relation, end);
    if (!parse_clause(p, &c)) return 0;
    if (token_is(peek(p), "_") || token_is(peek(p), "^"))
        return fail(p, PARSE_SYNTAX, peek(p)->column,
                    "a condition is about indices, such as t, and not about values"), 0;
    add_clause(p, e, &c, words, column);
    return 1;
}

/* conditions = [","] "\quad" [words] clause { ("," | "\text{and}") clause }, or clauses in brackets
   */
static void parse_condition(parser *p, equation *e)
{
    for (;;) {
        const int words = skip_words(p), bracket = words > 0 && accept(p, "(");
        if (words < 0 || (words == NO_WORDS && !bracket)) return;
        int more = bracket ? skip_words(p) : NO_WORDS;
        do {
            if (more < 0 || !parse_one_clause(p, e, more ? more : words)) return;
        } while (bracket && (more = skip_words(p)) != NO_WORDS);
        if (bracket && !expect(p, ")", "a condition")) return;
    }
}

/* Ends the list after `kept` tokens. */
static void cut_tokens(parser *p, int kept)
{
    p->tokens[kept] = p->tokens[p->count];
    p->tokens[kept].kind = T_END;
    p->tokens[kept].length = 0;
    p->count = kept;
}

static int is_growing(const token *t)
{
    static const char *const sizes[] =
        { "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
        "biggl", "biggr", "Biggl", "Biggr", "bigm", 0 };
    return t->kind == T_COMMAND && in_list(t, sizes);
}

static int is_bracket(const token *t)
{
    static const char *const brackets[] =
        { "(", ")", "[", "]", "\\{", "\\}", "|", "Vert", "lVert", "rVert", 0 };
    return in_list(t, brackets) && t->kind != T_LETTER;
}

/* The stack of what is open: '{' or 'L' for a \left. */
typedef struct { char open[DEPTH_MAX]; int depth; } nest;

static const char *enter(nest *n, char what)
{
    if (n->depth == DEPTH_MAX) return "nested too deeply";
    n->open[n->depth++] = what;
    return NULL;
}

static const char *leave(nest *n, char what)
{
    if (n->depth > 0 && n->open[n->depth - 1] == what) return n->depth--, NULL;
    return what == 'L' ? "a \\right without its \\left" : n->depth > 0
        ? "a \\left without its \\right" : "a brace is closed that was not opened";
}

/* What is wrong with token t in this place; NULL if nothing. */
static const char *misplaced(nest *n, const token *t)
{
    const int left = token_is(t, "left"), right = token_is(t, "right"),
        command = t->kind == T_COMMAND;
    if (token_is(t, "{")) return enter(n, '{');
    if (token_is(t, "}")) return leave(n, '{');
    if (is_growing(t) && token_is(t + 1, "."))
        return "a bracket that nobody sees: write both brackets";
    if (is_growing(t) && !is_bracket(t + 1) && *advice_on(t + 1)) return advice_on(t + 1);
    if (is_growing(t) && !is_bracket(t + 1)) return "a bracket has to follow here, as in \\left(";
    if (command && left) return enter(n, 'L');
    if (command && right) return leave(n, 'L');
    const int breaks = token_is(t, "&") || (command && token_is(t, "\\"));
    return breaks && n->depth > 0
        && n->open[n->depth - 1] == 'L' ? "\\left and \\right must stand on one line" : NULL;
}

static void check_nesting(parser *p)
{
    nest n = { .depth = 0 };
    for (int i = 0; i < p->count; i++) {
        const char *wrong = misplaced(&n, &p->tokens[i]);
        if (wrong) fail(p, PARSE_SYNTAX, p->tokens[i].column, "%s", wrong);
    }
    if (n.depth > 0) fail(p, PARSE_SYNTAX, peek(p)->column,
                          n.open[n.depth - 1] == 'L' ? "a \\left without its \\right"
                          : "a brace that is not closed");
}

static const struct { const char *name; int columns, lines; } FRAMES[] = {
    { "aligned", 2, 1 }, { "align", 2, 1 }, { "align*", 2, 1 }, { "split", 2, 1 },
    { "flalign", 2, 1 }, { "flalign*", 2, 1 },
    { "eqnarray", 3, 1 }, { "eqnarray*", 3, 1 }, { "gathered", 0, 1 }, { "gather", 0, 1 },
    { "gather*", 0, 1 },
    { "multline", 0, 1 }, { "multline*", 0, 1 }, { "multlined", 0, 1 }, { "equation", 0, 0 },
    { "equation*", 0, 0 },
    { "displaymath", 0, 0 }, { "math", 0, 0 } };
enum { FRAME_COUNT = sizeof FRAMES / sizeof *FRAMES, FRAMES_MAX = 8 };
typedef struct {        // a frame that is open
    int frame;
    int marks;          // so many & are on this line
    int filled;         // … and something to be seen behind the last that ended a column
} open_frame;

/* Reads the name of a frame, which begins at token i; returns where its brace closes. */
static int after_frame(parser *p, int i, int *frame)
{
    const int column = p->tokens[i].column;
    char name[SCRIPT_MAX] = "";
    for (size_t n = 0; i < p->count && !token_is(&p->tokens[i], "}"); i++)
        if (n + 1 < SCRIPT_MAX) name[n++] = *p->tokens[i].text;
    for (*frame = 0; *frame < FRAME_COUNT; ++*frame)
        if (strcmp(FRAMES[*frame].name, name) == 0) return i;
    const char *write = "write aligned";
    if (strcmp(name, "cases") == 0)
        write = "write an equation for each case, with its condition behind it, as in "
            "a_t = b, \\quad t < T; a definition for each, as in a_T := b";
    if (strstr(name, "matrix") || strcmp(name, "array") == 0)
        write = "write its blocks as symbols, or its entries, as in (A)_{ij} = b";
    fail(p, PARSE_SYNTAX, column, "a frame called %s; %s", name, write);
    return i;
}

/* Opens or closes a frame at token i, where \begin or \end is; returns its last token. */
static int pass_frame(parser *p, int i, open_frame *open, int *depth)
{
    const int begins = token_is(&p->tokens[i], "begin");
    int frame, end = after_frame(p, i + 2, &frame);
    if (p->error->status != PARSE_OK) return end;
    if (begins && *depth == FRAMES_MAX)
        fail(p, PARSE_SYNTAX, p->tokens[i].column, "too many frames in each other");
    else if (begins) open[(*depth)++] = (open_frame){ .frame = frame };
    else if (*depth == 0 || open[--*depth].frame != frame)
        fail(p, PARSE_SYNTAX, p->tokens[i].column, "\\end{%s} without its \\begin",
             FRAMES[frame].name);
    if (begins && token_is(&p->tokens[end + 1], "[") && token_is(&p->tokens[end + 3], "]"))
        end += 3;
    return end;
}

/* Is there nothing but a sign between the & at token i and the one before it? */
static int follows_sign(const parser *p, int i)
{
    static const char *const signs[] = { "=", ":", "+", "-", "coloneqq", "triangleq", "equiv", "in",
        "odot", "oslash", "circ", "cdot", "times", "{", "}", 0 };
    while (i > 0 && in_list(&p->tokens[i - 1], signs)) i--;
    return i > 0 && token_is(&p->tokens[i - 1], "&");
}

static int ends_line(const token *t)
{
    return t->kind == T_END
        || (t->kind == T_COMMAND && (token_is(t, "\\") || token_is(t, "end")));
}

/* Does an equation that begins with a sign stand here? */
static int begins_signed_equation(const token *t)
{
    int depth = 0;
    t = first_visible(t);
    if (!token_is(t, "-") && !token_is(t, "+")) return 0;
    for (; !ends_line(t); t++) {
        depth += token_is(t, "{") || token_is(t, "(") || token_is(t, "[");
        depth -= token_is(t, "}") || token_is(t, ")") || token_is(t, "]");
        if (depth <= 0 && is_equals(t)) return 1;
    }
    return 0;
}

/* Does the & at token i end what stands before it on the line? */
static int ends_column(parser *p, int i, open_frame *f)
{
    const int columns = FRAMES[f->frame].columns;
    const token *t = &p->tokens[i], *next = t;
    f->marks++;
    if (columns == 3 && (f->marks > 2 || (f->marks == 2 && !follows_sign(p, i))))
        fail(p, PARSE_SYNTAX, t->column, "a line of eqnarray has two &, one before its sign and "
             "one behind: write other equations apart");
    if (columns == 3 || f->marks % 2) return 0;
    while (token_is(next, "&")) next++;
    if (f->filled && begins_signed_equation(next)) fail(p, PARSE_SYNTAX, next->column, ANOTHER);
    return f->filled && !ends_line(next);
}

/* Token i is & or a new line, in the frame f or in none. Is it kept, as a space or as it is? */
static int keep_mark(parser *p, int i, open_frame *f)
{
    token *t = &p->tokens[i];
    const int mark = token_is(t, "&");
    if (mark && !(f && FRAMES[f->frame].columns))
        return fail(p, PARSE_SYNTAX, t->column, "& has no meaning outside of aligned"), 0;
    if (!mark && !(f && FRAMES[f->frame].lines))
        return fail(p, PARSE_SYNTAX, t->column, "a new line outside of aligned: write the "
                    "equations apart, or \\begin{aligned}"), 0;
    if (mark && !ends_column(p, i, f)) return 0;
    if (mark) *t = (token){ T_COMMAND, "quad", 4, t->column };
    f->marks = mark ? f->marks : 0;
    f->filled = 0;
    return 1;
}

/* Drops \begin{…} and \end{…} of the frames that only align, and what aligns and grows in them. */
static void drop_frames(parser *p)
{
    open_frame open[FRAMES_MAX];
    int kept = 0, depth = 0;
    for (int i = 0; i < p->count && p->error->status == PARSE_OK; i++) {
        const token *t = &p->tokens[i];
        const int command = t->kind == T_COMMAND;
        if (command && (token_is(t, "begin") || token_is(t, "end")) && token_is(t + 1, "{")) {
            i = pass_frame(p, i, open, &depth);
            if (depth) open[depth - 1].filled = token_is(t, "end");
        } else if (token_is(t, "&") || (command && token_is(t, "\\"))) {
            if (keep_mark(p, i, depth ? &open[depth - 1] : NULL)) p->tokens[kept++] = *t;
        } else if (!is_growing(t)) {
            if (depth) open[depth - 1].filled = 1;
            p->tokens[kept++] = *t;
        }
    }
    if (depth) fail(p, PARSE_SYNTAX, 1, "\\begin{%s} without its \\end",
                    FRAMES[open[depth - 1].frame].name);
    if (p->error->status == PARSE_OK) cut_tokens(p, kept);
}

static const token *next_sign(const parser *p, int i)
{
    static const char *const spaces[] = { "quad", "qquad", "\\", 0 };
    for (i++; i < p->count; i++) {
        const token *t = &p->tokens[i];
        const int empty = token_is(t, "{") && token_is(t + 1, "}");
        if (empty) i++;
        else if (t->kind != T_COMMAND || !in_list(t, spaces)) break;
    }
    return &p->tokens[i];
}

/* Does this token go on with an equation that has begun? */
static int goes_on(const token *t)
{
    static const char *const signs[] =
        { "+", "-", "odot", "oslash", "circ", "cdot", "times", "in", 0 };
    return t->kind == T_END || is_equals(t) || in_list(t, signs);
}

/* Is there an equals sign in the line that begins after token i, but not at its start? */
static int is_another_equation(const parser *p, int i)
{
    int depth = 0;
    const token *t = next_sign(p, i);
    if (is_equals(t)) return 0;
    for (; t->kind != T_END && !(t->kind == T_COMMAND && token_is(t, "\\")); t++) {
        depth += token_is(t, "{") || token_is(t, "(") || token_is(t, "[");
        depth -= token_is(t, "}") || token_is(t, ")") || token_is(t, "]");
        if (depth == 0 && (token_is(t, ",") || token_is(t, "quad") || token_is(t, "qquad")))
            return 0;
        if (depth == 0 && is_equals(t)) return 1;
    }
    return 0;
}

static void drop_lines(parser *p)
{
    int kept = 0;
    for (int i = 0; i < p->count; i++) {
        const token *t = &p->tokens[i], *next = next_sign(p, i);
        int line = t->kind == T_COMMAND && token_is(t, "\\");
        if (line && !goes_on(next))
            fail(p, PARSE_SYNTAX, next->column,
                 "a new line must begin with = or with an operation");
        if (line && is_another_equation(p, i))
            fail(p, PARSE_SYNTAX, next->column,
                 "this line is an equation of its own: write it apart, or begin the line with =");
        if (!line && !(goes_on(next) && (token_is(t, "quad") || token_is(t, "qquad"))))
            p->tokens[kept++] = *t;
    }
    static const char *const stops[] = { ".", ",", 0 }, *const spaces[] = { "quad", "qquad", 0 };
    while (kept > 0 && in_list(&p->tokens[kept - 1], spaces)) kept--;
    if (kept > 0 && in_list(&p->tokens[kept - 1], stops)) kept--;
    cut_tokens(p, kept);
}

/* Where the script that begins at token i ends. */
static int after_script(const parser *p, int i)
{
    int depth = 0, bare = token_is(&p->tokens[i++], "'");
    if (bare) return i;
    do {
        const token *t = &p->tokens[i++];
        depth += token_is(t, "{") - token_is(t, "}");
        bare = depth == 0 && t->kind == T_COMMAND && in_list(t, STYLES);
    } while (i < p->count && (depth > 0 || bare));
    return i;
}

static void turn_round(token *t, int count)
{
    for (int i = 0; i < count / 2; i++) {
        const token saved = t[i];
        t[i] = t[count - 1 - i];
        t[count - 1 - i] = saved;
    }
}

/* Puts each subscript before the superscripts that it follows. */
static void order_scripts(parser *p)
{
    for (int i = 1; i < p->count; i++) {
        int below = i;
        while (below < p->count && is_above(&p->tokens[below])) below = after_script(p, below);
        if (below == i || below >= p->count || !token_is(&p->tokens[below], "_")) continue;
        const int end = after_script(p, below);
        turn_round(&p->tokens[i], below - i);
        turn_round(&p->tokens[below], end - below);
        turn_round(&p->tokens[i], end - i);
    }
}

/* Parse a size */
static char read_axis_name(parser *p)
{
    const token *t = peek(p);
    char name[2 * SCRIPT_MAX] = "", sub[SCRIPT_MAX] = "";
    if (t->length == 1 && t->kind != T_COMMAND) name[0] = *t->text;
    p->at += name[0] != '\0';
    if (p->th->own && accept(p, "_") && collect(p, sub)) {
        name[1] = '_';
        strcpy(name + 2, sub);
    }
    const char kind = grammar_axis_named(p->th, name);
    if (grammar_axis(p->th, kind, AXIS_LENGTH)) return kind;
    fail(p, PARSE_SYNTAX, t->column, "expected a size such as (l \\times n)");
    return 0;
}

/* size = "(" axis "\times" axis ")" | "\R^{" axis "\times" axis "}" */
static void parse_size(parser *p, equation *e)
{
    if (!accept(p, "in")) return;
    int styled = accept(p, "mathbb"), braced = styled && accept(p, "{"), reals = accept(p, "R");
    if (braced) expect(p, "}", "\\mathbb{R");
    static const char space[] = "\\mathbb{R}, as in \\mathbb{R}^{1 \\times n}";
    if (reals ? expect(p, "^", space) && expect(p, "{", space)
        : expect(p, "(", "\\in, as in \\in (1 \\times n)")) {
        e->in[0] = read_axis_name(p);
        expect(p, "times", "the first part of a size");
        e->in[1] = read_axis_name(p);
        expect(p, reals ? "}" : ")", "a size");
    }
}

static int accept_definition(parser *p)
{
    if (accept(p, "coloneqq") || accept(p, "triangleq")) return 1;
    if (!token_is(peek(p), ":") || !token_is(peek(p) + 1, "=")) return 0;
    p->at += 2;
    return 1;
}

/* expression { "=" expression } | expression "\coloneqq" expression */
static void parse_members(parser *p, equation *e)
{
    do {
        if (e->members == MEMBERS_MAX) {
            fail(p, PARSE_SYNTAX, peek(p)->column, "more than %d members", MEMBERS_MAX);
            return;
        }
        e->member[e->members++] = parse_expression(p);
        if (p->error->status == PARSE_OK && e->members == 1) e->definition = accept_definition(p);
    } while (p->error->status == PARSE_OK
             && ((e->definition && e->members == 1) || accept(p, "=") || accept(p, "equiv")));
    parse_size(p, e);
    if (e->members == 1 && !e->in[0]) {
        /* Say what stands where an equals sign should */
        const char *advice = advice_on(peek(p));
        fail(p, PARSE_SYNTAX, peek(p)->column, "no equals sign: an equation has two sides%s%s",
             *advice ? "; " : "", advice);
    }
}

static parser *start_parser(theory *th, const char *latex, int seed, parse_error *error)
{
    parser *p = th->parser;
    *error = (parse_error){ PARSE_OK, 0, "" };
    *p = (parser){ .th = th, .seed = seed, .error = error };
    if (tokenize(p, latex) != 0) return p;
    check_nesting(p);
    if (error->status == PARSE_OK) drop_frames(p);
    if (error->status == PARSE_OK && th->own) read_ell(p);
    if (error->status == PARSE_OK) drop_lines(p);
    if (error->status == PARSE_OK) order_scripts(p);
    return p;
}

parse_status grammar_parse(theory *th, equation *e, const char *latex, int seed, parse_error *error)
{
    parser *p = start_parser(th, latex, seed, error);
    *e = (equation){ .members = 0 };
    if (error->status == PARSE_OK) parse_members(p, e);
    if (error->status == PARSE_OK) parse_condition(p, e);
    if (error->status == PARSE_OK && peek(p)->kind != T_END)
        unexpected(p);
    return error->status;
}

int grammar_expression(theory *th, const char *latex, parse_error *error)
{
    parser *p = start_parser(th, latex, 0, error);
    int made = error->status == PARSE_OK ? parse_expression(p) : NONE_NODE;
    if (error->status == PARSE_OK && peek(p)->kind != T_END)
        unexpected(p);
    return error->status == PARSE_OK ? made : NONE_NODE;
}

/* Read the notation */
static void name_own(written *w, int indexed)
{
    for (int i = 0; i < w->supers; i++) unwrap_own(w->super[i]);
    if (indexed && !w->sub[0] && w->supers == 1) w->supers = 0;
}

/* Returns 0, or -1 if the row's LaTeX is no symbol, or too long. */
static int name_symbol(theory *th, notation_row *s)
{
    parse_error error;
    parser *p = start_parser(th, s->latex, 0, &error);
    written w = { .column = 1 };
    p->naming = 1;
    if (error.status != PARSE_OK || !read_nucleus(p, &w) || !read_scripts(p, &w)
        || (th->own && peek(p)->kind != T_END)) return -1;
    if (th->own) name_own(&w, s->indexed);
    int named = w.sub[0] && !s->indexed;
    int n = snprintf(s->name, NAME_MAX_LENGTH, "%s%s%s%s%s%.*s", w.base, w.supers ? "^" : "",
                     w.supers ? w.super[0] : "", named ? "_" : "", named ? w.sub : "",
                     w.primes, "''''");
    return n < 0 || n >= NAME_MAX_LENGTH ? -1 : 0;
}

/* Reads one side, and moves on to what follows it. */
static int read_side_of(const theory *th, symbol_side *x, const char **s)
{
    *x = (symbol_side){ .kind = **s, .timed = (*s)[1] == '_' };
    if (!grammar_axis(th, **s, AXIS_SHAPE)) return -1;
    for (++*s; **s && **s != ' '; ++*s) {
        x->shared |= **s == 's';
        if (**s == '-') x->offset -= *++*s - '0';
        if (**s == '+') x->offset += *++*s - '0';
    }
    return 0;
}

static int read_shape(const theory *th, symbol_side sides[2], const char *s)
{
    if (read_side_of(th, &sides[0], &s) != 0 || strncmp(s, " x ", 3) != 0) return -1;
    s += 3;
    return read_side_of(th, &sides[1], &s) == 0 && *s == '\0' ? 0 : -1;
}

static int read_row(theory *th, notation_row *s, const notation_entry *written_as)
{
    const notation_entry *x = written_as;
    const char *dots = strstr(x->range, "..");
    *s = (notation_row){ .latex = x->latex, .part = x->part, .indexed = dots != NULL };
    s->first = dots ? atoi(x->range) : 0;
    if (dots && !read_index(dots + 2, &s->last)) return -1;
    return read_shape(th, s->side, x->shape) != 0 || name_symbol(th, s) != 0 ? -1 : 0;
}

static int add_neighbours(theory *th, int one, const char *latex)
{
    parse_error error;
    const int mark = th->node_count, tree = grammar_expression(th, latex, &error);
    const int known = tree != NONE_NODE && th->nodes[tree].kind == N_SYMBOL;
    if (!known || th->neighbour_count == NEIGHBOURS_MAX) return -1;
    if (th->symbols[one].indexed != th->symbols[th->nodes[tree].symbol].indexed) return -1;
    th->neighbours[th->neighbour_count++] = (neighbours){ one, th->nodes[tree].symbol };
    th->node_count = mark;
    return 0;
}

static int read_neighbours(theory *th, const notation *n)
{
    th->neighbours = calloc(NEIGHBOURS_MAX, sizeof *th->neighbours);
    if (th->neighbours == NULL) return -1;
    for (int i = 0; i < n->count; i++)
        for (const char *s = n->rows[i].neighbours; *s; s += strspn(s, ", ")) {
            char one[NAME_MAX_LENGTH];
            const size_t length = strcspn(s, ",");
            snprintf(one, sizeof one, "%.*s", (int)length, s);
            if (add_neighbours(th, i, one) != 0) return -1;
            s += length;
        }
    return 0;
}

int grammar_alloc(theory *th, const notation *n)
{
    th->symbol_count = n->count;
    th->symbols = calloc((size_t)n->count + 1, sizeof *th->symbols);
    th->nodes = calloc(NODES_MAX, sizeof *th->nodes);
    th->parser = calloc(1, sizeof *th->parser);
    if (!th->symbols || !th->nodes || !th->parser) return -1;
    for (int i = 0; i < n->count; i++)
        if (read_row(th, &th->symbols[i], &n->rows[i]) != 0) return -1;
    return read_neighbours(th, n);
}

void grammar_free(theory *th)
{
    free(th->symbols);
    free(th->neighbours);
    free(th->nodes);
    free(th->parser);
}
