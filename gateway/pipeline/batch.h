/* batch.h - one batch of events on its way: filled by a lane, kept by the journal, then shared.
 *
 * A batch is one allocation-reusing object that travels by reference:
 *   lane      stages 1-4 fill it: canonical events, one record each, and the refused ones
 *   journal   stage 5 takes it, finds duplicates, gives out seq, makes it durable, completes it
 *   lanes     from then on it is immutable and shared: acknowledged to the sender by one lane, held
 *             in the live tail of every lane, freed (or reused) when the last reference goes
 *
 * Thread  one owner until it is completed; then immutable, the count of references is atomic. */
#ifndef GW_PIPELINE_BATCH_H
#define GW_PIPELINE_BATCH_H
#include <stdatomic.h>
#include "base/buf.h"
#include "model/wire.h"

enum gw_verdict {
    GW_ACCEPTED,  /* has a seq of its own */
    GW_DUPLICATE, /* the same fact under the same id is in the journal as `seq` */
    GW_REFUSED    /* in quarantine; never in `records` */
};

/* One event that passed stages 2 to 4. */
struct gw_record {
    uint32_t at, len;    /* its canonical bytes (without seq) in gw_batch.events */
    uint32_t index;      /* place in the sender's batch, from 0 */
    uint8_t verdict;     /* GW_ACCEPTED, or GW_DUPLICATE set by the journal */
    uint8_t reserved[3];
    uint64_t seq;        /* set by the journal */
    uint64_t id_hash;    /* gw_hash64 of operator, 0x00, id, seeded by the store's seed */
    uint64_t content;    /* gw_stamp_content(): of what the sender said, without `source` */
};

/* One event that was refused; goes to quarantine with the same commit. */
struct gw_refusal {
    uint32_t index;      /* place in the sender's batch */
    uint32_t at, len;    /* its original bytes in gw_batch.refused */
    enum gw_error code;
    uint32_t offset;     /* of the fault, within the event's bytes */
    char field[56];
    const char *rule;    /* static text */
};

struct gw_batch {
    atomic_uint references;
    uint32_t limit_events;

    /* who sent it, copied so that a session may end meanwhile */
    char operator[GW_NAME_MAX + 1], adapter[GW_NAME_MAX + 1];
    uint64_t number;     /* the adapter's batch number; 0 = has none (requeue, internal) */
    uint64_t body_hash;  /* gw_hash64 of the body as sent: a number is not reused for another */
    uint64_t behind;     /* body_hash of the batch in front of it in its session; 0 = it is the first */
    uint64_t flags;      /* GW_FLAG_ATOMIC */
    uint64_t body_bytes; /* size of the body as sent: what it took of the session's credit */
    int64_t received_ms;
    uint64_t requeued;   /* quarantine entry this came from: removed by the same commit; 0 = none */

    struct gw_buf events; /* canonical bytes of `records`, one after another, in order */
    struct gw_record *records;
    uint32_t count, record_cap;
    struct gw_buf refused; /* original bytes of `refusals` */
    struct gw_refusal *refusals;
    uint32_t refusal_count, refusal_cap;
    bool starved; /* a record or refusal found no memory; see gw_batch_starved() */

    /* set by the journal before done() */
    enum gw_error result; /* GW_OK: durable; GW_DISK_FULL, GW_STORAGE, GW_BUSY, GW_BATCH_GAP,
                             GW_BATCH_REUSED (the number in front was used for another batch than
                             the one in `behind`): nothing was kept */
    bool repeated; /* the number was stored before: nothing was kept now, all counts are 0, ask for
                      its outcome */
    uint64_t first_seq, last_seq; /* of the accepted ones; 0 when there are none */
    uint32_t accepted, duplicates;
    uint32_t refused_count; /* refusal_count plus ids reused */

    /* completion: called once, on the journal's thread, with one reference handed over */
    void (*done)(struct gw_batch *b, void *ctx);
    void *done_ctx;
    void *lane;           /* the lane's own: whom to acknowledge */
    uint64_t session;
};

/* Limits are the largest message and the most events of a batch.  One reference. */
GW_MUST_USE enum gw_error gw_batch_new(struct gw_batch **out, size_t limit_bytes,
                                       uint32_t limit_events);
void gw_batch_ref(struct gw_batch *b);
/* Drop a reference; the last one frees.  NULL is fine. */
void gw_batch_unref(struct gw_batch *b);
/* Empty it for reuse; only with one reference. */
void gw_batch_reset(struct gw_batch *b);
/* Forget its events and refusals; who sent it stays. */
void gw_batch_rewind(struct gw_batch *b);
/* Did it lack memory since its reset?  What was refused may then be refused without a reason. */
bool gw_batch_starved(const struct gw_batch *b);
/* Room for one more record (or refusal), zeroed, appended; NULL when out of memory or over the
 * limit of events. */
struct gw_record *gw_batch_record(struct gw_batch *b);
struct gw_refusal *gw_batch_refusal(struct gw_batch *b);
struct gw_slice gw_batch_event(const struct gw_batch *b, const struct gw_record *r);
/* Fill in `refusal` from a fault and copy the event's bytes. */
GW_MUST_USE enum gw_error gw_batch_refuse(struct gw_batch *b, uint32_t index,
                                          struct gw_slice bytes, const struct gw_fault *fault);
/* Append what was not simply accepted, as the `events` of gw_ack_batch: the duplicates, then the
 * refused ones; nothing when there is neither.  Errors  GW_NOMEM the limit of `out` */
GW_MUST_USE enum gw_error gw_batch_exceptions(const struct gw_batch *b, struct gw_buf *out);
#endif
