/* test_messages.c - DCSA's messages in and out. */
#include "adapters/dcsa/dcsa.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/dcsa"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_dcsa);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(dcsa, .init = setup, .fini = teardown);

Test(dcsa, samples_decode_as_expected)
{
    cr_expect_gt(codec_each(&c, HERE "/samples", ".json", codec_sample), 5);
}

Test(dcsa, what_was_written_says_the_same)
{
    static const char *const names[] = {"tnt_22", "tnt_30", "jit", "beta"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/samples/%s.json", HERE, names[i]);
        codec_round(&c, path, names[i]);
    }
}

static const char *flat(const char *members)
{
    static char text[2048];
    (void)snprintf(text, sizeof text,
                   "[{\"eventType\":\"EQUIPMENT\",\"eventClassifierCode\":\"ACT\","
                   "\"eventDateTime\":\"2026-10-25T14:05:00+05:00\","
                   "\"equipmentEventTypeCode\":\"LOAD\"%s}]",
                   members);
    return text;
}

Test(dcsa, codes_by_table)
{
    static const struct {
        const char *group, *key, *code, *document, *type, *subject;
    } rows[] = {
        {"EQUIPMENT", "equipmentEventTypeCode", "DISC", "", "discharge", "equipment"},
        {"EQUIPMENT", "equipmentEventTypeCode", "CROS", "", "border-cross", "equipment"},
        {"EQUIPMENT", "equipmentEventTypeCode", "AVDO", "", "available", "equipment"},
        {"TRANSPORT", "transportEventTypeCode", "ARRI", "", "arrive", "transport"},
        {"SHIPMENT", "shipmentEventTypeCode", "CONF", "BKG", "booked", "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "CONF", "SHI", "document-issued",
         "document"},
        {"SHIPMENT", "shipmentEventTypeCode", "HOLD", "CUS", "customs-hold",
         "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "HOLD", "TRD", "hold", "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "RELS", "CAS", "customs-release",
         "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "CMPL", "BKG", "delivered", "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "CMPL", "TRD", "other", "consignment"},
        {"SHIPMENT", "shipmentEventTypeCode", "VOID", "TRD", "document-cancelled",
         "document"},
        {"REEFER", "reeferEventTypeCode", "ADJU", "", "condition", "equipment"},
        {"IOT", "iotEventTypeCode", "DETC", "", "alert", "equipment"},
        {"IOT", "iotEventTypeCode", "XXXX", "", "other", "equipment"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512], want[128];
        (void)snprintf(
            text, sizeof text,
            "{\"eventType\":\"%s\",\"eventClassifierCode\":\"ACT\",\"%s\":\"%s\","
            "\"documentTypeCode\":\"%s\","
            "\"eventDateTime\":\"2026-10-25T14:05:00Z\"}",
            rows[i].group, rows[i].key, rows[i].code, rows[i].document);
        const char *lines = codec_taken(&c, text);
        (void)snprintf(want, sizeof want,
                       "\"type\":\"%s\",\"class\":\"actual\",\"subject\":\"%s\"",
                       rows[i].type, rows[i].subject);
        codec_expect(lines, want);
        (void)snprintf(want, sizeof want,
                       "\"state\":{\"list\":\"DCSA %s\",\"code\":\"%s\"}", rows[i].key,
                       rows[i].code);
        codec_expect(lines, want);
    }
}

Test(dcsa, doubts_are_noted)
{
    const char *lines = codec_taken(
        &c,
        flat(",\"equipmentReference\":\"csqu 3054383\",\"emptyIndicatorCode\":\"HALF\","
             "\"eventCreatedDateTime\":\"1999-01-01T00:00:00Z\","
             "\"eventLocation\":{\"UNLocationCode\":\"XXXXX\",\"latitude\":\"north\","
             "\"longitude\":\"181\"}"));
    codec_expect(lines, "\"id\":\"CSQU3054383\"");
    codec_expect(lines, "\"rule\":\"unknown-code\",\"severity\":\"warn\",\"field\":"
                        "\"equipment.load\",\"raw\":\"HALF\"");
    codec_expect(lines, "\"rule\":\"date\",\"severity\":\"warn\",\"field\":\"recorded\"");
    codec_expect(lines, "\"rule\":\"unlocode\",\"severity\":\"warn\",\"field\":"
                        "\"place.unlocode\",\"raw\":\"XXXXX\"");
    codec_expect(lines, "\"field\":\"place.lat\",\"raw\":\"north\"");
    codec_expect(lines, "\"field\":\"place.lon\",\"raw\":\"181\"");
}

Test(dcsa, a_time_without_offset_is_taken_and_noted)
{
    const char *lines =
        codec_taken(&c, "{\"eventType\":\"TRANSPORT\",\"eventClassifierCode\":\"PLN\","
                        "\"transportEventTypeCode\":\"DEPA\","
                        "\"eventDateTime\":\"2026-10-25T14:05:00\"}");
    codec_expect(lines, "\"time_basis\":\"assumed-zone\"");
    codec_expect(lines, "zone-of-adapter");
    cr_expect_eq(c.report.finding_count, 1);
    cr_expect_str_eq(c.report.findings[0].rule, "no offset");
}

Test(dcsa, references_of_equipment_are_equipment)
{
    const char *lines = codec_taken(
        &c, flat(",\"equipmentReference\":\"CSQU3054383\",\"references\":["
                 "{\"referenceType\":\"EQ\",\"referenceValue\":\"CSQU3054383\"},"
                 "{\"referenceType\":\"EQ\",\"referenceValue\":\"APZU4812090\"}]"));
    codec_expect(lines,
                 "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\","
                 "\"scheme\":\"iso6346\",\"check\":\"ok\"},{\"kind\":\"container\","
                 "\"id\":\"APZU4812090\"");
    codec_expect_no(lines, "\"references\"");
}

Test(dcsa, the_number_of_a_wagon_is_no_container)
{
    const char *lines = codec_taken(
        &c, flat(",\"equipmentReference\":\"94123460\",\"references\":["
                 "{\"referenceType\":\"EQ\",\"referenceValue\":\"CSQU3054383\"},"
                 "{\"referenceType\":\"EQ\",\"referenceValue\":\"312778450121\"}]"));
    codec_expect(lines, "{\"kind\":\"wagon\",\"id\":\"94123460\",\"scheme\":\"cis8\"");
    codec_expect(lines, "{\"kind\":\"container\",\"id\":\"CSQU3054383\"");
    codec_expect(lines,
                 "{\"kind\":\"wagon\",\"id\":\"312778450121\",\"scheme\":\"uic12\"");
}

Test(dcsa, a_door_that_opened_behind_a_seal_broke_it)
{
    const char *lines = codec_taken(
        &c, "{\"metadata\":{\"eventType\":\"IOT\"},\"payload\":{\"eventClassifierCode\":"
            "\"ACT\",\"eventDateTime\":\"2026-10-25T14:05:00Z\",\"iotEventTypeCode\":"
            "\"DETC\","
            "\"iotEventCode\":\"DRO\",\"seals\":[{\"sealNumber\":\"S1\"}]}}");
    codec_expect(lines, "\"type\":\"seal-broken\"");
}

Test(dcsa, refusals)
{
    static const struct {
        const char *text, *rule, *field;
    } rows[] = {
        {"", "JSON document", ""},
        {"[{\"eventType\":\"EQUIPMENT\"", "JSON document", ""},
        {"{\"hello\":1}", "document kind", ""},
        {"[1]", "event structure", "[0]"},
        {"{\"events\":[{\"x\":1}]}", "event structure", "events[0]"},
        {"[{\"eventType\":\"WEATHER\"}]", "eventType", "[0]"},
        {"[{\"eventType\":\"EQUIPMENT\"}]", "required field", "[0]"},
        {"[{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\"}]",
         "eventClassifierCode", "[0]"},
        {"[{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","
         "\"eventClassifierCode\":\"MAY\"}]",
         "eventClassifierCode", "[0]"},
        {"[{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","
         "\"eventClassifierCode\":\"ACT\"}]",
         "required field", "[0]"},
        {"[{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","
         "\"eventClassifierCode\":\"ACT\",\"eventDateTime\":\"25.10.2026\"}]",
         "date and time (RFC 3339)", "[0].eventDateTime"},
        {"{\"metadata\":{\"eventType\":\"REEFER\"}}", "payload", ""},
        {"{\"operationsEventTypeCode\":\"ARRI\",\"eventClassifierCode\":\"ACT\","
         "\"eventDateTime\":\"2026-10-25T14:05:00Z\",\"vesselIMONumber\":\"9074728\"}",
         "vesselIMONumber", ""},
        {"[{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","
         "\"eventClassifierCode\":\"ACT\",\"eventDateTime\":\"1899-10-25T14:05:00Z\"}]",
         "the time is not plausible", "[0]"},
        {"{\"requestedEquipments\":[]}", "document kind", ""},
        {"{\"VGMDeclarations\":[{}]}", "required field", "VGMDeclarations[0]"},
        {"{\"arrivalNotices\":[{\"issueDateTime\":\"x\"}]}", "date and time (RFC 3339)",
         "arrivalNotices[0].issueDateTime"},
        {"[{\"vesselSchedules\":[{\"transportCalls\":[{\"timestamps\":[{"
         "\"eventDateTime\":"
         "\"2026-10-25T14:05:00Z\"}]}]}]}]",
         "eventClassifierCode", "[0].vesselSchedules[0].transportCalls[0].timestamps[0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum gw_error e = codec_decode(&c, gw_slice_str(rows[i].text));
        cr_expect_neq(e, GW_OK, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.rule, rows[i].rule, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.field, rows[i].field, "%s", rows[i].text);
    }
}

#define GOOD                                                                             \
    "{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","                  \
    "\"eventClassifierCode\":\"ACT\",\"eventDateTime\":\"2026-10-25T14:05:00Z\"}"
#define BAD                                                                              \
    "{\"eventType\":\"EQUIPMENT\",\"equipmentEventTypeCode\":\"LOAD\","                  \
    "\"eventClassifierCode\":\"ACT\",\"eventDateTime\":\"2026-10-25T14:05:00 o'clock\"}"

Test(dcsa, a_bad_event_is_refused_and_the_others_are_taken)
{
    static const char text[] = "[" GOOD "," BAD ",{\"hello\":1}," GOOD "]";
    cr_expect_eq(codec_decode(&c, gw_slice_str(text)), GW_OK);
    cr_expect_eq(c.events.count, 2);
    codec_expect(codec_lines(&c), "\"sequence\":4");
    cr_assert_eq(c.report.finding_count, 2);
    const struct gw_finding *f = c.report.findings;
    cr_expect_eq(f[0].segment, 2);
    cr_expect_str_eq(f[0].rule, "date and time (RFC 3339)");
    cr_expect_str_eq(f[0].detail,
                     "refused: [1].eventDateTime: 2026-10-25T14:05:00 o'clock");
    cr_expect(strncmp(text + f[0].at, "\"2026-10-25T14:05:00 o", 20) == 0);
    cr_expect_eq(f[1].segment, 3);
    cr_expect_str_eq(f[1].rule, "event structure");
    cr_expect_eq(c.report.fault.code, GW_OK);
}

Test(dcsa, a_message_of_bad_events_only_is_refused_for_the_first)
{
    static const char text[] = "[" BAD ",{\"hello\":1}]";
    cr_expect_eq(codec_decode(&c, gw_slice_str(text)), GW_FORMAT);
    cr_expect_eq(c.report.segment, 1);
    cr_expect_str_eq(c.report.fault.rule, "date and time (RFC 3339)");
    cr_expect_str_eq(c.report.fault.field, "[0].eventDateTime");
    cr_expect(strncmp(text + c.report.fault.at, "\"2026-10-25T14:05:00 o", 20) == 0);
    /* and the next message starts anew */
    cr_expect_eq(codec_decode(&c, gw_slice_str(GOOD)), GW_OK);
    cr_expect_eq(c.report.finding_count, 0);
}

Test(dcsa, other_documents_keep_their_good_parts_too)
{
    const char *lines = codec_taken(
        &c, "{\"VGMDeclarations\":[{},{\"declarationDateTime\":"
            "\"2026-10-25T14:05:00Z\",\"equipmentDetails\":{\"equipmentReference\":"
            "\"CSQU3054383\"}}]}");
    codec_expect(lines, "\"type\":\"weighed\"");
    cr_assert_eq(c.report.finding_count, 1);
    cr_expect_eq(c.report.findings[0].segment, 1);
    cr_expect_str_eq(c.report.findings[0].rule, "required field");
}

/* Events that came from elsewhere: by their type. */
static const char *written(const char *event)
{
    static char text[16384];
    struct gw_tree t;
    struct gw_fault f = {0};
    struct gw_buf out;
    uint32_t root;
    gw_events_reset(&c.events);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_json_read(&t, gw_slice_str(event), &root, &f), GW_OK);
    cr_assert_eq(gw_events_add(&c.events, &t, root, &f), GW_OK);
    gw_buf_init(&out, sizeof text);
    enum gw_error e = c.adapter->encode(c.state, &c.events, &out, &f);
    (void)snprintf(text, sizeof text, "%s", e ? f.rule : gw_buf_text(&out));
    gw_buf_deinit(&out);
    gw_tree_deinit(&t);
    return text;
}

Test(dcsa, events_of_other_formats_go_out_by_their_type)
{
    const char *out = written(
        "{\"schema\":1,\"id\":\"a\",\"type\":\"discharge\",\"class\":\"actual\","
        "\"subject\":"
        "\"equipment\",\"time\":1792919100000,\"time_basis\":\"stated-utc\","
        "\"equipment\":["
        "{\"kind\":\"container\",\"id\":\"CSQU3054383\"},{\"kind\":\"container\",\"id\":"
        "\"APZU4812090\"}],\"source\":{\"format\":\"edifact\"}}");
    codec_expect(out, "\"eventTypeCode\":\"EQUIPMENT\"");
    codec_expect(out, "\"equipmentEventTypeCode\":\"DISC\"");
    codec_expect(out, "\"eventDateTime\":\"2026-10-25T09:05:00.000Z\"");
    codec_expect(out, "\"equipmentReference\":\"CSQU3054383\"");
    codec_expect(out, "{\"typeCode\":\"EQ\",\"reference\":\"APZU4812090\"}");
    cr_expect_eq(codec_decode(&c, gw_slice_str(out)), GW_OK);

    out = written(
        "{\"schema\":1,\"id\":\"a\",\"type\":\"composition\",\"class\":\"actual\","
        "\"subject\":\"transport\",\"time\":1792919100000,\"time_basis\":"
        "\"stated-utc\",\"source\":{\"format\":\"taf\"}}");
    cr_expect_str_eq(out, "DCSA has no code for this type of event");
}

/* A container on a wagon: DCSA's equipment is the container. */
Test(dcsa, the_container_is_the_equipment_not_its_wagon)
{
    static const char event[] =
        "{\"schema\":1,\"id\":\"a\",\"type\":\"gate-in\",\"class\":\"actual\","
        "\"subject\":\"equipment\",\"time\":1792919100000,\"time_basis\":"
        "\"stated-utc\",\"equipment\":[{\"kind\":\"wagon\",\"id\":\"94123460\"},"
        "{\"kind\":\"container\",\"id\":\"CSQU3054383\",\"size_type\":\"45G1\","
        "\"load\":\"laden\",\"on\":\"94123460\"}],\"source\":{\"format\":\"%s\","
        "\"format_version\":\"%s\"}}";
    char text[1024];
    (void)snprintf(text, sizeof text, event, "taf", "2.2");
    const char *out = written(text);
    codec_expect(out, "\"equipmentReference\":\"CSQU3054383\"");
    codec_expect(out, "\"ISOEquipmentCode\":\"45G1\"");
    codec_expect(out, "\"emptyIndicatorCode\":\"LADEN\"");
    codec_expect(out, "{\"typeCode\":\"EQ\",\"reference\":\"94123460\"}");
    (void)snprintf(text, sizeof text, event, "dcsa", "2.2");
    out = written(text);
    codec_expect(out, "\"equipmentReference\":\"CSQU3054383\"");
    codec_expect(out, "\"ISOEquipmentCode\":\"45G1\"");
    codec_expect(out, "{\"referenceType\":\"EQ\",\"referenceValue\":\"94123460\"}");
}

Test(dcsa, corpus)
{
    static const struct codec_fate fates[] = {
        /* templates with words that stand for values: no JSON */
        {"eblsurrender-api-v3.0.0-request.json", "JSON document"},
        {"jit-200-port-call-request.json", "JSON document"},
        {"jit-200-port-call-service-request.json", "JSON document"},
        /* nothing has happened in them */
        {"booking-api-2.0.0-error-message.json", "document kind"},
        {"booking-api-2.0.0-reefer.json", "document kind"},
        {"booking-api-2.0.0-regular.json", "document kind"},
        {"commercialschedules-api-1.0.0-ptp.json", "document kind"},
        {"ebl-api-3.0.0-2c2u.json", "document kind"},
        {"ebl-api-3.0.0-straight-bl.json", "document kind"},
        {"tnt_event_subscription.json", "document kind"},
        /* wrong on purpose */
        {"jit_timestamp_invalid_imo.json", "vesselIMONumber"},
        {"tnt-220-response-wrong-structure.json", "event structure"},
        {NULL, NULL}};
    const char *folder = codec_corpus("dcsa");
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;
    while (d && (entry = readdir(d))) {
        char path[1300];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            codec_meet_fate(&c, path, entry->d_name, fates);
    }
    if (d)
        (void)closedir(d);
}
