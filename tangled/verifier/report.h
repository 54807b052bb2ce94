/* generated from chapters/27-own-derivations.nw by noweb; do not edit */
#ifndef REPORT_H
#define REPORT_H

typedef struct {
    const char *ledger, *html, *pdf;    // files to be written, or NULL
    int turned;                         // Jacobians have a row for each lower entry
} report_wishes;
/* Checks a file and reports. 0 if all is right, 1 if something is not or a file cannot be written,
   2 if the file cannot be read. */
int report_notes(const char *path, const report_wishes *wishes);
#endif
