/* zone.h - IANA time zones with their history: offset of an instant, instant of a local
 * time.
 *
 * Our own reader of the system's compiled zones, because the other ways fail here: the C
 * library knows one zone at a time, through the process-wide TZ; ICU carries data of its
 * own, which in Debian 12 does not know that Kazakhstan went to a single UTC+5 on
 * 2024-03-01.
 *
 * Thread  immutable once loaded; any.
 * Source  RFC 8536 (TZif versions 1 to 4, and the POSIX TZ footer for the years after the
 * last transition; expanded up to and including 2101, the schema ends with 2100) */
#ifndef GW_PIPELINE_ZONE_H
#define GW_PIPELINE_ZONE_H
#include "base/slice.h"
#include <karvan/error.h>

#define GW_ZONE_DIR      "/usr/share/zoneinfo" /* Debian package tzdata */
#define GW_ZONE_NAME_MAX 39

struct gw_zone;

/* How a local time fits the zone. */
enum gw_local {
    GW_LOCAL_ONCE,
    GW_LOCAL_TWICE,  /* clocks were put back over it: the first of the two instants is
                        taken */
    GW_LOCAL_SKIPPED /* clocks were put forward over it: read as if they had not been, so
                        that 02:30 in a gap of an hour becomes 03:30 */
};

/**
 * Load a zone by name, "Asia/Almaty".
 *
 * name    1 .. 39 of A-Z a-z 0-9 _ + - /; neither absolute nor with a dot
 * dir     folder of the compiled zones, or NULL for GW_ZONE_DIR
 * Errors  GW_BAD_NAME;  GW_NOT_FOUND no such zone (or tzdata is not installed);  GW_IO;
 *         GW_FORMAT GW_RANGE not a zone file, or over 256 KiB
 * Owns    *out is the caller's: gw_zone_free()
 */
GW_MUST_USE enum gw_error gw_zone_load(struct gw_zone **out, const char *name,
                                       const char *dir);
/* The same from the bytes of a file.  Leap-second ("right/") zones are refused. */
GW_MUST_USE enum gw_error gw_zone_parse(struct gw_zone **out, struct gw_slice tzif);
void gw_zone_free(struct gw_zone *z);

/* Seconds east of UTC at an instant (Unix seconds). */
int32_t gw_zone_offset(const struct gw_zone *z, int64_t unix_s);

/* The instant of a local time.
 * local_s   the wall clock read as if it were UTC, in seconds since 1970-01-01 00:00; of
 * the years 1 to 9999 offset_s  may be NULL; the offset that was used */
enum gw_local gw_zone_instant(const struct gw_zone *z, int64_t local_s, int64_t *unix_s,
                              int32_t *offset_s);
#endif
