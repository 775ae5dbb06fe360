/* resolve.c - names to addresses without holding up the loop. */
#include "adapters/resolve.h"
#include <netdb.h>
#include <stdlib.h>

struct gw_resolve {
    uv_getaddrinfo_t uv; /* first: libuv hands it back, also after a cancel */
    void (*done)(void *user, const struct sockaddr *at, const char *why);
    void *user;
};

static void on_answer(uv_getaddrinfo_t *uv, int status, struct addrinfo *found)
{
    struct gw_resolve *r = (struct gw_resolve *)(void *)uv;
    if (r->done)
        r->done(r->user, status == 0 && found ? found->ai_addr : NULL,
                status ? uv_strerror(status) : "no such host");
    uv_freeaddrinfo(found);
    free(r);
}

struct gw_resolve *
gw_resolve_begin(uv_loop_t *loop, const char *host, const char *port, int socktype,
                 void (*done)(void *user, const struct sockaddr *at, const char *why),
                 void *user)
{
    struct addrinfo hints = {.ai_socktype = socktype, .ai_family = AF_UNSPEC};
    struct gw_resolve *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->done = done;
    r->user = user;
    if (uv_getaddrinfo(loop, &r->uv, on_answer, host, port, &hints) == 0)
        return r;
    free(r);
    return NULL;
}

void gw_resolve_cancel(struct gw_resolve *r)
{
    if (!r)
        return;
    r->done = NULL;
    (void)uv_cancel((uv_req_t *)&r->uv); /* its answer comes all the same, and frees it */
}
