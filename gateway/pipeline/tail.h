/* tail.h - the live tail: the newest committed batches, by reference, shared by all receivers.
 *
 * A subscription is nothing but a next seq; where that lies in the tail it is served from memory,
 * otherwise from the journal, and the change from one to the other is exact by construction.
 * Thread  the lane's. */
#ifndef GW_PIPELINE_TAIL_H
#define GW_PIPELINE_TAIL_H
#include "pipeline/batch.h"

struct gw_tail;

GW_MUST_USE enum gw_error gw_tail_new(struct gw_tail **out, uint64_t limit_bytes);
void gw_tail_free(struct gw_tail *t);
/* Takes a reference of its own.  A batch that does not follow the last one (one was missed) empties
 * the tail first: then the journal serves what lies before. */
void gw_tail_push(struct gw_tail *t, struct gw_batch *b);
/* Newest seq pushed so far; 0 = none. */
uint64_t gw_tail_last(const struct gw_tail *t);
uint64_t gw_tail_bytes(const struct gw_tail *t);
/* The batch that holds `seq`; NULL when it is older than the tail, or newer. */
const struct gw_batch *gw_tail_find(const struct gw_tail *t, uint64_t seq);
#endif
