/* verdict.h - stage 5, the decision: which events of a batch are new.
 *
 * The same id with the same content is a duplicate and keeps the seq of the first; the same id with
 * other content is refused.  The window's hashes only point out candidates: id and operator are
 * compared in the stored event, so that a collision never costs an event. */
#ifndef GW_STORE_VERDICT_H
#define GW_STORE_VERDICT_H
#include "pipeline/batch.h"
#include "store/window.h"

/* An event that is in the journal. */
struct gw_known {
    struct gw_slice operator, event;
    uint64_t content;
};

struct gw_judge {
    struct gw_window *window;
    /* The event `seq`; borrowed until the next call.  GW_NOT_FOUND, GW_CORRUPT: it cannot be
     * compared, so the newcomer counts as new. */
    enum gw_error (*recall)(void *ctx, uint64_t seq, struct gw_known *out);
    void *ctx;
    struct gw_buf places; /* scratch */
};

/**
 * Give every record its verdict and seq, from `next` on, and add the new ones to the window.
 * Reused ids become refusals (GW_ID_REUSED) with their canonical bytes.  An all-or-nothing batch
 * with a refusal keeps nothing: its other events become refusals (GW_ATOMIC) without bytes.
 * Sets the batch's counts and first_seq, last_seq; `records` holds accepted ones and duplicates.
 * Errors  GW_NOMEM; what was added to the window is the caller's to cut
 */
GW_MUST_USE enum gw_error gw_judge_batch(struct gw_judge *j, struct gw_batch *b, uint64_t next);
#endif
