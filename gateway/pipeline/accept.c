/* accept.c - stages 1 to 5 for one PUBLISH, in the order of their names. */
#include "base/hash.h"
#include "pipeline/decode.h"
#include "pipeline/express.h"
#include "pipeline/keep.h"
#include "pipeline/parts.h"
#include "pipeline/validate.h"

/* Stages 2 to 5 for the next event of a body, the long way.  A refused one goes to
 * quarantine with its bytes.  GW_BODY: the message breaks off. */
static enum gw_error take_event(struct gw_pipeline *p, const struct gw_operator *o,
                                struct gw_slice *body, struct gw_batch *b, uint32_t index)
{
    const struct gw_places *places = p->directory->places;
    uint64_t seed = p->journal->seed;
    struct gw_fault fault = {0};
    struct gw_slice bytes;
    uint32_t root = GW_NODE_NONE;
    enum gw_error e = gw_decode_next(body, &p->tree, &root, &bytes, &fault); /* 2 */

    if (e == GW_BODY)
        return e;
    if (!e)
        e = gw_normalise(o->profile, places, &p->tree, root, &fault); /* 3 */
    if (!e)
        e = gw_validate(p->limits, b->received_ms, &p->tree, root, &fault); /* 4 */
    if (!e)
        e = gw_keep(b, index, &p->tree, root, seed, &fault); /* 5, on its way */
    return e ? gw_batch_refuse(b, index, bytes, &fault) : GW_OK;
}

/* The same at once, for an event that is in its final form already; false for all others.
 */
static bool take_express(struct gw_pipeline *p, const struct gw_operator *o,
                         struct gw_slice *body, struct gw_batch *b, uint32_t index)
{
    struct gw_express x;
    if (o->profile ||
        !gw_express_pass(p->limits, p->directory->places, b->received_ms, *body, &x) ||
        gw_express_keep(b, index, &x, p->journal->seed, NULL))
        return false;
    *body = gw_slice(body->at + x.bytes.len, body->len - x.bytes.len);
    return true;
}

/* Event by event, to the end of the body or where it breaks off: then GW_BODY. */
static enum gw_error take_events(struct gw_pipeline *p, const struct gw_operator *o,
                                 struct gw_slice body, struct gw_batch *b,
                                 uint32_t *count)
{
    enum gw_error e = GW_OK;
    for (*count = 0; body.len && !e; ++*count)
        if (*count == p->limits->batch_events)
            e = GW_BODY;
        else if (!take_express(p, o, &body, b, *count))
            e = take_event(p, o, &body, b, *count);
    return *count ? e : GW_BODY;
}

/* A body whose structure breaks off is refused whole: nothing of it is kept but its
 * bytes. */
enum gw_error gw_accept_body(struct gw_pipeline *p, const struct gw_operator *o,
                             const struct gw_header *h, struct gw_slice body,
                             struct gw_batch *b)
{
    struct gw_fault fault = {0};
    uint32_t count = 0;
    enum gw_error e = take_events(p, o, body, b, &count);

    if (gw_batch_starved(b)) /* our trouble, no event's: all of it later, nothing refused now */
        return GW_NOMEM;
    if (e == GW_BODY && !gw_decode_count(body, p->limits->batch_events, &count, &fault))
        (void)gw_fail(&fault, GW_BODY, 0, NULL); /* cannot be: one of the two is wrong */
    if (!e && h->count && h->count != count)
        e = gw_fail(&fault, GW_BODY, 0,
                    "count in the header equals the events in the body");
    if (e != GW_BODY)
        return e;
    gw_batch_rewind(b);
    return gw_batch_refuse(b, 0, body, &fault);
}

struct gw_batch *gw_accept_batch(struct gw_pipeline *p)
{
    struct gw_batch *b = p->spare;
    /* Canonical bytes can be longer than what came: the gateway adds its own fields. */
    size_t room =
        (size_t)p->limits->message_bytes * 2 + (size_t)p->limits->batch_events * 256;
    p->spare = NULL;
    if (!b && gw_batch_new(&b, room, p->limits->batch_events))
        return NULL;
    b->done = p->setup.done;
    b->done_ctx = p->setup.done_ctx;
    b->lane = p;
    return b;
}

void gw_accept_address(struct gw_batch *b, const char *operator, const char * adapter)
{
    (void)gw_slice_copy(gw_slice_str(operator), b->operator, sizeof b->operator);
    (void)gw_slice_copy(gw_slice_str(adapter), b->adapter, sizeof b->adapter);
}

/* Hand a filled batch to the journal, or keep its memory for the next one. */
static enum gw_error submit(struct gw_pipeline *p, struct gw_batch *b)
{
    enum gw_error e = gw_intake_put(p, &b);
    if (!e) {
        p->n.batches++;
        return GW_OK;
    }
    gw_batch_reset(b);
    p->spare = b;
    return e;
}

/* What it costs its sender that we do not take this.  That we cannot take it now costs no more than
 * the question, and what was in flight behind it, or behind a batch that we did not keep, nothing. */
static uint32_t cost_of(struct gw_session *s, enum gw_error e, uint64_t batch, struct gw_slice body)
{
    if (e == GW_BUSY || e == GW_STORAGE) {
        gw_session_excuse(s, batch);
        return 1;
    }
    return e == GW_BATCH_GAP && gw_session_excused(s, batch) ? 0 : gw_pipeline_cost(body);
}

/* What comes behind a gap, or beyond credit, comes in floods: it is told once, and counted. */
static void turn_away(struct gw_pipeline *p, struct gw_session *s, enum gw_error e, uint64_t batch,
                      struct gw_slice body, int64_t now_ms)
{
    bool flood = e == GW_BATCH_GAP || e == GW_CREDIT;
    uint32_t cost = cost_of(s, e, batch, body);
    struct gw_peer peer = s->peer;
    if (gw_pipeline_bear(p, &peer, &s, s->operator, cost, now_ms) != GW_PATIENT)
        return;
    if (flood && s->gap_told) {
        p->n.faults++;
        s->faults++;
    } else
        gw_pipeline_complain(p, &peer, s, e, &(struct gw_header){.batch = s->submitted + 1}, NULL,
                             now_ms);
    s->gap_told = flood;
}

void gw_pipeline_accept(struct gw_pipeline *p, struct gw_session *s,
                        const struct gw_header *h, struct gw_slice body, int64_t now_ms)
{
    enum gw_error e = gw_session_admit(s, p->limits, h, body.len); /* 1 */
    struct gw_batch *b = NULL;
    uint64_t hash;

    if (e == GW_EXISTS) { /* always answered: after an outage a sender repeats all it has kept */
        gw_acknowledge_repeat(p, s, h, body, now_ms);
        return;
    }
    if (!e && p->leaving)
        e = GW_LEAVING;
    if (!e && (b = gw_accept_batch(p)) == NULL)
        e = GW_BUSY;
    if (e) {
        turn_away(p, s, e, h->batch, body, now_ms);
        return;
    }
    gw_accept_address(b, s->operator_name, s->adapter);
    b->number = h->batch;
    b->flags = h->flags;
    b->body_hash = hash = gw_hash64(body, 0);
    b->behind = s->submitted_hash;
    b->body_bytes = body.len;
    b->received_ms = now_ms;
    b->session = s->id;
    e = gw_accept_body(p, &p->directory->operators[s->operator], h, body, b); /* 2 to 4 */
    if (!e)
        e = submit(p, b); /* 5 */
    else {
        gw_batch_reset(b);
        p->spare = b;
        e = GW_BUSY;
    }
    if (e) {
        turn_away(p, s, e, h->batch, body, now_ms);
        return;
    }
    s->gap_told = false;
    s->submitted = h->batch;
    s->submitted_hash = hash;
    s->taken_bytes += body.len;
    s->batches++;
}

enum gw_error gw_pipeline_requeue(struct gw_pipeline *p, const struct gw_quarantined *q,
                                  int64_t now_ms, struct gw_fault *outcome)
{
    uint32_t owner = gw_directory_find(p->directory, gw_slice_str(q->operator));
    struct gw_batch *b;
    enum gw_error e;

    *outcome = (struct gw_fault){0};
    if (owner == GW_OPERATOR_NONE) {
        (void)gw_fail(outcome, GW_UNKNOWN_OPERATOR, 0, NULL);
        return GW_OK;
    }
    b = gw_accept_batch(p);
    if (!b)
        return GW_NOMEM;
    gw_accept_address(b, q->operator, q->adapter);
    b->received_ms = now_ms;
    b->requeued = q->id;
    e = gw_accept_body(p, &p->directory->operators[owner], &(struct gw_header){0}, q->bytes,
                  b);
    if (!e && b->refusal_count) { /* still not good: it stays where it is */
        const struct gw_refusal *r = &b->refusals[0];
        (void)gw_fail(outcome, r->code, r->offset, r->rule);
        memcpy(outcome->field, r->field, sizeof outcome->field);
        gw_batch_reset(b);
        p->spare = b;
        return GW_OK;
    }
    if (!e)
        return submit(p, b);
    gw_batch_reset(b);
    p->spare = b;
    return e;
}
