/* explain.h - why an event is given to an operator, or not: each rule in words.
 *
 * Asks the same questions as route.h, one by one, and says which had the wrong answer.
 * Pure functions; any thread. */
#ifndef GW_PIPELINE_EXPLAIN_H
#define GW_PIPELINE_EXPLAIN_H
#include "pipeline/route.h"

/**
 * One rule of the event's owner, for one receiver.
 *
 * g        gw_grants_read() of the event
 * why      always set: "gives it, without goods", "when.type does not hold", "ended
 *          2026-06-30T00:00:00.000Z", "does not name silk"
 * Returns  does the rule give the event?
 */
bool gw_explain_rule(const struct gw_rule *r, const struct gw_grants *g,
                     const struct gw_facts *f, uint32_t receiver, int64_t now_ms,
                     struct gw_text *why);

/* A subscription's filter: true when it matches; *why names the field that does not hold,
 * of every alternative. */
bool gw_explain_filter(const struct gw_filter *filter, const struct gw_facts *f,
                       struct gw_text *why);
#endif
