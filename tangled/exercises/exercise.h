/* generated from chapters/32-sandbox.nw by noweb; do not edit */
#ifndef EXERCISE_H
#define EXERCISE_H
/* For the driver of an exercise in C, which defines exercise_run and includes
   EXERCISE_FILE, the file with the answer. */
#include "fixed-numbers.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Sets up inputs that depend on the seed only, calls the function, hands over outputs. */
void exercise_run(uint64_t seed);
/* Declare what a driver may say */
/* The array must be unchanged when the first output is handed over. Call it before
   the student's function; at most 50 inputs, 32 outputs in one run. */
void exercise_input(const char *name, const real *a, size_t count);
void exercise_symbols(const char *name, const uint32_t *a, size_t count);
/* A result. Names are single words. */
void exercise_output(const char *name, const real *a, size_t count);
/* All arrays of this run that have fences are inputs, but for those that are listed.
   The list ends with NULL. */
void exercise_may_fill(const void *array, ...);
/* A copy of count items of the given size (zeros, if a is NULL), which ends where memory
   ends: whoever reads or writes behind it, or a page before it, ends the program. What lies
   before it is noise, and must still be the same noise at the end. The report says which
   array was left. Never released. */
void *exercise_fence(const char *name, const void *a, size_t count, size_t size);
/* The same, of random numbers. */
real *exercise_numbers(const char *name, size_t count, uint64_t *seed);
/* Says that the answer has called the function that it should contain. */
void exercise_withheld(const char *function);
/* Which run of the program this is, from 0; and one of three values, another for each. */
int exercise_turn(void);
#define BY_TURN(a, b, c) (exercise_turn() == 0 ? (a) : exercise_turn() == 1 ? (b) : (c))
#define FENCE(a, count) ((a) = exercise_fence(#a, a, count, sizeof *(a)))
#endif
