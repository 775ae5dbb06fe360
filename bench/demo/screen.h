/* screen.h - the live table: redrawn in place on a terminal, a line now and then
 * elsewhere. */
#ifndef GW_BENCH_DEMO_SCREEN_H
#define GW_BENCH_DEMO_SCREEN_H
#include "bench/demo/ledger.h"
#include "bench/demo/refusals.h"
#include "bench/demo/stage.h"
#include "bench/demo/traffic.h"

#define DEMO_RATES 60

struct demo_screen {
    bool quiet, terminal;
    uint32_t lines; /* drawn the last time, to go back over */
    int columns;
    int64_t last_ns;
    uint64_t last_sent, last_received;
    uint32_t turns;
    uint16_t rates[DEMO_RATES]; /* events in, of the last turns; a ring */
    uint32_t rated;
    uint64_t
        seen[DEMO_COMPANIES]; /* sent and received at the last turn: who is at work? */
};

/* Everything a picture of the moment needs. */
struct demo_moment {
    const struct demo_ledger *ledger;
    const struct demo_traffic *traffic;
    const struct demo_corridor *corridor;
    const struct demo_refusals *refusals;
    const struct demo_status *status;
    int64_t sim_ms;          /* the corridor's clock */
    double elapsed_s, all_s; /* of the demo */
    int64_t now_ns;
    const char *paused; /* the receiver that does not read, or NULL */
};

void demo_screen_init(struct demo_screen *s, bool quiet);
void demo_screen_show(struct demo_screen *s, const struct demo_moment *m);
/* The cursor is shown again, further output goes below the table. */
void demo_screen_end(struct demo_screen *s);
#endif
