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

/**
 * Read one JSON document, an object or an array, that is somebody else's: the same bounds,
 * taken from the tree's budget, which may be larger than an event's.
 *
 * text    at most budget.event_bytes
 * root    set on GW_OK: the object's or array's node.  Members are in the text's order
 * fault   `at` as above for text that is no JSON; where a bound is exceeded, the number of
 *         values read before, which gw_json_place() turns into an offset
 * Errors  those of gw_tree_read();  GW_NOT_A_MAP neither object nor array
 */
GW_MUST_USE enum gw_error gw_json_read_document(struct gw_tree *t, struct gw_slice text,
                                                uint32_t *root, struct gw_fault *fault);

/**
 * Where a value that was read stands in its text: for refusals, which are rare enough to
 * look a second time.
 *
 * text   what gw_json_read_document() read
 * root   what it gave
 * node   a node below it; GW_NODE_NONE or root itself: the document
 * path   set to the dotted path, "events[3].eventDateTime", cut where it does not fit
 * Returns the byte offset of the value; 0 when there is no such node
 */
size_t gw_json_place(const struct gw_tree *t, struct gw_slice text, uint32_t root,
                     uint32_t node, char *path, size_t size);

/* One msgpack map to one line of JSON, through `scratch` (reset by it). */
GW_MUST_USE enum gw_error gw_json_from_msgpack(struct gw_tree *scratch, struct gw_slice msgpack,
                                               struct gw_buf *out, struct gw_fault *fault);
#endif
