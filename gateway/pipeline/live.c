/* live.c - new batches to all live subscriptions: each event is looked up once, packed
 * once for each way it is seen, and sent in one message a round to each receiver; part of
 * stage 7. */
#include <stdlib.h>
#include "pipeline/deliver_parts.h"

#define ROUND_EVENTS   16384u     /* routed before others get their turn */
#define ROUND_BYTES    (4u << 20) /* of projections kept before they are sent */
#define ITEMS_LEAST    16384u
#define TELLS_A_SECOND 1000 /* position reports, all receivers together */

/* ---- gathering ---- */

static bool grow(void **at, uint32_t *cap, uint32_t wanted, size_t size)
{
    void *more;
    if (wanted <= *cap)
        return true;
    more = realloc(*at, wanted * size);
    if (!more)
        return false;
    *at = more;
    *cap = wanted;
    return true;
}

/* Room for an event that matches every live one, each seeing something else: made when
 * the number of live ones grows, not for each event. */
static bool has_room(struct gw_delivery *d)
{
    uint32_t live = d->standing[GW_LIVE].count;
    uint32_t most = live * 2 > ITEMS_LEAST ? live * 2 : ITEMS_LEAST;
    return grow((void **)&d->items, &d->item_cap, most, sizeof *d->items) &&
           grow((void **)&d->projections, &d->projection_cap, most,
                sizeof *d->projections) &&
           grow((void **)&d->touched, &d->touched_cap, live, sizeof *d->touched);
}

static bool is_full(const struct gw_delivery *d)
{
    uint32_t live = d->standing[GW_LIVE].count;
    return d->projected.len > ROUND_BYTES || d->item_count + live > d->item_cap ||
           d->projection_count + live > d->projection_cap;
}

/* The event at hand as this mask shows it: its number, or UINT32_MAX. */
static uint32_t projection_of(struct gw_delivery *d, const struct gw_mask *shown)
{
    size_t at = d->projected.len;
    uint32_t n = d->projection_count;
    for (uint32_t i = 0; i < d->shape_count; i++)
        if (gw_mask_eq(&d->shape[i], shown))
            return d->shape_at[i];
    if (gw_project(d->event, d->seq, shown, &d->projected))
        return UINT32_MAX;
    d->projections[n] =
        (struct gw_projection){(uint32_t)at, (uint32_t)(d->projected.len - at), d->seq};
    d->projection_count++;
    if (d->shape_count < GW_SHAPES_MOST) {
        d->shape[d->shape_count] = *shown;
        d->shape_at[d->shape_count++] = n;
    }
    return n;
}

static void touch(struct gw_delivery *d, struct gw_subscription *s)
{
    d->touched[d->touched_count++] = s;
    s->touched = d->touched_count;
    s->first_item = s->last_item = 0;
}

static void on_match(void *ctx, void *who, const struct gw_mask *shown)
{
    struct gw_delivery *d = ctx;
    struct gw_subscription *s = who;
    uint32_t projection;
    if (s->standing != GW_LIVE || d->seq < s->next_seq)
        return;
    projection = projection_of(d, shown);
    if (projection == UINT32_MAX) {
        /* no memory: what it has already is given up too, and read again in order */
        uint64_t from = s->touched && s->first_item
                            ? d->projections[d->items[s->first_item - 1].projection].seq
                            : d->seq;
        gw_live_forget(d, s);
        gw_fall_behind(d, s, from);
        return;
    }
    if (!s->touched)
        touch(d, s);
    d->items[d->item_count++] = (struct gw_item){.projection = projection};
    *(s->last_item ? &d->items[s->last_item - 1].next : &s->first_item) = d->item_count;
    s->last_item = d->item_count;
}

void gw_live_forget(struct gw_delivery *d, struct gw_subscription *s)
{
    if (s->touched)
        d->touched[s->touched - 1] = NULL;
    s->touched = s->first_item = s->last_item = 0;
}

/* ---- sending ---- */

/* One item into the parcel; when it is full, that goes first.  GW_AGAIN: no credit for
 * it. */
static enum gw_error pack(struct gw_delivery *d, struct gw_parcel *p,
                          const struct gw_projection *pr, uint64_t *unsent)
{
    enum gw_error e = GW_OK;
    if (p->count && !gw_parcel_has_room(d, p, pr->len)) {
        p->next = pr->seq;
        e = gw_parcel_ship(d, p);
        if (!e)
            *p = gw_parcel_begin(d, p->sub, pr->seq);
    }
    if (!p->count)
        *unsent = pr->seq;
    if (!e && !gw_parcel_has_room(d, p, pr->len))
        e = GW_AGAIN;
    if (e)
        return e;
    gw_buf_add(&d->body, d->projected.at + pr->at, pr->len);
    p->count++;
    return gw_buf_status(
        &d->body); /* no memory: the parcel is read again, from its first */
}

/* Everything that waits for one receiver, and that all up to the position was looked at.
 * unsent  after an error: the first event that did not go */
static enum gw_error send_all(struct gw_delivery *d, struct gw_subscription *s,
                              uint64_t *unsent)
{
    struct gw_parcel p = gw_parcel_begin(d, s, s->told + 1);
    enum gw_error e = GW_OK;
    for (uint32_t i = s->first_item; !e && i; i = d->items[i - 1].next)
        e = pack(d, &p, &d->projections[d->items[i - 1].projection], unsent);
    if (e)
        return e;
    p.next = d->position + 1;
    return gw_parcel_ship(d, &p);
}

static void settle(struct gw_delivery *d, struct gw_subscription *s)
{
    uint64_t unsent = d->position + 1;
    enum gw_error e = send_all(d, s, &unsent);
    if (e == GW_CLOSED) {
        d->gone(d->gone_ctx,
                s->session); /* which forgets it, and others of the session */
        return;
    }
    gw_live_forget(d, s);
    if (e)
        gw_fall_behind(d, s, unsent);
    else
        gw_stand(d, s, GW_LIVE); /* the one told last */
}

static void flush(struct gw_delivery *d)
{
    for (uint32_t i = 0; i < d->touched_count; i++)
        if (d->touched[i])
            settle(d, d->touched[i]);
    d->touched_count = d->item_count = d->projection_count = 0;
    gw_buf_reset(&d->projected);
}

/* ---- the round ---- */

/* Of an event only what some filter or rule asks about is read; whose it is, the batch
 * says. */
static uint64_t wanted_rows(const struct gw_delivery *d, const struct gw_batch *b)
{
    uint32_t owner = gw_directory_find(d->directory, gw_slice_str(b->operator));
    return gw_table_reads(d->table) | gw_grants_need(d->directory, owner);
}

static void route(struct gw_delivery *d, const struct gw_batch *b,
                  const struct gw_record *r, uint64_t rows)
{
    d->seq = r->seq;
    d->event = gw_batch_event(b, r);
    d->shape_count = 0;
    if (gw_route_read(d->directory, d->event, rows, d->facts))
        return;
    d->facts->operator= gw_slice_str(b->operator);
    gw_grants_read(&d->grants, d->directory, d->facts, d->now_ms);
    gw_table_route(d->table, &d->grants, d->facts, on_match, d);
}

/* False: nobody is live any more, or there is no memory to go on with. */
static bool route_batch(struct gw_delivery *d, const struct gw_batch *b)
{
    uint64_t rows = wanted_rows(d, b);
    for (uint32_t i = 0; i < b->count; i++) {
        const struct gw_record *r = &b->records[i];
        if (r->verdict != GW_ACCEPTED || r->seq <= d->position)
            continue;
        if (is_full(d))
            flush(d);
        if (!has_room(d)) {
            gw_live_give_up(d);
            return false;
        }
        route(d, b, r, rows);
        d->position = r->seq;
    }
    d->position = b->last_seq;
    return true;
}

void gw_live_give_up(struct gw_delivery *d)
{
    struct gw_subscription *s;
    uint64_t next = d->position + 1;
    flush(d);
    while ((s = d->standing[GW_LIVE].first) != NULL)
        gw_fall_behind(d, s, s->next_seq > next ? s->next_seq : next);
    d->position = d->newest;
}

bool gw_live_round(struct gw_delivery *d)
{
    uint32_t routed = 0;
    const struct gw_batch *b;
    while (d->position < d->newest && routed < ROUND_EVENTS) {
        if (!d->standing[GW_LIVE].count) {
            d->position = d->newest; /* nobody waits here */
            break;
        }
        b = gw_tail_find(d->tail, d->position + 1);
        if (!b && gw_tail_last(d->tail) > d->position)
            gw_live_give_up(d); /* it went out of the tail, or never came here */
        if (!b || !route_batch(d, b))
            break;
        routed += b->count;
    }
    flush(d);
    return routed >= ROUND_EVENTS && d->position < d->newest;
}

/* ---- positions ---- */

/* Longer pauses where many would have to be told. */
static int64_t pause_ms(const struct gw_delivery *d)
{
    int64_t many = (int64_t)d->standing[GW_LIVE].count * 1000 / TELLS_A_SECOND;
    return many > d->limits->position_ms ? many : d->limits->position_ms;
}

/* The list is in the order they were told, so the first one knows least. */
void gw_live_positions(struct gw_delivery *d)
{
    int64_t pause = pause_ms(d);
    struct gw_subscription *s;
    while ((s = d->standing[GW_LIVE].first) != NULL && s->told < d->position &&
           d->now_ms - s->told_ms >= pause) {
        struct gw_parcel p = gw_parcel_begin(d, s, d->position + 1);
        enum gw_error e = gw_parcel_ship(d, &p);
        if (e == GW_CLOSED)
            d->gone(d->gone_ctx, s->session);
        else if (e)
            gw_fall_behind(d, s, d->position + 1);
        else
            gw_stand(d, s, GW_LIVE);
    }
}
