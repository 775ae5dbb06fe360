/* intake.c - a ring of batches in front of the journal. */
#include "pipeline/intake.h"
#include <stdlib.h>
#include "pipeline/parts.h"

struct gw_intake {
    uint32_t head, count, cap;
    struct gw_batch *ring[];
};

enum gw_error gw_intake_new(struct gw_intake **out, uint32_t capacity)
{
    *out = calloc(1, sizeof **out + capacity * sizeof(struct gw_batch *));
    if (!*out)
        return GW_NOMEM;
    (*out)->cap = capacity;
    return GW_OK;
}

void gw_intake_free(struct gw_intake *i)
{
    for (; i && i->count; i->count--, i->head = (i->head + 1) % i->cap)
        gw_batch_unref(i->ring[i->head]);
    free(i);
}

uint32_t gw_intake_count(const struct gw_intake *i)
{
    return i->count;
}

static enum gw_error append(struct gw_pipeline *p, struct gw_batch **b)
{
    enum gw_error e = p->n.in_journal < p->setup.most_in_journal
                          ? p->journal->ops->append(p->journal, b)
                          : GW_AGAIN;
    if (!e)
        p->n.in_journal++;
    return e;
}

enum gw_error gw_intake_put(struct gw_pipeline *p, struct gw_batch **b)
{
    struct gw_intake *i = p->intake;
    enum gw_error e = i->count ? GW_AGAIN : append(p, b);

    if (e != GW_AGAIN)
        return !e || e == GW_STORAGE ? e : GW_BUSY;
    if (i->count == i->cap)
        return GW_BUSY;
    i->ring[(i->head + i->count++) % i->cap] = *b;
    *b = NULL;
    return GW_OK;
}

/* The journal gave up while it waited: its sender hears what it would have heard at once.
 */
static void give_up(struct gw_pipeline *p, struct gw_batch *b, enum gw_error e,
                    int64_t now_ms)
{
    b->result = e == GW_STORAGE ? GW_STORAGE : GW_BUSY;
    gw_acknowledge(p, b, now_ms);
    gw_batch_unref(b);
}

void gw_intake_flush(struct gw_pipeline *p, int64_t now_ms)
{
    struct gw_intake *i = p->intake;
    while (i->count) {
        struct gw_batch *b = i->ring[i->head];
        enum gw_error e = append(p, &b);
        if (e == GW_AGAIN)
            return;
        i->head = (i->head + 1) % i->cap;
        i->count--;
        if (e)
            give_up(p, b, e, now_ms);
    }
}
