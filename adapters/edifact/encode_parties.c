/* encode_parties.c - parties and legs of an event as segments. */
#include "adapters/edifact/encode.h"

/* ---- parties and legs ---- */

static void put_scheme(struct gw_edi_writing *x, struct gw_slice scheme)
{
    const uint8_t *colon = scheme.len ? memchr(scheme.at, ':', scheme.len) : NULL;
    size_t n = colon ? (size_t)(colon - scheme.at) : scheme.len;
    gw_edi_component(&x->w, gw_slice(scheme.at, n));
    if (colon)
        gw_edi_component(&x->w, gw_slice(colon + 1, scheme.len - n - 1));
}

/* The sender that UNB names, the last of all, is not named again. */
bool gw_edi_party_is_written(const struct gw_edi_writing *x, uint32_t item)
{
    struct gw_slice role = gw_edi_str_of(x, item, "role");
    bool of_unb = gw_slice_is(role, "sender") && !gw_edi_str_of(x, item, "scheme").len &&
                  !gw_edi_str_of(x, item, "name").len && !gw_node(x->t, item)->next;
    return gw_edi_code_for(GW_EDI_NAD_ROLE, role) && !of_unb;
}

/* Carriers of a rail consignment note: the sections each of them carries it over. */
static void write_sections(struct gw_edi_writing *x, uint32_t party)
{
    static const struct {
        const char *qualifier, *code, *name;
    } ends[] = {{"32", "from", "from_name"}, {"56", "to", "to_name"}};
    uint32_t list = gw_tree_at(x->t, x->root, "ext.sections");
    if (!list || x->kind != &gw_edi_rail_note || gw_node(x->t, list)->kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (!gw_slice_eq(gw_edi_str_of(x, n, "carrier"), gw_edi_str_of(x, party, "id")) ||
            !gw_slice_eq(gw_edi_str_of(x, n, "carrier_name"),
                         gw_edi_str_of(x, party, "name")))
            continue;
        for (size_t i = 0; i < 2; i++) {
            struct gw_slice code = gw_edi_str_of(x, n, ends[i].code),
                            name = gw_edi_str_of(x, n, ends[i].name);
            if (!code.len && !name.len)
                continue;
            gw_edi_segment(&x->w, "LOC");
            gw_edi_element_str(&x->w, ends[i].qualifier);
            (void)gw_edi_put_code(x, code, code.len ? "37" : "", code.len ? "288" : "");
            gw_edi_component(&x->w, name);
            gw_edi_end(&x->w);
        }
    }
}

static void write_party(struct gw_edi_writing *x, uint32_t item)
{
    const char *code = gw_edi_code_for(GW_EDI_NAD_ROLE, gw_edi_str_of(x, item, "role"));
    gw_edi_segment(&x->w, "NAD");
    gw_edi_element_str(&x->w, code);
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "id"));
    put_scheme(x, gw_edi_str_of(x, item, "scheme"));
    gw_edi_skip(&x->w, 1);
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "name"));
    gw_edi_skip(&x->w, 4);
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "country"));
    gw_edi_end(&x->w);
    if (strcmp(code, "CA") == 0)
        write_sections(x, item);
}

void gw_edi_write_parties_of(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    uint32_t list = gw_edi_list_of(x, "parties"), i = 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (i >= from && i < to && gw_edi_party_is_written(x, n))
            write_party(x, n);
        i++;
    }
}

void gw_edi_write_parties(struct gw_edi_writing *x)
{
    gw_edi_write_parties_of(x, 0, UINT32_MAX);
}

void gw_edi_write_parties_always(struct gw_edi_writing *x)
{
    uint32_t before = x->w.segments;
    gw_edi_write_parties(x);
    if (x->w.segments > before)
        return;
    gw_edi_segment(&x->w, "NAD");
    gw_edi_element_str(&x->w, "MS");
    gw_edi_element_str(&x->w, x->sender);
    gw_edi_end(&x->w);
}

uint32_t gw_edi_parties_leading(const struct gw_edi_writing *x, const char *roles)
{
    uint32_t list = gw_edi_list_of(x, "parties"), i = 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (gw_edi_party_is_written(x, n) &&
            !gw_edi_among(gw_edi_str_of(x, n, "role"), roles))
            break;
        i++;
    }
    return i;
}

uint32_t gw_edi_party_last(const struct gw_edi_writing *x, const char *roles)
{
    uint32_t list = gw_edi_list_of(x, "parties"), i = 0, last = 0;
    bool found = false;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (gw_edi_party_is_written(x, n)) {
            found = gw_edi_among(gw_edi_str_of(x, n, "role"), roles);
            last = i;
        }
        i++;
    }
    return found ? last : i;
}

static void put_means(struct gw_edi_writing *x, uint32_t leg)
{
    struct gw_slice imo = gw_edi_str_of(x, leg, "means.imo"),
                    call = gw_edi_str_of(x, leg, "means.callsign");
    struct gw_slice plate = gw_edi_str_of(x, leg, "means.plate");
    struct gw_slice id = imo.len ? imo : call.len ? call : plate;
    gw_edi_element(&x->w, id);
    gw_edi_component_str(&x->w, !id.len ? "" : imo.len || !call.len ? "146" : "103");
    gw_edi_component_str(&x->w, "");
    gw_edi_component(&x->w, gw_edi_str_of(x, leg, "means.name"));
}

static bool is_main(const struct gw_edi_writing *x, uint32_t leg)
{
    return gw_slice_is(gw_edi_str_of(x, leg, "stage"), "main");
}

/* Messages about a voyage: the event's own leg is the vessel's. */
static bool of_vessel(const struct gw_edi_writing *x)
{
    return gw_edi_among(gw_slice_str(x->message), "COARRI COPRAR BAPLIE MOVINS");
}

static void write_leg(struct gw_edi_writing *x, uint32_t leg)
{
    struct gw_slice carrier = gw_edi_str_of(x, leg, "carrier"),
                    journey = gw_edi_str_of(x, leg, "journey_no");
    const char *otherwise = of_vessel(x) ? "20" : "1";
    bool coded = carrier.len <= 17;
    gw_edi_segment(&x->w, "TDT");
    gw_edi_element_str(
        &x->w, gw_edi_code_or(GW_EDI_STAGE, gw_edi_str_of(x, leg, "stage"), otherwise));
    gw_edi_element(&x->w, journey.len ? journey : gw_edi_str_of(x, leg, "means.train"));
    gw_edi_element_str(&x->w,
                       gw_edi_code_or(GW_EDI_MODE, gw_edi_str_of(x, leg, "mode"), ""));
    gw_edi_skip(&x->w, 1);
    gw_edi_element(&x->w, coded ? carrier : gw_slice(NULL, 0));
    gw_edi_component_str(&x->w, carrier.len && coded ? "172" : "");
    gw_edi_component_str(&x->w, carrier.len && coded ? "ZZZ" : "");
    gw_edi_component(&x->w, coded ? gw_slice(NULL, 0) : carrier);
    gw_edi_skip(&x->w, 2);
    put_means(x, leg);
    gw_edi_end(&x->w);
}

void gw_edi_write_legs(struct gw_edi_writing *x, enum gw_edi_legs which)
{
    uint32_t own = gw_tree_at(x->t, x->root, "transport");
    uint32_t others = gw_tree_at(x->t, x->root, "ext.other_legs");
    bool vessel = of_vessel(x);
    if (others && gw_node(x->t, others)->kind == GW_ARRAY)
        for (GW_FOREACH_CHILD (x->t, others, n))
            if (which == GW_EDI_LEGS_ALL || is_main(x, n) == (which == GW_EDI_LEGS_MAIN))
                write_leg(x, n);
    if (own && (which == GW_EDI_LEGS_ALL ||
                (is_main(x, own) || vessel) == (which == GW_EDI_LEGS_MAIN)))
        write_leg(x, own);
}

bool gw_edi_has_main_leg(const struct gw_edi_writing *x)
{
    uint32_t own = gw_tree_at(x->t, x->root, "transport");
    uint32_t others = gw_tree_at(x->t, x->root, "ext.other_legs");
    if (others && gw_node(x->t, others)->kind == GW_ARRAY)
        for (GW_FOREACH_CHILD (x->t, others, n))
            if (is_main(x, n))
                return true;
    return own && is_main(x, own);
}
