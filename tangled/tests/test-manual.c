/* generated from chapters/20-tools.nw by noweb; do not edit */
#include "manual.h"
#include <string.h>
#include "test.h"

/* What two small commands are */
static void fill_tables(flag_table *sing, flag_table *hum)
{
    static const char *const keys[] = {"major", "minor", NULL};
    static size_t voices = 4;
    static double tempo = 0.5;
    static int key = 1;
    static const char *score, *words;
    const flag rows[] = {
        HEADING("How"), FLAG(SIZE, "most-voices", "N", &voices, 1, "so-called voices"),
        FLAG(NUMBER, "tempo", "X", &tempo, 0, "speed: [beats]\n      a second"),
        CHOICE("key", &key, keys, "major or minor"), HEADING("What"),
        FLAG(FILE, "score", "FILE", &score, 0, "notes"), FLAG(WORD, "words", "TEXT", &words, 0, "la"),
    };
    flags_fill(sing, rows, sizeof rows / sizeof *rows);
    flags_fill(hum, rows, 2);
}

/* The page that is wanted */
static const char page[] =
    ".\\\" made by rnn manual\n.TH RNN 1 \"\" \"rnn 9.8\" \"User Commands\"\n"
    ".SH NAME\nrnn \\- a recurrent network that learns a text character by character\n"
    ".SH SYNOPSIS\n.B rnn sing\n[options] SONG\n.br\n.B rnn hum\n\\-\\-any\n"
    ".SH DESCRIPTION\n"
    "Texts are UTF\\-8; a character is a code point. A network is kept as a safetensors file with\n"
    "the names of PyTorch. Results go to the standard output, progress and complaints to the\n"
    "standard error. An option may be shortened as long as no other begins alike, and its value\n"
    "may stand behind an equals sign. What follows two dashes is no option.\n"
    ".SH COMMANDS\n.SS rnn sing [options] SONG\nSings \\- a song's text.\n.PP\n.B How\n"
    ".TP\n\\fB\\-\\-most\\-voices\\fR \\fIN\\fR\nso\\-called voices (default 4)\n"
    ".TP\n\\fB\\-\\-tempo\\fR \\fIX\\fR\nspeed: [beats] a second (default 0.5)\n"
    ".TP\n\\fB\\-\\-key\\fR \\fIWORD\\fR\nmajor or minor (default minor)\n.PP\n.B What\n"
    ".TP\n\\fB\\-\\-score\\fR \\fIFILE\\fR\nnotes\n"
    ".TP\n\\fB\\-\\-words\\fR \\fITEXT\\fR\nla\n"
    ".SS rnn hum \\-\\-any\nHums.\n.PP\n.B How\n"
    ".TP\n\\fB\\-\\-most\\-voices\\fR \\fIN\\fR\nso\\-called voices (default 4)\n"
    ".SH EXIT STATUS\n0 if all was done, 1 if something could not be done, 2 if the command line\n"
    "was not understood.\n.SH EXAMPLES\n.nf\nrnn sing x\n.fi\n.PP\n.nf\nrnn hum\n.fi\n";

/* The completions that are wanted */
static const char bash[] =
    "# bash completion of rnn, made by rnn manual --for bash\n_rnn() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
    "    COMPREPLY=()\n    [ \"$before\" != = ] || before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    [ \"$word\" != = ] || word=\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='sing hum help --help --version'\n"
    "    else\n        case ${COMP_WORDS[1]}:$before in\n"
    "        sing:--most-voices) compopt +o default; return ;;\n"
    "        sing:--tempo) compopt +o default; return ;;\n"
    "        sing:--key) words='major minor' ;;\n        sing:--score) return ;;\n"
    "        sing:--words) compopt +o default; return ;;\n"
    "        hum:--most-voices) compopt +o default; return ;;\n        esac\n"
    "        case ${COMP_WORDS[1]}:$word in\n"
    "        sing:-*) words='--most-voices --tempo --key --score --words --help' ;;\n"
    "        hum:-*) words='--most-voices --help' ;;\n        esac\n    fi\n"
    "    [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
    "complete -o default -F _rnn rnn\n";
static const char zsh[] =
    "#compdef rnn\n# zsh completion of rnn, made by rnn manual --for zsh\n"
    "if (( CURRENT == 2 )); then\n    local -a commands=(\n"
    "        'sing:Sings - a song'\\''s text.'\n        'hum:Hums.'\n        help --help --version\n    )\n"
    "    _describe command commands\n    return\nfi\nshift words\n(( CURRENT-- ))\n"
    "case $words[1] in\nsing)\n    _arguments \\\n"
    "        '--most-voices=[so-called voices]:N:' \\\n"
    "        '--tempo=[speed\\: \\[beats\\] a second]:X:' \\\n"
    "        '--key=[major or minor]:WORD:(major minor)' \\\n"
    "        '--score=[notes]:FILE:_files' \\\n        '--words=[la]:TEXT:' \\\n"
    "        '--help[print the options]' \\\n        '*:file:_files' ;;\n"
    "hum)\n    _arguments \\\n        '--most-voices=[so-called voices]:N:' \\\n"
    "        '--help[print the options]' \\\n        '*:file:_files' ;;\nesac\n";

/* Compare what is written */
static void compare(int form, const char *wanted)
{
    char got[4000] = "";
    flag_table sing, hum;
    FILE *out = tmpfile();
    if (!out) exit(1);
    fill_tables(&sing, &hum);
    const manual_entry commands[] = {
        {"sing", "[options] SONG", "Sings - a song's text.", "rnn sing x", &sing},
        {"hum", "--any", "Hums.", "rnn hum", &hum},
    };
    manual_write(out, form, commands, 2, "9.8");
    rewind(out);
    got[fread(got, 1, sizeof got - 1, out)] = '\0';
    fclose(out);
    size_t same = 0;
    while (got[same] && got[same] == wanted[same]) same++;
    ok(got[same] == wanted[same], "%s: all %zu bytes as wanted, up to “%.40s”", manual_forms[form],
       strlen(wanted), got + same);
}

int main(void)
{
    compare(MANUAL_PAGE, page);
    compare(MANUAL_BASH, bash);
    compare(MANUAL_ZSH, zsh);
    return test_done();
}
