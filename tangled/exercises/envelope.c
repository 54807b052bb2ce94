/* generated from chapters/33-keys.nw by noweb; do not edit */
#include "envelope.h"
#include <math.h>
#include <string.h>

/* Derive the key from numbers */
/* x in steps of the scale, which is cut into some millions. */
static uint64_t rounded(double x, double scale)
{
    int power;
    frexp(scale, &power);
    return (uint64_t)llrint(ldexp(x, 23 - power));
}

void envelope_lock(envelope_key *key, const record *r, int seed)
{
    double sum[4] = { 0, 0, 0, 0 }, scale = 0;
    /* Add up the marks of this seed */
    double turn = 1;
    for (size_t i = 0; i < r->count; i++) {
        mark m;
        if (r->list[i].seed != seed) continue;
        numbers_mark(&m, &r->list[i]);
        scale += m.scale;
        turn = turn * 1.375 > 7 ? turn / 5.125 : turn * 1.375;
        for (int j = 0; j < 4; j++) sum[j] += m.at[j % 2] * (j < 2 ? 1 : turn);
    }
    for (int i = 0; i < 4; i++) {
        const uint64_t bits = rounded(sum[i], scale);
        key->word[2 * i] = (uint32_t)bits;
        key->word[2 * i + 1] = (uint32_t)(bits >> 32);
    }
}

/* Make a block of the key stream */
static uint32_t rotated(uint32_t x, int by)
{
    return (x << by) | (x >> (32 - by));
}

static void quarter(uint32_t *s, int a, int b, int c, int d)
{
    s[a] += s[b], s[d] = rotated(s[d] ^ s[a], 16);
    s[c] += s[d], s[b] = rotated(s[b] ^ s[c], 12);
    s[a] += s[b], s[d] = rotated(s[d] ^ s[a], 8);
    s[c] += s[d], s[b] = rotated(s[b] ^ s[c], 7);
}

static void cipher_block(unsigned char block[64], const envelope_key *key,
                         uint32_t counter, uint32_t number)
{
    uint32_t first[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, s[16];
    memcpy(first + 4, key->word, sizeof key->word);
    first[12] = counter;
    first[13] = number;
    memcpy(s, first, sizeof s);
    for (int round = 0; round < 20; round += 2) {
        for (int i = 0; i < 4; i++) quarter(s, i, 4 + i, 8 + i, 12 + i);
        for (int i = 0; i < 4; i++)
            quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (int i = 0; i < 64; i++)
        block[i] = (unsigned char)((s[i / 4] + first[i / 4]) >> (8 * (i % 4)));
}

void envelope_apply(unsigned char *text, size_t length, const envelope_key *key, uint32_t number)
{
    unsigned char block[64];
    for (size_t i = 0; i < length; i++) {
        if (i % 64 == 0) cipher_block(block, key, (uint32_t)(i / 64), number);
        text[i] ^= block[i % 64];
    }
}
