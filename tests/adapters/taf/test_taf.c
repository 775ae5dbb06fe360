/* test_taf.c - TAF TSI: samples, round trips, refusals, the corpus. */
#include "tests/adapters/xml/codec_check.h"

static struct check c;

static void setup(void)
{
    check_open(&c, "taf", NULL);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(taf, .init = setup, .fini = teardown);

Test(taf, samples_give_their_events_and_come_back_as_they_went)
{
    static const char *const both[] = {"running_", "forecast",  "wagon_status",
                                       "order_",   "enveloped", NULL};
    cr_assert_geq(check_samples(&c, "taf", both), 17);
}

Test(taf, stations_of_the_table_are_known_by_country_and_code)
{
    struct gw_slice lines;
    check_close(&c);
    check_open(&c, "taf", CHECK_PLACES);
    size_t len;
    uint8_t *in =
        check_file(GW_SOURCE_DIR "/tests/adapters/taf/samples/order_smgs.xml", &len);
    cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK);
    lines = check_lines(&c, true);
    cr_assert(memmem(lines.at, lines.len, "\"node\":\"kz-aktau-port\"", 22));
    cr_assert(
        memmem(lines.at, lines.len, "{\"scheme\":\"esr6\",\"code\":\"572107\"}", 33));
    check_round_trip(&c, "order_smgs");
    free(in);
}

#define HEAD(code)                                                                       \
    "<MessageHeader><MessageReference><MessageType>" code "</MessageType>"               \
    "<MessageIdentifier>1</MessageIdentifier><MessageDateTime>2026-10-05T08:00:00Z"      \
    "</MessageDateTime></MessageReference><Sender>2127</Sender></MessageHeader>"
#define WHERE                                                                            \
    "<Location><CountryCodeISO>KZ</CountryCodeISO><LocationPrimaryCode>66340"            \
    "</LocationPrimaryCode></Location>"

Test(taf, refuses_what_the_standard_requires_and_is_not_there)
{
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"<Other/>", "a message of TAF TSI that is carried here", GW_FORMAT},
        {"<PathRequestMessage>" HEAD("2006") "</PathRequestMessage>",
         "a message of TAF TSI that is carried here", GW_FORMAT},
        {"<WagonStatusMessages/>", "MessageHeader with MessageReference is required",
         GW_MISSING},
        {"<WagonStatusMessages><MessageHeader><MessageReference/></MessageHeader>"
         "</WagonStatusMessages>",
         "required date and time", GW_MISSING},
        {"<WagonStatusMessages>" HEAD("5020") "</WagonStatusMessages>",
         "WagonStatusMessage is required", GW_MISSING},
        {"<WagonStatusMessages>" HEAD(
             "5020") "<WagonStatusMessage><Event/>"
                     "</WagonStatusMessage></WagonStatusMessages>",
         "WagonNumberFreight and Event are required", GW_MISSING},
        {"<WagonStatusMessages>" HEAD(
             "5020") "<WagonStatusMessage><WagonNumberFreight>312778450121"
                     "</WagonNumberFreight><Event><EventDateTime>2026-02-30T00:00:00Z"
                     "</EventDateTime></Event></WagonStatusMessage></"
                     "WagonStatusMessages>",
         "date and time", GW_RANGE},
        {"<TrainRunningInformationMessage>" HEAD(
             "4005") "</TrainRunningInformationMessage>",
         "TrainLocationReport is required", GW_MISSING},
        {"<TrainRunningForecastMessage>" HEAD("4004") "</TrainRunningForecastMessage>",
         "TrainLocationReport is required", GW_MISSING},
        {"<TrainRunningInformationMessage>" HEAD(
             "4005") "<TrainLocationReport>" WHERE
                     "</TrainLocationReport></TrainRunningInformationMessage>",
         "required date and time", GW_MISSING},
        {"<TrainRunningInformationMessage>" HEAD(
             "4005") "<TrainLocationReport><LocationDateTime>now</LocationDateTime>" WHERE
                     "</TrainLocationReport></TrainRunningInformationMessage>",
         "date and time", GW_FORMAT},
        {"<TrainRunningInterruptionMessage>" HEAD(
             "4006") "</TrainRunningInterruptionMessage>",
         "InterruptionPoint with Interruption is required", GW_MISSING},
        {"<TrainDelayCauseMessage>" HEAD("4001") "</TrainDelayCauseMessage>",
         "DelayEventReport with DelayCauseTime is required", GW_MISSING},
        {"<TrainCompositionMessage>" HEAD("3003") "</TrainCompositionMessage>",
         "TrainCompositionJourneySection is required", GW_MISSING},
        {"<TrainCompositionMessage>" HEAD(
             "3003") "<TrainCompositionJourneySection><WagonData/>"
                     "</TrainCompositionJourneySection></TrainCompositionMessage>",
         "WagonNumberFreight is required", GW_MISSING},
        {"<WagonETI_ETA_Message>" HEAD("5006") "</WagonETI_ETA_Message>",
         "WagonInformation and ArrivalInterchangeReport are required", GW_MISSING},
        {"<WagonArrivalNoticeMessage>" HEAD("5002") "</WagonArrivalNoticeMessage>",
         "WagonNumberFreight is required", GW_MISSING},
        {"<ConsignmentOrderMessage>" HEAD("1000") "</ConsignmentOrderMessage>",
         "COMS with COM_Header and COM is required", GW_MISSING},
        {"<ConsignmentOrderMessage>" HEAD(
             "1000") "<COMS><COM_Header/><COM/></COMS></ConsignmentOrderMessage>",
         "AcceptancePoint with ConsignmentNumber is required", GW_MISSING},
        {"<!DOCTYPE x [<!ENTITY a 'b'>]><WagonStatusMessages/>", "no DOCTYPE", GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, cases[i].code, cases[i].rule);
}

Test(taf, a_refusal_in_a_stream_is_placed_in_the_whole_text)
{
    static const char text[] =
        "1790000000000$<?xml version='1.0'?>\n<TrainRunningInformationMessage>" HEAD(
            "4005") "<TrainLocationReport>" WHERE
                    "<LocationDateTime>2026-10-05T08:00:00Z</LocationDateTime>"
                    "</TrainLocationReport></TrainRunningInformationMessage>\n"
                    "1790000000001$<?xml version='1.0'?>\n\n<WagonStatusMessages/>";
    cr_assert_eq(check_decode(&c, gw_slice_str(text)), GW_MISSING);
    cr_assert_eq(c.report.fault.at, (size_t)(strstr(text, "<WagonStatus") - text));
    cr_assert_eq(c.report.segment, 5);
    cr_assert_eq(c.events.count, 0);
}

Test(taf, messages_of_other_parts_are_passed_over_beside_ours)
{
    static const char text[] =
        "<?xml version='1.0'?><PathRequestMessage/><?xml version='1.0'?>"
        "<WagonReleaseNoticeMessage>" HEAD(
            "5014") "<WagonInformation><WagonNumberFreight>94123452</WagonNumberFreight>"
                    "</WagonInformation></WagonReleaseNoticeMessage>";
    cr_assert_eq(check_decode(&c, gw_slice_str(text)), GW_OK, "%s", c.report.detail);
    cr_assert_eq(c.events.count, 1);
    cr_assert_eq(c.report.messages, 2);
    cr_assert_eq(c.report.ignored, 1);
}

/* ---- encode ---- */

static enum gw_error encode_lines(const char *lines, struct gw_buf *out,
                                  struct gw_fault *fault)
{
    struct gw_report report;
    gw_events_reset(&c.events);
    cr_assert_eq(gw_ndjson_read(gw_slice_str(lines), &c.events, &report), GW_OK, "%s %s",
                 report.fault.rule, report.fault.field);
    return c.format.adapter->encode(c.format.state, &c.events, out, fault);
}

#define EVENT(rest)                                                                      \
    "{\"schema\":1,\"id\":\"e1\",\"class\":\"actual\",\"time\":1791000000000,"           \
    "\"time_basis\":\"assumed-zone\"," rest                                              \
    ",\"source\":{\"operator\":\"x\",\"adapter\":"                                       \
    "\"y\",\"format\":\"edifact\"}}\n"
#define AT_AKTAU "\"place\":{\"unlocode\":\"KZAAU\",\"country\":\"KZ\"}"

Test(taf, events_of_other_formats_become_the_message_that_says_the_same)
{
    struct gw_buf out;
    struct gw_fault fault = {0};
    gw_buf_init(&out, 1 << 20);
    check_close(&c);
    check_open(&c, "taf", CHECK_PLACES);
    cr_assert_eq(
        encode_lines(
            EVENT("\"type\":\"arrive\",\"subject\":\"equipment\"," AT_AKTAU
                  ",\"equipment\":[{\"kind\":\"wagon\",\"id\":\"94123452\"}]")
                EVENT("\"type\":\"depart\",\"subject\":\"transport\"," AT_AKTAU
                      ",\"transport\":{\"mode\":\"rail\",\"means\":{\"train\":\"2042\"}}")
                    EVENT(
                        "\"type\":\"document-issued\",\"subject\":\"document\"," AT_AKTAU
                        ",\"references\":[{\"scheme\":\"smgs\",\"value\":\"77\"}],"
                        "\"document\":{\"number\":\"77\"}"),
            &out, &fault),
        GW_OK, "%zu %s", fault.at, fault.rule);
    const char *text = gw_buf_text(&out);
    cr_assert(strstr(text, "<EventType>04</EventType>\n"
                           "<EventDateTime>2026-10-03T09:00:00+05:00</EventDateTime>"),
              "%s", text);
    cr_assert(strstr(text, "<LocationPrimaryCode>66340</LocationPrimaryCode>"), "%s",
              text);
    cr_assert(strstr(text, "<TrainLocationStatus>04</TrainLocationStatus>"), "%s", text);
    cr_assert(strstr(text, "<ShipmentType>SMGS</ShipmentType>"), "%s", text);
    cr_assert_eq(check_decode(&c, gw_buf_bytes(&out)), GW_OK, "%s", c.report.detail);
    cr_assert_eq(c.report.messages, 3);
    cr_assert_eq(c.events.count, 4);
    gw_buf_deinit(&out);
}

Test(taf, what_no_message_carries_is_refused_by_its_number)
{
    static const struct {
        const char *event, *rule;
    } cases[] = {
        {EVENT("\"type\":\"load\",\"subject\":\"equipment\""),
         "an event that a message of TAF TSI can carry"},
        {EVENT("\"type\":\"arrive\",\"subject\":\"equipment\",\"equipment\":[{\"kind\":"
               "\"wagon\",\"id\":\"94123452\"}]"),
         "a place with a station code"},
        {EVENT("\"type\":\"arrive\",\"subject\":\"equipment\",\"equipment\":[{\"kind\":"
               "\"wagon\"}]"),
         "a wagon with a number"},
        {EVENT("\"type\":\"damage\",\"subject\":\"equipment\",\"equipment\":[{\"kind\":"
               "\"wagon\",\"id\":\"94123452\"}]"),
         "a status that the list EventType has"},
        {EVENT("\"type\":\"arrive\",\"subject\":\"transport\",\"transport\":{\"mode\":"
               "\"rail\",\"means\":{\"train\":\"2042\"}}"),
         "a place with a station code"},
        {EVENT("\"type\":\"load\",\"subject\":\"transport\",\"transport\":{\"mode\":"
               "\"rail\",\"means\":{\"train\":\"2042\"}}"),
         "a train's arrival, departure, passing or position"},
        {EVENT("\"type\":\"document-issued\",\"subject\":\"document\",\"document\":{"
               "\"number\":\"1\"}"),
         "a place of acceptance with a station code"},
    };
    struct gw_buf out;
    gw_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_fault fault = {0};
        cr_assert_eq(encode_lines(cases[i].event, &out, &fault), GW_RANGE, "%s",
                     cases[i].rule);
        cr_assert_str_eq(fault.rule, cases[i].rule);
        cr_assert_eq(fault.at, 0);
        cr_assert_eq(out.len, 0);
    }
    gw_buf_deinit(&out);
}

/* ---- bounds ---- */

Test(taf, every_truncation_is_refused_or_read)
{
    size_t len;
    uint8_t *in =
        check_file(GW_SOURCE_DIR "/tests/adapters/taf/samples/wagon_eta.xml", &len);
    for (size_t n = 0; n < len - 2; n++) {
        cr_assert_neq(check_decode(&c, gw_slice(in, n)), GW_OK, "%zu", n);
        check_refusal(&c, n, "wagon_eta");
    }
    free(in);
}

Test(taf, corpus_files_decode_or_are_refused_for_a_reason)
{
    static const struct check_corpus_row rows[] = {
        {"bad_trainrunninginformation_missing_location.xml", 0,
         "Location with LocationPrimaryCode is required"},
        {"bad_trainrunninginformation_status_99.xml", 1, NULL},
        {"bad_wagonstatus_check_digit.xml", 3, NULL},
        {"passengertrainconsist_5.3_stream_record.xml.txt", 0,
         "a message of TAF TSI that is carried here"},
        {"syn_consignmentorder_smgs.xml", 2, NULL},
        {"syn_trainrunningforecast.xml", 3, NULL},
        {"syn_trainrunninginformation_arrival_correction.xml", 1, NULL},
        {"syn_trainrunninginformation_departure.xml", 1, NULL},
        {"syn_trainrunninginformation_pass.xml", 1, NULL},
        {"syn_trainrunninginterruption.xml", 1, NULL},
        {"syn_wagon_eta.xml", 1, NULL},
        {"syn_wagonstatus_three_wagons.xml", 3, NULL},
        {"traincomposition_3003_v2.1.6_freight_17_vehicles.xml", 17, NULL},
    };
    const char *dir = check_corpus("taf_tsi");
    for (size_t i = 0; dir && i < sizeof rows / sizeof *rows; i++)
        check_corpus_file(&c, dir, &rows[i]);
}
