/* test_layout.c - declarations of tables, and times by pattern. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "adapters/csv/clock.h"
#include "adapters/csv/layout.h"
#include "adapters/csv/rows.h"
#include "base/clock.h"

#define ENOUGH "constant type load\ncolumn T time\n"

Test(layout, a_declaration_is_read)
{
    struct gw_layout *l = malloc(sizeof *l);
    struct gw_text why = {""};
    static const char text[] =
        "# comment\r\n"
        "separator tab\n decimal ,\nskip 2\nheader yes\n"
        "time \"DD.MM.YYYY hh:mm\"  # behind\nzone Asia/Almaty\n"
        "column \"Container No\" equipment[0].id\n"
        "column #3 type map moves\ncolumn Kilos measures[0].value scale "
        "0.001\n"
        "column When time\nconstant class planned\n"
        "map moves IN gate-in\nmap moves OUT gate-out\nmap moves * other\n";
    cr_assert_eq(gw_layout_read(l, text, &why), GW_OK, "%s", why.s);
    cr_expect_eq(l->separator, '\t');
    cr_expect_eq(l->decimal, ',');
    cr_expect_eq(l->skip, 2);
    cr_expect_str_eq(l->pattern, "DD.MM.YYYY hh:mm");
    cr_expect_eq(l->columns, 4);
    cr_expect_str_eq(l->column[0].name, "Container No");
    cr_expect_eq(l->column[1].number, 3);
    cr_expect_float_eq(l->column[2].scale, 0.001, 0);
    cr_expect(gw_slice_is(gw_layout_map(l, "moves", GW_LIT("OUT")), "gate-out"));
    cr_expect(gw_slice_is(gw_layout_map(l, "moves", GW_LIT("??")), "other"));
    cr_expect(gw_slice_is(gw_layout_map(l, "", GW_LIT("x")), "x"));
    cr_expect(gw_slice_is(gw_layout_unmap(l, "moves", GW_LIT("gate-in")), "IN"));
    cr_expect_eq(gw_layout_unmap(l, "moves", GW_LIT("other")).len, 0);
    free(l);
}

Test(layout, what_is_wrong_is_said_with_its_line)
{
    static const struct {
        const char *text, *words;
    } rows[] = {{"colum x y\n", "line 1: no such directive"},
                {"\n\nseparator two\n", "line 3: separator"},
                {"decimal ;\n", "line 1: decimal"},
                {"header maybe\n", "line 1: header"},
                {"skip many\n", "line 1: skip"},
                {"time\n", "line 1: time"},
                {"zone\n", "line 1: zone"},
                {"column A\n", "line 1: no such path"},
                {"column A place\n", "line 1: no such path"},
                {"column A equipment.id\n", "line 1: no such path"},
                {"column A equipment[].id\n", "line 1: no such path"},
                {"column A colour\n", "line 1: no such path"},
                {"column A seq\n", "line 1: no such path"},
                {"column #0 type\n", ""},
                {"column A type map\n", "line 1: a word too many"},
                {"column A type colour blue\n", "line 1: behind the path"},
                {"constant type\n", "line 1: constant"},
                {"constant colour blue\n", "line 1: no such path"},
                {"map m a\n", "line 1: map"},
                {"zone \"Asia\n", "line 1: a quote"},
                {"column A type map m\ncolumn B time\n", "no map m"},
                {"column A type\n", "type and time"},
                {"header no\ncolumn A type\ncolumn B time\n", "needs a #number"}};
    struct gw_layout *l = malloc(sizeof *l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_text why = {""};
        cr_expect_neq(gw_layout_read(l, rows[i].text, &why), GW_OK, "%s", rows[i].text);
        cr_expect(strstr(why.s, rows[i].words), "%s: %s", rows[i].text, why.s);
    }
    free(l);
}

Test(layout, limits_are_kept)
{
    struct gw_layout *l = malloc(sizeof *l);
    struct gw_buf text;
    struct gw_text why = {""};
    static const struct {
        const char *line;
        int times;
    } rows[] = {{"column A ext.x\n", GW_LAYOUT_COLUMNS + 1},
                {"constant ext.x y\n", GW_LAYOUT_CONSTANTS + 1},
                {"map m a b\n", GW_LAYOUT_PAIRS + 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gw_buf_init(&text, 1u << 20);
        for (int k = 0; k < rows[i].times; k++)
            gw_buf_str(&text, rows[i].line);
        cr_expect_eq(gw_layout_read(l, gw_buf_text(&text), &why), GW_RANGE, "%s",
                     rows[i].line);
        gw_buf_deinit(&text);
    }
    free(l);
}

Test(layout, times_by_pattern)
{
    static const struct {
        const char *pattern, *text;
        enum gw_error e;
        enum gw_precision precision;
        enum gw_stated stated;
    } rows[] = {
        {"DD.MM.YYYY hh:mm", "25.10.2026 14:05", GW_OK, GW_TO_MINUTE, GW_STATED_NOTHING},
        {"YYMMDDhhmmss", "261025140500", GW_OK, GW_TO_SECOND, GW_STATED_NOTHING},
        {"YYYY/MM/DD hh:mm:ss.SSS", "2026/10/25 14:05:00.000", GW_OK, GW_TO_MS,
         GW_STATED_NOTHING},
        {"YYYY-MM-DD hh:mmZZ", "2026-10-25 14:05+05:00", GW_OK, GW_TO_MINUTE,
         GW_STATED_OFFSET},
        {"YYYY-MM-DD hh:mm ZZ", "2026-10-25 14:05 -0330", GW_OK, GW_TO_MINUTE,
         GW_STATED_OFFSET},
        {"YYYY-MM-DD hh:mmZZ", "2026-10-25 14:05Z", GW_OK, GW_TO_MINUTE, GW_STATED_UTC},
        {"iso", "2026-10-25T14:05", GW_OK, GW_TO_MINUTE, GW_STATED_NOTHING},
        {"DD.MM.YYYY hh:mm", "25.10.2026", GW_FORMAT, 0, 0},
        {"DD.MM.YYYY hh:mm", "25.10.2026 14:05:00", GW_FORMAT, 0, 0},
        {"DD.MM.YYYY hh:mm", "2x.10.2026 14:05", GW_FORMAT, 0, 0},
        {"DD.MM.YYYY hh:mm", "31.11.2026 14:05", GW_RANGE, 0, 0},
        {"DD.MM.YYYY hh:mm", "25.10.2026 24:05", GW_RANGE, 0, 0},
        {"YYYY-MM-DD hh:mmZZ", "2026-10-25 14:05", GW_FORMAT, 0, 0},
        {"YYYY-MM-DD hh:mmZZ", "2026-10-25 14:05+99:00", GW_RANGE, 0, 0},
        {"epoch-s", "x", GW_FORMAT, 0, 0},
        {"epoch-s", "253402300800", GW_RANGE, 0, 0},
    };
    int64_t local = (gw_days_from_civil(2026, 10, 25) * 1440 + 14 * 60 + 5) * 60000;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_civil c = {0};
        cr_expect_eq(gw_csv_time(gw_slice_str(rows[i].text), rows[i].pattern, &c),
                     rows[i].e, "%s", rows[i].text);
        if (rows[i].e)
            continue;
        cr_expect_eq(c.local_ms, local, "%s", rows[i].text);
        cr_expect_eq(c.precision, rows[i].precision, "%s", rows[i].text);
        cr_expect_eq(c.stated, rows[i].stated, "%s", rows[i].text);
    }
    struct gw_civil c;
    cr_expect_eq(gw_csv_time(GW_LIT("1793000000"), "epoch-s", &c), GW_OK);
    cr_expect_eq(c.local_ms, 1793000000000);
    cr_expect_eq(gw_csv_time(GW_LIT("1793000000123"), "epoch-ms", &c), GW_OK);
    cr_expect_eq(c.local_ms, 1793000000123);
    cr_expect(gw_csv_pattern_good("DDMMYY"));
    cr_expect_not(gw_csv_pattern_good("hh:mm"));
}

Test(layout, rows_of_a_table)
{
    struct gw_rows *r = malloc(sizeof *r);
    gw_rows_init(r,
                 GW_LIT("\xEF\xBB\xBF"
                        "a; b ;\"c;\"\"d\"\"\n\"\r\n\n# is data;;\nlast"),
                 ';');
    cr_assert_eq(gw_rows_next(r), GW_OK);
    cr_expect_eq(r->count, 3);
    cr_expect(gw_slice_is(r->field[1], "b"));
    cr_expect(gw_slice_is(r->field[2], "c;\"d\"\n"));
    cr_expect_eq(r->line, 1);
    cr_assert_eq(gw_rows_next(r), GW_OK);
    cr_expect(gw_slice_is(r->field[0], "# is data"));
    cr_expect_eq(r->line, 4);
    cr_assert_eq(gw_rows_next(r), GW_OK);
    cr_expect(gw_slice_is(r->field[0], "last"));
    cr_expect_eq(gw_rows_next(r), GW_NOT_FOUND);
    static const char *const bad[] = {"\"a", "\"a\"b;c", "x;\"y"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gw_rows_init(r, gw_slice_str(bad[i]), ';');
        cr_expect_eq(gw_rows_next(r), GW_FORMAT, "%s", bad[i]);
    }
    char wide[600];
    memset(wide, ';', sizeof wide);
    gw_rows_init(r, gw_slice(wide, sizeof wide), ';');
    cr_expect_eq(gw_rows_next(r), GW_RANGE);
    free(r);
}
