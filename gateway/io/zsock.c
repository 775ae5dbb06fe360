/* zsock.c - ZeroMQ's edge-triggered descriptor, tamed. */
#include "io/zsock.h"
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <zmq.h>

struct gw_zsock {
    void *zmq;
    uv_poll_t poll;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle;
    unsigned open_handles;
    bool closing;
    struct gw_zsock_budget budget;
    gw_zsock_fn on_message;
    void *ctx;
    zmq_msg_t parts[GW_ZFRAMES];
};

static bool readable(struct gw_zsock *z)
{
    int events = 0;
    size_t size = sizeof events;
    return !z->closing &&
           zmq_getsockopt(z->zmq, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN);
}

static void on_idle(uv_idle_t *h)
{
    (void)h; /* running is all it does: the loop then does not sleep */
}

static void keep_awake(struct gw_zsock *z, bool awake)
{
    if (z->closing)
        return;
    if (awake)
        uv_idle_start(&z->idle, on_idle);
    else
        uv_idle_stop(&z->idle);
}

void gw_zsock_settle(struct gw_zsock *z)
{
    if (z)
        keep_awake(z, readable(z));
}

static void on_prepare(uv_prepare_t *h)
{
    gw_zsock_settle(h->data);
}

static void on_poll(uv_poll_t *h, int status, int events)
{
    (void)h;
    (void)status;
    (void)events; /* woken; the check handle does the work */
}

/* The frame that knows where it came from.  The routing id does not if ZMQ_EVENTS was asked for just
 * before it was received: libzmq has made it by then, without the connection's properties. */
static zmq_msg_t *telling(struct gw_zsock *z, unsigned frames)
{
    return &z->parts[frames > 1 ? 1 : 0];
}

static const char *user_of(zmq_msg_t *m)
{
    const char *u = zmq_msg_gets(m, "User-Id");
    return u ? u : "";
}

/* Receive the parts of one message.  False: nothing there.  More than GW_ZFRAMES are dropped. */
static bool receive(struct gw_zsock *z, struct gw_zmessage *m, size_t *bytes)
{
    zmq_msg_t extra;
    int more = 1;

    *m = (struct gw_zmessage){.user = ""};
    while (more) {
        /* cppcheck-suppress uninitvar ; initialised by the next line */
        zmq_msg_t *to = m->frames < GW_ZFRAMES ? &z->parts[m->frames] : &extra;
        zmq_msg_init(to);
        if (zmq_msg_recv(to, z->zmq, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(to);
            return m->frames > 0;
        }
        more = zmq_msg_more(to);
        *bytes += zmq_msg_size(to);
        if (to == &extra)
            zmq_msg_close(&extra);
        else
            m->frame[m->frames] = gw_slice(zmq_msg_data(to), zmq_msg_size(to));
        m->frames++;
    }
    m->user = user_of(telling(z, m->frames));
    return true;
}

static void release(struct gw_zsock *z, unsigned frames)
{
    for (unsigned i = 0; i < frames && i < GW_ZFRAMES; i++)
        zmq_msg_close(&z->parts[i]);
}

bool gw_zsock_address(int fd, char *out, size_t size)
{
    struct sockaddr_storage peer = {0};
    socklen_t length = sizeof peer;
    *out = 0;
    if (getpeername(fd, (struct sockaddr *)&peer, &length))
        return false;
    return peer.ss_family == AF_UNIX ||
           getnameinfo((struct sockaddr *)&peer, length, out, (socklen_t)size, NULL, 0,
                       NI_NUMERICHOST) == 0;
}

/* Is `fd` still a connection from the address that the message names?  Descriptors are used again. */
static bool came_by(int fd, zmq_msg_t *m)
{
    const char *said = zmq_msg_gets(m, "Peer-Address");
    char host[NI_MAXHOST];
    return gw_zsock_address(fd, host, sizeof host) && (!*host || (said && strcmp(host, said) == 0));
}

int gw_zsock_source(struct gw_zsock *z, const struct gw_zmessage *m)
{
    return zmq_msg_get(telling(z, m->frames), ZMQ_SRCFD);
}

void gw_zsock_cut(struct gw_zsock *z, const struct gw_zmessage *m)
{
    int fd = gw_zsock_source(z, m);
    if (fd >= 0 && came_by(fd, telling(z, m->frames)))
        (void)shutdown(fd, SHUT_RDWR);
}

static void on_check(uv_check_t *h)
{
    struct gw_zsock *z = h->data;
    size_t bytes = 0;
    if (!readable(z))
        return;
    /* Asking for ZMQ_EVENTS each time would cost as much as a message that is dropped. */
    for (uint32_t n = 0; n < z->budget.messages && bytes < z->budget.bytes && !z->closing; n++) {
        struct gw_zmessage m;
        if (!receive(z, &m, &bytes))
            break;
        z->on_message(z->ctx, z, &m);
        release(z, m.frames);
    }
    gw_zsock_settle(z);
}

static void on_closed(uv_handle_t *h)
{
    struct gw_zsock *z = h->data;
    if (--z->open_handles)
        return;
    zmq_close(z->zmq);
    free(z);
}

enum gw_error gw_zsock_open(struct gw_zsock **out, uv_loop_t *loop, void *zmq,
                            struct gw_zsock_budget budget, gw_zsock_fn on_message, void *ctx)
{
    struct gw_zsock *z = calloc(1, sizeof *z);
    int fd = -1;
    size_t size = sizeof fd;

    *out = NULL;
    if (!z)
        return GW_NOMEM;
    if (zmq_getsockopt(zmq, ZMQ_FD, &fd, &size) || uv_poll_init(loop, &z->poll, fd)) {
        free(z);
        return GW_IO;
    }
    z->zmq = zmq;
    z->budget = budget;
    z->on_message = on_message;
    z->ctx = ctx;
    z->open_handles = 4;
    z->poll.data = z->prepare.data = z->check.data = z->idle.data = z;
    uv_prepare_init(loop, &z->prepare);
    uv_check_init(loop, &z->check);
    uv_idle_init(loop, &z->idle);
    uv_poll_start(&z->poll, UV_READABLE, on_poll);
    uv_prepare_start(&z->prepare, on_prepare);
    uv_check_start(&z->check, on_check);
    *out = z;
    return GW_OK;
}

void gw_zsock_close(struct gw_zsock *z)
{
    if (!z || z->closing)
        return;
    z->closing = true;
    uv_close((uv_handle_t *)&z->poll, on_closed);
    uv_close((uv_handle_t *)&z->prepare, on_closed);
    uv_close((uv_handle_t *)&z->check, on_closed);
    uv_close((uv_handle_t *)&z->idle, on_closed);
}

enum gw_error gw_zsock_send(struct gw_zsock *z, const struct gw_slice *frames, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        const void *at = frames[i].len ? (const void *)frames[i].at : "";
        if (zmq_send(z->zmq, at, frames[i].len, flags) >= 0)
            continue;
        /* Only the first frame can be refused: a started message always finds room. */
        return errno == EAGAIN ? GW_AGAIN : errno == EHOSTUNREACH ? GW_CLOSED : GW_IO;
    }
    return GW_OK;
}
