/* table.c - texts with a number each, to be found again: open addressing. */
#include "adapters/edifact/codec.h"
#include "base/hash.h"
#include <stdlib.h>

static uint32_t slot_of(const struct gw_edi_table *t, struct gw_slice key)
{
    uint32_t i = (uint32_t)gw_hash64(key, 0) & (t->cap - 1);
    while (t->at[i].key.len && !gw_slice_eq(t->at[i].key, key))
        i = (i + 1) & (t->cap - 1);
    return i;
}

static bool grow(struct gw_edi_table *t)
{
    struct gw_edi_table more = {.cap = t->cap ? t->cap * 2 : 64, .used = t->used};
    more.at = calloc(more.cap, sizeof *more.at);
    if (!more.at)
        return false;
    for (uint32_t i = 0; i < t->cap; i++)
        if (t->at[i].key.len)
            more.at[slot_of(&more, t->at[i].key)] = t->at[i];
    free(t->at);
    *t = more;
    return true;
}

struct gw_edi_entry *gw_edi_table_entry(struct gw_edi_table *t, struct gw_slice key)
{
    if (t->used >= t->cap / 2 && !grow(t))
        return NULL;
    struct gw_edi_entry *e = &t->at[slot_of(t, key)];
    t->used += !e->key.len;
    e->key = key;
    return e;
}

const struct gw_edi_entry *gw_edi_table_find(const struct gw_edi_table *t,
                                             struct gw_slice key)
{
    const struct gw_edi_entry *e = t->cap && key.len ? &t->at[slot_of(t, key)] : NULL;
    return e && e->key.len ? e : NULL;
}

void gw_edi_table_reset(struct gw_edi_table *t)
{
    if (t->used)
        memset(t->at, 0, t->cap * sizeof *t->at);
    t->used = 0;
}

void gw_edi_table_deinit(struct gw_edi_table *t)
{
    free(t->at);
    *t = (struct gw_edi_table){0};
}
