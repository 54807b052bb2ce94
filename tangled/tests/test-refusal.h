/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef TEST_REFUSAL_H
#define TEST_REFUSAL_H
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Calls of calloc up to the one that is refused; at 0 none is. For one thread. */
static int test_refusal;
/* Allocate, or refuse */
__attribute__((no_sanitize_thread))     // which would ask for memory before it can take notes
void *calloc(size_t count, size_t size)
{
    void *new = NULL;
    size_t bytes, room;
    enum { BEHIND = 16 };
    const int refused = test_refusal > 0 && --test_refusal == 0;
    if (refused || __builtin_mul_overflow(count, size, &bytes)
        || __builtin_add_overflow(bytes, BEHIND, &room)
        || posix_memalign(&new, 2 * sizeof(void *), room) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    memset((unsigned char *)new + bytes, 0xFF, BEHIND);
    return memset(new, 0, bytes);
}
#endif
