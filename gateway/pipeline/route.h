/* route.h - stage 6 of 7: who gets what.
 *
 * gw_route_allows() is the one authorisation function: live delivery, replay, the command line and
 * whatever comes later ask it, so a rule has one place to be right or wrong. */
#ifndef GW_PIPELINE_ROUTE_H
#define GW_PIPELINE_ROUTE_H
#include "model/filter.h"
#include "pipeline/directory.h"

/**
 * May `receiver` see the event?
 *
 * directory  the rules in force now: they take effect at delivery, also for older events
 * facts      of the event; its owner is facts->operator.  An owner that is no longer in the
 *            directory shares with nobody
 * receiver   index into the directory
 */
bool gw_route_allows(const struct gw_directory *directory, const struct gw_facts *facts,
                     uint32_t receiver);

/* Both questions at once: entitled to it, and asked for it. */
static inline bool gw_route_match(const struct gw_directory *directory,
                                  const struct gw_facts *facts, uint32_t receiver,
                                  const struct gw_filter *filter)
{
    return gw_route_allows(directory, facts, receiver) && gw_filter_match(filter, facts);
}
#endif
