/* host.c - all adapters of one file in one process, on one libuv loop. */
#include "adapters/host.h"
#include "adapters/clean_text.h"
#include "adapters/host_status.h"
#include "adapters/loop_timer.h"
#include "adapters/runner.h"
#include "base/clock.h"
#include "base/log.h"
#include <inttypes.h>
#include <karvan/version.h>
#include <signal.h>
#include <unistd.h>

#define DRAIN_LOOK_MS 20

struct gw_host {
    const struct gw_host_config *config;
    uv_loop_t loop;
    uv_signal_t terminate, interrupt;
    struct gw_runner *runners[GW_HOST_ADAPTERS];
    struct gw_status *status;
    struct gw_timer *drain;
    int64_t started_ms, drain_until_ms;
    bool leaving;
};

/* ---- leaving ---- */

static int64_t mono_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

static bool all_drained(const struct gw_host *h)
{
    for (uint32_t i = 0; i < h->config->count; i++)
        if (!gw_runner_is_drained(h->runners[i]))
            return false;
    return true;
}

static void on_drain(void *user)
{
    struct gw_host *h = user;
    if (all_drained(h) || mono_ms() >= h->drain_until_ms)
        uv_stop(&h->loop);
    else
        gw_timer_in(h->drain, DRAIN_LOOK_MS);
}

static void on_signal(uv_signal_t *s, int number)
{
    struct gw_host *h = s->data;
    gw_log(GW_INFO, "host.signal", "signal=%d %s", number,
           h->leaving ? "again: leaving at once" : "draining");
    if (h->leaving) {
        uv_stop(&h->loop);
        return;
    }
    h->leaving = true;
    h->drain_until_ms = mono_ms() + h->config->drain_ms;
    for (uint32_t i = 0; i < h->config->count; i++)
        gw_runner_drain(h->runners[i]);
    gw_timer_in(h->drain, 0);
}

/* ---- life ---- */

static enum gw_error start_signals(struct gw_host *h)
{
    (void)signal(SIGPIPE, SIG_IGN); /* a partner that hangs up is no reason to end */
    (void)uv_signal_init(&h->loop, &h->terminate);
    (void)uv_signal_init(&h->loop, &h->interrupt);
    h->terminate.data = h->interrupt.data = h;
    return uv_signal_start(&h->terminate, on_signal, SIGTERM) ||
                   uv_signal_start(&h->interrupt, on_signal, SIGINT)
               ? GW_IO
               : GW_OK;
}

static enum gw_error start_runners(struct gw_host *h)
{
    for (uint32_t i = 0; i < h->config->count; i++) {
        h->runners[i] = gw_runner_new(&h->loop, h->config, &h->config->adapters[i]);
        if (!h->runners[i])
            return GW_NOMEM;
    }
    return GW_OK;
}

static enum gw_error start(struct gw_host *h, struct gw_text *why)
{
    gw_text_set(why, "the loop cannot be started");
    enum gw_error e = start_signals(h);
    h->drain = gw_timer_new(&h->loop, on_drain, h);
    if (!e && !h->drain)
        e = GW_NOMEM;
    if (!e && *h->config->status_socket)
        e = gw_status_open(&h->status, &h->loop, h->config->status_socket, h, why);
    return e ? e : start_runners(h);
}

static void stop(struct gw_host *h)
{
    gw_status_close(h->status);
    for (uint32_t i = 0; i < h->config->count; i++)
        gw_runner_free(h->runners[i]);
    gw_timer_free(h->drain);
    uv_close((uv_handle_t *)&h->terminate, NULL);
    uv_close((uv_handle_t *)&h->interrupt, NULL);
    (void)uv_run(&h->loop, UV_RUN_DEFAULT); /* until every handle is closed */
    (void)uv_loop_close(&h->loop);
}

enum gw_error gw_host_run(const struct gw_host_config *config, struct gw_text *why)
{
    struct gw_host h = {.config = config, .started_ms = gw_now_ms(&gw_clock_system)};
    if (uv_loop_init(&h.loop)) {
        gw_text_set(why, "the loop cannot be made");
        return GW_IO;
    }
    enum gw_error e = start(&h, why);
    if (!e) {
        gw_log(GW_INFO, "host.started", "adapters=%" PRIu32 " file=%s", config->count,
               config->file);
        (void)uv_run(&h.loop, UV_RUN_DEFAULT);
    }
    stop(&h);
    if (!e)
        gw_log(GW_INFO, "host.ended", "file=%s", config->file);
    return e;
}

/* ---- telling ---- */

bool gw_host_describe(struct gw_host *h, struct gw_tree *t, uint32_t root)
{
    uint32_t well = 0;
    gw_clean_put(t, root, GW_LIT("program"), "karvan-adapter");
    gw_clean_put(t, root, GW_LIT("version"), KARVAN_VERSION);
    gw_clean_put_count(t, root, GW_LIT("pid"), (uint64_t)getpid());
    gw_clean_put(t, root, GW_LIT("file"), h->config->file);
    gw_tree_put_int(t, root, GW_LIT("started_ms"), h->started_ms);
    gw_tree_put_bool(t, root, GW_LIT("draining"), h->leaving);
    for (uint32_t i = 0; i < h->config->count; i++)
        well += gw_runner_is_well(h->runners[i]);
    gw_tree_put_bool(t, root, GW_LIT("well"), well == h->config->count);
    uint32_t list = gw_tree_put_array(t, root, GW_LIT("adapters"));
    for (uint32_t i = 0; list && i < h->config->count; i++) {
        uint32_t map = gw_tree_put_map(t, list, gw_slice(NULL, 0));
        if (map)
            gw_runner_describe(h->runners[i], t, map);
    }
    return list != GW_NODE_NONE;
}
