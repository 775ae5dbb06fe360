/* more.c - messages of DCSA partners that are no lists of events but report some: vessel
 * schedules (Operational Vessel Schedules 3.0), verified gross mass (VGM 1.0), arrival
 * notices (AN 1.0). */
#include "adapters/dcsa/parts.h"
#include <stdio.h>

static struct gw_slice text(const struct gw_dcsa *d, uint32_t from, const char *path)
{
    return gw_tree_str(&d->doc.tree, from, path);
}

static uint32_t list_at(const struct gw_dcsa *d, uint32_t from, const char *path)
{
    uint32_t n = gw_tree_at(&d->doc.tree, from, path);
    return n && d->doc.tree.nodes[n].kind == GW_ARRAY ? n : GW_NODE_NONE;
}

static uint32_t first_item(const struct gw_dcsa *d, uint32_t list)
{
    return list ? d->doc.tree.nodes[list].first : GW_NODE_NONE;
}

static uint32_t next_item(const struct gw_dcsa *d, uint32_t item)
{
    return d->doc.tree.nodes[item].next;
}

static void put_source(struct gw_dcsa *d, const char *version, struct gw_slice ref)
{
    struct gw_maker *m = &d->maker;
    gw_event_word(m, m->root, "source.format_version", version);
    gw_event_int(m, m->root, "source.sequence", d->number);
    gw_event_str(m, m->root, "source.event_ref", ref);
}

static void put_place(struct gw_dcsa *d, uint32_t map)
{
    struct gw_maker *m = &d->maker;
    if (map)
        gw_dcsa_put_area(d, map, GW_DCSA_PLACE);
    if (gw_tree_at(&m->tree, m->root, "place.terminal") &&
        !gw_tree_at(&m->tree, m->root, "place.terminal.list"))
        gw_event_word(m, m->root, "place.terminal.list", "local");
    gw_dcsa_take_code(m);
}

static void put_recorded(struct gw_dcsa *d, uint32_t map, const char *path)
{
    struct gw_civil c;
    if (gw_tree_at(&d->doc.tree, map, path) && !gw_dcsa_time(d, map, path, &c))
        gw_event_instant(&d->maker, d->maker.root, "recorded", &c, NULL);
    d->report->fault = (struct gw_fault){0}; /* a doubtful one is left out */
}

/* ---- verified gross mass ---- */

static void put_mass(struct gw_dcsa *d, uint32_t node)
{
    static const struct {
        const char *path, *kind;
    } rows[] = {{"VGM.weight", "vgm"},
                {"equipmentDetails.cargoGrossWeight", "gross"},
                {"equipmentDetails.tareWeight", "tare"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t map = gw_tree_at(&d->doc.tree, node, rows[i].path), item;
        double v;
        if (!gw_json_number(&d->doc, gw_tree_at(&d->doc.tree, map, "value"), &v))
            continue;
        item = gw_event_measure(&d->maker, rows[i].kind, v, NULL);
        gw_event_str(&d->maker, item, "unit", text(d, map, "unit"));
    }
}

static void put_vgm_equipment(struct gw_dcsa *d, uint32_t node)
{
    struct gw_maker *m = &d->maker;
    uint32_t map = gw_tree_at(&d->doc.tree, node, "equipmentDetails");
    uint32_t seals = list_at(d, map, "seals");
    uint32_t item =
        gw_event_equipment(m, "container", text(d, map, "equipmentReference"));
    gw_event_str(m, item, "size_type", text(d, map, "ISOEquipmentCode"));
    for (uint32_t n = first_item(d, seals); n; n = next_item(d, n)) {
        uint32_t seal = gw_event_item(m, "seals");
        gw_event_str(m, seal, "id", text(d, n, "number"));
        gw_event_word(m, seal, "issuer",
                      gw_dcsa_ours(gw_dcsa_seal_sources, text(d, n, "source")));
    }
}

static enum gw_error take_vgm(struct gw_dcsa *d, uint32_t node)
{
    uint32_t retracted = gw_tree_at(&d->doc.tree, node, "isRetracted");
    bool gone = retracted && d->doc.tree.nodes[retracted].kind == GW_BOOL &&
                d->doc.tree.nodes[retracted].b;
    bool own = gw_tree_at(&d->doc.tree, node, "VGM.dateTime") != GW_NODE_NONE && !gone;
    struct gw_maker *m = &d->maker;
    struct gw_civil c;
    enum gw_error e =
        gw_dcsa_time(d, node, own ? "VGM.dateTime" : "declarationDateTime", &c);
    if (e)
        return e;
    gw_event_begin(m, gone ? "correction" : "weighed", "actual", "equipment");
    put_place(d, gw_tree_at(&d->doc.tree, node, "VGM.location"));
    gw_event_moment(m, &c, gw_event_known_place(m));
    put_vgm_equipment(d, node);
    put_mass(d, node);
    gw_event_reference(m, "booking",
                       text(d, node, "shipmentDetails.carrierBookingReference"));
    gw_event_reference(m, "bill-of-lading",
                       text(d, node, "shipmentDetails.transportDocumentReference"));
    gw_event_word(m, m->root, "corrects.reason", gone ? "cancel" : NULL);
    gw_event_word(m, m->root, "document.kind", "VGM");
    gw_event_str(m, m->root, "document.number",
                 text(d, node, "VGM.certificationReference"));
    gw_event_word(m, m->root, "state.list", "DCSA VGM method");
    gw_event_str(m, m->root, "state.code", text(d, node, "VGM.method"));
    put_recorded(d, node, "declarationDateTime");
    put_source(d, "vgm-1.0", text(d, node, "declarationReference"));
    return gw_dcsa_end(d, node);
}

/* ---- arrival notices ---- */

static void put_numbers(struct gw_dcsa *d, uint32_t list)
{
    for (uint32_t n = first_item(d, list); n; n = next_item(d, n)) {
        struct gw_slice number = d->doc.tree.nodes[n].kind == GW_STR
                                     ? d->doc.tree.nodes[n].s
                                     : text(d, n, "equipmentReference");
        if (!number.len)
            number = text(d, n, "equipment.equipmentReference");
        if (number.len)
            gw_event_equipment(&d->maker, "container", number);
    }
}

static enum gw_error take_notification(struct gw_dcsa *d, uint32_t node)
{
    struct gw_slice word = text(d, node, "portOfDischargeArrivalDate.classifier");
    const char *class = gw_dcsa_ours(gw_dcsa_classes, word);
    struct gw_maker *m = &d->maker;
    struct gw_civil c;
    enum gw_error e = gw_dcsa_time(d, node, "portOfDischargeArrivalDate.value", &c);
    if (e)
        return e;
    gw_event_begin(m, class && strcmp(class, "actual") == 0 ? "arrive" : "eta-update",
                   class ? class : "estimated", "transport");
    put_place(d, gw_tree_at(&d->doc.tree, node, "portOfDischarge"));
    gw_event_moment(m, &c, gw_event_known_place(m));
    put_numbers(d, list_at(d, node, "equipmentReferences"));
    gw_event_reference(m, "bill-of-lading", text(d, node, "transportDocumentReference"));
    put_recorded(d, node, "issueDateTime");
    put_source(d, "an-1.0", gw_slice(NULL, 0));
    return gw_dcsa_end(d, node);
}

static enum gw_error take_notice(struct gw_dcsa *d, uint32_t node)
{
    struct gw_maker *m = &d->maker;
    struct gw_civil c;
    enum gw_error e = gw_dcsa_time(d, node, "issueDateTime", &c);
    if (e)
        return e;
    gw_event_begin(m, "document-issued", "actual", "document");
    put_place(d, gw_tree_at(&d->doc.tree, node, "transport.portOfDischarge"));
    gw_event_moment(m, &c, NULL);
    put_numbers(d, list_at(d, node, "utilizedTransportEquipments"));
    gw_event_word(m, m->root, "document.kind", "ARN");
    gw_event_str(m, m->root, "document.number",
                 text(d, node, "transportDocumentReference"));
    gw_event_word(m, m->root, "document.state", "issued");
    gw_event_reference(m, "bill-of-lading", text(d, node, "transportDocumentReference"));
    gw_event_str(m, m->root, "transport.carrier", text(d, node, "carrierCode"));
    put_source(d, "an-1.0", gw_slice(NULL, 0));
    return gw_dcsa_end(d, node);
}

/* ---- vessel schedules ---- */

static const char *schedule_type(struct gw_slice code, const char *class)
{
    bool arrival = gw_slice_is(code, "ARRI");
    if (strcmp(class, "actual") == 0 && (arrival || gw_slice_is(code, "DEPA")))
        return arrival ? "arrive" : "depart";
    return strcmp(class, "estimated") == 0 ? "eta-update" : "schedule-update";
}

static enum gw_error take_timestamp(struct gw_dcsa *d, uint32_t service, uint32_t vessel,
                                    uint32_t call, uint32_t node)
{
    struct gw_slice code = text(d, node, "eventTypeCode");
    struct gw_slice remark = text(d, node, "changeRemark");
    const char *class =
        gw_dcsa_ours(gw_dcsa_classes, text(d, node, "eventClassifierCode"));
    struct gw_maker *m = &d->maker;
    struct gw_civil c;
    enum gw_error e = gw_dcsa_time(d, node, "eventDateTime", &c);
    if (e)
        return e;
    if (!class)
        return gw_json_doc_refuse(&d->doc, node, GW_UNKNOWN_CODE, "eventClassifierCode",
                                  d->report, "not PLN, EST or ACT");
    gw_event_begin(m, schedule_type(code, class), class, "transport");
    put_place(d, gw_tree_at(&d->doc.tree, call, "location"));
    gw_event_moment(m, &c, gw_event_known_place(m));
    gw_event_word(m, m->root, "transport.mode", "sea");
    gw_event_str(m, m->root, "transport.means.imo", text(d, vessel, "vesselIMONumber"));
    gw_event_str(m, m->root, "transport.means.name", text(d, vessel, "vesselName"));
    gw_event_str(m, m->root, "transport.means.callsign",
                 text(d, vessel, "vesselCallSign"));
    gw_event_str(m, m->root, "transport.journey_no",
                 text(d, call, "carrierExportVoyageNumber"));
    gw_event_str(m, m->root, "transport.service", text(d, service, "carrierServiceCode"));
    gw_event_str(m, m->root, "transport.carrier",
                 text(d, vessel, "vesselOperatorSMDGLinerCode"));
    gw_event_str(m, m->root, "cause.code", text(d, node, "delayReasonCode"));
    gw_event_str(m, m->root, "cause.text", remark);
    if (gw_tree_at(&m->tree, m->root, "cause.code"))
        gw_event_word(m, m->root, "cause.scheme", "dcsa-delay");
    gw_event_word(m, m->root, "state.list", "DCSA transportEventTypeCode");
    gw_event_str(m, m->root, "state.code", code);
    gw_event_str(m, m->root, "state.text", text(d, call, "statusCode"));
    put_source(d, "ovs-3.0", text(d, call, "transportCallReference"));
    return gw_dcsa_end(d, node);
}

/* A service's ships, their calls, and the times of these, each an event. */
static enum gw_error take_service(struct gw_dcsa *d, uint32_t service)
{
    enum gw_error e = GW_OK;
    uint32_t vessels = list_at(d, service, "vesselSchedules");
    for (uint32_t v = first_item(d, vessels); v; v = next_item(d, v)) {
        uint32_t calls = list_at(d, v, "transportCalls");
        for (uint32_t c = first_item(d, calls); c; c = next_item(d, c)) {
            uint32_t times = list_at(d, c, "timestamps");
            for (uint32_t n = first_item(d, times); n && !e; n = next_item(d, n)) {
                d->number++;
                e = gw_dcsa_set_aside(d, take_timestamp(d, service, v, c, n));
            }
        }
    }
    return e;
}

static enum gw_error take_services(struct gw_dcsa *d, uint32_t list)
{
    enum gw_error e = GW_OK;
    for (uint32_t n = first_item(d, list); n && !e; n = next_item(d, n))
        e = take_service(d, n);
    return e;
}

/* ---- which of them ---- */

typedef enum gw_error take_fn(struct gw_dcsa *d, uint32_t node);

static enum gw_error take_each(struct gw_dcsa *d, uint32_t list, take_fn *take)
{
    enum gw_error e = GW_OK;
    for (uint32_t n = first_item(d, list); n && !e; n = next_item(d, n)) {
        d->number++;
        e = gw_dcsa_set_aside(d, take(d, n));
    }
    return e;
}

/* Documents in which nothing has happened yet, and by what they are known. */
static const struct {
    const char *key, *what;
} eventless[] = {{"requestedEquipments", "a booking request names no event"},
                 {"transportDocumentTypeCode", "shipping instructions name no event"},
                 {"legs", "a commercial schedule is an offer"},
                 {"callbackUrl", "a subscription request is for an API"},
                 {"statusCodeText", "an error answer is for an API"}};

static enum gw_error refuse_eventless(struct gw_dcsa *d, uint32_t map)
{
    for (size_t i = 0; i < sizeof eventless / sizeof *eventless; i++)
        if (gw_json_get(&d->doc, map, eventless[i].key))
            return gw_json_doc_refuse(&d->doc, map, GW_FORMAT, "document kind", d->report,
                                      "%s", eventless[i].what);
    return GW_NOT_FOUND;
}

enum gw_error gw_dcsa_more(struct gw_dcsa *d)
{
    static const struct {
        const char *key;
        take_fn *take;
    } rows[] = {{"VGMDeclarations", take_vgm},
                {"arrivalNoticeNotifications", take_notification},
                {"arrivalNotices", take_notice}};
    uint32_t root = d->doc.root, head = root;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t list = list_at(d, root, rows[i].key);
        if (list)
            return take_each(d, list, rows[i].take);
    }
    if (d->doc.tree.nodes[root].kind == GW_ARRAY)
        head = first_item(d, root);
    if (head != root && list_at(d, head, "vesselSchedules"))
        return take_services(d, root);
    return refuse_eventless(d, head);
}
