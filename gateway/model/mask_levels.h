/* mask_levels.h - the schema's fields by number, level by level; for mask.c and
 * project.c. */
#ifndef GW_MODEL_MASK_LEVELS_H
#define GW_MODEL_MASK_LEVELS_H
#include "model/mask.h"
#include "model/shape.h"

#define GW_LEVEL_ROWS 32 /* the event's own; no map has more */

/* One map of the schema at its place: `place` and `place_from` are two. */
struct gw_level {
    const struct gw_shape *shape;
    struct gw_mask fields[GW_LEVEL_ROWS]; /* the bits of row i and all below it */
    const struct gw_level
        *below[GW_LEVEL_ROWS]; /* of maps, and of the items of lists of maps */
};

/* The event itself.  Made at the first call. */
const struct gw_level *gw_level_event(void);
#endif
