/* generated from chapters/08-hidden.nw by noweb; do not edit */
#include "hidden.h"
#include "fixed-numbers.h"
#include "test.h"
#include <string.h>

enum { T = 25, B = 8, M = 30, N = 60, L = 30 };
typedef struct {
    double W_xh[N * M], W_hh[N * N], b_h[N], W_hy[L * N], b_y[L];
} gradients;

/* Run one stream forward and back in plain loops */
/* Sets h of steps 0 to T, and δ^y of steps 1 to T, of stream b. */
static void plain_forward(double (*h)[N], double (*d_y)[L], const params *p, const tape *k, size_t b)
{
    for (size_t i = 0; i < N; i++) h[0][i] = (double)k->h[b * N + i];
    for (size_t t = 0; t < T; t++) {
        double total = 0;
        for (size_t i = 0; i < N; i++) {
            double z = (double)p->b_h[i] + (double)p->W_xh[i * M + k->x[t * B + b]];
            for (size_t j = 0; j < N; j++) z += (double)p->W_hh[i * N + j] * h[t][j];
            h[t + 1][i] = tanh(z);
        }
        for (size_t i = 0; i < L; i++) {
            double z = (double)p->b_y[i];
            for (size_t j = 0; j < N; j++) z += (double)p->W_hy[i * N + j] * h[t + 1][j];
            total += d_y[t][i] = exp(z);
        }
        for (size_t i = 0; i < L; i++) d_y[t][i] = d_y[t][i] / total - (i == k->y[t * B + b]);
    }
}

static void plain_back(gradients *g, double (*h)[N], double (*d_y)[L], const params *p, const tape *k,
                       size_t b)
{
    double d_z[N] = { 0 }, d_h[N];
    for (size_t t = T; t-- > 0;) {
        for (size_t j = 0; j < N; j++) {
            d_h[j] = 0;
            for (size_t i = 0; i < L; i++) d_h[j] += d_y[t][i] * (double)p->W_hy[i * N + j];
            for (size_t i = 0; i < N; i++) d_h[j] += d_z[i] * (double)p->W_hh[i * N + j];
        }
        for (size_t i = 0; i < N; i++) d_z[i] = d_h[i] * (1 - h[t + 1][i] * h[t + 1][i]);
        /* Add the outer products of this step */
        for (size_t i = 0; i < N; i++) {
            g->b_h[i] += d_z[i];
            g->W_xh[i * M + k->x[t * B + b]] += d_z[i];
            for (size_t j = 0; j < N; j++) g->W_hh[i * N + j] += d_z[i] * h[t][j];
        }
        for (size_t i = 0; i < L; i++) {
            g->b_y[i] += d_y[t][i];
            for (size_t j = 0; j < N; j++) g->W_hy[i * N + j] += d_y[t][i] * h[t + 1][j];
        }
    }
}

/* Compare a gradient with the plain one */
static void compare(const char *name, const real *ours, const double *plain, size_t count)
{
    const double most = sizeof(real) == sizeof(float) ? 2e-6 : 2e-14;
    double error = 0, scale = 0;
    for (size_t i = 0; i < count; i++) {
        error = test_worse(error, fabs((double)ours[i] - plain[i]));
        scale = test_worse(scale, fabs(plain[i]));
    }
    ok(error <= most * scale && scale > 0, "%s is as in plain loops, but for %.1e", name,
       error / scale);
}

int main(void)
{
    params p, grad;
    tape k;
    uint64_t seed = 1;
    if (params_alloc(&p, M, N, L) != 0 || params_alloc(&grad, M, N, L) != 0
        || tape_alloc(&k, T, B, M, N, L) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    for (size_t i = 0; i < p.count; i++) p.block[i] *= (real)0.2;
    test_fill(k.h, B * N, &seed);
    for (size_t i = 0; i < T * B; i++) k.x[i] = (uint32_t)(i * i % M), k.y[i] = (uint32_t)(i * 7 % L);
    /* Compare all gradients of this network */
    static gradients g;
    static double h[T + 1][N], d_y[T][L];
    for (size_t b = 0; b < B; b++) {
        plain_forward(h, d_y, &p, &k, b);
        plain_back(&g, h, d_y, &p, &k, b);
    }
    bptt(&k, &grad, &p);
    compare("dW_xh", grad.W_xh, g.W_xh, N * M);
    compare("dW_hh", grad.W_hh, g.W_hh, N * N);
    compare("db_h", grad.b_h, g.b_h, N);
    compare("dW_hy", grad.W_hy, g.W_hy, L * N);
    compare("db_y", grad.b_y, g.b_y, L);
    params_free(&p), params_free(&grad), tape_free(&k);
    return test_done();
}
