/* out_udp.c - messages as datagrams, one a line.
 *
 * UDP has no answer: a line counts as delivered once the system has taken it. */
#include "adapters/address.h"
#include "adapters/ndjson.h"
#include "adapters/resolve.h"
#include "adapters/sink_kind.h"
#include <netinet/in.h>
#include <stdlib.h>

#define DATAGRAM_MOST 65507 /* of UDP over IPv4, RFC 768 and 791 */

struct out_udp {
    struct gw_outlet *outlet;
    struct gw_address address;
    struct gw_resolve *resolve;
    struct sockaddr_storage to;
    uv_udp_t *socket; /* on the heap: the loop lets go of it later than we do */
    struct gw_sink_message m;
    bool sending;
};

static void send_lines(struct out_udp *f)
{
    struct gw_lines l = {.text = f->m.bytes};
    f->sending = false;
    while (gw_lines_next(&l)) {
        if (l.line.len > DATAGRAM_MOST) {
            gw_outlet_failed(f->outlet, "a line is longer than a datagram");
            return;
        }
        uv_buf_t b = uv_buf_init((char *)(uintptr_t)l.line.at, (unsigned)l.line.len);
        int e = uv_udp_try_send(f->socket, &b, 1, (struct sockaddr *)&f->to);
        if (e < 0) {
            gw_outlet_later(f->outlet, uv_strerror(e));
            return;
        }
    }
    gw_outlet_delivered(f->outlet);
}

static void on_resolved(void *user, const struct sockaddr *at, const char *why)
{
    struct out_udp *f = user;
    f->resolve = NULL;
    if (!at) {
        bool sending = f->sending;
        f->sending = false;
        if (sending)
            gw_outlet_later(f->outlet, why);
        return;
    }
    memcpy(&f->to, at,
           at->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                     : sizeof(struct sockaddr_in));
    if (f->sending)
        send_lines(f);
}

/* The name is looked up for each message: it may have moved. */
static void send_udp(void *sink, const struct gw_sink_message *m)
{
    struct out_udp *f = sink;
    f->m = *m;
    f->sending = true;
    if (f->resolve)
        return; /* begun for a live event */
    f->resolve = gw_resolve_begin(f->outlet->loop, f->address.host, f->address.port,
                                  SOCK_DGRAM, on_resolved, f);
    if (!f->resolve) {
        f->sending = false;
        gw_outlet_later(f->outlet, "out of memory");
    }
}

/* To where the last message went; the first ones find that out. */
static bool send_live(void *sink, const struct gw_sink_message *m)
{
    struct out_udp *f = sink;
    struct gw_lines l = {.text = m->bytes};
    if (f->resolve)
        return false;
    if (!f->to.ss_family) {
        f->resolve = gw_resolve_begin(f->outlet->loop, f->address.host, f->address.port,
                                      SOCK_DGRAM, on_resolved, f);
        return false;
    }
    while (gw_lines_next(&l)) {
        uv_buf_t b = uv_buf_init((char *)(uintptr_t)l.line.at, (unsigned)l.line.len);
        if (uv_udp_try_send(f->socket, &b, 1, (struct sockaddr *)&f->to) < 0)
            return false;
    }
    return true;
}

static enum gw_error open_udp(void **out, struct gw_outlet *o, struct gw_text *why)
{
    struct out_udp *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->outlet = o;
    f->socket = calloc(1, sizeof *f->socket);
    if (!f->socket)
        return GW_NOMEM;
    (void)uv_udp_init(o->loop, f->socket);
    if (!gw_address_read(o->config->sink.net.connect, &f->address))
        return GW_OK;
    gw_text_set(why, "sink.connect: write host:port");
    return GW_FORMAT;
}

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void close_udp(void *sink)
{
    struct out_udp *f = sink;
    if (!f)
        return;
    gw_resolve_cancel(f->resolve);
    if (f->socket)
        uv_close((uv_handle_t *)f->socket, on_closed);
    free(f);
}

const struct gw_sink_kind gw_out_udp = {.name = "udp",
                                        .open = open_udp,
                                        .send = send_udp,
                                        .send_live = send_live,
                                        .close = close_udp};
