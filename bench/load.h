/* load.h - the events that are measured with: about 300 bytes, 20 leaf values, each one
 * recognisable.
 *
 * An event says who made it (`id`: producer and number), when it should have left
 * (`ext.sent`, monotonic nanoseconds of this machine) and what it must contain
 * (`ext.sum`, a hash over id and content), so that a receiver proves for every single
 * event that it is whole, in order, and once. */
#ifndef GW_BENCH_LOAD_H
#define GW_BENCH_LOAD_H
#include "base/buf.h"
#include "model/facts.h"

#define GW_LOAD_FIELDS 20 /* leaf values of one event as it is sent */

struct gw_load {
    struct gw_buf
        bytes; /* one encoded event; number, sent and sum are patched in place */
    size_t id_at, sent_at, sum_at;
    uint32_t producer;
};

/* run: distinguishes this run's ids from those of earlier runs on the same journal. */
GW_MUST_USE enum gw_error gw_load_init(struct gw_load *l, uint32_t run,
                                       uint32_t producer);
void gw_load_deinit(struct gw_load *l);
/* The event with this number; valid until the next call. */
struct gw_slice gw_load_event(struct gw_load *l, uint64_t number, uint64_t sent_ns);

/* Make its container one of no scheme, so that any number of eleven characters may be
 * written over "CSQU3054383" in an event; false when it is not as expected.
 * gw_load_check() does not fit then. */
bool gw_load_free_container(struct gw_load *l);

/* What a receiver learns from a delivered event.  False: not ours, or not as it was sent.
 */
struct gw_load_seen {
    uint32_t producer;
    uint64_t number, sent_ns;
};
bool gw_load_check(struct gw_slice event, uint32_t run, struct gw_facts *scratch,
                   struct gw_load_seen *out);
#endif
