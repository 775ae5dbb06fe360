/* test_watch.c - who comes to a socket and leaves it is told with its descriptor. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <zmq.h>
#include "io/watch.h"

#define PATIENCE_MS 20000

static void *context, *zmq;
static uv_loop_t loop;
static uv_timer_t patience;
static struct gw_watch *watch;
static int came, left, last_came, last_left, wanted; /* wanted: tidings until the loop stops */
static bool was_connection;

static void told(void)
{
    if (came + left == wanted)
        uv_stop(&loop);
}

static void on_came(void *ctx, int fd)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    cr_expect_eq(ctx, &loop);
    was_connection = getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
    last_came = fd;
    came++;
    told();
}

static void on_left(void *ctx, int fd)
{
    (void)ctx;
    last_left = fd;
    left++;
    told();
}

static void on_patience(uv_timer_t *t)
{
    (void)t;
    cr_assert_fail("told %d times that somebody came, %d times that one left", came, left);
}

static void begin(void)
{
    context = zmq_ctx_new();
    zmq = zmq_socket(context, ZMQ_ROUTER);
    cr_assert(zmq);
    cr_assert_eq(uv_loop_init(&loop), 0);
    uv_timer_init(&loop, &patience);
    uv_timer_start(&patience, on_patience, PATIENCE_MS, 0);
    cr_assert_eq(gw_watch_open(&watch, &loop, context, zmq, on_came, on_left, &loop), GW_OK);
    cr_assert_eq(zmq_bind(zmq, "tcp://127.0.0.1:*"), 0);
    came = left = 0;
}

static void end(void)
{
    gw_watch_close(watch);
    uv_close((uv_handle_t *)&patience, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    zmq_close(zmq);
    zmq_ctx_term(context);
}

static void *connect_one(void)
{
    char address[64];
    size_t size = sizeof address;
    int none = 0;
    void *peer = zmq_socket(context, ZMQ_DEALER);
    cr_assert_eq(zmq_getsockopt(zmq, ZMQ_LAST_ENDPOINT, address, &size), 0);
    cr_assert_eq(zmq_setsockopt(peer, ZMQ_LINGER, &none, sizeof none), 0);
    cr_assert_eq(zmq_connect(peer, address), 0);
    return peer;
}

static void wait_for(int tidings)
{
    wanted = tidings;
    uv_run(&loop, UV_RUN_DEFAULT);
}

TestSuite(watch, .init = begin, .fini = end);

Test(watch, coming_and_leaving_have_the_connections_descriptor)
{
    void *peer = connect_one();
    wait_for(1);
    cr_expect_eq(came, 1);
    cr_expect(was_connection);
    zmq_close(peer);
    wait_for(2);
    cr_expect_eq(left, 1);
    cr_expect_eq(last_left, last_came);
}

/* As the lane does: the end is ZeroMQ's, which closes what we shut. */
Test(watch, what_is_shut_leaves)
{
    void *peer = connect_one();
    wait_for(1);
    cr_assert_eq(shutdown(last_came, SHUT_RDWR), 0);
    while (!left)
        wait_for(came + left + 1);
    cr_expect_eq(left, 1);
    zmq_close(peer);
}

/* Beyond any high-water mark: the network thread would stand still. */
Test(watch, nobody_waits_for_whoever_does_not_listen)
{
    enum { N = 1500 };
    for (int i = 0; i < N; i++) {
        void *peer = connect_one();
        cr_assert_eq(zmq_send(peer, "hello", 5, 0), 5);
        zmq_msg_t m;
        zmq_msg_init(&m);
        for (int part = 0; part < 2; part++)
            cr_assert_geq(zmq_msg_recv(&m, zmq, 0), 0);
        zmq_msg_close(&m);
        zmq_close(peer);
    }
    wait_for(2 * N);
    cr_expect_eq(came, N);
    cr_expect_eq(left, N);
}
