/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "report.h"
#include "lines.h"
#include "own.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run pandoc */
/* Runs pandoc with `in` as its input; its output goes to the descriptor `out`, if that is not -1.
   0 or -1. */
static int run_pandoc(char *const *arguments, int in, int out)
{
    int status;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        if (dup2(in, 0) < 0 || (out >= 0 && dup2(out, 1) < 0)) _exit(126);
        execvp("pandoc", arguments);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        fputs("eqcheck: pandoc is not installed, which .tex, --html and --pdf need\n", stderr);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* A temporary file that holds a text, to be read from its start; NULL if there is none. */
static FILE *file_of(const char *text, size_t length)
{
    FILE *f = tmpfile();
    if (f == NULL) return NULL;
    if (fwrite(text, 1, length, f) == length && fflush(f) == 0 && fseek(f, 0, SEEK_SET) == 0)
        return f;
    fclose(f);
    return NULL;
}

static char *all_of(FILE *f, size_t *length)
{
    const long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
    rewind(f);
    *length = text ? fread(text, 1, (size_t)size, f) : 0;
    if (text) text[*length] = '\0';
    return text;
}

/* Read a file of notes */
enum { NOTES_LARGEST = 1 << 20 };

static char *through_pandoc(char *tex, size_t *length)
{
    char *const arguments[] = { "pandoc", "-f", "latex", "-t",
        "markdown-simple_tables-multiline_tables-grid_tables+pipe_tables-raw_attribute",
        "--wrap=none", NULL };
    FILE *in = file_of(tex, *length), *out = tmpfile();
    char *text = NULL;
    if (in && out && run_pandoc(arguments, fileno(in), fileno(out)) == 0)
        text = all_of(out, length);
    if (in) fclose(in);
    if (out) fclose(out);
    free(tex);
    return text;
}

static int is_tex(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".tex") == 0;
}

/* The file as it is, and as Markdown. 0; or -1, after a message. */
static int read_notes(const char *path, char **source, size_t *source_length, char **text,
                      size_t *length)
{
    *source = lines_read(path, source_length);
    if (*source && *source_length > NOTES_LARGEST) {
        free(*source);
        *source = NULL;
        errno = EFBIG;
    }
    if (*source == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), -1;
    *length = *source_length;
    *text = malloc(*length + 1);
    if (*text) memcpy(*text, *source, *length + 1);
    if (*text && is_tex(path)) *text = through_pandoc(*text, length);
    if (*text) return 0;
    free(*source);
    return fprintf(stderr, "eqcheck: %s: it could not be turned into Markdown\n", path), -1;
}

/* Find the place of a verdict */
typedef struct {
    const char *path;
    notes notes;                // what is checked
    notes source;               // of .tex: the file as it is
    int is_tex;
    own *own;
} checking;

/* Comments of TeX are blank, so that no formula is found in them. */
static void drop_comments(char *s)
{
    for (; *s; s++) {
        if (*s == '\\' && s[1]) s++;
        else if (*s == '%')
            for (; s[1] && s[1] != '\n'; s++) *s = ' ';
    }
}

/* The notes in which a byte of k->notes is to be shown, and in *at its place there. */
static const notes *shown_in(const checking *k, size_t *at, size_t column)
{
    const notes *from = &k->notes, *to = &k->source;
    const size_t begin = *at;
    *at = begin + column;
    if (!k->is_tex) return from;
    *at = 0;
    for (int i = 0; i < from->formula_count && from->formula_count == to->formula_count; i++) {
        const note_formula *x = &from->formulas[i], *y = &to->formulas[i];
        if (x->at != begin) continue;
        const int same = strncmp(from->text + x->at, to->text + y->at, column) == 0;
        *at = y->at + (same ? column : 0);
    }
    return to;
}

static size_t inside(const own_verdict *v)
{
    return v->j.kind != V_OK && v->j.column > 0 ? (size_t)v->j.column - 1 : 0;
}

static void place_of(const checking *k, const own_verdict *v, int *line, int *column)
{
    size_t at = v->at;
    const notes *n = shown_in(k, &at, inside(v));
    notes_place(n, at, line, column);
}

/* Show the place */
enum { AROUND = 70 };

static void show_place(const notes *n, size_t at)
{
    size_t from = at, to = at;
    int blanks = 0;
    while (from > 0 && n->text[from - 1] != '\n' && at - from < AROUND) from--;
    while (((unsigned char)n->text[from] & 0xC0) == 0x80) from++;
    while (n->text[to] && n->text[to] != '\n' && to - at < AROUND) to++;
    while (to > at && ((unsigned char)n->text[to] & 0xC0) == 0x80) to--;
    for (size_t i = from; i < at; i++) blanks += ((unsigned char)n->text[i] & 0xC0) != 0x80;
    printf("    %.*s\n    %*s^\n", (int)(to - from), n->text + from, blanks, "");
}

/* Report a verdict */
static void report_fault(const checking *k, const own_verdict *v)
{
    int line, column;
    size_t at = v->at;
    const notes *n = shown_in(k, &at, inside(v));
    notes_place(n, at, &line, &column);
    printf("%s:%d:%d: %s: ", k->path, line, column, theory_word(v->j.kind));
    if (v->member) printf("member %d of %d: ", v->member, v->members);
    printf("%s\n", v->j.message);
    if (at <= n->length) show_place(n, at);
    if (v->nearest[0]) printf("    true would be, %s: %s\n", v->what, v->nearest);
}

static void report_verdict(const checking *k, const own_verdict *v)
{
    int line, column;
    if (v->j.kind != V_OK) {
        report_fault(k, v);
        return;
    }
    place_of(k, v, &line, &column);
    if (v->prose) printf("prose    line %d\n", line);
    else
        printf("ok       line %d: %s%s\n", line, v->definition ? "definition, " : "", v->j.message);
}

static int report_all(const checking *k)
{
    int count, bad = 0, claims = 0, definitions = 0;
    const own_verdict *v = own_verdicts(k->own, &count);
    char drawn[1500];
    for (int i = 0; i < count; i++) {
        report_verdict(k, &v[i]);
        bad += v[i].j.kind != V_OK;
        definitions += v[i].definition && v[i].j.kind == V_OK;
        claims += !v[i].definition && !v[i].prose && v[i].j.kind == V_OK;
    }
    own_drawn(k->own, drawn, sizeof drawn);
    if (*drawn) printf("drawn at random: %s\n", drawn);
    if (own_unread(k->own))
        printf("definitions that were not read: %d; what needs them is unknown\n",
               own_unread(k->own));
    printf("%s: %d definitions, %d claims right, %d faults\n", k->path, definitions, claims, bad);
    if (claims + definitions + bad == 0) printf("%s: there is no equation to check\n", k->path);
    return bad > 0 || claims + definitions == 0;
}

/* Write the verdicts as a table */
static void put_field(FILE *f, const char *s)
{
    fputc('\t', f);
    for (; *s; s++) fputc(*s == '\t' || *s == '\n' ? ' ' : *s, f);
}

static int write_ledger(const checking *k, const char *path)
{
    int count, line, column;
    const own_verdict *v = own_verdicts(k->own, &count);
    FILE *f = fopen(path, "w");
    if (f == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), 1;
    fputs("line\tcolumn\tlabel\tkind\tverdict\tmember\tmessage\trepair\tnearest\n", f);
    for (int i = 0; i < count; i++) {
        place_of(k, &v[i], &line, &column);
        fprintf(f, "%d\t%d\t%s\t%s\t%s\t%d", line, column, v[i].label,
                v[i].prose ? "prose" : v[i].definition ? "definition" : "claim",
                v[i].prose ? "-" : theory_word(v[i].j.kind), v[i].member);
        put_field(f, v[i].j.message);
        put_field(f, v[i].what);
        put_field(f, v[i].nearest);
        fputc('\n', f);
    }
    return fclose(f) != 0 ? fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), 1 : 0;
}

/* Write the notes with their verdicts */
static void put_html(FILE *f, const char *s)
{
    for (; *s; s++)
        if (*s == '<') fputs("&lt;", f);
        else if (*s == '&') fputs("&amp;", f);
        else if (*s == '`') fputs("&#96;", f);
        else fputc(*s == '\n' ? ' ' : *s, f);
}

static void put_tex(FILE *f, const char *s)
{
    for (; *s; s++)
        if (*s == '\\') fputs("\\textbackslash{}", f);
        else if (strchr("#$%&_{}", *s)) fprintf(f, "\\%c", *s);
        else if (*s == '^' || *s == '~') fprintf(f, "\\%c{}", *s);
        else if (*s == '`') fputc('\'', f);
        else if ((unsigned char)*s < 128) fputc(*s == '\n' ? ' ' : *s, f);
        else if (strncmp(s, "×", 2) == 0) fputs("$\\times$", f);
}

static void put_note(FILE *f, const own_verdict *v)
{
    const char *word = v->prose ? "not executed" : theory_word(v->j.kind);
    fprintf(f, " `<span class=\"eqcheck %s\"><b>%s</b> ", v->prose ? "prose" : word, word);
    put_html(f, v->j.message);
    if (v->nearest[0]) fputs("<br>true would be, ", f), put_html(f, v->what), fputs(": <code>", f);
    put_html(f, v->nearest);
    fputs(v->nearest[0] ? "</code></span>`{=html}" : "</span>`{=html}", f);
    fprintf(f, "`\\marginpar{\\raggedright\\scriptsize \\textbf{%s} ", word);
    put_tex(f, v->j.message);
    if (v->nearest[0]) {
        fputs("; true would be, ", f);
        put_tex(f, v->what);
        fprintf(f, ": $%s$", v->nearest);
    }
    fputs("}`{=latex} ", f);
}

static void put_display(FILE *f, const char *s, size_t length)
{
    static const char *const names[][2] = { { "align", "aligned" }, { "eqnarray", "aligned" },
        { "flalign", "aligned" }, { "gather", "gathered" }, { "multline", "gathered" },
        { "equation", "" } };
    const char *close = memchr(s, '}', length), *end = s + length;
    const size_t named = close ? (size_t)(close - s) - 7 : 0;
    const int is_frame = close && strncmp(s, "\\begin{", 7) == 0;
    for (size_t i = 0; is_frame && i < sizeof names / sizeof *names; i++) {
        const size_t plain = strlen(names[i][0]);
        if (strncmp(s + 7, names[i][0], plain) != 0 || named > plain + 1) continue;
        const size_t inside = length - 2 * named - 14;
        fprintf(f, *names[i][1] ? "$$\\begin{%s}" : "$$", names[i][1]);
        fwrite(close + 1, 1, inside, f);
        fprintf(f, *names[i][1] ? "\\end{%s}$$" : "$$", names[i][1]);
        return;
    }
    fwrite(s, 1, (size_t)(end - s), f);
}

/* The formula at a place; NULL for a fault of the table. */
static const note_formula *formula_at(const notes *n, size_t at)
{
    for (int i = 0; i < n->formula_count; i++)
        if (n->formulas[i].at == at) return &n->formulas[i];
    return NULL;
}

static FILE *annotated(const checking *k)
{
    int count;
    size_t at = 0;
    const notes *n = &k->notes;
    const own_verdict *v = own_verdicts(k->own, &count);
    FILE *f = tmpfile();
    for (int i = 0; f && i < count; i++) {
        const note_formula *x = formula_at(n, v[i].at);
        if (x && x->end > at) {
            fwrite(n->text + at, 1, x->from - at, f);
            put_display(f, n->text + x->from, x->to - x->from);
            at = x->end;
        }
        if (x) put_note(f, &v[i]);
    }
    if (f) fwrite(n->text + at, 1, n->length - at, f);
    if (f && fflush(f) == 0 && fseek(f, 0, SEEK_SET) == 0) return f;
    if (f) fclose(f);
    return NULL;
}

static const char STYLE[] =
    "header-includes=<style>body{margin-right:22rem;max-width:44rem}"
    ".eqcheck{float:right;clear:right;width:19rem;margin-right:-21rem;font-size:80%;color:#555}"
    ".eqcheck.ok b{color:#070}.eqcheck.wrong b,.eqcheck.shape b,.eqcheck.unknown b,"
    ".eqcheck.syntax b{color:#b00}@media(max-width:60rem){body{margin-right:1rem}"
    ".eqcheck{float:none;display:block;margin:0;width:auto}}</style>";
static const char DIALECT[] = "markdown+tex_math_single_backslash";
static const char PACKAGES[] = "header-includes=\\usepackage{mathtools}";
static const char MARGIN[] = "geometry=left=2cm,right=7cm,marginparwidth=5.5cm";
static int write_page(const checking *k, const char *path, int pdf)
{
    const char *const html[] = { "pandoc", "-s", "-f", DIALECT, "-t", "html5", "--mathml", "-V",
        STYLE, "-o", path, "--metadata", "pagetitle=notes", NULL };
    const char *const tex[] = { "pandoc", "-s", "-f", DIALECT, "-t", "latex", "-V", PACKAGES, "-V",
        MARGIN, "-o", path, NULL };
    char *arguments[16];
    FILE *in = annotated(k);
    if (in == NULL) return fprintf(stderr, "eqcheck: %s: %s\n", path, strerror(errno)), 1;
    memcpy(arguments, pdf ? tex : html, pdf ? sizeof tex : sizeof html);
    const int failed = run_pandoc(arguments, fileno(in), -1);
    fclose(in);
    return failed ? fprintf(stderr, "eqcheck: %s could not be written\n", path), 1 : 0;
}

/* Check a file */
static int check_notes(checking *k, const report_wishes *wishes)
{
    k->notes.turned |= wishes->turned;
    k->own = own_alloc(&k->notes);
    if (k->own == NULL) return fputs("eqcheck: there is no memory\n", stderr), 2;
    int bad = report_all(k);
    if (wishes->ledger) bad |= write_ledger(k, wishes->ledger);
    if (wishes->html) bad |= write_page(k, wishes->html, 0);
    if (wishes->pdf) bad |= write_page(k, wishes->pdf, 1);
    own_free(k->own);
    return fflush(stdout) != 0 || ferror(stdout) ? 1 : bad;
}

int report_notes(const char *path, const report_wishes *wishes)
{
    checking *k = calloc(1, sizeof *k);
    char *source, *text;
    size_t length, source_length;
    if (k == NULL) return fputs("eqcheck: there is no memory\n", stderr), 2;
    if (read_notes(path, &source, &source_length, &text, &length) != 0) return free(k), 2;
    k->path = path;
    k->is_tex = is_tex(path);
    if (k->is_tex) drop_comments(source);
    int bad = notes_read(&k->source, source, source_length) != 0 ? 2 : 0;
    bad |= notes_read(&k->notes, text, length) != 0 ? 2 : 0;
    if (!bad) bad = check_notes(k, wishes);
    notes_free(&k->source);
    notes_free(&k->notes);
    free(k);
    return bad;
}
