/* test_csv.c - rows of comma-separated values. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "base/csv.h"

static void expect(struct gw_csv *c, unsigned line, size_t count,
                   const char *const *fields)
{
    cr_assert_eq(gw_csv_row(c), GW_OK);
    cr_expect_eq(c->line, line, "line %u", c->line);
    cr_assert_eq(c->count, count, "%zu fields", c->count);
    for (size_t i = 0; i < count; i++)
        cr_expect(gw_slice_is(c->fields[i], fields[i]), "field %zu: %.*s", i,
                  GW_FMT(c->fields[i]));
}

Test(csv, rows)
{
    struct gw_csv c;
    gw_csv_init(&c, GW_LIT("\xef\xbb\xbf"
                           "a, b ,\"c,\"\"d\"\"\"\r\n"
                           "\n# comment, not a row\n"
                           ",\"two\nlines\",\n"
                           "last"));
    expect(&c, 1, 3, (const char *[]){"a", "b", "c,\"d\""});
    expect(&c, 4, 3, (const char *[]){"", "two\nlines", ""});
    expect(&c, 6, 1, (const char *[]){"last"});
    cr_expect_eq(gw_csv_row(&c), GW_NOT_FOUND);
    cr_expect_eq(gw_csv_row(&c), GW_NOT_FOUND);
}

Test(csv, a_comma_at_the_very_end_is_an_empty_field)
{
    struct gw_csv c;
    gw_csv_init(&c, GW_LIT("a,"));
    expect(&c, 1, 2, (const char *[]){"a", ""});
    cr_expect_eq(gw_csv_row(&c), GW_NOT_FOUND);
}

Test(csv, refusals)
{
    static char wide[200], longer[GW_CSV_ROW + 100];
    struct gw_csv c;
    memset(wide, ',', sizeof wide - 1);
    memset(longer, 'x', sizeof longer - 1);
    struct {
        const char *name;
        struct gw_slice text;
        enum gw_error e;
    } rows[] = {{"open quote", GW_LIT("\"a"), GW_FORMAT},
                {"text behind a quote", GW_LIT("\"a\"b"), GW_FORMAT},
                {"quote inside", GW_LIT("a\"b"), GW_FORMAT},
                {"zero character", gw_slice("a\0b", 3), GW_FORMAT},
                {"zero in quotes", gw_slice("\"\0\"", 3), GW_FORMAT},
                {"too many fields", gw_slice_str(wide), GW_RANGE},
                {"too long", gw_slice_str(longer), GW_RANGE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gw_csv_init(&c, rows[i].text);
        cr_expect_eq(gw_csv_row(&c), rows[i].e, "%s", rows[i].name);
    }
}
