/* test_otm.c - Open Trip Model: samples, refusals, the corpus. */
#include "tests/adapters/xml/codec_check.h"

static struct check c;

static void setup(void)
{
    check_open(&c, "otm", NULL);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(otm, .init = setup, .fini = teardown);

Test(otm, samples_give_their_events)
{
    static const char *const none[] = {NULL};
    cr_assert_geq(check_samples(&c, "otm", none), 2);
}

Test(otm, refuses_with_rule)
{
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"{}", "a trip with id and actions", GW_MISSING},
        {"[]", "a trip with id and actions", GW_MISSING},
        {"[{\"id\":\"1\"}]", "a trip with id and actions", GW_MISSING},
        {"{\"id\":\"1\",\"actions\":[{\"entity\":{\"id\":\"2\",\"lifecycle\":\"planned\","
         "\"actionType\":\"stop\"}}]}",
         "an action with a time", GW_MISSING},
        {"{\"id\":\"1\",\"actions\":[{\"entity\":{\"id\":\"2\",\"lifecycle\":\"planned\","
         "\"actionType\":\"stop\",\"startTime\":\"soon\"}}]}",
         "date and time", GW_FORMAT},
        {"<trip/>", "JSON document", GW_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, cases[i].code, cases[i].rule);
}

Test(otm, corpus_files_decode)
{
    static const struct check_corpus_row rows[] = {
        {"opentripmodel_trip_with_actions.json", 6, NULL},
        {"opentripmodel_trip_with_realization_data.json", 12, NULL},
    };
    const char *dir = check_corpus("ecmr_efti");
    for (size_t i = 0; dir && i < sizeof rows / sizeof *rows; i++)
        check_corpus_file(&c, dir, &rows[i]);
}
