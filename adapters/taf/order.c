/* order.c - 1000: a consignment order: an instruction for each of its wagons, so that
 * units, goods and seals stay with their wagon, and the consignment note it stands for.
 */
#include "adapters/taf/taf.h"

/* One COM of the message. */
struct note {
    uint32_t header, com;
    struct gw_slice type; /* ConsignmentOrderType */
    const char *document; /* event type beside the instruction; NULL or "" = none */
    struct gw_civil accepted, prepared;
    bool accepted_there, prepared_there;
};

/* ShipmentType to reference scheme and UNTDID 1001 document code.
 * Source  TAF list ShipmentType; UNTDID 1001: 720 rail consignment note, 722 road list
 * SMGS */
static const struct {
    const char *shipment, *scheme, *code;
} shipments[] = {{"SMGS", "smgs", "722"},
                 {"CIM", "cim", "720"},
                 {"CUV", "cim", "720"},
                 {NULL, NULL, NULL}};

/* ---- parts of both events ---- */

static void put_document(struct taf *t, const struct note *n)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    struct gw_slice number = gw_xml_text(x, n->com, "AcceptancePoint/ConsignmentNumber");
    struct gw_slice shipment = gw_xml_text(x, n->header, "ShipmentType");
    size_t i = 0;
    while (shipments[i].shipment && !gw_slice_is(shipment, shipments[i].shipment))
        i++;
    const char *scheme = shipments[i].shipment ? shipments[i].scheme : "waybill";
    gw_event_word(m, m->root, "document.kind", "consignment-note");
    gw_event_word(m, m->root, "document.code", shipments[i].code);
    gw_event_str(m, m->root, "document.number", number);
    gw_event_reference(m, scheme, number);
    gw_event_reference(m, "order",
                       gw_xml_text(x, n->com, "GeneralInformation/ConsignorReference"));
    gw_event_str(m, m->root, "ext.taf.shipment_type", shipment);
}

static void put_customer(struct taf *t, uint32_t customer)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    const struct taf_code *row =
        GW_CODE_ROW(taf_customer_type, gw_xml_text(x, customer, "CustomerType"));
    if (!row)
        return;
    uint32_t party = gw_event_item(m, "parties");
    gw_event_word(m, party, "role", row->type);
    gw_event_str(m, party, "id", gw_xml_text(x, customer, "CustomerCode"));
    gw_event_str(m, party, "name", gw_xml_text(x, customer, "Name"));
    gw_event_str(m, party, "country", gw_xml_text(x, customer, "Country"));
}

static void put_parties(struct taf *t, const struct note *n)
{
    const struct gw_xml *x = &t->xml;
    for (uint32_t c = gw_xml_child(x, n->com, "Customers"); c;
         c = gw_xml_next(x, c, "Customers"))
        put_customer(t, c);
    for (uint32_t c = gw_xml_child(x, n->com, "Carriers"); c;
         c = gw_xml_next(x, c, "Carriers"))
        taf_party(t, "carrier", gw_xml_text(x, c, "CarrierCode"));
    gw_event_word(&t->maker, t->maker.root, "transport.mode", "rail");
    gw_event_str(&t->maker, t->maker.root, "transport.carrier",
                 gw_xml_text(x, n->com, "AcceptancePoint/CarrierCode"));
}

static uint32_t put_stop(struct taf *t, const char *role, uint32_t station)
{
    if (!station)
        return GW_NODE_NONE;
    uint32_t item = gw_event_item(&t->maker, "journey");
    gw_event_word(&t->maker, item, "role", role);
    if (item)
        taf_station(t, item, "place", station);
    return item;
}

/* Where it is accepted, where one carrier hands it to the next, where it is delivered. */
static void put_journey(struct taf *t, const struct note *n)
{
    const struct gw_xml *x = &t->xml;
    uint32_t origin =
        put_stop(t, "origin", gw_xml_at(x, n->com, "AcceptancePoint/Station"));
    if (n->accepted_there) {
        gw_event_instant(&t->maker, origin, "time", &n->accepted,
                         gw_event_known_place(&t->maker));
        gw_event_word(&t->maker, origin, "class", "actual");
    }
    for (uint32_t c = gw_xml_child(x, n->com, "Carriers"); c;
         c = gw_xml_next(x, c, "Carriers"))
        if (gw_xml_next(x, c, "Carriers"))
            (void)put_stop(t, "border", gw_xml_child(x, c, "SectionTo"));
    (void)put_stop(t, "final", gw_xml_at(x, n->com, "DeliveryPoint/Station"));
}

static void begin(struct taf *t, const struct note *n, const char *type,
                  const char *class, const char *subject)
{
    struct gw_maker *m = &t->maker;
    taf_begin(t, type, class, subject);
    taf_station(t, m->root, "place",
                gw_xml_at(&t->xml, n->com, "AcceptancePoint/Station"));
    put_document(t, n);
    taf_state(t, "TAF ConsignmentOrderType", n->type,
              GW_CODE_ROW(taf_order_type, n->type), n->header);
    put_parties(t, n);
    put_journey(t, n);
}

/* ---- wagons and what they carry ---- */

static unsigned put_seals(struct taf *t, uint32_t of)
{
    const struct gw_xml *x = &t->xml;
    unsigned count = 0;
    for (uint32_t s = gw_xml_child(x, of, "Seals"); s; s = gw_xml_next(x, s, "Seals")) {
        if (!gw_xml_text(x, s, "SealsDescription").len)
            continue;
        uint32_t seal = gw_event_item(&t->maker, "seals");
        gw_event_str(&t->maker, seal, "id", gw_xml_text(x, s, "SealsDescription"));
        gw_event_word(&t->maker, seal, "state", "affixed");
        count++;
    }
    return count;
}

static void put_unit(struct taf *t, uint32_t details, struct gw_slice wagon)
{
    const struct gw_xml *x = &t->xml;
    const struct taf_code *kind =
        GW_CODE_ROW(taf_load_unit, gw_xml_text(x, details, "ILU_Type"));
    uint32_t item = taf_load_unit_on(t, gw_xml_text(x, details, "LoadUnitNumber"),
                                     kind ? kind->type : "container", wagon);
    gw_event_str(&t->maker, item, "size_type",
                 gw_xml_text(x, details, "Dimensions/LengthCode"));
    taf_load(t, item, gw_xml_text(x, details, "LoadingStatus"));
    taf_weight(t, details, "TareWeight", "tare", "KGM");
    (void)put_seals(t, details);
}

static void put_goods(struct taf *t, uint32_t in_wagon, struct gw_slice wagon)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t goods = gw_event_item(m, "goods");
    gw_event_str(m, goods, "hs", gw_xml_text(x, in_wagon, "HS_Code"));
    gw_event_str(m, goods, "nhm", gw_xml_text(x, in_wagon, "NHM_Code"));
    gw_event_str(m, goods, "description", gw_xml_text(x, in_wagon, "GoodsDescription"));
    taf_dangerous(t, goods, gw_xml_find(x, in_wagon, "DangerousGoodsIndication"));
    taf_weight(t, in_wagon, "GrossWeight", "gross", "KGM");
    uint32_t numbers = gw_xml_child(x, in_wagon, "ReferenceNumbers");
    for (uint32_t r = gw_xml_child(x, numbers, "MovementReferenceNumber"); r;
         r = gw_xml_next(x, r, "MovementReferenceNumber"))
        gw_event_reference(m, "mrn", gw_xml_text(x, r, "MRN_Number"));
    for (uint32_t u = gw_xml_child(x, in_wagon, "ILU"); u; u = gw_xml_next(x, u, "ILU"))
        for (uint32_t d = gw_xml_child(x, u, "ILU_Details"); d;
             d = gw_xml_next(x, d, "ILU_Details"))
            put_unit(t, d, wagon);
}

static void put_wagon(struct taf *t, uint32_t wagons)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t details = gw_xml_child(x, wagons, "WagonDetails");
    uint32_t wagon = taf_wagon(t, gw_xml_text(x, wagons, "WagonNumberFreight"));
    struct gw_slice number = gw_tree_str(&m->tree, wagon, "id");
    taf_load(t, wagon, gw_xml_text(x, details, "LoadingStatus"));
    taf_weight(t, details, "TotalWeight", "total", "KGM");
    unsigned seals = put_seals(t, details);
    if (seals)
        gw_event_int(m, m->root, "ext.taf.wagon_seals", seals);
    gw_event_str(m, m->root, "ext.taf.ship",
                 gw_xml_text(x, details, "Ship/VesselIndication/VesselName"));
    for (uint32_t g = gw_xml_child(x, wagons, "GoodsInWagon"); g;
         g = gw_xml_next(x, g, "GoodsInWagon"))
        put_goods(t, g, number);
}

/* ---- the events ---- */

static enum gw_error instruction(struct taf *t, const struct note *n, uint32_t wagon)
{
    begin(t, n, "instruction", "requested", "consignment");
    if (wagon)
        put_wagon(t, wagon);
    taf_time(t, &n->prepared, n->prepared_there);
    return taf_end(t);
}

static enum gw_error document(struct taf *t, const struct note *n)
{
    if (!n->document || !*n->document)
        return GW_OK;
    begin(t, n, n->document, "actual", "document");
    taf_time(t, &n->accepted, n->accepted_there);
    return taf_end(t);
}

static enum gw_error read_times(struct taf *t, struct note *n)
{
    enum gw_error e = gw_xml_time(&t->xml, n->com, "AcceptancePoint/AcceptanceDate",
                                  &n->accepted, &n->accepted_there, t->report);
    return e ? e
             : gw_xml_time(&t->xml, n->header, "COM_PreparationDatetime", &n->prepared,
                           &n->prepared_there, t->report);
}

static enum gw_error order(struct taf *t, uint32_t header, uint32_t com)
{
    const struct gw_xml *x = &t->xml;
    struct note n = {.header = header, .com = com};
    n.type = gw_xml_text(x, header, "ConsignmentOrderType");
    const struct taf_code *row = GW_CODE_ROW(taf_order_type, n.type);
    n.document = row ? row->type : NULL;
    if (!gw_xml_text(x, com, "AcceptancePoint/ConsignmentNumber").len)
        return gw_xml_refuse(x, com, GW_MISSING,
                             "AcceptancePoint with ConsignmentNumber is required",
                             gw_slice(NULL, 0), t->report);
    enum gw_error e = read_times(t, &n);
    if (e)
        return e;
    uint32_t w = gw_xml_child(x, com, "Wagons");
    e = w ? GW_OK : instruction(t, &n, GW_XML_NONE);
    for (; w && !e; w = gw_xml_next(x, w, "Wagons"))
        e = instruction(t, &n, w);
    return e ? e : document(t, &n);
}

enum gw_error taf_order(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    uint32_t coms = gw_xml_child(x, t->message, "COMS");
    enum gw_error e = GW_OK;
    if (!gw_xml_child(x, coms, "COM_Header") || !gw_xml_child(x, coms, "COM"))
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "COMS with COM_Header and COM is required",
                             gw_slice(NULL, 0), t->report);
    for (; coms && !e; coms = gw_xml_next(x, coms, "COMS")) {
        uint32_t header = gw_xml_child(x, coms, "COM_Header");
        for (uint32_t c = gw_xml_child(x, coms, "COM"); c && !e;
             c = gw_xml_next(x, c, "COM"))
            e = order(t, header, c);
    }
    return e;
}
