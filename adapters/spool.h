/* spool.h - what has been decoded and the gateway has not yet acknowledged: durable,
 * bounded, in order.  Days without the network lose nothing.
 *
 * A folder with
 *   <16 hex digits>.seg   append-only segments; the name is the ordinal of the first
 * record cursor                what is acknowledged, and how ordinals become the
 * gateway's batch numbers recent                digests of files spooled lately, so that
 * none is spooled twice
 *   *.cut                 what was cut off behind the last whole record; for people, may
 * be deleted lock                  held by the one process that uses the folder
 *
 * The events of one file are a group of batches: all of them are kept or none, also
 * through a power cut.  A whole segment is deleted once all its batches are acknowledged.
 * A batch keeps its number for ever, so that sending it again is recognised; see
 * gw_spool_agree() for the exceptions.
 *
 * Thread  one at a time per spool; calls write and sync, so they may take milliseconds.
 */
#ifndef GW_ADAPTERS_SPOOL_H
#define GW_ADAPTERS_SPOOL_H
#include "base/buf.h"
#include "model/events.h"

struct gw_spool;

struct gw_spool_settings {
    const char *dir;
    uint64_t max_bytes; /* of all segments together */
    uint32_t max_days;  /* age of the oldest unacknowledged batch that counts as full */
    uint32_t batch_events;  /* most events in one batch */
    uint32_t batch_bytes;   /* most bytes in one batch, unless one event is larger */
    uint64_t segment_bytes; /* 0: a sixteenth of max_bytes, 64 KiB to 8 MiB */
};

/* The file a group of batches comes from. */
struct gw_spool_source {
    struct gw_slice name; /* at most 255 bytes */
    uint8_t digest[32];   /* identifies content and settings; see gw_spool_knows() */
};

struct gw_spool_batch {
    uint64_t number; /* the gateway's */
    uint32_t count;
    int64_t time_ms; /* when it was spooled */
    struct gw_slice
        events; /* the body of a PUBLISH; valid until the next gw_spool_read() */
    struct gw_slice name; /* of the file; likewise */
};

/* Owns    *out is the caller's: gw_spool_close()
 * Errors  GW_EXISTS another process uses it;  GW_CORRUPT  GW_IO  GW_NOMEM; why: what to
 * do */
GW_MUST_USE enum gw_error gw_spool_open(struct gw_spool **out,
                                        const struct gw_spool_settings *s,
                                        struct gw_text *why);
/* Saves the cursor.  NULL is fine. */
void gw_spool_close(struct gw_spool *s);
/* Bytes cut off behind the last whole group when it was opened: 0 after a clean end. */
uint64_t gw_spool_cut_bytes(const struct gw_spool *s);

/* Add the events of one file.  They are readable and safe after gw_spool_sync().
 * Errors  GW_AGAIN no room now;  GW_RANGE more than max_bytes allows at all;  GW_IO could
 * not be written (disk full), nothing was added;  GW_CLOSED an earlier sync failed */
GW_MUST_USE enum gw_error gw_spool_add(struct gw_spool *s,
                                       const struct gw_spool_source *from,
                                       const struct gw_events *events, int64_t now_ms);
/* Everything added is on stable storage.
 * Errors  GW_IO: the disk did not take it.  What it holds is then unknown: the spool
 * takes nothing more until it is opened again */
GW_MUST_USE enum gw_error gw_spool_sync(struct gw_spool *s);
/* Is this digest one of the last thousands that were spooled? */
bool gw_spool_knows(const struct gw_spool *s, const uint8_t digest[32]);

/* What gw_spool_agree() found. */
enum gw_spool_numbers {
    GW_SPOOL_AGREED,
    GW_SPOOL_NUMBERED, /* a new spool (or one without its cursor) learnt where to begin */
    GW_SPOOL_BEHIND, /* the gateway lacks batches that it had acknowledged (an old backup)
                      */
    GW_SPOOL_AHEAD,  /* the gateway has batches under this name that the spool never held
                      */
    GW_SPOOL_REUSED  /* the gateway holds other content under our numbers */
};
const char *gw_spool_numbers_name(enum gw_spool_numbers n);

/**
 * Bring our numbers and the gateway's together; to be called once per connection, before
 * the first batch is sent on it.  The unacknowledged batches are renumbered, to begin
 * behind the gateway's last, in every case but AGREED; the events that were stored under
 * their old number are then recognised by their ids.  After BEHIND the digests are
 * forgotten too, so that files can be taken again from done/.
 *
 * last    the number of the last batch the gateway has
 * reused  true: the gateway refused our next batch with GW_BATCH_REUSED
 * lost    set for BEHIND: how many acknowledged batches the gateway lacks; else 0
 * Errors  GW_IO: not agreed, try again
 */
GW_MUST_USE enum gw_error gw_spool_agree(struct gw_spool *s, uint64_t last, bool reused,
                                         enum gw_spool_numbers *found, uint64_t *lost);

/* Numbers of the oldest unacknowledged and of the newest batch that is safe; newest =
 * oldest - 1 when there are none.  Of meaning to the gateway once agreed. */
uint64_t gw_spool_oldest(const struct gw_spool *s);
uint64_t gw_spool_newest(const struct gw_spool *s);
/* Errors  GW_NOT_FOUND not between oldest and newest;  GW_CORRUPT GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_spool_read(struct gw_spool *s, uint64_t number,
                                        struct gw_spool_batch *out);
/* Everything up to `number` is acknowledged.  The cursor on disk follows with
 * gw_spool_save(): if that is lost, the batches are sent again under the same numbers. */
void gw_spool_ack(struct gw_spool *s, uint64_t number);
/* Errors  GW_IO: not saved; tried again at the next one */
enum gw_error gw_spool_save(struct gw_spool *s);

struct gw_spool_info {
    uint64_t bytes, max_bytes; /* of all segments */
    uint64_t batches;          /* not yet acknowledged, safe */
    int64_t oldest_ms;         /* when the oldest of these was spooled; 0 = none */
    uint32_t segments;
    bool failed; /* a sync failed */
};
void gw_spool_describe(struct gw_spool *s, struct gw_spool_info *out);
/* Nearly no room left, or the oldest is too old: no new files should be taken. */
bool gw_spool_full(struct gw_spool *s, int64_t now_ms);
#endif
