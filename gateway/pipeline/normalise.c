/* normalise.c - stage 3 of 7: one vocabulary, one unit; after decode.c, before
 * validate.c. */
#include "model/shape.h"
#include "pipeline/enrich.h"
#include "pipeline/profile_parts.h"

enum gw_error gw_normalise(const struct gw_profile *profile,
                           const struct gw_places *places, struct gw_tree *t,
                           uint32_t root, struct gw_fault *fault)
{
    enum gw_error e = GW_OK;
    if (profile)
        e = gw_profile_apply(profile, places, t, root, fault); /* the operator's words */
    if (!e)
        e = gw_shape_fit(t, root, fault); /* the schema's form */
    if (e)
        return e;
    return gw_enrich(places, profile ? profile->digits : GW_DIGITS_WARN, t, root, fault);
}
