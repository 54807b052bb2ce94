/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef TEST_FILES_H
#define TEST_FILES_H
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* The bytes of a file, up to so many, go to `to`; returns how many. */
static inline size_t test_read(const char *path, void *to, size_t most)
{
    FILE *file = fopen(path, "rb");
    if (!file) exit(1);
    const size_t size = fread(to, 1, most, file);
    fclose(file);
    return size;
}

/* How many files there are in a folder. Litter is one more than there should be. */
static inline int test_entries(const char *folder)
{
    int count = -2;             // without . and ..
    DIR *open = opendir(folder);
    while (open && readdir(open)) count++;
    if (open) closedir(open);
    return count;
}
#endif
