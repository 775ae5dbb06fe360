/* out_serial.c - messages as bytes to a serial device.  A message counts as delivered
 * once the device has taken all of it. */
#include "adapters/serial_line.h"
#include "adapters/sink_kind.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct out_serial {
    struct gw_outlet *outlet;
    int fd;
    uv_poll_t *poll; /* on the heap: the loop lets go of it later than we do */
    struct gw_slice left;
};

static void on_writable(uv_poll_t *poll, int status, int events)
{
    struct out_serial *f = poll->data;
    (void)events;
    if (!f)
        return;
    ssize_t n = status ? -1 : write(f->fd, f->left.at, f->left.len);
    if (n < 0 && !status && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        char why[GW_HOST_PATH + 128];
        (void)uv_poll_stop(poll);
        (void)snprintf(why, sizeof why, "%s: %s", f->outlet->config->sink.net.device,
                       status ? uv_strerror(status) : strerror(errno));
        f->outlet->broken(f->outlet->user,
                          why); /* opened anew: the message comes again */
        return;
    }
    f->left = gw_slice(f->left.at + n, f->left.len - (size_t)n);
    if (f->left.len)
        return;
    (void)uv_poll_stop(poll);
    gw_outlet_delivered(f->outlet);
}

static void send_serial(void *sink, const struct gw_sink_message *m)
{
    struct out_serial *f = sink;
    f->left = m->bytes;
    if (uv_poll_start(f->poll, UV_WRITABLE, on_writable))
        gw_outlet_later(f->outlet, "the device cannot be watched");
}

static enum gw_error open_serial(void **out, struct gw_outlet *o, struct gw_text *why)
{
    const struct gw_net_config *n = &o->config->sink.net;
    struct out_serial *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->outlet = o;
    f->fd = -1;
    enum gw_error e = gw_serial_open(&f->fd, n->device, n->baud, why);
    if (e)
        return e;
    f->poll = calloc(1, sizeof *f->poll);
    if (!f->poll)
        return GW_NOMEM;
    if (uv_poll_init(o->loop, f->poll, f->fd)) {
        free(f->poll);
        f->poll = NULL;
        return GW_IO;
    }
    f->poll->data = f;
    return GW_OK;
}

static void close_serial(void *sink)
{
    struct out_serial *f = sink;
    if (!f)
        return;
    gw_serial_close(f->fd, f->poll);
    free(f);
}

const struct gw_sink_kind gw_out_serial = {
    .name = "serial", .open = open_serial, .send = send_serial, .close = close_serial};
