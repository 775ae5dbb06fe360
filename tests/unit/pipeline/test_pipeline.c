/* test_pipeline.c - whole conversations with a pipeline: what is promised, and what is
 * refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "model/filter.h"
#include "model/canon.h"
#include "unit/pipeline/bench_of_one.h"

static struct workbench *w;
static struct gw_buf body;

static void open_all(void)
{
    w = calloc(1, sizeof *w);
    workbench_open(w);
    gw_buf_init(&body, 8u << 20);
}

static void close_all(void)
{
    workbench_close(w);
    gw_buf_deinit(&body);
    free(w);
}

TestSuite(pipeline, .init = open_all, .fini = close_all);

#define NOTHING gw_slice(NULL, 0)

static struct gw_ack_batch expect_ack(uint32_t peer, uint64_t batch)
{
    struct sent *s = workbench_expect(w, peer, GW_OP_ACK);
    struct gw_slice in = gw_buf_bytes(&s->body);
    struct gw_ack_batch a;
    cr_assert_eq(s->h.batch, batch);
    cr_assert_eq(gw_ack_read(&in, &a), GW_OK);
    return a;
}

static void expect_error(uint32_t peer, enum gw_error code)
{
    struct sent *s = workbench_expect(w, peer, GW_OP_ERROR);
    cr_assert_eq(s->h.code, (uint64_t)code, "expected %d, got %llu", (int)code,
                 (unsigned long long)s->h.code);
    cr_assert_gt(s->h.text.len, 0, "a refusal has words");
}

Test(pipeline, an_event_goes_from_publisher_to_receiver)
{
    struct gw_ack_batch a;
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100);
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    a = expect_ack(1, 1);
    cr_assert_eq(a.accepted, 3);
    cr_assert_eq(a.first, 1);
    cr_assert_eq(a.last, 3);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(s->h.count, 3);
    cr_assert_eq(s->h.to, 3);
}

Test(pipeline, nothing_is_acknowledged_before_it_is_durable)
{
    workbench_hello(w, 1, "alpha", "source");
    w->hold = true;
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    cr_assert_null(workbench_take(w, 1));
    w->hold = false;
    workbench_settle(w);
    (void)expect_ack(1, 1);
}

Test(pipeline, what_is_not_shared_is_not_delivered)
{
    struct sent *s;
    workbench_hello(w, 1, "beta", "source");
    workbench_hello(w, 2, "alpha", "sink");
    workbench_hello(w, 3, "beta", "own");
    workbench_subscribe(w, 2, "alpha", "all", "earliest", NULL);
    workbench_subscribe(w, 3, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "alpha", "all", 0, 100);
    workbench_credit(w, 3, "beta", "all", 0, 100);
    workbench_publish(w, 1, "beta", 1, 0, 5);
    w->now_ms += 2000;
    workbench_settle(w);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(s->h.count, 0, "a position, no events");
    cr_assert_eq(s->h.to, 5);
    cr_assert_eq(s->body.len, 0);
    s = workbench_expect(w, 3, GW_OP_EVENTS);
    cr_assert_eq(s->h.count, 5, "an owner sees its own");
}

Test(pipeline, a_repeated_batch_gets_its_first_outcome)
{
    struct gw_ack_batch a, b;
    workbench_hello(w, 1, "alpha", "source");
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    a = expect_ack(1, 1);
    workbench_hello(w, 4, "alpha", "source"); /* reconnected */
    expect_error(1, GW_FENCED);
    workbench_publish(w, 4, "alpha", 1, 0, 3);
    b = expect_ack(4, 1);
    cr_assert_eq(a.accepted, b.accepted);
    cr_assert_eq(a.first, b.first);
    workbench_publish(w, 4, "alpha", 2, 3, 1);
    cr_assert_eq(expect_ack(4, 2).first, 4, "nothing was stored twice");
}

Test(pipeline, a_number_is_not_used_for_other_content)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    (void)expect_ack(1, 1);
    workbench_publish(w, 1, "alpha", 1, 50, 3);
    expect_error(1, GW_BATCH_REUSED);
}

/* After open_all(). */
static void open_narrow(void)
{
    close_all();
    w = calloc(1, sizeof *w);
    w->most_in_journal = 1;
    workbench_open(w);
    gw_buf_init(&body, 8u << 20);
}

/* The older session's batch 1 waits in front of the journal when the sender, started
 * anew, is welcomed with 0.  Its own batch 1 is turned away, and batch 2 must not get in
 * front of it. */
Test(pipeline, nothing_gets_in_front_of_a_batch_turned_away, .init = open_narrow)
{
    struct gw_journal_status st;
    workbench_hello(w, 2, "beta", "other");
    workbench_hello(w, 1, "alpha", "source");
    w->hold = true;
    workbench_publish(w, 2, "beta", 1, 0, 1);
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    workbench_hello(w, 4, "alpha", "source");
    workbench_publish(w, 4, "alpha", 1, 100, 3);
    workbench_publish(w, 4, "alpha", 2, 200, 3);
    w->hold = false;
    workbench_settle(w);
    expect_error(4, GW_BATCH_REUSED);
    expect_error(4, GW_BATCH_REUSED);
    w->journal->ops->status(w->journal, &st);
    cr_assert_eq(st.last_seq, 4, "the older session's events, and the other one's");
}

Test(pipeline, a_gap_is_told_once_and_names_the_number)
{
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_publish(w, 1, "alpha", 3, 0, 1);
    s = workbench_expect(w, 1, GW_OP_ERROR);
    cr_assert_eq(s->h.code, GW_BATCH_GAP);
    cr_assert_eq(s->h.batch, 1);
    workbench_publish(w, 1, "alpha", 4, 0, 1);
    cr_assert_null(workbench_take(w, 1));
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    (void)expect_ack(1, 1);
}

/* After an outage a sender repeats all it has kept: every one is answered, however many. */
Test(pipeline, repeats_are_answered_without_end)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    (void)expect_ack(1, 1);
    for (int i = 0; i < 6000; i++) {
        workbench_publish(w, 1, "alpha", 1, 0, 3);
        cr_assert_eq(expect_ack(1, 1).accepted, 3, "repeat %d", i);
    }
}

Test(pipeline, the_same_event_by_another_adapter_is_a_duplicate)
{
    struct gw_ack_batch a;
    workbench_hello(w, 1, "alpha", "one");
    workbench_hello(w, 2, "alpha", "two");
    workbench_publish(w, 1, "alpha", 1, 0, 3);
    (void)expect_ack(1, 1);
    workbench_publish(w, 2, "alpha", 1, 2, 2);
    a = expect_ack(2, 1);
    cr_assert_eq(a.accepted, 1);
    cr_assert_eq(a.duplicates, 1);
}

/* The first event of "alpha" into `body`, with a text of its own at `path`. */
static void one_event_with(const char *path, const char *value)
{
    static struct gw_tree tree;
    struct gw_buf plain;
    uint32_t root;
    size_t used;
    gw_buf_init(&plain, 1u << 16);
    workbench_events(&plain, "alpha", 0, 1);
    cr_assert_eq(gw_tree_init(&tree, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_tree_read(&tree, gw_buf_bytes(&plain), &used, &root, NULL), GW_OK);
    gw_tree_set_str(&tree, root, path, gw_slice_str(value));
    gw_buf_reset(&body);
    cr_assert_eq(gw_msgpack_write(&tree, root, &body), GW_OK);
    gw_tree_deinit(&tree);
    gw_buf_deinit(&plain);
}

static struct gw_ack_batch send_body(uint64_t number)
{
    workbench_put(w, 1, "alpha",
                  &(struct gw_header){.op = GW_OP_PUBLISH, .batch = number},
                  gw_buf_bytes(&body));
    workbench_settle(w);
    return expect_ack(1, number);
}

/* An interface that is asked over and over gives the same events in ever other answers.
 */
Test(pipeline, the_same_event_out_of_another_message_is_a_duplicate)
{
    struct gw_ack_batch a;
    workbench_hello(w, 1, "alpha", "poll");
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    (void)expect_ack(1, 1);
    one_event_with("source.message_ref", "page-2");
    a = send_body(2);
    cr_assert_eq(a.duplicates, 1);
    cr_assert_eq(a.refused, 0);
    one_event_with("source.sha256",
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    a = send_body(3);
    cr_assert_eq(a.duplicates, 1);
    one_event_with("place.name", "elsewhere");
    a = send_body(4);
    cr_assert_eq(a.refused, 1, "but not with another content");
}

/* A clock that is ahead is a finding only while it is; an adapter may find more than it did. */
Test(pipeline, what_was_found_about_an_event_is_not_its_content)
{
    workbench_hello(w, 1, "alpha", "again");
    w->now_ms = WORKBENCH_EVENT_MS - w->limits.future_warn_ms - 1;
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    cr_assert_eq(expect_ack(1, 1).accepted, 1);
    w->now_ms = WORKBENCH_EVENT_MS;
    workbench_publish(w, 1, "alpha", 2, 0, 1);
    cr_assert_eq(expect_ack(1, 2).duplicates, 1);
}

Test(pipeline, one_bad_event_does_not_stop_the_others)
{
    struct gw_ack_batch a;
    struct gw_ack_event ev;
    struct gw_reader *r;
    struct gw_quarantined q;
    gw_buf_reset(&body);
    workbench_events(&body, "alpha", 0, 1);
    gw_buf_add(&body, "\x81\xa2id\xa1x", 6); /* an event with nothing but an id */
    workbench_events(&body, "alpha", 1, 1);
    workbench_hello(w, 1, "alpha", "source");
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PUBLISH, .batch = 1},
                  gw_buf_bytes(&body));
    workbench_settle(w);
    a = expect_ack(1, 1);
    cr_assert_eq(a.accepted, 2);
    cr_assert_eq(a.refused, 1);
    cr_assert(gw_ack_event_next(&a.events, &ev));
    cr_assert_eq(ev.index, 1);
    cr_assert_eq(ev.code, GW_MISSING);
    cr_assert_eq(w->journal->ops->reader_open(w->journal, &r), GW_OK);
    cr_assert_eq(w->journal->ops->quarantine_next(r, 0, &q), GW_OK);
    cr_assert_eq(q.bytes.len, 6, "the bytes are kept as they came");
    cr_assert_eq(q.code, GW_MISSING);
    w->journal->ops->reader_close(r);
}

Test(pipeline, a_body_that_breaks_off_is_refused_whole)
{
    struct gw_ack_batch a;
    gw_buf_reset(&body);
    workbench_events(&body, "alpha", 0, 3);
    workbench_hello(w, 1, "alpha", "source");
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PUBLISH, .batch = 1},
                  gw_slice(body.at, body.len - 3));
    workbench_settle(w);
    a = expect_ack(1, 1);
    cr_assert_eq(a.accepted, 0);
    cr_assert_eq(a.refused, 1);
}

Test(pipeline, no_message_before_hello)
{
    workbench_publish(w, 9, "alpha", 1, 0, 1);
    expect_error(9, GW_NO_SESSION);
}

Test(pipeline, a_session_belongs_to_the_key_that_opened_it)
{
    workbench_hello(w, 1, "alpha", "source");
    workbench_publish(w, 1, "gamma", 1, 0, 1); /* same routing id, another key */
    expect_error(1, GW_NO_SESSION);
}

Test(pipeline, hello_is_refused_with_a_number)
{
    struct {
        const char *what, *who, *adapter;
        uint64_t least, most;
        enum gw_error code;
    } cases[] = {
        {"a later version", "alpha", "a", 2, 3, GW_VERSION},
        {"nobody's key", "", "a", 1, 1, GW_UNKNOWN_OPERATOR},
        {"no name", "alpha", "", 1, 1, GW_BAD_NAME},
        {"a name with blanks", "alpha", "a b", 1, 1, GW_BAD_NAME},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_header h = {.op = GW_OP_HELLO,
                              .v_least = cases[i].least,
                              .v_most = cases[i].most,
                              .adapter = gw_slice_str(cases[i].adapter)};
        struct sent *s;
        workbench_put(w, 7, cases[i].who, &h, NOTHING);
        s = workbench_expect(w, 7, GW_OP_REFUSE);
        cr_expect_eq(s->h.code, (uint64_t)cases[i].code, "%s: code %llu", cases[i].what,
                     (unsigned long long)s->h.code);
        cr_expect_eq(s->h.v_most, 1);
    }
}

Test(pipeline, credit_bounds_the_publisher)
{
    workbench_hello(w, 1, "alpha", "source");
    w->hold = true;
    for (uint64_t i = 1; i <= 8; i++)
        workbench_publish(w, 1, "alpha", i, (unsigned)i * 10, 1);
    cr_assert_null(workbench_take(w, 1));
    workbench_publish(w, 1, "alpha", 9, 900, 1);
    expect_error(1, GW_CREDIT);
    w->hold = false;
    workbench_settle(w);
    (void)expect_ack(1, 8);
    workbench_publish(w, 1, "alpha", 9, 900, 1);
    (void)expect_ack(1, 9);
}

Test(pipeline, credit_bounds_the_delivery)
{
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_publish(w, 1, "alpha", 1, 0, 50);
    cr_assert_null(workbench_take(w, 2), "no credit, no events");
    workbench_credit(w, 2, "beta", "all", 0, 20);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(s->h.count, 20);
    cr_assert_null(workbench_take(w, 2));
    workbench_credit(w, 2, "beta", "all", 20, 50);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(s->h.count, 30);
    cr_assert_eq(s->h.from, 21);
    cr_assert_eq(s->h.to, 50);
}

Test(pipeline, a_receiver_comes_back_at_its_cursor)
{
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 1000);
    workbench_publish(w, 1, "alpha", 1, 0, 30);
    (void)workbench_expect(w, 2, GW_OP_EVENTS);
    workbench_credit(w, 2, "beta", "all", 12, 1000);
    workbench_put(w, 2, "beta", &(struct gw_header){.op = GW_OP_BYE}, NOTHING);
    workbench_publish(w, 1, "alpha", 2, 30, 10);
    workbench_hello(w, 3, "beta", "sink");
    s = workbench_subscribe(w, 3, "beta", "all", "cursor", NULL);
    cr_assert_eq(s->h.from, 13);
    cr_assert_eq(s->h.to, 40);
    workbench_credit(w, 3, "beta", "all", 12, 1000);
    s = workbench_expect(w, 3, GW_OP_EVENTS);
    cr_assert_eq(s->h.from, 13);
    cr_assert_eq(s->h.count, 28);
}

Test(pipeline, a_slow_receiver_is_served_from_the_journal_and_back_on_the_tail)
{
    struct gw_pipeline_counters n;
    uint64_t next = 1, count = 0;
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    for (uint64_t i = 1; i <= 60; i++) { /* far more than the tail holds */
        workbench_publish(w, 1, "alpha", i, (unsigned)i * 1000, 500);
        (void)expect_ack(1, i);
    }
    n = workbench_counters(w);
    cr_assert_leq(n.tail_bytes, w->limits.tail_bytes);
    workbench_credit(w, 2, "beta", "all", 0, 100000);
    while ((s = workbench_take(w, 2)) != NULL) {
        cr_assert_eq(s->h.from, next, "no hole, no overlap");
        next = s->h.to + 1;
        count += s->h.count;
    }
    cr_assert_eq(count, 30000);
    n = workbench_counters(w);
    cr_assert_gt(n.from_journal, 0);
    cr_assert_lt(n.from_journal, 30000, "the end came from the tail");
}

Test(pipeline, a_refused_send_loses_nothing)
{
    struct sent *s;
    workbench_hello(w, 1, "alpha", "source");
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "beta", "all", 0, 100);
    w->next_send = GW_AGAIN;
    workbench_publish(w, 1, "alpha", 1, 0, 5);
    cr_assert_null(workbench_take(w, 2));
    w->next_send = GW_OK;
    workbench_settle(w);
    s = workbench_expect(w, 2, GW_OP_EVENTS);
    cr_assert_eq(s->h.from, 1);
    cr_assert_eq(s->h.count, 5);
    (void)expect_ack(1, 1);
}

Test(pipeline, acknowledging_what_was_not_delivered_is_refused)
{
    workbench_hello(w, 2, "beta", "sink");
    workbench_subscribe(w, 2, "beta", "all", "earliest", NULL);
    workbench_credit(w, 2, "beta", "all", 77, 100);
    expect_error(2, GW_ACK_RANGE);
}

/* So many seconds in which the lane did its ticks. */
static void seconds(unsigned s)
{
    for (unsigned i = 0; i < s * 4; i++)
        gw_pipeline_tick(w->pipeline, w->now_ms += 250);
}

Test(pipeline, silence_ends_a_session)
{
    workbench_hello(w, 1, "alpha", "source");
    seconds(9);
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PING, .nonce = 5},
                  NOTHING);
    cr_assert_eq(workbench_expect(w, 1, GW_OP_PONG)->h.nonce, 5);
    seconds(9);
    cr_assert_null(workbench_take(w, 1), "PING was a sign of life");
    seconds(2);
    expect_error(1, GW_SILENT);
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    expect_error(1, GW_NO_SESSION);
}

/* A machine that was moved, a process that was stopped, a clock that was set. */
Test(pipeline, our_own_absence_is_nobodys_silence)
{
    workbench_hello(w, 1, "alpha", "source");
    seconds(1);
    w->now_ms += 3600000;
    seconds(9);
    cr_assert_null(workbench_take(w, 1), "nobody could be heard for an hour");
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PING, .nonce = 5}, NOTHING);
    (void)workbench_expect(w, 1, GW_OP_PONG);
    w->now_ms -= 7200000;
    seconds(9);
    cr_assert_null(workbench_take(w, 1), "a clock that is put back");
    seconds(2);
    expect_error(1, GW_SILENT);
    workbench_hello(w, 2, "alpha", "source");
    w->now_ms += 3600000; /* heard after the absence and before its tick */
    workbench_put(w, 2, "alpha", &(struct gw_header){.op = GW_OP_PING, .nonce = 5}, NOTHING);
    (void)workbench_expect(w, 2, GW_OP_PONG);
    seconds(11);
    expect_error(2, GW_SILENT);
}

Test(pipeline, garbage_is_refused_and_changes_nothing)
{
    struct {
        const char *what;
        struct gw_slice header;
        unsigned frames;
        enum gw_error code;
    } cases[] = {
        {"no header", GW_LIT(""), 1, GW_HEADER},
        {"not a map", GW_LIT("\x93\x01\x02\x03"), 1, GW_HEADER},
        {"no op", GW_LIT("\x81\xa1v\x01"), 1, GW_HEADER},
        {"a bomb", GW_LIT("\xdf\xff\xff\xff\xff"), 1, GW_HEADER},
        {"unknown op",
         GW_LIT("\x82\xa1v\x01\xa2op\xa4"
                "JUMP"),
         1, GW_UNKNOWN_OP},
        {"another version",
         GW_LIT("\x82\xa1v\x09\xa2op\xa4"
                "PING"),
         1, GW_VERSION},
        {"three frames",
         GW_LIT("\x82\xa1v\x01\xa2op\xa4"
                "PING"),
         3, GW_FRAMES},
        {"no frames", GW_LIT(""), 0, GW_FRAMES},
    };
    workbench_hello(w, 1, "alpha", "source");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sent *s;
        workbench_put_raw(w, 1, "alpha", cases[i].header, NOTHING, cases[i].frames);
        s = workbench_expect(w, 1, GW_OP_ERROR);
        cr_expect_eq(s->h.code, (uint64_t)cases[i].code, "%s: code %llu", cases[i].what,
                     (unsigned long long)s->h.code);
    }
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    (void)expect_ack(1, 1);
}

Test(pipeline, draining_refuses_new_batches_and_acknowledges_old_ones)
{
    workbench_hello(w, 1, "alpha", "source");
    w->hold = true;
    workbench_publish(w, 1, "alpha", 1, 0, 1);
    gw_pipeline_leave(w->pipeline);
    workbench_publish(w, 1, "alpha", 2, 1, 1);
    expect_error(1, GW_LEAVING);
    cr_assert_not(gw_pipeline_drained(w->pipeline));
    w->hold = false;
    workbench_settle(w);
    (void)expect_ack(1, 1);
    cr_assert(gw_pipeline_drained(w->pipeline));
    gw_pipeline_bye(w->pipeline, w->now_ms);
    cr_assert_eq(workbench_expect(w, 1, GW_OP_BYE)->h.code, GW_LEAVING);
}

Test(pipeline, a_repaired_event_leaves_quarantine_with_its_commit)
{
    struct gw_reader *r;
    struct gw_quarantined q;
    struct gw_fault outcome;
    workbench_hello(w, 1, "alpha", "source");
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PUBLISH, .batch = 1},
                  GW_LIT("\x81\xa2id\xa1x"));
    workbench_settle(w);
    cr_assert_eq(expect_ack(1, 1).refused, 1);
    cr_assert_eq(w->journal->ops->reader_open(w->journal, &r), GW_OK);
    cr_assert_eq(w->journal->ops->quarantine_next(r, 0, &q), GW_OK);
    cr_assert_eq(gw_pipeline_requeue(w->pipeline, &q, w->now_ms, &outcome), GW_OK);
    cr_assert_eq(outcome.code, GW_MISSING, "as it was, it is still refused");
    gw_buf_reset(&body);
    workbench_events(&body, "alpha", 0, 1);
    q.bytes = gw_buf_bytes(&body);
    cr_assert_eq(gw_pipeline_requeue(w->pipeline, &q, w->now_ms, &outcome), GW_OK);
    cr_assert_eq(outcome.code, GW_OK);
    workbench_settle(w);
    cr_assert_eq(w->journal->ops->quarantine_next(r, 0, &q), GW_NOT_FOUND);
    w->journal->ops->reader_close(r);
}
