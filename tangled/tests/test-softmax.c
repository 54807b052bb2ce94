/* generated from chapters/05-softmax.nw by noweb; do not edit */
#include "softmax.h"
#include "test-network.h"
#include "test.h"

/* Test rows against the formula */
static const struct { double z[4], largest; uint32_t target; } given[] = {
    {{2.5, 1, -1, 0.5}, 2.5, 0}, {{1, 2.5, -1, 0.5}, 2.5, 1}, {{1, -1, 2.5, 0.5}, 2.5, 1},
    {{1, -1, 0.5, 2.5}, 2.5, 2}, {{0.5, 3, 3, 1}, 3, 3}, {{-7, -2.25, -8, -9}, -2.25, 0},
    {{-5, -4, -3, -2.5}, -2.5, 3}, {{0.25, 1, -INFINITY, 0}, 1, 0}, {{0, 0, 0, 0}, 0, 2},
};
enum { GIVEN = sizeof given / sizeof *given };

static void test_rows(void)
{
    tape k;
    double to_come = 0;
    if (tape_alloc(&k, GIVEN, 1, 1, 1, 4) != 0) exit(1);
    for (size_t r = 0; r < GIVEN; r++) {
        for (size_t i = 0; i < 4; i++) k.z_y[r * 4 + i] = (real)given[r].z[i];
        k.y[r] = given[r].target;
        k.loss[r] = k.F[r + 1] = 99;        // left over from another pass
    }
    softmax_forward(&k);
    softmax_backward(&k);
    ok(k.F[GIVEN] == 0 && k.d_h[0] == 0 && k.d_h[1] == 0, "nothing is written beyond the rows");
    for (size_t r = GIVEN; r-- > 0;) {
        /* Compare row r with the formula */
        const double *z = given[r].z;
        const size_t target = given[r].target;
        double sum = 0, error = fabs((double)k.c[r] - given[r].largest), off;
        for (size_t i = 0; i < 4; i++) sum += exp(z[i]);
        for (size_t i = 0; i < 4; i++) {
            error = test_worse(error, fabs((double)k.y_hat[r * 4 + i] - exp(z[i]) / sum));
            off = (double)k.d_y[r * 4 + i] - (exp(z[i]) / sum - (i == target));
            error = test_worse(error, fabs(off));
        }
        error = test_worse(error, fabs((double)k.s[r] - log(sum)));
        error = test_worse(error, fabs((double)k.loss[r] + log(exp(z[target]) / sum)));
        to_come -= log(exp(z[target]) / sum);
        error = test_worse(error, fabs((double)k.F[r] - to_come));
        ok(error <= 1e-14, "row %zu: largest, log-sum-exp, probabilities, gradient, loss (%.1e)", r, error);
    }
    tape_free(&k);
}

/* Test huge logits */
static void test_huge(void)
{
    tape k;
    if (tape_alloc(&k, 1, 2, 1, 1, 3) != 0) exit(1);
    const real logits[6] = { 1000, -1000, 0, -1000, -1000, -1000 };
    for (int i = 0; i < 6; i++) k.z_y[i] = logits[i];
    k.y[0] = 1;
    softmax_forward(&k);
    ok(k.y_hat[0] == 1 && k.y_hat[1] == 0, "a certain network is certain");
    ok(fabs((double)k.y_hat[4] * 3 - 1) < 1e-6, "equal logits give equal shares");
    ok(fabs((double)k.s[0] - 1000) <= 0, "log-sum-exp does not overflow");
    double loss = 2000 + log(3.0);
    ok(fabs((double)k.F[0] / loss - 1) < 1e-6, "and the loss is finite: %g nats", loss);
    tape_free(&k);
}

/* Test the loss of a uniform guess */
static void test_uniform(void)
{
    tape k;
    if (tape_alloc(&k, 5, 3, 2, 2, 7) != 0) exit(1);
    softmax_forward(&k);
    double expected = 15 * log(7.0);
    ok(fabs((double)k.F[0] / expected - 1) < 1e-6,
       "15 uniform guesses among 7 cost 15 log 7 nats");
    softmax_backward(&k);
    ok(fabs((double)k.d_y[0] + 6.0 / 7) < 1e-6, "the target's logit is pulled up");
    ok(fabs((double)k.d_y[1] - 1.0 / 7) < 1e-6, "and the others pushed down");
    tape_free(&k);
}

/* Test that the future adds up */
static void test_future(void)
{
    params p;
    tape k;
    double sum = 0, most = 0;
    test_network(&p, &k, TEST_B, 3);
    forward_pass(&k, &p);
    softmax_forward(&k);
    softmax_backward(&k);
    for (size_t t = 0; t < TEST_T; t++) sum += (double)k.loss[t];
    ok(fabs((double)k.F[0] - sum) < 1e-5, "F_0 is the whole loss");
    ok(k.F[TEST_T] == 0, "nothing comes after the last step");
    for (size_t r = 0; r < TEST_T * TEST_B; r++) {
        double row = 0;
        for (size_t i = 0; i < TEST_L; i++) row += (double)k.d_y[r * TEST_L + i];
        most = test_worse(most, fabs(row));
    }
    ok(most < 1e-6, "every row of the gradient adds up to zero (%.1e)", most);
    params_free(&p);
    tape_free(&k);
}

int main(void)
{
    test_rows();
    test_huge();
    test_uniform();
    test_future();
    return test_done();
}
