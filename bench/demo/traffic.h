/* traffic.h - what happens when: a day of the corridor, laid out before it begins.
 *
 * Every happening of the day in order of time, the deliberate trouble among them, so that
 * a seed fixes the day, and whoever checks it knows what to expect. */
#ifndef GW_BENCH_DEMO_TRAFFIC_H
#define GW_BENCH_DEMO_TRAFFIC_H
#include "bench/demo/milestone.h"
#include "bench/demo/unit.h"

/* Deliberate trouble of an event. */
enum demo_trouble {
    DEMO_FINE,
    DEMO_RESENT,       /* the same fact once more, later: recognised as a duplicate */
    DEMO_BAD_DIGIT,    /* wrong check digit: accepted, with a finding */
    DEMO_WRONG_TYPE,   /* the time is a word: refused */
    DEMO_NO_TIME,      /* no time at all: refused */
    DEMO_UNKNOWN_CODE, /* a code the sender's profile does not know and refuses */
    DEMO_TROUBLES
};

struct demo_happening {
    int64_t time_ms; /* when it happens, in the corridor's time */
    int64_t due_ms;  /* when it is reported; later than time_ms for what is resent */
    uint32_t number; /* of the fact, from 0; a resent one has its original's */
    enum demo_who who;
    enum demo_what what;
    enum demo_per per;
    enum demo_trouble trouble;
    bool sea;
    struct demo_unit unit;
    const struct gw_place *place; /* where; of a position: where it goes to */
    const struct gw_place *next;  /* the stop after, or NULL */
    double lat, lon;              /* of a position */
};

struct demo_traffic {
    struct demo_happening *items; /* by due_ms */
    uint32_t count, cap;
    uint32_t facts; /* numbers given */
    struct demo_block *under_way;
    uint32_t blocks, boxes; /* under way during the day */
};

/* The day from day_ms to day_ms + 24 h. */
GW_MUST_USE enum gw_error demo_traffic_plan(struct demo_traffic *t,
                                            const struct demo_corridor *c, int64_t day_ms,
                                            uint64_t seed);
void demo_traffic_free(struct demo_traffic *t);
#endif
