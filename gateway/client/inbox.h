/* inbox.h - subscriptions: what was asked for, what has come, what may come next.
 *
 * Credit is absolute since SUBSCRIBED: what is done with, plus the window.  A message's
 * events are done with when the caller has acknowledged its last one.
 *
 * Thread  the client's. */
#ifndef GW_CLIENT_INBOX_H
#define GW_CLIENT_INBOX_H
#include "base/buf.h"
#include "model/wire.h"
#include <karvan/client.h>

enum gw_sub_state {
    GW_SUB_WANTED,  /* to be asked for */
    GW_SUB_ASKED,   /* SUBSCRIBE is on its way */
    GW_SUB_GRANTED, /* SUBSCRIBED came */
    GW_SUB_LOST     /* refused, or taken over by another session: not asked for again */
};

/* One EVENTS message handed over and not yet done with. */
struct gw_delivered {
    uint64_t to; /* seq of its last event; UINT64_MAX until that has been read */
    uint64_t events, bytes; /* total since SUBSCRIBED, this message included */
};

struct gw_sub {
    struct gw_sub *next;
    char name[GW_NAME_MAX + 1];
    enum gw_sub_state state;
    struct gw_buf body;     /* as the caller gave it */
    bool again;             /* was granted before: goes on behind `acked` */
    uint64_t acked;         /* everything up to here is done with */
    uint64_t told;          /* everything up to here was looked at by the gateway */
    uint64_t events, bytes; /* received since SUBSCRIBED */
    uint64_t done_events, done_bytes; /* of those, done with */
    bool credit_due;                  /* the gateway does not know the latest yet */
    struct gw_delivered *waiting;     /* a ring, in order */
    uint32_t waiting_at, waiting_count, waiting_cap;
};

struct gw_inbox {
    struct gw_sub *first;
    uint32_t credit_events;
    size_t credit_bytes;
};

void gw_inbox_deinit(struct gw_inbox *in);
/* NULL when there is none. */
struct gw_sub *gw_inbox_find(struct gw_inbox *in, struct gw_slice name);
/* Add one, or give an existing one a new body; it is then GW_SUB_WANTED.
 * Errors  GW_BAD_NAME GW_NOMEM GW_RANGE (a body beyond 64 KiB) */
GW_MUST_USE enum gw_error gw_inbox_add(struct gw_inbox *in, struct gw_slice name,
                                       struct gw_slice body);
void gw_inbox_remove(struct gw_inbox *in, struct gw_sub *s);
/* A new session: everything not lost is wanted again. */
void gw_inbox_restart(struct gw_inbox *in);

/* Body for SUBSCRIBE: the caller's, or, if granted before, its filter from `acked` on. */
GW_MUST_USE enum gw_error gw_sub_body(const struct gw_sub *s, struct gw_buf *out);
/* SUBSCRIBED came; events from `from` on will come. */
void gw_sub_granted(struct gw_sub *s, uint64_t from);
/* An EVENTS message is about to be handed over; gw_sub_last() then names its last event.
 * Errors  GW_CREDIT the gateway sent more than it may;  GW_NOMEM */
GW_MUST_USE enum gw_error gw_sub_delivered(struct gw_inbox *in, struct gw_sub *s,
                                           uint64_t to, uint64_t events, uint64_t bytes);
/* A message of live events: nothing to acknowledge, so it is done with together with what
 * came before it.  Errors  GW_CREDIT */
GW_MUST_USE enum gw_error gw_sub_observed(struct gw_inbox *in, struct gw_sub *s,
                                          uint64_t events, uint64_t bytes);
void gw_sub_last(struct gw_sub *s, uint64_t seq);
/* The caller is done with everything up to seq.  Errors  GW_ACK_RANGE */
GW_MUST_USE enum gw_error gw_sub_ack(struct gw_sub *s, uint64_t seq);
void gw_sub_ack_all(struct gw_sub *s);
/* The header of CREDIT as things stand. */
struct gw_header gw_sub_credit(const struct gw_inbox *in, const struct gw_sub *s);
#endif
