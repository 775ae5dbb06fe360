/* project.c - a canonical event without the fields a mask hides; part of stage 7. */
#include "model/canon.h"
#include "model/heads.h"
#include "model/mask_levels.h"
#include "model/walk.h"

struct job {
    const struct gw_mask *m;
    struct gw_buf *out;
    uint64_t seq;
};

static bool has_all(const struct gw_mask *m, const struct gw_mask *part)
{
    uint64_t missing = 0;
    for (int i = 0; i < GW_MASK_WORDS; i++)
        missing |= part->bits[i] & ~m->bits[i];
    return !missing;
}

static bool has_any(const struct gw_mask *m, const struct gw_mask *part)
{
    uint64_t there = 0;
    for (int i = 0; i < GW_MASK_WORDS; i++)
        there |= part->bits[i] & m->bits[i];
    return there != 0;
}

/* A container is written behind room for its longest head; the true one is put when its
 * count is known. */
#define ROOM 5

static size_t begin(struct gw_buf *out)
{
    size_t start = out->len;
    if (gw_buf_reserve(out, ROOM))
        gw_buf_advance(out, ROOM);
    return start;
}

static void end(struct gw_buf *out, size_t start, bool map, uint32_t count)
{
    uint8_t head[GW_HEAD_MOST];
    size_t n =
        (size_t)((map ? gw_put_map_head(head, count) : gw_put_array_head(head, count)) -
                 head);
    if (out->failed)
        return;
    memcpy(out->at + start, head, n);
    memmove(out->at + start + n, out->at + start + ROOM, out->len - start - ROOM);
    out->len -= ROOM - n;
}

static void put_key(struct gw_buf *out, struct gw_slice key)
{
    uint8_t *at = gw_buf_reserve(out, key.len + GW_HEAD_MOST);
    if (at)
        gw_buf_advance(out, (size_t)(gw_put_str(at, key) - at));
}

/* Does this key of ext stand for a field that is not shown whole? */
static bool belongs_to_hidden(const struct job *j, struct gw_slice key)
{
    const struct gw_level *l = gw_level_event();
    const uint8_t *dot = key.len ? memchr(key.at, '.', key.len) : NULL;
    const uint8_t *bracket = key.len ? memchr(key.at, '[', key.len) : NULL;
    const uint8_t *stop = bracket && (!dot || bracket < dot) ? bracket : dot;
    int row = gw_shape_find(l->shape,
                            stop ? gw_slice(key.at, (size_t)(stop - key.at)) : key, 0);
    return row >= 0 && !has_all(j->m, &l->fields[row]);
}

static bool project_ext(struct job *j, struct gw_walk *w, uint32_t *kept)
{
    uint32_t pairs;
    struct gw_slice key, value;
    size_t start = begin(j->out);
    *kept = 0;
    if (!gw_walk_map(w, &pairs))
        return false;
    while (pairs--) {
        if (!gw_walk_str(w, &key) || !gw_walk_skip(w, &value))
            return false;
        if (belongs_to_hidden(j, key))
            continue;
        put_key(j->out, key);
        gw_buf_slice(j->out, value);
        ++*kept;
    }
    end(j->out, start, true, *kept);
    return true;
}

static bool project_map(struct job *j, struct gw_walk *w, const struct gw_level *l,
                        uint32_t *kept);

static bool project_list(struct job *j, struct gw_walk *w, const struct gw_level *l,
                         uint32_t *kept)
{
    uint32_t items;
    size_t start = begin(j->out);
    *kept = 0;
    if (!gw_walk_array(w, &items))
        return false;
    while (items--) {
        size_t before = j->out->len;
        uint32_t fields;
        if (!project_map(j, w, l, &fields))
            return false;
        if (fields)
            ++*kept;
        else if (!j->out->failed)
            j->out->len = before;
    }
    end(j->out, start, false, *kept);
    return true;
}

/* One field of which something may be shown; it is left out when nothing is. */
static bool project_field(struct job *j, struct gw_walk *w, const struct gw_level *l,
                          int row, struct gw_slice key, uint32_t *kept)
{
    const struct gw_field *f = &l->shape->fields[row];
    size_t before = j->out->len;
    uint32_t inside = 1;
    struct gw_slice value;
    bool ok;

    if (!has_any(j->m, &l->fields[row]))
        return gw_walk_skip(w, NULL);
    put_key(j->out, key);
    if (f->flags & GW_FREE && l == gw_level_event())
        ok = project_ext(j, w, &inside);
    else if (has_all(j->m, &l->fields[row])) {
        ok = gw_walk_skip(w, &value);
        if (ok)
            gw_buf_slice(j->out, value);
    } else if (f->kind == GW_MAP)
        ok = project_map(j, w, l->below[row], &inside);
    else
        ok = project_list(j, w, l->below[row], &inside);
    if (ok && inside)
        ++*kept;
    else if (!j->out->failed)
        j->out->len = before;
    return ok;
}

/* seq stands behind schema, the first field. */
static void put_seq(struct job *j, uint32_t *kept)
{
    uint8_t *at;
    put_key(j->out, GW_LIT("seq"));
    at = gw_buf_reserve(j->out, GW_HEAD_MOST);
    if (at)
        gw_buf_advance(j->out, (size_t)(gw_put_uint(at, j->seq) - at));
    j->seq = 0;
    ++*kept;
}

static bool project_map(struct job *j, struct gw_walk *w, const struct gw_level *l,
                        uint32_t *kept)
{
    uint32_t pairs;
    unsigned guess = 0;
    size_t start = begin(j->out);
    *kept = 0;
    if (!gw_walk_map(w, &pairs))
        return false;
    while (pairs--) {
        struct gw_slice key;
        int row = gw_walk_str(w, &key) ? gw_shape_find(l->shape, key, guess) : -1;
        if (row < 0)
            return false; /* no canonical event */
        guess = (unsigned)row + 1;
        if (!project_field(j, w, l, row, key, kept))
            return false;
        if (j->seq && l == gw_level_event())
            put_seq(j, kept);
    }
    end(j->out, start, true, *kept);
    return true;
}

enum gw_error gw_project(struct gw_slice event, uint64_t seq, const struct gw_mask *m,
                         struct gw_buf *out)
{
    struct job j = {m, out, seq};
    struct gw_walk w = gw_walk(event);
    size_t before = out->len;
    uint32_t kept;
    enum gw_error e;

    if (gw_mask_is_all(m) && seq)
        return gw_canon_add_seq(event, seq, out);
    e = project_map(&j, &w, gw_level_event(), &kept) && !gw_walk_left(&w) ? GW_OK
                                                                          : GW_FORMAT;
    if (!e && out->failed)
        e = GW_NOMEM;
    if (e) {
        out->len = before;
        out->failed = false;
    }
    return e;
}
