/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "own.h"
#include "latex.h"
#include "mutants.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The state of a derivation */
enum { OWN_ROWS = NOTE_ROWS + OWN_AXES_MAX, OWN_CELL = 64 };
typedef struct {
    char latex[OWN_CELL], shape[OWN_CELL], range[OWN_CELL];
    symbol_part start;          // how its first value is drawn, if that has a row of its own; or 0
} own_row;

enum { RULES = 190 };
typedef struct { int left, right; size_t at; } rule;    // trees, and where it is in the notes

static const long OWN_LIMIT = 4000000;  // what one equation may cost, in numbers computed
typedef enum { ROW_OPEN, ROW_GUESSED, ROW_KNOWN, ROW_FAILED } row_state;
typedef struct {
    const note_formula *f;      // its definition
    char latex[OWN_CELL], range[OWN_CELL];
    char letter;                // of its index, or 0
    row_state state;
    equation e;
    unsigned char mentions[SYMBOLS_MAX];    // how its right side mentions each of the others
    judgement j;                // why its row could not be inferred
} untold;

struct own {
    const notes *notes;
    theory *th;
    own_axis axes[OWN_AXES_MAX];
    int axis_count;
    own_row text[OWN_ROWS];
    notation_entry rows[OWN_ROWS];
    const note_row *from[OWN_ROWS];     // in the notes; NULL for a size
    int row_count, told;                // told: those that the table has
    int upright, ones;                  // ones: the table says how they stand
    int standing, lying;                // vectors of either kind
    rule rules[RULES];                  // what is defined
    int rule_count;
    untold *untold;                     // (untold_count) what has a definition and no row
    int untold_count;
    own_verdict *verdicts;
    int verdict_count, unread;          // unread: definitions that could not be
};

static void set_entry(own *o, int i, symbol_part part)
{
    const own_row *t = &o->text[i];
    o->rows[i] = (notation_entry){ t->latex, t->shape, t->range, "", part, "" };
}

enum { VERDICTS = NOTE_FORMULAS + NOTE_ROWS + NOTE_FAULTS + 8 };
static own_verdict *add_verdict(own *o, size_t at, verdict_kind kind)
{
    own_verdict *v = &o->verdicts[o->verdict_count];
    if (o->verdict_count < VERDICTS - 1) o->verdict_count++;
    *v = (own_verdict){ .at = at, .label = "", .j = { .kind = kind, .column = 1 } };
    return v;
}

static int fault(own *o, size_t at, verdict_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static int fault(own *o, size_t at, verdict_kind kind, const char *format, ...)
{
    va_list list;
    own_verdict *v = add_verdict(o, at, kind);
    va_start(list, format);
    vsnprintf(v->j.message, sizeof v->j.message, format, list);
    va_end(list);
    return -1;
}

/* Read a shape */
/* Words that separate the two sides, and marks that say nothing. */
static size_t is_between(const char *s, int at_start)
{
    static const char *const signs[] = { "×", "\\times", "x ", "by ", ",", 0 };
    for (int i = 0; signs[i]; i++)
        if (strncmp(s, signs[i], strlen(signs[i])) == 0 && (i < 2 || i == 4 || at_start))
            return strlen(signs[i]) - (i == 2 || i == 3);
    return 0;
}

static size_t is_nothing(const char *s)
{
    static const char *const marks[] = {
        "\\mathbb{R}^", "\\mathbb", "\\mathbf", "\\mathrm", "\\text", "\\R^", "R^", "\\,",
        "\\in", "{", "}", "$", "(", ")", "[", "]", " ", "\\", 0 };
    for (int i = 0; marks[i]; i++)
        if (strncmp(s, marks[i], strlen(marks[i])) == 0) return strlen(marks[i]);
    return 0;
}

static void reduce(char text[OWN_CELL], const char *s)
{
    size_t used = 0;
    for (size_t skip; *s && used + 2 < OWN_CELL; s += skip) {
        const int tau = strncmp(s, "\\tau", 4) == 0 || strncmp(s, "τ", 2) == 0;
        if (tau) text[used++] = 's', skip = *s == '\\' ? 4 : 2;
        else if (strncmp(s, "\\ell", 4) == 0) text[used++] = 'l', skip = 4;
        else if ((skip = is_between(s, used > 0 && s[-1] == ' ')) > 0) text[used++] = '|';
        else if ((skip = is_nothing(s)) == 0) text[used++] = *s, skip = 1;
    }
    text[used] = '\0';
}

/* The axis of a name; NULL if it cannot be one, or there are too many. */
static own_axis *axis_named(own *o, const char *name, size_t length)
{
    for (int i = 0; i < o->axis_count; i++)
        if (strlen(o->axes[i].name) == length && memcmp(o->axes[i].name, name, length) == 0)
            return &o->axes[i];
    const int number = strspn(name, "0123456789") >= length ? atoi(name) : 0;
    int fits = length > 0 && length < AXIS_NAME_MAX && o->axis_count < OWN_AXES_MAX;
    for (size_t i = 0; i < length; i++)
        fits &= isalnum((unsigned char)name[i]) || (i > 0 && name[i] == '_');
    if (!fits || (isdigit((unsigned char)*name) && (number < 1 || number > 12))) return NULL;
    own_axis *a = &o->axes[o->axis_count++];
    *a = (own_axis){ .is = AXIS_ANY | AXIS_SHAPE | AXIS_LENGTH, .size = number };
    memcpy(a->name, name, length);
    a->kind = length == 1 && !number ? *name : (char)o->axis_count;
    return a;
}

/* Writes one side of a shape as a theory wants it, "n_s-1"; 0 or -1. */
static int read_side(own *o, const char *s, size_t length, char index, char *text)
{
    if (length == 1 && *s == '1') return strcat(text, "1"), 0;
    const char *bar = memchr(s, '_', length), *sign = bar ? bar + 2 : NULL;
    const size_t left = bar ? length - (size_t)(bar - s) : 0;
    const int when = bar && left >= 2 && (bar[1] == 's' || (index && bar[1] == index))
        && (left == 2 || (left == 4 && strchr("+-", *sign) && isdigit((unsigned char)sign[1])));
    own_axis *a = axis_named(o, s, when ? (size_t)(bar - s) : length);
    if (a == NULL) return -1;
    const size_t used = strlen(text);
    snprintf(text + used, OWN_CELL - used, "%c%s%s%.*s", a->kind, when ? "_" : "",
             !when ? "" : index && bar[1] == index ? "t" : "s", when ? (int)left - 2 : 0,
             when ? sign : "");
    a->is |= when ? AXIS_TIMED : 0;
    return 0;
}

static int read_shape(own *o, const note_row *row, char index, char sides[OWN_CELL])
{
    char text[OWN_CELL];
    reduce(text, strcasecmp(row->shape, "scalar") == 0 || strcmp(row->shape, "1") == 0
                     ? "1 × 1" : row->shape);
    const char *bar = strchr(text, '|');
    if (bar == NULL || strchr(bar + 1, '|'))
        return fault(o, row->shape_at, V_SYNTAX, "a shape has two sides, as in 1 × n or n × 1, and "
                     "%.40s has not", *row->shape ? row->shape : "an empty cell");
    sides[0] = '\0';
    if (read_side(o, text, (size_t)(bar - text), index, sides) == 0 && strcat(sides, " x ")
        && read_side(o, bar + 1, strlen(bar + 1), index, sides) == 0) return 0;
    return fault(o, row->shape_at, V_SYNTAX,
                 "%.40s is not read as a shape: a side is 1, a small number, or a letter, perhaps "
                 "with a name or a time below it, as in d_k or n_{t-1}; and there are at most %d "
                 "sizes",
                 row->shape, OWN_AXES_MAX);
}

/* Read a range */
static const struct { const char *word; symbol_part part; } WORDS[] = {
    { "real", PART_REAL }, { "given", PART_REAL }, { "positive", PART_POSITIVE },
    { "fraction", PART_FRACTION }, { "binary", PART_BINARY }, { "probability", PART_PROBABILITY },
    { "probabilities", PART_PROBABILITY }, { "one-hot", PART_TEXT }, { "onehot", PART_TEXT },
    { "size", PART_SIZE },
};

/* Marks of a range, and the words "one" and "hot", of which the second decides. */
static int says_nothing(const char *s, size_t length)
{
    return length < 2 || isdigit((unsigned char)*s) || strchr("$\\.=", *s)
        || (length == 3 && strncasecmp(s, "one", 3) == 0);
}

static int read_words(own *o, const note_row *row, const char *s, symbol_part *part)
{
    for (size_t length; *s; s += length) {
        s += strspn(s, " ,;");
        length = strcspn(s, " ,;");
        int known = says_nothing(s, length);
        for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS && !known; i++)
            if (strlen(WORDS[i].word) == length && strncasecmp(s, WORDS[i].word, length) == 0)
                *part = WORDS[i].part, known = 1;
        if (!known)
            return fault(o, row->range_at, V_UNKNOWN,
                         "%.*s is no range: it may be 1..T, and one of real, positive, fraction, "
                         "binary, probability, one-hot, size",
                         length > 30 ? 30 : (int)length, s);
    }
    return 0;
}

/* Where the dots are in a range, and how long; NULL if there are none. */
static const char *find_dots(const char *s, size_t *length)
{
    static const char *const dots[] = { "\\ldots", "\\dots", "...", "..", "…", 0 };
    for (int i = 0; dots[i]; i++) {
        const char *found = strstr(s, dots[i]);
        *length = strlen(dots[i]);
        if (found) return found;
    }
    return NULL;
}

/* The number that ends in front of s; 1 if there is one. */
static int number_before(const char *from, const char *s, int *number)
{
    while (s > from && strchr(" ,$", s[-1])) s--;
    const char *start = s;
    while (start > from && isdigit((unsigned char)start[-1])) start--;
    *number = atoi(start);
    return start < s && s - start < 4;
}

/* Reads "T", "T+1" or "4" behind the dots into `last`; returns where it ends, or NULL. */
static const char *read_last(own *o, const char *s, char last[OWN_CELL])
{
    s += strspn(s, " ,.$");
    const size_t length = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    const size_t digits = strspn(s, "0123456789");
    if (digits > 0 && digits < 3)
        return snprintf(last, OWN_CELL, "%.*s", (int)digits, s), s + digits;
    own_axis *a = length == 1 ? axis_named(o, s, 1) : NULL;
    if (a == NULL) return NULL;
    a->is |= AXIS_COUNTS;
    const int more = (s[1] == '+' || s[1] == '-') && isdigit((unsigned char)s[2]);
    snprintf(last, OWN_CELL, "%.*s", more ? 3 : 1, s);
    return s + (more ? 3 : 1);
}

static int read_range(own *o, const note_row *row, char range[OWN_CELL], symbol_part *part)
{
    char last[OWN_CELL];
    size_t length;
    int first;
    const char *dots = find_dots(row->range, &length), *rest = row->range;
    *part = PART_REAL;
    range[0] = '\0';
    if (dots) {
        rest = number_before(row->range, dots, &first) ? read_last(o, dots + length, last) : NULL;
        if (rest == NULL || (isdigit((unsigned char)*last) && atoi(last) < first) || first > 2)
            return fault(o, row->range_at, V_SYNTAX,
                         "%.40s is no range: it begins with 0, 1 or 2 and ends with a letter or a "
                         "number, as in 1..T", row->range);
        snprintf(range, OWN_CELL, "%d..%.50s", first, last);
    }
    return read_words(o, row, rest, part);
}

/* Read a row of the table */
/* How many bytes the letter is that stands here; \ell is an l. */
static size_t letter_length(const char *s, char *letter)
{
    const int curly = strncmp(s, "\\ell", 4) == 0;
    *letter = curly ? 'l' : *s;
    return curly ? 4 : 1;
}

/* The letter by which a symbol is indexed in its row; 0 if there is none. */
static char index_letter(const char *s)
{
    for (char letter; *s; s++) {
        if (*s != '_' && *s != '^') continue;
        const char *in = s + 1 + strspn(s + 1, "{([");
        const int brackets = strncmp(s, "^{(", 3) == 0 || strncmp(s, "^{[", 3) == 0;
        const char *after = in + letter_length(in, &letter);
        if ((*s == '_' || brackets) && islower((unsigned char)letter)
            && (s[1] == *in || strchr("})]", *after))) return letter;
    }
    return 0;
}

/* Is it a bold one? Its row says how ones stand. */
static int is_ones(const char *s)
{
    static const char *const ways[] =
        { "\\mathbf", "\\mathbb", "\\bm", "\\boldsymbol", "\\mathds", 0 };
    for (int i = 0; ways[i]; i++) {
        const size_t length = strlen(ways[i]);
        if (strncmp(s, ways[i], length) == 0 && s[length + strspn(s + length, "{ ")] == '1')
            return 1;
    }
    return 0;
}

static int read_row(own *o, const note_row *row)
{
    own_row *t = &o->text[o->row_count];
    symbol_part part;
    size_t length;
    const int has_range = find_dots(row->range, &length) != NULL;
    const char index = has_range ? index_letter(row->symbol) : 0;
    if (strlen(row->symbol) >= OWN_CELL || strlen(row->shape) >= OWN_CELL
        || strlen(row->range) >= OWN_CELL)
        return fault(o, row->at, V_SYNTAX, "a cell of this row is longer than %d bytes",
                     OWN_CELL - 1);
    if (has_range && !index)
        return fault(o, row->at, V_SYNTAX, "%.40s has a range, so it needs an index, as in x_t",
                     row->symbol);
    if (read_shape(o, row, index, t->shape) != 0) return -1;
    if (is_ones(row->symbol)) return o->ones = 1, o->upright = t->shape[0] != '1', 0;
    if (read_range(o, row, t->range, &part) != 0) return -1;
    snprintf(t->latex, OWN_CELL, "%s", row->symbol);
    o->standing += t->shape[0] != '1' && strcmp(strstr(t->shape, " x "), " x 1") == 0;
    o->lying += t->shape[0] == '1' && strcmp(t->shape, "1 x 1") != 0;
    o->from[o->row_count] = row;
    set_entry(o, o->row_count++, part);
    return 0;
}

/* Is it the same name, but for braces? */
static int same_name(const char *latex, const char *name)
{
    for (; *latex || *name; latex += *latex != '\0') {
        if (*latex && strchr("{} ", *latex)) continue;
        if (*latex != *name) return 0;
        name++;
    }
    return 1;
}

static void add_size(own *o, const own_axis *a)
{
    own_row *t = &o->text[o->row_count];
    const char *bar = strchr(a->name, '_');
    for (int i = 0; i < o->row_count; i++)
        if (same_name(o->text[i].latex, a->name)) return;
    if (a->size || o->row_count == SYMBOLS_MAX) return;
    *t = (own_row){ .shape = "1 x 1" };
    const int several = bar && strlen(bar) > 2;
    if (bar) snprintf(t->latex, OWN_CELL, several ? "%.*s_{%s}" : "%.*s_%s", (int)(bar - a->name),
                      a->name, bar + 1);
    else snprintf(t->latex, OWN_CELL, "%s", a->name);
    set_entry(o, o->row_count++, PART_SIZE);
}

/* Join rows of one step */
static int axis_is_of(const own *o, char kind, int property)
{
    for (int i = 0; i < o->axis_count; i++)
        if (o->axes[i].kind == kind) return (o->axes[i].is & property) != 0;
    return 0;
}

static int is_fixed(const own *o, char c)
{
    return isdigit((unsigned char)c) || axis_is_of(o, c, AXIS_COUNTS);
}

/* Where the step stands in `start`, if that is `latex` at a fixed step of its index `letter`; its
   end, if it is the same text; NULL if it is neither. */
static const char *fixed_in(const own *o, const char *start, const char *latex, char letter)
{
    const char *found = NULL;
    for (const char *s = latex;; s++, start++) {
        while (*s && strchr("{} ", *s)) s++;
        while (*start && strchr("{} ", *start)) start++;
        char here;
        const size_t length = letter_length(s, &here);
        const int index = letter && here == letter && s > latex && strchr("_{([ ", s[-1]);
        if (index && *start != *s && !found && is_fixed(o, *start)) {
            found = start;
            s += length - 1;
            while (isdigit((unsigned char)*start) && isdigit((unsigned char)start[1])) start++;
        } else if (*s != *start) return NULL;
        else if (*s == '\0') return found ? found : start;
    }
}

static void drop_row(own *o, int i)
{
    for (o->row_count--; i < o->row_count; i++) {
        o->text[i] = o->text[i + 1];
        o->from[i] = o->from[i + 1];
        set_entry(o, i, o->rows[i + 1].part);
    }
}

static int alike_shapes(const char *one, const char *other)
{
    return *one == *other && strstr(one, " x ")[3] == strstr(other, " x ")[3];
}

static int step_length(const char *step)
{
    const size_t digits = strspn(step, "0123456789");
    return digits ? (int)digits : 1;
}

/* Is a fixed step one of those that a range has, or the one before them? */
static int belongs_to(const char *range, const char *step)
{
    const char *last = strstr(range, "..") + 2;
    if (!isdigit((unsigned char)*step)) return *step == *last;
    return atoi(step) >= atoi(range) - 1
        && (!isdigit((unsigned char)*last) || atoi(step) <= atoi(last));
}

/* Joins row i, which is row j at the step that is given. 1 if it is joined, 0 if it is a symbol of
   its own, -1 after a fault. */
static int join_row(own *o, int i, int j, const char *step)
{
    own_row *all = &o->text[j];
    const int early = isdigit((unsigned char)*step) && atoi(step) < atoi(all->range);
    const symbol_part way = o->rows[i].part;
    if (!belongs_to(all->range, step)) return 0;
    if (!alike_shapes(o->text[i].shape, all->shape))
        return early ? 0 : fault(o, o->from[i]->at, V_SYNTAX, "%s is %s at %.*s, and has another "
                     "shape here: let the range of %s leave it out, or give it another name",
                     o->text[i].latex, all->latex, step_length(step), step, all->latex);
    if (early) all->range[0]--;
    const int first = isdigit((unsigned char)*step) && atoi(step) == atoi(all->range);
    if (first && way != PART_REAL) all->start = way;
    if (!first && way != PART_REAL && way != o->rows[j].part)
        return fault(o, o->from[i]->at, V_SYNTAX, "%s is %s at %.*s, and is drawn as that is: "
                     "write the words of its range there, and leave this row out",
                     o->text[i].latex, all->latex, step_length(step), step);
    return drop_row(o, i), 1;
}

static int join_rows(own *o)
{
    int bad = 0;
    for (int i = 0; i < o->row_count; i++) {
        int joined = 0;
        for (int j = 0; j < o->row_count && !joined; j++) {
            if (o->text[i].range[0] || !o->text[j].range[0]) continue;
            const char *step = fixed_in(o, o->text[i].latex, o->text[j].latex,
                                        index_letter(o->text[j].latex));
            if (step && *step) joined = join_row(o, i, j, step);
        }
        bad |= joined < 0;
        i -= joined > 0;
    }
    return bad ? -1 : 0;
}

/* Make the theory */
static int find_twins(own *o)
{
    int found = 0;
    for (int i = 0; i < o->th->symbol_count; i++)
        for (int j = 0; j < i && o->from[i] && o->from[j]; j++) {
            const notation_row *x = &o->th->symbols[i], *y = &o->th->symbols[j];
            int line, column;
            if (x->indexed != y->indexed || strcmp(x->name, y->name) != 0) continue;
            notes_place(o->notes, o->from[j]->at, &line, &column);
            found = fault(o, o->from[i]->at, V_SYNTAX, "%s is in the table already, in line %d",
                          x->latex, line);
        }
    return found;
}

static int letters_clash(own *o)
{
    int found = 0;
    for (int i = 0; i < o->row_count; i++) {
        const char letter = o->text[i].range[0] ? index_letter(o->text[i].latex) : 0;
        for (int j = 0; j < o->axis_count && letter; j++)
            if (o->axes[j].kind == letter)
                found = fault(o, o->from[i]->at, V_SYNTAX,
                              "%c counts here, and is a size elsewhere in the table", letter);
    }
    return found;
}

/* 0; or -1, and *unread is the number of a row that cannot be read, or -1. */
static int build_theory(own *o, int *unread)
{
    const int rows = o->row_count;
    theory_free(o->th);
    for (int i = 0; i < o->axis_count; i++) add_size(o, &o->axes[i]);
    o->th = theory_alloc_own(&(notation){ o->rows, o->row_count }, o->axes, o->axis_count,
                             unread);
    o->row_count = rows;
    if (o->th == NULL) return -1;
    o->th->upright = o->ones ? o->upright : o->standing > 0 && o->lying == 0;
    o->th->turned = o->notes->turned;
    for (int i = 0; i < rows; i++) o->th->symbols[i].start = o->text[i].start;
    return 0;
}

/* 0; or -1, with a fault that says why. */
static int make_theory(own *o)
{
    int unread, bad = 0;
    for (int i = 0; i < o->notes->row_count; i++)
        if (o->row_count < SYMBOLS_MAX) bad |= read_row(o, &o->notes->rows[i]);
    if (bad || join_rows(o) != 0 || letters_clash(o) != 0) return -1;
    if (o->row_count == 0)
        return fault(o, 0, V_SYNTAX, "there is no table of notation: one whose head has the "
                     "columns symbol and shape, such as | symbol | shape | range |");
    o->told = o->row_count;
    if (build_theory(o, &unread) == 0) return find_twins(o);
    if (unread >= 0 && o->from[unread])
        return fault(o, o->from[unread]->at, V_SYNTAX, "%.40s is not read as a symbol",
                     o->rows[unread].latex);
    return fault(o, 0, V_UNKNOWN, "there is no memory");
}

/* Infer rows from definitions */
/* Where the sign of a definition stands; NULL if the formula is none. */
static const char *definition_sign(const char *latex)
{
    static const char *const signs[] = { ":=", "\\coloneqq", "\\triangleq", 0 };
    for (int i = 0; signs[i]; i++) {
        const char *found = strstr(latex, signs[i]);
        if (found) return found;
    }
    return NULL;
}

/* Copies what is defined, without outer spaces. 0; or -1 if nothing is, or it is too long. */
static int left_side(const char *latex, char left[OWN_CELL])
{
    const char *sign = definition_sign(latex);
    if (sign == NULL) return -1;
    latex += strspn(latex, " \n\t");
    while (sign > latex && strchr(" \n\t", sign[-1])) sign--;
    return snprintf(left, OWN_CELL, "%.*s", (int)(sign - latex), latex) < OWN_CELL ? 0 : -1;
}

/* Does a definition mention a symbol with an index, as far as its text tells? */
static int seems_to_mention(const char *definition, const char *latex)
{
    char base[OWN_CELL];
    const size_t length = strcspn(latex, "_^");
    if (latex[length] == '\0') return 0;
    snprintf(base, sizeof base, "%.*s", (int)length + 1, latex);
    for (const char *at = definition_sign(definition); (at = strstr(at, base)) != NULL; at++)
        if (!isalpha((unsigned char)*base) || (at[-1] != '\\' && !isalpha((unsigned char)at[-1])))
            return 1;
    return 0;
}

/* How much speaks for a range, where it is that of a symbol with this letter; 0 if it is not. */
static int speaks_for(const untold *u, char letter, const char *latex, const char *range)
{
    if (!*range || index_letter(latex) != letter) return 0;
    return 1 + (atoi(range) == 1) + 2 * seems_to_mention(u->f->latex, latex);
}

static void range_of_letter(own *o, untold *u)
{
    const char letter = index_letter(u->latex), *range = NULL;
    int best = 0;
    for (int i = 0; i < o->told + o->untold_count && letter; i++) {
        const untold *other = &o->untold[i < o->told ? 0 : i - o->told];
        const char *latex = i < o->told ? o->text[i].latex : other->latex;
        const char *its = i < o->told ? o->text[i].range : other->range;
        const int now = speaks_for(u, letter, latex, its);
        if (now > best) best = now, range = its;
    }
    for (int i = 0; i < o->axis_count; i++)
        if (o->axes[i].kind == letter) return;
    own_axis *last = range == NULL && letter == 't' ? axis_named(o, "T", 1) : NULL;
    if (last) last->is |= AXIS_COUNTS;
    if (range == NULL && last == NULL) return;
    u->letter = letter;
    snprintf(u->range, OWN_CELL, "%s", last ? "1..T" : range);
}

/* Is it the same text, or that of a fixed step of its index? */
static int is_start_of(const own *o, const char *start, const untold *u)
{
    return fixed_in(o, start, u->latex, u->letter) != NULL;
}

static void drop_starts(own *o)
{
    int kept = 0;
    for (int i = 0; i < o->untold_count; i++) {
        int is_start = 0;
        for (int j = 0; j < o->untold_count && !is_start; j++)
            is_start = (j < kept || (j > i && o->untold[j].letter))
                && is_start_of(o, o->untold[i].latex, &o->untold[j]);
        if (!is_start) o->untold[kept++] = o->untold[i];
    }
    o->untold_count = kept;
}

static int lacks_a_row(own *o, const char *left)
{
    parse_error error;
    const int mark = o->th->node_count, tree = grammar_expression(o->th, left, &error);
    const node *k = tree != NONE_NODE ? &o->th->nodes[tree] : NULL;
    if (k && k->kind == N_ENTRY) k = &o->th->nodes[k->left];
    o->th->node_count = mark;
    return k == NULL || (k->kind == N_SYMBOL && k->symbol >= o->told);
}

/* Turns the row of a fixed step of what is defined, if there is one, into its own. 1 if it did, 0
   if there is none, -1 if there is no memory. */
static int turn_start(own *o, const untold *u)
{
    for (int i = 0; i < o->told && u->letter; i++) {
        own_row *t = &o->text[i];
        const char *step = t->range[0] ? NULL : fixed_in(o, t->latex, u->latex, u->letter);
        int unread;
        if (step == NULL || !*step) continue;
        const int early = isdigit((unsigned char)*step) && atoi(step) < atoi(u->range);
        char sides[OWN_CELL] = "";
        for (int k = 0; k < 2; k++) {
            const char *kind = k ? strstr(t->shape, " x ") + 3 : t->shape;
            const int timed = axis_is_of(o, *kind, AXIS_TIMED);
            snprintf(sides + strlen(sides), OWN_CELL - strlen(sides), "%c%s%s", *kind,
                     timed ? "_t" : "", k ? "" : " x ");
        }
        snprintf(t->range, OWN_CELL, "%.1s%.60s", early ? step : u->range, u->range + 1);
        snprintf(t->shape, OWN_CELL, "%s", sides);
        snprintf(t->latex, OWN_CELL, "%s", u->latex);
        o->row_count = o->told;
        return build_theory(o, &unread) == 0 ? 1 : -1;
    }
    return 0;
}

/* 0; or -1 if there is no memory. */
static int collect_untold(own *o)
{
    for (int i = 0, turned = 0; i < o->notes->formula_count && turned >= 0; i++) {
        const note_formula *f = &o->notes->formulas[i];
        untold *u = &o->untold[o->untold_count];
        *u = (untold){ .f = f };
        if (f->prose || left_side(f->latex, u->latex) != 0 || !lacks_a_row(o, u->latex)) continue;
        if (o->told + o->untold_count == SYMBOLS_MAX) break;
        range_of_letter(o, u);
        if ((turned = turn_start(o, u)) < 0) return -1;
        o->untold_count += !turned;
    }
    return drop_starts(o), 0;
}

/* Makes a theory in which every symbol has a row. 0, or -1 if there is no memory. */
static int build_provisional(own *o)
{
    int unread;
    do {
        o->row_count = o->told;
        for (int i = 0; i < o->untold_count; i++) {
            own_row *t = &o->text[o->row_count];
            *t = (own_row){ .shape = "1 x 1" };
            snprintf(t->latex, OWN_CELL, "%s", o->untold[i].latex);
            snprintf(t->range, OWN_CELL, "%s", o->untold[i].range);
            set_entry(o, o->row_count++, PART_DERIVED);
        }
        if (build_theory(o, &unread) == 0) return 0;
        if (unread < o->told || unread >= o->row_count) return -1;
        untold *bad = &o->untold[unread - o->told];
        memmove(bad, bad + 1, (size_t)(--o->untold_count - (unread - o->told)) * sizeof *bad);
    } while (1);
}

enum { AT_ONCE = 1, AT_ANOTHER = 2, BEFORE = 4 };
static int how_mentioned(const theory *th, int tree, int symbol, char letter)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    const index_expr x = k->index;
    const int here = k->kind != N_SYMBOL || k->symbol != symbol ? 0
        : !letter || (x.base == letter && x.offset == 0 && !x.minus && !x.plus) ? AT_ONCE
        : (x.base == letter && x.offset == -1) || (x.base == 0 && x.offset == 0)
        ? AT_ANOTHER | BEFORE : AT_ANOTHER;
    return here | how_mentioned(th, k->left, symbol, letter)
        | how_mentioned(th, k->right, symbol, letter);
}

static void refuse_row(untold *u, verdict_kind kind, int column, const char *message)
{
    u->state = ROW_FAILED;
    u->j = (judgement){ .kind = kind, .column = column };
    snprintf(u->j.message, sizeof u->j.message, "%s", message);
}

static void refuse_open(untold *u, const char *why)
{
    char text[480], whole[OWN_CELL] = "it";
    const char *below = strchr(u->latex, '_');
    if (below && strstr(why, "one of entries"))
        snprintf(whole, sizeof whole, "%.*s", (int)(below - u->latex), u->latex);
    snprintf(text, sizeof text, "%s is not in the notation table, and %s: give %s a row there, of "
             "symbol, shape and range%s%s", u->latex, why, whole, *u->range ? ", here " : "",
             u->range);
    refuse_row(u, V_UNKNOWN, 1 + (int)strspn(u->f->latex, " \n\t"), text);
}

static void read_untold(own *o, int i)
{
    parse_error error;
    untold *u = &o->untold[i];
    char letters[LETTERS_ALL] = "";
    if (grammar_parse(o->th, &u->e, u->f->latex, 0, &error) != PARSE_OK) {
        refuse_row(u, error.status == PARSE_UNKNOWN ? V_UNKNOWN : V_SYNTAX, error.column,
                   error.message);
        return;
    }
    const node *left = &o->th->nodes[u->e.member[0]];
    grammar_letters(o->th, u->e.member[1], letters);
    const int others = *letters && (letters[1] || *letters != u->letter);
    for (int j = 0; j < o->untold_count; j++)
        u->mentions[j] = (unsigned char)how_mentioned(o->th, u->e.member[1], o->told + j,
                                                      u->letter);
    if (left->kind != N_SYMBOL || left->symbol != o->told + i || others)
        refuse_open(u, "its definition is one of entries, and does not tell the shape");
}

static int side_of(const axis *a, char letter, symbol_side *side)
{
    const int own_step = letter && a->time.base == letter;
    *side = (symbol_side){ .kind = a->kind, .timed = a->timed, .shared = a->timed && !own_step };
    if (a->timed && (own_step || a->time.base == '?')) side->offset = a->time.offset;
    return a->kind == '?' || abs(side->offset) > 9 ? -1 : 0;
}

/* Do the two sides of the definition fit, as far as is known? */
static int fits(own *o, const untold *u, shape_error *error)
{
    shape found;
    return shapes_check(o->th, &u->e, SHAPES_TAGGED, &found, error) == 0;
}

static int infer_shape(own *o, int i)
{
    untold *u = &o->untold[i];
    notation_row *row = &o->th->symbols[o->told + i];
    shape found;
    shape_error error;
    const int made = shapes_expression(o->th, u->e.member[1], &found, &error) == 0;
    if (made && found.number) found.a[0] = found.a[1] = (axis){ .kind = '1' };
    const int open = made && (found.rank != 2 || side_of(&found.a[0], u->letter, &row->side[0])
                              || side_of(&found.a[1], u->letter, &row->side[1]));
    if (open) return refuse_open(u, "its definition leaves its shape open"), -1;
    if (!made || !fits(o, u, &error))
        return refuse_row(u, V_SHAPE, error.column, error.message), -1;
    return u->state = ROW_KNOWN, 0;
}

static int is_ready(const own *o, int i)
{
    for (int j = 0; j < o->untold_count; j++) {
        const row_state s = o->untold[j].state;
        if ((s == ROW_OPEN || s == ROW_FAILED) && o->untold[i].mentions[j]) return 0;
    }
    return 1;
}

/* Infers all that can be. 0; or -1 if a guess is refuted, or a definition has no shape. */
static int propagate(own *o)
{
    int failed = 0;
    for (int moved = 1; moved;) {
        moved = 0;
        for (int i = 0; i < o->untold_count; i++) {
            untold *u = &o->untold[i];
            shape_error error;
            if (u->state > ROW_GUESSED || !is_ready(o, i)) continue;
            if (u->state == ROW_OPEN) failed |= infer_shape(o, i);
            else if (fits(o, u, &error)) u->state = ROW_KNOWN;
            else return -1;
            moved = 1;
        }
    }
    return failed;
}

enum { SHAPE_CLASSES = 4, GUESS_DEPTH = 3, SIDES = OWN_AXES_MAX + 1 };
static const long GUESS_LIMIT = 100000000;  // in nodes of trees that are looked at, about
typedef struct {
    row_state state[SYMBOLS_MAX];
    symbol_side side[SYMBOLS_MAX][2];
} guessed;

static int is_too_much(const own *o, long tries)
{
    const long count = o->untold_count;
    return tries > GUESS_LIMIT / (o->th->node_count + count * count * count);
}

static void put_away(const own *o, guessed *g)
{
    for (int i = 0; i < o->untold_count; i++) {
        g->state[i] = o->untold[i].state;
        memcpy(g->side[i], o->th->symbols[o->told + i].side, sizeof g->side[i]);
    }
}

static void take_out(own *o, const guessed *g)
{
    for (int i = 0; i < o->untold_count; i++) {
        o->untold[i].state = g->state[i];
        memcpy(o->th->symbols[o->told + i].side, g->side[i], sizeof g->side[i]);
    }
}

static int class_of(const own *o, int rows, int columns)
{
    const int lies = o->lying >= o->standing;
    if (rows && columns) return 3;
    if (!rows && !columns) return 1;
    return (rows ? !lies : lies) ? 0 : 2;
}

/* The axis of number n, from 1, as a side; 0 is a single row or column. */
static symbol_side side_numbered(const own *o, int n, char letter)
{
    const own_axis *a = &o->axes[n > 0 ? n - 1 : 0];
    if (n == 0) return (symbol_side){ .kind = '1' };
    const int timed = (a->is & AXIS_TIMED) != 0;
    return (symbol_side){ .kind = a->kind, .timed = timed, .shared = timed && !letter };
}

/* Does number i need number j, by any way through what is not known? */
static int reaches(const own *o, int i, int j, char *seen)
{
    for (int k = 0; k < o->untold_count; k++) {
        if (seen[k] || o->untold[k].state == ROW_KNOWN || !o->untold[i].mentions[k]) continue;
        seen[k] = 1;
        if (k == j || reaches(o, k, j, seen)) return 1;
    }
    return 0;
}

static int is_state(const own *o, int j)
{
    char seen[SYMBOLS_MAX] = { 0 };
    int how = 0;
    if (o->untold[j].state != ROW_OPEN) return 0;
    for (int i = 0; i < o->untold_count; i++)
        if (o->untold[i].state != ROW_FAILED) how |= o->untold[i].mentions[j];
    return (how & AT_ANOTHER) && reaches(o, j, j, seen);
}

static int guess_shape(own *o, int i, int depth, long *tries);
/* After a guess for number i: is it confirmed, if need be with a guess for another state? */
static int confirm(own *o, int i, int depth, long *tries)
{
    if (propagate(o) != 0) return 0;
    if (o->untold[i].state == ROW_KNOWN) return 1;
    for (int j = 0; j < o->untold_count && depth < GUESS_DEPTH; j++) {
        char there[SYMBOLS_MAX] = { 0 }, back[SYMBOLS_MAX] = { 0 };
        if (!is_state(o, j) || !reaches(o, i, j, there) || !reaches(o, j, i, back)) continue;
        const int count = guess_shape(o, j, depth + 1, tries);
        return count && o->untold[i].state == ROW_KNOWN ? count : 0;
    }
    return 0;
}

/* Tries the shapes of one class, from what `before` says; *right is what fits first. */
static int guess_in_class(own *o, int i, int class, int depth, long *tries, guessed *right)
{
    guessed before;
    int count = 0;
    put_away(o, &before);
    for (int n = 0; n <= o->axis_count * (SIDES + 1) && count < 2; n++) {
        const int rows = n / SIDES, columns = n % SIDES;
        if (rows > o->axis_count || columns > o->axis_count
            || class_of(o, rows, columns) != class || is_too_much(o, ++*tries)) continue;
        symbol_side *side = o->th->symbols[o->told + i].side;
        side[0] = side_numbered(o, rows, o->untold[i].letter);
        side[1] = side_numbered(o, columns, o->untold[i].letter);
        o->untold[i].state = ROW_GUESSED;
        const int fit = confirm(o, i, depth, tries);
        if (fit && !count) put_away(o, right);
        count += fit;
        take_out(o, &before);
    }
    return count;
}

static int guess_shape(own *o, int i, int depth, long *tries)
{
    guessed right;
    for (int class = 0; class < SHAPE_CLASSES; class++) {
        const int count = guess_in_class(o, i, class, depth, tries, &right);
        if (count) return take_out(o, &right), count;
    }
    return 0;
}

/* Guesses what states it can; returns whether there was any. */
static int guess_states(own *o, long *tries)
{
    int found = 0;
    for (int i = 0; i < o->untold_count; i++) {
        guessed before;
        if (!is_state(o, i)) continue;
        put_away(o, &before);
        const int count = guess_shape(o, i, 1, tries);
        if (count > 1) {
            take_out(o, &before);
            refuse_open(&o->untold[i], "more than one shape would fit its definition");
        } else if (count == 1) propagate(o), found = 1;
    }
    return found;
}

static void refuse_rest(own *o)
{
    for (int i = 0; i < o->untold_count; i++) {
        untold *u = &o->untold[i];
        char why[160] = "no shape was found that fits its definition";
        for (int j = 0; j < o->untold_count; j++)
            if (o->untold[j].state == ROW_FAILED && u->state == ROW_OPEN
                && o->untold[i].mentions[j])
                snprintf(why, sizeof why, "its definition needs %s, whose shape is not known",
                         o->untold[j].latex);
        if (u->state < ROW_KNOWN) refuse_open(u, why);
    }
}

static int needs_at_once(const own *o, int i, int j, char *seen)
{
    for (int k = 0; k < o->untold_count; k++) {
        if (seen[k] || o->untold[k].state == ROW_FAILED) continue;
        if (!(o->untold[i].mentions[k] & AT_ONCE)) continue;
        seen[k] = 1;
        if (k == j || needs_at_once(o, k, j, seen)) return 1;
    }
    return 0;
}

static int find_untold_circle(own *o)
{
    for (int i = 0; i < o->untold_count; i++) {
        char seen[SYMBOLS_MAX] = { 0 };
        const untold *u = &o->untold[i];
        if (u->state != ROW_FAILED && needs_at_once(o, i, i, seen))
            return fault(o, u->f->at, V_SYNTAX, "%s is defined by way of itself", u->latex);
    }
    return 0;
}

static void begin_earlier(own *o)
{
    for (int f = 0; f < o->notes->formula_count; f++) {
        const note_formula *x = &o->notes->formulas[f];
        const int mark = o->th->node_count;
        parse_error error;
        equation e;
        const int read = !x->prose && definition_sign(x->latex)
            && grammar_parse(o->th, &e, x->latex, 0, &error) == PARSE_OK;
        for (int i = 0; i < o->untold_count && read; i++) {
            untold *u = &o->untold[i];
            const int how = how_mentioned(o->th, e.member[0], o->told + i, u->letter)
                | how_mentioned(o->th, e.member[1], o->told + i, u->letter);
            if ((how & BEFORE) && u->range[0] == '1') u->range[0] = '0';
        }
        o->th->node_count = mark;
    }
}

static void write_side(const symbol_side *side, char *text)
{
    const size_t used = strlen(text);
    snprintf(text + used, OWN_CELL - used, "%c%s", side->kind,
             !side->timed ? "" : side->shared ? "_s" : "_t");
    if (side->timed && side->offset)
        snprintf(text + strlen(text), OWN_CELL - strlen(text), "%+d", side->offset);
}

static int add_inferred(own *o)
{
    int unread;
    o->row_count = o->told;
    for (int i = 0; i < o->untold_count; i++) {
        const untold *u = &o->untold[i];
        own_row row = { .shape = "" }, *t = &o->text[o->row_count];
        if (u->state != ROW_KNOWN) continue;
        write_side(&o->th->symbols[o->told + i].side[0], row.shape);
        strcat(row.shape, " x ");
        write_side(&o->th->symbols[o->told + i].side[1], row.shape);
        snprintf(row.latex, OWN_CELL, "%s", u->latex);
        snprintf(row.range, OWN_CELL, "%s", u->range);
        *t = row;
        set_entry(o, o->row_count++, PART_REAL);
    }
    return build_theory(o, &unread) == 0 ? 0 : fault(o, 0, V_UNKNOWN, "there is no memory");
}

/* 0; or -1, with a fault that says why. */
static int infer_rows(own *o)
{
    long tries = 0;
    o->untold = calloc(SYMBOLS_MAX + 1, sizeof *o->untold);
    if (o->untold == NULL) return fault(o, 0, V_UNKNOWN, "there is no memory");
    if (collect_untold(o) != 0) return fault(o, 0, V_UNKNOWN, "there is no memory");
    if (o->untold_count == 0) return 0;
    if (build_provisional(o) != 0) return fault(o, 0, V_UNKNOWN, "there is no memory");
    for (int i = 0; i < o->untold_count; i++) read_untold(o, i);
    if (find_untold_circle(o) != 0) return -1;
    propagate(o);
    while (guess_states(o, &tries)) continue;
    refuse_rest(o);
    begin_earlier(o);
    return add_inferred(o);
}

/* Refuse rows of entries */
/* Is a row's text that of another one with the letters of an entry below? */
static int is_entry_of(const char *latex, const char *whole)
{
    while (*whole && *latex == *whole) latex++, whole++;
    if (*whole || *latex++ != '_') return 0;
    int letters = 0;
    for (; *latex; latex++)
        if (strchr("ijk", *latex)) letters++;
        else if (!strchr("{}, ", *latex)) return 0;
    return letters == 1 || letters == 2;
}

static int find_entries(own *o)
{
    int found = 0;
    for (int i = 0; i < o->told; i++)
        for (int j = 0; j < o->row_count; j++) {
            if (strcmp(o->text[i].shape, "1 x 1") != 0 || strcmp(o->text[j].shape, "1 x 1") == 0
                || !is_entry_of(o->text[i].latex, o->text[j].latex)) continue;
            found = fault(o, o->from[i]->at, V_SYNTAX, "%s would be another symbol than %s: an entry "
                          "of that needs no row, so leave this one out", o->text[i].latex,
                          o->text[j].latex);
        }
    return found;
}

/* Adopt the definitions */
static int same_index(index_expr x, index_expr y)
{
    return x.base == y.base && x.minus == y.minus && x.offset == y.offset
        && x.plus == y.plus;
}

/* Takes a definition over; its trees stay. 0; or -1, after a fault or because it will be judged as
   it is. */
static int adopt(own *o, const note_formula *f, const equation *e)
{
    parse_error error;
    const int entry = o->th->nodes[e->member[0]].kind == N_ENTRY;
    const int named = entry ? o->th->nodes[e->member[0]].left : e->member[0];
    const node *left = &o->th->nodes[named];
    int line, column;
    for (int i = 0; i < o->rule_count && left->kind == N_SYMBOL; i++) {
        const node *before = &o->th->nodes[o->rules[i].left];
        if (before->symbol != left->symbol || !same_index(before->index, left->index)) continue;
        notes_place(o->notes, o->rules[i].at, &line, &column);
        return fault(o, f->at, V_SYNTAX, "%s is defined already, in line %d",
                     o->th->symbols[left->symbol].latex, line);
    }
    if (o->rule_count == RULES || theory_adopt(o->th, e, &error) != 0) return -1;
    notation_row *s = &o->th->symbols[left->symbol];
    if (s->start == PART_SIZE) s->start = s->part;
    s->part = PART_DERIVED;
    o->rules[o->rule_count++] = (rule){ named, e->member[1], f->at };
    return 0;
}

/* What a definition was meant for that could not be read is not drawn instead: it has no value. */
static void forget(own *o, const char *latex)
{
    parse_error error;
    char left[OWN_CELL];
    o->unread++;
    if (left_side(latex, left) != 0) return;
    const int tree = grammar_expression(o->th, left, &error);
    if (tree != NONE_NODE && o->th->nodes[tree].kind == N_SYMBOL)
        o->th->symbols[o->th->nodes[tree].symbol].part = PART_DERIVED;
}

static void adopt_all(own *o)
{
    parse_error error;
    equation e;
    for (int i = 0; i < o->notes->formula_count; i++) {
        const note_formula *f = &o->notes->formulas[i];
        const int mark = o->th->node_count;
        if (f->prose) continue;
        const int parsed = grammar_parse(o->th, &e, f->latex, 0, &error) == PARSE_OK;
        const int defines = parsed ? e.definition : definition_sign(f->latex) != NULL;
        if (parsed && defines && adopt(o, f, &e) == 0) continue;
        if (defines) forget(o, f->latex);
        o->th->node_count = mark;
    }
}

/* Find circles */
/* Does the tree, right of a rule for `left`, need what `wanted` defines, at the same step? */
static int needs(const theory *th, int tree, const node *left, const node *wanted)
{
    if (tree == NONE_NODE) return 0;
    const node *k = &th->nodes[tree];
    if (k->kind == N_SYMBOL && k->symbol == wanted->symbol
        && (!th->symbols[k->symbol].indexed || !th->symbols[left->symbol].indexed
            || same_index(k->index, left->index))) return 1;
    return needs(th, k->left, left, wanted) || needs(th, k->right, left, wanted);
}

/* `state` is 0 for a rule that was not seen, 1 on the way, 2 behind it. */
static int leads_back(const own *o, int at, char *state)
{
    const rule *r = &o->rules[at];
    state[at] = 1;
    for (int i = 0; i < o->rule_count; i++) {
        const node *wanted = &o->th->nodes[o->rules[i].left];
        if (state[i] == 2 || !needs(o->th, r->right, &o->th->nodes[r->left], wanted)) continue;
        if (state[i] == 1 || leads_back(o, i, state)) return 1;
    }
    return state[at] = 2, 0;
}

static int find_circles(own *o)
{
    char state[RULES] = { 0 };
    for (int i = 0; i < o->rule_count; i++)
        if (state[i] == 0 && leads_back(o, i, state))
            return fault(o, o->rules[i].at, V_SYNTAX, "%s is defined by way of itself",
                         o->th->symbols[o->th->nodes[o->rules[i].left].symbol].latex);
    return 0;
}

/* Find the nearest that is true */
static const struct { const char *what, *phrase; int rank; } PHRASES[] = {
    { "a sign", "another sign", 0 }, { "a transpose lost", "without a transpose", 1 },
    { "a transpose added", "with a transpose", 1 }, { "a time one later", "a time one later", 2 },
    { "a time one earlier", "a time one earlier", 2 }, { "another index", "another index", 2 },
    { "indices exchanged", "indices exchanged", 2 }, { "a sum added", "with a sum", 3 },
    { "total for immediate", "total for immediate, or the other way round", 3 },
    { "factors swapped", "factors the other way round", 4 }, { "a complement", "one minus it", 5 },
    { "a complement lost", "without one minus", 5 }, { "the other slope", "the other slope", 5 },
    { "a neighbouring symbol", "another symbol", 6 }, { "a factor 2", "twice as much", 6 },
    { "a factor 1/2", "half as much", 6 }, { "a number", "another number", 7 },
    { "the other product", "the other product", 7 }, { "a power raised", "another power", 7 },
    { "a power lost", "without a power", 7 }, { "a function lost", "without a function", 8 },
    { "a division lost", "a product for the division", 8 },
    { "gates exchanged", "gates exchanged", 5 },
    { "a function of more", "a function of more", 6 }, { "a root put in", "with a root", 6 },
    { "a function of less", "a function of less", 6 },
    { "a root for a power", "a root for a power", 7 },
    { "a function put in", "with a function", 8 }, { "one added", "with one more", 8 },
    { "a product for a sum", "a product for a sum", 8 }, { "a factor put in", "with a factor", 8 },
    { "a sum starts late", "a sum or product that starts later", 5 },
    { "a sum starts early", "a sum or product that starts earlier", 5 },
    { "a sum ends late", "a sum or product that ends later", 5 },
    { "a sum ends early", "a sum or product that ends earlier", 5 },
    { "a factor lost", "without a factor", 9 }, { "a term dropped", "without a term", 9 },
};
enum { PHRASE_COUNT = sizeof PHRASES / sizeof *PHRASES, LAST_RANK = 10 };
static int phrase_of(const char *what)
{
    int i = 0;
    while (i < PHRASE_COUNT && strcmp(PHRASES[i].what, what) != 0) i++;
    return i;
}

typedef struct {
    own *o;
    int member, other;          // the one that is repaired, and the one that it is compared with
    int rank, tries;            // of what was found; so many were tried
    const char *first;          // a repair that has been made already, or NULL
    own_verdict *v;
} search;
enum { TRIES = 6000, LIKELY_RANK = 4 };
static const long SEARCH_LIMIT = 400000;
static int is_true(theory *th, const equation *e)
{
    shape found;
    shape_error error;
    verdict v;
    if (shapes_check(th, e, SHAPES_TAGGED, &found, &error) != 0) return 0;
    for (int i = 0; i <= THEORY_DENSE; i++) {
        evaluate_equation(&th->instances[i], e, &v);
        if (v.kind != V_OK) return 0;
    }
    return 1;
}

static void write_repair(const search *s, const char *phrase, const equation *e)
{
    const int left = s->other < s->member ? 0 : 1;
    char *text = s->v->nearest;
    snprintf(s->v->what, OWN_WHAT, "%s%s%s", s->first ? s->first : "", s->first ? ", and " : "",
             phrase);
    latex_write(s->o->th, e->member[left], text, OWN_LATEX / 2);
    const size_t used = strlen(text);
    snprintf(text + used, OWN_LATEX - used, " = ");
    latex_write(s->o->th, e->member[!left], text + used + 3, OWN_LATEX - used - 3);
}

/* Does a tree contain the other one, or is it the same? */
static int contains(const theory *th, int tree, int other)
{
    if (tree == NONE_NODE) return 0;
    return grammar_same(th, tree, other) || contains(th, th->nodes[tree].left, other)
        || contains(th, th->nodes[tree].right, other);
}

static void try_repair(void *data, const char *what, const equation *mutant)
{
    search *s = data;
    theory *th = s->o->th;
    const int at = phrase_of(what), rank = at < PHRASE_COUNT ? PHRASES[at].rank : LAST_RANK;
    equation e = *mutant;
    if (rank >= s->rank || ++s->tries > TRIES) return;
    e.members = 2;
    e.definition = 0;
    e.member[0] = mutant->member[s->other];
    e.member[1] = mutant->member[s->member];
    if (contains(th, e.member[1], e.member[0]) || !is_true(th, &e)) return;
    s->rank = rank;
    write_repair(s, at < PHRASE_COUNT ? PHRASES[at].phrase : what, &e);
}

static void try_second(void *data, const char *what, const equation *mutant)
{
    search *s = data;
    const int at = phrase_of(what);
    if (at == PHRASE_COUNT || PHRASES[at].rank > LIKELY_RANK || s->v->nearest[0]) return;
    search second = *s;
    second.first = PHRASES[at].phrase;
    second.rank = LIKELY_RANK + 1;
    mutants_repairs(s->o->th, mutant, s->member, 1, try_repair, &second);
    s->tries = second.tries;
}

static const long LARGEST_SEARCH = 6000000;
enum { LARGEST_FOR_TWO = 120 };

static int size_of(const theory *th, int tree)
{
    if (tree == NONE_NODE) return 0;
    return 1 + size_of(th, th->nodes[tree].left) + size_of(th, th->nodes[tree].right);
}

static void find_nearest(own *o, const equation *e, int broken, own_verdict *v)
{
    int nodes = 0;
    for (int i = 0; i < e->members; i++) nodes += size_of(o->th, e->member[i]);
    if ((long)nodes * nodes * (o->th->symbol_count + 20) > LARGEST_SEARCH) return;
    search s = { o, broken, 0, LAST_RANK + 1, 0, NULL, v };
    const int mark = o->th->node_count;
    for (int i = 0; i < o->th->instance_count; i++) o->th->instances[i].limit = SEARCH_LIMIT;
    mutants_repairs(o->th, e, broken, 0, try_repair, &s);
    search left = { o, 0, broken, LAST_RANK + 1, 0, NULL, v };
    if (!v->nearest[0]) mutants_repairs(o->th, e, 0, 0, try_repair, &left);
    if (!v->nearest[0] && nodes <= LARGEST_FOR_TWO)
        mutants_repairs(o->th, e, broken, 1, try_second, &s);
    for (int i = 0; i < o->th->instance_count; i++) o->th->instances[i].limit = OWN_LIMIT;
    o->th->node_count = mark;
}

/* Judge a formula */
/* The number, from 0, of the first member that breaks; *j is what was said of it. */
static int first_broken(theory *th, const equation *e, judgement *j)
{
    equation shorter = *e;
    shorter.in[0] = shorter.in[1] = 0;
    for (shorter.members = 2; shorter.members < e->members; shorter.members++) {
        judgement here;
        theory_judge_parsed(th, &shorter, &here);
        if (here.kind != V_OK) return *j = here, shorter.members - 1;
    }
    return e->members - 1;
}

static void add_hint(judgement *j, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_hint(judgement *j, const char *format, ...)
{
    const size_t used = strlen(j->message);
    va_list list;
    va_start(list, format);
    vsnprintf(j->message + used, sizeof j->message - used, format, list);
    va_end(list);
}

static void add_hints(own *o, const equation *e, judgement *j)
{
    const node *left = &o->th->nodes[e->member[0]];
    const int bare = left->kind == N_SYMBOL && o->th->symbols[left->symbol].part < PART_DERIVED;
    if (j->kind == V_WRONG && bare)
        add_hint(j, "; %s has no definition, so it is drawn at random: a definition is written "
                 "with :=", o->th->symbols[left->symbol].latex);
    if (strstr(j->message, "infinite, undefined"))
        add_hint(j, "; what has to be positive is said to be so in its range");
}

/* Are two names the same up to their scripts, but for what only TeX needs? */
static int same_base(const char *one, const char *other)
{
    for (;; one++, other++) {
        while (*one && strchr("\\{} ", *one)) one++;
        while (*other && strchr("\\{} ", *other)) other++;
        const int ends = !*one || strchr("_^", *one), ends_too = !*other || strchr("_^", *other);
        if (ends || ends_too) return ends && ends_too;
        if (*one != *other) return 0;
    }
}

static void tell_unread(const own *o, const note_formula *f, judgement *j)
{
    char asked[OWN_CELL], left[OWN_CELL];
    const char *end = strstr(j->message, " is not in the notation table");
    int line, column;
    if (end == NULL || end - j->message >= OWN_CELL) return;
    snprintf(asked, sizeof asked, "%.*s", (int)(end - j->message), j->message);
    for (int i = 0; i < o->notes->formula_count; i++) {
        const note_formula *x = &o->notes->formulas[i];
        if (x == f || x->prose || left_side(x->latex, left) != 0 || !same_base(left, asked))
            continue;
        notes_place(o->notes, x->at, &line, &column);
        add_hint(j, "; its definition in line %d could not be read", line);
        return;
    }
}

static void explain_break(own *o, const equation *e, own_verdict *v)
{
    const int broken = e->members > 1 ? first_broken(o->th, e, &v->j) : 0;
    v->member = e->members > 2 ? broken + 1 : 0;
    if (e->members > 1 && !v->definition) find_nearest(o, e, broken, v);
    add_hints(o, e, &v->j);
}

static void tell_uninferred(const own *o, const note_formula *f, own_verdict *v)
{
    for (int i = 0; i < o->untold_count; i++)
        if (o->untold[i].f == f && o->untold[i].state == ROW_FAILED) v->j = o->untold[i].j;
}

static void judge_formula(own *o, const note_formula *f)
{
    own_verdict *v = add_verdict(o, f->at, V_OK);
    const int mark = o->th->node_count;
    parse_error error;
    equation e;
    v->prose = f->prose;
    v->label = f->label;
    if (f->prose) return;
    if (grammar_parse(o->th, &e, f->latex, 0, &error) == PARSE_OK) {
        v->definition = e.definition;
        v->members = e.members;
        theory_judge_parsed(o->th, &e, &v->j);
        if (v->j.kind != V_OK) explain_break(o, &e, v);
    } else {
        const verdict_kind kind = error.status == PARSE_UNKNOWN ? V_UNKNOWN : V_SYNTAX;
        v->j = (judgement){ kind, error.column, "" };
        snprintf(v->j.message, sizeof v->j.message, "%s", error.message);
        tell_unread(o, f, &v->j);
        tell_uninferred(o, f, v);
    }
    o->th->node_count = mark;
}

/* Judge them all */
static int by_place(const void *one, const void *other)
{
    const own_verdict *x = one, *y = other;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void judge_all(own *o)
{
    if (make_theory(o) != 0 || infer_rows(o) != 0 || find_entries(o) != 0) return;
    adopt_all(o);
    if (find_circles(o) != 0) return;
    if (theory_instances(o->th) != 0) {
        fault(o, 0, V_UNKNOWN, "there is no memory");
        return;
    }
    for (int i = 0; i < o->th->instance_count; i++) o->th->instances[i].limit = OWN_LIMIT;
    for (int i = 0; i < o->notes->formula_count; i++) judge_formula(o, &o->notes->formulas[i]);
}

own *own_alloc(const notes *n)
{
    own *o = calloc(1, sizeof *o);
    if (o == NULL || (o->verdicts = calloc(VERDICTS, sizeof *o->verdicts)) == NULL)
        return free(o), NULL;
    o->notes = n;
    for (int i = 0; i < n->fault_count; i++)
        fault(o, n->faults[i].at, V_SYNTAX, "%s", n->faults[i].message);
    judge_all(o);
    qsort(o->verdicts, (size_t)o->verdict_count, sizeof *o->verdicts, by_place);
    return o;
}

void own_free(own *o)
{
    if (o == NULL) return;
    theory_free(o->th);
    free(o->untold);
    free(o->verdicts);
    free(o);
}

const own_verdict *own_verdicts(const own *o, int *count)
{
    *count = o->verdict_count;
    return o->verdicts;
}

int own_unread(const own *o) { return o->unread; }

static void add_drawn(char *text, size_t size, const char *latex, const char *before)
{
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", before, latex);
}

void own_drawn(const own *o, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; o->th && i < o->th->symbol_count; i++) {
        const notation_row *s = &o->th->symbols[i];
        if (s->part == PART_SIZE) continue;
        if (s->part < PART_DERIVED) add_drawn(text, size, s->latex, "");
        else if (s->indexed && o->th->instance_count
                 && evaluate_is_drawn(&o->th->instances[0], i, s->first))
            add_drawn(text, size, s->latex, "the first ");
    }
}
