/* zsock.h - a ZeroMQ socket in a libuv loop; the only file that knows that ZMQ_FD is edge-triggered.
 *
 * ZMQ_FD becomes readable once when something changed, not as long as there is something; and any
 * send or receive may swallow the edge.  So ZMQ_EVENTS is read again before the loop sleeps
 * (prepare) and after it woke (check), and an idle handle keeps the loop from sleeping while messages
 * wait.  Who sends in a prepare callback of its own ends it with gw_zsock_settle(): libuv calls the
 * prepare handle that was started last first, so that ours may have looked before those sends.
 * One turn takes a bounded number of messages and bytes, so that no socket starves another.
 *
 * Thread  the loop's. */
#ifndef GW_IO_ZSOCK_H
#define GW_IO_ZSOCK_H
#include <uv.h>
#include "base/slice.h"
#include <karvan/error.h>

#define GW_ZFRAMES 8 /* frames of a message that are kept; further ones are counted only */

/* One message, valid during the callback. */
struct gw_zmessage {
    struct gw_slice frame[GW_ZFRAMES];
    unsigned frames;  /* all of them, also beyond GW_ZFRAMES */
    const char *user; /* ZAP User-Id of the peer, "" when there is none */
};

struct gw_zsock;
typedef void (*gw_zsock_fn)(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m);

struct gw_zsock_budget {
    uint32_t messages; /* taken in one turn of the loop */
    uint32_t bytes;
};

/**
 * Put an open ZeroMQ socket into the loop.
 * zmq    taken: closed by gw_zsock_close()
 * Owns   *out is the caller's; gw_zsock_close()
 */
GW_MUST_USE enum gw_error gw_zsock_open(struct gw_zsock **out, uv_loop_t *loop, void *zmq,
                                        struct gw_zsock_budget budget, gw_zsock_fn on_message,
                                        void *ctx);
/* The descriptor of the connection that the message m in hand came by, as it was then; -1: none.  Only
 * in on_message. */
int gw_zsock_source(struct gw_zsock *z, const struct gw_zmessage *m);
/* The address at the other end; "" for one of the same machine's file system (ipc).  False: `fd` is no
 * connection (any more). */
bool gw_zsock_address(int fd, char *out, size_t size);
/* Shut the connection that the message m in hand came by; only in on_message.  Its end comes in its own
 * time.  Nothing happens when its descriptor is another one's by now, as far as can be told. */
void gw_zsock_cut(struct gw_zsock *z, const struct gw_zmessage *m);
/* Freed once the loop has run its close callbacks.  NULL is fine. */
void gw_zsock_close(struct gw_zsock *z);

/* Send frames as one message, never waiting.
 * Errors  GW_AGAIN high-water mark;  GW_CLOSED no such peer (ROUTER_MANDATORY);  GW_IO */
GW_MUST_USE enum gw_error gw_zsock_send(struct gw_zsock *z, const struct gw_slice *frames,
                                        unsigned count);
/* The last word before the loop sleeps: is there anything to read?  NULL is fine. */
void gw_zsock_settle(struct gw_zsock *z);
#endif
