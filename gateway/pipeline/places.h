/* places.h - the place table: known nodes of the corridor and every code that names them.
 *
 * Loaded from config/places.csv.  UN/LOCODE cannot be the key (SCHEMA.md), so a node has
 * the gateway's own id and any number of codes.
 *
 * Thread  immutable once read; any. */
#ifndef GW_PIPELINE_PLACES_H
#define GW_PIPELINE_PLACES_H
#include "base/buf.h"
#include "pipeline/zone.h"

struct gw_place {
    char node[33];
    char name[64];
    char country[3];
    char unlocode[6]; /* preferred code; empty when the place has none */
    char esr6[7];     /* preferred six-digit station code; empty when unknown */
    char kind[16];    /* for people: port terminal station border road-border ...; may be
                         empty */
    char zone[GW_ZONE_NAME_MAX + 1]; /* IANA time zone */
    double lat, lon;
    bool located; /* lat and lon are known */
};

struct gw_places;

/**
 * Read the table and load its zones.
 *
 * csv     base/csv.h; the header line must be exactly
 *         node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone
 *         unlocode_alt and esr6 may hold several codes, separated by blanks; node, name,
 * country and zone are required, lat and lon come together or not at all why     set on
 * error: "line 17: ..." Errors  GW_FORMAT GW_RANGE;  GW_EXISTS a node or code given
 * twice;  GW_NOT_FOUND unknown zone; GW_CHECK_DIGIT of a station code Owns    *out is the
 * caller's: gw_places_free()
 */
GW_MUST_USE enum gw_error gw_places_read(struct gw_places **out, struct gw_slice csv,
                                         struct gw_text *why);
void gw_places_free(struct gw_places *p);
/* NULL when unknown, and when p is NULL.  Codes are compared exactly, alternate ones
 * included. */
const struct gw_place *gw_places_by_node(const struct gw_places *p, struct gw_slice node);
const struct gw_place *gw_places_by_unlocode(const struct gw_places *p,
                                             struct gw_slice code);
const struct gw_place *gw_places_by_esr6(const struct gw_places *p, struct gw_slice code);
/* Its time zone; never NULL for a place of this table. */
const struct gw_zone *gw_places_zone(const struct gw_places *p,
                                     const struct gw_place *place);
uint32_t gw_places_count(const struct gw_places *p);
const struct gw_place *gw_places_item(const struct gw_places *p, uint32_t index);
#endif
