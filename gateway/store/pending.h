/* pending.h - small changes that wait for the next commit: cursors, and entries to drop.
 *
 * Lanes put them in; the writer writes all at once in its transaction, and then either forgets
 * them or keeps them for the next one.  Several for one subscription become one, so their number is
 * that of the subscriptions.
 * Thread  any; write, done and undo are the writer's */
#ifndef GW_STORE_PENDING_H
#define GW_STORE_PENDING_H
#include "store/laggards.h"
#include "store/records.h"

#define GW_PENDING_MOST 65536 /* subscriptions, and entries to drop */

struct gw_pending;

/* What is to become of one cursor. */
struct gw_cursor_change {
    bool drop;  /* forget what is stored ... */
    bool set;   /* ... then store this */
    bool reset; /* also if it is behind what is stored */
    uint64_t seq;
    int64_t updated_ms;
    struct gw_slice filter; /* empty: keep the one that is stored */
};
/* False when there is no cursor afterwards.  stored: NULL when there is none. */
bool gw_cursor_apply(const struct gw_cursor_change *c, const struct gw_cursor *stored,
                     struct gw_cursor *out);

GW_MUST_USE enum gw_error gw_pending_new(struct gw_pending **out);
void gw_pending_free(struct gw_pending *p);

/* The filter is copied.  mono_ms: now, on the monotonic clock.
 * Errors  GW_NOMEM; GW_AGAIN too many are waiting */
GW_MUST_USE enum gw_error gw_pending_cursor(struct gw_pending *p, const char *operator,
                                            const char *name, const struct gw_cursor_change *c,
                                            int64_t mono_ms);
GW_MUST_USE enum gw_error gw_pending_quarantine_drop(struct gw_pending *p, uint64_t id,
                                                     int64_t mono_ms);

/* The mono_ms of the oldest of those waiting; INT64_MAX when none is. */
int64_t gw_pending_since(struct gw_pending *p);
/* Write all in a transaction, and tell `laggards` of each cursor; they stay known until done() or
 * undo(). */
GW_MUST_USE enum gw_error gw_pending_write(struct gw_pending *p, struct gw_view *v,
                                           struct gw_state *s, struct gw_laggards *laggards);
void gw_pending_done(struct gw_pending *p);
void gw_pending_undo(struct gw_pending *p);

/* What waits for one cursor; false if nothing.  The filter is copied to `filter`, out->filter points
 * into it.  Ask this first and renew the view after it: then a commit in between hides nothing. */
bool gw_pending_note(struct gw_pending *p, const char *operator, const char *name,
                     struct gw_cursor_change *out, struct gw_buf *filter);
#endif
