/* telematics.c - one record of a tracker to events: a position or a condition, and what
 * its flags say has happened besides. */
#include "adapters/telematics/telematics.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/json_records.h"
#include "adapters/telematics/shape.h"
#include "model/check_digit.h"
#include <math.h>
#include <stdio.h>

#define MAX_BYTES (4u << 20)

static const struct gw_budget doc_budget = {MAX_BYTES, 24, 256u << 10, 64u << 10};

struct state {
    struct gw_json_records in; /* first: json_records.h */
    const struct gw_tm_shape *shape;
    struct gw_moment when;
    bool late;  /* the record's own time could not be: another one was taken */
    bool fixed; /* lat and lon hold */
    double lat, lon;
};

static enum gw_error refuse(struct state *s, uint32_t node, enum gw_error e,
                            const char *rule, const char *what)
{
    return gw_json_record_refuse(&s->in, node, e, rule, gw_slice_str(what));
}

/* The words of the first of the paths. */
static struct gw_slice words(struct state *s, const char *paths)
{
    return gw_json_record_words(&s->in, gw_tm_find(&s->in.doc, s->in.record, paths));
}

/* ---- when ---- */

/* Seconds, milliseconds, micro- or nanoseconds, by magnitude. */
static bool read_epoch(double v, struct gw_moment *out)
{
    double ms = v < 1e11 ? v * 1e3 : v < 1e14 ? v : v < 1e17 ? v / 1e3 : v / 1e6;
    if (v < 1e6 || v > 4e18)
        return false;
    gw_moment_unix((int64_t)floor(ms + 0.5),
                   v < 1e11 && floor(v) == v ? GW_TO_SECOND : GW_TO_MS, out);
    return true;
}

static bool plausible(int64_t ms)
{
    return ms >= 946684800000 && ms <= 4102444800000; /* the schema's 2000 to 2100 */
}

/* A text time, perhaps with its offset in another member. */
static bool read_text(struct state *s, struct gw_slice text, struct gw_moment *out)
{
    struct gw_slice zone = words(s, s->shape->zone);
    char whole[80];
    struct gw_civil c;
    if (zone.len && text.len + zone.len < sizeof whole) {
        (void)snprintf(whole, sizeof whole, "%.*s%.*s", GW_FMT(text), GW_FMT(zone));
        text = gw_slice_str(whole);
    }
    if (gw_iso_time(text, &c))
        return false;
    if (c.stated == GW_STATED_NOTHING && s->shape->utc)
        c.stated = GW_STATED_UTC;
    gw_moment_of(&s->in.maker.zoning, &c, NULL, out);
    return true;
}

static bool read_moment(struct state *s, uint32_t node, struct gw_moment *out)
{
    const struct gw_node *n = &s->in.doc.tree.nodes[node];
    double v;
    bool read = gw_json_number(&s->in.doc, node, &v) ? read_epoch(v, out)
                : n->kind == GW_STR                  ? read_text(s, n->s, out)
                                                     : false;
    return read && plausible(out->ms);
}

/* The first of the shape's times that can be one. */
static enum gw_error find_time(struct state *s)
{
    const char *paths = s->shape->time;
    struct gw_slice path;
    uint32_t last = GW_NODE_NONE;
    s->late = false;
    while (gw_tm_next(&paths, &path)) {
        uint32_t node = gw_tm_follow(&s->in.doc, s->in.record, path);
        if (!node)
            continue;
        if (read_moment(s, node, &s->when))
            return GW_OK;
        last = node;
        s->late = true;
    }
    return last ? refuse(s, last, GW_TIME, "time", "no time between 2000 and 2100")
                : refuse(s, s->in.record, GW_MISSING, "time", "the record has none");
}

/* ---- where ---- */

static bool is_nothing(const struct state *s, uint32_t node)
{
    const struct gw_node *n = &s->in.doc.tree.nodes[node];
    return n->kind == GW_STR &&
           (!n->s.len || gw_slice_is(n->s, "null") || gw_slice_is(n->s, "NaN"));
}

/* The receiver says itself that it has no fix. */
static bool is_invalid(struct state *s)
{
    uint32_t n = gw_tm_find(&s->in.doc, s->in.record, s->shape->valid);
    return n && s->in.doc.tree.nodes[n].kind == GW_BOOL && !s->in.doc.tree.nodes[n].b;
}

/* No fix: said so, absent, empty, or exactly 0/0. */
static enum gw_error find_position(struct state *s)
{
    uint32_t at[2] = {gw_tm_find(&s->in.doc, s->in.record, s->shape->lat),
                      gw_tm_find(&s->in.doc, s->in.record, s->shape->lon)};
    double unit = s->shape->degrees != 0 ? s->shape->degrees : 1;
    s->fixed = false;
    if (is_invalid(s) || !at[0] || !at[1] || is_nothing(s, at[0]) || is_nothing(s, at[1]))
        return GW_OK;
    if (!gw_json_number(&s->in.doc, at[0], &s->lat))
        return refuse(s, at[0], GW_NUMBER, "coordinate", "no number");
    if (!gw_json_number(&s->in.doc, at[1], &s->lon))
        return refuse(s, at[1], GW_NUMBER, "coordinate", "no number");
    s->lat *= unit;
    s->lon *= unit;
    if (fabs(s->lat) > 90)
        return refuse(s, at[0], GW_OUT_OF_RANGE, "coordinate",
                      "latitude beyond 90 degrees");
    if (fabs(s->lon) > 180)
        return refuse(s, at[1], GW_OUT_OF_RANGE, "coordinate",
                      "longitude beyond 180 degrees");
    s->fixed = s->lat != 0 || s->lon != 0;
    return GW_OK;
}

/* ---- what ---- */

static const char *kind_of(struct gw_slice id)
{
    const char *scheme = gw_check_scheme_of(id);
    if (strcmp(scheme, "iso6346") == 0)
        return "container";
    return strcmp(scheme, "ilu") == 0 ? "swap-body" : NULL;
}

/* What the tracker is fixed to, where it says so; else the device stands for it, and the
 * operator's profile knows which piece of equipment it is on. */
static void put_equipment(struct state *s)
{
    struct gw_slice asset = words(s, s->shape->asset);
    struct gw_slice id = asset.len ? asset : words(s, s->shape->device);
    struct gw_maker *m = &s->in.maker;
    uint32_t item;
    if (!id.len || (s->shape->seal && !asset.len && s->shape->asset))
        return;
    if (gw_check_iso6346(id) != GW_CHECK_NONE || id.len <= 17) {
        item = gw_event_item(m, "equipment");
        gw_event_word(m, item, "kind", kind_of(id));
        gw_event_str(m, item, "id", id);
        if (!kind_of(id))
            gw_event_word(m, item, "scheme", "other");
    } else
        gw_event_note(m, "too-long", GW_SEVERITY_WARN, "equipment[0].id", id);
}

static void put_place(struct state *s)
{
    struct gw_maker *m = &s->in.maker;
    if (s->fixed) {
        gw_event_float(m, m->root, "place.lat", s->lat);
        gw_event_float(m, m->root, "place.lon", s->lon);
    }
}

/* -1 and 361 are what receivers send for a course they do not know. */
static bool is_unknown(const char *kind, double v)
{
    return strcmp(kind, "heading") == 0 && (v < 0 || v > 360);
}

static void put_measures(struct state *s)
{
    const struct gw_tm_measure *row = s->shape->measures;
    const size_t most = sizeof s->shape->measures / sizeof *s->shape->measures;
    for (size_t i = 0; i < most && row[i].path; i++) {
        uint32_t node = gw_tm_find(&s->in.doc, s->in.record, row[i].path);
        double v;
        if (gw_json_number(&s->in.doc, node, &v) && !is_unknown(row[i].kind, v))
            (void)gw_event_measure(&s->in.maker, row[i].kind,
                                   row[i].scale != 0 ? v * row[i].scale : v, row[i].unit);
    }
}

static bool has_measures(struct state *s)
{
    const struct gw_tm_measure *row = s->shape->measures;
    const size_t most = sizeof s->shape->measures / sizeof *s->shape->measures;
    double v;
    for (size_t i = 0; i < most && row[i].path; i++)
        if (gw_json_number(&s->in.doc, gw_tm_find(&s->in.doc, s->in.record, row[i].path),
                           &v))
            return true;
    return false;
}

static void put_seal(struct state *s, const char *type)
{
    struct gw_slice id = words(s, s->shape->seal);
    if (!id.len)
        return;
    uint32_t item = gw_event_item(&s->in.maker, "seals");
    gw_event_str(&s->in.maker, item, "id", id);
    if (strcmp(type, "seal-affixed") == 0)
        gw_event_word(&s->in.maker, item, "state", "affixed");
    if (strcmp(type, "seal-broken") == 0)
        gw_event_word(&s->in.maker, item, "state", "broken");
    gw_event_word(&s->in.maker, item, "kind", "electronic");
}

/* flag: the member that says so, where the vendor has no word for it; or NULL. */
static enum gw_error add(struct state *s, const char *type, const char *flag)
{
    struct gw_maker *m = &s->in.maker;
    gw_event_begin(m, type, "actual", "equipment");
    struct gw_slice reason = words(s, s->shape->reason);
    if (!reason.len)
        reason = gw_slice_str(flag);
    m->full |= !gw_moment_put(&m->tree, m->root, &s->when);
    put_place(s);
    put_equipment(s);
    put_measures(s);
    put_seal(s, type);
    if (reason.len) {
        gw_event_word(m, m->root, "state.list", s->shape->name);
        gw_event_str(m, m->root, "state.code", reason);
    }
    if (s->late)
        gw_event_note(m, "time-of-receipt", GW_SEVERITY_WARN, "time", gw_slice(NULL, 0));
    gw_event_word(m, m->root, "source.message_type", s->shape->name);
    gw_event_int(m, m->root, "source.sequence", s->in.number);
    return gw_json_record_event(&s->in, s->in.record);
}

static bool is_on(struct state *s, const struct gw_tm_signal *row)
{
    uint32_t node = gw_tm_find(&s->in.doc, s->in.record, row->path);
    const struct gw_node *n = &s->in.doc.tree.nodes[node];
    if (!node)
        return false;
    if (n->kind == GW_BOOL)
        return row->value && strcmp(row->value, n->b ? "true" : "false") == 0;
    struct gw_slice w = words(s, row->path);
    return row->value ? gw_slice_is(w, row->value) : w.len != 0;
}

/* One event for each kind of thing that happened. */
static enum gw_error add_signals(struct state *s, bool *any)
{
    const struct gw_tm_signal *row = s->shape->signals;
    const size_t most = sizeof s->shape->signals / sizeof *s->shape->signals;
    enum gw_error e = GW_OK;
    for (size_t i = 0; i < most && row[i].path && !e; i++) {
        bool before = false;
        for (size_t k = 0; k < i; k++)
            before |= strcmp(row[k].type, row[i].type) == 0 && is_on(s, &row[k]);
        if (before || !is_on(s, &row[i]))
            continue;
        e = add(s, row[i].type, row[i].path);
        *any = true;
    }
    return e;
}

static enum gw_error take_record(struct gw_json_records *in)
{
    struct state *s = (struct state *)in;
    bool any = false;
    enum gw_error e = GW_OK;
    if (s->in.doc.tree.nodes[s->in.record].kind != GW_MAP)
        return refuse(s, s->in.record, GW_WRONG_TYPE, "record", "no object");
    e = find_time(s);
    if (!e)
        e = find_position(s);
    if (!e)
        e = add_signals(s, &any);
    if (e)
        return e;
    if (s->fixed && !(any && s->shape->seal && !has_measures(s)))
        return add(s, "position", NULL);
    if (any)
        return GW_OK;
    return add(s, has_measures(s) ? "condition" : "other", NULL);
}

/* ---- the adapter ---- */

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    return gw_json_records_open(state, o, "telematics", &doc_budget, why);
}

static void close_state(void *state)
{
    gw_json_records_close(state);
}

static enum gw_error find_records(struct gw_json_records *in, uint32_t *list)
{
    struct state *s = (struct state *)in;
    s->shape = gw_tm_shape_of(&in->doc);
    if (!s->shape)
        return refuse(s, in->doc.root, GW_FORMAT, "shape",
                      "no vendor's that is known; shapes.c lists them");
    if (*s->shape->records)
        *list = gw_tm_find(&in->doc, in->doc.root, s->shape->records);
    return GW_OK;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    return gw_json_records_decode(state, in, out, report, find_records, take_record);
}

const struct gw_adapter gw_adapter_telematics = {
    .name = "telematics",
    .standard = "trackers, reefers and electronic seals in their vendors' JSON",
    .edition = "18 shapes, shapes.c",
    .size = sizeof(struct state),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .close = close_state};
