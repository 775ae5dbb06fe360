/* test_slice.c - blanks around bytes. */
#include <criterion/criterion.h>
#include "base/slice.h"

Test(slice, blanks_go_at_both_ends_and_nowhere_else)
{
    static const struct {
        const char *name;
        struct gw_slice in, blanks, out;
    } rows[] = {
        {"none", GW_LIT("a b"), GW_LIT(" \t"), GW_LIT("a b")},
        {"both ends", GW_LIT(" \ta b\t "), GW_LIT(" \t"), GW_LIT("a b")},
        {"of other kinds", GW_LIT("\na\n"), GW_LIT(" \t"), GW_LIT("\na\n")},
        {"a zero is one only when it is said", GW_LIT("\0a\0"), GW_LIT(" "), GW_LIT("\0a\0")},
        {"a zero that is said", GW_LIT("\0a\0"), GW_LIT("\0 "), GW_LIT("a")},
        {"nothing but blanks", GW_LIT("   "), GW_LIT(" "), GW_LIT("")},
        {"empty", GW_LIT(""), GW_LIT(" "), GW_LIT("")},
        {"none there", {NULL, 0}, GW_LIT(" "), GW_LIT("")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_slice got = gw_slice_trim(rows[i].in, rows[i].blanks);
        cr_expect(gw_slice_eq(got, rows[i].out), "%s: \"%.*s\"", rows[i].name, GW_FMT(got));
    }
}
