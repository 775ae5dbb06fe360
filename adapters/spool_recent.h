/* spool_recent.h - the digests of the files spooled lately: a ring in memory, one small
 * file.
 *
 * The file is written whole when segments are deleted; the digests of the segments that
 * are still there are read from these.  Thread  one at a time. */
#ifndef GW_ADAPTERS_SPOOL_RECENT_H
#define GW_ADAPTERS_SPOOL_RECENT_H
#include "base/buf.h"

#define GW_RECENT_MOST 8192

struct gw_recent {
    uint8_t (*digests)[32];
    uint32_t next, count; /* place for the next one; how many there are */
};

GW_MUST_USE enum gw_error gw_recent_init(struct gw_recent *r);
void gw_recent_deinit(struct gw_recent *r);
/* One that is there already takes a second place. */
void gw_recent_add(struct gw_recent *r, const uint8_t digest[32]);
bool gw_recent_has(const struct gw_recent *r, const uint8_t digest[32]);
void gw_recent_clear(struct gw_recent *r);
/* A missing or damaged file counts as empty: the gateway finds duplicates too.  Errors
 * GW_NOMEM */
GW_MUST_USE enum gw_error gw_recent_load(struct gw_recent *r, int dir);
GW_MUST_USE enum gw_error gw_recent_save(const struct gw_recent *r, int dir);
#endif
