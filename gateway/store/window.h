/* window.h - the ids of the newest events: hash -> seq, in memory, rebuilt when a store is opened.
 *
 * Every event takes its place in order of seq; the oldest is forgotten when the window is full.  A
 * match is a hint: 64-bit hashes can collide, so the caller compares the events themselves.
 *
 * Memory  about 24 bytes for each event of the window, taken at init
 * Thread  one */
#ifndef GW_STORE_WINDOW_H
#define GW_STORE_WINDOW_H
#include <stdbool.h>
#include <stdint.h>
#include <karvan/error.h>

struct gw_window;

/* size: events remembered; 0 is allowed.  slack: how many more may be added before
 * gw_window_settle() forgets the oldest, so that what a failed commit added can be taken back with
 * nothing lost.  next: seq the first one added will have. */
GW_MUST_USE enum gw_error gw_window_new(struct gw_window **out, uint32_t size, uint32_t slack,
                                        uint64_t next);
void gw_window_free(struct gw_window *w);

/* Fetch what a look-up of `hash` will need; call it for a whole batch before the look-ups. */
void gw_window_prefetch(const struct gw_window *w, uint64_t hash);
/* Iterate over the seqs with this hash, oldest place first: start with *place 0.  0 at the end. */
uint64_t gw_window_find(const struct gw_window *w, uint64_t hash, uint64_t *place);
/* Add the next event.  seq must be the one behind the last; hash 0 takes the place of an event
 * whose id is not known. */
void gw_window_add(struct gw_window *w, uint64_t hash, uint64_t seq);
/* Take back every event from `seq` on. */
void gw_window_cut(struct gw_window *w, uint64_t seq);
/* Forget every event before `seq`. */
void gw_window_forget(struct gw_window *w, uint64_t seq);
/* Forget what is beyond the size. */
void gw_window_settle(struct gw_window *w);
#endif
