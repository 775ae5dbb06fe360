/* canon.h - the canonical bytes of an event: equal events have equal bytes.
 *
 * Keys in the order of the schema's rows (keys of ext bytewise), shortest encodings (a float as 32
 * bits where that is exact), no duplicates, no nil, no empty map or array.  Pure functions. */
#ifndef GW_MODEL_CANON_H
#define GW_MODEL_CANON_H
#include "base/buf.h"
#include "model/stamp.h"
#include "model/tree.h"

/* Append the canonical bytes of a tree that passed gw_shape_fit().  Errors GW_NOMEM (limit of
 * `out`); `out` is cut back to where it was then. */
GW_MUST_USE enum gw_error gw_canon_write(const struct gw_tree *t, uint32_t root,
                                         struct gw_buf *out);

/* The same, and where it is to be stamped.  root: an event */
GW_MUST_USE enum gw_error gw_canon_write_event(const struct gw_tree *t, uint32_t root,
                                               struct gw_buf *out, struct gw_stamp_at *at);

/* Append any tree as msgpack in its own order: headers, filters, quarantine records. */
GW_MUST_USE enum gw_error gw_msgpack_write(const struct gw_tree *t, uint32_t root,
                                           struct gw_buf *out);

/* Append a canonical event with `seq` put in its place behind `schema`; stored events do not carry
 * it.  `event` must be canonical and without seq. */
GW_MUST_USE enum gw_error gw_canon_add_seq(struct gw_slice event, uint64_t seq,
                                           struct gw_buf *out);
#endif
