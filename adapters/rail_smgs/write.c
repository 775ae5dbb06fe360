/* write.c - events to rail consignment notes, JSON in the D.22B shape.
 *
 * Events of one note (number and message) become one note again; several notes a list. */
#include "adapters/kit/iso_time.h"
#include "adapters/rail_smgs/rail_smgs.h"
#include "model/json.h"
#include <stdio.h>

/* One note that is made: where it is in s->note, and how many of what it has. */
struct making {
    struct rail_smgs *s;
    uint32_t root; /* of the event */
    uint32_t note; /* of the document */
    uint32_t consignment;
    char number[65], ref[65];
};

static struct gw_slice at(const struct making *m, const char *path)
{
    return gw_tree_str(&m->s->event, m->root, path);
}

static void put(struct making *m, uint32_t to, const char *path, struct gw_slice v)
{
    if (to && v.len)
        (void)gw_tree_set_str(&m->s->note, to, path, gw_tree_text(&m->s->note, v));
}

static uint32_t list_of(const struct making *m, const char *name)
{
    uint32_t list = gw_tree_child(&m->s->event, m->root, gw_slice_str(name));
    return list ? m->s->event.nodes[list].first : GW_NODE_NONE;
}

static uint32_t next(const struct making *m, uint32_t node)
{
    return m->s->event.nodes[node].next;
}

/* Append a map to a list of the note. */
static uint32_t item_of(struct making *m, uint32_t to, const char *list)
{
    struct gw_tree *t = &m->s->note;
    uint32_t array = gw_tree_child(t, to, gw_slice_str(list));
    if (!array)
        array = gw_tree_put_array(t, to, gw_slice_str(list));
    return gw_tree_put_map(t, array, gw_slice(NULL, 0));
}

static uint32_t map_of(struct making *m, uint32_t to, const char *name)
{
    uint32_t map = gw_tree_child(&m->s->note, to, gw_slice_str(name));
    return map ? map : gw_tree_put_map(&m->s->note, to, gw_slice_str(name));
}

/* ---- parts ---- */

/* "2026-10-04T03:55:00+03:00" as exact as the time is known: without what lies between
 * `from` and the offset. */
static void shorten(char *text, struct gw_slice precision)
{
    size_t from = gw_slice_is(precision, "minute") ? 16
                  : gw_slice_is(precision, "day")  ? 10
                                                   : 0;
    const char *rest = from ? text + 19 : text;
    if (from)
        memmove(text + from, rest, strlen(rest) + 1);
}

static void put_time(struct making *m, uint32_t to, const char *path)
{
    char text[GW_ISO_TIME_SIZE];
    const struct gw_tree *t = &m->s->event;
    bool utc = gw_slice_is(at(m, "time_basis"), "stated-utc");
    int64_t ms = gw_tree_int(t, m->root, "time", 0);
    int64_t offset = gw_tree_int(t, m->root, "time_offset", INT64_MIN);
    if (offset == INT64_MIN)
        utc = true;
    if (gw_iso_time_text(ms, utc ? 0 : (int)offset, utc, text))
        return;
    shorten(text, at(m, "time_precision"));
    put(m, to, path, gw_slice_str(text));
}

static void put_place(struct making *m, uint32_t to, uint32_t place)
{
    const struct gw_tree *t = &m->s->event;
    struct gw_slice code = gw_tree_str(t, place, "rail.code");
    if (!place)
        return;
    put(m, to, "id[0].content", code.len ? code : gw_tree_str(t, place, "unlocode"));
    put(m, to, "name[0].content", gw_tree_str(t, place, "name"));
    put(m, to, "countryId.content", gw_tree_str(t, place, "country"));
}

static void put_parties(struct making *m)
{
    static const char *const roles[] = {"consignor", "consignee", "carrier"};
    const struct gw_tree *t = &m->s->event;
    for (uint32_t p = list_of(m, "parties"); p; p = next(m, p))
        for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
            if (!gw_slice_is(gw_tree_str(t, p, "role"), roles[i]) ||
                gw_tree_child(&m->s->note, m->consignment, gw_slice_str(roles[i])))
                continue;
            uint32_t party = map_of(m, m->consignment, roles[i]);
            put(m, party, "id[0].content", gw_tree_str(t, p, "id"));
            put(m, party, "name[0].content", gw_tree_str(t, p, "name"));
            put(m, party, "postalTradeAddress.countryId.content",
                gw_tree_str(t, p, "country"));
        }
}

static uint32_t movement(struct making *m)
{
    uint32_t list = gw_tree_child(&m->s->note, m->consignment,
                                  GW_LIT("mainCarriageLogisticsTransportMovement"));
    return list ? m->s->note.nodes[list].first
                : item_of(m, m->consignment, "mainCarriageLogisticsTransportMovement");
}

static void put_route(struct making *m)
{
    const struct gw_tree *t = &m->s->event;
    uint32_t route = GW_NODE_NONE;
    for (uint32_t j = list_of(m, "journey"); j; j = next(m, j)) {
        struct gw_slice role = gw_tree_str(t, j, "role");
        uint32_t place = gw_tree_child(t, j, GW_LIT("place"));
        if (gw_slice_is(role, "origin")) {
            put_place(m, map_of(m, m->consignment, "carrierAcceptanceLogisticsLocation"),
                      place);
        } else if (gw_slice_is(role, "final")) {
            uint32_t event = map_of(m, m->consignment, "deliveryEvent");
            put_place(m, map_of(m, event, "occurrenceLogisticsLocation"), place);
        } else if (gw_slice_is(role, "border")) {
            if (!route)
                route = item_of(m, movement(m), "itineraryRoute");
            uint32_t stop = item_of(m, route, "itineraryStopEvent");
            put_place(m, map_of(m, stop, "occurrenceLogisticsLocation"), place);
        }
    }
}

static uint32_t count_of(const struct making *m, uint32_t node)
{
    uint32_t n = 0;
    for (; node; node = next(m, node))
        n++;
    return n;
}

/* A note says which seal is on what, an event does not: one each when there are as many,
 * else all on the first. */
static void put_equipment(struct making *m)
{
    const struct gw_tree *t = &m->s->event;
    uint32_t seal = list_of(m, "seals"), q = list_of(m, "equipment");
    bool one_each = count_of(m, seal) == count_of(m, q);
    for (; q; q = next(m, q)) {
        uint32_t unit = item_of(m, m->consignment, "utilizedLogisticsTransportEquipment");
        put(m, unit, "id.content", gw_tree_str(t, q, "id"));
        put(m, unit, "characteristicCode.content", gw_tree_str(t, q, "size_type"));
        while (seal) {
            put(m, item_of(m, unit, "affixedLogisticsSeal"), "id[0].content",
                gw_tree_str(t, seal, "id"));
            seal = next(m, seal);
            if (one_each)
                break;
        }
    }
}

static void put_code(struct making *m, uint32_t item, uint32_t goods, const char *field,
                     const char *scheme)
{
    struct gw_slice code = gw_tree_str(&m->s->event, goods, field);
    if (!code.len)
        return;
    uint32_t id = item_of(m, item, "id");
    put(m, id, "content", code);
    put(m, id, "schemeId", gw_slice_str(scheme));
}

static void put_goods(struct making *m)
{
    const struct gw_tree *t = &m->s->event;
    for (uint32_t g = list_of(m, "goods"); g; g = next(m, g)) {
        uint32_t item = item_of(m, m->consignment, "includedConsignmentItem");
        int64_t packages = gw_tree_int(t, g, "packages", -1);
        put_code(m, item, g, "hs", "HS");
        put_code(m, item, g, "nhm", "NHM");
        put_code(m, item, g, "etsng", "ETSNG");
        put(m, item, "applicableDangerousGoods[0].undgIdCode.content",
            gw_tree_str(t, g, "un"));
        put(m, item, "applicableDangerousGoods[0].hazardClassificationId.content",
            gw_tree_str(t, g, "class"));
        put(m, item, "applicableDangerousGoods[0].packagingDangerLevelCode.content",
            gw_tree_str(t, g, "packing_group"));
        if (packages >= 0)
            (void)gw_tree_set_int(&m->s->note, item,
                                  "transportLogisticsPackage[0].itemQuantity.content",
                                  packages);
        put(m, item, "transportLogisticsPackage[0].typeCode.content",
            gw_tree_str(t, g, "package_kind"));
        put(m, item, "natureIdentificationTransportCargo.identification[0].content",
            gw_tree_str(t, g, "description"));
    }
}

static void put_measures(struct making *m)
{
    static const struct {
        const char *kind, *name;
    } rows[] = {{"gross", "grossWeight"},
                {"net", "netWeight"},
                {"volume", "grossVolume"},
                {"packages", "numberOfPackages"}};
    const struct gw_tree *t = &m->s->event;
    for (uint32_t n = list_of(m, "measures"); n; n = next(m, n))
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            uint32_t value = gw_tree_child(t, n, GW_LIT("value"));
            if (!value || !gw_slice_is(gw_tree_str(t, n, "kind"), rows[i].kind))
                continue;
            uint32_t to = map_of(m, m->consignment, rows[i].name);
            (void)gw_tree_set_float(&m->s->note, to, "content", t->nodes[value].f);
            put(m, to, "unitCode", gw_tree_str(t, n, "unit"));
        }
}

/* What the first event of a note says once for all of them. */
static void put_facts(struct making *m)
{
    const struct gw_tree *t = &m->s->event;
    uint32_t document = map_of(m, m->note, "exchangedDocument");
    put(m, document, "id.content", at(m, "document.number"));
    for (const struct rail_note_kind *k = rail_note_kinds; k->scheme_id; k++)
        if (gw_slice_is(at(m, "document.code"), k->code)) {
            put(m, document, "id.schemeId", gw_slice_str(k->scheme_id));
            break;
        }
    for (uint32_t r = list_of(m, "references"); r; r = next(m, r))
        if (gw_slice_is(gw_tree_str(t, r, "scheme"), "order"))
            put(m, m->consignment, "consignorAssignedId.content",
                gw_tree_str(t, r, "value"));
    put_parties(m);
    put_route(m);
    put_equipment(m);
    put_measures(m);
    put_goods(m);
    if (at(m, "transport.means.train").len) {
        uint32_t v = movement(m);
        put(m, v, "modeCode.content", GW_LIT("2"));
        put(m, v, "usedLogisticsTransportMeans.id.content",
            at(m, "transport.means.train"));
    }
}

/* ---- what each event adds ---- */

/* Where the time of an event of a type goes. */
static const struct {
    const char *type;
    bool of_movement;
    const char *list, *map; /* a list of events, or one of them */
} places[] = {
    {"delivered", false, NULL, "deliveryEvent"},
    {"customs-inspection", false, "examinationEvent", NULL},
    {"arrive", true, "arrivalEvent", NULL},
    {"transship", true, "transshipmentIntermediateEvent", NULL},
    {"other", true, "specifiedEvent", NULL},
};

static const char *class_path(const struct making *m)
{
    struct gw_slice class = at(m, "class");
    if (gw_slice_is(class, "actual"))
        return "actualOccurrenceDateTime.content";
    if (gw_slice_is(class, "estimated"))
        return "estimatedOccurrenceDateTime.content";
    return gw_slice_is(class, "requested") ? "requestedOccurrenceDateTime.content"
                                           : "scheduledOccurrenceDateTime.content";
}

static bool put_occurrence(struct making *m)
{
    const struct gw_tree *t = &m->s->event;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!gw_slice_is(at(m, "type"), places[i].type))
            continue;
        uint32_t of = places[i].of_movement ? movement(m) : m->consignment;
        uint32_t event = places[i].list ? item_of(m, of, places[i].list)
                                        : map_of(m, of, places[i].map);
        put_time(m, event, class_path(m));
        put(m, event, "id.content", at(m, "state.code"));
        put(m, event, "description[0].content", at(m, "state.text"));
        if (!gw_tree_child(&m->s->note, event, GW_LIT("occurrenceLogisticsLocation")) &&
            gw_tree_child(t, m->root, GW_LIT("place")))
            put_place(m, map_of(m, event, "occurrenceLogisticsLocation"),
                      gw_tree_child(t, m->root, GW_LIT("place")));
        return true;
    }
    return false;
}

/* NULL, or why the event cannot be said in a note. */
static const char *put_event(struct making *m)
{
    struct gw_slice type = at(m, "type");
    if (gw_slice_is(type, "document-issued") || gw_slice_is(type, "instruction"))
        put_time(m, m->note, "exchangedDocument.issueDateTime.content");
    else if (gw_slice_is(type, "picked-up") && gw_slice_is(at(m, "class"), "actual"))
        put_time(m, m->consignment, "carrierAcceptanceDateTime.content");
    else if (!put_occurrence(m))
        return "an event that a consignment note can carry";
    return NULL;
}

static const char *add(struct making *m, uint32_t list)
{
    struct gw_slice number = at(m, "document.number");
    struct gw_slice ref = at(m, "source.message_ref");
    if (!number.len)
        return "the number of a consignment note";
    if (!m->note || !gw_slice_is(number, m->number) || !gw_slice_is(ref, m->ref)) {
        m->note = gw_tree_put_map(&m->s->note, list, gw_slice(NULL, 0));
        (void)map_of(m, m->note, "exchangedDocument");
        m->consignment = item_of(m, m->note, "specifiedConsignment");
        (void)gw_slice_copy(number, m->number, sizeof m->number);
        (void)gw_slice_copy(ref, m->ref, sizeof m->ref);
        put_facts(m);
    }
    return put_event(m);
}

enum gw_error rail_smgs_encode(void *state, const struct gw_events *events,
                               struct gw_buf *out, struct gw_fault *fault)
{
    struct making m = {.s = state};
    struct gw_tree *t = &m.s->note;
    size_t before = out->len, used;
    uint32_t top = gw_tree_root(t);
    uint32_t list = gw_tree_put_array(t, top, GW_LIT("notes"));
    for (uint32_t i = 0; i < events->count; i++) {
        if (gw_tree_read(&m.s->event, gw_events_at(events, i), &used, &m.root, NULL))
            return gw_fail(fault, GW_RANGE, i, "an event of the shared schema");
        const char *why = add(&m, list);
        if (why)
            return gw_fail(fault, GW_RANGE, i, why);
        if (t->used + 512 > t->budget.elements)
            return gw_fail(fault, GW_RANGE, i, "no more notes in one message");
    }
    uint32_t root = t->nodes[list].count == 1 ? t->nodes[list].first : list;
    enum gw_error e = gw_json_write(t, root, out);
    gw_buf_byte(out, '\n');
    if (e || gw_buf_status(out))
        out->len = before;
    return e ? e : gw_buf_status(out);
}
