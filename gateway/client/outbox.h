/* outbox.h - events on their way out: the batch being filled, and those not acknowledged
 * yet.
 *
 * A ring of batches in the order of their numbers.  The oldest has number `first`; each
 * one kept is sent, and sent again after a reconnect, until the gateway has acknowledged
 * it.  Buffers stay with their place in the ring and are used again.
 *
 *     first            first + sent           first + held
 *       | acknowledgement |  to be sent          |  being filled
 *       | is awaited      |                      |
 *
 * Thread  the client's. */
#ifndef GW_CLIENT_OUTBOX_H
#define GW_CLIENT_OUTBOX_H
#include "base/buf.h"
#include <karvan/client.h>

struct gw_out_batch {
    struct gw_buf events;
    uint64_t
        *tags; /* one per event; NULL until needed, unused in a batch given as a whole */
    uint32_t count;
};

struct gw_outbox {
    struct gw_out_batch *ring;
    uint32_t places;     /* in the ring */
    uint32_t oldest;     /* place of the oldest */
    uint32_t held, sent; /* closed batches; of those, sent in this session */
    uint64_t first;      /* number of the oldest one held, or of the next one to be */
    uint64_t most_sent;  /* highest number that ever left; 0 = none */
    bool own_numbers;    /* the caller gives the numbers (karvan_publish_batch) */
    uint32_t batch_events, tags; /* events that close a batch, and room for their tags */
    size_t batch_bytes, window_bytes;
    size_t bytes;    /* held and being filled */
    uint64_t events; /* likewise */
    uint64_t
        session_bytes; /* of batches the gateway has taken, or will: what credit counts */
    int64_t filling_since_ms; /* when the batch being filled got its first event */
};

/* Batches from now on stay within what the gateway takes as well. */
void gw_outbox_limit(struct gw_outbox *o, const struct karvan_options *options,
                     uint64_t max_bytes, uint64_t max_events);
GW_MUST_USE enum gw_error gw_outbox_init(struct gw_outbox *o,
                                         const struct karvan_options *options);
void gw_outbox_deinit(struct gw_outbox *o);

/* Into the batch being filled, which is closed when it is full.
 * Errors  GW_AGAIN GW_EVENT_SIZE GW_USAGE (numbers are the caller's) GW_NOMEM */
GW_MUST_USE enum gw_error gw_outbox_add(struct gw_outbox *o, struct gw_slice event,
                                        uint64_t tag, int64_t now_ms);
/* A whole batch under the caller's number.  last: the last number the gateway has.
 * Errors  GW_AGAIN GW_BATCH_GAP GW_USAGE GW_NOMEM */
GW_MUST_USE enum gw_error gw_outbox_add_batch(struct gw_outbox *o, uint64_t number,
                                              uint64_t last, struct gw_slice events,
                                              uint32_t count);
/* Close the batch being filled, if there is anything in it. */
void gw_outbox_close(struct gw_outbox *o);
static inline bool gw_outbox_filling(const struct gw_outbox *o)
{
    return o->held < o->places && o->ring[(o->oldest + o->held) % o->places].count > 0;
}

/* The next one to send and its number, or NULL; then gw_outbox_sent(). */
const struct gw_out_batch *gw_outbox_next(const struct gw_outbox *o, uint64_t *number);
void gw_outbox_sent(struct gw_outbox *o);
/* Nothing has been sent in this session. */
void gw_outbox_restart(struct gw_outbox *o);
/* The gateway has not taken `number` and what came behind it; false when it is not among
 * those that wait for their acknowledgement. */
bool gw_outbox_rewind(struct gw_outbox *o, uint64_t number);
/* The i-th batch held, from the oldest. */
const struct gw_out_batch *gw_outbox_at(const struct gw_outbox *o, uint32_t i);
/* Forget the oldest one: it is acknowledged. */
void gw_outbox_pop(struct gw_outbox *o);
#endif
