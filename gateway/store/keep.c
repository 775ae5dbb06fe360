/* keep.c - one batch into the transaction: number, verdicts, entries, quarantine, outcome. */
#include <stdio.h>
#include "store/parts.h"

/* A repeat that slipped through while an older session's batch was still on its way. */
static void repeat(struct gw_batch *b)
{
    b->repeated = true;
    b->accepted = b->duplicates = b->refused_count = 0;
    b->first_seq = b->last_seq = 0;
    for (uint32_t i = 0; i < b->count; i++)
        b->records[i].verdict = GW_DUPLICATE; /* none of them has a seq from here */
}

/* What the batch will take at most, roughly: rows, pages begun, outcome. */
static uint64_t need(const struct gw_batch *b)
{
    return b->events.len + b->refused.len +
           (uint64_t)b->count * sizeof(struct gw_entry_row) + 16384;
}

/* Is the newest batch of this adapter the one that this one came behind?  An older session's that
 * was still on its way may have taken the number; its sender's own was turned away then, and what
 * follows must not get in front of it. */
static enum gw_error in_order(struct gw_store *s, struct gw_batch *b,
                              const struct gw_adapter_record *a)
{
    struct gw_outcome o;
    enum gw_error e;
    if (!b->number || !b->behind || !a->last || b->number != a->last + 1)
        return GW_OK;
    e = gw_outcome_read(s->view, a->number, a->last, &o);
    if (!e && o.body_hash != b->behind)
        b->result = GW_BATCH_REUSED;
    return e == GW_NOT_FOUND || e == GW_CORRUPT ? GW_OK : e; /* then nobody can tell */
}

/* True when the batch is to be kept; else its result is set. */
static bool admit(struct gw_store *s, struct gw_batch *b,
                  const struct gw_adapter_record *a)
{
    uint64_t bytes = need(b);
    if (b->number && b->number <= a->last) {
        repeat(b);
        return false;
    }
    if (b->number > a->last + 1 && b->number)
        b->result = GW_BATCH_GAP;
    else if (bytes > s->space.left) {
        b->result = GW_DISK_FULL;
        s->turned_away = true;
    } else
        s->space.left -= bytes;
    return b->result == GW_OK;
}

static enum gw_error put_entries(struct gw_store *s, const struct gw_batch *b)
{
    struct gw_entry_plan plan = {.to = 0};
    enum gw_error e = GW_OK;

    if (b->accepted && b->received_ms > s->state.latest_ms)
        s->state.latest_ms = b->received_ms;
    while (!e && gw_entry_plan(b, plan.to, &plan)) {
        struct gw_key key = gw_key_u64(plan.first);
        uint8_t *room;
        plan.latest_ms = s->state.latest_ms;
        e = gw_put_room(s->view, GW_T_JOURNAL, gw_key_slice(&key), gw_entry_size(&plan),
                        &room);
        if (!e)
            gw_entry_write(&plan, s->state.chain, room);
    }
    s->state.last_seq += b->accepted;
    return e;
}

static void log_quota(struct gw_store *s, const struct gw_batch *b)
{
    uint64_t missed;
    if (gw_burst_due(&s->quota_burst, gw_now_ms(&s->clock), 10000, &missed))
        gw_log(GW_WARN, "quarantine.full",
               "operator=%s quota_bytes=%llu more=%llu remedy=\"entries are kept without "
               "their "
               "bytes; requeue or drop some: karvan quarantine\"",
               b->operator,(unsigned long long) s->settings.quarantine_bytes,
               (unsigned long long)missed);
}

static enum gw_error put_refusal(struct gw_store *s, const struct gw_batch *b,
                                 const struct gw_refusal *r)
{
    struct gw_quarantined q = {.id = s->state.quarantine_next,
                               .batch = b->number,
                               .index = r->index,
                               .time_ms = b->received_ms,
                               .code = r->code,
                               .offset = r->offset,
                               .bytes = gw_slice(NULL, 0)}; /* an empty body has none */
    bool whole = true;
    enum gw_error e;

    if (r->len)
        q.bytes = gw_slice(b->refused.at + r->at, r->len);
    memcpy(q.operator, b->operator, sizeof q.operator);
    memcpy(q.adapter, b->adapter, sizeof q.adapter);
    memcpy(q.field, r->field, sizeof q.field);
    (void)snprintf(q.rule, sizeof q.rule, "%s",
                   r->rule ? r->rule : gw_error_text(r->code));
    e = gw_quarantine_add(s->view, &s->state, &q, s->settings.quarantine_bytes, &whole);
    if (e)
        return e;
    s->state.quarantine_next++;
    if (!whole)
        log_quota(s, b);
    return GW_OK;
}

/* Refused events go to quarantine; those that fell with another one of their batch need no repair,
 * and one that comes from quarantine stays the entry it is. */
static enum gw_error put_refusals(struct gw_store *s, const struct gw_batch *b)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < b->refusal_count && !b->requeued && !e; i++)
        if (b->refusals[i].code != GW_ATOMIC)
            e = put_refusal(s, b, &b->refusals[i]);
    return e;
}

static enum gw_error put_outcome(struct gw_store *s, const struct gw_batch *b,
                                 struct gw_adapter_record *a)
{
    struct gw_outcome o = {.accepted = b->accepted,
                           .duplicates = b->duplicates,
                           .refused = b->refused_count,
                           .first_seq = b->first_seq,
                           .last_seq = b->last_seq,
                           .body_hash = b->body_hash};
    enum gw_error e;

    gw_buf_reset(&s->exceptions);
    e = gw_batch_exceptions(b, &s->exceptions);
    o.events = gw_buf_bytes(&s->exceptions);
    if (!a->number)
        a->number = ++s->state.adapters;
    a->last = b->number;
    if (!e)
        e = gw_outcome_write(s->view, a->number, b->number, &o,
                             s->settings.outcome_window);
    if (!e)
        e = gw_adapter_write(s->view, b->operator, b->adapter, a);
    return e;
}

static enum gw_error drop_requeued(struct gw_store *s, const struct gw_batch *b)
{
    enum gw_error e = GW_OK;
    if (b->requeued && !b->refusal_count)
        e = gw_quarantine_remove(s->view, &s->state, b->requeued);
    return e == GW_NOT_FOUND ? GW_OK : e;
}

enum gw_error gw_store_keep(struct gw_store *s, struct gw_batch *b)
{
    struct gw_adapter_record a;
    enum gw_error e = gw_adapter_read(s->view, b->operator, b->adapter, &a);

    b->result = GW_OK;
    b->repeated = false;
    if (e && e != GW_NOT_FOUND)
        return e;
    e = in_order(s, b, &a);
    if (e || b->result || !admit(s, b, &a))
        return e;
    s->changed = s->kept = true;
    e = gw_judge_batch(&s->judge, b, s->state.last_seq + 1);
    if (!e)
        e = put_entries(s, b);
    if (!e)
        e = put_refusals(s, b);
    if (!e && b->number)
        e = put_outcome(s, b, &a);
    if (!e)
        e = drop_requeued(s, b);
    return e;
}

enum gw_error gw_store_recall(void *ctx, uint64_t seq, struct gw_known *out)
{
    struct gw_store *s = ctx;
    struct gw_entry entry;
    enum gw_error e = gw_entry_at(s->view, seq, &entry);

    if (!e && seq > gw_entry_last(&entry))
        e = GW_NOT_FOUND;
    if (!e)
        e = gw_entry_event(&entry, (uint32_t)(seq - entry.head.first), &out->event);
    if (e)
        return e;
    out->operator= entry.operator;
    out->content = gw_entry_row(&entry, (uint32_t)(seq - entry.head.first)).content;
    return GW_OK;
}
