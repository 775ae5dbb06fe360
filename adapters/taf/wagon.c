/* wagon.c - messages about single wagons: 5020, 5006, and the notices 5002 to 5016. */
#include "adapters/taf/taf.h"

/* ---- 5020 ---- */

/* GPS of event 60. */
static void put_position(struct taf *t, uint32_t event)
{
    const struct gw_xml *x = &t->xml;
    double lat, lon;
    if (gw_xml_number(x, gw_xml_find(x, event, "Latitude"), "", &lat, t->report) &&
        gw_xml_number(x, gw_xml_find(x, event, "Longitude"), "", &lon, t->report) &&
        lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
        gw_event_float(&t->maker, t->maker.root, "place.lat", lat);
        gw_event_float(&t->maker, t->maker.root, "place.lon", lon);
    }
}

/* The reason of an irregularity (event 06), in words. */
static void put_reason(struct taf *t, uint32_t event)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    struct gw_slice text =
        gw_xml_text(x, gw_xml_find(x, event, "WagonInterruptionReason"), "");
    if (!text.len)
        text = gw_xml_text(x, gw_xml_find(x, event, "FreeText"), "");
    if (!text.len)
        return;
    gw_event_word(m, m->root, "cause.scheme", "free");
    gw_event_str(m, m->root, "cause.text", text);
}

static void put_reporter(struct taf *t, uint32_t status)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    gw_event_word(m, m->root, "transport.mode", "rail");
    gw_event_str(m, m->root, "transport.means.train",
                 gw_xml_text(x, gw_xml_find(x, status, "OperationalTrainNumber"), ""));
    gw_event_str(m, m->root, "transport.carrier", gw_xml_text(x, status, "ReportingRU"));
    taf_party(t, "railway-undertaking", gw_xml_text(x, status, "ReportingRU"));
}

static enum gw_error status_event(struct taf *t, uint32_t status)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t event = gw_xml_child(x, status, "Event");
    struct gw_slice code = gw_xml_text(x, event, "EventType");
    struct gw_slice number = gw_xml_text(x, status, "WagonNumberFreight");
    const struct taf_code *row = GW_CODE_ROW(taf_wagon_event, code);
    struct gw_civil when, written;
    bool there;

    if (!number.len || !event)
        return gw_xml_refuse(x, status, GW_MISSING,
                             "WagonNumberFreight and Event are required",
                             gw_slice(NULL, 0), t->report);
    enum gw_error e = gw_xml_time_required(x, event, "EventDateTime", &when, t->report);
    if (!e)
        e = gw_xml_time(x, status, "MessageCreationDateTime", &written, &there,
                        t->report);
    if (e)
        return e;
    taf_begin(t, row ? row->type : "other", "actual", "equipment");
    taf_station(t, m->root, "place",
                gw_xml_at(x, event, "EventLocationInformation/EventLocation"));
    put_position(t, event);
    if (there)
        gw_event_instant(m, m->root, "recorded", &written, gw_event_known_place(m));
    put_reporter(t, status);
    taf_load(t, taf_wagon(t, number), gw_xml_text(x, status, "LoadingStatus"));
    taf_state(t, "TAF EventType", code, row, event);
    put_reason(t, event);
    taf_time(t, &when, true);
    return taf_end(t);
}

enum gw_error taf_wagon_status(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    uint32_t status = gw_xml_child(x, t->message, "WagonStatusMessage");
    enum gw_error e = GW_OK;
    if (!status)
        return gw_xml_refuse(x, t->message, GW_MISSING, "WagonStatusMessage is required",
                             gw_slice(NULL, 0), t->report);
    for (; status && !e; status = gw_xml_next(x, status, "WagonStatusMessage"))
        e = status_event(t, status);
    return e;
}

/* ---- 5006 ---- */

static void put_cargo(struct taf *t, uint32_t information, struct gw_slice wagon)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    for (uint32_t g = gw_xml_child(x, information, "GoodsInWagon"); g;
         g = gw_xml_next(x, g, "GoodsInWagon")) {
        uint32_t goods = gw_event_item(m, "goods");
        gw_event_str(m, goods, "nhm", gw_xml_text(x, g, "NHM_Code"));
        gw_event_str(m, goods, "description", gw_xml_text(x, g, "GoodsDescription"));
        taf_weight(t, g, "GrossWeight", "gross", "KGM");
        if (gw_xml_text(x, g, "ContainerNumber").len)
            (void)taf_load_unit_on(t, gw_xml_text(x, g, "ContainerNumber"), "container",
                                   wagon);
    }
}

static enum gw_error eta_event(struct taf *t, uint32_t information, uint32_t report)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    struct gw_civil when;
    struct gw_slice number = gw_xml_text(x, information, "WagonNumberFreight");
    enum gw_error e =
        gw_xml_time_required(x, report, "ArrivalTimeAtLocation", &when, t->report);
    if (e)
        return e;
    taf_begin(t, "eta-update", "estimated", "equipment");
    taf_station(t, m->root, "place", gw_xml_child(x, report, "Location"));
    gw_event_word(m, m->root, "transport.mode", "rail");
    uint32_t wagon = taf_wagon(t, number);
    taf_load(t, wagon, gw_xml_text(x, information, "LoadingStatus"));
    taf_weight(t, information, "TotalWeight", "total", "KGM");
    put_cargo(t, information, gw_tree_str(&m->tree, wagon, "id"));
    gw_event_str(m, m->root, "ext.taf.related",
                 gw_xml_text(x, t->message, "RelatedReference/RelatedIdentifier"));
    taf_time(t, &when, true);
    return taf_end(t);
}

enum gw_error taf_wagon_eta(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    uint32_t information = gw_xml_child(x, t->message, "WagonInformation");
    uint32_t report = gw_xml_child(x, t->message, "ArrivalInterchangeReport");
    enum gw_error e = GW_OK;
    if (!gw_xml_text(x, information, "WagonNumberFreight").len || !report)
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "WagonInformation and ArrivalInterchangeReport are required",
                             gw_slice(NULL, 0), t->report);
    for (; information && !e;
         information = gw_xml_next(x, information, "WagonInformation"))
        e = eta_event(t, information, report);
    return e;
}

/* ---- the notices of schemas before 3.5 ---- */

/* Times a notice may carry, the one of the wagon's move first; all are xs:dateTime.
 * Source  TAF schema 2.1.6 and 3.x, elements of the notices' location groups */
static const char *const notice_times[] = {"ArrivalTimeAtLocation",
                                           "DepartureTimeAtLocation",
                                           "DeliveryTimeAtLocation",
                                           "DeliveryTimeAtInterchange",
                                           "AcceptanceTime",
                                           "EventDateTime",
                                           "LocationDateTime",
                                           "ArrivalTimeAtInterchange",
                                           "DepartureTimeAtInterchange"};

static uint32_t notice_time(const struct taf *t)
{
    uint32_t n = GW_XML_NONE;
    for (size_t i = 0; !n && i < sizeof notice_times / sizeof *notice_times; i++)
        n = gw_xml_find(&t->xml, t->message, notice_times[i]);
    return n;
}

enum gw_error taf_wagon_notice(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t number = gw_xml_find(x, t->message, "WagonNumberFreight");
    uint32_t code = gw_xml_find(x, t->message, "LocationPrimaryCode");
    struct gw_civil when;
    bool there;
    if (!gw_xml_text(x, number, "").len)
        return gw_xml_refuse(x, t->message, GW_MISSING, "WagonNumberFreight is required",
                             gw_slice(NULL, 0), t->report);
    enum gw_error e = gw_xml_time(x, notice_time(t), "", &when, &there, t->report);
    if (e)
        return e;
    taf_begin(t, t->kind->type, "actual", "equipment");
    taf_station(t, m->root, "place", code ? x->nodes[code].parent : GW_XML_NONE);
    taf_train(t);
    taf_load(t, taf_wagon(t, gw_xml_text(x, number, "")),
             gw_xml_text(x, gw_xml_find(x, t->message, "LoadingStatus"), ""));
    put_reason(t, t->message);
    gw_event_str(m, m->root, "cause.text",
                 gw_xml_text(x, gw_xml_find(x, t->message, "CauseDescription"), ""));
    taf_time(t, &when, there);
    return taf_end(t);
}
