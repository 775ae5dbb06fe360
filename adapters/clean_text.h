/* clean_text.h - texts from outside into a tree that becomes JSON: file names and quoted
 * values may hold any bytes, JSON may not.  Thread  one at a time per tree. */
#ifndef GW_ADAPTERS_CLEAN_TEXT_H
#define GW_ADAPTERS_CLEAN_TEXT_H
#include "model/tree.h"

/* Put a copy, with a "?" for each byte that is no UTF-8.  NULL and "" put nothing. */
void gw_clean_put(struct gw_tree *t, uint32_t map, struct gw_slice key, const char *text);
/* Put a count; beyond 63 bits it is the largest number there is. */
void gw_clean_put_count(struct gw_tree *t, uint32_t map, struct gw_slice key, uint64_t n);
#endif
