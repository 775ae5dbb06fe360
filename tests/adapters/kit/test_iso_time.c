/* test_iso_time.c - dates and times as text, both ways. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "adapters/kit/iso_time.h"
#include "base/clock.h"

static int64_t local(int y, int mo, int d, int h, int mi, int s, int ms)
{
    return ((gw_days_from_civil(y, mo, d) * 24 + h) * 60 + mi) * 60000 + s * 1000 + ms;
}

Test(iso_time, texts_that_are_times)
{
    static const struct {
        const char *text;
        int y, mo, d, h, mi, s, ms;
        enum gw_precision precision;
        enum gw_stated stated;
        int offset;
    } rows[] = {
        {"2026-11-24T14:05:09Z", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND, GW_STATED_UTC,
         0},
        {"2026-11-24T14:05:09.1Z", 2026, 11, 24, 14, 5, 9, 100, GW_TO_MS, GW_STATED_UTC,
         0},
        {"2026-11-24t14:05:09,123456789z", 2026, 11, 24, 14, 5, 9, 123, GW_TO_MS,
         GW_STATED_UTC, 0},
        {"2026-11-24T14:05:09+05:00", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND,
         GW_STATED_OFFSET, 300},
        {"2026-11-24T14:05:09-0330", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND,
         GW_STATED_OFFSET, -210},
        {"2026-11-24T14:05+05", 2026, 11, 24, 14, 5, 0, 0, GW_TO_MINUTE, GW_STATED_OFFSET,
         300},
        {"2026-11-24 14:05:09", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND,
         GW_STATED_NOTHING, 0},
        {"  2026-11-24T14:05 \n", 2026, 11, 24, 14, 5, 0, 0, GW_TO_MINUTE,
         GW_STATED_NOTHING, 0},
        {"2026-11-24T14", 2026, 11, 24, 14, 0, 0, 0, GW_TO_HOUR, GW_STATED_NOTHING, 0},
        {"2026-11-24", 2026, 11, 24, 0, 0, 0, 0, GW_TO_DAY, GW_STATED_NOTHING, 0},
        {"2026-11-24+05:00", 2026, 11, 24, 0, 0, 0, 0, GW_TO_DAY, GW_STATED_OFFSET, 300},
        {"20261124T140509Z", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND, GW_STATED_UTC, 0},
        {"20261124T1405", 2026, 11, 24, 14, 5, 0, 0, GW_TO_MINUTE, GW_STATED_NOTHING, 0},
        {"20261124", 2026, 11, 24, 0, 0, 0, 0, GW_TO_DAY, GW_STATED_NOTHING, 0},
        {"2026-12-31T24:00:00Z", 2027, 1, 1, 0, 0, 0, 0, GW_TO_SECOND, GW_STATED_UTC, 0},
        {"2016-12-31T23:59:60Z", 2017, 1, 1, 0, 0, 0, 0, GW_TO_SECOND, GW_STATED_UTC, 0},
        {"2026-11-24T14:05:09-00:00", 2026, 11, 24, 14, 5, 9, 0, GW_TO_SECOND,
         GW_STATED_UTC, 0},
        {"2024-02-29T00:00:00+14:00", 2024, 2, 29, 0, 0, 0, 0, GW_TO_SECOND,
         GW_STATED_OFFSET, 840},
        {"0001-01-01T00:00:00Z", 1, 1, 1, 0, 0, 0, 0, GW_TO_SECOND, GW_STATED_UTC, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_civil c = {0};
        enum gw_error e = gw_iso_time(gw_slice_str(rows[i].text), &c);
        cr_expect_eq(e, GW_OK, "%s: %s", rows[i].text, gw_error_text(e));
        cr_expect_eq(c.local_ms,
                     local(rows[i].y, rows[i].mo, rows[i].d, rows[i].h, rows[i].mi,
                           rows[i].s, rows[i].ms),
                     "%s", rows[i].text);
        cr_expect_eq(c.precision, rows[i].precision, "%s", rows[i].text);
        cr_expect_eq(c.stated, rows[i].stated, "%s", rows[i].text);
        cr_expect_eq(c.offset_min, rows[i].offset, "%s", rows[i].text);
    }
}

Test(iso_time, texts_that_are_none)
{
    static const struct {
        const char *text;
        enum gw_error e;
    } rows[] = {
        {"", GW_FORMAT},
        {"   ", GW_FORMAT},
        {"yesterday", GW_FORMAT},
        {"24.11.2026", GW_FORMAT},
        {"2026-11", GW_FORMAT},
        {"2026-1124", GW_FORMAT},
        {"202611-24", GW_FORMAT},
        {"2026-11-24T", GW_FORMAT},
        {"2026-11-24T1", GW_FORMAT},
        {"2026-11-24T14:", GW_FORMAT},
        {"2026-11-24T14:05:", GW_FORMAT},
        {"2026-11-24T14:05:09.", GW_FORMAT},
        {"2026-11-24T14:05:09.Z", GW_FORMAT},
        {"2026-11-24T14:05:09+", GW_FORMAT},
        {"2026-11-24T14:05:09+5", GW_FORMAT},
        {"2026-11-24T14:05:09+05:0", GW_FORMAT},
        {"2026-11-24T14:05:09+05:00Z", GW_FORMAT},
        {"2026-11-24T14:05:09Zulu", GW_FORMAT},
        {"2026-11-24T14:05:09 +05:00", GW_FORMAT},
        {"-2026-11-24", GW_FORMAT},
        {"12026-11-24", GW_FORMAT},
        {"0000-01-01", GW_RANGE},
        {"2026-13-01", GW_RANGE},
        {"2026-02-30", GW_RANGE},
        {"2025-02-29", GW_RANGE},
        {"2026-11-24T25:00:00Z", GW_RANGE},
        {"2026-11-24T24:00:01Z", GW_RANGE},
        {"2026-11-24T14:60Z", GW_RANGE},
        {"2026-11-24T14:05:61Z", GW_RANGE},
        {"2026-11-24T14:05:09+14:01", GW_RANGE},
        {"2026-11-24T14:05:09+99:00", GW_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_civil c = {.local_ms = 77};
        cr_expect_eq(gw_iso_time(gw_slice_str(rows[i].text), &c), rows[i].e, "%s",
                     rows[i].text);
        cr_expect_eq(c.local_ms, 77, "%s: nothing is set", rows[i].text);
    }
}

Test(iso_time, no_byte_is_read_behind_the_text)
{
    static const char text[] = "2026-11-24T14:05:09.123+05:00";
    for (size_t n = 0; n < sizeof text; n++) {
        char *copy = malloc(n ? n : 1);
        struct gw_civil c;
        memcpy(copy, text, n);
        enum gw_error e = gw_iso_time(gw_slice(copy, n), &c);
        cr_expect(e == GW_OK || e == GW_FORMAT, "%zu", n);
        free(copy);
    }
}

Test(iso_time, writing_what_was_read)
{
    static const struct {
        const char *text;
        int offset;
        bool utc;
    } rows[] = {{"2026-11-24T14:05:09Z", 0, true},
                {"2026-11-24T14:05:09.120Z", 0, true},
                {"2026-11-24T14:05:09+05:00", 300, false},
                {"1969-12-31T23:59:59.999-03:30", -210, false},
                {"2026-11-24T00:00:00+00:00", 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_civil c;
        char out[GW_ISO_TIME_SIZE];
        cr_assert_eq(gw_iso_time(gw_slice_str(rows[i].text), &c), GW_OK);
        cr_expect_eq(gw_iso_time_text(c.local_ms - c.offset_min * 60000, rows[i].offset,
                                      rows[i].utc, out),
                     GW_OK);
        cr_expect_str_eq(out, rows[i].text);
    }
}

Test(iso_time, milliseconds_that_are_none_are_written_where_they_were_stated)
{
    char out[GW_ISO_TIME_SIZE];
    cr_expect_eq(gw_iso_time_exact(0, 0, true, GW_TO_MS, out), GW_OK);
    cr_expect_str_eq(out, "1970-01-01T00:00:00.000Z");
    cr_expect_eq(gw_iso_time_exact(1, 60, false, GW_TO_SECOND, out), GW_OK);
    cr_expect_str_eq(out, "1970-01-01T01:00:00.001+01:00");
    cr_expect_eq(gw_iso_time_exact(0, 0, true, GW_TO_SECOND, out), GW_OK);
    cr_expect_str_eq(out, "1970-01-01T00:00:00Z");
}

Test(iso_time, not_writing_what_no_year_holds)
{
    char out[GW_ISO_TIME_SIZE];
    cr_expect_eq(gw_iso_time_text(INT64_MAX, 0, true, out), GW_RANGE);
    cr_expect_eq(gw_iso_time_text(INT64_MIN, 0, true, out), GW_RANGE);
    cr_expect_eq(gw_iso_time_text(253402300799999, 1, false, out), GW_RANGE);
    cr_expect_eq(gw_iso_time_text(0, 841, false, out), GW_RANGE);
}
