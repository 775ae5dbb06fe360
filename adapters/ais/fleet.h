/* fleet.h - what was heard of each ship before: its static data, and where it is.
 *
 * A table by MMSI that grows to a limit; beyond it the ship that was silent longest, of a
 * few, is forgotten.  One thread at a time. */
#ifndef GW_ADAPTERS_AIS_FLEET_H
#define GW_ADAPTERS_AIS_FLEET_H
#include "adapters/ais/message.h"
#include <karvan/error.h>

#define AIS_SHIPS_MOST 65536

struct ais_ship {
    uint32_t mmsi; /* 0 = free */
    uint32_t imo;
    char name[21], callsign[8];
    char destination[21]; /* of the last ETA that was reported */
    int64_t eta_ms;       /* the last that was reported; 0 = none */
    int64_t heard_ms;
    /* fence.h */
    int16_t port;      /* index of the port it is in; -1 = none, -2 = not known yet */
    int16_t candidate; /* where one position put it; as `port` */
    int64_t since_ms;  /* time of that position */
};

struct ais_fleet {
    struct ais_ship *ships; /* a power of two */
    uint32_t size, used;
};

void ais_fleet_deinit(struct ais_fleet *f);
/* The ship, new or known; NULL when out of memory.  Lasts until the next call. */
struct ais_ship *ais_fleet_ship(struct ais_fleet *f, uint32_t mmsi, int64_t now_ms);
/* Keep what a message says about the ship itself. */
void ais_ship_learn(struct ais_ship *s, const struct ais_message *m);
#endif
