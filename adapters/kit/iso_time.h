/* iso_time.h - ISO 8601, RFC 3339 and xs:dateTime text to a wall-clock time.
 *
 * Pure functions, any thread, no locale.
 * Source  ISO 8601-1:2019 calendar dates in extended and basic form; RFC 3339 (T, t or a
 *         blank between date and time); XML Schema 1.1 part 2, dateTime, date */
#ifndef GW_ADAPTERS_KIT_ISO_TIME_H
#define GW_ADAPTERS_KIT_ISO_TIME_H
#include "adapters/kit/civil.h"
#include "base/slice.h"
#include <karvan/error.h>

/**
 * Read a whole text as one date or date and time.
 *
 *   date      2026-11-24  20261124            precision: day
 *   and time  T14  T14:05  T1405  T14:05:09  T14:05:09.123456  (comma too)
 *   and zone  Z  +05:00  +0500  +05  (behind the time, or the date as in xs:date)
 *
 * Blanks around the text are passed over.  A fraction is cut after milliseconds.  24:00
 * is the next day's midnight (xs:dateTime), second 60 the next minute's first (a leap
 * second has no number of its own in Unix time).  -00:00 is UTC (RFC 3339).
 *
 * out     set on GW_OK
 * Errors  GW_FORMAT no such text;  GW_RANGE no such date, time or offset; years 1 .. 9999
 */
GW_MUST_USE enum gw_error gw_iso_time(struct gw_slice text, struct gw_civil *out);

/* The other way: "2026-11-24T14:05:09.123+05:00"; with `utc`, "...Z".  offset_min is
 * ignored then.  Milliseconds are left out when they are 0.
 * Errors  GW_RANGE outside the years 1 .. 9999, or the offset outside -840 .. 840 */
#define GW_ISO_TIME_SIZE 32
GW_MUST_USE enum gw_error gw_iso_time_text(int64_t unix_ms, int offset_min, bool utc,
                                           char out[GW_ISO_TIME_SIZE]);

/* The same, with milliseconds exactly when the precision is GW_TO_MS, or there are some.
 */
GW_MUST_USE enum gw_error gw_iso_time_exact(int64_t unix_ms, int offset_min, bool utc,
                                            enum gw_precision precision,
                                            char out[GW_ISO_TIME_SIZE]);
#endif
