/* table.h - the routing table: of an event, the subscriptions that asked for it and may
 * have it, and how much of it, in one look-up.
 *
 * The index behind it is immutable and swapped whole; what was added since waits in a
 * short list that is looked through one by one.  The index is built anew when that list
 * (or the number of those removed) grows beyond a fraction of it, or has been looked through
 * often enough, so that thousands of subscriptions coming one after the other cost no more
 * than a few builds, and those that stay cost nothing.
 *
 * Thread  one at a time: the lane's. */
#ifndef GW_PIPELINE_TABLE_H
#define GW_PIPELINE_TABLE_H
#include "pipeline/route.h"

struct gw_table;

#define GW_SLOT_NONE UINT32_MAX

GW_MUST_USE enum gw_error gw_table_new(struct gw_table **out);
void gw_table_free(struct gw_table *t);

/**
 * A subscription joins.
 *
 * who      handed back by gw_table_route(); not NULL
 * operator index of the receiver in the directory that events are routed by
 * filter   outlives its stay
 * slot     its number in the table
 * Errors   GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_table_add(struct gw_table *t, void *who, uint32_t operator,
                                       const struct gw_filter * filter, uint32_t *slot);
void gw_table_remove(struct gw_table *t, uint32_t slot);
/* The operators' numbers changed: say the new one of every subscription, then
 * gw_table_settle(). */
void gw_table_renumber(struct gw_table *t, uint32_t slot, uint32_t operator);
/* Index what is not indexed yet: when there is time.  Nothing changes for lack of memory.
 */
void gw_table_settle(struct gw_table *t);
uint32_t gw_table_count(const struct gw_table *t);

/* What the filters need to know of an event, for gw_facts_read_rows(); perhaps more, where some have
 * left. */
uint64_t gw_table_reads(const struct gw_table *t);

/**
 * Call `match` once for every subscription that gets the event.
 *
 * g       gw_grants_read() of this event
 * shown   the fields this receiver may see; valid during the call
 */
void gw_table_route(struct gw_table *t, const struct gw_grants *g,
                    const struct gw_facts *f,
                    void (*match)(void *ctx, void *who, const struct gw_mask *shown),
                    void *ctx);
#endif
