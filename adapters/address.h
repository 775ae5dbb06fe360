/* address.h - "host:port" as people write it.  Pure functions, any thread. */
#ifndef GW_ADAPTERS_ADDRESS_H
#define GW_ADAPTERS_ADDRESS_H
#include "base/slice.h"
#include <karvan/error.h>
#include <sys/socket.h>

struct gw_address {
    char host[112]; /* a name or a number, without brackets */
    char port[6];   /* digits, 0 .. 65535 */
};

/* "name:7400", "127.0.0.1:0", "[::1]:80", "*:80".  Errors  GW_FORMAT */
GW_MUST_USE enum gw_error gw_address_read(const char *text, struct gw_address *out);
/* For listening: a number, or * for every address.  Errors  GW_FORMAT a name */
GW_MUST_USE enum gw_error gw_address_number(const struct gw_address *a,
                                            struct sockaddr_storage *out);
/* Only this machine reaches it. */
bool gw_address_is_loopback(const struct sockaddr_storage *a);
#endif
