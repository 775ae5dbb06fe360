/* stamp.c - the gateway's own fields, put between a sender's. */
#include "model/stamp.h"
#include "base/hash.h"
#include "model/event_fields.h"
#include "model/heads.h"

void gw_stamp_note(struct gw_stamp_at *at, unsigned row, uint32_t offset)
{
    if (row > GW_EV_RECEIVED && !at->received_at)
        at->received_at = offset;
    if (row >= GW_EV_SOURCE && !at->source_at)
        at->source_at = offset;
    if (row > GW_EV_SOURCE && !at->source_end)
        at->source_end = offset;
    if (row >= GW_EV_QUALITY && !at->quality_at)
        at->quality_at = offset;
    if (row > GW_EV_QUALITY && !at->quality_end)
        at->quality_end = offset;
}

/* The pieces move towards the front, never over what is still to come. */
static uint8_t *put_piece(uint8_t *to, struct gw_slice event, size_t from, size_t end)
{
    memmove(to, event.at + from, end - from);
    return to + (end - from);
}

uint8_t *gw_stamp_put(uint8_t *to, struct gw_slice event, const struct gw_stamp_at *at,
                      const struct gw_stamp *stamp)
{
    size_t rest = at->source_body ? at->source_body : at->source_at;
    to = gw_put_map_head(to, at->pairs + (at->source_body ? 1 : 2));
    to = put_piece(to, event, at->head, at->received_at);
    to = gw_put_str(to, GW_LIT("received"));
    to = gw_put_int(to, stamp->received_ms);
    to = put_piece(to, event, at->received_at, at->source_at);
    to = gw_put_str(to, GW_LIT("source"));
    to = gw_put_map_head(to, at->source_pairs + 2);
    to = gw_put_str(to, GW_LIT("operator"));
    to = gw_put_str(to, stamp->operator);
    to = gw_put_str(to, GW_LIT("adapter"));
    to = gw_put_str(to, stamp->adapter);
    return put_piece(to, event, rest, event.len);
}

uint64_t gw_stamp_content(struct gw_slice event, const struct gw_stamp_at *at)
{
    const uint32_t pieces[][2] = {{at->head, at->source_at},
                                  {at->source_end, at->quality_at},
                                  {at->quality_end, (uint32_t)event.len}};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (pieces[i][1] > pieces[i][0])
            hash = gw_hash64(gw_slice(event.at + pieces[i][0], pieces[i][1] - pieces[i][0]), hash);
    return hash;
}
