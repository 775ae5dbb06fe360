/* test_ncts.c - NCTS: samples, refusals, the corpus. */
#include "tests/adapters/xml/codec_check.h"

static struct check c;

static void setup(void)
{
    check_open(&c, "ncts", NULL);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(ncts, .init = setup, .fini = teardown);

Test(ncts, samples_give_their_events)
{
    static const char *const none[] = {NULL};
    cr_assert_geq(check_samples(&c, "ncts", none), 10);
}

Test(ncts, times_without_offset_are_those_of_the_offices_country)
{
    size_t len;
    uint8_t *in =
        check_file(GW_SOURCE_DIR "/tests/adapters/ncts/samples/cc029c_release.xml", &len);
    check_close(&c);
    check_open(&c, "ncts", CHECK_PLACES);
    cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK);
    struct gw_slice lines = check_lines(&c, true);
    /* 2026-10-05 00:00 in Tbilisi is 2026-10-04 20:00 UTC */
    cr_assert(memmem(lines.at, lines.len, "\"time\":1791144000000", 20), "%.*s",
              GW_FMT(lines));
    cr_assert(memmem(lines.at, lines.len, "zone-of-place", 13));
    free(in);
}

Test(ncts, a_country_with_two_clocks_has_no_zone)
{
    size_t len;
    uint8_t *in =
        check_file(GW_SOURCE_DIR "/tests/adapters/ncts/samples/cc029c_release.xml", &len);
    check_close(&c);
    check_open(&c, "ncts", CHECK_PLACES "ge-x,X,GE,,,,,,station,Europe/Moscow\n");
    cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK);
    struct gw_slice lines = check_lines(&c, true);
    cr_assert(memmem(lines.at, lines.len, "zone-of-adapter", 15));
    free(in);
}

#define HEAD(type)                                                                       \
    "<messageSender>a</messageSender><messageRecipient>b</messageRecipient>"             \
    "<preparationDateAndTime>2026-10-05T10:18:16</preparationDateAndTime>"               \
    "<messageIdentification>1</messageIdentification><messageType>" type                 \
    "</messageType>"

Test(ncts, refuses_with_rule)
{
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"<CC999C/>", "a message of NCTS", GW_FORMAT},
        {"<CC015C/>", "required header field", GW_MISSING},
        {"<CC015C>" HEAD("CC013C") "</CC015C>", "messageType is that of the root element",
         GW_FORMAT},
        {"<CC015C>" HEAD("CC015C") "<messageType>CC015C</messageType></CC015C>",
         "header field stands once", GW_FORMAT},
        {"<CC013C>" HEAD("CC013C") "<TransitOperation><MRN>1</MRN><LRN>2</LRN>"
                                   "</TransitOperation></CC013C>",
         "MRN or LRN, not both", GW_FORMAT},
        {"<CC029C>" HEAD(
             "CC029C") "<TransitOperation><releaseDate>2026-13-01</releaseDate>"
                       "</TransitOperation></CC029C>",
         "date and time", GW_RANGE},
        {"<CC029C>" HEAD("CC029C"), "well-formed XML", GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, cases[i].code, cases[i].rule);
}

Test(ncts, every_truncation_is_refused)
{
    size_t len;
    uint8_t *in = check_file(
        GW_SOURCE_DIR "/tests/adapters/ncts/samples/cc182c_incident.xml", &len);
    for (size_t n = 0; n < len - 2; n++) {
        cr_assert_neq(check_decode(&c, gw_slice(in, n)), GW_OK, "%zu", n);
        check_refusal(&c, n, "cc182c");
    }
    free(in);
}

Test(ncts, corpus_files_decode_or_are_refused_for_a_reason)
{
    static const struct check_corpus_row rows[] = {
        {"ncts_cc007c-invalid.xml", 0, "required header field"},
        {"ncts_cc007c-tooManyNodes.xml", 0, "header field stands once"},
        {"ncts_cc007c-valid.xml", 1, NULL},
        {"ncts_cc013c-invalid-both-mrn-and-lrn.xml", 0, "MRN or LRN, not both"},
        {"ncts_cc013c-valid-mrn.xml", 1, NULL},
        {"ncts_cc014c-valid.xml", 1, NULL},
        {"ncts_cc015c-valid-2.xml", 1, NULL},
        {"ncts_cc025c-valid.xml", 1, NULL},
        {"ncts_cc029c-valid.xml", 1, NULL},
        {"ncts_cc044c-valid.xml", 1, NULL},
        {"ncts_ie029_post_transition_tad.xml", 1, NULL},
    };
    const char *dir = check_corpus("customs_ncts");
    for (size_t i = 0; dir && i < sizeof rows / sizeof *rows; i++)
        check_corpus_file(&c, dir, &rows[i]);
}
