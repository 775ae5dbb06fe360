/* time_format.h - how an operator writes points in time, compiled.
 *
 *   epoch-s epoch-ms   a number since 1970-01-01 UTC; epoch-s may have a fraction
 *   iso8601            2026-11-24T13:05:07.250+05:00; without offset it is local; T may
 * be a blank, - and : may be left out, so may be the time from the end on a pattern
 * "dd.MM.yyyy HH:mm": yyyy yy MM M MMM (Jan .. Dec) dd d HH H mm ss SSS,
 *                      XXX (Z, +05:00, +0500, +05), 'text', and other characters as they
 * are
 *
 * Pure functions, any thread.
 * Source  letters: Unicode TR 35 part 4, date field symbols; ISO 8601-1:2019 */
#ifndef GW_PIPELINE_TIME_FORMAT_H
#define GW_PIPELINE_TIME_FORMAT_H
#include "base/slice.h"
#include <karvan/error.h>

#define GW_TIME_TOKENS 24

enum gw_time_kind { GW_TIME_EPOCH_S, GW_TIME_EPOCH_MS, GW_TIME_ISO, GW_TIME_PATTERN };

struct gw_time_format {
    enum gw_time_kind kind;
    uint8_t count,
        split; /* tokens; number of the first one behind the first blank, or count */
    struct {
        char letter;  /* y M d H m s S X; or 'L': literal */
        char literal; /* of 'L' */
        uint8_t width;
    } tokens[GW_TIME_TOKENS];
};

/* What a text says: the wall clock as written, and the offset if there is one. */
struct gw_moment {
    int64_t local_ms; /* the wall clock read as if it were UTC */
    int offset_min;   /* with `zoned` */
    bool zoned;       /* the text carries an offset */
    bool utc;         /* ... which is Z, or the format is an epoch */
    char finest;      /* letter of the smallest part given: d H m s S */
};

/* Errors  GW_FORMAT an unknown letter, a part twice, no day of a year;  GW_RANGE too long
 */
GW_MUST_USE enum gw_error gw_time_format_compile(struct gw_time_format *out,
                                                 struct gw_slice text);
/**
 * Read one text.
 *
 * date   the text, blanks around it removed
 * clock  the time of day where it stands in a field of its own: the tokens behind the
 * pattern's first blank are read from it; else empty.  Patterns only Errors GW_TIME the
 * text does not follow the format, or there is no such date or time
 */
GW_MUST_USE enum gw_error gw_time_format_read(const struct gw_time_format *f,
                                              struct gw_slice date, struct gw_slice clock,
                                              struct gw_moment *out);
/* The same of a number; epochs only.  GW_TIME otherwise, or outside of
 * the schema's years 2000 to 2100: so seconds and milliseconds can be told from each
 * other. */
GW_MUST_USE enum gw_error gw_time_format_number(const struct gw_time_format *f,
                                                double value, struct gw_moment *out);
#endif
