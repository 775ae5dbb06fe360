/* runner.c - one adapter of the host at work. */
#include "adapters/runner.h"
#include "adapters/clean_text.h"
#include "adapters/feed.h"
#include "adapters/loop_timer.h"
#include "adapters/layout_file.h"
#include "adapters/place_file.h"
#include "adapters/reach.h"
#include "adapters/sink_kind.h"
#include "adapters/source_kind.h"
#include "adapters/uplink.h"
#include "base/clock.h"
#include "base/log.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CREDIT_BYTES  (48u << 20) /* below what a sink gathers */
#define CREDIT_EVENTS 8192

enum runner_state { STARTING, RUNNING, FAILED, FENCED, DRAINING };

struct gw_runner {
    uv_loop_t *loop;
    const struct gw_host_config *host;
    const struct gw_adapter_config *config;
    enum runner_state state;
    struct gw_timer *turn; /* opens, and closes after a failure */
    bool failing;          /* a part has failed; it is closed in the loop's next turn */
    bool reused;           /* the gateway holds other content under our numbers */
    bool drained_source;
    uint32_t failures; /* in a row */
    int64_t retry_at_ms, since_ms;
    char why[256]; /* of the last failure */

    struct gw_places *places;
    struct gw_options options;
    struct gw_format format;
    struct gw_spool *spool;
    struct gw_inlet inlet;
    struct gw_feed feed;
    const struct gw_source_kind *kind;
    void *source;
    struct gw_outlet outlet;
    struct gw_uplink uplink;
    struct gw_reach *reach; /* finding out why the gateway does not answer; or NULL */

    /* what survives a failure */
    struct gw_inlet_counts inlet_counts;
    struct gw_feed_counts feed_counts;
    enum karvan_state link;
    enum gw_error link_code;
    char link_text[256];
    uint64_t failed_times;
};

static int64_t now_ms(void)
{
    return gw_now_ms(&gw_clock_system);
}

static const char *name_of(const struct gw_runner *r)
{
    return r->config->name;
}

/* ---- failing ---- */

static void fail(struct gw_runner *r, const char *why)
{
    if (r->failing)
        return; /* the first reason is the one that counts */
    r->failing = true;
    (void)snprintf(r->why, sizeof r->why, "%s", why);
    gw_timer_in(r->turn, 0);
}

static void on_broken(void *user, const char *why)
{
    fail(user, why);
}

static uint64_t pause_ms(struct gw_runner *r)
{
    uint64_t pause = r->host->retry_ms;
    for (uint32_t i = 0; i < r->failures && pause < r->host->retry_max_ms; i++)
        pause *= 2;
    r->failures++;
    return pause < r->host->retry_max_ms ? pause : r->host->retry_max_ms;
}

/* ---- the gateway ---- */

static void pump_soon(void *user)
{
    struct gw_runner *r = user;
    gw_uplink_turn(&r->uplink);
}

static void tell_link(struct gw_runner *r, enum karvan_state s, enum gw_error code,
                      const char *text)
{
    bool good = s == KARVAN_READY && !code;
    r->link = s;
    r->link_code = code;
    (void)snprintf(r->link_text, sizeof r->link_text, "%s", text);
    gw_log(good ? GW_INFO : GW_WARN, "gateway.state", "adapter=%s state=%s code=%d %s",
           name_of(r), karvan_state_name(s), (int)code, text);
}

/* Words for the status and, once, the log; the client's own say only that it is silent.
 */
static void on_reached(void *user, const char *words)
{
    struct gw_runner *r = user;
    r->reach = NULL;
    (void)snprintf(r->link_text, sizeof r->link_text, "%s", words);
    gw_log(GW_WARN, "gateway.unreachable", "adapter=%s %s", name_of(r), words);
}

static void look_why(struct gw_runner *r, enum karvan_state s, enum gw_error code)
{
    bool silent = s == KARVAN_CONNECTING && code == GW_SILENT;
    if (silent && !r->reach)
        r->reach = gw_reach_begin(r->loop, r->config->endpoint, on_reached, r);
    if (silent)
        return;
    gw_reach_cancel(r->reach);
    r->reach = NULL;
}

/* Beyond what the client can do by itself: numbers are compared anew, with an empty
 * window. */
static void refused(struct gw_runner *r, enum gw_error code, const char *text)
{
    if (code != GW_BATCH_REUSED && code != GW_BATCH_GAP)
        return;
    r->reused = r->reused || code == GW_BATCH_REUSED;
    fail(r, text);
}

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    struct gw_runner *r = user;
    tell_link(r, s, code, text);
    look_why(r, s, code);
    if (s == KARVAN_READY && r->spool) {
        gw_feed_ready(&r->feed, r->uplink.client, r->reused);
        r->reused = false;
    } else if (s != KARVAN_READY && r->spool)
        gw_feed_lost(&r->feed);
    if (s == KARVAN_READY)
        r->failures = 0;
    if (s == KARVAN_REFUSED)
        refused(r, code, text);
    if (s == KARVAN_FENCED)
        fail(r, "another instance runs under this adapter's name");
}

static void on_acked(void *user, const struct karvan_ack *ack)
{
    struct gw_runner *r = user;
    if (!r->failing)
        gw_feed_acked(&r->feed, ack);
}

static void on_refused(void *user, const struct karvan_refusal *x)
{
    struct gw_runner *r = user;
    if (!r->failing)
        gw_feed_refused(&r->feed, x);
}

static void on_event(void *user, const struct karvan_event *event)
{
    struct gw_runner *r = user;
    if (!r->failing)
        gw_outlet_event(&r->outlet, event);
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct gw_runner *r = user;
    (void)name, (void)oldest, (void)newest;
    gw_outlet_begun(&r->outlet, start);
}

static void on_position(void *user, const char *name, uint64_t seq)
{
    struct gw_runner *r = user;
    (void)name;
    gw_outlet_position(&r->outlet, seq);
}

static bool pump(void *user)
{
    struct gw_runner *r = user;
    bool moved = false;
    if (r->failing)
        return false;
    if (r->spool)
        moved = gw_feed_pump(&r->feed);
    if (r->outlet.sink)
        moved = gw_outlet_pump(&r->outlet) || moved;
    return moved;
}

static enum gw_error open_uplink(struct gw_runner *r, struct gw_text *why)
{
    const struct gw_adapter_config *c = r->config;
    uint32_t gathered = 2 * c->sink.every_events;
    struct karvan_options o;
    karvan_options_default(&o);
    o.endpoint = c->endpoint;
    o.adapter = c->name;
    if (!c->plain) {
        o.server_key = c->gateway_public;
        o.public_key = c->own.public_key;
        o.secret_key = c->own.secret_key;
    }
    o.auto_ack = false;
    o.credit_events = gathered > CREDIT_EVENTS ? gathered : CREDIT_EVENTS;
    o.credit_bytes = CREDIT_BYTES;
    o.software = "karvan-adapter";
    o.user = r;
    o.on = (struct karvan_callbacks){.state = on_state,
                                     .acked = on_acked,
                                     .refused = on_refused,
                                     .event = on_event,
                                     .subscribed = on_subscribed,
                                     .position = on_position};
    enum gw_error e =
        gw_uplink_open(&r->uplink, r->loop, &o, pump, r, why->s, sizeof why->s);
    return e || !r->outlet.sink ? e
                                : gw_outlet_subscribe(&r->outlet, r->uplink.client, why);
}

/* ---- parts ---- */

static void on_moved(void *user)
{
    struct gw_runner *r = user;
    if (r->kind && r->source && r->kind->resume && gw_inlet_has_room(&r->inlet))
        r->kind->resume(r->source);
}

static enum gw_error open_format(struct gw_runner *r, struct gw_text *why)
{
    const struct gw_adapter_config *c = r->config;
    enum gw_error e = *c->options.places
                          ? gw_place_file_load(&r->places, c->options.places, why)
                          : GW_OK;
    if (e)
        return e;
    r->options = gw_host_options(c, r->places);
    return gw_format_open_laid(&r->format, c->adapter, &r->options, c->options.layout,
                               why);
}

static enum gw_error open_spool(struct gw_runner *r, struct gw_text *why)
{
    const struct gw_adapter_config *c = r->config;
    struct gw_spool_settings set = {.dir = c->spool.dir,
                                    .max_bytes = c->spool.max_bytes,
                                    .max_days = c->spool.max_days,
                                    .batch_events = c->spool.batch_events,
                                    .batch_bytes = c->spool.batch_bytes};
    enum gw_error e = gw_spool_open(&r->spool, &set, why);
    if (!e && gw_spool_cut_bytes(r->spool))
        gw_log(GW_WARN, "spool.cut",
               "adapter=%s %" PRIu64
               " bytes of an unfinished write were cut off; its message "
               "is taken again",
               name_of(r), gw_spool_cut_bytes(r->spool));
    return e;
}

static bool send_live(void *user, struct gw_slice event)
{
    struct gw_runner *r = user;
    return r->uplink.client &&
           !karvan_publish_live(r->uplink.client, event.at, event.len);
}

static enum gw_error open_source(struct gw_runner *r, struct gw_text *why)
{
    r->inlet = (struct gw_inlet){.config = r->config,
                                 .loop = r->loop,
                                 .format = &r->format,
                                 .options = &r->options,
                                 .spool = r->spool,
                                 .failed = -1,
                                 .reply = -1,
                                 .counts = &r->inlet_counts,
                                 .spooled = pump_soon,
                                 .live = send_live,
                                 .broken = on_broken,
                                 .user = r};
    r->feed = (struct gw_feed){.config = r->config,
                               .loop = r->loop,
                               .spool = r->spool,
                               .failed = &r->inlet.failed,
                               .counts = &r->feed_counts,
                               .moved = on_moved,
                               .broken = on_broken,
                               .user = r};
    enum gw_error e = gw_inlet_open(&r->inlet, why);
    if (!e)
        e = gw_feed_open(&r->feed, why);
    if (e)
        return e;
    r->kind = gw_source_kind_find(r->config->source.kind);
    return r->kind->open(&r->source, &r->inlet, why);
}

static enum gw_error open_sink(struct gw_runner *r, struct gw_text *why)
{
    r->outlet = (struct gw_outlet){.config = r->config,
                                   .loop = r->loop,
                                   .format = &r->format,
                                   .options = &r->options,
                                   .done = pump_soon,
                                   .broken = on_broken,
                                   .user = r};
    return gw_outlet_open(&r->outlet, why);
}

static enum gw_error open_parts(struct gw_runner *r, struct gw_text *why)
{
    enum gw_error e = open_format(r, why);
    if (!e && r->config->source.on)
        e = open_spool(r, why);
    if (!e && r->config->source.on)
        e = open_source(r, why);
    if (!e && r->config->sink.on)
        e = open_sink(r, why);
    return e ? e : open_uplink(r, why);
}

static void close_source(struct gw_runner *r)
{
    if (r->kind)
        r->kind->close(r->source);
    r->kind = NULL;
    r->source = NULL;
}

/* From the outside in: what comes in first, then what leads on. */
static void close_parts(struct gw_runner *r)
{
    close_source(r);
    gw_uplink_close(&r->uplink);
    gw_reach_cancel(r->reach);
    r->reach = NULL;
    gw_outlet_close(&r->outlet);
    gw_feed_close(&r->feed);
    gw_inlet_close(&r->inlet);
    gw_spool_close(r->spool);
    r->spool = NULL;
    gw_format_close(&r->format);
    gw_places_free(r->places);
    r->places = NULL;
}

/* ---- life ---- */

static void wait_and_retry(struct gw_runner *r)
{
    uint64_t pause = pause_ms(r);
    r->state = FAILED;
    r->failed_times++;
    r->retry_at_ms = now_ms() + (int64_t)pause;
    gw_log(GW_ERROR, "adapter.failed", "adapter=%s retry_ms=%" PRIu64 " %s", name_of(r),
           pause, r->why);
    gw_timer_in(r->turn, pause);
}

static void give_up(struct gw_runner *r)
{
    bool fenced = r->link == KARVAN_FENCED;
    close_parts(r);
    r->failing = false; /* what a part complains about while it is closed is not news */
    if (r->state == DRAINING)
        return;
    if (!fenced) {
        wait_and_retry(r);
        return;
    }
    /* Trying again would throw the other one out, which would throw us out. */
    r->state = FENCED;
    gw_log(GW_ERROR, "adapter.fenced",
           "adapter=%s %s: stopped; run one instance, or give each "
           "its own name, and start again",
           name_of(r), r->why);
}

static void start(struct gw_runner *r)
{
    struct gw_text why = {0};
    r->state = RUNNING;
    r->since_ms = now_ms();
    enum gw_error e = open_parts(r, &why);
    if (!e) {
        r->why[0] = 0;
        gw_log(GW_INFO, "adapter.running", "adapter=%s format=%s%s%s%s%s gateway=%s",
               name_of(r), r->config->format, r->config->source.on ? " source=" : "",
               r->config->source.on ? r->config->source.kind : "",
               r->config->sink.on ? " sink=" : "",
               r->config->sink.on ? r->config->sink.kind : "", r->config->endpoint);
    } else
        fail(r, *why.s ? why.s : gw_error_text(e));
}

static void on_turn(void *user)
{
    struct gw_runner *r = user;
    if (r->failing)
        give_up(r);
    else if (r->state == STARTING || r->state == FAILED)
        start(r);
}

struct gw_runner *gw_runner_new(uv_loop_t *loop, const struct gw_host_config *host,
                                const struct gw_adapter_config *config)
{
    struct gw_runner *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->loop = loop;
    r->host = host;
    r->config = config;
    r->inlet.failed = r->inlet.reply = -1;
    r->turn = gw_timer_new(loop, on_turn, r);
    if (!r->turn) {
        free(r);
        return NULL;
    }
    gw_timer_in(r->turn, 0);
    return r;
}

void gw_runner_drain(struct gw_runner *r)
{
    bool was_running = r->state == RUNNING && !r->failing;
    r->state = DRAINING;
    if (!was_running)
        return;
    close_source(r);
    r->feed.stopped = true;
    if (r->outlet.sink)
        gw_outlet_drain(&r->outlet);
    gw_uplink_turn(&r->uplink);
}

bool gw_runner_is_drained(const struct gw_runner *r)
{
    const struct karvan_client *c = r->uplink.client;
    bool waits = c && r->link == KARVAN_READY && karvan_unacknowledged(c) > 0;
    return !waits && gw_outlet_is_idle(&r->outlet);
}

void gw_runner_free(struct gw_runner *r)
{
    if (!r)
        return;
    close_parts(r);
    gw_timer_free(r->turn);
    free(r);
}

/* ---- telling ---- */

/* What the partner's side complains about; "" = nothing. */
static const char *source_trouble(const struct gw_runner *r)
{
    bool has = r->kind && r->source && r->kind->trouble;
    return has ? r->kind->trouble(r->source) : "";
}

static const char *sink_trouble(const struct gw_runner *r)
{
    const struct gw_outlet *o = &r->outlet;
    bool has = !*o->trouble && o->partner && o->kind->trouble;
    return has ? o->kind->trouble(o->partner) : o->trouble;
}

bool gw_runner_is_well(const struct gw_runner *r)
{
    return r->state == RUNNING && !r->failing && r->link == KARVAN_READY &&
           !r->link_code && !r->outlet.failures && !*source_trouble(r) &&
           !*sink_trouble(r);
}

static void put_source(struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    const struct gw_inlet_counts *n = &r->inlet_counts;
    uint32_t m = gw_tree_put_map(t, map, GW_LIT("source"));
    gw_clean_put(t, m, GW_LIT("kind"), r->config->source.kind);
    gw_clean_put_count(t, m, GW_LIT("messages"), n->messages);
    gw_clean_put_count(t, m, GW_LIT("events"), n->events);
    gw_clean_put_count(t, m, GW_LIT("refused"), n->refused);
    gw_clean_put_count(t, m, GW_LIT("repeated"), n->repeated);
    gw_clean_put_count(t, m, GW_LIT("ignored"), n->ignored);
    if (r->config->live.count) {
        gw_clean_put_count(t, m, GW_LIT("live"), n->live);
        gw_clean_put_count(t, m, GW_LIT("live_dropped"), n->live_dropped);
    }
    gw_clean_put(t, m, GW_LIT("trouble"), source_trouble(r));
    if (r->kind && r->kind->describe)
        r->kind->describe(r->source, t, m);
}

static void put_spool(struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    struct gw_spool_info info;
    if (!r->spool)
        return;
    gw_spool_describe(r->spool, &info);
    uint32_t m = gw_tree_put_map(t, map, GW_LIT("spool"));
    gw_clean_put_count(t, m, GW_LIT("batches"), info.batches);
    gw_clean_put_count(t, m, GW_LIT("bytes"), info.bytes);
    gw_clean_put_count(t, m, GW_LIT("max_bytes"), info.max_bytes);
    if (info.oldest_ms)
        gw_tree_put_int(t, m, GW_LIT("oldest_ms"), info.oldest_ms);
    gw_tree_put_bool(t, m, GW_LIT("full"), gw_spool_full(r->spool, now_ms()));
}

static void put_published(const struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    const struct gw_feed_counts *n = &r->feed_counts;
    uint32_t m = gw_tree_put_map(t, map, GW_LIT("published"));
    gw_clean_put_count(t, m, GW_LIT("batches"), n->batches);
    gw_clean_put_count(t, m, GW_LIT("accepted"), n->accepted);
    gw_clean_put_count(t, m, GW_LIT("duplicates"), n->duplicates);
    gw_clean_put_count(t, m, GW_LIT("refused"), n->refused);
}

static void put_sink(const struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    const struct gw_outlet *o = &r->outlet;
    struct gw_sink_counts n = {0};
    uint32_t m = gw_tree_put_map(t, map, GW_LIT("sink"));
    gw_clean_put(t, m, GW_LIT("kind"), r->config->sink.kind);
    if (!o->sink)
        return;
    gw_sink_count(o->sink, &n);
    gw_clean_put_count(t, m, GW_LIT("messages"), n.messages);
    gw_clean_put_count(t, m, GW_LIT("events"), n.events);
    gw_clean_put_count(t, m, GW_LIT("pending"), n.pending);
    gw_clean_put_count(t, m, GW_LIT("unsent"), n.unsent);
    gw_clean_put_count(t, m, GW_LIT("failed"), n.failed);
    gw_clean_put_count(t, m, GW_LIT("cursor"), gw_sink_cursor(o->sink));
    if (r->config->sink.live) {
        gw_clean_put_count(t, m, GW_LIT("live"), o->live.sent);
        gw_clean_put_count(t, m, GW_LIT("live_dropped"), o->live.dropped);
    }
    gw_clean_put(t, m, GW_LIT("trouble"), sink_trouble(r));
    if (o->partner && o->kind->describe)
        o->kind->describe(o->partner, t, m);
}

static void put_link(const struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    uint32_t m = gw_tree_put_map(t, map, GW_LIT("gateway"));
    gw_clean_put(t, m, GW_LIT("endpoint"), r->config->endpoint);
    gw_clean_put(t, m, GW_LIT("state"),
                 r->uplink.client ? karvan_state_name(r->link) : "closed");
    if (r->link_code)
        gw_tree_put_int(t, m, GW_LIT("code"), r->link_code);
    gw_clean_put(t, m, GW_LIT("text"), r->link_text);
}

void gw_runner_describe(struct gw_runner *r, struct gw_tree *t, uint32_t map)
{
    static const char *const states[] = {[STARTING] = "starting",
                                         [RUNNING] = "running",
                                         [FAILED] = "failed",
                                         [FENCED] = "fenced",
                                         [DRAINING] = "draining"};
    gw_clean_put(t, map, GW_LIT("name"), name_of(r));
    gw_clean_put(t, map, GW_LIT("format"), r->config->format);
    gw_clean_put(t, map, GW_LIT("state"), states[r->state]);
    gw_tree_put_bool(t, map, GW_LIT("well"), gw_runner_is_well(r));
    gw_clean_put(t, map, GW_LIT("why"), r->why);
    gw_clean_put_count(t, map, GW_LIT("failures"), r->failed_times);
    if (r->state == FAILED)
        gw_clean_put_count(
            t, map, GW_LIT("retry_in_ms"),
            r->retry_at_ms > now_ms() ? (uint64_t)(r->retry_at_ms - now_ms()) : 0);
    put_link(r, t, map);
    if (r->config->source.on) {
        put_source(r, t, map);
        put_spool(r, t, map);
        put_published(r, t, map);
    }
    if (r->config->sink.on)
        put_sink(r, t, map);
}
