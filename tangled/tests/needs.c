/* generated from chapters/16-speed.nw by noweb; do not edit */
#include <stdio.h>
#include <stdlib.h>
#include "costs.h"
#include "training.h"

int main(int argc, char **argv)
{
    if (argc != 5) return fputs("usage: needs HIDDEN LENGTH STREAMS SYMBOLS\n", stderr), 2;
    const double n = atof(argv[1]), T = atof(argv[2]), B = atof(argv[3]), l = atof(argv[4]);
    const settings s = {.hidden = (size_t)n, .length = (size_t)T, .streams = (size_t)B};
    printf("operations\t%.0f\n", costs_forward(n, n, l) + costs_back(n, n, l));
    printf("fetched\t%.4g\n", costs_bytes(n, n, l, T, B));
    printf("memory\t%.0f\n", training_memory(&s, (size_t)l, 1));
    return 0;
}
