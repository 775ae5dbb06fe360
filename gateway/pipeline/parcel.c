/* parcel.c - EVENTS messages; part of stage 7. */
#include "pipeline/deliver_parts.h"

struct gw_parcel gw_parcel_begin(struct gw_delivery *d, struct gw_subscription *s,
                                 uint64_t next)
{
    gw_buf_reset(&d->body);
    return (struct gw_parcel){.sub = s, .next = next};
}

bool gw_parcel_has_room(const struct gw_delivery *d, const struct gw_parcel *p,
                        size_t len)
{
    const struct gw_subscription *s = p->sub;
    if (s->sent_events + p->count >= s->credit_events)
        return false;
    if (!p->count) /* a first event always goes when there is any credit: it cannot be cut
                    */
        return s->sent_bytes < s->credit_bytes;
    return d->body.len + len <= d->limits->delivery_bytes &&
           s->sent_bytes + d->body.len + len <= s->credit_bytes;
}

enum gw_error gw_parcel_send(struct gw_delivery *d, const struct gw_parcel *p,
                             const struct gw_header *h)
{
    enum gw_error e;
    gw_buf_reset(&d->header);
    e = gw_header_write(h, &d->header);
    if (!e)
        e = d->outlet->send(d->outlet->ctx, &p->sub->session->peer,
                            gw_buf_bytes(&d->header), gw_buf_bytes(&d->body));
    if (e)
        d->refused_sends++;
    return e;
}

enum gw_error gw_parcel_ship(struct gw_delivery *d, const struct gw_parcel *p)
{
    struct gw_subscription *s = p->sub;
    struct gw_header h = {.op = GW_OP_EVENTS,
                          .name = gw_slice_str(s->name),
                          .from = s->told + 1,
                          .to = p->next - 1,
                          .count = p->count};
    enum gw_error e = gw_parcel_send(d, p, &h);

    if (e)
        return e;
    s->told = p->next - 1;
    s->told_ms = d->now_ms;
    s->sent_events += p->count;
    s->sent_bytes += d->body.len;
    s->session->delivered += p->count;
    d->delivered += p->count;
    d->messages++;
    return GW_OK;
}
