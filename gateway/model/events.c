/* events.c - a growing list of canonical events. */
#include "model/events.h"
#include <stdlib.h>
#include "model/canon.h"
#include "model/shape.h"

void gw_events_init(struct gw_events *e, size_t limit_bytes, uint32_t limit_count)
{
    *e = (struct gw_events){.limit = limit_count};
    gw_buf_init(&e->bytes, limit_bytes);
}

void gw_events_deinit(struct gw_events *e)
{
    if (!e)
        return;
    gw_buf_deinit(&e->bytes);
    free(e->ends);
    e->ends = NULL;
    e->count = e->cap = 0;
}

void gw_events_reset(struct gw_events *e)
{
    gw_buf_reset(&e->bytes);
    e->count = 0;
}

static bool room_for_one(struct gw_events *e)
{
    uint32_t cap = e->cap ? e->cap * 2 : 64;
    uint32_t *ends;
    if (e->count == e->limit)
        return false;
    if (e->count < e->cap)
        return true;
    ends = realloc(e->ends, cap * sizeof *ends);
    if (!ends)
        return false;
    e->ends = ends;
    e->cap = cap;
    return true;
}

enum gw_error gw_events_add(struct gw_events *e, struct gw_tree *t, uint32_t root,
                            struct gw_fault *fault)
{
    enum gw_error error = gw_shape_fit(t, root, fault);
    if (error)
        return error;
    if (!room_for_one(e) || gw_canon_write(t, root, &e->bytes))
        return gw_fail(fault, GW_NOMEM, 0, "room for one more event");
    e->ends[e->count++] = (uint32_t)e->bytes.len;
    return GW_OK;
}

enum gw_error gw_events_add_bytes(struct gw_events *e, struct gw_slice event)
{
    if (!room_for_one(e))
        return GW_NOMEM;
    gw_buf_slice(&e->bytes, event);
    if (e->bytes.failed) {
        e->bytes.failed = false;
        return GW_NOMEM;
    }
    e->ends[e->count++] = (uint32_t)e->bytes.len;
    return GW_OK;
}

struct gw_slice gw_events_at(const struct gw_events *e, uint32_t index)
{
    uint32_t start = index ? e->ends[index - 1] : 0;
    return gw_slice(e->bytes.at + start, e->ends[index] - start);
}

void gw_events_cut(struct gw_events *e, uint32_t count)
{
    if (count >= e->count)
        return;
    e->count = count;
    e->bytes.len = count ? e->ends[count - 1] : 0;
}

void gw_events_drop(struct gw_events *e, uint32_t count)
{
    if (!count || count > e->count)
        return;
    uint32_t bytes = e->ends[count - 1];
    gw_buf_consume(&e->bytes, bytes);
    e->count -= count;
    for (uint32_t i = 0; i < e->count; i++)
        e->ends[i] = e->ends[i + count] - bytes;
}

void gw_events_remove(struct gw_events *e, uint32_t index)
{
    if (index >= e->count)
        return;
    uint32_t from = index ? e->ends[index - 1] : 0, to = e->ends[index];
    memmove(e->bytes.at + from, e->bytes.at + to, e->bytes.len - to);
    e->bytes.len -= to - from;
    e->count--;
    for (uint32_t i = index; i < e->count; i++)
        e->ends[i] = e->ends[i + 1] - (to - from);
}
