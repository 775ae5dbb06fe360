/* mask.h - which fields of an event a receiver is shown, and the event with the others
 * taken out.
 *
 * A mask is a set of the schema's fields that hold values ("place.lat", "parties.id"); a
 * map or list is there when something in it is.  Masks of several rules are united: each
 * rule only gives.
 *
 * Always shown: schema seq id type class subject time time_basis source.operator.
 *
 * Thread  any; masks are plain values. */
#ifndef GW_MODEL_MASK_H
#define GW_MODEL_MASK_H
#include "base/buf.h"

#define GW_MASK_WORDS 4

struct gw_mask {
    uint64_t bits[GW_MASK_WORDS]; /* 1: shown; by the order of the schema's rows, depth
                                     first */
};

/* Every field, those of later minor versions in `ext` included. */
struct gw_mask gw_mask_all(void);
/* Only what is always shown. */
struct gw_mask gw_mask_least(void);

/**
 * Show or hide a field and everything in it.
 *
 * path    dotted, without indexes: "place", "equipment.position", "transport.means.imo"
 * Errors  GW_NOT_FOUND no such field;  GW_USAGE hiding what is always shown, and nothing
 * else
 */
GW_MUST_USE enum gw_error gw_mask_show(struct gw_mask *m, struct gw_slice path);
GW_MUST_USE enum gw_error gw_mask_hide(struct gw_mask *m, struct gw_slice path);

static inline void gw_mask_unite(struct gw_mask *m, const struct gw_mask *with)
{
    for (int i = 0; i < GW_MASK_WORDS; i++)
        m->bits[i] |= with->bits[i];
}
static inline bool gw_mask_eq(const struct gw_mask *a, const struct gw_mask *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}
bool gw_mask_is_all(const struct gw_mask *m);
/* The hidden fields as "goods, place.lat"; a map that is hidden whole by its own name. */
void gw_mask_print_hidden(const struct gw_mask *m, struct gw_buf *out);
/* Call `offer` with the name of every field, "place" and "place.lat" alike: for "did you
 * mean". */
void gw_mask_paths(void (*offer)(void *ctx, const char *path), void *ctx);

/**
 * Append a canonical event as the mask shows it, canonical again, with `seq` in its
 * place.
 *
 * event   canonical, without seq
 * ext     keys in it that stand for a field of the schema ("parties.tax_no" was found
 * inside parties) go with that field Errors  GW_FORMAT not canonical;  GW_NOMEM the limit
 * of `out`, which is then cut back
 */
GW_MUST_USE enum gw_error gw_project(struct gw_slice event, uint64_t seq,
                                     const struct gw_mask *m, struct gw_buf *out);
#endif
