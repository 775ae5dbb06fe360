/* event_fields.h - the schema's rows by number, for code that reads fitted events on the
 * hot path.
 *
 * gw_shape_fit() notes at each node its row in the shape; with these numbers a field is
 * found by one look into an array instead of comparing names.
 * tests/unit/model/test_event_fields.c holds each number against the shape's own table.
 */
#ifndef GW_MODEL_EVENT_FIELDS_H
#define GW_MODEL_EVENT_FIELDS_H
#include "model/tree.h"

enum gw_event_field {
    GW_EV_SCHEMA,
    GW_EV_SEQ,
    GW_EV_ID,
    GW_EV_TYPE,
    GW_EV_CLASS,
    GW_EV_SUBJECT,
    GW_EV_TIME,
    GW_EV_TIME_OFFSET,
    GW_EV_TIME_BASIS,
    GW_EV_TIME_PRECISION,
    GW_EV_RECORDED,
    GW_EV_RECEIVED,
    GW_EV_PLACE,
    GW_EV_PLACE_FROM,
    GW_EV_PLACE_TO,
    GW_EV_JOURNEY,
    GW_EV_EQUIPMENT,
    GW_EV_MEASURES,
    GW_EV_SEALS,
    GW_EV_REFERENCES,
    GW_EV_DOCUMENT,
    GW_EV_TRANSPORT,
    GW_EV_PARTIES,
    GW_EV_GOODS,
    GW_EV_CUSTOMS,
    GW_EV_CAUSE,
    GW_EV_STATE,
    GW_EV_EMISSIONS,
    GW_EV_SOURCE,
    GW_EV_CORRECTS,
    GW_EV_QUALITY,
    GW_EV_EXT,
    GW_EV_COUNT
};

enum gw_place_field {
    GW_PL_NODE,
    GW_PL_UNLOCODE,
    GW_PL_COUNTRY,
    GW_PL_RAIL = 5,
    GW_PL_LAT = 7,
    GW_PL_LON,
    GW_PL_COUNT = 11
};
enum gw_rail_field { GW_RL_SCHEME, GW_RL_CODE, GW_RL_COUNT };
enum gw_journey_field { GW_JY_PLACE = 1, GW_JY_COUNT = 4 };
enum gw_equipment_field {
    GW_EQ_KIND,
    GW_EQ_ID,
    GW_EQ_SCHEME,
    GW_EQ_CHECK,
    GW_EQ_COUNT = 9
};
enum gw_transport_field { GW_TR_MODE, GW_TR_MEANS, GW_TR_COUNT = 6 };
enum gw_means_field { GW_MN_IMO, GW_MN_COUNT = 7 };
enum gw_reference_field { GW_RF_SCHEME, GW_RF_VALUE, GW_RF_COUNT };
enum gw_source_field { GW_SO_OPERATOR, GW_SO_ADAPTER, GW_SO_COUNT = 10 };
enum gw_party_field { GW_PT_ROLE, GW_PT_ID, GW_PT_COUNTRY = 4, GW_PT_COUNT = 5 };

/* The children of a fitted map by their row: at[GW_EV_TYPE] is the node of `type`, or
 * GW_NODE_NONE.  count: rows of the map's shape; at has that many. */
static inline void gw_fields_of(const struct gw_tree *t, uint32_t map, uint32_t *at,
                                uint32_t count)
{
    memset(at, 0, count * sizeof *at);
    if (!map || t->nodes[map].kind != GW_MAP)
        return;
    for (GW_FOREACH_CHILD (t, map, n))
        if (t->nodes[n].field < count)
            at[t->nodes[n].field] = n;
}

/* The string of a node; empty when it is GW_NODE_NONE or no string. */
static inline struct gw_slice gw_node_str(const struct gw_tree *t, uint32_t n)
{
    return n && t->nodes[n].kind == GW_STR ? t->nodes[n].s : gw_slice(NULL, 0);
}
#endif
