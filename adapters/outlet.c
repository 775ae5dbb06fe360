/* outlet.c - events of a subscription on their way to the partner. */
#include "adapters/outlet.h"
#include "adapters/sink_kind.h"
#include "base/clock.h"
#include <inttypes.h>
#include <stdio.h>

#define BURST_MS  60000
#define LATEST_MS 3600000

static int64_t mono_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

static const char *adapter_of(const struct gw_outlet *o)
{
    return o->config->name;
}

static void on_time(void *user);
static void on_live_time(void *user);

/* ---- life ---- */

static enum gw_error open_sink(struct gw_outlet *o, struct gw_text *why)
{
    const struct gw_adapter_config *c = o->config;
    struct gw_sink_settings set = {.folder = c->sink.folder,
                                   .subscription = c->sink.subscription,
                                   .suffix = c->sink.suffix,
                                   .every_events = c->sink.every_events,
                                   .every_ms = c->sink.every_ms};
    return gw_sink_open(&o->sink, &set, o->format, why);
}

enum gw_error gw_outlet_open(struct gw_outlet *o, struct gw_text *why)
{
    gw_live_box_init(&o->live);
    o->timer = gw_timer_new(o->loop, on_time, o);
    o->live_timer = gw_timer_new(o->loop, on_live_time, o);
    enum gw_error e = o->timer && o->live_timer ? open_sink(o, why) : GW_NOMEM;
    if (e)
        return e;
    o->kind = gw_sink_kind_find(o->config->sink.kind);
    return o->kind->open(&o->partner, o, why);
}

void gw_outlet_close(struct gw_outlet *o)
{
    if (o->kind)
        o->kind->close(o->partner);
    gw_sink_close(o->sink);
    gw_timer_free(o->timer);
    gw_timer_free(o->live_timer);
    gw_live_box_deinit(&o->live);
    *o = (struct gw_outlet){0};
}

/* What is in .cursor is exact; the gateway's own cursor may lag behind it. */
static void start_of(const struct gw_outlet *o, char out[96])
{
    uint64_t cursor = gw_sink_cursor(o->sink);
    if (cursor)
        (void)snprintf(out, 96, "seq:%" PRIu64, cursor + 1);
    else
        (void)snprintf(out, 96, "%s", o->config->sink.start);
}

enum gw_error gw_outlet_subscribe(struct gw_outlet *o, struct karvan_client *c,
                                  struct gw_text *why)
{
    const struct gw_host_terms *filter = &o->config->sink.filter;
    const char *terms[GW_HOST_TERMS + 1];
    bool live = o->config->sink.live;
    char start[96];
    for (uint32_t i = 0; i < filter->count; i++)
        terms[i] = filter->list[i];
    if (live)
        terms[filter->count] = "live=true";
    start_of(o, start);
    o->client = c;
    o->asked = gw_sink_cursor(o->sink) ? gw_sink_cursor(o->sink) + 1 : 0;
    return karvan_subscribe_where(c, o->config->sink.subscription, start, terms,
                                  filter->count + live, why->s, sizeof why->s);
}

/* ---- bringing out ---- */

static void watch(struct gw_outlet *o)
{
    int64_t due = gw_sink_due_in(o->sink, mono_ms());
    if (due >= 0 && !o->sending && !o->waiting)
        gw_timer_in(o->timer, (uint64_t)due);
}

static void send_next(struct gw_outlet *o)
{
    struct gw_sink_message m;
    struct gw_text why = {0};
    o->waiting = false;
    o->options->now_ms = gw_now_ms(&gw_clock_system);
    if (gw_sink_make(o->sink, &m, &why)) {
        gw_outlet_later(o, why.s);
        return;
    }
    if (!m.events) {
        o->done(o->user);
        watch(o);
        return;
    }
    o->sending = true;
    o->kind->send(o->partner, &m);
}

static void on_time(void *user)
{
    struct gw_outlet *o = user;
    if (!o->sending)
        send_next(o);
}

void gw_outlet_drain(struct gw_outlet *o)
{
    if (o->kind && !o->sending)
        send_next(o);
    o->draining = true;
}

bool gw_outlet_is_idle(const struct gw_outlet *o)
{
    return !o->kind || !o->sending;
}

/* ---- live events ---- */

/* Not before the business events that came before them. */
static bool may_go(const struct gw_outlet *o)
{
    return gw_live_box_count(&o->live) && o->partner && !o->draining &&
           o->live.behind <= gw_sink_done(o->sink);
}

static void send_live(struct gw_outlet *o)
{
    struct gw_sink_message m;
    int64_t now_ms = gw_now_ms(&gw_clock_system);
    if (!may_go(o))
        return; /* again when a business message is settled */
    o->options->now_ms = now_ms;
    gw_live_box_make(&o->live, o->format, o->config->sink.every_events,
                     o->config->sink.subscription, o->config->sink.suffix, now_ms, &m);
    if (m.events)
        gw_live_box_settle(&o->live, m.events, o->kind->send_live(o->partner, &m));
    if (gw_live_box_count(&o->live))
        gw_timer_within(o->live_timer, 0);
}

static void on_live_time(void *user)
{
    send_live(user);
}

void gw_outlet_live_lost(struct gw_outlet *o, uint32_t events)
{
    o->live.sent -= events;
    o->live.dropped += events;
}

static void take_live(struct gw_outlet *o, struct gw_slice event)
{
    if (!o->config->sink.live)
        return; /* asked for by a filter of somebody else's making */
    gw_live_box_add(&o->live, event, o->newest);
    bool full = gw_live_box_count(&o->live) >= o->config->sink.every_events;
    gw_timer_within(o->live_timer, full ? 0 : o->config->sink.every_ms);
}

/* ---- the kind's answers ---- */

static uint64_t pause_ms(struct gw_outlet *o)
{
    uint64_t most = o->config->sink.retry_max_ms, pause = o->config->sink.retry_ms;
    for (uint32_t i = 0; i < o->failures && pause < most; i++)
        pause *= 2;
    o->failures++;
    return pause < most ? pause : most;
}

void gw_outlet_later(struct gw_outlet *o, const char *why)
{
    gw_outlet_later_in(o, why, 0);
}

void gw_outlet_later_in(struct gw_outlet *o, const char *why, uint64_t least_ms)
{
    uint64_t missed, pause = pause_ms(o);
    if (least_ms > LATEST_MS)
        least_ms = LATEST_MS; /* what the other side asks for has its bounds too */
    if (pause < least_ms)
        pause = least_ms;
    o->sending = false;
    o->waiting = true;
    (void)snprintf(o->trouble, sizeof o->trouble, "%s", why);
    if (gw_burst_due(&o->burst, gw_now_ms(&gw_clock_system), BURST_MS, &missed))
        gw_log(GW_WARN, "delivery.later",
               "adapter=%s retry_ms=%" PRIu64 " unreported=%" PRIu64 " %s", adapter_of(o),
               pause, missed, why);
    gw_timer_in(o->timer, pause);
}

/* The message is done with, one way or the other. */
static void settled(struct gw_outlet *o, enum gw_error e, const char *why)
{
    o->sending = false;
    if (e) {
        o->broken(o->user, why);
        return;
    }
    o->failures = 0;
    o->trouble[0] = 0;
    o->done(o->user);
    if (!o->draining)
        watch(o);
    gw_timer_within(o->live_timer, 0);
}

void gw_outlet_delivered(struct gw_outlet *o)
{
    struct gw_text why = {0};
    struct gw_sink_counts n;
    enum gw_error e = gw_sink_delivered(o->sink, &why);
    if (!e) {
        gw_sink_count(o->sink, &n);
        o->burst = (struct gw_burst){0};
        gw_log(GW_INFO, "message.delivered",
               "adapter=%s messages=%" PRIu64 " events=%" PRIu64 " seq=%" PRIu64,
               adapter_of(o), n.messages, n.events, gw_sink_done(o->sink));
    }
    settled(o, e, why.s);
}

void gw_outlet_failed(struct gw_outlet *o, const char *why)
{
    struct gw_text trouble = {0};
    char reason[512], when[25];
    gw_time_iso(gw_now_ms(&gw_clock_system), when);
    (void)snprintf(reason, sizeof reason,
                   "The receiver refused this message; it is not sent again.\n\n"
                   "time:     %s\nreason:   %s\n",
                   when, why);
    enum gw_error e = gw_sink_failed(o->sink, gw_slice_str(reason), &trouble);
    gw_log(GW_WARN, "message.failed", "adapter=%s %s", adapter_of(o), why);
    settled(o, e, trouble.s);
}

/* ---- from the gateway ---- */

void gw_outlet_begun(struct gw_outlet *o, uint64_t start)
{
    if (start < o->asked)
        gw_log(GW_WARN, "subscription.set_back",
               "adapter=%s asked for seq %" PRIu64 ", the gateway begins at %" PRIu64
               ": its journal was set back",
               adapter_of(o), o->asked, start);
    else if (o->asked && start > o->asked)
        gw_log(GW_WARN, "subscription.gap",
               "adapter=%s asked for seq %" PRIu64 ", the oldest kept is %" PRIu64,
               adapter_of(o), o->asked, start);
    else
        gw_log(GW_INFO, "subscription.begun", "adapter=%s name=%s from=%" PRIu64,
               adapter_of(o), o->config->sink.subscription, start);
    o->acked = o->newest = 0;
    gw_live_box_clear(&o->live);
    gw_sink_restart(o->sink, start);
}

void gw_outlet_event(struct gw_outlet *o, const struct karvan_event *event)
{
    if (!event->seq) {
        take_live(o, gw_slice(event->bytes, event->len));
        return;
    }
    o->newest = event->seq;
    if (gw_sink_event(o->sink, event->seq, gw_slice(event->bytes, event->len),
                      mono_ms())) {
        o->broken(o->user, "more events than can be gathered");
        return;
    }
    watch(o);
}

void gw_outlet_position(struct gw_outlet *o, uint64_t seq)
{
    gw_sink_position(o->sink, seq);
}

bool gw_outlet_pump(struct gw_outlet *o)
{
    uint64_t done = o->sink ? gw_sink_done(o->sink) : 0;
    /* What was delivered just before a reconnect may be beyond what this session has
     * seen: the acknowledgement waits for it. */
    if (done <= o->acked || karvan_ack(o->client, o->config->sink.subscription, done))
        return false;
    o->acked = done;
    o->asked = done + 1;
    return true;
}
