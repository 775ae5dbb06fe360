/* mqtt_link.c - one connection to an MQTT broker, turned by a libuv loop. */
#include "adapters/mqtt_link.h"
#include "adapters/address.h"
#include "adapters/loop_timer.h"
#include "adapters/resolve.h"
#include "adapters/secret_file.h"
#include "adapters/trust_file.h"
#include "base/log.h"
#include <errno.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>

#define KEEPALIVE_S  30
#define MISC_MS      1000 /* its own timers are looked at this often */
#define RETRY_MS     500
#define RETRY_MAX_MS 30000

struct gw_mqtt_link {
    uv_loop_t *loop;
    struct gw_mqtt_use use;
    struct gw_address address;
    char password[GW_SECRET_MOST];
    struct mosquitto *client; /* NULL: not connected nor connecting */
    uv_poll_t *poll;          /* on the heap: the loop lets go of it later than we do */
    struct gw_resolve *resolve;
    struct gw_timer *timer, *later;
    uint64_t pause_ms;
    bool there;             /* CONNACK came */
    bool unsafe;            /* a message could not be taken: drop the link */
    bool held;              /* dropped for that: gw_mqtt_go() may shorten the pause */
    bool turning;           /* inside libmosquitto */
    bool library;           /* mosquitto_lib_init() */
    int refused;            /* CONNACK's code */
    int live;               /* number of the QoS 0 message that is not out yet; 0: none */
    char tls[120];          /* why TLS failed, as libmosquitto logs it; "" = it did not */
    struct gw_text trouble; /* why it is not there */
};

static void connect_now(void *user);
static void drop(struct gw_mqtt_link *l, const char *why);

/* ---- the loop ---- */

static void on_closed(uv_handle_t *h)
{
    free(h);
}

static void stop_watching(struct gw_mqtt_link *l)
{
    if (!l->poll)
        return;
    l->poll->data = NULL;
    (void)uv_poll_stop(l->poll);
    uv_close((uv_handle_t *)l->poll, on_closed);
    l->poll = NULL;
}

static void turn(struct gw_mqtt_link *l, int events);

static void on_ready(uv_poll_t *poll, int status, int events)
{
    if (poll->data)
        turn(poll->data, status < 0 ? UV_READABLE : events);
}

static bool watch(struct gw_mqtt_link *l)
{
    int fd = mosquitto_socket(l->client);
    if (fd < 0)
        return false;
    if (!l->poll) {
        l->poll = calloc(1, sizeof *l->poll);
        if (!l->poll || uv_poll_init(l->loop, l->poll, fd)) {
            free(l->poll);
            l->poll = NULL;
            return false;
        }
        l->poll->data = l;
    }
    int events = UV_READABLE | (mosquitto_want_write(l->client) ? UV_WRITABLE : 0);
    return uv_poll_start(l->poll, events, on_ready) == 0;
}

/* Acknowledgements go out only after all that was read is safe. */
static int run_client(struct gw_mqtt_link *l, int events)
{
    int e = MOSQ_ERR_SUCCESS;
    if (events & UV_READABLE)
        e = mosquitto_loop_read(l->client, 1);
    if (!e && !l->unsafe)
        e = mosquitto_loop_misc(l->client);
    if (!e && !l->unsafe && mosquitto_want_write(l->client))
        e = mosquitto_loop_write(l->client, 1);
    return e;
}

static void turn(struct gw_mqtt_link *l, int events)
{
    if (!l->client || l->turning)
        return;
    l->turning = true;
    int e = run_client(l, events);
    l->turning = false;
    if (l->unsafe)
        drop(l, "a message could not be taken now");
    else if (l->refused)
        drop(l, mosquitto_connack_string(l->refused));
    else if (e || !watch(l))
        drop(l, e ? mosquitto_strerror(e) : "the connection was lost");
    else
        gw_timer_in(l->timer, MISC_MS);
}

static void on_time(void *user)
{
    turn(user, 0);
}

/* ---- coming and going ---- */

/* libmosquitto's code says no more than "a TLS error". */
static void describe_loss(const struct gw_mqtt_link *l, const char *why,
                          struct gw_text *out)
{
    struct gw_text trust;
    if (*l->tls) {
        gw_trust_words(l->tls, l->use.subscribe ? "source.ca_file" : "sink.ca_file",
                       l->use.subscribe ? "source.connect" : "sink.connect", &trust);
        why = trust.s;
    }
    gw_text_set(out, "%s: %s", l->use.net->connect, why);
}

static void drop(struct gw_mqtt_link *l, const char *why)
{
    describe_loss(l, why, &l->trouble);
    l->tls[0] = 0;
    stop_watching(l);
    gw_timer_stop(l->timer);
    if (l->client)
        mosquitto_destroy(l->client);
    l->client = NULL;
    l->held = l->unsafe;
    l->live = 0;
    l->there = l->unsafe = false;
    l->refused = 0;
    gw_log(GW_WARN, "mqtt.lost", "adapter=%s retry_ms=%" PRIu64 " %s", l->use.adapter,
           l->pause_ms, l->trouble.s);
    gw_timer_in(l->later, l->pause_ms);
    l->pause_ms = l->pause_ms * 2 < RETRY_MAX_MS ? l->pause_ms * 2 : RETRY_MAX_MS;
    l->use.state(l->use.user, false, l->trouble.s);
}

static void on_connack(struct mosquitto *client, void *user, int code)
{
    struct gw_mqtt_link *l = user;
    l->refused = code;
    if (code)
        return;
    l->there = true;
    l->trouble.s[0] = 0;
    l->pause_ms = RETRY_MS;
    gw_log(GW_INFO, "mqtt.connected", "adapter=%s %s", l->use.adapter,
           l->use.net->connect);
    if (l->use.subscribe && mosquitto_subscribe(client, NULL, l->use.net->topic, 1))
        l->unsafe = true;
    l->use.state(l->use.user, true, "");
}

/* A code of 0x80: the broker grants no such subscription. */
static void on_suback(struct mosquitto *client, void *user, int mid, int count,
                      const int *granted)
{
    struct gw_mqtt_link *l = user;
    (void)client, (void)mid;
    if (count < 1 || granted[0] > 2)
        gw_log(GW_ERROR, "mqtt.refused",
               "adapter=%s the broker refuses the subscription to %s", l->use.adapter,
               l->use.net->topic);
}

static void on_message(struct mosquitto *client, void *user,
                       const struct mosquitto_message *m)
{
    struct gw_mqtt_link *l = user;
    struct gw_mqtt_message out = {.topic = m->topic,
                                  .payload = gw_slice(m->payload, (size_t)m->payloadlen),
                                  .number = (uint16_t)m->mid,
                                  .retained = m->retain};
    (void)client;
    if (!l->unsafe)
        l->unsafe = !l->use.message(l->use.user, &out);
}

static void on_published(struct mosquitto *client, void *user, int mid)
{
    struct gw_mqtt_link *l = user;
    (void)client;
    if (mid == l->live)
        l->live = 0;
    else
        l->use.published(l->use.user);
}

/* Errors are logged only about TLS; the first says what the next ones follow from. */
static void on_log(struct mosquitto *client, void *user, int level, const char *text)
{
    struct gw_mqtt_link *l = user;
    (void)client;
    const char *words = strrchr(text, ':'); /* OpenSSL puts numbers before it */
    if (level == MOSQ_LOG_ERR && !*l->tls)
        (void)snprintf(l->tls, sizeof l->tls, "%s", words ? words + 1 : text);
}

static bool set_up(struct gw_mqtt_link *l)
{
    const struct gw_net_config *n = l->use.net;
    struct mosquitto *c = l->client;
    mosquitto_threaded_set(c, true); /* see the header: what is sent waits in a queue */
    mosquitto_connect_callback_set(c, on_connack);
    mosquitto_subscribe_callback_set(c, on_suback);
    mosquitto_message_callback_set(c, on_message);
    mosquitto_publish_callback_set(c, on_published);
    mosquitto_log_callback_set(c, on_log);
    if (*n->username && mosquitto_username_pw_set(c, n->username, l->password))
        return false;
    return !*n->ca_file || !mosquitto_tls_set(c, n->ca_file, NULL, NULL, NULL, NULL);
}

/* The look-up has just succeeded, so libmosquitto's own does not wait for long. */
static void on_resolved(void *user, const struct sockaddr *at, const char *why)
{
    struct gw_mqtt_link *l = user;
    l->resolve = NULL;
    if (!at) {
        drop(l, why);
        return;
    }
    l->client = mosquitto_new(l->use.client_id, !l->use.subscribe, l);
    if (!l->client || !set_up(l)) {
        drop(l, "the client cannot be set up: are ca_file and username good?");
        return;
    }
    l->turning = true;
    int e = mosquitto_connect_async(l->client, l->address.host, atoi(l->address.port),
                                    KEEPALIVE_S);
    l->turning = false;
    if (e)
        drop(l, e == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(e));
    else
        turn(l, 0);
}

static void connect_now(void *user)
{
    struct gw_mqtt_link *l = user;
    if (l->client || l->resolve)
        return;
    l->resolve = gw_resolve_begin(l->loop, l->address.host, l->address.port, SOCK_STREAM,
                                  on_resolved, l);
    if (!l->resolve)
        drop(l, "out of memory");
}

/* ---- for the kinds ---- */

const char *gw_mqtt_trouble(const struct gw_mqtt_link *l)
{
    return l->trouble.s;
}

bool gw_mqtt_is_there(const struct gw_mqtt_link *l)
{
    return l->there;
}

enum gw_error gw_mqtt_publish(struct gw_mqtt_link *l, struct gw_slice payload)
{
    if (!l->there || payload.len > INT32_MAX)
        return GW_AGAIN;
    int e = mosquitto_publish(l->client, NULL, l->use.net->topic, (int)payload.len,
                              payload.at, 1, false);
    if (e)
        return GW_AGAIN;
    gw_timer_in(l->timer, 0); /* out of the queue in the loop's next turn */
    return GW_OK;
}

bool gw_mqtt_publish_live(struct gw_mqtt_link *l, struct gw_slice payload)
{
    if (!l->there || l->live || payload.len > INT32_MAX)
        return false;
    if (mosquitto_publish(l->client, &l->live, l->use.net->topic, (int)payload.len,
                          payload.at, 0, false)) {
        l->live = 0;
        return false;
    }
    gw_timer_in(l->timer, 0);
    return true;
}

void gw_mqtt_go(struct gw_mqtt_link *l)
{
    if (l->held && !l->client)
        gw_timer_within(l->later, 0);
    l->held = false;
}

static enum gw_error check(struct gw_mqtt_link *l, struct gw_text *why)
{
    const struct gw_net_config *n = l->use.net;
    if (gw_address_read(n->connect, &l->address)) {
        gw_text_set(why, "connect: write the broker's host:port");
        return GW_FORMAT;
    }
    if (l->use.subscribe ? mosquitto_sub_topic_check(n->topic)
                         : mosquitto_pub_topic_check(n->topic)) {
        gw_text_set(why, "topic: %s: no topic to %s", n->topic,
                    l->use.subscribe ? "subscribe to" : "publish under");
        return GW_FORMAT;
    }
    enum gw_error e =
        *n->ca_file
            ? gw_trust_check(n->ca_file,
                             l->use.subscribe ? "source.ca_file" : "sink.ca_file", why)
            : GW_OK;
    if (e)
        return e;
    return *n->password_file ? gw_secret_read(n->password_file, l->password, why) : GW_OK;
}

enum gw_error gw_mqtt_open(struct gw_mqtt_link **out, uv_loop_t *loop,
                           const struct gw_mqtt_use *use, struct gw_text *why)
{
    struct gw_mqtt_link *l = calloc(1, sizeof *l);
    *out = l;
    if (!l)
        return GW_NOMEM;
    l->loop = loop;
    l->use = *use;
    l->pause_ms = RETRY_MS;
    l->library = mosquitto_lib_init() == MOSQ_ERR_SUCCESS;
    l->timer = gw_timer_new(loop, on_time, l);
    l->later = gw_timer_new(loop, connect_now, l);
    enum gw_error e = l->library && l->timer && l->later ? check(l, why) : GW_NOMEM;
    if (!e)
        gw_timer_in(l->later, 0);
    return e;
}

void gw_mqtt_close(struct gw_mqtt_link *l)
{
    if (!l)
        return;
    gw_resolve_cancel(l->resolve);
    stop_watching(l);
    if (l->client && l->there) {
        (void)mosquitto_disconnect(l->client);
        (void)mosquitto_loop_write(l->client, 1);
    }
    if (l->client)
        mosquitto_destroy(l->client);
    gw_timer_free(l->timer);
    gw_timer_free(l->later);
    if (l->library)
        (void)mosquitto_lib_cleanup();
    explicit_bzero(l->password, sizeof l->password);
    free(l);
}
