/* quota.h - how much one operator may publish, so that it cannot take the gateway from
 * the others.
 *
 * A bucket for events and one for bytes per operator, over all its sessions of a lane.
 * What was taken is drawn; the buckets fill at the operator's rate and hold one second of
 * it.  A bucket that is overdrawn withholds credit until it has filled again: nothing is
 * refused, nothing is lost, the sender waits.  So over time an operator gets its rate,
 * and at most what one credit lets it send beyond that.
 *
 * Thread  the lane's. */
#ifndef GW_PIPELINE_QUOTA_H
#define GW_PIPELINE_QUOTA_H
#include "pipeline/directory.h"

/* A rate; 0: as fast as it can. */
struct gw_quota_rate {
    uint64_t events_per_s, bytes_per_s;
};

struct gw_quotas;

GW_MUST_USE enum gw_error gw_quotas_new(struct gw_quotas **out);
void gw_quotas_free(struct gw_quotas *q);
/* From now on these operators; `usual` is the rate of those whose file names none.  What
 * was drawn by an operator of the same name stays drawn.  GW_NOMEM: as before, but nobody
 * is known by index any more, and nothing is withheld. */
GW_MUST_USE enum gw_error gw_quotas_directory(struct gw_quotas *q,
                                              const struct gw_directory *d,
                                              struct gw_quota_rate usual, int64_t now_ms);
/* Draw what was taken from the operator. */
void gw_quota_draw(struct gw_quotas *q, uint32_t operator, uint64_t events,
                   uint64_t bytes, int64_t now_ms);
/* May the operator have more credit now?  *first is set when it is withheld for the first
 * time since it was not: worth a line in the log. */
bool gw_quota_open(struct gw_quotas *q, uint32_t operator, int64_t now_ms, bool *first);
/* The same question, with no consequence: for what is dropped when the answer is no. */
bool gw_quota_left(struct gw_quotas *q, uint32_t operator, int64_t now_ms);
/* How often credit was withheld, in all. */
uint64_t gw_quotas_held(const struct gw_quotas *q);
#endif
