/* out_tcp.c - messages as bytes over TCP to a server that takes lines.
 *
 * TCP has no answer: a message counts as delivered once the system has taken all of it on
 * a connection that stands.  What is on its way when the other side dies may be lost; a
 * partner for whom that matters takes HTTP or MQTT. */
#include "adapters/address.h"
#include "adapters/loop_timer.h"
#include "adapters/resolve.h"
#include "adapters/sink_kind.h"
#include <stdlib.h>

struct link {
    uv_tcp_t tcp; /* first */
    uv_connect_t connect;
    uv_write_t write;
    struct out_tcp *of; /* NULL once it is given up */
    char scrap[256];    /* for what the other side says, which nobody reads */
};

struct out_tcp {
    struct gw_outlet *outlet;
    struct gw_address address;
    struct gw_resolve *resolve;
    struct link *link; /* NULL: none */
    struct gw_timer *patience;
    struct gw_sink_message m; /* being sent */
    bool sending, standing;
};

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void drop_link(struct out_tcp *f)
{
    if (!f->link)
        return;
    f->link->of = NULL;
    uv_close((uv_handle_t *)&f->link->tcp, on_closed);
    f->link = NULL;
    f->standing = false;
}

static void lost(struct out_tcp *f, const char *why)
{
    bool sending = f->sending;
    f->sending = false;
    gw_timer_stop(f->patience);
    gw_resolve_cancel(f->resolve);
    f->resolve = NULL;
    drop_link(f);
    if (sending)
        gw_outlet_later(f->outlet, why);
}

static void on_patience(void *user)
{
    lost(user, "no answer within timeout_ms");
}

static void on_written(uv_write_t *w, int status)
{
    struct link *l = w->data;
    struct out_tcp *f = l->of;
    if (!f)
        return;
    if (status) {
        lost(f, uv_strerror(status));
        return;
    }
    f->sending = false;
    gw_timer_stop(f->patience);
    gw_outlet_delivered(f->outlet);
}

static void write_now(struct out_tcp *f)
{
    struct link *l = f->link;
    uv_buf_t b = uv_buf_init((char *)(uintptr_t)f->m.bytes.at, (unsigned)f->m.bytes.len);
    l->write.data = l;
    int e = uv_write(&l->write, (uv_stream_t *)&l->tcp, &b, 1, on_written);
    if (e)
        lost(f, uv_strerror(e));
}

static void on_room(uv_handle_t *h, size_t wanted, uv_buf_t *out)
{
    struct link *l = (struct link *)(void *)h;
    (void)wanted;
    *out = uv_buf_init(l->scrap, sizeof l->scrap);
}

/* Reading shows when the other side has gone. */
static void on_bytes(uv_stream_t *h, ssize_t n, const uv_buf_t *b)
{
    struct link *l = (struct link *)(void *)h;
    (void)b;
    if (n < 0 && l->of)
        lost(l->of, n == UV_EOF ? "the other side hung up" : uv_strerror((int)n));
}

static void on_connected(uv_connect_t *c, int status)
{
    struct link *l = c->data;
    struct out_tcp *f = l->of;
    if (!f)
        return;
    if (!status)
        status = uv_read_start((uv_stream_t *)&l->tcp, on_room, on_bytes);
    if (status) {
        lost(f, uv_strerror(status));
        return;
    }
    f->standing = true;
    (void)uv_tcp_keepalive(&l->tcp, 1, 60);
    if (f->sending)
        write_now(f);
}

static void on_resolved(void *user, const struct sockaddr *at, const char *why)
{
    struct out_tcp *f = user;
    f->resolve = NULL;
    f->link = at ? calloc(1, sizeof *f->link) : NULL;
    if (!f->link) {
        lost(f, at ? "out of memory" : why);
        return;
    }
    (void)uv_tcp_init(f->outlet->loop, &f->link->tcp);
    f->link->of = f;
    f->link->connect.data = f->link;
    int e = uv_tcp_connect(&f->link->connect, &f->link->tcp, at, on_connected);
    if (e)
        lost(f, uv_strerror(e));
}

static void connect_link(struct out_tcp *f)
{
    f->resolve = gw_resolve_begin(f->outlet->loop, f->address.host, f->address.port,
                                  SOCK_STREAM, on_resolved, f);
    if (!f->resolve)
        lost(f, "out of memory");
}

static void send_tcp(void *sink, const struct gw_sink_message *m)
{
    struct out_tcp *f = sink;
    f->m = *m;
    f->sending = true;
    gw_timer_in(f->patience, f->outlet->config->sink.net.timeout_ms);
    if (f->standing)
        write_now(f);
    else if (!f->link && !f->resolve)
        connect_link(f);
}

/* ---- live events ---- */

struct live_write {
    uv_write_t write; /* first */
    struct link *link;
    char bytes[];
};

static void on_live_written(uv_write_t *w, int status)
{
    struct live_write *live = (struct live_write *)(void *)w;
    struct out_tcp *f = live->link->of; /* the link is freed after its writes */
    free(live);
    if (status && f)
        lost(f, uv_strerror(status));
}

/* One at a time into a connection that stands: a partner that does not read gets none. */
static bool write_live(struct out_tcp *f, struct gw_slice bytes)
{
    uv_stream_t *stream = (uv_stream_t *)&f->link->tcp;
    struct live_write *w =
        uv_stream_get_write_queue_size(stream) ? NULL : malloc(sizeof *w + bytes.len);
    if (!w)
        return false;
    w->link = f->link;
    memcpy(w->bytes, bytes.at, bytes.len);
    uv_buf_t b = uv_buf_init(w->bytes, (unsigned)bytes.len);
    if (uv_write(&w->write, stream, &b, 1, on_live_written) == 0)
        return true;
    free(w);
    return false;
}

static bool send_live(void *sink, const struct gw_sink_message *m)
{
    struct out_tcp *f = sink;
    if (f->standing)
        return write_live(f, m->bytes);
    if (!f->link && !f->resolve) /* for the next ones */
        connect_link(f);
    return false;
}

static enum gw_error open_tcp(void **out, struct gw_outlet *o, struct gw_text *why)
{
    struct out_tcp *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->outlet = o;
    f->patience = gw_timer_new(o->loop, on_patience, f);
    if (!f->patience)
        return GW_NOMEM;
    if (!gw_address_read(o->config->sink.net.connect, &f->address))
        return GW_OK;
    gw_text_set(why, "sink.connect: write host:port");
    return GW_FORMAT;
}

static void close_tcp(void *sink)
{
    struct out_tcp *f = sink;
    if (!f)
        return;
    gw_resolve_cancel(f->resolve);
    drop_link(f);
    gw_timer_free(f->patience);
    free(f);
}

const struct gw_sink_kind gw_out_tcp = {.name = "tcp",
                                        .open = open_tcp,
                                        .send = send_tcp,
                                        .send_live = send_live,
                                        .close = close_tcp};
