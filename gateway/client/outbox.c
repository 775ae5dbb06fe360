/* outbox.c - batches filled, sent, and kept until they are acknowledged. */
#include <stdlib.h>
#include "client/outbox.h"

static struct gw_out_batch *place(const struct gw_outbox *o, uint32_t i)
{
    return &o->ring[(o->oldest + i) % o->places];
}

enum gw_error gw_outbox_init(struct gw_outbox *o, const struct karvan_options *options)
{
    memset(o, 0, sizeof *o);
    o->places = options->window_batches;
    o->batch_events = o->tags = options->batch_events;
    o->batch_bytes = options->batch_bytes;
    o->window_bytes = options->window_bytes;
    o->ring = calloc(o->places, sizeof *o->ring);
    if (!o->ring)
        return GW_NOMEM;
    for (uint32_t i = 0; i < o->places; i++)
        gw_buf_init(&o->ring[i].events, o->window_bytes);
    return GW_OK;
}

void gw_outbox_deinit(struct gw_outbox *o)
{
    for (uint32_t i = 0; o->ring && i < o->places; i++) {
        gw_buf_deinit(&o->ring[i].events);
        free(o->ring[i].tags);
    }
    free(o->ring);
    o->ring = NULL;
}

void gw_outbox_limit(struct gw_outbox *o, const struct karvan_options *options,
                     uint64_t max_bytes, uint64_t max_events)
{
    o->batch_bytes = options->batch_bytes;
    o->batch_events = options->batch_events;
    if (max_bytes && max_bytes < o->batch_bytes)
        o->batch_bytes = (size_t)max_bytes;
    if (max_events && max_events < o->batch_events)
        o->batch_events = (uint32_t)max_events;
}

static bool has_room(const struct gw_outbox *o, size_t len)
{
    return o->held < o->places && (!o->bytes || o->bytes + len <= o->window_bytes);
}

static enum gw_error put(struct gw_outbox *o, struct gw_out_batch *b,
                         struct gw_slice bytes, uint32_t count)
{
    gw_buf_slice(&b->events, bytes);
    if (gw_buf_status(&b->events)) {
        b->events.failed = false; /* an append that fails adds nothing */
        return GW_NOMEM;
    }
    b->count += count;
    o->bytes += bytes.len;
    o->events += count;
    return GW_OK;
}

static bool room_for_tags(struct gw_outbox *o, struct gw_out_batch *b)
{
    if (!b->tags)
        b->tags = calloc(o->tags, sizeof *b->tags);
    return b->tags != NULL;
}

enum gw_error gw_outbox_add(struct gw_outbox *o, struct gw_slice event, uint64_t tag,
                            int64_t now_ms)
{
    if (o->own_numbers)
        return GW_USAGE;
    if (event.len > o->batch_bytes)
        return GW_EVENT_SIZE;
    if (gw_outbox_filling(o) &&
        place(o, o->held)->events.len + event.len > o->batch_bytes)
        gw_outbox_close(o);
    if (!has_room(o, event.len))
        return GW_AGAIN;
    struct gw_out_batch *b = place(o, o->held);
    if (!room_for_tags(o, b))
        return GW_NOMEM;
    enum gw_error e = put(o, b, event, 1);
    if (e)
        return e;
    b->tags[b->count - 1] = tag;
    if (b->count == 1)
        o->filling_since_ms = now_ms;
    if (b->count >= o->batch_events)
        gw_outbox_close(o);
    return GW_OK;
}

enum gw_error gw_outbox_add_batch(struct gw_outbox *o, uint64_t number, uint64_t last,
                                  struct gw_slice events, uint32_t count)
{
    if (!number || !count || (!o->own_numbers && (o->held || gw_outbox_filling(o))))
        return GW_USAGE;
    if (o->held ? number != o->first + o->held : number > last + 1)
        return GW_BATCH_GAP;
    if (!has_room(o, events.len))
        return GW_AGAIN;
    enum gw_error e = put(o, place(o, o->held), events, count);
    if (e)
        return e;
    o->own_numbers = true;
    if (!o->held)
        o->first = number;
    o->held++;
    return GW_OK;
}

void gw_outbox_close(struct gw_outbox *o)
{
    if (gw_outbox_filling(o))
        o->held++;
}

const struct gw_out_batch *gw_outbox_next(const struct gw_outbox *o, uint64_t *number)
{
    *number = o->first + o->sent;
    return o->sent < o->held ? place(o, o->sent) : NULL;
}

void gw_outbox_sent(struct gw_outbox *o)
{
    uint64_t number = o->first + o->sent;
    o->session_bytes += place(o, o->sent)->events.len;
    o->sent++;
    if (number > o->most_sent)
        o->most_sent = number;
}

void gw_outbox_restart(struct gw_outbox *o)
{
    o->sent = 0;
    o->session_bytes = 0;
}

bool gw_outbox_rewind(struct gw_outbox *o, uint64_t number)
{
    if (number < o->first || number > o->first + o->sent)
        return false;
    while (o->first + o->sent > number) {
        o->sent--;
        o->session_bytes -= place(o, o->sent)->events.len;
    }
    return true;
}

const struct gw_out_batch *gw_outbox_at(const struct gw_outbox *o, uint32_t i)
{
    return place(o, i);
}

void gw_outbox_pop(struct gw_outbox *o)
{
    struct gw_out_batch *b = place(o, 0);
    o->bytes -= b->events.len;
    o->events -= b->count;
    gw_buf_reset(&b->events);
    b->count = 0;
    o->oldest = (o->oldest + 1) % o->places;
    o->held--;
    o->sent -= o->sent > 0;
    o->first++;
}
