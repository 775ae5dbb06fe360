/* bench_e2e.c - how many events a second, and how late, from a producer's publish to a
 * receiver's callback, over the real protocol through a real karvand; every event
 * checked. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/histogram.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "bench/rig.h"

#define MOST 16 /* producers, receivers */

struct call {
    uint64_t events;
    double rate, seconds;
    uint32_t batch, producers, receivers, window;
    bool json;
    struct gw_rig_setup rig;
};

struct run;

struct producer {
    struct run *run;
    uint32_t number;
    pthread_t thread;
    uint64_t share, sent, acked, duplicates, refused;
    int64_t began_ns, ended_ns;
    bool failed;
};

struct receiver {
    struct run *run;
    uint32_t number;
    pthread_t thread;
    struct karvan_client *client;
    struct gw_facts facts;
    struct gw_histogram *latency;
    uint64_t next[MOST]; /* the number expected from each producer */
    uint64_t seen, lost, duplicated, reordered, altered, last_seq;
    int64_t ended_ns;
    bool ready;
};

struct run {
    struct call call;
    struct gw_rig rig;
    uint32_t id;
    atomic_uint receivers_ready;
    atomic_bool go, give_up;
    struct producer producers[MOST];
    struct receiver receivers[MOST];
};

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- receivers ---- */

static void on_event(void *user, const struct karvan_event *ev)
{
    struct receiver *r = user;
    struct gw_load_seen seen;
    int64_t now = now_ns();

    if (ev->seq <= r->last_seq)
        r->reordered++;
    r->last_seq = ev->seq;
    if (!gw_load_check(gw_slice(ev->bytes, ev->len), r->run->id, &r->facts, &seen) ||
        seen.producer >= r->run->call.producers) {
        r->altered++;
        return;
    }
    r->seen++;
    if (seen.number < r->next[seen.producer])
        r->duplicated++;
    else {
        r->lost += seen.number - r->next[seen.producer];
        r->next[seen.producer] = seen.number + 1;
    }
    gw_histogram_add(r->latency,
                     now > (int64_t)seen.sent_ns ? (uint64_t)now - seen.sent_ns : 0);
    r->ended_ns = now;
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct receiver *r = user;
    (void)name;
    (void)start;
    (void)oldest;
    (void)newest;
    if (!r->ready)
        atomic_fetch_add(&r->run->receivers_ready, 1);
    r->ready = true;
}

static bool complete(const struct receiver *r)
{
    for (uint32_t i = 0; i < r->run->call.producers; i++)
        if (r->next[i] < r->run->producers[i].share)
            return false;
    return true;
}

static void *receive(void *arg)
{
    struct receiver *r = arg;
    struct karvan_options o;
    char why[256], adapter[16];

    (void)snprintf(adapter, sizeof adapter, "sink-%u", r->number);
    gw_rig_options(&r->run->rig, r->run->call.producers + r->number, adapter, &o);
    o.on.event = on_event;
    o.on.subscribed = on_subscribed;
    o.user = r;
    o.credit_events = 65536;
    o.credit_bytes = 32u << 20;
    if (karvan_open(&r->client, &o, why, sizeof why) ||
        karvan_subscribe(r->client, "all", NULL, 0)) {
        fprintf(stderr, "bench: receiver: %s\n", why);
        atomic_store(&r->run->give_up, true);
        return NULL;
    }
    while (!atomic_load(&r->run->give_up) && !complete(r))
        (void)karvan_run(r->client, 20);
    (void)karvan_run(r->client, 50); /* what comes behind the last one is a duplicate */
    karvan_close(r->client, 0);
    return NULL;
}

/* ---- producers ---- */

static void on_ack(void *user, const struct karvan_ack *a)
{
    struct producer *p = user;
    p->acked += a->accepted;
    p->duplicates += a->duplicates;
    p->refused += a->refused;
}

static void on_refused(void *user, const struct karvan_refusal *x)
{
    struct producer *p = user;
    if (!p->failed)
        fprintf(stderr, "bench: refused: code=%d %s field=%s at=%zu rule=%s\n",
                (int)x->code, gw_error_text(x->code), x->field, x->at, x->rule);
    p->failed = true;
}

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    (void)user;
    if (code)
        fprintf(stderr, "bench: %s: code=%d %s\n", karvan_state_name(s), (int)code, text);
}

/* When event i of this producer is due; 0: at once. */
static int64_t due_ns(const struct producer *p, uint64_t i)
{
    const struct call *c = &p->run->call;
    if (c->rate <= 0)
        return 0;
    return p->began_ns + (int64_t)((double)i * 1e9 * c->producers / c->rate);
}

/* Publish what is due, as far as the window allows; true when something was done. */
static bool publish_due(struct producer *p, struct karvan_client *c, struct gw_load *load)
{
    uint64_t before = p->sent;
    while (p->sent < p->share && p->sent - before < 4096) {
        int64_t due = due_ns(p, p->sent), now = now_ns();
        struct gw_slice ev;
        if (due > now)
            break;
        ev = gw_load_event(load, p->sent, (uint64_t)(due ? due : now));
        if (karvan_publish(c, ev.at, ev.len, p->sent))
            break;
        p->sent++;
    }
    return p->sent > before;
}

static int wait_ms(const struct producer *p, bool busy)
{
    int64_t due;
    if (p->run->call.rate <= 0)
        return busy ? 0 : 5;
    due = (due_ns(p, p->sent) - now_ns()) / 1000000;
    return due < 0 ? 0 : due > 5 ? 5 : (int)due;
}

static void *produce(void *arg)
{
    struct producer *p = arg;
    struct karvan_options o;
    struct karvan_client *c = NULL;
    struct gw_load load;
    char why[256], adapter[16];

    (void)snprintf(adapter, sizeof adapter, "source-%u", p->number);
    gw_rig_options(&p->run->rig, p->number, adapter, &o);
    o.on.acked = on_ack;
    o.on.refused = on_refused;
    o.on.state = on_state;
    o.user = p;
    o.batch_events = p->run->call.batch;
    o.batch_bytes = 900u << 10;
    o.linger_ms = p->run->call.rate > 0 ? 1 : 5;
    o.window_batches = p->run->call.window;
    o.window_bytes = 64u << 20;
    if (gw_load_init(&load, p->run->id, p->number) ||
        karvan_open(&c, &o, why, sizeof why)) {
        fprintf(stderr, "bench: producer: %s\n", why);
        p->failed = true;
        return NULL;
    }
    while (karvan_client_state(c) != KARVAN_READY && !atomic_load(&p->run->give_up))
        (void)karvan_run(c, 10);
    while (!atomic_load(&p->run->go) && !atomic_load(&p->run->give_up))
        (void)karvan_run(c, 5);
    p->began_ns = now_ns();
    while (p->sent < p->share && !p->failed && !atomic_load(&p->run->give_up)) {
        bool busy = publish_due(p, c, &load);
        (void)karvan_run(c, wait_ms(p, busy));
    }
    if (karvan_drain(c, 30000))
        p->failed = true;
    p->ended_ns = now_ns();
    karvan_close(c, 0);
    gw_load_deinit(&load);
    return NULL;
}

/* ---- the run ---- */

static bool wait_receivers(struct run *r)
{
    for (int i = 0; i < 1000 && !atomic_load(&r->give_up); i++) {
        if (atomic_load(&r->receivers_ready) == r->call.receivers)
            return true;
        usleep(10000);
    }
    fprintf(stderr, "bench: receivers did not get ready; the gateway says:\n");
    return false;
}

static void show_log(const struct gw_rig *rig)
{
    char line[1024];
    FILE *f = fopen(rig->log, "r");
    for (int i = 0; f && i < 20 && fgets(line, sizeof line, f); i++)
        fprintf(stderr, "  %s", line);
    if (f)
        fclose(f);
}

/* Receivers stop by themselves when everything came; after this long without any they
 * give up. */
static void wait_delivery(struct run *r)
{
    uint64_t before = 0;
    int idle = 0;
    while (idle < 50) {
        uint64_t seen = 0;
        bool all = true;
        for (uint32_t i = 0; i < r->call.receivers; i++) {
            seen += r->receivers[i].seen;
            all &= complete(&r->receivers[i]);
        }
        if (all) {
            gw_progress("e2e", 1, 1);
            return;
        }
        gw_progress("e2e", seen, r->call.events * r->call.receivers);
        idle = seen == before ? idle + 1 : 0;
        before = seen;
        usleep(100000);
    }
}

struct result {
    uint64_t sent, acked, duplicates, refused, seen, lost, duplicated, reordered, altered;
    double seconds, gateway_cpu_s, clients_cpu_s;
    long gateway_peak_kib;
    struct gw_histogram latency;
    bool failed;
};

static void collect(struct run *r, struct result *out)
{
    int64_t began = INT64_MAX, published = 0, ended = 0;
    for (uint32_t i = 0; i < r->call.producers; i++) {
        const struct producer *p = &r->producers[i];
        out->sent += p->sent;
        out->acked += p->acked;
        out->duplicates += p->duplicates;
        out->refused += p->refused;
        out->failed |= p->failed;
        began = p->began_ns < began ? p->began_ns : began;
        published = p->ended_ns > published ? p->ended_ns : published;
    }
    for (uint32_t i = 0; i < r->call.receivers; i++) {
        const struct receiver *x = &r->receivers[i];
        out->seen += x->seen;
        out->lost += x->lost;
        out->duplicated += x->duplicated;
        out->reordered += x->reordered;
        out->altered += x->altered;
        for (uint32_t k = 0; k < r->call.producers; k++)
            out->lost +=
                r->producers[k].sent > x->next[k] ? r->producers[k].sent - x->next[k] : 0;
        gw_histogram_merge(&out->latency, x->latency);
        ended = x->ended_ns > ended ? x->ended_ns : ended;
    }
    out->seconds = (double)((ended > published ? ended : published) - began) / 1e9;
    out->failed |= out->lost || out->duplicated || out->reordered || out->altered ||
                   out->refused || out->duplicates || out->acked != out->sent;
}

static int report(const struct run *r, const struct result *x)
{
    const struct call *c = &r->call;
    struct gw_result out;
    gw_result_begin(&out, "e2e", c->json);
    gw_result_count(&out, "events", x->sent);
    gw_result_count(&out, "batch", c->batch);
    gw_result_count(&out, "producers", c->producers);
    gw_result_count(&out, "receivers", c->receivers);
    gw_result_count(&out, "lanes", c->rig.lanes);
    gw_result_flag(&out, "curve", c->rig.curve);
    gw_result_flag(&out, "durable", c->rig.durable);
    gw_result_number(&out, "offered_per_s", 0, c->rate);
    gw_result_number(&out, "seconds", 3, x->seconds);
    gw_result_number(&out, "events_per_s", 0,
                     x->seconds > 0 ? (double)x->sent / x->seconds : 0);
    gw_result_count(&out, "acknowledged", x->acked);
    gw_result_count(&out, "delivered", x->seen);
    gw_result_count(&out, "lost", x->lost);
    gw_result_count(&out, "duplicated", x->duplicated);
    gw_result_count(&out, "reordered", x->reordered);
    gw_result_count(&out, "altered", x->altered);
    gw_result_count(&out, "refused", x->refused);
    gw_result_flag(&out, "open_loop", c->rate > 0);
    gw_result_latency(&out, &x->latency);
    gw_result_number(&out, "gateway_cpu_s", 2, x->gateway_cpu_s);
    gw_result_number(&out, "clients_cpu_s", 2, x->clients_cpu_s);
    gw_result_count(&out, "gateway_peak_kib", (uint64_t)x->gateway_peak_kib);
    return gw_result_end(&out, x->failed);
}

static bool start_threads(struct run *r)
{
    const struct call *c = &r->call;
    for (uint32_t i = 0; i < c->producers; i++) {
        struct producer *p = &r->producers[i];
        p->run = r;
        p->number = i;
        p->share = c->events / c->producers + (i < c->events % c->producers);
    }
    for (uint32_t i = 0; i < c->receivers; i++) {
        struct receiver *x = &r->receivers[i];
        x->run = r;
        x->number = i;
        x->latency = calloc(1, sizeof *x->latency);
        if (!x->latency || pthread_create(&x->thread, NULL, receive, x))
            return false;
    }
    for (uint32_t i = 0; i < c->producers; i++)
        if (pthread_create(&r->producers[i].thread, NULL, produce, &r->producers[i]))
            return false;
    return true;
}

static void join_all(struct run *r)
{
    for (uint32_t i = 0; i < r->call.producers; i++)
        pthread_join(r->producers[i].thread, NULL);
    wait_delivery(r);
    atomic_store(&r->give_up, true);
    for (uint32_t i = 0; i < r->call.receivers; i++)
        pthread_join(r->receivers[i].thread, NULL);
}

static int measure(struct run *r)
{
    struct result *x = calloc(1, sizeof *x);
    int status = 1;

    r->id = (uint32_t)time(NULL);
    if (!x || gw_rig_start(&r->rig, &r->call.rig) || !start_threads(r))
        exit(1);
    if (wait_receivers(r))
        atomic_store(&r->go, true);
    else {
        show_log(&r->rig);
        atomic_store(&r->give_up, true);
    }
    join_all(r);
    collect(r, x);
    x->gateway_cpu_s = gw_child_cpu_s(r->rig.pid);
    x->clients_cpu_s = gw_child_cpu_s(getpid());
    x->gateway_peak_kib = gw_child_peak_kib(r->rig.pid);
    if (gw_rig_stop(&r->rig)) {
        fprintf(stderr, "bench: the gateway did not leave cleanly\n");
        show_log(&r->rig);
        x->failed = true;
    }
    status = report(r, x);
    for (uint32_t i = 0; i < r->call.receivers; i++)
        free(r->receivers[i].latency);
    gw_rig_clean(&r->rig);
    free(x);
    return status;
}

static const char notes[] =
    "With --rate the load is open loop: latency counts from the moment an event should "
    "have left.\n"
    "A run that lost, duplicated, reordered or altered anything has failed: exit 1.\n";

/* -1: go on; otherwise the exit status. */
static int parse(int argc, char **argv, struct call *c)
{
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c->events, 1, "events in all"},
        {"seconds", GW_OPTION_REAL, &c->seconds, 0,
         "... or what fits into so many (with --rate)"},
        {"rate", GW_OPTION_REAL, &c->rate, 0,
         "events a second over all producers; 0: all there is"},
        {"batch", GW_OPTION_U32, &c->batch, 1, "events in a batch"},
        {"producers", GW_OPTION_U32, &c->producers, 1, "each an operator of its own"},
        {"receivers", GW_OPTION_U32, &c->receivers, 1,
         "each an operator, receiving everything"},
        {"lanes", GW_OPTION_U32, &c->rig.lanes, 1, "of the gateway"},
        {"no-curve", GW_OPTION_OFF, &c->rig.curve, 0,
         "plaintext over ipc, not CURVE over TCP"},
        {"no-durable", GW_OPTION_OFF, &c->rig.durable, 0, "without fdatasync"},
        {"data", GW_OPTION_TEXT, &c->rig.data_dir, 0, "directory for the journal"},
        {"window", GW_OPTION_U32, &c->window, 1, "batches in flight per producer"},
        {"json", GW_OPTION_ON, &c->json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, notes, argc, argv);
    if (status >= 0)
        return status;
    if (c->seconds > 0 && c->rate > 0)
        c->events = (uint64_t)(c->seconds * c->rate);
    if (c->events && c->producers <= MOST && c->receivers <= MOST)
        return -1;
    fprintf(stderr, "karvan-bench e2e: at most %d producers and receivers\n", MOST);
    return 2;
}

static int run_e2e(int argc, char **argv)
{
    struct run *r = calloc(1, sizeof *r);
    int status;
    if (!r)
        return 1;
    r->call = (struct call){.events = 1000000,
                            .batch = 256,
                            .producers = 1,
                            .receivers = 1,
                            .window = 64,
                            .rig = {.curve = true, .durable = true, .lanes = 1}};
    status = parse(argc, argv, &r->call);
    if (status < 0) {
        r->call.rig.operators = r->call.producers + r->call.receivers;
        status = measure(r);
    }
    free(r);
    return status;
}

const struct gw_bench gw_bench_e2e = {
    "e2e", "events a second and latency, publish to delivery, through a real gateway",
    run_e2e};
