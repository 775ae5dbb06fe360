/* in_tcp.c - lines over TCP: from whoever connects (listen), or from a server (connect)
 * that is called again when it goes away. */
#include "adapters/address.h"
#include "adapters/line_intake.h"
#include "adapters/loop_timer.h"
#include "adapters/resolve.h"
#include "adapters/source_kind.h"
#include "base/clock.h"
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>

#define STREAMS      64
#define READ_BYTES   65536
#define RETRY_MS     500
#define RETRY_MAX_MS 30000

struct in_tcp {
    struct gw_inlet *in;
    struct gw_line_intake *lines;
    uv_tcp_t *server; /* listen; on the heap: the loop lets go of it later than we do */
    struct stream *streams;
    uint32_t count;
    struct gw_address address;
    struct gw_resolve *resolve; /* connect */
    struct gw_timer *again;
    uint64_t pause_ms;
    struct gw_burst burst;
    struct gw_text trouble; /* connect: why it is not there */
    char room[READ_BYTES];
};

struct stream {
    uv_tcp_t tcp; /* first */
    uv_connect_t connect;
    struct in_tcp *of; /* NULL once the source is closed */
    struct stream *next;
    struct gw_line_part part;
};

/* ---- one stream ---- */

static void on_stream_closed(uv_handle_t *h)
{
    struct stream *s = (struct stream *)(void *)h;
    gw_line_part_deinit(&s->part);
    free(s);
}

static void call_again(struct in_tcp *f, const char *why);

static void hang_up(struct stream *s, const char *why)
{
    struct in_tcp *f = s->of;
    for (struct stream **at = f ? &f->streams : NULL; at && *at; at = &(*at)->next)
        if (*at == s) {
            *at = s->next;
            f->count--;
            break;
        }
    s->of = NULL;
    if (!uv_is_closing((uv_handle_t *)&s->tcp))
        uv_close((uv_handle_t *)&s->tcp, on_stream_closed);
    if (f && !f->server)
        call_again(f, why);
}

static void on_room(uv_handle_t *h, size_t wanted, uv_buf_t *out)
{
    struct stream *s = (struct stream *)(void *)h;
    (void)wanted;
    *out = uv_buf_init(s->of ? s->of->room : NULL, s->of ? READ_BYTES : 0);
}

static void hold_back(struct in_tcp *f)
{
    for (struct stream *s = f->streams; s; s = s->next)
        (void)uv_read_stop((uv_stream_t *)&s->tcp);
}

static void on_bytes(uv_stream_t *h, ssize_t n, const uv_buf_t *b)
{
    struct stream *s = (struct stream *)(void *)h;
    if (!s->of)
        return;
    if (n < 0) {
        gw_line_intake_end(s->of->lines, &s->part);
        hang_up(s, n == UV_EOF ? "the other side hung up" : uv_strerror((int)n));
    } else if (n > 0 &&
               !gw_line_intake_add(s->of->lines, &s->part, gw_slice(b->base, (size_t)n)))
        hold_back(s->of);
}

static struct stream *stream_new(struct in_tcp *f)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    (void)uv_tcp_init(f->in->loop, &s->tcp);
    gw_line_part_init(&s->part, f->in->config->source.net.line_bytes);
    s->of = f;
    s->next = f->streams;
    f->streams = s;
    f->count++;
    return s;
}

static void read_on(struct stream *s)
{
    (void)uv_tcp_keepalive(&s->tcp, 1, 60);
    int e = uv_read_start((uv_stream_t *)&s->tcp, on_room, on_bytes);
    if (e && e != UV_EALREADY)
        hang_up(s, uv_strerror(e));
}

static void on_go(void *user)
{
    struct in_tcp *f = user;
    for (struct stream *next, *s = f->streams; s; s = next) {
        next = s->next;
        if (uv_is_readable((uv_stream_t *)&s->tcp))
            read_on(s);
    }
}

/* ---- listen ---- */

static void on_connection(uv_stream_t *server, int status)
{
    struct in_tcp *f = server->data;
    uint64_t missed;
    struct stream *s = f && status == 0 ? stream_new(f) : NULL;
    if (!s)
        return;
    if (uv_accept(server, (uv_stream_t *)&s->tcp)) {
        hang_up(s, "cannot be accepted");
    } else if (f->count > STREAMS) {
        if (gw_burst_due(&f->burst, gw_now_ms(&gw_clock_system), 60000, &missed))
            gw_log(GW_WARN, "tcp.turned_away", "adapter=%s more than %d connections",
                   f->in->config->name, STREAMS);
        hang_up(s, "too many");
    } else
        read_on(s);
}

static void tell_listening(const struct in_tcp *f)
{
    struct sockaddr_storage at;
    int len = sizeof at;
    uint16_t port = 0;
    if (uv_tcp_getsockname(f->server, (struct sockaddr *)&at, &len) == 0)
        port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port
                                             : ((struct sockaddr_in6 *)&at)->sin6_port);
    gw_log(GW_INFO, "tcp.listening", "adapter=%s port=%u", f->in->config->name, port);
}

static enum gw_error listen_at(struct in_tcp *f, struct gw_text *why)
{
    struct sockaddr_storage at;
    if (gw_address_number(&f->address, &at)) {
        gw_text_set(why, "source.listen: write a number and a port: 127.0.0.1:4001");
        return GW_FORMAT;
    }
    f->server = calloc(1, sizeof *f->server);
    if (!f->server)
        return GW_NOMEM;
    (void)uv_tcp_init(f->in->loop, f->server);
    f->server->data = f;
    int e = uv_tcp_bind(f->server, (struct sockaddr *)&at, 0);
    if (!e)
        e = uv_listen((uv_stream_t *)f->server, STREAMS, on_connection);
    if (!e) {
        tell_listening(f);
        return GW_OK;
    }
    gw_text_set(why, "%s: cannot listen there: %s", f->in->config->source.net.listen,
                uv_strerror(e));
    return GW_IO;
}

/* ---- connect ---- */

static void on_connected(uv_connect_t *c, int status)
{
    struct stream *s = c->data;
    if (!s->of)
        return;
    if (status) {
        hang_up(s, uv_strerror(status));
        return;
    }
    s->of->pause_ms = RETRY_MS;
    s->of->trouble.s[0] = 0;
    gw_log(GW_INFO, "tcp.connected", "adapter=%s %s", s->of->in->config->name,
           s->of->in->config->source.net.connect);
    read_on(s);
}

static void on_resolved(void *user, const struct sockaddr *at, const char *why)
{
    struct in_tcp *f = user;
    f->resolve = NULL;
    struct stream *s = at ? stream_new(f) : NULL;
    if (!s) {
        call_again(f, at ? "out of memory" : why);
        return;
    }
    s->connect.data = s;
    int e = uv_tcp_connect(&s->connect, &s->tcp, at, on_connected);
    if (e)
        hang_up(s, uv_strerror(e));
}

static void call(void *user)
{
    struct in_tcp *f = user;
    f->resolve = gw_resolve_begin(f->in->loop, f->address.host, f->address.port,
                                  SOCK_STREAM, on_resolved, f);
    if (!f->resolve)
        call_again(f, "out of memory");
}

static void call_again(struct in_tcp *f, const char *why)
{
    gw_text_set(&f->trouble, "%s: %s", f->in->config->source.net.connect, why);
    gw_log(GW_WARN, "tcp.lost", "adapter=%s %s; again in %" PRIu64 " ms",
           f->in->config->name, f->trouble.s, f->pause_ms);
    gw_timer_in(f->again, f->pause_ms);
    f->pause_ms = f->pause_ms * 2 < RETRY_MAX_MS ? f->pause_ms * 2 : RETRY_MAX_MS;
}

/* ---- life ---- */

static enum gw_error open_tcp(void **out, struct gw_inlet *in, struct gw_text *why)
{
    const struct gw_net_config *n = &in->config->source.net;
    struct in_tcp *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->in = in;
    f->pause_ms = RETRY_MS;
    f->lines = gw_line_intake_new(in, on_go, f);
    f->again = gw_timer_new(in->loop, call, f);
    if (!f->lines || !f->again)
        return GW_NOMEM;
    if (gw_address_read(*n->listen ? n->listen : n->connect, &f->address)) {
        gw_text_set(why, "source.%s: write host:port", *n->listen ? "listen" : "connect");
        return GW_FORMAT;
    }
    if (*n->listen)
        return listen_at(f, why);
    gw_timer_in(f->again, 0);
    return GW_OK;
}

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void close_tcp(void *source)
{
    struct in_tcp *f = source;
    if (!f)
        return;
    gw_resolve_cancel(f->resolve);
    gw_timer_free(f->again);
    for (struct stream *next, *s = f->streams; s; s = next) {
        next = s->next;
        s->of = NULL;
        uv_close((uv_handle_t *)&s->tcp, on_stream_closed);
    }
    if (f->server) {
        f->server->data = NULL;
        uv_close((uv_handle_t *)f->server, on_closed);
    }
    gw_line_intake_free(f->lines);
    free(f);
}

static void resume(void *source)
{
    gw_line_intake_resume(((struct in_tcp *)source)->lines);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    const struct in_tcp *f = source;
    struct sockaddr_storage at;
    int len = sizeof at;
    gw_tree_put_int(t, map, GW_LIT("connections"), f->count);
    if (f->server && uv_tcp_getsockname(f->server, (struct sockaddr *)&at, &len) == 0 &&
        at.ss_family == AF_INET)
        gw_tree_put_int(t, map, GW_LIT("port"),
                        ntohs(((struct sockaddr_in *)&at)->sin_port));
    gw_line_intake_describe(f->lines, t, map);
}

static const char *trouble(const void *source)
{
    return ((const struct in_tcp *)source)->trouble.s;
}

const struct gw_source_kind gw_in_tcp = {.name = "tcp",
                                         .open = open_tcp,
                                         .resume = resume,
                                         .close = close_tcp,
                                         .describe = describe,
                                         .trouble = trouble};
