/* dcsa.c - DCSA's JSON messages as a format. */
#include "adapters/dcsa/dcsa.h"
#include "adapters/dcsa/parts.h"
#include <stdio.h>

#define MAX_BYTES (8u << 20)

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct gw_dcsa *d = state;
    enum gw_error e = gw_maker_open(&d->maker, o, "dcsa", why);
    if (!e)
        e = gw_json_doc_init(&d->doc, &gw_json_doc_budget);
    if (!e)
        e = gw_tree_init(&d->out, &gw_json_doc_budget);
    if (e == GW_NOMEM)
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

static void close_state(void *state)
{
    struct gw_dcsa *d = state;
    gw_maker_close(&d->maker);
    gw_json_doc_deinit(&d->doc);
    gw_tree_deinit(&d->out);
}

/* ---- which of the shapes ---- */

static bool has(const struct gw_dcsa *d, uint32_t map, const char *key)
{
    return gw_json_get(&d->doc, map, key) != GW_NODE_NONE;
}

/* False when the object is no event. */
static bool shape_of(const struct gw_dcsa *d, uint32_t node, enum gw_dcsa_shape *shape)
{
    static const struct {
        const char *key;
        enum gw_dcsa_shape shape;
    } rows[] = {{"metadata", GW_DCSA_BETA},
                {"eventClassification", GW_DCSA_30},
                {"operationsEventTypeCode", GW_DCSA_JIT},
                {"portCallService", GW_DCSA_CALL},
                {"eventType", GW_DCSA_22}};
    if (d->doc.tree.nodes[node].kind != GW_MAP)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (has(d, node, rows[i].key)) {
            *shape = rows[i].shape;
            return true;
        }
    return false;
}

static enum gw_error decode_event(struct gw_dcsa *d, uint32_t node)
{
    enum gw_dcsa_shape shape;
    d->number++;
    if (!shape_of(d, node, &shape))
        return gw_json_doc_refuse(&d->doc, node, GW_FORMAT, "event structure", d->report,
                                  "no event of DCSA");
    return gw_dcsa_event(d, node, shape);
}

/* So that a single one is refused as it is. */
static void forget(struct gw_dcsa *d)
{
    d->report->fault = (struct gw_fault){0};
    d->report->detail[0] = 0;
}

enum gw_error gw_dcsa_set_aside(struct gw_dcsa *d, enum gw_error e)
{
    struct gw_report *r = d->report;
    const uint32_t most = sizeof r->findings / sizeof *r->findings;
    if (!e || e == GW_NOMEM)
        return e;
    if (!d->refused++) {
        d->fault = r->fault;
        d->refused_number = d->number;
        memcpy(d->detail, r->detail, sizeof d->detail);
    }
    if (r->finding_count++ < most) {
        struct gw_finding *f = &r->findings[r->finding_count - 1];
        *f = (struct gw_finding){
            .at = r->fault.at, .segment = d->number, .rule = r->fault.rule};
        (void)snprintf(f->detail, sizeof f->detail, "refused: %.80s", r->detail);
    }
    forget(d);
    return GW_OK;
}

/* All of them were refused: the message is, for the first one's reason. */
static enum gw_error refuse_all(struct gw_dcsa *d)
{
    d->report->fault = d->fault;
    memcpy(d->report->detail, d->detail, sizeof d->detail);
    d->number = d->refused_number;
    return d->fault.code;
}

static enum gw_error decode_list(struct gw_dcsa *d, uint32_t list)
{
    enum gw_error e = GW_OK;
    for (GW_FOREACH_CHILD (&d->doc.tree, list, n)) {
        e = gw_dcsa_set_aside(d, decode_event(d, n));
        if (e)
            break;
    }
    return e;
}

static enum gw_error decode_document(struct gw_dcsa *d)
{
    const struct gw_tree *t = &d->doc.tree;
    uint32_t events = gw_json_get(&d->doc, d->doc.root, "events");
    enum gw_dcsa_shape shape;
    enum gw_error e = gw_dcsa_more(d);

    if (e != GW_NOT_FOUND)
        return e;
    if (t->nodes[d->doc.root].kind == GW_ARRAY)
        return decode_list(d, d->doc.root);
    if (events && t->nodes[events].kind == GW_ARRAY)
        return decode_list(d, events);
    if (shape_of(d, d->doc.root, &shape))
        return decode_event(d, d->doc.root);
    return gw_json_doc_refuse(&d->doc, d->doc.root, GW_FORMAT, "document kind", d->report,
                              "neither events nor another message of DCSA that reports "
                              "what happened");
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct gw_dcsa *d = state;
    uint32_t before = out->count;
    d->report = report;
    d->events = out;
    d->number = d->refused = 0;
    enum gw_error e = gw_json_doc_read(&d->doc, in, report);
    if (!e) {
        gw_maker_message(&d->maker, in);
        report->messages = 1;
        e = decode_document(d);
        if (!e && d->refused && out->count == before)
            e = refuse_all(d);
        report->segment = e ? d->number : 0;
    }
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_dcsa = {
    .name = "dcsa",
    .standard =
        "DCSA Track & Trace, IoT, Reefer, Just-in-Time and Port Call messages (JSON)",
    .edition = "T&T 2.2 and 3.0, IoT and Reefer 1.0 beta, JIT 1.0-1.2, Port Call 2.0",
    .size = sizeof(struct gw_dcsa),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .encode = gw_dcsa_encode,
    .close = close_state};
