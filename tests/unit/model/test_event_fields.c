/* test_event_fields.c - the numbers of event_fields.h are the rows of the shape. */
#include <criterion/criterion.h>
#include "model/event_fields.h"
#include "model/shape.h"

static const struct gw_shape *shape_of(const char *path)
{
    return *path ? gw_shape_path(&gw_shape_event, path)->shape : &gw_shape_event;
}

Test(event_fields, numbers_are_rows)
{
    static const struct {
        const char *path;
        int number;
        const char *name;
    } rows[] = {
        {"", GW_EV_SCHEMA, "schema"},
        {"", GW_EV_SEQ, "seq"},
        {"", GW_EV_ID, "id"},
        {"", GW_EV_TYPE, "type"},
        {"", GW_EV_CLASS, "class"},
        {"", GW_EV_SUBJECT, "subject"},
        {"", GW_EV_TIME, "time"},
        {"", GW_EV_TIME_OFFSET, "time_offset"},
        {"", GW_EV_TIME_BASIS, "time_basis"},
        {"", GW_EV_TIME_PRECISION, "time_precision"},
        {"", GW_EV_RECORDED, "recorded"},
        {"", GW_EV_RECEIVED, "received"},
        {"", GW_EV_PLACE, "place"},
        {"", GW_EV_PLACE_FROM, "place_from"},
        {"", GW_EV_PLACE_TO, "place_to"},
        {"", GW_EV_JOURNEY, "journey"},
        {"", GW_EV_EQUIPMENT, "equipment"},
        {"", GW_EV_MEASURES, "measures"},
        {"", GW_EV_SEALS, "seals"},
        {"", GW_EV_REFERENCES, "references"},
        {"", GW_EV_DOCUMENT, "document"},
        {"", GW_EV_TRANSPORT, "transport"},
        {"", GW_EV_PARTIES, "parties"},
        {"", GW_EV_GOODS, "goods"},
        {"", GW_EV_CUSTOMS, "customs"},
        {"", GW_EV_CAUSE, "cause"},
        {"", GW_EV_STATE, "state"},
        {"", GW_EV_EMISSIONS, "emissions"},
        {"", GW_EV_SOURCE, "source"},
        {"", GW_EV_CORRECTS, "corrects"},
        {"", GW_EV_QUALITY, "quality"},
        {"", GW_EV_EXT, "ext"},
        {"place", GW_PL_NODE, "node"},
        {"place", GW_PL_UNLOCODE, "unlocode"},
        {"place", GW_PL_COUNTRY, "country"},
        {"place", GW_PL_RAIL, "rail"},
        {"place", GW_PL_LAT, "lat"},
        {"place", GW_PL_LON, "lon"},
        {"references", GW_RF_SCHEME, "scheme"},
        {"references", GW_RF_VALUE, "value"},
        {"source", GW_SO_OPERATOR, "operator"},
        {"source", GW_SO_ADAPTER, "adapter"},
        {"transport", GW_TR_MODE, "mode"},
        {"parties", GW_PT_ROLE, "role"},
        {"parties", GW_PT_ID, "id"},
        {"place.rail", GW_RL_SCHEME, "scheme"},
        {"place.rail", GW_RL_CODE, "code"},
        {"journey", GW_JY_PLACE, "place"},
        {"equipment", GW_EQ_KIND, "kind"},
        {"equipment", GW_EQ_ID, "id"},
        {"equipment", GW_EQ_SCHEME, "scheme"},
        {"equipment", GW_EQ_CHECK, "check"},
        {"transport", GW_TR_MEANS, "means"},
        {"transport.means", GW_MN_IMO, "imo"},
        {"parties", GW_PT_COUNTRY, "country"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(gw_shape_find(shape_of(rows[i].path), gw_slice_str(rows[i].name), 0),
                     rows[i].number, "%s %s", rows[i].path, rows[i].name);
}

Test(event_fields, counts_are_the_shapes)
{
    cr_expect_eq(shape_of("")->count, GW_EV_COUNT);
    cr_expect_eq(shape_of("place")->count, GW_PL_COUNT);
    cr_expect_eq(shape_of("place.rail")->count, GW_RL_COUNT);
    cr_expect_eq(shape_of("journey")->count, GW_JY_COUNT);
    cr_expect_eq(shape_of("equipment")->count, GW_EQ_COUNT);
    cr_expect_eq(shape_of("transport")->count, GW_TR_COUNT);
    cr_expect_eq(shape_of("transport.means")->count, GW_MN_COUNT);
    cr_expect_eq(shape_of("parties")->count, GW_PT_COUNT);
}
