/* test_x12.c - ANSI X12: samples, envelopes as they really come, refusals, the corpus. */
#include "adapters/x12/x12.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/x12"
#define ISA                                                                              \
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              "              \
    "*261024*1405*U*00401*000000417*0*P*>~"
#define B4 "B4***AE*20261024*1405**CSQU*305438*L*45G1*KZAAU*UN*3~"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_x12);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(x12, .init = setup, .fini = teardown);

Test(x12, samples_decode_as_expected)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".edi", codec_sample), 5);
}

Test(x12, takes_envelopes_as_they_come)
{
    static const struct {
        const char *name, *text;
        uint32_t findings;
    } cases[] = {
        {"whole",
         ISA "GS*QO*A*B*20261024*1405*1*X*004010~ST*315*1~" B4
             "SE*3*1~GE*1*1~IEA*1*000000417~",
         0},
        {"collapsed ISA",
         "ISA*00**00**ZZ*A*ZZ*B*261024*1405*U*00401*417*0*P*>~ST*315*1~" B4
         "SE*3*1~IEA*0*417~",
         0},
        {"line ends as terminators, CRLF",
         "ISA*00**00**ZZ*A*ZZ*B*261024*1405*U*00401*417*0*P*>\r\nST*315*1\r\n"
         "B4***AE*20261024*1405**CSQU*305438*L*45G1*KZAAU*UN*3\r\nSE*3*1\r\nIEA*0*"
         "417\r\n",
         0},
        {"other separators",
         "ISA|00||00||ZZ|A|ZZ|B|261024|1405|U|00401|417|0|P|:!ST|315|1!"
         "B4|||AE|20261024|1405||CSQU|305438|L|45G1|KZAAU|UN|3!SE|3|1!IEA|0|417!",
         0},
        {"no envelope", "ST*315*1~" B4 "SE*3*1~", 0},
        {"no IEA", ISA "ST*315*1~" B4 "SE*3*1~", 1},
        {"wrong counts", ISA "ST*315*1~" B4 "SE*9*2~IEA*7*000000418~", 4},
        {"blanks and a byte order mark",
         "\xEF\xBB\xBF \r\n" ISA "\nST*315*1~\n" B4 "\nSE*3*1~\nIEA*0*000000417~\n\x1A",
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = codec_decode(&c, gw_slice_str(cases[i].text));
        cr_expect_eq(e, GW_OK, "%s: %s: %s", cases[i].name, c.report.fault.rule,
                     c.report.detail);
        cr_expect_eq(c.events.count, 1, "%s", cases[i].name);
        cr_expect_eq(c.report.finding_count, cases[i].findings, "%s: %u", cases[i].name,
                     c.report.finding_count);
        codec_expect(codec_lines(&c),
                     "\"id\":\"CSQU3054383\",\"scheme\":\"iso6346\",\"check\":\"ok\"");
    }
}

Test(x12, refuses_with_segment_offset_and_rule)
{
    static const struct {
        const char *name, *text, *rule;
        uint32_t segment;
        size_t at;
    } cases[] = {
        {"nothing", "", "begins with ISA or ST", 1, 0},
        {"something else", "UNB+UNOA:1'", "begins with ISA or ST", 1, 0},
        {"ISA cut", "ISA*00*~ST*315*1~", "ISA of 16 elements", 1, 0},
        {"letter as separator", "ISAxyz", "ISA element separator", 1, 0},
        {"cut inside a segment",
         "ST*315*1~"
         "B4***AE*2026",
         "segment terminator", 2, 9},
        {"ST without SE", "ST*315*1~" B4, "SE for every ST", 1, 0},
        {"ST in ST", "ST*315*1~" B4 "ST*315*2~" B4 "SE*3*2~", "SE for every ST", 1, 0},
        {"315 without B4", "ST*315*1~SE*2*1~", "315 has a B4", 1, 0},
        {"214 without AT7", "ST*214*1~SE*2*1~", "214 has an AT7", 1, 0},
        {"404 without M3", "ST*404*1~BX*04~SE*3*1~", "404 has a BX and an M3", 1, 0},
        {"no such date", "ST*315*1~B4***AE*20261324*1405~SE*3*1~",
         "date CCYYMMDD and time HHMM", 2, 9},
        {"no such time", "ST*315*1~B4***AE*20261024*2460~SE*3*1~",
         "date CCYYMMDD and time HHMM", 2, 9},
        {"no date", "ST*315*1~B4***AE~SE*3*1~", "date CCYYMMDD and time HHMM", 2, 9},
        {"stray segment", ISA "B4*1~", "ISA, GS, ST, GE or IEA", 2, 106},
        {"tag of one letter", "ST*315*1~B~SE*3*1~", "segment tag of 2 or 3 characters", 2,
         9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = codec_decode(&c, gw_slice_str(cases[i].text));
        cr_expect_neq(e, GW_OK, "%s", cases[i].name);
        cr_expect(c.report.fault.rule && strcmp(c.report.fault.rule, cases[i].rule) == 0,
                  "%s: %s", cases[i].name, c.report.fault.rule);
        cr_expect_eq(c.report.segment, cases[i].segment, "%s: segment %u", cases[i].name,
                     c.report.segment);
        cr_expect_eq(c.report.fault.at, cases[i].at, "%s: at %zu", cases[i].name,
                     c.report.fault.at);
    }
}

Test(x12, reads_western_letters_that_are_no_utf8)
{
    cr_expect_eq(
        codec_decode(&c,
                     gw_slice_str("ST*315*1~B4***AE*20261024*1405******B\xFCy\xFCk*CI~"
                                  "SE*3*1~")),
        GW_OK);
    codec_expect(codec_lines(&c), "\"place\":{\"name\":\"B\u00fcy\u00fck\"}");
    cr_expect_neq(
        codec_decode(&c, gw_slice_str("ST*315*\xFC~B4***AE*20261324*1405~SE*3*1~")),
        GW_OK);
    cr_expect_eq(c.report.fault.at, 9, "the offset is that of the message as it came");
}

Test(x12, a_later_refusal_takes_earlier_sets_back)
{
    cr_expect_neq(
        codec_decode(&c, gw_slice_str("ST*315*1~" B4 "SE*3*1~ST*315*2~SE*2*2~")), GW_OK);
    cr_expect_eq(c.events.count, 0);
}

Test(x12, ignores_what_it_does_not_carry_and_tests)
{
    cr_expect_eq(codec_decode(&c, gw_slice_str("ST*850*1~BEG*00~SE*3*1~")), GW_OK);
    cr_expect(c.events.count == 0 && c.report.ignored == 1 && c.report.messages == 1);
    cr_expect_eq(
        codec_decode(&c, gw_slice_str("ISA*00**00**ZZ*A*ZZ*B*261024*1405*U*00401*4*0*T*>~"
                                      "ST*315*1~" B4 "SE*3*1~IEA*0*4~")),
        GW_OK);
    cr_expect(c.events.count == 0 && c.report.ignored == 1);
    c.options.accept_test = true;
    cr_expect_eq(
        codec_decode(&c, gw_slice_str("ISA*00**00**ZZ*A*ZZ*B*261024*1405*U*00401*4*0*T*>~"
                                      "ST*315*1~" B4 "SE*3*1~IEA*0*4~")),
        GW_OK);
    cr_expect_eq(c.events.count, 1);
}

Test(x12, bounds_a_set_and_a_segment)
{
    struct gw_buf b;
    gw_buf_init(&b, 1u << 20);
    gw_buf_str(&b, "ST*315*1~");
    for (int i = 0; i < 5000; i++)
        gw_buf_str(&b, "N9*BM*1~");
    gw_buf_str(&b, "SE*1*1~");
    cr_expect_eq(codec_decode(&c, gw_buf_bytes(&b)), GW_RANGE);
    gw_buf_reset(&b);
    gw_buf_str(&b, "ST*315*1~B4");
    for (int i = 0; i < 100; i++)
        gw_buf_str(&b, "*1");
    gw_buf_str(&b, "~SE*3*1~");
    cr_expect_eq(codec_decode(&c, gw_buf_bytes(&b)), GW_FORMAT);
    cr_expect_str_eq(c.report.fault.rule, "at most 47 elements");
    gw_buf_deinit(&b);
}

static const struct codec_fate fates[] = {
    {"x12_edifabric_CorruptIsa.txt", "begins with ISA or ST"},
    {"x12_edifabric_ShipmentStatus.txt", "the time is not plausible"}, /* of 1997 */
    {NULL, NULL},
};

static void meet_fate(struct codec *codec, const char *path, const char *name)
{
    if (strstr(name,
               "DuplicateInterchange")) { /* a purchase order, twice: not ours to carry */
        cr_expect_eq(codec_decode(codec, codec_read(&codec->file, path)), GW_OK);
        cr_expect(codec->report.ignored == 2 && codec->report.finding_count == 1);
        return;
    }
    codec_meet_fate(codec, path, name, fates);
}

Test(x12, the_corpus)
{
    const char *folder = codec_corpus("x12");
    if (!folder)
        return;
    c.options.accept_test = true;
    cr_expect_gt(codec_each(&c, folder, ".edi", meet_fate), 8);
    cr_expect_gt(codec_each(&c, folder, ".txt", meet_fate), 4);
}
