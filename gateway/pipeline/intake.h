/* intake.h - between stages 4 and 5: batches that were taken and for which the journal
 * has no place at the moment, in order.
 *
 * The sockets are always read.  Left alone, ZeroMQ would hold back the input of a peer
 * that sends more than we read, and libzmq 4.3 aborts the whole process when such a peer
 * has sent it a heartbeat and leaves (zeromq/libzmq#4364): any operator could end the
 * gateway.  So what is within credit is taken and waits here, which credit bounds; what
 * is beyond it is turned away at once. Thread  the lane's. */
#ifndef GW_PIPELINE_INTAKE_H
#define GW_PIPELINE_INTAKE_H
#include "pipeline/journal.h"

struct gw_pipeline;
struct gw_intake;

/* capacity: batches that may wait. */
GW_MUST_USE enum gw_error gw_intake_new(struct gw_intake **out, uint32_t capacity);
/* Lets go of what waits.  NULL is fine. */
void gw_intake_free(struct gw_intake *i);
/* Hand a filled batch to the journal, now or in its turn.  Takes *b exactly on GW_OK.
 * Errors  GW_BUSY too many wait;  GW_STORAGE the journal takes nothing any more */
GW_MUST_USE enum gw_error gw_intake_put(struct gw_pipeline *p, struct gw_batch **b);
/* The journal has completed a batch: hand over what has its turn now. */
void gw_intake_flush(struct gw_pipeline *p, int64_t now_ms);
uint32_t gw_intake_count(const struct gw_intake *i);
#endif
