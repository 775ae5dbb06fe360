/* out_mqtt.c - messages published under an MQTT topic, QoS 1: delivered once the broker
 * has acknowledged them.  One at a time, so that they keep their order. */
#include "adapters/loop_timer.h"
#include "adapters/mqtt_link.h"
#include "adapters/sink_kind.h"
#include <stdio.h>
#include <stdlib.h>

struct out_mqtt {
    struct gw_outlet *outlet;
    struct gw_mqtt_link *link;
    struct gw_timer *patience;
    char client_id[80];
    struct gw_slice waiting; /* for the connection */
    bool sending;
};

static void later(struct out_mqtt *f, const char *why)
{
    if (!f->sending)
        return;
    f->sending = false;
    f->waiting = gw_slice(NULL, 0);
    gw_timer_stop(f->patience);
    gw_outlet_later(f->outlet, why);
}

static void on_patience(void *user)
{
    later(user, "the broker did not acknowledge within timeout_ms");
}

static void on_published(void *user)
{
    struct out_mqtt *f = user;
    if (!f->sending)
        return;
    f->sending = false;
    gw_timer_stop(f->patience);
    gw_outlet_delivered(f->outlet);
}

static void publish(struct out_mqtt *f, struct gw_slice payload)
{
    f->waiting = gw_slice(NULL, 0);
    if (gw_mqtt_publish(f->link, payload))
        later(f, "the broker does not take it now");
}

static void on_state(void *user, bool there, const char *why)
{
    struct out_mqtt *f = user;
    if (!there)
        later(f, why);
    else if (f->sending && f->waiting.len)
        publish(f, f->waiting);
}

static bool on_message(void *user, const struct gw_mqtt_message *m)
{
    (void)user, (void)m;
    return true;
}

static void send_mqtt(void *sink, const struct gw_sink_message *m)
{
    struct out_mqtt *f = sink;
    f->sending = true;
    f->waiting = m->bytes;
    gw_timer_in(f->patience, f->outlet->config->sink.net.timeout_ms);
    if (gw_mqtt_is_there(f->link))
        publish(f, m->bytes);
}

static bool send_live(void *sink, const struct gw_sink_message *m)
{
    return gw_mqtt_publish_live(((struct out_mqtt *)sink)->link, m->bytes);
}

static enum gw_error open_mqtt(void **out, struct gw_outlet *o, struct gw_text *why)
{
    const struct gw_net_config *n = &o->config->sink.net;
    struct out_mqtt *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->outlet = o;
    (void)snprintf(f->client_id, sizeof f->client_id, "%s%s",
                   *n->client_id ? n->client_id : o->config->name,
                   *n->client_id ? "" : "-out");
    f->patience = gw_timer_new(o->loop, on_patience, f);
    if (!f->patience)
        return GW_NOMEM;
    struct gw_mqtt_use use = {.adapter = o->config->name,
                              .net = n,
                              .client_id = f->client_id,
                              .message = on_message,
                              .published = on_published,
                              .state = on_state,
                              .user = f};
    return gw_mqtt_open(&f->link, o->loop, &use, why);
}

static void close_mqtt(void *sink)
{
    struct out_mqtt *f = sink;
    if (!f)
        return;
    gw_timer_free(f->patience);
    gw_mqtt_close(f->link);
    free(f);
}

static void describe(const void *sink, struct gw_tree *t, uint32_t map)
{
    const struct out_mqtt *f = sink;
    gw_tree_put_bool(t, map, GW_LIT("connected"), f->link && gw_mqtt_is_there(f->link));
}

static const char *trouble(const void *sink)
{
    return gw_mqtt_trouble(((const struct out_mqtt *)sink)->link);
}

const struct gw_sink_kind gw_out_mqtt = {.name = "mqtt",
                                         .open = open_mqtt,
                                         .send = send_mqtt,
                                         .send_live = send_live,
                                         .close = close_mqtt,
                                         .describe = describe,
                                         .trouble = trouble};
