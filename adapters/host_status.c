/* host_status.c - the host's local socket. */
#include "adapters/host_status.h"
#include "model/json.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES (4u << 20)
#define ASKERS       16 /* at a time; more wait in the queue of the socket */
#define PATIENCE_S   5

static const struct gw_budget budget = {ANSWER_BYTES, 8, 32768, 1024};

struct gw_status {
    uv_pipe_t *server; /* on the heap: the loop lets go of it later than we do */
    struct gw_host *host;
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    struct gw_tree tree;
    struct asker *askers; /* those that have not got everything yet */
    unsigned count;
};

struct asker {
    uv_pipe_t pipe;
    uv_write_t write;
    struct gw_status *status; /* NULL once that is closed */
    struct asker *next;
    struct gw_buf answer;
};

/* ---- answering ---- */

static void forget(struct asker *a)
{
    struct gw_status *s = a->status;
    for (struct asker **at = s ? &s->askers : NULL; at && *at; at = &(*at)->next)
        if (*at == a) {
            *at = a->next;
            s->count--;
            break;
        }
    a->status = NULL;
}

static void on_asker_closed(uv_handle_t *h)
{
    struct asker *a = h->data;
    forget(a);
    gw_buf_deinit(&a->answer);
    free(a);
}

static void hang_up(struct asker *a)
{
    if (!uv_is_closing((uv_handle_t *)&a->pipe))
        uv_close((uv_handle_t *)&a->pipe, on_asker_closed);
}

static void on_written(uv_write_t *w, int status)
{
    (void)status;
    hang_up(w->data);
}

static bool make_answer(struct gw_status *s, struct gw_buf *out)
{
    uint32_t root = gw_tree_root(&s->tree);
    if (!gw_host_describe(s->host, &s->tree, root) || gw_json_write(&s->tree, root, out))
        return false;
    gw_buf_byte(out, '\n');
    return !gw_buf_status(out);
}

static void answer(struct asker *a)
{
    gw_buf_init(&a->answer, ANSWER_BYTES);
    if (!make_answer(a->status, &a->answer)) {
        hang_up(a);
        return;
    }
    uv_buf_t b = uv_buf_init((char *)a->answer.at, (unsigned)a->answer.len);
    a->write.data = a;
    if (uv_write(&a->write, (uv_stream_t *)&a->pipe, &b, 1, on_written))
        hang_up(a);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct gw_status *s = server->data;
    struct asker *a = s && status == 0 ? calloc(1, sizeof *a) : NULL;
    if (!a)
        return;
    (void)uv_pipe_init(server->loop, &a->pipe, 0);
    a->pipe.data = a;
    if (s->count < ASKERS) {
        a->status = s;
        a->next = s->askers;
        s->askers = a;
        s->count++;
    }
    if (uv_accept(server, (uv_stream_t *)&a->pipe) || !a->status)
        hang_up(a);
    else
        answer(a);
}

/* ---- life ---- */

static int connect_to(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !gw_slice_copy(gw_slice_str(path), at.sun_path, sizeof at.sun_path)) {
        if (fd >= 0)
            close(fd);
        errno = ENAMETOOLONG;
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&at, sizeof at)) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

/* A socket of a host that was killed answers nobody. */
static enum gw_error make_way(const char *path, struct gw_text *why)
{
    struct stat st;
    if (lstat(path, &st))
        return GW_OK;
    int fd = connect_to(path);
    if (fd >= 0) {
        close(fd);
        gw_text_set(
            why, "%s: another host answers there: give each its own status_socket", path);
        return GW_EXISTS;
    }
    if (!S_ISSOCK(st.st_mode) || (errno != ECONNREFUSED && errno != ENOENT) ||
        (unlink(path) && errno != ENOENT)) {
        gw_text_set(why, "%s: is there already and no socket of ours: remove it", path);
        return GW_IO;
    }
    return GW_OK;
}

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static enum gw_error listen_at(struct gw_status *s, uv_loop_t *loop, struct gw_text *why)
{
    s->server = calloc(1, sizeof *s->server);
    if (!s->server)
        return GW_NOMEM;
    (void)uv_pipe_init(loop, s->server, 0);
    s->server->data = s;
    int e = uv_pipe_bind(s->server, s->path);
    if (!e)
        e = uv_listen((uv_stream_t *)s->server, ASKERS, on_connection);
    if (!e)
        return GW_OK;
    gw_text_set(why, "%s: %s: choose another status_socket", s->path, uv_strerror(e));
    return GW_IO;
}

enum gw_error gw_status_open(struct gw_status **out, uv_loop_t *loop, const char *path,
                             struct gw_host *host, struct gw_text *why)
{
    struct gw_status *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return GW_NOMEM;
    s->host = host;
    enum gw_error e = make_way(path, why);
    if (!e && !gw_slice_copy(gw_slice_str(path), s->path, sizeof s->path)) {
        gw_text_set(why, "%s: is too long for a socket", path);
        e = GW_RANGE;
    }
    if (!e)
        e = gw_tree_init(&s->tree, &budget);
    if (!e)
        e = listen_at(s, loop, why);
    if (!e)
        *out = s;
    else {
        s->path[0] = 0; /* not ours */
        gw_status_close(s);
    }
    return e;
}

void gw_status_close(struct gw_status *s)
{
    struct asker *next;
    if (!s)
        return;
    for (struct asker *a = s->askers; a; a = next) {
        next = a->next;
        a->status = NULL;
        hang_up(a);
    }
    if (s->server) {
        s->server->data = NULL;
        uv_close((uv_handle_t *)s->server, on_closed);
    }
    if (s->path[0])
        (void)unlink(s->path);
    gw_tree_deinit(&s->tree);
    free(s);
}

/* ---- asking ---- */

static enum gw_error read_answer(int fd, struct gw_buf *out)
{
    for (;;) {
        uint8_t *to = gw_buf_reserve(out, 65536);
        ssize_t n = to ? read(fd, to, 65536) : -1;
        if (n < 0 && to && errno == EINTR)
            continue;
        if (n < 0)
            return to ? GW_IO : GW_NOMEM;
        if (n == 0)
            return out->len ? GW_OK : GW_IO;
        gw_buf_advance(out, (size_t)n);
    }
}

enum gw_error gw_status_ask(const char *path, struct gw_buf *out)
{
    int fd = connect_to(path);
    if (fd < 0)
        return errno == ENOENT || errno == ECONNREFUSED ? GW_NOT_FOUND : GW_IO;
    enum gw_error e = read_answer(fd, out);
    close(fd);
    return e;
}
