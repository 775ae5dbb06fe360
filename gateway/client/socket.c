/* socket.c - the client's only acquaintance with ZeroMQ. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>
#include "client/socket.h"

#define SEND_FUSE    10000      /* messages; credit ends long before it */
#define MESSAGE_MOST (64 << 20) /* bytes of one message from the gateway */

struct gw_link {
    const struct karvan_options *o;
    void *context, *socket;
    void *monitor;             /* tells what happens to the connection of `socket` */
    int socket_fd, monitor_fd; /* their ZMQ_FD, or -1 */
    int poll_fd, wake_fd;
    bool agreed;       /* the handshake was completed */
    unsigned attempts; /* names the monitors */
    zmq_msg_t header, body;
};

static void watch(struct gw_link *l, int op, int fd)
{
    struct epoll_event e = {.events = EPOLLIN};
    (void)epoll_ctl(l->poll_fd, op, fd, &e);
}

enum gw_error gw_link_new(struct gw_link **out, const struct karvan_options *o,
                          struct gw_text *why)
{
    struct gw_link *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l) {
        gw_text_set(why, "out of memory");
        return GW_NOMEM;
    }
    zmq_msg_init(&l->header);
    zmq_msg_init(&l->body);
    l->o = o;
    l->socket_fd = l->monitor_fd = -1;
    l->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->context = zmq_ctx_new();
    if (l->poll_fd < 0 || l->wake_fd < 0 || !l->context) {
        gw_text_set(why, "cannot open a descriptor: %s", strerror(errno));
        gw_link_free(l, 0);
        return GW_IO;
    }
    watch(l, EPOLL_CTL_ADD, l->wake_fd);
    *out = l;
    return GW_OK;
}

static void close_one(struct gw_link *l, void **socket, int *fd, int linger_ms)
{
    if (!*socket)
        return;
    if (*fd >= 0)
        watch(l, EPOLL_CTL_DEL, *fd);
    zmq_setsockopt(*socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_close(*socket);
    *socket = NULL;
    *fd = -1;
}

static void close_socket(struct gw_link *l, int linger_ms)
{
    if (l->socket)
        zmq_socket_monitor(l->socket, NULL, 0);
    close_one(l, &l->monitor, &l->monitor_fd, 0);
    close_one(l, &l->socket, &l->socket_fd, linger_ms);
}

void gw_link_free(struct gw_link *l, int linger_ms)
{
    if (!l)
        return;
    close_socket(l, linger_ms);
    zmq_msg_close(&l->header);
    zmq_msg_close(&l->body);
    if (l->context)
        while (zmq_ctx_term(l->context) && errno == EINTR)
            ;
    if (l->poll_fd >= 0)
        close(l->poll_fd);
    if (l->wake_fd >= 0)
        close(l->wake_fd);
    free(l);
}

void gw_link_disconnect(struct gw_link *l)
{
    close_socket(l, 0);
}

/* ZeroMQ may connect the socket again by itself when TCP breaks; the gateway then sees a
 * peer without a session and says so (102), which starts a new attempt with a fresh
 * socket.  Silence is noticed by PING and PONG of our own: with ZMQ_HEARTBEAT_IVL,
 * libzmq 4.3 aborts the process when the timer meets a broken connection whose input was
 * held back (zeromq/libzmq#4364). */
static bool set_up(struct gw_link *l)
{
    const struct karvan_options *o = l->o;
    const struct {
        int option, value;
    } numbers[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_SNDHWM, SEND_FUSE},
        {ZMQ_RCVHWM, (int)o->credit_events + SEND_FUSE},
        {ZMQ_RECONNECT_IVL, (int)o->retry_ms},
        {ZMQ_RECONNECT_IVL_MAX, (int)o->retry_max_ms},
        {ZMQ_CONNECT_TIMEOUT, (int)o->timeout_ms},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (zmq_setsockopt(l->socket, numbers[i].option, &numbers[i].value, sizeof(int)))
            return false;
    int64_t most = MESSAGE_MOST;
    return zmq_setsockopt(l->socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0;
}

static bool set_keys(struct gw_link *l)
{
    const struct karvan_options *o = l->o;
    if (!o->server_key)
        return true;
    return !zmq_setsockopt(l->socket, ZMQ_CURVE_SERVERKEY, o->server_key, 41) &&
           !zmq_setsockopt(l->socket, ZMQ_CURVE_PUBLICKEY, o->public_key, 41) &&
           !zmq_setsockopt(l->socket, ZMQ_CURVE_SECRETKEY, o->secret_key, 41);
}

static bool watch_socket(struct gw_link *l, void *socket, int *fd)
{
    size_t size = sizeof *fd;
    if (zmq_getsockopt(socket, ZMQ_FD, fd, &size))
        return false;
    watch(l, EPOLL_CTL_ADD, *fd);
    return true;
}

static bool open_monitor(struct gw_link *l)
{
    char name[64];
    snprintf(name, sizeof name, "inproc://monitor-%u", ++l->attempts);
    if (zmq_socket_monitor(l->socket, name,
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                               ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED))
        return false;
    l->monitor = zmq_socket(l->context, ZMQ_PAIR);
    return l->monitor && zmq_connect(l->monitor, name) == 0 &&
           watch_socket(l, l->monitor, &l->monitor_fd);
}

static const char *open_socket(struct gw_link *l)
{
    l->agreed = false;
    l->socket = zmq_socket(l->context, ZMQ_DEALER);
    if (!l->socket)
        return "cannot open a socket";
    if (!watch_socket(l, l->socket, &l->socket_fd) || !set_up(l) || !open_monitor(l))
        return "cannot set up the socket";
    if (!set_keys(l))
        return "a key is not a CURVE key of 40 characters";
    return zmq_connect(l->socket, l->o->endpoint) ? "not a ZeroMQ address" : NULL;
}

enum gw_error gw_link_connect(struct gw_link *l, struct gw_text *why)
{
    close_socket(l, 0);
    const char *trouble = open_socket(l);
    if (!trouble)
        return GW_OK;
    gw_text_set(why, "%s: %s: %s", l->o->endpoint, trouble, zmq_strerror(zmq_errno()));
    close_socket(l, 0);
    return GW_IO;
}

static enum gw_error send_frame(struct gw_link *l, struct gw_slice s, int flags)
{
    while (zmq_send(l->socket, s.at, s.len, flags | ZMQ_DONTWAIT) < 0)
        if (zmq_errno() != EINTR)
            return zmq_errno() == EAGAIN ? GW_AGAIN : GW_IO;
    return GW_OK;
}

enum gw_error gw_link_send(struct gw_link *l, struct gw_slice header,
                           struct gw_slice body)
{
    if (!l->socket)
        return GW_CLOSED;
    enum gw_error e = send_frame(l, header, body.len ? ZMQ_SNDMORE : 0);
    /* Once the first frame was taken, ZeroMQ takes the others of the message as well. */
    return e || !body.len ? e : send_frame(l, body, 0);
}

static int take(struct gw_link *l, zmq_msg_t *frame)
{
    int n;
    do
        n = zmq_msg_recv(frame, l->socket, ZMQ_DONTWAIT);
    while (n < 0 && zmq_errno() == EINTR);
    return n;
}

static struct gw_slice bytes_of(zmq_msg_t *frame)
{
    return gw_slice(zmq_msg_data(frame), zmq_msg_size(frame));
}

enum gw_error gw_link_receive(struct gw_link *l, struct gw_slice *header,
                              struct gw_slice *body)
{
    if (!l->socket)
        return GW_CLOSED;
    if (take(l, &l->header) < 0)
        return zmq_errno() == EAGAIN ? GW_AGAIN : GW_IO;
    *header = bytes_of(&l->header);
    *body = gw_slice(NULL, 0);
    if (!zmq_msg_more(&l->header))
        return GW_OK;
    if (take(l, &l->body) < 0)
        return GW_IO;
    *body = bytes_of(&l->body);
    if (!zmq_msg_more(&l->body))
        return GW_OK;
    while (zmq_msg_more(&l->body) && take(l, &l->body) >= 0)
        ;
    return GW_FRAMES;
}

/* The next event of the monitor: two frames, the first with its number in 16 bits. */
static bool next_event(struct gw_link *l, uint16_t *event)
{
    uint8_t frame[6], address[256];
    if (!l->monitor ||
        zmq_recv(l->monitor, frame, sizeof frame, ZMQ_DONTWAIT) < (int)sizeof frame)
        return false;
    zmq_recv(l->monitor, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(event, frame, sizeof *event);
    return true;
}

/* ZeroMQ would connect the socket again by itself; the session would be gone all the
 * same, so the caller begins anew with a fresh socket. */
enum gw_error gw_link_trouble(struct gw_link *l)
{
    uint16_t event;
    while (next_event(l, &event)) {
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            return GW_UNKNOWN_OPERATOR;
        if (event == ZMQ_EVENT_DISCONNECTED)
            return l->agreed ? GW_CLOSED : GW_NOT_ALLOWED;
        l->agreed = true;
    }
    return GW_OK;
}

int gw_link_fd(const struct gw_link *l)
{
    return l->poll_fd;
}

void gw_link_wait(struct gw_link *l, int timeout_ms)
{
    struct pollfd p = {.fd = l->poll_fd, .events = POLLIN};
    uint64_t woken;
    if (poll(&p, 1, timeout_ms) > 0 && read(l->wake_fd, &woken, sizeof woken) < 0)
        return; /* it was the socket */
}

void gw_link_wake(struct gw_link *l)
{
    uint64_t one = 1;
    if (write(l->wake_fd, &one, sizeof one) < 0)
        return; /* full: it is awake already */
}

bool gw_link_keypair(char public_key[41], char secret_key[41])
{
    return zmq_curve_keypair(public_key, secret_key) == 0;
}
