/* test_host_config.c - the settings of the adapter host: defaults, bounds, complaints,
 * and the printed documentation of them. */
#include <criterion/criterion.h>
#include "adapters/host_config.h"
#include "adapters/host/scratch.h"

static struct gw_host_config *config;
static struct gw_complaint complaint;

static void end(void)
{
    gw_host_config_free(config);
    config = NULL;
    scratch_remove();
}

TestSuite(host_config, .init = scratch_make, .fini = end);

static enum gw_error load(const char *text)
{
    scratch_put("host.yaml", text);
    gw_host_config_free(config);
    config = NULL;
    complaint = (struct gw_complaint){0};
    return gw_host_config_load(&config, scratch_path("host.yaml"), &complaint);
}

#define IN "adapters:\n  - name: a\n    format: ndjson\n    endpoint: ipc://x\n"

Test(host_config, defaults_and_relative_paths)
{
    cr_assert_eq(load(IN "    source: {folder: in}\n"), GW_OK, "%s", complaint.what);
    const struct gw_adapter_config *a = &config->adapters[0];
    cr_assert_eq(config->count, 1);
    cr_assert_str_eq(a->source.folder, scratch_path("in"));
    cr_assert_str_eq(a->spool.dir, scratch_path("in/spool"));
    cr_assert_str_eq(a->source.kind, "folder");
    cr_assert_eq(a->source.settle_ms, 500);
    cr_assert_eq(a->spool.max_bytes, UINT64_C(1) << 30);
    cr_assert(a->plain);
    cr_assert_not(a->sink.on);
    cr_assert_eq(config->drain_ms, 4000);
}

Test(host_config, a_filter_is_a_list_of_terms)
{
    cr_assert_eq(load(IN
                      "    sink: {folder: out, subscription: s, filter: [\"type=load\", "
                      "\"country=KZ,AZ\"]}\n"),
                 GW_OK, "%s", complaint.what);
    const struct gw_host_terms *terms = &config->adapters[0].sink.filter;
    cr_assert_eq(terms->count, 2);
    cr_assert_str_eq(terms->list[1], "country=KZ,AZ");
}

Test(host_config, live_is_a_list_of_the_types_that_may_be)
{
    cr_assert_eq(load(IN "    live: [position, condition]\n    source: {folder: in}\n"), GW_OK, "%s",
                 complaint.what);
    cr_assert_eq(config->adapters[0].live.count, 2);
    cr_assert_str_eq(config->adapters[0].live.list[1], "condition");
    cr_assert_eq(load(IN "    source: {folder: in}\n"), GW_OK);
    cr_assert_eq(config->adapters[0].live.count, 0);
    cr_assert_eq(load(IN "    live: [position, load]\n    source: {folder: in}\n"), GW_RANGE);
    cr_assert_eq(load(IN "    live: position\n    source: {folder: in}\n"), GW_RANGE);
}

Test(host_config, what_is_wrong_is_said_with_line_and_remedy)
{
    static const struct {
        const char *name, *text, *what, *remedy;
        int line;
    } cases[] = {
        {"unknown setting", IN "    source: {foldr: in}\n", "foldr: no such setting",
         "did you mean folder?", 5},
        {"unknown section", IN "    sorce: {folder: in}\n", "sorce: no such setting",
         "did you mean source?", 5},
        {"out of range", IN "    source: {folder: in, settle_ms: 2 d}\n",
         "source.settle_ms: \"2 d\"", "0 ms .. 1 h", 5},
        {"missing folder", IN "    source: {settle_ms: 1}\n", "source.folder: is missing",
         "inbox/", 5},
        {"nothing to do", IN, "nothing to do", "source or a sink", 2},
        {"unknown kind", IN "    source: {folder: in, kind: pigeon}\n", "source.kind",
         "folder", 5},
        {"network without keys",
         "adapters:\n  - name: a\n    format: ndjson\n    endpoint: tcp://far:1\n"
         "    source: {folder: in}\n",
         "no server_key", "server_key", 4},
        {"one folder twice",
         IN "    source: {folder: in}\n  - name: b\n    format: ndjson\n    endpoint: "
            "ipc://x\n"
            "    source: {folder: in}\n",
         "source.folder", "its own", 6},
        {"a format without answers", IN "    source: {folder: in, reply_folder: r}\n",
         "answers nothing", "remove", 5},
        {"of another kind", IN "    source: {folder: in, topic: t}\n", "source.topic",
         "kind: mqtt", 5},
        {"what a kind needs",
         IN "    source: {folder: in, kind: http, listen: \"*:1\"}\n",
         "source.token_file: is missing", "token", 5},
        {"tcp both ways",
         IN "    source: {folder: in, kind: tcp, listen: \"*:1\", connect: \"a:1\"}\n",
         "listen or connect", "one of them", 5},
        {"half of TLS",
         IN "    source: {folder: in, kind: http, listen: \"*:1\", token_file: t, "
            "tls_key: k}\n",
         "belong together", "both", 5},
        {"unknown format",
         "adapters:\n  - name: a\n    format: ndjsn\n    endpoint: ipc://x\n"
         "    source: {folder: in}\n",
         "no such format", "did you mean ndjson?", 3},
        {"no list", "log_level: info\n", "adapters: is missing", "adapters:", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert_neq(load(cases[i].text), GW_OK, "%s", cases[i].name);
        cr_expect(strstr(complaint.what, cases[i].what), "%s: %s", cases[i].name,
                  complaint.what);
        cr_expect(strstr(complaint.remedy, cases[i].remedy), "%s: %s", cases[i].name,
                  complaint.remedy);
        cr_expect_eq(complaint.line, cases[i].line, "%s: line %d", cases[i].name,
                     complaint.line);
    }
}

static void read_file(const char *path, struct gw_buf *out)
{
    FILE *f = fopen(path, "r");
    int c;
    cr_assert(f, "%s", path);
    while ((c = fgetc(f)) != EOF)
        gw_buf_byte(out, (uint8_t)c);
    fclose(f);
}

Test(host_config, the_printed_settings_are_the_ones_in_config_examples)
{
    struct gw_buf printed, kept;
    gw_buf_init(&printed, 1 << 20);
    gw_buf_init(&kept, 1 << 20);
    gw_host_config_print(&printed);
    read_file(GW_SOURCE_DIR "/config/examples/adapter-settings.yaml", &kept);
    cr_assert(gw_slice_eq(gw_buf_bytes(&printed), gw_buf_bytes(&kept)),
              "write it again: karvan-adapter check --settings "
              ">config/examples/adapter-settings.yaml");
    gw_buf_deinit(&printed);
    gw_buf_deinit(&kept);
}

/* The examples name keys that a reader has to make: here they are made for them. */
static void make_keys(void)
{
    struct karvan_keys pair;
    cr_assert_eq(karvan_keys_make(&pair), GW_OK);
    cr_assert_eq(karvan_keys_save(&pair, scratch_path("company.key"), NULL), GW_OK);
    cr_assert_eq(karvan_keys_save(&pair, scratch_path("gateway.pub"), NULL), GW_OK);
}

Test(host_config, the_short_examples_load)
{
    static const char *const names[] = {"adapter-in", "adapter-out", "adapter-network"};
    char path[512];
    make_keys();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct gw_buf text;
        gw_buf_init(&text, 1 << 20);
        (void)snprintf(path, sizeof path, "%s/config/examples/%s.yaml", GW_SOURCE_DIR,
                       names[i]);
        read_file(path, &text);
        cr_expect_eq(load(gw_buf_text(&text)), GW_OK, "%s: line %d: %s", names[i],
                     complaint.line, complaint.what);
        gw_buf_deinit(&text);
    }
}
