/* tree_copy.h - a value of one tree into another. */
#ifndef GW_ADAPTERS_KIT_TREE_COPY_H
#define GW_ADAPTERS_KIT_TREE_COPY_H
#include "model/tree.h"

/* Copy `node` with all below it to `to` under `key` (empty: append to an array).  Nils
 * are left out.  Texts and keys are borrowed from `from`.  False when the budget is
 * reached. */
bool gw_tree_copy(struct gw_tree *t, uint32_t to, struct gw_slice key,
                  const struct gw_tree *from, uint32_t node);
#endif
