/* entry.c - entries of the journal to bytes and back. */
#include "store/entry.h"
#include "base/hash.h"

_Static_assert(sizeof(struct gw_entry_head) == 128, "no gaps");
_Static_assert(sizeof(struct gw_entry_row) == 32, "no gaps");

#define HEAD sizeof(struct gw_entry_head)
#define ROW  sizeof(struct gw_entry_row)

static size_t names_size(size_t operator_len, size_t adapter_len)
{
    return (operator_len + adapter_len + 7) & ~(size_t)7;
}

bool gw_entry_plan(const struct gw_batch *b, uint32_t from, struct gw_entry_plan *out)
{
    struct gw_entry_plan p = {
        .batch = b, .records = b->records, .from = from, .to = from};

    for (; p.to < b->count; p.to++) {
        const struct gw_record *r = &b->records[p.to];
        if (r->verdict != GW_ACCEPTED)
            continue;
        if (p.count && p.bytes + r->len > GW_ENTRY_EVENTS)
            break;
        if (!p.count)
            p.first = r->seq;
        p.count++;
        p.bytes += r->len;
    }
    *out = p;
    return p.count != 0;
}

size_t gw_entry_size(const struct gw_entry_plan *p)
{
    return HEAD + names_size(strlen(p->batch->operator), strlen(p->batch->adapter)) +
           p->count * ROW + p->bytes;
}

static void write_names(const struct gw_batch *b, uint8_t *to)
{
    size_t o = strlen(b->operator), a = strlen(b->adapter);
    memset(to, 0, names_size(o, a));
    memcpy(to, b->operator, o);
    memcpy(to + o, b->adapter, a);
}

/* Rows and events, in one pass over the records. */
static void write_events(const struct gw_entry_plan *p, uint8_t *rows, uint8_t *events)
{
    uint32_t end = 0;
    for (uint32_t i = p->from; i < p->to; i++) {
        const struct gw_record *r = &p->records[i];
        struct gw_entry_row row = {
            .id_hash = r->id_hash, .content = r->content, .index = r->index};
        if (r->verdict != GW_ACCEPTED)
            continue;
        memcpy(events + end, p->batch->events.at + r->at, r->len);
        row.check = gw_hash64(gw_slice(events + end, r->len), r->seq);
        end += r->len;
        row.end = end;
        memcpy(rows, &row, ROW);
        rows += ROW;
    }
}

void gw_entry_write(const struct gw_entry_plan *p, uint8_t chain[32], uint8_t *room)
{
    const struct gw_batch *b = p->batch;
    struct gw_entry e = {.head = {.version = GW_ENTRY_VERSION,
                                  .count = p->count,
                                  .first = p->first,
                                  .batch = b->number,
                                  .received_ms = b->received_ms,
                                  .latest_ms = p->latest_ms,
                                  .bytes = p->bytes,
                                  .operator_len = (uint8_t)strlen(b->operator),
                                  .adapter_len = (uint8_t)strlen(b->adapter)},
                         .operator= gw_slice_str(b->operator),
                         .adapter = gw_slice_str(b->adapter)};
    uint8_t *names = room + HEAD;
    uint8_t *rows = names + names_size(e.operator.len, e.adapter.len);
    uint8_t *events = rows + p->count * ROW;

    e.rows = rows;
    e.events = events;
    write_names(b, names);
    write_events(p, rows, events);
    gw_entry_digest(&e, e.head.digest);
    gw_entry_chain(&e, chain, e.head.chain);
    memcpy(chain, e.head.chain, 32);
    memcpy(room, &e.head, HEAD);
    e.head.check = gw_hash64(gw_slice(room + 8, (size_t)(events - room) - 8), 0);
    memcpy(room, &e.head.check, 8);
}

/* Do head, names, rows and events fill the value exactly? */
static bool sizes_fit(const struct gw_entry_head *h, size_t len)
{
    uint64_t names = names_size(h->operator_len, h->adapter_len);
    return h->count && len >= HEAD + names && h->count <= (len - HEAD - names) / ROW &&
           h->bytes == len - HEAD - names - h->count * ROW;
}

static bool ends_fit(const struct gw_entry *e)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < e->head.count; i++) {
        uint32_t next = gw_entry_row(e, i).end;
        if (next < end)
            return false;
        end = next;
    }
    return end == e->head.bytes;
}

enum gw_error gw_entry_open(struct gw_slice value, uint64_t first, struct gw_entry *out)
{
    struct gw_entry_head *h = &out->head;

    if (value.len < HEAD)
        return GW_CORRUPT;
    memcpy(h, value.at, HEAD);
    if (h->version != GW_ENTRY_VERSION || h->first != first || !sizes_fit(h, value.len))
        return GW_CORRUPT;
    out->operator= gw_slice(value.at + HEAD, h->operator_len);
    out->adapter = gw_slice(value.at + HEAD + h->operator_len, h->adapter_len);
    out->rows = value.at + HEAD + names_size(h->operator_len, h->adapter_len);
    out->events = out->rows + h->count * ROW;
    if (gw_hash64(gw_slice(value.at + 8, (size_t)(out->events - value.at) - 8), 0) !=
        h->check)
        return GW_CORRUPT;
    return ends_fit(out) ? GW_OK : GW_CORRUPT;
}

struct gw_entry_row gw_entry_row(const struct gw_entry *e, uint32_t i)
{
    struct gw_entry_row row;
    memcpy(&row, e->rows + i * ROW, ROW);
    return row;
}

enum gw_error gw_entry_event(const struct gw_entry *e, uint32_t i, struct gw_slice *out)
{
    struct gw_entry_row row = gw_entry_row(e, i);
    uint32_t at = i ? gw_entry_row(e, i - 1).end : 0;
    *out = gw_slice(e->events + at, row.end - at);
    return gw_hash64(*out, e->head.first + i) == row.check ? GW_OK : GW_CORRUPT;
}

void gw_entry_digest(const struct gw_entry *e, uint8_t out[32])
{
    struct gw_blake h;
    gw_blake_init(&h);
    gw_blake_add(&h, gw_slice(e->events, e->head.bytes));
    gw_blake_end(&h, out);
}

void gw_entry_chain(const struct gw_entry *e, const uint8_t before[32], uint8_t out[32])
{
    uint64_t said[4] = {e->head.first, e->head.count, e->head.batch,
                        (uint64_t)e->head.received_ms};
    struct gw_blake h;
    gw_blake_init(&h);
    gw_blake_add(&h, gw_slice(before, 32));
    gw_blake_add(&h, gw_slice(said, sizeof said));
    gw_blake_add(&h, e->operator);
    gw_blake_add(&h, GW_LIT("/"));
    gw_blake_add(&h, e->adapter);
    gw_blake_add(&h, GW_LIT("/"));
    gw_blake_add(&h, gw_slice(e->head.digest, 32));
    gw_blake_end(&h, out);
}
