/* resolve.h - names to addresses without holding up the loop.  Thread  that of the loop.
 */
#ifndef GW_ADAPTERS_RESOLVE_H
#define GW_ADAPTERS_RESOLVE_H
#include <sys/socket.h>
#include <uv.h>

struct gw_resolve;

/* Ask for host and port.  done: called once, later; at is NULL with words in `why` when
 * there is no such host.  socktype: SOCK_STREAM or SOCK_DGRAM. Owns  the result until
 * done is called, or gw_resolve_cancel().  NULL: out of memory */
struct gw_resolve *
gw_resolve_begin(uv_loop_t *loop, const char *host, const char *port, int socktype,
                 void (*done)(void *user, const struct sockaddr *at, const char *why),
                 void *user);
/* done is not called any more.  NULL is fine. */
void gw_resolve_cancel(struct gw_resolve *r);
#endif
