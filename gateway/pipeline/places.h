/* places.h - the place table: known nodes of the corridor and every code that names them.
 *
 * Loaded from config/places.csv; immutable.  UN/LOCODE cannot be the key (SCHEMA.md), so a node has
 * the gateway's own id and any number of codes. */
#ifndef GW_PIPELINE_PLACES_H
#define GW_PIPELINE_PLACES_H
#include "base/buf.h"

struct gw_place {
    char node[33];
    char name[64];
    char country[3];
    char unlocode[6]; /* preferred code; empty when the place has none */
    char esr6[7];     /* six-digit station code; empty when unknown */
    char zone[40];    /* IANA time zone */
    double lat, lon;
    bool located; /* lat and lon are known */
};

struct gw_places;

/* csv: header line, then node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone; alternate
 * codes separated by blanks.  why: "line 17: ..." on error. */
GW_MUST_USE enum gw_error gw_places_read(struct gw_places **out, struct gw_slice csv,
                                         struct gw_text *why);
void gw_places_free(struct gw_places *p);
/* NULL when unknown.  Codes are compared exactly. */
const struct gw_place *gw_places_by_node(const struct gw_places *p, struct gw_slice node);
const struct gw_place *gw_places_by_unlocode(const struct gw_places *p, struct gw_slice code);
const struct gw_place *gw_places_by_esr6(const struct gw_places *p, struct gw_slice code);
uint32_t gw_places_count(const struct gw_places *p);
const struct gw_place *gw_places_item(const struct gw_places *p, uint32_t index);
#endif
