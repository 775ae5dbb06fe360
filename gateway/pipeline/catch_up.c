/* catch_up.c - subscriptions that are behind read by themselves, until they are live;
 * part of stage 7. */
#include "pipeline/deliver_parts.h"

#define SERVED_MOST                                                                      \
    32u /* that get further in a round: they must not slow down the live ones */

/* Look at one event: not for this receiver, packed, or no room (then false). */
static bool offer(struct gw_delivery *d, struct gw_parcel *p, uint64_t seq,
                  struct gw_slice event)
{
    struct gw_mask shown;
    if (gw_route_read(d->directory, event, GW_ROUTE_ALL, d->facts) == GW_OK &&
        gw_filter_match(p->sub->filter, d->facts)) {
        gw_grants_read(&d->grants, d->directory, d->facts, d->now_ms);
        if (gw_grants_give(&d->grants, p->sub->session->operator, & shown)) {
            if (!gw_parcel_has_room(d, p, event.len) ||
                gw_project(event, seq, &shown, &d->body)) {
                p->full = true;
                return false;
            }
            p->count++;
        }
    }
    p->next = seq + 1;
    return true;
}

static void from_tail(struct gw_delivery *d, struct gw_parcel *p)
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
                          .text =
                              GW_LIT("an event is damaged in the journal; delivery stops "
                                     "before it; the gateway's keeper must run karvan "
                                     "journal verify")};
    sub->halted = true;
    gw_log(GW_ERROR, "deliver.damaged",
           "operator=%s subscription=%s seq=%llu remedy=\"%s\"",
           sub->session->operator_name, sub->name, (unsigned long long)seq,
           gw_error_remedy(GW_CORRUPT));
    gw_buf_reset(&d->header);
    if (!gw_header_write(&h, &d->header) &&
        d->outlet->send(d->outlet->ctx, &sub->session->peer, gw_buf_bytes(&d->header),
                        gw_slice(NULL, 0)))
        d->refused_sends++;
}

/* Retention has passed the receiver by: go on at the oldest event that is kept. */
static void skip_trimmed(struct gw_delivery *d, struct gw_parcel *p)
{
    struct gw_journal_status st;
    d->journal->ops->status(d->journal, &st);
    if (st.first_seq <= p->next)
        return;
    gw_log(GW_WARN, "deliver.trimmed", "operator=%s subscription=%s from=%llu to=%llu",
           p->sub->session->operator_name, p->sub->name, (unsigned long long)p->next,
           (unsigned long long)st.first_seq - 1);
    p->next = st.first_seq;
    p->sub->told = st.first_seq - 1; /* these were not looked at */
}

static void from_journal(struct gw_delivery *d, struct gw_parcel *p)
{
    uint32_t n = 0, i = 0;
    enum gw_error e = d->journal->ops->read(
        d->reader, p->next, d->stored, GW_DELIVER_READ, d->limits->delivery_bytes, &n);
    if (e == GW_NOT_FOUND)
        skip_trimmed(d, p);
    while (i < n && offer(d, p, d->stored[i].seq, d->stored[i].event))
        i++;
    d->from_journal += i;
    if (e == GW_CORRUPT && i == n)
        tell_damage(d, p->sub, p->next);
    d->journal->ops->reader_release(d->reader);
}

/* At the end it is told so at once, and then is live; on the way now and then. */
static bool must_tell(const struct gw_delivery *d, const struct gw_parcel *p)
{
    return p->next > p->sub->told + 1 &&
           (p->next > d->position ||
            d->now_ms - p->sub->told_ms >= d->limits->position_ms);
}

/* One look, where there is something to look at.  *on: it got further. */
static enum gw_error serve(struct gw_delivery *d, struct gw_subscription *s, bool *on)
{
    struct gw_parcel p = gw_parcel_begin(d, s, s->next_seq);
    enum gw_error e = GW_OK;
    if (p.next > d->position)
        ; /* there already, but refused when it was to be told */
    else if (gw_tail_find(d->tail, p.next))
        from_tail(d, &p);
    else
        from_journal(d, &p);
    if (p.count || must_tell(d, &p))
        e = gw_parcel_ship(d, &p);
    *on = !e && (p.next > s->next_seq || p.full);
    if (!e)
        s->next_seq = p.next;
    return e;
}

/* Where it stands after a look. */
static void place(struct gw_delivery *d, struct gw_subscription *s)
{
    bool able = gw_has_credit(s) && !s->halted;
    gw_stand(d, s, !able ? GW_PARKED : gw_is_there(d, s) ? GW_LIVE : GW_BEHIND);
}

bool gw_catch_up(struct gw_delivery *d)
{
    uint32_t left = d->standing[GW_BEHIND].count, served = 0;
    bool more = false;
    for (; left && served < SERVED_MOST; left--) {
        struct gw_subscription *s = d->standing[GW_BEHIND].first;
        bool on = false;
        if (!s)
            break; /* a session ended, and others with it */
        if (serve(d, s, &on) == GW_CLOSED) {
            d->gone(d->gone_ctx, s->session);
            return true;
        }
        place(d, s);
        served += on;
        more |= on && s->standing == GW_BEHIND;
    }
    return more || (left && served);
}
