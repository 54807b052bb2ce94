/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#define _GNU_SOURCE                 // for memmem
#include "checkpoint.h"
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "replacement.h"
#include "safetensors.h"
#include "test.h"
#include "test-files.h"
#include "test-text.h"

static char folder[] = "/tmp/rnn-test-XXXXXX", path[] = "/tmp/rnn-test-XXXXXX/net";
/* Begin a run for tests */
enum { LETTERS = 5, COUNT = 500 };
static uint8_t symbols[COUNT];

static checkpoint begin(int optimiser)
{
    checkpoint c = {.set = {6, 5, 11, 40, 0.05, 0.5, optimiser, COSINE, 12}};
    text t;
    fault f;
    if (text_decode(&t, "letters", "\0\"\\\xC3\xA9\xF0\x9F\x98\x80", 9, &f) != 0
        || vocabulary_alloc(&c.v, &t) != 0) exit(1);
    if (learner_alloc(&c.l, &c.set, LETTERS) != 0) exit(1);
    learner_start(&c.l, c.set.seed);
    c.fingerprint = checkpoint_fingerprint(&t);
    c.characters = COUNT;
    text_free(&t);
    for (uint32_t i = 0; i < COUNT; i++) symbols[i] = (uint8_t)(i * i * 7 % 31 % LETTERS);
    return c;
}

/* Train up to a step */
static void go_on(checkpoint *c, uint64_t step)
{
    const text t = test_text(symbols, COUNT);
    trainer r;
    if (trainer_alloc(&r, &c->set, LETTERS, &t, COUNT, 1) != 0) exit(1);
    while (c->l.step < step) training_step(&r, &c->l, &c->set);
    trainer_free(&r);
}

/* Compare two runs bit by bit */
static int same_bits(const checkpoint *a, const checkpoint *b)
{
    const learner *l = &a->l, *k = &b->l;
    const size_t p = l->theta.count * sizeof(real);
    const size_t h = l->streams * l->theta.n * sizeof(real);
    return memcmp(l->theta.block, k->theta.block, p) == 0
        && memcmp(l->first, k->first, p) == 0 && memcmp(l->second, k->second, p) == 0
        && memcmp(l->h, k->h, h) == 0 && l->loss == k->loss && l->step == k->step
        && memcmp(&l->generator, &k->generator, sizeof l->generator) == 0
        && memcmp(&a->set, &b->set, sizeof a->set) == 0
        && a->fingerprint == b->fingerprint && a->characters == b->characters;
}

/* Test that a resumed run has the same bits */
static void test_resume(int optimiser)
{
    checkpoint a = begin(optimiser), b;
    fault f = {""};
    go_on(&a, 7);
    ok(checkpoint_save(&a, path, &f) == 0, "saved (%s)", training_optimisers[optimiser]);
    go_on(&a, 20);
    ok(checkpoint_load(&b, path, &f) == 0 && b.resumable, "and loaded%s", f.text);
    ok(b.l.step == 7, "at the step where it stopped");
    go_on(&b, 20);
    ok(same_bits(&a, &b), "after 20 steps it has the bits of the run that went through");
    checkpoint_free(&a);
    checkpoint_free(&b);
}

/* Write a file for tests */
static void write_file(const char *header, size_t size, uint64_t announced,
                       size_t data)
{
    FILE *file = fopen(path, "wb");
    if (!file) exit(1);
    for (int i = 0; i < 8; i++) putc((int)(announced >> (8 * i) & 0xFF), file);
    fwrite(header, 1, size, file);
    for (size_t i = 0; i < data; i++) putc(0, file);
    fclose(file);
}

/* Headers that must be refused */
#define T(name, shape, offsets) \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define E(fields) "{\"a\":{" fields "}}"
#define M(pairs) "{\"__metadata__\":{" pairs "}}"
static const struct { const char *header; size_t data; const char *message; } lies[] = {
    /* Lies about the data */
    {"{" T("a", "[2]", "[0,8]") "}", 7, "cut short"},
    {"{" T("a", "[2]", "[0,8]") "}", 9, "8 bytes of numbers, and there are 9"},
    {"{" T("a", "[2]", "[0,8]") "," T("b", "[2]", "[4,12]") "}", 12, "overlap"},
    {"{" T("a", "[2]", "[0,8]") "," T("b", "[2]", "[0,8]") "}", 8, "overlap"},
    {"{" T("a", "[1]", "[0,4]") "," T("b", "[1]", "[8,12]") "}", 12, "gap"},
    {"{" T("a", "[1]", "[4,8]") "}", 8, "gap"},
    {"{" T("a", "[3]", "[0,8]") "}", 8, "disagree"},
    {"{" T("a", "[1]", "[8,4]") "}", 8, "disagree"},
    {"{" T("a", "[4294967296,4294967296]", "[0,0]") "}", 0,
        SIZE_MAX > UINT32_MAX ? "shape of this entry is" : "number is too large"},
    {"{" T("a", "[4611686018427387904]", "[0,0]") "}", 0, "too large"},
    {"{" T("a", "[99999999999999999999]", "[0,8]") "}", 8, "number is too large"},
    {"{}", 4, "0 bytes of numbers, and there are 4"},
    /* Lies about names and fields */
    {"{" T("a", "[1]", "[0,4]") "," T("a", "[1]", "[4,8]") "}", 8, "same name"},
    {"{" T("a", "[1]", "[0,4]") "," T("a", "[1]", "[0,4]") "}", 4, "same name"},
    {"{" T("a", "[1]", "[0,4]") "," T("\\u0061", "[1]", "[4,8]") "}", 8, "same name"},
    {"{" T("a\\u0000b", "[1]", "[0,4]") "}", 4, "U+0000"},
    {E("\"dtype\":\"F32\\u0000\""), 0, "U+0000"},
    {"{\"__metadata__\\u0000\":{}}", 0, "U+0000"},
    {"{" T("a", "[1,1,1,1,1,1,1,1,1]", "[0,4]") "}", 4, "end of a list of eight"},
    {"{" T("a", "[1]", "[0,4,4]") "}", 4, "or two data_offsets"},
    {E("\"dtype\":\"F32\",\"dtype\":\"F32\""), 4, "each once"},
    {E("\"dtype\":\"F32\",\"shape\":[]"), 0, "or two data_offsets"},
    {E("\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]"), 4, "unknown"},
    {M("\"k\":\"1\",\"k\":\"2\""), 0, "same key twice"},
    {M("\"k\":1"), 0, "a string"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "comes twice"},
    /* Lies in the spelling */
    {"", 0, "an object"},
    {" {}", 0, "an object"},
    {"[]", 0, "an object"},
    {"{}x", 0, "its end"},
    {"{\"a\"", 0, "a colon"},
    {"{\"a\":{\"shape\":[1,]", 0, "whole number"},
    {"{\"a\":{\"shape\":[-1]", 0, "whole number"},
    {"{\"a\":{\"shape\":[1.0]", 0, "a comma or the end of a list"},
    {"{\"a\":{\"shape\":[01]", 0, "a comma or the end of a list"},
    /* Lies in strings */
    {M("\"a\":\""), 0, "end of a string"},
    {M("\"a\":\"\n\""), 0, "may stand in a string"},
    {M("\"a\":\"\xC3\""), 0, "may stand in a string"},
    {M("\"a\":\"\\x\""), 0, "escape"},
    {M("\"a\":\"\\u00g0\""), 0, "hexadecimal"},
    {M("\"a\":\"\\ud800\""), 0, "second half"},
    {M("\"a\":\"\\ud800\\u0041\""), 0, "second half"},
    {M("\"a\":\"\\udc00\""), 0, "first half"},
    {M("\"a\":\"\\udfff\""), 0, "first half"},
    {M("\"a\":\"b\","), 0, "a string"},
};

/* Test that lies are refused */
static void test_lies(void)
{
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const size_t size = strlen(lies[i].header);
        safetensors s;
        fault f = {""};
        write_file(lies[i].header, size, size, lies[i].data);
        int status = safetensors_open(&s, path, &f);
        ok(status == -1 && strstr(f.text, lies[i].message), "lie %zu%s", i,
           f.text + sizeof path - 1);
        if (status == 0) safetensors_close(&s);
    }
}

/* Test an unusual header */
static const char unusual[] =
    "{ \"z\" : {\"shape\":[],\"data_offsets\":[ 0 , 8 ],\"dtype\":\"F64\"},\n"
    "\"empty\":{\"dtype\":\"I64\",\"shape\":[3,0,2],\"data_offsets\":[8,8]},"
    "\"__metadata__\":{\"}{\":\"\\ud83d\\ude00\\/\\u0000\"}}   ";

static void test_unusual(void)
{
    safetensors s;
    fault f = {""};
    write_file(unusual, sizeof unusual - 1, sizeof unusual - 1, 8);
    ok(safetensors_open(&s, path, &f) == 0, "an unusual header is read%s", f.text);
    /* Test that everything in it is found */
    const metadatum *m = safetensors_value(&s, "}{");
    const tensor *z = safetensors_find(&s, "z"), *empty = safetensors_find(&s, "empty");
    ok(m && m->size == 6 && memcmp(m->value, "\xF0\x9F\x98\x80/\0", 6) == 0, "its escapes");
    ok(z && z->rank == 0 && z->count == 1, "its scalar");
    ok(empty && empty->count == 0, "its empty tensor");
    ok(!safetensors_find(&s, "y") && !safetensors_value(&s, ""), "and nothing else");
    safetensors_close(&s);
}

/* Test lengths that cannot be */
static void test_lengths(void)
{
    static const uint64_t announced[] = {UINT64_MAX, UINT64_MAX - 7, 100000001, 3};
    for (int i = 0; i < 4; i++) {
        safetensors s;
        fault f = {""};
        write_file("{}", 2, announced[i], 0);
        int status = safetensors_open(&s, path, &f);
        ok(status == -1 && strstr(f.text, "announces"), "refused: a header of %" PRIu64
           " bytes", announced[i]);
        if (status == 0) safetensors_close(&s);
    }
}

/* Read a whole file, and try to load bytes as one */
static unsigned char *slurp(size_t *size)
{
    unsigned char *bytes = malloc(1 << 20);
    if (!bytes) exit(1);
    *size = test_read(path, bytes, 1 << 20);
    return bytes;
}

static size_t accepts(const unsigned char *bytes, size_t size)
{
    checkpoint c;
    fault f;
    unlink(path);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) exit(1);
    if (checkpoint_load(&c, path, &f) != 0) return 0;
    checkpoint_free(&c);
    return 1;
}

/* Test damage in every place */
static void test_damage(void)
{
    checkpoint c = begin(ADAM);
    fault f;
    if (checkpoint_save(&c, path, &f) != 0) exit(1);
    checkpoint_free(&c);
    size_t size = 0, accepted = 0;
    unsigned char *bytes = slurp(&size);
    const size_t header = 8 + bytes[0] + 256 * (size_t)bytes[1];
    /* Cut the file everywhere */
    for (size_t cut = 0; cut < size; cut += cut < header ? 1 : 97)
        accepted += accepts(bytes, cut);
    ok(accepted == 0, "a file cut anywhere in its %zu bytes is refused", size);
    /* Change every byte of the header */
    accepted = 0;
    for (size_t i = 0; i < header; i++) {
        const unsigned char bit = (unsigned char)(1 << i % 8);
        bytes[i] ^= bit;
        accepted += accepts(bytes, size);
        bytes[i] ^= bit;
    }
    ok(accepted < header / 2, "of %zu with one bit changed %zu pass", header, accepted);
    ok(accepts(bytes, size) == 1, "the file itself is accepted");
    free(bytes);
}

/* Test that a failed save changes nothing */
static void test_failure(void)
{
    checkpoint c = begin(SGD);
    fault f = {""};
    struct rlimit before, small;
    if (checkpoint_save(&c, path, &f) != 0 || getrlimit(RLIMIT_FSIZE, &before) != 0) exit(1);
    signal(SIGXFSZ, SIG_IGN);
    small = (struct rlimit){1000, before.rlim_max};
    /* Test that the old file stays */
    size_t size[2] = {0, 0};
    unsigned char *old = slurp(&size[0]);
    setrlimit(RLIMIT_FSIZE, &small);
    ok(checkpoint_try(&c, path, &f) == -1, "a trial finds out that there is no room");
    ok(checkpoint_save(&c, path, &f) == -1 && strstr(f.text, "cannot save: File too large"),
       "as a save does");
    setrlimit(RLIMIT_FSIZE, &before);
    unsigned char *now = slurp(&size[1]);
    ok(size[0] == size[1] && size[0] > 1000 && memcmp(old, now, size[0]) == 0,
       "and the old file stays");
    free(old);
    free(now);
    ok(checkpoint_try(&c, folder, &f) == -1, "a folder is not renamed over");
    ok(checkpoint_try(&c, "/nonexistent/x", &f) == -1, "a missing folder is noticed");
    ok(checkpoint_try(&c, path, &f) == 0, "a trial succeeds");
    c.l.theta.b_y[0] = (real)1e200;
    ok(checkpoint_save(&c, path, &f) == -1 && strstr(f.text, "bounds"),
       "what is unsound is not saved");
    ok(test_entries(folder) == 1, "and no other file is left behind");
    checkpoint_free(&c);
}

/* Test names, links and permissions */
static void test_replacement(void)
{
    char name[80], link[80], other[80];
    struct stat status;
    checkpoint c = begin(SGD);
    fault f;
    snprintf(name, sizeof name, "%s/real", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    snprintf(other, sizeof other, "%s/./real", folder);
    if (symlink("real", link) != 0) exit(1);
    /* Test a link whose end does not exist */
    ok(replacement_same(link, other) && replacement_same(name, other),
       "names of one file to be are found out");
    ok(!replacement_same(name, path), "and different ones are different");
    ok(checkpoint_save(&c, link, &f) == 0 && lstat(link, &status) == 0 && S_ISLNK(status.st_mode),
       "a link stays");
    ok(lstat(name, &status) == 0 && S_ISREG(status.st_mode), "and the file is at its end");
    ok(replacement_same(link, other), "names of one file are found out");
    /* Test permissions */
    ok(chmod(name, 0600) == 0 && checkpoint_save(&c, link, &f) == 0 && stat(name, &status) == 0
       && (status.st_mode & 0777) == 0600, "what was private stays private");
    ok(chmod(name, 0444) == 0 && checkpoint_save(&c, name, &f) == -1 && strstr(f.text, "read-only"),
       "what is read-only stays");
    unlink(name);
    unlink(link);
    checkpoint_free(&c);
}

/* Test that a network is enough */
static void test_network_only(void)
{
    checkpoint c = begin(ADAM), back;
    fault f = {""};
    c.l.second[3] = (real)0.25;
    if (checkpoint_save(&c, path, &f) != 0) exit(1);
    size_t size = 0;
    unsigned char *bytes = slurp(&size);
    /* Spoil a memory and a key */
    char *key = memmem(bytes, size, "\"learning_rate\"", 15);
    unsigned char *second = bytes + size - (c.l.theta.count - 3) * sizeof(real);
    second[sizeof(real) - 1] ^= 0x80;           // the sign
    ok(accepts(bytes, size) == 0, "a negative mean of squares is refused");
    ok(checkpoint_network(&back, path, &f) == 0, "and the network loads without it%s", f.text);
    checkpoint_free(&back);
    second[sizeof(real) - 1] ^= 0x80;
    ok(accepts(bytes, size) == 1, "the file itself is accepted");
    if (key) key[1] = 'L';
    ok(key && accepts(bytes, size) == 0, "a key that training needs is missed");
    ok(checkpoint_network(&back, path, &f) == 0 && !back.resumable,
       "but not by the network%s", f.text);
    checkpoint_free(&back);
    free(bytes);
    checkpoint_free(&c);
}

/* Run all tests of checkpoints */
int main(void)
{
    if (!mkdtemp(folder)) return 1;
    memcpy(path, folder, sizeof folder - 1);
    for (int i = SGD; i <= ADAM; i++) test_resume(i);
    test_lies();
    test_unusual();
    test_lengths();
    test_damage();
    test_failure();
    test_replacement();
    test_network_only();
    unlink(path);
    rmdir(folder);
    return test_done();
}
