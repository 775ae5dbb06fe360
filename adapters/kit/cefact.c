/* cefact.c - the events of a consignment in UN/CEFACT's words. */
#include "adapters/kit/cefact.h"
#include "adapters/kit/iso_time.h"
#include <stdio.h>

/* ---- a message ---- */

enum gw_error gw_cefact_open(struct gw_cefact *c, const struct gw_options *o,
                             const char *format, struct gw_text *why)
{
    gw_xml_init(&c->xml, &gw_xml_limits_default);
    c->now_ms = o->now_ms;
    enum gw_error e = gw_json_doc_init(&c->json, &gw_json_doc_budget);
    return e ? e : gw_maker_open(&c->maker, o, format, why);
}

void gw_cefact_close(struct gw_cefact *c)
{
    gw_maker_close(&c->maker);
    gw_json_doc_deinit(&c->json);
    gw_xml_deinit(&c->xml);
}

static enum gw_error read_document(struct gw_cefact *c, struct gw_slice in)
{
    c->is_json = gw_json_doc_begins(in);
    if (!c->is_json)
        return gw_xml_read(&c->xml, in, c->report);
    enum gw_error e = gw_json_doc_read(&c->json, in, c->report);
    return e ? e : gw_xml_of_json(&c->xml, &c->json, c->report);
}

enum gw_error gw_cefact_decode(struct gw_cefact *c, struct gw_slice in,
                               struct gw_events *out, struct gw_report *report,
                               gw_cefact_read_fn read)
{
    c->report = report;
    c->out = out;
    c->first = out->count;
    c->sequence = 0;
    gw_maker_message(&c->maker, in);
    enum gw_error e = read_document(c, in);
    if (!e)
        e = read(c, GW_XML_ROOT);
    if (e)
        gw_events_cut(out, c->first);
    return e;
}

/* ---- values ---- */

struct gw_slice gw_cefact_text(const struct gw_cefact *c, uint32_t from, const char *path)
{
    const struct gw_xml *x = &c->xml;
    uint32_t n = gw_xml_at(x, from, path);
    struct gw_slice text = gw_xml_text(x, n, "");
    return text.len ? text
                    : gw_xml_text(x, n, "DateTime|dateTime|DateTimeString|content|value");
}

static bool all_digits(struct gw_slice s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (i >= s.len || s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

/* CCYYMMDDHHMM[SS][offset] becomes the basic form of ISO 8601 with its T. */
static enum gw_error compact_time(struct gw_slice text, struct gw_civil *out)
{
    char room[32];
    if (text.len > 20)
        return GW_FORMAT;
    (void)snprintf(room, sizeof room, "%.8sT%.*s", (const char *)text.at,
                   (int)text.len - 8, (const char *)text.at + 8);
    return gw_iso_time(gw_slice_str(room), out);
}

/* UNTDID 2379: 205 and 304 are with an offset, the others without. */
enum gw_error gw_cefact_time(struct gw_slice text, struct gw_civil *out, bool *no_offset,
                             struct gw_slice format)
{
    enum gw_error e = text.len > 8 && all_digits(text, 12) ? compact_time(text, out)
                                                           : gw_iso_time(text, out);
    *no_offset = !e && out->stated == GW_STATED_NOTHING &&
                 (gw_slice_is(format, "205") || gw_slice_is(format, "304"));
    return e;
}

/* A time of the document, with what it says about itself. */
struct when {
    struct gw_civil civil;
    bool there, no_offset;
};

static enum gw_error read_time(struct gw_cefact *c, uint32_t from, const char *path,
                               struct when *w)
{
    const struct gw_xml *x = &c->xml;
    uint32_t n = gw_xml_at(x, from, path);
    struct gw_slice text = gw_cefact_text(c, n, "");
    struct gw_slice format = gw_xml_attr(x, n, "formatId");
    if (!format.len)
        format = gw_xml_attr(x, n, "format");
    *w = (struct when){0};
    if (!text.len)
        return GW_OK;
    enum gw_error e = gw_cefact_time(text, &w->civil, &w->no_offset, format);
    if (e)
        return gw_xml_refuse(x, n, e, "date and time", text, c->report);
    w->there = true;
    if (w->no_offset)
        gw_xml_note(x, n, "format with offset, and none given", text, c->report);
    return GW_OK;
}

/* ---- one event ---- */

static void begin(struct gw_cefact *c, const char *type, const char *class)
{
    struct gw_maker *m = &c->maker;
    gw_event_begin(m, type, class, NULL);
    gw_event_word(m, m->root, "source.message_type", c->message_type);
    gw_event_str(m, m->root, "source.message_ref", c->message_ref);
    gw_event_int(m, m->root, "source.sequence", ++c->sequence);
}

static enum gw_error finish(struct gw_cefact *c, const struct when *w)
{
    struct gw_maker *m = &c->maker;
    struct gw_fault fault = {0};
    gw_cefact_facts(c);
    if (w->no_offset)
        gw_event_note(m, "offset-missing", GW_SEVERITY_WARN, "time", gw_slice(NULL, 0));
    gw_event_moment(m, &w->civil, gw_event_known_place(m));
    enum gw_error e = gw_event_end(m, c->out, &fault);
    if (!e)
        return GW_OK;
    return gw_xml_refuse(&c->xml, c->consignment, e, fault.rule,
                         gw_slice_str(fault.field), c->report);
}

#define ACCEPTANCE                                                                       \
    "CarrierAcceptanceLogisticsLocation|carrierAcceptanceLogisticsLocation|"             \
    "carrierAcceptanceLocation"
#define RECEIPT                                                                          \
    "ConsigneeReceiptLogisticsLocation|consigneeReceiptLogisticsLocation|"               \
    "consigneeReceiptLocation"

static enum gw_error document_event(struct gw_cefact *c)
{
    struct when w;
    enum gw_error e = read_time(c, c->document, "IssueDateTime|issueDateTime", &w);
    if (e || !w.there)
        return e;
    begin(c, "document-issued", "actual");
    gw_cefact_place(c, c->maker.root, "place",
                    gw_xml_at(&c->xml, c->consignment, ACCEPTANCE));
    return finish(c, &w);
}

static enum gw_error acceptance_event(struct gw_cefact *c)
{
    struct when w;
    enum gw_error e = read_time(
        c, c->consignment, "CarrierAcceptanceDateTime|carrierAcceptanceDateTime", &w);
    if (e || !w.there)
        return e;
    begin(c, "picked-up", "actual");
    gw_cefact_place(c, c->maker.root, "place",
                    gw_xml_at(&c->xml, c->consignment, ACCEPTANCE));
    return finish(c, &w);
}

/* ---- transport events ---- */

/* How the time of a transport event is called, and what class of event it gives. */
static const struct {
    const char *path, *class;
} occurrences[] = {
    {"ActualOccurrenceDateTime|actualOccurrenceDateTime", "actual"},
    {"EstimatedOccurrenceDateTime|estimatedOccurrenceDateTime", "estimated"},
    {"ScheduledOccurrenceDateTime|scheduledOccurrenceDateTime", "planned"},
    {"PlannedOccurrenceDateTime|plannedOccurrenceDateTime", "planned"},
    {"ScheduledOccurrenceSpecifiedPeriod|scheduledOccurrencePeriod/"
     "StartDateTime|startDateTime",
     "planned"},
    {"RequestedOccurrenceDateTime|requestedOccurrenceDateTime", "requested"},
};

/* Elements of a consignment or of a movement that are transport events. */
struct kind {
    const char *path, *type;
    const char *location; /* of the consignment, where the event names none */
};

static const struct kind of_consignment[] = {
    {"PickUpTransportEvent|pickUpTransportEvent|pickUpEvent", "picked-up", ACCEPTANCE},
    {"DeliveryTransportEvent|deliveryTransportEvent|deliveryEvent", "delivered", RECEIPT},
    {"ExaminationTransportEvent|examinationTransportEvent|examinationEvent",
     "customs-inspection", NULL},
    {"TransportEvent|transportEvent", "other", NULL},
};

static const struct kind of_movement[] = {
    {"DepartureTransportEvent|departureTransportEvent|departureEvent", "depart", NULL},
    {"ArrivalTransportEvent|arrivalTransportEvent|arrivalEvent", "arrive", NULL},
    {"TransshipmentIntermediateEvent|transshipmentIntermediateEvent", "transship", NULL},
    {"SpecifiedTransportEvent|specifiedTransportEvent|specifiedEvent", "other", NULL},
};

static enum gw_error transport_event(struct gw_cefact *c, uint32_t event,
                                     const struct kind *k)
{
    const struct gw_xml *x = &c->xml;
    struct gw_maker *m = &c->maker;
    uint32_t location = gw_xml_at(
        x, event,
        "OccurrenceLogisticsLocation|occurrenceLogisticsLocation|occurrenceLocation");
    enum gw_error e = GW_OK;
    if (!location && k->location)
        location = gw_xml_at(x, c->consignment, k->location);
    for (size_t i = 0; !e && i < sizeof occurrences / sizeof *occurrences; i++) {
        struct when w;
        e = read_time(c, event, occurrences[i].path, &w);
        if (e || !w.there)
            continue;
        begin(c, k->type, occurrences[i].class);
        gw_cefact_place(c, m->root, "place", location);
        gw_event_str(m, m->root, "state.code",
                     gw_cefact_text(c, event, "TypeCode|typeCode|ID|id"));
        gw_event_str(m, m->root, "state.text",
                     gw_cefact_text(c, event, "Description|description"));
        if (gw_tree_child(&m->tree, m->root, GW_LIT("state")))
            gw_event_word(m, m->root, "state.list", "UN/CEFACT transport event");
        gw_event_str(m, m->root, "cause.text",
                     gw_cefact_text(c, event,
                                    "RelatedSpecifiedObservation|relatedObservation/"
                                    "Description|description"));
        if (gw_tree_child(&m->tree, m->root, GW_LIT("cause")))
            gw_event_word(m, m->root, "cause.scheme", "free");
        e = finish(c, &w);
    }
    return e;
}

static enum gw_error events_of(struct gw_cefact *c, uint32_t of, const struct kind *kinds,
                               size_t count)
{
    const struct gw_xml *x = &c->xml;
    enum gw_error e = GW_OK;
    for (size_t i = 0; !e && i < count; i++)
        for (uint32_t n = gw_xml_at(x, of, kinds[i].path); n && !e;
             n = gw_xml_next(x, n, x->nodes[n].name))
            e = transport_event(c, n, &kinds[i]);
    return e;
}

static enum gw_error movement_events(struct gw_cefact *c)
{
    static const struct kind stop = {"", "pass", NULL};
    const struct gw_xml *x = &c->xml;
    enum gw_error e = GW_OK;
    for (uint32_t v = gw_xml_at(x, c->consignment, GW_CEFACT_MOVEMENT); v && !e;
         v = gw_xml_next(x, v, x->nodes[v].name)) {
        e = events_of(c, v, of_movement, sizeof of_movement / sizeof *of_movement);
        for (uint32_t r = gw_xml_at(x, v, GW_CEFACT_STOP); r && !e;
             r = gw_xml_next(x, r, x->nodes[r].name))
            e = transport_event(c, r, &stop);
    }
    return e;
}

enum gw_error gw_cefact_events(struct gw_cefact *c)
{
    uint32_t before = c->out->count;
    enum gw_error e = document_event(c);
    if (!e)
        e = acceptance_event(c);
    if (!e)
        e = events_of(c, c->consignment, of_consignment,
                      sizeof of_consignment / sizeof *of_consignment);
    if (!e)
        e = movement_events(c);
    if (!e && c->out->count == before)
        e = gw_xml_refuse(&c->xml, c->consignment, GW_MISSING,
                          "a time of issue, acceptance, delivery or another event",
                          gw_slice(NULL, 0), c->report);
    return e;
}
