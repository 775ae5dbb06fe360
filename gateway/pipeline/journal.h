/* journal.h - stage 5 of 7: the durable, totally ordered log, as the pipeline sees it.
 *
 * One table of functions, three stores behind it: lmdb, memory (tests, simulation), jetstream
 * (later).  A store is asked for: append of a batch under its number, the last batch number of an
 * adapter and the outcome of an earlier one, read from a seq, cursors, quarantine, trim.
 *
 * Rules every store keeps:
 *   - append is asynchronous; done() comes after the events, the batch number, the outcome, the
 *     refused events and the cursors of that commit are on stable storage together, or not at all;
 *   - completions come in the order of the appends;
 *   - seq is dense, from 1, in the order of the appends;
 *   - after GW_STORAGE nothing is ever acknowledged again until the store is opened anew;
 *   - GW_DISK_FULL is told per batch; nothing of that batch was kept, and the store tries again
 *     with the next one.
 *
 * Thread  append, cursor_store, quarantine_drop, trim, close: any thread, they only queue.
 *         A gw_reader: one thread.  status(): any thread. */
#ifndef GW_PIPELINE_JOURNAL_H
#define GW_PIPELINE_JOURNAL_H
#include "base/clock.h"
#include "base/sign.h"
#include "pipeline/batch.h"

struct gw_journal;
struct gw_reader;

/* How full the disk is: journal.warn_percent, .shrink_percent, .refuse_percent */
enum gw_room { GW_ROOM_OK, GW_ROOM_WARN, GW_ROOM_SHRINK, GW_ROOM_FULL, GW_ROOM_FAILED };
const char *gw_room_name(enum gw_room r); /* "ok" "warn" "shrink" "full" "failed" */

struct gw_journal_status {
    enum gw_room room;
    uint64_t first_seq, last_seq;  /* oldest and newest kept; both 0 when empty */
    uint64_t used_bytes, max_bytes;
    uint64_t commits, events, duplicates, refused; /* since it was opened */
    uint64_t quarantined, quarantined_bytes;       /* entries waiting */
    int64_t last_sync_us;                          /* how long the last commit took */
    uint32_t queued;                               /* batches waiting for the writer */
    uint8_t chain[32];                             /* hash chain after last_seq */
};

/* The outcome of an earlier batch, for a sender that did not get its ACK.  Nothing but what ACK
 * carries; `events` is msgpack as in model/wire.h. */
struct gw_outcome {
    uint64_t accepted, duplicates, refused, first_seq, last_seq, body_hash;
    struct gw_slice events; /* borrowed until the reader is used again */
};

/* One event as read back. */
struct gw_stored {
    uint64_t seq;
    struct gw_slice event; /* canonical bytes without seq; borrowed until the reader is used again */
};

struct gw_cursor {
    uint64_t seq;            /* everything up to here is done with */
    int64_t updated_ms;
    struct gw_slice filter;  /* gw_filter_write() bytes; borrowed */
};

struct gw_quarantined {
    uint64_t id; /* from 1, never reused */
    char operator[GW_NAME_MAX + 1], adapter[GW_NAME_MAX + 1];
    uint64_t batch;
    uint32_t index;
    int64_t time_ms;
    enum gw_error code;
    uint32_t offset;
    char field[56];
    char rule[96];
    struct gw_slice bytes; /* as the sender sent them; empty when the quota was reached; borrowed */
};

/* One event as the journal can vouch for it. */
struct gw_located {
    uint64_t first, last;    /* seq of the entry it lies in: `chain` is the value behind `last` */
    uint64_t batch;          /* the adapter's number */
    int64_t received_ms;
    uint8_t event[32];       /* BLAKE2b of its canonical bytes as stored */
    uint8_t chain[32];
    struct gw_slice operator, adapter; /* borrowed until the reader is used again */
};

struct gw_journal_ops {
    /* Takes *b (one reference, *b becomes NULL) exactly on GW_OK; done() follows.
     * GW_AGAIN: the writer's queue is full; GW_STORAGE, GW_CLOSED. */
    enum gw_error (*append)(struct gw_journal *j, struct gw_batch **b);

    /* Remember a subscription's cursor with the next commit, at the latest after
     * journal.cursor_ms.  Never moves a cursor back unless `reset`.  filter may be empty: keep. */
    enum gw_error (*cursor_store)(struct gw_journal *j, const char *operator, const char *name,
                                  uint64_t seq, int64_t now_ms, struct gw_slice filter,
                                  bool reset);
    /* Forget a cursor (UNSUBSCRIBE with forget). */
    enum gw_error (*cursor_drop)(struct gw_journal *j, const char *operator, const char *name);
    enum gw_error (*quarantine_drop)(struct gw_journal *j, uint64_t id);

    /* Readers: as many as wanted, one thread each; what they return is borrowed until their next
     * call. */
    enum gw_error (*reader_open)(struct gw_journal *j, struct gw_reader **out);
    void (*reader_close)(struct gw_reader *r);
    /* Let go of what the last call borrowed, so that old pages can be reused; cheap. */
    void (*reader_release)(struct gw_reader *r);

    /* Up to `most` events and about `bytes` bytes from `from` on, in seq order, checksums verified.
     * *n 0: nothing newer yet.
     * Errors  GW_NOT_FOUND `from` is older than the oldest kept;  GW_CORRUPT the event *n is the
     *         first that cannot be trusted: the ones before it are good */
    enum gw_error (*read)(struct gw_reader *r, uint64_t from, struct gw_stored *out,
                          uint32_t most, size_t bytes, uint32_t *n);
    /* First seq whose `received` is at or after time_ms; last_seq + 1 if none. */
    enum gw_error (*seek_time)(struct gw_reader *r, int64_t time_ms, uint64_t *seq);
    /* 0 for an adapter that has sent none yet. */
    enum gw_error (*last_batch)(struct gw_reader *r, const char *operator, const char *adapter,
                                uint64_t *number);
    /* GW_NOT_FOUND when it is too long ago: it was stored, the details are gone. */
    enum gw_error (*outcome)(struct gw_reader *r, const char *operator, const char *adapter,
                             uint64_t number, struct gw_outcome *out);
    enum gw_error (*cursor_load)(struct gw_reader *r, const char *operator, const char *name,
                                 struct gw_cursor *out);
    /* Where an event lies and what the hash chain says of it; for receipts.
     * Errors  GW_NOT_FOUND not (or no longer) there;  GW_CORRUPT */
    enum gw_error (*locate)(struct gw_reader *r, uint64_t seq, struct gw_located *out);
    /* The cursor of the operator's next subscription behind `name` ("": the first), in the order of
     * their names; what was written last may be missing.  name, out: set on GW_OK.  Errors
     * GW_NOT_FOUND no more */
    enum gw_error (*cursor_next)(struct gw_reader *r, const char *operator,
                                 char name[GW_NAME_MAX + 1], struct gw_cursor *out);
    /* The first entry with id >= from; GW_NOT_FOUND at the end.  GW_CORRUPT: out->id is damaged,
     * and nothing but its number can be told. */
    enum gw_error (*quarantine_next)(struct gw_reader *r, uint64_t from,
                                     struct gw_quarantined *out);

    void (*status)(struct gw_journal *j, struct gw_journal_status *out);
    /* Finish what is queued, close.  done() of everything queued comes before it returns. */
    void (*close)(struct gw_journal *j);
};

/* The first member of every store's struct; the pipeline calls j->ops->append(j, ...). */
struct gw_journal {
    const struct gw_journal_ops *ops;
    uint64_t seed; /* for gw_record.id_hash */
    bool durable;  /* what it completes is on stable storage; told in WELCOME */
};

/* What a store's opener needs; each a setting. */
struct gw_journal_settings {
    const char *dir;             /* journal.dir */
    uint64_t max_bytes;          /* journal.max_bytes: size of the map, the store never exceeds it */
    uint32_t queue_batches;      /* journal.queue_batches */
    uint32_t group_events;       /* journal.group_events: most events in one commit */
    uint32_t group_wait_us;      /* journal.group_wait_us: wait this long for company; 0 = never */
    bool durable;                /* journal.durable: fdatasync at every commit; false only for tests
                                    and measurements, said at start and in WELCOME */
    uint32_t duplicate_window;   /* journal.duplicate_window: newest events whose ids are known */
    uint32_t outcome_window;     /* journal.outcome_window: batches per adapter */
    uint32_t cursor_ms;          /* journal.cursor_ms */
    int64_t retain_ms;           /* journal.retain_days; 0 = for ever */
    uint64_t retain_bytes;       /* journal.retain_bytes; 0 = until max_bytes */
    bool retain_past_cursors;    /* journal.retain_past_cursors: drop unread events too, logged */
    uint32_t warn_percent, shrink_percent, refuse_percent; /* of max_bytes, or of the disk */
    uint64_t quarantine_bytes;   /* quarantine.bytes_per_operator */
    uint64_t checkpoint_events;  /* journal.checkpoint_events: sign after this many; 0 = never */
    uint32_t checkpoint_ms;      /* journal.checkpoint_ms: ... or this long after the last one */
    const struct gw_signer *signer; /* NULL: nothing is signed; outlives the store */
};
#endif
