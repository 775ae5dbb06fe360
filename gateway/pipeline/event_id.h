/* event_id.h - an id for events whose sender gives none. */
#ifndef GW_PIPELINE_EVENT_ID_H
#define GW_PIPELINE_EVENT_ID_H
#include "model/tree.h"

#define GW_EVENT_ID_LEN 34 /* "h-" and 32 hexadecimal digits */

/**
 * Compute the id of a fitted event from what it says: message and event references,
 * subject, type, class, time, place, equipment, measures, seals, references, document,
 * transport, customs, cause, state, corrects.  The order of the sender's keys does not
 * matter; what the gateway derives (place.node, schemes, checks, findings) is left out,
 * so that a replay gives the same id also after the place table has grown.
 *
 * out   GW_EVENT_ID_LEN bytes, not terminated
 */
void gw_event_id(const struct gw_tree *t, uint32_t root, char out[GW_EVENT_ID_LEN]);
#endif
