/* uplink.h - one connection to the gateway, turned by a libuv loop.
 *
 * libkarvan's descriptor is edge-triggered: it has to be processed until it says that
 * there is no more, also after each publish, acknowledgement and request.  That is known
 * here and nowhere else.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_UPLINK_H
#define GW_ADAPTERS_UPLINK_H
#include <karvan/client.h>
#include <stdbool.h>
#include <uv.h>

struct gw_uplink {
    struct karvan_client *client; /* NULL while closed */
    uv_loop_t *loop;
    uv_poll_t *poll; /* on the heap: libuv lets go of it later than we do */
    uv_timer_t *timer;
    /* Called after each processing, to publish and acknowledge; true: something was done.
     */
    bool (*pump)(void *user);
    void *user;
    bool turning; /* inside gw_uplink_turn() */
};

/* options: `user` and callbacks are the caller's; they run inside gw_uplink_turn().
 * why     at least 256 bytes
 * Errors  those of karvan_open();  GW_IO */
GW_MUST_USE enum gw_error gw_uplink_open(struct gw_uplink *u, uv_loop_t *loop,
                                         const struct karvan_options *options,
                                         bool (*pump)(void *user), void *user, char *why,
                                         size_t why_size);
/* Pump and process as long as that leads to something, within a budget; the rest in the
 * loop's next turn.  Does nothing while closed, or when called from within. */
void gw_uplink_turn(struct gw_uplink *u);
/* BYE and free, waiting for nothing.  Not from within a callback. */
void gw_uplink_close(struct gw_uplink *u);
#endif
