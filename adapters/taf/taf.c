/* taf.c - TAF TSI messages to events: splits a stream into documents, finds the message
 * in each, and has its reader make the events. */
#include "adapters/taf/taf.h"
#include "adapters/kit/xml_stream.h"

#define MAX_BYTES (16u << 20)

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct taf *t = state;
    t->options = *o;
    gw_xml_init(&t->xml, &gw_xml_limits_default);
    enum gw_error e = gw_tree_init(&t->event, &gw_budget_default);
    return e ? e : gw_maker_open(&t->maker, o, "taf", why);
}

static void close_state(void *state)
{
    struct taf *t = state;
    gw_maker_close(&t->maker);
    gw_tree_deinit(&t->event);
    gw_xml_deinit(&t->xml);
}

static const struct taf_message *message_of(const struct gw_xml *x, uint32_t node)
{
    return GW_CODE_ROW(taf_messages, gw_slice_str(x->nodes[node].name));
}

/* The first element that is a message: the root, or inside an envelope (SOAP and
 * UICMessage of the common interface).  GW_XML_NONE when there is none. */
static uint32_t find_message(const struct gw_xml *x)
{
    const uint32_t most = x->used < 32 ? x->used : 32; /* an envelope is a few elements */
    for (uint32_t n = GW_XML_ROOT; n <= most; n++)
        if (message_of(x, n))
            return n;
    return GW_XML_NONE;
}

static enum gw_error decode_document(struct taf *t, struct gw_slice whole)
{
    enum gw_error e = gw_xml_read(&t->xml, whole, t->report);
    if (e)
        return e;
    t->message = find_message(&t->xml);
    t->report->messages++;
    if (!t->message) {
        t->report->ignored++;
        return GW_OK;
    }
    t->kind = message_of(&t->xml, t->message);
    gw_maker_message(&t->maker, whole);
    e = taf_header(t);
    return e ? e : t->kind->read(t);
}

static enum gw_error decode_all(struct taf *t, struct gw_slice in)
{
    struct gw_xml_stream s = {.text = in};
    enum gw_error e = GW_OK;
    while (!e && gw_xml_stream_next(&s)) {
        uint32_t findings = t->report->finding_count;
        e = decode_document(t, s.document);
        if (s.at)
            gw_xml_stream_place(&s, findings, e != GW_OK, t->report);
    }
    if (!e && t->report->messages == t->report->ignored)
        return gw_xml_refuse(&t->xml, GW_XML_ROOT, GW_FORMAT,
                             "a message of TAF TSI that is carried here",
                             gw_slice(NULL, 0), t->report);
    return e;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct taf *t = state;
    uint32_t before = out->count;
    t->report = report;
    t->out = out;
    enum gw_error e = decode_all(t, in);
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_taf = {.name = "taf",
                                          .standard = "TAF TSI XML (rail freight)",
                                          .edition = "ERA schema 2.1.6 to 3.5.2",
                                          .unit = "line",
                                          .size = sizeof(struct taf),
                                          .max_bytes = MAX_BYTES,
                                          .open = open_state,
                                          .decode = decode,
                                          .encode = taf_encode,
                                          .close = close_state};
