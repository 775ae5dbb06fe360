/* write_train.c - 4005 and 4004. */
#include "adapters/taf/write.h"
#include <stdio.h>
#include <stdlib.h>

static struct gw_slice at(const struct taf *t, uint32_t event, const char *path)
{
    return gw_tree_str(&t->event, event, path);
}

static void put_identifiers(struct taf *t, uint32_t event)
{
    if (!at(t, event, "ext.taf.core").len)
        return;
    taf_put_open(t, "TrainOperationalIdentification");
    taf_put_open(t, "TransportOperationalIdentifiers");
    if (at(t, event, "ext.taf.object_type").len)
        taf_put_at(t, "ObjectType", event, "ext.taf.object_type");
    else
        taf_put_word(t, "ObjectType", "TR");
    taf_put_at(t, "Company", event, "ext.taf.company");
    taf_put_at(t, "Core", event, "ext.taf.core");
    taf_put_at(t, "Variant", event, "ext.taf.variant");
    taf_put_at(t, "TimetableYear", event, "ext.taf.timetable_year");
    taf_put_at(t, "StartDate", event, "transport.means.train_date");
    taf_put_close(t, "TransportOperationalIdentifiers");
    taf_put_close(t, "TrainOperationalIdentification");
}

static const char *begin(struct taf *t, uint32_t event)
{
    if (!at(t, event, "transport.means.train").len)
        return "a train number";
    put_identifiers(t, event);
    taf_put_open(t, "OperationalTrainNumberIdentifier");
    taf_put_at(t, "OperationalTrainNumber", event, "transport.means.train");
    taf_put_close(t, "OperationalTrainNumberIdentifier");
    taf_put_at(t, "ResponsibleRU", event, "transport.carrier");
    return NULL;
}

/* The status the sender wrote, or the one that means the event's type. */
static const char *status_of(const struct taf *t, uint32_t event, char room[8])
{
    struct gw_slice type = at(t, event, "type");
    if (gw_slice_is(at(t, event, "state.list"), "TAF TrainLocationStatus"))
        return gw_slice_copy(at(t, event, "state.code"), room, 8) ? room : NULL;
    if (gw_slice_is(type, "arrive") || gw_slice_is(type, "eta-update"))
        return "03"; /* not 01: that is the train's destination */
    if (gw_slice_is(type, "depart"))
        return "04";
    for (const struct taf_code *c = taf_running_status; c->code; c++)
        if (gw_slice_is(type, c->type))
            return c->code;
    return NULL;
}

static void put_delay(struct taf *t, uint32_t event)
{
    char text[16];
    uint32_t measure = gw_tree_item_with(&t->event, event, "measures", "kind", "delay");
    uint32_t value = gw_tree_child(&t->event, measure, GW_LIT("value"));
    if (!value)
        return;
    double v = t->event.nodes[value].f;
    if (!(v > -10000 && v < 10000))
        return;
    (void)snprintf(text, sizeof text, "%+05d", (int)v);
    taf_put_open(t, "TrainDelay");
    taf_put_word(t, "AgainstBooked", text);
    taf_put_close(t, "TrainDelay");
}

static const char *item(struct taf *t, uint32_t event, bool first)
{
    char room[8];
    uint32_t place = gw_tree_child(&t->event, event, GW_LIT("place"));
    const char *status = status_of(t, event, room);
    (void)first;
    if (!status)
        return "a train's arrival, departure, passing or position";
    taf_put_open(t, "TrainLocationReport");
    if (!taf_put_station(t, "Location", place))
        return "a place with a station code";
    taf_put_time(t, "LocationDateTime", event, gw_tree_int(&t->event, event, "time", 0),
                 place);
    taf_put_word(t, "TrainLocationStatus", status);
    taf_put_at(t, "BookedLocationDateTime", event, "ext.taf.booked");
    put_delay(t, event);
    taf_put_close(t, "TrainLocationReport");
    return NULL;
}

const struct taf_writer taf_write_running = {.root = "TrainRunningInformationMessage",
                                             .code = "4005",
                                             .name = "TrainRunningInformation",
                                             .begin = begin,
                                             .item = item};
const struct taf_writer taf_write_forecast = {.root = "TrainRunningForecastMessage",
                                              .code = "4004",
                                              .name = "TrainRunningForecast",
                                              .begin = begin,
                                              .item = item,
                                              .many = true};
