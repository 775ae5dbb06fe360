/* test_messages.c - vendors' telematics JSON. */
#include "adapters/telematics/telematics.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/telematics"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_telematics);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(telematics, .init = setup, .fini = teardown);

Test(telematics, samples_decode_as_expected)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".json", codec_sample), 11);
}

static const char *simple(const char *ts, const char *lat, const char *lon)
{
    static char text[256];
    (void)snprintf(text, sizeof text, "{\"id\":\"X1\",\"ts\":%s,\"lat\":%s,\"lon\":%s}",
                   ts, lat, lon);
    return text;
}

Test(telematics, epochs_by_magnitude)
{
    static const char *const times[] = {"1793000000",       "1793000000000",
                                        "1793000000000000", "1793000000000000000",
                                        "\"1793000000\"",   "\"2026-10-26T07:33:20Z\""};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        codec_expect(codec_taken(&c, simple(times[i], "43.2", "51.6")),
                     "\"time\":1793000000000,\"time_basis\":\"stated-utc\"");
    codec_expect(codec_taken(&c, simple("1793000000.25", "43.2", "51.6")),
                 "\"time\":1793000000250,");
}

Test(telematics, null_island_is_no_fix)
{
    const char *lines = codec_taken(&c, simple("1793000000", "0", "0"));
    codec_expect(lines, "\"type\":\"other\"");
    codec_expect_no(lines, "\"place\"");
}

Test(telematics, the_time_of_receipt_serves_where_the_clock_is_wrong)
{
    const char *lines = codec_taken(
        &c, "{\"end_device_ids\":{\"device_id\":\"d\"},\"received_at\":"
            "\"2026-10-26T08:29:01Z\",\"uplink_message\":{\"decoded_payload\":{\"time\":"
            "\"1970-01-01T00:00:07Z\"}}}");
    codec_expect(lines, "\"time\":1793003341000");
    codec_expect(lines, "\"rule\":\"time-of-receipt\"");
}

Test(telematics, refusals)
{
    static const struct {
        const char *text, *rule, *field;
    } rows[] = {
        {"{}", "shape", ""},
        {"[]", "shape", ""},
        {"null", "JSON document", ""},
        {"[{\"ident\":\"a\",\"timestamp\":1793000000},7]", "record", "[1]"},
        {"{\"id\":\"X1\",\"ts\":1793000000,\"lat\":91,\"lon\":1}", "coordinate", "lat"},
        {"{\"id\":\"X1\",\"ts\":1793000000,\"lat\":1,\"lon\":-181}", "coordinate", "lon"},
        {"{\"id\":\"X1\",\"ts\":1793000000,\"lat\":\"north\",\"lon\":1}", "coordinate",
         "lat"},
        {"{\"id\":\"X1\",\"ts\":1793000000,\"lat\":1,\"lon\":\"east\"}", "coordinate",
         "lon"},
        {"{\"id\":\"X1\",\"ts\":-1,\"lat\":1,\"lon\":1}", "time", "ts"},
        {"{\"id\":\"X1\",\"ts\":true,\"lat\":1,\"lon\":1}", "time", "ts"},
        {"{\"resource\":[{\"devid\":\"1\",\"etype\":\"G_PING\"}]}", "time",
         "resource[0]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_neq(codec_decode(&c, gw_slice_str(rows[i].text)), GW_OK, "%s",
                      rows[i].text);
        cr_expect_str_eq(c.report.fault.rule, rows[i].rule, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.field, rows[i].field, "%s", rows[i].text);
    }
}

Test(telematics, corpus)
{
    static const struct codec_fate fates[] = {
        {"syn_sparkplugb.expected.json", "shape"}, /* a test's expectation, no message */
        {"valtrack_gps_and_network.json", "time"}, /* its records have none */
        {NULL, NULL}};
    const char *folder = codec_corpus("telematics");
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;
    while (d && (entry = readdir(d))) {
        char path[1300];
        size_t n = strlen(entry->d_name);
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0)
            codec_meet_fate(&c, path, entry->d_name, fates);
    }
    if (d)
        (void)closedir(d);
}

/* One message a line; `column`: how many tabs stand before it. */
static void each_line(const char *name, int column, void (*fn)(struct gw_slice, unsigned))
{
    const char *folder = codec_corpus("telematics");
    char path[1300];
    if (!folder)
        return;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    struct gw_slice text = codec_read(&c.file, path);
    for (unsigned line = 1; text.len; line++) {
        const uint8_t *end = memchr(text.at, '\n', text.len), *at = text.at;
        size_t n = end ? (size_t)(end - text.at) : text.len;
        for (int i = 0; i < column; i++) {
            const uint8_t *tab = memchr(at, '\t', n - (size_t)(at - text.at));
            at = tab ? tab + 1 : at;
        }
        fn(gw_slice(at, n - (size_t)(at - text.at)), line);
        text = gw_slice(text.at + n + (end != NULL), text.len - n - (end != NULL));
    }
}

static void expect_taken(struct gw_slice in, unsigned line)
{
    cr_expect_eq(codec_decode(&c, in), GW_OK, "line %u: %s", line, c.report.detail);
    cr_expect_gt(c.events.count, 0, "line %u", line);
    codec_judge(&c.events, "capture");
}

static void expect_refused(struct gw_slice in, unsigned line)
{
    /* 2: decimal commas are numbers; 4: null island at the end of the century is no fix;
     * 13: a byte order mark inside a stream is at the start of its message */
    bool good = line == 2 || line == 4 || line == 13;
    enum gw_error e = codec_decode(&c, in);
    cr_expect_eq(e == GW_OK, good, "line %u: %s", line, e ? c.report.detail : "taken");
}

Test(telematics, a_capture_of_several_dialects)
{
    each_line("syn_mqtt_capture.tsv", 3, expect_taken);
}

Test(telematics, bad_positions)
{
    each_line("bad_positions.jsonl", 0, expect_refused);
}
