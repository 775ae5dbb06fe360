/* rail_smgs.c - consignment notes SMGS, CIM and CIM/SMGS in the UN/CEFACT D.22B shape,
 * JSON or XML, to events.  (The EDIFACT shape, IFTMIN with association OSJD, is the
 * edifact adapter's.) */
#include "adapters/rail_smgs/rail_smgs.h"

#define MAX_BYTES (8u << 20)

/* Source  UNTDID 1001: 720 rail consignment note, 722 road list SMGS; 701 is what the
 * common CIM/SMGS note is announced as in IFTMIN */
const struct rail_note_kind rail_note_kinds[] = {
    {"SMGS", "smgs", "722"}, {"CIM", "cim", "720"}, {"CIM/SMGS", "smgs", "701"},
    {"URL", "smgs", "722"},  {NULL, NULL, NULL},
};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct rail_smgs *s = state;
    enum gw_error e = gw_cefact_open(&s->c, o, "rail_smgs", why);
    if (!e)
        e = gw_tree_init(&s->event, &gw_budget_default);
    if (!e)
        e = gw_tree_init(&s->note, &gw_json_doc_budget);
    return e;
}

static void close_state(void *state)
{
    struct rail_smgs *s = state;
    gw_cefact_close(&s->c);
    gw_tree_deinit(&s->event);
    gw_tree_deinit(&s->note);
}

/* ---- notes ---- */

#define DOCUMENT "exchangedDocument|ExchangedDocument"
#define CONSIGNMENT                                                                      \
    "specifiedConsignment|SpecifiedConsignment|SpecifiedSupplyChainConsignment"

static void choose_kind(struct gw_cefact *c)
{
    uint32_t id = gw_xml_at(&c->xml, c->document, "id|ID");
    struct gw_slice scheme = gw_xml_attr(&c->xml, id, "schemeId");
    const struct rail_note_kind *k = GW_CODE_ROW(rail_note_kinds, scheme);
    if (!scheme.len)
        scheme = gw_xml_attr(&c->xml, id, "schemeID");
    if (!k)
        k = GW_CODE_ROW(rail_note_kinds, scheme);
    if (!k)
        k = rail_note_kinds;
    c->scheme = k->scheme;
    c->code = k->code;
}

static enum gw_error read_note(struct gw_cefact *c, uint32_t note)
{
    const struct gw_xml *x = &c->xml;
    enum gw_error e = GW_OK;
    c->message_type = "rail consignment note";
    c->kind = "consignment-note";
    c->mode = "rail";
    c->document = gw_xml_at(x, note, DOCUMENT);
    c->message_ref = gw_cefact_text(c, c->document, "id|ID");
    c->sequence = 0;
    c->report->messages++;
    uint32_t consignment = gw_xml_at(x, note, CONSIGNMENT);
    if (!c->message_ref.len || !consignment)
        return gw_xml_refuse(
            x, note, GW_MISSING,
            "exchangedDocument with id and specifiedConsignment are required",
            gw_slice(NULL, 0), c->report);
    choose_kind(c);
    for (; consignment && !e;
         consignment = gw_xml_next(x, consignment, x->nodes[consignment].name)) {
        c->consignment = consignment;
        e = gw_cefact_events(c);
    }
    return e;
}

/* A note, a list of notes, or a note under a name of its own. */
static enum gw_error read_root(struct gw_cefact *c, uint32_t root)
{
    const struct gw_xml *x = &c->xml;
    enum gw_error e = GW_OK;
    if (gw_xml_at(x, root, DOCUMENT))
        return read_note(c, root);
    uint32_t note = gw_xml_child(x, root, NULL);
    if (!note)
        return read_note(c, root);
    for (; note && !e; note = gw_xml_next(x, note, NULL))
        e = read_note(c, note);
    return e;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct rail_smgs *s = state;
    return gw_cefact_decode(&s->c, in, out, report, read_root);
}

const struct gw_adapter gw_adapter_rail_smgs = {
    .name = "rail_smgs",
    .standard = "SMGS, CIM and CIM/SMGS consignment notes (UN/CEFACT)",
    .edition = "D.22B",
    .unit = "line",
    .size = sizeof(struct rail_smgs),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .encode = rail_smgs_encode,
    .close = close_state};
