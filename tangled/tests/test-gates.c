/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "gates.h"
#include "test-network.h"
#include "test.h"
#include "vanishing.h"

/* Compare what arrives with a product of Jacobians */
/* The worst difference over all steps, relative to the length of what arrives. */
static double arrival_error(tape *k, params *grad, const params *p, size_t b)
{
    real errors[2 * TEST_N], J[TEST_N * TEST_N], room[TEST_N * TEST_N];
    uint64_t seed = 7;
    double worst = 0;
    test_fill(errors, 2 * TEST_N, &seed);
    send_back(k, grad, p, errors);
    for (size_t t = 0; t <= TEST_T; t++) {
        real row[TEST_N] = { 0 };
        double squares = 0;
        for (size_t i = 0; i < TEST_N * TEST_N; i++) J[i] = i % (TEST_N + 1) == 0;
        for (size_t s = t + 1; s <= TEST_T; s++)
            jacobian_lengthen(J, p->W_hh, k->h + (s * 2 + b) * TEST_N, TEST_N, room);
        rows_times(row, errors + b * TEST_N, J, 1, TEST_N, TEST_N);
        for (size_t i = 0; i < TEST_N; i++) squares += (double)(row[i] * row[i]);
        worst = test_worse(worst, fabs(arrived(k, t, b) / sqrt(squares) - 1));
    }
    return worst;
}

int main(void)
{
    params p, grad;
    tape k;
    test_network(&p, &k, 2, 29);
    forward_pass(&k, &p);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    for (size_t b = 0; b < 2; b++) {
        const double error = arrival_error(&k, &grad, &p, b);
        ok(error <= 1e-14, "stream %zu: an error times Jacobians is what arrives (%.1e)", b, error);
    }
    params_free(&p);
    params_free(&grad);
    tape_free(&k);
    return test_done();
}
