/* event.c - one EPCIS event to the shared schema. */
#include "adapters/epcis/parts.h"
#include "adapters/kit/iso_time.h"
#include <stdio.h>

struct reading {
    struct gw_epcis *c;
    uint32_t event;
    struct gw_slice kind; /* bare type */
    struct gw_slice step; /* bare business step, may be empty */
    bool known;           /* one of the standard's five */
    bool declared;        /* an error declaration is in it */
};

static struct gw_slice text(const struct gw_epcis *c, uint32_t from, const char *key)
{
    return gw_json_text(&c->doc, from, key);
}

static enum gw_error refuse(struct reading *r, uint32_t node, enum gw_error e,
                            const char *rule, const char *what)
{
    return gw_json_doc_refuse(&r->c->doc, node, e, rule, r->c->report, "%s", what);
}

/* ---- time ---- */

/* "+02:00", the offset of the place of the event. */
static enum gw_error read_offset(struct reading *r, int *out)
{
    struct gw_slice s = text(r->c, r->event, "eventTimeZoneOffset");
    char whole[40];
    struct gw_civil c;
    if (!s.len)
        return refuse(r, r->event, GW_MISSING, "required field",
                      "eventTimeZoneOffset is missing");
    (void)snprintf(whole, sizeof whole, "2000-01-01T00:00%.*s",
                   s.len > 10 ? 10 : (int)s.len, (const char *)s.at);
    if (s.len != 6 || gw_iso_time(gw_slice_str(whole), &c))
        return refuse(r, gw_json_get(&r->c->doc, r->event, "eventTimeZoneOffset"),
                      GW_FORMAT, "eventTimeZoneOffset", "no offset like +05:00");
    *out = c.offset_min;
    return GW_OK;
}

static enum gw_error read_time(struct reading *r, uint32_t from, const char *key,
                               struct gw_civil *out)
{
    uint32_t node = gw_json_get(&r->c->doc, from, key);
    struct gw_slice s = text(r->c, from, key);
    char what[80];
    (void)snprintf(what, sizeof what, "%s is missing", key);
    if (!node)
        return refuse(r, from, GW_MISSING, "required field", what);
    (void)snprintf(what, sizeof what, "%.*s", s.len > 60 ? 60 : (int)s.len,
                   (const char *)s.at);
    enum gw_error e = gw_iso_time(s, out);
    return e ? refuse(r, node, e, "date and time", what) : GW_OK;
}

/* The instant as its own text says; the offset is the place's. */
static enum gw_error read_moment(struct reading *r, struct gw_civil *out)
{
    int offset = 0;
    enum gw_error e = read_time(r, r->event, "eventTime", out);
    if (!e)
        e = read_offset(r, &offset);
    if (e)
        return e;
    if (out->stated == GW_STATED_NOTHING)
        gw_json_doc_find(&r->c->doc, gw_json_get(&r->c->doc, r->event, "eventTime"),
                         "no offset", r->c->report, "eventTimeZoneOffset is taken");
    else
        out->local_ms += (int64_t)(offset - out->offset_min) * 60000;
    out->stated = GW_STATED_OFFSET;
    out->offset_min = (int16_t)offset;
    return GW_OK;
}

static void put_instant(struct reading *r, uint32_t from, uint32_t to, const char *key,
                        const char *path)
{
    struct gw_maker *m = &r->c->maker;
    struct gw_slice s = text(r->c, from, key);
    struct gw_civil c;
    if (!s.len)
        return;
    if (gw_iso_time(s, &c))
        gw_event_note(m, "date", GW_SEVERITY_WARN, path, s);
    else
        gw_event_instant(m, to, path, &c, NULL);
}

/* ---- judging what the standard requires ---- */

static enum gw_error check_kind(struct reading *r)
{
    const struct gw_epcis_kind *k = gw_epcis_kinds;
    struct gw_slice whole = text(r->c, r->event, "type"), action;
    r->kind = gw_epcis_bare(whole, "");
    while (k->type && !gw_slice_is(r->kind, k->type))
        k++;
    r->known = k->type != NULL;
    if (!whole.len)
        return refuse(r, r->event, GW_MISSING, "required field", "type is missing");
    if (!r->known && !memchr(whole.at, ':', whole.len))
        return refuse(r, gw_json_get(&r->c->doc, r->event, "type"), GW_UNKNOWN_CODE,
                      "event type", "none of the five, and of no other vocabulary");
    action = text(r->c, r->event, "action");
    if (k->has_action && !action.len)
        return refuse(r, r->event, GW_MISSING, "required field", "action is missing");
    if (k->has_action && !gw_slice_is(action, "ADD") && !gw_slice_is(action, "OBSERVE") &&
        !gw_slice_is(action, "DELETE"))
        return refuse(r, gw_json_get(&r->c->doc, r->event, "action"), GW_UNKNOWN_CODE,
                      "action", "not ADD, OBSERVE or DELETE");
    return GW_OK;
}

static enum gw_error check_quantities(struct reading *r)
{
    static const char *const lists[] = {"quantityList", "childQuantityList",
                                        "inputQuantityList", "outputQuantityList"};
    const struct gw_tree *t = &r->c->doc.tree;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        uint32_t all = gw_json_get(&r->c->doc, r->event, lists[i]);
        if (!all || t->nodes[all].kind != GW_ARRAY)
            continue;
        for (GW_FOREACH_CHILD (t, all, n)) {
            uint32_t q = gw_json_get(&r->c->doc, n, "quantity");
            if (q && t->nodes[q].kind != GW_INT && t->nodes[q].kind != GW_FLOAT)
                return refuse(r, q, GW_WRONG_TYPE, "quantity", "no number");
        }
    }
    return GW_OK;
}

/* Master data of a lot or instance is always of somebody's vocabulary. */
static enum gw_error check_ilmd(struct reading *r)
{
    const struct gw_tree *t = &r->c->doc.tree;
    uint32_t ilmd = gw_json_get(&r->c->doc, r->event, "ilmd");
    if (!ilmd || t->nodes[ilmd].kind != GW_MAP)
        return GW_OK;
    for (GW_FOREACH_CHILD (t, ilmd, n)) {
        struct gw_slice key = t->nodes[n].key;
        if (key.len && !memchr(key.at, ':', key.len))
            return refuse(r, n, GW_FORMAT, "ilmd", "a member without a namespace");
    }
    return GW_OK;
}

static enum gw_error check(struct reading *r)
{
    enum gw_error e = check_kind(r);
    if (!e)
        e = check_quantities(r);
    return e ? e : check_ilmd(r);
}

/* ---- type ---- */

static bool has_alarm(const struct gw_epcis *c, uint32_t event)
{
    uint32_t all = gw_json_get(&c->doc, event, "sensorElementList");
    if (!all || c->doc.tree.nodes[all].kind != GW_ARRAY)
        return false;
    for (GW_FOREACH_CHILD (&c->doc.tree, all, element)) {
        uint32_t reports = gw_json_get(&c->doc, element, "sensorReport");
        if (reports && c->doc.tree.nodes[reports].kind == GW_ARRAY)
            for (GW_FOREACH_CHILD (&c->doc.tree, reports, n))
                if (gw_json_get(&c->doc, n, "exception"))
                    return true;
    }
    return false;
}

/* *unknown: a bare word that is no business step of the standard. */
static const char *type_of(struct reading *r, bool *unknown)
{
    const struct gw_epcis_step *s = gw_epcis_steps;
    bool sensors = gw_json_get(&r->c->doc, r->event, "sensorElementList") != GW_NODE_NONE;
    *unknown = false;
    if (r->declared)
        return "correction";
    if (!r->step.len)
        return !sensors ? "other" : has_alarm(r->c, r->event) ? "alert" : "condition";
    while (s->step && !gw_slice_is(r->step, s->step))
        s++;
    *unknown = !s->step && !memchr(r->step.at, ':', r->step.len);
    if (s->step && strcmp(s->step, "entering_exiting") == 0 &&
        !gw_json_get(&r->c->doc, r->event, "bizLocation"))
        return "gate-out"; /* where it is afterwards is not known: it left */
    if (s->step && strcmp(s->step, "sensor_reporting") == 0 && has_alarm(r->c, r->event))
        return "alert";
    return s->step ? s->type : "other";
}

/* ---- parts ---- */

/* "AbsoluteHumidity" as "absolute-humidity" where the table has no word. */
static struct gw_slice kind_of(struct reading *r, struct gw_slice type)
{
    const char *ours = gw_epcis_ours(gw_epcis_measures, type);
    uint8_t room[64];
    size_t n = 0;
    if (ours)
        return gw_slice_str(ours);
    for (size_t i = 0; i < type.len && n + 2 < sizeof room; i++) {
        uint8_t ch = type.at[i];
        bool capital = ch >= 'A' && ch <= 'Z';
        if (capital && i)
            room[n++] = '-';
        room[n++] = capital ? (uint8_t)(ch + 'a' - 'A') : ch;
    }
    return gw_tree_text(&r->c->maker.tree, gw_slice(room, n));
}

static void put_number(struct reading *r, uint32_t item, const char *path,
                       uint32_t report, const char *key)
{
    double v;
    if (gw_json_number(&r->c->doc, gw_json_get(&r->c->doc, report, key), &v))
        gw_event_float(&r->c->maker, item, path, v);
}

static void put_report(struct reading *r, uint32_t report, uint32_t meta)
{
    struct gw_maker *m = &r->c->maker;
    struct gw_slice type = gw_epcis_bare(text(r->c, report, "type"), "");
    bool numbers = gw_json_get(&r->c->doc, report, "value") ||
                   gw_json_get(&r->c->doc, report, "minValue") ||
                   gw_json_get(&r->c->doc, report, "maxValue");
    if (!type.len || !numbers)
        return;
    uint32_t item = gw_event_item(m, "measures");
    gw_event_str(m, item, "kind", kind_of(r, type));
    put_number(r, item, "value", report, "value");
    gw_event_str(m, item, "unit", text(r->c, report, "uom"));
    put_instant(r, gw_json_get(&r->c->doc, report, "time") ? report : meta, item, "time",
                "time");
    put_number(r, item, "min", report, "minValue");
    put_number(r, item, "max", report, "maxValue");
}

static void put_sensors(struct reading *r)
{
    const struct gw_tree *t = &r->c->doc.tree;
    uint32_t all = gw_json_get(&r->c->doc, r->event, "sensorElementList");
    if (!all || t->nodes[all].kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (t, all, element)) {
        uint32_t meta = gw_json_get(&r->c->doc, element, "sensorMetadata");
        uint32_t reports = gw_json_get(&r->c->doc, element, "sensorReport");
        if (reports && t->nodes[reports].kind == GW_ARRAY)
            for (GW_FOREACH_CHILD (t, reports, n))
                put_report(r, n, meta);
    }
}

static void put_correction(struct reading *r)
{
    struct gw_maker *m = &r->c->maker;
    uint32_t d = gw_json_get(&r->c->doc, r->event, "errorDeclaration");
    struct gw_slice reason = gw_epcis_bare(text(r->c, d, "reason"), "ER");
    struct gw_slice id = text(r->c, r->event, "eventID");
    const char *ours = gw_epcis_ours(gw_epcis_reasons, reason);
    if (gw_slice_is(r->step, "void_shipping") && !d)
        ours = "cancel";
    gw_event_word(m, m->root, "corrects.reason", ours);
    if (d && id.len)
        gw_event_str(m, m->root, "corrects.ids[0]", id);
}

/* Read into the schema whole; all else goes to ext.epcis and back. */
static bool is_read(const struct reading *r, struct gw_slice key)
{
    static const char *const keys[] = {"@context", "eventTime", "recordTime", "bizStep",
                                       "eventTimeZoneOffset"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (gw_slice_is(key, keys[i]))
            return true;
    if (gw_slice_is(key, "type")) /* of another vocabulary: as it was written */
        return r->known;
    return gw_slice_is(key, "eventID") && text(r->c, r->event, "eventID").len <= 64;
}

static bool has_namespaces(const struct gw_tree *t, uint32_t context)
{
    if (!context || t->nodes[context].kind != GW_ARRAY)
        return false;
    for (GW_FOREACH_CHILD (t, context, n))
        if (t->nodes[n].kind == GW_MAP)
            return true;
    return false;
}

static void put_rest(struct reading *r)
{
    const struct gw_tree *t = &r->c->doc.tree;
    uint32_t context = gw_json_get(&r->c->doc, r->event, "@context");
    if (!context)
        context = r->c->context;
    for (GW_FOREACH_CHILD (t, r->event, n)) {
        char key[256];
        if (!is_read(r, t->nodes[n].key) && t->nodes[n].kind != GW_NIL &&
            gw_slice_copy(t->nodes[n].key, key, sizeof key) && key[0])
            gw_event_ext_of(&r->c->maker, "epcis", key, t, n);
    }
    if (has_namespaces(t, context))
        gw_event_ext_of(&r->c->maker, "epcis", "@context", t, context);
}

static void put_source(struct reading *r)
{
    struct gw_maker *m = &r->c->maker;
    struct gw_slice id = text(r->c, r->event, "eventID");
    gw_event_word(m, m->root, "source.format_version", "2.0");
    gw_event_str(m, m->root, "source.message_type", r->kind);
    gw_event_str(m, m->root, "source.message_ref", r->c->message);
    gw_event_int(m, m->root, "source.sequence", r->c->number);
    if (id.len > 64)
        return; /* stays in ext */
    gw_event_str(m, m->root, "source.event_ref", id);
    if (!r->declared) /* a declaration repeats the id of the event it declares */
        gw_event_str(m, m->root, "id", id);
}

static const char *subject_of(const struct gw_maker *m, const char *type)
{
    if (strcmp(type, "correction") == 0)
        return "event";
    return gw_tree_at(&m->tree, m->root, "equipment") ? "equipment" : "consignment";
}

static void put_step(struct reading *r, bool unknown)
{
    struct gw_maker *m = &r->c->maker;
    if (!r->step.len)
        return;
    gw_event_word(m, m->root, "state.list", "GS1 CBV BizStep");
    gw_event_str(m, m->root, "state.code", r->step);
    if (!unknown)
        return;
    gw_event_note(m, "unknown-code", GW_SEVERITY_WARN, "state.code", r->step);
    gw_json_doc_find(&r->c->doc, gw_json_get(&r->c->doc, r->event, "bizStep"),
                     "business step", r->c->report, "not one of the CBV's");
}

/* Its meaning stays in ext; one of no vocabulary is doubted. */
static void doubt_disposition(struct reading *r)
{
    struct gw_slice s = gw_epcis_bare(text(r->c, r->event, "disposition"), "Disp");
    const char *const *d = gw_epcis_dispositions;
    if (!s.len || memchr(s.at, ':', s.len))
        return;
    while (*d && !gw_slice_is(s, *d))
        d++;
    if (!*d)
        gw_event_note(&r->c->maker, "unknown-code", GW_SEVERITY_WARN,
                      "ext.epcis.disposition", s);
}

static void put_places(struct reading *r)
{
    uint32_t read = gw_json_get(&r->c->doc, r->event, "readPoint");
    uint32_t biz = gw_json_get(&r->c->doc, r->event, "bizLocation");
    struct gw_slice at = text(r->c, read, "id");
    if (!at.len)
        at = text(r->c, biz, "id");
    if (at.len)
        gw_epcis_put_place(r->c, "place", at);
}

static enum gw_error finish(struct reading *r)
{
    struct gw_fault f = {0};
    enum gw_error e = gw_event_end(&r->c->maker, r->c->events, &f);
    if (e)
        return gw_json_doc_refuse(&r->c->doc, r->event, e,
                                  f.rule ? f.rule : gw_error_text(e), r->c->report, "%s",
                                  f.field);
    return GW_OK;
}

enum gw_error gw_epcis_event(struct gw_epcis *c, uint32_t node)
{
    struct reading r = {.c = c, .event = node};
    struct gw_maker *m = &c->maker;
    struct gw_civil when;
    bool unknown;
    enum gw_error e;

    if (c->doc.tree.nodes[node].kind != GW_MAP)
        return refuse(&r, node, GW_WRONG_TYPE, "event", "no object");
    e = check(&r);
    if (!e)
        e = read_moment(&r, &when);
    if (e)
        return e;
    r.declared = gw_json_get(&c->doc, node, "errorDeclaration") != GW_NODE_NONE;
    r.step = gw_epcis_bare(text(c, node, "bizStep"), "BizStep");
    const char *type = type_of(&r, &unknown);
    gw_event_begin(m, type, "actual", NULL);
    gw_event_moment(m, &when, NULL);
    put_instant(&r, node, m->root, "recordTime", "recorded");
    put_places(&r);
    gw_epcis_put_things(c, node);
    put_sensors(&r);
    put_step(&r, unknown);
    doubt_disposition(&r);
    if (strcmp(type, "correction") == 0)
        put_correction(&r);
    put_source(&r);
    put_rest(&r);
    gw_event_word(m, m->root, "subject", subject_of(m, type));
    return finish(&r);
}
