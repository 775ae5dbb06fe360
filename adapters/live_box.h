/* live_box.h - live events on their way out: gathered, encoded, handed over or dropped.
 *
 * A live event has no seq, is not acknowledged and waits for nobody: what the partner
 * cannot take at once is dropped, as is the older half of what is gathered when the box
 * is full.  It never goes ahead of the business events that came before it.
 *
 * Thread  one at a time. */
#ifndef GW_ADAPTERS_LIVE_BOX_H
#define GW_ADAPTERS_LIVE_BOX_H
#include "adapters/format.h"
#include "adapters/sink.h"

#define GW_LIVE_MOST 1024 /* events in the box */

struct gw_live_box {
    struct gw_events events, sending; /* gathered; those of the message being made */
    struct gw_buf message;
    uint64_t behind;        /* the newest business event that came before the last one */
    uint64_t number;        /* of the message */
    uint64_t sent, dropped; /* events */
};

/* Takes no memory before the first event. */
void gw_live_box_init(struct gw_live_box *b);
void gw_live_box_deinit(struct gw_live_box *b); /* also of {0} */
/* behind: seq of the newest business event that was received.  What finds no room is
 * dropped and counted. */
void gw_live_box_add(struct gw_live_box *b, struct gw_slice event, uint64_t behind);
/* Forget what is gathered; it counts as dropped. */
void gw_live_box_clear(struct gw_live_box *b);
static inline uint32_t gw_live_box_count(const struct gw_live_box *b)
{
    return b->events.count;
}

/**
 * Encode what is gathered, at most `most` events; what is left stays.  What the format
 * cannot carry is dropped and counted.
 *
 * name, suffix  of the message: <name>-live-<now_ms>-<number><suffix>
 * out           bytes valid until the next call; events 0: nothing to send
 */
void gw_live_box_make(struct gw_live_box *b, const struct gw_format *format,
                      uint32_t most, const char *name, const char *suffix, int64_t now_ms,
                      struct gw_sink_message *out);
/* What became of the message. */
void gw_live_box_settle(struct gw_live_box *b, uint32_t events, bool sent);
#endif
