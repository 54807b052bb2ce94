/* generated from chapters/23-evaluation.nw by noweb; do not edit */
#include "test.h"
#include "evaluate.h"
#include <string.h>

enum { COLUMNS = INSTANCE_COUNT, MONOMIALS = COLUMNS * (COLUMNS + 1) / 2 };
static const long long PRIME = 2147483647;

/* Are columns independent? */
static long long inverse_of(long long a)
{
    long long power = 1;
    for (long long e = PRIME - 2; e > 0; e /= 2, a = a * a % PRIME)
        if (e % 2) power = power * a % PRIME;
    return power;
}

/* Clears column `after` of what column `pivot` has in row r. */
static void clear(long long *after, const long long *pivot, int r)
{
    const long long factor = after[r] * inverse_of(pivot[r]) % PRIME;
    for (int i = 0; i < INSTANCE_COUNT; i++)
        after[i] = ((after[i] - factor * pivot[i]) % PRIME + PRIME) % PRIME;
}

static int independent(long long (*column)[INSTANCE_COUNT], const int *chosen, int count)
{
    long long left[COLUMNS + 1][INSTANCE_COUNT];
    for (int c = 0; c < count; c++) {
        int r = 0;
        memcpy(left[c], column[chosen[c]], sizeof left[c]);
        for (int before = 0; before < c; before++) {
            for (r = 0; left[before][r] == 0;) r++;
            clear(left[c], left[before], r);
        }
        for (r = 0; r < INSTANCE_COUNT && left[c][r] == 0;) r++;
        if (r == INSTANCE_COUNT) return 0;
    }
    return 1;
}

/* Look at every choice of products */
static int none_related(long long (*products)[INSTANCE_COUNT], int count)
{
    int chosen[COLUMNS + 1];
    for (int i = 0; i < count; i++) chosen[i] = i;
    for (;;) {
        if (!independent(products, chosen, count)) return 0;
        int last = count - 1;
        while (last >= 0 && chosen[last] == MONOMIALS - count + last) last--;
        if (last < 0) return 1;
        chosen[last]++;
        for (int i = last + 1; i < count; i++) chosen[i] = chosen[i - 1] + 1;
    }
}

/* The smallest number of different values of a size; p, the last, is no symbol. */
static int least_distinct(long long (*size)[INSTANCE_COUNT])
{
    int least = INSTANCE_COUNT;
    for (int a = 1; a < COLUMNS - 1; a++) {
        int found = 0;
        for (int i = 0, j; i < INSTANCE_COUNT; i++) {
            for (j = 0; j < i && size[a][j] != size[a][i];) j++;
            found += j == i;
        }
        if (found < least) least = found;
    }
    return least;
}

/* The last size, p, is no symbol, and no equation can compare it with another. */
static int none_larger(long long (*size)[INSTANCE_COUNT])
{
    for (int a = 1; a < COLUMNS - 1; a++)
        for (int b = 1; b < COLUMNS - 1; b++) {
            int larger = 0;
            for (int i = 0; i < INSTANCE_COUNT; i++) larger += size[a][i] > size[b][i];
            if (larger == INSTANCE_COUNT && a != b) return 0;
        }
    return 1;
}

int main(void)
{
    long long sizes[COLUMNS][INSTANCE_COUNT], products[MONOMIALS][INSTANCE_COUNT];
    /* Collect the sizes and their products */
    for (int i = 0; i < INSTANCE_COUNT; i++) {
        const instance_sizes *s = &INSTANCE_SIZES[i];
        const int all[COLUMNS] = { 1, s->T, s->m, s->n, s->l, s->B, s->K, s->p };
        for (int a = 0, next = 0; a < COLUMNS; a++) {
            sizes[a][i] = all[a];
            for (int b = a; b < COLUMNS; b++) products[next++][i] = (long long)all[a] * all[b];
        }
    }
    ok(independent(sizes, (const int[]){ 0, 1, 2, 3, 4, 5, 6, 7 }, COLUMNS),
       "no affine relation holds between the sizes of all instances");
    ok(none_related(products, 4), "nor does one between four products of two sizes");
    ok(least_distinct(sizes) >= 5,
       "every size that has a symbol takes five values, and no polynomial of degree four vanishes "
       "on all");
    ok(none_larger(sizes), "no size is the larger of two on all instances");
    ok(!none_related(products, INSTANCE_COUNT + 1), "which could have been found");
    return test_done();
}
