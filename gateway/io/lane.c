/* lane.c - a thread, a loop, sockets around a pipeline. */
#include "io/lane.h"
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <zmq.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "io/guests.h"
#include "io/watch.h"

#define TICK_MS     250
#define BURST_MS    1000 /* a line of the log for so long */
#define LOOK_TICKS  4 /* so often for connections without a session */
#define NOTES       1024 /* other things than batches that may wait in the inbox */
#define TAKE        64   /* batches taken from the inbox at a time */
#define HANDSHAKE_MS 5000
/* A fuse that credit never reaches: messages ZeroMQ may hold for one peer.  None for those that come
 * in: they are read at once, always, see pipeline/intake.h. */
#define HIGH_WATER  128
#define LINGER_MS   500 /* for BYE and the last ACKs to leave */
/* A peer that vanished without a word is found by TCP; its session ends earlier, by timeout_ms.
 * ZeroMQ's own heartbeats (ZMQ_HEARTBEAT_IVL) would find it too, but libzmq 4.3 aborts the whole
 * process when such a timer fires on a connection that broke while its input was held back
 * (zeromq/libzmq#4364): any peer could then end the gateway by sending much and leaving. */
#define KEEPALIVE_S    30
#define KEEPALIVE_MORE 3 /* tries, KEEPALIVE_S / 3 apart */

/* Whoever was cut is heard no more for so long; after a moment for its ERROR, what still comes from
 * it shuts its connection. */
#define CONDEMNED    64
#define CONDEMNED_MS 10000
#define PARTING_MS   50

struct condemned {
    struct gw_peer peer;
    int64_t since_ms, cut_ms; /* cut_ms: when to shut its connection, (again) */
};

/* What other threads want of the lane, besides batches. */
struct note {
    gw_lane_fn run;
    void *ctx;
    struct gw_claim claim;
    struct gw_directory *directory;
    bool leave;
};

struct endpoint {
    struct gw_lane *lane;
    struct gw_zsock *socket;
    struct gw_watch *watch;
    struct gw_guests guests;
    uint16_t index;
};

struct gw_lane {
    struct gw_lane_setup setup;
    uv_thread_t thread;
    bool running;
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t tick;
    uv_prepare_t before_sleep;
    uv_idle_t busy; /* runs while deliveries are left to do */
    struct gw_queue *batches, *notes;
    struct endpoint *endpoints;
    struct gw_outlet outlet;
    struct gw_pipeline *pipeline;
    struct condemned condemned[CONDEMNED]; /* a ring: the oldest is forgotten */
    uint32_t condemned_next;
    int64_t condemned_ms; /* the newest of them; 0: none */
    uint32_t ticks;
    struct gw_burst idle; /* log: connections without a session */
    struct gw_burst long_ids; /* log: connections that cannot be answered */
    bool leaving;
};

static int64_t now_ms(void)
{
    return gw_now_ms(&gw_clock_system);
}

/* ---- messages in ---- */

/* NULL for almost everybody. */
static struct condemned *condemned(struct gw_lane *l, const struct gw_peer *peer,
                                         int64_t now)
{
    if (now - l->condemned_ms > CONDEMNED_MS)
        return NULL;
    for (uint32_t i = 0; i < CONDEMNED; i++)
        if (l->condemned[i].since_ms && gw_peer_eq(&l->condemned[i].peer, peer) &&
            now - l->condemned[i].since_ms <= CONDEMNED_MS)
            return &l->condemned[i];
    return NULL;
}

static void condemn(void *ctx, const struct gw_peer *peer, const char *operator)
{
    struct gw_lane *l = ctx;
    l->condemned_ms = now_ms();
    l->condemned[l->condemned_next] = (struct condemned){
        *peer, l->condemned_ms, l->condemned_ms + PARTING_MS};
    l->condemned_next = (l->condemned_next + 1) % CONDEMNED;
    if (l->setup.banish && *operator)
        l->setup.banish(l->setup.ctx, operator);
}

/* A routing id of its own making, too long to answer to. */
static void turn_out(struct gw_lane *l, struct gw_zsock *z, const struct gw_zmessage *m, int64_t now)
{
    uint64_t missed;
    if (gw_burst_due(&l->long_ids, now, BURST_MS, &missed))
        gw_log(GW_WARN, "connection.cut", "operator=%.*s code=%d text=\"%s\" remedy=\"%s\" more=%llu",
               (int)strcspn(m->user, "/"), m->user, GW_ROUTING_ID, gw_error_text(GW_ROUTING_ID),
               gw_error_remedy(GW_ROUTING_ID), (unsigned long long)missed);
    gw_zsock_cut(z, m);
}

static void on_message(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m)
{
    struct endpoint *e = ctx;
    struct gw_peer peer = {.endpoint = e->index};
    struct condemned *c;
    int64_t now = now_ms();
    if (m->frame[0].len > sizeof peer.id) {
        turn_out(e->lane, z, m, now);
        return;
    }
    peer.id_len = (uint8_t)m->frame[0].len;
    memcpy(peer.id, m->frame[0].at, m->frame[0].len);
    gw_guests_heard(&e->guests, gw_zsock_source(z, m), &peer);
    c = condemned(e->lane, &peer, now);
    if (!c)
        gw_pipeline_receive(e->lane->pipeline, &peer, gw_slice_str(m->user), m->frame[1],
                            m->frame[2], m->frames - 1, now);
    else if (now >= c->cut_ms) {
        gw_zsock_cut(z, m);
        c->cut_ms = now + PARTING_MS;
    }
}

/* ---- connections without a session ---- */

static void on_came(void *ctx, int fd)
{
    struct endpoint *e = ctx;
    gw_guests_came(&e->guests, fd);
}

static void on_left(void *ctx, int fd)
{
    struct endpoint *e = ctx;
    gw_guests_left(&e->guests, fd);
}

static bool has_session(void *ctx, const struct gw_peer *peer)
{
    struct endpoint *e = ctx;
    return gw_pipeline_has_session(e->lane->pipeline, peer);
}

/* A handshake may take its time, and counts from the same moment. */
static int64_t idle_most_ms(const struct gw_lane *l)
{
    return (int64_t)l->setup.limits->timeout_ms + HANDSHAKE_MS;
}

static void on_idle_shut(void *ctx, int fd)
{
    struct endpoint *e = ctx;
    struct gw_lane *l = e->lane;
    char address[NI_MAXHOST];
    uint64_t missed;
    if (!gw_burst_due(&l->idle, now_ms(), BURST_MS, &missed))
        return;
    (void)gw_zsock_address(fd, address, sizeof address);
    gw_log(GW_INFO, "connection.idle", "address=%s endpoint=%s without_session_ms=%lld more=%llu",
           *address ? address : "-", l->setup.binds[e->index].name, (long long)idle_most_ms(l),
           (unsigned long long)missed);
}

static void shut_idle(struct gw_lane *l)
{
    for (uint32_t i = 0; i < l->setup.bind_count; i++) {
        struct endpoint *e = &l->endpoints[i];
        struct gw_guests_host host = {has_session, on_idle_shut, e};
        gw_guests_shut(&e->guests, (int64_t)uv_now(&l->loop), idle_most_ms(l), &host);
    }
}

/* ---- messages out ---- */

static enum gw_error send_message(void *ctx, const struct gw_peer *to, struct gw_slice header,
                                  struct gw_slice body)
{
    struct gw_lane *l = ctx;
    struct gw_slice frames[3] = {gw_slice(to->id, to->id_len), header, body};
    return gw_zsock_send(l->endpoints[to->endpoint].socket, frames, body.len ? 3 : 2);
}

static void send_claim(void *ctx, const struct gw_claim *c)
{
    struct gw_lane *l = ctx;
    l->setup.claim(l->setup.ctx, l->setup.number, c);
}

static uint64_t next_serial(void *ctx)
{
    struct gw_lane *l = ctx;
    return l->setup.serial(l->setup.ctx);
}

/* ---- the inbox ---- */

/* Journal's thread: one of our batches is done. */
static void on_done(struct gw_batch *b, void *ctx)
{
    struct gw_lane *l = ctx;
    if (l->setup.publish && !b->result && b->accepted)
        l->setup.publish(l->setup.ctx, l->setup.number, b);
    if (gw_queue_push(l->batches, b)) /* has room for every batch we ever have in the journal */
        abort();
    uv_async_send(&l->wake);
}

/* Lane's thread. */
static void on_live(struct gw_batch *b, void *ctx)
{
    struct gw_lane *l = ctx;
    l->setup.publish(l->setup.ctx, l->setup.number, b);
}

/* Places of the inbox that a batch of another lane leaves free: first of all our own batches' ones;
 * live events, which may be lost, leave room for others' committed ones too. */
static uint32_t spare(const struct gw_lane *l, const struct gw_batch *b)
{
    uint32_t own = l->setup.most_in_journal;
    return b->flags & GW_FLAG_LIVE ? own + own / 2 : own;
}

void gw_lane_tail(struct gw_lane *l, struct gw_batch *b)
{
    gw_batch_ref(b);
    if (gw_queue_push_spare(l->batches, b, spare(l, b)))
        gw_batch_unref(b);
    else
        uv_async_send(&l->wake);
}

static enum gw_error post(struct gw_lane *l, const struct note *n)
{
    struct note *copy = malloc(sizeof *copy);
    enum gw_error e;
    if (!copy)
        return GW_NOMEM;
    *copy = *n;
    e = gw_queue_push(l->notes, copy);
    if (e)
        free(copy);
    else
        uv_async_send(&l->wake);
    return e;
}

void gw_lane_claim(struct gw_lane *l, const struct gw_claim *c)
{
    if (post(l, &(struct note){.claim = *c}))
        gw_log(GW_ERROR, "lane.inbox", "lane=%u a claim was lost", l->setup.number);
}

void gw_lane_directory(struct gw_lane *l, struct gw_directory *d)
{
    struct note n = {.directory = gw_directory_ref(d)};
    if (!post(l, &n))
        return;
    gw_directory_unref(d);
    gw_log(GW_ERROR, "lane.inbox", "lane=%u new operators did not arrive; reload again",
           l->setup.number);
}

enum gw_error gw_lane_call(struct gw_lane *l, gw_lane_fn run, void *ctx)
{
    return post(l, &(struct note){.run = run, .ctx = ctx});
}

void gw_lane_leave(struct gw_lane *l)
{
    if (post(l, &(struct note){.leave = true}))
        gw_log(GW_ERROR, "lane.inbox", "lane=%u did not hear that it shall leave",
               l->setup.number);
}

static void handle(struct gw_lane *l, struct note *n)
{
    int64_t now = now_ms();
    if (n->run)
        n->run(n->ctx, l->pipeline, now);
    if (n->claim.serial)
        gw_pipeline_claimed(l->pipeline, &n->claim, now);
    if (n->directory) {
        gw_pipeline_directory(l->pipeline, n->directory, now);
        gw_directory_unref(n->directory);
    }
    if (n->leave) {
        l->leaving = true;
        gw_pipeline_leave(l->pipeline);
    }
    free(n);
}

static void empty_inbox(struct gw_lane *l)
{
    void *items[TAKE];
    uint32_t n;
    while ((n = gw_queue_take(l->batches, items, TAKE)) != 0)
        for (uint32_t i = 0; i < n; i++)
            gw_pipeline_committed(l->pipeline, items[i], now_ms());
    while ((n = gw_queue_take(l->notes, items, TAKE)) != 0)
        for (uint32_t i = 0; i < n; i++)
            handle(l, items[i]);
}

/* ---- the loop ---- */

static void on_busy(uv_idle_t *h)
{
    (void)h; /* keeps the loop from sleeping */
}

static void close_sockets(struct gw_lane *l)
{
    for (uint32_t i = 0; i < l->setup.bind_count; i++) {
        gw_watch_close(l->endpoints[i].watch);
        gw_zsock_close(l->endpoints[i].socket);
        l->endpoints[i].watch = NULL;
        l->endpoints[i].socket = NULL;
    }
}

/* The thread's end.  The handles stay open until gw_lane_free(): other threads may still wake us. */
static void finish(struct gw_lane *l)
{
    gw_pipeline_bye(l->pipeline, now_ms());
    uv_stop(&l->loop);
}

static void close_loop(struct gw_lane *l)
{
    if (l->endpoints)
        close_sockets(l);
    uv_close((uv_handle_t *)&l->wake, NULL);
    uv_close((uv_handle_t *)&l->tick, NULL);
    uv_close((uv_handle_t *)&l->before_sleep, NULL);
    uv_close((uv_handle_t *)&l->busy, NULL);
    uv_run(&l->loop, UV_RUN_DEFAULT);
    uv_loop_close(&l->loop);
}

static void on_wake(uv_async_t *h)
{
    (void)h; /* before_sleep does the work, once per turn of the loop */
}

static void on_tick(uv_timer_t *h)
{
    struct gw_lane *l = h->data;
    gw_pipeline_tick(l->pipeline, now_ms());
    if (++l->ticks % LOOK_TICKS == 0)
        shut_idle(l);
}

/* What was sent may have swallowed the sign that there is something to read. */
static void settle_sockets(struct gw_lane *l)
{
    for (uint32_t i = 0; i < l->setup.bind_count; i++)
        gw_zsock_settle(l->endpoints[i].socket);
}

/* Once per turn of the loop: completions, deliveries, back-pressure. */
static void on_before_sleep(uv_prepare_t *h)
{
    struct gw_lane *l = h->data;
    bool more;

    empty_inbox(l);
    more = gw_pipeline_turn(l->pipeline, now_ms());
    if (l->leaving && gw_pipeline_drained(l->pipeline)) {
        finish(l);
        return;
    }
    if (more)
        uv_idle_start(&l->busy, on_busy);
    else
        uv_idle_stop(&l->busy);
    settle_sockets(l);
}

static void run(void *arg)
{
    struct gw_lane *l = arg;
    char name[16];
    (void)snprintf(name, sizeof name, "lane-%u", l->setup.number);
    (void)prctl(PR_SET_NAME, name);
    uv_run(&l->loop, UV_RUN_DEFAULT);
}

/* ---- start and stop ---- */

static bool set_int(void *zmq, int option, int value)
{
    return zmq_setsockopt(zmq, option, &value, sizeof value) == 0;
}

static bool secure(void *zmq, const struct gw_bind *b, const char *secret_key)
{
    char domain[GW_NAME_MAX + 8] = "karvan.";
    memcpy(domain + 7, b->name, strlen(b->name) + 1);
    if (zmq_setsockopt(zmq, ZMQ_ZAP_DOMAIN, domain, strlen(domain)))
        return false;
    if (b->plain)
        return true; /* the ZAP handler names the one operator of the endpoint */
    return secret_key && set_int(zmq, ZMQ_CURVE_SERVER, 1) &&
           zmq_setsockopt(zmq, ZMQ_CURVE_SECRETKEY, secret_key, strlen(secret_key)) == 0;
}

static bool keep_alive(void *zmq)
{
    return set_int(zmq, ZMQ_TCP_KEEPALIVE, 1) && set_int(zmq, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_S) &&
           set_int(zmq, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_S / 3) &&
           set_int(zmq, ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_MORE);
}

static bool set_up(void *zmq, const struct gw_lane_setup *s, const struct gw_bind *b)
{
    int64_t most = (int64_t)s->limits->message_bytes * 2; /* up to there we answer in words */
    return set_int(zmq, ZMQ_ROUTER_MANDATORY, 1) && set_int(zmq, ZMQ_SNDHWM, HIGH_WATER) &&
           set_int(zmq, ZMQ_RCVHWM, 0) && set_int(zmq, ZMQ_LINGER, LINGER_MS) &&
           set_int(zmq, ZMQ_BACKLOG, 1024) && set_int(zmq, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           keep_alive(zmq) && set_int(zmq, ZMQ_IPV6, 1) &&
           zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
           secure(zmq, b, s->secret_key);
}

/* The watch is in the loop behind the socket, so that its check is called first: who came is known before
 * what it said. */
static enum gw_error bind_socket(struct endpoint *e, struct gw_text *why)
{
    struct gw_lane *l = e->lane;
    const struct gw_lane_setup *s = &l->setup;
    const struct gw_bind *b = &s->binds[e->index];
    void *zmq = zmq_socket(s->zmq, ZMQ_ROUTER);

    if (zmq && set_up(zmq, s, b) &&
        !gw_zsock_open(&e->socket, &l->loop, zmq, s->budget, on_message, e) &&
        !gw_watch_open(&e->watch, &l->loop, s->zmq, zmq, on_came, on_left, e) &&
        zmq_bind(zmq, b->address) == 0)
        return GW_OK;
    gw_text_set(why, "endpoint %s: cannot bind %s: %s - choose another address, or end what uses it",
                b->name, b->address, zmq_strerror(errno));
    if (zmq && !e->socket)
        zmq_close(zmq);
    return GW_IO;
}

static enum gw_error open_endpoints(struct gw_lane *l, struct gw_text *why)
{
    const struct gw_lane_setup *s = &l->setup;
    l->endpoints = calloc(s->bind_count, sizeof *l->endpoints);
    if (!l->endpoints)
        return GW_NOMEM;
    for (uint32_t i = 0; i < s->bind_count; i++) {
        struct endpoint *e = &l->endpoints[i];
        *e = (struct endpoint){.lane = l, .index = (uint16_t)i};
        if (bind_socket(e, why))
            return GW_IO;
    }
    return GW_OK;
}

static enum gw_error open_handles(struct gw_lane *l)
{
    if (uv_async_init(&l->loop, &l->wake, on_wake)) /* the others cannot fail */
        return GW_IO;
    uv_timer_init(&l->loop, &l->tick);
    uv_prepare_init(&l->loop, &l->before_sleep);
    uv_idle_init(&l->loop, &l->busy);
    l->wake.data = l->tick.data = l->before_sleep.data = l->busy.data = l;
    uv_timer_start(&l->tick, on_tick, 0, TICK_MS);
    uv_prepare_start(&l->before_sleep, on_before_sleep);
    return GW_OK;
}

static enum gw_error open_pipeline(struct gw_lane *l)
{
    const struct gw_lane_setup *s = &l->setup;
    struct gw_pipeline_setup p = {.limits = s->limits,
                                  .directory = s->directory,
                                  .journal = s->journal,
                                  .outlet = &l->outlet,
                                  .gateway_name = s->gateway_name,
                                  .signer = s->signer,
                                  .done = on_done,
                                  .live = s->publish ? on_live : NULL,
                                  .done_ctx = l,
                                  .most_in_journal = s->most_in_journal};
    l->outlet = (struct gw_outlet){send_message, s->claim ? send_claim : NULL, next_serial, condemn, l};
    return gw_pipeline_new(&l->pipeline, &p);
}

static void destroy(struct gw_lane *l)
{
    void *items[TAKE];
    uint32_t n;
    while (l->batches && (n = gw_queue_take(l->batches, items, TAKE)) != 0)
        for (uint32_t i = 0; i < n; i++)
            gw_batch_unref(items[i]);
    while (l->notes && (n = gw_queue_take(l->notes, items, TAKE)) != 0)
        for (uint32_t i = 0; i < n; i++) {
            struct note *left = items[i];
            if (left->run)
                left->run(left->ctx, NULL, 0);
            gw_directory_unref(left->directory);
            free(left);
        }
    gw_queue_free(l->batches);
    gw_queue_free(l->notes);
    for (uint32_t i = 0; l->endpoints && i < l->setup.bind_count; i++)
        gw_guests_deinit(&l->endpoints[i].guests);
    free(l->endpoints);
    free(l);
}

enum gw_error gw_lane_start(struct gw_lane **out, const struct gw_lane_setup *setup,
                            struct gw_text *why)
{
    struct gw_lane *l = calloc(1, sizeof *l);
    enum gw_error e;

    *out = NULL;
    if (!l || uv_loop_init(&l->loop)) {
        free(l);
        return GW_NOMEM;
    }
    l->setup = *setup;
    e = open_handles(l);
    if (e) {
        uv_loop_close(&l->loop);
        free(l);
        return e;
    }
    e = gw_queue_new(&l->batches, setup->most_in_journal * 2);
    if (!e)
        e = gw_queue_new(&l->notes, NOTES);
    if (!e)
        e = open_pipeline(l);
    if (!e)
        e = open_endpoints(l, why);
    if (!e && uv_thread_create(&l->thread, run, l))
        e = GW_NOMEM;
    if (!e) {
        l->running = true;
        *out = l;
        return GW_OK;
    }
    gw_pipeline_free(l->pipeline);
    l->pipeline = NULL;
    close_loop(l);
    destroy(l);
    return e;
}

void gw_lane_join(struct gw_lane *l)
{
    if (!l || !l->running)
        return;
    uv_thread_join(&l->thread);
    l->running = false;
    gw_pipeline_free(l->pipeline);
    l->pipeline = NULL;
}

void gw_lane_free(struct gw_lane *l)
{
    if (!l)
        return;
    close_loop(l);
    destroy(l);
}
