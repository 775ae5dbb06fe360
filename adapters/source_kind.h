/* source_kind.h - a way for messages to come in: one table each, in_<name>.c.
 *
 * A kind knows its partner (a folder, a connection) and nothing of formats, spool and
 * gateway: it gives whole messages to the inlet and does what the answer asks for.
 * Everything happens on the loop and nothing may wait. */
#ifndef GW_ADAPTERS_SOURCE_KIND_H
#define GW_ADAPTERS_SOURCE_KIND_H
#include "adapters/inlet.h"
#include "model/tree.h"

struct gw_source_kind {
    const char *name; /* value of source.kind */
    /* Begin.  in: outlives the source.
     * Owns    *out, also after an error: close() is called once
     * Errors  any; why: what to change.  It is tried again after a pause */
    enum gw_error (*open)(void **out, struct gw_inlet *in, struct gw_text *why);
    /* There may be room again.  NULL: nothing is held back. */
    void (*resume)(void *source);
    /* Take nothing more, and forget everything.  source may be NULL. */
    void (*close)(void *source);
    /* Numbers of its own for the status, into the map; may be NULL. */
    void (*describe)(const void *source, struct gw_tree *t, uint32_t map);
    /* Why nothing can come in now, where it is tried again by the kind itself: "" when
     * it can.  Shown in the status, and the adapter is not well.  May be NULL. */
    const char *(*trouble)(const void *source);
};

/* source_kinds.c: the list, and one by its name; NULL behind the last, and for an unknown
 * name. */
extern const struct gw_source_kind *const gw_source_kinds[];
const struct gw_source_kind *gw_source_kind_find(const char *name);
#endif
