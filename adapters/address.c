/* address.c - "host:port" as people write it. */
#include "adapters/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

enum gw_error gw_address_read(const char *text, struct gw_address *out)
{
    const char *colon = strrchr(text, ':');
    uint64_t port;
    if (!colon || colon == text || !gw_slice_uint(gw_slice_str(colon + 1), &port) ||
        port > 65535 ||
        !gw_slice_copy(gw_slice_str(colon + 1), out->port, sizeof out->port))
        return GW_FORMAT;
    struct gw_slice host = gw_slice(text, (size_t)(colon - text));
    bool bracketed = host.at[0] == '[' && host.at[host.len - 1] == ']';
    if (bracketed)
        host = gw_slice(host.at + 1, host.len - 2);
    else if (memchr(host.at, ':', host.len))
        return GW_FORMAT; /* an IPv6 number without brackets: which colon is the port's?
                           */
    return host.len && gw_slice_copy(host, out->host, sizeof out->host) ? GW_OK
                                                                        : GW_FORMAT;
}

enum gw_error gw_address_number(const struct gw_address *a, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    const char *host = strcmp(a->host, "*") == 0 ? "0.0.0.0" : a->host;
    uint16_t port = htons((uint16_t)strtoul(a->port, NULL, 10));
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = port;
        return GW_OK;
    }
    if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1)
        return GW_FORMAT;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    return GW_OK;
}

bool gw_address_is_loopback(const struct sockaddr_storage *a)
{
    if (a->ss_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24) == 127;
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}
