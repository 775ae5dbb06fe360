/* publish.c - batches to the gateway, within its credit, until they are acknowledged. */
#include <stdio.h>
#include "client/parts.h"

/* ---- numbers ---- */

static void number_from(struct karvan_client *c, uint64_t first)
{
    c->out.first = first;
    c->out.most_sent = 0;
    c->numbered = true;
    c->renumber = false;
}

static bool fits_gateway(const struct karvan_client *c)
{
    for (uint32_t i = 0; i < c->out.held; i++) {
        const struct gw_out_batch *b = gw_outbox_at(&c->out, i);
        if ((c->max_bytes && b->events.len > c->max_bytes) ||
            (c->max_events && b->count > c->max_events))
            return false;
    }
    return true;
}

/* May these batches get other numbers?  Not the caller's own, and not once one of ours is
 * known to be stored: then the gateway has lost something, and a person must hear of it.
 */
static bool may_renumber(const struct karvan_client *c)
{
    return !c->out.own_numbers &&
           (c->renumber || !c->numbered || !c->acked || c->out.most_sent < c->out.first);
}

bool gw_publish_welcome(struct karvan_client *c)
{
    uint64_t last = c->welcome_batch;
    char text[160];
    gw_outbox_restart(&c->out);
    c->resend_at_ms = 0;
    c->resends = 0;
    gw_outbox_limit(&c->out, &c->o, c->max_bytes, c->max_events);
    if (!fits_gateway(c)) {
        gw_session_refused(
            c, GW_MESSAGE_SIZE,
            "a batch is larger than this gateway takes: lower the batch size");
        return false;
    }
    bool behind =
        c->out.first > last + 1; /* the gateway lacks what comes before our oldest */
    bool ahead =
        c->out.most_sent < c->out.first && c->out.first <= last; /* used by another */
    if (c->out.own_numbers ? c->out.held && behind : c->numbered && c->acked && behind) {
        snprintf(text, sizeof text,
                 "the gateway has batch %llu as its last, ours is %llu",
                 (unsigned long long)last, (unsigned long long)c->out.first);
        gw_session_refused(c, GW_BATCH_GAP, text);
        return false;
    }
    if (may_renumber(c) && (!c->numbered || c->renumber || behind || ahead))
        number_from(c, last + 1);
    return true;
}

/* ---- out ---- */

static bool has_credit(const struct karvan_client *c, uint64_t number, size_t len)
{
    return number <= c->credit_batch && c->out.session_bytes + len <= c->credit_bytes;
}

void gw_publish_send(struct karvan_client *c)
{
    const struct gw_out_batch *b;
    uint64_t number;
    if (c->state != KARVAN_READY || c->now_ms < c->resend_at_ms)
        return;
    c->resend_at_ms = 0;
    while ((b = gw_outbox_next(&c->out, &number)) &&
           has_credit(c, number, b->events.len)) {
        struct gw_header h = {.op = GW_OP_PUBLISH, .batch = number, .count = b->count};
        if (gw_session_send(c, &h, gw_buf_bytes(&b->events)))
            return;
        gw_outbox_sent(&c->out);
    }
}

/* ---- acknowledgements ---- */

static void tell_refusal(struct karvan_client *c, uint64_t batch,
                         const struct gw_out_batch *b, const struct gw_ack_event *e)
{
    char field[64], rule[160];
    snprintf(field, sizeof field, "%.*s", GW_FMT(e->field));
    snprintf(rule, sizeof rule, "%.*s", GW_FMT(e->rule));
    bool tagged = !c->out.own_numbers && e->index < b->count;
    struct karvan_refusal r = {.batch = batch,
                               .index = e->index,
                               .tag = tagged ? b->tags[e->index] : 0,
                               .code = e->code,
                               .at = (size_t)e->at,
                               .field = field,
                               .rule = rule};
    c->o.on.refused(c->o.user, &r);
}

/* The oldest batch is done with; `a` holds zeros when only its number is known. */
static void settle(struct karvan_client *c, const struct gw_ack_batch *a)
{
    const struct gw_out_batch *b = gw_outbox_at(&c->out, 0);
    struct gw_slice events = a->events;
    struct gw_ack_event e;
    struct karvan_ack ack = {.batch = c->out.first,
                             .accepted = a->accepted,
                             .duplicates = a->duplicates,
                             .refused = a->refused,
                             .first_seq = a->first,
                             .last_seq = a->last};
    while (c->o.on.refused && gw_ack_event_next(&events, &e))
        if (e.code != GW_OK)
            tell_refusal(c, ack.batch, b, &e);
    gw_outbox_pop(&c->out);
    if (c->last_batch < ack.batch)
        c->last_batch = ack.batch;
    c->acked = true;
    c->resends = 0;
    if (c->o.on.acked)
        c->o.on.acked(c->o.user, &ack);
}

static bool awaited(const struct karvan_client *c, uint64_t number)
{
    return c->out.sent && number >= c->out.first;
}

/* Batches of this session are described in the message that acknowledges them.  A repeat
 * is, in the ACK that answers it; until then its number says nothing new. */
void gw_publish_ack(struct karvan_client *c, const struct gw_header *h,
                    struct gw_slice body)
{
    static const struct gw_ack_batch unknown = {0};
    struct gw_ack_batch a;
    if (h->credit_batch > c->credit_batch)
        c->credit_batch = h->credit_batch;
    if (h->credit_bytes > c->credit_bytes)
        c->credit_bytes = h->credit_bytes;
    while (body.len) {
        if (gw_ack_read(&body, &a)) {
            gw_session_retry(c, GW_BODY, "the gateway sent an ACK that cannot be read");
            return;
        }
        while (awaited(c, a.batch) && c->out.first < a.batch && a.batch <= h->batch)
            settle(c, &unknown);
        if (awaited(c, a.batch) && c->out.first == a.batch)
            settle(c, &a);
    }
    while (awaited(c, h->batch) && c->out.first <= h->batch &&
           c->out.first > c->welcome_batch)
        settle(c, &unknown);
    gw_session_tell(c, KARVAN_READY, (enum gw_error)h->code,
                    h->code ? gw_error_text((enum gw_error)h->code) : "");
}

/* ---- not taken ---- */

void gw_publish_hold(struct karvan_client *c, const struct gw_header *h, const char *text)
{
    uint64_t number = h->batch ? h->batch : c->out.first;
    if (number < c->out.first && c->out.held) {
        gw_session_refused(c, GW_BATCH_GAP, text); /* it lacks what it had acknowledged */
        return;
    }
    if (!gw_outbox_rewind(&c->out, number)) {
        gw_session_retry(c, (enum gw_error)h->code, text);
        return;
    }
    if (c->now_ms >=
        c->resend_at_ms) /* the first complaint; others follow for what came behind */
        c->resend_at_ms =
            c->now_ms +
            (h->retry_ms ? (int64_t)h->retry_ms : gw_session_pause_ms(c, c->resends++));
    gw_session_tell(c, KARVAN_READY, (enum gw_error)h->code, text);
}

/* Somebody else used our numbers under our name, or the gateway was set back. */
void gw_publish_reused(struct karvan_client *c, const struct gw_header *h,
                       const char *text)
{
    if (c->out.own_numbers) {
        gw_session_refused(c, (enum gw_error)h->code, text);
        return;
    }
    c->renumber = true;
    gw_session_retry(c, (enum gw_error)h->code, text);
}
