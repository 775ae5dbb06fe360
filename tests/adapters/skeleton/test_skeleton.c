/* test_skeleton.c - the example of adapters/README.md does what it says. */
#include "adapters/skeleton/skeleton.h"
#include "../kit/codec.h"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_skeleton);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(skeleton, .init = setup, .fini = teardown);

Test(skeleton, lines_become_events)
{
    const char *lines =
        codec_taken(&c, "2026-11-24T14:05+05:00;LOADED;CSQU3054383;KZAAU\r\n"
                        "2026-11-24T15:05Z;WASHED;CSQU3054383;KZAAU");
    codec_expect(lines, "\"type\":\"load\"");
    codec_expect(lines, "\"time\":1795511100000,\"time_offset\":300");
    codec_expect(lines, "\"check\":\"ok\"");
    codec_expect(lines, "\"type\":\"other\"");
    codec_expect(lines, "\"state\":{\"code\":\"WASHED\"}");
}

Test(skeleton, refusals_name_line_and_rule_and_leave_nothing)
{
    cr_expect_eq(
        codec_decode(&c, gw_slice_str("2026-11-24T14:05Z;LOADED;CSQU3054383;KZAAU\n"
                                      "yesterday;LOADED;CSQU3054383;KZAAU\n")),
        GW_TIME);
    cr_expect_eq(c.report.segment, 2);
    cr_expect_str_eq(c.report.fault.rule, "ISO 8601 date and time");
    cr_expect_eq(codec_decode(&c, gw_slice_str("a;b;c\n")), GW_FORMAT);
    cr_expect_eq(codec_decode(&c, gw_slice_str("")), GW_FORMAT);
}
