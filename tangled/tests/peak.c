/* generated from chapters/16-speed.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "rows.h"

enum { CHAINS = 12 };
typedef struct {
    int bytes;              // of a group of lanes
    real (*multiply)(const real *begin, uint64_t rounds, real factor, real summand);
    real (*fetch)(const real *block, size_t count, size_t times);
} machine;
/* Include the measurement once for each width */
#define LANE_BYTES 16
#define LANED(name) name##_16
#define TARGET
#include "peak-lanes.h"
#if defined(__x86_64__)
#define LANE_BYTES 32
#define LANED(name) name##_32
#define TARGET __attribute__((target("avx2,fma")))
#include "peak-lanes.h"
#define LANE_BYTES 64
#define LANED(name) name##_64
#define TARGET __attribute__((target("avx512f")))
#include "peak-lanes.h"
#endif

/* Choose the widest lanes */
static const machine *widest(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return &at_64;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &at_32;
#endif
    return &at_16;
}

/* Tell the time */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Measure the peak */
static double peak(const machine *m, double seconds)
{
    enum { ROUNDS = 20000 };
    real begin[CHAINS];
    volatile real sink = 0, factor = (real)0.999, summand = (real)0.001;
    double best = 0;
    for (int i = 0; i < CHAINS; i++) begin[i] = (real)(i + 1) / CHAINS;
    for (const double end = now() + seconds; now() < end;) {
        const double start = now();
        sink = sink + m->multiply(begin, ROUNDS, factor, summand);
        const double rate = 2.0 * ROUNDS * CHAINS * m->bytes / sizeof(real) / (now() - start);
        if (rate > best) best = rate;
    }
    return best;
}

/* Measure how fast bytes arrive */
static double arrival(const machine *m, size_t bytes, double seconds)
{
    volatile real sink = 0;
    real *block = aligned_alloc(64, bytes);
    const size_t count = bytes / sizeof *block, times = 1 + ((size_t)1 << 22) / bytes;
    double best = 0;
    if (!block) return 0;
    for (size_t i = 0; i < count; i++) block[i] = 1;
    for (const double end = now() + seconds; now() < end;) {
        const double start = now();
        sink = sink + m->fetch(block, count, times);
        const double rate = (double)times * (double)bytes / (now() - start);
        if (rate > best) best = rate;
    }
    free(block);
    return best;
}

/* Print what the machine can do */
int main(int argc, char **argv)
{
    const machine *m = widest();
    const double seconds = argc > 1 ? atof(argv[1]) : 0.2;
    printf("what\tvalue\nlanes\t%d\npeak\t%.4g\n", m->bytes, peak(m, seconds));
    if (argc > 2) return 0;
    printf("first\t%.4g\n", arrival(m, (size_t)1 << 14, seconds));
    printf("second\t%.4g\n", arrival(m, (size_t)1 << 18, seconds));
    printf("memory\t%.4g\n", arrival(m, (size_t)1 << 28, seconds));
    return 0;
}
