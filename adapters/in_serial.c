/* in_serial.c - lines from a serial device.  When it goes away the adapter fails, and is
 * started again until it is back. */
#include "adapters/line_intake.h"
#include "adapters/serial_line.h"
#include "adapters/source_kind.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_BYTES 4096
#define READS      16 /* in one go, before others have their turn */

struct in_serial {
    struct gw_inlet *in;
    struct gw_line_intake *lines;
    struct gw_line_part part;
    int fd;
    uv_poll_t *poll; /* on the heap: the loop lets go of it later than we do */
};

static void gone(struct in_serial *f, const char *why)
{
    char words[GW_HOST_PATH + 128];
    (void)uv_poll_stop(f->poll);
    (void)snprintf(words, sizeof words, "%s: %s", f->in->config->source.net.device, why);
    f->in->broken(f->in->user, words);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct in_serial *f = poll->data;
    uint8_t room[READ_BYTES];
    (void)events;
    for (int i = 0; f && status == 0 && i < READS; i++) {
        ssize_t n = read(f->fd, room, sizeof room);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n <= 0) {
            gone(f, n ? strerror(errno) : "the line was closed");
            return;
        }
        if (!gw_line_intake_add(f->lines, &f->part, gw_slice(room, (size_t)n))) {
            (void)uv_poll_stop(poll); /* until there is room: the device's buffer, then
                                         its sender, must wait */
            return;
        }
    }
    if (f && status < 0)
        gone(f, uv_strerror(status));
}

static void on_go(void *user)
{
    struct in_serial *f = user;
    (void)uv_poll_start(f->poll, UV_READABLE, on_readable);
}

static enum gw_error watch(struct in_serial *f)
{
    f->poll = calloc(1, sizeof *f->poll);
    if (!f->poll)
        return GW_NOMEM;
    if (uv_poll_init(f->in->loop, f->poll, f->fd)) {
        free(f->poll);
        f->poll = NULL;
        return GW_IO;
    }
    f->poll->data = f;
    return uv_poll_start(f->poll, UV_READABLE, on_readable) ? GW_IO : GW_OK;
}

static enum gw_error open_serial(void **out, struct gw_inlet *in, struct gw_text *why)
{
    const struct gw_net_config *n = &in->config->source.net;
    struct in_serial *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->in = in;
    f->fd = -1;
    gw_line_part_init(&f->part, n->line_bytes);
    f->lines = gw_line_intake_new(in, on_go, f);
    enum gw_error e =
        f->lines ? gw_serial_open(&f->fd, n->device, n->baud, why) : GW_NOMEM;
    return e ? e : watch(f);
}

static void close_serial(void *source)
{
    struct in_serial *f = source;
    if (!f)
        return;
    gw_serial_close(f->fd, f->poll);
    gw_line_intake_free(f->lines);
    gw_line_part_deinit(&f->part);
    free(f);
}

static void resume(void *source)
{
    gw_line_intake_resume(((struct in_serial *)source)->lines);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    gw_line_intake_describe(((const struct in_serial *)source)->lines, t, map);
}

const struct gw_source_kind gw_in_serial = {.name = "serial",
                                            .open = open_serial,
                                            .resume = resume,
                                            .close = close_serial,
                                            .describe = describe};
