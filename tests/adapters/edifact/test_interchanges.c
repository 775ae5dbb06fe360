/* Samples with what they are decoded to, refusals with what they say, the corpus. */
#include "adapters/edifact/edifact.h"
#include "adapters/format.h"
#include "model/json.h"
#include "pipeline/places.h"
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HERE          GW_SOURCE_DIR "/tests/adapters/edifact/"
#define NOW_MS        1800000000000 /* 2027-01-15 */
#define MOST          (8u << 20)
#define PATH_MAX_HERE 512

struct bench {
    struct gw_options options;
    struct gw_places *places;
    struct gw_format format;
    struct gw_events events;
    struct gw_report report;
    struct gw_tree tree;
    struct gw_buf text; /* events as NDJSON, or the refusal */
};

static struct gw_buf read_file(const char *path)
{
    struct gw_buf b;
    gw_buf_init(&b, MOST);
    FILE *f = fopen(path, "rb");
    cr_assert(f, "%s", path);
    for (;;) {
        uint8_t *to = gw_buf_reserve(&b, 65536);
        cr_assert(to);
        size_t n = fread(to, 1, 65536, f);
        if (!n)
            break;
        gw_buf_advance(&b, n);
    }
    (void)fclose(f);
    return b;
}

static void begin(struct bench *b)
{
    struct gw_text why;
    struct gw_buf csv = read_file(HERE "places.csv");
    *b = (struct bench){0};
    cr_assert_eq(gw_places_read(&b->places, gw_buf_bytes(&csv), &why), GW_OK, "%s",
                 why.s);
    gw_options_default(&b->options);
    b->options.now_ms = NOW_MS;
    b->options.places = b->places;
    cr_assert_eq(gw_format_open(&b->format, &gw_adapter_edifact, &b->options, &why),
                 GW_OK);
    gw_events_init(&b->events, MOST, 10000);
    cr_assert_eq(gw_tree_init(&b->tree, &gw_budget_default), GW_OK);
    gw_buf_init(&b->text, MOST);
    gw_buf_deinit(&csv);
}

static void end(struct bench *b)
{
    gw_format_close(&b->format);
    gw_places_free(b->places);
    gw_events_deinit(&b->events);
    gw_tree_deinit(&b->tree);
    gw_buf_deinit(&b->text);
}

/* The text `karvan-adapter decode` would print, findings and refusal included. */
static enum gw_error decode(struct bench *b, struct gw_slice in)
{
    struct gw_fault fault = {0};
    gw_events_reset(&b->events);
    gw_buf_reset(&b->text);
    enum gw_error e = gw_format_decode(&b->format, in, &b->events, &b->report);
    if (e) {
        gw_buf_str(&b->text, "refused: ");
        gw_report_text(&b->report, "segment", &b->text);
        gw_buf_byte(&b->text, '\n');
        cr_assert_eq(b->events.count, 0);
    }
    for (uint32_t i = 0; i < b->events.count; i++) {
        cr_assert_eq(
            gw_json_from_msgpack(&b->tree, gw_events_at(&b->events, i), &b->text, &fault),
            GW_OK);
        gw_buf_byte(&b->text, '\n');
    }
    for (uint32_t i = 0; !e && i < b->report.finding_count && i < 32; i++) {
        gw_buf_str(&b->text, "finding: ");
        gw_finding_text(&b->report.findings[i], "segment", &b->text);
        gw_buf_byte(&b->text, '\n');
    }
    if (!e && b->report.ignored)
        gw_buf_printf(&b->text, "ignored: %u\n", (unsigned)b->report.ignored);
    return e;
}

static bool ends_with(const char *s, const char *end_of)
{
    size_t n = strlen(s), m = strlen(end_of);
    return n >= m && strcmp(s + n - m, end_of) == 0;
}

typedef void (*each_fn)(struct bench *b, const char *path);

static unsigned each_file(struct bench *b, const char *dir, const char *suffix,
                          each_fn each)
{
    struct dirent *entry;
    unsigned n = 0;
    DIR *d = opendir(dir);
    while (d && (entry = readdir(d))) {
        char path[PATH_MAX_HERE];
        if (!ends_with(entry->d_name, suffix))
            continue;
        if (snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) >= (int)sizeof path)
            continue;
        each(b, path);
        n++;
    }
    if (d)
        closedir(d);
    return n;
}

/* To write the .expected anew: KARVAN_WRITE_EXPECTED=1, and read the difference. */
static void compare(struct bench *b, const char *path)
{
    char expected[PATH_MAX_HERE];
    struct gw_buf in = read_file(path);
    (void)decode(b, gw_buf_bytes(&in));
    (void)snprintf(expected, sizeof expected, "%.*s.expected", (int)strlen(path) - 4,
                   path);
    if (getenv("KARVAN_WRITE_EXPECTED")) {
        FILE *f = fopen(expected, "wb");
        cr_assert(f);
        (void)fwrite(b->text.at, 1, b->text.len, f);
        (void)fclose(f);
    }
    struct gw_buf want = read_file(expected);
    cr_expect(gw_slice_eq(gw_buf_bytes(&b->text), gw_buf_bytes(&want)),
              "%s\nis:\n%s\nexpected:\n%s", path, gw_buf_text(&b->text),
              gw_buf_text(&want));
    gw_buf_deinit(&want);
    gw_buf_deinit(&in);
}

Test(edifact, samples_decode_to_what_stands_beside_them)
{
    struct bench b;
    begin(&b);
    cr_assert_geq(each_file(&b, HERE "samples", ".edi", compare), 18);
    end(&b);
}

static void compare_refusal(struct bench *b, const char *path)
{
    compare(b, path);
    cr_expect(b->report.fault.code && b->report.fault.rule, "%s is not refused", path);
}

Test(edifact, malformed_interchanges_are_refused_with_segment_offset_and_rule)
{
    struct bench b;
    begin(&b);
    cr_assert_geq(each_file(&b, HERE "malformed", ".edi", compare_refusal), 16);
    end(&b);
}

Test(edifact, the_same_message_in_other_dress_gives_the_same_events)
{
    static const char *const dresses[] = {"quirk_wrapped_80",
                                          "quirk_information_separators",
                                          "quirk_lf_terminator_no_envelope"};
    struct bench b;
    begin(&b);
    struct gw_buf plain = read_file(HERE "samples/codeco_rail_gate_in.edi");
    cr_assert_eq(decode(&b, gw_buf_bytes(&plain)), GW_OK);
    cr_assert_eq(gw_tree_read(&b.tree, gw_events_at(&b.events, 0), &(size_t){0},
                              &(uint32_t){0}, &(struct gw_fault){0}),
                 GW_OK);
    char place[64], seal[64];
    gw_slice_copy(gw_tree_str(&b.tree, 1, "place.terminal.code"), place, sizeof place);
    gw_slice_copy(gw_tree_str(&b.tree, 1, "seals[0].id"), seal, sizeof seal);
    for (size_t i = 0; i < sizeof dresses / sizeof *dresses; i++) {
        char path[PATH_MAX_HERE];
        size_t used;
        uint32_t root;
        struct gw_fault fault;
        (void)snprintf(path, sizeof path, HERE "samples/%s.edi", dresses[i]);
        struct gw_buf in = read_file(path);
        cr_assert_eq(decode(&b, gw_buf_bytes(&in)), GW_OK, "%s", dresses[i]);
        cr_assert_eq(b.events.count, 2, "%s", dresses[i]);
        cr_assert_eq(
            gw_tree_read(&b.tree, gw_events_at(&b.events, 0), &used, &root, &fault),
            GW_OK);
        cr_expect(gw_slice_is(gw_tree_str(&b.tree, root, "place.terminal.code"), place));
        cr_expect(gw_slice_is(gw_tree_str(&b.tree, root, "seals[0].id"), seal));
        gw_buf_deinit(&in);
    }
    gw_buf_deinit(&plain);
    end(&b);
}

Test(edifact, test_interchanges_become_events_only_when_asked_for)
{
    struct bench b;
    begin(&b);
    struct gw_buf in = read_file(HERE "samples/test_flag.edi");
    cr_assert_eq(decode(&b, gw_buf_bytes(&in)), GW_OK);
    cr_expect_eq(b.events.count, 0);
    cr_expect_eq(b.report.ignored, 1);
    b.options.accept_test = true;
    cr_assert_eq(decode(&b, gw_buf_bytes(&in)), GW_OK);
    cr_expect_eq(b.events.count, 2);
    gw_buf_deinit(&in);
    end(&b);
}

/* ---- encoding ---- */

static enum gw_error encode_line(struct bench *b, const char *json, struct gw_buf *out,
                                 struct gw_fault *fault)
{
    uint32_t root;
    gw_events_reset(&b->events);
    cr_assert_eq(gw_json_read(&b->tree, gw_slice_str(json), &root, fault), GW_OK);
    cr_assert_eq(gw_events_add(&b->events, &b->tree, root, fault), GW_OK);
    return gw_adapter_edifact.encode(b->format.state, &b->events, out, fault);
}

#define HEAD                                                                             \
    "{\"schema\":1,\"class\":\"actual\",\"subject\":\"equipment\",\"time\":"             \
    "1795439100000,"                                                                     \
    "\"time_basis\":\"assumed-zone\",\"source\":{\"operator\":\"x\",\"adapter\":\"y\"},"

Test(edifact, events_of_other_systems_are_written_in_the_message_of_their_type)
{
    static const struct {
        const char *name, *rest, *has;
    } rows[] = {
        {"load is a loading report in local time of the port",
         "\"type\":\"load\",\"place\":{\"unlocode\":\"KZAAU\"},"
         "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\"}]}",
         "DTM+203:202611231805:203'"},
        {"a place by its node alone takes the code of the table",
         "\"type\":\"gate-in\",\"place\":{\"node\":\"kz-aktau-port\"},"
         "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\"}]}",
         "LOC+165+KZAAU:139:6'"},
        {"a customs release is a status",
         "\"type\":\"customs-release\",\"place\":{\"unlocode\":\"KZAAU\"}}", "STS+1+12'"},
        {"service characters are released",
         "\"type\":\"damage\",\"state\":{\"list\":\"unece-rec24\",\"code\":\"18\","
         "\"text\":\"don't ask: 1+1?\"}}",
         "STS+1+18:::don?'t ask?: 1?+1?\?'"},
        {"text beyond ASCII is announced as UTF-8",
         "\"type\":\"delivered\",\"parties\":[{\"role\":\"consignee\",\"name\":"
         "\"Şirvan\"}]}",
         "UNB+UNOY:4+"},
    };
    struct bench b;
    begin(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[1024];
        struct gw_buf out;
        struct gw_fault fault = {0};
        gw_buf_init(&out, MOST);
        (void)snprintf(line, sizeof line, "%s%s", HEAD, rows[i].rest);
        cr_assert_eq(encode_line(&b, line, &out, &fault), GW_OK, "%s: %s", rows[i].name,
                     fault.rule);
        cr_expect(strstr(gw_buf_text(&out), rows[i].has), "%s:\n%s", rows[i].name,
                  gw_buf_text(&out));
        gw_buf_deinit(&out);
    }
    end(&b);
}

Test(edifact, events_no_message_carries_are_refused_with_their_index)
{
    static const char *const rows[] = {
        "{\"schema\":1,\"class\":\"planned\",\"subject\":\"equipment\",\"time\":"
        "1795439100000,"
        "\"time_basis\":\"assumed-zone\",\"type\":\"load\"}",
        HEAD "\"type\":\"load\"}",
        HEAD "\"type\":\"load\",\"equipment\":[{\"kind\":\"container\",\"id\":"
             "\"CSQU3054383\"},"
             "{\"kind\":\"container\",\"id\":\"MSKU9070323\"}]}",
        HEAD "\"type\":\"composition\"}",
    };
    struct bench b;
    begin(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_buf out;
        struct gw_fault fault = {0};
        gw_buf_init(&out, MOST);
        cr_expect_eq(encode_line(&b, rows[i], &out, &fault), GW_RANGE, "row %zu", i);
        cr_expect(fault.rule && fault.at == 0, "row %zu", i);
        cr_expect_eq(out.len, 0);
        gw_buf_deinit(&out);
    }
    end(&b);
}

/* ---- answers ---- */

Test(edifact, the_sender_is_told_what_became_of_its_interchange)
{
    static const struct {
        const char *name, *file, *has[3];
    } rows[] = {
        {"accepted",
         "samples/codeco_rail_gate_in.edi",
         {"UNB+UNOC:3+LINEHUB+AKTAUTERM:ZZZ+270115:0800+",
          "UCI+G0417+AKTAUTERM:ZZZ+LINEHUB+7'\nUNT+3+1'", NULL}},
        {"refused: message, segment and rule",
         "malformed/tag.edi",
         {"UCI+G0417+AKTAUTERM:ZZZ+LINEHUB+4'", "UCM+1+CODECO:D:95B:UN:SMDG16+4'",
          "UCS+7+12'"}},
        {"refused: the element too",
         "malformed/no_type.edi",
         {"UCM+1++4'", "UCS+1+13'", "UCD+13+3:1'"}},
        {"not carried",
         "malformed/not_carried.edi",
         {"UCM+1+INVOIC:D:96A:UN+4'", "UCS+1+14'", "UCD+14+3:1'"}},
        {"outside a message",
         "malformed/segment_outside.edi",
         {"UCI+G0417+AKTAUTERM:ZZZ+LINEHUB+4+33+BGM'", "UNT+3+1'", NULL}},
        {"test stays test", "samples/test_flag.edi", {"++++++1'", "+7'", NULL}},
    };
    static const char *const silent[] = {
        "samples/answers_received.edi", "samples/quirk_lf_terminator_no_envelope.edi",
        "malformed/no_interchange.edi", "malformed/empty.edi"};
    struct bench b;
    struct gw_buf out;
    begin(&b);
    gw_buf_init(&out, MOST);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[PATH_MAX_HERE];
        (void)snprintf(path, sizeof path, HERE "%s", rows[i].file);
        struct gw_buf in = read_file(path);
        (void)decode(&b, gw_buf_bytes(&in));
        gw_buf_reset(&out);
        cr_assert_eq(
            gw_adapter_edifact.reply(b.format.state, gw_buf_bytes(&in), &b.report, &out),
            GW_OK);
        for (size_t k = 0; k < 3 && rows[i].has[k]; k++)
            cr_expect(strstr(gw_buf_text(&out), rows[i].has[k]), "%s: %s\n%s",
                      rows[i].name, rows[i].has[k], gw_buf_text(&out));
        gw_buf_deinit(&in);
    }
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        char path[PATH_MAX_HERE];
        (void)snprintf(path, sizeof path, HERE "%s", silent[i]);
        struct gw_buf in = read_file(path);
        (void)decode(&b, gw_buf_bytes(&in));
        gw_buf_reset(&out);
        cr_assert_eq(
            gw_adapter_edifact.reply(b.format.state, gw_buf_bytes(&in), &b.report, &out),
            GW_OK);
        cr_expect_eq(out.len, 0, "%s", silent[i]);
        gw_buf_deinit(&in);
    }
    gw_buf_deinit(&out);
    end(&b);
}

/* A manifest with so much in one consignment that no event can hold it. */
static void put_huge_manifest(struct gw_buf *in)
{
    gw_buf_str(in, "UNB+UNOA:2+CSL+CUSTOMS+260413:0800+CC9'UNH+CC9+CUSCAR:D:95B:UN'"
                   "BGM+85+MAN9+9'DTM+137:202604130800:203'");
    for (unsigned i = 0; i < 64; i++)
        gw_buf_printf(in, "EQD+CN+CSQU30543%02u+45G1:102:5++3+5'SEL+S%u+CA+1'", i, i);
    for (unsigned i = 0; i < 12; i++)
        gw_buf_printf(in, "TDT+20+V%u+1++C%u:172:20+++4JZ%u:103::SHIP %u'", i, i, i, i);
    for (unsigned i = 0; i < 32; i++)
        gw_buf_printf(in,
                      "LOC+9+KZA%02u:139:6:PORT %u'DTM+133:202604131500:203'"
                      "NAD+CN+P%u:172:20++NAME %u+++++KZ'MEA+AAE+G+KGM:%u'RFF+BN:B%u'",
                      i, i, i, i, i, i);
    gw_buf_str(in, "CNI+1+X'");
    for (unsigned i = 0; i < 32; i++)
        gw_buf_printf(in,
                      "GID+1+%u:CT'FTX+AAA+++GOODS %u'PIA+5+852872:HS'DGS+IMD+9+3171++3'"
                      "RFF+BM:M%u'",
                      i + 1, i, i);
    gw_buf_str(in, "UNT+1+CC9'UNZ+1+CC9'");
}

Test(edifact, what_no_event_can_hold_is_answered_as_an_application_error)
{
    static const char *const has[] = {"UCI+CC9+CSL+CUSTOMS+7'", "UNH+2+APERAK:D:96A:UN'",
                                      "BGM+313+CC9+27+RE'", "RFF+ACW:CC9'", "ERC+18'"};
    struct bench b;
    struct gw_buf in, out;
    begin(&b);
    gw_buf_init(&in, MOST);
    gw_buf_init(&out, MOST);
    put_huge_manifest(&in);
    cr_assert_eq(decode(&b, gw_buf_bytes(&in)), GW_ELEMENTS, "%s", gw_buf_text(&b.text));
    cr_assert_eq(
        gw_adapter_edifact.reply(b.format.state, gw_buf_bytes(&in), &b.report, &out),
        GW_OK);
    for (size_t i = 0; i < sizeof has / sizeof *has; i++)
        cr_expect(strstr(gw_buf_text(&out), has[i]), "%s\n%s", has[i], gw_buf_text(&out));
    gw_buf_deinit(&in);
    gw_buf_deinit(&out);
    end(&b);
}

/* ---- the corpus ---- */

/* Files that no event can come from, with the rule of the standard that says so. */
static const struct {
    const char *file, *rule;
} refused[] = {
    {"desadv_unoc_utf8_mislabelled.edi", "message type not supported"},
    {"syntax_una_alternative_separators.edi", "message type not supported"},
    {"syntax_una_repetition_v4.edi", "message type not supported"},
    {"syntax_una_short_five_chars.edi", "message type not supported"},
    {"syntax_unoc_latin1.edi", "message type not supported"},
    {"syntax_unoe_cyrillic_iso8859_5.edi", "message type not supported"},
    {"iftmin_mixed_interchange_unt_mismatch.edi", "mandatory segment missing"},
    {"westim_generator_sample.edi", "message type not supported"},
    {"missing_unt.edi", "UNT missing"},
    {"truncated_mid_segment.edi", "segment terminator missing"},
};

static void corpus_file(struct bench *b, const char *path)
{
    const char *name = strrchr(path, '/') + 1, *rule = NULL;
    struct gw_buf in = read_file(path);
    enum gw_error e = decode(b, gw_buf_bytes(&in));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(refused[i].file, name) == 0)
            rule = refused[i].rule;
    if (rule)
        cr_expect(e && strcmp(b->report.fault.rule, rule) == 0, "%s: %s", name,
                  gw_buf_text(&b->text));
    else
        cr_expect(!e && b->events.count, "%s: %s", name, gw_buf_text(&b->text));
    gw_buf_deinit(&in);
}

static bool corpus_folder(char path[PATH_MAX_HERE], const char *folder)
{
    const char *set = getenv("KARVAN_CORPUS");
    struct stat st;
    (void)snprintf(path, PATH_MAX_HERE, "%s/%s",
                   set ? set : GW_SOURCE_DIR "/../shared/corpus", folder);
    return stat(path, &st) == 0;
}

Test(edifact, every_file_of_the_corpus_gives_events_or_a_reason)
{
    static const char *const folders[] = {"edifact", "edifact_malformed", "rail_smgs"};
    struct bench b;
    char path[PATH_MAX_HERE];
    begin(&b);
    b.options.accept_test = true;
    for (size_t i = 0; i < 3; i++) {
        if (!corpus_folder(path, folders[i]))
            cr_skip_test("no corpus: %s is not there; set KARVAN_CORPUS", path);
        cr_expect_geq(each_file(&b, path, ".edi", corpus_file), 2);
    }
    end(&b);
}
