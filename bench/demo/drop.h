/* drop.h - the companies whose systems write EDIFACT files: a folder each, watched by a
 * karvan-adapter of theirs.
 *
 * Files are written by interchange.c and put into the inbox whole (written beside it,
 * then renamed).  What the adapter will say is learnt by decoding each file here, so that
 * the books know every event before the adapter has read it. */
#ifndef GW_BENCH_DEMO_DROP_H
#define GW_BENCH_DEMO_DROP_H
#include "adapters/format.h"
#include "bench/demo/ledger.h"
#include "bench/demo/refusals.h"
#include "bench/demo/stage.h"
#include "bench/demo/traffic.h"

enum { DEMO_AT_GATE, DEMO_AT_SHIP, DEMO_FILE_KINDS }; /* CODECO, COARRI */
#define DEMO_FILE_EVENTS 20 /* a file is written with this many moves ... */

struct demo_pending {
    struct demo_happening moves[DEMO_FILE_EVENTS];
    uint32_t count;
    int64_t oldest_ns; /* when the first of them happened */
};

struct demo_dropper {
    enum demo_who who;
    pid_t adapter;
    char dir[300], log[300];
    struct gw_options options; /* the codec borrows them */
    struct gw_format codec;
    struct demo_pending pending[DEMO_FILE_KINDS];
    uint32_t files, copies, broken; /* dropped; the same again; damaged */
    uint64_t published;             /* events in the files, copies not counted */
    uint64_t copied;                /* events in the copies */
    struct gw_buf last;             /* the file before, to be dropped again */
    uint32_t last_events;
};

struct demo_drop {
    struct demo_dropper at[DEMO_COMPANIES];
    struct demo_ledger *ledger;
    struct demo_refusals *refusals;
    const struct gw_places *places;
    struct gw_tree tree;
    struct gw_events decoded;
    struct gw_buf bytes;
};

/* Folders, settings and karvan-adapter for every company with this door.  Errors on
 * stderr. */
GW_MUST_USE enum gw_error demo_drop_open(struct demo_drop *d,
                                         const struct demo_stage *stage,
                                         const struct gw_places *places,
                                         const char *config_dir);
void demo_drop_close(struct demo_drop *d);
/* Take a happening; it goes out with the next file. */
GW_MUST_USE enum gw_error demo_drop_add(struct demo_drop *d,
                                        const struct demo_happening *h);
/* Write the files that are due; all = whatever is pending. */
GW_MUST_USE enum gw_error demo_drop_flush(struct demo_drop *d, bool all);
/* Enter what the adapters achieved, by the gateway's counters and their folders, into the
 * books. */
void demo_drop_account(struct demo_drop *d, const struct demo_status *status);
/* An adapter that ended by itself: its company; DEMO_COMPANIES: none. */
enum demo_who demo_drop_dead(const struct demo_drop *d);
#endif
