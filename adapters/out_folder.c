/* out_folder.c - messages as files in <folder>/outbox/, each there whole or not at all,
 * for the other system to take and delete. */
#include "adapters/sink_kind.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

struct out_folder {
    struct gw_outlet *outlet;
    int outbox;
};

static enum gw_error open_outbox(struct out_folder *f, struct gw_text *why)
{
    char path[GW_HOST_PATH + 16];
    (void)snprintf(path, sizeof path, "%s/outbox", f->outlet->config->sink.folder);
    enum gw_error e = gw_dir_open(&f->outbox, AT_FDCWD, path);
    if (e)
        gw_text_set(why, "%s: %s: make it, or let this user write there", path,
                    strerror(errno));
    return e;
}

static enum gw_error open_folder(void **out, struct gw_outlet *o, struct gw_text *why)
{
    struct out_folder *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->outlet = o;
    f->outbox = -1;
    return open_outbox(f, why);
}

static void send_file(void *sink, const struct gw_sink_message *m)
{
    struct out_folder *f = sink;
    char why[320];
    if (!gw_file_put(f->outbox, m->name, m->bytes)) {
        gw_outlet_delivered(f->outlet);
        return;
    }
    (void)snprintf(why, sizeof why, "%s/outbox: %s", f->outlet->config->sink.folder,
                   strerror(errno));
    gw_outlet_later(f->outlet, why);
}

static bool send_live(void *sink, const struct gw_sink_message *m)
{
    struct out_folder *f = sink;
    return !gw_file_put(f->outbox, m->name, m->bytes);
}

static void close_folder(void *sink)
{
    struct out_folder *f = sink;
    if (f)
        gw_dir_close(&f->outbox);
    free(f);
}

const struct gw_sink_kind gw_out_folder = {.name = "folder",
                                           .open = open_folder,
                                           .send = send_file,
                                           .send_live = send_live,
                                           .close = close_folder};
