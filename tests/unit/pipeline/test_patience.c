/* test_patience.c - what is of no use is borne for a while, then it ends; others notice
 * nothing. */
#include <criterion/criterion.h>
#include "pipeline/patience.h"
#include "unit/pipeline/bench_of_one.h"

static unsigned cuts;
static char cut_operator[GW_NAME_MAX + 1];

static void cut(void *ctx, const struct gw_peer *peer, const char *operator)
{
    (void)ctx;
    (void)peer;
    cuts++;
    (void)gw_slice_copy(gw_slice_str(operator), cut_operator, sizeof cut_operator);
}

static struct workbench *bench(void)
{
    static struct workbench w;
    w = (struct workbench){0};
    workbench_open(&w);
    w.outlet.cut = cut;
    cuts = 0;
    return &w;
}

/* So many messages from a peer; how many were answered, the last one's code goes to
 * *code. */
static unsigned answered(struct workbench *w, uint32_t peer, const struct gw_header *h,
                         unsigned times, uint64_t *code)
{
    unsigned n = 0;
    for (unsigned i = 0; i < times; i++) {
        struct sent *s;
        workbench_put(w, peer, "alpha", h, gw_slice(NULL, 0));
        while ((s = workbench_take(w, peer)) != NULL) {
            *code = s->h.code;
            n++;
        }
    }
    return n;
}

Test(patience, comes_back_with_time)
{
    struct gw_patience p = {0};
    cr_assert_eq(gw_patience_use(&p, GW_PATIENCE, 1000), GW_PATIENT);
    cr_assert_eq(gw_patience_use(&p, 1, 1000), GW_TIRED);
    cr_assert_eq(gw_patience_use(&p, 1, 1100), GW_PATIENT, "25 came back");
    cr_assert_eq(gw_patience_use(&p, 1u << 31, 1100), GW_ENOUGH);
    cr_assert_eq(gw_patience_use(&p, 1, 900), GW_ENOUGH,
                 "a clock put back gives nothing");
    cr_assert_eq(gw_patience_use(&p, 1, 901 + 1000), GW_TIRED);
    cr_assert_eq(
        gw_patience_use(&p, 1, 901 + 1000 * GW_PATIENCE / GW_PATIENCE_PER_S + 100),
        GW_PATIENT, "however much it was");
}

Test(patience, who_ignores_credit_is_told_once_and_cut)
{
    struct workbench *w = bench();
    struct gw_header far = {.v = 1, .op = GW_OP_PUBLISH, .batch = 1000000};
    uint64_t code = 0;
    workbench_hello(w, 1, "alpha", "a1");
    workbench_hello(w, 2, "beta", "b1");
    cr_assert_eq(answered(w, 1, &far, 2 * GW_PATIENCE, &code), 1,
                 "beyond credit is told once");
    cr_assert_eq(code, GW_CREDIT);
    cr_assert_eq(cuts, 0);
    cr_assert_eq(answered(w, 1, &far, 1, &code), 1);
    cr_assert_eq(code, GW_FLOOD);
    cr_assert_eq(cuts, 1);
    cr_assert_str_eq(cut_operator, "alpha");
    workbench_put(w, 2, "beta", &(struct gw_header){.v = 1, .op = GW_OP_PING, .nonce = 5},
                  gw_slice(NULL, 0));
    cr_assert_eq(workbench_expect(w, 2, GW_OP_PONG)->h.nonce, 5,
                 "another one notices nothing");
    workbench_close(w);
}

Test(patience, large_messages_cost_more)
{
    static uint8_t body[1 << 20];
    struct workbench *w = bench();
    struct gw_header far = {.v = 1, .op = GW_OP_PUBLISH, .batch = 1000000};
    workbench_hello(w, 1, "alpha", "a1");
    for (int i = 0; i < 64 && !cuts; i++)
        workbench_put(w, 1, "alpha", &far, gw_slice(body, w->limits.message_bytes));
    cr_assert(cuts == 1 || w->limits.message_bytes < sizeof body, "64 MiB are enough");
    workbench_close(w);
}

/* The journal does not keep batch 1: the sender is told. */
static void fail_to_keep(struct workbench *w, struct gw_slice body)
{
    workbench_put(w, 1, "alpha", &(struct gw_header){.v = 1, .op = GW_OP_PUBLISH, .batch = 1}, body);
    w->hold = true;
    workbench_settle(w);
    cr_assert_eq(w->done_count, 1);
    w->done[0]->result = GW_DISK_FULL;
    w->hold = false;
    workbench_settle(w);
    cr_assert_eq(workbench_expect(w, 1, GW_OP_ERROR)->h.code, GW_DISK_FULL);
}

Test(patience, what_was_in_flight_behind_a_batch_we_lost_costs_nothing)
{
    static uint8_t large[500000];
    struct workbench *w = bench();
    struct gw_header behind = {.v = 1, .op = GW_OP_PUBLISH};
    struct gw_buf body;
    uint64_t code = 0;

    gw_buf_init(&body, 1u << 16);
    workbench_events(&body, "e", 1, 1);
    workbench_hello(w, 1, "alpha", "a1");
    for (int again = 0; again < 100; again++) { /* the disk is full, and stays full */
        fail_to_keep(w, gw_buf_bytes(&body));
        for (behind.batch = 2; behind.batch <= w->limits.credit_batches; behind.batch++)
            workbench_put(w, 1, "alpha", &behind, gw_slice(large, sizeof large));
        cr_assert_eq(cuts, 0, "it did as it was granted");
        cr_assert_eq(workbench_expect(w, 1, GW_OP_ERROR)->h.code, GW_BATCH_GAP);
        cr_assert_null(workbench_take(w, 1), "told once");
    }
    behind.batch = 2; /* each of them once: a flood is a flood all the same */
    (void)answered(w, 1, &behind, 2 * GW_PATIENCE + 1, &code);
    cr_assert_eq(code, GW_FLOOD);
    cr_assert_eq(cuts, 1);
    gw_buf_deinit(&body);
    workbench_close(w);
}

Test(patience, questions_are_answered_then_put_off_then_cut)
{
    struct workbench *w = bench();
    struct gw_header ping = {.v = 1, .op = GW_OP_PING, .nonce = 1};
    uint64_t code = 0;
    workbench_hello(w, 1, "alpha", "a1");
    cr_assert_eq(answered(w, 1, &ping, GW_PATIENCE, &code), GW_PATIENCE);
    cr_assert_eq(code, 0);
    cr_assert_eq(answered(w, 1, &ping, GW_PATIENCE, &code), GW_PATIENCE);
    cr_assert_eq(code, GW_BUSY);
    cr_assert_eq(answered(w, 1, &ping, 1, &code), 1);
    cr_assert_eq(code, GW_FLOOD);
    cr_assert_eq(cuts, 1);
    w->now_ms += 20000;
    workbench_hello(w, 3, "alpha", "a1");
    workbench_close(w);
}

Test(patience, sessions_that_begin_again_and_again_are_the_operators)
{
    struct workbench *w = bench();
    struct gw_header hello = {
        .v = 1, .op = GW_OP_HELLO, .adapter = GW_LIT("a1"), .v_least = 1, .v_most = 1};
    uint64_t code = 0;
    unsigned most = 2 * GW_PATIENCE / 8;
    (void)answered(w, 1, &hello, most, &code);
    cr_assert_eq(code, GW_BUSY, "REFUSE, for now");
    cr_assert_eq(cuts, 0);
    (void)answered(w, 1, &hello, 1, &code);
    cr_assert_eq(cuts, 1);
    workbench_hello(w, 2, "beta", "b1");
    workbench_close(w);
}
