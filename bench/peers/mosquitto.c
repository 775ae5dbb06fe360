/* mosquitto.c - MQTT with QoS 1 through Mosquitto with persistence: its database is
 * written now and then, so a confirmation means that the broker has the message in
 * memory. */
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "bench/peers/peer.h"

#define TOPIC  "events"
#define WINDOW 1000

struct own {
    atomic_ullong confirmed;
    atomic_bool subscribed, connected;
};

static bool start(struct gw_peer_work *w)
{
    struct gw_daemon *d = &w->daemon;
    char path[300], text[800];
    const char *argv[] = {"mosquitto", "-c", path, NULL};
    w->own = calloc(1, sizeof(struct own));
    (void)snprintf(path, sizeof path, "%s/mosquitto.conf", d->dir);
    (void)snprintf(
        text, sizeof text,
        "listener %d 127.0.0.1\nallow_anonymous true\npersistence true\n"
        "persistence_location %s/\nmax_queued_messages 0\nmax_inflight_messages 0\n"
        "user root\n",
        d->port, d->dir);
    if (!w->own || gw_child_write_file(path, text) || !gw_daemon_start(d, argv, NULL) ||
        !gw_daemon_listens(d, d->port, 20))
        return gw_peer_fail(w, "mosquitto", "does not start");
    (void)mosquitto_lib_init();
    return true;
}

static void on_connect(struct mosquitto *m, void *user, int rc)
{
    struct gw_peer_work *w = user;
    (void)m;
    if (rc == 0)
        atomic_store(&((struct own *)w->own)->connected, true);
}

static void on_publish(struct mosquitto *m, void *user, int mid)
{
    struct gw_peer_work *w = user;
    (void)m;
    (void)mid;
    atomic_fetch_add(&((struct own *)w->own)->confirmed, 1);
}

static void on_message(struct mosquitto *m, void *user,
                       const struct mosquitto_message *msg)
{
    struct gw_peer_work *w = user;
    (void)m;
    if (!atomic_load(&w->failed))
        (void)gw_peer_take(w, msg->payload, (size_t)msg->payloadlen);
}

static void on_subscribe(struct mosquitto *m, void *user, int mid, int n, const int *qos)
{
    struct gw_peer_work *w = user;
    (void)m;
    (void)mid;
    (void)n;
    (void)qos;
    atomic_store(&((struct own *)w->own)->subscribed, true);
}

static struct mosquitto *connect_to(struct gw_peer_work *w, const char *id)
{
    struct mosquitto *m = mosquitto_new(id, true, w);
    int rc = MOSQ_ERR_NOMEM;
    if (m) {
        (void)mosquitto_max_inflight_messages_set(m, WINDOW);
        mosquitto_connect_callback_set(m, on_connect);
        mosquitto_publish_callback_set(m, on_publish);
        mosquitto_message_callback_set(m, on_message);
        mosquitto_subscribe_callback_set(m, on_subscribe);
        rc = mosquitto_connect(m, "127.0.0.1", w->daemon.port, 60);
    }
    if (!rc)
        return m;
    (void)gw_peer_fail(w, "mosquitto: connect", mosquitto_strerror(rc));
    mosquitto_destroy(m);
    return NULL;
}

/* MQTT keeps nothing for a receiver that is not there yet. */
static bool wait_for_receiver(struct gw_peer_work *w)
{
    struct own *o = w->own;
    for (int i = 0; i < 1000 && !atomic_load(&o->subscribed); i++)
        usleep(10000);
    return atomic_load(&o->subscribed) || gw_peer_fail(w, "mosquitto", "no subscription");
}

static bool produce(struct gw_peer_work *w)
{
    struct own *o = w->own;
    struct mosquitto *m = wait_for_receiver(w) ? connect_to(w, "producer") : NULL;
    uint64_t sent = 0;
    struct gw_slice p;
    bool ok = m && mosquitto_loop_start(m) == MOSQ_ERR_SUCCESS;

    while (ok && gw_peer_next(w, &p)) {
        ok = mosquitto_publish(m, NULL, TOPIC, (int)p.len, p.at, 1, false) ==
                 MOSQ_ERR_SUCCESS ||
             gw_peer_fail(w, "mosquitto", "publish");
        sent++;
        while (ok && sent - atomic_load(&o->confirmed) >= WINDOW &&
               !atomic_load(&w->failed))
            usleep(50);
    }
    for (int i = 0; ok && atomic_load(&o->confirmed) < sent && i < 30000; i++)
        usleep(1000);
    ok = ok && (atomic_load(&o->confirmed) == sent ||
                gw_peer_fail(w, "mosquitto", "unconfirmed"));
    if (m) {
        (void)mosquitto_disconnect(m);
        (void)mosquitto_loop_stop(m, true);
        mosquitto_destroy(m);
    }
    return ok;
}

static bool consume(struct gw_peer_work *w)
{
    struct mosquitto *m = connect_to(w, "receiver");
    bool asked = false, ok = m != NULL;
    while (ok && !gw_peer_finished(w)) {
        if (!asked && atomic_load(&((struct own *)w->own)->connected))
            asked = mosquitto_subscribe(m, NULL, TOPIC, 1) == MOSQ_ERR_SUCCESS;
        ok = mosquitto_loop(m, 50, 1) == MOSQ_ERR_SUCCESS ||
             gw_peer_fail(w, "mosquitto", "receiver lost its connection");
    }
    if (m) {
        (void)mosquitto_disconnect(m);
        mosquitto_destroy(m);
    }
    return ok;
}

static void stop(struct gw_peer_work *w)
{
    (void)mosquitto_lib_cleanup();
    free(w->own);
    w->own = NULL;
}

const struct gw_peer_system gw_peer_mosquitto = {
    "mosquitto", "mosquitto", "in the broker's memory, not synced", false, start, produce,
    consume,     stop};
