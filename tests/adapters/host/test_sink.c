/* test_sink.c - events into messages: what is done with, and never before it is. */
#include <criterion/criterion.h>
#include "adapters/host/scratch.h"
#include "adapters/ndjson.h"
#include "adapters/sink.h"

static struct gw_sink *sink;
static struct gw_format format;
static struct gw_options options;
static struct gw_text why;
static struct gw_sink_message m;

static void open_sink(void)
{
    static char dir[256];
    (void)snprintf(dir, sizeof dir, "%s/out", scratch);
    struct gw_sink_settings set = {.folder = dir,
                                   .subscription = "sub",
                                   .suffix = ".txt",
                                   .every_events = 3,
                                   .every_ms = 1000};
    cr_assert_eq(gw_sink_open(&sink, &set, &format, &why), GW_OK, "%s", why.s);
}

static void begin(void)
{
    scratch_make();
    gw_options_default(&options);
    cr_assert_eq(gw_format_open(&format, &gw_adapter_ndjson, &options, &why), GW_OK);
    open_sink();
}

static void end(void)
{
    gw_sink_close(sink);
    gw_format_close(&format);
    scratch_remove();
}

TestSuite(sink, .init = begin, .fini = end);

static void reopen(void)
{
    gw_sink_close(sink);
    open_sink();
}

static void put(uint64_t seq)
{
    char id[32];
    struct gw_events ev;
    (void)snprintf(id, sizeof id, "%u", (unsigned)seq);
    gw_events_init(&ev, 4096, 4);
    scratch_event(&ev, id);
    cr_assert_eq(gw_sink_event(sink, seq, gw_events_at(&ev, 0), 0), GW_OK);
    gw_events_deinit(&ev);
}

static void make(const char *content)
{
    cr_assert_eq(gw_sink_make(sink, &m, &why), GW_OK, "%s", why.s);
    cr_assert(gw_slice_is(m.bytes, content), "%.*s", GW_FMT(m.bytes));
}

Test(sink, a_message_is_due_by_number_or_by_time)
{
    cr_assert_eq(gw_sink_due_in(sink, 0), -1);
    put(1);
    cr_assert_eq(gw_sink_due_in(sink, 400), 600);
    cr_assert_eq(gw_sink_due_in(sink, 5000), 0);
    put(2);
    put(3);
    cr_assert_eq(gw_sink_due_in(sink, 0), 0);
}

Test(sink, nothing_is_done_with_before_it_is_delivered)
{
    put(5);
    put(9);
    gw_sink_position(sink, 12);
    cr_assert_eq(gw_sink_done(sink), 0);
    make("{\"id\":\"5\"}\n{\"id\":\"9\"}\n");
    cr_assert_str_eq(m.name, "sub-000000000005-000000000009.txt");
    cr_assert_eq(gw_sink_done(sink), 0);
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    cr_assert_eq(gw_sink_done(sink), 12);
    cr_assert_eq(gw_sink_cursor(sink), 9);
}

Test(sink, what_comes_while_one_is_under_way_goes_into_the_next)
{
    put(1);
    make("{\"id\":\"1\"}\n");
    put(2);
    gw_sink_position(sink, 2);
    cr_assert_eq(gw_sink_due_in(sink, 99999), -1);
    make("{\"id\":\"1\"}\n");
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    cr_assert_eq(gw_sink_done(sink), 1);
    make("{\"id\":\"2\"}\n");
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    cr_assert_eq(gw_sink_done(sink), 2);
}

Test(sink, no_message_holds_more_than_every_events)
{
    char expected[128];
    for (uint64_t seq = 1; seq <= 8; seq++)
        put(seq);
    gw_sink_position(sink, 20);
    for (unsigned from = 1; from <= 7; from += 3) {
        int n = 0;
        for (unsigned i = from; i < from + 3 && i <= 8; i++)
            n += snprintf(expected + n, sizeof expected - (size_t)n, "{\"id\":\"%u\"}\n",
                          i);
        make(expected);
        cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
        cr_assert_eq(gw_sink_done(sink), from == 7 ? 20 : from + 2);
    }
    cr_assert_eq(gw_sink_due_in(sink, 0), -1);
}

Test(sink, a_reconnect_repeats_nothing_that_is_under_way)
{
    put(1);
    put(2);
    make("{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
    gw_sink_restart(sink, 1);
    put(1);
    put(2);
    put(3);
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    make("{\"id\":\"3\"}\n");
}

Test(sink, a_gateway_set_back_is_followed)
{
    put(100);
    make("{\"id\":\"100\"}\n");
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    gw_sink_restart(sink, 4);
    put(4);
    make("{\"id\":\"4\"}\n");
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    cr_assert_eq(gw_sink_done(sink), 4);
}

Test(sink, the_cursor_survives_and_passes_over_what_was_delivered)
{
    put(7);
    make("{\"id\":\"7\"}\n");
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    put(8); /* gathered, never delivered */
    reopen();
    cr_assert_eq(gw_sink_cursor(sink), 7);
    put(7);
    put(8);
    make("{\"id\":\"8\"}\n");
}

Test(sink, what_the_receiver_never_takes_lies_in_failed_with_the_reason)
{
    put(1);
    make("{\"id\":\"1\"}\n");
    cr_assert_eq(gw_sink_failed(sink, GW_LIT("410 gone\n"), &why), GW_OK);
    cr_assert_str_eq(scratch_get("out/failed/sub-000000000001-000000000001.txt"),
                     "{\"id\":\"1\"}\n");
    cr_assert_str_eq(
        scratch_get("out/failed/sub-000000000001-000000000001.txt.reason.txt"),
        "410 gone\n");
    cr_assert_eq(gw_sink_done(sink), 1);
}

/* Carries no event whose id is 2. */
static enum gw_error encode_some(void *state, const struct gw_events *events,
                                 struct gw_buf *out, struct gw_fault *fault)
{
    (void)state;
    for (uint32_t i = 0; i < events->count; i++) {
        struct gw_slice e = gw_events_at(events, i);
        if (e.at[e.len - 1] == '2')
            return gw_fail(fault, GW_RANGE, i, "no twos");
        gw_buf_slice(out, gw_slice(e.at + e.len - 1, 1));
    }
    return gw_buf_status(out);
}

Test(sink, what_the_format_cannot_carry_is_set_aside)
{
    static const struct gw_adapter picky = {
        .name = "picky", .standard = "", .edition = "", .encode = encode_some};
    format.adapter = &picky;
    put(1);
    put(2);
    put(3);
    make("13");
    cr_assert_eq(m.events, 2);
    cr_assert_eq(gw_sink_delivered(sink, &why), GW_OK);
    const char *aside = scratch_get("out/unsent/sub-000000000001-000000000003.ndjson");
    cr_assert(strstr(aside, "no twos") && strstr(aside, "\"id\":\"2\""), "%s", aside);
    put(12);
    cr_assert_eq(gw_sink_make(sink, &m, &why), GW_OK);
    cr_assert_eq(m.events, 0);
    cr_assert_eq(gw_sink_done(sink), 12);
    format.adapter = &gw_adapter_ndjson;
}
