/* normalise.c - stage 3 of 7: one vocabulary, one unit; after decode.c, before
 * validate.c. */
#include "model/shape.h"
#include "pipeline/enrich.h"
#include "pipeline/profile_parts.h"

enum gw_error gw_normalise(const struct gw_profile *profile,
                           const struct gw_places *places, struct gw_tree *t,
                           uint32_t root, struct gw_fault *fault)
{
    enum gw_error e = gw_shape_fit(t, root, fault);
    return e ? e
             : gw_enrich(places, profile ? profile->digits : GW_DIGITS_WARN, t, root,
                         fault);
}
