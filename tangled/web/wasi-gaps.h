/* generated from chapters/51-browser.nw by noweb; do not edit */
#ifndef WASI_GAPS_H
#define WASI_GAPS_H
#include <sys/types.h>
int fchown(int descriptor, uid_t owner, gid_t group);
int fchmod(int descriptor, mode_t mode);
int dup(int descriptor);
#endif
