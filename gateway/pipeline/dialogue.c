/* dialogue.c - the operations around the events: HELLO, SUBSCRIBE, CREDIT, PING, BYE, RECEIPT. */
#include <karvan/version.h>
#include <stdlib.h>
#include "pipeline/parts.h"
#include "pipeline/wish.h"

/* One message being answered. */
struct turn {
    struct gw_pipeline *p;
    const struct gw_peer *peer;
    struct gw_session *s; /* NULL before HELLO */
    uint32_t operator;
    const char *key;
    const struct gw_header *h;
    struct gw_slice body;
    int64_t now_ms;
};

static void complain(const struct turn *t, enum gw_error e, const char *text)
{
    struct gw_header about = {.name = t->h->name, .batch = t->h->batch};
    gw_pipeline_complain(t->p, t->peer, t->s, e, &about, text, t->now_ms);
}

#define RETRY_MS 5000 /* for whom there was no patience left */

static void refuse(const struct turn *t, enum gw_error e)
{
    struct gw_header h = {.op = GW_OP_REFUSE,
                          .code = (uint64_t)e,
                          .text = gw_slice_str(gw_error_text(e)),
                          .rule = gw_slice_str(gw_error_remedy(e)),
                          .retry_ms = e == GW_BUSY ? RETRY_MS : 0,
                          .v_least = KARVAN_PROTOCOL,
                          .v_most = KARVAN_PROTOCOL};
    uint64_t missed;
    t->p->n.faults++;
    if (gw_burst_due(&t->p->stranger, t->now_ms, 1000, &missed))
        gw_log(GW_WARN, "session.refused",
               "code=%d text=\"%s\" operator=%s adapter=%.*s more=%llu", (int)e,
               gw_error_text(e),
               t->operator == GW_OPERATOR_NONE ? "?"
                                               : t->p->directory->operators[t->operator].name,
               GW_FMT(t->h->adapter), (unsigned long long)missed);
    (void)gw_pipeline_send(t->p, t->peer, &h, gw_slice(NULL, 0));
}

/* An adapter that comes back takes the place of its older session, which may be dead. */
static bool has_room(const struct turn *t)
{
    struct gw_pipeline *p = t->p;
    const char *operator= p->directory->operators[t->operator].name;
    char adapter[GW_NAME_MAX + 1];
    return gw_sessions_of_operator(p->sessions, operator) < p->limits->sessions_per_operator ||
           (gw_slice_copy(t->h->adapter, adapter, sizeof adapter) &&
            gw_session_of_adapter(p->sessions, operator, adapter));
}

static enum gw_error judge_hello(const struct turn *t)
{
    struct gw_pipeline *p = t->p;
    uint64_t least = t->h->v_least ? t->h->v_least : t->h->v;
    uint64_t most = t->h->v_most ? t->h->v_most : t->h->v;

    if (least > KARVAN_PROTOCOL || most < KARVAN_PROTOCOL)
        return GW_VERSION;
    if (t->operator == GW_OPERATOR_NONE)
        return GW_UNKNOWN_OPERATOR;
    if (t->peer->id_len != 5 || t->peer->id[0])
        return GW_ROUTING_ID; /* ZeroMQ's own ids are five bytes, the first of them zero */
    if (!gw_name_valid(t->h->adapter))
        return GW_BAD_NAME;
    if (p->leaving)
        return GW_LEAVING;
    return has_room(t) ? GW_OK : GW_TOO_MANY;
}

static void welcome(const struct turn *t)
{
    struct gw_pipeline *p = t->p;
    struct gw_session *s = t->s;
    struct gw_journal_status st;
    struct gw_header h = {.op = GW_OP_WELCOME,
                          .operator = gw_slice_str(s->operator_name),
                          .software = GW_LIT("karvan/" KARVAN_VERSION),
                          .name = gw_slice_str(p->setup.gateway_name),
                          .batch = s->submitted,
                          .credit_batch = s->credit_batch,
                          .credit_bytes = s->credit_bytes,
                          .session_ms = p->limits->timeout_ms,
                          .max_bytes = p->limits->message_bytes,
                          .max_events = p->limits->batch_events,
                          .durable = p->journal->durable,
                          .time = t->now_ms};

    p->journal->ops->status(p->journal, &st);
    if (st.room >= GW_ROOM_FULL) {
        enum gw_error e = st.room == GW_ROOM_FULL ? GW_DISK_FULL : GW_STORAGE;
        h.code = (uint64_t)e;
        h.text = gw_slice_str(gw_error_text(e));
    }
    (void)gw_pipeline_send(p, t->peer, &h, gw_slice(NULL, 0));
    gw_log(GW_INFO, "session.open", "operator=%s adapter=%s software=\"%s\" last_batch=%llu",
           s->operator_name, s->adapter, s->software, (unsigned long long)s->submitted);
}

static void on_hello(struct turn *t)
{
    struct gw_pipeline *p = t->p;
    struct gw_claim claim = {.kind = GW_CLAIM_ADAPTER};
    enum gw_error e;

    if (t->s) /* a second HELLO begins anew */
        gw_pipeline_drop(p, t->s, "hello again");
    t->s = NULL;
    e = judge_hello(t);
    if (!e) {
        claim.serial = p->setup.outlet->serial(p->setup.outlet->ctx);
        (void)gw_slice_copy(t->h->adapter, claim.name, sizeof claim.name);
        (void)gw_slice_copy(gw_slice_str(p->directory->operators[t->operator].name),
                            claim.operator, sizeof claim.operator);
        gw_pipeline_fence(p, &claim, t->now_ms);
        t->s = gw_session_begin(p->sessions, t->peer);
        if (!t->s)
            e = GW_TOO_MANY;
    }
    if (e) {
        refuse(t, e);
        return;
    }
    t->s->serial = claim.serial;
    t->s->operator = t->operator;
    memcpy(t->s->operator_name, claim.operator, sizeof claim.operator);
    memcpy(t->s->adapter, claim.name, sizeof claim.name);
    (void)gw_slice_copy(gw_slice_str(t->key), t->s->key, sizeof t->s->key);
    if (!gw_slice_copy(t->h->software, t->s->software, sizeof t->s->software))
        (void)gw_slice_copy(GW_LIT("?"), t->s->software, sizeof t->s->software);
    t->s->since_ms = t->s->heard_ms = t->now_ms;
    if (p->journal->ops->last_batch(p->reader, claim.operator, claim.name, &t->s->submitted))
        t->s->submitted = 0;
    p->journal->ops->reader_release(p->reader);
    t->s->acknowledged = t->s->submitted;
    gw_session_grant(t->s, p->limits, gw_pipeline_shrink(p));
    if (p->setup.outlet->claim)
        p->setup.outlet->claim(p->setup.outlet->ctx, &claim);
    welcome(t);
}

static struct gw_subscription *find(const struct gw_session *s, struct gw_slice name)
{
    struct gw_subscription *sub = s->subscriptions;
    while (sub && !gw_slice_is(name, sub->name))
        sub = sub->next_of_session;
    return sub;
}

/* Where a subscription starts: the seq of the first event that will be looked at. */
static enum gw_error resolve_start(struct gw_pipeline *p, const struct turn *t, const char *name,
                                   const struct gw_start_at *at,
                                   const struct gw_journal_status *st, uint64_t *seq)
{
    const struct gw_journal_ops *ops = p->journal->ops;
    struct gw_cursor cursor;
    enum gw_error e = GW_OK;
    uint64_t oldest = st->first_seq ? st->first_seq : 1;

    *seq = st->last_seq + 1;
    if (at->kind == GW_START_CURSOR) {
        e = ops->cursor_load(p->reader, t->s->operator_name, name, &cursor);
        if (!e)
            *seq = cursor.seq + 1;
        else if (e == GW_NOT_FOUND)
            e = GW_OK; /* never been here: from now on */
    } else if (at->kind == GW_START_EARLIEST)
        *seq = oldest;
    else if (at->kind == GW_START_SEQ)
        *seq = at->seq;
    else if (at->kind == GW_START_TIME)
        e = ops->seek_time(p->reader, at->time, seq);
    ops->reader_release(p->reader);
    if (*seq < oldest)
        *seq = oldest;
    if (*seq > st->last_seq + 1)
        *seq = st->last_seq + 1;
    return e;
}

static struct gw_subscription *make(const struct turn *t, struct gw_filter *filter, uint64_t start)
{
    struct gw_subscription *sub = calloc(1, sizeof *sub);
    if (!sub)
        return NULL;
    sub->session = t->s;
    (void)gw_slice_copy(t->h->name, sub->name, sizeof sub->name);
    sub->filter = filter;
    sub->next_seq = start;
    sub->told = sub->acked = start - 1;
    sub->told_ms = t->now_ms;
    return sub;
}

/* Remember filter and cursor, so that retention waits for this receiver from now on, and so that it
 * finds its place again.  What fails here is tried again with its next CREDIT. */
static enum gw_error remember(const struct turn *t, struct gw_subscription *sub)
{
    struct gw_pipeline *p = t->p;
    enum gw_error e;
    gw_buf_reset(&p->body);
    if (gw_filter_write(sub->filter, &p->body))
        gw_buf_reset(&p->body);
    e = p->journal->ops->cursor_store(p->journal, t->s->operator_name, sub->name, sub->acked,
                                      t->now_ms, gw_buf_bytes(&p->body), true);
    sub->remembered = !e;
    if (e)
        gw_log(GW_WARN, "subscription.cursor", "operator=%s name=%s not stored",
               t->s->operator_name, sub->name);
    return e;
}

/* What is wrong with a filter, and where in the body. */
static void complain_of_filter(const struct turn *t, enum gw_error e, const struct gw_fault *f)
{
    struct gw_text words;
    gw_text_set(&words, "%s%s%s (byte %zu of the body)", f->field, *f->field ? ": " : "",
                f->rule ? f->rule : gw_error_text(e), f->at);
    complain(t, e, f->code ? words.s : NULL);
}

/* More would not fit the header beside the other keys. */
#define NARROWED_MOST 600

static struct gw_slice narrowed(const struct turn *t, const struct gw_subscription *sub)
{
    struct gw_slice words;
    if (!gw_wish_narrowed(sub->filter, t->p->directory, t->s->operator, t->now_ms, &t->p->body))
        return gw_slice(NULL, 0);
    words = gw_buf_bytes(&t->p->body);
    if (words.len > NARROWED_MOST)
        words.len = NARROWED_MOST;
    while (words.len < t->p->body.len && words.len && (words.at[words.len] & 0xc0) == 0x80)
        words.len--; /* not in the middle of a character */
    return words;
}

static void subscribed(const struct turn *t, const struct gw_subscription *sub,
                       const struct gw_journal_status *st)
{
    struct gw_header h = {.op = GW_OP_SUBSCRIBED,
                          .name = gw_slice_str(sub->name),
                          .from = sub->next_seq,
                          .to = st->last_seq,
                          .oldest = st->first_seq,
                          .narrowed = narrowed(t, sub)};
    (void)gw_pipeline_send(t->p, t->peer, &h, gw_slice(NULL, 0));
    gw_log(GW_INFO, "subscription.open", "operator=%s adapter=%s name=%s from=%llu newest=%llu",
           t->s->operator_name, t->s->adapter, sub->name, (unsigned long long)sub->next_seq,
           (unsigned long long)st->last_seq);
}

static void on_subscribe(struct turn *t)
{
    struct gw_pipeline *p = t->p;
    struct gw_subscription *sub = find(t->s, t->h->name);
    struct gw_claim claim = {.kind = GW_CLAIM_SUBSCRIPTION};
    struct gw_filter *filter = NULL;
    struct gw_journal_status st;
    struct gw_start_at at;
    struct gw_fault fault = {0};
    uint64_t start = 0;
    enum gw_error e = gw_name_valid(t->h->name) ? GW_OK : GW_BAD_NAME;

    if (!e && !sub && t->s->subscription_count >= p->limits->subscriptions)
        e = GW_TOO_MANY;
    if (!e)
        e = gw_filter_read(t->body, &filter, &at, &fault);
    if (!e && (e = gw_wish_check(filter, p->directory, &fault)))
        gw_filter_free(filter);
    if (e) {
        complain_of_filter(t, e, &fault);
        return;
    }
    if (sub)
        gw_delivery_remove(&p->delivery, sub);
    claim.serial = p->setup.outlet->serial(p->setup.outlet->ctx);
    memcpy(claim.operator, t->s->operator_name, sizeof claim.operator);
    (void)gw_slice_copy(t->h->name, claim.name, sizeof claim.name);
    gw_pipeline_fence(p, &claim, t->now_ms);
    if (p->setup.outlet->claim)
        p->setup.outlet->claim(p->setup.outlet->ctx, &claim);

    p->journal->ops->status(p->journal, &st);
    e = resolve_start(p, t, claim.name, &at, &st, &start);
    sub = e ? NULL : make(t, filter, start);
    if (!sub) {
        gw_filter_free(filter);
        complain(t, e == GW_CORRUPT || e == GW_IO ? GW_STORAGE : GW_BUSY, NULL);
        return;
    }
    sub->serial = claim.serial;
    sub->observes = at.live;
    sub->observed = gw_telemetry_last(p->telemetry);
    if (st.last_seq > p->delivery.newest)
        p->delivery.newest = st.last_seq;
    if (gw_delivery_add(&p->delivery, sub)) {
        gw_filter_free(filter);
        free(sub);
        complain(t, GW_BUSY, NULL);
        return;
    }
    if (remember(t, sub) == GW_STORAGE) { /* it would lose its place with the restart to come */
        gw_delivery_remove(&p->delivery, sub);
        complain(t, GW_STORAGE, NULL);
        return;
    }
    subscribed(t, sub, &st);
}

static void on_unsubscribe(struct turn *t)
{
    struct gw_subscription *sub = find(t->s, t->h->name);
    if (!sub) {
        complain(t, GW_NO_SUBSCRIPTION, NULL);
        return;
    }
    if ((t->h->flags & GW_FLAG_FORGET) &&
        t->p->journal->ops->cursor_drop(t->p->journal, t->s->operator_name, sub->name))
        gw_log(GW_WARN, "subscription.cursor", "operator=%s name=%s not forgotten",
               t->s->operator_name, sub->name);
    gw_log(GW_INFO, "subscription.close", "operator=%s name=%s", t->s->operator_name, sub->name);
    gw_delivery_remove(&t->p->delivery, sub);
}

static void on_credit(struct turn *t)
{
    struct gw_subscription *sub = find(t->s, t->h->name);
    const struct gw_header *h = t->h;

    if ((!sub || (h->ack <= sub->acked && h->credit_events <= sub->credit_events &&
                  h->credit_bytes <= sub->credit_bytes)) &&
        gw_pipeline_bear(t->p, t->peer, &t->s, t->operator, 1, t->now_ms) != GW_PATIENT)
        return;
    if (!sub) {
        complain(t, GW_NO_SUBSCRIPTION, NULL);
        return;
    }
    if (h->ack > sub->told) {
        complain(t, GW_ACK_RANGE, NULL);
        return;
    }
    if (!sub->remembered)
        (void)remember(t, sub);
    if (h->credit_events > sub->credit_events)
        sub->credit_events = h->credit_events;
    if (h->credit_bytes > sub->credit_bytes)
        sub->credit_bytes = h->credit_bytes;
    gw_delivery_credit(&t->p->delivery, sub);
    if (h->ack > sub->acked &&
        !t->p->journal->ops->cursor_store(t->p->journal, t->s->operator_name, sub->name, h->ack,
                                          t->now_ms, gw_slice(NULL, 0), false))
        sub->acked = h->ack;
}

static void on_ping(struct turn *t)
{
    struct gw_header h = {.op = GW_OP_PONG, .nonce = t->h->nonce, .time = t->now_ms};
    (void)gw_pipeline_send(t->p, t->peer, &h, gw_slice(NULL, 0));
}

static void on_receipt(struct turn *t)
{
    gw_pipeline_receipt(t->p, t->s, t->h->from, t->now_ms);
}

static void on_pong(struct turn *t)
{
    (void)t; /* that it came is all it says; the session was marked alive already */
}

static void on_bye(struct turn *t)
{
    gw_pipeline_drop(t->p, t->s, "bye");
}

/* What asking costs of the sender's patience; CREDIT: only when it neither acknowledges nor
 * gives anything. */
static const struct {
    enum gw_op op;
    bool needs_session;
    uint32_t cost;
    void (*run)(struct turn *t);
} operations[] = {
    {GW_OP_HELLO, false, 8, on_hello},  {GW_OP_SUBSCRIBE, true, 8, on_subscribe},
    {GW_OP_UNSUBSCRIBE, true, 8, on_unsubscribe}, {GW_OP_CREDIT, true, 0, on_credit},
    {GW_OP_PING, true, 1, on_ping},     {GW_OP_PONG, true, 1, on_pong},
    {GW_OP_BYE, true, 0, on_bye},       {GW_OP_RECEIPT, true, 1, on_receipt},
};

static void on_unknown(struct turn *t)
{
    complain(t, GW_UNKNOWN_OP, NULL);
}

static void on_stranger(struct turn *t)
{
    complain(t, GW_NO_SESSION, NULL);
}

void gw_dialogue(struct gw_pipeline *p, const struct gw_peer *peer, struct gw_session *s,
                 const struct gw_identity *who, const struct gw_header *h, struct gw_slice body,
                 int64_t now_ms)
{
    struct turn t = {p, peer, s, who->operator, who->key, h, body, now_ms};
    /* A HELLO begins a session with new patience: it is on the operator's. */
    struct gw_session *whose = h->op == GW_OP_HELLO ? NULL : s;
    void (*run)(struct turn *) = on_unknown;
    uint32_t cost = 1;
    enum gw_mood mood;

    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (operations[i].op == h->op) {
            run = operations[i].run;
            cost = operations[i].cost;
            if (operations[i].needs_session && !s) {
                run = on_stranger;
                cost = 1;
            }
        }
    mood = gw_pipeline_bear(p, peer, &whose, who->operator, cost, now_ms);
    if (mood == GW_PATIENT)
        run(&t);
    else if (mood == GW_TIRED && h->op == GW_OP_HELLO)
        refuse(&t, GW_BUSY);
    else if (mood == GW_TIRED && s)
        complain(&t, GW_BUSY, NULL);
}
