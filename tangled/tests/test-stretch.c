/* generated from chapters/39-behind.nw by noweb; do not edit */
#include "descent.h"
#include "hidden.h"
#include "test-network.h"
#include "test.h"
#include <complex.h>
#include <string.h>

/* Differentiate by a common first state */
/* g (1 × n) += the gradient by a first state that all B streams share. */
static void first_state_backward(real *g, const tape *k)
{
    /* Add up what the streams ask of their common start */
    rows_sum(g, k->d_h, k->B, k->n);
}

/* Take central differences of a loss */
typedef double loss_of(const real *a, params *p, params *grad, tape *k);

static void differences(real *quotient, real *a, size_t count, loss_of *loss, params *p,
                        params *grad, tape *k)
{
    const real step = (real)1e-5;
    for (size_t i = 0; i < count; i++) {
        const real kept = a[i];
        a[i] = kept + step;
        const double above = loss(a, p, grad, k);
        a[i] = kept - step;
        quotient[i] = (real)((above - loss(a, p, grad, k)) / (2 * (double)step));
        a[i] = kept;
    }
}

/* Test a learned start */
static double loss_from(const real *a, params *p, params *grad, tape *k)
{
    for (size_t b = 0; b < k->B; b++) memcpy(k->h + b * k->n, a, k->n * sizeof *a);
    return (double)bptt(k, grad, p);
}

static void test_start(void)
{
    params p, grad;
    tape k;
    real a[TEST_N], g[TEST_N] = { 0 }, quotient[TEST_N];
    uint64_t seed = 31;
    test_network(&p, &k, TEST_B, seed);
    test_fill(a, TEST_N, &seed);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    /* Compare the gradient of the start with central differences */
    differences(quotient, a, TEST_N, loss_from, &p, &grad, &k);
    loss_from(a, &p, &grad, &k);
    first_state_backward(g, &k);
    double error = test_relative_error(g, quotient, TEST_N);
    ok(error <= 1e-8, "the gradient by a first state that all streams share (%.1e)", error);
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

/* Differentiate by a shared matrix */
/* G (l × n) += the gradient by E where W_hy = E and W_xh = Eᵀ; grad->m is grad->l. */
static void shared_backward(real *G, const params *grad)
{
    const size_t l = grad->l, n = grad->n;
    /* Add both gradients of the shared matrix */
    for (size_t i = 0; i < l; i++)
        for (size_t j = 0; j < n; j++)
            G[i * n + j] += grad->W_hy[i * n + j] + grad->W_xh[j * l + i];
}

/* Test a shared matrix */
enum { SHARED_L = 3, SHARED_N = 4 };

static double loss_shared(const real *E, params *p, params *grad, tape *k)
{
    memcpy(p->W_hy, E, SHARED_L * SHARED_N * sizeof *E);
    rows_transpose(p->W_xh, E, SHARED_L, SHARED_N);
    memset(grad->block, 0, grad->count * sizeof(real));
    return (double)bptt(k, grad, p);
}

static void test_shared(void)
{
    enum { SIZE = SHARED_L * SHARED_N };
    params p, grad;
    tape k;
    real E[SIZE], G[SIZE] = { 0 }, quotient[SIZE];
    uint64_t seed = 32;
    if (params_alloc(&p, SHARED_L, SHARED_N, SHARED_L) != 0) exit(1);
    if (params_alloc(&grad, SHARED_L, SHARED_N, SHARED_L) != 0) exit(1);
    if (tape_alloc(&k, 6, 2, SHARED_L, SHARED_N, SHARED_L) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    test_fill(E, SIZE, &seed);
    for (uint32_t r = 0; r < 12; r++) k.x[r] = r * r % 3, k.y[r] = (r + r / 5) % 3;
    /* Compare the shared gradient with central differences */
    differences(quotient, E, SIZE, loss_shared, &p, &grad, &k);
    loss_shared(E, &p, &grad, &k);
    shared_backward(G, &grad);
    double error = test_relative_error(G, quotient, SIZE);
    ok(error <= 1e-8, "the gradient by a matrix that is used twice (%.1e)", error);
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

/* Compute a loss by hand */
/* The cross entropy, in nats, of the logits z (1 × l) for the target y. eq:Lt-stable */
static double loss_by_hand(const real *z, size_t l, size_t y)
{
    /* Charge for the target, by hand */
    double c = (double)z[0], sum = 0;
    for (size_t i = 1; i < l; i++)
        c = (double)z[i] > c ? (double)z[i] : c;
    for (size_t i = 0; i < l; i++)
        sum += exp((double)z[i] - c);
    return c + log(sum) - (double)z[y];
}

/* Take a step back without kernels */
/* Adds to d_h (1 × n) what the step after asks, and sets d_z (1 × n). W_hh is n × n. eq:dh eq:dz */
static void step_by_hand(real *d_z, real *d_h, const real *d_z_next, const real *W_hh,
                         const real *h, size_t n)
{
    /* Go one step back, by hand */
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++)
            d_h[j] += d_z_next[i] * W_hh[i * n + j];
        d_z[j] = d_h[j] * (1 - h[j] * h[j]);
    }
}

/* Add up a gradient without kernels */
/* G (n × n) += the gradient by W_hh; d_z begins at step 1, h at step 0. eq:dWhh */
static void gradient_by_hand(real *G, const real *d_z, const real *h, size_t T, size_t n)
{
    /* Add up outer products, by hand */
    for (size_t t = 0; t < T; t++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                G[i * n + j] += d_z[t * n + i] * h[t * n + j];
}

/* Shorten two gradients together */
/* Brings g (p) and r (q) to a common norm of at most c. eq:clip */
static void clip_by_hand(real *g, real *r, size_t p, size_t q, double c)
{
    /* Bring both gradients down, by hand */
    double squares = 0;
    for (size_t i = 0; i < p; i++)
        squares += (double)g[i] * (double)g[i];
    for (size_t i = 0; i < q; i++)
        squares += (double)r[i] * (double)r[i];
    const real factor = (real)(squares > c * c ? c / sqrt(squares) : 1);
    for (size_t i = 0; i < p; i++)
        g[i] *= factor;
    for (size_t i = 0; i < q; i++)
        r[i] *= factor;
}

/* Measure a list by hand */
/* The mean loss of a character, in nats, of count items with size[i] characters each. */
static double list_by_hand(const real *loss, const size_t *size, size_t count)
{
    /* Average over the items, by hand */
    double sum = 0, weights = 0;
    for (size_t i = 0, at = 0; i < count; at += size[i++]) {
        double mean = 0;
        for (size_t j = 0; j < size[i]; j++)
            mean += (double)loss[at + j] / (double)size[i];
        const double weight = (double)size[i];
        sum += weight * mean;
        weights += weight;
    }
    return sum / weights;
}

/* Test what was written by hand */
static void test_loss_by_hand(void)
{
    enum { L = 5 };
    uint64_t seed = 41;
    real z[L];
    test_fill(z, L, &seed);
    double error = 0, sum = 0;
    for (size_t i = 0; i < L; i++) sum += exp((double)z[i]);
    for (size_t y = 0; y < L; y++)
        error = fmax(error, fabs(loss_by_hand(z, L, y) + log(exp((double)z[y]) / sum)));
    ok(error <= 1e-12, "a loss by hand is minus a logarithm of a probability (%.1e)", error);
}

static void test_steps_by_hand(void)
{
    enum { N = 4, STEPS = 3 };
    uint64_t seed = 42;
    real W[N * N], d_z[STEPS * N], h[STEPS * N], d_h[N], right[N], G[N * N] = { 0 }, outer[N * N] = { 0 };
    real ours[N];
    test_fill(W, N * N, &seed), test_fill(d_z, STEPS * N, &seed), test_fill(h, STEPS * N, &seed);
    test_fill(d_h, N, &seed);
    memcpy(right, d_h, sizeof right);
    rows_times(right, d_z, W, 1, N, N);
    step_by_hand(ours, d_h, d_z, W, h, N);
    ok(test_relative_error(d_h, right, N) <= 1e-12, "a step back by hand");
    for (size_t j = 0; j < N; j++) right[j] *= (1 - h[j]) * (1 + h[j]);
    ok(test_relative_error(ours, right, N) <= 1e-12, "and through the tanh");
    gradient_by_hand(G, d_z, h, STEPS, N);
    rows_outer(outer, d_z, h, STEPS, N, N);
    ok(test_relative_error(G, outer, N * N) <= 1e-12, "a gradient by hand");
}

static void test_clip_by_hand(void)
{
    enum { P = 3, Q = 4 };
    uint64_t seed = 43;
    real g[P + Q], whole[P + Q];
    for (int large = 0; large < 2; large++) {
        test_fill(g, P + Q, &seed);
        memcpy(whole, g, sizeof g);
        const real bound = large ? 100 : (real)0.5;
        descent_clip(whole, bound, P + Q);
        clip_by_hand(g, g + P, P, Q, (double)bound);
        ok(test_relative_error(g, whole, P + Q) <= 1e-12, "two gradients, shortened by hand");
    }
}

static void test_list_by_hand(void)
{
    enum { ALL = 9 };
    const size_t size[] = { 1, 5, 3 };
    uint64_t seed = 44;
    real loss[ALL];
    double sum = 0;
    test_fill(loss, ALL, &seed);
    for (size_t i = 0; i < ALL; i++) sum += (double)loss[i];
    ok(fabs(list_by_hand(loss, size, 3) - sum / ALL) <= 1e-15, "a mean of a list by hand");
    ok(fabs(list_by_hand(loss + 1, size + 1, 1) - (double)(loss[1] + loss[2] + loss[3] + loss[4] + loss[5]) / 5)
       <= 1e-15, "and of a list with one item");
}

/* Learn from one stream of text */
/* One step of plain descent for each of `chunks` chunks of T characters; text holds one
   character more. k is a tape of one stream, and grad has the sizes of p. */
static void learn(params *p, params *grad, tape *k, const uint32_t *text, size_t chunks,
                  real eta, real bound)
{
    const size_t T = k->T, n = k->n;
    memset(k->h, 0, n * sizeof(real));
    for (size_t i = 0; i < chunks; i++) {
        /* Read a chunk, look back, step, and carry the state on */
        memcpy(k->x, text + i * T, T * sizeof *text);
        memcpy(k->y, text + i * T + 1, T * sizeof *text);
        memset(grad->block, 0, grad->count * sizeof(real));
        bptt(k, grad, p);
        descent_clip(grad->block, bound, grad->count);
        descent_sgd(p->block, grad->block, eta, p->count);
        memcpy(k->h, k->h + T * n, n * sizeof(real));
    }
}

/* Test a training loop of one's own */
static void test_learn(void)
{
    enum { LENGTH = 6, CHUNKS = 400 };
    static uint32_t text[LENGTH * CHUNKS + 1];
    params p, grad;
    tape k;
    uint64_t seed = 33;
    if (params_alloc(&p, 3, 4, 3) != 0 || params_alloc(&grad, 3, 4, 3) != 0) exit(1);
    if (tape_alloc(&k, LENGTH, 1, 3, 4, 3) != 0) exit(1);
    test_fill(p.block, p.count, &seed);
    for (uint32_t i = 0; i <= LENGTH * CHUNKS; i++) text[i] = i % 3;
    learn(&p, &grad, &k, text, CHUNKS, (real)0.1, 5);
    double bits = (double)bptt(&k, &grad, &p) / LENGTH / log(2.0);
    ok(bits < 0.1, "a loop of one's own learns to say abc (%.3f bits per character)", bits);
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
}

/* Multiply the Hessian by a row */
/* g (1 × p) becomes the gradient at theta (1 × p). */
typedef void complex_gradient(double complex *g, const double complex *theta, size_t p);

/* vH (1 × p) = v times the Hessian at theta; moved and g (1 × p) are scratch. */
static void hessian_times(double *vH, const double *v, const double *theta, size_t p,
                          complex_gradient *gradient, double complex *moved, double complex *g)
{
    const double h = 1e-30;
    /* Step along the row, sideways, and look at the gradient */
    for (size_t i = 0; i < p; i++)
        moved[i] = theta[i] + h * v[i] * I;
    gradient(g, moved, p);
    for (size_t i = 0; i < p; i++)
        vH[i] = cimag(g[i]) / h;
}

/* Test the product with a Hessian */
static void complex_softmax(double complex *g, const double complex *theta, size_t p)
{
    double complex sum = 0;
    for (size_t i = 0; i < p; i++) sum += g[i] = cexp(theta[i]);
    for (size_t i = 0; i < p; i++) g[i] /= sum;
}

static void test_hessian(void)
{
    const double theta[3] = { 0.3, -1.1, 0.8 }, v[3] = { 2, 0.5, -1.25 };
    double complex moved[3], g[3];
    double vH[3], mean = 0, error = 0;
    hessian_times(vH, v, theta, 3, complex_softmax, moved, g);
    for (int i = 0; i < 3; i++) mean += v[i] * creal(g[i]);
    for (int i = 0; i < 3; i++)
        error = test_worse(error, fabs(vH[i] - (v[i] - mean) * creal(g[i])));
    ok(error <= 1e-15, "a row times a Hessian, by a complex step of a gradient (%.1e)", error);
}

int main(void)
{
    test_start();
    test_shared();
    test_loss_by_hand();
    test_steps_by_hand();
    test_clip_by_hand();
    test_list_by_hand();
    test_learn();
    test_hessian();
    return test_done();
}
