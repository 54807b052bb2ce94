/* generated from chapters/03-rows.nw by noweb; do not edit */
#ifndef TEST_PAGE_H
#define TEST_PAGE_H
#define _DEFAULT_SOURCE         // for MAP_ANONYMOUS; so this header is included first
#include "test.h"
#include <sys/mman.h>

enum { TEST_PAGE = 65536 };     // a page of the system, or several
/* TEST_PAGE bytes between two closed pages, or the end of the program.
   Release with test_page_free. */
static inline real *test_page(void)
{
    const int access = MAP_PRIVATE | MAP_ANONYMOUS;
    unsigned char *pages = mmap(NULL, 3 * TEST_PAGE, PROT_NONE, access, -1, 0);
    if (pages == MAP_FAILED) exit(1);
    if (mprotect(pages + TEST_PAGE, TEST_PAGE, PROT_READ | PROT_WRITE) != 0) exit(1);
    return (real *)(void *)(pages + TEST_PAGE);
}

/* The last count reals of a page. */
static inline real *test_page_end(real *page, size_t count)
{
    return page + TEST_PAGE / sizeof(real) - count;
}

static inline void test_page_free(real *page)
{
    munmap((unsigned char *)page - TEST_PAGE, 3 * TEST_PAGE);
}
#endif
