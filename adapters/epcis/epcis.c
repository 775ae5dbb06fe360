/* epcis.c - EPCIS documents, query documents, lists and bare events as a format. */
#include "adapters/epcis/epcis.h"
#include "adapters/epcis/parts.h"

#define MAX_BYTES (8u << 20)

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct gw_epcis *c = state;
    enum gw_error e = gw_maker_open(&c->maker, o, "epcis", why);
    if (!e)
        e = gw_json_doc_init(&c->doc, &gw_json_doc_budget);
    if (!e)
        e = gw_tree_init(&c->out, &gw_json_doc_budget);
    if (e == GW_NOMEM)
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

static void close_state(void *state)
{
    struct gw_epcis *c = state;
    gw_maker_close(&c->maker);
    gw_json_doc_deinit(&c->doc);
    gw_tree_deinit(&c->out);
}

static enum gw_error decode_list(struct gw_epcis *c, uint32_t list)
{
    enum gw_error e = GW_OK;
    for (GW_FOREACH_CHILD (&c->doc.tree, list, n)) {
        c->number++;
        e = gw_epcis_event(c, n);
        if (e)
            break;
    }
    return e;
}

/* Where a document has its events: a list, or a single one. */
static uint32_t events_of(const struct gw_epcis *c)
{
    static const char *const paths[] = {
        "epcisBody.eventList", "epcisBody.queryResults.resultsBody.eventList",
        "epcisBody.queryResults.resultsBody.event", "epcisBody.event", "eventList"};
    uint32_t n = GW_NODE_NONE;
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !n; i++)
        n = gw_tree_at(&c->doc.tree, c->doc.root, paths[i]);
    return n;
}

static bool is_version(struct gw_slice s)
{
    return !s.len || gw_slice_starts(s, GW_LIT("2."));
}

static enum gw_error decode_document(struct gw_epcis *c, uint32_t body)
{
    uint32_t events = events_of(c);
    uint32_t version = gw_json_get(&c->doc, c->doc.root, "schemaVersion");
    char room[32];
    if (version && !is_version(gw_json_words(&c->doc, version, room)))
        return gw_json_doc_refuse(&c->doc, version, GW_UNKNOWN_CODE, "schemaVersion",
                                  c->report, "only EPCIS 2 is JSON");
    if (!events)
        return gw_json_doc_refuse(&c->doc, body, GW_MISSING, "required field", c->report,
                                  "no eventList");
    c->context = gw_json_get(&c->doc, c->doc.root, "@context");
    c->message = gw_json_text(&c->doc, c->doc.root, "instanceIdentifier");
    if (c->message.len > 64)
        c->message = gw_slice(NULL, 0);
    if (c->doc.tree.nodes[events].kind == GW_ARRAY)
        return decode_list(c, events);
    c->number = 1;
    return gw_epcis_event(c, events);
}

static enum gw_error decode_whole(struct gw_epcis *c)
{
    uint32_t root = c->doc.root;
    uint32_t body = gw_json_get(&c->doc, root, "epcisBody");
    if (c->doc.tree.nodes[root].kind == GW_ARRAY)
        return decode_list(c, root);
    if (body || gw_json_get(&c->doc, root, "eventList"))
        return decode_document(c, body ? body : root);
    if (gw_json_get(&c->doc, root, "type") && gw_json_get(&c->doc, root, "eventTime")) {
        c->number = 1;
        return gw_epcis_event(c, root);
    }
    return gw_json_doc_refuse(&c->doc, root, GW_FORMAT, "document kind", c->report,
                              "neither a document nor an event of EPCIS");
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct gw_epcis *c = state;
    uint32_t before = out->count;
    c->report = report;
    c->events = out;
    c->number = 0;
    c->context = GW_NODE_NONE;
    c->message = gw_slice(NULL, 0);
    enum gw_error e = gw_json_doc_read(&c->doc, in, report);
    if (!e) {
        gw_maker_message(&c->maker, in);
        report->messages = 1;
        e = decode_whole(c);
        report->segment = e ? c->number : 0;
    }
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_epcis = {
    .name = "epcis",
    .standard = "GS1 EPCIS and Core Business Vocabulary (JSON, JSON-LD)",
    .edition = "2.0",
    .size = sizeof(struct gw_epcis),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .encode = gw_epcis_encode,
    .close = close_state};
