/* generated from chapters/10-training.nw by noweb; do not edit */
#ifndef TEST_TEXT_H
#define TEST_TEXT_H
#include "characters.h"

/* A text without letters; symbols (count) is borrowed. */
static inline text test_text(uint8_t *symbols, size_t count)
{
    static uint32_t same[256];
    for (uint32_t i = 0; i < 256; i++) same[i] = i;
    return (text){.count = count, .different = 256, .symbols = same, .digits = {symbols}};
}
#endif
