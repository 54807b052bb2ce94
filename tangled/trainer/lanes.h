/* generated from chapters/03-rows.nw by noweb; do not edit */
typedef real LANED(lanes)
    __attribute__((vector_size(LANE_BYTES), aligned(sizeof(real)), may_alias));

/* A tile */
/* Where group j of a panel of wide groups begins, in a matrix with columns ≥ L columns from the
   first of the panel on. */
INLINE size_t LANED(place)(size_t j, size_t wide, size_t columns)
{
    enum { L = LANE_BYTES / sizeof(real) };
    return j + 1 < wide || columns >= wide * L ? j * L : columns - L;
}

/* Y[i][j] += Σ_r X[i·down + r·across] P[r][j] for a tile, tall rows by wide groups of lanes.
   Its rows begin n numbers apart in Y, which has `columns` columns from there on; P is one panel, k
   rows of wide groups. */
TARGET INLINE void LANED(tile)(real *Y, size_t n, const real *X, size_t down, size_t across,
                               const real *P, size_t k, size_t columns, size_t tall, size_t wide)
{
    enum { L = LANE_BYTES / sizeof(real) };
    LANED(lanes) sum[TALL][WIDE], row[WIDE];
    for (size_t i = 0; i < tall; i++)
        for (size_t j = 0; j < wide; j++)
            sum[i][j] = *(const LANED(lanes) *)(Y + i * n + LANED(place)(j, wide, columns));
    for (size_t r = 0; r < k; r++) {
        /* Fetch row r of the panel */
        for (size_t j = 0; j < wide; j++) row[j] = *(const LANED(lanes) *)(P + (r * wide + j) * L);
        /* Add it to each row of the tile */
        for (size_t i = 0; i < tall; i++) {
            const LANED(lanes) x = X[i * down + r * across] - (LANED(lanes)){ 0 };
            for (size_t j = 0; j < wide; j++) sum[i][j] = FUSED(x, row[j], sum[i][j]);
        }
    }
    for (size_t i = 0; i < tall; i++)
        for (size_t j = 0; j < wide; j++)
            *(LANED(lanes) *)(Y + i * n + LANED(place)(j, wide, columns)) = sum[i][j];
}

/* The rows of a panel */
/* What tile does, for R rows of Y. */
TARGET INLINE void LANED(tiles)(real *Y, size_t n, const real *X, size_t down, size_t across,
                                const real *P, size_t R, size_t k, size_t columns, size_t wide)
{
    size_t i = 0;
    for (; i + TALL <= R; i += TALL)
        LANED(tile)(Y + i * n, n, X + i * down, down, across, P, k, columns, TALL, wide);
    for (; TALL > 4 && i + 4 <= R; i += 4)
        LANED(tile)(Y + i * n, n, X + i * down, down, across, P, k, columns, 4, wide);
    for (; i + 2 <= R; i += 2)
        LANED(tile)(Y + i * n, n, X + i * down, down, across, P, k, columns, 2, wide);
    if (i < R) LANED(tile)(Y + i * n, n, X + i * down, down, across, P, k, columns, 1, wide);
}

/* What tiles does, for 1 ≤ wide ≤ WIDE. */
TARGET static void LANED(any_width)(real *Y, size_t n, const real *X, size_t down, size_t across,
                                    const real *P, size_t R, size_t k, size_t columns, size_t wide)
{
    if (wide == WIDE) LANED(tiles)(Y, n, X, down, across, P, R, k, columns, WIDE);
    else if (wide == 2) LANED(tiles)(Y, n, X, down, across, P, R, k, columns, 2);
    else LANED(tiles)(Y, n, X, down, across, P, R, k, columns, 1);
}

/* The same for any number of columns. */
TARGET static void LANED(panel)(real *Y, size_t n, const real *X, size_t down, size_t across,
                               const real *P, size_t R, size_t k, size_t columns, size_t wide)
{
    enum { L = LANE_BYTES / sizeof(real) };
    if (columns >= L) {
        LANED(any_width)(Y, n, X, down, across, P, R, k, columns, wide);
        return;
    }
    real room[TALL][L] = { 0 };
    for (size_t i = 0, tall; i < R; i += tall) {
        tall = R - i < TALL ? R - i : TALL;
        /* Compute these rows in the room */
        for (size_t r = 0; r < tall; r++)
            for (size_t c = 0; c < columns; c++) room[r][c] = Y[(i + r) * n + c];
        LANED(any_width)(room[0], L, X + i * down, down, across, P, tall, k, L, 1);
        for (size_t r = 0; r < tall; r++)
            for (size_t c = 0; c < columns; c++) Y[(i + r) * n + c] = room[r][c];
    }
}

/* How a matrix is cut into panels */
/* The group of lanes with which panel q begins; behind the last panel: the number of groups. */
static size_t LANED(begin)(size_t q, size_t groups)
{
    const size_t at = q * WIDE;
    if (at >= groups) return groups;
    return at > 0 && at + 1 == groups ? at - 1 : at;
}

/* The groups of lanes that cover `columns` columns, the last of them perhaps overlapping. */
static size_t LANED(groups)(size_t columns)
{
    enum { L = LANE_BYTES / sizeof(real) };
    return (columns + L - 1) / L;
}

/* Lay a matrix out in panels */
/* P (k rows of wide groups) = the first columns of M, whose rows lie `down` numbers apart. */
TARGET INLINE void LANED(copy_rows)(real *P, const real *M, size_t down, size_t k,
                                    size_t columns, size_t wide)
{
    enum { L = LANE_BYTES / sizeof(real) };
    for (size_t r = 0; r < k; r++)
        for (size_t g = 0; g < wide; g++) {
            const real *from = M + r * down + LANED(place)(g, wide, columns);
            *(LANED(lanes) *)(P + (r * wide + g) * L) = *(const LANED(lanes) *)from;
        }
}

TARGET static void LANED(copy_panel)(real *P, const real *M, size_t down, size_t k,
                                     size_t columns, size_t wide)
{
    if (wide == WIDE) LANED(copy_rows)(P, M, down, k, columns, WIDE);
    else LANED(copy_rows)(P, M, down, k, columns, wide);
}

/* P = the first columns of M, in one panel; M[r][c] lies at M[r + c·across]. */
TARGET static void LANED(gather_panel)(real *P, const real *M, size_t across, size_t k,
                                       size_t columns, size_t wide)
{
    enum { L = LANE_BYTES / sizeof(real) };
    for (size_t g = 0; g < wide; g++) {
        const real *from = M + LANED(place)(g, wide, columns) * across;
        for (size_t r = 0; r < k; r++) {
            LANED(lanes) row = { 0 };
            for (size_t c = 0; c < L; c++) row[c] = from[r + c * across];
            *(LANED(lanes) *)(P + (r * wide + g) * L) = row;
        }
    }
}

/* P (k×L) = M (k×columns) and zeros, with columns < L; M[r][c] lies at M[r·down + c·across]. */
TARGET static void LANED(narrow_panel)(real *P, const real *M, size_t down, size_t across,
                                       size_t k, size_t columns)
{
    enum { L = LANE_BYTES / sizeof(real) };
    for (size_t r = 0; r < k; r++)
        for (size_t c = 0; c < L; c++) P[r * L + c] = c < columns ? M[r * down + c * across] : 0;
}

/* P = the first columns of M, in one panel of wide groups, whatever their number. */
TARGET static void LANED(lay_panel)(real *P, const real *M, size_t down, size_t across,
                                    size_t k, size_t columns, size_t wide)
{
    if (columns < LANE_BYTES / sizeof(real)) LANED(narrow_panel)(P, M, down, across, k, columns);
    else if (across == 1) LANED(copy_panel)(P, M, down, k, columns, wide);
    else LANED(gather_panel)(P, M, across, k, columns, wide);
}

/* P = M (k×n), as rows_kernel has it. */
TARGET static void LANED(lay)(real *P, const real *M, size_t down, size_t across,
                              size_t k, size_t n)
{
    const size_t groups = LANED(groups)(n);
    for (size_t q = 0; q * WIDE < groups; q++) {
        const size_t first = LANED(begin)(q, groups), wide = LANED(begin)(q + 1, groups) - first;
        const size_t j = first * (LANE_BYTES / sizeof(real));
        LANED(lay_panel)(P + j * k, M + j * across, down, across, k, n - j, wide);
    }
}

/* A single row */
/* Y[j] += Σ_r X[r·across] P[r][j] for a row of `columns` ≥ L columns. P: three panels of a, b and c
   groups, k rows each, one behind the other; the last two may have no groups. */
TARGET INLINE void LANED(strip)(real *Y, const real *X, size_t across, const real *P, size_t k,
                                size_t columns, size_t a, size_t b, size_t c)
{
    enum { L = LANE_BYTES / sizeof(real), MOST = 3 * WIDE };
    const size_t wide = a + b + c;
    const real *Q = P + k * a * L, *S = Q + k * b * L;
    LANED(lanes) sum[MOST];
    for (size_t j = 0; j < wide; j++)
        sum[j] = *(const LANED(lanes) *)(Y + LANED(place)(j, wide, columns));
    for (size_t r = 0; r < k; r++, P += a * L, Q += b * L, S += c * L) {
        /* Add row r of three panels */
        const LANED(lanes) x = X[r * across] - (LANED(lanes)){ 0 };
        for (size_t j = 0; j < wide; j++) {
            const real *m = j < a ? P + j * L : j < a + b ? Q + (j - a) * L : S + (j - a - b) * L;
            sum[j] = FUSED(x, *(const LANED(lanes) *)m, sum[j]);
        }
    }
    for (size_t j = 0; j < wide; j++)
        *(LANED(lanes) *)(Y + LANED(place)(j, wide, columns)) = sum[j];
}

/* What strip does, for any widths; n is the number of columns. */
TARGET static void LANED(strips)(real *Y, const real *X, size_t across, const real *P, size_t k,
                                 size_t n, size_t a, size_t b, size_t c)
{
    if (a == WIDE && b == WIDE && c == WIDE) LANED(strip)(Y, X, across, P, k, n, WIDE, WIDE, WIDE);
    else if (a == WIDE && b == WIDE && c == 2) LANED(strip)(Y, X, across, P, k, n, WIDE, WIDE, 2);
    else if (a == WIDE && b == WIDE && !c) LANED(strip)(Y, X, across, P, k, n, WIDE, WIDE, 0);
    else if (a == WIDE && b == 2 && c == 2) LANED(strip)(Y, X, across, P, k, n, WIDE, 2, 2);
    else if (a == WIDE && b == 2 && !c) LANED(strip)(Y, X, across, P, k, n, WIDE, 2, 0);
    else if (a == WIDE && !b) LANED(strip)(Y, X, across, P, k, n, WIDE, 0, 0);
    else if (a == 2 && b == 2 && !c) LANED(strip)(Y, X, across, P, k, n, 2, 2, 0);
    else if (a == 2 && !b) LANED(strip)(Y, X, across, P, k, n, 2, 0, 0);
    else LANED(strip)(Y, X, across, P, k, n, a, b, c);
}

/* Y (1×n) += X (1×k) P, with n ≥ L; entry r of X lies at X[r·across]. */
TARGET static void LANED(row)(real *Y, const real *X, size_t across, const real *P,
                              size_t k, size_t n)
{
    enum { L = LANE_BYTES / sizeof(real) };
    const size_t groups = LANED(groups)(n), count = (groups + WIDE - 1) / WIDE;
    const size_t strips = (count + 2) / 3;
    const int back = strips > 1 && (uintptr_t)Y / (n * sizeof *Y) % 2;
    for (size_t i = 0; i < strips; i++) {
        /* Measure three panels, or fewer */
        const size_t strip = back ? strips - 1 - i : i;
        const size_t q = strip * count / strips, end = (strip + 1) * count / strips;
        const size_t j = LANED(begin)(q, groups), a = LANED(begin)(q + 1, groups);
        const size_t b = LANED(begin)(q + 2 < end ? q + 2 : end, groups);
        const size_t c = LANED(begin)(end, groups);
        LANED(strips)(Y + j * L, X, across, P + j * L * k, k, n - j * L, a - j, b - a, c - b);
    }
}

/* All panels */
TARGET static void LANED(through)(real *Y, const real *X, size_t down, size_t across,
                                  const real *P, size_t R, size_t k, size_t n)
{
    enum { L = LANE_BYTES / sizeof(real) };
    const size_t groups = LANED(groups)(n);
    if (R == 1 && n >= L) LANED(row)(Y, X, across, P, k, n);
    else for (size_t q = 0; q * WIDE < groups; q++) {
        const size_t first = LANED(begin)(q, groups), wide = LANED(begin)(q + 1, groups) - first;
        const size_t j = first * L;
        LANED(panel)(Y + j, n, X, down, across, P + j * k, R, k, n - j, wide);
    }
}

TARGET static void LANED(product)(real *Y, const real *X, size_t down, size_t across,
                                  const real *M, size_t R, size_t k, size_t n)
{
    enum { L = LANE_BYTES / sizeof(real), DEEP = 128 };
    _Alignas(CACHE_LINE) real P[DEEP * WIDE * L];
    const size_t groups = LANED(groups)(n);
    for (size_t r = 0, deep; r < k; r += deep) {
        deep = k - r < DEEP ? k - r : DEEP;
        for (size_t q = 0; q * WIDE < groups; q++) {
            const size_t first = LANED(begin)(q, groups), wide = LANED(begin)(q + 1, groups) - first;
            const size_t j = first * L;
            LANED(lay_panel)(P, M + r * n + j, n, 1, deep, n - j, wide);
            LANED(panel)(Y + j, n, X + r * across, down, across, P, R, deep, n - j, wide);
        }
    }
}

/* Curves, entry by entry */
TARGET static void LANED(each_tanh)(real *Y, const real *Z, size_t count)
{
    for (size_t i = 0; i < count; i++) Y[i] = one_tanh(Z[i]);
}

TARGET static void LANED(each_sigma)(real *Y, const real *Z, size_t count)
{
    for (size_t i = 0; i < count; i++) Y[i] = one_sigma(Z[i]);
}

TARGET static void LANED(each_exp)(real *Y, const real *Z, size_t count)
{
    for (size_t i = 0; i < count; i++) Y[i] = one_exp(Z[i]);
}

TARGET static void LANED(curve)(void each(real *, const real *, size_t),
                                real *Y, const real *Z, size_t count)
{
    enum { L = LANE_BYTES / sizeof(real) };
    const size_t whole = count / L * L;
    real last[L];
    if (whole > 0 && whole < count) each(last, Z + count - L, L);
    each(Y, Z, whole > 0 ? whole : count);
    if (whole > 0 && whole < count) memcpy(Y + count - L, last, sizeof last);
}

TARGET static void LANED(tanhs)(real *Y, const real *Z, size_t count)
{
    LANED(curve)(LANED(each_tanh), Y, Z, count);
}

TARGET static void LANED(sigmas)(real *Y, const real *Z, size_t count)
{
    LANED(curve)(LANED(each_sigma), Y, Z, count);
}

TARGET static void LANED(exps)(real *Y, const real *Z, size_t count)
{
    LANED(curve)(LANED(each_exp), Y, Z, count);
}

/* What this width offers */
static const rows_kernel LANED(kernel) = {
    LANE_BYTES, FUSES, LANED(lay), LANED(through), LANED(product), LANED(tanhs), LANED(sigmas),
    LANED(exps),
};
#undef LANE_BYTES
#undef LANED
#undef TARGET
#undef TALL
#undef WIDE
#undef FUSES
#undef FUSED
