/* bench_wire.c - what ZeroMQ alone moves: our events through a bare zmq_proxy, one by one
 * as a naive gateway would forward them, and in batches as ours does; plain and with
 * CURVE. */
#include "bench/bench.h"
#include "bench/options.h"
#include "bench/proxy.h"
#include "bench/result.h"

struct call {
    uint64_t events;
    uint32_t batch;
    bool json;
};

static double per_s(const struct gw_proxy_result *x)
{
    return x->seconds > 0 ? (double)x->received / x->seconds : 0;
}

static int measure(const struct call *c, bool curve)
{
    struct gw_proxy_call call = {.events = c->events / 2, .batch = 1, .curve = curve};
    struct gw_proxy_result single, batched;
    struct gw_result r;

    gw_proxy_run(&call, &single);
    call.batch = c->batch;
    call.events = c->events;
    gw_proxy_run(&call, &batched);
    gw_result_begin(&r, "wire", c->json);
    gw_result_flag(&r, "curve", curve);
    gw_result_count(&r, "events", c->events);
    gw_result_count(&r, "batch", c->batch);
    gw_result_number(&r, "one_by_one_per_s", 0, per_s(&single));
    gw_result_number(&r, "batched_per_s", 0, per_s(&batched));
    gw_result_number(&r, "batched_to_one_by_one", 2,
                     per_s(&single) > 0 ? per_s(&batched) / per_s(&single) : 0);
    return gw_result_end(&r, single.failed || batched.failed);
}

static int run_wire(int argc, char **argv)
{
    struct call c = {.events = 1000000, .batch = 256};
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c.events, 2,
         "events in batches; half as many one by one"},
        {"batch", GW_OPTION_U32, &c.batch, 1, "events in a batch"},
        {"json", GW_OPTION_ON, &c.json, 0, "JSON, one object a line"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);
    if (status >= 0)
        return status;
    status = measure(&c, false);
    return measure(&c, true) | status;
}

const struct gw_bench gw_bench_wire = {
    "wire", "ZeroMQ alone: a bare zmq_proxy, one by one and in batches", run_wire};
