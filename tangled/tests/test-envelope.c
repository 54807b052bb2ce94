/* generated from chapters/33-keys.nw by noweb; do not edit */
#include "envelope.h"
#include "test.h"
#include <string.h>

/* Test that marks recognise and distinguish */
static void test_marks(void)
{
    record a = { 0 }, b = { 0 };
    char one[] = "seed 1\narray x 3 0x1p0 2 3.5\nend\n";
    char two[] = "seed 1\narray x 3 1 2 3.5000001\n";
    difference d;
    mark m;
    ok(record_read(&a, one) == 0 && a.complete && a.count == 1, "a report is read");
    ok(record_read(&b, two) == 0 && !b.complete, "a report without its last line is noticed");
    numbers_mark(&m, &a.list[0]);
    ok(numbers_match(&a, &m, 1, 1) && !numbers_match(&b, &m, 1, 1), "marks tell arrays apart");
    ok(!numbers_compare(&d, &b, &a, 0, 9) && d.entry == 2 && d.wrong == 1, "so do comparisons");
    char rubbish[] = "seed 1\narray x 3 1 2\n", after[] = "end\nseed 1\n";
    ok(record_read(&b, rubbish) != 0 && record_read(&b, after) != 0, "rubbish is refused");
    record_free(&a);
    record_free(&b);
}

int main(void)
{
    static const unsigned char zero[8] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90 };
    const envelope_key key = { { 0 } };
    unsigned char text[8] = { 0 };
    envelope_apply(text, 8, &key, 0);
    ok(memcmp(text, zero, 8) == 0, "the cipher agrees with its published test vector");
    test_marks();
    return test_done();
}
