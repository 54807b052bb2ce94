/* generated from chapters/11-sampling.nw by noweb; do not edit */
#include "sampling.h"
#include <string.h>
#include "test-network.h"
#include "test.h"

/* Test the temperature and its limits */
static void test_temperature(void)
{
    const real z[5] = {1, 3, (real)-2.385, 3, 99};      // the last is not among them
    real q[4], hot[4], cold[4];
    sampling_distribution(q, z, (real)0.5, 4);
    double odds = log((double)q[1] / (double)q[0]);
    ok(fabs(odds - 4) < 1e-12, "at 1/2 the log-odds are doubled (%g)", odds);
    sampling_distribution(hot, z, (real)1e9, 4);
    ok(fabs((double)hot[2] - 0.25) < 1e-8, "the hot limit is uniform");
    sampling_distribution(cold, z, (real)1e-9, 4);
    ok(cold[0] == 0 && fabs((double)cold[1] - 0.5) < 1e-12,
       "the cold limit shares between the best");
    sampling_distribution(cold, z, 0, 4);
    ok(cold[1] == 1 && cold[3] == 0, "zero takes the first of the best");
    sampling_distribution(cold, (const real[]){1, 2, 5, 3}, 0, 4);
    ok(cold[2] == 1 && cold[1] == 0 && cold[3] == 0, "and the best of those that were best so far");
}

/* Test the edges of a draw */
static void test_edges(void)
{
    const real q[5] = {0, (real)0.25, 0, (real)0.75, 0};
    const real short_of_one[3] = {(real)0.5, (real)0.499, 0};
    ok(sampling_choose(q, 5, 0) == 1, "the first dart skips an empty piece");
    ok(sampling_choose(q, 5, 0.2499) == 1 && sampling_choose(q, 5, 0.25) == 3,
       "a piece ends where the next begins");
    ok(sampling_choose(q, 5, 1 - 0x1p-53) == 3,
       "the last dart hits the last piece that is not empty");
    ok(sampling_choose(short_of_one, 3, 0.9999) == 1,
       "rounding cannot draw what has no probability");
    ok(sampling_choose((const real[]){0, 0}, 2, 0.5) == 0,
       "where nothing has any, the first is drawn");
}

/* Test that reading step by step is reading at once */
static void test_steps(void)
{
    params p;
    tape all;
    sampler s;
    test_network(&p, &all, 1, 9);
    for (size_t i = 0; i < TEST_N; i++) all.h[i] = 0;
    forward_pass(&all, &p);
    if (sampler_alloc(&s, &p) != 0) exit(1);
    /* Test the last logits and what is drawn from them */
    for (size_t t = 0; t < TEST_T; t++) sampler_read(&s, all.x[t]);
    const real *last = all.z_y + (TEST_T - 1) * TEST_L;
    double error = test_relative_error(s.step.z_y, last, TEST_L);
    ok(error <= 1e-12, "the last logits agree (%.1e)", error);
    /* Test that draws follow the distribution */
    random_state r;
    double count[TEST_L] = {0}, worst = 0;
    random_seed(&r, 1);
    for (int i = 0; i < 100000; i++) count[sampler_draw(&s, &(manner){.tau = 0.8}, &r)] += 1e-5;
    for (size_t i = 0; i < TEST_L; i++)
        worst = test_worse(worst, fabs(count[i] - (double)s.q[i]));
    ok(worst < 0.0075, "100 000 draws have the frequencies they should (off by %.4f)",
       worst);
    sampler_free(&s);
    params_free(&p);
    tape_free(&all);
}

/* Read a character, plainly */
enum { SYMBOLS = 5, UNITS = 4 };
typedef struct { double h[UNITS], z[SYMBOLS]; } plain;  // state and logits

static void plain_read(plain *a, const params *p, uint32_t x)
{
    double before[UNITS];
    memcpy(before, a->h, sizeof before);
    for (size_t i = 0; i < UNITS; i++) {
        double z = (double)(p->W_xh[i * SYMBOLS + x] + p->b_h[i]);
        for (size_t j = 0; j < UNITS; j++)
            z += before[j] * (double)p->W_hh[i * UNITS + j];
        a->h[i] = tanh(z);
    }
    /* Score the next character, plainly */
    for (size_t i = 0; i < SYMBOLS; i++) {
        a->z[i] = (double)p->b_y[i];
        for (size_t j = 0; j < UNITS; j++)
            a->z[i] += a->h[j] * (double)p->W_hy[i * UNITS + j];
    }
}

static void plain_probabilities(double *q, const double *z, double tau)
{
    double sum = 0;
    for (size_t i = 0; i < SYMBOLS; i++) sum += q[i] = exp(z[i] / tau);
    for (size_t i = 0; i < SYMBOLS; i++) q[i] /= sum;
}

/* Compare a sampler with the plain state */
static double off(const sampler *s, const plain *a)
{
    double error = 0;
    for (size_t i = 0; i < UNITS; i++)
        error = test_worse(error, fabs((double)s->step.h[i] - a->h[i]));
    for (size_t i = 0; i < SYMBOLS; i++)
        error = test_worse(error, fabs((double)s->step.z_y[i] - a->z[i]));
    return error;
}

/* Test the memory of a sampler */
static void test_memory(const params *p)
{
    sampler s;
    plain a = {{0}, {0}};
    double error = 0;
    if (sampler_alloc(&s, p) != 0) exit(1);
    for (uint32_t i = 0; i < 40; i++) {
        sampler_read(&s, i * i % SYMBOLS);
        plain_read(&a, p, i * i % SYMBOLS);
        error = test_worse(error, off(&s, &a));
    }
    ok(error <= 1e-14, "its memory is the state of a plain network (%.1e)", error);
    /* Test how a sampler begins */
    uint32_t breaks[] = {'\t', '\n', ' ', 'a', 0xE9}, none[] = {'\t', 0x1F, ' ', 'a', 0xE9};
    const vocabulary with = {SYMBOLS, breaks}, without = {SYMBOLS, none};
    sampler_begin(&s, &with);
    plain_read(memset(&a, 0, sizeof a), p, 1);
    ok(off(&s, &a) <= 1e-15, "it begins with nothing but a line break");
    sampler_begin(&s, &without);
    plain_read(memset(&a, 0, sizeof a), p, 0);
    ok(off(&s, &a) <= 1e-15, "or with the first character");
    sampler_free(&s);
}

/* Test a sampler that cannot be */
static void make_and_free(void)
{
    const params absurd = {.cell = &plain_cell, .m = 1, .n = SIZE_MAX / 2, .l = 1};
    params wide;
    sampler s;
    random_state r;
    random_seed(&r, 1);
    if (params_alloc(&wide, 1, 1, 5000) != 0 || sampler_alloc(&s, &wide) != 0) exit(1);
    sampler_draw(&s, &(manner){.tau = 1, .top_k = 9}, &r);      // there is room for 5000 probabilities
    sampler_free(&s);
    params_free(&wide);
    if (sampler_alloc(&s, &absurd) == 0) exit(1);
}

static void test_no_sampler(const params *p)
{
    sampler s;
    const params absurd = {.cell = &plain_cell, .m = SYMBOLS, .n = SIZE_MAX / 3, .l = SYMBOLS};
    ok(sampler_alloc(&s, &absurd) == -1 && !s.q && !s.step.block, "an absurd sampler is refused");
    if (sampler_alloc(&s, p) != 0) exit(1);
    sampler_free(&s);
    ok(!s.q && !s.step.block, "a sampler that was released holds nothing");
    sampler_free(&s);
    real numbers[UNITS * UNITS] = {0}, ones[UNITS * UNITS];
    for (int i = 0; i < UNITS * UNITS; i++) ones[i] = 1;
    const params silent = {.cell = &plain_cell, .m = 1, .n = UNITS, .l = 1, .W_xh = numbers,
                           .W_hh = ones, .b_h = numbers, .W_hy = numbers, .b_y = numbers};
    if (sampler_alloc(&s, &silent) != 0) exit(1);
    sampler_begin(&s, &(vocabulary){0, NULL});
    ok(memcmp(s.step.h, numbers, UNITS * sizeof(real)) == 0, "and begins with no memory at all");
    sampler_free(&s);
    ok(test_gives_back(make_and_free), "samplers give back their memory");
}

/* Test how often each character is drawn */
enum { DRAWS = 50000 };

static double chi_square(const size_t *count, const plain *a, double tau)
{
    double q[SYMBOLS], sum = 0;
    plain_probabilities(q, a->z, tau);
    for (size_t i = 0; i < SYMBOLS; i++) {
        double d = (double)count[i] - DRAWS * q[i];
        sum += d * d / (DRAWS * q[i]);
    }
    return sum;
}

static void test_frequencies(const params *p, double tau)
{
    sampler s;
    plain a = {{0}, {0}};
    random_state r;
    size_t count[SYMBOLS] = {0};
    random_seed(&r, 11);
    if (sampler_alloc(&s, p) != 0) exit(1);
    sampler_read(&s, 3);
    plain_read(&a, p, 3);
    for (int i = 0; i < DRAWS; i++) count[sampler_draw(&s, &(manner){.tau = tau}, &r)]++;
    const double fit = chi_square(count, &a, tau), other = chi_square(count, &a, tau * 1.25);
    ok(fit <= 18.47 && other > 18.47, "at %g the draws fit (%.1f), and not at %g (%.1f)",
       tau, fit, tau * 1.25, other);
    sampler_free(&s);
}

/* Test what is cut off */
static int cut_is(size_t k, double p, const double *wanted)
{
    real q[6] = {1 / (real)16, 6 / (real)16, 2 / (real)16, 5 / (real)16, 2 / (real)16, 99}, sorted[5];
    double error = fabs((double)q[5] - 99);
    sampling_cut(q, sorted, 5, k, p);
    for (int i = 0; i < 5; i++) error = test_worse(error, fabs((double)q[i] - wanted[i]));
    return error <= 1e-15 && q[5] == 99;
}

static void test_cut(void)
{
    static const double all[] = {0.0625, 0.375, 0.125, 0.3125, 0.125}, one[] = {0, 1, 0, 0, 0},
        two[] = {0, 6 / 11.0, 0, 5 / 11.0, 0}, four[] = {0, 0.4, 2 / 15.0, 1 / 3.0, 2 / 15.0};
    ok(cut_is(5, 1, all) && cut_is(SIZE_MAX, 1, all), "where all may stay, all do");
    real half[3] = {(real)0.25, (real)0.25}, sorted[2];
    sampling_cut(half, sorted, 2, 2, 1);
    ok(half[0] == (real)0.25 && half[1] == (real)0.25, "and nothing is divided");
    sampling_cut(half, sorted, 2, 1, 1);
    ok(half[0] == (real)0.5 && half[1] == (real)0.5, "as it is where one is to stay, and two are alike");
    ok(cut_is(1, 1, one) && cut_is(2, 1, two), "the best, and the two best");
    ok(cut_is(3, 1, four) && cut_is(4, 1, four), "who is as probable as the third stays with it");
    ok(cut_is(5, 6 / 16.0, one) && cut_is(5, 0, one), "the first alone has all of the share");
    ok(cut_is(5, 6.5 / 16, two) && cut_is(5, 11 / 16.0, two), "or needs one more for it");
    ok(cut_is(5, 11.5 / 16, four) && cut_is(5, 15 / 16.0, four), "or three more");
    ok(cut_is(5, 15.5 / 16, all) && cut_is(6, 15.5 / 16, all), "or everybody");
    ok(cut_is(2, 15 / 16.0, two) && cut_is(4, 11 / 16.0, two), "and both bounds have to be kept");
}

/* Test that draws are cut */
static int drawn(sampler *s, size_t top_k, double top_p)
{
    random_state r;
    int seen = 0;
    random_seed(&r, 12);
    for (int i = 0; i < 3000; i++)
        seen |= 1 << sampler_draw(s, &(manner){.tau = 1, .top_k = top_k, .top_p = top_p}, &r);
    return seen;
}

static void test_cut_draws(const params *p)
{
    sampler s;
    plain a = {{0}, {0}};
    double q[SYMBOLS], sum = 0;
    int best[SYMBOLS], those = 0;
    if (sampler_alloc(&s, p) != 0) exit(1);
    sampler_read(&s, 3);
    plain_read(&a, p, 3);
    plain_probabilities(q, a.z, 1);
    /* Sort five probabilities */
    for (int i = 0; i < SYMBOLS; i++) {
        int rank = 0;
        for (int j = 0; j < SYMBOLS; j++) rank += q[j] > q[i];
        best[rank] = i;
    }
    for (size_t i = 0; i < SYMBOLS; i++) {
        those |= 1 << best[i];
        ok(drawn(&s, i + 1, 0) == those, "the best %zu are drawn", i + 1);
        ok(drawn(&s, 0, sum + q[best[i]] / 2) == those, "or those with %.3f together", sum);
        sum += q[best[i]];
    }
    ok(drawn(&s, 0, 0) == 31, "or all");
    sampler_free(&s);
}

/* Test a speech that has an ending */
enum { LONG = 20000 };

/* How much is said until the ending; and in all, what is said without one. */
static size_t speech_until(sampler *s, const char *ending, char *all)
{
    uint32_t codes[] = {'a', 'b', 'c', 'd', 'e'}, until[8];
    const vocabulary v = {SYMBOLS, codes};
    size_t size = 0;
    for (size_t i = 0; ending[i]; i++) until[i] = (uint32_t)(ending[i] - 'a');
    for (int whole = 0; whole < 2; whole++) {
        /* Speak once, from the same state */
        random_state r;
        FILE *out = tmpfile();
        if (!out) exit(1);
        random_seed(&r, 8);
        memset(s->step.h, 0, UNITS * sizeof(real));
        const manner how = {.tau = 9, .length = LONG, .until = whole ? NULL : until,
                            .ends = whole ? 0 : strlen(ending)};
        sampler_read(s, 0);
        sampler_speak(s, out, &v, &how, &r);
        rewind(out);
        const size_t got = fread(all, 1, LONG, out);
        all[got] = '\0';
        if (!whole) size = got;
        fclose(out);
    }
    return size;
}

/* Test a speech to the byte */
static const char *const spelling[SYMBOLS] = {"\n", "a", "\xC3\xA9", "\xE2\x82\xAC",
                                              "\xF0\x9F\x98\x80"};

static size_t plain_speech(char *to, const params *p, size_t length, random_state *r)
{
    plain a = {{0}, {0}};
    size_t size = 0;
    plain_read(&a, p, 0);
    for (size_t i = 0; i < length; i++) {
        /* Draw the next symbol, plainly */
        double q[SYMBOLS], u = random_uniform(r);
        uint32_t symbol = 0;
        plain_probabilities(q, a.z, 0.7);
        while (symbol < SYMBOLS - 1 && u >= q[symbol]) u -= q[symbol++];
        size += (size_t)sprintf(to + size, "%s", spelling[symbol]);
        plain_read(&a, p, symbol);
    }
    return size;
}

static void test_speech(const params *p)
{
    enum { LENGTH = 300 };
    uint32_t codes[] = {'\n', 'a', 0xE9, 0x20AC, 0x1F600};
    const vocabulary v = {SYMBOLS, codes};
    char said[4 * LENGTH + 1] = "", predicted[4 * LENGTH + 1], all[LONG + 1];
    random_state r, other;
    sampler s;
    FILE *out = tmpfile(), *deaf = fopen("/dev/null", "r");
    if (!out || !deaf || sampler_alloc(&s, p) != 0) exit(1);
    /* Speak, and compare with what was predicted */
    random_seed(&r, 6);
    random_seed(&other, 6);
    const size_t size = plain_speech(predicted, p, LENGTH, &other);
    sampler_begin(&s, &v);
    const manner how = {.tau = 0.7, .length = LENGTH};
    const uint32_t last = sampler_speak(&s, out, &v, &how, &r);
    rewind(out);
    const size_t got = fread(said, 1, sizeof said - 1, out);
    ok(got == size && memcmp(said, predicted, size) == 0, "%d characters, all %zu bytes as predicted",
       LENGTH, size);
    ok(memcmp(&r, &other, sizeof r) == 0, "with one draw for each");
    const size_t end = strlen(spelling[last]);
    ok(size >= end && memcmp(predicted + size - end, spelling[last], end) == 0, "and the last is told");
    /* Test that nobody speaks to a stream that does not hear */
    setvbuf(deaf, NULL, _IONBF, 0);
    sampler_speak(&s, deaf, &v, &how, &r);
    random_uniform(&other);
    ok(memcmp(&r, &other, sizeof r) == 0, "and one only where nothing can be written");
    /* Test that a speech ends where it should */
    static const char *const endings[] = {"e", "aa", "aab", "aaa", "aba", "abac", "abab", "bcbcd"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t until = speech_until(&s, endings[i], all);
        const char *found = strstr(all, endings[i]);
        ok(found && until == (size_t)(found - all) + strlen(endings[i]),
           "an ending is met where it is first written: after %zu letters", until);
    }
    ok(sampler_speak(&s, out, &v, &(manner){.tau = 1}, &r) == UINT32_MAX, "no length, and nothing is said");
    fclose(out);
    fclose(deaf);
    sampler_free(&s);
}

/* Run all tests of sampling */
int main(void)
{
    params p;
    uint64_t seed = 21;
    if (params_alloc(&p, SYMBOLS, UNITS, SYMBOLS) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    test_temperature();
    test_edges();
    test_steps();
    test_memory(&p);
    test_no_sampler(&p);
    for (double tau = 0.5; tau <= 2; tau *= 2) test_frequencies(&p, tau);
    test_cut();
    test_cut_draws(&p);
    test_speech(&p);
    params_free(&p);
    return test_done();
}
