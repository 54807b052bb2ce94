/* generated from chapters/13-command.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE             // for _SC_PHYS_PAGES and _SC_NPROCESSORS_ONLN
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "checkpoint.h"
#include "flags.h"
#include "safetensors.h"
#include "sampling.h"

static void usage(FILE *out, const char *command, const flag *flags, size_t count);
/* Complain, and choose the exit status */
enum { DONE, FAILED, MISUSED, GO_ON };

static int complain(int status, const char *command, const fault *f)
{
    if (status != DONE) fprintf(stderr, "rnn %s: %s\n", command, f->text);
    if (status == MISUSED)
        fprintf(stderr, "     rnn %s --help shows what there is\n", command);
    return status;
}

/* Read flags and one argument */
static int arguments(flag *flags, size_t count, int argc, char **argv,
                     const char *command, const char **argument, fault *f)
{
    int at = flags_read(flags, count, argc, argv, f);
    if (at == FLAGS_HELP) {
        usage(stdout, command, flags, count);
        return DONE;
    }
    if (at < 0) return MISUSED;
    if (argument && at < argc) *argument = argv[at++];
    else if (argument) at = fault_set(f, "the name of a file is missing");
    if (at >= 0 && at < argc) at = fault_set(f, "“%s” is one argument too many", argv[at]);
    return at < 0 ? MISUSED : GO_ON;
}

/* Finish the output */
static int finish_output(fault *f)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return 0;
    return fault_set(f, "standard output: %s", strerror(errno));
}

/* The command train */
/* What is known about the progress */
typedef struct {
    int terminal;
    uint64_t first;         // step at which this process began
    double began, drawn;    // seconds on the clock: start, and last line
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
    const char *text, *log, *save, *resume;
    uint32_t *symbols;  // the whole text
    size_t count, held; // its characters, and how many of them are held out
    trainer t;
    progress shown;
    FILE *table; // the log, if there is one
} run;

/* What a run is by default */
static const double usual_rate[] = {1, 0.05, 0.01};     // of sgd, adagrad, adam

static run usual_run(void)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    run r = {.threads = processors > 0 ? (size_t)processors : 1};
    r.c.set = (settings){.hidden = 128, .length = 50, .streams = 16, .steps = 2500,
                         .clip = 1, .optimiser = ADAM, .schedule = COSINE, .seed = 1};
    r.c.set.rate = usual_rate[ADAM];
    return r;
}

/* Find out whether a flag was given */
static const flag *flag_named(const flag *flags, const char *name)
{
    while (strcmp(flags->name, name) != 0) flags++;
    return flags;
}

static int given(const flag *flags, const char *name)
{
    return flag_named(flags, name)->given;
}

/* Take over the settings of the run to be resumed */
static int take_over(run *r, const flag *flags, fault *f)
{
    const settings asked = r->c.set;
    settings *set = &r->c.set;
    if (checkpoint_load(&r->c, r->resume, f) != 0) return -1;
    if (!r->c.resumable)
        return fault_set(f, "%s: this holds a network, and nothing about its training",
                         r->resume);
    /* Refuse to change what cannot be changed */
    const char *const names[] = {"hidden", "seed", "seq-len", "batch", "optimizer"};
    const int same[] = {asked.hidden == set->hidden, asked.seed == set->seed,
                        asked.length == set->length, asked.streams == set->streams,
                        asked.optimiser == set->optimiser};
    for (int i = 0; i < 5; i++)
        if (given(flags, names[i]) && !same[i])
            return fault_set(f, "--%s: the run in %s has another one, which cannot change\n"
                             "     leave the option out, or begin anew without --resume",
                             names[i], r->resume);
    /* Change what may be changed */
    if (given(flags, "steps")) set->steps = asked.steps;
    else if (given(flags, "epochs")) set->steps = 0;
    if (given(flags, "lr")) set->rate = asked.rate;
    if (given(flags, "clip")) set->clip = asked.clip;
    if (given(flags, "schedule")) set->schedule = asked.schedule;
    return 0;
}

/* The usual learning rate */
static double rate_for(const settings *set)
{
    double rate = usual_rate[set->optimiser];
    if (set->optimiser == ADAM && set->hidden > 128)
        rate *= 128 / (double)set->hidden;
    return rate;
}

/* Read the options of train */
static int run_options(run *r, int argc, char **argv, fault *f)
{
    settings *set = &r->c.set;
    /* The flags of train */
    flag flags[] = {
        HEADING("Network"),
        FLAG(SIZE, "hidden", "N", &set->hidden, 1, "hidden units"),
        FLAG(LONG, "seed", "N", &set->seed, 0, "where chance begins"),
        HEADING("How the text is read"),
        FLAG(SIZE, "seq-len", "T", &set->length, 1, "characters per stream and step"),
        FLAG(SIZE, "batch", "B", &set->streams, 1, "streams read side by side"),
        FLAG(LONG, "steps", "N", &set->steps, 1, "steps to train"),
        FLAG(LONG, "epochs", "N", &r->epochs, 1, "or: readings of the text"),
        /* The flags of descent */
        HEADING("Descent"),
        CHOICE("optimizer", &set->optimiser, training_optimisers, "sgd, adagrad or adam"),
        FLAG(NUMBER, "lr", "X", &set->rate, 0, "learning rate; sgd 1, adagrad 0.05, adam\n"
             "                         0.01, or 1.28/N above 128 units"),
        CHOICE("schedule", &set->schedule, training_schedules, "constant or cosine"),
        FLAG(NUMBER, "clip", "X", &set->clip, 0, "largest norm of the gradient; 0: any"),
        HEADING("Machine"),
        FLAG(SIZE, "threads", "N", &r->threads, 1, "processors to use; changes no bit"),
        /* The flags of what is written */
        HEADING("What is written"),
        FLAG(WORD, "save", "FILE", &r->save, 0, "keep the network here (safetensors)"),
        FLAG(LONG, "save-every", "N", &r->save_every, 0, "steps between saves; 0: an epoch"),
        FLAG(WORD, "resume", "FILE", &r->resume, 0, "go on from here, and save here"),
        FLAG(WORD, "log", "FILE", &r->log, 0, "a table of the losses (tab-separated)"),
        FLAG(LONG, "sample-every", "N", &r->sample_every, 0, "steps between samples; 0: none"),
    };
    const size_t count = sizeof flags / sizeof *flags;
    int status = arguments(flags, count, argc, argv, "train", &r->text, f);
    if (status != GO_ON) return status;
    if (!given(flags, "lr")) set->rate = rate_for(set);
    if (!given(flags, "steps")) set->steps = given(flags, "epochs") ? 0 : set->steps;
    if (r->resume && !r->save) r->save = r->resume;
    if (r->resume && take_over(r, flags, f) != 0) return FAILED;
    return GO_ON;
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
    if (r->count == 1)
        return fault_set(f, "%s: a single character; there is nothing to predict", r->text);
    return fault_set(f, "%s: the text is too short: a step reads --batch %zu times "
                     "--seq-len %zu characters and one more,\n"
                     "     and of its %zu characters %zu are for training\n"
                     "     try --batch 1 --seq-len %zu", r->text, set->streams, set->length,
                     r->count, train, quarter < 1 ? 1 : quarter < 50 ? quarter : 50);
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

/* Check that there is enough memory */
static int check_memory(const run *r, fault *f)
{
    const settings *set = &r->c.set;
    size_t bytes, room = memory_of_machine();
    if (training_memory(&bytes, set, r->c.v.count) == 0 && bytes <= room) return 0;
    return fault_set(f, "--hidden %zu, --batch %zu and --seq-len %zu need more memory "
                     "than this machine has (%zu MB)\n     make one of them smaller",
                     set->hidden, set->streams, set->length, room >> 20);
}

/* Check that the sizes make sense */
static int check_sizes(run *r, fault *f)
{
    settings *set = &r->c.set;
    const size_t chunks = training_chunks(set, r->count - r->held);
    if (chunks == 0) return too_short(r, f);
    if (set->steps == 0 && __builtin_mul_overflow(r->epochs, chunks, &set->steps))
        return fault_set(f, "--epochs: so many steps cannot be counted");
    if (r->c.l.step >= set->steps)
        return fault_set(f, "%s: this run has done %" PRIu64 " steps, and was to do %" PRIu64
                         "\n     a larger --steps goes on",
                         r->resume, r->c.l.step, set->steps);
    return check_memory(r, f);
}

/* Number the characters of the text */
static int take_text(run *r, const text *t, fault *f)
{
    const uint64_t fingerprint = checkpoint_fingerprint(t);
    /* Take the vocabulary of the text, or the text of the vocabulary */
    if (r->resume && (r->c.fingerprint != fingerprint || r->c.characters != t->count))
        return fault_set(f, "%s: this is not the text that the run in %s was trained on",
                         r->text, r->resume);
    if (!r->resume && vocabulary_alloc(&r->c.v, t) != 0) return no_memory(r, f);
    r->c.fingerprint = fingerprint;
    r->c.characters = r->count = t->count;
    r->held = training_held_out(t->count);
    r->symbols = calloc(t->count, sizeof *r->symbols);
    if (!r->symbols) return no_memory(r, f);
    return vocabulary_number(r->symbols, &r->c.v, t, r->text, f);
}

/* Read the text and number its characters */
static int read_symbols(run *r, fault *f)
{
    text t;
    if (text_read(&t, r->text, f) != 0) return -1;
    int status = take_text(r, &t, f);
    text_free(&t);
    return status;
}

/* Find out whether two paths are one file */
static int same_file(const char *one, const char *other)
{
    struct stat a, b;
    if (strcmp(one, other) == 0) return 1;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && S_ISREG(a.st_mode)
        && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Keep files apart */
static int keep_apart(const run *r, fault *f)
{
    const char *const files[] = {r->text, r->save, r->log, r->resume};
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 4; j++)
            if (files[i] && files[j] && !(i == 1 && j == 3)
                && same_file(files[i], files[j]))
                return fault_set(f, "%s: this file would be used for two things",
                                 files[j]);
    return 0;
}

/* The columns of the log */
#define LOG_COLUMNS \
    "step\tepoch\ttrain_bits\theld_out_bits\tseconds\tcharacters_per_second\n"

/* Forget the rows after a step */
static int forget_rows(FILE *log, uint64_t step)
{
    char row[512];
    long end = 0;
    while (fgets(row, sizeof row, log)
           && (row[0] == LOG_COLUMNS[0] || strtoull(row, NULL, 10) <= step))
        end = ftell(log);
    return end < 0 || fflush(log) != 0 ? -1 : ftruncate(fileno(log), end);
}

/* Open the log */
static int open_log(run *r, fault *f)
{
    FILE *old = r->resume ? fopen(r->log, "r+") : NULL;
    if (old) {
        int status = forget_rows(old, r->c.l.step);
        if (fclose(old) != 0 || status != 0)
            return fault_set(f, "%s: %s", r->log, strerror(errno));
    }
    r->table = fopen(r->log, old ? "a" : "w");
    if (r->table && !old) fputs(LOG_COLUMNS, r->table);
    if (!r->table || fflush(r->table) != 0)
        return fault_set(f, "%s: %s", r->log, strerror(errno));
    return 0;
}

/* Prepare a run */
static int run_prepare(run *r, fault *f)
{
    if (keep_apart(r, f) != 0) return -1;
    if (r->save && safetensors_try(r->save, f) != 0) return -1;
    if (read_symbols(r, f) != 0 || check_sizes(r, f) != 0) return -1;
    if (!r->resume) {
        /* Make a new network */
        if (learner_alloc(&r->c.l, &r->c.set, r->c.v.count) != 0) return no_memory(r, f);
        learner_start(&r->c.l, r->c.set.seed);
    }
    const size_t train = r->count - r->held;
    if (trainer_alloc(&r->t, &r->c.set, r->c.v.count, r->symbols, train, r->threads) != 0)
        return no_memory(r, f);
    return r->log ? open_log(r, f) : 0;
}

/* Show the progress */
/* Begin to measure */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void progress_begin(run *r)
{
    r->shown = (progress){.terminal = isatty(STDERR_FILENO),
                          .first = r->c.l.step,
                          .held = -1};
    r->shown.began = r->shown.drawn = seconds();
}

/* How many characters are trained on in some steps */
static double characters_of(const settings *set, uint64_t steps)
{
    return (double)steps * (double)set->length * (double)set->streams;
}

/* Estimate the time that is left */
static void time_left(char *spelt, size_t room, const run *r)
{
    const double done = (double)(r->c.l.step - r->shown.first);
    const double steps = (double)(r->c.set.steps - r->c.l.step);
    const double left = (seconds() - r->shown.began) / done * steps;
    if (left < 3600) snprintf(spelt, room, "%d:%02d", (int)left / 60, (int)left % 60);
    else snprintf(spelt, room, "%.1f hours", left / 3600);
}

/* Describe the progress */
static void describe(char *line, size_t room, const run *r)
{
    const settings *set = &r->c.set;
    const progress *p = &r->shown;
    const uint64_t done = r->c.l.step - p->first;
    const double epoch = (double)training_chunks(set, r->count - r->held);
    char held[32] = "", left[32];
    if (p->held >= 0) snprintf(held, sizeof held, " (held out %.3f)", p->held);
    time_left(left, sizeof left, r);
    snprintf(line, room, "epoch %.1f of %.1f  %.3f bits%s  %.0f k/s  %s left",
             (double)r->c.l.step / epoch, (double)set->steps / epoch, p->bits, held,
             characters_of(set, done) / p->stepping / 1000, left);
}

/* Draw the progress */
static void progress_draw(run *r)
{
    char line[128], bar[13] = "............";
    size_t full = (size_t)(12 * (double)r->c.l.step / (double)r->c.set.steps);
    memset(bar, '#', full < 12 ? full : 12);
    describe(line, sizeof line, r);
    if (r->shown.terminal) fprintf(stderr, "\r\033[K[%s] %s", bar, line);
    else fprintf(stderr, "%s\n", line);
    r->shown.drawn = seconds();
}

/* Wipe the progress off the terminal */
static void progress_wipe(const run *r)
{
    if (r->shown.terminal) fputs("\r\033[K", stderr);
}

/* Take notice of a step */
static void progress_step(run *r, double nats)
{
    progress *p = &r->shown;
    double bits = training_bits(nats, characters_of(&r->c.set, 1));
    p->bits = r->c.l.step == p->first + 1 ? bits : 0.98 * p->bits + 0.02 * bits;
    if (p->terminal && seconds() - p->drawn > 0.1) progress_draw(r);
}

/* Write the log and the results */
/* Add a row to the log */
static int log_row(const run *r)
{
    const settings *set = &r->c.set;
    const uint64_t chunks = training_chunks(set, r->count - r->held),
                   step = r->c.l.step;
    const uint64_t within = step % chunks ? step % chunks : chunks;
    double bits = training_bits(r->c.l.loss, characters_of(set, within));
    double rate = characters_of(set, step - r->shown.first) / r->shown.stepping;
    fprintf(r->table, "%" PRIu64 "\t%.3f\t%.4f\t", step,
            (double)step / (double)chunks, bits);
    if (r->held) fprintf(r->table, "%.4f", r->shown.held);
    fprintf(r->table, "\t%.3f\t%.0f\n", seconds() - r->shown.began, rate);
    return fflush(r->table);
}

/* Decide whether a plain line is due */
static int line_is_due(const progress *p)
{
    const double now = seconds(), pause = 0.05 * (now - p->began);
    return now - p->drawn > (pause > 2 ? pause : 2);
}

/* Report the end of an epoch */
static int report(run *r, fault *f)
{
    double nats = 0;
    const uint32_t *held = r->symbols + r->count - r->held - 1;
    if (r->held && training_evaluate(&nats, &r->c.l.theta, held, r->held + 1) != 0)
        return no_memory(r, f);
    if (r->held) r->shown.held = training_bits(nats, (double)r->held);
    if (r->table && log_row(r) != 0)
        return fault_set(f, "%s: %s", r->log, strerror(errno));
    if (r->shown.terminal || r->c.l.step == r->c.set.steps || line_is_due(&r->shown))
        progress_draw(r);
    return 0;
}

/* Print a loss */
static void print_loss(const char *where, double bits)
{
    printf("%-11s %.3f bits per character, perplexity %.2f\n", where, bits,
           exp2(bits));
}

/* Print the figures */
static void print_figures(const run *r, double bits)
{
    const progress *p = &r->shown;
    const double done = characters_of(&r->c.set, r->c.l.step - p->first);
    printf("network     %zu characters, %zu hidden units, %zu parameters\n",
           r->c.v.count, r->c.set.hidden, r->c.l.theta.count);
    printf("speed       %.0f characters in %.1f s, %.0f a second\n",
           done, p->stepping, done / p->stepping);
    print_loss("training", bits);
    if (r->held) print_loss("held out", p->held);
    putchar('\n');
}

/* Print a sample */
enum { SAMPLE = 400 };

static int print_sample(run *r, fault *f)
{
    sampler s;
    if (sampler_alloc(&s, &r->c.l.theta) != 0) return no_memory(r, f);
    sampler_begin(&s, &r->c.v);
    sampler_speak(&s, stdout, &r->c.v, SAMPLE, 0.7, &r->c.l.generator);
    sampler_free(&s);
    puts("\n");
    return finish_output(f);
}

/* Print a sample on the way */
static int sample_on_the_way(run *r, fault *f)
{
    progress_wipe(r);
    printf("--- step %" PRIu64 "\n", r->c.l.step);
    return print_sample(r, f);
}

/* Say what to try next */
static void advise(const run *r, double bits)
{
    const char *next = r->save ? r->save : "net.safetensors";
    if (!r->save) fprintf(stderr, "To keep it:     add --save %s\n", next);
    fprintf(stderr, "Let it go on:   rnn sample --load %s --length 2000\n", next);
    fputs("To improve it:  ", stderr);
    if (r->held && r->shown.held > bits + 0.4)
        fprintf(stderr, "it knows this text better than the language (%.2f bits, and %.2f "
                "held out);\n                a longer text helps most, then a smaller "
                "--hidden\n", bits, r->shown.held);
    else
        fprintf(stderr, "it can still learn; try --steps %" PRIu64 ", or --hidden %zu\n",
                2 * r->c.set.steps, 2 * r->c.set.hidden);
}

/* Say how to go on after an interruption */
static int stopped(const run *r, fault *f)
{
    char where[96];
    snprintf(where, sizeof where, "interrupted after step %" PRIu64 " of %" PRIu64,
             r->c.l.step, r->c.set.steps);
    if (!r->save) return fault_set(f, "%s; nothing is saved without --save", where);
    return fault_set(f, "%s; all of it is saved, and this goes on:\n"
                     "     rnn train --resume %s %s", where, r->save, r->text);
}

/* Conclude a run */
static int run_conclude(run *r, fault *f)
{
    double nats = 0;
    const size_t train = r->count - r->held;
    progress_wipe(r);
    if (r->c.l.step < r->c.set.steps) return stopped(r, f);
    if (training_evaluate(&nats, &r->c.l.theta, r->symbols, train) != 0)
        return no_memory(r, f);
    const double bits = training_bits(nats, (double)(train - 1));
    print_figures(r, bits);
    if (print_sample(r, f) != 0) return -1;
    advise(r, bits);
    return 0;
}

/* Watch for signals */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

static void watch_signals(void)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction ours = {.sa_handler = interrupt,
                             .sa_flags = (int)SA_RESETHAND},
                     before;
    for (int i = 0; i < 3; i++)
        if (sigaction(watched[i], NULL, &before) == 0
            && before.sa_handler != SIG_IGN)
            sigaction(watched[i], &ours, NULL);
}

/* Say that training blew up */
static int blown_up(const run *r, fault *f)
{
    return fault_set(f, "step %" PRIu64 ": the loss is not a finite number any more, and "
                     "training stops%s%s\n     try a smaller --lr%s", r->c.l.step + 1,
                     r->save ? "\n     what was last saved is still good: " : "",
                     r->save ? r->save : "", r->c.set.clip > 0 ? "" : ", or --clip 1");
}

/* Save on the way */
static void save_on_the_way(run *r, fault *f)
{
    if (checkpoint_save(&r->c, r->save, f) == 0) return;
    progress_wipe(r);
    fprintf(stderr, "rnn: %s\n     training goes on\n", f->text);
}

/* See what is due after a step */
static int look_around(run *r, fault *f)
{
    const uint64_t step = r->c.l.step;
    const int over = step == r->c.set.steps, last = over || interrupted;
    const int ends = step % training_chunks(&r->c.set, r->count - r->held) == 0;
    if ((over || ends) && report(r, f) != 0) return -1;
    if (r->sample_every && step % r->sample_every == 0 && !last
        && sample_on_the_way(r, f) != 0) return -1;
    if (!r->save) return 0;
    if (last) return checkpoint_save(&r->c, r->save, f);
    if (r->save_every ? step % r->save_every == 0 : ends) save_on_the_way(r, f);
    return 0;
}

/* Learn */
static int run_learn(run *r, fault *f)
{
    learner *l = &r->c.l;
    progress_begin(r);
    watch_signals();
    while (l->step < r->c.set.steps && !interrupted) {
        double began = seconds(), nats = training_step(&r->t, l, &r->c.set);
        if (!isfinite(nats)) return blown_up(r, f);
        r->shown.stepping += seconds() - began;
        progress_step(r, nats);
        if (look_around(r, f) != 0) return -1;
    }
    return 0;
}

/* Release a run */
static void run_free(run *r)
{
    if (r->t.shards) trainer_free(&r->t);
    checkpoint_free(&r->c);
    free(r->symbols);
    if (r->table) fclose(r->table);
}

/* Train on a text */
static int command_train(int argc, char **argv)
{
    run r = usual_run();
    fault f = {""};
    int status = run_options(&r, argc, argv, &f);
    if (status == GO_ON)
        status = run_prepare(&r, &f) == 0 && run_learn(&r, &f) == 0
            && run_conclude(&r, &f) == 0 ? DONE : FAILED;
    run_free(&r);
    return complain(status, "train", &f);
}

/* The command sample */
/* What is asked of a network that speaks */
typedef struct {
    const char *load, *prompt;
    uint64_t length, seed;
    double temperature;
} request;

/* Insist on a network to load */
static int need(const char *load, fault *f)
{
    if (load) return GO_ON;
    fault_set(f, "--load FILE is missing");
    return MISUSED;
}

/* Number a text for a network */
static int number_text(uint32_t **symbols, const vocabulary *v, const text *t,
                       const char *name, fault *f)
{
    *symbols = calloc(t->count + 1, sizeof **symbols);
    if (!*symbols) return fault_set(f, "%s: not enough memory", name);
    return vocabulary_number(*symbols, v, t, name, f);
}

/* Read the prompt */
static int read_prompt(sampler *s, const vocabulary *v, const char *prompt, fault *f)
{
    text t;
    uint32_t *symbols = NULL;
    if (text_decode(&t, "--prompt", prompt, strlen(prompt), f) != 0) return -1;
    int status = number_text(&symbols, v, &t, "--prompt", f);
    for (size_t i = 0; i < t.count && status == 0; i++) sampler_read(s, symbols[i]);
    free(symbols);
    text_free(&t);
    return status;
}

/* Speak on from the prompt */
static int speak_on(sampler *s, checkpoint *c, const request *q, fault *f)
{
    sampler_begin(s, &c->v);
    if (read_prompt(s, &c->v, q->prompt, f) != 0) return -1;
    if (isatty(STDOUT_FILENO)) setvbuf(stdout, NULL, _IONBF, 0);
    fputs(q->prompt, stdout);
    random_seed(&c->l.generator, q->seed);
    sampler_speak(s, stdout, &c->v, q->length, q->temperature, &c->l.generator);
    if (isatty(STDOUT_FILENO)) putchar('\n');
    return finish_output(f);
}

/* Speak as requested */
static int speak(const request *q, fault *f)
{
    checkpoint c;
    sampler s;
    if (checkpoint_load(&c, q->load, f) != 0) return -1;
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
    request q = {.prompt = "", .length = 500, .temperature = 0.7, .seed = 1};
    /* The flags of sample */
    flag flags[] = {
        HEADING("Options"),
        FLAG(WORD, "load", "FILE", &q.load, 0, "a network saved by rnn train (needed)"),
        FLAG(WORD, "prompt", "TEXT", &q.prompt, 0, "what it should continue"),
        FLAG(LONG, "length", "N", &q.length, 0, "characters to write"),
        FLAG(NUMBER, "temperature", "X", &q.temperature, 0, "0 timid, 1 as learned, above wild"),
        FLAG(LONG, "seed", "N", &q.seed, 0, "another seed, another text"),
    };
    fault f = {""};
    int status = arguments(flags, 6, argc, argv, "sample", NULL, &f);
    if (status == GO_ON) status = need(q.load, &f);
    if (status == GO_ON) status = speak(&q, &f) == 0 ? DONE : FAILED;
    return complain(status, "sample", &f);
}

/* The commands eval and info */
/* Measure it on this text */
static int measure_text(const checkpoint *c, const text *t, const char *path, fault *f)
{
    double nats = 0, predicted = (double)(t->count - 1);
    uint32_t *symbols = NULL;
    if (t->count < 2)
        return fault_set(f, "%s: a single character; there is nothing to predict", path);
    int status = number_text(&symbols, &c->v, t, path, f);
    if (status == 0 && training_evaluate(&nats, &c->l.theta, symbols, t->count) != 0)
        status = fault_set(f, "%s: not enough memory", path);
    free(symbols);
    if (status != 0) return -1;
    /* Print what was measured */
    printf("characters            %.0f\n", predicted);
    printf("bits per character    %.4f\n", training_bits(nats, predicted));
    printf("perplexity            %.4f\n", training_perplexity(nats, predicted));
    return finish_output(f);
}

/* Measure a loaded network */
static int measure(const char *load, const char *path, fault *f)
{
    checkpoint c;
    text t;
    if (checkpoint_load(&c, load, f) != 0) return -1;
    int status = text_read(&t, path, f);
    if (status == 0) {
        status = measure_text(&c, &t, path, f);
        text_free(&t);
    }
    checkpoint_free(&c);
    return status;
}

/* Measure a network on a text */
static int command_eval(int argc, char **argv)
{
    const char *load = NULL, *path = NULL;
    flag flags[] = {
        HEADING("Options"),
        FLAG(WORD, "load", "FILE", &load, 0, "a network saved by rnn train (needed)"),
    };
    fault f = {""};
    int status = arguments(flags, 2, argc, argv, "eval", &path, &f);
    if (status == GO_ON) status = need(load, &f);
    if (status == GO_ON) status = measure(load, path, &f) == 0 ? DONE : FAILED;
    return complain(status, "eval", &f);
}

/* Show a string without its control characters */
static void show_string(const char *s, size_t size, size_t width)
{
    size_t shown = 0;
    for (size_t i = 0; i < size; i++, shown++) {
        if (s[i] == '\n') shown += (size_t)printf("\\n") - 1;
        else if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
            shown += (size_t)printf("\\x%02X", (unsigned)s[i]) - 1;
        else putchar(s[i]);
    }
    while (shown++ < width) putchar(' ');
}

/* Show a tensor */
static void show_tensor(const tensor *t)
{
    show_string(t->name, strlen(t->name), 24);
    printf("%-5s", t->type);
    for (size_t i = 0; i < t->rank; i++)
        printf("%s%zu", i ? " × " : " ", t->shape[i]);
    putchar('\n');
}

/* Show what a file holds */
static void show_file(const safetensors *s)
{
    size_t numbers = 0;
    for (size_t i = 0; i < s->pairs; i++) {
        show_string(s->metadata[i].key, strlen(s->metadata[i].key), 24);
        show_string(s->metadata[i].value, s->metadata[i].size, 0);
        putchar('\n');
    }
    for (size_t i = 0; i < s->count; i++) {
        show_tensor(&s->tensors[i]);
        numbers += s->tensors[i].count;
    }
    printf("%zu tensors, %zu numbers\n", s->count, numbers);
}

/* Look into this file */
static int look_into(const char *path, fault *f)
{
    safetensors s;
    if (safetensors_open(&s, path, f) != 0) return -1;
    show_file(&s);
    safetensors_close(&s);
    return finish_output(f);
}

/* Look into a file */
static int command_info(int argc, char **argv)
{
    const char *path = NULL;
    flag flags[] = {HEADING("Options")};
    fault f = {""};
    int status = arguments(flags, 1, argc, argv, "info", &path, &f);
    if (status == GO_ON) status = look_into(path, &f) == 0 ? DONE : FAILED;
    return complain(status, "info", &f);
}

/* What each command is for */
static const struct {
    const char *name, *line, *purpose, *example;
    int (*run)(int, char **);
} commands[] = {
    {"train", "[options] TEXT", "Learns to continue a text, character by character.",
     "rnn train --epochs 20 --save net.safetensors data/hamlet.txt", command_train},
    {"sample", "--load FILE [options]", "Lets a network speak.",
     "rnn sample --load net.safetensors --prompt 'HAMLET'", command_sample},
    {"eval", "--load FILE TEXT", "Measures a network on a text.",
     "rnn eval --load net.safetensors data/hamlet.txt", command_eval},
    {"info", "FILE", "Shows what is in a safetensors file.",
     "rnn info net.safetensors", command_info},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* Show the help of a command */
static void usage(FILE *out, const char *command, const flag *flags, size_t count)
{
    size_t i = 0;
    while (strcmp(commands[i].name, command) != 0) i++;
    fprintf(out, "Usage: rnn %s %s\n\n", commands[i].name, commands[i].line);
    fprintf(out, "%s\n", commands[i].purpose);
    if (count > 1) flags_show(out, flags, count);
    fprintf(out, "\nExample: %s\n", commands[i].example);
}

/* Show the help of the program */
static void overview(FILE *out)
{
    fputs("Usage: rnn COMMAND …\n\n"
          "A recurrent network that learns a text character by character.\n\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  rnn %-8s%-24s%s\n",
                commands[i].name, commands[i].line, commands[i].purpose);
    fputs("\n“rnn COMMAND --help” lists the options of a command.\n", out);
}

/* Choose the command */
int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(wanted, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    /* Help, or complain about the command */
    if (strcmp(wanted, "--help") == 0 || strcmp(wanted, "-h") == 0
        || strcmp(wanted, "help") == 0) {
        overview(stdout);
        return DONE;
    }
    if (*wanted) fprintf(stderr, "rnn: there is no command “%s”\n\n", wanted);
    overview(stderr);
    return MISUSED;
}
