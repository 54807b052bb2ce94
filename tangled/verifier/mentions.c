/* generated from chapters/26-ledger.nw by noweb; do not edit */
#include "mentions.h"
#include "shapes.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Find the end of a symbol */
static const char *after_group(const char *s)
{
    int depth = 0;
    if (*s == '\0') return s;
    if (*s == '\\') {
        for (++s; isalpha((unsigned char)*s);) s++;
        return s;
    }
    do {
        depth += (*s == '{') - (*s == '}');
    } while (*s++ && depth > 0 && *s);
    return s;
}

static int starts(const char *s, const char *const *words)
{
    for (; *words; words++) {
        const size_t n = strlen(*words);
        const int word = isalpha((unsigned char)(*words)[n - 1]);
        if (strncmp(s, *words, n) == 0 && !(word && isalpha((unsigned char)s[n]))) return (int)n;
    }
    return 0;
}

static const char *after_symbol(const char *s)
{
    static const char *const accents[] = { "\\hat", "\\tilde", "\\mathcal", "\\bar", 0 };
    const int accent = starts(s, accents);
    s = after_group(s + accent);
    while (*s == '_' || *s == '^' || *s == '\'') s = *s == '\'' ? s + 1 : after_group(s + 1);
    return s;
}

/* Is this symbol known */
static int is_expression(theory *th, const char *text)
{
    parse_error error;
    const int mark = th->node_count, known = grammar_expression(th, text, &error) != NONE_NODE;
    th->node_count = mark;
    return known;
}

static int only_indices(const char *s)
{
    static const char *const words[] = { "\\tau", "\\top", 0 };
    while (*s) {
        const int word = starts(s, words);
        if (!word && !strchr("_^'{}ijkrt+-0123456789", *s)) return 0;
        s += word ? word : 1;
    }
    return 1;
}

static int is_letter(const char *text)
{
    static const char *const letters[] = {
#define LETTER(name, meaning) name,
#include "letters.def"
#undef LETTER
        0 };
    const int n = starts(text, letters);
    return n ? only_indices(text + n) : islower((unsigned char)text[0]) && text[1] == '\0';
}

static int is_known(theory *th, const char *text)
{
    char timed[200];
    if (is_expression(th, text) || is_letter(text)) return 1;
    for (const char *c = "tk"; *c; c++) {
        snprintf(timed, sizeof timed, "%.190s_%c", text, *c);
        if (is_expression(th, timed)) return 1;
    }
    return 0;
}

/* Read the symbols of a fragment */
static const char *const SIGNS[] = {
    "\\odot", "\\oslash", "\\cdot", "\\times", "\\top", "\\sum", "\\prod", "\\rows", "\\partial",
    "\\partial^{+}", "\\frac", "\\sqrt", "\\log", "\\exp", "\\tanh", "\\softmax", "\\diag", "\\max",
    "\\min", "\\mathbf", "\\pm", "\\ldots", "\\quad", "\\left",
    "\\right", "\\in", "\\coloneqq", "\\|", "\\,", "\\;", "\\!", "\\{", "\\}", 0 };

/* Copies the symbol at s, and returns where it ends. */
static const char *copy_symbol(const char *s, char *symbol, size_t size)
{
    const char *end = after_symbol(s);
    snprintf(symbol, size, "%.*s", (int)(end - s), s);
    return end;
}

static mention read_symbols(theory *th, const char *s, char *message, size_t size)
{
    char symbol[200];
    while (*s) {
        const int sign = starts(s, SIGNS);
        if (sign) for (s += sign; *s == '_' || *s == '^';) s = after_group(s + 1);
        else if (*s != '\\' && !isalpha((unsigned char)*s)) s++;
        else {
            s = copy_symbol(s, symbol, sizeof symbol);
            if (is_known(th, symbol)) continue;
            snprintf(message, size,
                     "%.100s is neither in the notation nor one of the letters of the moment",
                     symbol);
            return MENTION_UNKNOWN;
        }
    }
    return MENTION_NAMED;
}

/* Read a mention */
mention mentions_check(theory *th, const char *latex, char *message, size_t size)
{
    parse_error error;
    shape_error shapes;
    shape found;
    const int mark = th->node_count, tree = grammar_expression(th, latex, &error);
    if (tree == NONE_NODE) return th->node_count = mark, read_symbols(th, latex, message, size);
    const int fits = shapes_expression(th, tree, &found, &shapes) == 0;
    th->node_count = mark;
    if (fits) return MENTION_PARSED;
    snprintf(message, size, "%.250s", shapes.message);
    return MENTION_UNKNOWN;
}
