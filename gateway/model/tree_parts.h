/* tree_parts.h - what tree.c and tree_read.c share; for the files of the tree, and those of a
 * profile, which build the same trees. */
#ifndef GW_MODEL_TREE_PARTS_H
#define GW_MODEL_TREE_PARTS_H
#include "model/tree.h"

/* A new node, zeroed but for kind; GW_NODE_NONE when the budget or the memory is reached. */
uint32_t gw_tree_new_node(struct gw_tree *t, enum gw_kind kind);
/* Append a node without looking for an equal key. */
void gw_tree_link(struct gw_tree *t, uint32_t parent, uint32_t node);

/* Take `node` out of `parent`; `before` is the sibling in front of it, so that this is quick. */
void gw_tree_unlink(struct gw_tree *t, uint32_t parent, uint32_t before, uint32_t node);

/* Keys of large maps by hash, forgotten by raising `stamp`. */
struct gw_key_table {
    uint32_t stamp, mask;
    struct gw_key_slot {
        uint32_t stamp, parent, node;
    } slots[];
};
#endif
