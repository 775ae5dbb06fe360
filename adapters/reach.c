/* reach.c - why nobody answers at a gateway's endpoint. */
#include "adapters/reach.h"
#include "adapters/address.h"
#include "adapters/loop_timer.h"
#include "adapters/resolve.h"
#include "base/buf.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 5000

struct gw_reach {
    const char *endpoint;
    uv_loop_t *loop;
    void (*done)(void *user, const char *words); /* NULL: not asked any more */
    void *user;
    struct gw_address address;
    struct gw_resolve *resolve;
    struct gw_timer *timer;
    uv_tcp_t *tcp; /* on the heap: the loop lets go of it later than we do */
    uv_connect_t connect;
};

/* What an error of connect() means for somebody who set the gateway up. */
static const struct {
    int error;
    const char *means;
} meanings[] = {
    {ECONNREFUSED,
     "nobody listens there: is the gateway running, and is the port right?"},
    {ENOENT, "there is no such socket: is the gateway running, and is the path right?"},
    {EACCES, "this user may not use the socket: see its owner and mode"},
    {ENETUNREACH, "no way leads there: is this machine's network up?"},
    {EHOSTUNREACH, "no way leads there: is the address right, is the network up?"},
    {ETIMEDOUT, "nothing comes back: is the machine up, does a firewall let the port "
                "through?"},
    {0, "somebody answers the call, but not as a gateway with these keys does: is it the "
        "gateway's port, and do server_key and its endpoint's security fit?"}};

static const char *meaning_of(int error)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].error == error)
            return meanings[i].means;
    return strerror(error);
}

enum gw_error gw_reach_check(const char *endpoint)
{
    struct gw_address a;
    struct sockaddr_un un;
    if (strncmp(endpoint, "ipc://", 6) == 0)
        return endpoint[6] && strlen(endpoint + 6) < sizeof un.sun_path ? GW_OK
                                                                        : GW_FORMAT;
    return strncmp(endpoint, "tcp://", 6) == 0 && !gw_address_read(endpoint + 6, &a) &&
                   strcmp(a.port, "0") != 0
               ? GW_OK
               : GW_FORMAT;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *h)
{
    struct gw_reach *r = h->data;
    free(h);
    free(r);
}

/* The handle's own memory goes when the loop has let go of it. */
static void drop(struct gw_reach *r)
{
    r->done = NULL;
    gw_resolve_cancel(r->resolve);
    r->resolve = NULL;
    gw_timer_free(r->timer);
    r->timer = NULL;
    if (!r->tcp)
        free(r);
    else if (!uv_is_closing((uv_handle_t *)r->tcp))
        uv_close((uv_handle_t *)r->tcp, on_closed);
}

static void tell(struct gw_reach *r, const char *words)
{
    struct gw_text text;
    void (*done)(void *user, const char *words) = r->done;
    void *user = r->user;
    gw_text_set(&text, "no answer from %s: %s", r->endpoint, words);
    drop(r);
    if (done)
        done(user, text.s);
}

void gw_reach_cancel(struct gw_reach *r)
{
    if (r)
        drop(r);
}

/* ---- trying ---- */

static void on_patience(void *user)
{
    struct gw_reach *r = user;
    struct gw_text words;
    gw_text_set(&words,
                "nobody says where %s is: does this machine know its name server?",
                r->address.host);
    tell(r, r->resolve ? words.s : meaning_of(ETIMEDOUT));
}

static void on_connected(uv_connect_t *c, int status)
{
    struct gw_reach *r = c->data;
    if (r->done)
        tell(r, meaning_of(-status));
}

static void on_resolved(void *user, const struct sockaddr *at, const char *why)
{
    struct gw_reach *r = user;
    struct gw_text words;
    r->resolve = NULL;
    r->tcp = at ? calloc(1, sizeof *r->tcp) : NULL;
    if (!at)
        gw_text_set(&words,
                    "the name %s leads nowhere (%s): is it written right, does "
                    "this machine know its name server?",
                    r->address.host, why);
    if (!r->tcp) {
        tell(r, at ? "out of memory" : words.s);
        return;
    }
    (void)uv_tcp_init(r->loop, r->tcp);
    r->tcp->data = r;
    r->connect.data = r;
    int e = uv_tcp_connect(&r->connect, r->tcp, at, on_connected);
    if (e)
        tell(r, meaning_of(-e));
}

/* A local socket answers at once. */
static int try_local(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    memcpy(at.sun_path, path, strnlen(path, sizeof at.sun_path - 1));
    int e = fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) ? errno : 0;
    if (fd >= 0)
        close(fd);
    return e;
}

static void on_turn(void *user)
{
    struct gw_reach *r = user;
    tell(r, meaning_of(try_local(r->endpoint + 6)));
}

static bool begin(struct gw_reach *r)
{
    bool local = strncmp(r->endpoint, "ipc://", 6) == 0;
    r->timer = gw_timer_new(r->loop, local ? on_turn : on_patience, r);
    if (!r->timer || gw_reach_check(r->endpoint))
        return false;
    gw_timer_in(r->timer, local ? 0 : PATIENCE_MS);
    if (local)
        return true;
    r->resolve = gw_address_read(r->endpoint + 6, &r->address)
                     ? NULL
                     : gw_resolve_begin(r->loop, r->address.host, r->address.port,
                                        SOCK_STREAM, on_resolved, r);
    return r->resolve != NULL;
}

struct gw_reach *gw_reach_begin(uv_loop_t *loop, const char *endpoint,
                                void (*done)(void *user, const char *words), void *user)
{
    struct gw_reach *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    *r =
        (struct gw_reach){.endpoint = endpoint, .loop = loop, .done = done, .user = user};
    if (begin(r))
        return r;
    drop(r);
    return NULL;
}
