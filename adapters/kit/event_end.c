/* event_end.c - finish an event: lengths, what follows from it, the schema's verdict. */
#include "adapters/kit/event_make.h"
#include "model/canon.h"
#include "model/countries.h"
#include "model/shape.h"
#include "model/trail.h"
#include "pipeline/enrich.h"
#include "pipeline/validate.h"

#define TEXT_MAX 256 /* rows of at least this are words for people, and may be cut */

/* ---- lengths ---- */

static struct gw_slice cut(struct gw_slice s, size_t most)
{
    while (most && (s.at[most] & 0xC0) == 0x80)
        most--;
    return gw_slice(s.at, most);
}

static void note_length(struct gw_maker *m, const struct gw_trail *up,
                        const struct gw_field *row, struct gw_slice value)
{
    char path[129];
    size_t n = gw_trail_text(up, gw_slice(row->name, row->name_len), path, 128);
    path[n] = 0;
    m->shortened = true;
    gw_quality_note(&m->tree, m->root, "too-long", GW_SEVERITY_WARN, path, value);
}

/* A text that is too long: shortened, or taken out.  True when it is gone. */
static bool shorten(struct gw_maker *m, const struct gw_trail *up, uint32_t map,
                    uint32_t node, const struct gw_field *row)
{
    struct gw_node *n = &m->tree.nodes[node];
    struct gw_slice whole = n->s;
    size_t most = row->max < gw_budget_default.string_bytes
                      ? row->max
                      : gw_budget_default.string_bytes;
    if (n->kind != GW_STR || row->kind != GW_STR || row->words || n->s.len <= most)
        return false;
    if (row->max >= TEXT_MAX)
        n->s = cut(n->s, most);
    else
        gw_tree_detach(&m->tree, map, node);
    note_length(m, up, row, whole);
    return row->max < TEXT_MAX;
}

static void shorten_map(struct gw_maker *m, const struct gw_trail *up, uint32_t map,
                        const struct gw_shape *s);

static void shorten_list(struct gw_maker *m, const struct gw_trail *up, uint32_t list,
                         const struct gw_field *row)
{
    struct gw_trail here = {up, row, 0};
    uint32_t next;
    for (uint32_t n = m->tree.nodes[list].first; n; n = next, here.index++) {
        uint64_t has = 0;
        next = m->tree.nodes[n].next;
        if (m->tree.nodes[n].kind != GW_MAP)
            continue;
        shorten_map(m, &here, n, row->shape);
        for (GW_FOREACH_CHILD (&m->tree, n, child))
            if (m->tree.nodes[child].field < 64)
                has |= 1ull << m->tree.nodes[child].field;
        if ((has & row->shape->required) != row->shape->required)
            gw_tree_detach(&m->tree, list, n); /* it lost what makes it one */
    }
}

static void shorten_map(struct gw_maker *m, const struct gw_trail *up, uint32_t map,
                        const struct gw_shape *s)
{
    uint32_t next;
    for (uint32_t n = m->tree.nodes[map].first; n; n = next) {
        uint8_t field = m->tree.nodes[n].field;
        next = m->tree.nodes[n].next;
        if (field >= s->count || shorten(m, up, map, n, &s->fields[field]))
            continue;
        const struct gw_field *row = &s->fields[field];
        struct gw_trail here = {up, row, -1};
        if (row->shape && m->tree.nodes[n].kind == GW_MAP)
            shorten_map(m, &here, n, row->shape);
        else if (row->shape && m->tree.nodes[n].kind == GW_ARRAY &&
                 row != gw_shape_path(&gw_shape_event, "quality"))
            shorten_list(m, up, n, row);
    }
}

/* ---- places ---- */

/* A code that cannot be one is kept, and doubted. */
static void doubt_unlocodes(struct gw_maker *m)
{
    static const char *const paths[] = {"place.unlocode", "place_from.unlocode",
                                        "place_to.unlocode"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct gw_slice code = gw_tree_str(&m->tree, m->root, paths[i]);
        if (code.len &&
            !(gw_locode_has_form(code) && gw_country_known(gw_slice(code.at, 2))))
            gw_event_note(m, "unlocode", GW_SEVERITY_WARN, paths[i], code);
    }
}

/* ---- the end ---- */

/* Fit, shorten, fit again where that left something empty, and fill in. */
static enum gw_error complete(struct gw_maker *m, struct gw_fault *fault)
{
    enum gw_error e = gw_shape_fit(&m->tree, m->root, fault);
    uint32_t used = m->tree.used;
    m->shortened = false;
    if (!e) {
        shorten_map(m, NULL, m->root, &gw_shape_event);
        doubt_unlocodes(m);
    }
    if (!e && (m->shortened || m->tree.used != used))
        e = gw_shape_fit(&m->tree, m->root, fault);
    if (!e)
        e = gw_enrich(m->zoning.places, GW_DIGITS_WARN, &m->tree, m->root, fault);
    return e ? e : gw_shape_check(&m->tree, m->root, fault);
}

static enum gw_error weigh(struct gw_maker *m, struct gw_fault *fault)
{
    uint32_t used = m->tree.used;
    gw_buf_reset(&m->check);
    if (used > gw_budget_default.elements)
        return gw_fail(fault, GW_ELEMENTS, 0, "room in an event");
    if (gw_canon_write(&m->tree, m->root, &m->check) ||
        m->check.len > gw_budget_default.event_bytes)
        return gw_fail(fault, GW_EVENT_SIZE, 0, "room in an event");
    return GW_OK;
}

enum gw_error gw_event_end(struct gw_maker *m, struct gw_events *out,
                           struct gw_fault *fault)
{
    enum gw_error e;
    gw_event_word(m, m->root, "source.format", m->format);
    gw_event_word(m, m->root, "source.sha256", m->sha256);
    if (m->full)
        return gw_fail(fault, GW_ELEMENTS, 0, "room in an event");
    e = complete(m, fault);
    if (!e)
        e = weigh(m, fault);
    if (!e && gw_events_add_bytes(out, gw_buf_bytes(&m->check)))
        e = gw_fail(fault, GW_NOMEM, 0, "room for one more event");
    return e;
}
