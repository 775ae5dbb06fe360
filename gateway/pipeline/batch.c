/* batch.c - the object that carries a batch from a lane to the journal and back. */
#include "pipeline/batch.h"
#include <stdlib.h>

enum gw_error gw_batch_new(struct gw_batch **out, size_t limit_bytes,
                           uint32_t limit_events)
{
    struct gw_batch *b = calloc(1, sizeof *b);
    *out = b;
    if (!b)
        return GW_NOMEM;
    atomic_init(&b->references, 1);
    b->limit_events = limit_events;
    gw_buf_init(&b->events, limit_bytes);
    gw_buf_init(&b->refused, limit_bytes);
    return GW_OK;
}

void gw_batch_ref(struct gw_batch *b)
{
    atomic_fetch_add_explicit(&b->references, 1, memory_order_relaxed);
}

void gw_batch_unref(struct gw_batch *b)
{
    if (!b || atomic_fetch_sub_explicit(&b->references, 1, memory_order_acq_rel) != 1)
        return;
    gw_buf_deinit(&b->events);
    gw_buf_deinit(&b->refused);
    free(b->records);
    free(b->refusals);
    free(b);
}

void gw_batch_reset(struct gw_batch *b)
{
    struct gw_batch kept = {.limit_events = b->limit_events,
                            .events = b->events,
                            .records = b->records,
                            .record_cap = b->record_cap,
                            .refused = b->refused,
                            .refusals = b->refusals,
                            .refusal_cap = b->refusal_cap};
    gw_buf_reset(&kept.events);
    gw_buf_reset(&kept.refused);
    atomic_init(&kept.references, 1);
    *b = kept;
}

void gw_batch_rewind(struct gw_batch *b)
{
    gw_buf_reset(&b->events);
    gw_buf_reset(&b->refused);
    b->count = b->refusal_count = 0;
}

bool gw_batch_starved(const struct gw_batch *b)
{
    return b->starved || b->events.starved || b->refused.starved;
}

/* One more element of `size` in an array that doubles; NULL at the limit, or when out of memory:
 * then *starved is set. */
static void *append(void **array, uint32_t *count, uint32_t *cap, uint32_t limit,
                    size_t size, bool *starved)
{
    void *at;
    if (*count >= limit)
        return NULL;
    if (*count == *cap) {
        uint32_t want = *cap > limit / 2 ? limit : *cap * 2;
        if (want < 16)
            want = limit < 16 ? limit : 16;
        at = realloc(*array, want * size);
        *starved |= !at;
        if (!at)
            return NULL;
        *array = at;
        *cap = want;
    }
    at = (uint8_t *)*array + (*count)++ * size;
    memset(at, 0, size);
    return at;
}

struct gw_record *gw_batch_record(struct gw_batch *b)
{
    void *array = b->records;
    void *r =
        append(&array, &b->count, &b->record_cap, b->limit_events, sizeof *b->records, &b->starved);
    b->records = array;
    return r;
}

struct gw_refusal *gw_batch_refusal(struct gw_batch *b)
{
    void *array = b->refusals;
    void *r = append(&array, &b->refusal_count, &b->refusal_cap, b->limit_events,
                     sizeof *b->refusals, &b->starved);
    b->refusals = array;
    return r;
}

struct gw_slice gw_batch_event(const struct gw_batch *b, const struct gw_record *r)
{
    return gw_slice(b->events.at + r->at, r->len);
}

enum gw_error gw_batch_refuse(struct gw_batch *b, uint32_t index, struct gw_slice bytes,
                              const struct gw_fault *fault)
{
    size_t at = b->refused.len;
    struct gw_refusal *r;

    gw_buf_slice(&b->refused, bytes);
    if (b->refused.failed) {
        b->refused.failed = false;
        return GW_NOMEM;
    }
    r = gw_batch_refusal(b);
    if (!r) {
        b->refused.len = at;
        return GW_NOMEM;
    }
    r->index = index;
    r->at = (uint32_t)at;
    r->len = (uint32_t)bytes.len;
    r->code = fault->code;
    r->offset = (uint32_t)fault->at;
    r->rule = fault->rule;
    memcpy(r->field, fault->field, sizeof r->field);
    return GW_OK;
}

static uint32_t exceptions(const struct gw_batch *b)
{
    uint32_t n = b->refusal_count;
    for (uint32_t i = 0; i < b->count; i++)
        n += b->records[i].verdict == GW_DUPLICATE;
    return n;
}

static enum gw_error write_refusal(const struct gw_refusal *r, struct gw_buf *out)
{
    struct gw_ack_event e = {.index = r->index,
                             .code = r->code,
                             .at = r->offset,
                             .field = gw_slice_str(r->field),
                             .rule = gw_slice_str(r->rule)};
    return gw_ack_event_write(&e, out);
}

enum gw_error gw_batch_exceptions(const struct gw_batch *b, struct gw_buf *out)
{
    uint32_t n = exceptions(b);
    enum gw_error e = n ? gw_ack_events_begin(n, out) : GW_OK;

    for (uint32_t i = 0; n && i < b->count && !e; i++) {
        const struct gw_record *r = &b->records[i];
        if (r->verdict == GW_DUPLICATE)
            e = gw_ack_event_write(
                &(struct gw_ack_event){.index = r->index, .seq = r->seq}, out);
    }
    for (uint32_t i = 0; i < b->refusal_count && !e; i++)
        e = write_refusal(&b->refusals[i], out);
    return e;
}
