/* test_client.c - libkarvan against a gateway that misbehaves on request. */
#include <criterion/criterion.h>
#include <poll.h>
#include <string.h>
#include "fake_gateway.h"

static struct fake f;

static void set_up(void)
{
    fake_open(&f);
}

static void tear_down(void)
{
    fake_close(&f);
}

TestSuite(client, .init = set_up, .fini = tear_down, .timeout = 30);

static enum gw_error publish(uint8_t id)
{
    uint8_t event[64];
    return karvan_publish(f.client, event, fake_event(event, 0, id), 100u + id);
}

static void must_publish(uint8_t from, uint8_t to)
{
    for (unsigned id = from; id <= to; id++)
        cr_assert_eq(publish((uint8_t)id), GW_OK, "event %u", id);
}

/* PUBLISH of this number with these two events. */
static void expect_batch(uint64_t number, uint8_t first_id, uint8_t count)
{
    uint8_t want[256];
    size_t len = 0;
    fake_expect(&f, GW_OP_PUBLISH);
    cr_assert_eq(f.h.batch, number, "batch %llu", (unsigned long long)f.h.batch);
    cr_assert_eq(f.h.count, count);
    for (uint8_t i = 0; i < count; i++)
        len += fake_event(want + len, 0, (uint8_t)(first_id + i));
    cr_assert_eq(f.body_len, len);
    cr_assert_arr_eq(f.body, want, len);
}

static void ack(uint64_t batch, uint64_t first, uint64_t last, uint64_t credit_batch)
{
    struct gw_buf body;
    struct gw_header h = {.op = GW_OP_ACK,
                          .batch = batch,
                          .credit_batch = credit_batch,
                          .credit_bytes = 1 << 20};
    gw_buf_init(&body, 4096);
    for (uint64_t n = first; n <= last; n++)
        cr_assert_eq(gw_ack_write(&(struct gw_ack_batch){.batch = n,
                                                         .accepted = 2,
                                                         .first = n * 2,
                                                         .last = n * 2 + 1},
                                  &body),
                     GW_OK);
    fake_send(&f, &h, gw_buf_bytes(&body));
    gw_buf_deinit(&body);
}

static void expect_acks(unsigned count)
{
    for (int i = 0; i < 500 && f.ack_count < count; i++)
        fake_run(&f, 5);
    cr_assert_eq(f.ack_count, count, "%u acks", f.ack_count);
}

static void error(enum gw_error code, uint64_t batch, const char *name)
{
    struct gw_header h = {.op = GW_OP_ERROR,
                          .code = (uint64_t)code,
                          .batch = batch,
                          .text = gw_slice_str(gw_error_text(code)),
                          .name = gw_slice_str(name)};
    fake_send(&f, &h, gw_slice(NULL, 0));
}

/* ---- the session ---- */

Test(client, hello_says_who_and_which_versions)
{
    fake_connect(&f, NULL);
    fake_expect(&f, GW_OP_HELLO);
    cr_assert(gw_slice_is(f.h.adapter, "test-1"));
    cr_assert(gw_slice_starts(f.h.software, GW_LIT("libkarvan/")));
    cr_assert_eq(f.h.v, 1);
    cr_assert_eq(f.h.v_least, 1);
    cr_assert_eq(f.h.v_most, 1);
    cr_assert_eq(karvan_client_state(f.client), KARVAN_CONNECTING);
}

Test(client, a_refusal_is_told_and_tried_again_slowly)
{
    fake_connect(&f, NULL);
    fake_expect(&f, GW_OP_HELLO);
    struct gw_header h = {.op = GW_OP_REFUSE,
                          .code = GW_VERSION,
                          .v_least = 7,
                          .v_most = 9,
                          .text = GW_LIT("not spoken"),
                          .rule = GW_LIT("speak 7 to 9")};
    fake_send(&f, &h, gw_slice(NULL, 0));
    fake_expect_state(&f, KARVAN_REFUSED, GW_VERSION);
    cr_assert_str_eq(f.states[0].text, "not spoken: speak 7 to 9");
    cr_assert_eq(publish(1), GW_OK, "kept for better times");
    fake_ready(&f, 0, 10);
    expect_batch(1, 1, 1);
}

Test(client, a_refusal_may_name_the_pause)
{
    fake_connect(&f, NULL);
    fake_expect(&f, GW_OP_HELLO);
    struct gw_header h = {.op = GW_OP_REFUSE, .code = GW_TOO_MANY, .retry_ms = 400};
    fake_send(&f, &h, gw_slice(NULL, 0));
    fake_expect_state(&f, KARVAN_REFUSED, GW_TOO_MANY);
    fake_expect_nothing(&f, 250);
    fake_expect(&f, GW_OP_HELLO);
}

Test(client, no_answer_is_told_and_tried_again)
{
    fake_connect(&f, NULL);
    fake_expect(&f, GW_OP_HELLO);
    fake_expect(&f, GW_OP_HELLO);
    cr_assert_eq(f.states[0].state, KARVAN_CONNECTING);
    cr_assert_eq(f.states[0].code, GW_SILENT);
    cr_assert_not_null(strstr(f.states[0].text, f.endpoint));
}

Test(client, heartbeats_while_idle_and_a_new_session_after_silence)
{
    fake_ready(&f, 0, 10);
    fake_expect(&f, GW_OP_PING);
    struct gw_header pong = {.op = GW_OP_PONG, .nonce = f.h.nonce};
    fake_send(&f, &pong, gw_slice(NULL, 0));
    fake_expect(&f, GW_OP_PING);
    f.hold_pings = true;
    fake_expect_state(&f, KARVAN_CONNECTING, GW_SILENT);
    fake_expect(&f, GW_OP_HELLO);
}

Test(client, a_ping_of_the_gateway_is_answered)
{
    fake_ready(&f, 0, 10);
    struct gw_header h = {.op = GW_OP_PING, .nonce = 77};
    fake_send(&f, &h, gw_slice(NULL, 0));
    fake_expect(&f, GW_OP_PONG);
    cr_assert_eq(f.h.nonce, 77);
}

Test(client, fenced_is_the_end)
{
    fake_ready(&f, 0, 10);
    error(GW_FENCED, 0, NULL);
    fake_expect_state(&f, KARVAN_FENCED, GW_FENCED);
    fake_expect_nothing(&f, 300);
    cr_assert_eq(publish(1), GW_CLOSED);
    cr_assert_eq(karvan_run(f.client, 1000), GW_FENCED);
}

Test(client, bye_of_the_gateway_starts_a_new_session)
{
    fake_ready(&f, 0, 10);
    struct gw_header h = {
        .op = GW_OP_BYE, .code = GW_LEAVING, .text = GW_LIT("shutting down")};
    fake_send(&f, &h, gw_slice(NULL, 0));
    fake_expect_state(&f, KARVAN_CONNECTING, GW_LEAVING);
    fake_ready(&f, 0, 10);
}

Test(client, bye_is_said_when_closing)
{
    fake_ready(&f, 0, 10);
    cr_assert_eq(karvan_close(f.client, 0), 0);
    f.client = NULL;
    fake_expect(&f, GW_OP_BYE);
}

Test(client, a_broken_message_starts_a_new_session)
{
    fake_ready(&f, 0, 10);
    struct gw_header h = {.op = GW_OP_ACK, .batch = 1};
    fake_send(&f, &h, GW_LIT("\xc1"));
    fake_expect(&f, GW_OP_HELLO);
}

Test(client, the_descriptor_wakes_a_callers_own_loop)
{
    fake_connect(&f, NULL);
    int fd = karvan_fd(f.client);
    bool ready = false;
    for (int i = 0; i < 200 && !ready; i++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        while (karvan_process(f.client))
            ;
        ready = karvan_client_state(f.client) == KARVAN_READY;
        if (i == 5) { /* the socket connected meanwhile; answer what it said */
            karvan_run(f.client, 50);
            fake_expect(&f, GW_OP_HELLO);
            fake_welcome(&f, 0, 1);
        } else if (!ready) {
            int wait = karvan_timeout_ms(f.client);
            cr_assert_geq(wait, 0);
            poll(&p, 1, wait < 50 ? wait : 50);
        }
    }
    cr_assert(ready);
    cr_assert_eq(karvan_fd(f.client), fd);
}

/* ---- keys ---- */

static void open_with_keys(const char *server_key)
{
    struct karvan_keys k;
    struct karvan_options o;
    fake_options(&f, &o);
    cr_assert_eq(karvan_keys_make(&k), GW_OK);
    o.server_key = server_key;
    o.public_key = k.public_key;
    o.secret_key = k.secret_key;
    fake_connect(&f, &o);
}

Test(client, encrypted_sessions_work)
{
    char server_key[41];
    fake_curve(&f, server_key, true);
    open_with_keys(server_key);
    fake_ready(&f, 0, 1);
}

Test(client, a_wrong_server_key_is_named)
{
    struct karvan_keys other;
    char server_key[41];
    fake_curve(&f, server_key, true);
    cr_assert_eq(karvan_keys_make(&other), GW_OK);
    open_with_keys(other.public_key);
    fake_expect_state(&f, KARVAN_CONNECTING, GW_NOT_ALLOWED);
    cr_assert_not_null(strstr(f.states[0].text, "server_key"));
}

Test(client, a_key_turned_away_is_named)
{
    char server_key[41];
    fake_curve(&f, server_key, false);
    open_with_keys(server_key);
    fake_expect_state(&f, KARVAN_REFUSED, GW_UNKNOWN_OPERATOR);
}

/* ---- publishing ---- */

Test(client, batches_are_numbered_after_welcome_and_acknowledged_with_verdicts)
{
    struct gw_buf events, body;
    struct gw_ack_event refused = {.index = 1,
                                   .code = GW_MISSING,
                                   .at = 9,
                                   .field = GW_LIT("id"),
                                   .rule = GW_LIT("a required field is missing")};
    fake_connect(&f, NULL);
    must_publish(1, 3);
    cr_assert_eq(karvan_unacknowledged(f.client), 3);
    fake_ready(&f, 41, 50);
    expect_batch(42, 1, 2);
    expect_batch(43, 3, 1); /* after linger_ms */
    gw_buf_init(&events, 1000);
    gw_buf_init(&body, 1000);
    cr_assert_eq(gw_ack_events_begin(1, &events), GW_OK);
    cr_assert_eq(gw_ack_event_write(&refused, &events), GW_OK);
    cr_assert_eq(gw_ack_write(&(struct gw_ack_batch){.batch = 42,
                                                     .accepted = 1,
                                                     .refused = 1,
                                                     .first = 7,
                                                     .last = 7,
                                                     .events = gw_buf_bytes(&events)},
                              &body),
                 GW_OK);
    struct gw_header h = {.op = GW_OP_ACK, .batch = 42};
    fake_send(&f, &h, gw_buf_bytes(&body));
    expect_acks(1);
    cr_assert_eq(f.acks[0].batch, 42);
    cr_assert_eq(f.acks[0].accepted, 1);
    cr_assert_eq(f.acks[0].first_seq, 7);
    cr_assert_eq(f.refusal_count, 1);
    cr_assert_eq(f.refusals[0].tag, 102);
    cr_assert_eq(f.refusals[0].code, GW_MISSING);
    cr_assert_eq(f.refusals[0].at, 9);
    cr_assert_str_eq(f.refusal_field, "id");
    cr_assert_eq(karvan_unacknowledged(f.client), 1);
    cr_assert_eq(karvan_last_batch(f.client), 42);
    gw_buf_deinit(&events);
    gw_buf_deinit(&body);
}

Test(client, one_ack_covers_many_batches)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 6);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    expect_batch(3, 5, 2);
    ack(3, 1, 3, 20);
    expect_acks(3);
    cr_assert_eq(karvan_unacknowledged(f.client), 0);
    cr_assert_eq(karvan_drain(f.client, 0), GW_OK);
}

Test(client, unacknowledged_batches_are_sent_again_after_a_lost_connection)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 6);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    expect_batch(3, 5, 2);
    ack(1, 1, 1, 10);
    expect_acks(1);
    fake_restart(&f);
    fake_expect_state(&f, KARVAN_CONNECTING, GW_CLOSED);
    /* batch 2 was stored before the connection broke, its ACK was lost; 3 was not */
    fake_ready(&f, 2, 10);
    expect_batch(2, 3, 2);
    expect_batch(3, 5, 2);
    ack(2, 2, 2, 10);
    expect_acks(2);
    ack(3, 3, 3, 10);
    expect_acks(3);
    must_publish(7, 8);
    expect_batch(4, 7, 2);
}

Test(client, no_session_starts_a_new_one)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 2);
    expect_batch(1, 1, 2);
    error(GW_NO_SESSION, 0, NULL);
    fake_ready(&f, 0, 10);
    expect_batch(1, 1, 2);
}

Test(client, a_repeat_keeps_waiting_for_its_outcome)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 4);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    error(GW_NO_SESSION, 0, NULL);
    fake_ready(&f, 2, 10);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    ack(2, 1, 1, 10); /* cumulative number, but only the first one's outcome */
    expect_acks(1);
    cr_assert_eq(karvan_unacknowledged(f.client), 2);
    ack(2, 2, 2, 10);
    expect_acks(2);
    cr_assert_eq(f.acks[1].accepted, 2);
}

Test(client, an_ack_without_details_still_settles)
{
    struct gw_header h = {.op = GW_OP_ACK, .batch = 2};
    fake_ready(&f, 0, 10);
    must_publish(1, 4);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    fake_send(&f, &h, gw_slice(NULL, 0));
    expect_acks(2);
    cr_assert_eq(f.acks[1].accepted, 0);
}

Test(client, an_ack_for_what_was_never_sent_is_ignored)
{
    fake_ready(&f, 0, 1);
    must_publish(1, 4);
    expect_batch(1, 1, 2);
    ack(9, 2, 9, 1);
    expect_acks(1);
    fake_run(&f, 50);
    cr_assert_eq(f.ack_count, 1);
    cr_assert_eq(karvan_unacknowledged(f.client), 2);
}

Test(client, a_gap_is_filled_from_the_number_named)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 6);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    expect_batch(3, 5, 2);
    error(GW_BATCH_GAP, 2, NULL);
    fake_expect_state(&f, KARVAN_READY, GW_BATCH_GAP);
    expect_batch(2, 3, 2);
    expect_batch(3, 5, 2);
    ack(3, 1, 3, 10);
    expect_acks(3);
    fake_expect_state(&f, KARVAN_READY, GW_OK);
}

Test(client, a_gateway_that_lost_acknowledged_batches_is_reported)
{
    fake_ready(&f, 5, 10);
    must_publish(1, 2);
    expect_batch(6, 1, 2);
    ack(6, 6, 6, 10);
    expect_acks(1);
    must_publish(3, 4);
    expect_batch(7, 3, 2);
    error(GW_NO_SESSION, 0, NULL);
    fake_expect(&f, GW_OP_HELLO);
    fake_welcome(&f, 3, 10);
    fake_expect_state(&f, KARVAN_REFUSED, GW_BATCH_GAP);
    cr_assert_eq(karvan_unacknowledged(f.client), 2, "nothing is thrown away");
}

Test(client, numbers_start_anew_while_none_was_acknowledged)
{
    fake_ready(&f, 5, 10);
    must_publish(1, 2);
    expect_batch(6, 1, 2);
    error(GW_NO_SESSION, 0, NULL);
    fake_ready(&f, 3, 10);
    expect_batch(4, 1, 2);
}

Test(client, numbers_used_by_another_are_left_to_it)
{
    fake_ready(&f, 5, 10);
    must_publish(1, 2);
    expect_batch(6, 1, 2);
    error(GW_BATCH_REUSED, 6, NULL);
    fake_ready(&f, 8, 20);
    expect_batch(9, 1, 2);
}

Test(client, credit_is_respected_in_batches)
{
    fake_ready(&f, 0, 2);
    must_publish(1, 8);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    fake_expect_nothing(&f, 150);
    ack(1, 1, 1, 3);
    expect_batch(3, 5, 2);
    fake_expect_nothing(&f, 100);
    ack(2, 2, 2, 1); /* a smaller grant takes nothing back */
    ack(3, 3, 3, 4);
    expect_batch(4, 7, 2);
}

Test(client, credit_is_respected_in_bytes_and_not_used_up_by_resending)
{
    struct gw_header h = {.op = GW_OP_WELCOME, .credit_batch = 100, .credit_bytes = 30};
    fake_connect(&f, NULL);
    fake_expect(&f, GW_OP_HELLO);
    fake_send(&f, &h, gw_slice(NULL, 0));
    must_publish(1, 6); /* 12 bytes each batch */
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    fake_expect_nothing(&f, 100);
    for (int i = 0; i < 3; i++) {
        error(GW_BUSY, 1, NULL);
        expect_batch(1, 1, 2);
        expect_batch(2, 3, 2);
    }
    fake_expect_nothing(&f, 100);
    struct gw_header more = {.op = GW_OP_ACK, .credit_bytes = 36};
    fake_send(&f, &more, gw_slice(NULL, 0));
    expect_batch(3, 5, 2);
}

Test(client, a_full_disk_is_told_and_outwaited)
{
    fake_ready(&f, 0, 10);
    must_publish(1, 4);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    struct gw_header h = {
        .op = GW_OP_ERROR, .code = GW_DISK_FULL, .batch = 1, .retry_ms = 200};
    fake_send(&f, &h, gw_slice(NULL, 0));
    error(GW_BATCH_GAP, 1, NULL); /* for the second one, which was on its way */
    fake_expect_state(&f, KARVAN_READY, GW_BATCH_GAP);
    cr_assert_eq(f.states[f.state_count - 2].code, GW_DISK_FULL);
    fake_expect_nothing(&f, 120);
    expect_batch(1, 1, 2);
    expect_batch(2, 3, 2);
    ack(2, 1, 2, 10);
    expect_acks(2);
    fake_expect_state(&f, KARVAN_READY, GW_OK);
}

Test(client, a_full_window_says_again)
{
    fake_ready(&f, 0, 0);
    must_publish(1, 8); /* four batches of two */
    cr_assert_eq(publish(9), GW_AGAIN);
    cr_assert_eq(karvan_drain(f.client, 50), GW_AGAIN);
    ack(0, 1, 0, 1);
    expect_batch(1, 1, 2);
    ack(1, 1, 1, 1);
    expect_acks(1);
    cr_assert_eq(publish(9), GW_OK);
}

Test(client, the_window_is_limited_in_bytes_too)
{
    static uint8_t event[603] = {0x81, 0xa1, 'x', 0xda, 0x02, 0x55}; /* a str of 597 */
    struct karvan_options o;
    fake_options(&f, &o);
    o.batch_bytes = o.window_bytes = 1500;
    fake_connect(&f, &o);
    memset(event + 6, 'a', sizeof event - 6);
    cr_assert_eq(karvan_publish(f.client, event, sizeof event, 0), GW_OK);
    cr_assert_eq(karvan_publish(f.client, event, sizeof event, 0), GW_OK);
    cr_assert_eq(karvan_publish(f.client, event, sizeof event, 0), GW_AGAIN);
}

Test(client, events_that_are_not_one_whole_map_are_not_taken)
{
    static const struct {
        const char *name;
        struct gw_slice event;
        enum gw_error e;
    } cases[] = {
        {"nothing", {NULL, 0}, GW_NOT_A_MAP},
        {"an array", {(const uint8_t *)"\x91\x01", 2}, GW_NOT_A_MAP},
        {"cut in a count", {(const uint8_t *)"\x81\xa1", 2}, GW_NOT_A_MAP},
        {"cut in a value", {(const uint8_t *)"\x81\xa1x\xa5y", 5}, GW_TRUNCATED},
        {"two", {(const uint8_t *)"\x80\x80", 2}, GW_TRUNCATED},
    };
    fake_connect(&f, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(karvan_publish(f.client, cases[i].event.at, cases[i].event.len, 0),
                     cases[i].e, "%s", cases[i].name);
    static uint8_t large[2000] = {0x81, 0xa1, 'x', 0xda, 0x07, 0xca};
    memset(large + 6, 'a', sizeof large - 6);
    cr_expect_eq(karvan_publish(f.client, large, sizeof large, 0), GW_EVENT_SIZE);
    cr_expect_eq(karvan_unacknowledged(f.client), 0);
}

Test(client, whole_batches_keep_the_callers_numbers)
{
    uint8_t e[64];
    size_t n = fake_event(e, 0, 1);
    fake_ready(&f, 7, 20);
    cr_assert_eq(karvan_last_batch(f.client), 7);
    cr_assert_eq(karvan_publish_batch(f.client, 9, e, n, 1), GW_BATCH_GAP);
    cr_assert_eq(karvan_publish_batch(f.client, 7, e, n, 1), GW_OK, "a repeat");
    cr_assert_eq(karvan_publish_batch(f.client, 9, e, n, 1), GW_BATCH_GAP);
    cr_assert_eq(karvan_publish_batch(f.client, 8, e, n, 1), GW_OK);
    cr_assert_eq(publish(1), GW_USAGE);
    expect_batch(7, 1, 1);
    expect_batch(8, 1, 1);
    ack(8, 7, 8, 20);
    expect_acks(2);
    cr_assert_eq(karvan_publish_batch(f.client, 10, e, n, 1), GW_BATCH_GAP);
    cr_assert_eq(karvan_publish_batch(f.client, 9, e, n, 1), GW_OK);
    expect_batch(9, 1, 1);
    error(GW_BATCH_REUSED, 9, NULL);
    fake_expect_state(&f, KARVAN_REFUSED, GW_BATCH_REUSED);
}

/* ---- receiving ---- */

static void subscribed(const char *name, uint64_t from)
{
    struct gw_header h = {.op = GW_OP_SUBSCRIBED,
                          .name = gw_slice_str(name),
                          .from = from,
                          .to = 90,
                          .oldest = 3};
    fake_send(&f, &h, gw_slice(NULL, 0));
}

static void events(const char *name, uint64_t from, uint64_t last, uint64_t to)
{
    uint8_t body[1024];
    size_t len = 0;
    struct gw_header h = {.op = GW_OP_EVENTS,
                          .name = gw_slice_str(name),
                          .from = from,
                          .to = to,
                          .count = last < from ? 0 : last - from + 1};
    for (uint64_t seq = from; seq <= last; seq++)
        len += fake_event(body + len, seq, 1);
    fake_send(&f, &h, gw_slice(body, len));
}

static void expect_credit(uint64_t ack_seq, uint64_t credit_events)
{
    fake_expect(&f, GW_OP_CREDIT);
    cr_assert(gw_slice_is(f.h.name, "s"));
    cr_assert_eq(f.h.ack, ack_seq, "ack %llu", (unsigned long long)f.h.ack);
    cr_assert_eq(f.h.credit_events, credit_events, "credit %llu",
                 (unsigned long long)f.h.credit_events);
}

static void subscribe(bool auto_ack)
{
    struct karvan_options o;
    fake_options(&f, &o);
    o.auto_ack = auto_ack;
    o.credit_events = 10;
    o.credit_bytes = 1000;
    fake_connect(&f, &o);
    cr_assert_eq(karvan_subscribe(f.client, "s",
                                  "\x81\xa6"
                                  "filter\x80",
                                  9),
                 GW_OK);
    fake_ready(&f, 0, 1);
    fake_expect(&f, GW_OP_SUBSCRIBE);
    cr_assert(gw_slice_is(f.h.name, "s"));
    cr_assert_eq(f.body_len, 9);
    subscribed("s", 11);
    expect_credit(10, 10);
    cr_assert_eq(f.h.credit_bytes, 1000);
    cr_assert_eq(f.start, 11);
    cr_assert_eq(f.oldest, 3);
    cr_assert_eq(f.newest, 90);
}

Test(client, events_are_handed_over_and_acknowledged)
{
    subscribe(true);
    events("s", 11, 13, 15);
    expect_credit(15, 13);
    cr_assert_eq(f.h.credit_bytes, 1045);
    cr_assert_eq(f.event_count, 3);
    cr_assert_eq(f.seqs[2], 13);
    cr_assert_eq(f.position, 15);
    events("s", 16, 15, 40); /* nothing matched */
    expect_credit(40, 13);
    cr_assert_eq(f.event_count, 3);
}

Test(client, events_are_acknowledged_when_the_caller_says_so)
{
    subscribe(false);
    events("s", 11, 13, 15);
    events("s", 16, 17, 17);
    fake_expect_nothing(&f, 60);
    cr_assert_eq(f.event_count, 5);
    cr_assert_eq(karvan_ack(f.client, "s", 18), GW_ACK_RANGE);
    cr_assert_eq(karvan_ack(f.client, "t", 1), GW_NOT_FOUND);
    cr_assert_eq(karvan_ack(f.client, "s", 12), GW_OK);
    expect_credit(12, 10); /* the message is not done with */
    cr_assert_eq(karvan_ack(f.client, "s", 13), GW_OK);
    expect_credit(13, 13); /* its last event, although the gateway has looked further */
    cr_assert_eq(karvan_ack(f.client, "s", 17), GW_OK);
    expect_credit(17, 15);
    cr_assert_eq(karvan_ack(f.client, "s", 4), GW_OK, "an old one changes nothing");
    fake_expect_nothing(&f, 60);
}

Test(client, subscriptions_go_on_behind_what_was_acknowledged)
{
    subscribe(false);
    events("s", 11, 13, 13);
    fake_run(&f, 50);
    cr_assert_eq(karvan_ack(f.client, "s", 12), GW_OK);
    error(GW_NO_SESSION, 0, NULL);
    fake_expect(&f, GW_OP_CREDIT);
    fake_ready(&f, 0, 1);
    fake_expect(&f, GW_OP_SUBSCRIBE);
    static const char again[] = "\x82\xa5start\x81\xa3seq\x0d\xa6"
                                "filter\x80";
    cr_assert_eq(f.body_len, sizeof again - 1);
    cr_assert_arr_eq(f.body, again, sizeof again - 1);
}

static void live_events(uint64_t count)
{
    uint8_t body[1024];
    size_t len = 0;
    struct gw_header h = {
        .op = GW_OP_EVENTS, .name = GW_LIT("s"), .flags = GW_FLAG_LIVE, .count = count};
    for (uint64_t i = 0; i < count; i++)
        len += fake_event(body + len, 0, (uint8_t)i);
    fake_send(&f, &h, gw_slice(body, len));
}

Test(client, live_events_are_handed_over_and_their_credit_comes_back)
{
    subscribe(true);
    live_events(3);
    expect_credit(10, 13); /* the cursor stays */
    cr_assert_eq(f.event_count, 3);
    cr_assert_eq(f.seqs[2], 0);
    cr_assert_eq(f.position, 0);
    events("s", 11, 12, 12);
    expect_credit(12, 15);
    live_events(11); /* more than was granted */
    fake_expect(&f, GW_OP_HELLO);
}

Test(client, live_events_behind_unacknowledged_ones_wait_for_them)
{
    subscribe(false);
    events("s", 11, 12, 12);
    live_events(4);
    fake_expect_nothing(&f, 60);
    cr_assert_eq(f.event_count, 6);
    cr_assert_eq(karvan_ack(f.client, "s", 12), GW_OK);
    expect_credit(12, 16);
}

Test(client, live_events_are_sent_in_a_session_and_never_again)
{
    uint8_t event[64];
    size_t n = fake_event(event, 0, 7);
    fake_connect(&f, NULL);
    cr_assert_eq(karvan_publish_live(f.client, event, n), GW_AGAIN);
    fake_ready(&f, 0, 0); /* no credit is needed */
    cr_assert_eq(karvan_publish_live(f.client, event, n), GW_OK);
    cr_assert_eq(karvan_publish_live(f.client, event, n - 1), GW_TRUNCATED);
    cr_assert_eq(karvan_publish_live(f.client, "x", 1), GW_NOT_A_MAP);
    cr_assert_eq(karvan_unacknowledged(f.client), 0);
    fake_expect(&f, GW_OP_PUBLISH);
    cr_assert_eq(f.h.flags, GW_FLAG_LIVE);
    cr_assert_eq(f.h.batch, 0);
    cr_assert_eq(f.body_len, n);
    error(GW_NO_SESSION, 0, NULL);
    fake_ready(&f, 0, 1);
    fake_expect_nothing(&f, 60);
}

Test(client, a_gateway_that_ignores_credit_is_left)
{
    subscribe(false);
    events("s", 11, 21, 21); /* eleven, ten were granted */
    fake_expect(&f, GW_OP_HELLO);
    cr_assert_eq(f.event_count, 0);
}

Test(client, events_that_do_not_fit_their_count_are_refused)
{
    subscribe(true);
    struct gw_header h = {
        .op = GW_OP_EVENTS, .name = GW_LIT("s"), .from = 11, .to = 12, .count = 2};
    uint8_t body[64];
    size_t n = fake_event(body, 11, 1);
    fake_send(&f, &h, gw_slice(body, n));
    fake_expect(&f, GW_OP_HELLO);
}

Test(client, a_refused_subscription_is_told_with_its_name_and_not_asked_again)
{
    fake_connect(&f, NULL);
    cr_assert_eq(karvan_subscribe(f.client, "S", NULL, 0), GW_BAD_NAME);
    cr_assert_eq(karvan_subscribe(f.client, "s", NULL, 0), GW_OK);
    fake_ready(&f, 0, 1);
    fake_expect(&f, GW_OP_SUBSCRIBE);
    error(GW_FILTER_FIELD, 0, "s");
    fake_expect_state(&f, KARVAN_READY, GW_FILTER_FIELD);
    cr_assert_not_null(strstr(f.states[f.state_count - 1].text, "subscription s"));
    error(GW_NO_SESSION, 0, NULL);
    fake_ready(&f, 0, 1);
    fake_expect_nothing(&f, 100);
    cr_assert_eq(karvan_subscribe(f.client, "s", NULL, 0), GW_OK,
                 "asking anew is possible");
    fake_expect(&f, GW_OP_SUBSCRIBE);
}

Test(client, a_subscription_taken_over_leaves_the_session_alone)
{
    subscribe(true);
    error(GW_FENCED, 0, "s");
    fake_expect_state(&f, KARVAN_READY, GW_FENCED);
    events("s", 11, 11, 11);
    fake_run(&f, 50);
    cr_assert_eq(f.event_count, 0);
    cr_assert_eq(karvan_client_state(f.client), KARVAN_READY);
}

Test(client, unsubscribing)
{
    subscribe(true);
    cr_assert_eq(karvan_unsubscribe(f.client, "t"), GW_NOT_FOUND);
    cr_assert_eq(karvan_unsubscribe(f.client, "s"), GW_OK);
    fake_expect(&f, GW_OP_UNSUBSCRIBE);
    events("s", 11, 11, 11);
    fake_run(&f, 50);
    cr_assert_eq(f.event_count, 0);
}

/* ---- options ---- */

Test(client, wrong_options_are_named)
{
    static const char key[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    struct karvan_options good, o;
    char why[256];
    fake_options(&f, &good);
    for (int i = 0; i < 9; i++) {
        static const char *const words[] = {"endpoint",     "endpoint",     "adapter",
                                            "adapter",      "server_key",   "public_key",
                                            "batch_events", "window_bytes", "no-such"};
        o = good;
        why[0] = 0;
        switch (i) {
        case 0:
            o.endpoint = NULL;
            break;
        case 1:
            o.endpoint = "";
            break;
        case 2:
            o.adapter = NULL;
            break;
        case 3:
            o.adapter = "Test 1";
            break;
        case 4:
            o.server_key = "short";
            break;
        case 5:
            o.server_key = key;
            break;
        case 6:
            o.batch_events = 0;
            break;
        case 7:
            o.window_bytes = 1;
            break;
        case 8:
            o.endpoint = "no-such://address";
            break;
        }
        cr_expect_neq(karvan_open(&f.client, &o, why, sizeof why), GW_OK, "%s", words[i]);
        cr_expect_null(f.client);
        cr_expect_not_null(strstr(why, i == 1 ? "address" : words[i]), "%s: %s", words[i],
                           why);
    }
}
