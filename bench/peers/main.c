/* main.c - karvan-bench-peers: the same work for Karvan, a bare zmq_proxy and other
 * people's brokers, side by side in one run; each line says what a confirmation of it
 * means. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/clock.h"
#include "bench/flow.h"
#include "bench/options.h"
#include "bench/peers/peer.h"
#include "bench/proxy.h"

static const struct gw_peer_system *const systems[] = {
#ifdef GW_PEER_JETSTREAM
    &gw_peer_jetstream,
#endif
#ifdef GW_PEER_REDIS
    &gw_peer_redis,
#endif
#ifdef GW_PEER_RABBITMQ
    &gw_peer_rabbitmq,
#endif
#ifdef GW_PEER_MOSQUITTO
    &gw_peer_mosquitto,
#endif
    NULL};

struct call {
    uint64_t events;
    double seconds;
    const char *only;
    bool json;
    double karvan_per_s; /* without CURVE: as the others are */
};

/* ---- what peer.h offers ---- */

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

bool gw_peer_next(struct gw_peer_work *w, struct gw_slice *payload)
{
    uint64_t n = atomic_load(&w->sent);
    if (n >= w->events || atomic_load(&w->failed) ||
        (n % 64 == 0 && now_ns() > w->deadline_ns))
        return false;
    *payload = gw_load_event(&w->load, n, 1);
    atomic_store(&w->sent, n + 1);
    return true;
}

bool gw_peer_take(struct gw_peer_work *w, const void *at, size_t len)
{
    struct gw_load_seen seen;
    if (!gw_load_check(gw_slice(at, len), GW_PEER_RUN, &w->facts, &seen))
        return gw_peer_fail(w, "receiver", "an event came out altered");
    if (seen.number != atomic_load(&w->received))
        return gw_peer_fail(w, "receiver", "an event is missing, or came twice");
    atomic_fetch_add(&w->received, 1);
    return true;
}

bool gw_peer_finished(const struct gw_peer_work *w)
{
    bool done = atomic_load(&w->done);
    return atomic_load(&w->failed) ||
           (done && atomic_load(&w->received) == atomic_load(&w->sent)) ||
           now_ns() > w->deadline_ns + INT64_C(30000000000);
}

bool gw_peer_fail(struct gw_peer_work *w, const char *what, const char *why)
{
    if (!atomic_exchange(&w->failed, true))
        fprintf(stderr, "bench: %s: %s\n", what, why && *why ? why : "failed");
    return false;
}

/* ---- one system ---- */

struct side {
    struct gw_peer_work *work;
    bool (*run)(struct gw_peer_work *w);
    bool producer;
};

static void *run_side(void *arg)
{
    struct side *s = arg;
    if (!s->run(s->work))
        atomic_store(&s->work->failed, true);
    if (s->producer)
        atomic_store(&s->work->done, true);
    return NULL;
}

static double run_both(const struct gw_peer_system *p, struct gw_peer_work *w,
                       double seconds)
{
    struct side sides[] = {{w, p->consume, false}, {w, p->produce, true}};
    pthread_t threads[2];
    int64_t began = now_ns();
    w->deadline_ns = began + (int64_t)(seconds * 1e9);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, run_side, &sides[i]))
            exit(1);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return (double)(now_ns() - began) / 1e9;
}

static int report(const struct call *c, const char *name, const char *acknowledges,
                  bool synced, uint64_t events, double per_s, bool failed)
{
    struct gw_result r;
    gw_result_begin(&r, "peers", c->json);
    gw_result_text(&r, "system", name);
    gw_result_text(&r, "acknowledged_means", acknowledges);
    gw_result_flag(&r, "synced", synced);
    gw_result_count(&r, "events", events);
    gw_result_number(&r, "events_per_s", 0, per_s);
    gw_result_number(&r, "karvan_to_this", 2, per_s > 0 ? c->karvan_per_s / per_s : 0);
    return gw_result_end(&r, failed);
}

static int measure(const struct call *c, const struct gw_peer_system *p)
{
    struct gw_peer_work *w;
    double seconds = 0;
    uint64_t received = 0;
    bool failed = true;

    if (!gw_daemon_installed(p->program)) {
        fprintf(stderr, "bench: %s is left out: %s is not installed\n", p->name,
                p->program);
        return 0;
    }
    w = calloc(1, sizeof *w);
    if (!w)
        return 1;
    gw_progress(p->name, 0, 1);
    w->events = c->events;
    if (!gw_load_init(&w->load, GW_PEER_RUN, 0) && gw_daemon_prepare(&w->daemon) &&
        p->start(w)) {
        seconds = run_both(p, w, c->seconds);
        received = atomic_load(&w->received);
        failed = atomic_load(&w->failed) || received != atomic_load(&w->sent);
    }
    gw_progress(p->name, 1, 1);
    p->stop(w);
    gw_daemon_stop(&w->daemon);
    gw_load_deinit(&w->load);
    free(w);
    return report(c, p->name, p->acknowledges, p->synced, received,
                  seconds > 0 ? (double)received / seconds : 0, failed);
}

/* ---- ourselves, and ZeroMQ alone ---- */

static int measure_karvan(struct call *c, bool curve)
{
    struct gw_flow_call flow = {.name = "karvan",
                                .events = c->events *
                                          4, /* it would be over before it runs warm */
                                .batch = 256,
                                .window = 64,
                                .producers = 1,
                                .receivers = 1,
                                .start = "latest",
                                .run = (uint32_t)time(NULL)};
    struct gw_rig_setup setup = {
        .curve = curve, .durable = true, .operators = 2, .lanes = 1};
    struct gw_flow_result *x = calloc(1, sizeof *x);
    struct gw_rig *rig = calloc(1, sizeof *rig);
    bool failed = !x || !rig || gw_rig_start(rig, &setup);
    double per_s = 0;
    int status;

    if (!failed) {
        gw_flow_pass(rig, &flow, x);
        failed = gw_rig_stop(rig) != 0 || x->failed;
        per_s = x->seconds > 0 ? (double)x->seen / x->seconds : 0;
    }
    if (!curve)
        c->karvan_per_s = per_s;
    status = report(c, curve ? "karvan-curve" : "karvan",
                    "in the journal, synced, validated, duplicates out", true,
                    x ? x->seen : 0, per_s, failed);
    if (rig)
        gw_rig_clean(rig);
    free(rig);
    free(x);
    return status;
}

static int measure_proxy(const struct call *c)
{
    struct gw_proxy_call call = {.events = c->events, .batch = 1};
    struct gw_proxy_result x;
    gw_proxy_run(&call, &x);
    return report(c, "zmq_proxy", "nothing: not kept, not confirmed", false, x.received,
                  x.seconds > 0 ? (double)x.received / x.seconds : 0, x.failed);
}

static bool wanted(const struct call *c, const char *name)
{
    return !c->only || strcmp(c->only, name) == 0;
}

static const char notes[] = "Each system is started here, on 127.0.0.1, in a temporary "
                            "directory, and ended again; one that\n"
                            "is not installed is named and left out.  Exit: 0 measured, "
                            "1 something was lost or failed.\n";

int main(int argc, char **argv)
{
    struct call c = {.events = 200000, .seconds = 10};
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c.events, 1,
         "to send through each; Karvan four times as many"},
        {"seconds", GW_OPTION_REAL, &c.seconds, 0.1,
         "... or what it can take in so many"},
        {"only", GW_OPTION_TEXT, &c.only, 0, "this one, beside Karvan"},
        {"json", GW_OPTION_ON, &c.json, 0, "JSON, one object a line"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, notes, argc, argv);
    if (status >= 0)
        return status;
    (void)signal(SIGPIPE, SIG_IGN);
    status = measure_karvan(&c, false);
    if (!c.only)
        status |= measure_karvan(&c, true);
    if (wanted(&c, "zmq_proxy"))
        status |= measure_proxy(&c);
    for (size_t i = 0; systems[i]; i++)
        if (wanted(&c, systems[i]->name))
            status |= measure(&c, systems[i]);
    return status;
}
