/* json.h - events as JSON text for people and tools; the door to jansson.
 *
 * A round trip is the identity: a float always shows a point or an exponent, an integer never.
 * Thread  any; each tree one at a time. */
#ifndef GW_MODEL_JSON_H
#define GW_MODEL_JSON_H
#include "base/buf.h"
#include "model/tree.h"

/* Append one line of JSON, without the line end, in the tree's order. */
GW_MUST_USE enum gw_error gw_json_write(const struct gw_tree *t, uint32_t root,
                                        struct gw_buf *out);

/* Read one JSON object under the tree's budget.  Strings go into the tree's arena.
 * Errors  those of gw_tree_read(); `at` is the offset in the text. */
GW_MUST_USE enum gw_error gw_json_read(struct gw_tree *t, struct gw_slice text, uint32_t *root,
                                       struct gw_fault *fault);

/* One msgpack map to one line of JSON, through `scratch` (reset by it). */
GW_MUST_USE enum gw_error gw_json_from_msgpack(struct gw_tree *scratch, struct gw_slice msgpack,
                                               struct gw_buf *out, struct gw_fault *fault);
#endif
