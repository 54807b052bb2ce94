/* generated from chapters/55-page-network.nw by noweb; do not edit */
#include "checkpoint.h"
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

/* network-only FROM TO: the network of a file, without the state of its training */
int main(int argc, char **argv)
{
    checkpoint c;
    fault f;
    if (argc != 3) return fputs("usage: network-only FROM TO\n", stderr), 2;
    int failed = checkpoint_network(&c, argv[1], &f);
    if (failed) return fprintf(stderr, "network-only: %s\n", f.text), 1;
    c.set.length = 1;
    c.set.optimiser = SGD;
    for (size_t i = 0; i < c.l.theta.count; i++) c.l.theta.block[i] = upper_half(c.l.theta.block[i]);
    failed = checkpoint_save(&c, argv[2], &f);
    if (failed) fprintf(stderr, "network-only: %s\n", f.text);
    checkpoint_free(&c);
    return failed != 0;
}
