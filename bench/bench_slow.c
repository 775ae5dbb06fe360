/* bench_slow.c - does one receiver that stopped reading cost the others anything?  The
 * same traffic twice, without and with it: the others' rate, and the gateway's memory. */
#include <stdlib.h>
#include <time.h>
#include "bench/bench.h"
#include "bench/flow.h"
#include "bench/options.h"

struct call {
    struct gw_flow_call flow;
    struct gw_rig_setup rig;
    bool json;
};

static bool measure(const struct call *c, uint32_t stalled, struct gw_flow_result *out)
{
    struct gw_rig *rig = calloc(1, sizeof *rig);
    struct gw_flow_call flow = c->flow;
    bool ok = rig && !gw_rig_start(rig, &c->rig);

    flow.stalled = stalled;
    if (ok) {
        gw_flow_pass(rig, &flow, out);
        ok = gw_rig_stop(rig) == 0 && !out->failed;
    }
    if (rig)
        gw_rig_clean(rig);
    free(rig);
    return ok;
}

static double per_s(const struct gw_flow_result *x)
{
    return x->seconds > 0 ? (double)x->sent / x->seconds : 0;
}

/* The gateway's own memory; what it has mapped of the journal is the page cache's. */
static void report_memory(struct gw_result *r, const struct gw_flow_result *without,
                          const struct gw_flow_result *with)
{
    gw_result_count(r, "gateway_own_kib_without", (uint64_t)without->own_kib_peak);
    gw_result_count(r, "gateway_own_kib_with", (uint64_t)with->own_kib_peak);
    gw_result_count(r, "gateway_own_kib_with_first_quarter",
                    (uint64_t)with->own_kib_early);
}

static int run_slow(int argc, char **argv)
{
    struct call c = {.flow = {.name = "slow",
                              .events = 500000,
                              .batch = 256,
                              .producers = 1,
                              .receivers = 4,
                              .window = 64,
                              .start = "latest",
                              .run = (uint32_t)time(NULL)},
                     .rig = {.curve = true, .durable = true, .lanes = 1}};
    struct gw_flow_result *without = calloc(1, sizeof *without),
                          *with = calloc(1, sizeof *with);
    struct gw_result r;
    bool ok = without && with;
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c.flow.events, 1, "events in each of the two passes"},
        {"receivers", GW_OPTION_U32, &c.flow.receivers, 1, "those that read"},
        {"batch", GW_OPTION_U32, &c.flow.batch, 1, "events in a batch"},
        {"no-curve", GW_OPTION_OFF, &c.rig.curve, 0, "plaintext over ipc"},
        {"data", GW_OPTION_TEXT, &c.rig.data_dir, 0, "directory for the journal"},
        {"json", GW_OPTION_ON, &c.json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);

    if (status < 0) {
        c.flow.receivers =
            c.flow.receivers < GW_FLOW_MOST ? c.flow.receivers : GW_FLOW_MOST - 1;
        c.rig.operators = c.flow.receivers + 2;
        ok = ok && measure(&c, 0, without) && measure(&c, 1, with);
        gw_result_begin(&r, "slow", c.json);
        gw_result_count(&r, "events", c.flow.events);
        gw_result_count(&r, "receivers", c.flow.receivers);
        if (without && with) {
            gw_result_number(&r, "without_per_s", 0, per_s(without));
            gw_result_number(&r, "with_stalled_per_s", 0, per_s(with));
            gw_result_number(&r, "with_to_without", 2,
                             per_s(without) > 0 ? per_s(with) / per_s(without) : 0);
            gw_result_count(&r, "lost", without->lost + with->lost);
            report_memory(&r, without, with);
        }
        status = gw_result_end(&r, !ok);
    }
    free(without);
    free(with);
    return status;
}

const struct gw_bench gw_bench_slow = {
    "slow", "one stalled receiver among many: the others' rate, the gateway's memory",
    run_slow};
