/* enrich.c - stage 3 of 7, last part: what follows from the event itself and from the
 * place table; after normalise.c has fitted the event, before validate.c. */
#include "pipeline/enrich.h"
#include "model/check_digit.h"
#include "model/event_fields.h"
#include "model/shape.h"
#include "pipeline/event_id.h"
#include "pipeline/quality.h"
#include <stdio.h>

struct enriching {
    const struct gw_places *places;
    enum gw_digits digits;
    struct gw_tree *t;
    uint32_t root;
    struct gw_fault *fault;
};

/* Put a text into a map under one of its shape's rows. */
static enum gw_error put(struct gw_tree *t, uint32_t map, const struct gw_shape *s,
                         unsigned row, struct gw_slice value)
{
    uint32_t n = gw_tree_put_str(
        t, map, gw_slice(s->fields[row].name, s->fields[row].name_len), value);
    if (!n)
        return GW_ELEMENTS;
    t->nodes[n].field = (uint8_t)row;
    return GW_OK;
}

/* ---- the event's own fields ---- */

/* What an event of a type is about; source: corridor event types of SCHEMA.md. */
static struct gw_slice subject_of(struct gw_slice type)
{
    static const struct {
        const char *type, *subject;
    } rows[] = {{"picked-up", "equipment"},
                {"gate-in", "equipment"},
                {"gate-out", "equipment"},
                {"depart", "transport"},
                {"arrive", "transport"},
                {"pass", "transport"},
                {"border-cross", "transport"},
                {"handover", "equipment"},
                {"delivered", "consignment"},
                {"returned-empty", "equipment"},
                {"available", "equipment"},
                {"stuffed", "equipment"},
                {"stripped", "equipment"},
                {"load", "equipment"},
                {"discharge", "equipment"},
                {"transship", "equipment"},
                {"stored", "equipment"},
                {"weighed", "equipment"},
                {"document-issued", "document"},
                {"document-amended", "document"},
                {"document-cancelled", "document"},
                {"document-surrendered", "document"},
                {"booked", "consignment"},
                {"instruction", "consignment"},
                {"eta-update", "transport"},
                {"schedule-update", "transport"},
                {"plan-position", "equipment"},
                {"composition", "transport"},
                {"customs-declared", "consignment"},
                {"customs-hold", "consignment"},
                {"customs-inspection", "consignment"},
                {"customs-release", "consignment"},
                {"customs-refused", "consignment"},
                {"transit-start", "consignment"},
                {"transit-end", "consignment"},
                {"hold", "equipment"},
                {"release", "equipment"},
                {"seal-affixed", "equipment"},
                {"seal-broken", "equipment"},
                {"seal-replaced", "equipment"},
                {"position", "equipment"},
                {"condition", "equipment"},
                {"alert", "equipment"},
                {"delay", "transport"},
                {"interruption", "transport"},
                {"damage", "equipment"},
                {"technical-ack", "exchange"},
                {"technical-error", "exchange"},
                {"correction", "event"},
                {"other", "event"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (gw_slice_is(type, rows[i].type))
            return gw_slice_str(rows[i].subject);
    return gw_slice(NULL, 0); /* no such type: stage 4 says so */
}

static enum gw_error put_schema(const struct enriching *en)
{
    uint32_t n = gw_tree_put_int(en->t, en->root, GW_LIT("schema"), 1);
    if (!n)
        return GW_ELEMENTS;
    en->t->nodes[n].field = GW_EV_SCHEMA;
    return GW_OK;
}

static enum gw_error put_id(const struct enriching *en)
{
    char id[GW_EVENT_ID_LEN];
    gw_event_id(en->t, en->root, id);
    return put(en->t, en->root, &gw_shape_event, GW_EV_ID,
               gw_tree_text(en->t, gw_slice(id, sizeof id)));
}

static enum gw_error enrich_event(const struct enriching *en, const uint32_t *at)
{
    enum gw_error e = at[GW_EV_SCHEMA] ? GW_OK : put_schema(en);
    struct gw_slice subject = gw_slice(NULL, 0);

    if (!e && !at[GW_EV_SUBJECT])
        subject = subject_of(gw_node_str(en->t, at[GW_EV_TYPE]));
    if (!e && subject.len)
        e = put(en->t, en->root, &gw_shape_event, GW_EV_SUBJECT, subject);
    if (!e && !at[GW_EV_TIME_BASIS] && at[GW_EV_TIME])
        e = put(en->t, en->root, &gw_shape_event, GW_EV_TIME_BASIS, GW_LIT("stated-utc"));
    if (!e && !at[GW_EV_ID])
        e = put_id(en);
    return e;
}

/* ---- places ---- */

/* By station code: of scheme esr6, or of none. */
static const struct gw_place *by_station(const struct gw_places *places,
                                         const struct gw_tree *t, uint32_t place)
{
    uint32_t rail = gw_tree_child(t, place, GW_LIT("rail"));
    uint32_t scheme = gw_tree_child(t, rail, GW_LIT("scheme"));
    if (scheme && !gw_slice_eq(gw_node_str(t, scheme), GW_LIT("esr6")))
        return NULL;
    return gw_places_by_esr6(places,
                             gw_node_str(t, gw_tree_child(t, rail, GW_LIT("code"))));
}

const struct gw_place *gw_place_of(const struct gw_places *places,
                                   const struct gw_tree *t, uint32_t place)
{
    const struct gw_place *p = NULL;
    if (!places || !place)
        return NULL;
    p = gw_places_by_node(places,
                          gw_node_str(t, gw_tree_child(t, place, GW_LIT("node"))));
    if (!p)
        p = gw_places_by_unlocode(
            places, gw_node_str(t, gw_tree_child(t, place, GW_LIT("unlocode"))));
    return p ? p : by_station(places, t, place);
}

static void note(const struct enriching *en, const char *rule, const char *path,
                 const char *field, struct gw_slice raw)
{
    char whole[128];
    (void)snprintf(whole, sizeof whole, "%s.%s", path, field);
    gw_quality_note(en->t, en->root, rule, GW_SEVERITY_WARN, whole, raw);
}

/* Do the codes name the same place as `p`, and the country too? */
static void compare_place(const struct enriching *en, const uint32_t *at,
                          const struct gw_place *p, const char *path)
{
    struct gw_slice code = gw_node_str(en->t, at[GW_PL_UNLOCODE]);
    struct gw_slice country = gw_node_str(en->t, at[GW_PL_COUNTRY]);
    const struct gw_place *other = p;

    if (code.len && !gw_slice_is(code, p->unlocode))
        other = gw_places_by_unlocode(en->places, code);
    if (other && other != p)
        note(en, "place-conflict", path, "unlocode", code);
    if (country.len && !gw_slice_is(country, p->country))
        note(en, "country-conflict", path, "country", country);
}

static enum gw_error enrich_place(const struct enriching *en, uint32_t place,
                                  const struct gw_shape *shape, const char *path)
{
    uint32_t at[GW_PL_COUNT];
    struct gw_slice node;
    const struct gw_place *p;
    enum gw_error e = GW_OK;

    gw_fields_of(en->t, place, at, GW_PL_COUNT);
    node = gw_node_str(en->t, at[GW_PL_NODE]);
    p = gw_places_by_node(en->places, node);
    if (!p && node.len)
        note(en, "place-unknown", path, "node", node);
    if (!p && !node.len)
        p = gw_places_by_unlocode(en->places, gw_node_str(en->t, at[GW_PL_UNLOCODE]));
    if (!p && !node.len && at[GW_PL_RAIL])
        p = by_station(en->places, en->t, place);
    if (!p)
        return GW_OK;
    compare_place(en, at, p, path);
    if (!at[GW_PL_NODE])
        e = put(en->t, place, shape, GW_PL_NODE, gw_slice_str(p->node));
    if (!e && !at[GW_PL_COUNTRY])
        e = put(en->t, place, shape, GW_PL_COUNTRY, gw_slice_str(p->country));
    return e;
}

static enum gw_error enrich_journey(const struct enriching *en, uint32_t journey,
                                    const struct gw_shape *shape)
{
    enum gw_error e = GW_OK;
    unsigned i = 0;
    for (GW_FOREACH_CHILD (en->t, journey, leg)) {
        uint32_t at[GW_JY_COUNT];
        char path[48];
        (void)snprintf(path, sizeof path, "journey[%u].place", i++);
        gw_fields_of(en->t, leg, at, GW_JY_COUNT);
        if (at[GW_JY_PLACE])
            e = enrich_place(en, at[GW_JY_PLACE], shape, path);
        if (e)
            break;
    }
    return e;
}

static enum gw_error enrich_places(const struct enriching *en, const uint32_t *at)
{
    static const uint8_t rows[] = {GW_EV_PLACE, GW_EV_PLACE_FROM, GW_EV_PLACE_TO};
    enum gw_error e = GW_OK;

    if (!en->places)
        return GW_OK;
    for (size_t i = 0; i < sizeof rows && !e; i++) {
        const struct gw_field *f = &gw_shape_event.fields[rows[i]];
        if (at[rows[i]])
            e = enrich_place(en, at[rows[i]], f->shape, f->name);
    }
    if (!e && at[GW_EV_JOURNEY] && en->t->nodes[at[GW_EV_JOURNEY]].kind == GW_ARRAY)
        e = enrich_journey(en, at[GW_EV_JOURNEY],
                           gw_shape_event.fields[GW_EV_PLACE].shape);
    return e;
}

/* ---- equipment ---- */

/* A wagon's number is a wagon's number also with a wrong check digit; a plate has no
 * form. */
static struct gw_slice scheme_of(struct gw_slice kind, struct gw_slice id)
{
    if (gw_slice_eq(kind, GW_LIT("wagon")) && gw_check_uic12(id) != GW_CHECK_NONE)
        return GW_LIT("uic12");
    if (gw_slice_eq(kind, GW_LIT("wagon")) && gw_check_cis8(id) != GW_CHECK_NONE)
        return GW_LIT("cis8");
    if (gw_slice_eq(kind, GW_LIT("truck")) || gw_slice_eq(kind, GW_LIT("trailer")))
        return gw_check_iso6346(id) == GW_CHECK_OK ? GW_LIT("iso6346") : GW_LIT("plate");
    return gw_slice_str(gw_check_scheme_of(id));
}

static enum gw_error wrong_digit(const struct enriching *en, uint32_t id, unsigned index)
{
    char path[40];
    (void)snprintf(path, sizeof path, "equipment[%u].id", index);
    if (en->digits == GW_DIGITS_WARN) {
        gw_quality_note(en->t, en->root, "check-digit", GW_SEVERITY_WARN, path,
                        en->t->nodes[id].s);
        return GW_OK;
    }
    if (en->fault)
        (void)snprintf(en->fault->field, sizeof en->fault->field, "%s", path);
    return gw_fail(en->fault, GW_CHECK_DIGIT, en->t->nodes[id].at, NULL);
}

static enum gw_error set_check(const struct enriching *en, const uint32_t *at,
                               uint32_t item, const struct gw_shape *shape,
                               enum gw_check check)
{
    struct gw_slice word = gw_slice_str(gw_check_word(check));
    if (!at[GW_EQ_CHECK])
        return put(en->t, item, shape, GW_EQ_CHECK, word);
    if (en->t->nodes[at[GW_EQ_CHECK]].kind == GW_STR)
        en->t->nodes[at[GW_EQ_CHECK]].s = word;
    return GW_OK; /* of another kind: stage 4 refuses it */
}

static enum gw_error enrich_item(const struct enriching *en, uint32_t item,
                                 unsigned index)
{
    const struct gw_shape *shape = gw_shape_event.fields[GW_EV_EQUIPMENT].shape;
    uint32_t at[GW_EQ_COUNT];
    struct gw_slice id, scheme;
    enum gw_check check;
    enum gw_error e = GW_OK;

    gw_fields_of(en->t, item, at, GW_EQ_COUNT);
    id = gw_node_str(en->t, at[GW_EQ_ID]);
    if (!id.len)
        return GW_OK;
    scheme = gw_node_str(en->t, at[GW_EQ_SCHEME]);
    if (!at[GW_EQ_SCHEME]) {
        scheme = scheme_of(gw_node_str(en->t, at[GW_EQ_KIND]), id);
        e = put(en->t, item, shape, GW_EQ_SCHEME, scheme);
    }
    check = gw_check_equipment(scheme, id);
    if (!e)
        e = set_check(en, at, item, shape, check);
    if (!e && check == GW_CHECK_BAD)
        e = wrong_digit(en, at[GW_EQ_ID], index);
    return e;
}

static enum gw_error enrich_equipment(const struct enriching *en, uint32_t list)
{
    unsigned index = 0;
    if (!list || en->t->nodes[list].kind != GW_ARRAY)
        return GW_OK;
    for (GW_FOREACH_CHILD (en->t, list, item)) {
        enum gw_error e = enrich_item(en, item, index++);
        if (e)
            return e;
    }
    return GW_OK;
}

enum gw_error gw_enrich(const struct gw_places *places, enum gw_digits digits,
                        struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct enriching en = {places, digits, t, root, fault};
    uint32_t at[GW_EV_COUNT];
    enum gw_error e;

    gw_fields_of(t, root, at, GW_EV_COUNT);
    e = enrich_event(&en, at);
    if (!e)
        e = enrich_places(&en, at);
    if (!e)
        e = enrich_equipment(&en, at[GW_EV_EQUIPMENT]);
    if (e == GW_ELEMENTS)
        return gw_fail(fault, e, 0, "room for what the gateway fills in");
    return e;
}
