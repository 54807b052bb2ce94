/* generated from chapters/11-sampling.nw by noweb; do not edit */
#include "random.h"
#include "test.h"

/* Test against published values */
static const uint64_t published[] = {
    41943041, 58720359, 3588806011781223, 3591011842654386,
    9228616714210784205u, 9973669472204895162u,
    14011001112246962877u, 12406186145184390807u,
    15849039046786891736u, 10450023813501588000u,
    6457827717110365317u, 3203168211198807973u,
    9817491932198370423u, 4593380528125082431u,
};

static void test_published(void)
{
    random_state r = {{1, 2, 3, 4}};
    int same = 1;
    for (int i = 0; i < 10; i++) same &= random_bits(&r) == published[i];
    ok(same, "xoshiro256++ from 1, 2, 3, 4");
    random_seed(&r, 1234567);
    same = 1;
    for (int i = 0; i < 4; i++) same &= r.word[i] == published[10 + i];
    ok(same, "splitmix64 from 1234567");
    /* Test what is made of the published words */
    const double u = (double)(published[4] >> 11) / 9007199254740992.0;
    const double v = (double)(published[5] >> 11) / 9007199254740992.0;
    r = (random_state){{1, 2, 3, 4}};
    for (int i = 0; i < 4; i++) random_bits(&r);
    ok(random_uniform(&r) == u && random_uniform(&r) == v, "uniform: %.6f and %.6f", u, v);
    r = (random_state){{1, 2, 3, 4}};
    for (int i = 0; i < 4; i++) random_bits(&r);
    const double z = sqrt(log(1 / (1 - u)) * 2) * cos(2 * acos(-1) * v);
    ok(fabs(random_normal(&r) - z) <= 1e-15, "normal: %.6f", z);
}

/* Test means and bounds */
static void test_means(void)
{
    random_state r;
    double sum = 0, squares = 0, normal = 0, normal_squares = 0, least = 1,
           most = 0;
    random_seed(&r, 5);
    for (int i = 0; i < 100000; i++) {
        /* Add up one uniform and one normal number */
        double u = random_uniform(&r), z = random_normal(&r);
        sum += u;
        squares += u * u;
        normal += z;
        normal_squares += z * z;
        least = u < least ? u : least;
        most = u > most ? u : most;
    }
    ok(least >= 0 && most < 1 && least < 1e-3 && most > 0.999,
       "uniform numbers fill [0, 1)");
    ok(fabs(sum / 1e5 - 0.5) < 0.004 && fabs(squares / 1e5 - 1.0 / 3) < 0.004,
       "with mean 1/2, mean square 1/3");
    ok(fabs(normal / 1e5) < 0.015 && fabs(normal_squares / 1e5 - 1) < 0.02,
       "normal numbers have 0 and 1");
}

int main(void)
{
    test_published();
    test_means();
    return test_done();
}
