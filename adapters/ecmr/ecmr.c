/* ecmr.c - electronic CMR consignment notes (XML and JSON) and eFTI data sets,
 * identifiers and their responses (XML) to events. */
#include "adapters/kit/cefact.h"

#define MAX_BYTES (8u << 20)

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    return gw_cefact_open(state, o, "ecmr", why);
}

static void close_state(void *state)
{
    gw_cefact_close(state);
}

/* ---- eCMR ---- */

static enum gw_error read_note(struct gw_cefact *c, uint32_t note)
{
    const struct gw_xml *x = &c->xml;
    c->message_type = "eCMR";
    c->kind = "cmr";
    c->code = "730"; /* UNTDID 1001, road consignment note */
    c->scheme = "cmr";
    c->mode = "road";
    c->document = gw_xml_at(x, note, "ExchangedDocument|exchangedDocument");
    c->consignment = gw_xml_at(
        x, note, "SpecifiedSupplyChainConsignment|specifiedSupplyChainConsignment");
    c->message_ref = gw_cefact_text(c, c->document, "ID|id");
    if (!c->consignment || !c->message_ref.len)
        return gw_xml_refuse(
            x, note, GW_MISSING,
            "ExchangedDocument with ID and SpecifiedSupplyChainConsignment "
            "are required",
            gw_slice(NULL, 0), c->report);
    return gw_cefact_events(c);
}

/* ---- eFTI ---- */

static enum gw_error read_consignment(struct gw_cefact *c, uint32_t consignment)
{
    const struct gw_xml *x = &c->xml;
    uint32_t up = x->nodes[consignment].parent;
    c->message_type = "eFTI consignment";
    c->kind = c->code = c->mode = NULL;
    c->scheme = "waybill";
    c->document = GW_XML_NONE;
    c->consignment = consignment;
    c->message_ref = gw_xml_text(x, consignment, "uil/datasetId");
    if (!c->message_ref.len)
        c->message_ref = gw_xml_attr(x, up, "requestId");
    return gw_cefact_events(c);
}

/* A gate's answer: the consignments it found, or why there is none (status as of HTTP).
 */
static enum gw_error read_response(struct gw_cefact *c, uint32_t response)
{
    const struct gw_xml *x = &c->xml;
    struct gw_maker *m = &c->maker;
    uint32_t consignment = gw_xml_child(x, response, "consignment");
    struct gw_slice status = gw_xml_attr(x, response, "status");
    enum gw_error e = GW_OK;
    for (; consignment && !e; consignment = gw_xml_next(x, consignment, "consignment"))
        e = read_consignment(c, consignment);
    if (e || c->out->count > c->first)
        return e;
    if (!status.len || gw_slice_is(status, "200"))
        return gw_xml_refuse(x, response, GW_MISSING, "a consignment in the response",
                             gw_slice(NULL, 0), c->report);
    gw_event_begin(m, "technical-error", "actual", NULL);
    gw_event_str(m, m->root, "source.message_type",
                 gw_slice_str(x->nodes[response].name));
    gw_event_word(m, m->root, "state.list", "eFTI gate status");
    gw_event_str(m, m->root, "state.code", status);
    gw_event_str(m, m->root, "state.text", gw_xml_text(x, response, "description"));
    struct gw_moment now, moment;
    gw_moment_unix(c->now_ms, GW_TO_MS, &now); /* the answer carries no time at all */
    gw_moment_of_message(&now, &moment);
    if (!gw_moment_put(&m->tree, m->root, &moment))
        m->full = true;
    return gw_event_end(m, c->out, &c->report->fault);
}

/* ---- documents ---- */

/* Root elements; those of JSON stand below the document. */
static const struct {
    const char *name;
    enum gw_error (*read)(struct gw_cefact *c, uint32_t root);
} roots[] = {{"eCMR", read_note},
             {"consignment", read_consignment},
             {"identifierResponse", read_response},
             {"uilResponse", read_response}};

static enum gw_error read_root(struct gw_cefact *c, uint32_t root)
{
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (gw_xml_named(&c->xml, root, roots[i].name))
            return roots[i].read(c, root);
    return gw_xml_refuse(&c->xml, root, GW_FORMAT,
                         "an eCMR, an eFTI consignment or a gate's response",
                         gw_slice(NULL, 0), c->report);
}

static enum gw_error read_message(struct gw_cefact *c, uint32_t root)
{
    uint32_t below = c->is_json ? gw_xml_child(&c->xml, root, NULL) : GW_XML_NONE;
    return read_root(c, below ? below : root);
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    report->messages = 1;
    return gw_cefact_decode(state, in, out, report, read_message);
}

const struct gw_adapter gw_adapter_ecmr = {
    .name = "ecmr",
    .standard = "UN/CEFACT eCMR (XML, JSON); eFTI data sets",
    .edition = "eCMR 1 (RAM 101); eFTI v1",
    .unit = "line",
    .size = sizeof(struct gw_cefact),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .close = close_state};
