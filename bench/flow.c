/* flow.c - producers and receivers in threads of their own, and what became of their
 * events. */
#include "bench/flow.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/child.h"
#include "bench/load.h"

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
    /* read by the main thread while this one counts: told(), tell() */
    _Atomic uint64_t next[GW_FLOW_MOST]; /* the number expected from each producer */
    _Atomic uint64_t seen;
    uint64_t lost, duplicated, reordered, altered, last_seq;
    int64_t ended_ns;
    bool ready, stalls;
};

struct run {
    const struct gw_flow_call *call;
    const struct gw_rig *rig;
    int64_t began_ns;
    _Atomic int64_t went_ns; /* when the producers were let go; set before `go` */
    atomic_uint receivers_ready;
    atomic_bool go, give_up;
    struct producer producers[GW_FLOW_MOST];
    struct receiver receivers[GW_FLOW_MOST]; /* the stalled ones behind the others */
};

/* Producers whose events are awaited: of this pass, or of an earlier one. */
static uint32_t awaited(const struct run *r)
{
    return r->call->producers ? r->call->producers : r->call->of_producers;
}

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* A counter that one thread writes and another looks at: no more than whole values are
 * needed. */
static uint64_t told(_Atomic uint64_t *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

static void tell(_Atomic uint64_t *n, uint64_t value)
{
    atomic_store_explicit(n, value, memory_order_relaxed);
}

/* ---- receivers ---- */

/* Producers begin at once when they may; events are due from then on. */
static int64_t warm_until(const struct run *r)
{
    return r->call->warm > 0 ? atomic_load_explicit(&r->went_ns, memory_order_relaxed) +
                                   (int64_t)(r->call->warm * 1e9)
                             : INT64_MIN;
}

static void on_event(void *user, const struct karvan_event *ev)
{
    struct receiver *r = user;
    struct gw_load_seen seen;
    int64_t now = now_ns();
    uint64_t next;

    if (ev->seq <= r->last_seq)
        r->reordered++;
    r->last_seq = ev->seq;
    if (!gw_load_check(gw_slice(ev->bytes, ev->len), r->run->call->run, &r->facts,
                       &seen) ||
        seen.producer >= awaited(r->run)) {
        r->altered++;
        return;
    }
    tell(&r->seen, told(&r->seen) + 1);
    next = told(&r->next[seen.producer]);
    if (seen.number < next)
        r->duplicated++;
    else {
        r->lost += seen.number - next;
        tell(&r->next[seen.producer], seen.number + 1);
    }
    if ((int64_t)seen.sent_ns >= warm_until(r->run))
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

static bool complete(struct receiver *r)
{
    for (uint32_t i = 0; i < awaited(r->run); i++)
        if (told(&r->next[i]) < r->run->producers[i].share)
            return false;
    return true;
}

static void *receive(void *arg)
{
    struct receiver *r = arg;
    struct karvan_options o;
    char why[256], adapter[16];

    (void)snprintf(adapter, sizeof adapter, "sink-%u", r->number);
    gw_rig_options(r->run->rig,
                   r->run->rig->setup.operators - 1 - r->run->call->first_receiver -
                       r->number,
                   adapter, &o);
    o.on.event = on_event;
    o.on.subscribed = on_subscribed;
    o.user = r;
    o.credit_events = 65536;
    o.credit_bytes = 32u << 20;
    if (karvan_open(&r->client, &o, why, sizeof why) ||
        karvan_subscribe_where(r->client, "all", r->run->call->start, NULL, 0, why,
                               sizeof why)) {
        fprintf(stderr, "bench: receiver: %s\n", why);
        atomic_store(&r->run->give_up, true);
        return NULL;
    }
    while (!atomic_load(&r->run->give_up) && !complete(r))
        if (r->stalls && r->ready)
            usleep(20000); /* there, and never reading again */
        else
            (void)karvan_run(r->client, 20);
    if (r->stalls) {
        karvan_close(r->client, 0);
        return NULL;
    }
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
    const struct gw_flow_call *c = p->run->call;
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

/* Let the client work, and pass the time until the next event is due without burning a
 * core that the gateway needs: 200 us at most, so that nothing leaves later than that. */
static void linger(struct karvan_client *c, const struct producer *p, bool busy)
{
    int64_t due_us = (due_ns(p, p->sent) - now_ns()) / 1000;
    if (p->run->call->rate <= 0 || p->sent == p->share) {
        (void)karvan_run(c, busy ? 0 : 5);
        return;
    }
    (void)karvan_run(c, 0);
    if (!busy && due_us > 0)
        usleep(due_us < 200 ? (useconds_t)due_us : 200);
}

static void *produce(void *arg)
{
    struct producer *p = arg;
    struct karvan_options o;
    struct karvan_client *c = NULL;
    struct gw_load load;
    char why[256], adapter[16];

    (void)snprintf(adapter, sizeof adapter, "source-%u", p->number);
    gw_rig_options(p->run->rig, p->number, adapter, &o);
    o.on.acked = on_ack;
    o.on.refused = on_refused;
    o.on.state = on_state;
    o.user = p;
    o.batch_events = p->run->call->batch;
    o.batch_bytes = 900u << 10;
    o.linger_ms = p->run->call->rate > 0 ? 1 : 5;
    o.window_batches = p->run->call->window;
    o.window_bytes = 64u << 20;
    if (gw_load_init(&load, p->run->call->run, p->number) ||
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
        linger(c, p, busy);
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
        if (atomic_load(&r->receivers_ready) == r->call->receivers + r->call->stalled)
            return true;
        usleep(10000);
    }
    fprintf(stderr, "bench: receivers did not get ready; the gateway says:\n");
    return false;
}

/* Receivers stop by themselves when everything came; after this long without any they
 * give up. */
static void note_memory(const struct run *r, uint64_t seen, uint64_t all,
                        struct gw_flow_result *x)
{
    long kib = gw_child_own_kib(r->rig->pid);
    if (seen < all / 4 && kib > x->own_kib_early)
        x->own_kib_early = kib;
    if (kib > x->own_kib_peak)
        x->own_kib_peak = kib;
}

static void wait_delivery(struct run *r, struct gw_flow_result *out)
{
    uint64_t before = 0, wanted = r->call->events * r->call->receivers;
    int idle = 0;
    while (idle < 50) {
        uint64_t seen = 0;
        bool all = true;
        for (uint32_t i = 0; i < r->call->receivers; i++) {
            seen += told(&r->receivers[i].seen);
            all &= complete(&r->receivers[i]);
        }
        if (all) {
            gw_progress(r->call->name, 1, 1);
            return;
        }
        gw_progress(r->call->name, seen, wanted);
        note_memory(r, seen, wanted, out);
        idle = seen == before ? idle + 1 : 0;
        before = seen;
        usleep(100000);
    }
}

static void collect(struct run *r, struct gw_flow_result *out)
{
    int64_t began = r->call->producers ? INT64_MAX : r->began_ns, published = 0,
            ended = 0;
    for (uint32_t i = 0; i < r->call->producers; i++) {
        const struct producer *p = &r->producers[i];
        out->sent += p->sent;
        out->acked += p->acked;
        out->duplicates += p->duplicates;
        out->refused += p->refused;
        out->failed |= p->failed;
        began = p->began_ns < began ? p->began_ns : began;
        published = p->ended_ns > published ? p->ended_ns : published;
    }
    for (uint32_t i = 0; i < r->call->receivers; i++) {
        const struct receiver *x = &r->receivers[i];
        out->seen += x->seen;
        out->lost += x->lost;
        out->duplicated += x->duplicated;
        out->reordered += x->reordered;
        out->altered += x->altered;
        for (uint32_t k = 0; k < r->call->producers; k++)
            out->lost +=
                r->producers[k].sent > x->next[k] ? r->producers[k].sent - x->next[k] : 0;
        gw_histogram_merge(&out->latency, x->latency);
        ended = x->ended_ns > ended ? x->ended_ns : ended;
    }
    if (published)
        out->publish_seconds = (double)(published - began) / 1e9;
    out->seconds = (double)((ended > published ? ended : published) - began) / 1e9;
    out->failed |= out->lost || out->duplicated || out->reordered || out->altered ||
                   out->refused || out->duplicates || out->acked != out->sent;
}

static bool start_threads(struct run *r)
{
    const struct gw_flow_call *c = r->call;
    for (uint32_t i = 0; i < awaited(r); i++) {
        struct producer *p = &r->producers[i];
        p->run = r;
        p->number = i;
        p->share = c->events / awaited(r) + (i < c->events % awaited(r));
    }
    r->began_ns = now_ns();
    for (uint32_t i = 0; i < c->receivers + c->stalled; i++) {
        struct receiver *x = &r->receivers[i];
        x->run = r;
        x->number = i;
        x->stalls = i >= c->receivers;
        x->latency = calloc(1, sizeof *x->latency);
        if (!x->latency || pthread_create(&x->thread, NULL, receive, x))
            return false;
    }
    for (uint32_t i = 0; i < c->producers; i++)
        if (pthread_create(&r->producers[i].thread, NULL, produce, &r->producers[i]))
            return false;
    return true;
}

static void join_all(struct run *r, struct gw_flow_result *out)
{
    wait_delivery(r, out);
    for (uint32_t i = 0; i < r->call->producers; i++)
        pthread_join(r->producers[i].thread, NULL);
    atomic_store(&r->give_up, true);
    for (uint32_t i = 0; i < r->call->receivers + r->call->stalled; i++)
        pthread_join(r->receivers[i].thread, NULL);
}

void gw_flow_pass(const struct gw_rig *rig, const struct gw_flow_call *call,
                  struct gw_flow_result *out)
{
    struct run *r = calloc(1, sizeof *r);
    if (!r) {
        out->failed = true;
        return;
    }
    r->call = call;
    r->rig = rig;
    if (!start_threads(r)) {
        fprintf(stderr, "bench: no memory or threads for %s\n", call->name);
        exit(1); /* some of them run, and know r */
    }
    if (wait_receivers(r)) {
        atomic_store(&r->went_ns, now_ns());
        atomic_store(&r->go, true);
    } else {
        gw_flow_show_log(rig);
        atomic_store(&r->give_up, true);
    }
    join_all(r, out);
    collect(r, out);
    for (uint32_t i = 0; i < call->receivers + call->stalled; i++)
        free(r->receivers[i].latency);
    free(r);
}

void gw_flow_report(struct gw_result *r, const struct gw_flow_result *x, bool open_loop)
{
    gw_result_number(r, "seconds", 3, x->seconds);
    gw_result_count(r, "acknowledged", x->acked);
    gw_result_count(r, "delivered", x->seen);
    gw_result_count(r, "lost", x->lost);
    gw_result_count(r, "duplicated", x->duplicated);
    gw_result_count(r, "reordered", x->reordered);
    gw_result_count(r, "altered", x->altered);
    gw_result_count(r, "refused", x->refused);
    gw_result_flag(r, "open_loop", open_loop);
    gw_result_latency(r, &x->latency);
}

void gw_flow_show_log(const struct gw_rig *rig)
{
    char line[1024];
    FILE *f = fopen(rig->log, "r");
    for (int i = 0; f && i < 20 && fgets(line, sizeof line, f); i++)
        fprintf(stderr, "  %s", line);
    if (f)
        fclose(f);
}
