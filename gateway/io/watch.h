/* watch.h - who comes to a bound ZeroMQ socket, and who leaves it, by descriptor: its monitor, in a
 * loop.
 *
 * A connection comes when TCP does, before its handshake: that the handshake is done is told without
 * a descriptor.  It leaves before its descriptor is closed, so that one that is used again comes
 * after the one before it has left.
 *
 * Thread  the loop's. */
#ifndef GW_IO_WATCH_H
#define GW_IO_WATCH_H
#include "io/zsock.h"

struct gw_watch;
typedef void (*gw_watch_fn)(void *ctx, int fd);

/**
 * Before the socket is bound, so that nobody is missed.
 * zmq        the socket's context
 * watched    open until gw_watch_close()
 * Errors     GW_NOMEM;  GW_IO errno says why
 * Owns       *out is the caller's: gw_watch_close()
 */
GW_MUST_USE enum gw_error gw_watch_open(struct gw_watch **out, uv_loop_t *loop, void *zmq, void *watched,
                                        gw_watch_fn came, gw_watch_fn left, void *ctx);
/* Before the socket is closed.  NULL is fine. */
void gw_watch_close(struct gw_watch *w);
#endif
