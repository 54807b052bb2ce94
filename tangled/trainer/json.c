/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#include "json.h"
#include <stdlib.h>
#include <string.h>

/* Write a string with its escapes */
void json_letters(FILE *out, const char *s, size_t size)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    for (size_t i = 0; i < size; i++) {
        const char *meaning = s[i] ? strchr(meanings, s[i]) : NULL;
        if (meaning) fprintf(out, "\\%c", letters[meaning - meanings]);
        else if ((unsigned char)s[i] < 0x20) fprintf(out, "\\u%04x", (unsigned)s[i]);
        else putc(s[i], out);
    }
}

void json_string(FILE *out, const char *s, size_t size)
{
    putc('"', out);
    json_letters(out, s, size);
    putc('"', out);
}

/* Write a number that reads back */

char *json_number(char *spelt, double x)
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(spelt, JSON_NUMBER, "%.*g", digits, x);
        const double back = strtod(spelt, NULL);
        if (!(back < x || back > x)) break;
    }
    if (strchr(spelt, 'e') && x * x >= 1 && x * x < 1e30) snprintf(spelt, JSON_NUMBER, "%.0f", x);
    return spelt;
}
