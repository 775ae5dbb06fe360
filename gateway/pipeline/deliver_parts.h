/* deliver_parts.h - what the files of stage 7 share; nobody else includes it. */
#ifndef GW_PIPELINE_DELIVER_PARTS_H
#define GW_PIPELINE_DELIVER_PARTS_H
#include "pipeline/deliver.h"

/* ---- deliver.c ---- */

/* To the end of the list of its new standing, also when it is the same. */
void gw_stand(struct gw_delivery *d, struct gw_subscription *s,
              enum gw_standing standing);
/* No longer live: it goes on by itself at `seq`, once it has credit. */
void gw_fall_behind(struct gw_delivery *d, struct gw_subscription *s, uint64_t seq);

/* At the end of what was routed, and told of all that it was passed over with: it can be
 * live.  So the live list is in the order of what its members know. */
static inline bool gw_is_there(const struct gw_delivery *d,
                               const struct gw_subscription *s)
{
    return s->next_seq > d->position && s->told + 1 >= s->next_seq;
}

/* ---- parcel.c: one EVENTS message in the making, its events in d->body ---- */

struct gw_parcel {
    struct gw_subscription *sub;
    uint64_t next; /* the first seq not looked at */
    uint32_t count;
    bool full; /* stopped for want of credit or room, not of events */
};
/* Empties d->body. */
struct gw_parcel gw_parcel_begin(struct gw_delivery *d, struct gw_subscription *s,
                                 uint64_t next);
/* Hand d->body over under this header; a send that is refused is counted.
 * Errors  those of gw_outlet.send */
GW_MUST_USE enum gw_error gw_parcel_send(struct gw_delivery *d, const struct gw_parcel *p,
                                         const struct gw_header *h);
bool gw_parcel_has_room(const struct gw_delivery *d, const struct gw_parcel *p,
                        size_t len);
/* Hand it over, as far as it was looked; nothing has happened unless this succeeds.
 * Errors  those of the outlet: GW_AGAIN GW_CLOSED */
GW_MUST_USE enum gw_error gw_parcel_ship(struct gw_delivery *d,
                                         const struct gw_parcel *p);
static inline bool gw_has_credit(const struct gw_subscription *s)
{
    return s->sent_events < s->credit_events && s->sent_bytes < s->credit_bytes;
}

/* ---- live.c ---- */

/* Route what is new and send it.  True when more is left. */
bool gw_live_round(struct gw_delivery *d);
/* Those for whom nothing matched learn how far the gateway looked. */
void gw_live_positions(struct gw_delivery *d);
/* Every live one goes on by itself behind d->position, which moves to the newest. */
void gw_live_give_up(struct gw_delivery *d);
/* It leaves in the middle of a round. */
void gw_live_forget(struct gw_delivery *d, struct gw_subscription *s);

/* ---- telemetry_deliver.c ---- */

/* To the end of those that are served in turn, and out of them. */
void gw_observer_join(struct gw_delivery *d, struct gw_subscription *s);
void gw_observer_leave(struct gw_delivery *d, struct gw_subscription *s);
/* What was updated, to those that have nothing else to wait for.  True when more is left.
 */
bool gw_telemetry_round(struct gw_delivery *d);

/* ---- catch_up.c ---- */

/* At most one message to some of those behind, in turn.  True when another round would
 * find work. */
bool gw_catch_up(struct gw_delivery *d);
#endif
