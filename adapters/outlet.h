/* outlet.h - events of a subscription on their way to the partner, and back the
 * acknowledgement.
 *
 * Between the gateway's connection and a sink kind: gathers (sink.h), has a message
 * brought out when it is due, tries again with growing pauses, and acknowledges to the
 * gateway what is done with, never before.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_OUTLET_H
#define GW_ADAPTERS_OUTLET_H
#include "adapters/host_config.h"
#include "adapters/live_box.h"
#include "adapters/loop_timer.h"
#include "adapters/sink.h"
#include "base/log.h"

struct gw_sink_kind;

struct gw_outlet {
    const struct gw_adapter_config *config;
    uv_loop_t *loop;
    struct gw_format *format;
    struct gw_options
        *options; /* what the format was opened with; now_ms is set anew each time */
    struct karvan_client *client;
    /* There is something to acknowledge. */
    void (*done)(void *user);
    /* It cannot go on: everything of the adapter is closed and opened again after a
     * pause. */
    void (*broken)(void *user, const char *why);
    void *user;

    const struct gw_sink_kind *kind;
    void *partner; /* the kind's */
    struct gw_sink *sink;
    struct gw_timer *timer;
    struct gw_live_box live; /* sink.live */
    struct gw_timer *live_timer;
    uint64_t newest; /* business event received */
    uint64_t asked,
        acked; /* where the subscription was asked to begin; what was acknowledged */
    uint32_t failures; /* deliveries in a row */
    bool sending;      /* the partner has not answered yet */
    bool waiting;      /* for the pause after a failed delivery */
    bool draining;
    char trouble[256]; /* why the last delivery is to be tried again; "" = it is not */
    struct gw_burst burst;
};

/* The caller has set the fields above `kind`, client excepted.  Errors any; why: what to
 * change */
GW_MUST_USE enum gw_error gw_outlet_open(struct gw_outlet *o, struct gw_text *why);
/* Also of {0}. */
void gw_outlet_close(struct gw_outlet *o);
/* Ask for the events.  Sets client.  Errors those of karvan_subscribe_where() */
GW_MUST_USE enum gw_error
gw_outlet_subscribe(struct gw_outlet *o, struct karvan_client *c, struct gw_text *why);

/* From the client's callbacks. */
void gw_outlet_begun(struct gw_outlet *o, uint64_t start);
void gw_outlet_event(struct gw_outlet *o, const struct karvan_event *event);
void gw_outlet_position(struct gw_outlet *o, uint64_t seq);
/* Acknowledge what is done with.  True: something was. */
bool gw_outlet_pump(struct gw_outlet *o);
/* Bring out what is gathered now, whether due or not, and begin nothing after that. */
void gw_outlet_drain(struct gw_outlet *o);
/* Nothing is under way. */
bool gw_outlet_is_idle(const struct gw_outlet *o);

/* The kind's answers. */
void gw_outlet_delivered(struct gw_outlet *o);
/* The partner will never take it: it goes to failed/ with the reason. */
void gw_outlet_failed(struct gw_outlet *o, const char *why);
/* Live events that were handed over did not arrive after all. */
void gw_outlet_live_lost(struct gw_outlet *o, uint32_t events);
/* Not now: it is sent again after a pause. */
void gw_outlet_later(struct gw_outlet *o, const char *why);
/* The same, and not before least_ms. */
void gw_outlet_later_in(struct gw_outlet *o, const char *why, uint64_t least_ms);
#endif
