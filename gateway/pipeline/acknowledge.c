/* acknowledge.c - behind stage 5: what became of each batch, to its sender.
 *
 * An ACK is cumulative and may cover many batches; what was not simply accepted is listed event by
 * event.  Nothing is acknowledged that is not on stable storage. */
#include "base/hash.h"
#include "pipeline/parts.h"

/* Add one batch to the session's ACK in the making; sends what is there first if it grew large. */
static void add(struct gw_pipeline *p, struct gw_session *s, const struct gw_ack_batch *a)
{
    size_t at = s->acks.len;
    if (gw_ack_write(a, &s->acks)) {
        s->acks.len = at;
        s->acks.failed = false;
    }
    p->acks_due = true;
}

static void add_batch(struct gw_pipeline *p, struct gw_session *s, const struct gw_batch *b)
{
    struct gw_ack_batch a = {.batch = b->number,
                             .accepted = b->accepted,
                             .duplicates = b->duplicates,
                             .refused = b->refused_count,
                             .first = b->first_seq,
                             .last = b->last_seq};
    gw_buf_reset(&p->body);
    if (!gw_batch_exceptions(b, &p->body))
        a.events = gw_buf_bytes(&p->body);
    add(p, s, &a);
}

/* The journal found the number in use already: a batch of an older session was still on its way
 * when this one began.  The sender gets the original outcome, if the content is the same. */
static bool repeat_outcome(struct gw_pipeline *p, struct gw_session *s, uint64_t number,
                           uint64_t body_hash, int64_t now_ms)
{
    struct gw_ack_batch a = {.batch = number};
    struct gw_outcome o = {0};
    enum gw_error e = p->journal->ops->outcome(p->reader, s->operator_name, s->adapter, number,
                                               &o);
    if (!e && o.body_hash != body_hash) {
        struct gw_header about = {.batch = number};
        p->journal->ops->reader_release(p->reader);
        gw_pipeline_complain(p, &s->peer, s, GW_BATCH_REUSED, &about, NULL, now_ms);
        return false;
    }
    if (!e) {
        a.accepted = o.accepted;
        a.duplicates = o.duplicates;
        a.refused = o.refused;
        a.first = o.first_seq;
        a.last = o.last_seq;
        a.events = o.events;
    }
    add(p, s, &a); /* without an outcome: it was stored, the details are gone */
    p->journal->ops->reader_release(p->reader);
    p->n.repeats++;
    return true;
}

void gw_acknowledge_repeat(struct gw_pipeline *p, struct gw_session *s,
                           const struct gw_header *h, struct gw_slice body, int64_t now_ms)
{
    s->taken_bytes += body.len;
    s->done_bytes += body.len;
    gw_quota_draw(p->quotas, s->operator, 0, body.len, now_ms);
    if (h->batch > s->acknowledged)
        return; /* handed to the journal in this session: its ACK is on the way */
    (void)repeat_outcome(p, s, h->batch, gw_hash64(body, 0), now_ms);
}

/* Nothing of the batch was kept: say so, and expect its number again. */
static void not_kept(struct gw_pipeline *p, struct gw_session *s, const struct gw_batch *b,
                     int64_t now_ms)
{
    struct gw_header about = {.batch = b->number};
    s->taken_bytes -= b->body_bytes;
    if (b->number > s->submitted)
        return; /* one that came behind the first failure; that one was told */
    s->submitted = b->number - 1;
    s->submitted_hash = 0;
    gw_session_excuse(s, b->number);
    gw_pipeline_complain(p, &s->peer, s, b->result, &about, NULL, now_ms);
}

void gw_acknowledge(struct gw_pipeline *p, struct gw_batch *b, int64_t now_ms)
{
    struct gw_session *s = b->session ? gw_session_by_id(p->sessions, b->session) : NULL;

    if (!b->result) {
        p->n.accepted += b->accepted;
        p->n.duplicates += b->duplicates;
        p->n.refused += b->refused_count;
    }
    if (!s)
        return;
    if (b->result) {
        not_kept(p, s, b, now_ms);
        return;
    }
    s->accepted += b->accepted;
    s->duplicates += b->duplicates;
    s->refused += b->refused_count;
    s->done_bytes += b->body_bytes;
    gw_quota_draw(p->quotas, s->operator, b->count + b->refusal_count, b->body_bytes, now_ms);
    if (b->number > s->acknowledged)
        s->acknowledged = b->number;
    if (b->repeated)
        (void)repeat_outcome(p, s, b->number, b->body_hash, now_ms);
    else
        add_batch(p, s, b);
}

/* Credit, unless the operator's quota is used up for the moment. */
static void grant(struct gw_pipeline *p, struct gw_session *s, int64_t now_ms)
{
    bool first;
    s->credit_held = !gw_quota_open(p->quotas, s->operator, now_ms, &first);
    if (!s->credit_held)
        gw_session_grant(s, p->limits, gw_pipeline_shrink(p));
    else if (first)
        gw_log(GW_INFO, "quota.held",
               "operator=%s adapter=%s remedy=\"it waits for credit; to give it more: quota in its "
               "file, or session.quota_events, session.quota_bytes\"",
               s->operator_name, s->adapter);
}

static bool send_acks(struct gw_pipeline *p, struct gw_session *s, int64_t now_ms)
{
    struct gw_header h = {.op = GW_OP_ACK, .batch = s->acknowledged};
    enum gw_error e;

    grant(p, s, now_ms);
    h.credit_batch = s->credit_batch;
    h.credit_bytes = s->credit_bytes;
    e = gw_pipeline_send(p, &s->peer, &h, gw_buf_bytes(&s->acks));
    if (e == GW_AGAIN)
        return false;
    gw_buf_reset(&s->acks);
    if (e == GW_CLOSED)
        gw_pipeline_drop(p, s, "gone");
    return true;
}

void gw_acknowledge_flush(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_session *s;
    if (!p->acks_due)
        return;
    p->acks_due = false;
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;)
        if (s->acks.len && !send_acks(p, s, now_ms))
            p->acks_due = true;
}

void gw_acknowledge_tick(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_session *s;
    bool first;
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;)
        if (s->credit_held && gw_quota_open(p->quotas, s->operator, now_ms, &first))
            (void)send_acks(p, s, now_ms);
}
