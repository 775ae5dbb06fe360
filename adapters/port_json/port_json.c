/* port_json.c - entities of the Smart Data Models for ports to events: each of an
 * entity's times is one event.
 *
 * Source  Smart Data Models, dataModel.MarineTransport: PortCall, PortCallEvent,
 * AisVessel, KeyVessel, Operation (field names and their meaning) */
#include "adapters/port_json/port_json.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/json_records.h"
#include "model/shape.h"

#define MAX_BYTES (4u << 20)

static const struct gw_budget doc_budget = {MAX_BYTES, 24, 256u << 10, 64u << 10};

/* ---- tables ---- */

/* The members that are read. */
enum member {
    TYPE,
    ID,
    ETA,
    RTA,
    PTA,
    ATA,
    ETD,
    RTD,
    PTD,
    ATD,
    ETA_CALCULATED,
    OBSERVED_DATE,
    ETS,
    ETC,
    EVENT_TIME,
    EVENT_TYPE,
    RECORD_TIME,
    ETA_UPDATED_AT,
    MODIFIED_DATE,
    PORT_CODE,
    NEXT_PORT,
    TERMINAL,
    LOCATION_TYPE,
    IMO,
    MMSI,
    CALL_SIGN,
    VESSEL_NAME,
    VOYAGE_NUMBER,
    REGULAR_LINE,
    REMARKS,
    SPEED,
    COURSE,
    LATITUDE,
    LONGITUDE,
    AGENT_NAME,
    AGENT_CODE,
    CALL_NUMBER,
    MEMBERS
};
static const char member_words[MEMBERS][GW_LABEL_MOST] = {
    [TYPE] = "type",
    [ID] = "id",
    [ETA] = "eta",
    [RTA] = "rta",
    [PTA] = "pta",
    [ATA] = "ata",
    [ETD] = "etd",
    [RTD] = "rtd",
    [PTD] = "ptd",
    [ATD] = "atd",
    [ETA_CALCULATED] = "etaCalculated",
    [OBSERVED_DATE] = "observedDate",
    [ETS] = "ets",
    [ETC] = "etc",
    [EVENT_TIME] = "eventTime",
    [EVENT_TYPE] = "eventType",
    [RECORD_TIME] = "recordTime",
    [ETA_UPDATED_AT] = "etaUpdatedAt",
    [MODIFIED_DATE] = "modifiedDate",
    [PORT_CODE] = "portCode",
    [NEXT_PORT] = "nextPortUnlocode",
    [TERMINAL] = "terminal",
    [LOCATION_TYPE] = "locationType",
    [IMO] = "imo",
    [MMSI] = "mmsi",
    [CALL_SIGN] = "callSign",
    [VESSEL_NAME] = "vesselName",
    [VOYAGE_NUMBER] = "voyageNumber",
    [REGULAR_LINE] = "regularLine",
    [REMARKS] = "remarks",
    [SPEED] = "speedOverGround",
    [COURSE] = "courseOverGround",
    [LATITUDE] = "latitude",
    [LONGITUDE] = "longitude",
    [AGENT_NAME] = "agentName",
    [AGENT_CODE] = "agentLegalCode",
    [CALL_NUMBER] = "portCallNumber"};
static const struct gw_words members = {"member", member_words, MEMBERS};

struct state {
    struct gw_json_records in; /* first: json_records.h */
    uint32_t at[MEMBERS];      /* the entity's members */
};

/* One of an entity's times. */
struct moment {
    const char *entity;
    enum member time;
    const char *type, *class;
};
static const struct moment moments[] = {
    {"PortCall", ETA, "eta-update", "estimated"},
    {"PortCall", RTA, "eta-update", "requested"},
    {"PortCall", PTA, "eta-update", "planned"},
    {"PortCall", ATA, "arrive", "actual"},
    {"PortCall", ETD, "eta-update", "estimated"},
    {"PortCall", RTD, "eta-update", "requested"},
    {"PortCall", PTD, "eta-update", "planned"},
    {"PortCall", ATD, "depart", "actual"},
    {"AisVessel", ETA, "eta-update", "estimated"},
    {"AisVessel", ETA_CALCULATED, "eta-update", "estimated"},
    {"KeyVessel", OBSERVED_DATE, "position", "actual"},
    {"Operation", ETS, "schedule-update", "estimated"},
    {"Operation", ETC, "schedule-update", "estimated"},
    {"PortCallEvent", EVENT_TIME, NULL, "actual"}, /* type: by eventType, below */
};

/* A part of PortCallEvent's eventType, and what it means. */
static const struct {
    const char *part, *type, *class;
} event_types[] = {
    {".ata", "arrive", "actual"},        {".atd", "depart", "actual"},
    {".eta", "eta-update", "estimated"}, {".etd", "eta-update", "estimated"},
    {".pta", "eta-update", "planned"},   {".ptd", "eta-update", "planned"},
    {".rta", "eta-update", "requested"}, {".rtd", "eta-update", "requested"}};

/* Members that are copied. */
static const struct {
    enum member from;
    const char *path;
} fields[] = {{PORT_CODE, "place.unlocode"},
              {NEXT_PORT, "place.unlocode"},
              {TERMINAL, "place.name"},
              {LOCATION_TYPE, "place.function"},
              {IMO, "transport.means.imo"},
              {MMSI, "transport.means.mmsi"},
              {CALL_SIGN, "transport.means.callsign"},
              {VESSEL_NAME, "transport.means.name"},
              {VOYAGE_NUMBER, "transport.journey_no"},
              {REGULAR_LINE, "transport.service"},
              {REMARKS, "state.text"}};

/* Numbers that are measured. */
static const struct {
    enum member from;
    const char *kind, *unit;
} measures[] = {{SPEED, "speed", "KNT"}, {COURSE, "heading", "DD"}};

/* ---- looking ---- */

/* Find the entity's members, once for all its times. */
static void find_members(struct state *s)
{
    const struct gw_tree *t = &s->in.doc.tree;
    memset(s->at, 0, sizeof s->at);
    if (t->nodes[s->in.record].kind != GW_MAP)
        return;
    for (GW_FOREACH_CHILD (t, s->in.record, n)) {
        int i = gw_words_find(&members, t->nodes[n].key);
        if (i >= 0)
            s->at[i] = n;
    }
}

/* A member's value; NGSI-LD's normalised form wraps it: {"type": "Property", "value":
 * ...}. */
static uint32_t member(const struct state *s, enum member which)
{
    const struct gw_json_doc *d = &s->in.doc;
    uint32_t n = s->at[which], value;
    if (!n || d->tree.nodes[n].kind != GW_MAP)
        return n;
    value = gw_json_get(d, n, "value");
    return value ? value : gw_json_get(d, n, "object");
}

static struct gw_slice words(struct state *s, enum member which)
{
    return gw_json_record_words(&s->in, member(s, which));
}

static bool number(const struct state *s, enum member which, double *out)
{
    return gw_json_number(&s->in.doc, member(s, which), out);
}

static struct gw_slice name_of(const struct state *s)
{
    return gw_tree_str(&s->in.doc.tree, s->at[TYPE], "");
}

/* ---- an event ---- */

static void put_position(struct state *s)
{
    double lat, lon;
    struct gw_maker *m = &s->in.maker;
    if (!number(s, LATITUDE, &lat) || !number(s, LONGITUDE, &lon))
        return;
    if (lat < -90 || lat > 90 || lon < -180 || lon > 180) {
        gw_event_note(m, "number", GW_SEVERITY_WARN, "place.lat", words(s, LATITUDE));
        return;
    }
    gw_event_float(m, m->root, "place.lat", lat);
    gw_event_float(m, m->root, "place.lon", lon);
}

static void put_fields(struct state *s, const char *type)
{
    struct gw_maker *m = &s->in.maker;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct gw_slice w = words(s, fields[i].from);
        if (w.len && !gw_tree_at(&m->tree, m->root, fields[i].path))
            gw_event_str(m, m->root, fields[i].path, w);
    }
    if (strcmp(type, "eta-update") !=
        0) /* where a ship is says nothing of where it goes */
        put_position(s);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        double v;
        if (number(s, measures[i].from, &v))
            (void)gw_event_measure(m, measures[i].kind, v, measures[i].unit);
    }
    gw_event_word(m, m->root, "transport.mode", "sea");
}

static void put_agent(struct state *s)
{
    struct gw_slice name = words(s, AGENT_NAME);
    uint32_t item;
    if (!name.len)
        return;
    item = gw_event_item(&s->in.maker, "parties");
    gw_event_word(&s->in.maker, item, "role", "forwarder");
    gw_event_str(&s->in.maker, item, "id", words(s, AGENT_CODE));
    gw_event_str(&s->in.maker, item, "name", name);
}

static void put_source(struct state *s, enum member time)
{
    struct gw_maker *m = &s->in.maker;
    struct gw_slice event = words(s, EVENT_TYPE);
    gw_event_word(m, m->root, "state.list", "Smart Data Models MarineTransport");
    gw_event_str(m, m->root, "state.code",
                 event.len ? event : gw_slice_str(member_words[time]));
    gw_event_str(m, m->root, "source.message_type", name_of(s));
    gw_event_str(m, m->root, "source.event_ref", words(s, ID));
    gw_event_int(m, m->root, "source.sequence", s->in.number);
    gw_event_reference(m, "other", words(s, CALL_NUMBER));
}

/* "recordTime", "etaUpdatedAt", "modifiedDate": what the entity has of them. */
static void put_recorded(struct state *s)
{
    static const enum member keys[] = {RECORD_TIME, ETA_UPDATED_AT, MODIFIED_DATE};
    struct gw_maker *m = &s->in.maker;
    struct gw_civil c;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!gw_iso_time(words(s, keys[i]), &c)) {
            gw_event_instant(m, m->root, "recorded", &c, gw_event_known_place(m));
            return;
        }
}

static bool holds(struct gw_slice s, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= s.len; i++)
        if (memcmp(s.at + i, part, n) == 0)
            return true;
    return false;
}

static void judge_event_type(struct state *s, const char **type, const char **class)
{
    struct gw_slice word = words(s, EVENT_TYPE);
    *type = "other";
    for (size_t i = 0; i < sizeof event_types / sizeof *event_types; i++)
        if (holds(word, event_types[i].part)) {
            *type = event_types[i].type;
            *class = event_types[i].class;
            return;
        }
}

static enum gw_error add(struct state *s, const struct moment *row)
{
    struct gw_maker *m = &s->in.maker;
    uint32_t at = member(s, row->time);
    struct gw_slice text = gw_tree_str(&s->in.doc.tree, at, "");
    const char *type = row->type, *class = row->class;
    struct gw_civil c;
    enum gw_error e = gw_iso_time(text, &c);
    if (e)
        return gw_json_record_refuse(&s->in, at, e, "date and time", text);
    if (!type)
        judge_event_type(s, &type, &class);
    gw_event_begin(m, type, class, "transport");
    put_fields(s, type);
    gw_event_moment(m, &c, gw_event_known_place(m));
    put_agent(s);
    put_source(s, row->time);
    put_recorded(s);
    return gw_json_record_event(&s->in, at);
}

static enum gw_error take_entity(struct gw_json_records *in)
{
    struct state *s = (struct state *)in;
    enum gw_error e = GW_OK;
    bool known = false, any = false;
    find_members(s);
    for (size_t i = 0; i < sizeof moments / sizeof *moments && !e; i++) {
        if (!gw_slice_is(name_of(s), moments[i].entity))
            continue;
        known = true;
        uint32_t at = member(s, moments[i].time);
        if (!at || in->doc.tree.nodes[at].kind == GW_NIL)
            continue;
        any = true;
        e = add(s, &moments[i]);
    }
    if (e)
        return e;
    if (!known)
        return gw_json_record_refuse(in, in->record, GW_FORMAT, "entity type",
                                     GW_LIT("no entity that reports what happened"));
    return any ? GW_OK
               : gw_json_record_refuse(in, in->record, GW_MISSING, "time",
                                       GW_LIT("the entity has none"));
}

/* ---- the adapter ---- */

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    return gw_json_records_open(state, o, "port_json", &doc_budget, why);
}

static void close_state(void *state)
{
    gw_json_records_close(state);
}

/* An entity, a list of them, or a notification's "data". */
static enum gw_error find_entities(struct gw_json_records *in, uint32_t *list)
{
    uint32_t data = gw_json_get(&in->doc, *list, "data");
    if (data && in->doc.tree.nodes[data].kind == GW_ARRAY)
        *list = data;
    return GW_OK;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    return gw_json_records_decode(state, in, out, report, find_entities, take_entity);
}

const struct gw_adapter gw_adapter_port_json = {
    .name = "port_json",
    .standard =
        "Smart Data Models for ports (PortCall, PortCallEvent, AisVessel, KeyVessel, "
        "Operation)",
    .edition = "dataModel.MarineTransport",
    .size = sizeof(struct state),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .close = close_state};
