/* generated from chapters/081-vanishing.nw by noweb; do not edit */
#include "hidden.h"
#include "test-network.h"
#include "test.h"
#include "vanishing.h"

/* Test the numbers of known matrices */
static void test_matrices(void)
{
    const real shear[] = {1, 1, 0, 1}, turn[] = {0, -2, 2, 0}, x[] = {1, 0}, y[] = {1, 1};
    const double golden = (1 + sqrt(5)) / 2;
    ok(fabs(largest_singular(shear, 2) - golden) <= 1e-14, "a shear lengthens by the golden ratio");
    ok(fabs(spectral_radius(shear, 2) - 1) <= 1e-7, "and has a spectral radius of one");
    ok(fabs(spectral_radius(turn, 2) - 2) <= 1e-14, "complex eigenvalues have a size");
    ok(fabs(angle_between(x, y, 2) - 45) <= 1e-12, "a diagonal halves a right angle");
    /* Test a matrix that was drawn */
    enum { N = 9 };
    real A[N * N], product[N * N] = {0}, worst = 0;
    gsl_vector *values = gsl_vector_alloc(N), *work = gsl_vector_alloc(N);
    gsl_matrix *V = gsl_matrix_alloc(N, N);
    uint64_t seed = 5;
    random_state r;
    test_fill(A, N * N, &seed);
    gsl_matrix *M = matrix_of(A, N);
    gsl_linalg_SV_decomp(M, V, values, work);
    const double first = gsl_vector_get(values, 0);
    ok(fabs(largest_singular(A, N) - first) <= 1e-13 * first, "two ways to the norm of a matrix");
    /* Compare a product with the identity */
    random_seed(&r, 5);
    draw_orthogonal(A, N, &r);
    rows_outer(product, A, A, N, N, N);
    for (size_t i = 0; i < N * N; i++) worst = fmax(worst, fabs(product[i] - (i % (N + 1) == 0)));
    ok(worst <= 1e-14 && fabs(A[0]) < 1, "what is drawn is orthogonal (%.1e)", worst);
    gsl_matrix_free(M);
    gsl_matrix_free(V);
    gsl_vector_free(values);
    gsl_vector_free(work);
}

/* Test the example with one unit */
static void test_pencil(void)
{
    const real W = (real)0.5, h[] = {(real)tanh(1), (real)tanh(0.5 * tanh(1) - 1)};
    real J = 1, room;
    jacobian_lengthen(&J, &W, &h[0], 1, &room);
    ok(fabs((double)J - 0.2100) <= 5e-5, "the example after one step: %.4f", (double)J);
    jacobian_lengthen(&J, &W, &h[1], 1, &room);
    const double by_hand = 0.25 / pow(cosh(1) * cosh(0.5 * tanh(1) - 1), 2);
    ok(fabs((double)J - by_hand) <= 1e-16 && fabs((double)J - 0.0732) <= 5e-5,
       "and after two: %.4f", (double)J);
}

/* Make the Jacobian of one state by another */
/* J (n × n) = ∂h_u/∂h_t on a tape of one stream. */
static void jacobian(real *J, const params *p, const tape *k, size_t u, size_t t)
{
    real room[TEST_N * TEST_N];
    for (size_t i = 0; i < TEST_N * TEST_N; i++) J[i] = i % (TEST_N + 1) == 0;
    for (size_t s = t + 1; s <= u; s++)
        jacobian_lengthen(J, p->W_hh, k->h + s * TEST_N, TEST_N, room);
}

/* Test Jacobians against differences */
/* Runs on from step t of k, with entry j of that state pushed; h (1 × n) is then h_u. */
static void run_pushed(real *h, const params *p, const tape *k, size_t u, size_t t, size_t j,
                       double push)
{
    tape rest;
    if (tape_alloc(&rest, u - t, 1, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    memcpy(rest.x, k->x + t, (u - t) * sizeof *rest.x);
    memcpy(rest.h, k->h + t * TEST_N, TEST_N * sizeof(real));
    rest.h[j] += (real)push;
    forward_pass(&rest, p);
    memcpy(h, rest.h + (u - t) * TEST_N, TEST_N * sizeof(real));
    tape_free(&rest);
}

static double difference_error(const params *p, const tape *k, size_t u, size_t t)
{
    const double push = 1e-5;
    real J[TEST_N * TEST_N], quotients[TEST_N * TEST_N], ahead[TEST_N], behind[TEST_N];
    jacobian(J, p, k, u, t);
    for (size_t j = 0; j < TEST_N; j++) {
        run_pushed(ahead, p, k, u, t, j, push);
        run_pushed(behind, p, k, u, t, j, -push);
        for (size_t i = 0; i < TEST_N; i++)
            quotients[i * TEST_N + j] = (ahead[i] - behind[i]) / (real)(2 * push);
    }
    return test_relative_error(J, quotients, TEST_N * TEST_N);
}

static void test_differences(void)
{
    params p;
    tape k;
    double error = 0;
    test_network(&p, &k, 1, 17);
    forward_pass(&k, &p);
    for (size_t t = 0; t < TEST_T; t++)
        for (size_t u = t + 1; u <= TEST_T; u++)
            error = test_worse(error, difference_error(&p, &k, u, t));
    ok(error <= 1e-8, "Jacobians agree with differences (%.1e)", error);
    params_free(&p);
    tape_free(&k);
}

/* Test the bound */
static void test_bound(void)
{
    params p;
    tape k;
    int holds = 1;
    double closest = 0;
    test_network(&p, &k, 1, 18);
    forward_pass(&k, &p);
    for (size_t t = 0; t < TEST_T; t++) {
        /* Compare the norms from step t with their bounds */
        double reach[TEST_T + 1] = {0}, bound[TEST_T + 1] = {0};
        follow(reach, bound, &p, &k, 0, t, TEST_T - t);
        for (size_t d = 1; d <= TEST_T - t; d++) holds &= reach[d] <= bound[d] + 1e-12;
        closest = fmax(closest, exp(reach[1] - bound[1]));
    }
    ok(holds, "no Jacobian is larger than its bound");
    ok(closest > 0.5 && closest <= 1, "in one step it comes as close as %.2f", closest);
    /* Compare what was followed with a Jacobian */
    real J[TEST_N * TEST_N];
    double reach[TEST_T + 1] = {0}, bound[TEST_T + 1] = {0};
    follow(reach, bound, &p, &k, 0, 1, 4);
    jacobian(J, &p, &k, 5, 1);
    const double norm = largest_singular(J, TEST_N);
    ok(fabs(exp(reach[4]) - norm) <= 1e-14 * norm, "four steps from the first have a norm of %.3f", norm);
    params_free(&p);
    tape_free(&k);
}

/* Test what a cut loses */
/* The largest difference between eq:cut-across and two backward passes, for a cut behind s. */
static double cut_error(const params *p, const tape *whole, const tape *piece, size_t s)
{
    const size_t n = TEST_N;
    double error = 0;
    for (size_t t = 1; t <= s; t++) {
        real J[TEST_N * TEST_N], at_cut[TEST_N] = {0}, lost[TEST_N] = {0};
        jacobian(J, p, whole, s, t);
        rows_times(at_cut, whole->d_z + s * n, p->W_hh, 1, n, n);
        rows_times(lost, at_cut, J, 1, n, n);
        /* Add what was kept, and compare with the whole */
        for (size_t i = 0; i < n; i++) {
            const real h = whole->h[t * n + i], kept = piece->d_z[(t - 1) * n + i];
            const real all = whole->d_z[(t - 1) * n + i];
            error = test_worse(error, fabs((double)(kept + lost[i] * (1 - h * h) - all)));
        }
    }
    return error;
}

static void test_cut(void)
{
    params p, grad;
    tape whole, piece;
    test_network(&p, &whole, 1, 19);
    if (params_alloc(&grad, TEST_M, TEST_N, TEST_L) != 0) exit(1);
    bptt(&whole, &grad, &p);
    for (size_t s = 1; s < TEST_T; s++) {
        /* Run the piece before the cut */
        if (tape_alloc(&piece, s, 1, TEST_M, TEST_N, TEST_L) != 0) exit(1);
        memcpy(piece.x, whole.x, s * sizeof *piece.x);
        memcpy(piece.y, whole.y, s * sizeof *piece.y);
        memcpy(piece.h, whole.h, TEST_N * sizeof(real));
        bptt(&piece, &grad, &p);
        const double error = cut_error(&p, &whole, &piece, s);
        ok(error <= 1e-14, "what a cut behind step %zu loses (%.1e)", s, error);
        tape_free(&piece);
    }
    params_free(&p);
    params_free(&grad);
    tape_free(&whole);
}

int main(void)
{
    test_matrices();
    test_pencil();
    test_differences();
    test_bound();
    test_cut();
    return test_done();
}
