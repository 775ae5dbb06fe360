/* test_live_box.c - live events on their way out: the newest, at most once, all counted.
 */
#include <criterion/criterion.h>
#include "adapters/live_box.h"
#include <stdio.h>
#include <stdlib.h>

/* A format that cannot carry events that say "bad". */
static enum gw_error encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault)
{
    (void)state;
    for (uint32_t i = 0; i < events->count; i++) {
        struct gw_slice e = gw_events_at(events, i);
        if (memmem(e.at, e.len, "bad", 3))
            return gw_fail(fault, GW_RANGE, i, "bad");
        gw_buf_slice(out, e);
    }
    return gw_buf_status(out);
}

static const struct gw_adapter adapter = {.name = "fake", .encode = encode};
static struct gw_format format = {.adapter = &adapter};
static struct gw_live_box box;
static struct gw_sink_message m;

static void begin(void)
{
    gw_live_box_init(&box);
}

static void end(void)
{
    gw_live_box_deinit(&box);
}

TestSuite(live_box, .init = begin, .fini = end);

static void put(const char *words, uint64_t behind)
{
    gw_live_box_add(&box, gw_slice_str(words), behind);
}

static void expect(const char *content, uint32_t events)
{
    gw_live_box_make(&box, &format, 3, "sub", ".x", 17, &m);
    cr_expect_eq(m.events, events, "%u events", m.events);
    cr_expect(gw_slice_is(m.bytes, content), "%.*s", GW_FMT(m.bytes));
}

Test(live_box, in_order_and_no_more_than_asked)
{
    put("a", 0);
    put("b", 7);
    put("c", 7);
    put("d", 9);
    cr_expect_eq(box.behind, 9);
    expect("abc", 3);
    cr_expect_str_eq(m.name, "sub-live-17-1.x");
    gw_live_box_settle(&box, m.events, true);
    expect("d", 1);
    gw_live_box_settle(&box, m.events, false);
    expect("", 0);
    cr_expect_eq(box.sent, 3);
    cr_expect_eq(box.dropped, 1);
}

Test(live_box, what_the_format_cannot_carry_is_dropped)
{
    put("bad1", 0);
    put("a", 0);
    put("bad2", 0);
    put("bad3", 0);
    expect("a", 1);
    expect("", 0);
    cr_expect_eq(box.dropped, 3);
}

Test(live_box, the_older_half_makes_room)
{
    char words[16];
    for (unsigned i = 0; i <= GW_LIVE_MOST; i++) {
        (void)snprintf(words, sizeof words, "%u.", i);
        put(words, i);
    }
    cr_expect_eq(box.dropped, GW_LIVE_MOST / 2);
    cr_expect_eq(gw_live_box_count(&box), GW_LIVE_MOST / 2 + 1);
    expect("512.513.514.", 3);
    gw_live_box_clear(&box);
    cr_expect_eq(box.dropped, GW_LIVE_MOST - 2);
    cr_expect_eq(box.behind, 0);
    expect("", 0);
}

/* One that is larger than the box is dropped, the others with it: it was newer. */
Test(live_box, larger_than_the_box)
{
    char *large = malloc(5u << 20);
    cr_assert(large);
    memset(large, 'x', 5u << 20);
    put("a", 3);
    gw_live_box_add(&box, gw_slice(large, 5u << 20), 4);
    free(large);
    cr_expect_eq(box.dropped, 2);
    cr_expect_eq(gw_live_box_count(&box), 0);
}
