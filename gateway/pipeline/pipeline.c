/* pipeline.c - drives the seven stages; see pipeline.h for the four ways in. */
#include "pipeline/pipeline.h"
#include <karvan/version.h>
#include <stdlib.h>
#include "pipeline/parts.h"

#define BURST_MS 1000
#define SHRINK   8
#define INTAKE   65536u /* batches that may wait for the journal, at most */

static enum gw_error set_patience(struct gw_pipeline *p)
{
    struct gw_patience *fresh = calloc(p->directory->count + 1, sizeof *fresh);
    free(p->patience);
    p->patience = fresh;
    return fresh ? GW_OK : GW_NOMEM;
}

static enum gw_error set_quotas(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_quota_rate usual = {p->limits->quota_events, p->limits->quota_bytes};
    return gw_quotas_directory(p->quotas, p->directory, usual, now_ms);
}

static void peer_gone(void *ctx, struct gw_session *s)
{
    gw_pipeline_drop(ctx, s, "gone");
}

/* As many as all sessions together can have credit for, and one that is requeued. */
static uint32_t intake_size(const struct gw_limits *l)
{
    uint64_t n = (uint64_t)l->sessions * l->credit_batches + 1;
    return n < INTAKE ? (uint32_t)n : INTAKE;
}

enum gw_error gw_pipeline_new(struct gw_pipeline **out, const struct gw_pipeline_setup *setup)
{
    struct gw_pipeline *p = calloc(1, sizeof *p);
    struct gw_journal_status st;
    enum gw_error e = p ? GW_OK : GW_NOMEM;

    *out = p;
    if (e)
        return e;
    p->setup = *setup;
    p->limits = setup->limits;
    p->journal = setup->journal;
    p->directory = gw_directory_ref(setup->directory);
    gw_buf_init(&p->header, GW_HEADER_MAX);
    gw_buf_init(&p->body, 1u << 20);
    e = gw_tree_init(&p->tree, &setup->limits->budget);
    if (!e)
        e = gw_sessions_new(&p->sessions, setup->limits->sessions);
    if (!e)
        e = gw_quotas_new(&p->quotas);
    if (!e)
        e = set_quotas(p, 0);
    if (!e)
        e = set_patience(p);
    if (!e)
        e = gw_tail_new(&p->tail, setup->limits->tail_bytes);
    if (!e)
        e = gw_telemetry_new(&p->telemetry, setup->limits->live_objects,
                             setup->limits->live_bytes, setup->journal->seed);
    if (!e)
        e = gw_intake_new(&p->intake, intake_size(p->limits));
    if (!e)
        e = p->journal->ops->reader_open(p->journal, &p->reader);
    p->delivery.limits = p->limits;
    p->delivery.directory = p->directory;
    p->delivery.journal = p->journal;
    p->delivery.reader = p->reader;
    p->delivery.tail = p->tail;
    p->delivery.telemetry = p->telemetry;
    p->delivery.outlet = setup->outlet;
    p->delivery.gone = peer_gone;
    p->delivery.gone_ctx = p;
    p->journal->ops->status(p->journal, &st);
    p->delivery.newest = st.last_seq;
    if (!e)
        e = gw_delivery_init(&p->delivery);
    if (e) {
        gw_pipeline_free(p);
        *out = NULL;
        return e;
    }
    return GW_OK;
}

void gw_pipeline_free(struct gw_pipeline *p)
{
    struct gw_session *s;
    if (!p)
        return;
    for (uint32_t i = 0; p->sessions && (s = gw_sessions_next(p->sessions, &i)) != NULL;)
        while (s->subscriptions)
            gw_delivery_remove(&p->delivery, s->subscriptions);
    gw_delivery_deinit(&p->delivery);
    gw_sessions_free(p->sessions);
    gw_quotas_free(p->quotas);
    free(p->patience);
    gw_tail_free(p->tail);
    gw_telemetry_free(p->telemetry);
    gw_intake_free(p->intake);
    gw_batch_unref(p->spare);
    if (p->reader)
        p->journal->ops->reader_close(p->reader);
    gw_tree_deinit(&p->tree);
    gw_buf_deinit(&p->header);
    gw_buf_deinit(&p->body);
    gw_directory_unref(p->directory);
    free(p);
}

enum gw_error gw_pipeline_send(struct gw_pipeline *p, const struct gw_peer *to,
                               const struct gw_header *h, struct gw_slice body)
{
    enum gw_error e;
    gw_buf_reset(&p->header);
    e = gw_header_write(h, &p->header);
    if (!e)
        e = p->setup.outlet->send(p->setup.outlet->ctx, to, gw_buf_bytes(&p->header), body);
    if (e)
        p->delivery.refused_sends++;
    return e;
}

static void log_fault(struct gw_pipeline *p, struct gw_session *s, enum gw_error code,
                      const char *text, int64_t now_ms)
{
    uint64_t missed;
    if (gw_burst_due(s ? &s->burst : &p->stranger, now_ms, BURST_MS, &missed))
        gw_log(GW_WARN, "message.refused", "operator=%s adapter=%s code=%d text=\"%s\" more=%llu",
               s ? s->operator_name : "?", s ? s->adapter : "?", (int)code, text,
               (unsigned long long)missed);
}

void gw_pipeline_complain(struct gw_pipeline *p, const struct gw_peer *to, struct gw_session *s,
                          enum gw_error code, const struct gw_header *about, const char *text,
                          int64_t now_ms)
{
    struct gw_header h = *about;
    if ((int)code < 0) /* our own trouble has no number on the wire: try again later */
        code = GW_BUSY;
    h.op = GW_OP_ERROR;
    h.code = (uint64_t)code;
    h.text = gw_slice_str(text ? text : gw_error_text(code));
    h.rule = gw_slice_str(gw_error_remedy(code));
    p->n.faults++;
    if (s)
        s->faults++;
    log_fault(p, s, code, text ? text : gw_error_text(code), now_ms);
    (void)gw_pipeline_send(p, to, &h, gw_slice(NULL, 0));
}

void gw_pipeline_drop(struct gw_pipeline *p, struct gw_session *s, const char *why)
{
    gw_log(GW_INFO, "session.close",
           "operator=%s adapter=%s why=\"%s\" accepted=%llu duplicates=%llu refused=%llu "
           "delivered=%llu",
           s->operator_name, s->adapter, why, (unsigned long long)s->accepted,
           (unsigned long long)s->duplicates, (unsigned long long)s->refused,
           (unsigned long long)s->delivered);
    while (s->subscriptions)
        gw_delivery_remove(&p->delivery, s->subscriptions);
    gw_session_end(p->sessions, s);
}

static struct gw_patience *patience_of(struct gw_pipeline *p, struct gw_session *s, uint32_t operator)
{
    uint32_t count = p->directory->count;
    if (s || !p->patience)
        return s ? &s->patience : NULL;
    return &p->patience[operator< count ? operator: count];
}

enum gw_mood gw_pipeline_bear(struct gw_pipeline *p, const struct gw_peer *peer, struct gw_session **s,
                              uint32_t operator, uint32_t cost, int64_t now_ms)
{
    struct gw_patience *patience = patience_of(p, *s, operator);
    enum gw_mood mood = patience ? gw_patience_use(patience, cost, now_ms) : GW_PATIENT;

    if (mood == GW_TIRED)
        p->n.faults++;
    if (mood != GW_ENOUGH)
        return mood;
    gw_pipeline_complain(p, peer, *s, GW_FLOOD, &(struct gw_header){0}, NULL, now_ms);
    if (*s)
        gw_pipeline_drop(p, *s, "flood");
    *s = NULL;
    if (p->setup.outlet->cut)
        p->setup.outlet->cut(p->setup.outlet->ctx, peer,
                             operator< p->directory->count ? p->directory->operators[operator].name : "");
    return mood;
}

static void fence_adapter(struct gw_pipeline *p, const struct gw_claim *c, int64_t now_ms)
{
    struct gw_session *s = gw_session_of_adapter(p->sessions, c->operator, c->name);
    if (!s || s->serial >= c->serial)
        return;
    gw_pipeline_complain(p, &s->peer, s, GW_FENCED, &(struct gw_header){0}, NULL, now_ms);
    gw_pipeline_drop(p, s, "fenced");
}

static void fence_subscription(struct gw_pipeline *p, const struct gw_claim *c, int64_t now_ms)
{
    struct gw_subscription *sub = gw_delivery_find(&p->delivery, c->operator, c->name);
    struct gw_header about = {.name = gw_slice_str(c->name)};
    if (!sub || sub->serial >= c->serial)
        return;
    gw_pipeline_complain(p, &sub->session->peer, sub->session, GW_FENCED, &about, NULL, now_ms);
    gw_delivery_remove(&p->delivery, sub);
}

void gw_pipeline_fence(struct gw_pipeline *p, const struct gw_claim *c, int64_t now_ms)
{
    if (c->kind == GW_CLAIM_ADAPTER)
        fence_adapter(p, c, now_ms);
    else
        fence_subscription(p, c, now_ms);
}

void gw_pipeline_claimed(struct gw_pipeline *p, const struct gw_claim *c, int64_t now_ms)
{
    gw_pipeline_fence(p, c, now_ms);
}

uint32_t gw_pipeline_shrink(struct gw_pipeline *p)
{
    struct gw_journal_status st;
    p->journal->ops->status(p->journal, &st);
    return st.room >= GW_ROOM_SHRINK ? SHRINK : 1;
}

/* The session of this peer, if the key behind this very message is its operator's: a routing id
 * alone proves nothing. */
static struct gw_session *known(struct gw_pipeline *p, const struct gw_peer *peer,
                                const struct gw_identity *who)
{
    struct gw_session *s = gw_session_of_peer(p->sessions, peer);
    return s && s->operator == who->operator && strcmp(s->key, who->key) == 0 ? s : NULL;
}

bool gw_pipeline_has_session(struct gw_pipeline *p, const struct gw_peer *peer)
{
    return gw_session_of_peer(p->sessions, peer) != NULL;
}

void gw_pipeline_receive(struct gw_pipeline *p, const struct gw_peer *peer,
                         struct gw_slice user, struct gw_slice header, struct gw_slice body,
                         unsigned frames, int64_t now_ms)
{
    struct gw_identity who = gw_identity_read(p->directory, user);
    struct gw_session *s = known(p, peer, &who);
    struct gw_header h = {0};
    struct gw_fault fault = {0};
    enum gw_error e = frames < 1 || frames > 2 ? GW_FRAMES : GW_OK;

    p->n.messages++;
    if (!e)
        e = gw_header_read(header, &h, &fault);
    if (!e && h.v != KARVAN_PROTOCOL && h.op != GW_OP_HELLO)
        e = GW_VERSION;
    if (!e && body.len > p->limits->message_bytes)
        e = GW_MESSAGE_SIZE;
    if (!e && h.op == GW_OP_PUBLISH && !s)
        e = GW_NO_SESSION;
    if (s)
        s->heard_ms = now_ms;
    if (e && gw_pipeline_bear(p, peer, &s, who.operator, gw_pipeline_cost(body), now_ms) !=
                 GW_PATIENT)
        return;
    if (e)
        gw_pipeline_complain(p, peer, s, e, &(struct gw_header){.batch = h.batch}, fault.rule,
                             now_ms);
    else if (h.op == GW_OP_PUBLISH && h.flags & GW_FLAG_LIVE)
        gw_pipeline_observe(p, s, &h, body, now_ms);
    else if (h.op == GW_OP_PUBLISH)
        gw_pipeline_accept(p, s, &h, body, now_ms);
    else
        gw_dialogue(p, peer, s, &who, &h, body, now_ms);
}

void gw_pipeline_committed(struct gw_pipeline *p, struct gw_batch *b, int64_t now_ms)
{
    if (b->flags & GW_FLAG_LIVE) {
        gw_pipeline_observed(p, b);
        gw_batch_unref(b);
        return;
    }
    if (b->lane == p) {
        p->n.in_journal--;
        gw_acknowledge(p, b, now_ms);
        gw_intake_flush(p, now_ms);
    }
    if (!b->result && b->accepted) {
        gw_tail_push(p->tail, b);
        if (b->last_seq > p->delivery.newest)
            p->delivery.newest = b->last_seq;
    }
    gw_batch_unref(b);
}

bool gw_pipeline_turn(struct gw_pipeline *p, int64_t now_ms)
{
    gw_intake_flush(p, now_ms);
    gw_acknowledge_flush(p, now_ms);
    return gw_deliver(&p->delivery, now_ms);
}

/* Ticks come every quarter second.  When one is as late as this, the machine or this process stood
 * still, or somebody set the clock: what was not heard meanwhile is nobody's silence. */
#define TICK_LATE_MS 1000

/* How long we were away since the last tick. */
static int64_t away(struct gw_pipeline *p, int64_t now_ms)
{
    int64_t ms = p->ticked_ms ? now_ms - p->ticked_ms : 0;
    p->ticked_ms = now_ms;
    return ms > TICK_LATE_MS ? ms : 0;
}

static void listen_for(struct gw_pipeline *p, struct gw_session *s, int64_t away_ms, int64_t now_ms)
{
    s->heard_ms += away_ms;
    if (s->heard_ms > now_ms) /* heard behind the tick, or the clock was put back */
        s->heard_ms = now_ms;
    if (now_ms - s->heard_ms <= p->limits->timeout_ms)
        return;
    gw_pipeline_complain(p, &s->peer, s, GW_SILENT, &(struct gw_header){0}, NULL, now_ms);
    gw_pipeline_drop(p, s, "silent");
}

void gw_pipeline_tick(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_session *s;
    struct gw_journal_status st;
    int64_t away_ms = away(p, now_ms);
    gw_acknowledge_tick(p, now_ms);
    p->journal->ops->status(p->journal, &st);
    gw_delivery_tick(&p->delivery, st.last_seq);
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;)
        listen_for(p, s, away_ms, now_ms);
}

void gw_pipeline_directory(struct gw_pipeline *p, struct gw_directory *d, int64_t now_ms)
{
    struct gw_directory *old = p->directory;
    struct gw_session *s;

    p->directory = gw_directory_ref(d);
    if (set_quotas(p, now_ms))
        gw_log(GW_ERROR, "quota.memory", "no quota is kept; reload again");
    if (set_patience(p))
        gw_log(GW_ERROR, "patience.memory", "what comes without a session is not counted; reload again");
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;) {
        s->operator = gw_directory_find(d, gw_slice_str(s->operator_name));
        if (s->operator != GW_OPERATOR_NONE && gw_identity_holds(&d->operators[s->operator], s->key))
            continue;
        gw_pipeline_complain(p, &s->peer, s, GW_UNKNOWN_OPERATOR, &(struct gw_header){0}, NULL,
                             now_ms);
        gw_pipeline_drop(p, s, "operator gone, disabled, or its key revoked");
    }
    gw_delivery_directory(&p->delivery, p->directory);
    gw_directory_unref(old);
}

void gw_pipeline_leave(struct gw_pipeline *p)
{
    p->leaving = true;
}

bool gw_pipeline_drained(const struct gw_pipeline *p)
{
    return p->leaving && !p->n.in_journal && !gw_intake_count(p->intake) && !p->acks_due;
}

void gw_pipeline_bye(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_session *s;
    struct gw_header h = {.op = GW_OP_BYE,
                          .code = GW_LEAVING,
                          .text = gw_slice_str(gw_error_text(GW_LEAVING))};
    (void)now_ms;
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;) {
        (void)gw_pipeline_send(p, &s->peer, &h, gw_slice(NULL, 0));
        gw_pipeline_drop(p, s, "leaving");
    }
}

void gw_pipeline_counters(const struct gw_pipeline *p, struct gw_pipeline_counters *out)
{
    *out = p->n;
    out->delivered = p->delivery.delivered;
    out->delivered_messages = p->delivery.messages;
    out->from_journal = p->delivery.from_journal;
    out->refused_sends = p->delivery.refused_sends;
    out->sessions = gw_sessions_count(p->sessions);
    out->newest = p->delivery.newest;
    out->tail_bytes = gw_tail_bytes(p->tail);
    out->subscriptions = gw_delivery_count(&p->delivery);
    out->live_delivered = p->delivery.telemetry_delivered;
    out->live_objects = gw_telemetry_count(p->telemetry);
    out->live_bytes = gw_telemetry_bytes(p->telemetry);
}
