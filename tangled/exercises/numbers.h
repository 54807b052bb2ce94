/* generated from chapters/31-numbers.nw by noweb; do not edit */
#ifndef NUMBERS_H
#define NUMBERS_H
#include <stddef.h>
#include <stdint.h>

/* An array of a record */
typedef struct {
    char name[40];
    int seed;               // of the instance it was computed on
    int rank, d[3];         // axes; an array from C has one
    size_t count;
    double *number;         // (count), owned by the record
} array;

typedef struct {
    array *list;
    size_t count, room;
    char changed[40];       // an input that was written to, or ""
    char left[60];          // an array that was left, and at which end, or ""
    char called[40];        // a function that was to be written, and was called; or ""
    int complete;           // the report had its last line
} record;

/* Declare records */
/* An array of zeros, or NULL if there is no memory or the axes are absurd. */
array *record_add(record *r, int seed, const char *name, int rank, const int *d);
/* Reads what a driver reported; spoils the text. 0, or -1 for what no driver writes. */
int record_read(record *r, char *text);
const array *record_find(const record *r, int seed, const char *name);
void record_free(record *r);

/* Declare comparisons */
extern const double NUMBERS_TOLERANCE;      // 1e-12
typedef struct {
    const array *right, *ours;      // the first array that differs; ours may be NULL
    size_t entry, wrong;            // its first wrong entry; how many are wrong
    size_t arrays;                  // how many arrays differ
    double error;                   // the largest error of an entry, relative to the largest entry
    double ratio;                   // ours/right, if it is the same for all entries; or NAN
} difference;

/* max |a-b| / max(|a|, |b|, 1e-3); NaN if any entry is. *entry: where. */
double numbers_error(const array *ours, const array *right, size_t *entry);
/* Compares all arrays of right with a seed from first to last. Returns 1 if there are
   some and all agree. */
int numbers_compare(difference *d, const record *ours, const record *right, int first, int last);
/* How many arrays there are of these seeds. */
size_t numbers_count(const record *r, int first, int last);

/* Declare marks */
enum { MARKS = 2 };
typedef struct {
    char name[40];
    int seed, rank, d[3];
    double at[MARKS], scale;
} mark;

void numbers_mark(mark *m, const array *a);
/* Do the marks belong to the record? At least half of the right record's arrays
   must be recognised, and none may differ. */
int numbers_match(const record *ours, const mark *marks, size_t count, size_t needed);
#endif
