/* write_wagon.c - 5020: the status of wagons. */
#include "adapters/taf/write.h"

static struct gw_slice at(const struct taf *t, uint32_t event, const char *path)
{
    return gw_tree_str(&t->event, event, path);
}

/* The code the sender wrote, or the first one that means the event's type. */
static struct gw_slice code_of(const struct taf *t, uint32_t event)
{
    struct gw_slice type = at(t, event, "type");
    if (gw_slice_is(at(t, event, "state.list"), "TAF EventType"))
        return at(t, event, "state.code");
    if (gw_slice_is(type, "depart"))
        return GW_LIT("03"); /* not 01 and 05: origin and destination are not known */
    for (const struct taf_code *c = taf_wagon_event; c->code; c++)
        if (gw_slice_is(type, c->type) && !gw_slice_is(type, "other"))
            return gw_slice_str(c->code);
    return gw_slice(NULL, 0);
}

static bool put_where(struct taf *t, uint32_t event)
{
    uint32_t place = gw_tree_child(&t->event, event, GW_LIT("place"));
    uint32_t lat = gw_tree_child(&t->event, place, GW_LIT("lat"));
    uint32_t lon = gw_tree_child(&t->event, place, GW_LIT("lon"));
    taf_put_open(t, "EventLocationInformation");
    bool station = taf_put_station(t, "EventLocation", place);
    if (lat && lon) {
        taf_put_open(t, "GeographicCoordinates");
        taf_put_number(t, "Latitude", t->event.nodes[lat].f);
        taf_put_number(t, "Longitude", t->event.nodes[lon].f);
        taf_put_close(t, "GeographicCoordinates");
    }
    taf_put_close(t, "EventLocationInformation");
    return station || (lat && lon);
}

static void put_load(struct taf *t, uint32_t wagon)
{
    struct gw_slice load = gw_tree_str(&t->event, wagon, "load");
    if (load.len)
        taf_put_word(t, "LoadingStatus", gw_slice_is(load, "laden") ? "1" : "0");
}

static const char *item(struct taf *t, uint32_t event, bool first)
{
    uint32_t wagon = gw_tree_item_with(&t->event, event, "equipment", "kind", "wagon");
    uint32_t place = gw_tree_child(&t->event, event, GW_LIT("place"));
    struct gw_slice code = code_of(t, event);
    (void)first;
    if (!gw_tree_str(&t->event, wagon, "id").len)
        return "a wagon with a number";
    if (!code.len)
        return "a status that the list EventType has";
    taf_put_open(t, "WagonStatusMessage");
    taf_put_at(t, "ReportingRU", event, "transport.carrier");
    int64_t recorded = gw_tree_int(&t->event, event, "recorded", t->options.now_ms);
    taf_put_time(t, "MessageCreationDateTime", event, recorded, place);
    taf_put_at(t, "WagonNumberFreight", wagon, "id");
    taf_put_open(t, "Event");
    taf_put(t, "EventType", code);
    taf_put_time(t, "EventDateTime", event, gw_tree_int(&t->event, event, "time", 0),
                 place);
    if (!put_where(t, event))
        return "a place with a station code";
    taf_put_at(t, "WagonInterruptionReason", event, "cause.text");
    taf_put_at(t, "OperationalTrainNumber", event, "transport.means.train");
    taf_put_close(t, "Event");
    put_load(t, wagon);
    taf_put_close(t, "WagonStatusMessage");
    return NULL;
}

const struct taf_writer taf_write_wagon = {.root = "WagonStatusMessages",
                                           .code = "5020",
                                           .name = "WagonStatus",
                                           .item = item,
                                           .many = true};
