/* wish.h - a subscription's filter held against the bus: does it name what exists, and
 * what does it ask for that nobody gives?
 *
 * Pure functions; any thread. */
#ifndef GW_PIPELINE_WISH_H
#define GW_PIPELINE_WISH_H
#include "pipeline/route.h"

/* Refuse a filter that names an operator which is not on the bus, or, where there is a
 * table of places, a location that is neither one of its nodes nor a UN/LOCODE.
 * Errors  GW_UNKNOWN_CODE; `field` and `rule` of the fault say which */
GW_MUST_USE enum gw_error gw_wish_check(const struct gw_filter *f,
                                        const struct gw_directory *d,
                                        struct gw_fault *fault);

/**
 * Name what a filter asks for and the rules in force do not give this receiver.
 *
 * out      "operator=ktz, type=load, country; hidden: goods, parties":
 *            operator=NAME  shares nothing with the receiver
 *            FIELD=VALUE    nobody it asks gives events with this value
 *            FIELD          somebody gives only events with certain values of it
 *            hidden         fields that somebody does not show
 *          "everything" when nobody gives anything
 * Returns  false, and an empty text, when it gets all it asks for
 */
bool gw_wish_narrowed(const struct gw_filter *f, const struct gw_directory *d,
                      uint32_t receiver, int64_t now_ms, struct gw_buf *out);
#endif
