/* generated from chapters/55-page-network.nw by noweb; do not edit */
#include "checkpoint.h"
#include <math.h>
#include <string.h>
/* Keep the upper half of a number */
static float upper_half(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + 0x8000) & 0xffff0000;
    memcpy(&x, &bits, sizeof bits);
    return x;
}

/* Measure a network on the end of its text */
static double bits_at_end(const params *theta, const text *t)
{
    const size_t held = training_held_out(t->count);
    double nats = NAN;
    if (training_evaluate(&nats, theta, t, t->count - held - 1, held + 1, 1) != 0) return NAN;
    return training_bits(nats, (double)held);
}

static int halve(checkpoint *c, const text *t, fault *f)
{
    params *theta = &c->l.theta;
    const double before = bits_at_end(theta, t);
    for (size_t i = 0; i < theta->count; i++) theta->block[i] = upper_half(theta->block[i]);
    const double after = bits_at_end(theta, t);
    if (!isfinite(before + after)) return fault_set(f, "the network cannot be measured");
    printf("weights\tbits\nfloat32\t%.7f\nbfloat16\t%.7f\n", before, after);
    c->set.length = 1;
    c->set.optimiser = SGD;
    return 0;
}

/* network-only FROM TEXT TO: the network of a file with half of each weight and without the state
   of its training, to a file; and what its bits per character were and are, to standard output */
int main(int argc, char **argv)
{
    checkpoint c;
    text t = { 0 };
    fault f;
    if (argc != 4) return fputs("usage: network-only FROM TEXT TO\n", stderr), 2;
    int failed = checkpoint_network(&c, argv[1], &f);
    if (failed) return fprintf(stderr, "network-only: %s\n", f.text), 1;
    failed = text_read(&t, argv[2], &f) != 0 || text_number(&t, &c.v, argv[2], &f) != 0
             || halve(&c, &t, &f) != 0 || checkpoint_save(&c, argv[3], &f) != 0;
    if (failed) fprintf(stderr, "network-only: %s\n", f.text);
    text_free(&t);
    checkpoint_free(&c);
    return failed;
}
