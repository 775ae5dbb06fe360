/* socket.h - one connection to a gateway: the door to ZeroMQ, and the one thing to wait
 * for.
 *
 * A link has one descriptor for its whole life, whatever sockets come and go behind it:
 * an epoll instance with the current socket's ZMQ_FD and an event descriptor for
 * gw_link_wake().
 *
 * Edge     ZMQ_FD reports changes, not states: gw_link_receive() has to be called until
 * it says GW_AGAIN, also after sending, before the descriptor may be waited for again.
 * Thread   one at a time, but for gw_link_wake(), which any thread and signal handler may
 * call. */
#ifndef GW_CLIENT_SOCKET_H
#define GW_CLIENT_SOCKET_H
#include "base/buf.h"
#include <karvan/client.h>

struct gw_link;

/* Takes what it needs of the options (endpoint, keys, times); they must outlive the link.
 * Owns  *out is the caller's: gw_link_free() */
GW_MUST_USE enum gw_error
gw_link_new(struct gw_link **out, const struct karvan_options *o, struct gw_text *why);
/* linger_ms: how long what was sent last (BYE) may take to leave. */
void gw_link_free(struct gw_link *l, int linger_ms);

/* A fresh socket, connecting in the background; the one before is closed, with all it
 * held. */
GW_MUST_USE enum gw_error gw_link_connect(struct gw_link *l, struct gw_text *why);
void gw_link_disconnect(struct gw_link *l);

/* Two frames, or one when the body is empty.  GW_AGAIN: no room;  GW_CLOSED: not
 * connected. */
GW_MUST_USE enum gw_error gw_link_send(struct gw_link *l, struct gw_slice header,
                                       struct gw_slice body);
/* GW_AGAIN: nothing there.  GW_FRAMES: a message of another form, thrown away. GW_CLOSED.
 * Owns  the slices live until the next gw_link_receive() or the end of the socket */
GW_MUST_USE enum gw_error gw_link_receive(struct gw_link *l, struct gw_slice *header,
                                          struct gw_slice *body);

/* What has happened to the connection itself since the last call; to be asked when there
 * is nothing to receive. Errors  GW_UNKNOWN_OPERATOR our key was turned away;
 * GW_NOT_ALLOWED it broke off before the keys were agreed on: most likely server_key is
 * not the gateway's;  GW_CLOSED it was lost */
GW_MUST_USE enum gw_error gw_link_trouble(struct gw_link *l);

int gw_link_fd(const struct gw_link *l);
/* Wait until something may have come, gw_link_wake() was called, or the time is up. */
void gw_link_wait(struct gw_link *l, int timeout_ms);
void gw_link_wake(struct gw_link *l);

/* A new CURVE pair in Z85; false when libzmq was built without it. */
bool gw_link_keypair(char public_key[41], char secret_key[41]);
#endif
