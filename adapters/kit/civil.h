/* civil.h - a wall-clock time as a source wrote it, before anything is assumed about it.
 *
 * Every reader of dates (iso_time.h, EDIFACT's DTM) gives one; moment.h makes an instant
 * of it. */
#ifndef GW_ADAPTERS_KIT_CIVIL_H
#define GW_ADAPTERS_KIT_CIVIL_H
#include <stdbool.h>
#include <stdint.h>

enum gw_precision { GW_TO_MS, GW_TO_SECOND, GW_TO_MINUTE, GW_TO_HOUR, GW_TO_DAY };

enum gw_stated {
    GW_STATED_NOTHING, /* the zone has to be assumed */
    GW_STATED_OFFSET,  /* +05:00 */
    GW_STATED_UTC      /* Z, or a format that is UTC by definition */
};

struct gw_civil {
    int64_t local_ms; /* the wall clock read as if it were UTC, since 1970-01-01 00:00 */
    enum gw_precision precision;
    enum gw_stated stated;
    int16_t offset_min; /* east of UTC, -840 .. 840; 0 unless GW_STATED_OFFSET */
};
#endif
