/* admin.c - REQ to the gateway's admin socket. */
#include "client/admin.h"
#include <errno.h>
#include <zmq.h>

static enum gw_error exchange(void *socket, struct gw_slice request, struct gw_buf *out)
{
    zmq_msg_t answer;
    enum gw_error e = GW_OK;
    if (zmq_send(socket, request.at, request.len, 0) < 0)
        return errno == EAGAIN ? GW_CLOSED : GW_IO;
    zmq_msg_init(&answer);
    if (zmq_msg_recv(&answer, socket, 0) < 0)
        e = errno == EAGAIN ? GW_AGAIN : GW_IO;
    else
        gw_buf_add(out, zmq_msg_data(&answer), zmq_msg_size(&answer));
    zmq_msg_close(&answer);
    return e ? e : gw_buf_status(out);
}

enum gw_error gw_admin_ask(const char *address, struct gw_slice request, int timeout_ms,
                           struct gw_buf *out)
{
    void *context = zmq_ctx_new(), *socket = context ? zmq_socket(context, ZMQ_REQ) : NULL;
    int none = 0, yes = 1;
    enum gw_error e = GW_IO;

    if (socket && !zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) &&
        !zmq_setsockopt(socket, ZMQ_IMMEDIATE, &yes, sizeof yes) &&
        !zmq_setsockopt(socket, ZMQ_SNDTIMEO, &timeout_ms, sizeof timeout_ms) &&
        !zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms) &&
        !zmq_connect(socket, address))
        e = exchange(socket, request, out);
    if (socket)
        zmq_close(socket);
    if (context)
        zmq_ctx_term(context);
    return e;
}
