/* clean_text.c - texts from outside into a tree that becomes JSON. */
#include "adapters/clean_text.h"
#include "base/utf8.h"

static struct gw_slice clean(struct gw_tree *t, const char *text)
{
    struct gw_slice copy = gw_tree_text(t, gw_slice_str(text));
    uint8_t *at = (uint8_t *)copy.at; /* ours: just copied */
    size_t bad, from = 0;
    while (from < copy.len &&
           !gw_utf8_valid(gw_slice(at + from, copy.len - from), &bad)) {
        from += bad;
        at[from] = '?';
    }
    return copy;
}

void gw_clean_put(struct gw_tree *t, uint32_t map, struct gw_slice key, const char *text)
{
    if (text && *text)
        gw_tree_put_str(t, map, key, clean(t, text));
}

void gw_clean_put_count(struct gw_tree *t, uint32_t map, struct gw_slice key, uint64_t n)
{
    gw_tree_put_int(t, map, key, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}
