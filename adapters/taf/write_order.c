/* write_order.c - 1000: a consignment order.
 *
 * One COM for each note: the first event writes its head, every instruction adds its
 * wagon, and the event of the note itself is said by ConsignmentOrderType already. */
#include "adapters/taf/write.h"

static struct gw_slice at(const struct taf *t, uint32_t event, const char *path)
{
    return gw_tree_str(&t->event, event, path);
}

static bool is_instruction(const struct taf *t, uint32_t event)
{
    return gw_slice_is(at(t, event, "type"), "instruction");
}

/* ---- head ---- */

static struct gw_slice order_type(const struct taf *t, uint32_t event)
{
    struct gw_slice type = at(t, event, "type");
    if (gw_slice_is(at(t, event, "state.list"), "TAF ConsignmentOrderType"))
        return at(t, event, "state.code");
    if (gw_slice_is(type, "document-amended"))
        return GW_LIT("ECOU");
    return gw_slice_is(type, "document-cancelled") ? GW_LIT("CANCEL") : GW_LIT("ECN");
}

static struct gw_slice shipment_type(const struct taf *t, uint32_t event)
{
    struct gw_slice own = at(t, event, "ext.taf.shipment_type");
    if (own.len)
        return own;
    uint32_t smgs = gw_tree_item_with(&t->event, event, "references", "scheme", "smgs");
    return smgs ? GW_LIT("SMGS") : GW_LIT("CIM");
}

static bool of_message(const struct taf *t, uint32_t event)
{
    return gw_slice_is(at(t, event, "time_basis"), "message-time");
}

static void put_com_header(struct taf *t, uint32_t event)
{
    int64_t ms = gw_tree_int(&t->event, event, "time", 0);
    taf_put_open(t, "COM_Header");
    taf_put(t, "SendingRU", taf_party_of(t, event, "sender"));
    taf_put(t, "ReceivingRU", taf_party_of(t, event, "receiver"));
    taf_put(t, "ShipmentType", shipment_type(t, event));
    taf_put(t, "ConsignmentOrderType", order_type(t, event));
    if (is_instruction(t, event) && !of_message(t, event))
        taf_put_time(t, "COM_PreparationDatetime", event, ms,
                     gw_tree_child(&t->event, event, GW_LIT("place")));
    taf_put_word(t, "VersionNumber", "1");
    taf_put_close(t, "COM_Header");
}

/* When it was accepted: the time of the note's own event, or of the journey's origin. */
static void put_accepted(struct taf *t, uint32_t event)
{
    uint32_t origin = gw_tree_item_with(&t->event, event, "journey", "role", "origin");
    uint32_t place = gw_tree_child(&t->event, event, GW_LIT("place"));
    int64_t ms = gw_tree_int(&t->event, origin, "time", 0);
    if (!is_instruction(t, event) && !of_message(t, event))
        ms = gw_tree_int(&t->event, event, "time", 0);
    if (ms)
        taf_put_time(t, "AcceptanceDate", event, ms, place);
}

static uint32_t stop_place(const struct taf *t, uint32_t event, const char *role)
{
    uint32_t stop = gw_tree_item_with(&t->event, event, "journey", "role", role);
    return stop ? gw_tree_child(&t->event, stop, GW_LIT("place")) : GW_NODE_NONE;
}

static bool put_points(struct taf *t, uint32_t event)
{
    uint32_t origin = stop_place(t, event, "origin");
    if (!origin)
        origin = gw_tree_child(&t->event, event, GW_LIT("place"));
    taf_put_open(t, "AcceptancePoint");
    if (!taf_put_station(t, "Station", origin))
        return false;
    put_accepted(t, event);
    taf_put_at(t, "ConsignmentNumber", event, "document.number");
    taf_put_at(t, "CarrierCode", event, "transport.carrier");
    taf_put_close(t, "AcceptancePoint");
    if (stop_place(t, event, "final")) {
        taf_put_open(t, "DeliveryPoint");
        (void)taf_put_station(t, "Station", stop_place(t, event, "final"));
        taf_put_close(t, "DeliveryPoint");
    }
    return true;
}

static void put_customer(struct taf *t, uint32_t event, const char *role,
                         const char *type)
{
    uint32_t party = gw_tree_item_with(&t->event, event, "parties", "role", role);
    if (!party)
        return;
    taf_put_open(t, "Customers");
    taf_put_word(t, "CustomerType", type);
    taf_put_at(t, "CustomerCode", party, "id");
    taf_put_at(t, "Name", party, "name");
    taf_put_at(t, "Country", party, "country");
    taf_put_close(t, "Customers");
}

/* Carriers in their order; between two of them stands the next border of the journey. */
static void put_carriers(struct taf *t, uint32_t event)
{
    uint32_t parties = gw_tree_child(&t->event, event, GW_LIT("parties"));
    uint32_t journey = gw_tree_child(&t->event, event, GW_LIT("journey"));
    uint32_t stop = journey ? t->event.nodes[journey].first : GW_NODE_NONE;
    unsigned sequence = 0;
    for (uint32_t p = parties ? t->event.nodes[parties].first : 0; p;
         p = t->event.nodes[p].next) {
        if (!gw_slice_is(gw_tree_str(&t->event, p, "role"), "carrier"))
            continue;
        gw_buf_printf(t->to, "<Carriers sequenceID=\"%u\">\n", ++sequence);
        taf_put_word(t, "CarrierStatus", sequence == 1 ? "0" : "1");
        taf_put_at(t, "CarrierCode", p, "id");
        while (stop && !gw_slice_is(gw_tree_str(&t->event, stop, "role"), "border"))
            stop = t->event.nodes[stop].next;
        if (stop) {
            (void)taf_put_station(t, "SectionTo",
                                  gw_tree_child(&t->event, stop, GW_LIT("place")));
            stop = t->event.nodes[stop].next;
        }
        taf_put_close(t, "Carriers");
    }
}

static const char *begin(struct taf *t, uint32_t event)
{
    if (!at(t, event, "document.number").len)
        return "the number of a consignment note";
    taf_put_open(t, "COMS");
    put_com_header(t, event);
    taf_put_open(t, "COM");
    if (!put_points(t, event))
        return "a place of acceptance with a station code";
    put_customer(t, event, "consignor", "CR");
    put_customer(t, event, "consignee", "CE");
    uint32_t order = gw_tree_item_with(&t->event, event, "references", "scheme", "order");
    if (order) {
        taf_put_open(t, "GeneralInformation");
        taf_put_at(t, "ConsignorReference", order, "value");
        taf_put_close(t, "GeneralInformation");
    }
    put_carriers(t, event);
    (void)gw_slice_copy(at(t, event, "document.number"), t->note, sizeof t->note);
    return NULL;
}

static bool joins(struct taf *t, uint32_t event)
{
    return gw_slice_is(at(t, event, "document.number"), t->note);
}

/* ---- wagons ---- */

/* Where the lists of the event are, as they are written out. */
struct cargo {
    uint32_t measure, seal, goods;
};

static uint32_t first_of(const struct taf *t, uint32_t event, const char *list)
{
    uint32_t n = gw_tree_child(&t->event, event, gw_slice_str(list));
    return n ? t->event.nodes[n].first : GW_NODE_NONE;
}

static void put_measure(struct taf *t, struct cargo *c, const char *kind,
                        const char *element)
{
    if (!c->measure || !gw_slice_is(gw_tree_str(&t->event, c->measure, "kind"), kind))
        return;
    uint32_t value = gw_tree_child(&t->event, c->measure, GW_LIT("value"));
    if (value)
        taf_put_number(t, element, t->event.nodes[value].f);
    c->measure = t->event.nodes[c->measure].next;
}

static void put_load(struct taf *t, uint32_t item)
{
    struct gw_slice load = gw_tree_str(&t->event, item, "load");
    if (load.len)
        taf_put_word(t, "LoadingStatus", gw_slice_is(load, "laden") ? "1" : "0");
}

/* Up to `most` seals, each an element of its own. */
static void put_seals(struct taf *t, struct cargo *c, int64_t most)
{
    for (; c->seal && most > 0; most--, c->seal = t->event.nodes[c->seal].next) {
        taf_put_open(t, "Seals");
        taf_put_word(t, "NumberOfSeals", "1");
        taf_put_at(t, "SealsDescription", c->seal, "id");
        taf_put_close(t, "Seals");
    }
}

static int64_t count_from(const struct taf *t, uint32_t node)
{
    int64_t n = 0;
    for (; node; node = t->event.nodes[node].next)
        n++;
    return n;
}

static uint32_t next_unit(const struct taf *t, uint32_t item)
{
    while (item && gw_slice_is(gw_tree_str(&t->event, item, "kind"), "wagon"))
        item = t->event.nodes[item].next;
    return item;
}

static const char *unit_type(const struct taf *t, uint32_t item)
{
    struct gw_slice kind = gw_tree_str(&t->event, item, "kind");
    const struct taf_code *row = taf_load_unit + 1; /* 00 is unknown */
    while (row->code && !gw_slice_is(kind, row->type))
        row++;
    return row->code ? row->code : "00";
}

/* Units keep their seals together: as many as are left for each of the units left. */
static void put_unit(struct taf *t, struct cargo *c, uint32_t item)
{
    int64_t units = 0;
    for (uint32_t n = item; n; n = next_unit(t, t->event.nodes[n].next))
        units++;
    taf_put_open(t, "ILU");
    taf_put_open(t, "ILU_Details");
    taf_put_word(t, "ILU_Type", unit_type(t, item));
    taf_put_at(t, "LoadUnitNumber", item, "id");
    put_load(t, item);
    if (gw_tree_str(&t->event, item, "size_type").len) {
        taf_put_open(t, "Dimensions");
        taf_put_at(t, "LengthCode", item, "size_type");
        taf_put_close(t, "Dimensions");
    }
    put_measure(t, c, "tare", "TareWeight");
    int64_t seals = count_from(t, c->seal);
    put_seals(t, c, (seals + units - 1) / units);
    taf_put_close(t, "ILU_Details");
    taf_put_close(t, "ILU");
}

static void put_dangerous(struct taf *t, uint32_t goods)
{
    if (!gw_tree_str(&t->event, goods, "un").len)
        return;
    taf_put_open(t, "DangerousGoodsIndication");
    taf_put_at(t, "UN_Number", goods, "un");
    taf_put_at(t, "RID_Class", goods, "class");
    taf_put_at(t, "PackingGroup", goods, "packing_group");
    taf_put_close(t, "DangerousGoodsIndication");
}

static void put_mrns(struct taf *t, uint32_t event)
{
    bool open = false;
    for (uint32_t r = first_of(t, event, "references"); r; r = t->event.nodes[r].next) {
        if (!gw_slice_is(gw_tree_str(&t->event, r, "scheme"), "mrn"))
            continue;
        if (!open)
            taf_put_open(t, "ReferenceNumbers");
        open = true;
        taf_put_open(t, "MovementReferenceNumber");
        taf_put_word(t, "MRN_Type", "MRN-T");
        taf_put_at(t, "MRN_Number", r, "value");
        taf_put_close(t, "MovementReferenceNumber");
    }
    if (open)
        taf_put_close(t, "ReferenceNumbers");
}

/* A unit goes with the goods whose weight stands before its own. */
static uint32_t put_goods(struct taf *t, uint32_t event, struct cargo *c, uint32_t unit,
                          bool first)
{
    taf_put_open(t, "GoodsInWagon");
    taf_put_at(t, "NHM_Code", c->goods, "nhm");
    taf_put_at(t, "GoodsDescription", c->goods, "description");
    put_dangerous(t, c->goods);
    put_measure(t, c, "gross", "GrossWeight");
    taf_put_at(t, "HS_Code", c->goods, "hs");
    if (first)
        put_mrns(t, event);
    uint32_t next = c->goods ? t->event.nodes[c->goods].next : GW_NODE_NONE;
    while (unit && (!next || !c->measure ||
                    gw_slice_is(gw_tree_str(&t->event, c->measure, "kind"), "tare"))) {
        put_unit(t, c, unit);
        unit = next_unit(t, t->event.nodes[unit].next);
    }
    taf_put_close(t, "GoodsInWagon");
    c->goods = next;
    return unit;
}

static void put_wagon(struct taf *t, uint32_t event, uint32_t wagon)
{
    struct cargo c = {.measure = first_of(t, event, "measures"),
                      .seal = first_of(t, event, "seals"),
                      .goods = first_of(t, event, "goods")};
    uint32_t unit = next_unit(t, first_of(t, event, "equipment"));
    taf_put_open(t, "Wagons");
    taf_put_at(t, "WagonNumberFreight", wagon, "id");
    taf_put_open(t, "WagonDetails");
    put_load(t, wagon);
    put_measure(t, &c, "total", "TotalWeight");
    put_seals(t, &c,
              gw_tree_int(&t->event, event, "ext.taf.wagon_seals", unit ? 0 : INT64_MAX));
    if (at(t, event, "ext.taf.ship").len) {
        taf_put_open(t, "Ship");
        taf_put_open(t, "VesselIndication");
        taf_put_at(t, "VesselName", event, "ext.taf.ship");
        taf_put_close(t, "VesselIndication");
        taf_put_close(t, "Ship");
    }
    taf_put_close(t, "WagonDetails");
    for (bool first = true; c.goods || (first && unit); first = false)
        unit = put_goods(t, event, &c, unit, first);
    taf_put_close(t, "Wagons");
}

/* The wagon of an instruction with what is on it.  Of an instruction that lists several
 * wagons (another format's) nobody knows which goods are on which: it is refused. */
static const char *item(struct taf *t, uint32_t event, bool first)
{
    (void)first;
    if (!is_instruction(t, event))
        return NULL;
    uint32_t wagon = GW_NODE_NONE;
    for (uint32_t n = first_of(t, event, "equipment"); n; n = t->event.nodes[n].next) {
        if (!gw_slice_is(gw_tree_str(&t->event, n, "kind"), "wagon"))
            continue;
        if (wagon)
            return "one wagon in an instruction";
        wagon = n;
    }
    if (wagon)
        put_wagon(t, event, wagon);
    return NULL;
}

const struct taf_writer taf_write_order = {.root = "ConsignmentOrderMessage",
                                           .code = "1000",
                                           .name = "ConsignmentOrder",
                                           .begin = begin,
                                           .item = item,
                                           .end = "</COM>\n</COMS>\n",
                                           .many = true,
                                           .joins = joins};
