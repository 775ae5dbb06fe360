/* encode.c - events to DCSA's JSON: track and trace 2.2, 3.0, or port call timestamps.
 *
 * Events that came as 2.2 go out as 2.2, port call timestamps as such, all others as 3.0;
 * one message has one shape. */
#include "adapters/dcsa/parts.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/tree_copy.h"
#include "model/check_digit.h"
#include "model/json.h"
#include <limits.h>
#include <stdio.h>

struct writing {
    const struct gw_zoning *zoning;
    const struct gw_tree *in; /* the event */
    uint32_t event;
    struct gw_tree *out;
    uint32_t to;
    enum gw_dcsa_shape shape; /* GW_DCSA_22, GW_DCSA_30 or GW_DCSA_JIT */
    unsigned unit;            /* which of the equipment the event is about */
    const struct gw_dcsa_group *group;
    struct gw_slice code;
    bool full;
};

static struct gw_slice text(const struct writing *w, const char *path)
{
    return gw_tree_str(w->in, w->event, path);
}

static void put(struct writing *w, const char *path, struct gw_slice v)
{
    if (v.len && !gw_tree_set_str(w->out, w->to, path, v))
        w->full = true;
}

static void put_word(struct writing *w, const char *path, const char *v)
{
    put(w, path, gw_slice_str(v));
}

/* One of three by shape. */
static const char *by_shape(const struct writing *w, const char *in_22, const char *in_30,
                            const char *in_jit)
{
    return w->shape == GW_DCSA_22 ? in_22 : w->shape == GW_DCSA_30 ? in_30 : in_jit;
}

/* ---- what it is ---- */

static const struct gw_dcsa_group *group_by(const char *name)
{
    const struct gw_dcsa_group *g = gw_dcsa_groups;
    while (g->group && strcmp(g->group, name) != 0)
        g++;
    return g;
}

/* By the code it came with, else by its type. */
static bool classify(struct writing *w)
{
    struct gw_slice list = text(w, "state.list"), type = text(w, "type");
    for (w->group = gw_dcsa_groups; w->group->group; w->group++)
        if (gw_slice_is(list, w->group->list)) {
            w->code = text(w, "state.code");
            return w->code.len != 0;
        }
    if (gw_slice_is(type, "position") || gw_slice_is(type, "seal-broken")) {
        w->group = group_by("IOT");
        w->code = GW_LIT("DETC");
        return true;
    }
    for (const struct gw_dcsa_type *t = gw_dcsa_types; t->group; t++)
        if (gw_slice_is(type, t->type)) {
            w->group = group_by(t->group);
            w->code = gw_slice_str(t->code);
            return true;
        }
    return false;
}

/* ---- parts ---- */

static void put_degrees(struct writing *w, const char *path, uint32_t node)
{
    char room[40];
    int n = snprintf(room, sizeof room, "%.10g", gw_node(w->in, node)->f);
    put(w, path, gw_tree_text(w->out, gw_slice(room, (size_t)n)));
}

static bool is_place_of_call(const struct writing *w)
{
    return w->shape == GW_DCSA_22 && strcmp(w->group->group, "TRANSPORT") == 0;
}

/* More than a call has itself: UN/LOCODE and facility. */
static bool has_location(const struct writing *w)
{
    char room[GW_DCSA_NAME_SIZE];
    uint32_t place = gw_tree_at(w->in, w->event, "place");
    return place && (gw_dcsa_place_name(w->zoning, w->in, place, room).len ||
                     gw_tree_at(w->in, place, "lat"));
}

/* Where an area is written: 2.2 keeps the place of a transport event in its call. */
static const char *base_of(const struct writing *w, enum gw_dcsa_area area)
{
    const struct gw_dcsa_where *where = &gw_dcsa_areas[area];
    if (area == GW_DCSA_PLACE && is_place_of_call(w))
        return has_location(w) ? "transportCall.location." : "transportCall.";
    return by_shape(w, where->in_22, where->in_30, where->in_jit);
}

static bool is_put_with_place(const struct gw_dcsa_field *f)
{
    return strcmp(f->ours, "place.name") == 0 || strcmp(f->ours, "place.unlocode") == 0;
}

static void put_field(struct writing *w, const struct gw_dcsa_field *f)
{
    char ours[96], path[128];
    const char *key = by_shape(w, f->in_22, f->in_30, f->in_jit);
    bool item = strncmp(f->ours, "equipment.", 10) == 0;
    uint32_t node;

    if (item)
        (void)snprintf(ours, sizeof ours, "equipment[%u].%s", w->unit, f->ours + 10);
    else
        (void)snprintf(ours, sizeof ours, "%s", f->ours);
    node = gw_tree_at(w->in, w->event, ours);
    if (!node || !key || is_put_with_place(f))
        return;
    (void)snprintf(path, sizeof path, "%s%s", base_of(w, f->area), key);
    const struct gw_node *n = gw_node(w->in, node);
    if (f->kind == GW_DCSA_DEGREES && n->kind == GW_FLOAT)
        put_degrees(w, path, node);
    else if (n->kind == GW_INT)
        w->full |= !gw_tree_set_int(w->out, w->to, path, n->i);
    else if (n->kind == GW_STR && f->words)
        put_word(w, path, gw_dcsa_theirs(f->words, n->s));
    else if (n->kind == GW_STR)
        put(w, path, n->s);
}

/* Place and code; a code behind the name where it is none that DCSA has a field for. */
static void put_place(struct writing *w)
{
    char path[64], room[GW_DCSA_NAME_SIZE];
    uint32_t place = gw_tree_at(w->in, w->event, "place");
    if (!place)
        return;
    struct gw_slice name = gw_dcsa_place_name(w->zoning, w->in, place, room);
    struct gw_slice code = gw_dcsa_unlocode(w->zoning, w->in, place);
    (void)snprintf(path, sizeof path, "%slocationName", base_of(w, GW_DCSA_PLACE));
    put(w, path, gw_tree_text(w->out, name));
    (void)snprintf(path, sizeof path, "%sUNLocationCode", base_of(w, GW_DCSA_PLACE));
    put(w, path, code);
    if (is_place_of_call(w))
        put(w, "transportCall.UNLocationCode", code);
}

static bool put_time(struct writing *w, const char *path, const char *ours)
{
    char iso[GW_ISO_TIME_SIZE];
    int64_t ms = gw_tree_int(w->in, w->event, ours, INT64_MIN);
    bool main = strcmp(ours, "time") == 0;
    bool offset = main && gw_tree_at(w->in, w->event, "time_offset");
    if (ms == INT64_MIN)
        return false;
    bool exact = main && !text(w, "time_precision").len;
    if (gw_iso_time_exact(ms, (int)gw_tree_int(w->in, w->event, "time_offset", 0),
                          !offset, exact ? GW_TO_MS : GW_TO_SECOND, iso))
        return false;
    put(w, path, gw_tree_text(w->out, gw_slice_str(iso)));
    return true;
}

/* Append {type_key: type, value_key: value} to a list. */
static void put_pair(struct writing *w, const char *list, const char *type_key,
                     struct gw_slice type, const char *value_key, struct gw_slice value)
{
    uint32_t array = gw_tree_at(w->out, w->to, list);
    unsigned i = array ? gw_node(w->out, array)->count : 0;
    char path[96];
    (void)snprintf(path, sizeof path, "%s[%u].%s", list, i, type_key);
    put(w, path, type);
    (void)snprintf(path, sizeof path, "%s[%u].%s", list, i, value_key);
    put(w, path, value);
}

static void put_reference(struct writing *w, struct gw_slice type, struct gw_slice value)
{
    if (w->shape == GW_DCSA_22 &&
        (gw_slice_is(type, "PO") || gw_slice_is(type, "FF") || gw_slice_is(type, "SI") ||
         gw_slice_is(type, "CR") || gw_slice_is(type, "AAO")))
        put_pair(w, "references", "referenceType", type, "referenceValue", value);
    else if (w->shape == GW_DCSA_22)
        put_pair(w, "documentReferences", "documentReferenceType", type,
                 "documentReferenceValue", value);
    else if (w->shape == GW_DCSA_30)
        put_pair(w, "shipmentDetails.additionalDocumentReferences", "typeCode", type,
                 "reference", value);
}

/* The type a reference without a word in the schema came with. */
static struct gw_slice kept_type(const struct writing *w, struct gw_slice value)
{
    uint32_t kept = gw_tree_at(w->in, w->event, "ext.dcsa.references");
    if (kept && gw_node(w->in, kept)->kind == GW_ARRAY)
        for (GW_FOREACH_CHILD (w->in, kept, n))
            if (gw_slice_eq(gw_tree_str(w->in, n, "value"), value))
                return gw_tree_str(w->in, n, "type");
    return gw_slice(NULL, 0);
}

static void put_references(struct writing *w)
{
    bool shipment = strcmp(w->group->group, "SHIPMENT") == 0;
    for (GW_FOREACH_CHILD (w->in, gw_tree_at(w->in, w->event, "references"), n)) {
        struct gw_slice value = gw_tree_str(w->in, n, "value");
        const char *word =
            gw_dcsa_theirs(gw_dcsa_references, gw_tree_str(w->in, n, "scheme"));
        struct gw_slice type = word ? gw_slice_str(word) : kept_type(w, value);
        bool own = shipment && word && gw_slice_eq(value, text(w, "document.number"));
        if (type.len && !own)
            put_reference(w, type, value);
    }
}

static void put_document(struct writing *w)
{
    if (strcmp(w->group->group, "SHIPMENT") != 0)
        return;
    put(w,
        by_shape(w, "documentTypeCode", "shipmentDetails.documentReference.typeCode", ""),
        text(w, "document.kind"));
    put(w, by_shape(w, "documentID", "shipmentDetails.documentReference.reference", ""),
        text(w, "document.number"));
}

/* Which of the equipment is the event's: the first container; of a train's wagons, which
 * DCSA does not know, only where there is none. */
static unsigned main_unit(const struct writing *w)
{
    uint32_t list = gw_tree_at(w->in, w->event, "equipment");
    unsigned i = 0, other = UINT_MAX;
    if (!list)
        return 0;
    for (GW_FOREACH_CHILD (w->in, list, n)) {
        struct gw_slice kind = gw_tree_str(w->in, n, "kind");
        if (gw_slice_is(kind, "container"))
            return i;
        if (other == UINT_MAX && !gw_slice_is(kind, "wagon"))
            other = i;
        i++;
    }
    return other == UINT_MAX ? 0 : other;
}

/* The others go along as references, as 2.2 has it. */
static void put_equipment(struct writing *w)
{
    uint32_t list = gw_tree_at(w->in, w->event, "equipment");
    bool has_own = strcmp(w->group->subject ? w->group->subject : "", "equipment") == 0 ||
                   w->shape == GW_DCSA_30;
    unsigned i = 0;
    if (!list || w->shape == GW_DCSA_JIT)
        return;
    for (GW_FOREACH_CHILD (w->in, list, n)) {
        struct gw_slice id = gw_tree_str(w->in, n, "id");
        if (has_own && i++ == w->unit)
            put(w,
                by_shape(w, "equipmentReference", "equipmentDetails.equipmentReference",
                         ""),
                id);
        else if (id.len && w->shape == GW_DCSA_22)
            put_pair(w, "references", "referenceType", GW_LIT("EQ"), "referenceValue",
                     id);
        else if (id.len)
            put_pair(w, "shipmentDetails.references", "typeCode", GW_LIT("EQ"),
                     "reference", id);
    }
}

static void put_seals(struct writing *w)
{
    uint32_t list = gw_tree_at(w->in, w->event, "seals");
    const char *to = by_shape(w, "seals", "equipmentDetails.seals", NULL);
    bool old = w->shape == GW_DCSA_22;
    unsigned i = 0;
    char path[64];
    if (!list || !to)
        return;
    for (GW_FOREACH_CHILD (w->in, list, n)) {
        const char *source =
            gw_dcsa_theirs(gw_dcsa_seal_sources, gw_tree_str(w->in, n, "issuer"));
        (void)snprintf(path, sizeof path, "%s[%u].%s", to, i,
                       old ? "sealNumber" : "number");
        put(w, path, gw_tree_str(w->in, n, "id"));
        (void)snprintf(path, sizeof path, "%s[%u].%s", to, i,
                       old ? "sealSource" : "source");
        put_word(w, path, source);
        (void)snprintf(path, sizeof path, "%s[%u].%s", to, i, old ? "sealType" : "type");
        put(w, path, gw_tree_str(w->in, n, "kind"));
        i++;
    }
}

static void put_probe(struct writing *w, struct gw_slice kind, double v)
{
    uint32_t list =
        gw_tree_at(w->out, w->to, "reeferDetails.temperatureProbeMeasurements");
    unsigned i = list ? gw_node(w->out, list)->count : 0;
    uint64_t number = 0;
    char path[96];
    const size_t head = sizeof "temperature-probe-" - 1;
    if (!gw_slice_uint(gw_slice(kind.at + head, kind.len - head), &number))
        return;
    (void)snprintf(path, sizeof path,
                   "reeferDetails.temperatureProbeMeasurements[%u].USDAProbeNumber", i);
    w->full |= !gw_tree_set_int(w->out, w->to, path, (int64_t)number);
    (void)snprintf(
        path, sizeof path,
        "reeferDetails.temperatureProbeMeasurements[%u].measuredTemperatureValue", i);
    w->full |= !gw_tree_set_float(w->out, w->to, path, v);
}

static void put_measure(struct writing *w, uint32_t node)
{
    struct gw_slice kind = gw_tree_str(w->in, node, "kind");
    uint32_t value = gw_tree_at(w->in, node, "value");
    double v = value ? gw_node(w->in, value)->f : 0;
    if (!value)
        return;
    if (gw_slice_starts(kind, GW_LIT("temperature-probe-"))) {
        put_probe(w, kind, v);
        put(w, "reeferDetails.temperatureUnit", gw_tree_str(w->in, node, "unit"));
        return;
    }
    for (const struct gw_dcsa_measure *row = gw_dcsa_measures; row->path; row++)
        if (row->shape == GW_DCSA_30 && gw_slice_is(kind, row->kind)) {
            w->full |= !gw_tree_set_float(w->out, w->to, row->path, v);
            if (row->unit_at)
                put(w, row->unit_at, gw_tree_str(w->in, node, "unit"));
            return;
        }
}

static void put_measures(struct writing *w)
{
    uint32_t list = gw_tree_at(w->in, w->event, "measures");
    if (!list || w->shape != GW_DCSA_30)
        return;
    for (GW_FOREACH_CHILD (w->in, list, n))
        put_measure(w, n);
}

static void put_publisher(struct writing *w)
{
    const char *role = gw_dcsa_theirs(gw_dcsa_roles, text(w, "parties[0].role"));
    if (!gw_tree_at(w->in, w->event, "parties") || w->shape == GW_DCSA_22)
        return;
    bool jit = w->shape == GW_DCSA_JIT;
    put(w, jit ? "publisher.partyName" : "eventRouting.originatingParty.partyName",
        text(w, "parties[0].name"));
    put(w,
        jit ? "publisher.identifyingCodes[0].partyCode"
            : "eventRouting.originatingParty.partyCode",
        text(w, "parties[0].id"));
    put(w,
        jit ? "publisher.identifyingCodes[0].DCSAResponsibleAgencyCode"
            : "eventRouting.originatingParty.codeListProvider",
        text(w, "parties[0].scheme"));
    put_word(w, jit ? "publisherRole" : "eventRouting.originatingParty.partyFunction",
             role);
}

/* What came with the event and has no field: back where it was. */
static void put_rest(struct writing *w)
{
    uint32_t ext = gw_tree_at(w->in, w->event, "ext.dcsa");
    if (!ext || gw_node(w->in, ext)->kind != GW_MAP)
        return;
    for (GW_FOREACH_CHILD (w->in, ext, n)) {
        struct gw_slice key = gw_node(w->in, n)->key;
        bool field = gw_slice_is(key, "references");
        for (const struct gw_dcsa_field *f = gw_dcsa_fields; f->ours && !field; f++)
            field =
                strncmp(f->ours, "ext.dcsa.", 9) == 0 && gw_slice_is(key, f->ours + 9);
        if (field)
            continue;
        uint32_t to = w->to;
        if (gw_slice_is(key, "address")) {
            to = gw_tree_at(w->out, w->to, "eventLocation");
            if (!to)
                to = gw_tree_put_map(w->out, w->to, GW_LIT("eventLocation"));
        }
        if (!to || !gw_tree_copy(w->out, to, key, w->in, n))
            w->full = true;
    }
}

/* ---- an event ---- */

static void put_head(struct writing *w)
{
    char path[64];
    const char *class = gw_dcsa_theirs(gw_dcsa_classes, text(w, "class"));
    bool new = w->shape == GW_DCSA_30;
    if (w->shape != GW_DCSA_JIT)
        put(w, "eventID",
            text(w, "source.event_ref").len ? text(w, "source.event_ref")
                                            : text(w, "id"));
    if (!put_time(w, new ? "eventUpdatedDateTime" : "eventCreatedDateTime", "recorded") &&
        new)
        put_time(w, "eventUpdatedDateTime", "time");
    put_time(w, "eventDateTime", "time");
    if (w->shape != GW_DCSA_JIT)
        put_word(w, new ? "eventClassification.eventTypeCode" : "eventType",
                 w->group->group);
    put_word(w, new ? "eventClassification.eventClassifierCode" : "eventClassifierCode",
             class ? class : "ACT");
    (void)snprintf(path, sizeof path, "%s%s", new ? "eventClassification." : "",
                   w->group->key);
    put(w, path, w->code);
}

static bool is_moved_over(const struct writing *w)
{
    char path[40];
    (void)snprintf(path, sizeof path, "equipment[%u].status", w->unit);
    return gw_slice_is(text(w, path), "transshipment");
}

static void put_event(struct writing *w)
{
    w->unit = main_unit(w);
    put_head(w);
    put_place(w);
    for (const struct gw_dcsa_field *f = gw_dcsa_fields; f->ours; f++)
        put_field(w, f);
    put_document(w);
    put_equipment(w);
    put_seals(w);
    put_references(w);
    put_measures(w);
    put_publisher(w);
    put_rest(w);
    if (w->shape == GW_DCSA_22 && is_moved_over(w))
        w->full |= !gw_tree_set_bool(w->out, w->to, "isTransshipmentMove", true);
}

/* Take back an event: what 3.0 beta has for it. */
static void put_retraction(struct writing *w)
{
    put(w, "metadata.retractedEventID", text(w, "corrects.ids[0]"));
    put_time(w, "metadata.eventCreatedDateTime", "time");
    struct gw_slice type = text(w, "source.message_type");
    put(w, "metadata.eventType", type.len ? type : GW_LIT("EQUIPMENT"));
    put(w, "metadata.publisher.partyName", text(w, "parties[0].name"));
    put(w, "metadata.publisher.carrierCode", text(w, "parties[0].id"));
    put(w, "metadata.publisher.carrierCodeListProvider", text(w, "parties[0].scheme"));
    put_word(w, "metadata.publisherRole",
             gw_dcsa_theirs(gw_dcsa_roles, text(w, "parties[0].role")));
}

/* ---- a message ---- */

/* The shape they all have; *mixed is set where they do not. */
static enum gw_dcsa_shape shape_of(struct gw_dcsa *d, const struct gw_events *events)
{
    enum gw_dcsa_shape all = GW_DCSA_30;
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        enum gw_dcsa_shape shape = GW_DCSA_30;
        if (gw_tree_read(&d->maker.tree, gw_events_at(events, i), &used, &root, NULL))
            return GW_DCSA_30;
        struct gw_slice format = gw_tree_str(&d->maker.tree, root, "source.format");
        struct gw_slice version =
            gw_tree_str(&d->maker.tree, root, "source.format_version");
        struct gw_slice list = gw_tree_str(&d->maker.tree, root, "state.list");
        if (gw_slice_is(format, "dcsa") && gw_slice_is(version, "2.2"))
            shape = GW_DCSA_22;
        if (gw_slice_is(list, "DCSA operationsEventTypeCode"))
            shape = GW_DCSA_JIT;
        if (i && shape != all)
            return GW_DCSA_30;
        all = shape;
    }
    return all;
}

/* Its reader would refuse it. */
static bool has_wrong_imo(const struct writing *w)
{
    struct gw_slice imo = text(w, "transport.means.imo");
    return imo.len && gw_check_imo(imo) != GW_CHECK_OK;
}

static enum gw_error encode_event(struct gw_dcsa *d, struct gw_slice event,
                                  enum gw_dcsa_shape shape, struct gw_buf *out,
                                  const char **why)
{
    struct writing w = {
        .zoning = &d->maker.zoning, .in = &d->maker.tree, .out = &d->out, .shape = shape};
    size_t used;
    if (gw_tree_read(&d->maker.tree, event, &used, &w.event, NULL)) {
        *why = "no canonical event";
        return GW_RANGE;
    }
    w.to = gw_tree_root(w.out);
    if (gw_slice_is(text(&w, "type"), "correction") && text(&w, "corrects.ids[0]").len)
        put_retraction(&w);
    else if (!classify(&w)) {
        *why = "DCSA has no code for this type of event";
        return GW_RANGE;
    } else if (strcmp(w.group->group, "OPERATIONS") == 0 && shape != GW_DCSA_JIT) {
        *why = "port call timestamps go into a message of their own";
        return GW_RANGE;
    } else if (shape == GW_DCSA_JIT && has_wrong_imo(&w)) {
        *why = "a port call timestamp's IMO number has to be right";
        return GW_RANGE;
    } else
        put_event(&w);
    if (w.full) {
        *why = "the event has more than a message takes";
        return GW_RANGE;
    }
    return gw_json_write(w.out, w.to, out);
}

enum gw_error gw_dcsa_encode(void *state, const struct gw_events *events,
                             struct gw_buf *out, struct gw_fault *fault)
{
    struct gw_dcsa *d = state;
    enum gw_dcsa_shape shape = shape_of(d, events);
    size_t start = out->len;
    enum gw_error e = GW_OK;
    const char *why = NULL;
    uint32_t i;

    gw_buf_str(out, shape == GW_DCSA_30 ? "{\"events\":[" : "[");
    for (i = 0; i < events->count && !e; i++) {
        gw_buf_str(out, i ? ",\n" : "\n");
        e = encode_event(d, gw_events_at(events, i), shape, out, &why);
    }
    gw_buf_str(out, shape == GW_DCSA_30 ? "\n]}\n" : "\n]\n");
    if (!e)
        e = gw_buf_status(out);
    if (e)
        out->len = start;
    return e ? gw_fail(fault, e, i - 1, why) : GW_OK;
}
