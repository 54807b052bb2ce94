/* generated from chapters/25-misconceptions.nw by noweb; do not edit */
#include "test.h"
#include <dirent.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Replay one file */
static int replay(const char *name)
{
    char path[600];
    static uint8_t data[1 << 16];
    snprintf(path, sizeof path, "tests/fuzz/%s", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 0;
    size_t size = fread(data, 1, sizeof data, f);
    fclose(f);
    LLVMFuzzerTestOneInput(data, size);
    return 1;
}

int main(void)
{
    DIR *folder = opendir("tests/fuzz");
    int files = 0;
    for (struct dirent *f; folder && (f = readdir(folder)) != NULL;)
        if (f->d_name[0] != '.') files += replay(f->d_name);
    if (folder) closedir(folder);
    ok(files >= 20, "%d lines of noise were survived", files);
    return test_done();
}
