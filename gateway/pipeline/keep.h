/* keep.h - stage 5, first half: a validated event into its batch, ready for the journal.
 *
 * The canonical bytes are written without the gateway's own fields, to know the same fact when it
 * comes again by another way; those fields are then put between them (model/stamp.h). */
#ifndef GW_PIPELINE_KEEP_H
#define GW_PIPELINE_KEEP_H
#include "model/stamp.h"
#include "model/tree.h"
#include "pipeline/batch.h"

/* Errors  GW_NOMEM the batch is full; GW_EVENT_SIZE the canonical form exceeds the budget */
GW_MUST_USE enum gw_error gw_keep(struct gw_batch *b, uint32_t index, struct gw_tree *t,
                                  uint32_t root, uint64_t seed, struct gw_fault *fault);
/* What gw_keep() does at its end, for express.c: the batch's own stamp; */
struct gw_stamp gw_batch_stamp(const struct gw_batch *b);
/* the hash of an id, which is unique within its operator; */
uint64_t gw_hash_id(const struct gw_batch *b, struct gw_slice id, uint64_t seed);
/* the record of an event whose bytes stand in b->events from `at` on; cut off again on error. */
GW_MUST_USE enum gw_error gw_keep_record(struct gw_batch *b, uint32_t index, size_t at,
                                         uint64_t id_hash, uint64_t content,
                                         struct gw_fault *fault);
#endif
