/* test_cut.c - a connection is shut by any message that came by it. */
#include <criterion/criterion.h>
#include <unistd.h>
#include <zmq.h>
#include "io/zsock.h"

#define PATIENCE_MS 20000 /* for what must come; no measure of speed */

static void *context, *peer, *monitor;
static uv_loop_t loop;
static struct gw_zsock *router;
static unsigned got, cut_at;

static void on_message(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m)
{
    (void)ctx;
    if (++got == cut_at)
        gw_zsock_cut(z, m);
}

static void begin(void)
{
    char address[128];
    size_t size = sizeof address;
    void *zmq;

    got = 0;
    context = zmq_ctx_new();
    zmq = zmq_socket(context, ZMQ_ROUTER);
    peer = zmq_socket(context, ZMQ_DEALER);
    monitor = zmq_socket(context, ZMQ_PAIR);
    cr_assert(zmq && peer && monitor);
    cr_assert_eq(zmq_bind(zmq, "tcp://127.0.0.1:*"), 0);
    cr_assert_eq(zmq_getsockopt(zmq, ZMQ_LAST_ENDPOINT, address, &size), 0);
    cr_assert_eq(zmq_socket_monitor(peer, "inproc://monitor", ZMQ_EVENT_DISCONNECTED), 0);
    cr_assert_eq(zmq_connect(monitor, "inproc://monitor"), 0);
    cr_assert_eq(zmq_connect(peer, address), 0);
    cr_assert_eq(uv_loop_init(&loop), 0);
    cr_assert_eq(gw_zsock_open(&router, &loop, zmq, (struct gw_zsock_budget){100, 1u << 20},
                               on_message, NULL),
                 GW_OK);
}

static void end(void)
{
    gw_zsock_close(router);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    zmq_socket_monitor(peer, NULL, 0);
    zmq_close(monitor);
    zmq_close(peer);
    zmq_ctx_term(context);
}

TestSuite(cut, .init = begin, .fini = end);

/* Three messages of two frames that are there when the loop looks: one turn takes them all. */
static void three_in_one_turn(void)
{
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(zmq_send(peer, "header", 6, ZMQ_SNDMORE), 6);
        cr_assert_eq(zmq_send(peer, "body", 4, 0), 4);
    }
    usleep(200000);
    for (uint64_t end = uv_hrtime() / 1000000 + PATIENCE_MS;
         got < 3 && uv_hrtime() / 1000000 < end;)
        uv_run(&loop, UV_RUN_NOWAIT);
    cr_assert_eq(got, 3);
}

static bool disconnected(void)
{
    zmq_pollitem_t item = {monitor, 0, ZMQ_POLLIN, 0};
    return zmq_poll(&item, 1, PATIENCE_MS) == 1;
}

/* Of this one libzmq does not tell with the routing id by what connection it came. */
Test(cut, by_the_first_message_of_a_turn)
{
    cut_at = 1;
    three_in_one_turn();
    cr_assert(disconnected());
}

Test(cut, by_a_later_message_of_a_turn)
{
    cut_at = 2;
    three_in_one_turn();
    cr_assert(disconnected());
}
