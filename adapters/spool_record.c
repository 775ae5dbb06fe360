/* spool_record.c - the spool's bytes. */
#include "adapters/spool_record.h"
#include "adapters/files.h"
#include "base/hash.h"

static const uint8_t magic[8] = "KVSPOOL1";

static void put(struct gw_buf *b, uint64_t v, unsigned bytes)
{
    while (bytes--) {
        gw_buf_byte(b, (uint8_t)v);
        v >>= 8;
    }
}

static uint64_t get(const uint8_t *at, unsigned bytes)
{
    uint64_t v = 0;
    while (bytes--)
        v = v << 8 | at[bytes];
    return v;
}

void gw_segment_head_write(uint64_t first, struct gw_buf *out)
{
    gw_buf_add(out, magic, sizeof magic);
    put(out, first, 8);
}

enum gw_error gw_segment_head_read(int fd, uint64_t *first)
{
    uint8_t head[GW_SEGMENT_HEAD];
    int64_t n = gw_file_read_at(fd, head, sizeof head, 0);
    if (n < 0)
        return GW_IO;
    if (n < GW_SEGMENT_HEAD || memcmp(head, magic, sizeof magic) != 0)
        return GW_FORMAT;
    *first = get(head + 8, 8);
    return GW_OK;
}

void gw_record_write(const struct gw_spool_record *r, struct gw_buf *out)
{
    size_t start = out->len;
    put(out, 0, 8); /* the checksum, once the rest is there */
    put(out, GW_RECORD_META + r->name.len + r->events.len, 4);
    put(out, 0, 4);
    put(out, r->ordinal, 8);
    put(out, (uint64_t)r->time_ms, 8);
    gw_buf_add(out, r->digest, sizeof r->digest);
    put(out, r->index, 4);
    put(out, r->of, 4);
    put(out, r->count, 4);
    put(out, r->name.len, 2);
    gw_buf_slice(out, r->name);
    gw_buf_slice(out, r->events);
    if (out->failed)
        return;
    uint64_t sum = gw_hash64(gw_slice(out->at + start + 8, out->len - start - 8), 0);
    for (unsigned i = 0; i < 8; i++)
        out->at[start + i] = (uint8_t)(sum >> 8 * i);
}

/* head: GW_RECORD_HEAD + GW_RECORD_META bytes.  False when the lengths contradict each
 * other. */
static bool parse(const uint8_t *head, uint64_t left, struct gw_spool_record *out,
                  uint64_t *len)
{
    const uint8_t *meta = head + GW_RECORD_HEAD;
    *len = get(head + 8, 4);
    *out = (struct gw_spool_record){.ordinal = get(head + 16, 8),
                                    .time_ms = (int64_t)get(meta, 8),
                                    .index = (uint32_t)get(meta + 40, 4),
                                    .of = (uint32_t)get(meta + 44, 4),
                                    .count = (uint32_t)get(meta + 48, 4)};
    memcpy(out->digest, meta + 8, sizeof out->digest);
    out->name.len = (size_t)get(meta + 52, 2);
    return *len >= GW_RECORD_META + out->name.len && *len <= GW_RECORD_MOST &&
           *len <= left - GW_RECORD_HEAD && out->index < out->of;
}

static enum gw_error peek(int fd, uint64_t at, uint64_t size, uint8_t *head,
                          struct gw_spool_record *out, uint64_t *len)
{
    const size_t fixed = GW_RECORD_HEAD + GW_RECORD_META;
    if (at > size || size - at < fixed)
        return GW_CORRUPT;
    int64_t n = gw_file_read_at(fd, head, fixed, at);
    if (n < 0)
        return GW_IO;
    return n == (int64_t)fixed && parse(head, size - at, out, len) ? GW_OK : GW_CORRUPT;
}

enum gw_error gw_record_peek(int fd, uint64_t at, uint64_t size,
                             struct gw_spool_record *out, uint64_t *next)
{
    uint8_t head[GW_RECORD_HEAD + GW_RECORD_META];
    uint64_t len;
    enum gw_error e = peek(fd, at, size, head, out, &len);
    if (!e)
        *next = at + GW_RECORD_HEAD + len;
    return e;
}

enum gw_error gw_record_read(int fd, uint64_t at, uint64_t size, struct gw_buf *room,
                             struct gw_spool_record *out, uint64_t *next)
{
    uint8_t head[GW_RECORD_HEAD + GW_RECORD_META];
    uint64_t len;
    enum gw_error e = peek(fd, at, size, head, out, &len);
    if (e)
        return e;
    size_t whole = (size_t)(GW_RECORD_HEAD + len);
    gw_buf_reset(room);
    uint8_t *to = gw_buf_reserve(room, whole);
    if (!to)
        return GW_NOMEM;
    int64_t n = gw_file_read_at(fd, to, whole, at);
    if (n < 0)
        return GW_IO;
    /* The head is judged by the bytes that were verified, not by those read before. */
    if (n != (int64_t)whole || get(to, 8) != gw_hash64(gw_slice(to + 8, whole - 8), 0) ||
        !parse(to, size - at, out, &len) || GW_RECORD_HEAD + len != whole)
        return GW_CORRUPT;
    gw_buf_advance(room, whole);
    out->name.at = to + GW_RECORD_HEAD + GW_RECORD_META;
    out->events =
        gw_slice(out->name.at + out->name.len, len - GW_RECORD_META - out->name.len);
    *next = at + whole;
    return GW_OK;
}
