/* host_status.h - the host's local socket: whoever connects is sent the status, one line
 * of JSON.
 *
 * Thread  that of the loop; gw_status_ask() is for another process. */
#ifndef GW_ADAPTERS_HOST_STATUS_H
#define GW_ADAPTERS_HOST_STATUS_H
#include "adapters/host.h"
#include <uv.h>

struct gw_status;

/* path: of the socket; one left over by a host that was killed is replaced.
 * Owns    *out is the caller's: gw_status_close()
 * Errors  GW_EXISTS another host answers there;  GW_IO GW_NOMEM; why: what to change */
GW_MUST_USE enum gw_error gw_status_open(struct gw_status **out, uv_loop_t *loop,
                                         const char *path, struct gw_host *host,
                                         struct gw_text *why);
/* Removes the socket.  NULL is fine. */
void gw_status_close(struct gw_status *s);

/* Ask a running host, waiting at most a few seconds.
 * Errors  GW_NOT_FOUND nobody answers there;  GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_status_ask(const char *path, struct gw_buf *out);
#endif
