/* admin.h - one question to a running gateway's admin socket (daemon/admin.h), for the command line.
 *
 * address   "ipc:///var/lib/karvan/admin.sock"
 * request   one JSON object
 * out       the answer's text is appended
 * Errors    GW_CLOSED nobody listens there within timeout_ms: no gateway runs on that directory;
 *           GW_AGAIN one does and has not answered within timeout_ms;  GW_IO GW_NOMEM */
#ifndef GW_CLIENT_ADMIN_H
#define GW_CLIENT_ADMIN_H
#include "base/buf.h"

GW_MUST_USE enum gw_error gw_admin_ask(const char *address, struct gw_slice request,
                                       int timeout_ms, struct gw_buf *out);
#endif
