/* cefact_facts.c - what every event of a consignment says: its document, parties,
 * equipment, goods, measures, means and route. */
#include "adapters/kit/cefact.h"
#include "model/check_digit.h"
#include "model/countries.h"
#include <stdio.h>

/* ---- places ---- */

static bool is_number(struct gw_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* What kind of place code an id is: six digits ESR, eight OSJD (administration and ESR),
 * seven UIC; five letters UN/LOCODE. */
static const char *station_scheme(struct gw_slice id)
{
    if (!is_number(id))
        return NULL;
    return id.len == 6 ? "esr6" : id.len == 8 ? "osjd8" : id.len == 7 ? "uic" : NULL;
}

static void put_at(struct gw_cefact *c, uint32_t from, const char *key, const char *field,
                   struct gw_slice v)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s.%s", key, field);
    gw_event_str(&c->maker, from, path, v);
}

void gw_cefact_place(struct gw_cefact *c, uint32_t from, const char *key,
                     uint32_t location)
{
    struct gw_slice id = gw_cefact_text(c, location, "ID|id");
    struct gw_slice country =
        gw_cefact_text(c, location, "CountryID|countryId|countryCode");
    const char *scheme = station_scheme(id);
    if (!country.len)
        country = gw_cefact_text(c, location,
                                 "PostalTradeAddress|postalTradeAddress|postalAddress/"
                                 "CountryID|countryId|countryCode");
    if (gw_country_has_form(country))
        put_at(c, from, key, "country", country);
    put_at(c, from, key, "name", gw_cefact_text(c, location, "Name|name"));
    if (gw_locode_has_form(id)) {
        put_at(c, from, key, "unlocode", id);
    } else if (scheme) {
        put_at(c, from, key, "rail.scheme", gw_slice_str(scheme));
        put_at(c, from, key, "rail.code", id);
    } else if (id.len) {
        put_at(c, from, key, "raw", id);
    }
}

/* ---- document and references ---- */

static void put_document(struct gw_cefact *c)
{
    struct gw_maker *m = &c->maker;
    struct gw_slice number = gw_cefact_text(c, c->document, "ID|id");
    struct gw_slice own = gw_cefact_text(c, c->consignment, "ID|id");
    if (!number.len)
        number = own;
    gw_event_word(m, m->root, "document.kind", c->kind);
    gw_event_word(m, m->root, "document.code", c->code);
    gw_event_str(m, m->root, "document.number", number);
    gw_event_reference(m, c->scheme, number);
    gw_event_reference(m, c->scheme, own);
}

static void put_references(struct gw_cefact *c)
{
    static const struct {
        const char *path, *scheme;
    } rows[] = {
        {"TransportContractReferencedDocument|transportContractDocument/ID|id",
         "waybill"},
        {"AssociatedReferencedDocument|associatedReferencedDocument|associatedDocument/"
         "ID|id",
         "other"},
        {"ConsignorAssignedID|consignorAssignedId", "order"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        gw_event_reference(&c->maker, rows[i].scheme,
                           gw_cefact_text(c, c->consignment, rows[i].path));
}

/* ---- parties ---- */

static void put_party(struct gw_cefact *c, const char *path, const char *role)
{
    struct gw_maker *m = &c->maker;
    uint32_t p = gw_xml_at(&c->xml, c->consignment, path);
    struct gw_slice id = gw_cefact_text(c, p, "ID|id");
    struct gw_slice name = gw_cefact_text(c, p, "Name|name");
    struct gw_slice country =
        gw_cefact_text(c, p,
                       "PostalTradeAddress|postalTradeAddress|postalAddress/"
                       "CountryID|countryId|countryCode");
    if (!id.len && !name.len)
        return;
    uint32_t item = gw_event_item(m, "parties");
    gw_event_word(m, item, "role", role);
    gw_event_str(m, item, "id", id);
    gw_event_str(m, item, "name", name);
    if (gw_country_has_form(country))
        gw_event_str(m, item, "country", country);
}

static void put_parties(struct gw_cefact *c)
{
    put_party(c, "ConsignorTradeParty|consignorTradeParty|consignor", "consignor");
    put_party(c, "ConsigneeTradeParty|consigneeTradeParty|consignee", "consignee");
    put_party(c, "CarrierTradeParty|carrierTradeParty|carrier", "carrier");
    put_party(c, "ConnectingCarrierTradeParty|connectingCarrier", "carrier");
    put_party(c, "FreightForwarderTradeParty|freightForwarderTradeParty|freightForwarder",
              "forwarder");
    put_party(c, "NotifiedTradeParty|notifiedTradeParty|notifiedParty", "notify");
}

/* ---- equipment ---- */

/* UNTDID 8053, type of equipment. */
static const struct {
    const char *code, *kind;
} categories[] = {{"CN", "container"}, {"AE", "trailer"}, {"TE", "trailer"},
                  {"SW", "swap-body"}, {"UL", "uld"},     {"RR", "wagon"},
                  {NULL, NULL}};

static const char *equipment_kind(const struct gw_cefact *c, struct gw_slice id,
                                  struct gw_slice category)
{
    const char *scheme = gw_check_scheme_of(id);
    for (size_t i = 0; categories[i].code; i++)
        if (gw_slice_is(category, categories[i].code))
            return categories[i].kind;
    if (strcmp(scheme, "iso6346") == 0 || strcmp(scheme, "ilu") == 0)
        return "container";
    if (is_number(id) && (id.len == 12 || id.len == 8))
        return "wagon";
    return c->mode && strcmp(c->mode, "rail") == 0 ? "container" : "trailer";
}

static uint32_t put_unit(struct gw_cefact *c, uint32_t unit, const char *kind)
{
    struct gw_maker *m = &c->maker;
    struct gw_slice id = gw_cefact_text(c, unit, "ID|id|identifier");
    struct gw_slice size =
        gw_cefact_text(c, unit, "CharacteristicCode|characteristicCode");
    if (!id.len)
        return GW_NODE_NONE;
    uint32_t item = gw_event_equipment(m, kind, id);
    if (strcmp(kind, "wagon") == 0 && is_number(id))
        gw_event_word(m, item, "scheme",
                      id.len == 12  ? "uic12"
                      : id.len == 8 ? "cis8"
                                    : "other");
    if (size.len == 4)
        gw_event_str(m, item, "size_type", size);
    return item;
}

static void put_seals(struct gw_cefact *c, uint32_t unit)
{
    const struct gw_xml *x = &c->xml;
    for (uint32_t s =
             gw_xml_at(x, unit, "AffixedLogisticsSeal|affixedLogisticsSeal|affixedSeal");
         s; s = gw_xml_next(x, s, x->nodes[s].name)) {
        struct gw_slice id = gw_cefact_text(c, s, "ID|id");
        if (!id.len)
            continue;
        uint32_t seal = gw_event_item(&c->maker, "seals");
        gw_event_str(&c->maker, seal, "id", id);
    }
}

static void put_equipment(struct gw_cefact *c)
{
    const struct gw_xml *x = &c->xml;
    for (uint32_t u =
             gw_xml_at(x, c->consignment,
                       "UtilizedLogisticsTransportEquipment|"
                       "utilizedLogisticsTransportEquipment|utilizedTransportEquipment|"
                       "usedTransportEquipment");
         u; u = gw_xml_next(x, u, x->nodes[u].name)) {
        struct gw_slice id = gw_cefact_text(c, u, "ID|id|identifier");
        struct gw_slice category = gw_cefact_text(c, u, "CategoryCode|categoryCode");
        uint32_t on = put_unit(c, u, equipment_kind(c, id, category));
        put_seals(c, u);
        for (uint32_t k = gw_xml_child(x, u, "carriedTransportEquipment"); k;
             k = gw_xml_next(x, k, "carriedTransportEquipment")) {
            uint32_t item = put_unit(c, k, "container");
            if (on)
                gw_event_str(&c->maker, item, "on",
                             gw_tree_str(&c->maker.tree, on, "id"));
        }
    }
}

/* ---- means ---- */

/* Recommendation 19, modes of transport. */
static const char *mode_of(struct gw_slice code)
{
    static const char *const modes[] = {NULL, "sea",        "rail",  "road",        "air",
                                        NULL, "multimodal", "fixed", "inland-water"};
    return code.len == 1 && code.at[0] > '0' && code.at[0] < '9' ? modes[code.at[0] - '0']
                                                                 : NULL;
}

/* The id of a road vehicle is its plate, of a ship its IMO number or name, of a train its
 * number; a legs' list of several vehicles goes into the equipment and ext. */
static void put_means(struct gw_cefact *c, uint32_t movement, const char *mode)
{
    struct gw_maker *m = &c->maker;
    struct gw_slice id =
        gw_cefact_text(c, movement,
                       "UsedLogisticsTransportMeans|usedLogisticsTransportMeans|"
                       "usedTransportMeans/"
                       "ID|id|identifier");
    const char *path = "transport.means.name";
    if (!id.len)
        return;
    if (mode && strcmp(mode, "road") == 0) {
        (void)gw_event_equipment(m, "truck", id);
        path = "transport.means.plate";
    } else if (mode && strcmp(mode, "rail") == 0) {
        path = "transport.means.train";
    } else if (gw_check_imo(id) == GW_CHECK_OK) {
        path = "transport.means.imo";
    }
    if (!gw_tree_str(&m->tree, m->root, path).len)
        gw_event_str(m, m->root, path, id);
}

static void put_movements(struct gw_cefact *c)
{
    struct gw_maker *m = &c->maker;
    const struct gw_xml *x = &c->xml;
    const char *mode = c->mode;
    unsigned legs = 0;
    for (uint32_t v = gw_xml_at(x, c->consignment, GW_CEFACT_MOVEMENT); v;
         v = gw_xml_next(x, v, x->nodes[v].name)) {
        const char *own = mode_of(gw_cefact_text(c, v, "ModeCode|modeCode"));
        own = own ? own : c->mode;
        put_means(c, v, own);
        if (legs++ && own && mode && strcmp(own, mode) != 0)
            mode = "multimodal";
        else if (own)
            mode = own;
    }
    gw_event_word(m, m->root, "transport.mode", mode);
    if (legs > 1) /* the standard guarantees no order of the legs */
        gw_event_note(m, "legs-unordered", GW_SEVERITY_INFO, "transport",
                      gw_slice(NULL, 0));
}

/* ---- goods and measures ---- */

static void put_dangerous(struct gw_cefact *c, uint32_t goods, uint32_t item)
{
    uint32_t d = gw_xml_at(&c->xml, item,
                           "ApplicableTransportDangerousGoods|transportDangerousGoods|"
                           "applicableDangerousGoods");
    gw_event_str(&c->maker, goods, "un",
                 gw_cefact_text(c, d, "UNDGIdentificationCode|uNDGID|undgIdCode"));
    gw_event_str(
        &c->maker, goods, "class",
        gw_cefact_text(
            c, d,
            "HazardClassificationID|hazardClassificationID|hazardClassificationId"));
    gw_event_str(
        &c->maker, goods, "packing_group",
        gw_cefact_text(c, d, "PackagingDangerLevelCode|packagingDangerLevelCode"));
}

/* Codes of the goods by the list they are from; rail notes carry several. */
static void put_codes(struct gw_cefact *c, uint32_t goods, uint32_t item)
{
    static const struct {
        const char *scheme, *field;
    } rows[] = {{"HS", "hs"}, {"NHM", "nhm"}, {"GNG", "nhm"}, {"ETSNG", "etsng"}};
    const struct gw_xml *x = &c->xml;
    for (uint32_t n = gw_xml_at(x, item, "ID|id"); n;
         n = gw_xml_next(x, n, x->nodes[n].name)) {
        struct gw_slice scheme = gw_xml_attr(x, n, "schemeId");
        if (!scheme.len)
            scheme = gw_xml_attr(x, n, "schemeID");
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (gw_slice_is(scheme, rows[i].scheme))
                gw_event_str(&c->maker, goods, rows[i].field, gw_cefact_text(c, n, ""));
    }
}

static void put_item(struct gw_cefact *c, uint32_t item)
{
    struct gw_maker *m = &c->maker;
    const struct gw_xml *x = &c->xml;
    uint32_t package = gw_xml_at(
        x, item, "TransportLogisticsPackage|transportLogisticsPackage|transportPackage");
    uint32_t quantity = gw_xml_at(x, package, "ItemQuantity|itemQuantity");
    uint32_t goods = gw_event_item(m, "goods");
    double count;
    gw_event_str(m, goods, "hs", gw_cefact_text(c, item, "TypeCode|typeCode"));
    put_codes(c, goods, item);
    put_dangerous(c, goods, item);
    if (gw_xml_number(x, quantity, "", &count, c->report) && count >= 0 && count < 1e9)
        gw_event_int(m, goods, "packages", (int64_t)count);
    gw_event_str(m, goods, "package_kind",
                 gw_cefact_text(c, package, "TypeCode|typeCode"));
    gw_event_str(
        m, goods, "description",
        gw_cefact_text(
            c, item,
            "NatureIdentificationTransportCargo|natureIdentificationTransportCargo|"
            "natureIdentificationCargo/"
            "Identification|identification|identificationText"));
}

static void put_measure(struct gw_cefact *c, const char *path, const char *kind,
                        const char *unit)
{
    const struct gw_xml *x = &c->xml;
    uint32_t n = gw_xml_at(x, c->consignment, path);
    struct gw_slice stated = gw_xml_attr(x, n, "unitCode");
    double v;
    if (!stated.len)
        stated = gw_xml_attr(x, n, "unitId");
    if (!gw_xml_number(x, n, "", &v, c->report))
        return;
    uint32_t item = gw_event_measure(&c->maker, kind, v, stated.len ? NULL : unit);
    if (stated.len)
        gw_event_str(&c->maker, item, "unit", stated);
}

static void put_goods(struct gw_cefact *c)
{
    const struct gw_xml *x = &c->xml;
    put_measure(c, "GrossWeightMeasure|grossWeight", "gross", "KGM");
    put_measure(c, "NetWeightMeasure|netWeight", "net", "KGM");
    put_measure(c, "GrossVolumeMeasure|grossVolume", "volume", "MTQ");
    put_measure(c, "ConsignmentItemQuantity|PackageQuantity|numberOfPackages", "packages",
                "C62");
    for (uint32_t i =
             gw_xml_at(x, c->consignment,
                       "IncludedSupplyChainConsignmentItem|includedConsignmentItem");
         i; i = gw_xml_next(x, i, x->nodes[i].name))
        put_item(c, i);
}

/* ---- route ---- */

static void put_stop(struct gw_cefact *c, const char *role, uint32_t location)
{
    if (!location)
        return;
    uint32_t item = gw_event_item(&c->maker, "journey");
    gw_event_word(&c->maker, item, "role", role);
    if (item)
        gw_cefact_place(c, item, "place", location);
}

#define OCCURRENCE                                                                       \
    "OccurrenceLogisticsLocation|occurrenceLogisticsLocation|occurrenceLocation"

static void put_route(struct gw_cefact *c)
{
    const struct gw_xml *x = &c->xml;
    uint32_t end =
        gw_xml_at(x, c->consignment,
                  "ConsigneeReceiptLogisticsLocation|consigneeReceiptLogisticsLocation|"
                  "consigneeReceiptLocation");
    if (!end)
        end = gw_xml_at(
            x, c->consignment,
            "DeliveryTransportEvent|deliveryTransportEvent|deliveryEvent/" OCCURRENCE);
    put_stop(
        c, "origin",
        gw_xml_at(x, c->consignment,
                  "CarrierAcceptanceLogisticsLocation|carrierAcceptanceLogisticsLocation|"
                  "carrierAcceptanceLocation"));
    for (uint32_t v = gw_xml_at(x, c->consignment, GW_CEFACT_MOVEMENT); v;
         v = gw_xml_next(x, v, x->nodes[v].name))
        for (uint32_t r = gw_xml_at(x, v, GW_CEFACT_STOP); r;
             r = gw_xml_next(x, r, x->nodes[r].name))
            put_stop(c, "border", gw_xml_at(x, r, OCCURRENCE));
    for (uint32_t t = gw_xml_at(x, c->consignment, "transshipmentLocation"); t;
         t = gw_xml_next(x, t, x->nodes[t].name))
        put_stop(c, "transshipment", t);
    put_stop(c, "final", end);
}

void gw_cefact_facts(struct gw_cefact *c)
{
    put_document(c);
    put_references(c);
    put_parties(c);
    put_route(c);
    put_equipment(c);
    put_movements(c);
    put_goods(c);
}
