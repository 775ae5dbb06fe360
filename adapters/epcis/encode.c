/* encode.c - events to an EPCIS 2.0 document.
 *
 * An event that came as EPCIS has its members in ext.epcis and gets them back; another is
 * made of its equipment, references, place and measures. */
#include "adapters/epcis/parts.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/tree_copy.h"
#include "model/json.h"
#include <stdio.h>

#define CONTEXT "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

struct writing {
    const struct gw_tree *in;
    uint32_t event, ext; /* ext.epcis */
    struct gw_tree *out;
    uint32_t to;
    bool full;
};

static struct gw_slice text(const struct writing *w, const char *path)
{
    return gw_tree_str(w->in, w->event, path);
}

static void put(struct writing *w, const char *path, struct gw_slice v)
{
    if (v.len && !gw_tree_set_str(w->out, w->to, path, v))
        w->full = true;
}

static void put_text(struct writing *w, const char *path, const char *v)
{
    put(w, path, gw_tree_text(w->out, gw_slice_str(v)));
}

/* ---- what and when ---- */

/* Its own step, or the one of its type; empty when there is none. */
static struct gw_slice step_of(const struct writing *w)
{
    if (gw_slice_is(text(w, "state.list"), "GS1 CBV BizStep"))
        return text(w, "state.code");
    if (gw_slice_is(text(w, "source.format"), "epcis"))
        return gw_slice(NULL, 0); /* it came without */
    for (const struct gw_epcis_step *s = gw_epcis_steps; s->step; s++)
        if (gw_slice_is(text(w, "type"), s->type) && strcmp(s->type, "other") != 0)
            return gw_slice_str(s->step);
    return gw_slice(NULL, 0);
}

static bool put_time(struct writing *w)
{
    int offset = (int)gw_tree_int(w->in, w->event, "time_offset", 0);
    int64_t ms = gw_tree_int(w->in, w->event, "time", 0);
    char iso[GW_ISO_TIME_SIZE], zone[8];
    int away = offset < 0 ? -offset : offset;
    if (gw_iso_time_exact(ms, offset, false,
                          text(w, "time_precision").len ? GW_TO_SECOND : GW_TO_MS, iso))
        return false;
    put_text(w, "eventTime", iso);
    (void)snprintf(zone, sizeof zone, "%c%02d:%02d", offset < 0 ? '-' : '+',
                   away / 60 % 100, away % 60);
    put_text(w, "eventTimeZoneOffset", zone);
    ms = gw_tree_int(w->in, w->event, "recorded", INT64_MIN);
    if (ms != INT64_MIN && !gw_iso_time_exact(ms, 0, true, GW_TO_MS, iso))
        put_text(w, "recordTime", iso);
    return true;
}

static bool is_kind(struct gw_slice name)
{
    for (const struct gw_epcis_kind *k = gw_epcis_kinds; k->type; k++)
        if (gw_slice_is(name, k->type))
            return true;
    return false;
}

/* ---- an event of another format ---- */

static void put_epc(struct writing *w, unsigned i, const char *uri)
{
    char path[32];
    (void)snprintf(path, sizeof path, "epcList[%u]", i);
    put_text(w, path, uri);
}

/* A key as it is written in a reference, to its Digital Link. */
static bool link_of(struct gw_slice value, char out[96])
{
    for (const struct gw_epcis_key *k = gw_epcis_keys; k->name; k++) {
        size_t n = strlen(k->name);
        if (value.len > n + 1 && memcmp(value.at, k->name, n) == 0 &&
            value.at[n] == ':') {
            (void)snprintf(out, 96, "https://id.gs1.org/%s/%.*s", k->ai,
                           (int)(value.len - n - 1), (const char *)value.at + n + 1);
            return true;
        }
    }
    return false;
}

/* Containers have a URN of the standard's, other equipment one of ours. */
static unsigned put_equipment(struct writing *w)
{
    uint32_t list = gw_tree_at(w->in, w->event, "equipment");
    unsigned n = 0;
    char uri[96];
    if (!list)
        return 0;
    for (GW_FOREACH_CHILD (w->in, list, item)) {
        struct gw_slice id = gw_tree_str(w->in, item, "id");
        struct gw_slice scheme = gw_tree_str(w->in, item, "scheme");
        if (!id.len)
            continue;
        if (!scheme.len)
            scheme = GW_LIT("other");
        if (gw_slice_is(scheme, "iso6346"))
            (void)snprintf(uri, sizeof uri, "urn:epc:id:bic:%.*s", GW_FMT(id));
        else
            (void)snprintf(uri, sizeof uri, "urn:x-karvan:%.*s:%.*s", GW_FMT(scheme),
                           GW_FMT(id));
        put_epc(w, n++, uri);
    }
    return n;
}

static void put_paper(struct writing *w, struct gw_slice scheme, struct gw_slice value)
{
    uint32_t list = gw_tree_at(w->out, w->to, "bizTransactionList");
    unsigned i = list ? gw_node(w->out, list)->count : 0;
    const char *type = gw_epcis_theirs(gw_epcis_transactions, scheme);
    char path[64], uri[96];
    (void)snprintf(uri, sizeof uri, "urn:x-karvan:%.*s:%.*s", GW_FMT(scheme),
                   GW_FMT(value));
    (void)snprintf(path, sizeof path, "bizTransactionList[%u].bizTransaction", i);
    put_text(w, path, uri);
    if (!type)
        return;
    (void)snprintf(path, sizeof path, "bizTransactionList[%u].type", i);
    put_text(w, path, type);
}

static unsigned put_references(struct writing *w, unsigned epcs)
{
    uint32_t list = gw_tree_at(w->in, w->event, "references");
    char uri[96];
    if (!list)
        return epcs;
    for (GW_FOREACH_CHILD (w->in, list, n)) {
        struct gw_slice value = gw_tree_str(w->in, n, "value");
        if (link_of(value, uri))
            put_epc(w, epcs++, uri);
        else
            put_paper(w, gw_tree_str(w->in, n, "scheme"), value);
    }
    return epcs;
}

static void put_place(struct writing *w)
{
    struct gw_slice code = text(w, "place.unlocode"), raw = text(w, "place.raw");
    uint32_t lat = gw_tree_at(w->in, w->event, "place.lat");
    uint32_t lon = gw_tree_at(w->in, w->event, "place.lon");
    char uri[96];
    if (raw.len && memchr(raw.at, ':', raw.len)) {
        put(w, "readPoint.id", raw);
        return;
    }
    if (code.len)
        (void)snprintf(uri, sizeof uri, "https://vocabulary.uncefact.org/unlocode#%.*s",
                       GW_FMT(code));
    else if (lat && lon)
        (void)snprintf(uri, sizeof uri, "geo:%.10g,%.10g", gw_node(w->in, lat)->f,
                       gw_node(w->in, lon)->f);
    else
        return;
    put_text(w, "readPoint.id", uri);
    if (gw_slice_is(text(w, "type"), "gate-in"))
        put_text(w, "bizLocation.id", uri);
}

static void put_value(struct writing *w, unsigned i, uint32_t item, const char *key,
                      const char *ours)
{
    uint32_t n = gw_tree_at(w->in, item, ours);
    char path[64];
    if (!n || gw_node(w->in, n)->kind != GW_FLOAT)
        return;
    (void)snprintf(path, sizeof path, "sensorElementList[0].sensorReport[%u].%s", i, key);
    w->full |= !gw_tree_set_float(w->out, w->to, path, gw_node(w->in, n)->f);
}

static void put_measures(struct writing *w)
{
    unsigned i = 0;
    char path[64];
    for (GW_FOREACH_CHILD (w->in, gw_tree_at(w->in, w->event, "measures"), item)) {
        const char *type =
            gw_epcis_theirs(gw_epcis_measures, gw_tree_str(w->in, item, "kind"));
        if (!type)
            continue;
        (void)snprintf(path, sizeof path, "sensorElementList[0].sensorReport[%u].type",
                       i);
        put_text(w, path, type);
        put_value(w, i, item, "value", "value");
        put_value(w, i, item, "minValue", "min");
        put_value(w, i, item, "maxValue", "max");
        (void)snprintf(path, sizeof path, "sensorElementList[0].sensorReport[%u].uom", i);
        put(w, path, gw_tree_str(w->in, item, "unit"));
        int64_t ms = gw_tree_int(w->in, item, "time", INT64_MIN);
        char iso[GW_ISO_TIME_SIZE];
        (void)snprintf(path, sizeof path, "sensorElementList[0].sensorReport[%u].time",
                       i);
        if (ms != INT64_MIN && !gw_iso_time_text(ms, 0, true, iso))
            put_text(w, path, iso);
        i++;
    }
}

static bool make(struct writing *w, const char **why)
{
    unsigned epcs = put_equipment(w);
    epcs = put_references(w, epcs);
    put_text(w, "action", "OBSERVE");
    put_place(w);
    put_measures(w);
    if (!epcs && !gw_tree_at(w->out, w->to, "sensorElementList"))
        *why = "an object event needs an identifier";
    return epcs || gw_tree_at(w->out, w->to, "sensorElementList");
}

/* ---- an event that came as EPCIS ---- */

static bool restore(struct writing *w)
{
    for (GW_FOREACH_CHILD (w->in, w->ext, n))
        if (!gw_tree_copy(w->out, w->to, gw_node(w->in, n)->key, w->in, n))
            w->full = true;
    if (!gw_tree_at(w->out, w->to, "sensorElementList"))
        put_measures(w); /* it was too much for ext */
    return true;
}

static bool put_event(struct writing *w, const char **why)
{
    struct gw_slice step = step_of(w), kind = text(w, "source.message_type");
    bool own = gw_slice_is(text(w, "source.format"), "epcis");
    w->ext = gw_tree_at(w->in, w->event, "ext.epcis");
    *why = NULL;
    if (!gw_slice_is(text(w, "class"), "actual"))
        *why = "EPCIS tells what happened, not what is planned or expected";
    else if (!step.len && !own)
        *why = "EPCIS has no business step for this type of event";
    if (*why)
        return false;
    put(w, "type", own && kind.len ? kind : GW_LIT("ObjectEvent"));
    if (!put_time(w)) {
        *why = "a time outside the years 1 to 9999";
        return false;
    }
    put(w, "eventID",
        text(w, "source.event_ref").len || own ? text(w, "source.event_ref")
                                               : gw_slice(NULL, 0));
    put(w, "bizStep", step);
    if (!w->ext)
        return own && !is_kind(kind) ? true : make(w, why);
    return restore(w);
}

/* ---- a message ---- */

static enum gw_error encode_event(struct gw_epcis *c, struct gw_slice event,
                                  struct gw_buf *out, const char **why)
{
    struct writing w = {.in = &c->maker.tree, .out = &c->out};
    size_t used;
    *why = "no canonical event";
    if (gw_tree_read(&c->maker.tree, event, &used, &w.event, NULL))
        return GW_RANGE;
    w.to = gw_tree_root(w.out);
    if (!put_event(&w, why))
        return GW_RANGE;
    *why = "the event has more than a message takes";
    return w.full ? GW_RANGE : gw_json_write(w.out, w.to, out);
}

/* The document is dated by its latest event: the same events give the same document. */
static void put_head(struct gw_epcis *c, const struct gw_events *events,
                     struct gw_buf *out)
{
    int64_t latest = 0;
    char iso[GW_ISO_TIME_SIZE] = "1970-01-01T00:00:00Z";
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        if (gw_tree_read(&c->maker.tree, gw_events_at(events, i), &used, &root, NULL))
            continue;
        int64_t ms = gw_tree_int(&c->maker.tree, root, "time", 0);
        latest = ms > latest ? ms : latest;
    }
    if (gw_iso_time_text(latest, 0, true, iso))
        return;
    gw_buf_printf(out,
                  "{\"@context\":[\"%s\"],\"type\":\"EPCISDocument\",\"schemaVersion\":"
                  "\"2.0\",\"creationDate\":\"%s\",\"epcisBody\":{\"eventList\":[",
                  CONTEXT, iso);
}

enum gw_error gw_epcis_encode(void *state, const struct gw_events *events,
                              struct gw_buf *out, struct gw_fault *fault)
{
    struct gw_epcis *c = state;
    size_t start = out->len;
    enum gw_error e = GW_OK;
    const char *why = NULL;
    uint32_t i;

    put_head(c, events, out);
    for (i = 0; i < events->count && !e; i++) {
        gw_buf_str(out, i ? ",\n" : "\n");
        e = encode_event(c, gw_events_at(events, i), out, &why);
    }
    gw_buf_str(out, "\n]}}\n");
    if (!e)
        e = gw_buf_status(out);
    if (e)
        out->len = start;
    return e ? gw_fail(fault, e, i - 1, why) : GW_OK;
}
