/* corridor.h - the corridor in simulated time: nodes, legs, and the way each block of
 * wagons takes.
 *
 * Nodes come from config/places.csv, legs with median and 90th-percentile hours from
 * config/legs.csv.  A block is what travels together: a train of wagons, later the same
 * wagons or boxes on a ship.  Blocks leave at a steady beat, so that at any moment some
 * are everywhere. */
#ifndef GW_BENCH_DEMO_CORRIDOR_H
#define GW_BENCH_DEMO_CORRIDOR_H
#include "base/buf.h"
#include "bench/demo/random.h"
#include "pipeline/places.h"

#define DEMO_STOPS       16 /* most nodes of a route */
#define DEMO_ROUTES      2
#define DEMO_BLOCK_BOXES 44 /* forty-foot containers of a train, two to a wagon */
#define DEMO_HOUR_MS     INT64_C(3600000)
#define DEMO_DAY_MS      (24 * DEMO_HOUR_MS)

/* Travel from the stop before, and the wait at this one; hours. */
struct demo_leg {
    double travel_p50, travel_p90, dwell_p50, dwell_p90;
    bool sea;
};

struct demo_stop {
    const struct gw_place *place;
    struct demo_leg leg; /* of the first stop only the dwell counts */
};

struct demo_route {
    const char *name; /* "by feeder from Aktau" */
    uint32_t count;
    struct demo_stop stops[DEMO_STOPS];
};

struct demo_corridor {
    struct gw_places *places;
    struct demo_route routes[DEMO_ROUTES];
};

/* One block and when it reaches and leaves each stop of its route. */
struct demo_block {
    uint32_t number; /* from 0; its boxes are number * DEMO_BLOCK_BOXES .. */
    const struct demo_route *route;
    int64_t arrive_ms[DEMO_STOPS], depart_ms[DEMO_STOPS];
};

/* Two blocks of three go by feeder, one by rail ferry: the index of its route. */
static inline uint32_t demo_route_of(uint32_t block)
{
    return block % 3 == 2;
}

/* dir: the folder of places.csv and legs.csv.  why: words on error.
 * Errors  GW_IO GW_FORMAT GW_NOT_FOUND (a node or leg of a route is not in the tables) */
GW_MUST_USE enum gw_error demo_corridor_load(struct demo_corridor *c, const char *dir,
                                             struct gw_text *why);
void demo_corridor_unload(struct demo_corridor *c);

/* Send block `number` on its way: it is at its first stop from start_ms on. */
void demo_corridor_send(const struct demo_corridor *c, uint32_t number, int64_t start_ms,
                        struct demo_random *r, struct demo_block *out);
/* Where the block is at a time between two stops: the share of the way, and the stop it
 * goes to; false when it is at a stop, has not left or has arrived. */
bool demo_block_under_way(const struct demo_block *b, int64_t at_ms, uint32_t *to,
                          double *share);
#endif
