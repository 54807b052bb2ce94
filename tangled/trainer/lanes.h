/* generated from chapters/03-rows.nw by noweb; do not edit */
typedef real LANED(lanes)
    __attribute__((vector_size(LANE_BYTES), aligned(sizeof(real)), may_alias));

/* One tile */
/* Y[i][j] += Σ_r X[i·down + r·across] M[r][j] for tall × (wide lanes) entries. */
INLINE void LANED(tile)(real *Y, const real *X, size_t down, size_t across,
                        const real *M, size_t k, size_t n,
                        size_t tall, size_t wide, size_t skip)
{
    enum { L = LANE_BYTES / sizeof(real) };
    LANED(lanes) sum[TALL][WIDE];
    /* Clear the sums */
    for (size_t i = 0; i < tall; i++)
        for (size_t j = 0; j < wide; j++)
            sum[i][j] = (LANED(lanes)){ 0 };
    for (size_t r = 0; r < k; r++)
        /* Add row r of M, once for each row of the tile */
        for (size_t i = 0; i < tall; i++)
            for (size_t j = 0; j < wide; j++)
                sum[i][j] += X[i * down + r * across]
                             * *(const LANED(lanes) *)(M + r * n + j * L);
    /* Add the sums to Y */
    for (size_t i = 0; i < tall; i++)
        for (size_t j = 0; j < wide; j++) {
            real *y = Y + i * n + j * L;
            if (skip == 0)
                *(LANED(lanes) *)y += sum[i][j];
            else
                for (size_t e = skip; e < L; e++)
                    y[e] += sum[i][j][e];
        }
}

/* One band of rows */
INLINE void LANED(band)(real *Y, const real *X, size_t down, size_t across,
                        const real *M, size_t k, size_t n,
                        size_t tall, size_t wide)
{
    enum { L = LANE_BYTES / sizeof(real) };
    size_t j = 0;
    for (; j + wide * L <= n; j += wide * L)
        LANED(tile)(Y + j, X, down, across, M + j, k, n, tall, wide, 0);
    for (; j + L <= n; j += L)
        LANED(tile)(Y + j, X, down, across, M + j, k, n, tall, 1, 0);
    if (j < n && n >= L)
        LANED(tile)(Y + n - L, X, down, across, M + n - L, k, n, tall, 1, j + L - n);
    else
        /* Fall back to one column at a time */
        for (; j < n; j++)
            for (size_t i = 0; i < tall; i++) {
                real sum = 0;
                for (size_t r = 0; r < k; r++)
                    sum += X[i * down + r * across] * M[r * n + j];
                Y[i * n + j] += sum;
            }
}

/* All bands */
TARGET static void LANED(product)(real *Y, const real *X, size_t down, size_t across,
                                  const real *M, size_t R, size_t k, size_t n)
{
    size_t i = 0;
    for (; i + TALL <= R; i += TALL)
        LANED(band)(Y + i * n, X + i * down, down, across, M, k, n, TALL, 2);
    for (; i < R; i++)
        LANED(band)(Y + i * n, X + i * down, down, across, M, k, n, 1, WIDE);
}
