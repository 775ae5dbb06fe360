/* telemetry_deliver.c - live events to the subscriptions that asked for them and have
 * nothing else to wait for; part of stage 7. */
#include "pipeline/deliver_parts.h"

#define LOOKED_MOST 4096u /* objects looked at in a round, all receivers together */

/* ---- who ---- */

void gw_observer_join(struct gw_delivery *d, struct gw_subscription *s)
{
    s->next_observer = NULL;
    s->prev_observer = d->last_observer;
    *(d->last_observer ? &d->last_observer->next_observer : &d->first_observer) = s;
    d->last_observer = s;
    d->observer_count++;
}

void gw_observer_leave(struct gw_delivery *d, struct gw_subscription *s)
{
    *(s->prev_observer ? &s->prev_observer->next_observer : &d->first_observer) =
        s->next_observer;
    *(s->next_observer ? &s->next_observer->prev_observer : &d->last_observer) =
        s->prev_observer;
    d->observer_count--;
}

/* Live events never come before a business event that is known here. */
static bool has_all_else(const struct gw_delivery *d, const struct gw_subscription *s)
{
    return s->standing == GW_LIVE && d->position >= d->newest;
}

/* ---- what ---- */

/* Not for this receiver, or packed; false: no room for it now. */
static bool offer(struct gw_delivery *d, struct gw_parcel *p, struct gw_slice event)
{
    struct gw_mask shown;
    if (gw_route_read(d->directory, event, GW_ROUTE_ALL, d->facts) ||
        !gw_filter_match(p->sub->filter, d->facts))
        return true;
    gw_grants_read(&d->grants, d->directory, d->facts, d->now_ms);
    if (!gw_grants_give(&d->grants, p->sub->session->operator, & shown))
        return true;
    if (!gw_parcel_has_room(d, p, event.len) || gw_project(event, 0, &shown, &d->body))
        return false;
    p->count++;
    return true;
}

/* No `from` and `to`: nothing of the journal was looked at. */
static enum gw_error ship(struct gw_delivery *d, const struct gw_parcel *p)
{
    struct gw_subscription *s = p->sub;
    struct gw_header h = {.op = GW_OP_EVENTS,
                          .name = gw_slice_str(s->name),
                          .flags = GW_FLAG_LIVE,
                          .count = p->count};
    enum gw_error e = gw_parcel_send(d, p, &h);
    if (e)
        return e;
    s->sent_events += p->count;
    s->sent_bytes += d->body.len;
    d->telemetry_delivered += p->count;
    return GW_OK;
}

/* One message to one receiver, at most.  What was not sent is offered again, as it is
 * then. *more: another look would find work. */
static enum gw_error serve(struct gw_delivery *d, struct gw_subscription *s,
                           uint32_t *looked, bool *more)
{
    const struct gw_telemetry_object *o = gw_telemetry_after(d->telemetry, s->observed);
    struct gw_parcel p = gw_parcel_begin(d, s, 0);
    uint64_t seen = s->observed;
    enum gw_error e = GW_OK;
    for (; o && *looked < LOOKED_MOST && offer(d, &p, o->event); o = o->next, ++*looked)
        seen = o->update;
    if (p.count)
        e = ship(d, &p);
    if (!e) {
        *more |= o && seen != s->observed;
        s->observed = seen;
    }
    return e;
}

bool gw_telemetry_round(struct gw_delivery *d)
{
    uint64_t last = gw_telemetry_last(d->telemetry);
    uint32_t looked = 0;
    bool more = false;
    for (uint32_t n = d->observer_count; n && looked < LOOKED_MOST; n--) {
        struct gw_subscription *s = d->first_observer;
        if (s->observed == last || !has_all_else(d, s) || !gw_has_credit(s))
            ;
        else if (serve(d, s, &looked, &more) == GW_CLOSED) {
            d->gone(d->gone_ctx, s->session); /* and others with it */
            return true;
        }
        gw_observer_leave(d, s);
        gw_observer_join(d, s);
    }
    return more || looked >= LOOKED_MOST;
}
