/* test_telemetry.c - live events on the workbench: the newest of each object, to those
 * who asked, behind all business events, and nothing in the journal. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "model/canon.h"
#include "pipeline/patience.h"
#include "unit/pipeline/bench_of_one.h"

static struct workbench *w;

static void setup(void)
{
    w = calloc(1, sizeof *w);
    workbench_open(w);
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
}
static void cleanup(void)
{
    workbench_close(w);
    free(w);
}

TestSuite(telemetry, .init = setup, .fini = cleanup);

#define NOTHING gw_slice(NULL, 0)

/* A position (or another type) of ship `mmsi`, told apart by its id. */
static void add_event(struct gw_buf *body, const char *type, unsigned mmsi, unsigned id)
{
    struct gw_tree t;
    char text[32];
    uint32_t root;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    root = gw_tree_root(&t);
    gw_tree_set_int(&t, root, "schema", 1);
    (void)snprintf(text, sizeof text, "P-%u", id);
    gw_tree_set_str(&t, root, "id", gw_tree_text(&t, gw_slice_str(text)));
    gw_tree_set_str(&t, root, "type", gw_slice_str(type));
    gw_tree_set_str(&t, root, "class", GW_LIT("actual"));
    gw_tree_set_str(&t, root, "subject", GW_LIT("transport"));
    gw_tree_set_int(&t, root, "time", 1795439100000);
    gw_tree_set_str(&t, root, "time_basis", GW_LIT("stated-utc"));
    gw_tree_set_str(&t, root, "place.country", GW_LIT("KZ"));
    if (mmsi) {
        (void)snprintf(text, sizeof text, "%09u", mmsi);
        gw_tree_set_str(&t, root, "transport.means.mmsi", gw_slice_str(text));
    }
    cr_assert_eq(gw_msgpack_write(&t, root, body), GW_OK);
    gw_tree_deinit(&t);
}

static void put_live(struct gw_slice body)
{
    struct gw_header h = {.op = GW_OP_PUBLISH, .flags = GW_FLAG_LIVE};
    workbench_put(w, 1, "alpha", &h, body);
    workbench_settle(w);
}

static void live(const char *type, unsigned mmsi, unsigned id)
{
    struct gw_buf body;
    gw_buf_init(&body, 1u << 16);
    add_event(&body, type, mmsi, id);
    put_live(gw_buf_bytes(&body));
    gw_buf_deinit(&body);
}

static void listen(uint32_t peer, const char *who, const char *name)
{
    workbench_subscribe(w, peer, who, name, "latest", "live=true", NULL);
    workbench_credit(w, peer, who, name, 0, 1000);
}

/* The next message to a peer holds live events with these ids, "P-3 P-2". */
static void expect_live(uint32_t peer, const char *ids)
{
    struct sent *s = workbench_expect(w, peer, GW_OP_EVENTS);
    struct gw_slice rest = gw_buf_bytes(&s->body);
    struct gw_buf got;
    struct gw_tree t;
    size_t used;
    uint32_t root;
    cr_expect_eq(s->h.flags, GW_FLAG_LIVE);
    cr_expect_eq(s->h.from, 0);
    cr_expect_eq(s->h.to, 0);
    gw_buf_init(&got, 4096);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    for (; rest.len; rest = gw_slice(rest.at + used, rest.len - used)) {
        cr_assert_eq(gw_tree_read(&t, rest, &used, &root, NULL), GW_OK);
        cr_expect_eq(gw_tree_child(&t, root, GW_LIT("seq")), GW_NODE_NONE);
        gw_buf_printf(&got, "%s%.*s", got.len ? " " : "",
                      GW_FMT(gw_tree_str(&t, root, "id")));
    }
    cr_expect_str_eq(gw_buf_text(&got), ids);
    gw_tree_deinit(&t);
    gw_buf_deinit(&got);
}

static void expect_nothing(uint32_t peer)
{
    struct sent *s = workbench_take(w, peer);
    cr_expect_null(s, "%s came", s ? gw_op_name(s->h.op) : "");
}

Test(telemetry, the_newest_of_each_object_reaches_who_asked)
{
    listen(2, "beta", "ships");
    live("position", 1, 1);
    expect_live(2, "P-1");
    workbench_credit(w, 2, "beta", "ships", 0, 1000);
    w->next_send = GW_AGAIN; /* no room towards anybody for a while */
    live("position", 1, 2);
    live("position", 2, 3);
    live("position", 1, 4);
    live("condition", 1, 5);
    live("position", 1, 6);
    w->next_send = GW_OK;
    workbench_settle(w);
    expect_live(2, "P-3 P-5 P-6");
    expect_nothing(2);
    expect_nothing(1); /* the sender hears nothing */
    cr_expect_eq(workbench_counters(w).live_taken, 6);
    cr_expect_eq(workbench_counters(w).live_objects, 3);
    cr_expect_eq(workbench_counters(w).live_delivered, 4);
}

Test(telemetry, nothing_of_it_is_journalled)
{
    struct gw_journal_status st;
    live("position", 1, 1);
    live("alert", 1, 2);
    w->journal->ops->status(w->journal, &st);
    cr_expect_eq(st.last_seq, 0);
    cr_expect_eq(st.quarantined, 0);
    cr_expect_eq(workbench_counters(w).in_journal, 0);
    cr_expect_eq(workbench_counters(w).live_taken, 2);
}

Test(telemetry, others_never_see_it)
{
    workbench_subscribe(w, 2, "beta", "plain", "latest", NULL);
    workbench_credit(w, 2, "beta", "plain", 0, 1000);
    workbench_subscribe(w, 2, "beta", "loads", "latest", "type=load", "live=true", NULL);
    workbench_credit(w, 2, "beta", "loads", 0, 1000);
    live("position", 1, 1);
    expect_nothing(2);
}

Test(telemetry, sharing_rules_and_masks_hold)
{
    struct gw_rule *r = &w->directory->operators[0].rules[0];
    struct sent *s;
    struct gw_tree t;
    size_t used;
    uint32_t root;
    workbench_hello(w, 3, "gamma", "sink");
    listen(3, "gamma", "ships"); /* alpha shares with beta alone */
    cr_assert_eq(gw_mask_hide(&r->shown, GW_LIT("place")), GW_OK);
    listen(2, "beta", "ships");
    listen(1, "alpha", "own");
    live("position", 1, 1);
    expect_nothing(3);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_tree_read(&t, gw_buf_bytes(&s->body), &used, &root, NULL), GW_OK);
    cr_expect_eq(gw_tree_at(&t, root, "place"), GW_NODE_NONE);
    cr_expect(gw_slice_is(gw_tree_str(&t, root, "transport.means.mmsi"), "000000001"));
    gw_tree_deinit(&t);
    s = workbench_expect(w, 1, GW_OP_EVENTS); /* the owner sees all of its own */
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_tree_read(&t, gw_buf_bytes(&s->body), &used, &root, NULL), GW_OK);
    cr_expect(gw_slice_is(gw_tree_str(&t, root, "place.country"), "KZ"));
    gw_tree_deinit(&t);
}

Test(telemetry, it_waits_behind_business_events)
{
    struct sent *s;
    listen(2, "beta", "ships");
    workbench_credit(w, 2, "beta", "ships", 0, 1000);
    w->next_send = GW_AGAIN; /* falls behind with the business events */
    workbench_publish(w, 1, "alpha", 1, 1000, 3);
    live("position", 1, 1);
    w->next_send = GW_OK;
    workbench_settle(w);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_expect_eq(s->h.flags, 0);
    cr_expect_eq(s->h.from, 1);
    cr_expect_eq(s->h.to, 3);
    cr_expect_eq(s->h.count, 3);
    expect_live(2, "P-1");
}

Test(telemetry, it_takes_credit_and_waits_for_it)
{
    workbench_subscribe(w, 2, "beta", "ships", "latest", "live=true", NULL);
    workbench_credit(w, 2, "beta", "ships", 0, 2);
    live("position", 1, 1);
    live("position", 2, 2);
    expect_live(2, "P-1");
    expect_live(2, "P-2");
    live("position", 3, 3);
    live("position", 3, 4);
    expect_nothing(2);
    workbench_credit(w, 2, "beta", "ships", 0, 4);
    expect_live(2, "P-4");
    /* a business event finds none left, and is not lost */
    workbench_credit(w, 2, "beta", "ships", 0, 3);
    live("position", 3, 5);
    expect_live(2, "P-5");
    workbench_publish(w, 1, "alpha", 1, 1000, 1);
    expect_nothing(2);
    workbench_credit(w, 2, "beta", "ships", 0, 10);
    cr_expect_eq(workbench_expect(w, 2, GW_OP_EVENTS)->h.to, 1);
}

Test(telemetry, the_table_is_bounded_and_the_oldest_goes)
{
    struct gw_buf body;
    gw_buf_init(&body, 1u << 20);
    workbench_subscribe(w, 2, "beta", "ships", "latest", "live=true", NULL);
    for (unsigned i = 1; i <= 100; i++)
        add_event(&body, "position", i, i);
    put_live(gw_buf_bytes(&body));
    gw_buf_deinit(&body);
    cr_expect_eq(workbench_counters(w).live_objects, 16);
    cr_expect_lt(workbench_counters(w).live_bytes, 16 * 1024);
    workbench_credit(w, 2, "beta", "ships", 0, 1000);
    expect_live(
        2, "P-85 P-86 P-87 P-88 P-89 P-90 P-91 P-92 P-93 P-94 P-95 P-96 P-97 P-98 P-99 "
           "P-100");
}

Test(telemetry, what_may_not_be_live_is_refused_without_an_answer)
{
    struct gw_journal_status st;
    listen(2, "beta", "ships");
    live("load", 1, 1);
    live("position", 0, 2); /* of nothing */
    put_live(GW_LIT("\xc1"));
    put_live(GW_LIT("\x81\xa2id\xa1x"));
    put_live(NOTHING);
    expect_nothing(1);
    expect_nothing(2);
    cr_expect_eq(workbench_counters(w).live_refused, 5);
    cr_expect_eq(workbench_counters(w).live_taken, 0);
    cr_expect_eq(workbench_counters(w).faults, 0);
    w->journal->ops->status(w->journal, &st);
    cr_expect_eq(st.quarantined, 0);
}

Test(telemetry, beyond_the_rate_it_is_dropped)
{
    w->limits.live_events = 10;
    for (unsigned i = 0; i < 15; i++)
        live("position", 1, i);
    cr_expect_eq(workbench_counters(w).live_taken, 10);
    cr_expect_eq(workbench_counters(w).live_dropped, 5);
    w->now_ms += 500;
    for (unsigned i = 0; i < 15; i++)
        live("position", 1, i);
    cr_expect_eq(workbench_counters(w).live_taken, 15);
    expect_nothing(1);
}

/* Twice the rate is only dropped, for as long as it goes on; far more is a flood. */
Test(telemetry, far_beyond_the_rate_it_is_a_flood)
{
    w->limits.live_events = 10;
    for (unsigned s = 0; s < 500; s++, w->now_ms += 1000)
        for (unsigned i = 0; i < 20; i++)
            live("position", 1, i);
    cr_expect_geq(workbench_counters(w).live_dropped, 4900);
    expect_nothing(1);
    for (unsigned i = 0; i < 2 * GW_PATIENCE + 1 + 20; i++)
        live("position", 1, i);
    cr_expect_eq(workbench_expect(w, 1, GW_OP_ERROR)->h.code, GW_FLOOD);
}

/* Another lane, on the same journal, has the subscriber. */
Test(telemetry, other_lanes_get_it)
{
    struct workbench *there = calloc(1, sizeof *there);
    struct workbench *here = w;
    workbench_open(there);
    workbench_hello(there, 2, "beta", "sink");
    w = there;
    listen(2, "beta", "ships");
    w = here;
    w->other = there->pipeline;
    live("position", 1, 1);
    live("load", 1, 2);
    live("position", 1, 3);
    workbench_settle(there);
    w = there;
    expect_live(2, "P-3");
    cr_expect_eq(workbench_counters(w).live_taken, 0); /* counted once, where it came in */
    w = here;
    workbench_close(there);
    free(there);
}
