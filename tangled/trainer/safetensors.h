/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#ifndef SAFETENSORS_H
#define SAFETENSORS_H
/* The file format. 8 bytes: N, lowest first; N bytes of JSON; the numbers.
   Functions that take a fault return 0, or -1 and the fault filled in. */
#include <stdio.h>
#include "fault.h"
#include "rows.h"

/* One tensor of a file */
enum { SAFETENSORS_RANK = 8, SAFETENSORS_BLOCK = 2048 };

typedef struct {
    const char *name;
    const char *type;           // as in the file: "F32", "F64", "I64" …
    size_t rank, shape[SAFETENSORS_RANK];
    size_t count;               // numbers: the product of the shape
    size_t begin, end;          // bytes, from the end of the header
} tensor;

/* One string of the metadata */
typedef struct {
    const char *key, *value;    // value ends with a NUL, and may hold others
    size_t size;                // of value, in bytes
} metadatum;

/* An open file */
typedef struct {
    FILE *file;
    const char *path;           // borrowed
    size_t data;                // where the numbers begin
    char *strings;              // all names and values
    tensor *tensors;            // in the order of their names
    size_t count;
    metadatum *metadata;        // in the order of their keys
    size_t pairs;
} safetensors;

/* A tensor to be saved */
typedef struct {
    const char *name;
    size_t shape[2];            // the second is 0 for a tensor with one axis
    const real *numbers;        // as many as the shape says
    const char *type;           // in the file: "F32", "F16" …; NULL: as in memory
} outgoing;

/* What the file format offers */
/* Checks all about a file but the numbers themselves. path must outlive s. */
int safetensors_open(safetensors *s, const char *path, fault *f);
void safetensors_close(safetensors *s);
/* A tensor, or a string of the metadata; NULL if there is none of that name. */
const tensor *safetensors_find(const safetensors *s, const char *name);
const metadatum *safetensors_value(const safetensors *s, const char *key);
/* to: room for t->count reals. Refuses numbers that are not finite. */
int safetensors_read(safetensors *s, const tensor *t, real *to, fault *f);
/* The numbers first … first + count - 1 of a tensor of any type, as they are; count is at most
   SAFETENSORS_BLOCK. */
int safetensors_numbers(safetensors *s, const tensor *t, size_t first, size_t count, double *to,
                        fault *f);
/* What would be read if a number were saved in a type with a fraction; infinite if it is too large. */
double safetensors_rounded(double number, const char *type);

/* Saves all or nothing, by a replacement; a trial saves nothing, and finds out whether
   it could. Sorts both lists. */
int safetensors_save(const char *path, metadatum *metadata, size_t pairs,
                     outgoing *tensors, size_t count, int trial, fault *f);
#endif
