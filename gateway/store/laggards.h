/* laggards.h - the slowest cursors, known without asking all of them at every commit.
 *
 * Retention must not pass a cursor, or has to name those that it passed.  There may be ten thousand
 * of them, nearly all at the newest events.  The few slowest are kept here by name and read again
 * whenever they matter; of all others it is known where they are at the least, which rises only when
 * all are asked again: once in a turn of the journal.
 *
 * Thread  the writer's */
#ifndef GW_STORE_LAGGARDS_H
#define GW_STORE_LAGGARDS_H
#include "store/records.h"

#define GW_LAGGARDS 64

struct gw_laggard {
    char name[2 * GW_NAME_MAX + 2]; /* the cursor's key */
    uint64_t seq;
};

/* All zero: nothing is known. */
struct gw_laggards {
    struct gw_laggard at[GW_LAGGARDS]; /* in no order; as they were last read */
    uint32_t count;
    uint64_t others; /* every other cursor has come at least this far */
};

/* A cursor was written, perhaps a new one, or set back. */
void gw_laggards_wrote(struct gw_laggards *l, struct gw_slice key, uint64_t seq);
/* Everyone who has not come as far as `seq` then stands in l->at, read again; of more than
 * GW_LAGGARDS the slowest ones.
 * Errors  those of the view; then nothing is known */
GW_MUST_USE enum gw_error gw_laggards_behind(struct gw_laggards *l, struct gw_view *v,
                                             uint64_t seq);
/* One that has not come as far as `seq`, the slowest if it is one of the list; *out NULL when
 * everyone has. */
GW_MUST_USE enum gw_error gw_laggards_any_behind(struct gw_laggards *l, struct gw_view *v,
                                                 uint64_t seq, const struct gw_laggard **out);
#endif
