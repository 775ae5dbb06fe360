/* deliver.c - stage 7 of 7: to the receivers, after route.c; the end of an event's way. */
#include "pipeline/deliver.h"
#include "model/canon.h"
#include <stdlib.h>

#define BODY_SLACK 65536u /* one event more than the aim may have to fit */

enum gw_error gw_delivery_init(struct gw_delivery *d)
{
    gw_buf_init(&d->header, GW_HEADER_MAX);
    gw_buf_init(&d->body, (size_t)d->limits->delivery_bytes +
                              d->limits->budget.event_bytes + BODY_SLACK);
    d->stored = calloc(GW_DELIVER_READ, sizeof *d->stored);
    d->facts = calloc(1, sizeof *d->facts);
    return d->stored && d->facts ? GW_OK : GW_NOMEM;
}

void gw_delivery_deinit(struct gw_delivery *d)
{
    gw_buf_deinit(&d->header);
    gw_buf_deinit(&d->body);
    free(d->stored);
    free(d->facts);
    d->stored = NULL;
    d->facts = NULL;
}

void gw_delivery_add(struct gw_delivery *d, struct gw_subscription *sub)
{
    sub->prev = NULL;
    sub->next = d->first;
    if (d->first)
        d->first->prev = sub;
    d->first = sub;
    sub->next_of_session = sub->session->subscriptions;
    sub->session->subscriptions = sub;
    sub->session->subscription_count++;
}

void gw_delivery_remove(struct gw_delivery *d, struct gw_subscription *sub)
{
    struct gw_subscription **link = &sub->session->subscriptions;
    while (*link != sub)
        link = &(*link)->next_of_session;
    *link = sub->next_of_session;
    sub->session->subscription_count--;
    if (sub->prev)
        sub->prev->next = sub->next;
    else
        d->first = sub->next;
    if (sub->next)
        sub->next->prev = sub->prev;
    gw_filter_free(sub->filter);
    free(sub);
}

/* One EVENTS message in the making. */
struct parcel {
    struct gw_subscription *sub;
    uint64_t next; /* the first seq not looked at */
    uint32_t count;
    bool full;     /* stopped for want of credit or room, not of events */
};

static bool has_room(const struct gw_delivery *d, const struct parcel *p, size_t len)
{
    const struct gw_subscription *s = p->sub;
    if (s->sent_events + p->count >= s->credit_events)
        return false;
    if (!p->count) /* a first event always goes when there is any credit: it cannot be cut */
        return s->sent_bytes < s->credit_bytes;
    return d->body.len + len <= d->limits->delivery_bytes &&
           s->sent_bytes + d->body.len + len <= s->credit_bytes;
}

/* Look at one event: not for this receiver, packed, or no room (then false). */
static bool offer(struct gw_delivery *d, struct parcel *p, uint64_t seq, struct gw_slice event)
{
    struct gw_mask shown;
    if (gw_facts_read(event, d->facts) == GW_OK &&
        gw_route_match(d->directory, d->facts, p->sub->session->operator, d->now_ms,
                       p->sub->filter, &shown)) {
        if (!has_room(d, p, event.len) || gw_project(event, seq, &shown, &d->body)) {
            p->full = true;
            return false;
        }
        p->count++;
    }
    p->next = seq + 1;
    return true;
}

static void from_tail(struct gw_delivery *d, struct parcel *p)
{
    const struct gw_batch *b;
    while ((b = gw_tail_find(d->tail, p->next)) != NULL)
        for (uint32_t i = 0; i < b->count; i++) {
            const struct gw_record *r = &b->records[i];
            if (r->verdict == GW_ACCEPTED && r->seq >= p->next &&
                !offer(d, p, r->seq, gw_batch_event(b, r)))
                return;
        }
}

static void tell_damage(struct gw_delivery *d, struct gw_subscription *sub, uint64_t seq)
{
    struct gw_header h = {.op = GW_OP_ERROR,
                          .name = gw_slice_str(sub->name),
                          .code = GW_STORAGE,
                          .from = seq,
                          .text = GW_LIT("an event is damaged in the journal; delivery stops "
                                         "before it; the gateway's keeper must run karvan "
                                         "journal verify")};
    sub->halted = true;
    gw_log(GW_ERROR, "deliver.damaged", "operator=%s subscription=%s seq=%llu remedy=\"%s\"",
           sub->session->operator_name, sub->name, (unsigned long long)seq,
           gw_error_remedy(GW_CORRUPT));
    gw_buf_reset(&d->header);
    if (!gw_header_write(&h, &d->header) &&
        d->outlet->send(d->outlet->ctx, &sub->session->peer, gw_buf_bytes(&d->header),
                        gw_slice(NULL, 0)))
        d->refused_sends++;
}

/* Retention has passed the receiver by: go on at the oldest event that is kept. */
static void skip_trimmed(struct gw_delivery *d, struct parcel *p)
{
    struct gw_journal_status st;
    d->journal->ops->status(d->journal, &st);
    if (st.first_seq <= p->next)
        return;
    gw_log(GW_WARN, "deliver.trimmed", "operator=%s subscription=%s from=%llu to=%llu",
           p->sub->session->operator_name, p->sub->name, (unsigned long long)p->next,
           (unsigned long long)st.first_seq - 1);
    p->next = st.first_seq;
}

static void from_journal(struct gw_delivery *d, struct parcel *p)
{
    uint32_t n = 0, i = 0;
    enum gw_error e = d->journal->ops->read(d->reader, p->next, d->stored, GW_DELIVER_READ,
                                            d->limits->delivery_bytes, &n);
    if (e == GW_NOT_FOUND)
        skip_trimmed(d, p);
    while (i < n && offer(d, p, d->stored[i].seq, d->stored[i].event))
        i++;
    d->from_journal += i;
    if (e == GW_CORRUPT && i == n)
        tell_damage(d, p->sub, p->next);
    d->journal->ops->reader_release(d->reader);
}

/* Hand the parcel over; nothing has happened unless this succeeds. */
static enum gw_error ship(struct gw_delivery *d, const struct parcel *p, int64_t now_ms)
{
    struct gw_subscription *s = p->sub;
    struct gw_header h = {.op = GW_OP_EVENTS,
                          .name = gw_slice_str(s->name),
                          .from = s->told + 1, /* what was passed without a word too */
                          .to = p->next - 1,
                          .count = p->count};
    enum gw_error e;

    gw_buf_reset(&d->header);
    e = gw_header_write(&h, &d->header);
    if (!e)
        e = d->outlet->send(d->outlet->ctx, &s->session->peer, gw_buf_bytes(&d->header),
                            gw_buf_bytes(&d->body));
    if (e) {
        d->refused_sends++;
        return e;
    }
    s->next_seq = p->next;
    s->told = p->next - 1;
    s->told_ms = now_ms;
    s->sent_events += p->count;
    s->sent_bytes += d->body.len;
    s->session->delivered += p->count;
    d->delivered += p->count;
    d->messages++;
    return GW_OK;
}

static bool has_credit(const struct gw_subscription *s)
{
    return s->sent_events < s->credit_events && s->sent_bytes < s->credit_bytes;
}

/* True when there is more to look at for this one. */
static bool serve(struct gw_delivery *d, struct gw_subscription *s, int64_t now_ms,
                  enum gw_error *e)
{
    struct parcel p = {.sub = s, .next = s->next_seq};
    bool behind;

    *e = GW_OK;
    if (s->halted || s->next_seq > d->newest || !has_credit(s))
        return false;
    gw_buf_reset(&d->body);
    s->live = gw_tail_find(d->tail, p.next) != NULL;
    if (s->live)
        from_tail(d, &p);
    else
        from_journal(d, &p);
    behind = !s->halted && p.next <= d->newest && p.next > s->next_seq;
    if (p.count || (p.next > s->told + 1 && now_ms - s->told_ms >= d->limits->position_ms)) {
        *e = ship(d, &p, now_ms);
        return !*e && behind && has_credit(s);
    }
    s->next_seq = p.next; /* looked at, nothing to say yet */
    return behind && !p.full;
}

/* A receiver for whom nothing matched learns now and then how far the gateway looked. */
static void tell_position(struct gw_delivery *d, struct gw_subscription *s, int64_t now_ms,
                          enum gw_error *e)
{
    struct parcel p = {.sub = s, .next = s->next_seq};
    if (s->next_seq <= s->told + 1 || now_ms - s->told_ms < d->limits->position_ms)
        return;
    gw_buf_reset(&d->body);
    *e = ship(d, &p, now_ms);
}

bool gw_deliver(struct gw_delivery *d, int64_t now_ms,
                void (*gone)(void *ctx, struct gw_session *s), void *ctx)
{
    bool more = false;
    struct gw_subscription *s = d->first;
    d->now_ms = now_ms;
    while (s) {
        struct gw_subscription *next = s->next;
        enum gw_error e;
        more |= serve(d, s, now_ms, &e);
        if (!e)
            tell_position(d, s, now_ms, &e);
        if (e == GW_CLOSED) {
            gone(ctx, s->session); /* frees this and perhaps the next one: start over */
            return true;
        }
        s = next;
    }
    return more;
}
