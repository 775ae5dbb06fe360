/* bench_replay.c - how fast a receiver that comes late is served from the journal, beside
 * the rate of the same events live, through the same gateway, in the same run. */
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

static double per_s(const struct gw_flow_call *c, const struct gw_flow_result *x)
{
    return x->seconds > 0 ? (double)c->events / x->seconds : 0;
}

static int report(const struct call *c, const struct gw_flow_result *live,
                  const struct gw_flow_result *late, bool failed)
{
    struct gw_result r;
    gw_result_begin(&r, "replay", c->json);
    gw_result_count(&r, "events", c->flow.events);
    gw_result_flag(&r, "curve", c->rig.curve);
    gw_result_number(&r, "live_per_s", 0, per_s(&c->flow, live));
    gw_result_number(&r, "replay_per_s", 0, per_s(&c->flow, late));
    gw_result_number(
        &r, "replay_to_live", 2,
        live->seconds > 0 && late->seconds > 0 ? live->seconds / late->seconds : 0);
    gw_result_count(&r, "replayed", late->seen);
    gw_result_count(&r, "lost", live->lost + late->lost);
    gw_result_count(&r, "altered", live->altered + late->altered);
    return gw_result_end(&r, failed);
}

static int measure(struct call *c)
{
    struct gw_flow_result *live = calloc(1, sizeof *live),
                          *late = calloc(1, sizeof *late);
    struct gw_rig *rig = calloc(1, sizeof *rig);
    int status = 1;

    if (live && late && rig && !gw_rig_start(rig, &c->rig)) {
        struct gw_flow_call again = c->flow;
        gw_flow_pass(rig, &c->flow, live);
        again.producers = 0;
        again.of_producers = c->flow.producers;
        again.first_receiver = 1;
        again.start = "earliest";
        gw_flow_pass(rig, &again, late);
        late->failed |= gw_rig_stop(rig) != 0;
        status = report(c, live, late, live->failed || late->failed);
    }
    if (rig)
        gw_rig_clean(rig);
    free(rig);
    free(live);
    free(late);
    return status;
}

static int run_replay(int argc, char **argv)
{
    struct call c = {.flow = {.name = "replay",
                              .events = 1000000,
                              .batch = 256,
                              .producers = 1,
                              .receivers = 1,
                              .window = 64,
                              .start = "latest",
                              .run = (uint32_t)time(NULL)},
                     .rig = {.curve = true, .durable = true, .lanes = 1, .operators = 3}};
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c.flow.events, 1, "events live, and then again"},
        {"batch", GW_OPTION_U32, &c.flow.batch, 1, "events in a batch"},
        {"no-curve", GW_OPTION_OFF, &c.rig.curve, 0, "plaintext over ipc"},
        {"data", GW_OPTION_TEXT, &c.rig.data_dir, 0, "directory for the journal"},
        {"json", GW_OPTION_ON, &c.json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);
    return status >= 0 ? status : measure(&c);
}

const struct gw_bench gw_bench_replay = {
    "replay", "from the journal, beside the live rate", run_replay};
