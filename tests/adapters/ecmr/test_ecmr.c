/* test_ecmr.c - eCMR and eFTI: samples, refusals, the corpus. */
#include "tests/adapters/xml/codec_check.h"

static struct check c;

static void setup(void)
{
    check_open(&c, "ecmr", NULL);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(ecmr, .init = setup, .fini = teardown);

Test(ecmr, samples_give_their_events)
{
    static const char *const none[] = {NULL};
    cr_assert_geq(check_samples(&c, "ecmr", none), 5);
}

Test(ecmr, a_gate_that_found_nothing_is_a_technical_error)
{
    cr_assert_eq(
        check_decode(&c, gw_slice_str("<uilResponse status='404'><description>None"
                                      "</description></uilResponse>")),
        GW_OK);
    cr_assert_eq(c.events.count, 1);
    struct gw_slice lines = check_lines(&c, true);
    cr_assert(memmem(lines.at, lines.len, "\"code\":\"404\",\"text\":\"None\"", 26));
}

Test(ecmr, refuses_with_rule)
{
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"<identifierQuery/>", "an eCMR, an eFTI consignment or a gate's response",
         GW_FORMAT},
        {"{\"other\":1}", "an eCMR, an eFTI consignment or a gate's response", GW_FORMAT},
        {" []", "an eCMR, an eFTI consignment or a gate's response", GW_FORMAT},
        {"{\"eCMR\":", "JSON document", GW_TRUNCATED},
        {"<eCMR/>",
         "ExchangedDocument with ID and SpecifiedSupplyChainConsignment are required",
         GW_MISSING},
        {"{\"eCMR\":{}}",
         "ExchangedDocument with ID and SpecifiedSupplyChainConsignment are required",
         GW_MISSING},
        {"<consignment/>", "a time of issue, acceptance, delivery or another event",
         GW_MISSING},
        {"<uilResponse status='200'/>", "a consignment in the response", GW_MISSING},
        {"<consignment><carrierAcceptanceDateTime formatId='205'>202613050815+0500"
         "</carrierAcceptanceDateTime></consignment>",
         "date and time", GW_RANGE},
        {"<consignment><carrierAcceptanceDateTime>20261005081500000000000000"
         "</carrierAcceptanceDateTime></consignment>",
         "date and time", GW_FORMAT},
        {"{\"eCMR\":{\"ExchangedDocument\":{\"ID\":1,\"IssueDateTime\":\"soon\"},"
         "\"SpecifiedSupplyChainConsignment\":{}}}",
         "date and time", GW_FORMAT},
        {"<!DOCTYPE eCMR [<!ENTITY a 'b'>]><eCMR/>", "no DOCTYPE", GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, cases[i].code, cases[i].rule);
}

Test(ecmr, a_refusal_in_json_is_placed_at_the_value)
{
    static const char text[] = "{\n\"eCMR\":{\"ExchangedDocument\":{\"ID\":\"1\",\n"
                               "\"IssueDateTime\":\"soon\"},"
                               "\"SpecifiedSupplyChainConsignment\":{\"a\":1}}}";
    cr_assert_eq(check_decode(&c, gw_slice_str(text)), GW_FORMAT);
    cr_assert_eq(c.report.fault.at, (size_t)(strstr(text, "\"soon\"") - text), "%zu",
                 c.report.fault.at);
    cr_assert_eq(c.report.segment, 3);
    cr_assert_str_eq(c.report.detail,
                     "/json/eCMR/ExchangedDocument/IssueDateTime: \"soon\"");
}

Test(ecmr, every_truncation_is_refused)
{
    static const char *const names[] = {"ecmr_note.xml", "ecmr_note_json.json"};
    char path[256];
    for (size_t i = 0; i < 2; i++) {
        size_t len;
        (void)snprintf(path, sizeof path, GW_SOURCE_DIR "/tests/adapters/ecmr/samples/%s",
                       names[i]);
        uint8_t *in = check_file(path, &len);
        for (size_t n = 0; n < len - 2; n++) {
            cr_assert_neq(check_decode(&c, gw_slice(in, n)), GW_OK, "%zu", n);
            check_refusal(&c, n, names[i]);
        }
        free(in);
    }
}

Test(ecmr, corpus_files_decode_or_are_refused_for_a_reason)
{
    static const struct check_corpus_row rows[] = {
        {"bad_ecmr_doctype_entity.xml", 0, "no DOCTYPE"},
        {"bad_ecmr_truncated.xml", 0, "well-formed XML"},
        {"ecmr_uncefact_example.json", 3, NULL},
        {"ecmr_uncefact_example_cda.xml", 3, NULL},
        {"efti_consignment.xml", 2, NULL},
        {"efti_consignment_common_full.xml", 7, NULL},
        {"efti_dataset_5d5f8df4.xml", 3, NULL},
        {"efti_fi_identifier_response.xml", 4, NULL},
        {"efti_identifier_query.xml", 0,
         "an eCMR, an eFTI consignment or a gate's response"},
        {"efti_identifier_query_test_cases.xml", 0,
         "an eCMR, an eFTI consignment or a gate's response"},
        {"efti_identifier_response.xml", 4, NULL},
        {"efti_identifiers_four_leg.xml", 2, NULL},
        {"efti_identifiers_one_leg.xml", 1, NULL},
        {"efti_identifiers_two_leg.xml", 1, NULL},
        {"efti_uil_response.xml", 2, NULL},
        {"efti_uil_response_404.xml", 1, NULL},
    };
    const char *dir = check_corpus("ecmr_efti");
    for (size_t i = 0; dir && i < sizeof rows / sizeof *rows; i++)
        check_corpus_file(&c, dir, &rows[i]);
}
