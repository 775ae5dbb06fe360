/* test_event_make.c - events from beginning to end. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "adapters/kit/event_make.h"
#include "adapters/kit/iso_time.h"
#include "model/json.h"

static struct gw_maker maker;
static struct gw_events events;
static struct gw_options options;

static void setup(void)
{
    struct gw_text why;
    gw_options_default(&options);
    gw_events_init(&events, 1u << 20, 1000);
    cr_assert_eq(gw_maker_open(&maker, &options, "test", &why), GW_OK, "%s", why.s);
    gw_maker_message(&maker, GW_LIT("abc"));
}

static void teardown(void)
{
    gw_maker_close(&maker);
    gw_events_deinit(&events);
}

TestSuite(event_make, .init = setup, .fini = teardown);

static void begin(const char *type)
{
    struct gw_civil c;
    cr_assert_eq(gw_iso_time(GW_LIT("2026-11-24T14:05:09+05:00"), &c), GW_OK);
    gw_event_begin(&maker, type, "actual", NULL);
    gw_event_moment(&maker, &c, NULL);
}

/* The event as JSON, with `end` having to succeed. */
static const char *finished(void)
{
    static struct gw_buf text;
    struct gw_fault fault = {0};
    struct gw_tree t;
    enum gw_error e = gw_event_end(&maker, &events, &fault);
    cr_assert_eq(e, GW_OK, "%s %s %s", gw_error_text(e), fault.field,
                 fault.rule ? fault.rule : "");
    gw_buf_init(&text, 1u << 20);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(
        gw_json_from_msgpack(&t, gw_events_at(&events, events.count - 1), &text, &fault),
        GW_OK);
    gw_tree_deinit(&t);
    return gw_buf_text(&text);
}

static void expect_in(const char *text, const char *part)
{
    cr_expect(strstr(text, part), "no %s in %s", part, text);
}

Test(event_make, the_usual_event)
{
    begin("load");
    gw_event_str(&maker, maker.root, "place.unlocode", GW_LIT("KZAAU"));
    gw_event_equipment(&maker, "container", GW_LIT("csqu 305438-3"));
    gw_event_reference(&maker, "booking", GW_LIT("BKG1"));
    gw_event_reference(&maker, "booking", GW_LIT("BKG1"));
    gw_event_measure(&maker, "gross", 12000, "KGM");
    const char *text = finished();
    expect_in(text, "\"schema\":1,\"id\":\"h-");
    expect_in(text, "\"subject\":\"equipment\"");
    expect_in(text, "\"time_offset\":300,\"time_basis\":\"stated-offset\"");
    expect_in(text, "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\","
                    "\"scheme\":\"iso6346\",\"check\":\"ok\"}]");
    expect_in(text, "\"references\":[{\"scheme\":\"booking\",\"value\":\"BKG1\"}]");
    expect_in(text, "\"source\":{\"format\":\"test\",\"sha256\":\"ba7816bf");
    expect_in(text, "{\"rule\":\"normalised\",\"severity\":\"info\",\"field\":"
                    "\"equipment[0].id\",\"raw\":\"csqu 305438-3\"}");
}

Test(event_make, what_is_too_long_is_cut_or_left_out_and_noted)
{
    char name[400], code[80], want[500];
    memset(name, 'n', sizeof name);
    memset(code, 'c', sizeof code);
    memcpy(name + 255, "\xD0\x96", 2); /* a letter across the limit */
    begin("other");
    gw_event_str(&maker, maker.root, "place.name", gw_slice(name, sizeof name));
    gw_event_str(&maker, maker.root, "place.unlocode", GW_LIT("KZAAUX"));
    gw_event_reference(&maker, "booking", gw_slice(code, 36));
    gw_event_reference(&maker, "booking", gw_slice(code, 35));
    const char *text = finished();
    (void)snprintf(want, sizeof want, "\"place\":{\"name\":\"%.255s\"}", name);
    expect_in(text, want);
    expect_in(text,
              "\"rule\":\"too-long\",\"severity\":\"warn\",\"field\":\"place.name\"");
    expect_in(text, "\"field\":\"place.unlocode\",\"raw\":\"KZAAUX\"");
    (void)snprintf(want, sizeof want,
                   "\"references\":[{\"scheme\":\"booking\",\"value\":\"%.35s\"}]", code);
    expect_in(text, want);
    expect_in(text, "\"field\":\"references[0].value\"");
}

Test(event_make, lists_end_at_their_limit)
{
    begin("other");
    for (int i = 0; i < 70; i++)
        gw_event_measure(&maker, "gross", i, "KGM");
    const char *text = finished();
    expect_in(text,
              "\"rule\":\"list-full\",\"severity\":\"warn\",\"field\":\"measures\"");
    expect_in(text, "\"value\":63.0");
    cr_expect_null(strstr(text, "\"value\":64.0"));
}

Test(event_make, no_room_is_a_refusal_and_leaves_nothing)
{
    struct gw_fault fault = {0};
    begin("other");
    for (int i = 0; i < 4200; i++) {
        char path[32];
        (void)snprintf(path, sizeof path, "ext.k%d", i);
        gw_event_int(&maker, maker.root, path, i);
    }
    cr_expect_eq(gw_event_end(&maker, &events, &fault), GW_ELEMENTS);
    cr_expect_not_null(fault.rule);
    cr_expect_eq(events.count, 0);
    begin("other");
    (void)finished();
    cr_expect_eq(events.count, 1, "the next one is as good as ever");
}

Test(event_make, numbers_that_are_none_are_left_out)
{
    begin("other");
    gw_event_float(&maker, maker.root, "place.lat", 0.0 / 0.0);
    gw_event_measure(&maker, "gross", 1.0 / 0.0, "KGM");
    const char *text = finished();
    cr_expect_null(strstr(text, "\"measures\":"));
    cr_expect_null(strstr(text, "\"place\":"));
    expect_in(text, "\"rule\":\"number\"");
}

Test(event_make, what_the_schema_does_not_allow_is_refused)
{
    struct gw_fault fault = {0};
    begin("other");
    gw_event_float(&maker, maker.root, "place.lat", 91);
    cr_expect_eq(gw_event_end(&maker, &events, &fault), GW_OUT_OF_RANGE);
    cr_expect_str_eq(fault.field, "place.lat");
    cr_expect_eq(events.count, 0);
}

Test(event_make, ext_is_copied_within_bounds)
{
    static const char json[] = "{\"s\":\"x\",\"n\":null,\"l\":[1,2.5,{\"a\":true}],"
                               "\"deep\":{\"a\":{\"b\":{\"c\":"
                               "{\"d\":{\"e\":{\"f\":{\"g\":1}}}}}}}}";
    struct gw_tree t;
    uint32_t root;
    struct gw_fault fault = {0};
    const struct gw_budget budget = {65536, 20, 1000, 1000};
    cr_assert_eq(gw_tree_init(&t, &budget), GW_OK);
    cr_assert_eq(gw_json_read_document(&t, gw_slice_str(json), &root, &fault), GW_OK);
    begin("other");
    gw_event_ext(&maker, "x.l", &t, gw_tree_at(&t, root, "l"));
    gw_event_ext(&maker, "x.s", &t, gw_tree_at(&t, root, "s"));
    gw_event_ext(&maker, "x.n", &t, gw_tree_at(&t, root, "n"));
    gw_event_ext(&maker, "x.deep", &t, gw_tree_at(&t, root, "deep"));
    const char *text = finished();
    expect_in(text, "\"ext\":{\"x.l\":[1,2.5,{\"a\":true}],\"x.s\":\"x\"}");
    expect_in(text, "\"rule\":\"left-out\",\"severity\":\"warn\",\"field\":\"x.deep\"");
    gw_tree_deinit(&t);
}
