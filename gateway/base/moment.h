/* moment.h - points in time as people write them: ISO 8601, UTC.  Pure functions, any
 * thread. */
#ifndef GW_BASE_MOMENT_H
#define GW_BASE_MOMENT_H
#include "base/slice.h"

/* 2026-11-24, 2026-11-24T01:43Z, 2026-11-24T01:43:05Z, 2026-11-24T01:43:05.123Z: nothing
 * else, and always UTC.  Units  *ms Unix milliseconds, set when true is returned */
bool gw_moment_read(struct gw_slice text, int64_t *ms);
#endif
