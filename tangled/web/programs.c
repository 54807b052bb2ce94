/* generated from chapters/51-browser.nw by noweb; do not edit */
#include <stdio.h>
#include <string.h>

int eqcheck_main(int argc, char **argv);
int grade_main(int argc, char **argv);
int record_main(void);

int main(int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], "eqcheck") == 0) return eqcheck_main(argc, argv);
    if (argc > 0 && strcmp(argv[0], "grade") == 0) return grade_main(argc, argv);
    if (argc > 0 && strcmp(argv[0], "record") == 0) return record_main();
    fputs("there are three programs here: eqcheck, grade and record\n", stderr);
    return 2;
}
