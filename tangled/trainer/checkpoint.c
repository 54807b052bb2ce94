/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#include "checkpoint.h"
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "json.h"
#include "safetensors.h"

/* Which setting has which key */
enum kind { SIZE, LONG, REAL_NUMBER, OPTIMISER, SCHEDULE, KIND_OF_ITEMS };
static const struct { const char *key; enum kind kind; size_t at; int unusual; } fields[] = {
    {"hidden", SIZE, offsetof(checkpoint, set.hidden), 0},
    {"seq_len", SIZE, offsetof(checkpoint, set.length), 0},
    {"batch", SIZE, offsetof(checkpoint, set.streams), 0},
    {"steps", LONG, offsetof(checkpoint, set.steps), 0},
    {"learning_rate", REAL_NUMBER, offsetof(checkpoint, set.rate), 0},
    {"clip", REAL_NUMBER, offsetof(checkpoint, set.clip), 0},
    {"optimizer", OPTIMISER, offsetof(checkpoint, set.optimiser), 0},
    {"schedule", SCHEDULE, offsetof(checkpoint, set.schedule), 0},
    {"seed", LONG, offsetof(checkpoint, set.seed), 0},
    /* Which part of the state has which key */
    {"step", LONG, offsetof(checkpoint, l.step), 0},
    {"loss", REAL_NUMBER, offsetof(checkpoint, l.loss), 0},
    {"generator_0", LONG, offsetof(checkpoint, l.generator.word[0]), 0},
    {"generator_1", LONG, offsetof(checkpoint, l.generator.word[1]), 0},
    {"generator_2", LONG, offsetof(checkpoint, l.generator.word[2]), 0},
    {"generator_3", LONG, offsetof(checkpoint, l.generator.word[3]), 0},
    {"text_characters", SIZE, offsetof(checkpoint, characters), 0},
    {"text_fingerprint", LONG, offsetof(checkpoint, fingerprint), 0},
    /* What an unusual run has as well */
    {"held_out_characters", SIZE, offsetof(checkpoint, held), 1},
    {"held_out_apart", LONG, offsetof(checkpoint, apart), 1},
    {"patience", LONG, offsetof(checkpoint, patience), 1},
    {"items", KIND_OF_ITEMS, offsetof(checkpoint, items), 1},
    {"weight_decay", REAL_NUMBER, offsetof(checkpoint, set.decay), 1},
    /* What a measured run has as well */
    {"best_step", LONG, offsetof(checkpoint, best_step), 0},
    {"best_held_out_bits", REAL_NUMBER, offsetof(checkpoint, best_bits), 0},
};
enum { FIELDS = sizeof fields / sizeof *fields, UNMEASURED = FIELDS - 2, VALUE = 32 };

/* Write a field as a string */
static void field_text(char *value, const checkpoint *c, size_t i)
{
    const char *at = (const char *)c + fields[i].at;
    switch (fields[i].kind) {
    case SIZE: snprintf(value, VALUE, "%zu", *(const size_t *)at); break;
    case LONG: snprintf(value, VALUE, "%" PRIu64, *(const uint64_t *)at); break;
    case REAL_NUMBER: json_number(value, *(const double *)at); break;
    case OPTIMISER:
        snprintf(value, VALUE, "%s", training_optimisers[*(const int *)at]);
        break;
    case SCHEDULE:
        snprintf(value, VALUE, "%s", training_schedules[*(const int *)at]);
        break;
    case KIND_OF_ITEMS: snprintf(value, VALUE, "%s", items_kinds[*(const int *)at]); break;
    }
}

/* Find out whether a field is as usual */
static checkpoint usual(const checkpoint *c)
{
    return (checkpoint){.held = training_held_out(c->characters)};
}

static int is_usual(const checkpoint *c, size_t i)
{
    char value[VALUE], other[VALUE];
    const checkpoint u = usual(c);
    if (!fields[i].unusual) return 0;
    field_text(value, c, i);
    field_text(other, &u, i);
    return strcmp(value, other) == 0;
}

/* Read numbers that fill their string */
static int read_long(uint64_t *to, const char *value)
{
    char *end;
    errno = 0;
    *to = strtoull(value, &end, 10);
    return errno == 0 && *end == '\0';
}

static int read_size(size_t *to, const char *value)
{
    uint64_t number;
    const int read = read_long(&number, value);
    *to = (size_t)number;
    return read && *to == number;
}

static int read_real(double *to, const char *value)
{
    char *end;
    *to = strtod(value, &end);
    return *end == '\0' && isfinite(*to);
}

/* Read a field from a string */
static int field_read(checkpoint *c, size_t i, const char *value)
{
    char *at = (char *)c + fields[i].at;
    const int digit = isdigit((unsigned char)*value);
    switch (fields[i].kind) {
    case SIZE: return digit && read_size((size_t *)at, value);
    case LONG: return digit && read_long((uint64_t *)at, value);
    case REAL_NUMBER: return digit && read_real((double *)at, value);
    case OPTIMISER: *(int *)at = training_name(training_optimisers, value); break;
    case SCHEDULE: *(int *)at = training_name(training_schedules, value); break;
    case KIND_OF_ITEMS: *(int *)at = training_name(items_kinds, value); break;
    }
    return *(int *)at >= 0;
}

/* Take a text's fingerprint */
uint64_t checkpoint_fingerprint(const text *t)
{
    uint64_t hash = 0xCBF29CE484222325u; // FNV-1a over the code points
    for (size_t i = 0; i < t->count; i++)
        hash = (hash ^ text_code(t, i)) * 0x100000001B3u;
    return hash;
}

/* Spell the vocabulary */
static char *vocabulary_text(const vocabulary *v, size_t *size)
{
    char *letters = malloc(4 * v->count);
    *size = 0;
    for (size_t i = 0; letters && i < v->count; i++)
        *size += characters_encode(letters + *size, v->codes[i]);
    return letters;
}

/* Save with a second bias and a spelt vocabulary */
static int save(const checkpoint *c, const char *path, const real *second,
                const char *letters, size_t size, int trial, fault *f)
{
    char values[FIELDS][VALUE];
    metadatum metadata[FIELDS + 4];
    outgoing tensors[10];
    const size_t known = c->best_step ? FIELDS : UNMEASURED;
    size_t count = 0, pairs = 0;
    /* List the metadata of a run */
    for (size_t i = 0; i < known; i++) {
        if (is_usual(c, i)) continue;
        field_text(values[i], c, i);
        metadata[pairs++] = (metadatum){fields[i].key, values[i], strlen(values[i])};
    }
    const char *cell_name = cells_names[c->set.cell];
    metadata[pairs++] = (metadatum){"vocabulary", letters, size};
    metadata[pairs++] = (metadatum){"format", "pt", 2};
    metadata[pairs++] = (metadatum){"program", "rnn", 3};
    metadata[pairs++] = (metadatum){"cell", cell_name, strlen(cell_name)};
    /* List the tensors of a run */
    const params *p = &c->l.theta;
    tensors[count++] = (outgoing){"rnn.weight_ih_l0", {p->w, p->m}, p->W_xh, NULL};
    tensors[count++] = (outgoing){"rnn.weight_hh_l0", {p->w, p->n}, p->W_hh, NULL};
    tensors[count++] = (outgoing){"rnn.bias_ih_l0", {p->w}, p->b_h, NULL};
    tensors[count++] = (outgoing){"rnn.bias_hh_l0", {p->w}, second, NULL};
    tensors[count++] = (outgoing){"decoder.weight", {p->l, p->n}, p->W_hy, NULL};
    tensors[count++] = (outgoing){"decoder.bias", {p->l}, p->b_y, NULL};
    tensors[count++] = (outgoing){"trainer.hidden", {c->l.streams, p->n}, c->l.h, NULL};
    if (p->cell->memory)
        tensors[count++] = (outgoing){"trainer.memory", {c->l.streams, p->n}, c->l.memory, NULL};
    /* List what the optimiser remembers */
    if (c->set.optimiser != SGD)
        tensors[count++] =
            (outgoing){"trainer.first_moment", {p->count}, c->l.first, NULL};
    if (c->set.optimiser == ADAM)
        tensors[count++] =
            (outgoing){"trainer.second_moment", {p->count}, c->l.second, NULL};
    return safetensors_save(path, metadata, pairs, tensors, count, trial, f);
}

/* Save a run */
/* PyTorch's second bias (1 × w): zeros, but for what stands apart; NULL if there is no memory. */
static real *second_bias(const params *p)
{
    const size_t apart = p->cell->apart * p->n;
    real *second = calloc(p->w, sizeof *second);
    if (second) memcpy(second + p->w - apart, p->b_hn, apart * sizeof *second);
    return second;
}

static int keep(const checkpoint *c, const char *path, int trial, fault *f)
{
    size_t size;
    if (!learner_sound(&c->l, &c->set))
        return fault_set(f, "%s: cannot save: the network of step %" PRIu64
                         " has numbers past all bounds", path, c->l.step);
    real *second = second_bias(&c->l.theta);
    char *letters = vocabulary_text(&c->v, &size);
    const int status = second && letters ? save(c, path, second, letters, size, trial, f)
                                         : fault_set(f, "%s: no memory to save", path);
    free(second);
    free(letters);
    return status;
}

int checkpoint_save(const checkpoint *c, const char *path, fault *f)
{
    return keep(c, path, 0, f);
}

int checkpoint_try(const checkpoint *c, const char *path, fault *f)
{
    return keep(c, path, 1, f);
}

/* Compare a list of letters with the vocabulary made of it */
static int same_codes(const text *t, const vocabulary *v)
{
    return v->count > 0 && t->count == v->count
        && memcmp(t->codes, v->codes, v->count * sizeof *v->codes) == 0;
}

/* Compare a tensor's shape */
static int shaped(const safetensors *s, const char *name, size_t rows, size_t columns)
{
    const tensor *t = safetensors_find(s, name);
    return t && t->rank == (columns ? 2 : 1) && t->shape[0] == rows && t->shape[1] == columns;
}

/* Load one tensor of a given shape */
static int load(safetensors *s, const char *name, size_t rows, size_t columns, real *to,
                fault *f)
{
    if (shaped(s, name, rows, columns))
        return safetensors_read(s, safetensors_find(s, name), to, f);
    if (columns == 0)
        return fault_set(f, "%s: no tensor “%s” of length %zu", s->path, name,
                         rows);
    return fault_set(f, "%s: no tensor “%s” of shape %zu × %zu", s->path, name,
                     rows, columns);
}

/* Load the vocabulary */
static int load_vocabulary(checkpoint *c, const safetensors *s, fault *f)
{
    text letters;
    const metadatum *found = safetensors_value(s, "vocabulary");
    if (!found)
        return fault_set(f, "%s: no vocabulary in its metadata, so nobody knows which "
                         "characters this network reads", s->path);
    const int decoded = text_decode(&letters, s->path, found->value, found->size, f);
    if (decoded != 0) return decoded;
    const char *why = vocabulary_alloc(&c->v, &letters) != 0 ? "no memory for its vocabulary"
        : same_codes(&letters, &c->v) ? NULL : "its vocabulary is not in order";
    text_free(&letters);
    return why ? fault_set(f, "%s: %s", s->path, why) : 0;
}

/* Load the settings */
static int load_settings(checkpoint *c, const safetensors *s, fault *f)
{
    c->resumable = safetensors_value(s, "step") != NULL;
    const int measured = safetensors_value(s, "best_step")
        || safetensors_value(s, "best_held_out_bits");
    for (size_t i = 0; c->resumable && i < (measured ? FIELDS : UNMEASURED); i++) {
        const metadatum *found = safetensors_value(s, fields[i].key);
        if (!found && fields[i].unusual) continue;
        if (!found || found->size != strlen(found->value)
            || !field_read(c, i, found->value))
            return fault_set(f, "%s: the metadata have no sensible value for “%s”",
                             s->path, fields[i].key);
    }
    if (!safetensors_value(s, "held_out_characters")) c->held = usual(c).held;
    /* Refuse settings that no run could have had */
    const uint64_t *word = c->l.generator.word;
    if (c->resumable
        && (c->set.length == 0 || c->set.streams == 0 || c->l.step > c->set.steps
            || c->held > c->characters || c->apart > 1
            || !(c->set.rate <= FLT_MAX && c->set.clip <= FLT_MAX && c->set.decay <= FLT_MAX)
            || !(word[0] | word[1] | word[2] | word[3])))
        return fault_set(f, "%s: the metadata contradict themselves", s->path);
    return 0;
}

/* Add the other bias of the hidden layer */
static int add_second_bias(params *p, safetensors *s, fault *f)
{
    const size_t apart = p->cell->apart * p->n, inside = p->w - apart;
    real *other = calloc(p->w, sizeof *other);
    if (!other) return fault_set(f, "%s: no memory for a bias", s->path);
    const int status = load(s, "rnn.bias_ih_l0", p->w, 0, other, f);
    memcpy(p->b_hn, p->b_h + inside, apart * sizeof(real));
    memset(p->b_h + inside, 0, apart * sizeof(real));
    for (size_t i = 0; i < p->w; i++) p->b_h[i] += other[i];
    free(other);
    return status;
}

/* Load the parameters */
static int load_parameters(params *p, safetensors *s, fault *f)
{
    return load(s, "rnn.weight_ih_l0", p->w, p->m, p->W_xh, f) == 0
        && load(s, "rnn.weight_hh_l0", p->w, p->n, p->W_hh, f) == 0
        && load(s, "rnn.bias_hh_l0", p->w, 0, p->b_h, f) == 0
        && load(s, "decoder.weight", p->l, p->n, p->W_hy, f) == 0
        && load(s, "decoder.bias", p->l, 0, p->b_y, f) == 0
        && add_second_bias(p, s, f) == 0;
}

/* Make room for the network */
static int make_network(checkpoint *c, const safetensors *s, fault *f)
{
    const learner kept = c->l;          // step, loss and generator, from the metadata
    const tensor *input = safetensors_find(s, "rnn.weight_ih_l0");
    const tensor *recurrent = safetensors_find(s, "rnn.weight_hh_l0");
    const size_t n = recurrent && recurrent->rank == 2 ? recurrent->shape[1] : 0;
    /* Find out which cell it is */
    const metadatum *name = safetensors_value(s, "cell");
    int cell_number = !name ? RNN : strlen(name->value) == name->size
        ? training_name(cells_names, name->value) : -1;
    if (cell_number < 0)
        return fault_set(f, "%s: its cell is called “%s”; rnn, gru and lstm can be used", s->path,
                         name->value);
    for (int i = RNN; i <= LSTM && !name && n; i++)
        if (recurrent->shape[0] / n == cells[i]->gates) cell_number = i;
    const size_t gates = cells[cell_number]->gates;
    /* Refuse shapes that do not fit the memory that is about to be made */
    if (n == 0 || !shaped(s, "rnn.weight_hh_l0", gates * n, n) || !input
        || input->shape[0] != gates * n || !shaped(s, "decoder.weight", c->v.count, n))
        return fault_set(f, "%s: its tensors are not those of a network with %zu "
                         "characters", s->path, c->v.count);
    if (c->resumable && !shaped(s, "trainer.hidden", c->set.streams, n))
        return fault_set(f, "%s: trainer.hidden is not %zu × %zu", s->path, c->set.streams, n);
    c->set.hidden = n;
    c->set.cell = cell_number;
    if (learner_alloc(&c->l, &c->set, c->v.count) != 0)
        return fault_set(f, "%s: no memory for its network", s->path);
    c->l.step = kept.step;
    c->l.loss = kept.loss;
    c->l.generator = kept.generator;
    return 0;
}

/* Load the state of the run */
static int load_state(checkpoint *c, safetensors *s, fault *f)
{
    learner *l = &c->l;
    const size_t p = l->theta.count;
    int carried = load(s, "trainer.hidden", l->streams, l->theta.n, l->h, f);
    if (carried == 0 && l->theta.cell->memory)
        carried = load(s, "trainer.memory", l->streams, l->theta.n, l->memory, f);
    if (carried != 0 || c->set.optimiser == SGD) return carried;
    const int first = load(s, "trainer.first_moment", p, 0, l->first, f);
    if (first != 0 || c->set.optimiser != ADAM) return first;
    return load(s, "trainer.second_moment", p, 0, l->second, f);
}

/* Refuse what no training could have left */
static int check_numbers(const checkpoint *c, const char *path, fault *f)
{
    if (learner_sound(&c->l, &c->set)) return 0;
    return fault_set(f, "%s: its numbers are impossible: a parameter past all bounds%s", path,
                     c->resumable ? ", a state beyond one, or a negative mean of squares" : "");
}

/* Load what kind of text it knows */
static int load_kind(checkpoint *c, const safetensors *s)
{
    const metadatum *kind = safetensors_value(s, "items");
    const int known = kind ? training_name(items_kinds, kind->value) : ITEMS_NONE;
    c->items = known < 0 ? ITEMS_NONE : known;
    return 0;
}

static int check_kind(const checkpoint *c, const char *path, fault *f)
{
    if (!c->items || vocabulary_find(&c->v, '\n') < c->v.count) return 0;
    return fault_set(f, "%s: it was taught a list of items, and does not know the line break that ends "
                     "each of them", path);
}

/* Load a run */
static int load_all(checkpoint *c, const char *path, int network_only, fault *f)
{
    safetensors s;
    *c = (checkpoint){.set = {.streams = 1}};
    if (safetensors_open(&s, path, f) != 0) return -1;
    const int loaded = load_vocabulary(c, &s, f) == 0
        && (network_only ? load_kind(c, &s) : load_settings(c, &s, f)) == 0
        && check_kind(c, path, f) == 0
        && make_network(c, &s, f) == 0 && load_parameters(&c->l.theta, &s, f)
        && (!c->resumable || load_state(c, &s, f) == 0) && check_numbers(c, path, f) == 0;
    safetensors_close(&s);
    if (loaded) return 0;
    checkpoint_free(c);
    return -1;
}

int checkpoint_load(checkpoint *c, const char *path, fault *f)
{
    return load_all(c, path, 0, f);
}

int checkpoint_network(checkpoint *c, const char *path, fault *f)
{
    return load_all(c, path, 1, f);
}

void checkpoint_free(checkpoint *c)
{
    learner_free(&c->l);
    vocabulary_free(&c->v);
}
