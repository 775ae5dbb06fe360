/* read.c - readers: one view each, renewed by every call, so that they never hold back old pages
 * for long. */
#include <stdlib.h>
#include "base/hash.h"
#include "store/parts.h"

struct gw_reader {
    struct gw_store *store;
    struct gw_view *view;
    struct gw_buf filter;
};

enum gw_error gw_reader_open(struct gw_journal *j, struct gw_reader **out)
{
    struct gw_store *s = gw_store_of(j);
    struct gw_reader *r = calloc(1, sizeof *r);
    enum gw_error e;

    *out = NULL;
    if (!r)
        return GW_NOMEM;
    r->store = s;
    gw_buf_init(&r->filter, 1u << 24);
    e = s->kv->ops->view_open(s->kv, &r->view);
    if (e) {
        gw_reader_close(r);
        return e;
    }
    *out = r;
    return GW_OK;
}

void gw_reader_close(struct gw_reader *r)
{
    if (!r)
        return;
    if (r->view)
        r->store->kv->ops->view_close(r->view);
    gw_buf_deinit(&r->filter);
    free(r);
}

void gw_reader_release(struct gw_reader *r)
{
    r->store->kv->ops->view_release(r->view);
}

enum gw_error gw_reader_view(struct gw_reader *r, struct gw_view **out)
{
    *out = r->view;
    return r->store->kv->ops->view_renew(r->view);
}

enum gw_error gw_entry_at(struct gw_view *v, uint64_t seq, struct gw_entry *out)
{
    struct gw_key key = gw_key_u64(seq);
    struct gw_pair at;
    enum gw_error e =
        gw_seek(v, GW_T_JOURNAL, GW_SEEK_AT_OR_BEFORE, gw_key_slice(&key), &at);
    if (e)
        return e;
    e = gw_entry_open(at.value, gw_key_number(at.key), out);
    out->head.first = gw_key_number(at.key);
    return e;
}

/* What is being filled by gw_reader_read(). */
struct intake {
    struct gw_stored *out;
    uint32_t most, n;
    size_t bytes;
    uint64_t next;
};

/* Take events from an entry, from the next seq on.  True to go on with the next entry. */
static bool take(struct intake *in, const struct gw_entry *entry, enum gw_error *e)
{
    while (in->next <= gw_entry_last(entry)) {
        struct gw_stored *s = &in->out[in->n];
        if (in->n == in->most || !in->bytes)
            return false;
        *e = gw_entry_event(entry, (uint32_t)(in->next - entry->head.first), &s->event);
        if (*e)
            return false;
        s->seq = in->next++;
        in->bytes -= s->event.len < in->bytes ? s->event.len : in->bytes;
        in->n++;
    }
    return true;
}

static enum gw_error fill(struct gw_view *v, const struct gw_state *state,
                          struct intake *in)
{
    enum gw_error e = GW_OK;
    bool go = true;

    while (go && !e && in->next <= state->last_seq && in->n < in->most) {
        struct gw_entry entry;
        e = gw_entry_at(v, in->next, &entry);
        if (e || in->next > gw_entry_last(&entry)) /* a gap */
            return e == GW_NOT_FOUND || !e ? GW_CORRUPT : e;
        go = take(in, &entry, &e);
    }
    return e;
}

enum gw_error gw_reader_read(struct gw_reader *r, uint64_t from, struct gw_stored *out,
                             uint32_t most, size_t bytes, uint32_t *n)
{
    struct intake in = {
        .out = out, .most = most, .bytes = bytes ? bytes : 1, .next = from};
    struct gw_state state;
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    *n = 0;
    if (!e)
        e = gw_state_read(v, &state);
    if (e)
        return e == GW_NOT_FOUND ? GW_CORRUPT : e;
    if (from < state.first_seq)
        return GW_NOT_FOUND;
    e = fill(v, &state, &in);
    *n = in.n;
    return e;
}

/* latest_ms never falls from one entry to the next, so halving finds the place. */
enum gw_error gw_reader_seek_time(struct gw_reader *r, int64_t time_ms, uint64_t *seq)
{
    struct gw_state state;
    struct gw_entry entry;
    struct gw_view *v;
    uint64_t low, high;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_state_read(v, &state);
    if (e)
        return e == GW_NOT_FOUND ? GW_CORRUPT : e;
    low = state.first_seq;
    high = state.last_seq + 1;
    while (low < high) {
        e = gw_entry_at(v, low + (high - low) / 2, &entry);
        if (e)
            return e == GW_NOT_FOUND ? GW_CORRUPT : e;
        if (entry.head.latest_ms >= time_ms)
            high = entry.head.first > low ? entry.head.first : low;
        else
            low = gw_entry_last(&entry) + 1;
    }
    *seq = low;
    return GW_OK;
}

enum gw_error gw_reader_last_batch(struct gw_reader *r, const char *operator,
                                   const char * adapter, uint64_t *number)
{
    struct gw_adapter_record a = {.last = 0};
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_adapter_read(v, operator, adapter, &a);
    if (e == GW_NOT_FOUND)
        e = GW_OK; /* a is zeroed */
    if (!e)
        *number = a.last;
    return e;
}

enum gw_error gw_reader_outcome(struct gw_reader *r, const char *operator,
                                const char * adapter, uint64_t number,
                                struct gw_outcome *out)
{
    struct gw_adapter_record a = {.last = 0};
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_adapter_read(v, operator, adapter, &a);
    return e ? e : gw_outcome_read(v, a.number, number, out);
}

enum gw_error gw_reader_cursor(struct gw_reader *r, const char *operator,
                               const char * name, struct gw_cursor *out)
{
    struct gw_key key = gw_key_name(operator, name);
    struct gw_cursor_change change = {.set = false};
    struct gw_cursor stored;
    struct gw_slice value = {0};
    struct gw_view *v;
    enum gw_error e;

    if (r->store->pending)
        (void)gw_pending_note(r->store->pending, operator, name, &change, &r->filter);
    e = gw_buf_status(&r->filter);
    if (!e)
        e = gw_reader_view(r, &v);
    if (!e)
        e = gw_get(v, GW_T_CURSORS, gw_key_slice(&key), &value);
    if (!e)
        e = gw_cursor_decode(value, &stored);
    if (e && e != GW_NOT_FOUND)
        return e;
    return gw_cursor_apply(&change, e ? NULL : &stored, out) ? GW_OK : GW_NOT_FOUND;
}

enum gw_error gw_reader_cursor_next(struct gw_reader *r, const char *operator,
                                    char name[GW_NAME_MAX + 1], struct gw_cursor *out)
{
    struct gw_key key = gw_key_name(operator, name), before = gw_key_name(operator, "");
    struct gw_slice prefix = gw_key_slice(&before);
    struct gw_pair found = {0};
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_seek_behind(v, GW_T_CURSORS, gw_key_slice(&key), &found);
    if (!e && !gw_slice_starts(found.key, prefix))
        e = GW_NOT_FOUND;
    if (!e)
        e = gw_cursor_decode(found.value, out);
    if (!e && !gw_slice_copy(gw_slice(found.key.at + prefix.len, found.key.len - prefix.len),
                             name, GW_NAME_MAX + 1))
        e = GW_CORRUPT;
    return e;
}

enum gw_error gw_reader_locate(struct gw_reader *r, uint64_t seq, struct gw_located *out)
{
    struct gw_state state;
    struct gw_entry entry;
    struct gw_slice event;
    struct gw_blake hash;
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_state_read(v, &state);
    if (!e && (seq < state.first_seq || seq > state.last_seq))
        return GW_NOT_FOUND;
    if (!e)
        e = gw_entry_at(v, seq, &entry);
    if (!e && seq > gw_entry_last(&entry))
        e = GW_CORRUPT;
    if (!e)
        e = gw_entry_event(&entry, (uint32_t)(seq - entry.head.first), &event);
    if (e)
        return e == GW_NOT_FOUND ? GW_CORRUPT : e;
    *out = (struct gw_located){.first = entry.head.first,
                               .last = gw_entry_last(&entry),
                               .batch = entry.head.batch,
                               .received_ms = entry.head.received_ms,
                               .operator = entry.operator,
                               .adapter = entry.adapter};
    memcpy(out->chain, entry.head.chain, sizeof out->chain);
    gw_blake_init(&hash);
    gw_blake_add(&hash, event);
    gw_blake_end(&hash, out->event);
    return GW_OK;
}

enum gw_error gw_reader_quarantine(struct gw_reader *r, uint64_t from,
                                   struct gw_quarantined *out)
{
    struct gw_key key = gw_key_u64(from);
    struct gw_pair at;
    struct gw_view *v;
    enum gw_error e = gw_reader_view(r, &v);

    if (!e)
        e = gw_seek(v, GW_T_QUARANTINE, GW_SEEK_AT_OR_AFTER, gw_key_slice(&key), &at);
    if (e)
        return e;
    e = gw_quarantine_decode(at.value, out);
    out->id = gw_key_number(at.key);
    return e;
}
