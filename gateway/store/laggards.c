/* laggards.c - a list of the slowest, and a bound for the rest. */
#include "store/laggards.h"

static struct gw_laggard *find(struct gw_laggards *l, struct gw_slice key)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (gw_slice_is(key, l->at[i].name))
            return &l->at[i];
    return NULL;
}

void gw_laggards_wrote(struct gw_laggards *l, struct gw_slice key, uint64_t seq)
{
    if (seq < l->others && !find(l, key))
        l->others = seq;
}

static struct gw_laggard *fastest(struct gw_laggards *l)
{
    struct gw_laggard *f = &l->at[0];
    for (uint32_t i = 1; i < l->count; i++)
        if (l->at[i].seq > f->seq)
            f = &l->at[i];
    return f;
}

/* Into the list, in place of the fastest one there when it is full; who stays outside
 * counts. */
static void take(struct gw_laggards *l, struct gw_slice key, uint64_t seq)
{
    struct gw_laggard *to = &l->at[l->count];
    uint64_t outside = seq;

    if (l->count == GW_LAGGARDS) {
        to = fastest(l);
        if (seq < to->seq)
            outside = to->seq;
        else
            to = NULL;
        l->others = outside < l->others ? outside : l->others;
    } else
        l->count++;
    if (to) {
        (void)gw_slice_copy(key, to->name, sizeof to->name);
        to->seq = seq;
    }
}

static enum gw_error ask_all(struct gw_laggards *l, struct gw_view *v)
{
    struct gw_pair at;
    struct gw_cursor c;
    enum gw_error e = gw_seek(v, GW_T_CURSORS, GW_SEEK_FIRST, gw_slice(NULL, 0), &at);

    *l = (struct gw_laggards){.others = UINT64_MAX};
    while (!e) {
        e = gw_cursor_decode(at.value, &c);
        if (!e)
            take(l, at.key, c.seq);
        if (!e)
            e = gw_seek_behind(v, GW_T_CURSORS, at.key, &at);
    }
    if (e == GW_NOT_FOUND)
        return GW_OK;
    *l = (struct gw_laggards){.count = 0};
    return e;
}

static enum gw_error read_list(struct gw_laggards *l, struct gw_view *v)
{
    for (uint32_t i = 0; i < l->count;) {
        struct gw_slice value;
        struct gw_cursor c;
        enum gw_error e = gw_get(v, GW_T_CURSORS, gw_slice_str(l->at[i].name), &value);
        if (e == GW_NOT_FOUND) { /* unsubscribed */
            l->at[i] = l->at[--l->count];
            continue;
        }
        if (!e)
            e = gw_cursor_decode(value, &c);
        if (e)
            return e;
        l->at[i++].seq = c.seq;
    }
    return GW_OK;
}

static enum gw_error read_again(struct gw_laggards *l, struct gw_view *v)
{
    enum gw_error e = read_list(l, v);
    if (e)
        *l = (struct gw_laggards){.count = 0};
    return e;
}

static const struct gw_laggard *slowest(const struct gw_laggards *l, uint64_t before)
{
    const struct gw_laggard *s = NULL;
    for (uint32_t i = 0; i < l->count; i++)
        if (l->at[i].seq < before && (!s || l->at[i].seq < s->seq))
            s = &l->at[i];
    return s;
}

enum gw_error gw_laggards_behind(struct gw_laggards *l, struct gw_view *v, uint64_t seq)
{
    return seq > l->others ? ask_all(l, v) : read_again(l, v);
}

enum gw_error gw_laggards_any_behind(struct gw_laggards *l, struct gw_view *v,
                                     uint64_t seq, const struct gw_laggard **out)
{
    enum gw_error e = read_again(l, v);
    *out = e ? NULL : slowest(l, seq);
    if (e || *out || seq <= l->others)
        return e;
    e = ask_all(l, v);
    *out = e ? NULL : slowest(l, seq);
    return e;
}
