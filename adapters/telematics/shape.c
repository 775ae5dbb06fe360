/* shape.c - finding values and shapes. */
#include "adapters/telematics/shape.h"

/* The item of a list one of whose members is a word. */
static uint32_t pick(const struct gw_json_doc *d, uint32_t list, struct gw_slice where)
{
    const uint8_t *eq = where.len ? memchr(where.at, '=', where.len) : NULL;
    if (!eq || !list || d->tree.nodes[list].kind != GW_ARRAY)
        return GW_NODE_NONE;
    struct gw_slice key = gw_slice(where.at, (size_t)(eq - where.at));
    struct gw_slice word = gw_slice(eq + 1, where.len - key.len - 1);
    for (GW_FOREACH_CHILD (&d->tree, list, n)) {
        uint32_t member = gw_tree_child(&d->tree, n, key);
        if (member && d->tree.nodes[member].kind == GW_STR &&
            gw_slice_eq(d->tree.nodes[member].s, word))
            return n;
    }
    return GW_NODE_NONE;
}

static uint32_t step(const struct gw_json_doc *d, uint32_t from, struct gw_slice s)
{
    const uint8_t *open = s.len ? memchr(s.at, '[', s.len) : NULL;
    if (!open || s.at[s.len - 1] != ']')
        return gw_tree_child(&d->tree, from, s);
    size_t n = (size_t)(open - s.at);
    uint32_t list = n ? gw_tree_child(&d->tree, from, gw_slice(s.at, n)) : from;
    return pick(d, list, gw_slice(open + 1, s.len - n - 2));
}

uint32_t gw_tm_follow(const struct gw_json_doc *d, uint32_t from, struct gw_slice path)
{
    if (path.len && path.at[0] == '^') {
        from = d->root;
        path = gw_slice(path.at + 1, path.len - 1);
    }
    while (from && path.len) {
        const uint8_t *slash = memchr(path.at, '/', path.len);
        size_t n = slash ? (size_t)(slash - path.at) : path.len;
        from = step(d, from, gw_slice(path.at, n));
        n += slash != NULL;
        path = gw_slice(path.at + n, path.len - n);
    }
    return from && d->tree.nodes[from].kind != GW_NIL ? from : GW_NODE_NONE;
}

bool gw_tm_next(const char **paths, struct gw_slice *out)
{
    const char *at = *paths;
    size_t n = 0;
    while (*at == ' ')
        at++;
    while (at[n] && at[n] != ' ')
        n++;
    *out = gw_slice(at, n);
    *paths = at + n;
    return n != 0;
}

uint32_t gw_tm_find(const struct gw_json_doc *d, uint32_t record, const char *paths)
{
    struct gw_slice path;
    uint32_t node = GW_NODE_NONE;
    while (paths && !node && gw_tm_next(&paths, &path))
        node = gw_tm_follow(d, record, path);
    return node;
}

static uint32_t first_record(const struct gw_json_doc *d, const struct gw_tm_shape *s)
{
    uint32_t list = *s->records ? gw_tm_find(d, d->root, s->records) : d->root;
    if (list && d->tree.nodes[list].kind == GW_ARRAY)
        return d->tree.nodes[list].first;
    return *s->records ? GW_NODE_NONE : list;
}

static bool fits(const struct gw_json_doc *d, const struct gw_tm_shape *s)
{
    uint32_t record = first_record(d, s);
    const char *marks = s->marks;
    struct gw_slice path;
    while (record && gw_tm_next(&marks, &path))
        if (!gw_tm_follow(d, record, path))
            return false;
    return record != GW_NODE_NONE;
}

const struct gw_tm_shape *gw_tm_shape_of(const struct gw_json_doc *d)
{
    for (const struct gw_tm_shape *s = gw_tm_shapes; s->name; s++)
        if (fits(d, s))
            return s;
    return NULL;
}
