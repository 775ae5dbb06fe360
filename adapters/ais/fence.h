/* fence.h - arrivals and departures at ports, out of positions.
 *
 * A ship is in a port when two positions in a row lie within AIS_IN_KM of it, and has
 * left when two in a row lie beyond AIS_OUT_KM: the ring between keeps a ship at anchor,
 * or a receiver's scatter, from arriving and departing all day.  The event's time is that
 * of the first of the two. Where a ship is when it is heard for the first time is no
 * arrival: nobody saw it come.
 *
 * Thread  the ports are immutable once read; any. */
#ifndef GW_ADAPTERS_AIS_FENCE_H
#define GW_ADAPTERS_AIS_FENCE_H
#include "adapters/ais/fleet.h"
#include "pipeline/places.h"

#define AIS_IN_KM      5.0
#define AIS_OUT_KM     8.0
#define AIS_PORTS_MOST 256

struct ais_port {
    const struct gw_place *place;
    double lat, lon;
    double km_lon; /* kilometres of a degree of longitude there */
};

struct ais_fence {
    struct ais_port ports[AIS_PORTS_MOST];
    int count;
};

/* The places of kind "port" that are located.  places may be NULL. */
void ais_fence_read(struct ais_fence *f, const struct gw_places *places);

struct ais_crossing {
    const struct ais_port *left, *reached; /* NULL = none */
    int64_t time_ms;
};
/* One more position of the ship.  True when it left a port or reached one, or both. */
bool ais_fence_cross(const struct ais_fence *f, struct ais_ship *ship, double lat,
                     double lon, int64_t time_ms, struct ais_crossing *out);
#endif
