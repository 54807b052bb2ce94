/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#include "latex.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Write text */
typedef struct {
    const theory *th;
    char *text;
    size_t size, used;
} writing;
static void write_tree(writing *w, int tree, int place);

static void put(writing *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(writing *w, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int n = vsnprintf(w->text + w->used, w->size - w->used, format, list);
    va_end(list);
    w->used = n < 0 || (size_t)n >= w->size - w->used ? w->size - 1 : w->used + (size_t)n;
}

/* Places around an expression */
enum { IN_NOTHING, IN_SUM, IN_HADAMARD, IN_PRODUCT, IN_FACTOR, UNDER_SCRIPT };

/* Write an index */
static void put_index(writing *w, index_expr x)
{
    char letter[2];
    if (x.plus) put(w, "%s+", grammar_axis_name(w->th, x.plus, letter));
    if (x.base) put(w, "%s", grammar_axis_name(w->th, x.base, letter));
    if (x.minus) put(w, "-%c", x.minus);
    if (x.offset || (!x.base && !x.minus))
        put(w, x.base || x.minus ? "%+d" : "%d", x.offset);
}

/* The text of the index in a row's LaTeX, and its length; NULL if there is none. */
static const char *index_in(const char *latex, size_t *length)
{
    static const char *const opens[] = { "_{", "_", "^{(", "^{[", 0 };
    for (int i = 0; opens[i]; i++)
        for (const char *at = latex; (at = strstr(at, opens[i])) != NULL; at++) {
            const char *s = at + strlen(opens[i]);
            const int curly = strncmp(s, "\\ell", 4) == 0;
            *length = i != 1 ? strcspn(s, i == 0 ? "}" : ")]") : curly ? 4 : 1;
            const int word = *length != 1 && isalpha((unsigned char)s[1]);
            if (curly || (isalpha((unsigned char)*s) && *length > 0 && !word)) return s;
        }
    return NULL;
}

/* Write a symbol */
static void put_symbol(writing *w, const node *k)
{
    const notation_row *s = &w->th->symbols[k->symbol];
    size_t length;
    const char *index = s->indexed ? index_in(s->latex, &length) : NULL;
    if (index == NULL) {
        put(w, "%s", s->latex);
        return;
    }
    const int bare = index[-1] == '_';
    put(w, "%.*s%s", (int)(index - s->latex), s->latex, bare ? "{" : "");
    const size_t before = w->used;
    put_index(w, k->index);
    if (!bare || w->used != before + 1) {
        put(w, "%s%s", bare ? "}" : "", index + length);
        return;
    }
    const char only = w->text[before];
    w->used = before - 1;
    put(w, "%c%s", only, index + length);
}

static int is_letter_only(index_expr x) { return x.base && !x.minus && !x.offset; }
static void put_entry(writing *w, const node *k);

/* The entry of a derivative was written as the derivative by an entry. */
static void put_derivative_by_entry(writing *w, const node *k, const node *derivative)
{
    node below = *k;
    below.left = derivative->right;
    put(w, "\\frac{\\partial ");
    write_tree(w, derivative->left, UNDER_SCRIPT);
    put(w, "}{\\partial ");
    put_entry(w, &below);
    put(w, "}");
}

static void put_entry(writing *w, const node *k)
{
    const node *of = &w->th->nodes[k->left];
    if (of->kind == N_DERIVATIVE && of->whole == AS_GRADIENT) {
        put_derivative_by_entry(w, k, of);
        return;
    }
    const notation_row *s = of->kind == N_SYMBOL ? &w->th->symbols[of->symbol] : NULL;
    const int bare = w->th->own && s && !s->indexed && !strchr(s->latex, '_');
    const int short_ = is_letter_only(k->component) && (!k->pair || is_letter_only(k->second));
    put(w, "%s", bare ? "" : "(");
    write_tree(w, k->left, 0);
    put(w, "%s", bare ? "_" : ")_");
    put(w, "%s", short_ && !k->pair ? "" : "{");
    put_index(w, k->component);
    if (k->pair && !short_) put(w, ",");
    if (k->pair) put_index(w, k->second);
    put(w, "%s", short_ && !k->pair ? "" : "}");
}

static void put_kronecker(writing *w, const node *k)
{
    put(w, "\\delta_{");
    put_index(w, k->index);
    put(w, ",");
    put_index(w, k->component);
    put(w, "}");
}

/* Write an operation */
static void put_two(writing *w, const node *k, const char *between, int inside, int place)
{
    const int brackets = place > inside;
    if (brackets) put(w, "(");
    write_tree(w, k->left, inside);
    put(w, "%s", between);
    write_tree(w, k->right, inside + 1);
    if (brackets) put(w, ")");
}

static void put_negative(writing *w, const node *k, int place)
{
    const int brackets = place > IN_NOTHING;
    if (brackets) put(w, "(");
    put(w, "-");
    write_tree(w, k->left, IN_HADAMARD);
    if (brackets) put(w, ")");
}

static void put_scripted(writing *w, int base, const char *script)
{
    write_tree(w, base, UNDER_SCRIPT);
    put(w, "%s", script);
}

static void put_power(writing *w, const node *k)
{
    put_scripted(w, k->left, k->whole == 1 ? "^{\\odot " : "^{");
    put_index(w, k->index);
    put(w, "}");
}

static void put_product(writing *w, const node *k, int place)
{
    const node *left = &w->th->nodes[k->left], *right = &w->th->nodes[k->right];
    const int dotted = left->kind == N_NUMBER
        && (right->kind == N_NUMBER || right->kind == N_FRACTION);
    put_two(w, k, dotted ? " \\cdot " : " ", IN_PRODUCT, place);
}

static void put_fraction(writing *w, const node *k)
{
    put(w, "\\frac{");
    write_tree(w, k->left, IN_NOTHING);
    put(w, "}{");
    write_tree(w, k->right, IN_NOTHING);
    put(w, "}");
}

static void put_derivative(writing *w, const node *k)
{
    const char *plus = k->immediate ? "^{+}" : "";
    const int simple = w->th->nodes[k->left].kind == N_SYMBOL;
    put(w, "\\frac{\\partial%s ", plus);
    if (simple) write_tree(w, k->left, IN_NOTHING);
    put(w, "}{\\partial%s ", plus);
    write_tree(w, k->right, IN_NOTHING);
    put(w, simple ? "}" : "} (");
    if (simple) return;
    write_tree(w, k->left, IN_NOTHING);
    put(w, ")");
}

static void put_ones(writing *w, const node *k, const char *name)
{
    char letter[2];
    put(w, "%s", name);
    if (k->variable) put(w, "_{%s}", grammar_axis_name(w->th, k->variable, letter));
}

static void put_function(writing *w, const node *k)
{
    static const char *const names[FUNCTIONS] = {
        "\\tanh", "\\exp", "\\log", "\\sqrt", "\\sigma", "\\operatorname{ReLU}",
        "\\operatorname{step}", "\\operatorname{softmax}", "\\operatorname{diag}", "\\max",
        "\\operatorname{tr}" };
    const node *inside = &w->th->nodes[k->left];
    if (k->function == F_DIAG && inside->kind == N_ONES) {
        put_ones(w, inside, "I");
        return;
    }
    put(w, "%s%s", names[k->function], k->function == F_SQRT ? "{" : "(");
    write_tree(w, k->left, IN_NOTHING);
    put(w, k->function == F_SQRT ? "}" : ")");
}

static void put_pair(writing *w, const node *k, const char *open, const char *close)
{
    put(w, "%s", open);
    write_tree(w, k->left, IN_NOTHING);
    if (k->right != NONE_NODE) {
        put(w, ", ");
        write_tree(w, k->right, IN_NOTHING);
    }
    put(w, "%s", close);
}

/* Write a large operator */
static void put_large(writing *w, const node *k, int place)
{
    const int brackets = place > IN_SUM;
    put(w, "%s%s_{%c", brackets ? "(" : "",
        k->kind == N_SUM ? "\\sum" : k->kind == N_PROD ? "\\prod" : "\\rows", k->variable);
    if (!k->whole) {
        put(w, k->open ? " \\ge " : "=");
        put_index(w, k->from);
    }
    put(w, "}");
    if (!k->whole && !k->open) {
        put(w, "^{");
        put_index(w, k->to);
        put(w, "}");
    }
    put(w, " ");
    write_tree(w, k->left, IN_HADAMARD);
    if (brackets) put(w, ")");
}

/* Write a tree */
static int needs_brackets(const writing *w, const node *k)
{
    if (k->kind == N_SYMBOL) return strchr(w->th->symbols[k->symbol].latex, '^') != NULL;
    return k->kind != N_NUMBER && k->kind != N_ONES && k->kind != N_NORM && k->kind != N_ENTRY
        && k->kind != N_INDEX
        && (k->kind < N_ADD || k->kind > N_DIVIDE) && (k->kind < N_SUM || k->kind > N_ROWS);
}

static void put_number(writing *w, double number)
{
    put(w, number < 0 ? "(%.7g)" : "%.7g", number);
}

static void write_plain(writing *w, int tree, int place)
{
    const node *k = &w->th->nodes[tree];
    switch (k->kind) {
    case N_NUMBER: put_number(w, k->number); break;
    case N_ONES: put_ones(w, k, "\\mathbf{1}"); break;
    case N_SYMBOL: put_symbol(w, k); break;
    case N_ENTRY: put_entry(w, k); break;
    case N_INDEX: put_kronecker(w, k); break;
    case N_ADD: put_two(w, k, " + ", IN_SUM, place); break;
    case N_SUBTRACT: put_two(w, k, " - ", IN_SUM, place); break;
    case N_NEGATE: put_negative(w, k, place); break;
    case N_HADAMARD: put_two(w, k, " \\odot ", IN_HADAMARD, place); break;
    case N_DIVIDE: put_two(w, k, " \\oslash ", IN_HADAMARD, place); break;
    case N_PRODUCT: put_product(w, k, place); break;
    case N_FRACTION: put_fraction(w, k); break;
    case N_POWER: put_power(w, k); break;
    case N_TRANSPOSE: put_scripted(w, k->left, "^\\top"); break;
    case N_FUNCTION: put_function(w, k); break;
    case N_MINIMUM: put_pair(w, k, "\\min(", ")"); break;
    case N_NORM: put_pair(w, k, "\\|", "\\|"); break;
    case N_DERIVATIVE: put_derivative(w, k); break;
    case N_SUM: case N_PROD: case N_ROWS: put_large(w, k, place); break;
    default: break;
    }
}

static void write_tree(writing *w, int tree, int place)
{
    const int brackets = place == UNDER_SCRIPT && needs_brackets(w, &w->th->nodes[tree]);
    if (brackets) put(w, "(");
    write_plain(w, tree, brackets ? IN_NOTHING : place);
    if (brackets) put(w, ")");
}

void latex_write(const theory *th, int tree, char *text, size_t size)
{
    writing w = { th, text, size, 0 };
    text[0] = '\0';
    write_tree(&w, tree, IN_NOTHING);
}
