/* in_udp.c - lines as datagrams: each holds one or more whole lines.  Whoever sends
 * cannot be held back: what finds no room is dropped and counted. */
#include "adapters/address.h"
#include "adapters/line_intake.h"
#include "adapters/source_kind.h"
#include <netinet/in.h>
#include <stdlib.h>

struct in_udp {
    struct gw_inlet *in;
    struct gw_line_intake *lines;
    struct gw_line_part part;
    uv_udp_t *socket; /* on the heap: the loop lets go of it later than we do */
    char room[65536];
};

static void on_room(uv_handle_t *h, size_t wanted, uv_buf_t *out)
{
    struct in_udp *f = h->data;
    (void)wanted;
    *out = uv_buf_init(f ? f->room : NULL, f ? sizeof f->room : 0);
}

static void on_datagram(uv_udp_t *h, ssize_t n, const uv_buf_t *b,
                        const struct sockaddr *from, unsigned flags)
{
    struct in_udp *f = h->data;
    (void)flags;
    if (!f || n < 0 || !from)
        return;
    (void)gw_line_intake_add(f->lines, &f->part, gw_slice(b->base, (size_t)n));
    gw_line_intake_end(f->lines, &f->part);
}

static enum gw_error bind_to(struct in_udp *f, struct gw_text *why)
{
    const char *listen = f->in->config->source.net.listen;
    struct gw_address address;
    struct sockaddr_storage at;
    if (gw_address_read(listen, &address) || gw_address_number(&address, &at)) {
        gw_text_set(why, "source.listen: write a number and a port: 127.0.0.1:4001");
        return GW_FORMAT;
    }
    f->socket = calloc(1, sizeof *f->socket);
    if (!f->socket)
        return GW_NOMEM;
    (void)uv_udp_init(f->in->loop, f->socket);
    f->socket->data = f;
    int e = uv_udp_bind(f->socket, (struct sockaddr *)&at, 0);
    if (!e)
        e = uv_udp_recv_start(f->socket, on_room, on_datagram);
    if (!e)
        return GW_OK;
    gw_text_set(why, "%s: cannot listen there: %s", listen, uv_strerror(e));
    return GW_IO;
}

static enum gw_error open_udp(void **out, struct gw_inlet *in, struct gw_text *why)
{
    struct in_udp *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->in = in;
    gw_line_part_init(&f->part, in->config->source.net.line_bytes);
    f->lines = gw_line_intake_new(in, NULL, NULL);
    return f->lines ? bind_to(f, why) : GW_NOMEM;
}

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void close_udp(void *source)
{
    struct in_udp *f = source;
    if (!f)
        return;
    if (f->socket) {
        f->socket->data = NULL;
        uv_close((uv_handle_t *)f->socket, on_closed);
    }
    gw_line_intake_free(f->lines);
    gw_line_part_deinit(&f->part);
    free(f);
}

static void resume(void *source)
{
    gw_line_intake_resume(((struct in_udp *)source)->lines);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    const struct in_udp *f = source;
    struct sockaddr_storage at;
    int len = sizeof at;
    if (uv_udp_getsockname(f->socket, (struct sockaddr *)&at, &len) == 0 &&
        at.ss_family == AF_INET)
        gw_tree_put_int(t, map, GW_LIT("port"),
                        ntohs(((struct sockaddr_in *)&at)->sin_port));
    gw_line_intake_describe(f->lines, t, map);
}

const struct gw_source_kind gw_in_udp = {.name = "udp",
                                         .open = open_udp,
                                         .resume = resume,
                                         .close = close_udp,
                                         .describe = describe};
