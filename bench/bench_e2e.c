/* bench_e2e.c - how many events a second, and how late, from a producer's publish to a
 * receiver's callback, over the real protocol through a real karvand; every event
 * checked. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "bench/bench.h"
#include "bench/flow.h"
#include "bench/options.h"

struct call {
    struct gw_flow_call flow;
    struct gw_rig_setup rig;
    double seconds;
    bool json;
};

static int report(const struct call *c, const struct gw_flow_result *x,
                  double gateway_cpu_s, double clients_cpu_s, long peak_kib)
{
    struct gw_result out;
    gw_result_begin(&out, "e2e", c->json);
    gw_result_count(&out, "events", x->sent);
    gw_result_count(&out, "batch", c->flow.batch);
    gw_result_count(&out, "producers", c->flow.producers);
    gw_result_count(&out, "receivers", c->flow.receivers);
    gw_result_count(&out, "lanes", c->rig.lanes);
    gw_result_flag(&out, "curve", c->rig.curve);
    gw_result_flag(&out, "durable", c->rig.durable);
    gw_result_number(&out, "offered_per_s", 0, c->flow.rate);
    gw_result_number(&out, "events_per_s", 0,
                     x->seconds > 0 ? (double)x->sent / x->seconds : 0);
    gw_result_number(&out, "warm_s", 1, c->flow.warm);
    gw_flow_report(&out, x, c->flow.rate > 0);
    gw_result_number(&out, "gateway_cpu_s", 2, gateway_cpu_s);
    gw_result_number(&out, "clients_cpu_s", 2, clients_cpu_s);
    gw_result_count(&out, "gateway_peak_kib", (uint64_t)peak_kib);
    return gw_result_end(&out, x->failed);
}

static int measure(struct call *c)
{
    struct gw_flow_result *x = calloc(1, sizeof *x);
    struct gw_rig *rig = calloc(1, sizeof *rig);
    double cpu_s;
    long peak_kib;
    int status = 1;

    if (x && rig && !gw_rig_start(rig, &c->rig)) {
        c->flow.run = (uint32_t)time(NULL);
        gw_flow_pass(rig, &c->flow, x);
        cpu_s = gw_child_cpu_s(rig->pid);
        peak_kib = gw_child_peak_kib(rig->pid);
        if (gw_rig_stop(rig)) {
            fprintf(stderr, "bench: the gateway did not leave cleanly\n");
            gw_flow_show_log(rig);
            x->failed = true;
        }
        status = report(c, x, cpu_s, gw_child_cpu_s(getpid()), peak_kib);
    }
    if (rig)
        gw_rig_clean(rig);
    free(rig);
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
        {"events", GW_OPTION_U64, &c->flow.events, 1, "events in all"},
        {"seconds", GW_OPTION_REAL, &c->seconds, 0,
         "... or what fits into so many (with --rate)"},
        {"rate", GW_OPTION_REAL, &c->flow.rate, 0,
         "events a second over all producers; 0: all there is"},
        {"warm", GW_OPTION_REAL, &c->flow.warm, 0,
         "seconds at the beginning whose latencies are not counted (with --rate)"},
        {"batch", GW_OPTION_U32, &c->flow.batch, 1, "events in a batch"},
        {"producers", GW_OPTION_U32, &c->flow.producers, 1,
         "each an operator of its own"},
        {"receivers", GW_OPTION_U32, &c->flow.receivers, 1,
         "each an operator, receiving everything"},
        {"lanes", GW_OPTION_U32, &c->rig.lanes, 1, "of the gateway"},
        {"no-curve", GW_OPTION_OFF, &c->rig.curve, 0,
         "plaintext over ipc, not CURVE over TCP"},
        {"no-durable", GW_OPTION_OFF, &c->rig.durable, 0, "without fdatasync"},
        {"data", GW_OPTION_TEXT, &c->rig.data_dir, 0, "directory for the journal"},
        {"window", GW_OPTION_U32, &c->flow.window, 1, "batches in flight per producer"},
        {"json", GW_OPTION_ON, &c->json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, notes, argc, argv);
    if (status >= 0)
        return status;
    if (c->seconds > 0 && c->flow.rate > 0)
        c->flow.events = (uint64_t)(c->seconds * c->flow.rate);
    if (c->flow.events && c->flow.producers <= GW_FLOW_MOST &&
        c->flow.receivers <= GW_FLOW_MOST)
        return -1;
    fprintf(stderr, "karvan-bench e2e: at most %d producers and receivers\n",
            GW_FLOW_MOST);
    return 2;
}

static int run_e2e(int argc, char **argv)
{
    struct call c = {.flow = {.name = "e2e",
                              .events = 1000000,
                              .batch = 256,
                              .producers = 1,
                              .receivers = 1,
                              .window = 64,
                              .start = "latest"},
                     .rig = {.curve = true, .durable = true, .lanes = 1}};
    int status = parse(argc, argv, &c);
    if (status >= 0)
        return status;
    c.rig.operators = c.flow.producers + c.flow.receivers;
    return measure(&c);
}

const struct gw_bench gw_bench_e2e = {
    "e2e", "events a second and latency, publish to delivery, through a real gateway",
    run_e2e};
