/* table.c - texts with a number each, to be found again: open addressing by their hash.
 */
#include "adapters/edifact/codec.h"
#include "base/hash.h"
#include <stdlib.h>

static uint64_t key_of(struct gw_slice text)
{
    uint64_t key = gw_hash64(text, 0);
    return key ? key : 1;
}

static uint32_t slot_of(const struct gw_edi_table *t, uint64_t key)
{
    uint32_t i = (uint32_t)key & (t->cap - 1);
    while (t->at[i].key && t->at[i].key != key)
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
        if (t->at[i].key)
            more.at[slot_of(&more, t->at[i].key)] = t->at[i];
    free(t->at);
    *t = more;
    return true;
}

struct gw_edi_entry *gw_edi_table_entry(struct gw_edi_table *t, struct gw_slice text)
{
    uint64_t key = key_of(text);
    if (t->used >= t->cap / 2 && !grow(t))
        return NULL;
    struct gw_edi_entry *e = &t->at[slot_of(t, key)];
    t->used += !e->key;
    e->key = key;
    return e;
}

const struct gw_edi_entry *gw_edi_table_find(const struct gw_edi_table *t,
                                             struct gw_slice text)
{
    const struct gw_edi_entry *e = t->cap ? &t->at[slot_of(t, key_of(text))] : NULL;
    return e && e->key ? e : NULL;
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
