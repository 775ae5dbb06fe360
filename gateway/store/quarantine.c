/* quarantine.c - refused events: their record, and the account of each operator's bytes. */
#include "base/hash.h"
#include "store/records.h"

/* The record; texts follow in the order of their lengths, then the bytes. */
struct head {
    uint64_t check; /* gw_hash64 of everything behind it */
    uint64_t batch;
    int64_t time_ms;
    int32_t code;
    uint32_t index, offset, bytes;
    uint8_t operator, adapter, field, rule; /* lengths */
    uint32_t reserved;
};
_Static_assert(sizeof(struct head) == 48, "no gaps");

/* Take `len` bytes from the front of `in` as a text. */
static bool text(struct gw_slice *in, size_t len, char *out, size_t size)
{
    if (len > in->len || !gw_slice_copy(gw_slice(in->at, len), out, size))
        return false;
    in->at += len;
    in->len -= len;
    return true;
}

enum gw_error gw_quarantine_decode(struct gw_slice value, struct gw_quarantined *out)
{
    struct head h;
    struct gw_slice in = value;

    memset(out, 0, sizeof *out);
    if (value.len < sizeof h)
        return GW_CORRUPT;
    memcpy(&h, value.at, sizeof h);
    if (gw_hash64(gw_slice(value.at + 8, value.len - 8), 0) != h.check)
        return GW_CORRUPT;
    in = gw_slice(value.at + sizeof h, value.len - sizeof h);
    if (!text(&in, h.operator, out->operator, sizeof out->operator) ||
        !text(&in, h.adapter, out->adapter, sizeof out->adapter) ||
        !text(&in, h.field, out->field, sizeof out->field) ||
        !text(&in, h.rule, out->rule, sizeof out->rule) || in.len != h.bytes)
        return GW_CORRUPT;
    out->batch = h.batch;
    out->time_ms = h.time_ms;
    out->code = (enum gw_error)h.code;
    out->index = h.index;
    out->offset = h.offset;
    out->bytes = in;
    return GW_OK;
}

static uint8_t *add(uint8_t *to, const void *at, size_t len)
{
    if (len)
        memcpy(to, at, len);
    return to + len;
}

static enum gw_error put_entry(struct gw_view *v, const struct gw_quarantined *q,
                               struct gw_slice bytes)
{
    struct head h = {.batch = q->batch,
                     .time_ms = q->time_ms,
                     .code = (int32_t)q->code,
                     .index = q->index,
                     .offset = q->offset,
                     .bytes = (uint32_t)bytes.len,
                     .operator=(uint8_t) strlen(q->operator),
                     .adapter = (uint8_t)strlen(q->adapter),
                     .field = (uint8_t)strlen(q->field),
                     .rule = (uint8_t)strlen(q->rule)};
    size_t len = sizeof h + h.operator+ h.adapter + h.field + h.rule + bytes.len;
    struct gw_key key = gw_key_u64(q->id);
    uint8_t *room, *to;
    enum gw_error e = gw_put_room(v, GW_T_QUARANTINE, gw_key_slice(&key), len, &room);

    if (e)
        return e;
    to = add(room, &h, sizeof h);
    to = add(to, q->operator, h.operator);
    to = add(to, q->adapter, h.adapter);
    to = add(to, q->field, h.field);
    to = add(to, q->rule, h.rule);
    (void)add(to, bytes.at, bytes.len);
    h.check = gw_hash64(gw_slice(room + 8, len - 8), 0);
    memcpy(room, &h.check, sizeof h.check);
    return GW_OK;
}

enum gw_error gw_quota_read(struct gw_view *v, const char *operator, uint64_t * bytes)
{
    struct gw_key key = gw_key_name(operator, NULL);
    struct gw_slice value;
    enum gw_error e = gw_get(v, GW_T_QUOTAS, gw_key_slice(&key), &value);

    *bytes = 0;
    if (e == GW_NOT_FOUND)
        return GW_OK;
    if (!e && value.len != sizeof *bytes)
        e = GW_CORRUPT;
    if (!e)
        memcpy(bytes, value.at, sizeof *bytes);
    return e;
}

static enum gw_error quota_write(struct gw_view *v, const char *operator, uint64_t bytes)
{
    struct gw_key key = gw_key_name(operator, NULL);
    enum gw_error e;
    if (bytes)
        return gw_put(v, GW_T_QUOTAS, gw_key_slice(&key), gw_slice(&bytes, sizeof bytes));
    e = gw_del(v, GW_T_QUOTAS, gw_key_slice(&key));
    return e == GW_NOT_FOUND ? GW_OK : e;
}

enum gw_error gw_quarantine_add(struct gw_view *v, struct gw_state *s,
                                const struct gw_quarantined *q, uint64_t quota,
                                bool *whole)
{
    uint64_t has = 0;
    struct gw_slice bytes = q->bytes;
    enum gw_error e = gw_quota_read(v, q->operator, & has);

    if (e)
        return e;
    *whole = bytes.len <= quota && has <= quota - bytes.len;
    if (!*whole)
        bytes = gw_slice(NULL, 0);
    e = put_entry(v, q, bytes);
    if (!e && bytes.len)
        e = quota_write(v, q->operator, has + bytes.len);
    if (!e)
        s->quarantine_bytes += bytes.len;
    return e;
}

enum gw_error gw_quarantine_remove(struct gw_view *v, struct gw_state *s, uint64_t id)
{
    struct gw_key key = gw_key_u64(id);
    struct gw_slice value;
    struct gw_quarantined q;
    uint64_t has = 0, bytes = 0;
    enum gw_error e = gw_get(v, GW_T_QUARANTINE, gw_key_slice(&key), &value);

    if (e)
        return e;
    if (!gw_quarantine_decode(value,
                              &q)) { /* a damaged one goes too; its bytes stay counted */
        bytes = q.bytes.len;
        e = gw_quota_read(v, q.operator, & has);
    }
    if (!e && bytes)
        e = quota_write(v, q.operator, has> bytes ? has - bytes : 0);
    if (!e)
        e = gw_del(v, GW_T_QUARANTINE, gw_key_slice(&key));
    if (!e)
        s->quarantine_bytes -= bytes < s->quarantine_bytes ? bytes : s->quarantine_bytes;
    return e;
}
