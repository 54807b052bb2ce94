/* generated from chapters/04-forward.nw by noweb; do not edit */
#include "test-network.h"
#include "test.h"
#include <errno.h>

/* Test the forward pass against its equations, entry by entry */
static double entry_of_z(const params *p, const tape *k, size_t row, size_t i)
{
    const real *before = k->h + row * p->n;
    double z = (double)p->b_h[i] + (double)p->W_xh[i * p->m + k->x[row]];
    for (size_t j = 0; j < p->n; j++)
        z += (double)before[j] * (double)p->W_hh[i * p->n + j];
    return z;
}

static double entry_of_logits(const params *p, const tape *k, size_t row, size_t i)
{
    const real *state = k->h + (row + k->B) * p->n;
    double z = (double)p->b_y[i];
    for (size_t j = 0; j < p->n; j++)
        z += (double)state[j] * (double)p->W_hy[i * p->n + j];
    return z;
}

static void test_entries(void)
{
    params p;
    tape k;
    double hidden = 0, state = 0, logits = 0;
    test_network(&p, &k, TEST_B, 1);
    forward_pass(&k, &p);
    for (size_t r = 0; r < TEST_T * TEST_B; r++) {
        /* Compare row r of the forward pass */
        for (size_t i = 0; i < TEST_N; i++) {
            double z = entry_of_z(&p, &k, r, i);
            double h = (double)k.h[(r + TEST_B) * TEST_N + i];
            hidden = test_worse(hidden, fabs((double)k.z_h[r * TEST_N + i] - z));
            state = test_worse(state, fabs(h - tanh(z)));
        }
        for (size_t i = 0; i < TEST_L; i++) {
            double z = entry_of_logits(&p, &k, r, i);
            logits = test_worse(logits, fabs((double)k.z_y[r * TEST_L + i] - z));
        }
    }
    ok(hidden <= 1e-12, "z_h is eq:zh (%.1e)", hidden);
    ok(state <= 1e-12, "h is eq:h (%.1e)", state);
    ok(logits <= 1e-12, "z_y is eq:zy (%.1e)", logits);
    params_free(&p);
    tape_free(&k);
}

/* Test that streams do not see each other */
static void test_streams(void)
{
    params p;
    tape k;
    test_network(&p, &k, TEST_B, 2);
    forward_pass(&k, &p);
    const size_t last = TEST_T * TEST_B;    // row of stream 0 at step T
    const real before = k.h[last * TEST_N], neighbour = k.h[(last + 1) * TEST_N];
    k.x[1] = (k.x[1] + 1) % TEST_M;         // first character of stream 1
    forward_pass(&k, &p);
    ok(k.h[last * TEST_N] == before, "stream 0 ignores what stream 1 reads");
    ok(k.h[(last + 1) * TEST_N] != neighbour, "stream 1 remembers its first character");
    params_free(&p);
    tape_free(&k);
}

/* Test absurd sizes */
static void test_sizes(void)
{
    const size_t all = SIZE_MAX, half = SIZE_MAX / 2 + 1, part = SIZE_MAX / (4 * sizeof(real));
    /* Sizes that fail in one place only */
    enum { LACKING = 10 };          // from here on, memory is what fails
    const size_t absurd[][5] = {
        // T, B, m, n, l; T is 0 where parameters are asked for
        {0, 0, half, 2, 1}, {0, 0, 1, half, 1}, {0, 0, 1, 2, half}, {0, 0, all, 1, 1},
        {0, 0, all / sizeof(real), 1, 1}, {0, 0, 1, 1, all / sizeof(real)},
        {half, 2, 1, 1, 1}, {all, 1, 1, 1, 1}, {1, 1, 1, half, 1}, {1, 1, half, 2, 1},
        {0, 0, part, 1, 1}, {1, 1, part, 1, 1}, {part, 1, 1, 1, 1}, {all / 8 + 1, 1, 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        const size_t T = absurd[i][0], B = absurd[i][1], m = absurd[i][2], n = absurd[i][3],
                     l = absurd[i][4];
        params p;
        tape k;
        errno = 0;
        const int status = T ? tape_alloc(&k, T, B, m, n, l) : params_alloc(&p, m, n, l);
        ok(status == -1 && errno == (i < LACKING ? EOVERFLOW : ENOMEM),
           "absurd sizes %zu are refused", i);
        ok(T ? !k.block && !k.symbols && !k.T : !p.block && !p.count && !p.m,
           "and nothing is left");
    }
}

/* Test that memory is given back */
static void make_and_free(void)
{
    params p;
    tape k;
    test_network(&p, &k, TEST_B, 1);
    params_free(&p);
    tape_free(&k);
    if (tape_alloc(&k, 1, 1, 1, SIZE_MAX / 2, 1) == 0) exit(1);
}

static void test_release(void)
{
    params p;
    tape k;
    ok(test_gives_back(make_and_free), "parameters and tapes give back their memory");
    test_network(&p, &k, TEST_B, 1);
    params_free(&p);
    tape_free(&k);
    ok(!p.m && !p.n && !p.l && !p.count && !p.block && !p.W_xh && !p.b_y,
       "nothing is left of parameters");
    ok(!k.T && !k.B && !k.block && !k.symbols && !k.x && !k.h && !k.W_hy_T.at, "nor of a tape");
    params_free(&p);
    tape_free(&k);
}

/* Test that arrays lie side by side */
static void test_views(void)
{
    enum { T = 5, B = 2, M = 3, N = 4, L = 7, R = T * B };
    params p;
    tape k;
    if (params_alloc(&p, M, N, L) != 0 || tape_alloc(&k, T, B, M, N, L) != 0) exit(1);
    const struct { const real *first, *next; ptrdiff_t size; } pairs[] = {
        /* Neighbours among the arrays */
        {p.W_xh, p.W_hh, N * M}, {p.W_hh, p.b_h, N * N}, {p.b_h, p.W_hy, N}, {p.W_hy, p.b_y, L * N},
        {p.b_y, p.block + p.count, L}, {k.h, k.z_h, (R + B) * N}, {k.z_h, k.z_y, R * N},
        {k.z_y, k.y_hat, R * L}, {k.y_hat, k.c, R * L}, {k.c, k.s, R}, {k.s, k.loss, R}, {k.loss, k.F, T},
        {k.F, k.d_y, T + 1}, {k.d_y, k.d_h, R * L}, {k.d_h, k.d_z, (R + B) * N},
        {k.d_z, k.W_xh_T, (R + B) * N},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ok(pairs[i].next - pairs[i].first == pairs[i].size, "array %zu has %td numbers", i,
           pairs[i].size);
    ok(p.W_xh == p.block && k.h == k.block && k.x == k.symbols && k.y - k.x == R,
       "and the first are first");
    /* Test where panels begin */
    const real *const room = k.W_xh_T + M * N, *const more = room + (N + 1) * (N + PANELS_PAD);
    const real *const rooms[] = { room, more, more + (N + 1) * (L + PANELS_PAD) };
    const panels at[] = { k.W_hh_T, k.W_hy_T, k.W_hh };
    for (size_t i = 0; i < 3; i++) {
        const ptrdiff_t skipped = at[i].at - rooms[i];
        ok((uintptr_t)at[i].at % 64 == 0 && skipped >= 0 && skipped < (ptrdiff_t)(64 / sizeof(real)),
           "panels %zu begin at a line, and at the first", i);
    }
    params_free(&p);
    tape_free(&k);
}

int main(void)
{
    test_entries();
    test_streams();
    test_sizes();
    test_release();
    test_views();
    return test_done();
}
