/* dialect.c - each company's way of saying things. */
#include "bench/demo/dialect.h"
#include "base/clock.h"
#include "model/canon.h"
#include <stdio.h>

void demo_event_id(const struct demo_happening *h, char out[DEMO_ID_BYTES])
{
    (void)snprintf(out, DEMO_ID_BYTES, "%s-%06u", demo_companies[h->who].name, h->number);
}

static void put(struct gw_tree *t, uint32_t root, const char *path, const char *text)
{
    if (text && *text)
        (void)gw_tree_set_str(t, root, path, gw_tree_text(t, gw_slice_str(text)));
}

/* ---- the shared schema ---- */

static void put_time(const struct demo_happening *h, struct gw_tree *t, uint32_t root)
{
    if (h->trouble == DEMO_WRONG_TYPE)
        put(t, root, "time", "this morning");
    else if (h->trouble != DEMO_NO_TIME)
        (void)gw_tree_set_int(t, root, "time", h->time_ms);
    (void)gw_tree_set_int(t, root, "time_offset", demo_companies[h->who].clock_min);
    put(t, root, "time_basis", "stated-offset");
}

static void put_place(const struct demo_happening *h, struct gw_tree *t, uint32_t root)
{
    if (h->what == DEMO_POSITION) {
        (void)gw_tree_set_float(t, root, "place.lat", h->lat);
        (void)gw_tree_set_float(t, root, "place.lon", h->lon);
    } else {
        put(t, root, "place.node", h->place->node);
        put(t, root, "place.unlocode", h->place->unlocode);
        put(t, root, "place.country", h->place->country);
        put(t, root, "place.name", h->place->name);
    }
    if (h->next)
        put(t, root, "place_to.node", h->next->node);
}

static void put_equipment(const struct demo_happening *h, struct gw_tree *t,
                          uint32_t root)
{
    bool box = h->per == DEMO_PER_BOX;
    if (h->per == DEMO_PER_BLOCK)
        return;
    put(t, root, "equipment[0].kind", box ? "container" : "wagon");
    put(t, root, "equipment[0].id", box ? h->unit.container : h->unit.wagon);
    put(t, root, "equipment[0].scheme", box ? "iso6346" : "cis8");
    if (box)
        put(t, root, "equipment[0].size_type", "45G1");
    put(t, root, "equipment[0].load", "laden");
    if (box && !h->sea)
        put(t, root, "equipment[0].on", h->unit.wagon);
    put(t, root, "references[0].scheme", box ? "booking" : "smgs");
    put(t, root, "references[0].value", box ? h->unit.booking : h->unit.waybill);
}

static void put_transport(const struct demo_happening *h, struct gw_tree *t,
                          uint32_t root)
{
    put(t, root, "transport.mode", h->sea ? "sea" : "rail");
    if (h->sea) {
        put(t, root, "transport.means.imo", h->unit.imo);
        put(t, root, "transport.means.name", h->unit.vessel);
    } else
        put(t, root, "transport.means.train", h->unit.train);
    put(t, root, "transport.journey_no", h->sea ? h->unit.voyage : h->unit.train);
}

static const char *customs_state(enum demo_what w)
{
    return w == DEMO_CUSTOMS_DECLARED  ? "declared"
           : w == DEMO_CUSTOMS_HOLD    ? "held"
           : w == DEMO_CUSTOMS_RELEASE ? "released"
                                       : NULL;
}

uint32_t demo_schema_build(const struct demo_happening *h, struct gw_tree *t)
{
    uint32_t root = gw_tree_root(t);
    char id[DEMO_ID_BYTES];

    demo_event_id(h, id);
    (void)gw_tree_set_int(t, root, "schema", 1);
    put(t, root, "id", id);
    put(t, root, "type", demo_what_type(h->what));
    put(t, root, "class", "actual");
    put(t, root, "subject", h->per == DEMO_PER_BLOCK ? "transport" : "equipment");
    put_time(h, t, root);
    put_place(h, t, root);
    put_equipment(h, t, root);
    put_transport(h, t, root);
    put(t, root, "customs.state", customs_state(h->what));
    return root;
}

/* ---- dialects: one per profile in config/profiles ---- */

/* The company's own clock: "2026-11-23T18:05:30" (text[19]). */
static void local_iso(const struct demo_happening *h, char text[25])
{
    gw_time_iso(h->time_ms + demo_companies[h->who].clock_min * INT64_C(60000), text);
    text[19] = 0;
}

/* The code for a happening in one of these tables; NULL-terminated by type. */
struct code {
    enum demo_what what;
    const char *code;
};

static const char *code_of(const struct code *codes, size_t count, enum demo_what what)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i].what == what)
            return codes[i].code;
    return "?";
}
#define CODE(table, what) code_of(table, sizeof(table) / sizeof *(table), what)

/* A terminal's operating system: config/profiles/port-terminal.yaml. */
static void write_port_terminal(const struct demo_happening *h, struct gw_tree *t,
                                uint32_t root)
{
    static const struct code moves[] = {{DEMO_GATE_IN, "GI"},
                                        {DEMO_LOAD, "LD"},
                                        {DEMO_DEPART, "DEP"},
                                        {DEMO_BORDER_CROSS, "BX"}};
    static const struct {
        const char *node, *yard;
    } yards[] = {{"cn-urumqi", "URC-S"}, {"cn-khorgos", "HGS"}, {"cn-alashankou", "ALS"}};
    const char *yard = "URC-X"; /* one that the profile's table does not have */
    char at[25];

    for (size_t i = 0; i < sizeof yards / sizeof *yards; i++)
        if (strcmp(h->place->node, yards[i].node) == 0 && h->trouble != DEMO_UNKNOWN_CODE)
            yard = yards[i].yard;
    local_iso(h, at);
    put(t, root, "mv", CODE(moves, h->what));
    put(t, root, "at", h->trouble == DEMO_WRONG_TYPE ? "this morning" : at);
    put(t, root, "yard", yard);
    put(t, root, "carrier.mode", "R");
    put(t, root, "carrier.train", h->unit.train);
    put(t, root, "carrier.voyage", h->unit.train);
    if (h->per != DEMO_PER_BOX)
        return;
    put(t, root, "cntr", h->unit.container);
    put(t, root, "iso", "45G1");
    put(t, root, "fe", "F");
    put(t, root, "dir", "EXP");
    put(t, root, "bkg", h->unit.booking);
    (void)gw_tree_set_int(t, root, "wt", 48501 + h->number % 3000);
    put(t, root, "wt_u", "lb");
    if (h->what == DEMO_LOAD)
        put(t, root, "on", h->unit.wagon);
}

static void put_station(const struct gw_place *p, struct gw_tree *t, uint32_t root,
                        const char *code, const char *locode)
{
    if (p && p->esr6[0])
        put(t, root, code, p->esr6);
    else if (p)
        put(t, root, locode, p->unlocode);
}

/* A railway of 1520 mm: config/profiles/railway-1520.yaml. */
static void write_railway(const struct demo_happening *h, struct gw_tree *t,
                          uint32_t root)
{
    static const struct code operations[] = {{DEMO_ARRIVE, "01"},
                                             {DEMO_DEPART, "02"},
                                             {DEMO_HANDOVER, "05"},
                                             {DEMO_TRANSSHIP, "25"},
                                             {DEMO_BORDER_CROSS, "63"}};
    char at[25], day[16];

    local_iso(h, at);
    (void)snprintf(day, sizeof day, "%.2s.%.2s.%.4s", at + 8, at + 5, at);
    put(t, root, "КодОпер", CODE(operations, h->what));
    put(t, root, "ДатаОпер", h->trouble == DEMO_WRONG_TYPE ? "утром" : day);
    put(t, root, "ВремяОпер", at + 11);
    put_station(h->place, t, root, "КодСт", "ЛокодСт");
    put_station(h->next, t, root, "КодСтНазн", "ЛокодСтНазн");
    put(t, root, "НомПоезда", h->unit.train);
    put(t, root, "НомНакл", h->unit.waybill);
    put(t, root, "НомВаг", h->unit.wagon);
    put(t, root, "ПрГруж", h->trouble == DEMO_UNKNOWN_CODE ? "9" : "1");
    if (h->per != DEMO_PER_BOX)
        return;
    put(t, root, "Контейнеры[0].Номер", h->unit.container);
    put(t, root, "Контейнеры[0].Типоразмер", "45G1");
    put(t, root, "НомЗаказа", h->unit.booking);
}

static const char *line_port(const struct gw_place *p)
{
    static const struct {
        const char *node, *word;
    } ports[] = {{"kz-aktau-port", "AKTAU"}, {"kz-kuryk", "KURYK"}, {"az-alat", "ALAT"}};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (p && strcmp(p->node, ports[i].node) == 0)
            return ports[i].word;
    return p ? p->node : NULL;
}

/* A ferry line: config/profiles/ferry-line.yaml. */
static void write_ferry_line(const struct demo_happening *h, struct gw_tree *t,
                             uint32_t root)
{
    static const struct code reports[] = {{DEMO_LOAD, "BOARDED"},
                                          {DEMO_DISCHARGE, "ASHORE"},
                                          {DEMO_DEPART, "SAILED"},
                                          {DEMO_ARRIVE, "BERTHED"},
                                          {DEMO_POSITION, "AT-SEA"}};
    put(t, root, "report",
        h->trouble == DEMO_UNKNOWN_CODE ? "SUNK" : CODE(reports, h->what));
    if (h->trouble == DEMO_WRONG_TYPE)
        put(t, root, "utc", "this morning");
    else
        (void)gw_tree_set_int(t, root, "utc", h->time_ms);
    if (h->what == DEMO_POSITION) {
        (void)gw_tree_set_float(t, root, "lat", h->lat);
        (void)gw_tree_set_float(t, root, "lon", h->lon);
        (void)gw_tree_set_float(t, root, "sog", 12 + h->number % 40 / 10.0);
        put(t, root, "next_port", line_port(h->place));
    } else {
        put(t, root, "port", line_port(h->place));
        put(t, root, "next_port", line_port(h->next));
    }
    put(t, root, "ship", h->unit.vessel);
    put(t, root, "imo", h->unit.imo);
    put(t, root, "voyage", h->unit.voyage);
    if (h->per == DEMO_PER_BLOCK)
        return;
    put(t, root, "unit", h->per == DEMO_PER_BOX ? h->unit.container : h->unit.wagon);
    put(t, root, "unit_kind", h->per == DEMO_PER_BOX ? "BOX" : "WAGON");
    (void)gw_tree_set_bool(t, root, "laden", true);
    put(t, root, h->per == DEMO_PER_BOX ? "booking" : "waybill",
        h->per == DEMO_PER_BOX ? h->unit.booking : h->unit.waybill);
}

static const struct {
    const char *profile, *id; /* the key under which the event's number is sent */
    void (*write)(const struct demo_happening *h, struct gw_tree *t, uint32_t root);
} dialects[] = {
    {"port-terminal", "ref", write_port_terminal},
    {"railway-1520", "НомСообщ", write_railway},
    {"ferry-line", "report_id", write_ferry_line},
    {NULL, NULL, NULL},
};

enum gw_error demo_dialect_write(const struct demo_happening *h, struct gw_tree *t,
                                 struct gw_buf *out)
{
    const char *profile = demo_companies[h->who].profile;
    uint32_t root = GW_NODE_NONE;
    char id[DEMO_ID_BYTES];

    demo_event_id(h, id);
    for (size_t i = 0; profile && dialects[i].profile; i++)
        if (strcmp(dialects[i].profile, profile) == 0) {
            root = gw_tree_root(t);
            put(t, root, dialects[i].id, id);
            dialects[i].write(h, t, root);
        }
    if (!root)
        root = demo_schema_build(h, t);
    return root ? gw_msgpack_write(t, root, out) : GW_NOMEM;
}
