/* proxy.c - PUSH to PULL, through zmq_proxy. */
#include "bench/proxy.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>
#include "base/clock.h"
#include "bench/load.h"

#define RUN     77
#define WAIT_MS 10000

struct proxy {
    const struct gw_proxy_call *call;
    void *context, *front, *back, *control, *controller;
    char front_at[128], back_at[128];
    char server_public[41], server_secret[41], client_public[41], client_secret[41];
    struct gw_proxy_result *out;
    int64_t began_ns, ended_ns;
    bool send_failed;
};

static bool set(void *socket, int option, const void *value, size_t len)
{
    return zmq_setsockopt(socket, option, value, len) == 0;
}

static void *open_socket(struct proxy *p, int type, bool server)
{
    void *s = zmq_socket(p->context, type);
    int linger = 0, wait = WAIT_MS, yes = 1;
    bool ok = s && set(s, ZMQ_LINGER, &linger, sizeof linger) &&
              set(s, ZMQ_RCVTIMEO, &wait, sizeof wait) &&
              set(s, ZMQ_SNDTIMEO, &wait, sizeof wait);
    if (ok && p->call->curve && server)
        ok = set(s, ZMQ_CURVE_SERVER, &yes, sizeof yes) &&
             set(s, ZMQ_CURVE_SECRETKEY, p->server_secret, 41);
    else if (ok && p->call->curve)
        ok = set(s, ZMQ_CURVE_SERVERKEY, p->server_public, 41) &&
             set(s, ZMQ_CURVE_PUBLICKEY, p->client_public, 41) &&
             set(s, ZMQ_CURVE_SECRETKEY, p->client_secret, 41);
    if (!ok && s) {
        zmq_close(s);
        return NULL;
    }
    return s;
}

static bool bind_any(void *s, char *at, size_t size)
{
    return s && zmq_bind(s, "tcp://127.0.0.1:*") == 0 &&
           zmq_getsockopt(s, ZMQ_LAST_ENDPOINT, at, &size) == 0;
}

static void *forward(void *arg)
{
    struct proxy *p = arg;
    (void)zmq_proxy_steerable(p->front, p->back, NULL, p->control);
    return NULL;
}

static void *produce(void *arg)
{
    struct proxy *p = arg;
    void *s = open_socket(p, ZMQ_PUSH, false);
    struct gw_load load;
    struct gw_buf body;
    uint64_t sent = 0;

    gw_buf_init(&body, 1u << 26);
    if (!s || zmq_connect(s, p->front_at) || gw_load_init(&load, RUN, 0)) {
        p->send_failed = true;
        if (s)
            zmq_close(s);
        return NULL;
    }
    p->began_ns = gw_mono_ns(&gw_clock_system);
    while (sent < p->call->events && !p->send_failed) {
        gw_buf_reset(&body);
        for (uint32_t i = 0; i < p->call->batch && sent < p->call->events; i++)
            gw_buf_slice(&body, gw_load_event(&load, sent++, 1));
        p->send_failed = zmq_send(s, body.at, body.len, 0) < 0;
    }
    gw_load_deinit(&load);
    gw_buf_deinit(&body);
    int linger = WAIT_MS;
    (void)set(s, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(s);
    return NULL;
}

/* Each event of a message: whole, and the next one. */
static bool take(struct proxy *p, struct gw_slice body, struct gw_facts *facts)
{
    while (body.len) {
        struct gw_load_seen seen;
        size_t len = 0;
        if (gw_tree_skip(body, &len) ||
            !gw_load_check(gw_slice(body.at, len), RUN, facts, &seen) ||
            seen.number != p->out->received)
            return false;
        p->out->received++;
        body = gw_slice(body.at + len, body.len - len);
    }
    return true;
}

static void *receive(void *arg)
{
    struct proxy *p = arg;
    void *s = open_socket(p, ZMQ_PULL, false);
    struct gw_facts *facts = calloc(1, sizeof *facts);
    zmq_msg_t m;
    bool ok = s && facts && zmq_connect(s, p->back_at) == 0;

    zmq_msg_init(&m);
    while (ok && p->out->received < p->call->events) {
        ok = zmq_msg_recv(&m, s, 0) >= 0;
        ok = ok && take(p, gw_slice(zmq_msg_data(&m), zmq_msg_size(&m)), facts);
    }
    p->ended_ns = gw_mono_ns(&gw_clock_system);
    zmq_msg_close(&m);
    if (s)
        zmq_close(s);
    free(facts);
    return NULL;
}

static bool open_proxy(struct proxy *p)
{
    static const char control[] = "inproc://control";
    if (p->call->curve && (zmq_curve_keypair(p->server_public, p->server_secret) ||
                           zmq_curve_keypair(p->client_public, p->client_secret)))
        return false;
    p->context = zmq_ctx_new();
    p->front = open_socket(p, ZMQ_PULL, true);
    p->back = open_socket(p, ZMQ_PUSH, true);
    p->control = zmq_socket(p->context, ZMQ_PAIR);
    p->controller = zmq_socket(p->context, ZMQ_PAIR);
    return bind_any(p->front, p->front_at, sizeof p->front_at) &&
           bind_any(p->back, p->back_at, sizeof p->back_at) && p->control &&
           p->controller && zmq_bind(p->control, control) == 0 &&
           zmq_connect(p->controller, control) == 0;
}

void gw_proxy_run(const struct gw_proxy_call *call, struct gw_proxy_result *out)
{
    struct proxy p = {.call = call, .out = out};
    pthread_t threads[3];
    void *all[4];

    *out = (struct gw_proxy_result){.failed = true};
    if (open_proxy(&p) && !pthread_create(&threads[0], NULL, forward, &p)) {
        bool sender = false, sink = !pthread_create(&threads[1], NULL, receive, &p);
        sender = sink && !pthread_create(&threads[2], NULL, produce, &p);
        if (sender)
            pthread_join(threads[2], NULL);
        if (sink)
            pthread_join(threads[1], NULL);
        (void)zmq_send(p.controller, "TERMINATE", 9, 0);
        pthread_join(threads[0], NULL);
        out->failed = !sender || p.send_failed || out->received != call->events;
        out->seconds = (double)(p.ended_ns - p.began_ns) / 1e9;
    }
    all[0] = p.front, all[1] = p.back, all[2] = p.control, all[3] = p.controller;
    for (int i = 0; i < 4; i++)
        if (all[i])
            zmq_close(all[i]);
    if (p.context)
        zmq_ctx_term(p.context);
}
