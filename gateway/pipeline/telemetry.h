/* telemetry.h - the newest word of each object: positions, temperatures and alerts that
 * were sent as live events, one of each kind per object, and nothing of the past.
 *
 * A bounded table in the order of its updates, which are numbered.  A subscription
 * remembers only the number it has been served to: what was updated more than once
 * meanwhile it gets once, as it is now, so conflation costs no memory per subscriber.
 * When the table is full the object that has been silent for longest goes.
 *
 * An object is the event's first equipment, else its means of transport by MMSI, IMO number
 * or name; where the event's subject is transport, the other way round.  The events of one
 * operator and type about it replace each other.
 *
 * Thread  the lane's. */
#ifndef GW_PIPELINE_TELEMETRY_H
#define GW_PIPELINE_TELEMETRY_H
#include "model/facts.h"

struct gw_telemetry;

/* Its event is canonical, without seq; it and the pointers last until the next
 * gw_telemetry_put(). */
struct gw_telemetry_object {
    const struct gw_telemetry_object *next; /* updated after it; NULL: none */
    uint64_t update;                        /* from 1, never the same again */
    struct gw_slice event;
};

/* seed: a sender must not know it, or it could choose objects that are slow to find. */
GW_MUST_USE enum gw_error gw_telemetry_new(struct gw_telemetry **out,
                                           uint32_t most_objects, uint64_t most_bytes,
                                           uint64_t seed);
void gw_telemetry_free(struct gw_telemetry *t);

/* May this event be live: is its type one of position, condition, alert, and does it name
 * an object?  Errors  GW_UNKNOWN_CODE the type;  GW_MISSING no object */
GW_MUST_USE enum gw_error gw_telemetry_judge(struct gw_slice event,
                                             const struct gw_facts *f);
/* It is what its object says now.  Errors  those of gw_telemetry_judge();  GW_NOMEM,
 * GW_EVENT_SIZE it does not fit the table at all: nothing changed but that older objects
 * may have gone */
GW_MUST_USE enum gw_error gw_telemetry_put(struct gw_telemetry *t, struct gw_slice event,
                                           const struct gw_facts *f);
/* The object whose last update is the first one behind `update`; NULL: none. */
const struct gw_telemetry_object *gw_telemetry_after(const struct gw_telemetry *t,
                                                     uint64_t update);
/* The number of the newest update; 0: there was none. */
uint64_t gw_telemetry_last(const struct gw_telemetry *t);
uint32_t gw_telemetry_count(const struct gw_telemetry *t);
uint64_t gw_telemetry_bytes(const struct gw_telemetry *t);
#endif
