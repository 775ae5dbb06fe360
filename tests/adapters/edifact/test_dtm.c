/* Dates and times: each format, each defect that was seen in real messages. */
#include "adapters/edifact/dtm.h"
#include <criterion/criterion.h>

static const struct {
    const char *name, *value, *format;
    enum gw_error error;
    int64_t local_s; /* the wall clock as if it were UTC */
    enum gw_precision precision;
    enum gw_stated stated;
    int offset_min;
    enum gw_edi_dtm_form form;
} rows[] = {
    {"203", "202603071130", "203", GW_OK, 1772883000, GW_TO_MINUTE, 0, 0, 0},
    {"204", "20260307113015", "204", GW_OK, 1772883015, GW_TO_SECOND, 0, 0, 0},
    {"102", "20260307", "102", GW_OK, 1772841600, GW_TO_DAY, 0, 0, 0},
    {"101", "260307", "101", GW_OK, 1772841600, GW_TO_DAY, 0, 0, 0},
    {"201", "2603071130", "201", GW_OK, 1772883000, GW_TO_MINUTE, 0, 0, 0},
    {"2 is DDMMYY", "070326", "2", GW_OK, 1772841600, GW_TO_DAY, 0, 0, 0},
    {"40E is DDMMYYYY", "07032026", "40E", GW_OK, 1772841600, GW_TO_DAY, 0, 0, 0},
    {"101 used for DDMMYYYY", "31032026", "101", GW_OK, 1774915200, GW_TO_DAY, 0, 0,
     GW_EDI_DTM_NO_FORMAT},
    {"205 with offset", "202603071130+0530", "205", GW_OK, 1772883000, GW_TO_MINUTE,
     GW_STATED_OFFSET, 330, 0},
    {"205 west", "202603071130-0300", "205", GW_OK, 1772883000, GW_TO_MINUTE,
     GW_STATED_OFFSET, -180, 0},
    {"303 hours only", "202603071130+04", "303", GW_OK, 1772883000, GW_TO_MINUTE,
     GW_STATED_OFFSET, 240, 0},
    {"303 Z", "202603071130Z", "303", GW_OK, 1772883000, GW_TO_MINUTE, GW_STATED_UTC, 0,
     0},
    {"303 UTC", "202603071130UTC", "303", GW_OK, 1772883000, GW_TO_MINUTE, GW_STATED_UTC,
     0, 0},
    {"303 letters nobody knows", "202603071130ALA", "303", GW_OK, 1772883000,
     GW_TO_MINUTE, 0, 0, GW_EDI_DTM_ZONE},
    {"304", "20260307113015Z", "304", GW_OK, 1772883015, GW_TO_SECOND, GW_STATED_UTC, 0,
     0},
    {"718, a period: its start", "20260307-20260309", "718", GW_OK, 1772841600, GW_TO_DAY,
     0, 0, 0},
    {"719", "202603071130-202603091200", "719", GW_OK, 1772883000, GW_TO_MINUTE, 0, 0, 0},
    {"718 without hyphen", "2026030720260309", "718", GW_OK, 1772841600, GW_TO_DAY, 0, 0,
     0},
    {"format missing", "202603071130", "", GW_OK, 1772883000, GW_TO_MINUTE, 0, 0,
     GW_EDI_DTM_NO_FORMAT},
    {"203 with eight digits", "20260307", "203", GW_OK, 1772841600, GW_TO_DAY, 0, 0,
     GW_EDI_DTM_NO_FORMAT},
    {"a format of tomorrow", "202603071130", "999", GW_OK, 1772883000, GW_TO_MINUTE, 0, 0,
     GW_EDI_DTM_NO_FORMAT},
    {"midnight as 24:00", "202603062400", "203", GW_OK, 1772841600, GW_TO_MINUTE, 0, 0,
     0},
    {"29 February", "20240229", "102", GW_OK, 1709164800, GW_TO_DAY, 0, 0, 0},
    {"empty", "", "203", GW_NOT_FOUND, 0, 0, 0, 0, 0},
    {"30 February", "20240230", "102", GW_RANGE, 0, 0, 0, 0, 0},
    {"29 February of no leap year", "20250229", "102", GW_RANGE, 0, 0, 0, 0, 0},
    {"month 99", "20249901", "102", GW_RANGE, 0, 0, 0, 0, 0},
    {"month 0", "1700200200", "201", GW_RANGE, 0, 0, 0, 0, 0},
    {"hour 25", "202603072530", "203", GW_RANGE, 0, 0, 0, 0, 0},
    {"minute 60", "202603071160", "203", GW_RANGE, 0, 0, 0, 0, 0},
    {"no digits", "SOON", "203", GW_FORMAT, 0, 0, 0, 0, 0},
    {"seven digits", "2026030", "102", GW_FORMAT, 0, 0, 0, 0, 0},
};

Test(dtm, every_format_and_every_defect)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_civil c;
        enum gw_edi_dtm_form form;
        enum gw_error e = gw_edi_dtm(gw_slice_str(rows[i].value),
                                     gw_slice_str(rows[i].format), &c, &form);
        cr_expect_eq(e, rows[i].error, "%s: %s", rows[i].name, gw_error_text(e));
        if (e || rows[i].error)
            continue;
        cr_expect_eq(c.local_ms / 1000, rows[i].local_s, "%s: %lld", rows[i].name,
                     (long long)c.local_ms / 1000);
        cr_expect_eq(c.precision, rows[i].precision, "%s", rows[i].name);
        cr_expect_eq(c.stated, rows[i].stated, "%s", rows[i].name);
        cr_expect_eq(c.offset_min, rows[i].offset_min, "%s", rows[i].name);
        cr_expect_eq(form, rows[i].form, "%s: form %d", rows[i].name, (int)form);
    }
}

/* The value of a whole segment, service characters as they came. */
static enum gw_error read_segment(const char *text, struct gw_civil *c,
                                  enum gw_edi_dtm_form *form)
{
    struct gw_edi_signs signs;
    struct gw_edi_segment s;
    struct gw_tree texts;
    size_t at;
    struct gw_slice in = gw_slice_str(text);
    struct gw_edi_raw raw = {.len = (uint32_t)in.len, .tag = GW_EDI_TAG('D', 'T', 'M')};
    gw_edi_signs_default(&signs);
    gw_edi_signs_ready(&signs, in, GW_EDI_AS_IS);
    cr_assert_eq(gw_tree_init(&texts, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_edi_split(in, &raw, &signs, GW_EDI_AS_IS, &texts, &s, &at), GW_OK);
    enum gw_error e = gw_edi_dtm_segment(&s, c, form);
    gw_tree_deinit(&texts);
    return e;
}

Test(dtm, an_offset_torn_off_by_its_sign_is_joined_again)
{
    static const struct {
        const char *segment;
        int offset_min;
        enum gw_edi_dtm_form form;
    } torn[] = {
        {"DTM+334:202603071130?+04:303", 240, GW_EDI_DTM_PLAIN},
        {"DTM+334:202603071130+04:303", 240, GW_EDI_DTM_UNRELEASED},
        {"DTM+334:202603071130+0530:205", 330, GW_EDI_DTM_UNRELEASED},
        {"DTM+334:202603071130+05:30:205", 330, GW_EDI_DTM_UNRELEASED},
        {"DTM+334:202603071130?+05:30:205", 330, GW_EDI_DTM_UNRELEASED},
        {"DTM+334:202603071130-05:30:205", -330, GW_EDI_DTM_UNRELEASED},
    };
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
        struct gw_civil c;
        enum gw_edi_dtm_form form;
        cr_assert_eq(read_segment(torn[i].segment, &c, &form), GW_OK, "%s",
                     torn[i].segment);
        cr_expect_eq(c.stated, GW_STATED_OFFSET, "%s", torn[i].segment);
        cr_expect_eq(c.offset_min, torn[i].offset_min, "%s: %d", torn[i].segment,
                     c.offset_min);
        cr_expect_eq(form, torn[i].form, "%s", torn[i].segment);
    }
}

Test(dtm, days_and_dates_are_each_others_inverse)
{
    for (int64_t day = -200000; day < 200000; day += 37) {
        int y, m, d;
        gw_edi_date(day, &y, &m, &d);
        cr_assert_eq(gw_edi_days(y, m, d), day, "%d-%d-%d", y, m, d);
    }
}
