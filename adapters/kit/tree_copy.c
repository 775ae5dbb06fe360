/* tree_copy.c - a value of one tree into another. */
#include "adapters/kit/tree_copy.h"

bool gw_tree_copy(struct gw_tree *t, uint32_t to, struct gw_slice key,
                  const struct gw_tree *from, uint32_t node)
{
    const struct gw_node *n = &from->nodes[node];
    uint32_t made = GW_NODE_NONE;
    switch ((enum gw_kind)n->kind) {
    case GW_NIL:
        return true;
    case GW_BOOL:
        return gw_tree_put_bool(t, to, key, n->b) != GW_NODE_NONE;
    case GW_INT:
        return gw_tree_put_int(t, to, key, n->i) != GW_NODE_NONE;
    case GW_FLOAT:
        return gw_tree_put_float(t, to, key, n->f) != GW_NODE_NONE;
    case GW_STR:
        return gw_tree_put_str(t, to, key, n->s) != GW_NODE_NONE;
    case GW_ARRAY:
    case GW_MAP:
        made = n->kind == GW_MAP ? gw_tree_put_map(t, to, key)
                                 : gw_tree_put_array(t, to, key);
        break;
    }
    if (!made)
        return false;
    for (GW_FOREACH_CHILD (from, node, child))
        if (!gw_tree_copy(t, made, from->nodes[child].key, from, child))
            return false;
    return true;
}
