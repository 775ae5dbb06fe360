/* runner.h - one adapter of the host at work: its parts opened together, closed together.
 *
 *   source kind -> inlet -> spool -> feed -> uplink -> gateway
 *   sink kind  <- outlet <------------------ uplink <- gateway
 *
 * Each adapter fails alone: whatever one part cannot cope with closes all parts of this
 * adapter and opens them again after a pause that grows from host.retry_ms to
 * host.retry_max_ms.  The spool and .cursor make that safe at any moment.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_RUNNER_H
#define GW_ADAPTERS_RUNNER_H
#include "adapters/host_config.h"
#include "model/tree.h"
#include <uv.h>

struct gw_runner;

/* Begins at the loop's next turn.  Both are borrowed and outlive the runner.
 * Owns  the result is the caller's: gw_runner_free().  NULL: out of memory */
struct gw_runner *gw_runner_new(uv_loop_t *loop, const struct gw_host_config *host,
                                const struct gw_adapter_config *config);
/* Take nothing more; bring out what is gathered; wait for answers under way. */
void gw_runner_drain(struct gw_runner *r);
/* Nothing is under way any more; true also for an adapter that has failed. */
bool gw_runner_is_drained(const struct gw_runner *r);
/* Closes everything, waiting for nothing.  NULL is fine. */
void gw_runner_free(struct gw_runner *r);
/* The adapter's part of the status, into the map. */
void gw_runner_describe(struct gw_runner *r, struct gw_tree *t, uint32_t map);
/* It runs and the gateway takes its events. */
bool gw_runner_is_well(const struct gw_runner *r);
#endif
