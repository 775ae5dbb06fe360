/* admin.c - REQ to the gateway's admin socket. */
#include "client/admin.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

/* Does anybody listen there?  A gateway that stands still (its disk does, or its machine) listens, though
 * it does not even shake hands. */
static bool is_there(const char *address)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct gw_slice path = gw_slice_str(address);
    bool there = false;
    int fd;
    if (!gw_slice_starts(path, GW_LIT("ipc://")) ||
        !gw_slice_copy(gw_slice(path.at + 6, path.len - 6), a.sun_path, sizeof a.sun_path))
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    there = connect(fd, (struct sockaddr *)&a, sizeof a) == 0 || errno == EAGAIN;
    (void)close(fd);
    return there;
}

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
    return e == GW_CLOSED && is_there(address) ? GW_AGAIN : e;
}
