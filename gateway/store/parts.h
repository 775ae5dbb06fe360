/* parts.h - one store from inside: what its files share.  Nobody else includes it.
 *
 *   store.c    opens, closes, and is the table of journal.h
 *   writer.c   the thread: forms groups of batches (lmdb only)
 *   checkpoint.c  signed statements of how far it has come
 *   verify.c   computes everything anew
 *   commit.c   one group, one transaction, then every batch is completed
 *   keep.c     one batch within the transaction
 *   retain.c   drops the oldest;  laggards.c  which cursors it must not pass
 *   read.c     readers */
#ifndef GW_STORE_PARTS_H
#define GW_STORE_PARTS_H
#include <pthread.h>
#include "base/log.h"
#include "store/checkpoint.h"
#include "store/laggards.h"
#include "store/pending.h"
#include "store/records.h"
#include "store/entry.h"
#include "store/store.h"
#include "store/verdict.h"

struct gw_writer;

/* How much room there is, measured at the start of a transaction. */
struct gw_space {
    uint64_t used, capacity;
    uint64_t left; /* bytes of events that may still come in this transaction */
};

/* A cursor that retention has overtaken, until it is logged. */
struct gw_overtaken {
    char name[2 * GW_NAME_MAX + 2];
    uint64_t lost;
};

struct gw_store {
    struct gw_journal journal; /* first: the pipeline sees this */
    struct gw_journal_settings settings;
    struct gw_clock clock;
    struct gw_kv *kv;
    bool read_only;
    struct gw_writer *writer; /* NULL: append() commits by itself */
    struct gw_pending *pending;

    /* the writer's own */
    struct gw_state state;
    struct gw_judge judge;
    struct gw_view *view; /* the transaction in progress */
    struct gw_buf exceptions;
    struct gw_space space;
    bool changed;     /* the transaction has something to commit */
    bool kept;        /* ... among it batches, or retention made room */
    bool turned_away; /* a batch of this transaction did not find room */
    bool ran_full;    /* the last batches did not find room */
    struct gw_burst quota_burst, held_burst, overtaken_burst;
    struct gw_laggards laggards;
    struct gw_overtaken overtaken[16];
    uint64_t unnoted_from;    /* dropped from here on and not yet in `overtaken`; 0 = nothing */
    int64_t noted_ms;         /* when it was last brought up to date */
    uint64_t checkpoint_seq;  /* of the newest signed checkpoint */
    int64_t checkpoint_ms;    /* when it was written; 0 = none since the start */
    bool checkpoint_now;      /* closing: sign what has come since, however little */

    atomic_bool failed;
    atomic_uint queued;
    pthread_mutex_t lock; /* of status */
    struct gw_journal_status status;
};

static inline struct gw_store *gw_store_of(struct gw_journal *j)
{
    return (struct gw_store *)j;
}

/* store.c: a store without a writer's thread on tables of somebody's making, as gw_memory_open() is
 * on tables in memory; a simulated disk is another.  `kv` is the store's in any case. */
GW_MUST_USE enum gw_error gw_store_open_on(struct gw_journal **out, struct gw_kv *kv,
                                           const struct gw_journal_settings *settings,
                                           const struct gw_clock *clock, struct gw_text *why);

/* commit.c: keep the batches (n may be 0), the changes that wait, drop what is due; one
 * transaction.  Completes every batch.  True when retention has more to do. */
bool gw_store_commit(struct gw_store *s, struct gw_batch **batches, uint32_t n);
/* Fill in the published status from the writer's state. */
void gw_store_publish(struct gw_store *s);

/* keep.c: within the transaction; sets b->result for what concerns this batch alone.  An error is
 * about the whole transaction. */
GW_MUST_USE enum gw_error gw_store_keep(struct gw_store *s, struct gw_batch *b);
/* The event `seq` as the judge needs it; ctx is the store. */
enum gw_error gw_store_recall(void *ctx, uint64_t seq, struct gw_known *out);

/* retain.c */
GW_MUST_USE enum gw_error gw_store_retain(struct gw_store *s, bool *more);

/* read.c */
enum gw_error gw_reader_open(struct gw_journal *j, struct gw_reader **out);
void gw_reader_close(struct gw_reader *r);
void gw_reader_release(struct gw_reader *r);
enum gw_error gw_reader_read(struct gw_reader *r, uint64_t from, struct gw_stored *out,
                             uint32_t most, size_t bytes, uint32_t *n);
enum gw_error gw_reader_seek_time(struct gw_reader *r, int64_t time_ms, uint64_t *seq);
enum gw_error gw_reader_last_batch(struct gw_reader *r, const char *operator,
                                   const char *adapter, uint64_t *number);
enum gw_error gw_reader_outcome(struct gw_reader *r, const char *operator, const char *adapter,
                                uint64_t number, struct gw_outcome *out);
enum gw_error gw_reader_cursor(struct gw_reader *r, const char *operator, const char *name,
                               struct gw_cursor *out);
enum gw_error gw_reader_cursor_next(struct gw_reader *r, const char *operator,
                                    char name[GW_NAME_MAX + 1], struct gw_cursor *out);
enum gw_error gw_reader_locate(struct gw_reader *r, uint64_t seq, struct gw_located *out);
enum gw_error gw_reader_quarantine(struct gw_reader *r, uint64_t from,
                                   struct gw_quarantined *out);
/* A view renewed to the newest commit; for inspect.c and verify.c. */
GW_MUST_USE enum gw_error gw_reader_view(struct gw_reader *r, struct gw_view **out);

/* writer.c */
GW_MUST_USE enum gw_error gw_writer_start(struct gw_store *s);
enum gw_error gw_writer_append(struct gw_writer *w, struct gw_batch **b);
/* Finish what is queued and end the thread.  NULL is fine. */
void gw_writer_stop(struct gw_writer *w);

/* The entry that holds `seq`, or would: the last one that begins at or before it.
 * GW_NOT_FOUND when there is none; GW_CORRUPT it is damaged, its key is in out->head.first. */
GW_MUST_USE enum gw_error gw_entry_at(struct gw_view *v, uint64_t seq, struct gw_entry *out);
#endif
