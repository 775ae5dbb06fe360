/* mqtt_link.h - one connection to an MQTT broker, turned by a libuv loop; the door to
 * libmosquitto.
 *
 * libmosquitto acknowledges a QoS 1 message before it hands it over.  Told that other
 * threads are about, it only queues that acknowledgement, and we let the queue out when
 * the callback has said that the message is safe; if it is not, the connection is dropped
 * with the queue, and the broker sends the message again.
 *
 * The link connects again by itself, with growing pauses.  MQTT 3.1.1, QoS 1.
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_MQTT_LINK_H
#define GW_ADAPTERS_MQTT_LINK_H
#include "adapters/host_config.h"
#include <uv.h>

struct gw_mqtt_link;

struct gw_mqtt_message {
    const char *topic;
    struct gw_slice payload;
    uint16_t number; /* the broker's, the same when it sends it again */
    bool retained;
};

struct gw_mqtt_use {
    const char *adapter; /* for the log */
    const struct gw_net_config *net;
    const char *client_id;
    bool subscribe; /* to net->topic, keeping what comes while we are away; else only
                       publish */
    /* Take it.  False: not safe now; the link is dropped, and the message comes again. */
    bool (*message)(void *user, const struct gw_mqtt_message *m);
    /* The broker has acknowledged what was published. */
    void (*published)(void *user);
    /* The connection is there; or it went away, with words. */
    void (*state)(void *user, bool there, const char *why);
    void *user;
};

/* use: its pointers outlive the link.
 * Owns    *out is the caller's: gw_mqtt_close()
 * Errors  GW_NOMEM GW_FORMAT GW_IO GW_NOT_ALLOWED; why: what to change */
GW_MUST_USE enum gw_error gw_mqtt_open(struct gw_mqtt_link **out, uv_loop_t *loop,
                                       const struct gw_mqtt_use *use,
                                       struct gw_text *why);
/* Not from within a callback.  NULL is fine. */
void gw_mqtt_close(struct gw_mqtt_link *l);
bool gw_mqtt_is_there(const struct gw_mqtt_link *l);
/* Why it is not there, "" when it is or was not tried yet; until the next call. */
const char *gw_mqtt_trouble(const struct gw_mqtt_link *l);
/* Publish one message under net->topic; one at a time.  Errors GW_AGAIN not connected */
GW_MUST_USE enum gw_error gw_mqtt_publish(struct gw_mqtt_link *l,
                                          struct gw_slice payload);
/* Publish at QoS 0, so that nothing is kept for it; use.published() is not called.
 * False: dropped, since there is no connection, or the last one is not out yet. */
bool gw_mqtt_publish_live(struct gw_mqtt_link *l, struct gw_slice payload);
/* What could not be taken may fit now: connect again at once, if that is why it was
 * dropped. */
void gw_mqtt_go(struct gw_mqtt_link *l);
#endif
