/* walk.h - reading small msgpack values in order, without a tree: headers, ACK bodies,
 * filters.
 *
 *   struct gw_walk w = gw_walk(bytes);
 *   if (gw_walk_map(&w, &pairs)) while (pairs--) { gw_walk_str(&w, &key); ...
 * gw_walk_skip(&w); }
 *
 * Every function returns false, and leaves the walk where it was, when the next value is
 * of another kind or is cut short.  Nothing is allocated; an announced count is never
 * larger than the bytes that are left.
 *
 * Thread  any; each walk one at a time. */
#ifndef GW_MODEL_WALK_H
#define GW_MODEL_WALK_H
#include "base/buf.h"

struct gw_walk {
    const uint8_t *at, *end; /* what is left; borrowed */
    const uint8_t *start;
};

static inline struct gw_walk gw_walk(struct gw_slice in)
{
    return (struct gw_walk){in.at, in.len ? in.at + in.len : in.at, in.at};
}
static inline size_t gw_walk_left(const struct gw_walk *w)
{
    return (size_t)(w->end - w->at);
}
/* Bytes read so far: the `at` of a fault. */
static inline size_t gw_walk_offset(const struct gw_walk *w)
{
    return (size_t)(w->at - w->start);
}

/* The head of a map: `*pairs` keys with their values follow; of an array: `*items`
 * values. */
bool gw_walk_map(struct gw_walk *w, uint32_t *pairs);
bool gw_walk_array(struct gw_walk *w, uint32_t *items);
/* *out points into the input; not checked for UTF-8. */
bool gw_walk_str(struct gw_walk *w, struct gw_slice *out);
/* Any integer encoding whose value fits; gw_walk_uint() refuses negative ones. */
bool gw_walk_uint(struct gw_walk *w, uint64_t *out);
bool gw_walk_int(struct gw_walk *w, int64_t *out);
/* Floats of both widths, and integers. */
bool gw_walk_float(struct gw_walk *w, double *out);
bool gw_walk_bool(struct gw_walk *w, bool *out);
/* Pass over one whole value of any kind and depth; *out (may be NULL) is its bytes. */
bool gw_walk_skip(struct gw_walk *w, struct gw_slice *out);

/* For msgpack_packer_init(&p, buf, gw_walk_sink): packs into a struct gw_buf. */
int gw_walk_sink(void *buf, const char *at, size_t len);
#endif
