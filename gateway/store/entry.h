/* entry.h - one entry of the journal: the events of one batch, or of a part of a large one.
 *
 *   head | operator, adapter (filled up to 8) | one row per event | the events' canonical bytes
 *
 * Whatever is read back is checked: the head and the rows by a checksum of their own, sizes
 * against the bytes present, each event by its checksum over seq and bytes.  The chain value
 * covers everything that was said: the chain in front, who sent it, and a digest of the events. */
#ifndef GW_STORE_ENTRY_H
#define GW_STORE_ENTRY_H
#include "pipeline/batch.h"

#define GW_ENTRY_VERSION 1
#define GW_ENTRY_EVENTS  (256u << 10) /* bytes of events after which the next entry begins */

struct gw_entry_head {
    uint64_t check;      /* gw_hash64 of everything behind it up to the events */
    uint32_t version;
    uint32_t count;      /* events: seq first .. first + count - 1 */
    uint64_t first;      /* seq of the first event; also the entry's key */
    uint64_t batch;      /* the adapter's number; 0 = none */
    int64_t received_ms;
    int64_t latest_ms;   /* the newest received_ms of this and all entries before */
    uint64_t bytes;      /* of all events */
    uint8_t operator_len, adapter_len;
    uint8_t reserved[6];
    uint8_t digest[32];  /* BLAKE2b of the events' bytes */
    uint8_t chain[32];   /* BLAKE2b: see gw_entry_chain() */
};

struct gw_entry_row {
    uint64_t check;   /* gw_hash64 of the event's bytes, seeded with its seq */
    uint64_t id_hash; /* as in struct gw_record */
    uint64_t content; /* as in struct gw_record */
    uint32_t end;     /* offset behind its bytes */
    uint32_t index;   /* place in the sender's batch */
};

/* An entry whose head was checked; everything points into the value it was read from. */
struct gw_entry {
    struct gw_entry_head head;
    struct gw_slice operator, adapter;
    const uint8_t *rows, *events;
};

/* What is to be written: `count` accepted records of a batch, in order. */
struct gw_entry_plan {
    const struct gw_batch *batch;
    const struct gw_record *records;
    uint32_t from, to;    /* records looked at: those with GW_ACCEPTED are meant */
    uint32_t count;
    size_t bytes;         /* of their events */
    uint64_t first;
    int64_t latest_ms;
};

/* Plan the next entry from record `from` on; false when no accepted record is left. */
bool gw_entry_plan(const struct gw_batch *b, uint32_t from, struct gw_entry_plan *out);
size_t gw_entry_size(const struct gw_entry_plan *p);
/* Write exactly gw_entry_size() bytes to `room` (any alignment); `chain` is the value in front, and
 * becomes the one behind. */
void gw_entry_write(const struct gw_entry_plan *p, uint8_t chain[32], uint8_t *room);

/* Check a value and open it.  GW_CORRUPT when it is not what was written as the entry `first`. */
GW_MUST_USE enum gw_error gw_entry_open(struct gw_slice value, uint64_t first,
                                        struct gw_entry *out);
struct gw_entry_row gw_entry_row(const struct gw_entry *e, uint32_t i);
/* The bytes of event i; GW_CORRUPT when they do not fit their checksum. */
GW_MUST_USE enum gw_error gw_entry_event(const struct gw_entry *e, uint32_t i,
                                         struct gw_slice *out);
static inline uint64_t gw_entry_last(const struct gw_entry *e)
{
    return e->head.first + e->head.count - 1;
}
/* The digest of its events, computed anew. */
void gw_entry_digest(const struct gw_entry *e, uint8_t out[32]);
/* The chain value behind an entry: BLAKE2b of the value in front, first, count, batch, received,
 * operator, adapter and digest. */
void gw_entry_chain(const struct gw_entry *e, const uint8_t before[32], uint8_t out[32]);
#endif
