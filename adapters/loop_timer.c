/* loop_timer.c - a libuv timer that may be freed at any moment. */
#include "adapters/loop_timer.h"
#include <stdlib.h>

struct gw_timer {
    uv_timer_t uv; /* first: libuv hands it back, the loop holds it until it is closed */
    void (*run)(void *user);
    void *user;
};

static void on_time(uv_timer_t *uv)
{
    struct gw_timer *t = (struct gw_timer *)(void *)uv;
    t->run(t->user);
}

static void on_closed(uv_handle_t *uv)
{
    free(uv);
}

struct gw_timer *gw_timer_new(uv_loop_t *loop, void (*run)(void *user), void *user)
{
    struct gw_timer *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    (void)uv_timer_init(loop, &t->uv);
    t->run = run;
    t->user = user;
    return t;
}

void gw_timer_in(struct gw_timer *t, uint64_t ms)
{
    uv_update_time(t->uv.loop);
    (void)uv_timer_start(&t->uv, on_time, ms, 0);
}

void gw_timer_within(struct gw_timer *t, uint64_t ms)
{
    uv_update_time(t->uv.loop);
    if (!uv_is_active((uv_handle_t *)&t->uv) || uv_timer_get_due_in(&t->uv) > ms)
        (void)uv_timer_start(&t->uv, on_time, ms, 0);
}

void gw_timer_stop(struct gw_timer *t)
{
    (void)uv_timer_stop(&t->uv);
}

void gw_timer_free(struct gw_timer *t)
{
    if (t && !uv_is_closing((uv_handle_t *)&t->uv))
        uv_close((uv_handle_t *)&t->uv, on_closed);
}
