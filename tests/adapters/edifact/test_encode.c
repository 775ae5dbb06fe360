/* test_encode.c - which message an event goes out in, and which events share one. */
#include "adapters/edifact/edifact.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/edifact/samples/"

static struct codec c;
static struct gw_buf out;

static void setup(void)
{
    codec_open(&c, &gw_adapter_edifact);
    gw_buf_init(&out, 1u << 20);
}

static void teardown(void)
{
    gw_buf_deinit(&out);
    codec_close(&c);
}

TestSuite(edifact_encode, .init = setup, .fini = teardown);

static const char *encoded(void)
{
    struct gw_fault fault = {0};
    gw_buf_reset(&out);
    enum gw_error e = c.adapter->encode(c.state, &c.events, &out, &fault);
    cr_assert_eq(e, GW_OK, "event %zu: %s", fault.at, fault.rule ? fault.rule : "");
    return gw_buf_text(&out);
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

/* Messages of one voyage, list or note are one message again, each event a group of it.
 */
Test(edifact_encode, events_go_back_into_the_messages_they_came_in)
{
    static const struct {
        const char *sample, *message;
        unsigned messages, events;
        const char *group;
        unsigned groups;
    } rows[] = {
        {"baplie_voyage", "BAPLIE:D:95B:UN:SMDG22'", 1, 3, "LOC+147+", 3},
        {"baplie_plan", "BAPLIE:D:95B:UN:SMDG22'", 1, 2, "LOC+147+", 2},
        {"movins_order", "MOVINS:D:95B:UN:SMDG21'", 1, 2, "HAN+", 2},
        {"coprar_discharge_list", "COPRAR:D:00B:UN'", 1, 2, "EQD+", 2},
        {"coprar_load_order", "COPRAR:D:00B:UN'", 1, 3, "EQD+", 3},
        {"coparn_release", "COPARN:D:00B:UN'", 1, 2, "EQN+", 2},
        {"coparn_announcement", "COPARN:D:00B:UN'", 1, 2, "EQD+", 2},
        {"coreor_release", "COREOR:D:00B:UN'", 1, 1, "EQD+", 1},
        {"iftmin_instruction", "IFTMIN:D:00B:UN'", 2, 2, "GID+", 3},
        {"iftmin_smgs", "IFTMIN:D:97A:UN:OSJD'", 1, 2, "EQA+", 1},
        {"iftmcs_waybill", "IFTMCS:D:00B:UN'", 1, 1, "GID+", 1},
        {"iftmb_booking", "IFTMB", 2, 2, "GID+", 2},
        {"ifcsum_two", "IFCSUM:D:00B:UN'", 1, 2, "CNI+", 2},
        {"cuscar_manifest", "CUSCAR:D:95B:UN'", 1, 1, "CNI+", 1},
        {"cuscar_shared", "CUSCAR:D:95B:UN'", 2, 3, "CNI+", 3},
        {"cusres_answers", "CUSRES:D:96A:UN'", 2, 2, "BGM+", 2},
        {"cusres_hold", "CUSRES:D:96A:UN'", 2, 2, "GIS+", 2},
        {"vermas_mass", "VERMAS:D:16A:UN'", 1, 1, "EQD+", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, HERE "%s.edi", rows[i].sample);
        cr_assert_eq(codec_decode(&c, codec_read(&c.file, path)), GW_OK, "%s", path);
        cr_expect_eq(c.events.count, rows[i].events, "%s", rows[i].sample);
        const char *text = encoded();
        cr_expect_eq(count_of(text, rows[i].message), rows[i].messages, "%s:\n%s",
                     rows[i].sample, text);
        cr_expect_eq(count_of(text, "UNH+"), rows[i].messages, "%s:\n%s", rows[i].sample,
                     text);
        cr_expect_eq(count_of(text, rows[i].group), rows[i].groups, "%s:\n%s",
                     rows[i].sample, text);
    }
}

/* Add an event told as JSON. */
static void add(const char *json)
{
    struct gw_tree t;
    struct gw_fault fault = {0};
    uint32_t root;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_json_read(&t, gw_slice_str(json), &root, &fault), GW_OK, "%s", json);
    cr_assert_eq(gw_events_add(&c.events, &t, root, &fault), GW_OK, "%s: %s", json,
                 fault.rule);
    gw_tree_deinit(&t);
}

#define EVENT(type, class)                                                               \
    "{\"schema\":1,\"type\":\"" type                                                     \
    "\",\"class\":\"" class "\",\"subject\":\"equipment\",\"time\":1795439100000,"       \
                            "\"time_basis\":\"stated-utc\","                             \
                            "\"source\":{\"operator\":\"x\",\"adapter\":\"y\","          \
                            "\"format\":\"dcsa\"},"
#define BOX(n) "\"equipment\":[{\"kind\":\"container\",\"id\":\"" n "\"}]"

Test(edifact_encode, events_of_other_formats_go_by_their_type)
{
    static const struct {
        const char *name, *event, *has[4];
    } rows[] = {
        {"an order for a container",
         EVENT("instruction", "requested") BOX("CSQU3054383") "}",
         {"COPARN:", "BGM+11++9'", "DTM+7:202611231305Z:303'", "NAD+MS+KARVAN'"}},
        {"an order for empty ones is a release",
         EVENT("instruction", "requested") "\"equipment\":[{\"kind\":\"container\","
                                           "\"size_type\":\"22G1\",\"load\":\"empty\"}],"
                                           "\"measures\":[{\"kind\":\"quantity\","
                                           "\"value\":5,\"unit\":\"NMB\"}]}",
         {"BGM+12++9'", "EQN+5'", "DTM+201:", "CNT+16:5'"}},
        {"an instruction about goods",
         EVENT("instruction", "requested") "\"goods\":[{\"packages\":3,\"package_kind\":"
                                           "\"CT\",\"hs\":\"852872\"}]}",
         {"IFTMIN:D:00B:UN'", "BGM+610++9'", "GID+1+3:CT'", "PIA+5+852872:HS'"}},
        {"a rail consignment note",
         EVENT("instruction",
               "planned") "\"references\":[{\"scheme\":\"smgs\",\"value\":\"215\"}],"
                          "\"document\":{\"number\":\"215\"}," BOX("CSQU3054383") "}",
         {"IFTMIN:D:97A:UN:OSJD'", "BGM+722+215+9'", "DTM+143:", NULL}},
        {"a road consignment note",
         EVENT("document-issued",
               "actual") "\"references\":[{\"scheme\":\"cmr\",\"value\":\"K1\"}],"
                         "\"document\":{\"number\":\"K1\"}}",
         {"IFTMCS:D:00B:UN'", "BGM+730+K1+9'", "DTM+143:", NULL}},
        {"a waybill goes by its transport",
         EVENT("document-issued",
               "actual") "\"references\":[{\"scheme\":\"waybill\",\"value\":\"W1\"}],"
                         "\"document\":{\"number\":\"W1\"},\"transport\":{\"mode\":"
                         "\"rail\"}}",
         {"IFTMCS:D:00B:UN'", "BGM+720+W1+9'", NULL, NULL}},
        {"a cell of a ship",
         EVENT("plan-position",
               "planned") "\"equipment\":[{\"kind\":\"container\",\"id\":"
                          "\"CSQU3054383\",\"position\":\"0030282\"}],"
                          "\"measures\":[{\"kind\":\"vgm\",\"value\":"
                          "25380,\"unit\":\"KGM\"}]}",
         {"BAPLIE:", "LOC+147+0030282::5'", "MEA+VGM++KGM:25380'", "RFF+BM:1'"}},
        {"a container to be loaded",
         EVENT("plan-position", "planned") BOX("CSQU3054383") ",\"place\":{\"unlocode\":"
                                                              "\"KZAAU\"}}",
         {"COPRAR:", "BGM+45++9'", "LOC+9+KZAAU:139:6'", "DTM+133:"}},
        {"a container to be discharged",
         EVENT("plan-position", "planned")
             BOX("CSQU3054383") ",\"place\":{\"unlocode\":\"AZALA\"},"
                                "\"journey\":[{\"role\":\"loading\","
                                "\"place\":{\"unlocode\":\"KZAAU\"}}]}",
         {"BGM+43++9'", "LOC+11+AZALA:139:6'", "DTM+132:", "LOC+9+KZAAU:139:6'"}},
        {"a booking asked for",
         EVENT("booked", "requested") BOX("CSQU3054383") "}",
         {"IFTMBF:", "BGM+335++9'", "DTM+137:", NULL}},
        {"a booking confirmed",
         EVENT("booked", "actual") BOX("CSQU3054383") "}",
         {"IFTMBC:", "BGM+770++9'", "DTM+137:", NULL}},
        {"goods declared",
         EVENT("customs-declared", "actual") "\"goods\":[{\"description\":\"TEA\"}]," BOX(
             "CSQU3054383") ",\"references\":[{\"scheme\":\"mrn\",\"value\":\"26AZ1\"}]}",
         {"CUSCAR:", "CNI+1'\nRFF+ABT:26AZ1'", "SGP+CSQU3054383'", NULL}},
        {"what customs decided",
         EVENT("customs-refused", "actual") "\"customs\":{\"state\":\"refused\","
                                            "\"reason\":\"no seal\"}}",
         {"CUSRES:", "BGM+963++11'", "GIS+2'", "FTX+AAO+++no seal'"}},
        {"a status that customs has not told of",
         EVENT("customs-hold", "actual") BOX("CSQU3054383") "}",
         {"IFTSTA:", "STS+1+128'", NULL, NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gw_events_reset(&c.events);
        add(rows[i].event);
        const char *text = encoded();
        for (size_t k = 0; k < 4 && rows[i].has[k]; k++)
            cr_expect(strstr(text, rows[i].has[k]), "%s: no %s in\n%s", rows[i].name,
                      rows[i].has[k], text);
        cr_expect_eq(codec_decode(&c, gw_slice_str(text)), GW_OK, "%s: %s\n%s",
                     rows[i].name, c.report.fault.rule, text);
    }
}

#define NOTE(type, class, number)                                                        \
    EVENT(type, class)                                                                   \
    "\"references\":[{\"scheme\":\"smgs\",\"value\":\"" number                           \
    "\"}],\"document\":{\"code\":\"722\",\"number\":\"" number "\"}}"

/* An instruction by a consignment note tells that it is issued: these two are one
 * message, a third is not, and the note alone is a status of the contract. */
Test(edifact_encode, a_note_instructed_and_issued_is_one_message)
{
    static const struct {
        const char *name, *events[4];
        const char *order; /* of the messages */
    } rows[] = {
        {"both",
         {NOTE("instruction", "planned", "7"), NOTE("document-issued", "actual", "7")},
         "N"},
        {"two notes",
         {NOTE("instruction", "planned", "7"), NOTE("document-issued", "actual", "7"),
          NOTE("instruction", "planned", "8"), NOTE("document-issued", "actual", "8")},
         "NN"},
        {"another one is issued",
         {NOTE("instruction", "planned", "7"), NOTE("document-issued", "actual", "8")},
         "NC"},
        {"issued twice",
         {NOTE("instruction", "planned", "7"), NOTE("document-issued", "actual", "7"),
          NOTE("document-issued", "actual", "7")},
         "NC"},
        {"issued", {NOTE("document-issued", "actual", "7")}, "C"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char order[8] = "";
        gw_events_reset(&c.events);
        for (size_t k = 0; k < 4 && rows[i].events[k]; k++)
            add(rows[i].events[k]);
        const char *text = encoded();
        for (const char *at = text; (at = strstr(at, "UNH+")) && strlen(order) < 7; at++)
            strcat(order, strncmp(at + 6, "IFTMIN", 6) == 0 ? "N" : "C");
        cr_expect_str_eq(order, rows[i].order, "%s:\n%s", rows[i].name, text);
    }
}

#define GOODS(bill, boxes)                                                               \
    EVENT("customs-declared", "actual")                                                  \
    "\"goods\":[{\"description\":\"TEA\"}],\"references\":[{\"scheme\":"                 \
    "\"bill-of-lading\",\"value\":\"" bill "\"}],\"equipment\":[" boxes "]}"
#define C1       "{\"kind\":\"container\",\"id\":\"CSQU3054383\"}"
#define C2       "{\"kind\":\"container\",\"id\":\"MSKU9070323\"}"
#define C1_LADEN "{\"kind\":\"container\",\"id\":\"CSQU3054383\",\"load\":\"laden\"}"

/* Groupage: a cargo report names each container once.  What says another thing of one
 * stands in a report of its own, so that no consignment gets the other's. */
Test(edifact_encode, a_cargo_report_names_each_container_once)
{
    static const struct {
        const char *name, *events[3];
        unsigned messages, containers;
    } rows[] = {
        {"one container, three consignments",
         {GOODS("1", C1), GOODS("2", C1), GOODS("3", C1)},
         1,
         1},
        {"each its own", {GOODS("1", C1), GOODS("2", C2)}, 1, 2},
        {"told otherwise", {GOODS("1", C1), GOODS("2", C1_LADEN)}, 2, 2},
        {"one of two", {GOODS("1", C1 "," C2), GOODS("2", C2)}, 2, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gw_events_reset(&c.events);
        for (size_t k = 0; k < 3 && rows[i].events[k]; k++)
            add(rows[i].events[k]);
        const char *text = encoded();
        cr_expect_eq(count_of(text, "UNH+"), rows[i].messages, "%s:\n%s", rows[i].name,
                     text);
        cr_expect_eq(count_of(text, "EQD+"), rows[i].containers, "%s:\n%s", rows[i].name,
                     text);
    }
}

/* More containers than an event can hold, and each consignment has its own. */
Test(edifact_encode, a_large_manifest_loses_nothing)
{
    struct gw_buf in;
    gw_buf_init(&in, 1u << 20);
    gw_buf_str(&in, "UNB+UNOA:2+CSL+CUSTOMS+260413:0800+CC9'UNH+CC9+CUSCAR:D:95B:UN'"
                    "BGM+85+MAN9+9'DTM+137:202604130800:203'");
    for (unsigned i = 0; i < 300; i++)
        gw_buf_printf(&in, "EQD+CN+CSQU3%06u+45G1:102:5++3+5'SEL+S%u+CA'", i, i);
    for (unsigned i = 0; i < 300; i++)
        gw_buf_printf(&in, "CNI+%u+B%u'RFF+BM:B%u'GID+1+1:CT'SGP+CSQU3%06u'", i + 1, i, i,
                      299 - i);
    gw_buf_str(&in, "UNT+1804+CC9'UNZ+1+CC9'");
    cr_assert_eq(codec_decode(&c, gw_buf_bytes(&in)), GW_OK);
    cr_assert_eq(c.events.count, 300);
    const char *lines = codec_lines(&c);
    codec_expect(lines, "\"id\":\"CSQU3000299\"");
    codec_expect(lines,
                 "\"seals\":[{\"id\":\"S299\",\"issuer\":\"carrier\"}],"
                 "\"references\":[{\"scheme\":\"bill-of-lading\",\"value\":\"B0\"}");
    codec_expect_no(lines, "list-full");
    const char *text = encoded();
    cr_expect_eq(count_of(text, "UNH+"), 1);
    cr_expect_eq(count_of(text, "EQD+"), 300);
    gw_buf_deinit(&in);
}
