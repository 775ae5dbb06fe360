/* watch.c - a socket's monitor: a pair of ZeroMQ sockets, of which libzmq has one. */
#include "io/watch.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

struct gw_watch {
    struct gw_zsock *socket;
    void *watched;
    gw_watch_fn came, left;
    void *ctx;
};

/* An event: number in 16 bits, value in 32, as the machine has them; behind it an address. */
static void on_event(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m)
{
    struct gw_watch *w = ctx;
    uint16_t event;
    int32_t value;
    (void)z;
    if (m->frame[0].len != sizeof event + sizeof value)
        return;
    memcpy(&event, m->frame[0].at, sizeof event);
    memcpy(&value, m->frame[0].at + sizeof event, sizeof value);
    if (event == ZMQ_EVENT_ACCEPTED)
        w->came(w->ctx, value);
    else if (event == ZMQ_EVENT_DISCONNECTED)
        w->left(w->ctx, value);
}

/* No bound: at one, the network thread would wait for us with each event. */
static void *open_pair(void *zmq, const char *address)
{
    void *pair = zmq_socket(zmq, ZMQ_PAIR);
    int none = 0;
    if (pair && zmq_setsockopt(pair, ZMQ_RCVHWM, &none, sizeof none) == 0 &&
        zmq_setsockopt(pair, ZMQ_LINGER, &none, sizeof none) == 0 && zmq_connect(pair, address) == 0)
        return pair;
    if (pair)
        zmq_close(pair);
    return NULL;
}

enum gw_error gw_watch_open(struct gw_watch **out, uv_loop_t *loop, void *zmq, void *watched,
                            gw_watch_fn came, gw_watch_fn left, void *ctx)
{
    struct gw_watch *w = calloc(1, sizeof *w);
    struct gw_zsock_budget budget = {1024, 1u << 20};
    char address[64];
    void *pair = NULL;
    bool told = false;
    int why;

    *out = NULL;
    if (!w)
        return GW_NOMEM;
    *w = (struct gw_watch){.watched = watched, .came = came, .left = left, .ctx = ctx};
    (void)snprintf(address, sizeof address, "inproc://watch-%p", (void *)w);
    told = zmq_socket_monitor(watched, address, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) == 0;
    if (told)
        pair = open_pair(zmq, address);
    if (pair && !gw_zsock_open(&w->socket, loop, pair, budget, on_event, w)) {
        *out = w;
        return GW_OK;
    }
    why = errno;
    if (told)
        zmq_socket_monitor(watched, NULL, 0);
    if (pair)
        zmq_close(pair);
    free(w);
    errno = why;
    return GW_IO;
}

void gw_watch_close(struct gw_watch *w)
{
    if (!w)
        return;
    zmq_socket_monitor(w->watched, NULL, 0); /* first: nobody may tell where nobody listens */
    gw_zsock_close(w->socket);
    free(w);
}
