/* map.h - the corridor as two lines of text: a route with its stops, and what is on it.
 */
#ifndef GW_BENCH_DEMO_MAP_H
#define GW_BENCH_DEMO_MAP_H
#include "bench/demo/traffic.h"

#define DEMO_MAP_COLUMNS 200
#define DEMO_MAP_BYTES   (DEMO_MAP_COLUMNS * 4)

/**
 * Draw one route from its first stop at the left to its last at the right.
 *
 * columns  width, 40 .. DEMO_MAP_COLUMNS
 * track    "3──▸──○~~▸~~2": a stop shows how many trains or ships stand there (○ none, +
 * ten or more); > a train, a ship where the way is by sea names    the stops' names
 * below, as far as they fit
 */
void demo_map_draw(const struct demo_traffic *t, const struct demo_route *route,
                   int64_t at_ms, int columns, char track[DEMO_MAP_BYTES],
                   char names[DEMO_MAP_BYTES]);
#endif
