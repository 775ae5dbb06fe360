/* enrich.h - stage 3, last part: what follows from the event itself and from the place
 * table.
 *
 * Only fills in what is absent, except two things nobody can state about itself:
 * `equipment.check` is always computed here, and doubts are noted in `quality`. */
#ifndef GW_PIPELINE_ENRICH_H
#define GW_PIPELINE_ENRICH_H
#include "model/tree.h"
#include "pipeline/places.h"

enum gw_digits { GW_DIGITS_WARN, GW_DIGITS_REFUSE }; /* what a wrong check digit does */

/**
 * Complete a fitted event, in place.
 *
 * places   may be NULL: no node is resolved
 * Effect   schema 1, time_basis stated-utc, subject by type, id by content (event_id.h);
 *          place.node and .country of place, place_from, place_to and journey places;
 *          equipment scheme and check
 * Findings place-unknown place-conflict country-conflict check-digit
 * Errors   GW_CHECK_DIGIT when `digits` says so;  GW_ELEMENTS
 */
GW_MUST_USE enum gw_error gw_enrich(const struct gw_places *places, enum gw_digits digits,
                                    struct gw_tree *t, uint32_t root,
                                    struct gw_fault *fault);

/* The known place a fitted or unfitted place map means: by node, then unlocode, then
 * station code (rail.scheme esr6, or none).  NULL when it names none. */
const struct gw_place *gw_place_of(const struct gw_places *places,
                                   const struct gw_tree *t, uint32_t place);
#endif
