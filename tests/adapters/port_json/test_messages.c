/* test_messages.c - Smart Data Models for ports. */
#include "adapters/port_json/port_json.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/port_json"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_port_json);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(port_json, .init = setup, .fini = teardown);

Test(port_json, samples_decode_as_expected)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".json", codec_sample), 3);
}

Test(port_json, a_position_that_is_none_is_noted)
{
    const char *lines = codec_taken(&c, "{\"type\":\"KeyVessel\",\"observedDate\":"
                                        "\"2026-10-25T03:11:32Z\",\"latitude\":99,"
                                        "\"longitude\":1}");
    codec_expect(lines,
                 "\"rule\":\"number\",\"severity\":\"warn\",\"field\":\"place.lat\"");
    codec_expect_no(lines, "\"place\":");
}

Test(port_json, refusals)
{
    static const struct {
        const char *text, *rule, *field;
    } rows[] = {{"[7]", "entity type", "[0]"},
                {"{\"type\":\"Terminal\"}", "entity type", ""},
                {"{\"type\":\"PortCall\"}", "time", ""},
                {"{\"type\":\"PortCall\",\"eta\":\"soon\"}", "date and time", "eta"},
                {"{\"type\":\"PortCall\",\"eta\":7}", "date and time", "eta"},
                {"[{\"type\":\"PortCall\",\"eta\":\"2026-10-25T03:11:32Z\"},"
                 "{\"type\":\"PortCall\",\"ata\":{\"value\":\"1926-10-25T03:11:32Z\"}}]",
                 "the time is not plausible", "[1].ata.value"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_neq(codec_decode(&c, gw_slice_str(rows[i].text)), GW_OK, "%s",
                      rows[i].text);
        cr_expect_str_eq(c.report.fault.rule, rows[i].rule, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.field, rows[i].field, "%s", rows[i].text);
    }
}

Test(port_json, corpus)
{
    static const struct codec_fate fates[] = {{"sdm_Terminal.json", "entity type"},
                                              {NULL, NULL}};
    const char *folder = codec_corpus("port_json");
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
