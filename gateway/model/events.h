/* events.h - a list of canonical events: what a codec produces and consumes. */
#ifndef GW_MODEL_EVENTS_H
#define GW_MODEL_EVENTS_H
#include "base/buf.h"
#include "model/tree.h"

struct gw_events {
    struct gw_buf bytes; /* canonical events one after another */
    uint32_t *ends;      /* ends[i]: offset behind event i */
    uint32_t count, cap, limit;
};

/* limit_bytes, limit_count: the most it may ever hold. */
void gw_events_init(struct gw_events *e, size_t limit_bytes, uint32_t limit_count);
void gw_events_deinit(struct gw_events *e);
void gw_events_reset(struct gw_events *e);
/* Fit (gw_shape_fit) and append the tree's event.  On error the list is as before.
 * Errors  GW_NOMEM at the limits, those of gw_shape_fit() */
GW_MUST_USE enum gw_error gw_events_add(struct gw_events *e, struct gw_tree *t, uint32_t root,
                                        struct gw_fault *fault);
/* Append canonical bytes as they are. */
GW_MUST_USE enum gw_error gw_events_add_bytes(struct gw_events *e, struct gw_slice event);
struct gw_slice gw_events_at(const struct gw_events *e, uint32_t index);
/* Drop the first `count` events, moving the rest down. */
void gw_events_drop(struct gw_events *e, uint32_t count);
/* Take one out, moving the rest down. */
void gw_events_remove(struct gw_events *e, uint32_t index);
/* Cut back to the first `count` events. */
void gw_events_cut(struct gw_events *e, uint32_t count);
#endif
