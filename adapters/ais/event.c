/* event.c - AIS facts as canonical events, written in the order of the schema's rows. */
#include "adapters/ais/event.h"
#include "adapters/ais/pack.h"
#include "base/hash.h"

/* Of an event on its way. */
struct made {
    struct ais_pack p;
    size_t map;
};

static void decimal(uint32_t v, int digits, char *out)
{
    out[digits] = 0;
    for (int i = digits - 1; i >= 0; i--, v /= 10)
        out[i] = (char)('0' + v % 10);
}

/* Two receivers that heard the same say the same: the id is that of the fact. */
static void put_id(struct made *m, const struct ais_fact *f, const char *type)
{
    static const char digits[] = "0123456789abcdef";
    char id[20] = "ais-";
    uint64_t h = gw_hash64(f->text, (uint64_t)f->time_ms * 31 + (uint8_t)type[0]);
    for (int i = 0; i < 16; i++)
        id[4 + i] = digits[h >> (60 - 4 * i) & 15];
    AIS_KEY(&m->p, m->map, "id");
    ais_str(&m->p, id, sizeof id);
}

static void begin(struct made *m, const struct ais_fact *f, const char *type,
                  const char *class, const char *precision)
{
    m->p.len = 0;
    m->map = ais_open_map(&m->p);
    AIS_KEY(&m->p, m->map, "schema");
    ais_uint(&m->p, 1);
    put_id(m, f, type);
    AIS_KEY(&m->p, m->map, "type");
    ais_put_str(&m->p, type);
    AIS_KEY(&m->p, m->map, "class");
    ais_put_str(&m->p, class);
    AIS_KEY(&m->p, m->map, "subject");
    ais_put_str(&m->p, "transport");
    AIS_KEY(&m->p, m->map, "time");
    ais_uint(&m->p, (uint64_t)f->time_ms);
    AIS_KEY(&m->p, m->map, "time_basis");
    ais_put_str(&m->p, f->stated ? "stated-utc" : "message-time");
    if (precision) {
        AIS_KEY(&m->p, m->map, "time_precision");
        ais_put_str(&m->p, precision);
    }
    if (f->recorded_ms) {
        AIS_KEY(&m->p, m->map, "recorded");
        ais_uint(&m->p, (uint64_t)f->recorded_ms);
    }
}

/* ---- parts ---- */

static void put_place(struct made *m, const struct gw_place *place, const char *raw,
                      const struct ais_message *at)
{
    AIS_KEY(&m->p, m->map, "place");
    size_t map = ais_open_map(&m->p);
    if (place) {
        AIS_KEY(&m->p, map, "node");
        ais_put_str(&m->p, place->node);
    }
    if (place && *place->unlocode) {
        AIS_KEY(&m->p, map, "unlocode");
        ais_put_str(&m->p, place->unlocode);
    }
    if (place) {
        AIS_KEY(&m->p, map, "country");
        ais_put_str(&m->p, place->country);
        AIS_KEY(&m->p, map, "name");
        ais_put_str(&m->p, place->name);
    }
    if (at && at->has_position) {
        AIS_KEY(&m->p, map, "lat");
        ais_float(&m->p, at->lat);
        AIS_KEY(&m->p, map, "lon");
        ais_float(&m->p, at->lon);
    }
    if (raw) {
        AIS_KEY(&m->p, map, "raw");
        ais_put_str(&m->p, raw);
    }
}

static void put_measure(struct made *m, size_t list, const char *kind, double v,
                        const char *unit)
{
    ais_count(&m->p, list);
    size_t map = ais_open_map(&m->p);
    AIS_KEY(&m->p, map, "kind");
    ais_put_str(&m->p, kind);
    AIS_KEY(&m->p, map, "value");
    ais_float(&m->p, v);
    AIS_KEY(&m->p, map, "unit");
    ais_put_str(&m->p, unit);
}

/* Units of Recommendation 20: knot, degree, metre. */
static void put_measures(struct made *m, const struct ais_message *a)
{
    const struct {
        const char *kind;
        double v;
        const char *unit;
    } rows[] = {{"speed", a->speed_kn, "KNT"},
                {"course", a->course, "DD"},
                {"heading", a->heading, "DD"},
                {"draught", a->draught_m, "MTR"}};
    size_t list = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].v < 0)
            continue;
        if (!list) {
            AIS_KEY(&m->p, m->map, "measures");
            list = ais_open_list(&m->p);
        }
        put_measure(m, list, rows[i].kind, rows[i].v, rows[i].unit);
    }
}

/* Stations and aids to navigation are no ships: they have no mode. */
static void put_transport(struct made *m, const struct ais_fact *f)
{
    char text[10];
    const struct ais_ship *s = f->ship;
    uint8_t type = f->message->type;
    AIS_KEY(&m->p, m->map, "transport");
    size_t map = ais_open_map(&m->p);
    if (type != 4 && type != 21) {
        AIS_KEY(&m->p, map, "mode");
        ais_put_str(&m->p, type == 9 ? "air" : "sea");
    }
    AIS_KEY(&m->p, map, "means");
    size_t means = ais_open_map(&m->p);
    if (s->imo) {
        AIS_KEY(&m->p, means, "imo");
        decimal(s->imo, 7, text);
        ais_str(&m->p, text, 7);
    }
    AIS_KEY(&m->p, means, "mmsi");
    decimal(s->mmsi, 9, text);
    ais_str(&m->p, text, 9);
    if (*s->callsign) {
        AIS_KEY(&m->p, means, "callsign");
        ais_put_str(&m->p, s->callsign);
    }
    if (*s->name) {
        AIS_KEY(&m->p, means, "name");
        ais_put_str(&m->p, s->name);
    }
}

static void put_state(struct made *m, const struct ais_message *a)
{
    char code[3];
    const char *text = ais_status_text(a->status);
    if (a->status < 0)
        return;
    AIS_KEY(&m->p, m->map, "state");
    size_t map = ais_open_map(&m->p);
    AIS_KEY(&m->p, map, "list");
    ais_put_str(&m->p, "ITU-R M.1371 navigational status");
    AIS_KEY(&m->p, map, "code");
    decimal((uint32_t)a->status, a->status > 9 ? 2 : 1, code);
    ais_put_str(&m->p, code);
    if (text) {
        AIS_KEY(&m->p, map, "text");
        ais_put_str(&m->p, text);
    }
}

static void put_source(struct made *m, const struct ais_fact *f)
{
    char type[3], hex[65];
    uint8_t hash[32];
    AIS_KEY(&m->p, m->map, "source");
    size_t map = ais_open_map(&m->p);
    AIS_KEY(&m->p, map, "format");
    ais_put_str(&m->p, "ais");
    AIS_KEY(&m->p, map, "message_type");
    decimal(f->message->type, f->message->type > 9 ? 2 : 1, type);
    ais_put_str(&m->p, type);
    AIS_KEY(&m->p, map, "sha256");
    gw_sha256(f->text, hash);
    gw_hex(hash, sizeof hash, hex);
    ais_str(&m->p, hex, 64);
}

static void put_derived(struct made *m)
{
    AIS_KEY(&m->p, m->map, "quality");
    size_t list = ais_open_list(&m->p);
    ais_count(&m->p, list);
    size_t map = ais_open_map(&m->p);
    AIS_KEY(&m->p, map, "rule");
    ais_put_str(&m->p, "derived");
    AIS_KEY(&m->p, map, "severity");
    ais_put_str(&m->p, "info");
    AIS_KEY(&m->p, map, "field");
    ais_put_str(&m->p, "type");
    AIS_KEY(&m->p, map, "raw");
    ais_put_str(&m->p, "positions against the port's circle");
}

/* ---- events ---- */

static enum gw_error end(const struct made *m, struct gw_events *out)
{
    return gw_events_add_bytes(out, gw_slice(m->p.at, m->p.len));
}

/* Milliseconds that are none make a second's precision. */
static const char *precision_of(const struct ais_fact *f)
{
    return f->time_ms % 1000 ? NULL : "second";
}

enum gw_error ais_event_position(const struct ais_fact *f, struct gw_events *out)
{
    struct made m;
    begin(&m, f, "position", "actual", precision_of(f));
    put_place(&m, NULL, NULL, f->message);
    put_measures(&m, f->message);
    put_transport(&m, f);
    put_state(&m, f->message);
    put_source(&m, f);
    return end(&m, out);
}

enum gw_error ais_event_port(const struct ais_fact *f, const char *type,
                             const struct ais_port *port, struct gw_events *out)
{
    struct made m;
    begin(&m, f, type, "actual", precision_of(f));
    put_place(&m, port->place, NULL, f->message);
    put_transport(&m, f);
    put_source(&m, f);
    put_derived(&m);
    return end(&m, out);
}

enum gw_error ais_event_eta(const struct ais_fact *f, const char *destination,
                            const struct gw_place *place, struct gw_events *out)
{
    struct made m;
    begin(&m, f, "eta-update", "estimated", "minute");
    put_place(&m, place, destination, NULL);
    put_measures(&m, f->message);
    put_transport(&m, f);
    put_source(&m, f);
    return end(&m, out);
}
