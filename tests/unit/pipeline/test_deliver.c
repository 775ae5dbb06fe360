/* test_deliver.c - live, behind, parked: who gets what and when, on the workbench. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "unit/pipeline/bench_of_one.h"

static struct workbench *w;

static void setup(void)
{
    w = calloc(1, sizeof *w);
    workbench_open(w);
}
static void cleanup(void)
{
    workbench_close(w);
    free(w);
}

TestSuite(deliver, .init = setup, .fini = cleanup);

/* The seq of each event of a message, in order, from `first` on. */
static void expect_events(struct sent *s, uint64_t from, uint64_t to, uint64_t count)
{
    cr_expect_eq(s->h.from, from, "from %llu", (unsigned long long)s->h.from);
    cr_expect_eq(s->h.to, to, "to %llu", (unsigned long long)s->h.to);
    cr_expect_eq(s->h.count, count, "count %llu", (unsigned long long)s->h.count);
}

Test(deliver, live_ones_share_one_look_and_others_are_left_alone)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "loads", "latest", "type=load", NULL);
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_subscribe(w, 2, "beta", "else", "latest", "type=discharge", NULL);
    workbench_credit(w, 2, "beta", "loads", 0, 1000);
    workbench_credit(w, 2, "beta", "all", 0, 1000);
    workbench_credit(w, 2, "beta", "else", 0, 1000);
    workbench_publish(w, 1, "alpha", 1, 0, 10);
    workbench_publish(w, 1, "alpha", 2, 10, 5);
    for (int i = 0; i < 2; i++)
        expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 10, 10);
    for (int i = 0; i < 2; i++)
        expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 11, 15, 5);
    cr_assert_null(workbench_take(w, 2), "nothing for whom nothing matches");
    cr_expect_eq(workbench_counters(w).from_journal, 0);
    w->now_ms += 1000;
    workbench_settle(w);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 15, 0);
    cr_assert_null(workbench_take(w, 2), "those who know are not told again");
}

Test(deliver, nothing_before_the_first_credit)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    w->now_ms += 5000;
    workbench_settle(w);
    cr_assert_null(workbench_take(w, 2));
    workbench_credit(w, 2, "beta", "all", 0, 10);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 3, 3);
}

Test(deliver, who_runs_out_of_credit_goes_on_where_it_stopped)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 4);
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 3, 3);
    workbench_publish(w, 1, "alpha", 2, 3, 3);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 4, 4, 1);
    workbench_publish(w, 1, "alpha", 3, 6, 2);
    cr_assert_null(workbench_take(w, 2));
    workbench_credit(w, 2, "beta", "all", 0, 100);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 5, 8, 4);
    workbench_publish(w, 1, "alpha", 4, 8, 1);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 9, 9, 1);
    cr_expect_eq(workbench_counters(w).delivered, 9);
}

Test(deliver, a_refused_send_loses_nothing)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100);
    w->hold = true;
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    w->hold = false;
    w->next_send = GW_AGAIN;
    workbench_settle(w);
    w->next_send = GW_OK;
    workbench_settle(w);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 3, 3);
    workbench_publish(w, 1, "alpha", 2, 3, 2);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 4, 5, 2);
}

Test(deliver, a_peer_that_is_gone_ends_with_all_its_subscriptions)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "a", "latest", NULL);
    workbench_subscribe(w, 2, "beta", "b", "latest", NULL);
    workbench_credit(w, 2, "beta", "a", 0, 100);
    workbench_credit(w, 2, "beta", "b", 0, 100);
    cr_expect_eq(workbench_counters(w).subscriptions, 2);
    w->hold = true;
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    w->hold = false;
    w->next_send = GW_CLOSED;
    workbench_settle(w);
    w->next_send = GW_OK;
    cr_expect_eq(workbench_counters(w).subscriptions, 0);
    cr_expect_eq(workbench_counters(w).sessions, 0, "the sender is gone too: its ACK found nobody");
}

Test(deliver, messages_are_cut_at_their_size)
{
    uint64_t next = 1;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100000);
    w->limits.delivery_bytes = 2000;
    workbench_publish(w, 1, "alpha", 1, 0, 100);
    for (struct sent *s; (s = workbench_take(w, 2)) != NULL;) {
        cr_expect_eq(s->h.from, next);
        cr_expect_leq(s->body.len, 2000);
        next = s->h.to + 1;
    }
    cr_expect_eq(next, 101);
}

Test(deliver, rules_take_effect_at_once_and_fields_are_hidden)
{
    struct gw_directory *d = w->directory;
    struct gw_rule *r = &d->operators[0].rules[0];
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100);
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_not_null(memmem(s->body.at, s->body.len, "place", 5));
    /* the lane is told of the same directory again; what its rules say has changed */
    cr_assert_eq(gw_mask_hide(&r->shown, GW_LIT("place")), GW_OK);
    gw_pipeline_directory(w->pipeline, d, w->now_ms);
    workbench_publish(w, 1, "alpha", 2, 1, 1);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_expect_eq(s->h.count, 1);
    cr_expect_null(memmem(s->body.at, s->body.len, "place", 5));
    r->until_ms = w->now_ms + 10;
    workbench_publish(w, 1, "alpha", 3, 2, 1);
    (void)workbench_expect(w, 2, GW_OP_EVENTS);
    w->now_ms += 10;
    workbench_publish(w, 1, "alpha", 4, 3, 1);
    cr_assert_null(workbench_take(w, 2), "the rule is over");
    /* older events follow the new rules as well */
    workbench_subscribe(w, 2, "beta", "again", "earliest", NULL);
    workbench_credit(w, 2, "beta", "again", 0, 100);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 4, 0); /* at the end: told at once */
    r->until_ms = INT64_MAX;
    workbench_subscribe(w, 2, "beta", "again", "earliest", NULL);
    workbench_credit(w, 2, "beta", "again", 0, 100);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_expect_eq(s->h.count, 4);
    cr_expect_null(memmem(s->body.at, s->body.len, "place", 5), "hidden in the past as well");
}

/* More than are served in a round, and none of them can be: the lane must come to rest all the same. */
Test(deliver, many_who_cannot_go_on_do_not_keep_the_lane_turning)
{
    char name[8];
    unsigned got = 0;
    w->limits.subscriptions = 100;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_publish(w, 1, "alpha", 1, 0, 5);
    for (unsigned i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "s-%u", i);
        workbench_subscribe(w, 2, "beta", name, "earliest", i % 2 ? "type=discharge" : NULL, NULL);
    }
    w->next_send = GW_AGAIN;
    for (unsigned i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "s-%u", i);
        workbench_credit(w, 2, "beta", name, 0, 1000);
    }
    cr_assert_null(workbench_take(w, 2));
    w->next_send = GW_OK;
    workbench_settle(w);
    for (struct sent *s; (s = workbench_take(w, 2)) != NULL; got++) {
        cr_expect_eq(s->h.op, GW_OP_EVENTS);
        cr_expect_eq(s->h.to, 5);
        cr_expect(s->h.count == 5 || s->h.count == 0);
    }
    cr_expect_eq(got, 100, "each of them once: %u", got);
    workbench_publish(w, 1, "alpha", 2, 5, 1);
    for (got = 0; workbench_take(w, 2) != NULL; got++)
        ;
    cr_expect_eq(got, 50, "they are live now: %u", got);
    cr_expect_eq(workbench_counters(w).from_journal, 0);
}

/* Batches of another lane: some come by, one does not. */
Test(deliver, what_never_came_by_is_read_from_the_journal)
{
    struct gw_batch *lost;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "latest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100);
    workbench_publish(w, 1, "alpha", 1, 0, 2);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 1, 2, 2);
    w->hold = true;
    workbench_publish(w, 1, "alpha", 2, 2, 2);
    cr_assert_eq(w->done_count, 1);
    lost = w->done[0]; /* kept from the lane for a while */
    w->done_count = 0;
    gw_pipeline_tick(w->pipeline, w->now_ms);
    cr_assert_null(workbench_take(w, 2), "it may be on its way still");
    gw_pipeline_tick(w->pipeline, w->now_ms += 250);
    w->hold = false;
    workbench_settle(w);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 3, 4, 2);
    cr_expect_eq(workbench_counters(w).from_journal, 2);
    gw_pipeline_committed(w->pipeline, lost, w->now_ms); /* late, and for nothing */
    workbench_settle(w);
    cr_assert_null(workbench_take(w, 2));
    workbench_publish(w, 1, "alpha", 3, 4, 1);
    expect_events(workbench_expect(w, 2, GW_OP_EVENTS), 5, 5, 1);
}
