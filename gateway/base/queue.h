/* queue.h - a bounded queue of pointers between threads: many may push, one takes.
 *
 * The hand-over between lanes and the journal's writer.  It holds pointers to whole batches, a few
 * thousand a second, so a mutex costs nothing that could be measured.  Waking the taker is the
 * caller's: uv_async_send() for a loop, gw_queue_wait() for a plain thread. */
#ifndef GW_BASE_QUEUE_H
#define GW_BASE_QUEUE_H
#include <karvan/error.h>
#include <stdbool.h>
#include <stdint.h>

struct gw_queue;

/* Owns  *out is the caller's; gw_queue_free().  capacity: 1 .. 2^20 pointers. */
GW_MUST_USE enum gw_error gw_queue_new(struct gw_queue **out, uint32_t capacity);
/* Does not free what is still queued; take it out first.  NULL is fine. */
void gw_queue_free(struct gw_queue *q);
/* GW_AGAIN when full, GW_CLOSED after close; the pointer stays the caller's then. */
GW_MUST_USE enum gw_error gw_queue_push(struct gw_queue *q, void *item);
/* The same, but GW_AGAIN already when fewer than `spare` places would stay free: for pushes that may
 * be left out, so that those that may not always find room. */
GW_MUST_USE enum gw_error gw_queue_push_spare(struct gw_queue *q, void *item, uint32_t spare);
/* Take up to `max` pointers without waiting; returns how many. */
uint32_t gw_queue_take(struct gw_queue *q, void **out, uint32_t max);
/* Wait until something is queued, the queue is closed, or timeout_ms passed (< 0: for ever).
 * False when closed and empty. */
bool gw_queue_wait(struct gw_queue *q, int timeout_ms);
/* No more pushes; wakes the waiter. */
void gw_queue_close(struct gw_queue *q);
#endif
