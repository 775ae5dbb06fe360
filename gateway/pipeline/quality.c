/* quality.c - findings about an event; used by stages 3 and 4. */
#include "pipeline/quality.h"
#include "model/shape.h"

static uint32_t quality_of(struct gw_tree *t, uint32_t root)
{
    uint32_t list = gw_tree_child(t, root, GW_LIT("quality"));
    if (!list) {
        list = gw_tree_put_array(t, root, GW_LIT("quality"));
        gw_shape_mark(t, list, &gw_shape_event);
    }
    if (!list || t->nodes[list].kind != GW_ARRAY ||
        t->nodes[list].count >= GW_QUALITY_MOST)
        return GW_NODE_NONE;
    return list;
}

static bool noted(const struct gw_tree *t, uint32_t list, const char *rule,
                  struct gw_slice field, struct gw_slice raw)
{
    for (GW_FOREACH_CHILD (t, list, n))
        if (gw_slice_is(gw_tree_str(t, n, "rule"), rule) &&
            gw_slice_eq(gw_tree_str(t, n, "field"), field) &&
            gw_slice_eq(gw_tree_str(t, n, "raw"), raw))
            return true;
    return false;
}

static bool put(struct gw_tree *t, uint32_t finding, struct gw_slice key,
                struct gw_slice value)
{
    const struct gw_field *quality = gw_shape_path(&gw_shape_event, "quality");
    uint32_t n;
    if (!value.len)
        return true;
    n = gw_tree_put_str(t, finding, key, value);
    gw_shape_mark(t, n, quality->shape);
    return n != GW_NODE_NONE;
}

/* At most n bytes, not cut within a character. */
static struct gw_slice head(struct gw_slice s, size_t n)
{
    if (s.len <= n)
        return s;
    while (n && (s.at[n] & 0xC0) == 0x80)
        n--;
    return gw_slice(s.at, n);
}

void gw_quality_note(struct gw_tree *t, uint32_t root, const char *rule,
                     enum gw_severity severity, const char *field, struct gw_slice raw)
{
    uint32_t list = quality_of(t, root), finding;
    struct gw_slice path = head(gw_slice_str(field), 128);

    raw = head(raw, 1024);
    if (!list || noted(t, list, rule, path, raw))
        return;
    finding = gw_tree_put_map(t, list, gw_slice(NULL, 0));
    if (finding && put(t, finding, GW_LIT("rule"), gw_slice_str(rule)) &&
        put(t, finding, GW_LIT("severity"),
            severity == GW_SEVERITY_WARN ? GW_LIT("warn") : GW_LIT("info")) &&
        put(t, finding, GW_LIT("field"), gw_tree_text(t, path)) &&
        put(t, finding, GW_LIT("raw"), raw))
        return;
    if (finding) /* the budget is used up: half a finding would not be an event any more
                  */
        gw_tree_detach(t, list, finding);
    if (!t->nodes[list].count)
        gw_tree_detach(t, root, list);
}
