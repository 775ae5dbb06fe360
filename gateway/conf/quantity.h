/* quantity.h - numbers with units as people write them: "16 MiB", "250 ms", "4096".
 *
 * Pure functions, any thread. */
#ifndef GW_CONF_QUANTITY_H
#define GW_CONF_QUANTITY_H
#include "base/buf.h"

/**
 * Read a whole number of `unit`.
 *
 * text   digits, then optionally blanks and a unit of the same family; a bare number is
 * in `unit` unit   "B" (takes B KiB MiB GiB TiB), "us" "ms" "s" "min" "h" "d" (each takes
 * all of these), or anything else ("%", ""): then only a bare number is taken out    set
 * on GW_OK Errors GW_FORMAT no number, fraction, or no such unit;  GW_RANGE beyond 63
 * bits, or not a whole number of `unit`: "1500 us" where ms are counted
 */
GW_MUST_USE enum gw_error gw_quantity_read(const char *text, const char *unit,
                                           int64_t *out);
/* Append in the largest unit that holds it exactly: 65536 "B" as "64 KiB", 90000 "ms" as
 * "90 s". */
void gw_quantity_write(int64_t value, const char *unit, struct gw_buf *out);
/* The units that may be written where `unit` is counted: "B, KiB, MiB, GiB or TiB"; "" if
 * none. */
const char *gw_quantity_units(const char *unit);
#endif
