/* facts.h - what routing, filters and the journal need to know of an event, read once.
 *
 * One function reads canonical bytes, for live events and for those from the journal
 * alike. */
#ifndef GW_MODEL_FACTS_H
#define GW_MODEL_FACTS_H
#include "model/tree.h"

#define GW_FACTS_MANY    64 /* the schema's own limit of equipment and references */
#define GW_FACTS_PARTIES 32 /* ... and of parties */

/* Beside the rows of an event: where its node lies, if it carries no coordinates.  Not for this file
 * to say: route.h fills that in. */
#define GW_FACTS_NODE_AT (UINT64_C(1) << 63)

/* A place by its codes; each is empty when absent. */
struct gw_facts_place {
    struct gw_slice node, unlocode, country;
};

struct gw_facts {
    uint64_t seq; /* 0 when the event carries none (stored form) */
    struct gw_slice id;
    uint8_t type, class, subject; /* index into gw_event_types ... */
    uint8_t mode;                 /* index into gw_modes, 0xFF = none */
    uint8_t kinds;          /* of the equipment: a bit per index of gw_equipment_kinds */
    bool located;           /* lat and lon of `place` are both known */
    int64_t time, received; /* received 0 when absent */
    struct gw_slice operator, adapter;
    struct gw_facts_place place, from, to; /* place, place_from, place_to */
    double lat, lon;                       /* degrees */
    uint8_t equipment_count, reference_count, party_count;
    uint8_t party_role[GW_FACTS_PARTIES];     /* index into gw_party_roles, 0xFF = none */
    struct gw_slice party[GW_FACTS_PARTIES];  /* ids; empty where one is absent */
    struct gw_slice equipment[GW_FACTS_MANY]; /* ids, without those that are absent */
    struct gw_slice scheme[GW_FACTS_MANY];    /* of the reference of the same number */
    struct gw_slice reference[GW_FACTS_MANY]; /* values */
};

/* Read a canonical event.  Slices point into it.  GW_FORMAT if it is not canonical: then
 * the store or the caller is broken, for nothing else writes such bytes. */
GW_MUST_USE enum gw_error gw_facts_read(struct gw_slice event, struct gw_facts *out);
/* Only some rows of it, a bit per enum gw_event_field (event_fields.h); all others are as if
 * absent, and nothing behind the last row wanted is looked at.  For events that were judged just
 * now.  No rows: nothing is read at all. */
GW_MUST_USE enum gw_error gw_facts_read_rows(struct gw_slice event, uint64_t rows,
                                             struct gw_facts *out);
/* Only what it is about: equipment and references; all else is as if absent, and its words
 * are not judged.  For the trace index, at half the work. */
GW_MUST_USE enum gw_error gw_facts_read_objects(struct gw_slice event,
                                                struct gw_facts *out);
#endif
