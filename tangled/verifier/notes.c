/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "notes.h"
#include "lines.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Places in the notes */
void notes_place(const notes *n, size_t at, int *line, int *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < n->length; i++) {
        const int begins = ((unsigned char)n->text[i] & 0xC0) != 0x80;
        *column = n->text[i] == '\n' ? 1 : *column + begins;
        *line += n->text[i] == '\n';
    }
}

static void note_down(notes *n, size_t at, const char *message)
{
    if (n->fault_count < NOTE_FAULTS) n->faults[n->fault_count++] = (note_fault){ at, message };
}

static int starts(const char *s, const char *with) { return strncmp(s, with, strlen(with)) == 0; }
enum { FAR = 20000 };       // no display is longer

/* Finds a word between two places; NULL if it is not there. */
static const char *find_in(const char *from, const char *to, const char *word)
{
    for (; from < to && *from; from++)
        if (*from == *word && starts(from, word)) return from;
    return NULL;
}

static int holds(const char *from, const char *to, const char *word)
{
    return find_in(from, to, word) != NULL;
}

/* Keep a formula */
/* Adds text[from, to); its latex is made by the caller, and taken over. 0 or -1. */
static int keep(notes *n, char *latex, note_formula like)
{
    if (latex == NULL || n->formula_count == NOTE_FORMULAS) {
        note_down(n, like.at, latex ? "too many formulas: what follows is not read"
                  : "there is no memory");
        return free(latex), -1;
    }
    if ((n->formula_count & (n->formula_count - 1)) == 0) {
        const size_t room = n->formula_count ? 2 * (size_t)n->formula_count : 1;
        note_formula *more = realloc(n->formulas, room * sizeof *more);
        if (more == NULL) return free(latex), -1;
        n->formulas = more;
    }
    like.latex = latex;
    n->formulas[n->formula_count++] = like;
    return 0;
}

/* Cut a display into equations */
enum { PIECES = 200 };
typedef struct {
    char *s;                    // the display, in which what only aligns becomes blank
    size_t length;
    size_t from[PIECES], to[PIECES];
    int by_space[PIECES];       // a wide space stands before it, and no line break
    int pieces;
    int depth;                  // of braces and brackets that \left opened
    int foreign;                // of frames that are no alignment, such as pmatrix
} display;

static void blank(display *d, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < d->length; i++)
        if (d->s[i] != '\n') d->s[i] = ' ';
}

static void begin_piece(display *d, size_t end, size_t next, int by_space)
{
    if (d->pieces == PIECES) return;
    d->to[d->pieces - 1] = end;
    d->from[d->pieces] = next;
    d->to[d->pieces] = d->length;
    d->by_space[d->pieces++] = by_space;
}

static int aligns(const char *name, size_t length)
{
    static const char *const frames[] = {
        "aligned", "align", "split", "gathered", "gather", "multline", "multlined", "equation",
        "eqnarray", "flalign", "alignat", "alignedat", "displaymath", "math", 0 };
    if (length > 0 && name[length - 1] == '*') length--;
    for (int i = 0; frames[i]; i++)
        if (strlen(frames[i]) == length && strncmp(frames[i], name, length) == 0) return 1;
    return 0;
}

/* At "\begin{…}" or "\end{…}": returns where it ends, or 0 if that is nowhere. */
static size_t pass_frame(display *d, size_t i)
{
    const int begins = d->s[i + 1] == 'b';
    const size_t name = i + (begins ? 7 : 5);
    const char *close = strchr(d->s + name, '}');
    if (close == NULL) return 0;
    size_t end = (size_t)(close - d->s) + 1;
    const int known = aligns(d->s + name, end - 1 - name);
    if (!known) return d->foreign += begins ? 1 : -1, end;
    if (begins && strstr(d->s + name, "alignat") == d->s + name && d->s[end] == '{') end += 3;
    blank(d, i, end);
    return end;
}

/* At "\label{…}": notes it, and makes it blank; returns where it ends. */
static size_t take_label(display *d, size_t i, char label[NOTE_LABEL])
{
    const char *open = d->s + i + 7, *close = strchr(open, '}');
    if (close == NULL) return i + 7;
    snprintf(label, NOTE_LABEL, "%.*s", (int)(close - open), open);
    blank(d, i, (size_t)(close - d->s) + 1);
    return (size_t)(close - d->s) + 1;
}

/* At a line break: where it ends, with its star and its distance. */
static size_t after_break(const display *d, size_t i)
{
    size_t end = i + 2;
    if (d->s[end] == '*') end++;
    if (d->s[end] != '[') return end;
    const size_t distance = strcspn(d->s + end, "]\n");
    return d->s[end + distance] == ']' ? end + distance + 1 : end;
}

/* At a backslash: returns where the command ends. */
static size_t pass_command(display *d, size_t i, char label[NOTE_LABEL])
{
    const char *s = d->s + i;
    const int outside = d->depth == 0 && d->foreign == 0;
    size_t end = i + 1;
    if (starts(s, "\\begin{") || starts(s, "\\end{")) {
        end = pass_frame(d, i);
        return end ? end : d->length;
    }
    if (starts(s, "\\label{")) return take_label(d, i, label);
    while (isalpha((unsigned char)d->s[end])) end++;
    if (end == i + 1 && d->s[end]) end++;
    if (outside && s[1] == '\\') {
        end = after_break(d, i);
        blank(d, i, end);
        begin_piece(d, i, end, 0);
    } else if (outside && (end - i == 5 || end - i == 6)
               && strncmp(s + end - i - 4, "quad", 4) == 0)
        begin_piece(d, i, end, 1);
    return end;
}

/* At an ampersand: does another equation begin here, as in "a &= b, & c &= d" and "a &= b &&
   c &= d"? */
static int is_next_column(const display *d, size_t i)
{
    if (d->depth || d->foreign) return 0;
    if (i > 0 && d->s[i - 1] == '\t') return 1;
    while (i > 0 && isspace((unsigned char)d->s[i - 1])) i--;
    return i > 0 && strchr(",;", d->s[i - 1]);
}

static void cut(display *d, char label[NOTE_LABEL])
{
    d->pieces = 1;
    d->from[0] = 0;
    d->to[0] = d->length;
    for (size_t i = 0; i < d->length;) {
        const char c = d->s[i];
        d->depth += (c == '{' || c == '(' || c == '[') - (c == '}' || c == ')' || c == ']');
        if (c == '&' && is_next_column(d, i)) begin_piece(d, i, i + 1, 1);
        if (c == '&' && d->foreign == 0) d->s[i] = d->s[i + 1] == '&' ? '\t' : ' ';
        i = c == '\\' ? pass_command(d, i, label) : i + 1;
    }
}

/* The first equals sign outside of braces in a piece; NULL if there is none. */
static const char *equals_in(const char *from, const char *to)
{
    for (int depth = 0; from < to; from++) {
        depth += (*from == '{' || *from == '(') - (*from == '}' || *from == ')');
        if (depth == 0 && (*from == '=' || starts(from, "\\coloneqq"))) return from;
    }
    return NULL;
}

/* Does a piece that begins at `from` go on with the one before it? */
static int goes_on(const char *from, const char *to, int by_space)
{
    static const char *const signs[] =
        { "=", "\\odot", "\\cdot", "\\times", "\\oslash", "\\circ", "\\equiv", "\\in", 0 };
    while (from < to && isspace((unsigned char)*from)) from++;
    const char *equals = equals_in(from, to);
    for (int i = 0; signs[i]; i++)
        if (starts(from, signs[i])) return 1;
    if (equals == NULL) return 1;
    const int one_letter = equals - from <= 2 && equals[-1] != ':';
    return by_space && (one_letter || starts(from, "\\text") || starts(from, "(")
                        || holds(from, to, "dots") || holds(from, to, "\\le"));
}

static char *copy_of(const char *s, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy) memcpy(copy, s, length), copy[length] = '\0';
    return copy;
}

/* Keeps the equations of a display of `length` bytes that begins at byte `at`. */
static void keep_display(notes *n, size_t at, size_t length, note_formula like)
{
    display *d = calloc(1, sizeof *d);
    if (d) *d = (display){ .s = copy_of(n->text + at, length), .length = length };
    if (d == NULL || d->s == NULL) {
        note_down(n, at, "there is no memory");
        free(d);
        return;
    }
    cut(d, like.label);
    for (int i = 0, last; i < d->pieces; i = last + 1) {
        for (last = i; last + 1 < d->pieces; last++)
            if (!goes_on(d->s + d->from[last + 1], d->s + d->to[last + 1], d->by_space[last + 1]))
                break;
        size_t from = d->from[i], to = d->to[last];
        while (from < to && isspace((unsigned char)d->s[from])) from++;
        while (to > from && (isspace((unsigned char)d->s[to - 1]) || d->s[to - 1] == ';')) to--;
        like.at = at + from;
        if (from < to && keep(n, copy_of(d->s + from, to - from), like) != 0) break;
    }
    free(d->s);
    free(d);
}

/* Read what stands behind a display */
static size_t read_attributes(const notes *n, size_t at, note_formula *f)
{
    const char *s = n->text + at, *open = s + strspn(s, " \t");
    const size_t length = strcspn(open, "}\n");
    if (*open != '{' || open[length] != '}') return at;
    f->prose |= holds(open, open + length, ".prose");
    const char *label = memchr(open, '#', length);
    if (label)
        snprintf(f->label, NOTE_LABEL, "%.*s", (int)strcspn(label + 1, " }\n"), label + 1);
    return at + (size_t)(open - s) + length + 1;
}

/* Read a table of notation */
enum { CELLS = 12 };
typedef struct { size_t at, length; } cell;

/* The next line, from byte `at`; returns where the one after it begins. */
static size_t line_at(const notes *n, size_t at, cell *line)
{
    const size_t length = strcspn(n->text + at, "\n");
    *line = (cell){ at, length };
    return at + length + (n->text[at + length] == '\n');
}

static cell trim(const notes *n, cell c)
{
    while (c.length > 0 && strchr(" \t\r$`", n->text[c.at])) c.at++, c.length--;
    while (c.length > 0 && strchr(" \t\r$`", n->text[c.at + c.length - 1])) c.length--;
    return c;
}

/* Cuts a line at its bars; a bar behind a backslash is none. How many cells. */
static int cut_cells(const notes *n, cell line, cell cells[CELLS])
{
    int count = 0;
    size_t from = line.at, end = line.at + line.length;
    while (from < end && strchr(" \t", n->text[from])) from++;
    if (from < end && n->text[from] == '|') from++;
    for (size_t i = from; i <= end && count < CELLS; i++) {
        if (i < end && (n->text[i] != '|' || n->text[i - 1] == '\\')) continue;
        if (i > from || i < end) cells[count++] = trim(n, (cell){ from, i - from });
        from = i + 1;
    }
    return count;
}

static int is_rule(const notes *n, cell line)
{
    const char *s = n->text + line.at;
    const size_t length = strspn(s, " \t\r|:-+");
    return length == line.length && memchr(s, '-', length) && memchr(s, '|', length);
}

static int is_named(const notes *n, cell c, const char *name)
{
    return strncasecmp(n->text + c.at, name, strlen(name)) == 0
        && (c.length == strlen(name) || c.length == strlen(name) + 1);
}

enum { COLUMNS = 4 };
/* Finds the columns in a table's head; 0 if it is no table of notation. */
static int find_columns(const notes *n, cell head, int column[COLUMNS])
{
    static const char *const names[COLUMNS] = { "symbol", "shape", "range", "meaning" };
    cell cells[CELLS];
    const int count = cut_cells(n, head, cells);
    for (int i = 0; i < COLUMNS; i++) {
        column[i] = -1;
        for (int j = 0; j < count; j++)
            if (is_named(n, cells[j], names[i])) column[i] = j;
    }
    return column[0] >= 0 && column[1] >= 0;
}

static void read_row(notes *n, cell line, const int column[COLUMNS])
{
    cell cells[CELLS];
    char *text[COLUMNS];
    size_t at[COLUMNS];
    const int count = cut_cells(n, line, cells);
    if (column[0] >= count || cells[column[0]].length == 0) return;
    if (n->row_count == NOTE_ROWS) {
        note_down(n, line.at, "more rows than a table of notation may have: this one is not read");
        return;
    }
    for (int i = 0; i < COLUMNS; i++) {
        const int given = column[i] >= 0 && column[i] < count;
        const cell c = given ? cells[column[i]] : (cell){ line.at, 0 };
        text[i] = copy_of(n->text + c.at, c.length);
        at[i] = c.at;
    }
    n->rows[n->row_count++] =
        (note_row){ text[0], text[1], text[2], text[3], at[0], at[1], at[2] };
}

/* If a table of notation begins at byte `at`, reads it and returns where it ends; else `at`. */
static size_t read_table(notes *n, size_t at)
{
    cell head, rule, line;
    int column[COLUMNS];
    size_t next = line_at(n, at, &head);
    if (!memchr(n->text + head.at, '|', head.length)) return at;
    next = line_at(n, next, &rule);
    if (!is_rule(n, rule)) return at;
    if (strspn(n->text + head.at, " |\t\r") == head.length) next = line_at(n, next, &head);
    if (!find_columns(n, head, column)) return at;
    for (size_t after; n->text[next]; next = after) {
        after = line_at(n, next, &line);
        if (!memchr(n->text + line.at, '|', line.length)) break;
        read_row(n, line, column);
    }
    return next;
}

/* Go through the notes */
typedef struct {
    notes *n;
    size_t at;
    int off;                    // between "eqcheck: off" and "eqcheck: on"
} walk;

static const char *here(const walk *w) { return w->n->text + w->at; }

/* Skips what ends with `close`, which may be nowhere. */
static void skip_to(walk *w, size_t from, const char *close)
{
    const char *end = strstr(w->n->text + from, close);
    w->at = end ? (size_t)(end - w->n->text) + strlen(close) : w->n->length;
}

static void pass_comment(walk *w)
{
    const size_t from = w->at;
    skip_to(w, from, "-->");
    const char *s = w->n->text + from, *end = here(w);
    if (holds(s, end, "eqcheck: off")) w->off = 1;
    if (holds(s, end, "eqcheck: on")) w->off = 0;
}

static const char *empty_line(const char *s, const char *to)
{
    for (; s < to && *s; s++) {
        const char *next = *s == '\n' ? s + 1 + strspn(s + 1, " \t\r") : s;
        if (next > s && (*next == '\n' || *next == '\0')) return s;
    }
    return NULL;
}

/* A display between two signs, of which the first is here; or a mistake. */
static void pass_display(walk *w, const char *open, const char *close, int whole)
{
    const size_t from = w->at + (whole ? 0 : strlen(open));
    const char *s = here(w) + strlen(open), *end = find_in(s, s + FAR, close);
    if (end == NULL || (!whole && empty_line(s, end))) {
        note_down(w->n, w->at, "a formula that does not end");
        w->at += strlen(open);
        return;
    }
    note_formula f = { .prose = w->off, .from = w->at };
    const size_t behind = (size_t)(end - w->n->text) + strlen(close);
    w->at = f.end = read_attributes(w->n, f.to = behind, &f);
    keep_display(w->n, from, (whole ? behind : (size_t)(end - w->n->text)) - from, f);
}

/* At "\begin{": a frame of mathematics is a display. */
static void pass_environment(walk *w)
{
    const char *name = here(w) + 7;
    const size_t length = strcspn(name, "}\n");
    char close[40];
    if (name[length] == '}' && length < 20 && aligns(name, length)) {
        snprintf(close, sizeof close, "\\end{%.*s}", (int)length, name);
        pass_display(w, "\\begin{", close, 1);
    } else w->at += 7;
}

static int defines(const char *from, size_t length)
{
    return holds(from, from + length, ":=") || holds(from, from + length, "\\coloneqq");
}

static void pass_dollar(walk *w)
{
    const char *s = here(w) + 1, *end = s;
    while (*end && *end != '$' && !(end[0] == '\n' && end[1] == '\n'))
        end += *end == '\\' && end[1] ? 2 : 1;
    const int is_math = *end == '$' && end > s && !isspace((unsigned char)*s)
        && !isspace((unsigned char)end[-1]) && !isdigit((unsigned char)end[1]);
    const size_t from = w->at + 1;
    if (!is_math) {
        w->at++;
        return;
    }
    w->at = (size_t)(end + 1 - w->n->text);
    if (defines(s, (size_t)(end - s)))
        keep_display(w->n, from, (size_t)(end - s), (note_formula){
            .prose = w->off, .from = from - 1, .to = w->at, .end = w->at });
}

/* At a fence of three or more marks at the start of a line. */
static void pass_fence(walk *w)
{
    char fence[16] = "\n";
    const char mark = *here(w);
    size_t length = strspn(here(w), (const char[]){ mark, 0 });
    const char *info = here(w) + length;
    if (length > sizeof fence - 2) length = sizeof fence - 2;
    memset(fence + 1, mark, length);
    info += strspn(info, " \t");
    if (starts(info, "math")) {
        w->at = (size_t)(info - w->n->text);
        pass_display(w, "math", fence, 0);
    } else skip_to(w, w->at, fence);
}

static void pass_code(walk *w)
{
    char close[16] = "";
    const size_t length = strspn(here(w), "`");
    memset(close, '`', length < sizeof close ? length : sizeof close - 1);
    const char *s = here(w) + length, *end = find_in(s, s + FAR, close);
    if (end && !empty_line(s, end)) skip_to(w, w->at + length, close);
    else w->at += length;
}

static void pass_head(walk *w)
{
    if (!starts(w->n->text, "---\n")) return;
    const char *end = strstr(w->n->text + 3, "\n---\n");
    if (end == NULL) end = strstr(w->n->text + 3, "\n...\n");
    if (end == NULL) return;
    w->n->turned = holds(w->n->text, end, "jacobian: denominator");
    w->at = (size_t)(end - w->n->text) + 4;
}

/* What begins with a line, if anything does; else 0. */
static int pass_line_start(walk *w)
{
    const size_t line = w->at;
    while (*here(w) == ' ' && w->at < line + 3) w->at++;
    if (starts(here(w), "```") || starts(here(w), "~~~")) return pass_fence(w), 1;
    const size_t table = read_table(w->n, w->at);
    if (table > w->at) return w->at = table, 1;
    return w->at = line, 0;
}

static void pass(walk *w)
{
    const char *s = here(w);
    if (starts(s, "<!--")) pass_comment(w);
    else if (starts(s, "$$")) pass_display(w, "$$", "$$", 0);
    else if (*s == '$') pass_dollar(w);
    else if (starts(s, "\\[")) pass_display(w, "\\[", "\\]", 0);
    else if (starts(s, "\\begin{")) pass_environment(w);
    else if (*s == '`') pass_code(w);
    else w->at += *s == '\\' && s[1] ? 2 : 1;
}

int notes_read(notes *n, char *text, size_t length)
{
    *n = (notes){ .text = text, .length = length };
    if (text == NULL) return -1;
    if (memchr(text, '\0', length))
        note_down(n, strlen(text), "a zero byte: nothing behind it is read");
    n->length = strlen(text);
    lines_mend(text);
    walk w = { .n = n };
    pass_head(&w);
    while (w.at < n->length && n->fault_count < NOTE_FAULTS) {
        const int at_start = w.at == 0 || text[w.at - 1] == '\n';
        if (!at_start || !pass_line_start(&w)) pass(&w);
    }
    return 0;
}

void notes_free(notes *n)
{
    for (int i = 0; i < n->row_count; i++) {
        free(n->rows[i].symbol);
        free(n->rows[i].shape);
        free(n->rows[i].range);
        free(n->rows[i].meaning);
    }
    for (int i = 0; i < n->formula_count; i++) free(n->formulas[i].latex);
    free(n->formulas);
    free(n->text);
}
