/* generated from chapters/16-speed.nw by noweb; do not edit */
#include "costs.h"

double costs_forward(double n, double l) { return 2 * n * n + 2 * n * l; }

double costs_back(double n, double l)
{
    const double down = 2 * l * n + 2 * n * n, outer = 2 * l * n + 2 * n * n;
    return down + outer;
}

double costs_bytes(double n, double l, double T, double B)
{
    const double once = n * n * T + n * l;      // forward, for T · B characters
    return 2 * once * 4 / (T * B);
}
