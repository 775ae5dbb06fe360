/* ncts.c - messages of the New Computerised Transit System to events: one for the
 * message, and further ones where it lists more containers than an event can. */
#include "adapters/ncts/ncts.h"

#define MAX_BYTES (16u << 20)
#define EQUIPMENT_MOST                                                                   \
    60 /* of the event's 64; wagons and trailers of the means come first */
#define SEALS_MOST 64

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct ncts *n = state;
    gw_xml_init(&n->xml, &gw_xml_limits_default);
    return gw_maker_open(&n->maker, o, "ncts", why);
}

static void close_state(void *state)
{
    struct ncts *n = state;
    gw_maker_close(&n->maker);
    gw_xml_deinit(&n->xml);
}

/* ---- header ---- */

/* Each stands once in every message. */
static const char *const header_fields[] = {"messageSender", "messageRecipient",
                                            "preparationDateAndTime",
                                            "messageIdentification", "messageType"};

static enum gw_error check_header(struct ncts *n)
{
    const struct gw_xml *x = &n->xml;
    for (size_t i = 0; i < sizeof header_fields / sizeof *header_fields; i++) {
        uint32_t field = gw_xml_child(x, GW_XML_ROOT, header_fields[i]);
        if (!gw_xml_text(x, field, "").len)
            return gw_xml_refuse(x, GW_XML_ROOT, GW_MISSING, "required header field",
                                 gw_slice_str(header_fields[i]), n->report);
        if (gw_xml_next(x, field, header_fields[i]))
            return gw_xml_refuse(x, gw_xml_next(x, field, header_fields[i]), GW_FORMAT,
                                 "header field stands once", gw_slice(NULL, 0),
                                 n->report);
    }
    struct gw_slice type = gw_xml_text(x, GW_XML_ROOT, "messageType");
    if (!gw_slice_is(type, n->kind->root))
        return gw_xml_refuse(x, gw_xml_child(x, GW_XML_ROOT, "messageType"), GW_FORMAT,
                             "messageType is that of the root element", type, n->report);
    return gw_xml_time_required(x, GW_XML_ROOT, "preparationDateAndTime", &n->prepared,
                                n->report);
}

/* An amendment names the movement by its MRN, or by the LRN while it has none yet. */
static enum gw_error check_operation(struct ncts *n)
{
    const struct gw_xml *x = &n->xml;
    uint32_t op = gw_xml_child(x, GW_XML_ROOT, "TransitOperation");
    if (strcmp(n->kind->root, "CC013C") == 0 && gw_xml_text(x, op, "MRN").len &&
        gw_xml_text(x, op, "LRN").len)
        return gw_xml_refuse(x, op, GW_FORMAT, "MRN or LRN, not both",
                             gw_xml_text(x, op, "MRN"), n->report);
    return GW_OK;
}

/* ---- events ---- */

static void put_source(struct ncts *n)
{
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    static const struct {
        const char *element, *role;
    } ends[] = {{"messageSender", "sender"}, {"messageRecipient", "receiver"}};
    gw_event_str(m, m->root, "source.format_version",
                 gw_xml_attr(x, GW_XML_ROOT, "PhaseID"));
    gw_event_word(m, m->root, "source.message_type", n->kind->root);
    gw_event_str(m, m->root, "source.message_ref",
                 gw_xml_text(x, GW_XML_ROOT, "messageIdentification"));
    gw_event_str(m, m->root, "source.interchange_ref",
                 gw_xml_text(x, GW_XML_ROOT, "correlationIdentifier"));
    gw_event_int(m, m->root, "source.sequence", ++n->sequence);
    for (size_t i = 0; i < 2; i++) {
        uint32_t party = gw_event_item(m, "parties");
        gw_event_word(m, party, "role", ends[i].role);
        gw_event_str(m, party, "id", gw_xml_text(x, GW_XML_ROOT, ends[i].element));
    }
    gw_event_word(m, m->root, "state.list", "NCTS message");
    gw_event_word(m, m->root, "state.code", n->kind->root);
    gw_event_word(m, m->root, "state.text", n->kind->text);
    gw_event_word(m, m->root, "corrects.reason", n->kind->corrects);
}

/* Times are local at the office and carry no offset. */
static enum gw_error put_time(struct ncts *n)
{
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    struct gw_slice country = gw_tree_str(&m->tree, m->root, "place.country");
    const struct gw_place *at = ncts_country_place(n, country);
    uint32_t element = n->kind->time ? gw_xml_find(x, GW_XML_ROOT, n->kind->time) : 0;
    struct gw_civil when;
    struct gw_moment message, moment;
    bool there;

    enum gw_error e = gw_xml_time(x, element, "", &when, &there, n->report);
    if (e)
        return e;
    gw_event_instant(m, m->root, "recorded", &n->prepared, at);
    if (there) {
        gw_event_moment(m, &when, at);
        return GW_OK;
    }
    gw_moment_of(&m->zoning, &n->prepared, at, &message);
    gw_moment_of_message(&message, &moment);
    if (!gw_moment_put(&m->tree, m->root, &moment))
        m->full = true;
    return GW_OK;
}

static enum gw_error begin(struct ncts *n)
{
    const struct gw_xml *x = &n->xml;
    uint32_t office = gw_xml_child(x, GW_XML_ROOT, n->kind->office);
    gw_event_begin(&n->maker, n->kind->type, "actual", n->kind->subject);
    put_source(n);
    ncts_office(n, n->maker.root, "place", office);
    ncts_facts(n);
    return put_time(n);
}

static enum gw_error end(struct ncts *n)
{
    struct gw_fault fault = {0};
    enum gw_error e = gw_event_end(&n->maker, n->out, &fault);
    if (!e)
        return GW_OK;
    (void)gw_xml_refuse(&n->xml, GW_XML_ROOT, e, fault.rule, gw_slice_str(fault.field),
                        n->report);
    return e;
}

static uint32_t count_seals(const struct ncts *n, uint32_t equipment)
{
    uint32_t count = 0;
    for (uint32_t s = gw_xml_child(&n->xml, equipment, "Seal"); s;
         s = gw_xml_next(&n->xml, s, "Seal"))
        count++;
    return count;
}

static void put_equipment(struct ncts *n, uint32_t equipment)
{
    struct gw_maker *m = &n->maker;
    const struct gw_xml *x = &n->xml;
    struct gw_slice number = gw_xml_text(x, equipment, "containerIdentificationNumber");
    if (number.len) /* without one it is a load that is sealed, in no container */
        (void)gw_event_equipment(m, "container", number);
    for (uint32_t s = gw_xml_child(x, equipment, "Seal"); s;
         s = gw_xml_next(x, s, "Seal")) {
        uint32_t seal = gw_event_item(m, "seals");
        gw_event_str(m, seal, "id", gw_xml_text(x, s, "identifier"));
    }
}

static enum gw_error make_events(struct ncts *n)
{
    const struct gw_xml *x = &n->xml;
    uint32_t consignment = gw_xml_child(x, GW_XML_ROOT, "Consignment");
    uint32_t listed = 0, sealed = 0;
    enum gw_error e = begin(n);
    for (uint32_t q = gw_xml_child(x, consignment, "TransportEquipment"); q && !e;
         q = gw_xml_next(x, q, "TransportEquipment")) {
        uint32_t seals = count_seals(n, q);
        if (listed == EQUIPMENT_MOST || (sealed && sealed + seals > SEALS_MOST)) {
            e = end(n);
            if (!e)
                e = begin(n);
            listed = sealed = 0;
        }
        if (!e)
            put_equipment(n, q);
        listed++;
        sealed += seals;
    }
    return e ? e : end(n);
}

static enum gw_error decode_message(struct ncts *n, struct gw_slice in)
{
    const struct gw_xml *x = &n->xml;
    enum gw_error e = gw_xml_read(&n->xml, in, n->report);
    if (e)
        return e;
    n->report->messages = 1;
    n->kind = GW_CODE_ROW(ncts_messages, gw_slice_str(x->nodes[GW_XML_ROOT].name));
    if (!n->kind)
        return gw_xml_refuse(x, GW_XML_ROOT, GW_FORMAT, "a message of NCTS",
                             gw_slice(NULL, 0), n->report);
    n->sequence = 0;
    gw_maker_message(&n->maker, in);
    e = check_header(n);
    if (!e)
        e = check_operation(n);
    return e ? e : make_events(n);
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct ncts *n = state;
    uint32_t before = out->count;
    n->report = report;
    n->out = out;
    enum gw_error e = decode_message(n, in);
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_ncts = {
    .name = "ncts",
    .standard = "NCTS transit messages CCxxxC; eTIR (experimental)",
    .edition = "NCTS phase 5",
    .unit = "line",
    .size = sizeof(struct ncts),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .close = close_state};
