/* trail.h - where in an event a walk through the schema stands; a path's text is made only when
 * somebody must read it. */
#ifndef GW_MODEL_TRAIL_H
#define GW_MODEL_TRAIL_H
#include "model/shape.h"

/* One step from the event's map downwards; NULL is the event's map itself. */
struct gw_trail {
    const struct gw_trail *up;
    const struct gw_field *row;
    int index; /* of the item, where the row is a list; -1: the value itself */
};

/* "equipment[3].id": the trail's text with `last` behind it (may be empty), cut to size - 1 bytes
 * and terminated; returns its length. */
size_t gw_trail_text(const struct gw_trail *t, struct gw_slice last, char *out, size_t size);
#endif
