/* generated from chapters/16-speed.nw by noweb; do not edit */
#include "costs.h"

double costs_forward(double w, double n, double l) { return 2 * w * n + 2 * n * l; }

double costs_back(double w, double n, double l)
{
    const double down = 2 * l * n + 2 * w * n, outer = 2 * l * n + 2 * w * n;
    return down + outer;
}

double costs_bytes(double w, double n, double l, double T, double B)
{
    const double once = w * n * T + n * l;      // forward, for T · B characters
    return 2 * once * 4 / (T * B);
}
