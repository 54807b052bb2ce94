/* generated from chapters/26-ledger.nw by noweb; do not edit */
#define _POSIX_C_SOURCE 200809L
#include "lines.h"
#include "characters.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST = 1 << 26 };
/* Read a file into memory */
static int file_read(char **bytes, size_t *size, FILE *file)
{
    size_t room = 1 << 16;
    *size = 0;
    for (*bytes = malloc(room); *bytes; room *= 2) {
        *size += fread(*bytes + *size, 1, room - *size, file);
        if (ferror(file)) return -1;
        if (*size < room) return 0;
        char *more = room > SIZE_MAX / 2 ? NULL : realloc(*bytes, room * 2);
        if (!more) free(*bytes);
        *bytes = more;
    }
    errno = ENOMEM;
    return -1;
}

/* Read a file of lines */
char *lines_read(const char *path, size_t *length)
{
    struct stat about;
    char *bytes = NULL;
    *length = 0;
    if (stat(path, &about) != 0) return NULL;
    errno = about.st_size > LARGEST ? EFBIG : EINVAL;
    FILE *file = S_ISREG(about.st_mode) && about.st_size <= LARGEST ? fopen(path, "rb") : NULL;
    if (file == NULL) return NULL;
    const int failed = file_read(&bytes, length, file) != 0, error = errno;
    fclose(file);
    errno = error;
    if (!failed) return bytes[*length] = '\0', bytes;
    free(bytes);
    return NULL;
}

/* Cut a text into lines, and a line into fields */
char *lines_next(char **rest)
{
    char *line = *rest;
    if (*line == '\0') return NULL;
    *rest += strcspn(line, "\n");
    if (**rest) *(*rest)++ = '\0';
    return line;
}

int lines_fields(char *line, char **field, int most)
{
    int n = 0;
    for (char *at = line; at && n < most; n++) {
        field[n] = at;
        at = n == most - 1 ? NULL : strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    return n;
}

/* Mend what is not UTF-8 */
void lines_mend(char *s)
{
    unsigned char *u = (unsigned char *)s;
    for (size_t left = strlen(s), size; left > 0; left -= size, u += size) {
        const character next = characters_next(u, left);
        size = next.wrong ? 1 : next.size;
        if (next.wrong) *u = '?';
    }
}
