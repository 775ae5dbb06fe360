/* facts.c - what a message says about the movement: operation, offices, route, parties,
 * documents, means, goods. */
#include "adapters/ncts/ncts.h"
#include "model/countries.h"
#include <stdio.h>

/* ---- offices ---- */

/* First two letters of an office; XI (Northern Ireland) and EU are no ISO 3166 countries.
 */
static struct gw_slice office_country(struct gw_slice office)
{
    if (office.len < 8 || office.at[0] < 'A' || office.at[0] > 'Z' ||
        office.at[1] < 'A' || office.at[1] > 'Z')
        return gw_slice(NULL, 0);
    struct gw_slice country = gw_slice(office.at, 2);
    return gw_slice_is(country, "XI") || gw_slice_is(country, "EU") ? gw_slice(NULL, 0)
                                                                    : country;
}

void ncts_office(struct ncts *n, uint32_t from, const char *key, uint32_t office)
{
    char path[48];
    struct gw_slice number = gw_xml_text(&n->xml, office, "referenceNumber");
    (void)snprintf(path, sizeof path, "%s.country", key);
    gw_event_str(&n->maker, from, path, office_country(number));
    (void)snprintf(path, sizeof path, "%s.customs_office", key);
    gw_event_str(&n->maker, from, path, number);
}

const struct gw_place *ncts_country_place(const struct ncts *n, struct gw_slice country)
{
    const struct gw_places *places = n->maker.zoning.places;
    const struct gw_place *found = NULL;
    uint32_t count = places ? gw_places_count(places) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct gw_place *p = gw_places_item(places, i);
        if (!gw_slice_is(country, p->country))
            continue;
        if (found && strcmp(found->zone, p->zone) != 0)
            return NULL;
        found = p;
    }
    return found;
}

static void stop(struct ncts *n, const char *role, uint32_t office)
{
    struct gw_civil when;
    struct gw_slice text = gw_xml_text(&n->xml, office, "arrivalDateAndTimeEstimated");
    bool there;
    if (!gw_xml_text(&n->xml, office, "referenceNumber").len)
        return;
    uint32_t item = gw_event_item(&n->maker, "journey");
    gw_event_word(&n->maker, item, "role", role);
    if (!item)
        return;
    ncts_office(n, item, "place", office);
    struct gw_report aside = {0}; /* an estimate that is no date refuses nothing */
    if (!text.len)
        return;
    if (gw_xml_time(&n->xml, office, "arrivalDateAndTimeEstimated", &when, &there,
                    &aside)) {
        gw_xml_note(&n->xml, office, "date and time", text, n->report);
        return;
    }
    struct gw_slice country = gw_tree_str(&n->maker.tree, item, "place.country");
    gw_event_instant(&n->maker, item, "time", &when, ncts_country_place(n, country));
    gw_event_word(&n->maker, item, "class", "estimated");
}

static void route(struct ncts *n)
{
    static const struct {
        const char *element, *role;
    } rows[] = {{"CustomsOfficeOfDeparture", "origin"},
                {"CustomsOfficeOfTransitDeclared", "border"},
                {"CustomsOfficeOfExitForTransitDeclared", "border"},
                {"CustomsOfficeOfDestinationDeclared", "final"},
                {"CustomsOfficeOfDestinationActual", "final"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (uint32_t o = gw_xml_child(&n->xml, GW_XML_ROOT, rows[i].element); o;
             o = gw_xml_next(&n->xml, o, rows[i].element))
            stop(n, rows[i].role, o);
}

/* ---- operation and documents ---- */

/* Check character of an MRN, the 18th: like ISO 6346 over the first 17.
 * Source  EU customs data model, structure of the MRN; arithmetic of ISO 6346 */
static bool mrn_check(struct gw_slice mrn)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        unsigned c = mrn.at[i], v;
        if (c >= '0' && c <= '9')
            v = c - '0';
        else if (c >= 'A' && c <= 'Z')
            v = 10 + (c - 'A') + (c - 'A' + 9) / 10; /* multiples of 11 are left out */
        else
            return false;
        sum += v << i;
    }
    return mrn.at[17] == '0' + sum % 11 % 10;
}

static void operation(struct ncts *n)
{
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    uint32_t op = gw_xml_child(x, GW_XML_ROOT, "TransitOperation");
    struct gw_slice mrn = gw_xml_text(x, op, "MRN"), lrn = gw_xml_text(x, op, "LRN");
    struct gw_slice carnet = gw_xml_text(x, op, "TIRCarnetNumber");

    gw_event_word(m, m->root, "customs.state", n->kind->state);
    gw_event_str(m, m->root, "customs.procedure", gw_xml_text(x, op, "declarationType"));
    gw_event_str(m, m->root, "customs.office",
                 gw_tree_str(&m->tree, m->root, "place.customs_office"));
    gw_event_str(m, m->root, "customs.mrn", mrn);
    gw_event_str(m, m->root, "customs.lrn", lrn);
    gw_event_reference(m, "mrn", mrn);
    gw_event_reference(m, "other", lrn);
    gw_event_reference(m, "tir-carnet", carnet);
    gw_event_word(m, m->root, "document.kind",
                  carnet.len ? "tir-carnet" : "transit-declaration");
    gw_event_str(m, m->root, "document.number", mrn.len ? mrn : lrn);
    if (mrn.len && (mrn.len != 18 || !mrn_check(mrn)))
        gw_event_note(m, "check-digit", GW_SEVERITY_WARN, "customs.mrn", mrn);
    if (!mrn.len && !lrn.len && !carnet.len)
        gw_xml_note(x, op, "neither MRN nor LRN", gw_slice(NULL, 0), n->report);
}

static void documents(struct ncts *n, uint32_t of)
{
    const struct gw_xml *x = &n->xml;
    for (uint32_t d = gw_xml_child(x, of, "TransportDocument"); d;
         d = gw_xml_next(x, d, "TransportDocument")) {
        const struct ncts_code *row =
            GW_CODE_ROW(ncts_documents, gw_xml_text(x, d, "type"));
        gw_event_reference(&n->maker, row ? row->word : "other",
                           gw_xml_text(x, d, "referenceNumber"));
    }
    gw_event_reference(&n->maker, "ucr", gw_xml_text(x, of, "referenceNumberUCR"));
}

/* Why it was refused, held or interrupted: the first of these that is there. */
static void reason(struct ncts *n)
{
    static const char *const names[] = {"noReleaseMotivationText", "rejectionReason",
                                        "errorReason", "errorText", "justification"};
    const struct gw_xml *x = &n->xml;
    struct gw_maker *m = &n->maker;
    uint32_t incident = gw_xml_find(x, GW_XML_ROOT, "Incident");
    struct gw_slice text = gw_xml_text(x, incident, "text");
    struct gw_slice code = gw_xml_text(x, incident, "code");
    for (size_t i = 0; !text.len && i < sizeof names / sizeof *names; i++)
        text = gw_xml_text(x, gw_xml_find(x, GW_XML_ROOT, names[i]), "");
    if (!text.len && !code.len)
        return;
    gw_event_word(m, m->root, "cause.scheme", "free");
    gw_event_str(m, m->root, "cause.code", code);
    gw_event_str(m, m->root, "cause.text", text);
    gw_event_str(m, m->root, "customs.reason", text);
}

/* ---- parties ---- */

static void party(struct ncts *n, uint32_t of, const char *element, const char *role)
{
    const struct gw_xml *x = &n->xml;
    uint32_t p = gw_xml_child(x, of, element);
    struct gw_slice id = gw_xml_text(x, p, "identificationNumber");
    struct gw_slice name = gw_xml_text(x, p, "name");
    if (!id.len && !name.len)
        return;
    uint32_t item = gw_event_item(&n->maker, "parties");
    gw_event_word(&n->maker, item, "role", role);
    gw_event_str(&n->maker, item, "id", id);
    if (id.len)
        gw_event_word(&n->maker, item, "scheme", "eori");
    gw_event_str(&n->maker, item, "name", name);
    gw_event_str(&n->maker, item, "country", gw_xml_text(x, p, "Address/country"));
}

static void parties(struct ncts *n, uint32_t consignment)
{
    party(n, GW_XML_ROOT, "HolderOfTheTransitProcedure", "operator");
    party(n, GW_XML_ROOT, "Representative", "forwarder");
    party(n, GW_XML_ROOT, "TraderAtDestination", "receiver");
    party(n, consignment, "Carrier", "carrier");
    party(n, consignment, "Consignor", "consignor");
    party(n, consignment, "Consignee", "consignee");
}

/* ---- means and goods ---- */

static void put_means(struct ncts *n, uint32_t means)
{
    char path[32];
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    struct gw_slice id = gw_xml_text(x, means, "identificationNumber");
    const struct ncts_code *row =
        GW_CODE_ROW(ncts_means, gw_xml_text(x, means, "typeOfIdentification"));
    if (!row || !id.len)
        return;
    if (strcmp(row->word, "wagon") == 0 || strcmp(row->word, "trailer") == 0) {
        (void)gw_event_equipment(m, row->word, id);
        return;
    }
    (void)snprintf(path, sizeof path, "transport.means.%s", row->word);
    if (!gw_tree_str(&m->tree, m->root, path).len)
        gw_event_str(m, m->root, path, id);
}

static void means(struct ncts *n, uint32_t consignment)
{
    static const char *const elements[] = {"ActiveBorderTransportMeans",
                                           "DepartureTransportMeans"};
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    struct gw_slice mode = gw_xml_text(x, consignment, "modeOfTransportAtTheBorder");
    if (!mode.len)
        mode = gw_xml_text(x, consignment, "inlandModeOfTransport");
    const struct ncts_code *row = GW_CODE_ROW(ncts_modes, mode);
    gw_event_word(m, m->root, "transport.mode", row ? row->word : NULL);
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        for (uint32_t t = gw_xml_child(x, consignment, elements[i]); t;
             t = gw_xml_next(x, t, elements[i]))
            put_means(n, t);
    gw_event_str(m, m->root, "transport.journey_no",
                 gw_xml_text(x, consignment,
                             "ActiveBorderTransportMeans/conveyanceReferenceNumber"));
}

static void put_item(struct ncts *n, uint32_t item)
{
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    uint32_t commodity = gw_xml_child(x, item, "Commodity");
    double packages;
    uint32_t goods = gw_event_item(m, "goods");
    gw_event_str(
        m, goods, "hs",
        gw_xml_text(x, commodity, "CommodityCode/harmonizedSystemSubHeadingCode"));
    gw_event_str(m, goods, "un", gw_xml_text(x, commodity, "DangerousGoods/UNNumber"));
    gw_event_str(m, goods, "package_kind",
                 gw_xml_text(x, item, "Packaging/typeOfPackages"));
    if (gw_xml_number(x, item, "Packaging/numberOfPackages", &packages, n->report) &&
        packages >= 0 && packages < 1e9)
        gw_event_int(m, goods, "packages", (int64_t)packages);
    gw_event_str(m, goods, "description",
                 gw_xml_text(x, commodity, "descriptionOfGoods"));
}

static void goods(struct ncts *n, uint32_t consignment)
{
    const struct gw_xml *x = &n->xml;
    for (uint32_t h = gw_xml_child(x, consignment, "HouseConsignment"); h;
         h = gw_xml_next(x, h, "HouseConsignment")) {
        documents(n, h);
        for (uint32_t i = gw_xml_child(x, h, "ConsignmentItem"); i;
             i = gw_xml_next(x, i, "ConsignmentItem"))
            put_item(n, i);
    }
}

static void loading(struct ncts *n, const char *role, uint32_t place)
{
    const struct gw_xml *x = &n->xml;
    struct gw_slice code = gw_xml_text(x, place, "UNLocode");
    if (!place)
        return;
    uint32_t item = gw_event_item(&n->maker, "journey");
    gw_event_word(&n->maker, item, "role", role);
    if (gw_locode_has_form(code))
        gw_event_str(&n->maker, item, "place.unlocode", code);
    else if (code.len)
        gw_xml_note(x, place, "UN/LOCODE", code, n->report);
    gw_event_str(&n->maker, item, "place.country", gw_xml_text(x, place, "country"));
    gw_event_str(&n->maker, item, "place.name", gw_xml_text(x, place, "location"));
}

void ncts_facts(struct ncts *n)
{
    const struct gw_xml *x = &n->xml;
    uint32_t consignment = gw_xml_child(x, GW_XML_ROOT, "Consignment");
    double gross;
    operation(n);
    reason(n);
    route(n);
    loading(n, "loading", gw_xml_child(x, consignment, "PlaceOfLoading"));
    loading(n, "discharge", gw_xml_child(x, consignment, "PlaceOfUnloading"));
    parties(n, consignment);
    means(n, consignment);
    documents(n, consignment);
    goods(n, consignment);
    if (gw_xml_number(x, consignment, "grossMass", &gross, n->report))
        (void)gw_event_measure(&n->maker, "gross", gross, "KGM");
}
