/* test_zsock.c - the loop does not sleep on a message, whoever swallowed the descriptor's
 * edge. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>
#include "io/zsock.h"

#define PATIENCE_MS 20000 /* the loop's longest sleep */

static void *context, *peer;
static uv_loop_t loop;
static uv_prepare_t ours;
static uv_timer_t patience;
static struct gw_zsock *router;
static unsigned got;
static bool settles, sent;
static uint64_t began_ms;

static void tell_peer(void)
{
    const struct gw_slice frames[] = {GW_LIT("peer"), GW_LIT("down")};
    cr_assert_eq(gw_zsock_send(router, frames, 2), GW_OK);
}

static void on_message(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m)
{
    (void)ctx;
    (void)z;
    cr_assert_eq(m->frames, 2);
    got++;
    if (got == 2)
        uv_stop(&loop);
}

/* The router has handed its first message over and would sleep now: a second one comes,
 * and what is sent right behind it takes the sign of it out of the descriptor. */
static void on_prepare(uv_prepare_t *h)
{
    (void)h;
    if (got == 1 && !sent) {
        sent = true;
        cr_assert_eq(zmq_send(peer, "two", 3, 0), 3);
        usleep(100000); /* until it has arrived */
        tell_peer();
    }
    if (settles)
        gw_zsock_settle(router);
}

static void on_patience(uv_timer_t *t)
{
    (void)t;
    uv_stop(&loop);
}

/* Even without the look the message is found once the loop wakes for another reason. */
static bool slept(void)
{
    return uv_hrtime() / 1000000 - began_ms >= PATIENCE_MS;
}

static void begin(void)
{
    void *zmq;
    got = 0;
    sent = false;
    began_ms = uv_hrtime() / 1000000;
    context = zmq_ctx_new();
    zmq = zmq_socket(context, ZMQ_ROUTER);
    peer = zmq_socket(context, ZMQ_DEALER);
    cr_assert(zmq && peer);
    cr_assert_eq(zmq_setsockopt(peer, ZMQ_ROUTING_ID, "peer", 4), 0);
    cr_assert_eq(zmq_bind(zmq, "inproc://edge"), 0);
    cr_assert_eq(zmq_connect(peer, "inproc://edge"), 0);
    cr_assert_eq(uv_loop_init(&loop), 0);
    /* started before the socket's, so it is called after it */
    uv_prepare_init(&loop, &ours);
    uv_prepare_start(&ours, on_prepare);
    uv_timer_init(&loop, &patience);
    uv_timer_start(&patience, on_patience, PATIENCE_MS, 0);
    cr_assert_eq(gw_zsock_open(&router, &loop, zmq,
                               (struct gw_zsock_budget){100, 1u << 20}, on_message, NULL),
                 GW_OK);
}

static void end(void)
{
    gw_zsock_close(router);
    uv_close((uv_handle_t *)&ours, NULL);
    uv_close((uv_handle_t *)&patience, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    zmq_close(peer);
    zmq_ctx_term(context);
}

TestSuite(zsock, .init = begin, .fini = end);

Test(zsock, a_swallowed_edge_is_found_before_the_loop_sleeps)
{
    settles = true;
    cr_assert_eq(zmq_send(peer, "one", 3, 0), 3);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(got, 2);
    cr_assert_not(slept(), "the second message lay there until the time was up");
}

Test(zsock, one_turn_takes_no_more_than_its_budget)
{
    settles = false;
    got = 100; /* on_message() neither stops nor answers */
    for (int i = 0; i < 250; i++)
        cr_assert_eq(zmq_send(peer, "more", 4, 0), 4);
    for (unsigned before = got, turns = 0; got < 350; before = got, turns++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        cr_assert_leq(got - before, 100);
        cr_assert_lt(turns, 1000u);
    }
}
