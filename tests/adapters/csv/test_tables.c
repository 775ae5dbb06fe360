/* test_tables.c - tables in and out. */
#include "adapters/csv/csv.h"
#include "adapters/layout_file.h"
#include "../kit/codec.h"

#define HERE GW_SOURCE_DIR "/tests/adapters/csv"

static struct codec c;

/* A port's list, as a port writes it. */
static const char port[] =
    "separator ;\ndecimal ,\ntime \"DD.MM.YYYY hh:mm\"\n"
    "zone Asia/Almaty\n"
    "column \"Container\" equipment[0].id\n"
    "column \"Move\" type map moves\n"
    "column \"Time\" time\n"
    "column \"Weight, t\" measures[0].value scale 1000\n"
    "column \"Full\" equipment[0].load map full\n"
    "column \"Booking\" references[0].value\n"
    "column \"Note\" ext.note\n"
    "constant equipment[0].kind container\n"
    "constant measures[0].kind gross\nconstant measures[0].unit KGM\n"
    "constant references[0].scheme booking\n"
    "constant place.unlocode KZAAU\n"
    "map moves IN gate-in\nmap moves OUT gate-out\nmap moves * other\n"
    "map full V laden\nmap full P empty\n";

/* Open again with a layout. */
static void with(const char *layout)
{
    struct gw_text why = {""};
    c.adapter->close(c.state);
    memset(c.state, 0, c.adapter->size);
    c.options.layout = layout;
    cr_assert_eq(c.adapter->open(c.state, &c.options, &why), GW_OK, "%s", why.s);
}

static void setup(void)
{
    codec_open(&c, &gw_adapter_csv);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(csv, .init = setup, .fini = teardown);

Test(csv, samples_decode_as_expected_and_back)
{
    cr_expect_eq(codec_each(&c, HERE "/samples", ".table", codec_sample), 1);
    cr_expect_eq(codec_each(&c, HERE "/samples", ".table", codec_round), 1);
}

Test(csv, a_declared_table)
{
    static const char table[] =
        "Time;Container;Move;Weight, t;Full;Booking;Note\r\n"
        "25.10.2026 14:05;CSQU3054383;IN;21,48;V;BKG1;\"a; b\"\r\n"
        "25.10.2026 15:00;CSQU3054383;LIFT;;?;;\r\n";
    struct gw_buf text;
    struct gw_fault f = {0};
    with(port);
    const char *lines = codec_taken(&c, table);
    codec_expect(lines,
                 "\"type\":\"gate-in\",\"class\":\"actual\",\"subject\":\"equipment\","
                 "\"time\":1792919100000,\"time_basis\":\"assumed-zone\","
                 "\"time_precision\":\"minute\"");
    codec_expect(
        lines, "\"measures\":[{\"kind\":\"gross\",\"value\":21480.0,\"unit\":\"KGM\"}]");
    codec_expect(lines, "\"load\":\"laden\"");
    codec_expect(lines, "\"state\":{\"list\":\"moves\",\"code\":\"IN\"}");
    codec_expect(lines, "\"ext\":{\"note\":\"a; b\"}");
    codec_expect(lines, "\"type\":\"other\"");
    codec_expect(lines, "\"state\":{\"list\":\"moves\",\"code\":\"LIFT\"}");
    codec_expect(lines, "\"rule\":\"unknown-code\",\"severity\":\"warn\",\"field\":"
                        "\"equipment[0].load\",\"raw\":\"?\"");
    cr_expect_eq(c.events.count, 2);
    gw_buf_init(&text, 65536);
    cr_assert_eq(c.adapter->encode(c.state, &c.events, &text, &f), GW_OK);
    cr_expect_str_eq(gw_buf_text(&text),
                     "Container;Move;Time;Weight, t;Full;Booking;Note\r\n"
                     "CSQU3054383;IN;25.10.2026 14:05;21,48;V;BKG1;\"a; b\"\r\n"
                     "CSQU3054383;LIFT;25.10.2026 15:00;;;;\r\n");
    gw_buf_deinit(&text);
}

Test(csv, without_a_header_and_in_order)
{
    with("header no\nskip 1\ntime epoch-s\ncolumn #2 time\ncolumn #1 equipment[0].id\n"
         "constant type position\ncolumn #3 place.lat\ncolumn #4 place.lon\n");
    const char *lines =
        codec_taken(&c, "list of 25 October\nCSQU3054383,1793000000,43.5,51.25\n");
    codec_expect(lines, "\"time\":1793000000000,\"time_basis\":\"stated-utc\"");
    codec_expect(lines, "\"place\":{\"lat\":43.5,\"lon\":51.25}");
}

Test(csv, refusals_of_a_layout)
{
    static const struct {
        const char *layout, *words;
    } rows[] = {
        {"nonsense", "no such directive"},
        {"time hh:mm\nconstant type load\ncolumn A time\n", "lacks year"},
        {"zone Asia/Nowhere\nconstant type load\ncolumn A time\n", "Asia/Nowhere"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_text why = {""};
        void *state = calloc(1, gw_adapter_csv.size);
        struct gw_options o = c.options;
        o.layout = rows[i].layout;
        cr_expect_neq(gw_adapter_csv.open(state, &o, &why), GW_OK);
        cr_expect(strstr(why.s, rows[i].words), "%s", why.s);
        gw_adapter_csv.close(state);
        free(state);
    }
}

Test(csv, refusals)
{
    static const struct {
        const char *layout, *text, *rule, *field;
        unsigned line;
    } rows[] = {
        {NULL, "", "header", "", 0},
        {NULL, "type,colour\n", "header", "no such path", 1},
        {NULL, "type,time\nload,\n", "required field", "time", 2},
        {NULL, "type,time\n,2026-10-25\n", "required field", "type", 2},
        {NULL, "type,time\nload,2026-10-25\nload,soon\n", "date and time", "time", 3},
        {NULL, "type,time\nload,\"2026-10-25\n", "row", "a quote", 2},
        {NULL, "type,time,place.lat\nload,2026-10-25,north\n", "number", "place.lat", 2},
        {NULL, "type,time,place.lat\nload,2026-10-25,91\n",
         "a value is outside its bounds", "place.lat", 2},
        {NULL, "type,time,place.name\nload,2026-10-25,\xff\n", "character set",
         "place.name", 2},
        {NULL, "type,time,document.size\nload,2026-10-25,1e300\n", "number",
         "document.size", 2},
        {NULL, "type,time,recorded\nload,2026-10-25,x\n", "date and time", "recorded", 2},
        {port, "Container;Move\n", "header", "no such column", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        with(rows[i].layout);
        cr_expect_neq(codec_decode(&c, gw_slice_str(rows[i].text)), GW_OK, "%s",
                      rows[i].text);
        cr_expect_str_eq(c.report.fault.rule, rows[i].rule, "%s", rows[i].text);
        cr_expect_str_eq(c.report.fault.field, rows[i].field, "%s", rows[i].text);
        cr_expect_eq(c.report.segment, rows[i].line, "%s", rows[i].text);
    }
}

Test(csv, the_refused_value_is_pointed_at)
{
    static const char text[] = "type,time\nload,2026-10-25\nload,soon\n";
    (void)codec_decode(&c, gw_slice_str(text));
    cr_expect(strncmp(text + c.report.fault.at, "soon", 4) == 0);
    codec_expect(c.report.detail, "line 3: time: soon");
}

Test(csv, an_unknown_type_is_other_and_keeps_its_code)
{
    const char *lines = codec_taken(&c, "type,time\nteleported,2026-10-25T10:00:00Z\n");
    codec_expect(lines, "\"type\":\"other\"");
    codec_expect(lines, "\"state\":{\"code\":\"teleported\"}");
}

Test(csv, a_layout_out_of_a_file)
{
    struct gw_format f = {0};
    struct gw_text why = {""};
    struct gw_report report;
    cr_assert_eq(gw_format_open_laid(&f, &gw_adapter_csv, &c.options,
                                     HERE "/layouts/port.layout", &why),
                 GW_OK, "%s", why.s);
    gw_events_reset(&c.events);
    cr_expect_eq(gw_format_decode(
                     &f, GW_LIT("Time;Container;Move\n25.10.2026 14:05;CSQU3054383;IN\n"),
                     &c.events, &report),
                 GW_OK, "%s", report.detail);
    codec_expect(codec_lines(&c), "\"type\":\"gate-in\"");
    gw_format_close(&f);
    cr_expect_eq(
        gw_format_open_laid(&f, &gw_adapter_csv, &c.options, HERE "/nowhere", &why),
        GW_NOT_FOUND);
    cr_expect(strstr(why.s, "nowhere"), "%s", why.s);
    gw_format_close(&f);
}
