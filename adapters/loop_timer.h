/* loop_timer.h - a libuv timer that may be freed at any moment, also from its own
 * callback.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_LOOP_TIMER_H
#define GW_ADAPTERS_LOOP_TIMER_H
#include <stdint.h>
#include <uv.h>

struct gw_timer;

/* run: called on the loop when the time has come, with `user`.
 * Owns  the result is the caller's: gw_timer_free().  NULL: out of memory */
struct gw_timer *gw_timer_new(uv_loop_t *loop, void (*run)(void *user), void *user);
/* Once, in ms milliseconds (0: the loop's next turn); replaces what was set before. */
void gw_timer_in(struct gw_timer *t, uint64_t ms);
/* The same, unless it is to run sooner already. */
void gw_timer_within(struct gw_timer *t, uint64_t ms);
void gw_timer_stop(struct gw_timer *t);
/* NULL is fine. */
void gw_timer_free(struct gw_timer *t);
#endif
