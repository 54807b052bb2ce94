/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "checkpoint.h"
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "json.h"
#include "safetensors.h"
#include "test.h"
#include "test-files.h"

enum { ROOM = 65536 };
static char path[] = "/tmp/rnn-format-XXXXXX";
/* Put bytes together by hand */
typedef struct { unsigned char at[ROOM]; size_t size; } bytes;

static void put(bytes *b, uint64_t bits, size_t width)  // lowest byte first
{
    for (size_t i = 0; i < width; i++)
        b->at[b->size++] = (unsigned char)(bits >> (8 * i));
}

static void put_number(bytes *b, double x, size_t width)
{
    const float narrow = (float)x;
    uint32_t bits = 0;
    uint64_t wide = 0;
    memcpy(&bits, &narrow, sizeof bits);
    memcpy(&wide, &x, sizeof wide);
    put(b, width == 4 ? bits : wide, width);
}

static void write_parts(const char *header, size_t length, const bytes *data)
{
    bytes front = {.size = 0};
    unlink(path);
    FILE *file = fopen(path, "wb");
    put(&front, length, 8);
    if (!file || fwrite(front.at, 1, 8, file) != 8
        || fwrite(header, 1, length, file) != length
        || fwrite(data->at, 1, data->size, file) != data->size || fclose(file) != 0) exit(1);
}

/* Write somebody else's network */
typedef struct { const char *name, *shape; size_t count; } part;
static const part parts[] = {
    {"rnn.weight_ih_l0", "[2,3]", 6}, {"rnn.weight_hh_l0", "[2,2]", 4},
    {"rnn.bias_ih_l0", "[2]", 2}, {"rnn.bias_hh_l0", "[2]", 2},
    {"decoder.weight", "[3,2]", 6}, {"decoder.bias", "[3]", 3},
};
enum { PARTS = sizeof parts / sizeof *parts };
static double eighths(size_t i) { return (double)(i + 1) / 8; }

static size_t entry_text(char *to, const part *p, const char *type, size_t begin, size_t width)
{
    return (size_t)sprintf(to, ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
                           p->name, type, p->shape, begin, begin + width * p->count);
}

static void write_network(const char *metadata, const char *type, size_t width, size_t odd,
                          part other)
{
    char header[ROOM];
    bytes data = {.size = 0};
    size_t length = (size_t)sprintf(header, "{\"__metadata__\":{%s}", metadata);
    for (size_t i = 0; i < PARTS; i++)
        /* Write one part of the network */
        {
            const part *p = i == odd ? &other : &parts[i];
            length += entry_text(header + length, p, type, data.size, width);
            for (size_t j = 0; j < p->count; j++)
                put_number(&data, eighths(data.size / width), width);
        }
    length += (size_t)sprintf(header + length, "}");
    write_parts(header, length, &data);
}

/* Test that somebody else's network is read */
static int numbered(const real *a, size_t count, size_t first)
{
    int same = 1;
    for (size_t i = 0; i < count; i++) same &= (double)a[i] == eighths(first + i);
    return same;
}

static void test_foreign(const char *type, size_t width)
{
    checkpoint c;
    fault f = {""};
    write_network("\"vocabulary\":\"abc\"", type, width, PARTS, parts[0]);
    if (!ok(checkpoint_load(&c, path, &f) == 0, "a network of %s is read%s", type, f.text)) return;
    const params *p = &c.l.theta;
    ok(p->n == 2 && p->m == 3 && p->l == 3 && c.v.count == 3 && c.v.codes[1] == 'b', "its sizes");
    ok(numbered(p->W_xh, 6, 0) && numbered(p->W_hh, 4, 6) && numbered(p->W_hy, 6, 14)
       && numbered(p->b_y, 3, 20), "its numbers");
    for (size_t i = 0; i < 2; i++)
        ok((double)p->b_h[i] == eighths(10 + i) + eighths(12 + i), "both biases, added: %g",
           (double)p->b_h[i]);
    ok(!c.resumable && c.l.step == 0 && c.l.streams == 1 && c.set.hidden == 2, "and no run");
    checkpoint_free(&c);
}

static void write_cell(size_t w)
{
    char shapes[3][16], header[ROOM];
    bytes data = {.size = 0};
    sprintf(shapes[0], "[%zu,3]", w), sprintf(shapes[1], "[%zu,2]", w), sprintf(shapes[2], "[%zu]", w);
    const part gated[PARTS] = {
        {"rnn.weight_ih_l0", shapes[0], 3 * w}, {"rnn.weight_hh_l0", shapes[1], 2 * w},
        {"rnn.bias_ih_l0", shapes[2], w}, {"rnn.bias_hh_l0", shapes[2], w}, parts[4], parts[5],
    };
    size_t length = (size_t)sprintf(header, "{\"__metadata__\":{\"vocabulary\":\"abc\"}");
    for (size_t i = 0; i < PARTS; i++) {
        length += entry_text(header + length, &gated[i], "F32", data.size, 4);
        for (size_t j = 0; j < gated[i].count; j++) put_number(&data, eighths(data.size / 4), 4);
    }
    length += (size_t)sprintf(header + length, "}");
    write_parts(header, length, &data);
}

static void test_foreign_cell(int cell_number)
{
    const size_t w = 2 * cells[cell_number]->gates, apart = 2 * cells[cell_number]->apart, at = 5 * w;
    checkpoint c;
    fault f = {""};
    int biases = 1;
    write_cell(w);
    if (!ok(checkpoint_load(&c, path, &f) == 0, "%s: is read%s", cells_names[cell_number], f.text)) return;
    const params *p = &c.l.theta;
    ok(c.set.cell == cell_number && p->cell == cells[cell_number] && p->n == 2, "and known");
    ok(numbered(p->W_xh, 3 * w, 0) && numbered(p->W_hh, 2 * w, 3 * w)
       && numbered(p->W_hy, 6, at + 2 * w), "its numbers");
    for (size_t i = 0; i < w; i++) {
        const double both = eighths(at + i) + (i < w - apart ? eighths(at + w + i) : 0);
        biases &= (double)p->b_h[i] == both;
    }
    ok(biases && numbered(p->b_hn, apart, at + 2 * w - apart), "its biases");
    checkpoint_free(&c);
}

/* Test what is no network */
static void refuses(const char *said, const char *what)
{
    checkpoint c;
    fault f = {""};
    const int status = checkpoint_load(&c, path, &f);
    ok(status == -1 && strstr(f.text, said), "%s: %s", what, said);
    if (status == 0) checkpoint_free(&c);
}

static const char abc[] = "\"vocabulary\":\"abc\"";
static const char sizes[] = "not those of a network with 3 characters";
static const struct { const char *shape, *missing, *said; } wrong_parts[PARTS] = {
    {"[3,2]", sizes, sizes}, {"[4,1]", sizes, sizes},
    {"[2,1]", "“rnn.bias_ih_l0” of length 2", "“rnn.bias_ih_l0” of length 2"},
    {"[1,2]", "“rnn.bias_hh_l0” of length 2", "“rnn.bias_hh_l0” of length 2"},
    {"[2,3]", sizes, sizes}, {"[3,1]", "“decoder.bias” of length 3", "“decoder.bias” of length 3"},
};

static void test_no_network(void)
{
    for (size_t i = 0; i < PARTS; i++) {
        write_network(abc, "F32", 4, i, (part){"other", parts[i].shape, parts[i].count});
        refuses(wrong_parts[i].missing, "missing");
        write_network(abc, "F32", 4, i,
                      (part){parts[i].name, wrong_parts[i].shape, parts[i].count});
        refuses(wrong_parts[i].said, wrong_parts[i].shape);
    }
    /* Test shapes that agree with each other and with nothing else */
    write_network(abc, "I16", 2, PARTS, parts[0]);
    refuses("has type I16; only F64, F32, F16 and BF16 can be read", "whole numbers");
    write_network(abc, "F32", 4, 0, (part){"rnn.weight_ih_l0", "[6]", 6});
    refuses(sizes, "a row for a matrix");
    write_network(abc, "F32", 4, 0, (part){"rnn.weight_ih_l0", "[2,4]", 8});
    refuses("“rnn.weight_ih_l0” of shape 2 × 3", "a character too many");
    write_network(abc, "F32", 4, 1, (part){"rnn.weight_hh_l0", "[2,2,1]", 4});
    refuses(sizes, "an axis too many");
    /* Test vocabularies that are none */
    static const char *const vocabularies[][2] = {
        {"", "no vocabulary in its metadata"},
        {"\"vocabulary\":\"\"", "its vocabulary is not in order"},
        {"\"vocabulary\":\"acb\"", "its vocabulary is not in order"},
        {"\"vocabulary\":\"aab\"", "its vocabulary is not in order"},
        {"\"vocabulary\":\"abcc\"", "its vocabulary is not in order"},
        {"\"vocabulary\":\"abcdefghijklmnopqrstuvwxzy\"", "its vocabulary is not in order"},
        {"\"vocabulary\":\"ab\"", "not those of a network with 2 characters"},
        {"\"vocabulary\":\"abcd\"", "not those of a network with 4 characters"},
    };
    for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++) {
        write_network(vocabularies[i][0], "F32", 4, PARTS, parts[0]);
        refuses(vocabularies[i][1], vocabularies[i][0]);
    }
}

/* Predict a saved run */
static checkpoint small_run(void)
{
    checkpoint c = {.set = {1, 5, 2, 40, 0.25, 0.5, ADAM, COSINE, 12}, .characters = 99,
                    .fingerprint = UINT64_MAX - 5, .held = 9};
    const text t = {.different = 2, .codes = (uint32_t[]){'"', 0x1F600}};
    if (vocabulary_alloc(&c.v, &t) != 0 || learner_alloc(&c.l, &c.set, 2) != 0) exit(1);
    for (size_t i = 0; i < 8; i++) {
        c.l.theta.block[i] = (real)eighths(i);
        c.l.first[i] = (real)eighths(10 + i);
        c.l.second[i] = (real)eighths(20 + i);
    }
    c.l.h[0] = (real)0.5, c.l.h[1] = (real)-0.5;
    c.l.step = 7, c.l.loss = 12.5;
    c.l.generator = (random_state){{11, 12, 13, UINT64_MAX}};
    return c;
}

static const char predicted_metadata[] = "{\"__metadata__\":{"
    "\"batch\":\"2\",\"cell\":\"rnn\",\"clip\":\"0.5\",\"format\":\"pt\",\"generator_0\":\"11\","
    "\"generator_1\":\"12\",\"generator_2\":\"13\",\"generator_3\":\"18446744073709551615\","
    "\"hidden\":\"1\",\"learning_rate\":\"0.25\",\"loss\":\"12.5\",\"optimizer\":\"adam\","
    "\"program\":\"rnn\",\"schedule\":\"cosine\",\"seed\":\"12\",\"seq_len\":\"5\",\"step\":\"7\","
    "\"steps\":\"40\",\"text_characters\":\"99\",\"text_fingerprint\":\"18446744073709551610\","
    "\"vocabulary\":\"\\\"\xF0\x9F\x98\x80\"}";
static const struct { part p; double first, step; } predicted_tensors[] = {
    {{"decoder.bias", "[2]", 2}, 7. / 8, 1. / 8}, {{"decoder.weight", "[2,1]", 2}, 5. / 8, 1. / 8},
    {{"rnn.bias_hh_l0", "[1]", 1}, 0, 0}, {{"rnn.bias_ih_l0", "[1]", 1}, 4. / 8, 0},
    {{"rnn.weight_hh_l0", "[1,1]", 1}, 3. / 8, 0},
    {{"rnn.weight_ih_l0", "[1,2]", 2}, 1. / 8, 1. / 8},
    {{"trainer.first_moment", "[8]", 8}, 11. / 8, 1. / 8},
    {{"trainer.hidden", "[2,1]", 2}, 0.5, -1},
    {{"trainer.second_moment", "[8]", 8}, 21. / 8, 1. / 8},
};

/* The header, ended with a NUL, and the numbers. */
static size_t predict(char *header, bytes *data)
{
    size_t length = (size_t)sprintf(header, "%s", predicted_metadata);
    data->size = 0;
    for (size_t i = 0; i < sizeof predicted_tensors / sizeof *predicted_tensors; i++) {
        const part *p = &predicted_tensors[i].p;
        const char *type = sizeof(real) == 8 ? "F64" : "F32";
        length += entry_text(header + length, p, type, data->size, sizeof(real));
        for (size_t j = 0; j < p->count; j++)
            put_number(data, predicted_tensors[i].first + (double)j * predicted_tensors[i].step,
                       sizeof(real));
    }
    length += (size_t)sprintf(header + length, "}");
    while (length % 8) header[length++] = ' ';
    header[length] = '\0';
    return length;
}

/* Test that a saved run is as predicted */
static void read_file(bytes *b) { b->size = test_read(path, b->at, ROOM); }

static void test_saved_run(void)
{
    checkpoint c = small_run();
    static bytes data, whole, found;
    char header[ROOM];
    fault f = {""};
    const size_t length = predict(header, &data);
    /* Join the prediction, and compare it with the file */
    put(&whole, length, 8);
    memcpy(whole.at + 8, header, length);
    memcpy(whole.at + 8 + length, data.at, data.size);
    whole.size = 8 + length + data.size;
    ok(checkpoint_save(&c, path, &f) == 0, "a run is saved%s", f.text);
    read_file(&found);
    ok(found.size == whole.size && memcmp(found.at, whole.at, whole.size) == 0,
       "and all %zu bytes of the file are as predicted", whole.size);
    checkpoint_free(&c);
}

/* Edit the metadata of a saved run */
static void edit(char *header, const char *key, const char *value)
{
    char quoted[40], rest[ROOM];
    sprintf(quoted, "\"%s\":\"", key);
    char *at = strstr(header, quoted);
    if (!at) exit(1);
    at += strlen(quoted);
    strcpy(rest, strchr(at, '"'));
    strcpy(stpcpy(at, value), rest);
}

/* Loads the edited file; saves it again if it is accepted. */
static int accepted(const char *header, fault *f)
{
    static bytes data;
    char unused[ROOM];
    checkpoint c;
    predict(unused, &data);
    write_parts(header, strlen(header), &data);
    *f = (fault){""};
    errno = ERANGE;             // of something long past
    if (checkpoint_load(&c, path, f) != 0) return 0;
    if (!c.resumable || checkpoint_save(&c, path, f) != 0) exit(1);
    checkpoint_free(&c);
    return 1;
}

/* Test every bound of the metadata */
#if SIZE_MAX > UINT32_MAX
#define LONGEST "18446744073709551615"
#else
#define LONGEST "4294967295"
#endif
static const struct { const char *key, *value, *said; } values[] = {
    /* Values that are accepted */
    {"seq_len", "1", NULL}, {"seq_len", LONGEST, NULL}, {"steps", "7", NULL},
    {"steps", "18446744073709551615", NULL}, {"step", "0", NULL}, {"step", "40", NULL},
    {"learning_rate", "0", NULL}, {"learning_rate", "0.0625", NULL}, {"clip", "0", NULL},
    {"learning_rate", "1e+38", NULL},
    {"clip", "1e+38", NULL},
    {"learning_rate", "3.4028234663852886e+38", NULL}, {"clip", "3.4028234663852886e+38", NULL},
    {"optimizer", "sgd", NULL}, {"optimizer", "adagrad", NULL}, {"schedule", "constant", NULL},
    {"seed", "18446744073709551615", NULL}, {"loss", "0.125", NULL}, {"text_characters", "0", NULL},
    {"text_fingerprint", "18446744073709551615", NULL},
    /* Values that contradict the others */
    {"seq_len", "0", "contradict"}, {"batch", "0", "contradict"}, {"steps", "6", "contradict"},
    {"step", "41", "contradict"}, {"steps", "0", "contradict"},
    {"learning_rate", "1e39", "contradict"}, {"clip", "1e39", "contradict"},
    {"batch", "1", "trainer.hidden is not 1 × 1"}, {"batch", "3", "trainer.hidden is not 3 × 1"},
    /* Values that are no numbers or names */
    {"seq_len", "18446744073709551616", "“seq_len”"}, {"steps", "18446744073709551616", "“steps”"},
    {"hidden", "99999999999999999999", "“hidden”"}, {"seq_len", "5x", "“seq_len”"},
    {"steps", "", "“steps”"}, {"steps", "-1", "“steps”"}, {"steps", "+40", "“steps”"},
    {"steps", " 40", "“steps”"}, {"steps", "40.0", "“steps”"}, {"step", "7\\u0000", "“step”"},
    {"learning_rate", "nan", "“learning_rate”"}, {"learning_rate", "inf", "“learning_rate”"},
    {"learning_rate", "-0.1", "“learning_rate”"}, {"learning_rate", "1e999", "“learning_rate”"},
    {"learning_rate", "0.1.2", "“learning_rate”"}, {"clip", "", "“clip”"}, {"loss", "nan", "“loss”"},
    {"optimizer", "adamw", "“optimizer”"}, {"optimizer", "", "“optimizer”"},
    {"schedule", "linear", "“schedule”"}, {"seed", "0x10", "“seed”"},
    {"generator_3", "18446744073709551616", "“generator_3”"},
    {"cell", "oven", "its cell is called “oven”"}, {"cell", "rnn\\u0000", "its cell is called “rnn”"},
    {"cell", "", "its cell is called “”"}, {"cell", "gru", "not those of a network"},
};

static void test_values(void)
{
    char header[ROOM], pair[80];
    static bytes data, found;
    fault f;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        predict(header, &data);
        edit(header, values[i].key, values[i].value);
        const int yes = accepted(header, &f);
        /* Test that the value was judged as it should be */
        if (values[i].said) {
            ok(!yes && strstr(f.text, values[i].said), "“%s” for %s is refused: %s", values[i].value,
               values[i].key, values[i].said);
            continue;
        }
        read_file(&found);
        found.at[8 + found.at[0] + 256 * found.at[1]] = '\0';
        sprintf(pair, "\"%s\":\"%s\"", values[i].key, values[i].value);
        ok(yes && strstr((char *)found.at + 8, pair), "“%s” for %s is kept", values[i].value,
           values[i].key);
        const size_t length = strlen((char *)found.at + 8);
        const size_t spaces = length - strcspn((char *)found.at + 8, " ");
        ok(length % 8 == 0 && spaces < 8, "%zu spaces fill the header", spaces);
    }
}

static const struct { const char *keys, *said; } measured[] = {
    {"\"best_held_out_bits\":\"2.9174999999999995\",\"best_step\":\"5\",", NULL},
    {"\"best_held_out_bits\":\"0\",\"best_step\":\"18446744073709551615\",", NULL},
    {"\"best_step\":\"5\",", "“best_held_out_bits”"},
    {"\"best_held_out_bits\":\"2.5\",", "“best_step”"},
    {"\"best_held_out_bits\":\"nan\",\"best_step\":\"5\",", "“best_held_out_bits”"},
    {"\"best_held_out_bits\":\"-1\",\"best_step\":\"5\",", "“best_held_out_bits”"},
    {"\"best_held_out_bits\":\"2.5\",\"best_step\":\"x\",", "“best_step”"},
};

static void test_measured(void)
{
    char header[ROOM], rest[ROOM];
    static bytes data, found;
    fault f;
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        predict(header, &data);
        char *at = strstr(header, "\"cell\"");
        strcpy(rest, at);
        strcpy(stpcpy(at, measured[i].keys), rest);
        const int yes = accepted(header, &f);
        read_file(&found);
        const char *said = measured[i].said, *kept = yes ? (char *)found.at + 8 : "";
        ok(said ? !yes && strstr(f.text, said) : yes && strncmp(kept, header, strlen(rest)) == 0,
           "%s: %s", measured[i].keys, yes ? "kept" : f.text);
    }
}

static void test_generator(void)
{
    char header[ROOM], key[] = "generator_0";
    static bytes data;
    fault f;
    for (int alone = 0; alone <= 4; alone++) {
        predict(header, &data);
        for (int i = 0; i < 4; i++) {
            key[10] = (char)('0' + i);
            edit(header, key, i == alone ? "1" : "0");
        }
        const int yes = accepted(header, &f);
        if (alone < 4) ok(yes, "word %d alone is a generator%s", alone, f.text);
        else ok(!yes && strstr(f.text, "contradict"), "four zeros are none");
    }
}

/* Test what a run may lack */
static void test_missing_keys(void)
{
    static const char *const keys[] = {
        "batch", "clip", "generator_0", "generator_1", "generator_2", "generator_3", "hidden", "learning_rate",
        "loss", "optimizer", "schedule", "seed", "seq_len", "steps", "text_characters", "text_fingerprint",
    };
    char header[ROOM], quoted[50], told[50];
    static bytes data;
    fault f;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        predict(header, &data);
        snprintf(quoted, sizeof quoted, "\"%s\":", keys[i]);
        snprintf(told, sizeof told, "“%s”", keys[i]);
        strstr(header, quoted)[1] = 'X';
        ok(!accepted(header, &f) && strstr(f.text, told), "without %s: %s", keys[i], f.text);
    }
}

static const struct { const char *optimiser, *name, *said; } lacking[] = {
    {"adam", "trainer.hidden", "trainer.hidden is not 2 × 1"},
    {"sgd", "trainer.hidden", "trainer.hidden is not 2 × 1"},
    {"adam", "trainer.first_moment", "“trainer.first_moment” of length 8"},
    {"adam", "trainer.second_moment", "“trainer.second_moment” of length 8"},
    {"adagrad", "trainer.first_moment", "“trainer.first_moment” of length 8"},
    {"adagrad", "trainer.second_moment", NULL}, {"sgd", "trainer.first_moment", NULL},
    {"sgd", "trainer.second_moment", NULL},
};

static void test_lacking(void)
{
    char header[ROOM];
    static bytes data;
    fault f;
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++) {
        predict(header, &data);
        edit(header, "optimizer", lacking[i].optimiser);
        *strstr(header, lacking[i].name) = 'T';
        const int yes = accepted(header, &f);
        ok(lacking[i].said ? !yes && strstr(f.text, lacking[i].said) : yes, "%s without %s: %s",
           lacking[i].optimiser, lacking[i].name, yes ? "accepted" : "refused");
        if (!yes) continue;
        /* Test that what is not remembered is not saved */
        static bytes found;
        read_file(&found);
        found.at[8 + found.at[0] + 256 * found.at[1]] = '\0';
        const char *saved = (char *)found.at + 8;
        ok(!strstr(saved, "second_moment")
           && !strstr(saved, "first_moment") == (lacking[i].optimiser[0] == 's'),
           "nor is it saved");
    }
}

/* Test an unusual run */
static const struct { const char *apart, *held, *items, *patience, *decay, *saved, *said; } unusual[] = {
    {"1", "20", "line", "3", "0.5", "\"held_out_apart\":\"1\",\"held_out_characters\":\"20\",", NULL},
    {"0", "9", "none", "0", "0", "", NULL},
    {"0", "0", "none", "0", "0.0625", "\"held_out_characters\":\"0\",", NULL},
    {"1", "9", "paragraph", "0", "0", "\"held_out_apart\":\"1\",", NULL},
    {"0", "99", "none", "1", "3.4028234663852886e+38", "\"held_out_characters\":\"99\",", NULL},
    {"0", "100", "none", "0", "0", NULL, "contradict"}, {"2", "9", "none", "0", "0", NULL, "contradict"},
    {"0", "9", "none", "0", "1e39", NULL, "contradict"}, {"0", "9", "none", "0", "-1", NULL, "“weight_decay”"},
    {"1x", "9", "none", "0", "0", NULL, "“held_out_apart”"}, {"1", "9", "none", "", "0", NULL, "“patience”"},
    {"1", "-9", "none", "0", "0", NULL, "“held_out_characters”"},
    {"1", "9", "word", "0", "0", NULL, "“items”"},
};

static void insert(char *header, const char *before, const char *what)
{
    char rest[ROOM];
    char *at = strstr(header, before);
    if (!at) exit(1);
    strcpy(rest, at);
    strcpy(stpcpy(at, what), rest);
}

static int has_items(size_t i)
{
    return strcmp(unusual[i].items, "line") == 0 || strcmp(unusual[i].items, "paragraph") == 0;
}

static void know_line_breaks(char *header)
{
    char *smile = strstr(header, "\xF0\x9F\x98\x80");
    if (!smile) exit(1);
    memmove(smile, smile + 4, strlen(smile + 4) + 1);
    insert(header, "\\\"", "\\n");
}

static void test_unusual(void)
{
    static char header[ROOM], wanted[ROOM], more[200], kind[50], decay[50];
    static bytes data, found;
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++) {
        fault f;
        predict(header, &data);
        snprintf(more, sizeof more, "\"held_out_apart\":\"%s\",\"held_out_characters\":\"%s\",",
                 unusual[i].apart, unusual[i].held);
        insert(header, "\"hidden\"", more);
        snprintf(kind, sizeof kind, "\"items\":\"%s\",", unusual[i].items);
        insert(header, "\"learning_rate\"", kind);
        snprintf(more, sizeof more, "\"patience\":\"%s\",", unusual[i].patience);
        insert(header, "\"program\"", more);
        snprintf(decay, sizeof decay, ",\"weight_decay\":\"%s\"", unusual[i].decay);
        insert(header, "},\"decoder.bias\"", decay);
        if (has_items(i))
            ok(!accepted(header, &f) && strstr(f.text, "line break"), "refused: %s", f.text);
        if (has_items(i)) know_line_breaks(header);
        const int yes = accepted(header, &f);
        if (unusual[i].said)
            ok(!yes && strstr(f.text, unusual[i].said), "refused: %s", f.text);
        else
            /* Compare the header of the saved run */
            {
                predict(wanted, &data);
                insert(wanted, "\"hidden\"", unusual[i].saved);
                if (has_items(i)) insert(wanted, "\"learning_rate\"", kind);
                if (has_items(i)) know_line_breaks(wanted);
                if (atoi(unusual[i].patience)) insert(wanted, "\"program\"", more);
                if (atof(unusual[i].decay) > 0) insert(wanted, "},\"decoder.bias\"", decay);
                read_file(&found);
                const size_t size = strlen(wanted) - strlen(strstr(wanted, "}}")) + 2;
                ok(yes && memcmp(found.at + 8, wanted, size) == 0, "%s characters held out, %s apart, patience %s, decay %s",
                   unusual[i].held, unusual[i].apart, unusual[i].patience, unusual[i].decay);
            }
    }
}

/* Test control characters in a vocabulary */
enum { CONTROLS = 0x24 };

static size_t spell_controls(char *to)
{
    size_t size = (size_t)sprintf(to, "\"vocabulary\":\"");
    for (int c = 0; c < CONTROLS; c++) {
        const char *letter = c ? strchr("\bb\tt\nn\ff\rr\"\"", c) : NULL;
        if (letter) size += (size_t)sprintf(to + size, "\\%c", letter[1]);
        else size += (size_t)sprintf(to + size, c < 0x20 ? "\\u%04x" : "%c", c);
    }
    return size + (size_t)sprintf(to + size, "\\\\\x7F\xC2\x80\"");
}

static void test_control_characters(void)
{
    checkpoint c = {.set = {1, 1, 1, 1, 1, 1, SGD, CONSTANT, 1}}, back;
    uint32_t codes[CONTROLS + 3] = {[CONTROLS] = '\\', 0x7F, 0x80};
    char predicted[400];
    static bytes found;
    fault f = {""};
    for (uint32_t i = 0; i < CONTROLS; i++) codes[i] = i;
    if (vocabulary_alloc(&c.v, &(text){.different = CONTROLS + 3, .codes = codes}) != 0
        || learner_alloc(&c.l, &c.set, CONTROLS + 3) != 0) exit(1);
    learner_start(&c.l, 1);
    /* Save the control characters, and read them back */
    const int saved = checkpoint_save(&c, path, &f) == 0;
    spell_controls(predicted);
    read_file(&found);
    found.at[8 + found.at[0] + 256 * found.at[1]] = '\0';
    ok(saved && strstr((char *)found.at + 8, predicted), "control characters are escaped%s", f.text);
    const int status = checkpoint_load(&back, path, &f);
    ok(status == 0 && back.v.count == CONTROLS + 3
       && memcmp(back.v.codes, codes, sizeof codes) == 0, "and come back%s", f.text);
    if (status == 0) checkpoint_free(&back);
    checkpoint_free(&c);
}

/* Test the fingerprint of a text */
static void test_fingerprint(void)
{
    static const struct { const char *said; uint64_t hash; } known[] = {
        {"", 0xcbf29ce484222325}, {"a", 0xaf63dc4c8601ec8c}, {"b", 0xaf63df4c8601f1a5},
        {"foobar", 0x85944171f73967e8},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        text t;
        fault f;
        if (text_decode(&t, "known", known[i].said, strlen(known[i].said), &f) != 0) exit(1);
        ok(checkpoint_fingerprint(&t) == known[i].hash, "the fingerprint of “%s”", known[i].said);
        text_free(&t);
    }
}

/* Open a header for tests */
static int opened(safetensors *s, const char *header, size_t zeros, fault *f)
{
    static bytes data;
    data.size = zeros;
    memset(data.at, 0, zeros);
    write_parts(header, strlen(header), &data);
    *f = (fault){""};
    return safetensors_open(s, path, f) == 0;
}

/* Test the types of tensors */
static const struct { const char *name; size_t width; } widths[] = {
    {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"I64", 8},
    {"I32", 4}, {"I16", 2}, {"I8", 1}, {"BOOL", 1}, {"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1},
};

static void test_types(void)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const size_t size = 3 * widths[i].width;
        int right = 1;
        for (size_t wrong = size - 1; wrong <= size + 1; wrong++) {
            char header[120];
            safetensors s;
            fault f;
            sprintf(header, "{\"a\":{\"dtype\":\"%s\",\"shape\":[3],\"data_offsets\":[0,%zu]}}",
                    widths[i].name, wrong);
            const int open = opened(&s, header, wrong, &f);
            right &= open == (wrong == size);
            if (open) safetensors_close(&s);
        }
        ok(right, "three numbers of type %s have %zu bytes", widths[i].name, size);
    }
}

/* Test the numbers of each type */
/* Numbers of each type and their bits */
static const struct { const char *type; uint64_t bits; double is; } spelt[] = {
    {"F64", 0x4000000000000001, 2.0000000000000004}, {"F64", 1, 0x1p-1074},
    {"F64", 0x7FEFFFFFFFFFFFFF, 0x1.fffffffffffffp1023}, {"F64", 0xFFF0000000000000, -INFINITY},
    {"F32", 0x3DCCCCCD, 13421773 * 0x1p-27}, {"F32", 0x80000001, -0x1p-149},
    {"F32", 0x7F7FFFFF, 0x1.fffffep127}, {"F32", 0x7F800001, NAN}, {"F32", 0x00800000, 0x1p-126},
    {"F16", 0x3C01, 1.0009765625}, {"F16", 0x0001, 0x1p-24}, {"F16", 0x03FF, 1023 * 0x1p-24},
    {"F16", 0x7BFF, 65504}, {"F16", 0xFC00, -INFINITY}, {"F16", 0xFE00, NAN}, {"F16", 0xC500, -5},
    {"BF16", 0x3F81, 1.0078125}, {"BF16", 0x0001, 0x1p-133}, {"BF16", 0xC0A0, -5},
    {"BF16", 0x7F80, INFINITY}, {"BF16", 0x7F7F, 0x1.fep127},
    {"F8_E4M3", 0x7E, 448}, {"F8_E4M3", 0x7F, NAN}, {"F8_E4M3", 0x01, 0x1p-9}, {"F8_E4M3", 0xB8, -1},
    {"F8_E4M3", 0x78, 256}, {"F8_E5M2", 0x7B, 57344}, {"F8_E5M2", 0x7C, INFINITY},
    {"F8_E5M2", 0x01, 0x1p-16}, {"F8_E5M2", 0x3D, 1.25}, {"F8_E5M2", 0xFF, NAN},
    {"I64", 0xFFFFFFFFFFFFFFFF, -1}, {"I64", 0x8000000000000000, -0x1p63}, {"I64", 77, 77},
    {"I32", 0xFFFFFFFE, -2}, {"I32", 0x7FFFFFFF, 2147483647}, {"I16", 0x8000, -32768},
    {"I16", 300, 300}, {"I8", 0x80, -128}, {"I8", 127, 127}, {"BOOL", 1, 1}, {"BOOL", 0, 0},
    {"U64", 0x8000000000000000, 0x1p63}, {"U32", 0xFFFFFFFF, 4294967295.0}, {"U16", 0x8001, 32769},
    {"U8", 255, 255},
};

static void test_numbers(void)
{
    for (size_t i = 0; i < sizeof spelt / sizeof *spelt; i++) {
        size_t width = 0;
        for (size_t j = 0; width == 0; j++)
            if (strcmp(widths[j].name, spelt[i].type) == 0) width = widths[j].width;
        /* Write three numbers of this type, and read the one in the middle */
        char header[120];
        bytes data = {.size = 0};
        safetensors s;
        fault f;
        double got[2] = {5, 5};
        const double is = spelt[i].is;
        snprintf(header, sizeof header, "{\"a\":{\"dtype\":\"%s\",\"shape\":[3],\"data_offsets\":[0,%zu]}}",
                 spelt[i].type, 3 * width);
        put(&data, ~spelt[i].bits, width);
        put(&data, spelt[i].bits, width);
        put(&data, ~spelt[i].bits, width);
        write_parts(header, strlen(header), &data);
        if (safetensors_open(&s, path, &f) != 0) exit(1);
        const int status = safetensors_numbers(&s, s.tensors, 1, 1, got, &f);
        ok(status == 0 && got[1] == 5 && (isnan(is) ? isnan(got[0]) : got[0] >= is && got[0] <= is),
           "%s %" PRIx64 " is %g, and is read as %g", spelt[i].type, spelt[i].bits, is, got[0]);
        safetensors_close(&s);
    }
}

/* Test the shortest decimals */
static void test_shortest(void)
{
    static const char *const spellings[] = {
        "0", "-0", "1", "0.0125", "0.1", "-2.5", "1e+38", "3.4028234663852886e+38", "5e-324",
        "0.30000000000000004", "123456789", "1.7976931348623157e+308", "4.35", "100", "2e-07",
        "-40", "10", "999999999999999", "1e+15", "-1e+15", "900000000000000", "1.5e+20",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        char got[JSON_NUMBER];
        ok(strcmp(json_number(got, strtod(spellings[i], NULL)), spellings[i]) == 0,
           "%s is spelt %s", spellings[i], got);
    }
}

/* Test all escapes */
static const char escaped[] =
    "{\"__metadata__\":{\"k\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC"
    "\\u09aF\\ud800\\udc00\\uDBFF\\uDFFF\\u007f\"}}";
static const char plainly[] = "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xE0\xA6\xAF\xF0\x90\x80\x80"
    "\xF4\x8F\xBF\xBF\x7F";

static void test_escapes(void)
{
    safetensors s;
    fault f;
    if (!ok(opened(&s, escaped, 0, &f), "a string of escapes is read%s", f.text)) return;
    const metadatum *m = safetensors_value(&s, "k");
    ok(m && m->size == sizeof plainly - 1 && memcmp(m->value, plainly, m->size) == 0,
       "and each of them is understood");
    safetensors_close(&s);
}

/* Test where a complaint points */
#define ONE(name, count, begin, end) \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" count "],\"data_offsets\":[" begin "," end "]}"
static const struct { const char *header, *said; } complaints[] = {
    {"{", "byte 9 of the file, in its header: a string should come here"},
    {"{\"a\"}", "byte 12 of the file, in its header: a colon"},
    {"{\"a\":{\"shape\":[1,]", "byte 25 of the file, in its header: a whole number"},
    {"{\"a\":{\"shape\":[1 2]", "byte 25 of the file, in its header: a comma or the end of a list"},
    {"{\"a\":{\"shape\":[18446744073709551616]", "in its header: this number is too large"},
    {"{\"a\":{\"shape\":[18446744073709551610,28446744073709551610]", "this number is too large"},
    {"{\"__metadata__\":{\"k\":\"\\",
     "byte 31 of the file, in its header: an escape that JSON knows"},
    {"{\"__metadata__\":{\"k\":\"\\u12", "byte 34 of the file, in its header: a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\\ud800", "byte 36 of the file, in its header: the second half"},
    {"{\"__metadata__\":{\"k\":\"\\ud800\\", "byte 37 of the file, in its header: the second half"},
    {"{\"__metadata__\":{\"k\":\"\\ud800x", "byte 36 of the file, in its header: the second half"},
    {"{\"__metadata__\":{\"k\":\"v", "byte 31 of the file, in its header: the end of a string"},
    {"{\"a\":{\"shape\":[1", "byte 24 of the file, in its header: a comma or the end of a list"},
    {"{\"a\":{\"shape\":[/", "a whole number"}, {"{\"a\":{\"shape\":[:", "a whole number"},
    {"{" ONE("a", "4294967296,4294967296,1", "0", "0") "}", "too large"},
    {"{} ]", "byte 11 of the file, in its header: its end should come here"},
    {"{\"a\":{\"dtype\":\"F32\"", "a comma or the end of an object"},
    {"{\"a\":[]}", "byte 13 of the file, in its header: an object"},
    {"{\"a\":{\"dtype\":[]}}", "byte 22 of the file, in its header: a string"},
    {"{\"a\":{\"shape\":{}}}", "byte 22 of the file, in its header: a list of numbers"},
    {"{\"__metadata__\":{\"k\":\"\\udc00\"}}", "the first half of a pair"},
    {"{\"__metadata__\":{\"k\":\"\\ud800\\udbff\"}}", "the second half of a pair"},
    {"{\"__metadata__\":{\"k\":\"\\ud800\\ue000\"}}", "the second half of a pair"},
    {"{\"__metadata__\":{\"k\":\"\\u00G0\"}}", "a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\\u00:0\"}}", "a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\\u00@0\"}}", "a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\\u00/0\"}}", "a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\\u00`0\"}}", "a hexadecimal digit"},
    {"{\"__metadata__\":{\"k\":\"\x1F\"}}", "may stand in a string"},
};

static void test_complaints(void)
{
    for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++) {
        safetensors s;
        fault f;
        const int open = opened(&s, complaints[i].header, 0, &f);
        ok(!open && strncmp(f.text, path, sizeof path - 1) == 0
           && strstr(f.text, complaints[i].said),
           "complaint %zu: %s", i, complaints[i].said);
        if (open) safetensors_close(&s);
    }
}

/* Test a NUL in a header */
static void test_nul(void)
{
    static const char *const headers[] = {
        "{}#", "{#}", "{\"a#", "{\"__metadata__\":{\"k\":\"\\#\"}}",
    };
    static const bytes none = {.size = 0};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char header[80];
        safetensors s;
        fault f = {""};
        const size_t length = strlen(strcpy(header, headers[i]));
        *strchr(header, '#') = '\0';
        write_parts(header, length, &none);
        const int open = safetensors_open(&s, path, &f) == 0;
        ok(!open && strstr(f.text, "should come here"), "a NUL in a header is no end: %s",
           headers[i]);
        if (open) safetensors_close(&s);
    }
    /* Test that nothing is read behind the end */
    char whole[] = "{\"__metadata__\":{\"key\":\"value\"}}";
    for (int i = 0; i < 4; i++) {
        safetensors s;
        fault f;
        const int open = opened(&s, whole, 0, &f);
        ok(i == 0 ? open : !open && strstr(f.text, "a comma or the end of an object"), "the end, %d",
           i);
        if (open) safetensors_close(&s);
        whole[sizeof whole - 2] = '\0';
    }
}

/* Test empty tensors */
static const char *const empties[] = {
    "{" ONE("a", "0", "0", "0") "," ONE("b", "4", "0", "4") "}",
    "{" ONE("a", "4", "0", "4") "," ONE("b", "0", "0", "0") "}",
    "{" ONE("a", "0", "4", "4") "," ONE("b", "4", "0", "4") "}",
    "{" ONE("a", "4", "0", "4") "," ONE("b", "0", "4", "4") "}",
    "{" ONE("a", "2", "2", "4") "," ONE("b", "0", "2", "2") "," ONE("c", "2", "0", "2") "}",
    "{" ONE("c", "2", "0", "2") "," ONE("b", "2", "2", "4") "," ONE("a", "0", "2", "2") "}",
    "{" ONE("d", "1", "3", "4") "," ONE("c", "1", "0", "1") "," ONE("b", "1", "1", "2") ","
        ONE("a", "1", "2", "3") "}",
};

static void test_empty(void)
{
    for (size_t i = 0; i < sizeof empties / sizeof *empties; i++) {
        safetensors s;
        fault f;
        if (!ok(opened(&s, empties[i], 4, &f), "tensors in order %zu%s", i, f.text)) continue;
        const tensor *a = safetensors_find(&s, "a"), *b = safetensors_find(&s, "b");
        ok(a && b && a->count + b->count >= 2 && strcmp(a->name, "a") == 0, "are found");
        ok(a == s.tensors && b == a + 1, "in the order of their names");
        safetensors_close(&s);
    }
}

/* Test what is said of a file as a whole */
static int says(const fault *f, const char *name, const char *said)
{
    const size_t size = strlen(name);
    return strncmp(f->text, name, size) == 0 && strcmp(f->text + size, said) == 0;
}

static void refuses_file(const char *name, const char *said)
{
    safetensors s;
    fault f = {""};
    const int status = safetensors_open(&s, name, &f);
    ok(status == -1 && says(&f, name, said) && !s.file && !s.strings, "%s", said);
    if (status == 0) safetensors_close(&s);
}

static void test_whole_files(void)
{
    static bytes data = {.size = 8};
    refuses_file("/nonexistent/net", ": No such file or directory");
    refuses_file("/dev/null", ": this is not a regular file");
    refuses_file("/", ": this is not a regular file");
    checkpoint c;
    fault f = {""};
    ok(checkpoint_load(&c, "/", &f) == -1 && says(&f, "/", ": this is not a regular file")
       && !c.v.codes && !c.l.first, "which the loader passes on");
    write_parts("{}", 2, &data);
    refuses_file(path, ": the header describes 0 bytes of numbers, and there are 8");
    data.size = 3;
    write_parts(empties[0], strlen(empties[0]), &data);
    refuses_file(path, ": the header describes 4 bytes of numbers, and there are 3: "
                 "the file was cut short");
    /* Test the longest header */
    data = (bytes){.size = 0};
    put(&data, 100000001, 8);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data.at, 1, 8, file) != 8 || fflush(file) != 0
        || ftruncate(fileno(file), 100000100) != 0) exit(1);
    refuses_file(path, ": this is no safetensors file, or it was cut short: "
                 "it announces a header of 100000001 bytes");
    if (fseek(file, 0, SEEK_SET) != 0 || putc(0, file) != 0 || fclose(file) != 0) exit(1);
    refuses_file(path, ": byte 8 of the file, in its header: an object should come here");
}

/* Test what is said of numbers */
static void test_refused_numbers(void)
{
    safetensors s;
    static real numbers[3000];
    fault f;
    static const char byte[] = "{\"a\":{\"dtype\":\"F8_E5M2\",\"shape\":[4],\"data_offsets\":[0,4]}}";
    static const char distant[] =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9000,9004]},"
        ONE("b", "9000", "0", "9000") "}";
    static const char single[] =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3000],\"data_offsets\":[0,12000]}}";
    if (!opened(&s, byte, 4, &f)) exit(1);
    ok(safetensors_read(&s, s.tensors, numbers, &f) == -1
       && says(&f, path, ": “a” has type F8_E5M2; only F64, F32, F16 and BF16 can be read"), "%s", f.text);
    safetensors_close(&s);
    if (!opened(&s, single, 12000, &f) || truncate(path, 100) != 0) exit(1);
    ok(safetensors_read(&s, s.tensors, numbers, &f) == -1 && says(&f, path, ": “a” cannot be read"),
       "a file that is cut while it is read");
    safetensors_close(&s);
    if (!opened(&s, distant, 9004, &f) || close(fileno(s.file)) != 0) exit(1);
    ok(safetensors_read(&s, s.tensors, numbers, &f) == -1
       && says(&f, path, ": Bad file descriptor"),
       "a file that is closed while it is read");
    safetensors_close(&s);
}

/* Test what is said of impossible numbers */
static void test_impossible(void)
{
    checkpoint c = small_run(), back;
    fault f = {""};
    static bytes data;
    char header[ROOM];
    c.l.theta.block[2] = (real)1e200;
    ok(checkpoint_save(&c, path, &f) == -1 && says(&f, path,
       ": cannot save: the network of step 7 has numbers past all bounds"), "%s", f.text);
    checkpoint_free(&c);
    const size_t length = predict(header, &data);
    memset(data.at + 4 * sizeof(real), 0x7E, sizeof(real));
    write_parts(header, length, &data);
    /* Test both ways to load it */
    ok(checkpoint_load(&back, path, &f) == -1 && says(&f, path, ": its numbers are impossible: a "
       "parameter past all bounds, a state beyond one, or a negative mean of squares")
       && !back.v.codes && !back.l.first, "a run with impossible numbers is refused");
    ok(checkpoint_network(&back, path, &f) == -1 && says(&f, path,
       ": its numbers are impossible: a parameter past all bounds"), "and its network");
}

/* Test saves that fail, and a long vocabulary */
enum { FACES = 1000 };
static uint32_t faces[FACES];

static void test_faces(size_t count)
{
    checkpoint c = {.set = {1, 1, 1, 1, 1, 1, SGD, CONSTANT, 1}}, back = {.v = {0}};
    fault f = {""};
    for (uint32_t i = 0; i < FACES; i++) faces[i] = 0x1F300 + i;
    if (vocabulary_alloc(&c.v, &(text){.different = count, .codes = faces}) != 0
        || learner_alloc(&c.l, &c.set, count) != 0) exit(1);
    learner_start(&c.l, 1);
    ok(checkpoint_save(&c, path, &f) == 0 && checkpoint_load(&back, path, &f) == 0
       && back.v.count == count && memcmp(back.v.codes, faces, count * sizeof *faces) == 0,
       "%zu faces come back%s", count, f.text);
    checkpoint_free(&c);
    checkpoint_free(&back);
}

static void test_saves(void)
{
    checkpoint c = small_run();
    fault f = {""};
    ok(checkpoint_save(&c, "/nonexistent/net", &f) == -1 && says(&f, "/nonexistent/net",
       ": cannot save: No such file or directory"), "%s", f.text);
    ok(checkpoint_try(&c, "/nonexistent/net", &f) == -1, "and a trial finds out");
    unlink(path);
    ok(checkpoint_try(&c, path, &f) == 0 && access(path, F_OK) != 0, "a trial leaves nothing");
    checkpoint_free(&c);
    test_faces(1);
    test_faces(FACES);
}

/* Test a disk that fills up */
static void test_full(void)
{
    checkpoint c = small_run();
    struct rlimit before, small;
    static bytes found;
    fault f = {""};
    int right = 1;
    if (checkpoint_save(&c, path, &f) != 0 || getrlimit(RLIMIT_FSIZE, &before) != 0) exit(1);
    read_file(&found);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t room = 0; room < found.size; room += found.size - room > 100 ? 100 : 1) {
        small = (struct rlimit){room, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        const int status = checkpoint_save(&c, path, &f), tried = checkpoint_try(&c, path, &f);
        setrlimit(RLIMIT_FSIZE, &before);
        right &= status == -1 && tried == -1 && says(&f, path, ": cannot save: File too large");
    }
    ok(right, "a disk may fill up anywhere");
    checkpoint_free(&c);
}

/* Test numbers past a block */
enum { MOST_NUMBERS = 5000 };

static void fill_and_save(real *numbers, size_t count)
{
    fault f;
    outgoing t = {"a", {count}, numbers, NULL};
    metadatum none = {"k", "v", 1};
    for (size_t i = 0; i < count; i++) numbers[i] = (real)eighths(i);
    if (safetensors_save(path, &none, 1, &t, 1, 0, &f) != 0) exit(1);
}

static void test_blocks(void)
{
    static const size_t counts[] = {0, 1, 2047, 2048, 2049, 4096, MOST_NUMBERS};
    static real numbers[MOST_NUMBERS];
    static bytes expected, found;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        safetensors s;
        fault f = {""};
        /* Save numbers, and compare their bytes */
        fill_and_save(numbers, counts[i]);
        expected.size = 0;
        for (size_t j = 0; j < counts[i]; j++) put_number(&expected, eighths(j), sizeof(real));
        read_file(&found);
        ok(found.size > expected.size && memcmp(found.at + found.size - expected.size, expected.at,
                                                expected.size) == 0, "%zu numbers are written", counts[i]);
        /* Load the numbers, and compare them */
        memset(numbers, 0, sizeof numbers);
        const int open = safetensors_open(&s, path, &f) == 0;
        const tensor *t = open ? safetensors_find(&s, "a") : NULL;
        ok(t && t->count == counts[i] && safetensors_read(&s, t, numbers, &f) == 0
           && numbered(numbers, counts[i], 0) && (counts[i] == MOST_NUMBERS || numbers[counts[i]] == 0),
           "and read%s", f.text);
        if (open) safetensors_close(&s);
    }
    /* Spoil the last number */
    safetensors s;
    fault f = {""};
    memset(found.at + found.size - sizeof(real), 0xFF, sizeof(real));
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(found.at, 1, found.size, file) != found.size || fclose(file) != 0) exit(1);
    if (safetensors_open(&s, path, &f) != 0) exit(1);
    const int status = safetensors_read(&s, safetensors_find(&s, "a"), numbers, &f);
    ok(status == -1 && strstr(f.text, "number 4999 of “a” is not finite"),
       "a last number that is none");
    safetensors_close(&s);
}

/* Test what is too short to be a file */
static void test_short_files(void)
{
    for (size_t size = 0; size <= 10; size++) {
        safetensors s;
        fault f = {""};
        FILE *file = fopen(path, "wb");
        if (!file || fwrite("\2\0\0\0\0\0\0\0{}", 1, size, file) != size
            || fclose(file) != 0) exit(1);
        const int open = safetensors_open(&s, path, &f) == 0;
        ok(size < 8 ? !open && strstr(f.text, "too few") : size < 10
           ? !open && strstr(f.text, "announces a header of 2 bytes") : open, "%zu bytes", size);
        if (open) safetensors_close(&s);
    }
}

/* Test that no way keeps anything */
static void every_way(void)
{
    checkpoint c = small_run(), back;
    static const bytes none = {.size = 0};
    safetensors s;
    fault f;
    if (checkpoint_try(&c, path, &f) != 0
        || checkpoint_try(&c, "/nonexistent/net", &f) == 0) exit(1);
    c.l.theta.block[2] = (real)1e200;
    if (checkpoint_try(&c, path, &f) == 0) exit(1);
    checkpoint_free(&c);
    /* Go the ways of a reader */
    write_network(abc, "F32", 4, PARTS, parts[0]);
    if (checkpoint_load(&back, path, &f) != 0) exit(1);
    checkpoint_free(&back);
    for (size_t i = 0; i < PARTS; i++) {
        write_network(abc, "F32", 4, i, (part){"other", parts[i].shape, parts[i].count});
        if (checkpoint_load(&back, path, &f) == 0) exit(1);
    }
    write_network("\"vocabulary\":\"acb\",\"k\":\"v\"", "F32", 4, PARTS, parts[0]);
    if (checkpoint_load(&back, path, &f) == 0) exit(1);
    write_parts(complaints[1].header, strlen(complaints[1].header), &none);
    if (safetensors_open(&s, path, &f) == 0 || safetensors_open(&s, "/", &f) == 0) exit(1);
}

static void test_nothing_kept(void)
{
    const int next = dup(0);
    close(next);
    for (int i = 0; i < 20; i++) every_way();
    const size_t before = test_held();
    for (int i = 0; i < 20; i++) every_way();
    ok(test_held() == before, "no memory is kept");
    const int now = dup(0);
    close(now);
    ok(now == next, "and no file");
}

/* Run all tests of the format */
int main(void)
{
    const int descriptor = mkstemp(path);
    if (descriptor < 0 || close(descriptor) != 0) return 1;
    test_foreign("F32", 4);
    test_foreign("F64", 8);
    for (int cell_number = RNN; cell_number <= LSTM; cell_number++) test_foreign_cell(cell_number);
    test_no_network();
    test_saved_run();
    test_values();
    test_measured();
    test_generator();
    test_missing_keys();
    test_lacking();
    test_unusual();
    test_control_characters();
    test_fingerprint();
    test_types();
    test_numbers();
    test_shortest();
    test_escapes();
    test_complaints();
    test_nul();
    test_empty();
    test_whole_files();
    test_refused_numbers();
    test_impossible();
    test_saves();
    test_full();
    test_blocks();
    test_short_files();
    test_nothing_kept();
    unlink(path);
    return test_done();
}
