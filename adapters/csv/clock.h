/* clock.h - times by a declared pattern. */
#ifndef GW_ADAPTERS_CSV_CLOCK_H
#define GW_ADAPTERS_CSV_CLOCK_H
#include "adapters/kit/civil.h"
#include "base/buf.h"

/**
 * Read a whole text by a pattern.
 *
 * pattern  YYYY YY MM DD hh mm ss SSS (milliseconds) ZZ (+05:00, +0500, Z), all else as
 * it stands; or iso (kit/iso_time.h), epoch-s, epoch-ms Errors   GW_FORMAT it does not
 * follow the pattern;  GW_RANGE no such date or time
 */
GW_MUST_USE enum gw_error gw_csv_time(struct gw_slice text, const char *pattern,
                                      struct gw_civil *out);
/* Can times be written and read by it?  Year, month and day are needed. */
bool gw_csv_pattern_good(const char *pattern);
/* The other way, for all patterns but iso.  offset_min: of the wall clock to write.
 * Appends to `out`. */
void gw_csv_time_text(int64_t unix_ms, int offset_min, const char *pattern,
                      struct gw_buf *out);
#endif
