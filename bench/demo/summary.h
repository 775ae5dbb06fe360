/* summary.h - the closing words and the verdict. */
#ifndef GW_BENCH_DEMO_SUMMARY_H
#define GW_BENCH_DEMO_SUMMARY_H
#include "bench/demo/drop.h"
#include "bench/demo/traffic.h"

struct demo_story {
    const struct demo_ledger *ledger;
    const struct demo_refusals *refusals;
    const struct demo_drop *drop;
    const struct demo_traffic *traffic;
    const struct demo_status *status;
    const char *dir;    /* where everything lies */
    const char *config; /* the gateway's settings there */
    bool keep;
    double seconds;
    enum demo_who paused;
    uint64_t paused_lag; /* how far it had fallen behind */
    double catch_up_ms;  /* until it had everything again; negative: it never had */
};

void demo_summary_tell(const struct demo_story *s);
/* What is missing, on stderr; true when nothing is. */
bool demo_summary_verdict(const struct demo_ledger *l);
/* The last line. */
void demo_summary_line(const struct demo_ledger *l);
#endif
