/* bench_storm.c - everybody comes back at once: the gateway is killed with many receivers
 * connected and started again; how long until each has its session and subscription back,
 * and has received an event published after the restart. */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "bench/rig.h"

#define OPERATORS 32
#define WAIT_NS   INT64_C(60000000000)

struct client {
    struct karvan_client *c;
    uint32_t granted; /* times SUBSCRIBED was answered */
    uint64_t newest;  /* number of the newest event it has, plus one */
    uint64_t altered;
};

struct storm {
    uint32_t clients, run;
    struct client *all;
    struct gw_rig rig;
    struct karvan_client *producer;
    struct gw_load load;
    struct gw_facts facts;
};

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct client *c = user;
    (void)name;
    (void)start;
    (void)oldest;
    (void)newest;
    c->granted++;
}

static struct storm *storm; /* for the callback's scratch and run number */

static void on_event(void *user, const struct karvan_event *ev)
{
    struct client *c = user;
    struct gw_load_seen seen;
    if (!gw_load_check(gw_slice(ev->bytes, ev->len), storm->run, &storm->facts, &seen))
        c->altered++;
    else if (seen.number + 1 > c->newest)
        c->newest = seen.number + 1;
}

static bool open_client(struct storm *s, uint32_t i)
{
    struct karvan_options o;
    char why[256], adapter[24];
    (void)snprintf(adapter, sizeof adapter, "sink-%u", i);
    gw_rig_options(&s->rig, 1 + i % (OPERATORS - 1), adapter, &o);
    o.on.subscribed = on_subscribed;
    o.on.event = on_event;
    o.user = &s->all[i];
    o.timeout_ms = 2000;
    o.retry_max_ms = 500;
    if (karvan_open(&s->all[i].c, &o, why, sizeof why) ||
        karvan_subscribe_where(s->all[i].c, adapter, "latest", NULL, 0, why,
                               sizeof why)) {
        fprintf(stderr, "bench: storm: %s\n", why);
        return false;
    }
    return true;
}

/* Run all clients until `enough` says so of each; ns it took, or -1. */
static int64_t until(struct storm *s, const char *what,
                     bool (*enough)(const struct client *c, uint64_t n), uint64_t n)
{
    int64_t began = now_ns();
    while (now_ns() - began < WAIT_NS) {
        uint32_t good = 0;
        (void)karvan_process(s->producer);
        for (uint32_t i = 0; i < s->clients; i++) {
            for (int k = 0; k < 8 && karvan_process(s->all[i].c); k++)
                ;
            good += enough(&s->all[i], n);
        }
        gw_progress(what, good, s->clients);
        if (good == s->clients)
            return now_ns() - began;
        (void)karvan_run(s->producer, 1);
    }
    return -1;
}

static bool is_granted(const struct client *c, uint64_t n)
{
    return c->granted >= n;
}
static bool has_event(const struct client *c, uint64_t n)
{
    return c->newest >= n;
}

static bool publish(struct storm *s, uint64_t number)
{
    struct gw_slice ev = gw_load_event(&s->load, number, 1);
    bool ok = karvan_publish(s->producer, ev.at, ev.len, 0) == GW_OK;
    karvan_flush(s->producer);
    return ok;
}

static bool begin(struct storm *s)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = OPERATORS, .lanes = 1};
    struct karvan_options o;
    char why[256];
    bool ok = !gw_rig_start(&s->rig, &setup) && !gw_load_init(&s->load, s->run, 0);

    if (!ok)
        return false;
    gw_rig_options(&s->rig, 0, "source", &o);
    o.timeout_ms = 2000;
    o.retry_max_ms = 500;
    ok = !karvan_open(&s->producer, &o, why, sizeof why);
    for (uint32_t i = 0; i < s->clients && ok; i++)
        ok = open_client(s, i);
    return ok;
}

static void end(struct storm *s)
{
    for (uint32_t i = 0; s->all && i < s->clients; i++)
        karvan_close(s->all[i].c, 0);
    karvan_close(s->producer, 0);
    (void)gw_rig_stop(&s->rig);
    gw_rig_clean(&s->rig);
    gw_load_deinit(&s->load);
    free(s->all);
}

static int report(const struct storm *s, bool json, int64_t first_ns, int64_t back_ns,
                  int64_t event_ns, long peak_kib, bool ok)
{
    struct gw_result r;
    uint64_t altered = 0;
    for (uint32_t i = 0; i < s->clients; i++)
        altered += s->all[i].altered;
    gw_result_begin(&r, "storm", json);
    gw_result_count(&r, "clients", s->clients);
    gw_result_number(&r, "first_connect_ms", 1, (double)first_ns / 1e6);
    gw_result_number(&r, "reconnect_ms", 1, (double)back_ns / 1e6);
    gw_result_number(&r, "event_to_all_ms", 1, (double)event_ns / 1e6);
    gw_result_count(&r, "altered", altered);
    gw_result_count(&r, "gateway_peak_kib", (uint64_t)peak_kib);
    return gw_result_end(&r, !ok || altered);
}

static int measure(struct storm *s, bool json)
{
    int64_t first = -1, back = -1, event = -1;
    long peak = 0;
    bool ok = begin(s);
    int status;

    if (ok)
        first = until(s, "storm: connecting", is_granted, 1);
    ok = first >= 0 && publish(s, 0) && until(s, "storm: first event", has_event, 1) >= 0;
    if (ok) {
        gw_rig_kill(&s->rig);
        ok = !gw_rig_resume(&s->rig);
        back = ok ? until(s, "storm: coming back", is_granted, 2) : -1;
    }
    ok = ok && back >= 0 && publish(s, 1);
    if (ok)
        event = until(s, "storm: second event", has_event, 2);
    peak = gw_child_peak_kib(s->rig.pid);
    status = report(s, json, first, back, event, peak, ok && event >= 0);
    end(s);
    return status;
}

static int run_storm(int argc, char **argv)
{
    struct storm *s = calloc(1, sizeof *s);
    uint32_t clients = 200;
    bool json = false;
    const struct gw_option rows[] = {
        {"clients", GW_OPTION_U32, &clients, 1, "receivers that come back"},
        {"json", GW_OPTION_ON, &json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);
    if (!s)
        return 1;
    if (status < 0) {
        storm = s;
        s->clients = clients < 1500 ? clients : 1500;
        s->run = (uint32_t)(gw_now_ms(&gw_clock_system) / 1000);
        s->all = calloc(s->clients, sizeof *s->all);
        status = s->all ? measure(s, json) : 1;
    }
    free(s);
    return status;
}

const struct gw_bench gw_bench_storm = {
    "storm", "the gateway dies and everybody comes back at once", run_storm};
