/* clock.h - time as the rest of the code sees it: handed in, so that tests and simulations own it.
 *
 * Points in time are Unix milliseconds UTC; durations are measured on the monotonic clock. */
#ifndef GW_BASE_CLOCK_H
#define GW_BASE_CLOCK_H
#include "base/slice.h"

struct gw_clock {
    int64_t (*wall_ms)(void *ctx); /* Unix ms, UTC */
    int64_t (*mono_ns)(void *ctx); /* never steps back */
    void *ctx;
};

extern const struct gw_clock gw_clock_system;

static inline int64_t gw_now_ms(const struct gw_clock *c)
{
    return c->wall_ms(c->ctx);
}
static inline int64_t gw_mono_ns(const struct gw_clock *c)
{
    return c->mono_ns(c->ctx);
}

/* "2026-11-24T01:43:05.000Z" (25 bytes with the end); years 1 .. 9999, else "?". */
void gw_time_iso(int64_t ms, char out[25]);
/* Days since 1970-01-01 of a proleptic Gregorian date; month 1..12, day 1..31 unchecked. */
int64_t gw_days_from_civil(int year, int month, int day);
/* True for a date that exists. */
bool gw_date_valid(int year, int month, int day);
#endif
