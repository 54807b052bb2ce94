/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef TEST_H
#define TEST_H
#include "fixed-numbers.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#if defined __GLIBC__
#include <malloc.h>
#endif

static int test_count, test_failures;
/* Report one check */
/* Prints one TAP line for a check and returns whether it passed. */
__attribute__((format(printf, 2, 3)))
static inline int ok(int passed, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    test_failures += !passed;
    printf("%sok %d - ", passed ? "" : "not ", ++test_count);
    vprintf(format, list);
    putchar('\n');
    va_end(list);
    return passed;
}

/* Finish a test program */
/* Prints the plan; returns the exit status, 0 only if all checks passed. */
static inline int test_done(void)
{
    printf("1..%d\n", test_count);
    return test_failures != 0 || test_count == 0;
}

/* Measure a relative error */
/* The larger of two errors. A NaN is the largest of all, and stays. */
static inline double test_worse(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

/* max |a-b| / max(|a|, |b|) over count entries; NaN if any entry is NaN,
   and 0 for arrays that are zero throughout. */
static inline double test_relative_error(const real *a, const real *b, size_t count)
{
    double scale = 0, error = 0;
    for (size_t i = 0; i < count; i++) {
        double d = fabs((double)a[i] - (double)b[i]);
        double s = fmax(fabs((double)a[i]), fabs((double)b[i]));
        error = test_worse(error, d);
        scale = test_worse(scale, s);
    }
    return error == 0 ? 0 : error / scale;
}

/* Measure the memory in use */
/* Bytes lent by malloc. Some of those given back count as lent until the next caller. */
static inline size_t test_held(void)
{
#if defined __GLIBC__ && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
    return 0;
#endif
}

/* Find memory that is not given back */
/* Whether some work, done over and over, releases all that it allocates. */
static inline int test_gives_back(void (*work)(void))
{
    size_t before = 0;
    for (int i = 0; i < 32; i++) {
        if (i == 16) before = test_held();
        work();
    }
    return test_held() == before;
}
#endif
