/* fence.c - arrivals and departures at ports. */
#include "adapters/ais/fence.h"
#include <math.h>

#define KM_DEGREE 111.19 /* of latitude: the sphere of 6371 km */
#define NONE      (-1)
#define UNKNOWN   (-2)

void ais_fence_read(struct ais_fence *f, const struct gw_places *places)
{
    uint32_t count = places ? gw_places_count(places) : 0;
    f->count = 0;
    for (uint32_t i = 0; i < count && f->count < AIS_PORTS_MOST; i++) {
        const struct gw_place *p = gw_places_item(places, i);
        if (!p->located || strcmp(p->kind, "port") != 0)
            continue;
        f->ports[f->count++] = (struct ais_port){
            p, p->lat, p->lon, KM_DEGREE * cos(p->lat * 0.017453292519943)};
    }
}

/* Square of the distance in kilometres; good for distances at which a degree is a degree.
 */
static double distance2(const struct ais_port *p, double lat, double lon)
{
    double dy = (lat - p->lat) * KM_DEGREE, dx = (lon - p->lon) * p->km_lon;
    return dx * dx + dy * dy;
}

/* Which port the position is in, for a ship that is in `now`. */
static int16_t port_at(const struct ais_fence *f, int16_t now, double lat, double lon)
{
    int16_t best = NONE;
    double nearest = AIS_IN_KM * AIS_IN_KM;
    if (now >= 0 && distance2(&f->ports[now], lat, lon) < AIS_OUT_KM * AIS_OUT_KM)
        return now;
    for (int16_t i = 0; i < f->count; i++) {
        if (fabs(lat - f->ports[i].lat) > 1)
            continue;
        double d = distance2(&f->ports[i], lat, lon);
        if (d < nearest) {
            nearest = d;
            best = i;
        }
    }
    return best;
}

bool ais_fence_cross(const struct ais_fence *f, struct ais_ship *ship, double lat,
                     double lon, int64_t time_ms, struct ais_crossing *out)
{
    int16_t at = port_at(f, ship->port, lat, lon);
    if (ship->port == UNKNOWN) {
        ship->port = ship->candidate = at;
        return false;
    }
    if (at == ship->port) {
        ship->candidate = at;
        return false;
    }
    if (at != ship->candidate) { /* the first of two */
        ship->candidate = at;
        ship->since_ms = time_ms;
        return false;
    }
    out->left = ship->port >= 0 ? &f->ports[ship->port] : NULL;
    out->reached = at >= 0 ? &f->ports[at] : NULL;
    out->time_ms = ship->since_ms;
    ship->port = at;
    return true;
}
