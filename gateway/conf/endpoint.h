/* endpoint.h - the list `endpoints:` of config/gateway.yaml.  Pure functions, any thread.
 */
#ifndef GW_CONF_ENDPOINT_H
#define GW_CONF_ENDPOINT_H
#include "conf/settings.h"

/**
 * Read the list into `out`; absent gives one curve endpoint "main" for all operators, on
 * port 7400 of every interface.
 *
 * dir     directory that a relative ipc path starts at
 * Errors  GW_FORMAT GW_RANGE GW_EXISTS; *c says where, what and what to do
 */
GW_MUST_USE enum gw_error gw_endpoints_read(struct gw_ynode list, const char *dir,
                                            struct gw_settings *out,
                                            struct gw_complaint *c);

/* Can only processes of this machine reach it?  tcp on 127.x.x.x, [::1] or localhost, or
 * ipc. */
bool gw_address_is_local(const char *address);
#endif
