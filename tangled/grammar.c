/* generated from chapters/21-grammar.nw by noweb; do not edit */
#include "grammar.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

node nodes[NODES_MAX];
int node_count;

/* The notation table */
#define SYMBOL(latex, shape, range, meaning, storage) \
    { latex, shape, range, meaning, #storage, "", 0, 0, 0, { 0, 0, 0 } },
#define GRADIENT(latex, meaning, storage)
notation_row symbols[] = {
#include "notation.def"
};
#undef SYMBOL
#undef GRADIENT
const int symbol_count = sizeof symbols / sizeof *symbols;

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
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
        "biggl", "biggr", "Biggl", "Biggr", "bigm", "middle", ",", ";", "!", ":", ">", " ",
        "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", 0 };
    if (t->kind == T_CHARACTER) return token_is(t, "&") || token_is(t, "~");
    return t->kind == T_COMMAND && in_list(t, looks);
}

static int after_distance(const char *s, int i)
{
    int end = i;
    if (s[end++] != '[' || !isdigit((unsigned char)s[end])) return i;
    while (isalnum((unsigned char)s[end]) || s[end] == '.') end++;
    return s[end] == ']' ? end + 1 : i;
}

/* Reads one token at s[*i]; returns 0 at the end, -1 for a byte that means nothing. */
static int lex(const char *s, int *i, token *t)
{
    while (isspace((unsigned char)s[*i])) ++*i;
    int start = *i;
    *t = (token){ T_CHARACTER, s + start, 1, start + 1 };
    if (s[start] == '\0') return t->kind = T_END, t->length = 0;
    ++*i;
    if (s[start] == '\\') {
                              t->kind = T_COMMAND;
                              t->text++;
                              if (isalpha((unsigned char)s[*i]))
                                  while (isalpha((unsigned char)s[*i])) ++*i;
                              else if (s[*i] != '\0') ++*i;
                              t->length = *i - start - 1;
                              if (t->length == 0) return -1;
                              if (!isalpha((unsigned char)*t->text)) {
                                                                         if (strchr("{}\\,;!:>| ", *t->text) == NULL) return -1;
                                                                         if (*t->text == '{') *t = (token){ T_CHARACTER, "(", 1, start + 1 };
                                                                         else if (*t->text == '}') *t = (token){ T_CHARACTER, ")", 1, start + 1 };
                                                                         else if (*t->text == '\\') *i = after_distance(s, *i);
                                                                     }
                          }
    else if (isalpha((unsigned char)s[start])) t->kind = T_LETTER;
    else if (isdigit((unsigned char)s[start])) {
                                                   t->kind = T_NUMBER;
                                                   while (isdigit((unsigned char)s[*i])) ++*i;
                                                   if (s[*i] == '.' && isdigit((unsigned char)s[*i + 1]))
                                                       for (++*i; isdigit((unsigned char)s[*i]);) ++*i;
                                                   t->length = *i - start;
                                               }
    else if (strchr("^_{}()[]=+-'|.,&~<>:*/", s[start]) == NULL) return -1;
    return 1;
}

/* The state of the parser */
typedef struct {
    token tokens[TOKENS_MAX + 1];
    int count, at, depth, seed;
    int in_norm;            // between two bars: the next bar closes
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
    fail(p, PARSE_SYNTAX, peek(p)->column, "expected %s after %s", text, after);
    return 0;
}

/* Cuts s into tokens, without those that only affect the looks. */
static int tokenize(parser *p, const char *s)
{
    int i = 0, more;
    for (p->count = 0; p->count < TOKENS_MAX;) {
        token *t = &p->tokens[p->count];
        if ((more = lex(s, &i, t)) < 0) {
            fail(p, PARSE_SYNTAX, t->column, "a character that is no mathematics");
            return -1;
        }
        if (!more) return 0;
        if (!only_looks(t)) p->count++;
    }
    fail(p, PARSE_SYNTAX, i, "too long: more than %d tokens", TOKENS_MAX);
    return -1;
}

/* Make nodes */
int grammar_node(node_kind kind, int left, int right)
{
    if (node_count == NODES_MAX) return NONE_NODE;
    nodes[node_count] = (node){ .kind = kind, .left = left, .right = right,
                                .rows = 0, .columns = 0 };
    return node_count++;
}

int grammar_copy(int tree)
{
    if (tree == NONE_NODE) return NONE_NODE;
    int copy = grammar_node(N_NUMBER, NONE_NODE, NONE_NODE);
    if (copy == NONE_NODE) return NONE_NODE;
    nodes[copy] = nodes[tree];
    nodes[copy].left = grammar_copy(nodes[tree].left);
    nodes[copy].right = grammar_copy(nodes[tree].right);
    return copy;
}

/* A node with children that must exist if they are given as not optional. */
static int make(parser *p, node_kind kind, int left, int right, int column)
{
    if (p->error->status != PARSE_OK) return NONE_NODE;
    int made = grammar_node(kind, left, right);
    if (made == NONE_NODE)
        return fail(p, PARSE_SYNTAX, column, "too large: more than %d nodes", NODES_MAX);
    nodes[made].column = column;
    return made;
}

/* Read indices */
enum { SCRIPT_MAX = 32 };
static const char *const STYLES[] = {
    "boldsymbol", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathnormal", "bm",
    "text", "textrm", "textsf", "textbf", "rm", "bf", "it", "sf", "operatorname", 0 };

/* Appends the text of a group, or of a single token, to script; 0 on failure. */
static int collect(parser *p, char *script)
{
    int depth = 0, bare;
    size_t used = strlen(script);
    do {
        bare = 0;
        token *t = peek(p);
        if (t->kind == T_END || used + (size_t)t->length + 3 > SCRIPT_MAX) {
            fail(p, PARSE_SYNTAX, t->column, "a script that does not end, or is too long");
            return 0;
        }
        p->at++;
        /* Count a brace, or keep the token */
        if (token_is(t, "{")) depth++;
        else if (token_is(t, "}")) depth--;
        else if (t->kind == T_COMMAND && in_list(t, STYLES)) bare = depth == 0;
        else {
            if (t->kind == T_COMMAND) script[used++] = '\\';
            memcpy(script + used, t->text, (size_t)t->length);
            used += (size_t)t->length;
            script[used] = '\0';
        }
    } while (depth > 0 || bare);
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

/* index = atom { ("+" | "-") atom }; 0 if the text is no index. */
static int read_index(const char *s, index_expr *x)
{
    int sign = 1;
    *x = (index_expr){ 0, 0, 0 };
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
        if (isupper((unsigned char)letters[i]) && !strchr("TKB", letters[i])) {
            fail(p, PARSE_UNKNOWN, column, "%c is not in the notation table", letters[i]);
            return 0;
        }
    return 1;
}

/* Read the scripts of a symbol */
enum { SUPERS_MAX = 4 };
typedef struct {
    char base[SCRIPT_MAX];                  // "hat y", "cal L", "delta"
    char sub[SCRIPT_MAX], super[SUPERS_MAX][SCRIPT_MAX];
    int supers, primes, column;
} written;

/* A name and an entry in one superscript, as in z^{y,i}, become two. */
static void split_entry(written *w)
{
    if (w->supers == 0 || w->supers == SUPERS_MAX) return;
    char *s = w->super[w->supers - 1];
    const size_t n = strlen(s);
    if (n < 3 || s[n - 2] != ',' || !islower((unsigned char)s[n - 1])) return;
    snprintf(w->super[w->supers++], SCRIPT_MAX, "%c", s[n - 1]);
    s[n - 2] = '\0';
}

/* A name and a transpose in one superscript, as in z^{h\top}, become two. */
static void split_transpose(written *w)
{
    if (w->supers == 0 || w->supers == SUPERS_MAX) return;
    char *s = w->super[w->supers - 1];
    size_t n = strlen(s), cut = n > 4 && strcmp(s + n - 4, "\\top") == 0 ? n - 4
                              : n > 1 && s[n - 1] == 'T' && isalpha((unsigned char)s[n - 2]) ? n - 1 : n;
    if (cut == n) return;
    strcpy(w->super[w->supers++], "\\top");
    s[cut] = '\0';
}

/* TeX refuses a second superscript, or subscript, on one nucleus. */
static int twice(parser *p, int before)
{
    if (before)
        fail(p, PARSE_SYNTAX, peek(p)->column, "a second script; TeX wants braces around what it stands on");
    return before;
}

/* script = "_" group | "^" group | "'" */
static int read_scripts(parser *p, written *w)
{
    for (int above = 0, below = 0;;) {
        if (accept(p, "'")) w->primes++;
        else if (token_is(peek(p), "_")) {
                                             if (twice(p, below++ || w->sub[0])) return 0;
                                             p->at++;
                                             if (!collect(p, w->sub)) return 0;
                                         }
        else if (token_is(peek(p), "^") && w->supers < SUPERS_MAX) {
            if (twice(p, above++)) return 0;
            p->at++;
            w->super[w->supers][0] = '\0';
            if (!collect(p, w->super[w->supers])) return 0;
            /* A prime may be written as a superscript */
            if (strcmp(w->super[w->supers], "\\prime") == 0) w->primes++;
            else w->supers++;
            split_entry(w);
            split_transpose(w);
        } else return 1;
    }
}

static int append_base(written *w, const char *prefix, const token *t)
{
    size_t used = strlen(w->base);
    int n = snprintf(w->base + used, SCRIPT_MAX - used, "%s%.*s", prefix, t->length, t->text);
    return n >= 0 && (size_t)n < SCRIPT_MAX - used;
}

/* nucleus = letter | greek | accent nucleus | style nucleus | "{" nucleus scripts "}" */
static int read_nucleus(parser *p, written *w)
{
    static const char *const accents[] = { "hat", "tilde", "mathcal", "bar", "widehat", "widetilde", 0 };
    token *t = peek(p);
    if (t->kind == T_COMMAND && (in_list(t, STYLES) || in_list(t, accents))) {
        p->at++;
        if (in_list(t, accents)) {
                                     const token narrow = { T_COMMAND, t->text + 4, t->length - 4, t->column };
                                     if (strlen(w->base) + (size_t)t->length + 2 > SCRIPT_MAX) return 0;
                                     if (!append_base(w, "", memcmp(t->text, "wide", 4) == 0 ? &narrow : t)) return 0;
                                     strcat(w->base, " ");
                                 }
        /* Read what the accent stands over */
        if (!accept(p, "{")) return read_nucleus(p, w);
        return read_nucleus(p, w) && read_scripts(p, w) && expect(p, "}", "the symbol under an accent");
    }
    if (accept(p, "{")) return read_nucleus(p, w) && read_scripts(p, w) && expect(p, "}", "a symbol");
    if (t->kind != T_LETTER && t->kind != T_COMMAND) return 0;
    p->at++;
    return append_base(w, "", t);
}

/* Find the symbol that is meant */
int grammar_symbol(const char *name)
{
    for (int i = 0; i < symbol_count; i++)
        if (strcmp(symbols[i].name, name) == 0) return i;
    return -1;
}

/* Looks for base^super_sub with its primes; the last two may be empty. L and L_t are
   two symbols, told apart by the index. */
static int find(const written *w, const char *super, const char *sub, int indexed)
{
    char name[4 * SCRIPT_MAX];
    snprintf(name, sizeof name, "%s%s%s%s%s%.*s", w->base, *super ? "^" : "", super,
             *sub ? "_" : "", sub, w->primes, "''''");
    for (int i = 0; i < symbol_count; i++)
        if (symbols[i].indexed == indexed && strcmp(symbols[i].name, name) == 0) return i;
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

static int try_super(const written *w, int i, meaning *m)
{
    char name[SCRIPT_MAX], index[SCRIPT_MAX];
    m->used = i;
    snprintf(m->index, SCRIPT_MAX, "%s", w->sub);
    if ((m->symbol = find(w, w->super[i], "", m->index[0] != '\0')) >= 0) return 1;
    if (w->sub[0] == '\0' && split(w->super[i], name, index)) {
        snprintf(m->index, SCRIPT_MAX, "%s", index);
        if ((m->symbol = find(w, name, "", 1)) >= 0) return 1;
    }
    return 0;
}

static int resolve(const written *w, meaning *m)
{
    for (int i = 0; i < w->supers; i++)
        if (try_super(w, i, m)) return 1;
    m->used = -1;
    m->index[0] = '\0';
    if ((m->symbol = find(w, "", w->sub, 0)) >= 0) return 1;
    snprintf(m->index, SCRIPT_MAX, "%s", w->sub);
    return (m->symbol = find(w, "", "", m->index[0] != '\0')) >= 0;
}

static int future_gradient(parser *p, int delta)
{
    int future = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, nodes[delta].column);
    int state = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, nodes[delta].column);
    int made = make(p, N_DERIVATIVE, future, state, nodes[delta].column);
    if (made == NONE_NODE) return made;
    nodes[future].index = nodes[state].index = nodes[delta].index;
    nodes[future].symbol = grammar_symbol("F");
    nodes[state].symbol = grammar_symbol("h");
    return made;
}

/* Parse primaries */
static int parse_expression(parser *p);
static int parse_term(parser *p);
static int parse_factor(parser *p);

/* Apply a superscript */
static int apply_super(parser *p, int base, const char *s, int column)
{
    index_expr x;
    if (base == NONE_NODE) return base;
    if (!strcmp(s, "\\top") || !strcmp(s, "T") || !strcmp(s, "\\intercal"))
        return make(p, N_TRANSPOSE, base, NONE_NODE, column);
    int entrywise = strncmp(s, "\\odot", 5) == 0 || strncmp(s, "\\circ", 5) == 0;
    if (!read_index(entrywise ? s + 5 : s, &x))
        return fail(p, PARSE_SYNTAX, column, "a superscript ^{%s} that is neither \\top, a "
                    "power nor an index", s);
    /* A superscript with a letter on a row is a component */
    if (nodes[base].kind == N_SYMBOL && x.base && strchr("TK", x.base) == NULL
        && strncmp(symbols[nodes[base].symbol].shape, "1 x 1", 5) != 0) {
        nodes[base].kind = N_COMPONENT;
        nodes[base].component = x;
        return base;
    }
    int power = make(p, N_POWER, base, NONE_NODE, column);
    if (power == NONE_NODE || !known_index(p, x, column)) return NONE_NODE;
    nodes[power].index = x;
    nodes[power].whole = entrywise;
    return power;
}

/* Parse a symbol */
static const char *written_name(const written *w)
{
    static char text[6 * SCRIPT_MAX];
    snprintf(text, sizeof text, "%s%s%s%s%s", w->base, w->supers ? "^" : "",
             w->supers ? w->super[0] : "", w->sub[0] ? "_" : "", w->sub);
    return text;
}

/* symbol = nucleus scripts, as the notation table has it */
static int parse_symbol(parser *p)
{
    written w = { .column = peek(p)->column };
    meaning m;
    if (!read_nucleus(p, &w) || !read_scripts(p, &w))
        return fail(p, PARSE_SYNTAX, w.column, "expected a symbol");
    if (!resolve(&w, &m))
        return fail(p, PARSE_UNKNOWN, w.column, "%s is not in the notation table",
                    written_name(&w));
    /* Make the symbol's node, and apply what is left of its superscripts */
    int made = make(p, N_SYMBOL, NONE_NODE, NONE_NODE, w.column);
    if (made == NONE_NODE) return made;
    nodes[made].symbol = m.symbol;
    if (m.index[0] && !read_index(m.index, &nodes[made].index))
        return fail(p, PARSE_SYNTAX, w.column, "cannot read the index %s", m.index);
    if (!known_index(p, nodes[made].index, w.column)) return NONE_NODE;
    if (p->seed && m.used >= 0 && strchr(w.super[m.used], '_'))
        made = future_gradient(p, made);
    for (int i = 0; i < w.supers; i++)
        if (i != m.used) made = apply_super(p, made, w.super[i], w.column);
    return made;
}

/* Parse a function */
static const char *const FUNCTION_NAMES[FUNCTIONS] = {
    "tanh", "exp", "log", "sqrt", "softmax", "diag", "max"
};

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
             accept(p, "*");
             if (accept(p, "{"))
                 for (size_t n = 0; peek(p)->kind == T_LETTER && n + 2 < SCRIPT_MAX; p->at++) {
                     name[n++] = *peek(p)->text;
                     name[n] = '\0';
                 }
             if (!accept(p, "}")) name[0] = '\0';
         }
    if (strcmp(name, "ln") == 0) strcpy(name, "log");
    if (strcmp(name, "min") == 0) return 1;
    for (int f = 0; f < FUNCTIONS; f++)
        if (strcmp(name, FUNCTION_NAMES[f]) == 0) return 1;
    p->at = start;
    return 0;
}

static int parse_bare(parser *p);
static int parse_primary(parser *p);

/* The two arguments of \min. */
static int parse_minimum(parser *p, int column)
{
    if (!expect(p, "(", "\\min")) return NONE_NODE;
    int left = parse_expression(p);
    if (!expect(p, ",", "the first argument of \\min")) return NONE_NODE;
    int right = parse_expression(p);
    if (!expect(p, ")", "the arguments of \\min")) return NONE_NODE;
    return make(p, N_MINIMUM, left, right, column);
}

static int parse_maximum(parser *p, int column)
{
    if (!expect(p, "(", "\\max")) return NONE_NODE;
    int left = parse_expression(p);
    if (accept(p, ",")) {
        left = make(p, N_NEGATE, left, NONE_NODE, column);
        int right = make(p, N_NEGATE, parse_expression(p), NONE_NODE, column);
        if (!expect(p, ")", "the arguments of \\max")) return NONE_NODE;
        return make(p, N_NEGATE, make(p, N_MINIMUM, left, right, column), NONE_NODE, column);
    }
    if (!expect(p, ")", "the argument of \\max")) return NONE_NODE;
    left = make(p, N_FUNCTION, left, NONE_NODE, column);
    if (left != NONE_NODE) nodes[left].function = F_MAX;
    return left;
}

static int parse_inside(parser *p, const char *close);

static int parse_root(parser *p)
{
    if (token_is(peek(p), "{")) return parse_inside(p, "}");
    return fail(p, PARSE_SYNTAX, peek(p)->column, "put what stands under the root into braces");
}

/* function = name ["^" power] argument */
static int parse_function(parser *p, const char *name, int column)
{
    char power[SCRIPT_MAX] = "";
    if (strcmp(name, "min") == 0) return parse_minimum(p, column);
    if (strcmp(name, "max") == 0 && token_is(peek(p), "(")) return parse_maximum(p, column);
    if (accept(p, "^") && !collect(p, power)) return NONE_NODE;
    int bracket = token_is(peek(p), "(") || token_is(peek(p), "[");
    int argument = strcmp(name, "sqrt") == 0 ? parse_root(p)
                   : bracket ? parse_bare(p) : parse_primary(p);
    int made = make(p, N_FUNCTION, argument, NONE_NODE, column);
    if (made == NONE_NODE) return made;
    for (int f = 0; f < FUNCTIONS; f++)
        if (strcmp(name, FUNCTION_NAMES[f]) == 0) nodes[made].function = (function_kind)f;
    return *power ? apply_super(p, made, power, column) : made;
}

/* Parse a derivative */
/* partial = "\partial" ["^" "+"]; sets *immediate */
static int accept_partial(parser *p, int *immediate)
{
    char plus[SCRIPT_MAX] = "";
    if (!accept(p, "partial")) return 0;
    if (!token_is(peek(p), "^")) return 1;
    p->at++;
    if (!collect(p, plus)) return 0;
    if (strcmp(plus, "+") != 0) {
        fail(p, PARSE_SYNTAX, peek(p)->column, "\\partial^{%s}: only \\partial and "
             "\\partial^{+} have a meaning here", plus);
        return 0;
    }
    return *immediate = 1;
}

/* The lower half, "\partial" symbol; the node of the symbol. */
static int parse_below(parser *p, int *immediate)
{
    int column = peek(p)->column;
    if (!accept_partial(p, immediate))
        return fail(p, PARSE_SYNTAX, column, "expected \\partial below the line");
    int below = parse_symbol(p);
    if (below != NONE_NODE && nodes[below].kind != N_SYMBOL)
        return fail(p, PARSE_SYNTAX, column, "a derivative is by a symbol, not by a formula");
    return below;
}

static int make_derivative(parser *p, int above, int below, int immediate, int column)
{
    int made = make(p, N_DERIVATIVE, above, below, column);
    if (made != NONE_NODE) nodes[made].immediate = immediate;
    return made;
}

/* After "\frac{": "\partial" … "}{\partial" symbol "}" [term] */
static int parse_fraction_of_partials(parser *p, int column)
{
    int immediate = 0, above = NONE_NODE;
    if (!accept_partial(p, &immediate)) return NONE_NODE;
    int is_operator = token_is(peek(p), "}");
    if (!is_operator) above = parse_term(p);
    if (!expect(p, "}", "the upper half of a derivative")) return NONE_NODE;
    if (!expect(p, "{", "the upper half of a derivative")) return NONE_NODE;
    int below = parse_below(p, &immediate);
    if (!expect(p, "}", "the lower half of a derivative")) return NONE_NODE;
    if (is_operator) above = parse_term(p);
    return make_derivative(p, above, below, immediate, column);
}

/* "\partial" primary "/" "\partial" symbol */
static int parse_slashed(parser *p, int column)
{
    int immediate = 0;
    if (!accept_partial(p, &immediate)) return NONE_NODE;
    int above = parse_bare(p);
    if (!expect(p, "/", "the upper half of a derivative")) return NONE_NODE;
    int below = parse_below(p, &immediate);
    return make_derivative(p, above, below, immediate, column);
}

/* Parse a fraction */
/* Parse half of a fraction */
static int parse_digit(parser *p)
{
    token *t = peek(p);
    int made = make(p, N_NUMBER, NONE_NODE, NONE_NODE, t->column);
    if (made != NONE_NODE) nodes[made].number = *t->text - '0';
    if (t->length == 1) return p->at++, made;
    t->text++, t->column++, t->length--;
    return isdigit((unsigned char)*t->text) ? made
           : fail(p, PARSE_SYNTAX, t->column, "put the halves of a fraction into braces");
}

static int parse_half(parser *p, const char *what)
{
    if (peek(p)->kind == T_NUMBER) return parse_digit(p);
    if (!token_is(peek(p), "{")) return parse_bare(p);
    p->at++;
    int half = parse_expression(p);
    return expect(p, "}", what) ? half : NONE_NODE;
}

/* "\frac" "{" expression "}" "{" expression "}", or a derivative */
static int parse_fraction(parser *p, int column)
{
    if (token_is(peek(p), "{") && token_is(peek(p) + 1, "partial"))
        return p->at++, parse_fraction_of_partials(p, column);
    int above = parse_half(p, "a numerator");
    return make(p, N_FRACTION, above, parse_half(p, "a denominator"), column);
}

static int is_bar(const token *t)
{
    static const char *const bars[] = { "|", "Vert", "lVert", "rVert", 0 };
    return t->kind == T_COMMAND && in_list(t, bars);
}

/* "\|" expression "\|" ["_2"] */
static int parse_norm(parser *p, int column)
{
    char sub[SCRIPT_MAX] = "";
    int outside = p->in_norm;
    p->at++;
    p->in_norm = 1;
    int inner = parse_expression(p);
    p->in_norm = outside;
    if (!is_bar(peek(p))) return fail(p, PARSE_SYNTAX, column, "a norm without an end");
    p->at++;
    if (accept(p, "_") && (!collect(p, sub) || strcmp(sub, "2") != 0))
        return fail(p, PARSE_SYNTAX, column, "only the Euclidean norm is known here");
    return make(p, N_NORM, inner, NONE_NODE, column);
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

static int parse_group(parser *p, const char *close)
{
    int inner = parse_inside(p, close);
    if (inner == NONE_NODE || *close != '}') return inner;
    if (nodes[inner].kind != N_ADD && nodes[inner].kind != N_SUBTRACT) return inner;
    return fail(p, PARSE_SYNTAX, p->tokens[p->at - 1].column,
                "braces do not show on the page: write ( ) around a sum");
}

static int parse_number(parser *p)
{
    token *t = peek(p);
    int made = make(p, N_NUMBER, NONE_NODE, NONE_NODE, t->column);
    if (made != NONE_NODE) nodes[made].number = strtod(t->text, NULL);
    p->at++;
    return made;
}

static int accept_ones(parser *p)
{
    static const char *const bold[] = { "mathbf", "boldsymbol", "bm", "mathbb", 0 };
    int start = p->at;
    if (peek(p)->kind == T_COMMAND && in_list(peek(p), bold)) {
        p->at++;
        int braced = accept(p, "{");
        if (accept(p, "1") && (!braced || accept(p, "}"))) return 1;
    }
    p->at = start;
    return 0;
}

/* "_l" or "_{1 \times l}" after the ones: the kind of their columns. */
static int parse_ones(parser *p, int column)
{
    char sub[SCRIPT_MAX] = "";
    int made = make(p, N_ONES, NONE_NODE, NONE_NODE, column);
    if (!accept(p, "_") || made == NONE_NODE) return made;
    if (!collect(p, sub)) return NONE_NODE;
    const char *kind = strncmp(sub, "1\\times", 7) == 0 ? sub + 7 : sub;
    if (strlen(kind) != 1 || !strchr("1mnlBp", *kind))
        return fail(p, PARSE_SYNTAX, column, "the ones are a row; their length is one of m, n, l, B and p");
    nodes[made].variable = *kind;
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
    return depth == 0 && token_is(&p->tokens[i], "_");
}

/* primary, without the scripts of brackets, numbers and functions */
static int parse_bare(parser *p)
{
    static const char *const fractions[] = { "frac", "tfrac", "dfrac", "cfrac", 0 };
    char name[SCRIPT_MAX];
    token *t = peek(p);
    int column = t->column;
    if (p->error->status != PARSE_OK) return NONE_NODE;
    if (token_is(t, "(")) return parse_group(p, ")");
    if (token_is(t, "[")) return parse_group(p, "]");
    if (token_is(t, "{")) return holds_name(p) ? parse_symbol(p) : parse_group(p, "}");
    if (t->kind == T_NUMBER) return parse_number(p);
    if (is_bar(t)) return parse_norm(p, column);
    if (accept_ones(p)) return parse_ones(p, column);
    if (token_is(t, "partial")) return parse_slashed(p, column);
    if (t->kind == T_COMMAND && in_list(t, fractions)) return p->at++, parse_fraction(p, column);
    if (read_function(p, name)) return parse_function(p, name, column);
    if (t->kind == T_LETTER || begins_factor(t, 0)) return parse_symbol(p);
    return fail(p, PARSE_SYNTAX, column, t->kind == T_END ? "something is missing at the end"
                : "expected a symbol, a number or a bracket");
}

/* primary { script } */
static int parse_primary(parser *p)
{
    int made = parse_bare(p);
    for (int scripts = 0;; scripts++) {
        char super[SCRIPT_MAX] = "";
        int column = peek(p)->column;
        if (!token_is(peek(p), "^")) return made;
        if (twice(p, scripts)) return NONE_NODE;
        p->at++;
        if (!collect(p, super)) return NONE_NODE;
        made = apply_super(p, made, super, column);
    }
}

/* Parse large operators */
static int parse_index(parser *p, index_expr *x, const char *what)
{
    char text[SCRIPT_MAX] = "";
    int column = peek(p)->column;
    if (collect(p, text) && read_index(text, x)) return known_index(p, *x, column);
    fail(p, PARSE_SYNTAX, column, "cannot read %s as an index", what);
    return 0;
}

/* A letter, and "=", ">" or "\ge" and an index; or the letter alone. */
static int parse_lower(parser *p, node *k, const char *below, int column)
{
    int open = below[0] && below[1] == '>', closed = strncmp(below + !!below[0], "\\ge", 3) == 0;
    const char *bound = below + (closed ? strncmp(below + 1, "\\geq", 4) == 0 ? 5 : 4 : 2);
    k->variable = below[0];
    if (!isalpha((unsigned char)below[0]) || strchr("TKBmnlp", below[0]))
        return fail(p, PARSE_SYNTAX, column, "%s cannot be the variable of a sum", below), 0;
    k->whole = below[1] == '\0';
    if (k->whole) return 1;
    if ((below[1] != '=' && !open && !closed) || !read_index(bound, &k->from))
        return fail(p, PARSE_SYNTAX, column, "cannot read the lower bound %s", below), 0;
    k->from.offset += open;
    k->to = (index_expr){ below[1] == '=' ? 0 : 'T', 0, 0 };
    return known_index(p, k->from, column);
}

/* bounds = "_" letter | "_{" letter "=" index "}" "^" index */
static int parse_bounds(parser *p, int made)
{
    char below[SCRIPT_MAX] = "";
    index_expr to = { 0, 0, 0 };
    int column = peek(p)->column, given = 0;
    if (accept(p, "^") && !(given = parse_index(p, &to, "the upper bound"))) return NONE_NODE;
    if (!accept(p, "_") || !collect(p, below))
        return fail(p, PARSE_SYNTAX, column, "a large operator needs its variable below it");
    if (!parse_lower(p, &nodes[made], below, column)) return NONE_NODE;
    if (!given && accept(p, "^") && !(given = parse_index(p, &to, "the upper bound"))) return NONE_NODE;
    if (given && nodes[made].whole)
        return fail(p, PARSE_SYNTAX, column, "the lower bound is missing");
    if (given) nodes[made].to = to;
    if (given || nodes[made].whole || nodes[made].to.base) return made;
    return fail(p, PARSE_SYNTAX, column, "the upper bound is missing");
}

/* Which large operator stands here? N_NUMBER if none. */
static node_kind large(const token *t)
{
    if (t->kind != T_COMMAND) return N_NUMBER;
    return token_is(t, "sum") ? N_SUM : token_is(t, "prod") ? N_PROD
           : token_is(t, "rows") ? N_ROWS : N_NUMBER;
}

static int parse_large(parser *p)
{
    token *t = peek(p);
    int made = make(p, large(t), NONE_NODE, NONE_NODE, t->column);
    p->at++;
    if (made == NONE_NODE || parse_bounds(p, made) == NONE_NODE) return NONE_NODE;
    int negative = accept(p, "-"), column = peek(p)->column;
    int body = parse_term(p);
    if (negative) body = make(p, N_NEGATE, body, NONE_NODE, column);
    nodes[made].left = body;
    return body == NONE_NODE ? NONE_NODE : made;
}

/* Parse expressions */
static int begins_factor(const token *t, int in_norm)
{
    static const char *const ends[] = { "odot", "oslash", "circ", "quad", "qquad", "in",
        "coloneqq", "le", "leq", "ge", "geq", "ne", "neq", "lt", "gt", "cdot", "times",
        "top", "approx", "equiv", "dots", "ldots", "cdots", "forall", "intercal", "\\", 0 };
    if (t->kind == T_LETTER || t->kind == T_NUMBER) return 1;
    if (is_bar(t)) return !in_norm && !token_is(t, "rVert");
    if (t->kind == T_COMMAND) return !in_list(t, ends);
    return token_is(t, "(") || token_is(t, "[") || token_is(t, "{");
}

static int parse_factor(parser *p)
{
    if (large(peek(p)) != N_NUMBER) return parse_large(p);
    return parse_primary(p);
}

/* product = factor { ["\cdot" | "\times" | "/"] factor } */
static int parse_product(parser *p)
{
    int left = parse_factor(p);
    node_kind kind = N_PRODUCT;
    while (p->error->status == PARSE_OK) {
        int column = peek(p)->column, slashed = kind == N_FRACTION;
        kind = accept(p, "/") ? N_FRACTION : N_PRODUCT;
        int joined = kind == N_PRODUCT && !accept(p, "cdot") && !accept(p, "times");
        if (joined && !begins_factor(peek(p), p->in_norm)) break;
        if (joined && slashed)
            return fail(p, PARSE_SYNTAX, column, "it is not clear what the slash divides by; write \\frac");
        left = make(p, kind, left, parse_factor(p), column);
    }
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
        left = make(p, kind, left, parse_product(p), column);
    }
    p->depth--;
    return left;
}

/* expression = [sign] term { sign term } */
static int parse_expression(parser *p)
{
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
static int read_relation(parser *p, char *relation)
{
    static const struct { const char *text; char relation; } table[] = {
        { "<", '<' }, { "lt", '<' }, { ">", '>' }, { "gt", '>' }, { "le", 'l' }, { "leq", 'l' },
        { "ge", 'g' }, { "geq", 'g' }, { "=", '=' }, { "ne", '!' }, { "neq", '!' }, { 0, 0 } };
    for (int i = 0; table[i].text; i++)
        if (accept(p, table[i].text)) return *relation = table[i].relation;
    fail(p, PARSE_SYNTAX, peek(p)->column, "a condition compares two indices");
    return 0;
}

/* Reads the tokens of an index up to a relation, a bracket or the end. */
static int read_side(parser *p, index_expr *x)
{
    char text[SCRIPT_MAX] = "";
    size_t used = 0;
    int column = peek(p)->column;
    for (token *t = peek(p); used + 2 < SCRIPT_MAX; t = peek(p)) {
        int part = t->kind == T_LETTER || t->kind == T_NUMBER || token_is(t, "+") || token_is(t, "-");
        if (!part || used + (size_t)t->length + 1 > SCRIPT_MAX) break;
        memcpy(text + used, t->text, (size_t)t->length);
        used += (size_t)t->length;
        text[used] = '\0';
        p->at++;
    }
    if (read_index(text, x)) return 1;
    fail(p, PARSE_SYNTAX, column, "cannot read an index in the condition");
    return 0;
}

/* "," "\ldots" "," index, after t = 1: the same range as ever, or a part of it. */
static void parse_range(parser *p, equation *e)
{
    index_expr last;
    if (!accept(p, "ldots") && !accept(p, "dots") && !accept(p, "cdots"))
        fail(p, PARSE_SYNTAX, peek(p)->column, "expected \\ldots, or the end of the condition");
    if (!expect(p, ",", "\\ldots") || !read_side(p, &last)) return;
    int whole = (last.base == 'T' || last.base == 'K') && !last.minus && last.offset == 0;
    int first = !e->right.base && !e->right.minus && e->right.offset == 1;
    if (!whole && !first)
        fail(p, PARSE_SYNTAX, peek(p)->column, "a range begins at 1 or ends at T here");
    e->conditional = !whole || !first;
    e->relation = whole ? 'g' : 'l';
    if (!whole) e->right = last;
}

/* Skips spaces and words; were there any? Words are "for all", "if" and their like. */
static int skip_words(parser *p)
{
    static const char *const texts[] = { "text", "textrm", "mathrm", "mbox", 0 };
    int words = 0;
    for (;;) {
        char text[SCRIPT_MAX] = "";
        if (accept(p, "forall")) words = 1;
        else if (peek(p)->kind == T_COMMAND && in_list(peek(p), texts)) {
            p->at++;
            if (!collect(p, text)) return 0;
            words = 1;
        } else if (!accept(p, ",") && !accept(p, "quad") && !accept(p, "qquad")) return words;
    }
}

/* condition = [","] "\quad" [words] ["("] index relation index [")"] */
static void parse_condition(parser *p, equation *e)
{
    int start = p->at, words = skip_words(p);
    if (p->at == start || peek(p)->kind == T_END) return;
    int bracket = accept(p, "(");
    if (!read_side(p, &e->left) || (words && peek(p)->kind == T_END)) return;
    e->conditional = 1;
    if (!read_relation(p, &e->relation) || !read_side(p, &e->right)) return;
    if (e->relation == '=' && accept(p, ",")) parse_range(p, e);
    if (bracket) expect(p, ")", "a condition");
}

/* Ends the list after `kept` tokens. */
static void cut_tokens(parser *p, int kept)
{
    p->tokens[kept] = p->tokens[p->count];
    p->tokens[kept].kind = T_END;
    p->tokens[kept].length = 0;
    p->count = kept;
}

/* Reads the name of a frame, which begins at token i; returns where its brace closes. */
static int after_frame(parser *p, int i)
{
    static const char *const frames[] = { "aligned", "align", "align*", "split", "gathered", "equation", 0 };
    const int column = p->tokens[i].column;
    char name[SCRIPT_MAX] = "";
    for (size_t n = 0; i < p->count && !token_is(&p->tokens[i], "}"); i++)
        if (n + 1 < SCRIPT_MAX) name[n++] = *p->tokens[i].text;
    for (int f = 0; frames[f]; f++)
        if (strcmp(frames[f], name) == 0) return i;
    fail(p, PARSE_SYNTAX, column, "a frame called %s; write aligned", name);
    return i;
}

/* Skips \begin{…} and \end{…} of the frames that only align. */
static void drop_frames(parser *p)
{
    int kept = 0;
    for (int i = 0; i < p->count; i++) {
        int frame = token_is(&p->tokens[i], "begin") || token_is(&p->tokens[i], "end");
        if (frame && p->tokens[i].kind == T_COMMAND && token_is(&p->tokens[i + 1], "{")) {
            i = after_frame(p, i + 2);
            continue;
        }
        p->tokens[kept++] = p->tokens[i];
    }
    cut_tokens(p, kept);
}

/* Does this token go on with an equation that has begun? */
static int goes_on(const token *t)
{
    static const char *const signs[] = { "=", "+", "-", "odot", "oslash", "circ", "cdot", "times",
        "coloneqq", ":", "in", 0 };
    return t->kind == T_END || in_list(t, signs);
}

static const token *next_sign(const parser *p, int i)
{
    static const char *const spaces[] = { "quad", "qquad", "\\", 0 };
    for (i++; i < p->count && p->tokens[i].kind == T_COMMAND && in_list(&p->tokens[i], spaces);) i++;
    return &p->tokens[i];
}

static void drop_lines(parser *p)
{
    int kept = 0;
    for (int i = 0; i < p->count; i++) {
        const token *t = &p->tokens[i], *next = next_sign(p, i);
        int line = t->kind == T_COMMAND && token_is(t, "\\");
        if (line && !goes_on(next))
            fail(p, PARSE_SYNTAX, next->column, "a new line must begin with = or with an operation");
        if (!line && !(goes_on(next) && (token_is(t, "quad") || token_is(t, "qquad"))))
            p->tokens[kept++] = *t;
    }
    while (kept > 0 && (token_is(&p->tokens[kept - 1], ".") || token_is(&p->tokens[kept - 1], ",")))
        kept--;
    cut_tokens(p, kept);
}

/* Parse a size */
static char read_axis_name(parser *p)
{
    const token *t = peek(p);
    if (t->length != 1 || t->kind == T_COMMAND || !strchr("1mnlBp", *t->text)) {
        fail(p, PARSE_SYNTAX, t->column, "expected a size such as (l \\times n)");
        return 0;
    }
    p->at++;
    return *t->text;
}

/* size = "(" axis "\times" axis ")" | "\R^{" axis "\times" axis "}" */
static void parse_size(parser *p, equation *e)
{
    if (!accept(p, "in")) return;
    int styled = accept(p, "mathbb"), braced = styled && accept(p, "{"), reals = accept(p, "R");
    if (braced) expect(p, "}", "\\mathbb{R");
    if (reals ? expect(p, "^", "\\R") && expect(p, "{", "\\R^") : expect(p, "(", "\\in")) {
        e->in[0] = read_axis_name(p);
        expect(p, "times", "the first part of a size");
        e->in[1] = read_axis_name(p);
        expect(p, reals ? "}" : ")", "a size");
    }
}

static int accept_definition(parser *p)
{
    if (accept(p, "coloneqq")) return 1;
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
    } while (p->error->status == PARSE_OK && ((e->definition && e->members == 1) || accept(p, "=")));
    parse_size(p, e);
    if (e->members == 1 && !e->in[0])
        fail(p, PARSE_SYNTAX, peek(p)->column, "no equals sign: an equation has two sides");
}

static parser *start_parser(const char *latex, int seed, parse_error *error)
{
    static parser state;
    *error = (parse_error){ PARSE_OK, 0, "" };
    state = (parser){ .seed = seed, .error = error };
    if (tokenize(&state, latex) != 0) return &state;
    drop_frames(&state);
    drop_lines(&state);
    return &state;
}

parse_status grammar_parse(equation *e, const char *latex, int seed, parse_error *error)
{
    parser *p = start_parser(latex, seed, error);
    *e = (equation){ .members = 0 };
    if (error->status == PARSE_OK) parse_members(p, e);
    if (error->status == PARSE_OK) parse_condition(p, e);
    if (error->status == PARSE_OK && peek(p)->kind != T_END)
        fail(p, PARSE_SYNTAX, peek(p)->column, "did not expect %.*s here",
             peek(p)->length, peek(p)->text);
    return error->status;
}

int grammar_expression(const char *latex, parse_error *error)
{
    parser *p = start_parser(latex, 0, error);
    int made = error->status == PARSE_OK ? parse_expression(p) : NONE_NODE;
    if (error->status == PARSE_OK && peek(p)->kind != T_END)
        fail(p, PARSE_SYNTAX, peek(p)->column, "did not expect %.*s here",
             peek(p)->length, peek(p)->text);
    return error->status == PARSE_OK ? made : NONE_NODE;
}

/* Read the notation */
static void name_symbol(notation_row *s)
{
    parse_error error;
    parser *p = start_parser(s->latex, 0, &error);
    written w = { .column = 1 };
    if (!read_nucleus(p, &w) || !read_scripts(p, &w)) abort();
    int named = w.sub[0] && !s->indexed;
    int n = snprintf(s->name, NAME_MAX_LENGTH, "%s%s%s%s%s%.*s", w.base, w.supers ? "^" : "",
                     w.supers ? w.super[0] : "", named ? "_" : "", named ? w.sub : "",
                     w.primes, "''''");
    if (n < 0 || n >= NAME_MAX_LENGTH) abort();
    s->step = w.sub[0] ? w.sub[0] : 't';
}

void grammar_start(void)
{
    for (int i = 0; i < symbol_count; i++) {
        notation_row *s = &symbols[i];
        const char *dots = strstr(s->range, "..");
        s->indexed = dots != NULL;
        if (dots) {
            s->first = atoi(s->range);
            if (!read_index(dots + 2, &s->last)) abort();
        }
        name_symbol(s);
    }
}
