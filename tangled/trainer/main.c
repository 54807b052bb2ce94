/* generated from chapters/13-command.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE             // for _SC_PHYS_PAGES and _SC_NPROCESSORS_ONLN
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "checkpoint.h"
#include "flags.h"
#include "import.h"
#include "items.h"
#include "manual.h"
#include "replacement.h"
#include "safetensors.h"
#include "sampling.h"
#include "show.h"

/* The number of the version */
#ifndef VERSION
#define VERSION "of no version"
#endif
static void usage(FILE *out, const char *command, const flag_table *t);
/* Complain, and choose the exit status */
enum { DONE, FAILED, MISUSED, GO_ON };

static int complain(int status, const char *command, const fault *f)
{
    char shown[sizeof f->text];
    characters_shown(shown, sizeof shown, f->text);
    if (status != DONE && *f->text) fprintf(stderr, "rnn %s: %s\n", command, shown);
    if (status == MISUSED)
        fprintf(stderr, "     rnn %s --help shows what there is\n", command);
    return status;
}

/* Read flags and arguments */
static int read_flags(flag_table *t, int argc, char **argv, const char *command, fault *f)
{
    const int at = flags_read(t->list, t->count, argc, argv, f);
    for (size_t i = 0; i < t->count && at >= 0; i++)
        if (t->list[i].twice)
            fprintf(stderr, "rnn %s: --%s is given more than once; the last value counts, %s\n", command,
                    t->list[i].name, t->list[i].given);
    return at;
}

static int words(flag_table *t, int argc, char **argv, const char *command,
                 const char *const **names, size_t *count, fault *f)
{
    int at = read_flags(t, argc, argv, command, f);
    if (at == FLAGS_HELP) {
        usage(stdout, command, t);
        return DONE;
    }
    if (at == argc) at = fault_set(f, "the name of a file is missing");
    for (int i = at; at >= 0 && i < argc; i++)
        if (!*argv[i]) at = fault_set(f, "the name of the file is empty");
    if (at < 0) return MISUSED;
    *names = (const char *const *)(argv + at);
    *count = (size_t)(argc - at);
    return GO_ON;
}

static int arguments(flag_table *t, int argc, char **argv,
                     const char *command, const char **argument, fault *f)
{
    const char *const *names = NULL;
    size_t count = 0;
    if (argument) {
        const int status = words(t, argc, argv, command, &names, &count, f);
        if (status != GO_ON) return status;
        *argument = names[0];
        if (count == 1) return GO_ON;
        return fault_set(f, "“%s” is one argument too many", names[1]), MISUSED;
    }
    const int at = read_flags(t, argc, argv, command, f);
    if (at == FLAGS_HELP) return usage(stdout, command, t), DONE;
    if (at < 0) return MISUSED;
    if (at == argc) return GO_ON;
    return fault_set(f, "“%s” is one argument too many", argv[at]), MISUSED;
}

/* Finish the output */
static int finish_output(fault *f)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return 0;
    return fault_set(f, "standard output: %s", strerror(errno));
}

/* Spell a perplexity */
static const char *perplexity(char *spelt, size_t room, int digits, double choices)
{
    if (choices < 1e6) snprintf(spelt, room, "%.*f", digits, choices);
    else snprintf(spelt, room, "%.4g", choices);
    return spelt;
}

/* The command train */
/* What is known about the progress */
typedef struct {
    int terminal;
    double began, drawn;    // seconds on the clock: start, and last drawing
} status_line;

typedef struct {
    status_line line;
    uint64_t first;         // step at which this process began
    double before;          // seconds that went into the run before that, as the log knows
    double stepping;        // seconds spent in steps
    double bits;            // recent training loss, per character
    double held;            // held-out loss at the last epoch, per character; or -1
} progress;

/* A run of the command */
typedef struct {
    checkpoint c;
    uint64_t epochs; // counts if steps were not given
    size_t threads;
    uint64_t sample_every, save_every; // in steps; 0: never, and after each epoch
    const char *const *texts;   // their names; borrowed
    size_t books;       // how many they are
    const char *text;   // the first of them, for messages
    const char *val, *log, *save, *resume, *init;
    checkpoint from;    // the network of init
    double fraction;    // of the text that is held out
    char program[FAULT_QUOTED];     // as it was called, for commands that can be pasted
    int fraction_given; // whether somebody asked for it
    text all;           // of them
    items list;         // of the text, if it is one
    size_t lessons;     // items of it to train on; the others are held out
    plan plan, held_plan;
    int length_given, streams_given;    // whether somebody asked for these
    size_t count, held; // its characters, and how many of them are held out
    trainer t;
    learner best;       // the network of c.best_step, if there is one
    progress shown;
    FILE *table; // the log, if there is one
    uint64_t logged;    // the step of its last row
    int narrow;         // it was begun without the last columns
    int failed;  // something that was asked for could not be done, and this was said
    int strange; // the file of the last network was of another run
    int aside;   // what is of another run, and is kept when this one first saves: ASIDE_…
    /* What has been saved, and what guards it */
    int begun;              // whether there is a state worth saving, and a status line
    int ended;              // whether it has stopped by itself, and only concludes
    int blown;              // whether the numbers of the last network are past all bounds
    const char *kept;       // the file that has the run, or NULL
    struct stat as_kept;    // what it was like when it had been written
    uint64_t saved;         // the step of the last network there
    uint64_t saved_best;    // and of the best
    char *last;             // the name of the last network, where save is that of the best
    char *rescued;          // the name of a last resort
    mode_t closed;          // what others may not do with the files that it stands for
    pthread_mutex_t lock;   // held while the learner changes or a file is written
    sigset_t signals;       // that ask to stop
    int deaf;               // whether the last of them was ignored
    pthread_t watch;        // who waits for them
    atomic_int over;        // nothing is left to be saved
} run;

/* What a run is by default */
static const double usual_rate[] = {1, 0.05, 0.0125};      // of sgd, adagrad, adam

static size_t threads_or_all(size_t threads)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return threads > 0 ? threads : online > 0 ? (size_t)online : 1;
}

static run usual_run(void)
{
    run r = {.threads = 0, .fraction = 0.1};
    r.c.set = (settings){.hidden = 128, .length = 50, .clip = 1, .optimiser = ADAM,
                         .schedule = COSINE, .seed = 1};
    r.c.set.rate = usual_rate[ADAM];
    return r;
}

/* Find out whether a flag was given */
static int given(const flag_table *t, const char *name)
{
    const flag *l = t->list;
    while (strcmp(l->name, name) != 0) l++;
    return l->given != NULL;
}

/* Find out what kind of file there is */
static int is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int is_read_only(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && !(status.st_mode & 0222);
}

/* Note which file has the run */
static uint64_t last_good(const run *r) { return r->blown ? r->c.best_step : r->c.l.step; }

static void note_kept(run *r, const char *path)     // or NULL: none has
{
    r->kept = path;
    r->saved = last_good(r);
    r->saved_best = r->c.best_step;
}

/* Looks at a file that has just been written, or read. */
static void look_at(run *r, const char *path)
{
    if (!path || stat(path, &r->as_kept) != 0) r->as_kept = (struct stat){.st_size = 0};
}

static int is_as_kept(const run *r)
{
    struct stat now;
    return r->kept && stat(r->kept, &now) == 0 && now.st_dev == r->as_kept.st_dev
        && now.st_ino == r->as_kept.st_ino && now.st_size == r->as_kept.st_size
        && now.st_mtime == r->as_kept.st_mtime;
}

/* Find out whether a file holds something */
static int holds_something(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

/* Load a run, best and last */
#define LAST ".last"
/* Find out whether two networks are of one run */
static int same_lesson(const checkpoint *a, const checkpoint *b)
{
    const settings *s = &a->set, *t = &b->set;
    return a->fingerprint == b->fingerprint && a->characters == b->characters
        && a->held == b->held && a->apart == b->apart && a->items == b->items
        && s->hidden == t->hidden && s->length == t->length && s->streams == t->streams
        && s->seed == t->seed && s->optimiser == t->optimiser && s->cell == t->cell;
}

static int same_way(const settings *s, const settings *t)
{
    return s->steps == t->steps && s->rate == t->rate && s->schedule == t->schedule
        && s->clip == t->clip && s->decay == t->decay;
}

static int same_run(const checkpoint *best, const checkpoint *last)
{
    if (!best->resumable || !last->resumable || !same_lesson(best, last)) return 0;
    if (best->best_step && best->best_step == last->best_step
        && best->best_bits == last->best_bits) return 1;
    return same_way(&best->set, &last->set)
        && (!last->best_step || (best->best_step && best->best_bits <= last->best_bits));
}

/* Say that the other file is sound */
/* Adds to a complaint about one of the files of a run. Returns -1. */
static int say_sound(const run *r, const char *other, const char *damaged, fault *f)
{
    checkpoint c;
    fault nothing;
    char away[FAULT_QUOTED], resume[FAULT_QUOTED];
    const fault why = *f;
    if (checkpoint_load(&c, other, &nothing) != 0) return -1;
    if (c.resumable)
        fault_set(f, "%s\n     %s is sound, and has step %" PRIu64 "; this goes on from it:\n"
                  "     mv %s DAMAGED; %s train --resume %s …", why.text, other, c.l.step,
                  fault_quote(away, damaged), r->program, fault_quote(resume, r->resume));
    checkpoint_free(&c);
    return -1;
}

/* Load the last network of a resumed run */
static int load_last(run *r, const char *name, fault *f)
{
    checkpoint last;
    if (checkpoint_load(&last, name, f) != 0) return say_sound(r, r->resume, name, f);
    if (!same_run(&r->c, &last)) {
        fprintf(stderr, "rnn train: %s is of another run, and is not used\n", name);
        r->strange = 1;
        checkpoint_free(&last);
        return 0;
    }
    last.best_step = r->c.best_step;
    last.best_bits = r->c.best_bits;
    checkpoint_free(&r->c);
    r->c = last;
    return 0;
}

/* Keep the best network of a resumed run */
static int keep_best(run *r, fault *f)
{
    if (r->c.best_step != r->c.l.step) r->c.best_step = 0;
    if (r->c.best_step == 0) return 0;
    if (learner_alloc(&r->best, &r->c.set, r->c.v.count) != 0)
        return fault_set(f, "%s: no memory for its network", r->resume);
    learner_copy(&r->best, &r->c.l);
    return 0;
}

/* Load the run to be resumed */
static int load_run(run *r, fault *f)
{
    char *last = replacement_beside(r->resume, LAST);
    if (!last) return fault_set(f, "%s: %s", r->resume, strerror(errno));
    const int two = holds_something(last), alone = two && !is_regular(r->resume);
    int status = checkpoint_load(&r->c, alone ? last : r->resume, f);
    if (status != 0 && two && !alone) say_sound(r, last, r->resume, f);
    if (status == 0 && !r->c.resumable)
        status = fault_set(f, "%s: this holds a network, and nothing about its training",
                           r->resume);
    if (status == 0) status = keep_best(r, f);
    if (status == 0 && two && !alone) status = load_last(r, last, f);
    free(last);
    return status;
}

/* Find a word before a suffix */
static const char *word_before_suffix(const char *path, const char *word)
{
    const size_t size = strlen(word);
    const char *at = strrchr(path, '.');
    if (!at || strchr(at, '/')) return NULL;
    if (strcmp(at, word) == 0) return at;
    if ((size_t)(at - path) < size || strncmp(at - size, word, size) != 0) return NULL;
    return at - size;
}

/* Refuse to resume from the file beside */
static int is_of_another(const char *path, fault *f)
{
    const size_t size = strlen(path);
    char *own = replacement_beside(path, LAST), *whole = malloc(size + 1);
    const char *at = word_before_suffix(path, LAST);
    int status = 0;
    if (own && whole && at && !holds_something(own)) {
        snprintf(whole, size + 1, "%.*s%s", (int)(at - path), path, at + strlen(LAST));
        if (holds_something(whole))
            status = fault_set(f, "%s: this is the last network of the run in %s\n"
                               "     --resume %s goes on from it", path, whole, whole);
    }
    free(own);
    free(whole);
    return status;
}

/* Take over the settings of the run to be resumed */
static int take_over(run *r, const flag_table *t, fault *f)
{
    const settings asked = r->c.set;
    const uint64_t patience = r->c.patience;
    const int kind = r->c.items;
    settings *set = &r->c.set;
    if (is_of_another(r->resume, f) || load_run(r, f) != 0) return -1;
    /* Refuse to change what cannot be changed */
    const char *const names[] = {"cell", "hidden", "seed", "seq-len", "batch", "optimizer", "items"};
    const int same[] = {asked.cell == set->cell, asked.hidden == set->hidden,
                        asked.seed == set->seed, asked.length == set->length,
                        asked.streams == set->streams, asked.optimiser == set->optimiser,
                        kind == r->c.items};
    for (int i = 0; i < 7; i++)
        if (given(t, names[i]) && !same[i])
            return fault_set(f, "--%s: the run in %s has another one, which cannot change\n"
                             "     leave the option out, or begin anew without --resume",
                             names[i], r->resume);
    /* Change what may be changed */
    if (given(t, "steps")) set->steps = asked.steps;
    else if (given(t, "epochs")) set->steps = 0;
    if (given(t, "lr")) set->rate = asked.rate;
    if (given(t, "clip")) set->clip = asked.clip;
    if (given(t, "weight-decay")) set->decay = asked.decay;
    if (given(t, "schedule")) set->schedule = asked.schedule;
    if (given(t, "patience")) r->c.patience = patience;
    return 0;
}

/* Begin with a network */
static int take_network(run *r, const flag_table *t, fault *f)
{
    settings *set = &r->c.set;
    if (checkpoint_network(&r->from, r->init, f) != 0) return -1;
    const settings *is = &r->from.set;
    if (given(t, "cell") && set->cell != is->cell)
        return fault_set(f, "--cell: the network in %s is of another, %s", r->init,
                         cells_names[is->cell]);
    if (given(t, "hidden") && set->hidden != is->hidden)
        return fault_set(f, "--hidden: the network in %s has %zu hidden units, which cannot change",
                         r->init, is->hidden);
    set->cell = is->cell;
    set->hidden = is->hidden;
    return 0;
}

static int take_parameters(run *r)
{
    uint32_t *symbols = calloc(r->from.v.count, sizeof *symbols);
    if (!symbols) return -1;
    for (size_t i = 0; i < r->from.v.count; i++)
        symbols[i] = (uint32_t)vocabulary_find(&r->c.v, r->from.v.codes[i]);
    learner_take(&r->c.l, &r->from.l.theta, symbols);
    free(symbols);
    checkpoint_free(&r->from);
    return 0;
}

/* The usual learning rate */
static double rate_for(const settings *set)
{
    double rate = usual_rate[set->optimiser];
    if (set->optimiser == ADAM && set->cell == LSTM) rate = 0.02;
    if (set->optimiser == ADAM && set->hidden > 128)
        rate *= 128 / (double)set->hidden;
    return rate;
}

/* The table of train */
static void train_table(flag_table *t, void *of_run)
{
    run *r = of_run;
    settings *set = &r->c.set;
    *r = usual_run();
    const flag rows[] = {
        /* The flags of train */
        HEADING("Network"),
        CHOICE("cell", &set->cell, cells_names, "rnn, gru or lstm: what the hidden layer is made of"),
        FLAG(SIZE, "hidden", "N", &set->hidden, 1, "hidden units"),
        FLAG(LONG, "seed", "N", &set->seed, 0, "where chance begins"),
        HEADING("How the text is read"),
        FLAG(SIZE, "seq-len", "T", &set->length, 1, "characters per stream and step"),
        FLAG(SIZE, "batch", "B", &set->streams, 1, "streams read side by side; by default 8, and twice\n"
             "                         as many from 100,000 characters, a million, ten"),
        FLAG(LONG, "steps", "N", &set->steps, 1, "steps to train; by default ten readings of the\n"
             "                         text, but at least 300 steps and at most 5000"),
        FLAG(LONG, "epochs", "N", &r->epochs, 1, "or: readings of the text"),
        FLAG(LONG, "patience", "N", &r->c.patience, 0, "stop after N readings without a better network;\n"
             "                         0: never"),
        CHOICE("items", &r->c.items, items_kinds, "none: one text; line or paragraph: a list of\n"
               "                         these, each read from a state of zeros"),
        FLAG(SHARE, "val-fraction", "X", &r->fraction, 0, "the end of the text that is held out"),
        FLAG(FILE, "val", "FILE", &r->val, 0, "or: a text of its own to hold out"),
        /* The flags of descent */
        HEADING("Descent"),
        CHOICE("optimizer", &set->optimiser, training_optimisers, "sgd, adagrad or adam"),
        FLAG(NUMBER, "lr", "X", &set->rate, 0, "learning rate; sgd 1, adagrad 0.05, adam\n"
             "                         0.0125, or 1.6/N above 128 units; lstm 0.02,\n"
             "                         or 2.56/N"),
        CHOICE("schedule", &set->schedule, training_schedules, "constant or cosine"),
        FLAG(NUMBER, "clip", "X", &set->clip, 0, "largest norm of the gradient; 0: any"),
        FLAG(NUMBER, "weight-decay", "X", &set->decay, 0, "times the rate: what a step takes off each weight"),
        HEADING("Machine"),
        FLAG(SIZE, "threads", "N", &r->threads, 1, "processors to use, by default all; changes no bit"),

        /* The flags of what is written */
        HEADING("What is written"),
        FLAG(FILE, "save", "FILE", &r->save, 0, "keep the best network here, and the last\n"
             "                         beside it (safetensors)"),
        FLAG(LONG, "save-every", "N", &r->save_every, 0, "steps between saves; 0: an epoch"),
        FLAG(FILE, "resume", "FILE", &r->resume, 0, "go on from here, and save here"),
        FLAG(FILE, "init", "FILE", &r->init, 0, "begin with this network, on another text"),
        FLAG(FILE, "log", "FILE", &r->log, 0, "a table of the losses (tab-separated)"),
        FLAG(LONG, "sample-every", "N", &r->sample_every, 0, "steps between samples; 0: none"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* Read the options of train */
static int run_options(run *r, int argc, char **argv, fault *f)
{
    settings *set = &r->c.set;
    flag_table t;
    train_table(&t, r);
    int status = words(&t, argc, argv, "train", &r->texts, &r->books, f);
    if (status != GO_ON) return status;
    fault_quote(r->program, argv[0]);
    r->text = *r->texts;
    r->fraction_given = given(&t, "val-fraction");
    r->length_given = given(&t, "seq-len");
    r->streams_given = given(&t, "batch");
    /* Refuse options that make no sense together */
    if (given(&t, "steps") && given(&t, "epochs"))
        return fault_set(f, "--steps and --epochs both say how long to train; "
                         "leave one of them out"), MISUSED;
    if (r->init && r->resume)
        return fault_set(f, "--init begins a run, and --resume goes on with one; "
                         "leave one of them out"), MISUSED;
    if (given(&t, "val") && given(&t, "val-fraction"))
        return fault_set(f, "--val and --val-fraction both say what is held out; "
                         "leave one of them out"), MISUSED;
    if (r->fraction > 0.9)
        return fault_set(f, "--val-fraction %g leaves too little to train on; "
                         "at most 0.9 can be held out", r->fraction), MISUSED;
    if (r->c.patience && !r->val && !(r->fraction > 0))
        return fault_set(f, "--patience needs a text that is held out"), MISUSED;
    if (given(&t, "save-every") && !r->save && !r->resume)
        return fault_set(f, "--save-every needs --save FILE"), MISUSED;
    if (r->init && take_network(r, &t, f) != 0) return FAILED;
    if (!given(&t, "lr")) set->rate = rate_for(set);
    if (r->resume && !r->save) r->save = r->resume;
    if (r->resume && take_over(r, &t, f) != 0) return FAILED;
    r->threads = threads_or_all(r->threads);
    note_kept(r, r->resume);
    look_at(r, r->resume);
    return GO_ON;
}

/* See whether an epoch ends */
static uint64_t epoch_of(const run *r)
{
    return r->c.items ? r->plan.chunks : training_chunks(&r->c.set, r->count - r->held);
}

static int ends_an_epoch(const run *r)
{
    return r->c.l.step % epoch_of(r) == 0;
}

static int is_out_of_patience(const run *r)
{
    const uint64_t chunks = epoch_of(r);
    const uint64_t since = r->c.l.step - r->c.best_step;
    return r->c.patience > 0 && r->c.best_step > 0 && ends_an_epoch(r) && since / chunks >= r->c.patience;
}

/* Show the progress */
/* Begin to measure */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static status_line line_begin(void)
{
    const double now = seconds();
    return (status_line){isatty(STDERR_FILENO), now, now};
}

static void progress_begin(run *r)
{
    r->shown = (progress){.line = line_begin(), .before = r->shown.before,
                          .first = r->c.l.step, .held = -1};
}

/* How many characters are trained on in some steps */
static double characters_until(const run *r, uint64_t step)
{
    const settings *set = &r->c.set;
    const uint64_t chunks = epoch_of(r);
    if (!r->c.items) return (double)step * (double)set->length * (double)set->streams;
    return (double)(step / chunks) * (double)r->plan.made[chunks] + (double)r->plan.made[step % chunks];
}

static double characters_between(const run *r, uint64_t from, uint64_t to)
{
    return characters_until(r, to) - characters_until(r, from);
}

/* Estimate the time that is left */
static void time_left(char *spelt, size_t room, const run *r)
{
    const double done = (double)(r->c.l.step - r->shown.first);
    const double steps = (double)(r->c.set.steps - r->c.l.step);
    const double left = (seconds() - r->shown.line.began) / done * steps;
    if (left < 3600) snprintf(spelt, room, "%d:%02d", (int)left / 60, (int)left % 60);
    else snprintf(spelt, room, "%.1f hours", left / 3600);
}

/* Describe the progress */
static void describe(char *line, size_t room, const run *r)
{
    const settings *set = &r->c.set;
    const progress *p = &r->shown;
    const double epoch = (double)epoch_of(r);
    char held[64] = "", left[32];
    if (p->held >= 0) snprintf(held, sizeof held, " (held out %.3f)", p->held);
    time_left(left, sizeof left, r);
    snprintf(line, room, "epoch %.1f of %.1f  %.3f bits%s  %.0f k/s  %s left",
             (double)r->c.l.step / epoch, (double)set->steps / epoch, p->bits, held,
             characters_between(r, p->first, r->c.l.step) / p->stepping / 1000, left);
}

/* Draw the progress */
static void progress_draw(run *r)
{
    char line[192], bar[13] = "............";
    size_t full = (size_t)(12 * (double)r->c.l.step / (double)r->c.set.steps);
    memset(bar, '#', full < 12 ? full : 12);
    describe(line, sizeof line, r);
    if (r->shown.line.terminal) fprintf(stderr, "\r\033[K[%s] %s", bar, line);
    else fprintf(stderr, "%s\n", line);
    r->shown.line.drawn = seconds();
}

/* Wipe the progress off the terminal */
static void wipe(const status_line *line)
{
    if (line->terminal) fputs("\r\033[K", stderr);
}

/* Decide whether a line is due */
static int line_is_due(const status_line *line)
{
    const double now = seconds(), pause = 0.05 * (now - line->began);
    if (line->terminal) return now - line->drawn > 0.1;
    return now - line->drawn > (pause > 2 ? pause : 2);
}

static int is_worth_a_line(const status_line *line, double began)
{
    return seconds() - began >= (line->terminal ? 0.5 : 2) && line_is_due(line);
}

/* Show how much has been read */
static void show_reading(const reading *r, status_line *line)
{
    struct stat file;
    char of[32] = "";
    if (fstat(fileno(r->file), &file) == 0 && S_ISREG(file.st_mode))
        snprintf(of, sizeof of, " of %.0f", (double)file.st_size / 1e6);
    wipe(line);
    fprintf(stderr, "reading %s: %.0f%s MB%s", r->d.name, (double)r->d.at / 1e6, of,
            line->terminal ? "" : "\n");
    line->drawn = seconds();
}

/* How much memory the machine has */
static size_t memory_of_machine(void)
{
#ifdef _SC_PHYS_PAGES
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0) return (size_t)pages * (size_t)size;
#endif
    return SIZE_MAX;
}

/* Refuse a text that does not fit */
static int is_too_much(const reading *r, fault *f)
{
    struct stat file;
    const size_t room = memory_of_machine();
    double needed = 0;
    for (int i = 0; i < 3; i++) needed += r->d.t->digits[i] ? (double)r->d.room : 0;
    if (fstat(fileno(r->file), &file) == 0 && S_ISREG(file.st_mode) && (double)file.st_size / 4 > needed)
        needed = (double)file.st_size / 4;
    if (needed <= (double)room) return 0;
    fault_set(f, "%s: this text needs more memory than this machine has (%zu MB)\n     take a part of it",
              r->d.name, room >> 20);
    return 1;
}

/* Read a text, and show how far it is */
/* To begins: at which character each of the files begins. */
static int read_texts(text *t, const char *const *paths, size_t count, size_t *begins,
                      status_line *line, fault *f)
{
    reading r;
    const double began = seconds();
    int status = reading_begin(&r, t, paths, count, f);
    if (status != 0) return status;
    begins[0] = 0;
    while ((status = reading_go_on(&r, f)) > 0) {
        begins[r.number] = r.d.first;
        if (is_too_much(&r, f)) return reading_give_up(&r), -1;
        if (is_worth_a_line(line, began)) show_reading(&r, line);
    }
    wipe(line);
    return status;
}

static int read_text(text *t, const char *path, status_line *line, fault *f)
{
    size_t begins;
    return read_texts(t, &path, 1, &begins, line, f);
}

/* Measure, and show how far it is */
static int measure(double *nats, const params *p, const text *t, size_t first, size_t count,
                   size_t threads, const char *what, status_line *line)
{
    evaluation e;
    const double began = seconds();
    if (evaluation_alloc(&e, p, t, first, count, threads) != 0) return -1;
    while (evaluation_go_on(&e)) {
        if (!is_worth_a_line(line, began)) continue;
        wipe(line);
        fprintf(stderr, "measuring on %s: %.0f %%%s", what,
                100 * (double)e.at / (double)e.predictions, line->terminal ? "" : "\n");
        line->drawn = seconds();
    }
    *nats = e.nats;
    evaluation_free(&e);
    wipe(line);
    return 0;
}

/* Take notice of a step */
static void progress_step(run *r, double nats)
{
    progress *p = &r->shown;
    double bits = training_bits(nats, characters_between(r, r->c.l.step - 1, r->c.l.step));
    p->bits = r->c.l.step == p->first + 1 ? bits : 0.98 * p->bits + 0.02 * bits;
    if (p->line.terminal && line_is_due(&p->line)) progress_draw(r);
}

/* Prepare everything */
/* Say that memory is short */
static int no_memory(const run *r, fault *f)
{
    return fault_set(f, "%s: not enough memory for this text and --hidden %zu: %s",
                     r->text, r->c.set.hidden, strerror(errno));
}

/* Say what would fit a short text */
static int too_short(const run *r, fault *f)
{
    const settings *set = &r->c.set;
    const size_t train = r->count - r->held, quarter = (train - 1) / 4;
    const size_t own = r->val ? train : r->count;
    char cure[64] = "a smaller --val-fraction";
    if (own == 1)
        return fault_set(f, "%s: a single character; there is nothing to predict", r->text);
    if (train > 1)
        snprintf(cure, sizeof cure, "--batch 1 --seq-len %zu",
                 quarter < 1 ? 1 : quarter < 50 ? quarter : 50);
    return fault_set(f, "%s: the text is too short: a step reads --batch %zu times "
                     "--seq-len %zu characters and one more,\n"
                     "     and of its %zu characters %zu are for training\n"
                     "     try %s", r->text, set->streams, set->length, own, train, cure);
}

/* What suits a text of so many characters */
enum { READINGS = 10, LEAST_STEPS = 300, MOST_STEPS = 5000, LEAST_STREAMS = 8, MOST_STREAMS = 64 };

static size_t usual_streams(size_t characters)
{
    size_t streams = LEAST_STREAMS;
    for (double c = 1e5; streams < MOST_STREAMS && (double)characters >= c; c *= 10) streams *= 2;
    return streams;
}

static uint64_t usual_steps(size_t chunks)
{
    const uint64_t steps = chunks < MOST_STEPS ? READINGS * (uint64_t)chunks : MOST_STEPS;
    return steps < LEAST_STEPS ? LEAST_STEPS : steps > MOST_STEPS ? MOST_STEPS : steps;
}

/* Check that there is enough memory */
static int check_memory(const run *r, fault *f)
{
    const settings *set = &r->c.set;
    const size_t room = memory_of_machine(), m = r->c.v.count;
    if (training_memory(set, m, r->threads) + learner_memory(set, m) <= (double)room) return 0;
    return fault_set(f, "--hidden %zu, --batch %zu and --seq-len %zu need more memory "
                     "than this machine has (%zu MB)\n     make one of them smaller",
                     set->hidden, set->streams, set->length, room >> 20);
}

/* Plan the lessons */
static int plan_lessons(run *r, fault *f)
{
    settings *set = &r->c.set;
    const size_t held = r->list.count - r->lessons, few = held < 8 ? held : 8;
    if (!r->resume && !r->streams_given && r->lessons < set->streams) set->streams = r->lessons;
    if (check_memory(r, f) != 0) return -1;
    if (plan_alloc(&r->plan, &r->list, 0, r->lessons, set->streams, set->length) != 0)
        return no_memory(r, f);
    if (held && plan_alloc(&r->held_plan, &r->list, r->lessons, held, few, set->length) != 0)
        return no_memory(r, f);
    return 0;
}

/* Check that the sizes make sense */
static int check_sizes(run *r, fault *f)
{
    settings *set = &r->c.set;
    if (set->streams == 0) set->streams = usual_streams(r->count);
    if (r->c.items && plan_lessons(r, f) != 0) return -1;
    const size_t chunks = (size_t)epoch_of(r);
    if (chunks == 0) return too_short(r, f);
    if (set->steps == 0 && r->epochs == 0) set->steps = usual_steps(chunks);
    if (set->steps == 0 && __builtin_mul_overflow(r->epochs, chunks, &set->steps))
        return fault_set(f, "--epochs: so many steps cannot be counted");
    if (r->c.l.step >= set->steps)
        return fault_set(f, "%s: this run has done %" PRIu64 " steps, and was to do %" PRIu64
                         "\n     a larger --steps goes on",
                         r->resume, r->c.l.step, set->steps);
    if (is_out_of_patience(r))
        return fault_set(f, "%s: this run has stopped, since %" PRIu64 " reading%s brought "
                         "nothing better\n     a larger --patience goes on, or --patience 0",
                         r->resume, r->c.patience, r->c.patience == 1 ? "" : "s");
    return check_memory(r, f);
}

/* Find the items, and which are held out */
enum { LONGEST_LESSON = 128 };

static int no_item(const char *path, fault *f)
{
    return fault_set(f, "%s: there is nothing in it but line breaks", path);
}

static int find_lessons(run *r, fault *f)
{
    const uint32_t line_break = (uint32_t)vocabulary_find(&r->c.v, '\n');
    const size_t border = r->val ? r->count - r->held : 0;
    size_t longest = 0;
    if (items_alloc(&r->list, r->c.items, &r->all, line_break, border) != 0) return no_memory(r, f);
    const size_t rest = (size_t)(r->fraction * (double)r->list.count), all = r->list.count;
    if (!r->val) r->held = rest ? r->count - r->list.at[all - rest] : 0;
    for (size_t i = 0; i < all; i++)
        if (items_predictions(&r->list, i) > longest) longest = items_predictions(&r->list, i);
    if (!r->resume && !r->length_given)
        r->c.set.length = longest < LONGEST_LESSON ? longest : LONGEST_LESSON;
    return all ? 0 : no_item(r->text, f);
}

static int hold_out(run *r, fault *f)
{
    if (r->resume && !r->val && !r->fraction_given) r->held = r->c.held;
    if (r->resume && r->held != r->c.held)
        return fault_set(f, "--%s: the run in %s has held out %zu characters, which cannot change\n"
                         "     go on with the same, or begin anew without --resume",
                         r->val ? "val" : "val-fraction", r->resume, r->c.held);
    r->c.held = r->held;
    if (r->c.patience && r->held == 0)
        return fault_set(f, "--patience needs a text that is held out, and of this one nothing is\n"
                         "     leave it out, say --patience 0, or hold out more");
    while (r->lessons < r->list.count && r->list.at[r->lessons] < r->count - r->held) r->lessons++;
    if (r->c.items && r->lessons == 0) return no_item(r->text, f);
    if (!r->c.items || r->held == 0 || r->lessons < r->list.count) return 0;
    return r->val ? no_item(r->val, f)
        : fault_set(f, "%s: what it has held out is no item of this text", r->resume);
}

/* See what was read */
static int has_returns(const text *t, size_t first, size_t end, const char *path, fault *f)
{
    char quoted[FAULT_QUOTED];
    size_t line = 1, at = first;
    for (int before = 0; at < end; at++) {
        const uint32_t code = text_code(t, at);
        if (code == '\n' && before) break;
        line += code == '\n';
        before = code == '\r';
    }
    if (at == end) return 0;
    fault_set(f, "%s: line %zu ends with \\r\\n, as lines of Windows do; in a list of items, \\r "
              "would be a letter\n     this takes it off:  tr -d '\\r' < %s > NEW",
              strcmp(path, "-") == 0 ? "standard input" : path, line,
              strcmp(path, "-") == 0 ? "FILE" : fault_quote(quoted, path));
    return 1;
}

static int see_texts(run *r, const char *const *paths, const size_t *begins, size_t count, fault *f)
{
    r->count = r->all.count;
    const size_t last = r->count - begins[count - 1];
    r->held = r->val ? last : (size_t)(r->fraction * (double)r->count);
    if (r->val && last < 2)
        return fault_set(f, "%s: a single character; there is nothing to predict", r->val);
    for (size_t i = 0; i < count && r->c.items; i++) {
        const size_t end = i + 1 < count ? begins[i + 1] : r->count;
        if (has_returns(&r->all, begins[i], end, paths[i], f)) return -1;
    }
    return 0;
}

/* Say that the text is another */
static int other_text(const run *r, fault *f)
{
    if (r->val)
        return fault_set(f, "%s, or --val %s: one of them is not what the run in %s was trained on and "
                         "has held out", r->text, r->val, r->resume);
    return fault_set(f, "%s: this is not the text that the run in %s was trained on", r->text,
                     r->resume);
}

/* Read the texts and number their characters */
static int read_all(run *r, fault *f)
{
    const size_t count = r->books + (r->val != NULL);
    const char **paths = calloc(count, sizeof *paths);
    size_t *begins = calloc(count, sizeof *begins);
    r->shown.line = line_begin();
    int status = paths && begins ? 0 : no_memory(r, f);
    if (status == 0) memcpy(paths, r->texts, r->books * sizeof *paths);
    if (status == 0 && r->val) paths[r->books] = r->val;
    if (status == 0) status = read_texts(&r->all, paths, count, begins, &r->shown.line, f);
    if (status == 0) status = see_texts(r, paths, begins, count, f);
    free(paths);
    free(begins);
    return status;
}

static int take_text(run *r, fault *f)
{
    if (read_all(r, f) != 0) return -1;
    const uint64_t fingerprint = checkpoint_fingerprint(&r->all);
    /* Take the vocabulary of the text, or the text of the vocabulary */
    if (r->resume && r->c.apart != (r->val != NULL))
        return fault_set(f, "--val: the run in %s has %s", r->resume,
                         r->val ? "held out the end of its text" : "a text of its own held out; name it again");
    if (r->resume && (r->c.fingerprint != fingerprint || r->c.characters != r->all.count))
        return other_text(r, f);
    if (!r->resume && vocabulary_alloc(&r->c.v, &r->all) != 0) return no_memory(r, f);
    if (r->init && vocabulary_join(&r->c.v, &r->from.v) != 0) return no_memory(r, f);
    const vocabulary ends = {1, (uint32_t[]){'\n'}};
    if (!r->resume && r->c.items && vocabulary_join(&r->c.v, &ends) != 0) return no_memory(r, f);
    r->c.fingerprint = fingerprint;
    r->c.characters = r->count;
    r->c.apart = r->val != NULL;
    if (text_number(&r->all, &r->c.v, r->text, f) != 0) return -1;
    if (r->c.items && find_lessons(r, f) != 0) return -1;
    return hold_out(r, f);
}

/* The columns of the log */
#define FIRST_COLUMNS "step\tepoch\ttrain_bits\theld_out_bits\tseconds\tcharacters_per_second"
#define LAST_COLUMNS "gradient_norm\tlearning_rate\n"
#define LOG_COLUMNS FIRST_COLUMNS "\t" LAST_COLUMNS

/* Note to whom a file is closed */
static void note_closed(run *r, const char *path)
{
    struct stat old;
    if (stat(path, &old) == 0) r->closed |= ~old.st_mode & (S_IRWXG | S_IRWXO);
}

/* Find out whether a path is open */
static int is_open_as(const char *path, int descriptor)
{
    struct stat a, b;
    return stat(path, &a) == 0 && fstat(descriptor, &b) == 0 && S_ISREG(a.st_mode)
        && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Find out whether the shell uses a file as well */
static int used_twice(const char *path, const char *why, fault *f)
{
    return fault_set(f, "%s: this file would be used for two things%s", path, why);
}

/* Whether the output goes to a file that is read; path may be NULL. */
static int is_written(const char *path, fault *f)
{
    if (!path) return 0;
    const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    if (!is_open_as(file, STDOUT_FILENO) && !is_open_as(file, STDERR_FILENO)) return 0;
    used_twice(path, ": the output goes there as well", f);
    return 1;
}

static int is_shared(const char *path, const run *r, fault *f)
{
    int reads = r->val && strcmp(r->val, "-") == 0;
    for (size_t i = 0; i < r->books; i++) reads |= strcmp(r->texts[i], "-") == 0;
    if (is_written(path, f)) return -1;
    if (reads && is_open_as(path, STDIN_FILENO))
        return used_twice(path, ": the input comes from there as well", f);
    return 0;
}

/* Find out whether a file is a log */
static int is_log(const char *path)
{
    char row[sizeof LOG_COLUMNS] = "";
    FILE *file = fopen(path, "r");
    const int ours = file && fgets(row, sizeof row, file)
        && (strcmp(row, LOG_COLUMNS) == 0 || strcmp(row, FIRST_COLUMNS "\n") == 0);
    if (file) fclose(file);
    return ours;
}

/* Find out whether a file is a network */
static int is_network(const char *path, const char *best, fault *f)
{
    safetensors s;
    if (safetensors_open(&s, path, f) != 0) return 0;
    const metadatum *program = safetensors_value(&s, "program");
    const int yes = program && strcmp(program->value, "rnn") == 0;
    if (!yes && best) fault_set(f, "the last network of a run with --save %s is kept here", best);
    else if (!yes) fault_set(f, "nothing in it says that rnn has saved it");
    safetensors_close(&s);
    return yes;
}

/* Refuse to write over what is something else */
static const char is_no[] = "%s: a file of this name is there, and it is no %s; "
                            "nothing is written over it\n"
                            "     remove it, or choose another name%s%s";

static int keep_other(const char *save, const char *best, fault *f)
{
    fault why = {""};
    if (!save || !holds_something(save) || is_network(save, best, &why)) return 0;
    return fault_set(f, is_no, save, "network of rnn", "\n     ", why.text);
}

static int keep_foreign(const run *r, fault *f)
{
    if (keep_other(r->save, NULL, f) != 0 || keep_other(r->last, r->save, f) != 0) return -1;
    if (r->log && holds_something(r->log) && !is_log(r->log))
        return fault_set(f, is_no, r->log, "log", "", "");
    return 0;
}

/* Keep files apart */
static int keep_apart(const run *r, fault *f)
{
    const char *const files[] = {r->save, r->resume, r->log, r->last, r->val, r->init};
    for (int i = 0; i < 6; i++)
        for (int j = i + 1; j < 6; j++)
            if (files[i] && files[j] && !(i == 0 && j == 1)
                && replacement_same(files[i], files[j])) return used_twice(files[j], "", f);
    for (size_t i = 0; i < r->books; i++)
        for (int j = 0; j < 6; j++)
            if (files[j] && replacement_same(r->texts[i], files[j]))
                return used_twice(files[j], "", f);
    for (size_t i = 0; i < r->books; i++)
        if (is_shared(r->texts[i], r, f)) return -1;
    for (int i = 0; i < 6; i++)
        if (files[i] && is_shared(files[i], r, f)) return -1;
    return keep_foreign(r, f);
}

/* Which of so many files, or else of the texts, is the same as path; or NULL. Files may be NULL. */
static const char *among(const run *r, const char *path, const char *const *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (files[i] && replacement_same(path, files[i])) return files[i];
    for (size_t i = 0; i < r->books; i++)
        if (replacement_same(path, r->texts[i])) return r->texts[i];
    return NULL;
}

/* Keep the log as it was */
static int no_log(const run *r, fault *f)
{
    return fault_set(f, "%s: %s", r->log, strerror(errno));
}

static int copy_log(FILE *log, const char *old, fault *f)
{
    replacement copy;
    char block[4096];
    if (replacement_open(&copy, old, f) != 0) return -1;
    rewind(log);
    for (size_t got; (got = fread(block, 1, sizeof block, log)) > 0;)
        fwrite(block, 1, got, copy.file);
    if (!ferror(log)) return replacement_commit(&copy, old, f);
    replacement_abort(&copy);
    return fault_set(f, "%s: cannot save: %s", old, strerror(errno));
}

static int keep_log(const run *r, FILE *log, fault *f)
{
    const char *const others[] = {r->val, r->save, r->last, r->init, r->resume};
    char *old = replacement_old(r->log);
    if (!old) return no_log(r, f);
    int status = holds_something(old) && !is_log(old) ? fault_set(f, is_no, old, "log", "", "") : 0;
    if (status == 0 && among(r, old, others, 5)) status = used_twice(old, "", f);
    if (status == 0) status = copy_log(log, old, f);
    if (status == 0)
        fprintf(stderr, "rnn train: rows after step %" PRIu64 " are taken off %s; it is kept as %s\n",
                r->c.l.step, r->log, old);
    free(old);
    return status;
}

static int cut_log(const run *r, FILE *log, long end, fault *f)
{
    const long size = fseek(log, 0, SEEK_END) == 0 ? ftell(log) : -1;
    if (size > end && keep_log(r, log, f) != 0) return -1;
    return size < 0 || ftruncate(fileno(log), end) != 0 ? no_log(r, f) : 0;
}

/* Forget the rows after a step */
static int forget_rows(run *r, fault *f)
{
    char row[512];
    long end = 0;
    FILE *log = fopen(r->log, "r+");
    if (!log) return no_log(r, f);
    while (fgets(row, sizeof row, log) && strchr(row, '\n')
           && (row[0] == LOG_COLUMNS[0] || strtoull(row, NULL, 10) <= r->c.l.step)) {
        if (row[0] == LOG_COLUMNS[0]) r->narrow = strstr(row, LAST_COLUMNS) == NULL;
        end = ftell(log);
        r->logged = strtoull(row, NULL, 10);
        sscanf(row, "%*u\t%*f\t%*f\t%*[^\t]\t%lf", &r->shown.before);
    }
    int status = end < 0 || fflush(log) != 0 ? no_log(r, f) : cut_log(r, log, end, f);
    return fclose(log) != 0 && status == 0 ? no_log(r, f) : status;
}

/* Look at what is saved where this run will be */
static int load_old(checkpoint *c, const char *path, fault *f)
{
    if (checkpoint_load(c, path, f) == 0) {
        if (c->best_step != c->l.step) c->best_step = 0;
        return 0;
    }
    const fault why = *f;
    return fault_set(f, "%s\n     it is in the way: move it away, or choose another name for --save",
                     why.text);
}

static int not_owned(const run *r, int one, fault *f)
{
    char quoted[FAULT_QUOTED];
    fault_quote(quoted, r->save);
    return fault_set(f, "%s: this is the last network of a run, and not of one in %s; nothing is "
                     "written over it\n     move it away, or choose another name for --save%s%s%s",
                     r->last, r->save, one ? "" : "\n     --resume ", one ? "" : quoted,
                     one ? "" : " goes on from it");
}

enum { ASIDE_SAVE = 1, ASIDE_LAST = 2 };

static int is_repeated(const run *r, const checkpoint *old)
{
    return !r->init && old->resumable && same_lesson(&r->c, old) && same_way(&r->c.set, &old->set)
        && r->c.patience == old->patience;
}

static int is_barred(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) return errno == ENAMETOOLONG;
    return !S_ISREG(status.st_mode) || !(status.st_mode & 0222);
}

static int see_aside(const run *r, const char *path, fault *f)
{
    const char *const others[] = {r->val, r->log, r->init, r->resume};
    char *old = replacement_old(path);
    int status = old ? keep_other(old, NULL, f) : fault_set(f, "%s: %s", path, strerror(errno));
    if (status == 0 && is_barred(old))
        status = fault_set(f, "%s: it is of another run, and cannot be kept as %s\n     move it away, "
                           "or choose another name for --save", path, old);
    const char *used = status == 0 ? among(r, old, others, 4) : NULL;
    if (used) status = used_twice(used, "", f);
    free(old);
    return status;
}

static int look_at_old(run *r, fault *f)
{
    checkpoint best = {.resumable = 0}, last = {.resumable = 0};
    const int goes_on = r->resume && replacement_same(r->resume, r->save);
    const int one = !goes_on && holds_something(r->save);
    const int two = !goes_on && holds_something(r->last);
    int status = one ? load_old(&best, r->save, f) : 0;
    if (status == 0 && two) status = load_old(&last, r->last, f);
    if (status == 0 && two && !(one && same_run(&best, &last))) status = not_owned(r, one, f);
    if (goes_on && r->strange) r->aside = ASIDE_LAST;
    if (one && !is_repeated(r, &best)) r->aside = ASIDE_SAVE | (two ? ASIDE_LAST : 0);
    if (status == 0 && r->aside & ASIDE_SAVE) status = see_aside(r, r->save, f);
    if (status == 0 && r->aside & ASIDE_LAST) status = see_aside(r, r->last, f);
    checkpoint_free(&best);
    checkpoint_free(&last);
    return status;
}

static void say_aside(const run *r)
{
    const char *const files[] = {r->save, r->last};
    for (int i = 0; i < 2; i++) {
        char *old = r->aside & 1 << i ? replacement_old(files[i]) : NULL;
        if (old) fprintf(stderr, "rnn train: %s is of another run, and will be kept as %s\n",
                         files[i], old);
        free(old);
    }
}

/* Open the log */
static int open_log(run *r, fault *f)
{
    const int old = r->resume && is_regular(r->log);
    if (is_read_only(r->log)) return fault_set(f, "%s: the file there is read-only", r->log);
    if (old && forget_rows(r, f) != 0) return -1;
    r->table = fopen(r->log, old ? "a" : "w");
    if (r->table) fcntl(fileno(r->table), F_SETFL, O_APPEND);
    if (r->table && fseek(r->table, 0, SEEK_END) != 0) clearerr(r->table);
    if (r->table && ftell(r->table) <= 0) fputs(LOG_COLUMNS, r->table);
    if (!r->table || fflush(r->table) != 0) return no_log(r, f);
    return 0;
}

/* Save the last beside the best */
/* Saves it, or tries whether it could be saved. */
static int beside(const run *r, const char *best, const char *last,
                  int save(const checkpoint *, const char *, fault *), fault *f)
{
    struct stat one, other;
    const mode_t mask = umask(0);
    const int follows = stat(last, &other) != 0 && stat(best, &one) == 0;
    umask(follows ? mask | (~one.st_mode & 0777) : mask);
    const int status = save(&r->c, last, f);
    umask(mask);
    return status;
}

/* Try whether the run could be saved */
static int try_to_save(run *r, fault *f)
{
    pthread_mutex_lock(&r->lock);
    note_closed(r, r->save);
    note_closed(r, r->last);
    int status = checkpoint_try(&r->c, r->save, f);
    if (status == 0 && r->held) status = beside(r, r->save, r->last, checkpoint_try, f);
    pthread_mutex_unlock(&r->lock);
    return status;
}

/* Prepare a run */
static int run_prepare(run *r, fault *f)
{
    if (r->save && !(r->last = replacement_beside(r->save, LAST)))
        return fault_set(f, "%s: cannot save: %s", r->save, strerror(errno));
    if (keep_apart(r, f) != 0) return -1;
    if (take_text(r, f) != 0 || check_sizes(r, f) != 0) return -1;
    if (r->save && look_at_old(r, f) != 0) return -1;
    if (!r->resume) {
        /* Make a new network */
        if (learner_alloc(&r->c.l, &r->c.set, r->c.v.count) != 0) return no_memory(r, f);
        learner_start(&r->c.l, r->c.set.seed);
        if (r->init && take_parameters(r) != 0) return no_memory(r, f);
    }
    if (r->held && !r->best.h && learner_alloc(&r->best, &r->c.set, r->c.v.count) != 0)
        return no_memory(r, f);
    const size_t train = r->count - r->held;
    if (trainer_alloc(&r->t, &r->c.set, r->c.v.count, &r->all, train, r->threads) != 0)
        return no_memory(r, f);
    if (r->c.items) r->t.plan = &r->plan;
    if (r->save && try_to_save(r, f) != 0) return -1;
    if (r->log && open_log(r, f) != 0) return -1;
    say_aside(r);
    return 0;
}

/* Save, whatever happens */
/* Say that something failed, and go on */
static void warn(run *r, const fault *f, const char *consequence)
{
    char shown[sizeof f->text];
    characters_shown(shown, sizeof shown, f->text);
    r->failed = 1;
    wipe(&r->shown.line);
    fprintf(stderr, "rnn train: %s%s\n", shown, consequence);
}

/* Save the best and the last */
static int save_both(run *r, const char *path, const char *last, fault *f)
{
    checkpoint best = r->c;
    if (r->c.best_step) best.l = r->best;
    const int there = r->kept == path && r->c.best_step && r->saved_best == r->c.best_step
        && is_as_kept(r);
    note_closed(r, path);
    note_closed(r, last);
    if (!there && checkpoint_save(&best, path, f) != 0) return -1;
    if (!there) look_at(r, path);
    if (r->held && !r->blown && beside(r, path, last, checkpoint_save, f) != 0) return -1;
    note_kept(r, path);
    return 0;
}

/* Save now */
static int set_aside(run *r, fault *f)
{
    const char *const files[] = {r->save, r->last};
    for (int i = 0; i < 2; i++) {
        if (!(r->aside & 1 << i)) continue;
        char *old = replacement_old(files[i]);
        const int kept = old && (replacement_keep(files[i], old) == 0 || errno == ENOENT);
        free(old);
        if (!kept) return fault_set(f, "%s: it is of another run, and cannot be kept: %s", files[i],
                                    strerror(errno));
    }
    if (r->aside & ASIDE_LAST && !r->held) unlink(r->last);
    r->aside = 0;
    return 0;
}

static int save_now(run *r, fault *f)
{
    if (r->saved == r->c.l.step && r->saved_best == r->c.best_step && is_as_kept(r)) return 0;
    if (set_aside(r, f) != 0) return -1;
    return save_both(r, r->save, r->last, f);
}

/* Save, or warn */
static void save_or_warn(run *r, int save(run *, fault *), const char *consequence)
{
    fault f = {""};
    pthread_mutex_lock(&r->lock);
    const int status = save(r, &f);
    pthread_mutex_unlock(&r->lock);
    if (status != 0) warn(r, &f, consequence);
}

static void save_quietly(run *r)
{
    fault f;
    pthread_mutex_lock(&r->lock);
    save_now(r, &f);
    pthread_mutex_unlock(&r->lock);
}

/* Save in another folder */
static int rescue(run *r, const char *place)
{
    fault f;
    char *target = replacement_target(place), *last = NULL;
    r->rescued = target ? replacement_unused(target, "rescued-", ".safetensors") : NULL;
    free(target);
    umask(umask(S_IRWXO) | r->closed);
    if (r->rescued) last = replacement_beside(r->rescued, LAST);
    const int status = last ? save_both(r, r->rescued, last, &f) : -1;
    free(last);
    if (status == 0) return 0;
    if (r->rescued) unlink(r->rescued);     // half of the two is no help
    free(r->rescued);
    r->rescued = NULL;
    return -1;
}

/* Save at any cost */
static int save_somewhere(run *r, fault *f)
{
    if (save_now(r, f) == 0) return 0;
    const fault why = *f;
    const char *const places[] = {is_regular(r->text) ? r->text : "", "", "/tmp/"};
    for (int i = 0; i < 3; i++)
        if (rescue(r, places[i]) == 0) {
            char quoted[FAULT_QUOTED];
            return fault_set(f, "%s\n     so the network is here instead: %s", why.text,
                             fault_quote(quoted, r->rescued));
        }
    return fault_set(f, "%s\n     nor anywhere else: the network of step %" PRIu64 " is lost",
                     why.text, last_good(r));
}

/* Say the last words */
static void say_at_last(const run *r, const char *words)
{
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    char shown[sizeof (fault)];
    characters_shown(shown, sizeof shown, words);
    if (poll(&room, 1, 300) <= 0) return;
    dprintf(STDERR_FILENO, "%srnn train: %s\n", r->shown.line.terminal ? "\r\033[K" : "", shown);
}

/* List the texts for a command */
static void list_books(char *list, size_t room, const run *r)
{
    char quoted[FAULT_QUOTED];
    size_t used = 0;
    if (r->val) used += (size_t)snprintf(list, room, " --val %s", reading_quote(quoted, r->val));
    for (size_t i = 0; i < r->books; i++) {
        const size_t size = strlen(reading_quote(quoted, r->texts[i]));
        if (used + size + 6 > room) {
            strcpy(list + used, " …");
            return;
        }
        used += (size_t)snprintf(list + used, room - used, " %s", quoted);
    }
}

/* Say how to go on after an interruption */
static void stopped(run *r, fault *f)
{
    char where[96];
    if (!r->begun) {
        fault_set(f, "interrupted before the first step");
        return;
    }
    const uint64_t step = r->c.l.step, steps = r->c.set.steps;
    snprintf(where, sizeof where, "interrupted after step %" PRIu64 " of %" PRIu64, step, steps);
    if (!r->save) fault_set(f, "%s; nothing is saved without --save", where);
    else if (save_somewhere(r, f) != 0) {
        say_at_last(r, f->text);
        fault_set(f, "%s", where);
    }
    if (r->save && r->kept && r->saved == step)
        /* Say where it is saved */
        {
            char file[FAULT_QUOTED], books[2 * FAULT_QUOTED] = "", log[FAULT_QUOTED] = "";
            fault_quote(file, r->kept);
            if (r->log) fault_quote(log, r->log);
            list_books(books, sizeof books, r);
            if (step == steps) fault_set(f, "%s, which was the last; the network is saved in %s", where,
                                         file);
            else if (r->ended) fault_set(f, "%s, where the run had stopped by itself; the network is saved "
                                         "in %s", where, file);
            else fault_set(f, "%s; all of it is saved, and this goes on:\n     %s train --resume %s%s%s%s",
                           where, r->program, file, *log ? " --log " : "", log, books);
        }
}

/* Watch for signals */
#define OWN_SIGNAL SIGALRM         // wakes the watch when a run is over

static void *watch(void *of_run)
{
    run *r = of_run;
    fault f = {""};
    int number = 0;
    while (sigwait(&r->signals, &number) != 0
           || (number == OWN_SIGNAL && r->deaf && !atomic_load(&r->over)))
        continue;
    if (atomic_load(&r->over)) return NULL;
    pthread_mutex_lock(&r->lock);
    stopped(r, &f);
    say_at_last(r, f.text);
    _exit(FAILED);
}

static const int not_asking[] = {
    SIGSEGV, SIGBUS, SIGFPE, SIGILL,                                        // mistakes
    SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU,          // no end
    SIGPIPE, SIGXFSZ,                                                       // failed writes
};

static int watch_signals(run *r, fault *f)
{
    struct sigaction before;
    sigfillset(&r->signals);
    for (size_t i = 0; i < sizeof not_asking / sizeof *not_asking; i++)
        sigdelset(&r->signals, not_asking[i]);
    for (int i = 1; i <= SIGRTMAX; i++)
        if (sigaction(i, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
            sigdelset(&r->signals, i);
    signal(SIGPIPE, SIG_IGN);
    r->deaf = signal(OWN_SIGNAL, SIG_DFL) == SIG_IGN;
    sigaddset(&r->signals, OWN_SIGNAL);
    pthread_mutex_init(&r->lock, NULL);
    pthread_sigmask(SIG_BLOCK, &r->signals, NULL);
    const int error = pthread_create(&r->watch, NULL, watch, r);
    return error ? fault_set(f, "no thread to watch for signals: %s", strerror(error)) : 0;
}

static void call_off(run *r)
{
    atomic_store(&r->over, 1);
    if (pthread_kill(r->watch, OWN_SIGNAL) == 0) pthread_join(r->watch, NULL);
}

/* Write the log and the results */
/* Give up the log */
static void give_up_log(run *r)
{
    fault f;
    fault_set(&f, "%s: %s\n     the run goes on, and nothing more is written there", r->log,
              strerror(errno));
    warn(r, &f, "");
    fclose(r->table);
    r->table = NULL;
}

/* Add a row to the log */
static void log_row(run *r)
{
    const uint64_t chunks = epoch_of(r), step = r->c.l.step;
    const uint64_t within = step % chunks ? step % chunks : chunks;
    double bits = training_bits(r->c.l.loss, characters_between(r, step - within, step));
    double rate = characters_between(r, r->shown.first, step) / r->shown.stepping;
    fprintf(r->table, "%" PRIu64 "\t%.3f\t%.4f\t", step,
            (double)step / (double)chunks, bits);
    if (r->held) fprintf(r->table, "%.4f", r->shown.held);
    fprintf(r->table, "\t%.3f\t%.0f", r->shown.before + seconds() - r->shown.line.began, rate);
    if (!r->narrow && step > r->shown.first)
        fprintf(r->table, "\t%.4g\t%.4g", r->t.norm, training_rate(&r->c.set, step));
    else if (!r->narrow) fputs("\t\t", r->table);
    fputc('\n', r->table);
    if (fflush(r->table) != 0) give_up_log(r);
}

/* Note whether this network is the best so far */
static void note_best(run *r, double bits)
{
    if (r->c.best_step && !(bits < r->c.best_bits)) return;
    pthread_mutex_lock(&r->lock);
    learner_copy(&r->best, &r->c.l);
    r->c.best_step = r->c.l.step;
    r->c.best_bits = bits;
    pthread_mutex_unlock(&r->lock);
}

/* Measure what is held out */
/* To *bits, those of a character; 0, or -1 with errno. */
static int measure_held(run *r, const params *p, double *bits)
{
    const size_t before = r->c.apart ? 0 : 1, first = r->count - r->held - before;
    const plan *list = &r->held_plan;
    double nats = 0, made = (double)(r->held + before - 1);
    const int status = r->c.items ? plan_evaluate(&nats, list, p)
        : measure(&nats, p, &r->all, first, r->held + before, r->threads, "held-out text", &r->shown.line);
    if (r->c.items) made = (double)list->made[list->chunks];
    *bits = training_bits(nats, made);
    return status;
}

/* Report the end of an epoch */
static void report(run *r)
{
    double bits = 0;
    fault f;
    const int over = r->c.l.step == r->c.set.steps;
    const params *p = &r->c.l.theta;
    status_line *line = &r->shown.line;
    if (r->held && measure_held(r, p, &bits) != 0) {
        no_memory(r, &f);
        warn(r, &f, "");
    } else if (r->held) {
        r->shown.held = bits;
        note_best(r, r->shown.held);
    }
    if (r->table) log_row(r);
    if (r->c.l.step == r->shown.first) return;
    if (line->terminal || over || line_is_due(line)) progress_draw(r);
}

/* Print a loss */
static void print_loss(const char *where, double bits)
{
    char choices[64];
    printf("%-11s %.3f bits per character, perplexity %s\n", where, bits,
           perplexity(choices, sizeof choices, 2, exp2(bits)));
}

/* Say which network is kept */
/* Whether the usual share would be nothing; of none, or of less, that is no reason. */
static int is_short(const run *r)
{
    const size_t usual = r->c.items ? r->list.count / 10 : training_held_out(r->count);
    return usual == 0 && r->fraction > 0;
}

static void print_best(const run *r)
{
    const uint64_t step = r->c.l.step, best = r->c.best_step;
    printf("best        step %" PRIu64 " of %" PRIu64, best ? best : step, r->c.set.steps);
    if (r->held == 0 && is_short(r)) printf(", the last: so short a text has nothing to hold out");
    else if (r->held == 0) printf(", the last: nothing is held out");
    else if (best == 0) printf(", the last: nothing was measured");
    else if (best == step) printf(", the last");
    else if (r->shown.held >= 0) printf("; the last has %.3f bits, held out", r->shown.held);
    putchar('\n');
    if (is_out_of_patience(r))
        printf("stopped     after step %" PRIu64 ": %" PRIu64 " reading%s brought nothing better\n",
               step, r->c.patience, r->c.patience == 1 ? "" : "s");
}

/* Print the figures */
static void print_figures(const run *r, double bits)
{
    const progress *p = &r->shown;
    const double done = characters_between(r, p->first, r->c.l.step);
    printf("network     %zu characters, %zu hidden units (%s), %zu parameters\n",
           r->c.v.count, r->c.set.hidden, cells_names[r->c.set.cell], r->c.l.theta.count);
    if (r->c.items)
        printf("items       %zu, and %zu held out\n", r->lessons, r->list.count - r->lessons);
    printf("speed       %.0f characters in %.1f s, %.0f a second\n",
           done, p->stepping, done / p->stepping);
    print_loss("training", bits);
    if (r->c.best_step) print_loss("held out", r->c.best_bits);
    print_best(r);
    putchar('\n');
}

/* Print a sample */
enum { SAMPLE = 400, SAMPLES = 5 };

static int print_sample(const run *r, const learner *l, fault *f)
{
    sampler s;
    random_state chance = l->generator;
    random_seed(&chance, random_bits(&chance) + l->step);
    if (sampler_alloc(&s, &l->theta) != 0) return no_memory(r, f);
    for (int i = 0; i < (r->c.items ? SAMPLES : 1); i++) {
        /* Print one sample, or one item */
        const uint32_t line_break = r->list.line_break, ends[] = {line_break, line_break};
        const manner how = {.tau = 0.7, .length = r->c.items ? SAMPLE / SAMPLES : SAMPLE, .until = ends,
                            .ends = r->list.ends};
        sampler_begin(&s, &r->c.v);
        const uint32_t last = sampler_speak(&s, stdout, &r->c.v, &how, &chance);
        if (r->c.items && last != line_break) putchar('\n');
    }
    sampler_free(&s);
    puts(r->c.items ? "" : "\n");
    return finish_output(f);
}

/* Print a sample on the way */
static void sample_on_the_way(run *r)
{
    fault f;
    wipe(&r->shown.line);
    printf("--- step %" PRIu64 "\n", r->c.l.step);
    if (print_sample(r, &r->c.l, &f) == 0) return;
    warn(r, &f, "\n     training goes on, without samples");
    r->sample_every = 0;
}

/* Say what to try next */
static void advise(const run *r, double bits)
{
    char quoted[FAULT_QUOTED];
    const double blind = log2((double)r->c.v.count);
    fault_quote(quoted, r->kept ? r->kept : "net.safetensors");
    if (!r->save) fprintf(stderr, "To keep it:     add --save %s\n", quoted);
    if (r->kept || !r->save)
        fprintf(stderr, "Let it go on:   %s sample --load %s %s\n", r->program, quoted,
                r->c.items ? "--count 20" : "--length 2000");
    fputs("To improve it:  ", stderr);
    if (blind <= 0)
        fputs("there is nothing to learn; a text with more than one character helps\n", stderr);
    else if (bits > blind + 0.5)
        fprintf(stderr, "it has gone astray: blind guessing would cost %.2f bits, not %.2f;\n"
                "                try a smaller --lr (it was %g)\n", blind, bits, r->c.set.rate);
    else if (r->c.best_step && r->c.best_bits > bits + 0.4)
        /* Say that it knows the text better than the language */
        fprintf(stderr, "it knows this text better than the language (%.2f bits, and %.2f "
                "held out);\n                a longer text helps most, then a smaller "
                "--hidden\n", bits, r->c.best_bits);
    else if (r->c.best_step && r->c.best_step < r->c.l.step)
        fprintf(stderr, "it got no better after step %" PRIu64 "; try --steps %" PRIu64
                ", or a longer text\n", r->c.best_step, r->c.best_step);
    else
        fprintf(stderr, "it can still learn; try --steps %" PRIu64 ", or --hidden %zu\n",
                2 * r->c.set.steps, 2 * r->c.set.hidden);
}

/* Judge a network by what it was trained on */
enum { JUDGED = 1 << 17 };     // characters

static int judge(run *r, const params *theta, double *bits)
{
    const size_t train = r->count - r->held, judged = train < JUDGED ? train : JUDGED;
    double nats = 0, made = (double)(judged - 1);
    plan last;
    size_t first = r->lessons, size = 0;
    int status = 0;
    if (r->c.items) {
        /* Judge it by the last items */
        do size += items_predictions(&r->list, --first);
        while (first > 0 && size < JUDGED);
        status = plan_alloc(&last, &r->list, first, r->lessons - first, 8, r->c.set.length);
        if (status == 0) status = plan_evaluate(&nats, &last, theta);
        made = (double)size;
        plan_free(&last);
    } else
        status = measure(&nats, theta, &r->all, train - judged, judged, r->threads,
                         "training text", &r->shown.line);
    *bits = training_bits(nats, made);
    return status;
}

/* Conclude a run */
static int run_conclude(run *r, fault *f)
{
    double bits = 0;
    const learner *best = r->c.best_step ? &r->best : &r->c.l;
    if (judge(r, &best->theta, &bits) != 0) return no_memory(r, f);
    wipe(&r->shown.line);
    print_figures(r, bits);
    const int status = print_sample(r, best, f);
    advise(r, bits);
    return status;
}

/* See what is due after a step */
static void look_around(run *r)
{
    const uint64_t step = r->c.l.step;
    const int last = step == r->c.set.steps, ends = ends_an_epoch(r);
    if (r->save && last) save_quietly(r);
    if (last || ends) report(r);
    const int over = last || is_out_of_patience(r);
    if (r->save && over) save_or_warn(r, save_somewhere, "");
    else if (r->save && (r->save_every ? step % r->save_every == 0 : ends))
        save_or_warn(r, save_now, "\n     training goes on");
    if (r->sample_every && step % r->sample_every == 0 && !over) sample_on_the_way(r);
}

/* Say that training blew up */
static int blown_up(run *r, uint64_t step, fault *f)
{
    char kept[FAULT_QUOTED + 96] = "", quoted[FAULT_QUOTED];
    char decay[64] = "";
    if (r->save && r->saved_best != r->c.best_step) save_or_warn(r, save_somewhere, "");
    /* Say what is still good */
    if (r->kept)
        snprintf(kept, sizeof kept, "\n     what was saved after step %" PRIu64 "%s is still good: %s",
                 r->saved, r->saved && r->saved == r->c.best_step ? ", the best," : "",
                 fault_quote(quoted, r->kept));
    else if (r->save) strcpy(kept, "\n     nothing has been saved");
    if (r->c.set.decay > 0)
        snprintf(decay, sizeof decay, " or --weight-decay (it was %g)", r->c.set.decay);
    return fault_set(f, "step %" PRIu64 ": the numbers of the network are past all bounds, and "
                     "training stops%s\n     try a smaller --lr (it was %g)%s%s", step, kept,
                     r->c.set.rate, decay, r->c.set.clip > 0 ? "" : ", or --clip 1");
}

/* Find out whether a report is missing */
static int report_is_missing(const run *r)
{
    const uint64_t step = r->c.l.step;
    return step > 0 && ends_an_epoch(r) && !(r->table && step <= r->logged);
}

/* Learn */
static int run_learn(run *r, fault *f)
{
    learner *l = &r->c.l;
    pthread_mutex_lock(&r->lock);
    progress_begin(r);
    r->begun = 1;
    pthread_mutex_unlock(&r->lock);
    if (report_is_missing(r)) report(r);
    while (l->step < r->c.set.steps && !is_out_of_patience(r)) {
        /* Take a step, and change the learner under the lock */
        const uint64_t step = l->step + 1;
        const double began = seconds(), nats = training_gradient(&r->t, l, &r->c.set);
        pthread_mutex_lock(&r->lock);
        r->blown = training_update(&r->t, l, &r->c.set, nats) != 0;
        pthread_mutex_unlock(&r->lock);
        if (r->blown) return blown_up(r, step, f);
        r->shown.stepping += seconds() - began;
        progress_step(r, nats);
        look_around(r);
    }
    pthread_mutex_lock(&r->lock);
    r->ended = 1;
    pthread_mutex_unlock(&r->lock);
    return 0;
}

/* Release a run */
static void run_free(run *r)
{
    if (r->t.shards) trainer_free(&r->t);
    checkpoint_free(&r->c);
    checkpoint_free(&r->from);
    text_free(&r->all);
    learner_free(&r->best);
    plan_free(&r->plan);
    plan_free(&r->held_plan);
    items_free(&r->list);
    free(r->last);
    free(r->rescued);
    if (r->table) fclose(r->table);
}

/* Train on a text */
static int command_train(int argc, char **argv)
{
    run r;
    fault f = {""};
    int status = run_options(&r, argc, argv, &f);
    if (status == GO_ON && watch_signals(&r, &f) != 0) return complain(FAILED, "train", &f);
    if (status == GO_ON) {
        const int done = run_prepare(&r, &f) == 0 && run_learn(&r, &f) == 0
            && run_conclude(&r, &f) == 0;
        status = complain(done && !r.failed ? DONE : FAILED, "train", &f);
        call_off(&r);
        run_free(&r);
        return status;
    }
    run_free(&r);
    return complain(status, "train", &f);
}

/* The command sample */
/* What is asked of a network that speaks */
typedef struct {
    const char *load, *prompt, *prompt_file, *until;
    uint64_t seed, count;
    manner how;
    text read, ends;    // the prompt, and what is to end a sample
    uint32_t *ending;   // symbols of the latter
} request;

/* The table of sample */
static void sample_table(flag_table *t, void *of_request)
{
    request *q = of_request;
    *q = (request){.seed = 1, .count = 1, .how = {.tau = 0.7, .length = 500}};
    const flag rows[] = {
        /* The flags of sample */
        HEADING("Options"),
        FLAG(FILE, "load", "FILE", &q->load, 0, "a network saved by rnn train (needed)"),
        FLAG(WORD, "prompt", "TEXT", &q->prompt, 0, "what it should continue"),
        FLAG(FILE, "prompt-file", "FILE", &q->prompt_file, 0, "or: a file with that"),
        FLAG(LONG, "length", "N", &q->how.length, 0, "characters to write"),
        FLAG(WORD, "until", "TEXT", &q->until, 0, "or fewer: end after this has been written"),
        FLAG(LONG, "count", "N", &q->count, 1, "samples, a line break between two"),
        FLAG(LONG, "seed", "N", &q->seed, 0, "another seed, another text"),
        HEADING("How bold it is"),
        FLAG(NUMBER, "temperature", "X", &q->how.tau, 0, "0 timid, 1 as learned, above wild"),
        FLAG(SIZE, "top-k", "K", &q->how.top_k, 0, "draw one of the K most probable; 0: of all"),
        FLAG(SHARE, "top-p", "P", &q->how.top_p, 0, "or of those with the share P together; 0: of all"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* Insist on a network to load */
static int need(const char *load, fault *f)
{
    if (load) return GO_ON;
    fault_set(f, "--load FILE is missing");
    return MISUSED;
}

/* Read the prompt */
static int read_prompt(request *q, const vocabulary *v, fault *f)
{
    const char *said = q->prompt ? q->prompt : "";
    status_line line = line_begin();
    if (q->prompt_file)
        return read_text(&q->read, q->prompt_file, &line, f) == 0
            ? text_number(&q->read, v, q->prompt_file, f) : -1;
    if (text_decode(&q->read, "--prompt", said, strlen(said), f) != 0) return -1;
    return text_number(&q->read, v, "--prompt", f);
}

static int read_ending(request *q, const checkpoint *c, fault *f)
{
    const vocabulary *v = &c->v;
    if (!q->until && c->items) q->until = c->items == ITEMS_LINE ? "\n" : "\n\n";
    if (!q->until) return 0;
    if (text_decode(&q->ends, "--until", q->until, strlen(q->until), f) != 0
        || text_number(&q->ends, v, "--until", f) != 0) return -1;
    q->ending = calloc(q->ends.count + 1, sizeof *q->ending);
    if (!q->ending) return fault_set(f, "--until: not enough memory");
    for (size_t i = 0; i < q->ends.count; i++) q->ending[i] = text_symbol(&q->ends, i);
    q->how.until = q->ending;
    q->how.ends = q->ends.count;
    return 0;
}

static uint32_t say_prompt(sampler *s, const vocabulary *v, const text *prompt)
{
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < prompt->count; i++) {
        char bytes[4];
        last = text_symbol(prompt, i);
        fwrite(bytes, 1, characters_encode(bytes, v->codes[last]), stdout);
        sampler_read(s, last);
    }
    return last;
}

/* Speak on from the prompt */
static int speak_on(sampler *s, checkpoint *c, request *q, fault *f)
{
    if (read_prompt(q, &c->v, f) != 0 || read_ending(q, c, f) != 0) return -1;
    const int shown = isatty(STDOUT_FILENO);
    if (shown) setvbuf(stdout, NULL, _IONBF, 0);
    random_seed(&c->l.generator, q->seed);
    for (uint64_t i = 0; i < q->count && !ferror(stdout); i++) {
        /* Speak once, and end the line if another sample follows */
        sampler_begin(s, &c->v);
        uint32_t last = say_prompt(s, &c->v, &q->read);
        const uint32_t drawn = sampler_speak(s, stdout, &c->v, &q->how, &c->l.generator);
        if (drawn != UINT32_MAX) last = drawn;
        const int broken = last != UINT32_MAX && c->v.codes[last] == '\n';
        if (q->count > 1 ? !broken : shown) putchar('\n');
    }
    return finish_output(f);
}

/* Speak as requested */
static int speak(request *q, fault *f)
{
    checkpoint c;
    sampler s;
    if (is_written(q->load, f) || is_written(q->prompt_file, f)) return -1;
    if (checkpoint_network(&c, q->load, f) != 0) return -1;
    int status = sampler_alloc(&s, &c.l.theta);
    if (status == 0) {
        status = speak_on(&s, &c, q, f);
        sampler_free(&s);
    } else {
        fault_set(f, "%s: not enough memory", q->load);
    }
    checkpoint_free(&c);
    return status;
}

/* Let a network speak */
static int command_sample(int argc, char **argv)
{
    request q;
    flag_table t;
    fault f = {""};
    sample_table(&t, &q);
    int status = arguments(&t, argc, argv, "sample", NULL, &f);
    if (status == GO_ON) status = need(q.load, &f);
    if (status == GO_ON && q.prompt && q.prompt_file)
        status = (fault_set(&f, "--prompt and --prompt-file both say what to continue; "
                            "leave one of them out"), MISUSED);
    if (status == GO_ON) status = speak(&q, &f) == 0 ? DONE : FAILED;
    text_free(&q.read);
    text_free(&q.ends);
    free(q.ending);
    return complain(status, "sample", &f);
}

/* The commands eval and info */
/* The table of eval */
typedef struct {
    const char *load, *path;
    size_t threads;
} measurement;

static void eval_table(flag_table *t, void *of_measurement)
{
    measurement *m = of_measurement;
    *m = (measurement){.threads = 0};
    const flag rows[] = {
        HEADING("Options"),
        FLAG(FILE, "load", "FILE", &m->load, 0, "a network saved by rnn train (needed)"),
        FLAG(SIZE, "threads", "N", &m->threads, 1, "processors to use, by default all; changes no bit"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* Print what was measured */
static int print_measured(double nats, double predicted, fault *f)
{
    char choices[64];
    printf("characters            %.0f\n", predicted);
    printf("bits per character    %.4f\n", training_bits(nats, predicted));
    printf("perplexity            %s\n",
           perplexity(choices, sizeof choices, 4, training_perplexity(nats, predicted)));
    return finish_output(f);
}

/* Measure it on the items of this text */
static int measure_items(const checkpoint *c, text *t, const char *path, fault *f)
{
    items list;
    plan p = {0};
    double nats = 0, made = 0;
    if (has_returns(t, 0, t->count, path, f)) return -1;
    if (text_number(t, &c->v, path, f) != 0) return -1;
    int status = items_alloc(&list, c->items, t, (uint32_t)vocabulary_find(&c->v, '\n'), 0);
    if (status == 0 && list.count == 0) {
        items_free(&list);
        return no_item(path, f);
    }
    if (status == 0) status = plan_alloc(&p, &list, 0, list.count, 8, 64);
    if (status == 0) status = plan_evaluate(&nats, &p, &c->l.theta);
    if (status == 0) made = (double)p.made[p.chunks];
    plan_free(&p), items_free(&list);
    if (status != 0) return fault_set(f, "%s: not enough memory", path);
    return print_measured(nats, made, f);
}

/* Measure it on this text */
static int measure_text(const checkpoint *c, text *t, const char *path, size_t threads,
                        status_line *line, fault *f)
{
    double nats = 0, predicted = (double)(t->count - 1);
    if (c->items) return measure_items(c, t, path, f);
    if (t->count < 2)
        return fault_set(f, "%s: a single character; there is nothing to predict", path);
    if (text_number(t, &c->v, path, f) != 0) return -1;
    if (measure(&nats, &c->l.theta, t, 0, t->count, threads, "this text", line) != 0)
        return fault_set(f, "%s: not enough memory", path);
    return print_measured(nats, predicted, f);
}

/* Measure a loaded network */
static int measure_file(const char *load, const char *path, size_t threads, fault *f)
{
    checkpoint c;
    text t;
    if (is_written(load, f) || is_written(path, f)) return -1;
    if (checkpoint_network(&c, load, f) != 0) return -1;
    status_line line = line_begin();
    int status = read_text(&t, path, &line, f);
    if (status == 0) {
        status = measure_text(&c, &t, path, threads, &line, f);
        text_free(&t);
    }
    checkpoint_free(&c);
    return status;
}

/* Measure a network on a text */
static int command_eval(int argc, char **argv)
{
    measurement m;
    flag_table t;
    fault f = {""};
    eval_table(&t, &m);
    int status = arguments(&t, argc, argv, "eval", &m.path, &f);
    if (status == GO_ON) status = need(m.load, &f);
    if (status == GO_ON)
        status = measure_file(m.load, m.path, threads_or_all(m.threads), &f) == 0 ? DONE : FAILED;
    return complain(status, "eval", &f);
}

/* The table of info */
typedef struct {
    const char *path;
    int form;
} look;

static void info_table(flag_table *t, void *of_look)
{
    look *l = of_look;
    *l = (look){.form = SHOW_TABLE};
    const flag rows[] = {
        HEADING("Options"),
        CHOICE("format", &l->form, show_forms, "table, or json for programs, with all digits"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* Look into this file */
static int look_into(const char *path, int form, fault *f)
{
    safetensors s;
    if (is_written(path, f)) return -1;
    if (safetensors_open(&s, path, f) != 0) return -1;
    const int status = show_file(stdout, &s, form, f);
    safetensors_close(&s);
    return status == 0 ? finish_output(f) : status;
}

/* Look into a file */
static int command_info(int argc, char **argv)
{
    look l;
    flag_table t;
    fault f = {""};
    info_table(&t, &l);
    int status = arguments(&t, argc, argv, "info", &l.path, &f);
    if (status == GO_ON) status = look_into(l.path, l.form, &f) == 0 ? DONE : FAILED;
    return complain(status, "info", &f);
}

/* The table of import */
typedef struct {
    const char *path, *save;
    habits is;
    int type;
} foreign;

static void import_table(flag_table *t, void *of_foreign)
{
    foreign *g = of_foreign;
    *g = (foreign){.path = NULL};
    const flag rows[] = {
        HEADING("Options"),
        FLAG(FILE, "save", "FILE", &g->save, 0, "where the network goes (needed)"),
        FLAG(FILE, "vocab", "FILE", &g->is.vocab, 0, "its characters in the order of their columns, as\n"
             "                         they first come in this file"),
        FLAG(WORD, "decoder", "NAME", &g->is.decoder, 0, "the last layer, where two would fit"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

static const char *const export_types[] = {"F32", "F16", "BF16", NULL};

static void export_table(flag_table *t, void *of_foreign)
{
    foreign *g = of_foreign;
    *g = (foreign){.is = our_habits};
    const flag rows[] = {
        HEADING("Options"),
        FLAG(FILE, "save", "FILE", &g->save, 0, "where the weights go (needed)"),
        FLAG(FILE, "vocab", "FILE", &g->is.vocab, 0, "characters in the order of their columns, as they\n"
             "                         first come in this file; otherwise sorted"),
        FLAG(WORD, "layer", "NAME", &g->is.layer, 0, "what the hidden layer is called; by default rnn"),
        FLAG(WORD, "decoder", "NAME", &g->is.decoder, 0, "what the last layer is called; by default decoder"),
        CHOICE("type", &g->type, export_types, "F32, or halves: F16 or BF16"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* Import a file */
static int see_save(const foreign *g, fault *f)
{
    const char *const read[] = {g->path, g->is.vocab};
    for (int i = 0; i < 2; i++)
        if (read[i] && replacement_same(read[i], g->save)) return used_twice(g->save, "", f);
    return keep_other(g->save, NULL, f);
}

static int command_import(int argc, char **argv)
{
    foreign g;
    flag_table t;
    fault f = {""};
    import_table(&t, &g);
    int status = arguments(&t, argc, argv, "import", &g.path, &f);
    if (status == GO_ON && !g.save) status = (fault_set(&f, "--save FILE is missing"), MISUSED);
    if (status == GO_ON)
        status = see_save(&g, &f) == 0 && import_network(g.path, &g.is, g.save, &f) == 0 ? DONE : FAILED;
    return complain(status, "import", &f);
}

static int is_name(const char *option, const char *name, fault *f)
{
    for (const char *at = name; *at;) {
        const character c = characters_next((const unsigned char *)at, strlen(at));
        if (c.wrong) {
            fault_set(f, "%s: not UTF-8: %s", option, c.wrong);
            return 0;
        }
        at += c.size;
    }
    return 1;
}

static int command_export(int argc, char **argv)
{
    foreign g;
    flag_table t;
    fault f = {""};
    export_table(&t, &g);
    int status = arguments(&t, argc, argv, "export", &g.path, &f);
    if (status == GO_ON && !g.save) status = (fault_set(&f, "--save FILE is missing"), MISUSED);
    if (status == GO_ON
        && (!is_name("--layer", g.is.layer, &f) || !is_name("--decoder", g.is.decoder, &f))) status = MISUSED;
    if (g.type) g.is.type = export_types[g.type];
    if (status == GO_ON)
        status = see_save(&g, &f) == 0 && export_network(g.path, &g.is, g.save, &f) == 0 ? DONE : FAILED;
    return complain(status, "export", &f);
}

/* Declare the command manual */
static int command_manual(int argc, char **argv);

static void manual_table(flag_table *t, void *of_form)
{
    int *form = of_form;
    *form = MANUAL_PAGE;
    const flag rows[] = {
        HEADING("Options"),
        CHOICE("for", form, manual_forms, "man, a page for it; bash or zsh, a completion"),
    };
    flags_fill(t, rows, sizeof rows / sizeof *rows);
}

/* What each command is for */
static const struct {
    manual_entry is;
    int (*run)(int, char **);
    void (*table)(flag_table *t, void *values);
} commands[] = {
    {{"train", "[options] TEXT ...", "Learns to continue a text, character by character.",
     "rnn train --epochs 20 --save net.safetensors data/hamlet.txt", NULL}, command_train, train_table},
    {{"sample", "--load FILE [options]", "Lets a network speak.",
     "rnn sample --load net.safetensors --prompt 'HAMLET'", NULL}, command_sample, sample_table},
    {{"eval", "--load FILE TEXT", "Measures a network on a text.",
     "rnn eval --load net.safetensors data/hamlet.txt", NULL}, command_eval, eval_table},
    {{"info", "[options] FILE", "Shows what is in a safetensors file.",
     "rnn info net.safetensors", NULL}, command_info, info_table},
    {{"import", "--save OUT FILE", "Makes a network of rnn out of one that PyTorch has saved.",
     "rnn import --vocab text.txt --save net.safetensors theirs.safetensors", NULL}, command_import, import_table},
    {{"export", "--save OUT FILE", "Writes the weights of a network as another program wants them.",
     "rnn export --type F16 --layer lstm --decoder head --save theirs.safetensors net.safetensors", NULL}, command_export, export_table},
    {{"manual", "[options]", "Prints a page of the manual, or what a shell needs to complete words.",
     "rnn manual --for bash > ~/.local/share/bash-completion/completions/rnn", NULL}, command_manual, manual_table},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* The command manual */
typedef union { run r; request q; measurement m; look l; foreign g; int form; } values;

static int write_manual(int form, fault *f)
{
    values all[COMMANDS];
    flag_table tables[COMMANDS];
    manual_entry entries[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++) {
        commands[i].table(&tables[i], &all[i]);
        entries[i] = commands[i].is;
        entries[i].options = &tables[i];
    }
    manual_write(stdout, form, entries, COMMANDS, VERSION);
    return finish_output(f);
}

static int command_manual(int argc, char **argv)
{
    flag_table t;
    int form;
    fault f = {""};
    manual_table(&t, &form);
    int status = arguments(&t, argc, argv, "manual", NULL, &f);
    if (status == GO_ON) status = write_manual(form, &f) == 0 ? DONE : FAILED;
    return complain(status, "manual", &f);
}

/* Show the help of a command */
static void usage(FILE *out, const char *command, const flag_table *t)
{
    size_t i = 0;
    while (strcmp(commands[i].is.name, command) != 0) i++;
    const manual_entry *is = &commands[i].is;
    fprintf(out, "Usage: rnn %s %s\n\n%s\n", is->name, is->line, is->purpose);
    flags_show(out, t->list, t->count);
    fprintf(out, "\nExample: %s\n", is->example);
}

/* Show the help of the program */
static void overview(FILE *out)
{
    fputs("Usage: rnn COMMAND …\n\n"
          "A recurrent network that learns a text character by character.\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  rnn %-8s%-24s%s\n",
                commands[i].is.name, commands[i].is.line, commands[i].is.purpose);
    fputs("\n“rnn COMMAND --help” lists the options of a command, “rnn --version” says which rnn "
          "this is.\n",
          out);
}

/* Keep the numbers of input and output taken */
static void keep_descriptors(void)
{
    for (int i = 0; i < 3; i++)
        if (fcntl(i, F_GETFD) < 0 && open("/dev/null", i ? O_RDONLY : O_WRONLY) < 0) _exit(FAILED);
}

/* Choose the command */
static int run_command(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(wanted, commands[i].is.name) == 0) {
            argv[1] = argv[0];
            return commands[i].run(argc - 1, argv + 1);
        }
    /* Help, or complain about the command */
    if (strcmp(wanted, "--help") == 0 || strcmp(wanted, "-h") == 0
        || strcmp(wanted, "help") == 0) {
        overview(stdout);
        return DONE;
    }
    if (strcmp(wanted, "--version") == 0) {
        puts("rnn " VERSION);
        return DONE;
    }
    if (*wanted) fprintf(stderr, "rnn: there is no command “%s”\n\n", wanted);
    overview(stderr);
    return MISUSED;
}

int main(int argc, char **argv)
{
    fault f = {""};
    keep_descriptors();
    signal(SIGXFSZ, SIG_IGN);
    const int status = run_command(argc, argv);
    if (status != DONE || finish_output(&f) == 0) return status;
    fprintf(stderr, "rnn: %s\n", f.text);
    return FAILED;
}
