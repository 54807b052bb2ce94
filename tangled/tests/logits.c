/* generated from chapters/19-lstm.nw by noweb; do not edit */
#include "checkpoint.h"
#include "sampling.h"
#include <stdio.h>

/* Print what a network thinks of each character */
static int print_logits(const checkpoint *c, const text *t)
{
    sampler s;
    if (sampler_alloc(&s, &c->l.theta) != 0) return -1;
    for (size_t i = 0; i + 1 < t->count; i++) {
        sampler_read(&s, text_symbol(t, i));
        for (size_t j = 0; j < c->v.count; j++)
            printf("%.9g%c", (double)s.step.z_y[j], j + 1 < c->v.count ? '\t' : '\n');
    }
    sampler_free(&s);
    return ferror(stdout) || fflush(stdout) != 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    checkpoint c = {.resumable = 0};
    text t = {.count = 0};
    fault f = {"usage: logits FILE TEXT"};
    const int status = argc == 3 && checkpoint_network(&c, argv[1], &f) == 0
        && text_read(&t, argv[2], &f) == 0 && text_number(&t, &c.v, argv[2], &f) == 0
        ? print_logits(&c, &t) : -1;
    if (status != 0) fprintf(stderr, "logits: %s\n", f.text);
    text_free(&t);
    checkpoint_free(&c);
    return status != 0;
}
