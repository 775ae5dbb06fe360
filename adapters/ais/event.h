/* event.h - AIS facts as canonical events.  Pure functions, any thread. */
#ifndef GW_ADAPTERS_AIS_EVENT_H
#define GW_ADAPTERS_AIS_EVENT_H
#include "adapters/ais/fence.h"
#include "model/events.h"

/* What an event is made from. */
struct ais_fact {
    const struct ais_message *message;
    const struct ais_ship *ship;
    struct gw_slice text; /* the sentences, for the hash */
    int64_t time_ms;      /* when it was received; an ETA: when it is expected */
    int64_t recorded_ms;  /* 0 = as time_ms */
    bool stated;          /* the feed told the time; else it is the adapter's clock */
};

/* Errors  GW_NOMEM the limit of `out` */
GW_MUST_USE enum gw_error ais_event_position(const struct ais_fact *f,
                                             struct gw_events *out);
/* type: "arrive" or "depart" */
GW_MUST_USE enum gw_error ais_event_port(const struct ais_fact *f, const char *type,
                                         const struct ais_port *port,
                                         struct gw_events *out);
/* destination: as the ship wrote it; place: the one of the table it names, or NULL */
GW_MUST_USE enum gw_error ais_event_eta(const struct ais_fact *f, const char *destination,
                                        const struct gw_place *place,
                                        struct gw_events *out);
#endif
