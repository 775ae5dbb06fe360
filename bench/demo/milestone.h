/* milestone.h - who reports what at which stop: the responsibilities along the line, as
 * data. */
#ifndef GW_BENCH_DEMO_MILESTONE_H
#define GW_BENCH_DEMO_MILESTONE_H
#include "bench/demo/company.h"
#include "bench/demo/corridor.h"

enum demo_per { DEMO_PER_BOX, DEMO_PER_WAGON, DEMO_PER_BLOCK };

/* What happens, as the shared schema calls it, and as people do. */
enum demo_what {
    DEMO_GATE_IN,
    DEMO_GATE_OUT,
    DEMO_LOAD,
    DEMO_DISCHARGE,
    DEMO_TRANSSHIP,
    DEMO_ARRIVE,
    DEMO_DEPART,
    DEMO_BORDER_CROSS,
    DEMO_HANDOVER,
    DEMO_CUSTOMS_DECLARED,
    DEMO_CUSTOMS_HOLD,
    DEMO_CUSTOMS_RELEASE,
    DEMO_POSITION,
    DEMO_WHATS
};
const char *demo_what_type(enum demo_what w);  /* "load" */
const char *demo_what_words(enum demo_what w); /* "loaded at" */
/* By the schema's word; DEMO_WHATS when the demo has no such type. */
enum demo_what demo_what_of(struct gw_slice type);

struct demo_milestone {
    const char *node;
    enum demo_who who;
    enum demo_what what;
    enum demo_per per;
    double from,
        to; /* share of the stay at the stop, 0 arrival .. 1 departure; spread over it */
    bool sea; /* on or off a ship */
};

/* All of them; ends with node NULL. */
extern const struct demo_milestone demo_milestones[];
#endif
