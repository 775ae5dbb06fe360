/* event.c - one DCSA event of any shape to the shared schema. */
#include "adapters/dcsa/parts.h"
#include "adapters/kit/iso_time.h"
#include "model/check_digit.h"
#include <stdio.h>

/* The event being read. */
struct reading {
    struct gw_dcsa *d;
    enum gw_dcsa_shape shape;
    uint32_t node, meta, body;
    const struct gw_dcsa_group *group;
    struct gw_slice code, class;
};

static struct gw_slice text(const struct gw_dcsa *d, uint32_t from, const char *path)
{
    return gw_tree_str(&d->doc.tree, from, path);
}

/* The first of several paths that holds a text. */
static struct gw_slice first(const struct gw_dcsa *d, uint32_t from,
                             const char *const *paths)
{
    struct gw_slice s = {0};
    for (; *paths && !s.len; paths++)
        s = text(d, from, *paths);
    return s;
}
#define FIRST(d, from, ...) first(d, from, (const char *const[]){__VA_ARGS__, NULL})

/* ---- times ---- */

enum gw_error gw_dcsa_time(struct gw_dcsa *d, uint32_t map, const char *path,
                           struct gw_civil *out)
{
    uint32_t node = gw_tree_at(&d->doc.tree, map, path);
    struct gw_slice s = text(d, map, path);
    if (!node)
        return gw_json_doc_refuse(&d->doc, map, GW_MISSING, "required field", d->report,
                                  "%s is missing", path);
    enum gw_error e = gw_iso_time(s, out);
    if (e)
        return gw_json_doc_refuse(&d->doc, node, e, "date and time (RFC 3339)", d->report,
                                  "%.*s", s.len > 60 ? 60 : (int)s.len,
                                  (const char *)s.at);
    if (out->stated == GW_STATED_NOTHING)
        gw_json_doc_find(&d->doc, node, "no offset", d->report, "the zone is assumed");
    return GW_OK;
}

/* When the sender recorded it: a doubtful one is left out. */
static void put_recorded(struct reading *r)
{
    static const char *const paths[] = {"eventUpdatedDateTime", "eventCreatedDateTime"};
    const int64_t least = 946684800000, most = 4102444800000;
    struct gw_maker *m = &r->d->maker;
    for (int i = 0; i < 2; i++) {
        struct gw_slice s = text(r->d, r->meta, paths[i]);
        struct gw_civil c;
        struct gw_moment moment = {0};
        if (!s.len)
            continue;
        bool fine = !gw_iso_time(s, &c);
        if (fine)
            gw_moment_of(&m->zoning, &c, NULL, &moment);
        if (fine && moment.ms >= least && moment.ms <= most)
            gw_event_int(m, m->root, "recorded", moment.ms);
        else
            gw_event_note(m, "date", GW_SEVERITY_WARN, "recorded", s);
        return;
    }
}

/* ---- fields by table ---- */

static void put_degrees(struct gw_dcsa *d, const char *path, uint32_t node)
{
    double v, most = strcmp(path, "place.lat") == 0 ? 90 : 180;
    char room[32];
    if (gw_json_number(&d->doc, node, &v) && v >= -most && v <= most)
        gw_event_float(&d->maker, d->maker.root, path, v);
    else
        gw_event_note(&d->maker, "number", GW_SEVERITY_WARN, path,
                      gw_tree_text(&d->maker.tree, gw_json_words(&d->doc, node, room)));
}

static void put_words(struct gw_dcsa *d, uint32_t from, const char *path,
                      const struct gw_dcsa_field *f, struct gw_slice value)
{
    const char *ours = f->words ? gw_dcsa_ours(f->words, value) : NULL;
    if (!f->words)
        gw_event_str(&d->maker, from, path, value);
    else if (ours)
        gw_event_word(&d->maker, from, path, ours);
    else if (value.len)
        gw_event_note(&d->maker, "unknown-code", GW_SEVERITY_WARN, f->ours, value);
}

static void put_field(struct gw_dcsa *d, uint32_t node, const struct gw_dcsa_field *f,
                      uint32_t item)
{
    struct gw_maker *m = &d->maker;
    const char *path = f->ours;
    uint32_t from = m->root;
    char room[32];

    if (f->kind == GW_DCSA_DEGREES) {
        put_degrees(d, path, node);
        return;
    }
    if (f->kind == GW_DCSA_COUNT && d->doc.tree.nodes[node].kind == GW_INT) {
        gw_event_int(m, m->root, path, d->doc.tree.nodes[node].i);
        return;
    }
    if (strncmp(path, "equipment.", 10) == 0) {
        from = item;
        path += 10;
    }
    put_words(d, from, path, f,
              d->doc.tree.nodes[node].kind == GW_STR
                  ? d->doc.tree.nodes[node].s
                  : gw_tree_text(&m->tree, gw_json_words(&d->doc, node, room)));
}

static uint32_t find_key(const struct gw_dcsa *d, uint32_t map,
                         const struct gw_dcsa_field *f)
{
    uint32_t node = GW_NODE_NONE;
    for (size_t i = 0; i < sizeof f->keys / sizeof *f->keys && f->keys[i] && !node; i++)
        node = gw_tree_at(&d->doc.tree, map, f->keys[i]);
    return node && d->doc.tree.nodes[node].kind != GW_NIL ? node : GW_NODE_NONE;
}

static void put_area(struct gw_dcsa *d, uint32_t map, enum gw_dcsa_area area,
                     uint32_t item)
{
    for (const struct gw_dcsa_field *f = gw_dcsa_fields; f->ours; f++) {
        uint32_t node = f->area == area ? find_key(d, map, f) : GW_NODE_NONE;
        if (node)
            put_field(d, node, f, item);
    }
}

void gw_dcsa_put_area(struct gw_dcsa *d, uint32_t map, enum gw_dcsa_area area)
{
    put_area(d, map, area, GW_NODE_NONE);
}

/* Does the map hold something of the area? */
static bool holds(const struct gw_dcsa *d, uint32_t map, enum gw_dcsa_area area)
{
    for (const struct gw_dcsa_field *f = gw_dcsa_fields; f->ours; f++)
        if (f->area == area && find_key(d, map, f))
            return true;
    return false;
}

/* The part of the event that is the area: the first place that holds something of it. */
static uint32_t area_of(const struct gw_dcsa *d, uint32_t body, enum gw_dcsa_area area)
{
    const char *const *p = gw_dcsa_areas[area].paths;
    for (; *p; p++) {
        uint32_t map = gw_tree_at(&d->doc.tree, body, *p);
        if (map && d->doc.tree.nodes[map].kind == GW_MAP && holds(d, map, area))
            return map;
    }
    return GW_NODE_NONE;
}

/* ---- equipment, seals, references, parties, measures ---- */

static bool has_equipment(const struct gw_maker *m, struct gw_slice number)
{
    uint32_t list = gw_tree_child(&m->tree, m->root, GW_LIT("equipment"));
    if (!list)
        return false;
    for (GW_FOREACH_CHILD (&m->tree, list, n))
        if (gw_slice_eq(gw_tree_str(&m->tree, n, "id"), number))
            return true;
    return false;
}

/* A container, but for what bears a wagon's number: an event of a railway that was
 * written as DCSA has one. */
static uint32_t add_equipment(struct gw_maker *m, struct gw_slice number)
{
    const char *scheme = gw_check_scheme_of(number);
    bool wagon = strcmp(scheme, "uic12") == 0 || strcmp(scheme, "cis8") == 0;
    return gw_event_equipment(m, wagon ? "wagon" : "container", number);
}

static void put_equipment(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    struct gw_slice number =
        FIRST(d, r->body, "equipmentReference", "equipmentDetails.equipmentReference");
    uint32_t map = area_of(d, r->body, GW_DCSA_EQUIPMENT), item;
    uint32_t moved = gw_tree_at(&d->doc.tree, r->body, "isTransshipmentMove");
    if (!number.len && !map)
        return;
    item = add_equipment(&d->maker, number);
    if (map)
        put_area(d, map, GW_DCSA_EQUIPMENT, item);
    if (moved && d->doc.tree.nodes[moved].kind == GW_BOOL && d->doc.tree.nodes[moved].b)
        gw_event_word(&d->maker, item, "status", "transshipment");
}

static void put_seals(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    uint32_t list = gw_tree_at(&d->doc.tree, r->body, "seals");
    if (!list)
        list = gw_tree_at(&d->doc.tree, r->body, "equipmentDetails.seals");
    if (!list || d->doc.tree.nodes[list].kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (&d->doc.tree, list, n)) {
        struct gw_slice source = FIRST(d, n, "sealSource", "source");
        uint32_t item = gw_event_item(&d->maker, "seals");
        gw_event_str(&d->maker, item, "id", FIRST(d, n, "sealNumber", "number"));
        gw_event_word(&d->maker, item, "issuer",
                      gw_dcsa_ours(gw_dcsa_seal_sources, source));
        gw_event_str(&d->maker, item, "kind", FIRST(d, n, "sealType", "type"));
    }
}

/* A reference whose type the schema has no word for keeps its type in ext. */
static void put_reference(struct gw_dcsa *d, struct gw_slice type, struct gw_slice value)
{
    const char *scheme = gw_dcsa_ours(gw_dcsa_references, type);
    struct gw_maker *m = &d->maker;
    uint32_t kept;
    char path[64];

    if (gw_slice_is(type, "EQ")) {
        if (value.len && !has_equipment(m, value))
            add_equipment(m, value);
        return;
    }
    gw_event_reference(m, scheme ? scheme : "other", value);
    if (scheme || !value.len || !type.len)
        return;
    kept = gw_tree_at(&m->tree, m->root, "ext.dcsa.references");
    uint32_t count = kept ? m->tree.nodes[kept].count : 0;
    if (count >= 32)
        return;
    (void)snprintf(path, sizeof path, "ext.dcsa.references[%u].type", count);
    gw_event_str(m, m->root, path, type);
    (void)snprintf(path, sizeof path, "ext.dcsa.references[%u].value", count);
    gw_event_str(m, m->root, path, value);
}

static void put_reference_list(struct reading *r, const char *path)
{
    struct gw_dcsa *d = r->d;
    uint32_t list = gw_tree_at(&d->doc.tree, r->body, path);
    if (!list || d->doc.tree.nodes[list].kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (&d->doc.tree, list, n))
        put_reference(
            d, FIRST(d, n, "documentReferenceType", "referenceType", "type", "typeCode"),
            FIRST(d, n, "documentReferenceValue", "referenceValue", "value",
                  "reference"));
}

static void put_references(struct reading *r)
{
    static const char *const lists[] = {"documentReferences", "relatedDocumentReferences",
                                        "shipmentDetails.additionalDocumentReferences",
                                        "shipmentDetails.references", "references"};
    struct gw_dcsa *d = r->d;
    if (strcmp(r->group->group, "SHIPMENT") != 0) /* there it is the document */
        put_reference(d, text(d, r->body, "shipmentDetails.documentReference.typeCode"),
                      text(d, r->body, "shipmentDetails.documentReference.reference"));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        put_reference_list(r, lists[i]);
}

static void put_document(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    struct gw_maker *m = &d->maker;
    struct gw_slice type = FIRST(d, r->body, "documentTypeCode",
                                 "shipmentDetails.documentReference.typeCode");
    struct gw_slice number =
        FIRST(d, r->body, "documentID", "shipmentDetails.documentReference.reference");
    gw_event_str(m, m->root, "document.kind", type);
    gw_event_str(m, m->root, "document.number", number);
    gw_event_word(m, m->root, "document.state",
                  gw_dcsa_ours(gw_dcsa_document_states, r->code));
    if (gw_dcsa_ours(gw_dcsa_references, type))
        put_reference(d, type, number);
}

static void put_publisher(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    uint32_t p = gw_tree_at(&d->doc.tree, r->meta, "publisher"), item;
    struct gw_slice role = text(d, r->meta, "publisherRole");
    if (!p) {
        p = gw_tree_at(&d->doc.tree, r->body, "eventRouting.originatingParty");
        role = text(d, p, "partyFunction");
    }
    if (!p)
        return;
    const char *ours = gw_dcsa_ours(gw_dcsa_roles, role);
    item = gw_event_item(&d->maker, "parties");
    gw_event_word(&d->maker, item, "role", ours ? ours : "sender");
    gw_event_str(&d->maker, item, "id",
                 FIRST(d, p, "carrierCode", "partyCode", "identifyingCodes[0].partyCode",
                       "nmftaCode"));
    gw_event_str(&d->maker, item, "scheme",
                 FIRST(d, p, "carrierCodeListProvider", "codeListProvider",
                       "identifyingCodes[0].DCSAResponsibleAgencyCode"));
    gw_event_str(&d->maker, item, "name", text(d, p, "partyName"));
}

static void put_measure(struct gw_dcsa *d, uint32_t body, uint32_t node,
                        const struct gw_dcsa_measure *row)
{
    double v;
    if (!gw_json_number(&d->doc, node, &v))
        return;
    uint32_t item = gw_event_measure(&d->maker, row->kind, v, row->unit);
    if (row->unit_at)
        gw_event_str(&d->maker, item, "unit", text(d, body, row->unit_at));
}

static void put_measures(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    uint32_t probes =
        gw_tree_at(&d->doc.tree, r->body, "reeferDetails.temperatureProbeMeasurements");
    for (const struct gw_dcsa_measure *row = gw_dcsa_measures; row->path; row++)
        put_measure(d, r->body, gw_tree_at(&d->doc.tree, r->body, row->path), row);
    if (!probes || d->doc.tree.nodes[probes].kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (&d->doc.tree, probes, n)) {
        char kind[40];
        (void)snprintf(kind, sizeof kind, "temperature-probe-%d",
                       (int)(gw_tree_int(&d->doc.tree, n, "USDAProbeNumber", 0) % 100));
        struct gw_slice own = gw_tree_text(&d->maker.tree, gw_slice_str(kind));
        uint32_t item, value = gw_json_get(&d->doc, n, "measuredTemperatureValue");
        double v;
        if (!gw_json_number(&d->doc, value, &v))
            continue;
        item = gw_event_measure(&d->maker, "temperature", v, NULL);
        gw_event_str(&d->maker, item, "kind", own);
        gw_event_str(&d->maker, item, "unit",
                     text(d, r->body, "reeferDetails.temperatureUnit"));
    }
}

/* The place has it. */
static bool is_country_only(const struct gw_dcsa *d, uint32_t address)
{
    const struct gw_node *n = &d->doc.tree.nodes[address];
    return n->kind == GW_MAP && n->count == 1 &&
           gw_json_get(&d->doc, address, "countryCode") != GW_NODE_NONE;
}

/* What nothing above reads. */
static void put_rest(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    const struct gw_tree *t = &d->doc.tree;
    uint32_t address = gw_tree_at(t, r->body, "eventLocation.address");
    for (GW_FOREACH_CHILD (t, r->body, n)) {
        const char *const *k = gw_dcsa_known;
        char key[64];
        while (*k && !gw_slice_is(t->nodes[n].key, *k))
            k++;
        if (!*k && gw_slice_copy(t->nodes[n].key, key, sizeof key) && key[0] &&
            t->nodes[n].kind != GW_NIL)
            gw_event_ext_of(&d->maker, "dcsa", key, t, n);
    }
    if (address && !is_country_only(d, address))
        gw_event_ext_of(&d->maker, "dcsa", "address", t, address);
}

/* ---- what kind of event ---- */

static const struct gw_dcsa_group *group_of(struct reading *r)
{
    struct gw_slice name = FIRST(r->d, r->node, "eventType", "metadata.eventType",
                                 "eventClassification.eventTypeCode");
    for (const struct gw_dcsa_group *g = gw_dcsa_groups; g->group; g++)
        if (name.len ? gw_slice_is(name, g->group)
                     : gw_tree_at(&r->d->doc.tree, r->body, g->key) != GW_NODE_NONE)
            return g;
    return NULL;
}

static struct gw_slice code_of(struct reading *r)
{
    char in_30[64];
    (void)snprintf(in_30, sizeof in_30, "eventClassification.%s", r->group->key);
    return FIRST(r->d, r->body, r->group->key, in_30,
                 "portCallService.portCallServiceEventTypeCode");
}

/* Is the word one of the list's? */
static bool in_list(const char *list, struct gw_slice word)
{
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, " ");
        if (gw_slice_eq(gw_slice(at, n), word))
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

static const char *type_of(struct reading *r)
{
    struct gw_slice document = FIRST(r->d, r->body, "documentTypeCode",
                                     "shipmentDetails.documentReference.typeCode");
    struct gw_slice iot = FIRST(r->d, r->body, "iotEventCode", "iotDetails.iotEventCode");
    struct gw_slice service = FIRST(r->d, r->body, "portCallServiceTypeCode",
                                    "portCallService.portCallServiceTypeCode");
    bool jit = strcmp(r->group->group, "OPERATIONS") == 0;

    if (gw_slice_is(iot, "LOC"))
        return "position";
    if (gw_slice_is(iot, "DRO") && gw_tree_at(&r->d->doc.tree, r->body, "seals[0]"))
        return "seal-broken";
    if (jit && service.len && !gw_slice_is(service, "BERTH"))
        return "other"; /* pilotage, bunkering: not the ship's own move */
    for (const struct gw_dcsa_type *t = gw_dcsa_types; t->group; t++)
        if (gw_slice_is(r->code, t->code) && strcmp(t->group, r->group->group) == 0 &&
            (!t->documents || in_list(t->documents, document)))
            return jit && !gw_slice_is(r->class, "ACT") ? "eta-update" : t->type;
    return "other";
}

static enum gw_error classify(struct reading *r)
{
    struct gw_dcsa *d = r->d;
    r->group = group_of(r);
    if (!r->group && r->shape == GW_DCSA_CALL)
        for (r->group = gw_dcsa_groups; strcmp(r->group->group, "OPERATIONS");)
            r->group++;
    if (!r->group)
        return gw_json_doc_refuse(&d->doc, r->node, GW_UNKNOWN_CODE, "eventType",
                                  d->report, "no event type of DCSA");
    r->code = code_of(r);
    if (!r->code.len)
        return gw_json_doc_refuse(&d->doc, r->node, GW_MISSING, "required field",
                                  d->report, "%s is missing", r->group->key);
    r->class =
        FIRST(d, r->body, "eventClassifierCode",
              "eventClassification.eventClassifierCode", "timestamp.classifierCode");
    if (!gw_dcsa_ours(gw_dcsa_classes, r->class))
        return gw_json_doc_refuse(
            &d->doc, r->node, r->class.len ? GW_UNKNOWN_CODE : GW_MISSING,
            "eventClassifierCode", d->report, "%.*s",
            r->class.len > 20 ? 20 : (int)r->class.len, (const char *)r->class.at);
    return GW_OK;
}

static void put_source(struct reading *r)
{
    static const char *const versions[] = {"2.2", "3.0-beta", "3.0", "jit-1",
                                           "portcall-2.0"};
    struct gw_maker *m = &r->d->maker;
    struct gw_slice id = text(r->d, r->meta, "eventID");
    gw_event_word(m, m->root, "source.format_version", versions[r->shape]);
    gw_event_word(m, m->root, "source.message_type", r->group ? r->group->group : NULL);
    gw_event_int(m, m->root, "source.sequence", r->d->number);
    gw_event_str(m, m->root, "source.event_ref", id);
    /* In 3.0 an update carries the same eventID: there the id follows the content. */
    if (id.len && id.len <= 64 && (r->shape == GW_DCSA_22 || r->shape == GW_DCSA_BETA))
        gw_event_str(m, m->root, "id", id);
}

static const char *subject_of(const struct reading *r, const char *type)
{
    if (r->group->subject)
        return r->group->subject;
    return strncmp(type, "document-", 9) == 0 ? "document" : "consignment";
}

enum gw_error gw_dcsa_end(struct gw_dcsa *d, uint32_t node)
{
    struct gw_fault f = {0};
    enum gw_error e = gw_event_end(&d->maker, d->events, &f);
    if (e)
        return gw_json_doc_refuse(&d->doc, node, e, f.rule ? f.rule : gw_error_text(e),
                                  d->report, "%s", f.field);
    return GW_OK;
}

/* An event of the past that is taken back. */
static enum gw_error retract(struct reading *r, struct gw_slice id)
{
    struct gw_maker *m = &r->d->maker;
    struct gw_moment created, own;
    struct gw_civil c;
    enum gw_error e = gw_dcsa_time(r->d, r->meta, "eventCreatedDateTime", &c);
    if (e)
        return e;
    gw_event_begin(m, "correction", "actual", "event");
    gw_moment_of(&m->zoning, &c, NULL, &created);
    gw_moment_of_message(&created, &own);
    m->full |= !gw_moment_put(&m->tree, m->root, &own);
    put_source(r);
    put_publisher(r);
    gw_event_str(m, m->root, "corrects.ids[0]", id);
    gw_event_word(m, m->root, "corrects.reason", "cancel");
    return gw_dcsa_end(r->d, r->node);
}

/* The standard has port call timestamps with a wrong ship number rejected. */
static enum gw_error check_imo(struct reading *r)
{
    struct gw_slice imo =
        gw_tree_str(&r->d->maker.tree, r->d->maker.root, "transport.means.imo");
    if (r->shape != GW_DCSA_JIT || !imo.len || gw_check_imo(imo) == GW_CHECK_OK)
        return GW_OK;
    return gw_json_doc_refuse(&r->d->doc, r->node, GW_CHECK_DIGIT, "vesselIMONumber",
                              r->d->report, "%.*s", imo.len > 20 ? 20 : (int)imo.len,
                              (const char *)imo.at);
}

static void put_all(struct reading *r)
{
    static const enum gw_dcsa_area areas[] = {GW_DCSA_BODY, GW_DCSA_PLACE, GW_DCSA_CALLED,
                                              GW_DCSA_VESSEL};
    struct gw_maker *m = &r->d->maker;
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        uint32_t map = area_of(r->d, r->body, areas[i]);
        if (map)
            put_area(r->d, map, areas[i], GW_NODE_NONE);
    }
    gw_dcsa_take_code(m);
    put_equipment(r);
    put_seals(r);
    if (strcmp(r->group->group, "SHIPMENT") == 0)
        put_document(r);
    put_references(r);
    put_publisher(r);
    put_measures(r);
    put_rest(r);
    gw_event_word(m, m->root, "state.list", r->group->list);
    gw_event_str(m, m->root, "state.code", r->code);
    if (gw_tree_at(&m->tree, m->root, "cause"))
        gw_event_word(m, m->root, "cause.scheme",
                      gw_tree_at(&m->tree, m->root, "cause.code") ? "dcsa-delay"
                                                                  : "free");
    if (gw_tree_at(&m->tree, m->root, "place.terminal") &&
        !gw_tree_at(&m->tree, m->root, "place.terminal.list"))
        gw_event_word(m, m->root, "place.terminal.list", "local");
    put_recorded(r);
    put_source(r);
}

enum gw_error gw_dcsa_event(struct gw_dcsa *d, uint32_t node, enum gw_dcsa_shape shape)
{
    bool beta = shape == GW_DCSA_BETA;
    struct reading r = {.d = d, .shape = shape, .node = node};
    struct gw_civil c;
    enum gw_error e;

    r.meta = beta ? gw_tree_at(&d->doc.tree, node, "metadata") : node;
    r.body = beta ? gw_tree_at(&d->doc.tree, node, "payload") : node;
    struct gw_slice retracted = text(d, r.meta, "retractedEventID");
    if (retracted.len && !r.body)
        return retract(&r, retracted);
    if (!r.body || d->doc.tree.nodes[r.body].kind != GW_MAP)
        return gw_json_doc_refuse(&d->doc, node, GW_MISSING, "payload", d->report,
                                  "the event has none");
    e = classify(&r);
    if (!e)
        e = gw_dcsa_time(
            d, r.body,
            shape == GW_DCSA_CALL ? "timestamp.serviceDateTime" : "eventDateTime", &c);
    if (e)
        return e;
    const char *type = type_of(&r);
    gw_event_begin(&d->maker, type, gw_dcsa_ours(gw_dcsa_classes, r.class),
                   subject_of(&r, type));
    put_all(&r);
    gw_event_moment(&d->maker, &c, gw_event_known_place(&d->maker));
    e = check_imo(&r);
    return e ? e : gw_dcsa_end(d, node);
}
