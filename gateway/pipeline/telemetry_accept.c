/* telemetry_accept.c - stages 1 to 4 for a PUBLISH of live events, which then go into the
 * table of objects instead of the journal.  Nobody waits for an answer: what cannot be
 * taken is counted, and logged once per burst. */
#include "pipeline/decode.h"
#include "pipeline/parts.h"

#define BURST_MS 1000

static void tell(struct gw_session *s, const char *what, enum gw_error code,
                 const char *field, const char *text, int64_t now_ms)
{
    uint64_t missed;
    if (gw_burst_due(&s->live_burst, now_ms, BURST_MS, &missed))
        gw_log(GW_WARN, what,
               "operator=%s adapter=%s code=%d field=%s text=\"%s\" more=%llu",
               s->operator_name, s->adapter, (int)code, field, text,
               (unsigned long long)missed);
}

static uint32_t count_of(const struct gw_pipeline *p, struct gw_slice body)
{
    uint32_t count = 0;
    return gw_decode_count(body, p->limits->batch_events, &count, NULL) ? 1 : count;
}

/* One second's worth may come at once. */
static bool within_rate(struct gw_session *s, uint32_t rate, int64_t now_ms)
{
    int64_t ms = s->live_filled_ms ? now_ms - s->live_filled_ms : 1000;
    ms = ms < 0 ? 0 : ms > 2000 ? 2000 : ms;
    s->live_filled_ms = now_ms;
    gw_bucket_fill(&s->live, rate, ms);
    gw_bucket_fill(&s->live_excess, rate, ms);
    return !rate || s->live.level > 0;
}

/* As many again as its rate are only dropped; what is more is a flood, and uses patience. */
static void drop(struct gw_pipeline *p, struct gw_session *s, struct gw_slice body, uint32_t count,
                 int64_t now_ms)
{
    struct gw_peer peer = s->peer;
    p->n.live_dropped += count;
    if (p->leaving || !p->limits->live_events)
        return;
    s->live_excess.level -= (int64_t)count * 1000;
    if (s->live_excess.level >= 0)
        return;
    s->live_excess.level = 0;
    (void)gw_pipeline_bear(p, &peer, &s, s->operator, gw_pipeline_cost(body), now_ms);
}

/* Stage 1: may its sender have more of our time? */
static bool admit(struct gw_pipeline *p, struct gw_session *s, struct gw_slice body,
                  int64_t now_ms)
{
    uint32_t count = count_of(p, body);
    bool yes = !p->leaving && within_rate(s, p->limits->live_events, now_ms) &&
               gw_quota_left(p->quotas, s->operator, now_ms);
    if (!yes) {
        tell(s, "live.dropped", GW_BUSY, "",
             p->leaving ? "the gateway is leaving"
                        : "over the rate or quota of the sender",
             now_ms);
        drop(p, s, body, count, now_ms);
        return false;
    }
    if (p->limits->live_events)
        s->live.level -= (int64_t)count * 1000;
    gw_quota_draw(p->quotas, s->operator, count, body.len, now_ms);
    return true;
}

void gw_pipeline_observed(struct gw_pipeline *p, const struct gw_batch *b)
{
    struct gw_facts *f = p->delivery.facts;
    for (uint32_t i = 0; i < b->count; i++) {
        struct gw_slice event = gw_batch_event(b, &b->records[i]);
        if (gw_facts_read(event, f) || gw_telemetry_put(p->telemetry, event, f))
            continue; /* not to be live: its own lane counted it */
    }
}

/* What passed the stages and may not be live all the same. */
static void judge(struct gw_pipeline *p, struct gw_session *s, const struct gw_batch *b,
                  int64_t now_ms)
{
    struct gw_facts *f = p->delivery.facts;
    for (uint32_t i = 0; i < b->count; i++) {
        struct gw_slice event = gw_batch_event(b, &b->records[i]);
        enum gw_error e = gw_facts_read(event, f);
        if (!e)
            e = gw_telemetry_judge(event, f);
        p->n.live_taken += !e;
        p->n.live_refused += e != GW_OK;
        if (e)
            tell(s, "live.refused", e, e == GW_UNKNOWN_CODE ? "type" : "equipment[0].id",
                 "only a position, condition or alert that names an object may be live",
                 now_ms);
    }
}

static void give_back(struct gw_pipeline *p, struct gw_batch *b, bool shared)
{
    if (shared || p->spare) {
        gw_batch_unref(b);
        return;
    }
    gw_batch_reset(b);
    p->spare = b;
}

void gw_pipeline_observe(struct gw_pipeline *p, struct gw_session *s,
                         const struct gw_header *h, struct gw_slice body, int64_t now_ms)
{
    struct gw_batch *b;
    bool shared;
    if (!admit(p, s, body, now_ms)) /* 1 */
        return;
    b = gw_accept_batch(p);
    if (!b) {
        p->n.live_dropped += count_of(p, body);
        return;
    }
    gw_accept_address(b, s->operator_name, s->adapter);
    b->flags = h->flags;
    b->received_ms = now_ms;
    if (gw_accept_body(p, &p->directory->operators[s->operator], h, body, b)) { /* 2 to 4 */
        p->n.live_dropped += count_of(p, body);
        give_back(p, b, false);
        return;
    }
    p->n.live_refused += b->refusal_count;
    if (b->refusal_count)
        tell(s, "live.refused", b->refusals[0].code, b->refusals[0].field,
             gw_error_text(b->refusals[0].code), now_ms);
    judge(p, s, b, now_ms);
    gw_pipeline_observed(p, b);
    shared = p->setup.live && b->count;
    if (shared)
        p->setup.live(b, p->setup.done_ctx);
    give_back(p, b, shared);
}
