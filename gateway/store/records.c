/* records.c - state, adapters, outcomes and cursors to bytes and back. */
#include "store/records.h"

_Static_assert(sizeof(struct gw_state) == 120, "no gaps");
_Static_assert(sizeof(struct gw_adapter_record) == 16, "no gaps");
_Static_assert(sizeof(struct gw_outcome_record) == 48, "no gaps");
_Static_assert(sizeof(struct gw_cursor_record) == 16, "no gaps");

/* The fixed part of a value into `out`; what is behind it stays in *value. */
static enum gw_error fixed(struct gw_slice *value, void *out, size_t size)
{
    if (value->len < size)
        return GW_CORRUPT;
    memcpy(out, value->at, size);
    value->at += size;
    value->len -= size;
    return GW_OK;
}

/* A fixed part and the bytes behind it. */
static enum gw_error put_both(struct gw_view *v, enum gw_table t, struct gw_slice key,
                              const void *head, size_t size, struct gw_slice tail)
{
    uint8_t *room;
    enum gw_error e = gw_put_room(v, t, key, size + tail.len, &room);
    if (e)
        return e;
    memcpy(room, head, size);
    if (tail.len)
        memcpy(room + size, tail.at, tail.len);
    return GW_OK;
}

enum gw_error gw_state_read(struct gw_view *v, struct gw_state *out)
{
    struct gw_slice value;
    enum gw_error e = gw_get(v, GW_T_META, GW_LIT("state"), &value);
    if (!e)
        e = fixed(&value, out, sizeof *out);
    if (!e && out->format != GW_STORE_FORMAT)
        e = GW_CORRUPT;
    return e;
}

enum gw_error gw_state_write(struct gw_view *v, const struct gw_state *s)
{
    return gw_put(v, GW_T_META, GW_LIT("state"), gw_slice(s, sizeof *s));
}

enum gw_error gw_adapter_read(struct gw_view *v, const char *operator,
                              const char * adapter, struct gw_adapter_record *out)
{
    struct gw_key key = gw_key_name(operator, adapter);
    struct gw_slice value;
    enum gw_error e = gw_get(v, GW_T_ADAPTERS, gw_key_slice(&key), &value);
    memset(out, 0, sizeof *out);
    return e ? e : fixed(&value, out, sizeof *out);
}

enum gw_error gw_adapter_write(struct gw_view *v, const char *operator,
                               const char * adapter, const struct gw_adapter_record *a)
{
    struct gw_key key = gw_key_name(operator, adapter);
    return gw_put(v, GW_T_ADAPTERS, gw_key_slice(&key), gw_slice(a, sizeof *a));
}

enum gw_error gw_outcome_decode(struct gw_slice value, struct gw_outcome *out)
{
    struct gw_outcome_record r;
    enum gw_error e = fixed(&value, &r, sizeof r);
    if (e)
        return e;
    *out = (struct gw_outcome){.accepted = r.accepted,
                               .duplicates = r.duplicates,
                               .refused = r.refused,
                               .first_seq = r.first_seq,
                               .last_seq = r.last_seq,
                               .body_hash = r.body_hash,
                               .events = value};
    return GW_OK;
}

enum gw_error gw_outcome_read(struct gw_view *v, uint32_t adapter, uint64_t batch,
                              struct gw_outcome *out)
{
    struct gw_key key = gw_key_outcome(adapter, batch);
    struct gw_slice value;
    enum gw_error e = gw_get(v, GW_T_OUTCOMES, gw_key_slice(&key), &value);
    return e ? e : gw_outcome_decode(value, out);
}

/* Each write drops up to a few, so that a window made smaller is reached in time. */
static enum gw_error trim_outcomes(struct gw_view *v, uint32_t adapter, uint64_t oldest)
{
    enum gw_error e = GW_OK;
    for (int i = 0; i < 4 && !e; i++) {
        struct gw_key from = gw_key_outcome(adapter, 0);
        struct gw_key end = gw_key_outcome(adapter, oldest);
        struct gw_pair found;
        e = gw_seek(v, GW_T_OUTCOMES, GW_SEEK_AT_OR_AFTER, gw_key_slice(&from), &found);
        if (e || gw_slice_cmp(found.key, gw_key_slice(&end)) >= 0)
            break;
        from = gw_key_outcome(adapter, gw_key_number(found.key));
        e = gw_del(v, GW_T_OUTCOMES, gw_key_slice(&from));
    }
    return e == GW_NOT_FOUND ? GW_OK : e;
}

enum gw_error gw_outcome_write(struct gw_view *v, uint32_t adapter, uint64_t batch,
                               const struct gw_outcome *o, uint32_t window)
{
    struct gw_key key = gw_key_outcome(adapter, batch);
    struct gw_outcome_record r = {.accepted = o->accepted,
                                  .duplicates = o->duplicates,
                                  .refused = o->refused,
                                  .first_seq = o->first_seq,
                                  .last_seq = o->last_seq,
                                  .body_hash = o->body_hash};
    enum gw_error e =
        put_both(v, GW_T_OUTCOMES, gw_key_slice(&key), &r, sizeof r, o->events);
    if (!e && batch > window)
        e = trim_outcomes(v, adapter, batch - window + 1);
    return e;
}

enum gw_error gw_cursor_decode(struct gw_slice value, struct gw_cursor *out)
{
    struct gw_cursor_record r;
    enum gw_error e = fixed(&value, &r, sizeof r);
    if (e)
        return e;
    *out = (struct gw_cursor){.seq = r.seq, .updated_ms = r.updated_ms, .filter = value};
    return GW_OK;
}

enum gw_error gw_cursor_write(struct gw_view *v, const char *operator, const char * name,
                              const struct gw_cursor *c)
{
    struct gw_key key = gw_key_name(operator, name);
    struct gw_cursor_record r = {.seq = c->seq, .updated_ms = c->updated_ms};
    return put_both(v, GW_T_CURSORS, gw_key_slice(&key), &r, sizeof r, c->filter);
}
