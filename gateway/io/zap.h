/* zap.h - who may connect: ZeroMQ's authentication protocol (RFC 27/ZAP), answered in the gateway.
 *
 * The one place where a key becomes an operator.  A known key on an endpoint where its operator is
 * allowed is admitted with "operator/key" as User-Id (pipeline/identity.h), which ZeroMQ then
 * attaches to every message of the connection; everything else is turned away before a byte of it reaches a lane.
 * A plaintext endpoint belongs to exactly one operator, who is everybody there.
 *
 * Thread  the control loop's. */
#ifndef GW_IO_ZAP_H
#define GW_IO_ZAP_H
#include "io/zsock.h"
#include "pipeline/directory.h"

struct gw_zap;

/* Who is allowed where; borrowed, outlives the handler. */
struct gw_zap_endpoint {
    char name[GW_NAME_MAX + 1];
    bool plain;
    const char (*operators)[GW_NAME_MAX + 1]; /* none: every operator with a key */
    uint32_t operator_count;
};

/* Must be open before the first endpoint is bound.  Owns *out: gw_zap_close() */
GW_MUST_USE enum gw_error gw_zap_open(struct gw_zap **out, uv_loop_t *loop, void *zmq,
                                      const struct gw_zap_endpoint *endpoints, uint32_t count,
                                      struct gw_directory *directory);
/* New operators; takes a reference of its own. */
void gw_zap_directory(struct gw_zap *z, struct gw_directory *d);
/* Turn this operator's new connections away for some seconds; those there are stay.  Any thread. */
void gw_zap_banish(struct gw_zap *z, const char *operator);
uint64_t gw_zap_admitted(const struct gw_zap *z);
uint64_t gw_zap_refused(const struct gw_zap *z);
void gw_zap_close(struct gw_zap *z);
#endif
