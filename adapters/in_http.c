/* in_http.c - messages as requests to a webhook: POST with a token, 202 once it is in the
 * spool.
 *
 * The door to libmicrohttpd: it hands over a request's head before it reads the body, so
 * that nothing of a stranger's body is ever read; its work stands behind one epoll
 * descriptor, which the loop watches; and it brings TLS.
 *
 *   202  safe in the spool, also when it was taken before        401  no token, or a
 * wrong one 404  another path          405  neither POST nor PUT         413  larger than
 * max_bytes 422  refused; the body says why (and failed/ keeps it)       503  no room
 * now: Retry-After
 *
 * A header Idempotency-Key tells messages with the same bytes apart; without it the same
 * bytes are the same message. */
#include "adapters/address.h"
#include "adapters/files.h"
#include "adapters/loop_timer.h"
#include "adapters/secret_file.h"
#include "adapters/source_kind.h"
#include "base/clock.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#define CONNECTIONS   64
#define SILENCE_S     30 /* a connection that says nothing for this long is closed */
#define HELD_TIMES    4  /* bodies in memory together: so many times max_bytes */
#define RETRY_AFTER   "5"
#define TLS_FILE_MOST (1u << 20)

struct in_http {
    struct gw_inlet *in;
    struct MHD_Daemon *daemon;
    uv_poll_t *poll; /* on the heap: the loop lets go of it later than we do */
    struct gw_timer *timer;
    struct gw_burst burst;
    char token[GW_SECRET_MOST];
    struct gw_buf cert, key;
    size_t most, held; /* bytes of one body; of all that are being read */
    uint64_t turned_away;
};

struct request {
    struct in_http *h;
    struct gw_buf body;
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status,
                              struct gw_slice body)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    if (!r)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Content-Type", "application/json");
    if (status == MHD_HTTP_UNAUTHORIZED)
        (void)MHD_add_response_header(r, "WWW-Authenticate", "Bearer");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        (void)MHD_add_response_header(r, "Allow", "POST, PUT");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        (void)MHD_add_response_header(r, "Retry-After", RETRY_AFTER);
    enum MHD_Result result = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return result;
}

/* ---- the head ---- */

static const char *header(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static bool has_token(const struct in_http *h, struct MHD_Connection *c)
{
    struct gw_slice given = gw_slice_str(header(c, "Authorization"));
    if (given.len < 7 || strncasecmp((const char *)given.at, "Bearer ", 7) != 0)
        return false;
    return gw_secret_is(h->token, gw_slice(given.at + 7, given.len - 7));
}

static bool is_too_large(const struct in_http *h, struct MHD_Connection *c)
{
    const char *text = header(c, "Content-Length");
    uint64_t n = 0;
    return *text && (!gw_slice_uint(gw_slice_str(text), &n) || n > h->most);
}

/* 0: the body may come. */
static unsigned judge(struct in_http *h, struct MHD_Connection *c, const char *url,
                      const char *method)
{
    if (!has_token(h, c))
        return MHD_HTTP_UNAUTHORIZED;
    if (strcmp(url, h->in->config->source.net.path) != 0)
        return MHD_HTTP_NOT_FOUND;
    if (strcmp(method, "POST") != 0 && strcmp(method, "PUT") != 0)
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    if (is_too_large(h, c))
        return MHD_HTTP_CONTENT_TOO_LARGE;
    if (h->held >= HELD_TIMES * h->most || !gw_inlet_has_room(h->in))
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    return 0;
}

static void tell_turned_away(struct in_http *h, unsigned status)
{
    uint64_t missed;
    h->turned_away++;
    if (gw_burst_due(&h->burst, gw_now_ms(&gw_clock_system), 60000, &missed))
        gw_log(GW_WARN, "http.turned_away", "adapter=%s status=%u unreported=%" PRIu64,
               h->in->config->name, status, missed);
}

static enum MHD_Result begin(struct in_http *h, struct MHD_Connection *c, const char *url,
                             const char *method, struct request **out)
{
    unsigned status = judge(h, c, url, method);
    if (status) {
        tell_turned_away(h, status);
        return answer(c, status, gw_slice_str("{}\n"));
    }
    *out = calloc(1, sizeof **out);
    if (!*out)
        return MHD_NO;
    (*out)->h = h;
    gw_buf_init(&(*out)->body, h->most);
    return MHD_YES;
}

/* ---- the body ---- */

/* A body without a length that turns out to be too large: the connection is closed. */
static enum MHD_Result more(struct request *r, const char *at, size_t *len)
{
    gw_buf_add(&r->body, at, *len);
    r->h->held += *len;
    *len = 0;
    if (!gw_buf_status(&r->body) && r->h->held <= HELD_TIMES * r->h->most)
        return MHD_YES;
    tell_turned_away(r->h, MHD_HTTP_CONTENT_TOO_LARGE);
    return MHD_NO;
}

/* The last line of a reason is a JSON object. */
static struct gw_slice last_line(struct gw_slice text)
{
    size_t from = text.len > 1 ? text.len - 1 : 0;
    while (from && text.at[from - 1] != '\n')
        from--;
    return gw_slice(text.at + from, text.len - from);
}

static enum MHD_Result refuse(struct request *r, struct MHD_Connection *c,
                              const char *name)
{
    struct gw_inlet *in = r->h->in;
    if (gw_inlet_keep_failed(in, name, gw_buf_bytes(&r->body)))
        return answer(c, MHD_HTTP_SERVICE_UNAVAILABLE, GW_LIT("{}\n"));
    return answer(c, MHD_HTTP_UNPROCESSABLE_CONTENT,
                  last_line(gw_inlet_reason(in, name)));
}

static enum MHD_Result finish(struct request *r, struct MHD_Connection *c)
{
    struct gw_inlet *in = r->h->in;
    char name[64], body[128];
    gw_inlet_name(in, name);
    struct gw_inlet_message m = {.name = name,
                                 .bytes = gw_buf_bytes(&r->body),
                                 .may_repeat = true,
                                 .key = gw_slice_str(header(c, "Idempotency-Key"))};
    enum gw_taken t = gw_inlet_take(in, &m);
    if (t == GW_TAKEN_NOT)
        return refuse(r, c, name);
    if (t != GW_TAKEN && t != GW_TAKEN_BEFORE)
        return answer(c, MHD_HTTP_SERVICE_UNAVAILABLE, GW_LIT("{}\n"));
    (void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"repeated\":%s}\n", name,
                   t == GW_TAKEN ? "false" : "true");
    return answer(c, MHD_HTTP_ACCEPTED, gw_slice_str(body));
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version,
                                  const char *upload, size_t *upload_size, void **state)
{
    (void)version;
    struct request *r = *state;
    if (!r)
        return begin(user, c, url, method, (struct request **)(void *)state);
    return *upload_size ? more(r, upload, upload_size) : finish(r, c);
}

static void on_completed(void *user, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct request *r = *state;
    (void)user, (void)c, (void)code;
    if (!r)
        return;
    r->h->held -= r->body.len;
    gw_buf_deinit(&r->body);
    free(r);
    *state = NULL;
}

/* ---- the loop ---- */

static void turn(void *user)
{
    struct in_http *h = user;
    MHD_UNSIGNED_LONG_LONG ms;
    (void)MHD_run(h->daemon);
    if (MHD_get_timeout(h->daemon, &ms) == MHD_YES)
        gw_timer_in(h->timer, ms);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    if (poll->data)
        turn(poll->data);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static enum gw_error watch(struct in_http *h)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    h->timer = gw_timer_new(h->in->loop, turn, h);
    h->poll = calloc(1, sizeof *h->poll);
    if (!h->timer || !h->poll)
        return GW_NOMEM;
    if (!info || uv_poll_init(h->in->loop, h->poll, info->epoll_fd)) {
        free(h->poll);
        h->poll = NULL;
        return GW_IO;
    }
    h->poll->data = h;
    gw_timer_in(h->timer, 0);
    return uv_poll_start(h->poll, UV_READABLE, on_ready) ? GW_IO : GW_OK;
}

/* ---- life ---- */

static enum gw_error read_tls(struct in_http *h, struct gw_text *why)
{
    const struct gw_net_config *n = &h->in->config->source.net;
    gw_buf_init(&h->cert, TLS_FILE_MOST);
    gw_buf_init(&h->key, TLS_FILE_MOST);
    if (!*n->tls_cert)
        return GW_OK;
    if (gw_file_get(AT_FDCWD, n->tls_cert, TLS_FILE_MOST - 1, &h->cert) ||
        gw_file_get(AT_FDCWD, n->tls_key, TLS_FILE_MOST - 1, &h->key)) {
        gw_text_set(why, "tls_cert or tls_key cannot be read: %s", strerror(errno));
        return GW_IO;
    }
    return GW_OK;
}

static enum gw_error start_daemon(struct in_http *h, const struct sockaddr_storage *at,
                                  struct gw_text *why)
{
    const struct gw_net_config *n = &h->in->config->source.net;
    bool tls = h->cert.len > 0;
    unsigned flags = MHD_USE_EPOLL | (tls ? MHD_USE_TLS : 0) |
                     (at->ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)gw_buf_text(&h->cert)},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)gw_buf_text(&h->key)},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    errno = 0;
    h->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, h, MHD_OPTION_SOCK_ADDR,
        (const struct sockaddr *)at, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, h, MHD_OPTION_ARRAY, tls ? secure : none, MHD_OPTION_END);
    if (h->daemon)
        return GW_OK;
    gw_text_set(why, "%s: cannot listen there: %s", n->listen,
                errno ? strerror(errno)
                : tls ? "is the certificate good, and the key its own?"
                      : "?");
    return GW_IO;
}

static void tell_listening(const struct in_http *h, const struct sockaddr_storage *at)
{
    const union MHD_DaemonInfo *port =
        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool open = !h->cert.len && !gw_address_is_loopback(at);
    gw_log(open ? GW_WARN : GW_INFO, "http.listening", "adapter=%s port=%u tls=%s%s",
           h->in->config->name, port ? port->port : 0, h->cert.len ? "yes" : "no",
           open ? " NOT ENCRYPTED: token and messages can be read on the way" : "");
}

static enum gw_error start(struct in_http *h, struct gw_text *why)
{
    const struct gw_net_config *n = &h->in->config->source.net;
    struct gw_address address;
    struct sockaddr_storage at;
    if (gw_address_read(n->listen, &address) || gw_address_number(&address, &at)) {
        gw_text_set(why, "source.listen: %s: write a number and a port: 127.0.0.1:8080",
                    n->listen);
        return GW_FORMAT;
    }
    enum gw_error e = gw_secret_read(n->token_file, h->token, why);
    if (!e)
        e = read_tls(h, why);
    if (!e)
        e = start_daemon(h, &at, why);
    if (!e)
        e = watch(h);
    if (!e)
        tell_listening(h, &at);
    return e;
}

static enum gw_error open_http(void **out, struct gw_inlet *in, struct gw_text *why)
{
    struct in_http *h = calloc(1, sizeof *h);
    size_t format_most = in->format->adapter->max_bytes;
    *out = h;
    if (!h)
        return GW_NOMEM;
    h->in = in;
    h->most = in->config->source.net.max_bytes;
    if (h->most > format_most)
        h->most = format_most;
    return start(h, why);
}

static void close_http(void *source)
{
    struct in_http *h = source;
    if (!h)
        return;
    if (h->poll) {
        h->poll->data = NULL;
        (void)uv_poll_stop(h->poll); /* before its descriptor is closed */
        uv_close((uv_handle_t *)h->poll, on_closed);
    }
    gw_timer_free(h->timer);
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    gw_buf_deinit(&h->cert);
    if (h->key.at)
        explicit_bzero(h->key.at, h->key.cap);
    gw_buf_deinit(&h->key);
    explicit_bzero(h->token, sizeof h->token);
    free(h);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    const struct in_http *h = source;
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    const union MHD_DaemonInfo *port =
        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    gw_tree_put_int(t, map, GW_LIT("port"), port ? port->port : 0);
    gw_tree_put_int(t, map, GW_LIT("connections"), info ? info->num_connections : 0);
    gw_tree_put_int(t, map, GW_LIT("turned_away"), (int64_t)h->turned_away);
}

const struct gw_source_kind gw_in_http = {
    .name = "http", .open = open_http, .close = close_http, .describe = describe};
