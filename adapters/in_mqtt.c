/* in_mqtt.c - messages of an MQTT topic, QoS 1: acknowledged to the broker once they are
 * in the spool.
 *
 * The broker keeps what comes while we are away, under our client_id.  While the spool
 * has no room the connection is left: the broker keeps the rest.  What it sends again has
 * the same number and the same bytes, and is passed over. */
#include "adapters/mqtt_link.h"
#include "adapters/source_kind.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct in_mqtt {
    struct gw_inlet *in;
    struct gw_mqtt_link *link;
};

/* True: it is done with, the broker may forget it. */
static bool keep_refused(struct in_mqtt *f, const char *name, struct gw_slice bytes)
{
    if (!gw_inlet_keep_failed(f->in, name, bytes))
        return true;
    f->in->broken(f->in->user, "failed/ cannot be written");
    return false;
}

static bool is_too_large(const struct in_mqtt *f, size_t len)
{
    return len > f->in->config->source.net.max_bytes;
}

static bool on_message(void *user, const struct gw_mqtt_message *m)
{
    struct in_mqtt *f = user;
    char name[64], key[300], detail[96];
    gw_inlet_name(f->in, name);
    if (is_too_large(f, m->payload.len)) {
        (void)snprintf(detail, sizeof detail, "%zu bytes, max_bytes is %" PRIu64,
                       m->payload.len, f->in->config->source.net.max_bytes);
        (void)gw_inlet_refuse(f->in, name, GW_EVENT_SIZE, "message size", detail);
        return keep_refused(f, name, m->payload);
    }
    (void)snprintf(key, sizeof key, "%u %s", m->number, m->topic);
    struct gw_inlet_message in = {.name = name,
                                  .bytes = m->payload,
                                  .key = gw_slice_str(key),
                                  .may_repeat = m->number != 0};
    enum gw_taken t = gw_inlet_take(f->in, &in);
    if (t == GW_TAKEN_NOT)
        return keep_refused(f, name, m->payload);
    return t == GW_TAKEN || t == GW_TAKEN_BEFORE;
}

static void on_state(void *user, bool there, const char *why)
{
    (void)user, (void)there,
        (void)why; /* the link tells the log, and comes back by itself */
}

static void on_published(void *user)
{
    (void)user;
}

static enum gw_error open_mqtt(void **out, struct gw_inlet *in, struct gw_text *why)
{
    const struct gw_net_config *n = &in->config->source.net;
    struct in_mqtt *f = calloc(1, sizeof *f);
    *out = f;
    if (!f)
        return GW_NOMEM;
    f->in = in;
    struct gw_mqtt_use use = {.adapter = in->config->name,
                              .net = n,
                              .client_id =
                                  *n->client_id ? n->client_id : in->config->name,
                              .subscribe = true,
                              .message = on_message,
                              .published = on_published,
                              .state = on_state,
                              .user = f};
    return gw_mqtt_open(&f->link, in->loop, &use, why);
}

static void resume(void *source)
{
    gw_mqtt_go(((struct in_mqtt *)source)->link);
}

static void close_mqtt(void *source)
{
    struct in_mqtt *f = source;
    if (f)
        gw_mqtt_close(f->link);
    free(f);
}

static void describe(const void *source, struct gw_tree *t, uint32_t map)
{
    gw_tree_put_bool(t, map, GW_LIT("connected"),
                     gw_mqtt_is_there(((const struct in_mqtt *)source)->link));
}

static const char *trouble(const void *source)
{
    return gw_mqtt_trouble(((const struct in_mqtt *)source)->link);
}

const struct gw_source_kind gw_in_mqtt = {.name = "mqtt",
                                          .open = open_mqtt,
                                          .resume = resume,
                                          .close = close_mqtt,
                                          .describe = describe,
                                          .trouble = trouble};
