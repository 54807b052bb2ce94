/* generated from chapters/11-sampling.nw by noweb; do not edit */
#include "sampling.h"
#include "test-network.h"

/* Test the temperature and its limits */
static void test_temperature(void)
{
    const real z[4] = {1, 3, (real)-2.385, 3};
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
    for (int i = 0; i < 100000; i++) count[sampler_draw(&s, 0.8, &r)] += 1e-5;
    for (size_t i = 0; i < TEST_L; i++)
        worst = test_worse(worst, fabs(count[i] - (double)s.q[i]));
    ok(worst < 0.0075, "100 000 draws have the frequencies they should (off by %.4f)",
       worst);
    sampler_free(&s);
    params_free(&p);
    tape_free(&all);
}

int main(void)
{
    test_temperature();
    test_edges();
    test_steps();
    return test_done();
}
