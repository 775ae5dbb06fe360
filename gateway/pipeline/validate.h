/* validate.h - stage 4 of 7: a verdict for every event.
 *
 * Judges what stage 3 made of the event: the schema's rows (model/shape.h), country
 * codes, plausible time.  Doubts that do not refuse an event are noted in its `quality`.
 */
#ifndef GW_PIPELINE_VALIDATE_H
#define GW_PIPELINE_VALIDATE_H
#include "model/countries.h"
#include "model/tree.h"
#include "pipeline/limits.h"

/**
 * Judge a normalised event.
 *
 * limits   future_refuse_ms and future_warn_ms are used: how far an `actual` event may
 * lie ahead now_ms   the gateway's clock Findings time-ahead check-digit (IMO number,
 * station code) Errors   those of gw_shape_check();  GW_UNKNOWN_CODE no such country;
 * GW_TIME
 */
GW_MUST_USE enum gw_error gw_validate(const struct gw_limits *limits, int64_t now_ms,
                                      struct gw_tree *t, uint32_t root,
                                      struct gw_fault *fault);
#endif
