/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef REPLACEMENT_H
#define REPLACEMENT_H
/* Files that take the place of others in one step, or not at all.
   Functions that take a fault return 0, or -1 and the fault filled in. */
#include <stdio.h>
#include "fault.h"

/* A file that is to take another's place */
typedef struct {
    FILE *file;             // to write to
    char *target;           // where it will be
    char *beside;           // where it is
} replacement;
/* After a success, commit or abort. Follows symbolic links; refuses what is read-only
   or no regular file. */
int replacement_open(replacement *w, const char *path, fault *f);
/* Forces the file to the disk and renames it. After a failure the old file is as it was,
   and nothing is left beside it. path is for the message. */
int replacement_commit(replacement *w, const char *path, fault *f);
void replacement_abort(replacement *w);
/* The end of a chain of symbolic links, which need not exist; or NULL with errno. Free it. */
char *replacement_target(const char *path);
/* A name of no file yet, in the folder of path, with 16 random digits between before and
   after (47 bytes together at most); or NULL with errno. Free it. */
char *replacement_unused(const char *path, const char *before, const char *after);
/* The name that the end of path's links would have with a short word before its suffix;
   or NULL with errno. Free it. */
char *replacement_beside(const char *path, const char *word);
/* The name of what path's links lead to once something else has taken its place; or NULL with
   errno. Free it. keep gives it that name, also where an older version has it; 0, or -1 with
   errno. Its own name it may lose, or have until it is replaced. */
char *replacement_old(const char *path);
int replacement_keep(const char *path, const char *old);
/* Whether two names are, or will be, one file. */
int replacement_same(const char *one, const char *other);
#endif
