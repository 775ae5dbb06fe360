/* in_folder.c - messages as files of a drop-box (source_folder.h), watched by the loop.
 *
 * One file each turn of the loop, so that other adapters have theirs.  The watch only
 * wakes: what there is, is found by looking, also every rescan_ms, since network folders
 * report nothing. */
#include "adapters/loop_timer.h"
#include "adapters/source_folder.h"
#include "adapters/source_kind.h"
#include "base/clock.h"
#include "base/log.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_MS 20 /* after a report: several come for one file */

struct in_folder {
    struct gw_inlet *in;
    struct gw_source *source;
    struct gw_timer *look, *work;
    uv_fs_event_t *watch; /* on the heap: the loop lets go of it later than we do */
    struct gw_source_file file;
    bool holding; /* `file` waits for room */
    struct gw_buf content;
};

static int64_t mono_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

static void broken(struct in_folder *f, const char *what)
{
    char why[GW_HOST_PATH + 200];
    (void)snprintf(why, sizeof why, "%s: %s: %s", f->in->config->source.folder, what,
                   strerror(errno));
    f->in->broken(f->in->user, why);
}

/* ---- one file ---- */

static void put_away(struct in_folder *f)
{
    if (gw_source_done(f->source, &f->file, gw_now_ms(&gw_clock_system)))
        broken(f, "a file cannot be moved to done/");
    else
        gw_timer_in(f->work, 0);
}

static void put_failed(struct in_folder *f)
{
    if (gw_source_failed(f->source, &f->file, gw_inlet_reason(f->in, f->file.name), NULL))
        broken(f, "a file cannot be moved to failed/");
    else
        gw_timer_in(f->work, 0);
}

static enum gw_taken unreadable(struct in_folder *f, enum gw_error e)
{
    const char *name = f->file.name;
    char detail[96];
    if (e != GW_RANGE)
        return gw_inlet_refuse(f->in, name, GW_IO, "the file cannot be read",
                               e == GW_IO ? strerror(errno) : gw_error_text(e));
    (void)snprintf(detail, sizeof detail, "%" PRIu64 " bytes, at most %zu are taken",
                   f->file.size, f->in->format->adapter->max_bytes);
    return gw_inlet_refuse(f->in, name, GW_EVENT_SIZE, "message size", detail);
}

static enum gw_taken take(struct in_folder *f)
{
    size_t most = f->in->format->adapter->max_bytes;
    gw_buf_init(&f->content, most + 1);
    enum gw_error e = gw_source_read(f->source, &f->file, most, &f->content);
    struct gw_inlet_message m = {
        .name = f->file.name, .bytes = gw_buf_bytes(&f->content), .may_repeat = true};
    enum gw_taken t = e ? unreadable(f, e) : gw_inlet_take(f->in, &m);
    gw_buf_deinit(&f->content);
    return t;
}

static void handle(struct in_folder *f)
{
    switch (take(f)) {
    case GW_TAKEN:
    case GW_TAKEN_BEFORE:
        put_away(f);
        break;
    case GW_TAKEN_NOT:
        put_failed(f);
        break;
    case GW_TAKEN_LATER:
        f->holding = true;
        break;
    case GW_TAKEN_BROKEN:
        break; /* the file lies in work/: it comes first after the restart */
    }
}

/* ---- the loop ---- */

static void look_again(struct in_folder *f)
{
    int64_t settles = gw_source_settles_in(f->source, mono_ms());
    uint64_t rescan = f->in->config->source.rescan_ms;
    gw_timer_within(f->look, rescan);
    if (settles >= 0 && (uint64_t)settles < rescan)
        gw_timer_within(f->look, (uint64_t)settles + 1);
}

static void on_work(void *user)
{
    struct in_folder *f = user;
    if (f->holding || !gw_inlet_has_room(f->in)) {
        gw_timer_within(f->look, f->in->config->source.rescan_ms);
        return;
    }
    enum gw_error e = gw_source_take(f->source, &f->file);
    if (!e)
        handle(f);
    else if (e == GW_NOT_FOUND)
        look_again(f);
    else
        broken(f, "a file cannot be moved to work/");
}

static void on_look(void *user)
{
    struct in_folder *f = user;
    if (f->holding) {
        f->holding = false;
        handle(f); /* the room may have come without a call */
        if (f->holding)
            gw_timer_within(f->look, f->in->config->source.rescan_ms);
    } else if (gw_source_look(f->source, mono_ms()))
        broken(f, "inbox/ cannot be read");
    else
        gw_timer_in(f->work, 0);
}

static void on_report(uv_fs_event_t *watch, const char *name, int events, int status)
{
    struct in_folder *f = watch->data;
    (void)name, (void)events, (void)status;
    if (f)
        gw_timer_within(f->look, LOOK_MS);
}

/* ---- life ---- */

static void on_closed(uv_handle_t *h)
{
    free(h);
}

/* Without a watch the folder is looked at every rescan_ms all the same. */
static void start_watch(struct in_folder *f)
{
    f->watch = calloc(1, sizeof *f->watch);
    if (!f->watch)
        return;
    (void)uv_fs_event_init(f->in->loop, f->watch);
    f->watch->data = f;
    int e = uv_fs_event_start(f->watch, on_report, gw_source_inbox(f->source), 0);
    if (e)
        gw_log(GW_WARN, "folder.watch", "adapter=%s %s: looking every rescan_ms instead",
               f->in->config->name, uv_strerror(e));
}

static enum gw_error open_folder(void **out, struct gw_inlet *in, struct gw_text *why)
{
    const struct gw_adapter_config *c = in->config;
    struct in_folder *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->in = in;
    enum gw_error e =
        gw_source_open(&f->source, c->source.folder, c->source.settle_ms, why);
    if (e)
        return e;
    f->look = gw_timer_new(in->loop, on_look, f);
    f->work = gw_timer_new(in->loop, on_work, f);
    if (!f->look || !f->work)
        return GW_NOMEM;
    start_watch(f);
    gw_timer_in(f->look, 0);
    return GW_OK;
}

static void resume(void *source)
{
    struct in_folder *f = source;
    gw_timer_within(f->holding ? f->look : f->work, 0);
}

static void close_folder(void *source)
{
    struct in_folder *f = source;
    if (!f)
        return;
    if (f->watch) {
        f->watch->data = NULL;
        uv_close((uv_handle_t *)f->watch, on_closed);
    }
    gw_timer_free(f->look);
    gw_timer_free(f->work);
    gw_source_close(f->source);
    free(f);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    const struct in_folder *f = source;
    gw_tree_put_int(t, map, GW_LIT("waiting"), gw_source_waiting(f->source) + f->holding);
}

const struct gw_source_kind gw_in_folder = {.name = "folder",
                                            .open = open_folder,
                                            .resume = resume,
                                            .close = close_folder,
                                            .describe = describe};
