/* uplink.c - one connection to the gateway, turned by a libuv loop. */
#include "adapters/uplink.h"
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 16 /* of pump and process before others have their turn */

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void on_readable(uv_poll_t *h, int status, int events)
{
    (void)status, (void)events;
    gw_uplink_turn(h->data);
}

static void on_time(uv_timer_t *h)
{
    gw_uplink_turn(h->data);
}

/* A handle that was initialised is the loop's until it is closed. */
static enum gw_error start_handles(struct gw_uplink *u)
{
    u->timer = malloc(sizeof *u->timer);
    if (!u->timer)
        return GW_NOMEM;
    (void)uv_timer_init(u->loop, u->timer);
    u->timer->data = u;
    u->poll = malloc(sizeof *u->poll);
    if (!u->poll)
        return GW_NOMEM;
    if (uv_poll_init(u->loop, u->poll, karvan_fd(u->client))) {
        free(u->poll);
        u->poll = NULL;
        return GW_IO;
    }
    u->poll->data = u;
    return uv_poll_start(u->poll, UV_READABLE, on_readable) ? GW_IO : GW_OK;
}

enum gw_error gw_uplink_open(struct gw_uplink *u, uv_loop_t *loop,
                             const struct karvan_options *options,
                             bool (*pump)(void *user), void *user, char *why,
                             size_t why_size)
{
    *u = (struct gw_uplink){.loop = loop, .pump = pump, .user = user};
    enum gw_error e = karvan_open(&u->client, options, why, why_size);
    if (e)
        return e;
    e = start_handles(u);
    if (e) {
        (void)snprintf(why, why_size, "the loop cannot watch the connection");
        gw_uplink_close(u);
        return e;
    }
    (void)uv_timer_start(u->timer, on_time, 0, 0);
    return GW_OK;
}

static bool work(struct gw_uplink *u)
{
    for (int i = 0; i < ROUNDS; i++) {
        bool more = karvan_process(u->client);
        bool moved = u->pump(u->user);
        if (!more && !moved)
            return false;
    }
    return true;
}

void gw_uplink_turn(struct gw_uplink *u)
{
    if (!u->client || u->turning)
        return;
    u->turning = true;
    bool more = work(u);
    u->turning = false;
    uv_update_time(u->loop);
    (void)uv_timer_start(u->timer, on_time,
                         more ? 0 : (uint64_t)karvan_timeout_ms(u->client), 0);
}

void gw_uplink_close(struct gw_uplink *u)
{
    if (u->poll) {
        (void)uv_poll_stop(u->poll);
        uv_close((uv_handle_t *)u->poll, on_closed);
    }
    if (u->timer)
        uv_close((uv_handle_t *)u->timer, on_closed);
    u->poll = NULL;
    u->timer = NULL;
    u->turning = true; /* callbacks during the closing must not turn it again */
    if (u->client)
        (void)karvan_close(u->client, 0);
    u->client = NULL;
    u->turning = false;
}
