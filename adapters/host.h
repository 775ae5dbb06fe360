/* host.h - `karvan-adapter run`: all adapters of one file in one process, on one libuv
 * loop. */
#ifndef GW_ADAPTERS_HOST_H
#define GW_ADAPTERS_HOST_H
#include "adapters/host_config.h"
#include "model/tree.h"

struct gw_host;

/* Runs until SIGTERM or SIGINT, then drains for at most host.drain_ms and leaves.  A
 * second signal leaves at once. Errors  GW_NOMEM GW_IO (the loop, the status socket):
 * nothing was started; why: what to change */
GW_MUST_USE enum gw_error gw_host_run(const struct gw_host_config *config,
                                      struct gw_text *why);

/* For host_status.c: the whole status, one JSON object; false: no memory. */
bool gw_host_describe(struct gw_host *h, struct gw_tree *t, uint32_t root);
#endif
