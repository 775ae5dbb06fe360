/* stamp.h - what the gateway itself sets on an event: received, source.operator, source.adapter.
 *
 * A sender's own values of these fields were dropped by gw_shape_fit(); identity comes from the key
 * and time from the gateway's clock.  `seq` is not set here: stored events do not carry it. */
#ifndef GW_MODEL_STAMP_H
#define GW_MODEL_STAMP_H
#include "model/tree.h"

/* root: a fitted tree.  The names are borrowed until the tree is reset.  GW_ELEMENTS: no room. */
GW_MUST_USE enum gw_error gw_stamp(struct gw_tree *t, uint32_t root, struct gw_slice operator,
                                   struct gw_slice adapter, int64_t received_ms);
#endif
