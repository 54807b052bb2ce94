/* generated from chapters/16-speed.nw by noweb; do not edit */
#ifndef COSTS_H
#define COSTS_H
/* What the products of one character cost: n hidden units with w pre-activations (w = n here, and
   more in a layer with gates), l symbols, T steps, B streams. */
double costs_forward(double w, double n, double l);             // eq:operations-forward
double costs_back(double w, double n, double l);                // eq:operations-back
/* Bytes of weights that a character makes the processor fetch. eq:bytes */
double costs_bytes(double w, double n, double l, double T, double B);
#endif
