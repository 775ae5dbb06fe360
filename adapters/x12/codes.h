/* codes.h - what X12's codes mean in the shared schema: tables, each row with its source.
 *
 * Sources  "315": proposal over element 157 as FORMATS lists it (medium confidence: the
 * list is proprietary, carriers' implementation guides agree on these);  "214": element
 * 1650 likewise;  "322": element 157 again;  "128": element 128 (reference qualifiers),
 * "98": element 98 (entities), "115": element 115 (port functions), "374": element 374
 *          (date/time qualifiers), "623": element 623 (time codes), release 004010 */
#ifndef GW_ADAPTERS_X12_CODES_H
#define GW_ADAPTERS_X12_CODES_H
#include "base/slice.h"

struct gw_x12_code {
    const char *code;
    const char *word; /* of the shared schema */
    const char *more; /* second word the row needs, or "" */
    const char *source;
};

/* NULL when the code is not listed. */
const struct gw_x12_code *gw_x12_find(const struct gw_x12_code *table,
                                      struct gw_slice code);

/* Each ends in a row whose code is NULL. */
extern const struct gw_x12_code
    gw_x12_ocean_status[]; /* 315, 322: event type; more: equipment load */
extern const struct gw_x12_code gw_x12_road_status[]; /* 214: event type */
extern const struct gw_x12_code gw_x12_references[];  /* N9, L11: reference scheme */
extern const struct gw_x12_code gw_x12_entities[];    /* N1: party role */
extern const struct gw_x12_code gw_x12_ports[];       /* R4: role in the journey */
extern const struct gw_x12_code gw_x12_dates[];       /* DTM: class; more: "time" or "" */
extern const struct gw_x12_code
    gw_x12_zones[]; /* time codes with an offset: minutes as text */
#endif
