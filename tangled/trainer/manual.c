/* generated from chapters/20-tools.nw by noweb; do not edit */
#include "manual.h"
#include <string.h>

const char *const manual_forms[] = {"man", "bash", "zsh", NULL};
/* Write words in one line */
static void put_words(FILE *out, const char *words, const char *escaped, const char *by)
{
    for (const char *s = words; *s; s++) {
        if (*s == '\n') {
            putc(' ', out);
            while (s[1] == ' ') s++;
            continue;
        }
        if (strchr(escaped, *s)) fputs(by, out);
        putc(*s, out);
    }
}

/* Write text for troff */
static void put_troff(FILE *out, const char *words)
{
    put_words(out, words, "-", "\\");
}

/* Write an option */
static void write_option(FILE *out, const flag *l)
{
    char usual[64] = "";
    if (l->kind == FLAG_HEADING) {
        fprintf(out, ".PP\n.B %s\n", l->name);
        return;
    }
    fputs(".TP\n\\fB\\-\\-", out);
    put_troff(out, l->name);
    fprintf(out, "\\fR \\fI%s\\fR\n", l->argument);
    put_troff(out, l->help);
    flags_default(usual, sizeof usual, l);
    if (*usual) fprintf(out, " (default %s)", usual);
    putc('\n', out);
}

/* Write the section of a command */
static void write_section(FILE *out, const manual_entry *command)
{
    fprintf(out, ".SS rnn %s ", command->name);
    put_troff(out, command->line);
    putc('\n', out);
    put_troff(out, command->purpose);
    putc('\n', out);
    for (size_t i = 0; i < command->options->count; i++)
        write_option(out, &command->options->list[i]);
}

/* Write the page */
static void write_page(FILE *out, const manual_entry *commands, size_t count, const char *version)
{
    fprintf(out, ".\\\" made by rnn manual\n.TH RNN 1 \"\" \"rnn %s\" \"User Commands\"\n", version);
    fputs(".SH NAME\nrnn \\- a recurrent network that learns a text character by character\n", out);
    fputs(".SH SYNOPSIS\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s.B rnn %s\n", i ? ".br\n" : "", commands[i].name);
        put_troff(out, commands[i].line);
        putc('\n', out);
    }
    /* Tell in general what the program does */
    fputs(".SH DESCRIPTION\n"
          "Texts are UTF\\-8; a character is a code point. A network is kept as a safetensors file with\n"
          "the names of PyTorch. Results go to the standard output, progress and complaints to the\n"
          "standard error. An option may be shortened as long as no other begins alike, and its value\n"
          "may stand behind an equals sign. What follows two dashes is no option.\n", out);
    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < count; i++) write_section(out, &commands[i]);
    /* Tell the exit status and the examples */
    fputs(".SH EXIT STATUS\n0 if all was done, 1 if something could not be done, 2 if the command line\n"
          "was not understood.\n.SH EXAMPLES\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s.nf\n", i ? ".PP\n" : "");
        put_troff(out, commands[i].example);
        fputs("\n.fi\n", out);
    }
}

/* Write what bash offers after an option */
static void write_values(FILE *out, const manual_entry *command)
{
    for (size_t i = 0; i < command->options->count; i++) {
        const flag *l = &command->options->list[i];
        if (l->kind == FLAG_HEADING) continue;
        fprintf(out, "        %s:--%s) ", command->name, l->name);
        if (l->kind == FLAG_CHOICE) {
            fputs("words='", out);
            for (int k = 0; l->choices[k]; k++) fprintf(out, "%s%s", k ? " " : "", l->choices[k]);
            fputs("' ;;\n", out);
        } else fputs(l->kind == FLAG_FILE ? "return ;;\n" : "compopt +o default; return ;;\n", out);
    }
}

/* Write the names of the options for bash */
static void write_names(FILE *out, const manual_entry *command)
{
    fprintf(out, "        %s:-*) words='", command->name);
    for (size_t i = 0; i < command->options->count; i++)
        if (command->options->list[i].kind != FLAG_HEADING)
            fprintf(out, "--%s ", command->options->list[i].name);
    fputs("--help' ;;\n", out);
}

/* Write the completion for bash */
static void write_bash(FILE *out, const manual_entry *commands, size_t count)
{
    fputs("# bash completion of rnn, made by rnn manual --for bash\n"
          "_rnn() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
          "    COMPREPLY=()\n"
          "    [ \"$before\" != = ] || before=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    [ \"$word\" != = ] || word=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='", out);
    for (size_t i = 0; i < count; i++) fprintf(out, "%s ", commands[i].name);
    fputs("help --help --version'\n    else\n        case ${COMP_WORDS[1]}:$before in\n", out);
    for (size_t i = 0; i < count; i++) write_values(out, &commands[i]);
    fputs("        esac\n        case ${COMP_WORDS[1]}:$word in\n", out);
    for (size_t i = 0; i < count; i++) write_names(out, &commands[i]);
    fputs("        esac\n    fi\n"
          "    [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "}\ncomplete -o default -F _rnn rnn\n", out);
}

/* Write the options for zsh */
static void write_zsh_options(FILE *out, const manual_entry *command)
{
    fprintf(out, "%s)\n    _arguments", command->name);
    for (size_t i = 0; i < command->options->count; i++) {
        const flag *l = &command->options->list[i];
        if (l->kind == FLAG_HEADING) continue;
        fprintf(out, " \\\n        '--%s=[", l->name);
        put_words(out, l->help, "[]:\\", "\\");
        fprintf(out, "]:%s:", l->argument);
        /* Write what zsh offers after the option */
        if (l->kind == FLAG_FILE) fputs("_files", out);
        for (int k = 0; l->kind == FLAG_CHOICE && l->choices[k]; k++)
            fprintf(out, "%c%s", k ? ' ' : '(', l->choices[k]);
        if (l->kind == FLAG_CHOICE) putc(')', out);
        putc('\'', out);
    }
    fputs(" \\\n        '--help[print the options]' \\\n        '*:file:_files' ;;\n", out);
}

/* Write the completion for zsh */
static void write_zsh(FILE *out, const manual_entry *commands, size_t count)
{
    fputs("#compdef rnn\n# zsh completion of rnn, made by rnn manual --for zsh\n"
          "if (( CURRENT == 2 )); then\n    local -a commands=(\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "        '%s:", commands[i].name);
        put_words(out, commands[i].purpose, "'", "'\\'");
        fputs("'\n", out);
    }
    fputs("        help --help --version\n    )\n    _describe command commands\n    return\nfi\n"
          "shift words\n(( CURRENT-- ))\ncase $words[1] in\n", out);
    for (size_t i = 0; i < count; i++) write_zsh_options(out, &commands[i]);
    fputs("esac\n", out);
}

void manual_write(FILE *out, int form, const manual_entry *commands, size_t count,
                  const char *version)
{
    if (form == MANUAL_BASH) write_bash(out, commands, count);
    else if (form == MANUAL_ZSH) write_zsh(out, commands, count);
    else write_page(out, commands, count, version);
}
