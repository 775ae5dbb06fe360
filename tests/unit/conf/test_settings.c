/* test_settings.c - what config/gateway.yaml may say, and what is said about what it may
 * not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conf/endpoint.h"
#include "conf/nearest.h"
#include "conf/quantity.h"
#include "conf/settings_table.h"

static char dir[] = "/tmp/karvan-settings-XXXXXX";
static char path[64];
static struct gw_settings s;
static struct gw_complaint c;

static void setup(void)
{
    cr_assert(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/gateway.yaml", dir);
}

static void cleanup(void)
{
    unlink(path);
    rmdir(dir);
}

static void write_file(const char *text)
{
    FILE *f = fopen(path, "w");
    cr_assert(f != NULL);
    cr_assert(fputs(text, f) >= 0);
    fclose(f);
}

static enum gw_error load(const char *text)
{
    write_file(text);
    c = (struct gw_complaint){0};
    return gw_settings_load(&s, path, &c);
}

static char *read_whole(const char *file)
{
    FILE *f = fopen(file, "r");
    char *text = calloc(1, 1 << 20);
    cr_assert(f != NULL, "%s cannot be opened", file);
    cr_assert(text != NULL);
    cr_assert(fread(text, 1, (1 << 20) - 1, f) > 0);
    fclose(f);
    return text;
}

Test(settings, config_gateway_yaml_is_what_is_printed)
{
    struct gw_buf printed;
    char *file = read_whole(GW_SOURCE_DIR "/config/gateway.yaml");
    gw_buf_init(&printed, 1 << 20);
    gw_settings_print(&printed);
    cr_assert_str_eq(file, gw_buf_text(&printed), "write it anew: karvand --settings");
    gw_buf_deinit(&printed);
    free(file);
}

Test(settings, what_is_printed_loads_as_the_defaults, .init = setup, .fini = cleanup)
{
    static struct gw_settings defaults;
    struct gw_buf printed;
    const struct gw_setting *row;
    gw_buf_init(&printed, 1 << 20);
    gw_settings_print(&printed);
    cr_assert_eq(load("{}\n"), GW_OK, "%s", c.what);
    defaults = s;
    cr_assert_eq(load(gw_buf_text(&printed)), GW_OK, "line %d: %s", c.line, c.what);
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++)
        cr_expect_arr_eq((char *)&s + row->offset, (char *)&defaults + row->offset,
                         row->size, "%s", row->name);
    cr_expect_eq(s.endpoint_count, defaults.endpoint_count);
    cr_expect_str_eq(s.endpoints[0].name, defaults.endpoints[0].name);
    cr_expect_str_eq(s.endpoints[0].address, defaults.endpoints[0].address);
    cr_expect_eq(s.endpoints[0].plain, defaults.endpoints[0].plain);
    cr_expect_eq(s.endpoints[0].operator_count, 0);
    gw_buf_deinit(&printed);
}

Test(settings, defaults_are_those_of_the_manual, .init = setup, .fini = cleanup)
{
    cr_assert_eq(load("{}\n"), GW_OK, "%s", c.what);
    cr_expect_str_eq(s.name, "karvan");
    cr_expect_eq(s.limits.budget.event_bytes, 65536);
    cr_expect_eq(s.limits.budget.depth, 8);
    cr_expect_eq(s.limits.budget.elements, 2048);
    cr_expect_eq(s.limits.budget.string_bytes, 1024);
    cr_expect_eq(s.limits.message_bytes, 1u << 20);
    cr_expect_eq(s.limits.credit_bytes, 16u << 20);
    cr_expect_eq(s.limits.future_refuse_ms, 86400000);
    cr_expect_eq(s.limits.future_warn_ms, 600000);
    cr_expect_eq(s.journal.max_bytes, 8ull << 30);
    cr_expect_eq(s.journal.retain_ms, 30ll * 86400000);
    cr_expect(s.journal.durable);
    cr_expect_not(s.journal.retain_past_cursors);
    cr_expect_eq(s.journal.dir, s.journal_dir);
    cr_expect_str_eq(s.journal_dir, "/var/lib/karvan/journal");
    cr_expect_str_eq(s.admin_socket, "ipc:///var/lib/karvan/admin.sock");
    cr_expect_eq(s.endpoint_count, 1);
    cr_expect_str_eq(s.endpoints[0].address, "tcp://*:7400");
    cr_expect_not(s.endpoints[0].plain);
}

Test(settings, values_take_units_and_end_in_their_fields, .init = setup, .fini = cleanup)
{
    cr_assert_eq(load("session:\n  timeout_ms: 2 s\n  message_bytes: 2MiB\n"
                      "gateway: {lanes: 3, log_level: debug, name: \"Aktau hub\"}\n"
                      "journal: {retain_days: 7, durable: no, max_bytes: 1 TiB}\n"
                      "quarantine:\n"),
                 GW_OK, "line %d: %s", c.line, c.what);
    cr_expect_eq(s.limits.timeout_ms, 2000);
    cr_expect_eq(s.limits.message_bytes, 2u << 20);
    cr_expect_eq(s.lanes, 3);
    cr_expect_str_eq(s.log_level, "debug");
    cr_expect_str_eq(s.name, "Aktau hub");
    cr_expect_eq(s.journal.retain_ms, 7ll * 86400000);
    cr_expect_not(s.journal.durable);
    cr_expect_eq(s.journal.max_bytes, 1ull << 40);
}

Test(settings, paths_start_at_the_file, .init = setup, .fini = cleanup)
{
    char expected[128];
    cr_assert_eq(
        load("gateway: {data_dir: data, places_file: \"\", key_file: /etc/k.key}\n"),
        GW_OK, "%s", c.what);
    snprintf(expected, sizeof expected, "%s/operators", dir);
    cr_expect_str_eq(s.operators_dir, expected);
    snprintf(expected, sizeof expected, "ipc://%s/data/admin.sock", dir);
    cr_expect_str_eq(s.admin_socket, expected);
    cr_expect_str_eq(s.key_file, "/etc/k.key");
    cr_expect_str_empty(s.places_file);
}

static const struct {
    const char *name, *text;
    enum gw_error code;
    int line;
    const char *what, *remedy; /* parts of the complaint */
} refused[] = {
    {"unknown key", "session:\n  timeout_mss: 5\n", GW_FORMAT, 2, "session.timeout_ms",
     ""},
    {"key of another section", "session:\n  lanes: 2\n", GW_FORMAT, 2, "gateway.lanes",
     ""},
    {"nothing like it", "session:\n  zzzzzzzzzzz: 2\n", GW_FORMAT, 2, "no setting",
     "remove"},
    {"unknown section", "\njurnal:\n  durable: true\n", GW_FORMAT, 2,
     "did you mean journal", ""},
    {"below", "session:\n  max: 0\n", GW_RANGE, 2, "session.max", "1 .. 100000"},
    {"above", "budget: {event_bytes: 17 MiB}\n", GW_RANGE, 1, "17 MiB",
     "256 B .. 16 MiB"},
    {"beyond 63 bits", "session: {max: 99999999999999999999}\n", GW_RANGE, 1,
     "session.max", ""},
    {"negative", "session: {max: -1}\n", GW_FORMAT, 1, "session.max", "whole number"},
    {"fraction", "budget: {event_bytes: 1.5 MiB}\n", GW_FORMAT, 1, "1.5 MiB", "KiB"},
    {"unit of another kind", "budget: {event_bytes: 5 s}\n", GW_FORMAT, 1, "5 s", "KiB"},
    {"unit where there is none", "gateway: {lanes: 1 KiB}\n", GW_FORMAT, 1, "lanes", ""},
    {"too fine", "session: {timeout_ms: 1500001 us}\n", GW_RANGE, 1, "timeout_ms", ""},
    {"no value", "session: {max: }\n", GW_FORMAT, 1, "session.max", "whole number"},
    {"list for a value", "session:\n  max: [1]\n", GW_FORMAT, 2, "single value", ""},
    {"value for a section", "session: 5\n", GW_FORMAT, 1, "not a section", ""},
    {"list for a section", "session: [1, 2]\n", GW_FORMAT, 1, "not a section", ""},
    {"no map", "- session\n", GW_FORMAT, 1, "map of sections", ""},
    {"no truth value", "journal: {durable: maybe}\n", GW_FORMAT, 1, "maybe",
     "true or false"},
    {"word not listed", "gateway: {log_level: loud}\n", GW_RANGE, 1, "loud",
     "trace debug"},
    {"part of a word", "gateway: {log_level: inf}\n", GW_RANGE, 1, "inf", "trace debug"},
    {"empty name", "gateway: {name: \"\"}\n", GW_RANGE, 1, "gateway.name", "63"},
    {"string over event", "budget:\n  string_bytes: 2 KiB\n  event_bytes: 1 KiB\n",
     GW_RANGE, 2, "budget.string_bytes must not exceed budget.event_bytes", ""},
    {"event over message", "session:\n  message_bytes: 1 KiB\n", GW_RANGE, 2,
     "session.message_bytes", ""},
    {"marks in disorder", "journal: {warn_percent: 96}\n", GW_RANGE, 1, "warn_percent",
     ""},
    {"data_dir too long for a socket",
     "gateway: {data_dir: "
     "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n",
     GW_RANGE, 1, "data_dir", "96 bytes"},
    {"no yaml", "gateway: {name: [\n", GW_FORMAT, -1, "", ""},
    {"same key twice", "gateway: {lanes: 1, lanes: 2}\n", GW_FORMAT, 1, "lanes", ""},
};

static void expect_part(const char *name, const char *text, const char *part)
{
    cr_expect(strstr(text, part) != NULL, "%s: \"%s\" lacks \"%s\"", name, text, part);
}

Test(settings, what_is_wrong_is_refused_with_line_and_remedy, .init = setup,
     .fini = cleanup)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        enum gw_error e = load(refused[i].text);
        cr_expect_eq(e, refused[i].code, "%s: %s", refused[i].name, gw_error_name(e));
        cr_expect_str_eq(c.file, path, "%s: %s", refused[i].name, c.file);
        if (refused[i].line >= 0)
            cr_expect_eq(c.line, refused[i].line, "%s: line %d", refused[i].name, c.line);
        expect_part(refused[i].name, c.what, refused[i].what);
        expect_part(refused[i].name, c.remedy, refused[i].remedy);
        cr_expect_str_not_empty(c.remedy, "%s: no remedy", refused[i].name);
    }
}

Test(settings, a_file_that_is_not_there_is_named)
{
    cr_assert_neq(gw_settings_load(&s, "/nonexistent/gateway.yaml", &c), GW_OK);
    cr_expect_str_eq(c.file, "/nonexistent/gateway.yaml");
}

#define AT "endpoints:\n  - name: a\n    address: "

static const struct {
    const char *name, *text;
    enum gw_error code;
    int line;
    const char *what;
} endpoints[] = {
    {"every interface", AT "tcp://*:7400\n", GW_OK, 0, ""},
    {"IPv4", AT "tcp://10.0.0.1:7400\n", GW_OK, 0, ""},
    {"IPv6", AT "\"tcp://[2001:db8::1]:7400\"\n", GW_OK, 0, ""},
    {"name", AT "tcp://hub.example:7400\n", GW_OK, 0, ""},
    {"any port", AT "tcp://127.0.0.1:*\n", GW_OK, 0, ""},
    {"ipc", AT "ipc:///run/karvan/a\n", GW_OK, 0, ""},
    {"plain on loopback",
     AT "tcp://127.0.0.1:1\n    security: plain\n    operators: [x]\n", GW_OK, 0, ""},
    {"plain on IPv6 loopback",
     AT "\"tcp://[::1]:1\"\n    security: plain\n    operators: [x]\n", GW_OK, 0, ""},
    {"plain on localhost",
     AT "tcp://localhost:1\n    security: plain\n    operators: [x]\n", GW_OK, 0, ""},
    {"plain on ipc", AT "ipc:///run/a\n    security: plain\n    operators: [x]\n", GW_OK,
     0, ""},
    {"plain for all to reach", AT "tcp://*:1\n    security: plain\n    operators: [x]\n",
     GW_RANGE, 4, "other machines"},
    {"a name that begins like loopback",
     AT "tcp://127.example.org:1\n    security: plain\n    operators: [x]\n", GW_RANGE, 4,
     "other machines"},
    {"plain for nobody", AT "tcp://127.0.0.1:1\n    security: plain\n", GW_RANGE, 4,
     "must be one"},
    {"plain for two",
     AT "tcp://127.0.0.1:1\n    security: plain\n    operators: [x, y]\n", GW_RANGE, 4,
     "must be one"},
    {"security of no kind", AT "tcp://*:1\n    security: tls\n", GW_FORMAT, 4, "tls"},
    {"no port", AT "tcp://10.0.0.1\n", GW_FORMAT, 3, "no address"},
    {"port 0", AT "tcp://10.0.0.1:0\n", GW_FORMAT, 3, "no address"},
    {"port too high", AT "tcp://10.0.0.1:65536\n", GW_FORMAT, 3, "no address"},
    {"no host", AT "tcp://:7400\n", GW_FORMAT, 3, "no address"},
    {"host with a slash", AT "tcp://a/b:7400\n", GW_FORMAT, 3, "no address"},
    {"other transport", AT "udp://10.0.0.1:7400\n", GW_FORMAT, 3, "no address"},
    {"abstract ipc", AT "ipc://@karvan\n", GW_FORMAT, 3, "no address"},
    {"empty ipc", AT "ipc://\n", GW_FORMAT, 3, "no address"},
    {"no address", "endpoints:\n  - name: a\n", GW_FORMAT, 2, "no address"},
    {"no name", "endpoints:\n  - address: tcp://*:1\n", GW_FORMAT, 2, "name"},
    {"bad name", "endpoints:\n  - {name: A b, address: \"tcp://*:1\"}\n", GW_FORMAT, 2,
     "A b"},
    {"unknown key", AT "tcp://*:1\n    operator: x\n", GW_FORMAT, 4, "operators"},
    {"operators no list", AT "tcp://*:1\n    operators: x\n", GW_FORMAT, 4, "no list"},
    {"operator's bad name", AT "tcp://*:1\n    operators: [X]\n", GW_FORMAT, 4, "X"},
    {"operator twice", AT "tcp://*:1\n    operators: [x, x]\n", GW_EXISTS, 4, "twice"},
    {"name twice", AT "tcp://*:1\n  - name: a\n    address: tcp://*:2\n", GW_EXISTS, 4,
     "name a"},
    {"address twice", AT "tcp://*:1\n  - name: b\n    address: tcp://*:1\n", GW_EXISTS, 4,
     "tcp://*:1"},
    {"empty list", "endpoints: []\n", GW_FORMAT, 1, "endpoints"},
    {"no list", "endpoints: tcp://*:1\n", GW_FORMAT, 1, "endpoints"},
    {"item no map", "endpoints: [a]\n", GW_FORMAT, 1, "not an endpoint"},
};

Test(settings, endpoints_are_checked, .init = setup, .fini = cleanup)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        enum gw_error e = load(endpoints[i].text);
        cr_expect_eq(e, endpoints[i].code, "%s: %s: %s", endpoints[i].name,
                     gw_error_name(e), c.what);
        cr_expect_eq(c.line, endpoints[i].line, "%s: line %d", endpoints[i].name, c.line);
        expect_part(endpoints[i].name, c.what, endpoints[i].what);
    }
}

Test(settings, a_relative_socket_starts_at_the_file, .init = setup, .fini = cleanup)
{
    char expected[128];
    cr_assert_eq(load(AT "ipc://run/a.sock\n"), GW_OK, "%s", c.what);
    snprintf(expected, sizeof expected, "ipc://%s/run/a.sock", dir);
    cr_expect_str_eq(s.endpoints[0].address, expected);
    cr_expect_eq(s.endpoints[0].line, 2);
}

Test(settings, the_key_must_be_there_and_private, .init = setup, .fini = cleanup)
{
    cr_assert_eq(load("gateway: {key_file: gateway.yaml}\n"), GW_OK);
    chmod(path, 0604);
    cr_expect_eq(gw_settings_check_key(&s, &c), GW_IO);
    cr_expect(strstr(c.remedy, "chmod 600") != NULL, "%s", c.remedy);
    chmod(path, 0600);
    cr_expect_eq(gw_settings_check_key(&s, &c), GW_OK);
    snprintf(s.key_file, sizeof s.key_file, "/nonexistent/gateway.key");
    cr_expect_eq(gw_settings_check_key(&s, &c), GW_NOT_FOUND);
    cr_expect(strstr(c.remedy, "karvan keygen /nonexistent/gateway.key") != NULL, "%s",
              c.remedy);
    s.endpoints[0].plain = true;
    cr_expect_eq(gw_settings_check_key(&s, &c), GW_OK, "no curve endpoint, no key");
}

Test(settings, every_row_is_documented_and_within_its_bounds)
{
    const struct gw_setting *row;
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++) {
        size_t len = strlen(row->meaning);
        cr_expect(len > 10 && row->meaning[len - 1] == '.', "%s: meaning", row->name);
        cr_expect_eq(gw_setting_find(row->name), row, "%s: doubled", row->name);
        cr_expect_eq(gw_setting_set(row, (struct gw_ynode){0}, row->initial, &s, &c),
                     GW_OK, "%s: default", row->name);
        if (row->kind == GW_SETTING_NUMBER && row->size == sizeof(uint32_t))
            cr_expect_leq(row->most * row->scale, UINT32_MAX, "%s: wider than its field",
                          row->name);
    }
}

Test(quantity, reads_whole_numbers_with_units)
{
    static const struct {
        const char *text, *unit;
        enum gw_error code;
        int64_t value;
    } cases[] = {
        {"0", "B", GW_OK, 0},
        {"64 KiB", "B", GW_OK, 65536},
        {"64KiB", "B", GW_OK, 65536},
        {"10", "ms", GW_OK, 10},
        {"10 s", "ms", GW_OK, 10000},
        {"48 h", "d", GW_OK, 2},
        {"1 d", "ms", GW_OK, 86400000},
        {"3000 ms", "us", GW_OK, 3000000},
        {"95", "%", GW_OK, 95},
        {"36 h", "d", GW_RANGE, 0},
        {"", "B", GW_FORMAT, 0},
        {" 1", "B", GW_FORMAT, 0},
        {"+1", "B", GW_FORMAT, 0},
        {"1 kB", "B", GW_FORMAT, 0},
        {"1 KiB ", "B", GW_FORMAT, 0},
        {"5 %", "%", GW_FORMAT, 0},
        {"0x10", "", GW_FORMAT, 0},
        {"9223372036854775808", "", GW_RANGE, 0},
        {"9000000 TiB", "B", GW_RANGE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t n = 0;
        cr_expect_eq(gw_quantity_read(cases[i].text, cases[i].unit, &n), cases[i].code,
                     "\"%s\"", cases[i].text);
        cr_expect_eq(n, cases[i].value, "\"%s\"", cases[i].text);
    }
}

Test(quantity, writes_the_largest_exact_unit)
{
    static const struct {
        int64_t value;
        const char *unit, *text;
    } cases[] = {{65536, "B", "64 KiB"}, {65537, "B", "65537 B"},
                 {0, "B", "0 B"},        {86400000, "ms", "1 d"},
                 {90000, "ms", "90 s"},  {7, "", "7"},
                 {80, "%", "80 %"},      {INT64_MAX, "d", "9223372036854775807 d"}};
    struct gw_buf out;
    gw_buf_init(&out, 64);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gw_buf_reset(&out);
        gw_quantity_write(cases[i].value, cases[i].unit, &out);
        cr_expect_str_eq(gw_buf_text(&out), cases[i].text);
    }
    gw_buf_deinit(&out);
}

Test(nearest, finds_slips_and_nothing_else)
{
    static const struct {
        const char *word, *best;
    } cases[] = {{"nmae", "name"}, {"titel", "title"},      {"contry", "country"},
                 {"x", NULL},      {"profiles", "profile"}, {"zzzzzz", NULL}};
    static const char *const known[] = {"name", "title", "country", "profile"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_nearest n = gw_nearest_to(cases[i].word);
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            gw_nearest_offer(&n, known[k]);
        if (cases[i].best)
            cr_expect_str_eq(n.best ? n.best : "", cases[i].best, "%s", cases[i].word);
        else
            cr_expect_null(n.best, "%s: %s", cases[i].word, n.best);
    }
    cr_expect_eq(gw_edit_distance("kitten", "sitting"), 3);
}
