/* live_box.c - live events on their way out. */
#include "adapters/live_box.h"
#include <inttypes.h>
#include <stdio.h>

#define BOX_BYTES     (4u << 20)
#define MESSAGE_BYTES (64u << 20)

void gw_live_box_init(struct gw_live_box *b)
{
    *b = (struct gw_live_box){0};
    gw_events_init(&b->events, BOX_BYTES, GW_LIVE_MOST);
    gw_events_init(&b->sending, BOX_BYTES, GW_LIVE_MOST);
    gw_buf_init(&b->message, MESSAGE_BYTES);
}

void gw_live_box_deinit(struct gw_live_box *b)
{
    gw_events_deinit(&b->events);
    gw_events_deinit(&b->sending);
    gw_buf_deinit(&b->message);
    *b = (struct gw_live_box){0};
}

static void drop_oldest(struct gw_live_box *b, uint32_t count)
{
    gw_events_drop(&b->events, count);
    b->dropped += count;
}

void gw_live_box_add(struct gw_live_box *b, struct gw_slice event, uint64_t behind)
{
    if (gw_events_add_bytes(&b->events, event)) {
        drop_oldest(b, (b->events.count + 1) / 2);
        if (gw_events_add_bytes(&b->events, event)) {
            b->dropped++;
            return;
        }
    }
    b->behind = behind;
}

void gw_live_box_clear(struct gw_live_box *b)
{
    b->dropped += b->events.count;
    gw_events_reset(&b->events);
    b->behind = 0;
}

/* The first events go from the box into the message. */
static void take_out(struct gw_live_box *b, uint32_t most)
{
    uint32_t n = b->events.count < most ? b->events.count : most, i = 0;
    gw_events_reset(&b->sending);
    while (i < n && !gw_events_add_bytes(&b->sending, gw_events_at(&b->events, i)))
        i++;
    b->dropped += n - i;
    gw_events_drop(&b->events, n);
}

void gw_live_box_make(struct gw_live_box *b, const struct gw_format *format,
                      uint32_t most, const char *name, const char *suffix, int64_t now_ms,
                      struct gw_sink_message *out)
{
    enum gw_error e = GW_FORMAT;
    *out = (struct gw_sink_message){0};
    take_out(b, most);
    while (e && b->sending.count) {
        struct gw_fault fault = {0};
        gw_buf_reset(&b->message);
        e = format->adapter->encode(format->state, &b->sending, &b->message, &fault);
        if (e) {
            gw_events_remove(&b->sending,
                             fault.at < b->sending.count ? (uint32_t)fault.at : 0);
            b->dropped++;
        }
    }
    if (e)
        return;
    (void)snprintf(out->name, sizeof out->name, "%s-live-%" PRId64 "-%" PRIu64 "%s", name,
                   now_ms, ++b->number, suffix);
    out->bytes = gw_buf_bytes(&b->message);
    out->events = b->sending.count;
}

void gw_live_box_settle(struct gw_live_box *b, uint32_t events, bool sent)
{
    *(sent ? &b->sent : &b->dropped) += events;
}
