/* port_json.c - entities of the Smart Data Models for ports to events: each of an
 * entity's times is one event.
 *
 * Source  Smart Data Models, dataModel.MarineTransport: PortCall, PortCallEvent,
 * AisVessel, KeyVessel, Operation (field names and their meaning) */
#include "adapters/port_json/port_json.h"
#include "adapters/kit/event_make.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/json_doc.h"

#define MAX_BYTES (4u << 20)

static const struct gw_budget doc_budget = {MAX_BYTES, 24, 256u << 10, 64u << 10};

struct state {
    struct gw_json_doc doc;
    struct gw_maker maker;
    struct gw_report *report;
    struct gw_events *events;
    uint32_t entity, number;
};

/* ---- tables ---- */

/* One of an entity's times. */
struct moment {
    const char *entity, *key, *type, *class;
};
static const struct moment moments[] = {
    {"PortCall", "eta", "eta-update", "estimated"},
    {"PortCall", "rta", "eta-update", "requested"},
    {"PortCall", "pta", "eta-update", "planned"},
    {"PortCall", "ata", "arrive", "actual"},
    {"PortCall", "etd", "eta-update", "estimated"},
    {"PortCall", "rtd", "eta-update", "requested"},
    {"PortCall", "ptd", "eta-update", "planned"},
    {"PortCall", "atd", "depart", "actual"},
    {"AisVessel", "eta", "eta-update", "estimated"},
    {"AisVessel", "etaCalculated", "eta-update", "estimated"},
    {"KeyVessel", "observedDate", "position", "actual"},
    {"Operation", "ets", "schedule-update", "estimated"},
    {"Operation", "etc", "schedule-update", "estimated"},
    {"PortCallEvent", "eventTime", NULL, "actual"}, /* type: by eventType, below */
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
    const char *key, *path;
} fields[] = {{"portCode", "place.unlocode"},
              {"nextPortUnlocode", "place.unlocode"},
              {"terminal", "place.name"},
              {"locationType", "place.function"},
              {"imo", "transport.means.imo"},
              {"mmsi", "transport.means.mmsi"},
              {"callSign", "transport.means.callsign"},
              {"vesselName", "transport.means.name"},
              {"voyageNumber", "transport.journey_no"},
              {"regularLine", "transport.service"},
              {"remarks", "state.text"}};

/* Numbers that are measured. */
static const struct {
    const char *key, *kind, *unit;
} measures[] = {{"speedOverGround", "speed", "KNT"},
                {"courseOverGround", "heading", "DD"}};

/* ---- looking ---- */

/* A member's value; NGSI-LD's normalised form wraps it: {"type": "Property", "value":
 * ...}. */
static uint32_t member(const struct state *s, const char *key)
{
    uint32_t n = gw_json_get(&s->doc, s->entity, key), value;
    if (!n || s->doc.tree.nodes[n].kind != GW_MAP)
        return n;
    value = gw_json_get(&s->doc, n, "value");
    return value ? value : gw_json_get(&s->doc, n, "object");
}

static struct gw_slice words(struct state *s, const char *key)
{
    char room[32];
    uint32_t n = member(s, key);
    struct gw_slice w = gw_json_words(&s->doc, n, room);
    return w.at == (const uint8_t *)room ? gw_tree_text(&s->maker.tree, w) : w;
}

static struct gw_slice name_of(const struct state *s)
{
    return gw_json_text(&s->doc, s->entity, "type");
}

/* ---- an event ---- */

static void put_position(struct state *s)
{
    double lat, lon;
    struct gw_maker *m = &s->maker;
    if (!gw_json_number(&s->doc, member(s, "latitude"), &lat) ||
        !gw_json_number(&s->doc, member(s, "longitude"), &lon))
        return;
    if (lat < -90 || lat > 90 || lon < -180 || lon > 180) {
        gw_event_note(m, "number", GW_SEVERITY_WARN, "place.lat", words(s, "latitude"));
        return;
    }
    gw_event_float(m, m->root, "place.lat", lat);
    gw_event_float(m, m->root, "place.lon", lon);
}

static void put_fields(struct state *s, const char *type)
{
    struct gw_maker *m = &s->maker;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct gw_slice w = words(s, fields[i].key);
        if (w.len && !gw_tree_at(&m->tree, m->root, fields[i].path))
            gw_event_str(m, m->root, fields[i].path, w);
    }
    if (strcmp(type, "eta-update") !=
        0) /* where a ship is says nothing of where it goes */
        put_position(s);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        double v;
        if (gw_json_number(&s->doc, member(s, measures[i].key), &v))
            (void)gw_event_measure(m, measures[i].kind, v, measures[i].unit);
    }
    gw_event_word(m, m->root, "transport.mode", "sea");
}

static void put_agent(struct state *s)
{
    struct gw_slice name = words(s, "agentName");
    uint32_t item;
    if (!name.len)
        return;
    item = gw_event_item(&s->maker, "parties");
    gw_event_word(&s->maker, item, "role", "forwarder");
    gw_event_str(&s->maker, item, "id", words(s, "agentLegalCode"));
    gw_event_str(&s->maker, item, "name", name);
}

static void put_source(struct state *s, const char *key)
{
    struct gw_maker *m = &s->maker;
    struct gw_slice event = words(s, "eventType");
    gw_event_word(m, m->root, "state.list", "Smart Data Models MarineTransport");
    gw_event_str(m, m->root, "state.code", event.len ? event : gw_slice_str(key));
    gw_event_str(m, m->root, "source.message_type", name_of(s));
    gw_event_str(m, m->root, "source.event_ref", words(s, "id"));
    gw_event_int(m, m->root, "source.sequence", s->number);
    gw_event_reference(m, "other", words(s, "portCallNumber"));
}

/* "recordTime", "etaUpdatedAt", "modifiedDate": what the entity has of them. */
static void put_recorded(struct state *s)
{
    static const char *const keys[] = {"recordTime", "etaUpdatedAt", "modifiedDate"};
    struct gw_maker *m = &s->maker;
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
    struct gw_slice word = words(s, "eventType");
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
    struct gw_maker *m = &s->maker;
    uint32_t at = member(s, row->key);
    struct gw_slice text = gw_tree_str(&s->doc.tree, at, "");
    const char *type = row->type, *class = row->class;
    struct gw_civil c;
    struct gw_fault f = {0};
    enum gw_error e = gw_iso_time(text, &c);
    if (e)
        return gw_json_doc_refuse(&s->doc, at, e, "date and time", s->report, "%.*s",
                                  text.len > 60 ? 60 : (int)text.len,
                                  (const char *)text.at);
    if (!type)
        judge_event_type(s, &type, &class);
    gw_event_begin(m, type, class, "transport");
    put_fields(s, type);
    gw_event_moment(m, &c, gw_event_known_place(m));
    put_agent(s);
    put_source(s, row->key);
    put_recorded(s);
    gw_event_ext(m, "port_json", &s->doc.tree, s->entity);
    e = gw_event_end(m, s->events, &f);
    return e ? gw_json_doc_refuse(&s->doc, at, e, f.rule ? f.rule : gw_error_text(e),
                                  s->report, "%s", f.field)
             : GW_OK;
}

static enum gw_error take_entity(struct state *s)
{
    struct gw_slice name = name_of(s);
    enum gw_error e = GW_OK;
    bool known = false, any = false;
    for (size_t i = 0; i < sizeof moments / sizeof *moments && !e; i++) {
        if (!gw_slice_is(name, moments[i].entity))
            continue;
        known = true;
        uint32_t at = member(s, moments[i].key);
        if (!at || s->doc.tree.nodes[at].kind == GW_NIL)
            continue;
        any = true;
        e = add(s, &moments[i]);
    }
    if (e)
        return e;
    if (!known)
        return gw_json_doc_refuse(&s->doc, s->entity, GW_FORMAT, "entity type", s->report,
                                  "no entity that reports what happened");
    return any ? GW_OK
               : gw_json_doc_refuse(&s->doc, s->entity, GW_MISSING, "time", s->report,
                                    "the entity has none");
}

/* ---- the adapter ---- */

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct state *s = state;
    enum gw_error e = gw_maker_open(&s->maker, o, "port_json", why);
    if (!e)
        e = gw_json_doc_init(&s->doc, &doc_budget);
    if (e == GW_NOMEM)
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

static void close_state(void *state)
{
    struct state *s = state;
    gw_maker_close(&s->maker);
    gw_json_doc_deinit(&s->doc);
}

/* An entity, a list of them, or a notification's "data". */
static enum gw_error take_all(struct state *s)
{
    const struct gw_tree *t = &s->doc.tree;
    uint32_t list = s->doc.root, data = gw_json_get(&s->doc, s->doc.root, "data");
    enum gw_error e = GW_OK;
    if (data && t->nodes[data].kind == GW_ARRAY)
        list = data;
    if (t->nodes[list].kind == GW_MAP) {
        s->entity = list;
        s->number = 1;
        return take_entity(s);
    }
    for (GW_FOREACH_CHILD (t, list, n)) {
        s->entity = n;
        s->number++;
        e = take_entity(s);
        if (e)
            break;
    }
    return e;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct state *s = state;
    uint32_t before = out->count;
    s->report = report;
    s->events = out;
    s->number = 0;
    enum gw_error e = gw_json_doc_read(&s->doc, in, report);
    if (!e) {
        gw_maker_message(&s->maker, in);
        e = take_all(s);
        report->messages = 1;
        report->segment = e ? s->number : 0;
    }
    if (e)
        gw_events_cut(out, before);
    return e;
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
