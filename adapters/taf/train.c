/* train.c - messages about a running train: 4005, 4004, 4006, 4001. */
#include "adapters/taf/taf.h"

static const struct gw_xml *xml_of(const struct taf *t)
{
    return &t->xml;
}

/* Minutes against the timetable as a measure; a text that is no delta is noted. */
static void put_delay(struct taf *t, uint32_t report)
{
    const struct gw_xml *x = xml_of(t);
    struct gw_slice text = gw_xml_text(x, report, "TrainDelay/AgainstBooked");
    int minutes;
    if (!text.len)
        return;
    if (taf_delta(text, &minutes))
        (void)gw_event_measure(&t->maker, "delay", minutes, "MIN");
    else
        gw_xml_note(x, gw_xml_at(x, report, "TrainDelay/AgainstBooked"), "delta of time",
                    text, t->report);
}

/* GNSS of a report, schema 3.x: GeographicCoordinates with Latitude and Longitude. */
static void put_position(struct taf *t, uint32_t report)
{
    const struct gw_xml *x = xml_of(t);
    uint32_t lat = gw_xml_find(x, report, "Latitude");
    uint32_t lon = gw_xml_find(x, report, "Longitude");
    double north, east;
    if (!gw_xml_number(x, lat, "", &north, t->report) ||
        !gw_xml_number(x, lon, "", &east, t->report))
        return;
    if (north < -90 || north > 90 || east < -180 || east > 180) {
        gw_xml_note(x, lat, "coordinates", gw_xml_text(x, lat, ""), t->report);
        return;
    }
    gw_event_float(&t->maker, t->maker.root, "place.lat", north);
    gw_event_float(&t->maker, t->maker.root, "place.lon", east);
}

/* The TrainLocationReport of 4004 and 4005.  type: of every event, or NULL: by its
 * status. */
static enum gw_error location_report(struct taf *t, uint32_t report, const char *type,
                                     const char *class)
{
    const struct gw_xml *x = xml_of(t);
    struct gw_maker *m = &t->maker;
    struct gw_slice status = gw_xml_text(x, report, "TrainLocationStatus");
    const struct taf_code *row = GW_CODE_ROW(taf_running_status, status);
    uint32_t location = gw_xml_child(x, report, "Location");
    struct gw_civil when;

    if (!gw_xml_text(x, location, "LocationPrimaryCode").len)
        return gw_xml_refuse(x, report, GW_MISSING,
                             "Location with LocationPrimaryCode is required",
                             gw_slice(NULL, 0), t->report);
    enum gw_error e =
        gw_xml_time_required(x, report, "LocationDateTime", &when, t->report);
    if (e)
        return e;
    taf_begin(t, type ? type : row ? row->type : "other", class, "transport");
    taf_station(t, m->root, "place", location);
    put_position(t, report);
    taf_train(t);
    taf_state(t, "TAF TrainLocationStatus", status, row, report);
    put_delay(t, report);
    gw_event_str(m, m->root, "ext.taf.booked",
                 gw_xml_text(x, report, "BookedLocationDateTime"));
    taf_time(t, &when, true);
    return taf_end(t);
}

static enum gw_error location_reports(struct taf *t, const char *type, const char *class)
{
    uint32_t report = gw_xml_child(xml_of(t), t->message, "TrainLocationReport");
    if (!report)
        return gw_xml_refuse(xml_of(t), t->message, GW_MISSING,
                             "TrainLocationReport is required", gw_slice(NULL, 0),
                             t->report);
    enum gw_error e = GW_OK;
    for (; report && !e; report = gw_xml_next(xml_of(t), report, "TrainLocationReport"))
        e = location_report(t, report, type, class);
    return e;
}

enum gw_error taf_train_running(struct taf *t)
{
    return location_reports(t, NULL, "actual");
}

enum gw_error taf_train_forecast(struct taf *t)
{
    return location_reports(t, "eta-update", "estimated");
}

/* cause: UIC 450-2 code with its meaning, and what the sender wrote. */
static void put_cause(struct taf *t, struct gw_slice code, struct gw_slice text,
                      uint32_t at)
{
    struct gw_maker *m = &t->maker;
    const struct taf_code *row = GW_CODE_ROW(taf_delay_cause, code);
    if (code.len) {
        gw_event_word(m, m->root, "cause.scheme", "uic-450-2");
        gw_event_str(m, m->root, "cause.code", code);
        if (!row)
            gw_xml_note(xml_of(t), at, "code not in the list", code, t->report);
    } else if (text.len) {
        gw_event_word(m, m->root, "cause.scheme", "free");
    }
    if (text.len)
        gw_event_str(m, m->root, "cause.text", text);
    else if (row)
        gw_event_word(m, m->root, "cause.text", row->text);
}

static enum gw_error interruption(struct taf *t, uint32_t point, uint32_t stop)
{
    const struct gw_xml *x = xml_of(t);
    struct gw_maker *m = &t->maker;
    struct gw_civil when;
    bool there;
    enum gw_error e =
        gw_xml_time(x, stop, "InterruptionDateTime", &when, &there, t->report);
    if (e)
        return e;
    taf_begin(t, "interruption", "actual", "transport");
    taf_station(t, m->root, "place", gw_xml_child(x, point, "Location"));
    taf_train(t);
    put_cause(t, gw_xml_text(x, stop, "InterruptionReason"),
              gw_xml_text(x, stop, "InterruptionDescription"), stop);
    taf_time(t, &when, there);
    return taf_end(t);
}

enum gw_error taf_train_interruption(struct taf *t)
{
    const struct gw_xml *x = xml_of(t);
    uint32_t point = gw_xml_child(x, t->message, "InterruptionPoint");
    uint32_t stop = gw_xml_child(x, point, "Interruption");
    enum gw_error e = GW_OK;
    if (!stop)
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "InterruptionPoint with Interruption is required",
                             gw_slice(NULL, 0), t->report);
    for (; stop && !e; stop = gw_xml_next(x, stop, "Interruption"))
        e = interruption(t, point, stop);
    return e;
}

static enum gw_error delay_cause(struct taf *t, uint32_t report, uint32_t cause)
{
    const struct gw_xml *x = xml_of(t);
    struct gw_maker *m = &t->maker;
    struct gw_civil when;
    bool there;
    double minutes;
    enum gw_error e =
        gw_xml_time(x, cause, "DelayEventDateTime", &when, &there, t->report);
    if (e)
        return e;
    taf_begin(t, "delay", "actual", "transport");
    taf_station(t, m->root, "place", gw_xml_child(x, report, "DelayLocation"));
    taf_train(t);
    struct gw_slice status = gw_xml_text(x, report, "TrainLocationStatus");
    taf_state(t, "TAF TrainLocationStatus", status,
              GW_CODE_ROW(taf_running_status, status), report);
    put_cause(t, gw_xml_text(x, cause, "DelayCause"), gw_xml_text(x, cause, "Remarks"),
              cause);
    if (gw_xml_number(x, cause, "DelayMinutes", &minutes, t->report))
        (void)gw_event_measure(m, "delay", minutes, "MIN");
    taf_time(t, &when, there);
    return taf_end(t);
}

enum gw_error taf_train_delay(struct taf *t)
{
    const struct gw_xml *x = xml_of(t);
    uint32_t report = gw_xml_child(x, t->message, "DelayEventReport");
    enum gw_error e = GW_OK;
    if (!gw_xml_child(x, report, "DelayCauseTime"))
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "DelayEventReport with DelayCauseTime is required",
                             gw_slice(NULL, 0), t->report);
    for (; report && !e; report = gw_xml_next(x, report, "DelayEventReport"))
        for (uint32_t c = gw_xml_child(x, report, "DelayCauseTime"); c && !e;
             c = gw_xml_next(x, c, "DelayCauseTime"))
            e = delay_cause(t, report, c);
    return e;
}
