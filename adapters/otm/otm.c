/* otm.c - Open Trip Model trips (JSON) to events: the stops of a trip and what is done
 * there, as requested, planned, projected and realized.
 *
 * Source  Open Trip Model 5: entities trip, action (stop, load, unload, ...), location,
 * consignment, vehicle; lifecycle of actions; roles of actors */
#include "adapters/kit/event_make.h"
#include "adapters/kit/xml_json.h"
#include "adapters/kit/xml_value.h"
#include "adapters/otm/entities.h"

#define MAX_BYTES (8u << 20)

struct otm {
    struct gw_maker maker;
    struct gw_xml xml;
    struct gw_json_doc json;
    struct otm_entities entities;
    struct gw_report *report;
    struct gw_events *out;
    uint32_t trip;
    uint32_t sequence;
};

/* A word of the model and one of the event schema. */
struct otm_word {
    const char *code, *word;
};
static const struct otm_word lifecycles[] = {
    {"requested", "requested"}, {"planned", "planned"}, {"projected", "estimated"},
    {"actual", "actual"},       {"realized", "actual"}, {NULL, NULL}};
static const struct otm_word actions[] = {{"load", "load"},
                                          {"unload", "discharge"},
                                          {"handOver", "handover"},
                                          {"attachTransportEquipment", "other"},
                                          {"detachTransportEquipment", "other"},
                                          {"breakAction", "other"},
                                          {"refuel", "other"},
                                          {NULL, NULL}};
static const struct otm_word roles[] = {{"shipper", "consignor"},
                                        {"sender", "consignor"},
                                        {"consignor", "consignor"},
                                        {"carrier", "carrier"},
                                        {"consignee", "consignee"},
                                        {"receiver", "consignee"},
                                        {"broker", "forwarder"},
                                        {"logisticsServiceProvider", "forwarder"},
                                        {NULL, NULL}};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct otm *s = state;
    gw_xml_init(&s->xml, &gw_xml_limits_default);
    enum gw_error e = gw_json_doc_init(&s->json, &gw_json_doc_budget);
    return e ? e : gw_maker_open(&s->maker, o, "otm", why);
}

static void close_state(void *state)
{
    struct otm *s = state;
    gw_maker_close(&s->maker);
    gw_json_doc_deinit(&s->json);
    otm_entities_deinit(&s->entities);
    gw_xml_deinit(&s->xml);
}

/* ---- facts ---- */

static void put_place(struct otm *s, uint32_t location)
{
    const struct gw_xml *x = &s->xml;
    struct gw_maker *m = &s->maker;
    uint32_t geo = gw_xml_child(x, location, "geoReference");
    struct gw_slice country =
        gw_xml_text(x, location, "administrativeReference/countryCode");
    double lat, lon;
    if (country.len == 2)
        gw_event_str(m, m->root, "place.country", country);
    gw_event_str(m, m->root, "place.name", gw_xml_text(x, location, "name"));
    if (!gw_xml_number(x, geo, "lat", &lat, s->report) ||
        !gw_xml_number(x, geo, "lon", &lon, s->report))
        return;
    if (lat < -90 || lat > 90 || lon < -180 || lon > 180) {
        gw_xml_note(x, geo, "coordinates", gw_xml_text(x, geo, "lat"), s->report);
        return;
    }
    gw_event_float(m, m->root, "place.lat", lat);
    gw_event_float(m, m->root, "place.lon", lon);
}

static void put_actors(struct otm *s)
{
    const struct gw_xml *x = &s->xml;
    struct gw_maker *m = &s->maker;
    for (uint32_t a = gw_xml_child(x, s->trip, "actors"); a;
         a = gw_xml_next(x, a, "actors")) {
        uint32_t actor = otm_entity_of(&s->entities, x, a);
        const struct otm_word *role = GW_CODE_ROW(roles, gw_xml_text(x, a, "roles"));
        if (!actor || !role)
            continue;
        uint32_t item = gw_event_item(m, "parties");
        gw_event_word(m, item, "role", role->word);
        gw_event_str(m, item, "id", gw_xml_text(x, actor, "id"));
        gw_event_str(m, item, "name", gw_xml_text(x, actor, "name"));
    }
}

static void put_vehicle(struct otm *s)
{
    const struct gw_xml *x = &s->xml;
    struct gw_maker *m = &s->maker;
    uint32_t vehicle =
        otm_entity_of(&s->entities, x, gw_xml_child(x, s->trip, "vehicle"));
    struct gw_slice plate = gw_xml_text(x, vehicle, "licensePlate");
    struct gw_slice type = gw_xml_text(x, vehicle, "vehicleType");
    bool ship = gw_slice_is(type, "barge") || gw_slice_is(type, "boat");
    gw_event_word(m, m->root, "transport.mode",
                  ship                         ? "inland-water"
                  : gw_slice_is(type, "train") ? "rail"
                                               : "road");
    if (plate.len) {
        gw_event_str(m, m->root, "transport.means.plate", plate);
        (void)gw_event_equipment(m, "truck", plate);
    }
    gw_event_str(m, m->root, "transport.means.name", gw_xml_text(x, vehicle, "name"));
}

static void put_goods(struct otm *s, uint32_t action)
{
    const struct gw_xml *x = &s->xml;
    struct gw_maker *m = &s->maker;
    uint32_t c = otm_entity_of(&s->entities, x, gw_xml_child(x, action, "consignment"));
    gw_event_str(m, m->root, "ext.otm.consignment", gw_xml_text(x, c, "id"));
    for (uint32_t g = gw_xml_child(x, c, "goods"); g; g = gw_xml_next(x, g, "goods")) {
        uint32_t good = otm_entity_of(&s->entities, x, g);
        uint32_t item = gw_event_item(m, "goods");
        double count;
        if (gw_xml_number(x, good, "quantity", &count, s->report) && count >= 0 &&
            count < 1e9)
            gw_event_int(m, item, "packages", (int64_t)count);
        gw_event_str(m, item, "description", gw_xml_text(x, good, "description"));
    }
}

/* ---- events ---- */

/* One time of one action: its event. */
static enum gw_error make(struct otm *s, const char *type, uint32_t stop, uint32_t action,
                          const struct gw_civil *when)
{
    const struct gw_xml *x = &s->xml;
    struct gw_maker *m = &s->maker;
    struct gw_fault fault = {0};
    struct gw_slice lifecycle = gw_xml_text(x, action, "lifecycle");
    const struct otm_word *class = GW_CODE_ROW(lifecycles, lifecycle);
    gw_event_begin(m, type, class->word, NULL);
    gw_event_word(m, m->root, "source.message_type", "trip");
    gw_event_str(m, m->root, "source.message_ref", gw_xml_text(x, s->trip, "id"));
    gw_event_int(m, m->root, "source.sequence", ++s->sequence);
    gw_event_str(m, m->root, "source.event_ref", gw_xml_text(x, action, "id"));
    put_place(s, otm_entity_of(&s->entities, x, gw_xml_child(x, stop, "location")));
    put_vehicle(s);
    put_actors(s);
    put_goods(s, action);
    gw_event_word(m, m->root, "state.list", "OTM actionType, lifecycle");
    gw_event_str(m, m->root, "state.code", gw_xml_text(x, action, "actionType"));
    gw_event_str(m, m->root, "state.text", lifecycle);
    gw_event_moment(m, when, gw_event_known_place(m));
    enum gw_error e = gw_event_end(m, s->out, &fault);
    return e ? gw_xml_refuse(x, action, e, fault.rule, gw_slice_str(fault.field),
                             s->report)
             : GW_OK;
}

/* When an action begins or ends: its own time, else the window it is to keep. */
static enum gw_error time_of(struct otm *s, uint32_t action, const char *name,
                             struct gw_civil *out, bool *there)
{
    const struct gw_xml *x = &s->xml;
    enum gw_error e = gw_xml_time(x, action, name, out, there, s->report);
    if (e || *there)
        return e;
    uint32_t constraint =
        otm_entity_of(&s->entities, x, gw_xml_child(x, action, "constraint"));
    return gw_xml_time(x, gw_xml_child(x, constraint, "value"), name, out, there,
                       s->report);
}

static bool is_known(struct otm *s, uint32_t action)
{
    struct gw_slice lifecycle = gw_xml_text(&s->xml, action, "lifecycle");
    if (GW_CODE_ROW(lifecycles, lifecycle))
        return true;
    gw_xml_note(&s->xml, action, "lifecycle of an action", lifecycle, s->report);
    return false;
}

/* What is done at a stop; without a time of its own it is at the stop's. */
static enum gw_error task(struct otm *s, uint32_t stop, uint32_t action)
{
    struct gw_slice name = gw_xml_text(&s->xml, action, "actionType");
    const struct otm_word *type = GW_CODE_ROW(actions, name);
    struct gw_civil when;
    bool there;
    enum gw_error e = time_of(s, action, "startTime", &when, &there);
    if (!e && !there)
        e = time_of(s, stop, "startTime", &when, &there);
    if (e || !there || !is_known(s, action))
        return e;
    if (!type)
        gw_xml_note(&s->xml, action, "actionType", name, s->report);
    return make(s, type ? type->word : "other", stop, action, &when);
}

static enum gw_error stop_events(struct otm *s, uint32_t stop)
{
    const struct gw_xml *x = &s->xml;
    struct gw_civil when;
    bool there;
    enum gw_error e = time_of(s, stop, "startTime", &when, &there);
    if (!is_known(s, stop))
        return e;
    if (!e && there)
        e = make(s, "arrive", stop, stop, &when);
    for (uint32_t a = gw_xml_child(x, stop, "actions"); a && !e;
         a = gw_xml_next(x, a, "actions")) {
        uint32_t action = otm_entity_of(&s->entities, x, a);
        if (action)
            e = task(s, stop, action);
    }
    if (!e)
        e = time_of(s, stop, "endTime", &when, &there);
    return e || !there ? e : make(s, "depart", stop, stop, &when);
}

static enum gw_error read_trip(struct otm *s, uint32_t trip)
{
    const struct gw_xml *x = &s->xml;
    uint32_t before = s->out->count;
    enum gw_error e = GW_OK;
    s->trip = trip;
    s->sequence = 0;
    s->report->messages++;
    if (!gw_xml_text(x, trip, "id").len || !gw_xml_child(x, trip, "actions"))
        return gw_xml_refuse(x, trip, GW_MISSING, "a trip with id and actions",
                             gw_slice(NULL, 0), s->report);
    for (uint32_t a = gw_xml_child(x, trip, "actions"); a && !e;
         a = gw_xml_next(x, a, "actions")) {
        uint32_t action = otm_entity_of(&s->entities, x, a);
        if (!action)
            continue;
        e = gw_slice_is(gw_xml_text(x, action, "actionType"), "stop")
                ? stop_events(s, action)
                : task(s, action, action);
    }
    if (!e && s->out->count == before)
        e = gw_xml_refuse(x, trip, GW_MISSING, "an action with a time", gw_slice(NULL, 0),
                          s->report);
    return e;
}

static enum gw_error read_document(struct otm *s, struct gw_slice in)
{
    const struct gw_xml *x = &s->xml;
    enum gw_error e = gw_json_doc_read(&s->json, in, s->report);
    if (!e)
        e = gw_xml_of_json(&s->xml, &s->json, s->report);
    if (!e)
        e = otm_entities_read(&s->entities, x);
    if (e)
        return s->report->fault.code ? e : gw_fail(&s->report->fault, e, 0, "memory");
    uint32_t item = gw_xml_child(x, GW_XML_ROOT, "item");
    if (!item)
        return read_trip(s, GW_XML_ROOT);
    for (; item && !e; item = gw_xml_next(x, item, "item"))
        e = read_trip(s, item);
    return e;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct otm *s = state;
    uint32_t before = out->count;
    s->report = report;
    s->out = out;
    gw_maker_message(&s->maker, in);
    enum gw_error e = read_document(s, in);
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_otm = {.name = "otm",
                                          .standard = "Open Trip Model trips (JSON)",
                                          .edition = "5",
                                          .unit = "line",
                                          .size = sizeof(struct otm),
                                          .max_bytes = MAX_BYTES,
                                          .open = open_state,
                                          .decode = decode,
                                          .close = close_state};
