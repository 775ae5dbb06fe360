/* flow.h - a pass of traffic through a running gateway: producers and receivers as
 * operators of their own, over the real protocol, every event checked when it comes out.
 *
 * Questions differ in what they ask of it: e2e takes one pass, replay two on the same
 * journal, slow one with receivers that stop reading. */
#ifndef GW_BENCH_FLOW_H
#define GW_BENCH_FLOW_H
#include "bench/histogram.h"
#include "bench/result.h"
#include "bench/rig.h"

#define GW_FLOW_MOST 16 /* producers, receivers */

struct gw_flow_call {
    const char *name; /* for progress and complaints */
    uint64_t events;  /* in all */
    double warm; /* seconds of due times whose latencies are not counted: caches, TCP and files grow */
    double rate; /* a second over all producers, open loop; 0: as fast as credit allows */
    uint32_t batch, window; /* events in a batch; batches in flight per producer */
    uint32_t producers;     /* 0: the events of an earlier pass are awaited */
    uint32_t of_producers;  /* then: how many there were; else the same as producers */
    uint32_t receivers;
    uint32_t first_receiver; /* operators of receivers count down from the rig's last,
                                minus this */
    uint32_t stalled;        /* more receivers, that subscribe and then never read */
    const char *start;       /* where receivers begin: "latest", "earliest" */
    uint32_t run;            /* the same for passes that belong together */
};

struct gw_flow_result {
    uint64_t sent, acked, duplicates, refused, seen, lost, duplicated, reordered, altered;
    double seconds; /* from the first publish (or subscribe) to the last delivery */
    double publish_seconds; /* ... to the last acknowledgement */
    struct gw_histogram latency;
    long own_kib_early, own_kib_peak; /* the gateway's own memory: the most it had before a quarter
                                         was delivered, and in all; looked at ten times a second */
    bool failed; /* something was lost, refused, doubled, out of order, altered */
};

/* Errors are said on stderr.  *out must be zeroed; a few 10 KiB. */
void gw_flow_pass(const struct gw_rig *rig, const struct gw_flow_call *call,
                  struct gw_flow_result *out);
/* The counts and the latency, as they stand in every result. */
void gw_flow_report(struct gw_result *r, const struct gw_flow_result *x, bool open_loop);
/* What the gateway wrote to its log, to stderr. */
void gw_flow_show_log(const struct gw_rig *rig);
#endif
