/* sink_kind.h - a way for messages to go out: one table each, out_<name>.c.
 *
 * A kind knows its partner and nothing of formats, subscriptions and the gateway: it is
 * handed one whole message at a time and says what became of it.  Everything happens on
 * the loop and nothing may wait. */
#ifndef GW_ADAPTERS_SINK_KIND_H
#define GW_ADAPTERS_SINK_KIND_H
#include "adapters/outlet.h"
#include "model/tree.h"

struct gw_sink_kind {
    const char *name; /* value of sink.kind */
    /* Begin.  o: outlives the sink.
     * Owns    *out, also after an error: close() is called once
     * Errors  any; why: what to change.  It is tried again after a pause */
    enum gw_error (*open)(void **out, struct gw_outlet *o, struct gw_text *why);
    /* Bring it out, and answer exactly once, now or later: gw_outlet_delivered(),
     * _failed() or _later().  m is valid until then. */
    void (*send)(void *sink, const struct gw_sink_message *m);
    /* Bring out live events at once or not at all: nothing is answered, and nothing that
     * send() is given waits for it.  m is valid during the call.  False: it was dropped.
     * NULL: this kind has no live events. */
    bool (*send_live)(void *sink, const struct gw_sink_message *m);
    /* Answer nothing more, and forget everything.  sink may be NULL. */
    void (*close)(void *sink);
    /* Numbers of its own for the status, into the map; may be NULL. */
    void (*describe)(const void *sink, struct gw_tree *t, uint32_t map);
    /* Why nothing could go out now, where the kind keeps a connection: "" when it could.
     * Shown in the status, and the adapter is not well.  May be NULL. */
    const char *(*trouble)(const void *sink);
};

/* sink_kinds.c: the list, and one by its name; NULL behind the last, and for an unknown
 * name. */
extern const struct gw_sink_kind *const gw_sink_kinds[];
const struct gw_sink_kind *gw_sink_kind_find(const char *name);
#endif
