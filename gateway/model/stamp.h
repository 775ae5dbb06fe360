/* stamp.h - what the gateway itself sets on an event: received, source.operator, source.adapter.
 *
 * They are put into the canonical bytes of the sender's fact, which are thus written only once: a
 * hash of them knows the fact again when it comes once more, and the stamped ones are kept.  A sender's
 * own values of these fields were dropped by gw_shape_fit(); identity comes from the key and time
 * from the gateway's clock.  `seq` is not set here: stored events do not carry it. */
#ifndef GW_MODEL_STAMP_H
#define GW_MODEL_STAMP_H
#include "model/wire.h"

/* More than the gateway's own fields can take: three keys, two names, a number, two wider heads. */
#define GW_STAMP_MOST (2 * (GW_NAME_MAX + 5) + 9 + 64)

/* Where in the canonical bytes of an event they belong; offsets from its start. */
struct gw_stamp_at {
    uint32_t pairs;       /* of the event's map */
    uint32_t head;        /* bytes of its head */
    uint32_t received_at; /* where `received` belongs */
    uint32_t source_at;   /* where `source` stands, or belongs */
    uint32_t source_body; /* behind the head of `source`; 0 = there is none */
    uint32_t source_end;  /* behind `source` */
    uint32_t source_pairs;
    uint32_t quality_at; /* where `quality` stands, or belongs */
    uint32_t quality_end;
};

/* A row of the event begins at `offset`: theirs belong in front of the first one behind them.  Called
 * for every row in order, and at the end with GW_EV_COUNT. */
void gw_stamp_note(struct gw_stamp_at *at, unsigned row, uint32_t offset);
/* The hash by which the same fact is known again when its sender sends it once more: of everything
 * but `source`, for the same event comes in another message, or file, or page of an answer, and
 * `quality`, for what was found about it is not what it says: an adapter may have learned to find
 * more, and what was in the future is not for ever. */
uint64_t gw_stamp_content(struct gw_slice event, const struct gw_stamp_at *at);

struct gw_stamp {
    struct gw_slice operator, adapter;
    int64_t received_ms;
};

/* Write the event with the gateway's fields in their places.
 * to     room for event.len + GW_STAMP_MOST bytes; `event` may lie in it, GW_STAMP_MOST bytes or
 *        more behind `to`
 * Returns  the byte behind what was written */
uint8_t *gw_stamp_put(uint8_t *to, struct gw_slice event, const struct gw_stamp_at *at,
                      const struct gw_stamp *stamp);
#endif
