/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#include "json.h"
#include <string.h>

/* Write a string with its escapes */
void json_string(FILE *out, const char *s, size_t size)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    putc('"', out);
    for (size_t i = 0; i < size; i++) {
        const char *meaning = s[i] ? strchr(meanings, s[i]) : NULL;
        if (meaning) fprintf(out, "\\%c", letters[meaning - meanings]);
        else if ((unsigned char)s[i] < 0x20) fprintf(out, "\\u%04x", (unsigned)s[i]);
        else putc(s[i], out);
    }
    putc('"', out);
}
