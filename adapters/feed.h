/* feed.h - batches out of the spool to the gateway, in order, until they are
 * acknowledged.
 *
 * Agrees on numbers once per connection, keeps the client's window filled, writes what
 * the gateway refused to failed/<file>.refused.ndjson before it lets go of the batch.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_FEED_H
#define GW_ADAPTERS_FEED_H
#include "adapters/host_config.h"
#include "adapters/loop_timer.h"
#include "adapters/reason.h"
#include "base/log.h"

struct gw_feed_counts {
    uint64_t batches, accepted, duplicates, refused;
};

struct gw_feed {
    const struct gw_adapter_config *config;
    uv_loop_t *loop;
    struct gw_spool *spool;
    const int *failed; /* failed/, the inlet's */
    struct gw_feed_counts *counts;
    /* Batches were acknowledged: there may be room in the spool. */
    void (*moved)(void *user);
    /* It cannot go on: everything of the adapter is closed and opened again after a
     * pause. */
    void (*broken)(void *user, const char *why);
    void *user;

    struct karvan_client *client;
    bool agreed, stopped;
    uint64_t next;          /* number of the batch to hand over next */
    struct gw_buf refusals; /* struct refusal, of the batch being settled */
    struct gw_reason reason;
    struct gw_timer *save;
    struct gw_burst burst;
};

/* The caller has set the fields above `client`.  Errors GW_NOMEM */
GW_MUST_USE enum gw_error gw_feed_open(struct gw_feed *f, struct gw_text *why);
/* Also of {0}. */
void gw_feed_close(struct gw_feed *f);

/* A connection is ready: the numbers are compared.  reused: the gateway said on the last
 * one that it holds other content under ours. */
void gw_feed_ready(struct gw_feed *f, struct karvan_client *c, bool reused);
/* The connection went away. */
void gw_feed_lost(struct gw_feed *f);
/* Hand over what the client takes.  True: something was. */
bool gw_feed_pump(struct gw_feed *f);
/* From the client's callbacks. */
void gw_feed_refused(struct gw_feed *f, const struct karvan_refusal *r);
void gw_feed_acked(struct gw_feed *f, const struct karvan_ack *ack);
#endif
