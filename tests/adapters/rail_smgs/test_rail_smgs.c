/* test_rail_smgs.c - rail consignment notes: samples, round trips, refusals. */
#include "tests/adapters/xml/codec_check.h"

static struct check c;

static void setup(void)
{
    check_open(&c, "rail_smgs", NULL);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(rail_smgs, .init = setup, .fini = teardown);

Test(rail_smgs, samples_give_their_events_and_come_back_as_they_went)
{
    static const char *const both[] = {"note_", "xml_", NULL};
    cr_assert_geq(check_samples(&c, "rail_smgs", both), 3);
}

Test(rail_smgs, refuses_with_rule)
{
    static const char required[] =
        "exchangedDocument with id and specifiedConsignment are required";
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"<Note/>", required, GW_MISSING},
        {"{}", required, GW_MISSING},
        {"[1]", required, GW_MISSING},
        {"{\"exchangedDocument\":{\"id\":{\"content\":\"1\"}}}", required, GW_MISSING},
        {"{\"exchangedDocument\":{\"id\":\"1\"},\"specifiedConsignment\":[{}]}",
         "a time of issue, acceptance, delivery or another event", GW_MISSING},
        {"{\"exchangedDocument\":{\"id\":\"1\",\"issueDateTime\":{\"content\":\"now\"}},"
         "\"specifiedConsignment\":[{}]}",
         "date and time", GW_FORMAT},
        {"[", "JSON document", GW_TRUNCATED},
        {"<!DOCTYPE a><a/>", "no DOCTYPE", GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, cases[i].code, cases[i].rule);
}

#define EVENT(rest)                                                                      \
    "{\"schema\":1,\"id\":\"e1\",\"class\":\"actual\",\"subject\":\"document\","         \
    "\"time\":1791000000000,\"time_basis\":\"assumed-zone\"," rest                       \
    ",\"source\":{\"operator\":\"x\",\"adapter\":\"y\",\"format\":\"edifact\"}}\n"

Test(rail_smgs, an_instruction_of_another_format_becomes_a_note)
{
    struct gw_buf out;
    struct gw_fault fault = {0};
    struct gw_report report;
    gw_buf_init(&out, 1 << 20);
    cr_assert_eq(
        gw_ndjson_read(
            gw_slice_str(EVENT("\"type\":\"instruction\",\"seals\":[{\"id\":\"S1\"},"
                               "{\"id\":\"S2\"},{\"id\":\"S3\"}],\"equipment\":[{"
                               "\"kind\":\"wagon\",\"id\":\"94123452\"}],\"document\":{"
                               "\"number\":\"77\"}")),
            &c.events, &report),
        GW_OK);
    cr_assert_eq(c.format.adapter->encode(c.format.state, &c.events, &out, &fault),
                 GW_OK);
    cr_assert_eq(check_decode(&c, gw_buf_bytes(&out)), GW_OK, "%s", c.report.detail);
    struct gw_slice lines = check_lines(&c, true);
    cr_assert(memmem(lines.at, lines.len, "\"document-issued\"", 17), "%.*s",
              GW_FMT(lines));
    cr_assert(memmem(lines.at, lines.len, "{\"id\":\"S3\"}", 11), "%.*s", GW_FMT(lines));
    gw_buf_deinit(&out);
}

Test(rail_smgs, what_no_note_carries_is_refused_by_its_number)
{
    static const struct {
        const char *event, *rule;
    } cases[] = {
        {EVENT("\"type\":\"load\""), "the number of a consignment note"},
        {EVENT("\"type\":\"load\",\"document\":{\"number\":\"1\"}"),
         "an event that a consignment note can carry"},
    };
    struct gw_buf out;
    struct gw_report report;
    gw_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < 2; i++) {
        struct gw_fault fault = {0};
        gw_events_reset(&c.events);
        cr_assert_eq(gw_ndjson_read(gw_slice_str(cases[i].event), &c.events, &report),
                     GW_OK);
        cr_assert_eq(c.format.adapter->encode(c.format.state, &c.events, &out, &fault),
                     GW_RANGE);
        cr_assert_str_eq(fault.rule, cases[i].rule);
        cr_assert_eq(out.len, 0);
    }
    gw_buf_deinit(&out);
}

Test(rail_smgs, every_truncation_is_refused)
{
    size_t len;
    uint8_t *in = check_file(
        GW_SOURCE_DIR "/tests/adapters/rail_smgs/samples/note_smgs.json", &len);
    for (size_t n = 0; n < len - 2; n++) {
        cr_assert_neq(check_decode(&c, gw_slice(in, n)), GW_OK, "%zu", n);
        check_refusal(&c, n, "note_smgs");
    }
    free(in);
}

/* The corpus holds the JSON schema of the note, no instance. */
Test(rail_smgs, the_schema_of_the_corpus_is_no_note)
{
    static const struct check_corpus_row row = {
        "uncefact_D22B_rail_cim_smgs_consignment_note_schema_small.json", 0,
        "exchangedDocument with id and specifiedConsignment are required"};
    const char *dir = check_corpus("rail_smgs");
    if (dir)
        check_corpus_file(&c, dir, &row);
}
