/* generated from chapters/16-speed.nw by noweb; do not edit */
typedef real LANED(lanes) __attribute__((vector_size(LANE_BYTES)));

/* Keep the multipliers busy */
TARGET static real LANED(multiply)(const real *begin, uint64_t rounds, real factor, real summand)
{
    LANED(lanes) sum[CHAINS];
    const LANED(lanes) zero = {0}, x = zero + factor, y = zero + summand;
    for (int i = 0; i < CHAINS; i++) sum[i] = zero + begin[i];
    for (uint64_t k = 0; k < rounds; k++)
        for (int i = 0; i < CHAINS; i++) sum[i] = sum[i] * x + y;
    /* Return the total */
    real total = 0;
    for (int i = 0; i < CHAINS; i++)
        for (size_t e = 0; e < LANE_BYTES / sizeof(real); e++) total += sum[i][e];
    return total;
}

/* Read an array */
TARGET static real LANED(fetch)(const real *block, size_t count, size_t times)
{
    enum { L = LANE_BYTES / sizeof(real) };
    LANED(lanes) sum[CHAINS] = {{0}};
    for (size_t time = 0; time < times; time++)
        for (size_t at = 0; at + CHAINS * L <= count; at += CHAINS * L)
            for (size_t i = 0; i < CHAINS; i++)
                sum[i] += *(const LANED(lanes) *)(const void *)(block + at + i * L);
    /* Return the total */
    real total = 0;
    for (int i = 0; i < CHAINS; i++)
        for (size_t e = 0; e < LANE_BYTES / sizeof(real); e++) total += sum[i][e];
    return total;
}

/* What can be measured at this width */
static const machine LANED(at) = {LANE_BYTES, LANED(multiply), LANED(fetch)};
#undef LANE_BYTES
#undef LANED
#undef TARGET
