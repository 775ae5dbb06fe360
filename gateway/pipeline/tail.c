/* tail.c - a ring of batches in order of seq. */
#include "pipeline/tail.h"
#include <stdlib.h>

struct gw_tail {
    struct gw_batch **ring;
    uint32_t head, count, cap; /* cap: a power of two */
    uint64_t bytes, limit, last;
};

enum gw_error gw_tail_new(struct gw_tail **out, uint64_t limit_bytes)
{
    struct gw_tail *t = calloc(1, sizeof *t);
    *out = t;
    if (!t)
        return GW_NOMEM;
    t->limit = limit_bytes;
    t->cap = 4096; /* batches: a bound on small ones, as limit_bytes is on large ones */
    t->ring = calloc(t->cap, sizeof(*t->ring));
    if (t->ring)
        return GW_OK;
    free(t);
    *out = NULL;
    return GW_NOMEM;
}

static struct gw_batch *item(const struct gw_tail *t, uint32_t i)
{
    return t->ring[(t->head + i) & (t->cap - 1)];
}

static uint64_t weight(const struct gw_batch *b)
{
    return b->events.cap + (uint64_t)b->record_cap * sizeof *b->records + sizeof *b;
}

static void drop_oldest(struct gw_tail *t)
{
    struct gw_batch *b = item(t, 0);
    t->bytes -= weight(b);
    t->head = (t->head + 1) & (t->cap - 1);
    t->count--;
    gw_batch_unref(b);
}

void gw_tail_free(struct gw_tail *t)
{
    if (!t)
        return;
    while (t->count)
        drop_oldest(t);
    free(t->ring);
    free(t);
}

void gw_tail_push(struct gw_tail *t, struct gw_batch *b)
{
    if (!b->accepted || b->last_seq <= t->last)
        return;
    while (t->count && (b->first_seq != t->last + 1 || t->count == t->cap ||
                        t->bytes + weight(b) > t->limit))
        drop_oldest(t);
    gw_batch_ref(b);
    t->ring[(t->head + t->count++) & (t->cap - 1)] = b;
    t->bytes += weight(b);
    t->last = b->last_seq;
}

uint64_t gw_tail_last(const struct gw_tail *t)
{
    return t->last;
}

uint64_t gw_tail_bytes(const struct gw_tail *t)
{
    return t->bytes;
}

const struct gw_batch *gw_tail_find(const struct gw_tail *t, uint64_t seq)
{
    uint32_t low = 0, high = t->count;
    while (low < high) { /* the first batch that ends at or behind seq */
        uint32_t mid = (low + high) / 2;
        if (item(t, mid)->last_seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low < t->count && item(t, low)->first_seq <= seq ? item(t, low) : NULL;
}
