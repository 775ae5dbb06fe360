/* event_make.c - begin and fill an event; event_end.c finishes it. */
#include "adapters/kit/event_make.h"
#include "adapters/kit/tree_copy.h"
#include "base/hash.h"
#include "model/shape.h"
#include <math.h>
#include <stdio.h>

#define EXT_DEPTH 6 /* below the event's map and ext */

enum gw_error gw_maker_open(struct gw_maker *m, const struct gw_options *options,
                            const char *format, struct gw_text *why)
{
    *m = (struct gw_maker){.format = format};
    gw_buf_init(&m->check, 2 * (size_t)gw_budget_default.event_bytes);
    enum gw_error e = gw_tree_init(&m->tree, &gw_budget_default);
    if (e)
        gw_text_set(why, "%s", gw_error_text(e));
    return e ? e : gw_zoning_open(&m->zoning, options, why);
}

void gw_maker_close(struct gw_maker *m)
{
    gw_tree_deinit(&m->tree);
    gw_zoning_close(&m->zoning);
    gw_buf_deinit(&m->check);
    *m = (struct gw_maker){0};
}

void gw_maker_message(struct gw_maker *m, struct gw_slice in)
{
    uint8_t hash[32];
    gw_sha256(in, hash);
    gw_hex(hash, sizeof hash, m->sha256);
}

void gw_event_begin(struct gw_maker *m, const char *type, const char *class,
                    const char *subject)
{
    m->root = gw_tree_root(&m->tree);
    m->full = !m->root;
    gw_event_int(m, m->root, "schema", 1);
    gw_event_word(m, m->root, "type", type);
    gw_event_word(m, m->root, "class", class);
    gw_event_word(m, m->root, "subject", subject);
}

/* ---- values ---- */

static void put(struct gw_maker *m, uint32_t node)
{
    if (!node)
        m->full = true;
}

void gw_event_str(struct gw_maker *m, uint32_t from, const char *path, struct gw_slice v)
{
    if (from && v.len)
        put(m, gw_tree_set_str(&m->tree, from, path, v));
}

void gw_event_word(struct gw_maker *m, uint32_t from, const char *path, const char *v)
{
    gw_event_str(m, from, path, gw_slice_str(v));
}

void gw_event_int(struct gw_maker *m, uint32_t from, const char *path, int64_t v)
{
    if (from)
        put(m, gw_tree_set_int(&m->tree, from, path, v));
}

void gw_event_float(struct gw_maker *m, uint32_t from, const char *path, double v)
{
    if (!isfinite(v))
        gw_event_note(m, "number", GW_SEVERITY_WARN, path, gw_slice(NULL, 0));
    else if (from)
        put(m, gw_tree_set_float(&m->tree, from, path, v));
}

void gw_event_note(struct gw_maker *m, const char *rule, enum gw_severity severity,
                   const char *field, struct gw_slice raw)
{
    if (m->root)
        gw_quality_note(&m->tree, m->root, rule, severity, field, raw);
}

/* ---- items of lists ---- */

uint32_t gw_event_item(struct gw_maker *m, const char *list)
{
    const struct gw_field *row = gw_shape_path(&gw_shape_event, list);
    struct gw_slice key = gw_slice_str(list);
    uint32_t array, item;

    if (!m->root || !row)
        return GW_NODE_NONE;
    array = gw_tree_child(&m->tree, m->root, key);
    if (!array)
        array = gw_tree_put_array(&m->tree, m->root, key);
    if (array && m->tree.nodes[array].count >= row->max) {
        gw_event_note(m, "list-full", GW_SEVERITY_WARN, list, gw_slice(NULL, 0));
        return GW_NODE_NONE;
    }
    item = gw_tree_put_map(&m->tree, array, gw_slice(NULL, 0));
    put(m, item);
    return item;
}

/* Upper case, without what people put between the groups of a number. */
static struct gw_slice bare(struct gw_maker *m, struct gw_slice number)
{
    uint8_t room[64];
    size_t n = 0;
    if (!number.len || number.len > sizeof room)
        return number;
    for (size_t i = 0; i < number.len; i++) {
        uint8_t c = number.at[i];
        if (strchr(" -./\t", c) && c)
            continue;
        room[n++] = c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
    }
    if (n == number.len && memcmp(room, number.at, n) == 0)
        return number;
    return gw_tree_text(&m->tree, gw_slice(room, n));
}

uint32_t gw_event_equipment(struct gw_maker *m, const char *kind, struct gw_slice number)
{
    char field[40];
    struct gw_slice id = bare(m, number);
    uint32_t item = gw_event_item(m, "equipment");
    uint32_t list = gw_tree_child(&m->tree, m->root, GW_LIT("equipment"));

    gw_event_word(m, item, "kind", kind);
    gw_event_str(m, item, "id", id);
    if (item && !gw_slice_eq(id, number)) {
        (void)snprintf(field, sizeof field, "equipment[%u].id",
                       (unsigned)m->tree.nodes[list].count - 1);
        gw_event_note(m, "normalised", GW_SEVERITY_INFO, field, number);
    }
    return item;
}

static bool has_reference(const struct gw_maker *m, const char *scheme,
                          struct gw_slice value)
{
    uint32_t list = gw_tree_child(&m->tree, m->root, GW_LIT("references"));
    if (!list)
        return false;
    for (GW_FOREACH_CHILD (&m->tree, list, n))
        if (gw_slice_is(gw_tree_str(&m->tree, n, "scheme"), scheme) &&
            gw_slice_eq(gw_tree_str(&m->tree, n, "value"), value))
            return true;
    return false;
}

void gw_event_reference(struct gw_maker *m, const char *scheme, struct gw_slice value)
{
    if (!value.len || !m->root || has_reference(m, scheme, value))
        return;
    uint32_t item = gw_event_item(m, "references");
    gw_event_word(m, item, "scheme", scheme);
    gw_event_str(m, item, "value", value);
}

uint32_t gw_event_measure(struct gw_maker *m, const char *kind, double value,
                          const char *unit)
{
    if (!isfinite(value)) {
        gw_event_note(m, "number", GW_SEVERITY_WARN, "measures", gw_slice_str(kind));
        return GW_NODE_NONE;
    }
    uint32_t item = gw_event_item(m, "measures");
    gw_event_word(m, item, "kind", kind);
    gw_event_float(m, item, "value", value);
    gw_event_word(m, item, "unit", unit);
    return item;
}

/* ---- ext ---- */

/* May it be copied?  Counts what it would take. */
static bool fits(const struct gw_tree *from, uint32_t node, unsigned depth,
                 uint32_t *left)
{
    const struct gw_node *n = &from->nodes[node];
    if (!*left || n->key.len > gw_budget_default.string_bytes)
        return false;
    --*left;
    if (n->kind == GW_STR)
        return n->s.len <= gw_budget_default.string_bytes;
    if (n->kind < GW_ARRAY)
        return true;
    if (!depth)
        return false;
    for (GW_FOREACH_CHILD (from, node, child))
        if (!fits(from, child, depth - 1, left))
            return false;
    return true;
}

/* Find or make a map below `from`. */
static uint32_t map_of(struct gw_maker *m, uint32_t from, struct gw_slice key)
{
    uint32_t map = gw_tree_child(&m->tree, from, key);
    if (!map)
        map = gw_tree_put_map(&m->tree, from, key);
    put(m, map);
    return map;
}

void gw_event_ext_of(struct gw_maker *m, const char *group, const char *key,
                     const struct gw_tree *from, uint32_t node)
{
    uint32_t left = gw_budget_default.elements / 4, to;
    if (!m->root || !node)
        return;
    if (!fits(from, node, group ? EXT_DEPTH - 1 : EXT_DEPTH, &left)) {
        gw_event_note(m, "left-out", GW_SEVERITY_WARN, key, gw_slice(NULL, 0));
        return;
    }
    to = map_of(m, m->root, GW_LIT("ext"));
    if (to && group)
        to = map_of(m, to, gw_slice_str(group));
    if (to && !gw_tree_copy(&m->tree, to, gw_tree_text(&m->tree, gw_slice_str(key)), from,
                            node))
        m->full = true;
}

void gw_event_ext(struct gw_maker *m, const char *key, const struct gw_tree *from,
                  uint32_t node)
{
    gw_event_ext_of(m, NULL, key, from, node);
}

/* ---- place and time ---- */

const struct gw_place *gw_event_known_place(const struct gw_maker *m)
{
    return gw_zoning_place(&m->zoning, &m->tree,
                           gw_tree_child(&m->tree, m->root, GW_LIT("place")));
}

void gw_event_moment(struct gw_maker *m, const struct gw_civil *c,
                     const struct gw_place *place)
{
    struct gw_moment moment;
    gw_moment_of(&m->zoning, c, place, &moment);
    if (m->root && !gw_moment_put(&m->tree, m->root, &moment))
        m->full = true;
}

void gw_event_instant(struct gw_maker *m, uint32_t from, const char *path,
                      const struct gw_civil *c, const struct gw_place *place)
{
    struct gw_moment moment;
    gw_moment_of(&m->zoning, c, place, &moment);
    gw_event_int(m, from, path, moment.ms);
}
