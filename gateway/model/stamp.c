/* stamp.c - the gateway's own fields. */
#include "model/stamp.h"
#include "model/shape.h"

enum gw_error gw_stamp(struct gw_tree *t, uint32_t root, struct gw_slice operator,
                       struct gw_slice adapter, int64_t received_ms)
{
    uint32_t received = gw_tree_put_int(t, root, GW_LIT("received"), received_ms);
    uint32_t source = gw_tree_child(t, root, GW_LIT("source")), who, with;

    if (!source) {
        source = gw_tree_put_map(t, root, GW_LIT("source"));
        gw_shape_mark(t, source, &gw_shape_event);
    }
    who = gw_tree_put_str(t, source, GW_LIT("operator"), operator);
    with = gw_tree_put_str(t, source, GW_LIT("adapter"), adapter);
    if (!received || !source || !who || !with)
        return GW_ELEMENTS;
    gw_shape_mark(t, received, &gw_shape_event);
    gw_shape_mark(t, who, &gw_shape_source);
    gw_shape_mark(t, with, &gw_shape_source);
    return GW_OK;
}
