/* test_documents.c - EPCIS documents in and out. */
#include "adapters/epcis/epcis.h"
#include "adapters/epcis/parts.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/epcis"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_epcis);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(epcis, .init = setup, .fini = teardown);

Test(epcis, samples_decode_as_expected)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".json", codec_sample), 5);
}

Test(epcis, what_was_written_says_the_same)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".json", codec_round), 5);
}

static const char *event(const char *members)
{
    static char text[4096];
    (void)snprintf(text, sizeof text,
                   "{\"type\":\"ObjectEvent\",\"action\":\"OBSERVE\",\"eventTime\":"
                   "\"2026-10-25T14:05:00Z\",\"eventTimeZoneOffset\":\"+05:00\"%s}",
                   members);
    return text;
}

Test(epcis, a_term_in_every_notation)
{
    static const char *const terms[] = {"loading", "cbv:BizStep-loading",
                                        "https://ref.gs1.org/cbv/BizStep-loading",
                                        "urn:epcglobal:cbv:bizstep:loading"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        char members[128];
        (void)snprintf(members, sizeof members, ",\"bizStep\":\"%s\"", terms[i]);
        const char *lines = codec_taken(&c, event(members));
        codec_expect(lines, "\"type\":\"load\"");
        codec_expect(lines,
                     "\"state\":{\"list\":\"GS1 CBV BizStep\",\"code\":\"loading\"}");
    }
}

Test(epcis, steps_by_table)
{
    static const struct {
        const char *members, *type;
    } rows[] = {{",\"bizStep\":\"shipping\"", "depart"},
                {",\"bizStep\":\"arriving\"", "arrive"},
                {",\"bizStep\":\"receiving\"", "handover"},
                {",\"bizStep\":\"holding\"", "hold"},
                {",\"bizStep\":\"entering_exiting\"", "gate-out"},
                {",\"bizStep\":\"entering_exiting\",\"bizLocation\":{\"id\":\"urn:x\"}",
                 "gate-in"},
                {",\"bizStep\":\"void_shipping\"", "correction"},
                {",\"bizStep\":\"http://example.com/steps/weighing\"", "other"},
                {",\"sensorElementList\":[]", "condition"},
                {"", "other"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char want[64];
        (void)snprintf(want, sizeof want, "\"type\":\"%s\"", rows[i].type);
        codec_expect(codec_taken(&c, event(rows[i].members)), want);
    }
}

Test(epcis, keys_are_the_same_as_urn_and_as_link)
{
    static const struct {
        const char *uri, *key;
    } rows[] = {
        {"urn:epc:id:sscc:4012345.0000000333", "sscc:040123450000003338"},
        {"https://id.gs1.org/00/040123450000003338", "sscc:040123450000003338"},
        {"https://id.example.com/00/040123450000003338?x=1", "sscc:040123450000003338"},
        {"urn:epc:id:sscc:0614141.1234567890", "sscc:106141412345678908"},
        {"urn:epc:id:ginc:4012345.333", "ginc:4012345333"},
        {"urn:epc:id:giai:4012345.AAbb", "giai:4012345AAbb"},
        {"urn:epc:id:grai:4012345.66666.87", "grai:0401234566666387"},
        {"https://id.gs1.org/8003/0401234566666387", "grai:0401234566666387"},
        {"urn:epc:id:pgln:4012345.00001", "pgln:4012345000016"},
        {"https://id.gs1.org/417/4012345000016", "pgln:4012345000016"},
        {"urn:epc:id:sgtin:4012345.011111.987", NULL},
        {"urn:epc:id:sscc:4012345", NULL},
        {"urn:epc:id:sscc:4012345.00x", NULL},
        {"urn:epc:id:sscc:", NULL},
        {"https://id.gs1.org/00/", NULL},
        {"", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char key[36] = "";
        bool is_key = gw_epcis_key_text(gw_slice_str(rows[i].uri), key);
        cr_expect_eq(is_key, rows[i].key != NULL, "%s", rows[i].uri);
        if (is_key && rows[i].key)
            cr_expect_str_eq(key, rows[i].key);
    }
}

Test(epcis, geo_uris)
{
    static const struct {
        const char *uri;
        bool good;
    } rows[] = {{"geo:43.6,51.2", true},
                {"geo:43.6,51.2,10", true},
                {"geo:43.6,51.2;crs=wgs84", true},
                {"geo:91,0", false},
                {"geo:43.6", false},
                {"geo:43.6,", false},
                {"geo:nan,1", false},
                {"urn:x", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double lat, lon;
        cr_expect_eq(gw_epcis_geo(gw_slice_str(rows[i].uri), &lat, &lon), rows[i].good,
                     "%s", rows[i].uri);
    }
}

Test(epcis, the_offset_is_the_places)
{
    const char *lines = codec_taken(&c, event(""));
    codec_expect(lines, "\"time\":1792937100000,\"time_offset\":300,\"time_basis\":"
                        "\"stated-offset\"");
    lines =
        codec_taken(&c, "{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":"
                        "\"2026-10-25T14:05:00\",\"eventTimeZoneOffset\":\"+05:00\"}");
    codec_expect(lines, "\"time\":1792919100000,\"time_offset\":300");
    cr_expect_str_eq(c.report.findings[0].rule, "no offset");
}

Test(epcis, doubts_are_noted)
{
    const char *lines = codec_taken(
        &c,
        event(",\"bizStep\":\"teleporting\",\"disposition\":\"somewhere\",\"recordTime\":"
              "\"soon\""));
    codec_expect(lines, "\"rule\":\"unknown-code\",\"severity\":\"warn\",\"field\":"
                        "\"state.code\",\"raw\":\"teleporting\"");
    codec_expect(lines, "\"field\":\"ext.epcis.disposition\",\"raw\":\"somewhere\"");
    codec_expect(lines, "\"rule\":\"date\",\"severity\":\"warn\",\"field\":\"recorded\"");
}

Test(epcis, a_type_of_another_vocabulary_goes_out_as_it_came)
{
    struct gw_buf text;
    struct gw_fault f = {0};
    const char *lines = codec_taken(
        &c, "{\"type\":\"example:WeighingEvent\",\"eventTime\":\"2026-10-25T14:05:00Z\","
            "\"eventTimeZoneOffset\":\"+05:00\",\"example:scale\":7}");
    codec_expect(lines, "\"type\":\"other\"");
    gw_buf_init(&text, 65536);
    cr_assert_eq(c.adapter->encode(c.state, &c.events, &text, &f), GW_OK);
    codec_expect(gw_buf_text(&text), "\"type\":\"example:WeighingEvent\"");
    codec_expect(gw_buf_text(&text), "\"example:scale\":7");
    gw_buf_deinit(&text);
}

Test(epcis, what_is_too_deep_is_left_out_and_noted)
{
    const char *lines = codec_taken(
        &c, event(",\"x:d\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":1}}}}}}"));
    codec_expect(lines, "\"rule\":\"left-out\"");
    codec_expect_no(lines, "\"x:d\":{");
}

Test(epcis, refusals)
{
    static const struct {
        const char *text, *rule, *field;
    } rows[] = {
        {"{}", "document kind", ""},
        {"[7]", "event", "[0]"},
        {"{\"type\":\"EPCISDocument\",\"epcisBody\":{}}", "required field", "epcisBody"},
        {"{\"schemaVersion\":\"1.2\",\"epcisBody\":{\"eventList\":[]}}", "schemaVersion",
         "schemaVersion"},
        {"[{\"eventTime\":\"2026-10-25T14:05:00Z\"}]", "required field", "[0]"},
        {"[{\"type\":\"PartyEvent\"}]", "event type", "[0].type"},
        {"[{\"type\":\"ObjectEvent\"}]", "required field", "[0]"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"EAT\"}]", "action", "[0].action"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\"}]", "required field", "[0]"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":\"noon\"}]",
         "date and time", "[0].eventTime"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":"
         "\"2026-10-25T14:05:00Z\"}]",
         "required field", "[0]"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":"
         "\"2026-10-25T14:05:00Z\",\"eventTimeZoneOffset\":\"5\"}]",
         "eventTimeZoneOffset", "[0].eventTimeZoneOffset"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"quantityList\":[{\"quantity\":"
         "\"x\"}]}]",
         "quantity", "[0].quantityList[0].quantity"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"ilmd\":{\"lot\":1}}]", "ilmd",
         "[0].ilmd.lot"},
        {"[{\"type\":\"ObjectEvent\",\"action\":\"ADD\",\"eventTime\":"
         "\"1926-10-25T14:05:00Z\",\"eventTimeZoneOffset\":\"+05:00\"}]",
         "the time is not plausible", "[0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_neq(codec_decode(&c, gw_slice_str(rows[i].text)), GW_OK, "%s",
                      rows[i].text);
        cr_expect_str_eq(c.report.fault.rule, rows[i].rule, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.field, rows[i].field, "%s", rows[i].text);
    }
}

/* What the encoder makes of one event given as JSON; or why it does not. */
static const char *written(const char *json)
{
    static char text[16384];
    struct gw_tree t;
    struct gw_fault f = {0};
    struct gw_buf out;
    uint32_t root;
    gw_events_reset(&c.events);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_json_read(&t, gw_slice_str(json), &root, &f), GW_OK);
    cr_assert_eq(gw_events_add(&c.events, &t, root, &f), GW_OK);
    gw_buf_init(&out, sizeof text);
    enum gw_error e = c.adapter->encode(c.state, &c.events, &out, &f);
    (void)snprintf(text, sizeof text, "%s", e ? f.rule : gw_buf_text(&out));
    gw_buf_deinit(&out);
    gw_tree_deinit(&t);
    return text;
}

#define FOREIGN(type, class, more)                                                       \
    "{\"schema\":1,\"id\":\"a\",\"type\":\"" type                                        \
    "\",\"class\":\"" class "\",\"subject\":\"equipment\",\"time\":1792919100000,"       \
                            "\"time_offset\":300,"                                       \
                            "\"time_basis\":\"stated-offset\",\"source\":{\"format\":"   \
                            "\"edifact\"}" more "}"

Test(epcis, events_of_other_formats_become_object_events)
{
    const char *out = written(FOREIGN(
        "gate-in", "actual",
        ",\"place\":{\"unlocode\":\"KZAAU\"},\"equipment\":[{\"kind\":\"container\","
        "\"id\":"
        "\"CSQU3054383\",\"scheme\":\"iso6346\"},{\"kind\":\"wagon\",\"id\":\"94123452\","
        "\"scheme\":\"cis8\"}],\"references\":[{\"scheme\":\"bill-of-lading\",\"value\":"
        "\"BL1\"},{\"scheme\":\"other\",\"value\":\"sscc:040123450000003338\"}],"
        "\"measures\":[{\"kind\":\"temperature\",\"value\":4.5,\"unit\":\"CEL\"}]"));
    codec_expect(out, "\"eventTime\":\"2026-10-25T14:05:00.000+05:00\"");
    codec_expect(out, "\"bizStep\":\"entering_exiting\"");
    codec_expect(out, "\"epcList\":[\"urn:epc:id:bic:CSQU3054383\","
                      "\"urn:x-karvan:cis8:94123452\","
                      "\"https://id.gs1.org/00/040123450000003338\"]");
    codec_expect(out, "\"type\":\"bol\"");
    cr_assert_eq(codec_decode(&c, gw_slice_str(out)), GW_OK, "%s", c.report.detail);
    const char *lines = codec_lines(&c);
    codec_expect(lines, "\"type\":\"gate-in\"");
    codec_expect(lines, "\"unlocode\":\"KZAAU\"");
    codec_expect(lines, "\"kind\":\"wagon\",\"id\":\"94123452\",\"scheme\":\"cis8\"");
    codec_expect(lines, "{\"scheme\":\"bill-of-lading\",\"value\":\"BL1\"}");
    codec_expect(lines, "\"kind\":\"temperature\",\"value\":4.5,\"unit\":\"CEL\"");
}

Test(epcis, what_cannot_be_written_says_why)
{
    cr_expect_str_eq(written(FOREIGN("load", "planned", "")),
                     "EPCIS tells what happened, not what is planned or expected");
    cr_expect_str_eq(written(FOREIGN("composition", "actual", "")),
                     "EPCIS has no business step for this type of event");
    cr_expect_str_eq(written(FOREIGN("load", "actual", "")),
                     "an object event needs an identifier");
    codec_expect(
        written(FOREIGN("position", "actual",
                        ",\"place\":{\"lat\":43.5,\"lon\":51.25},\"equipment\":[{"
                        "\"id\":\"X1\"}]")),
        "geo:43.5,51.25");
}

Test(epcis, corpus)
{
    static const struct codec_fate fates[] = {
        {"design_intermodal_condition_monitoring_5.11.4.json", "document kind"},
        {"invalid_Combination_of_events_with_missing_mandatory_fields.json",
         "required field"},
        {"invalid_ObjectEvent_with_ilmd_field_without_namespace.json", "ilmd"},
        {"invalid_ObjectEvent_with_invalid_action.json", "action"},
        {"invalid_ObjectEvent_with_invalid_eventTime_format.json", "date and time"},
        {"invalid_ObjectEvent_with_quantity_as_text.json", "quantity"},
        {"invalid_ObjectEvent_without_action_and_eventTime.json", "required field"},
        /* a word of no vocabulary is taken as "other" and noted */
        {"invalid_Combination_of_non_standard_bizStep_and_disposition.json", NULL},
        {"invalid_ObjectEvent_with_non_standard_bizStep.json", NULL},
        {NULL, NULL}};
    const char *folder = codec_corpus("epcis");
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;
    while (d && (entry = readdir(d))) {
        char path[1300];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!strstr(entry->d_name, ".json"))
            continue; /* XML is not read */
        codec_meet_fate(&c, path, entry->d_name, fates);
        if (strstr(entry->d_name, "non_standard"))
            codec_expect(codec_lines(&c), "\"rule\":\"unknown-code\"");
    }
    if (d)
        (void)closedir(d);
}
