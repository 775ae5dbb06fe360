/* profile.h - an operator's dialect, compiled: what normalise.c applies to each event.
 *
 * Built from YAML by conf/profile_file.c, then immutable and shared by every lane.  A
 * profile knows an operator and nothing about formats.  Its language:
 * config/profiles/README.md. */
#ifndef GW_PIPELINE_PROFILE_H
#define GW_PIPELINE_PROFILE_H
#include "model/tree.h"

struct gw_profile; /* opaque; see profile_parts.h */
struct gw_places;  /* the place table; see places.h */

/**
 * Stage 3: turn a tree as the sender sent it into the shared schema's terms, in place.
 *
 * profile  NULL: the operator speaks the shared schema already
 * places   resolves place.node from any code; may be NULL
 * Effect   fields renamed and moved, codes mapped, units converted, local times made
 * instants, constants and defaults set, equipment schemes and check digits filled in,
 * place.node resolved; every finding noted in `quality`; unknown fields end up in ext
 * Errors   GW_PROFILE a value that the profile says must map does not;  GW_TIME a time
 * that does not follow the profile's form, or has no zone;  GW_MISSING a field the
 * profile requires;  GW_WRONG_TYPE a map or list where the profile expects a value, or
 * the other way round;  GW_CHECK_DIGIT GW_TOO_LONG GW_ELEMENTS fault->field is the
 * sender's own name for the field where the profile has one Cost     no memory but the
 * tree's; in proportion to the event's fields and the profile's lines
 */
GW_MUST_USE enum gw_error gw_normalise(const struct gw_profile *profile,
                                       const struct gw_places *places, struct gw_tree *t,
                                       uint32_t root, struct gw_fault *fault);
void gw_profile_free(struct gw_profile *p);
#endif
