/* canon.c - a tree to canonical bytes, and seq into them. */
#include "model/canon.h"
#include <stdlib.h>
#include "model/event_fields.h"
#include "model/heads.h"
#include "model/shape.h"
#include "model/walk.h"

/* Room is made piece by piece; `out` fails once, at its limit. */
static inline uint8_t *room(struct gw_buf *out, size_t n)
{
    if (!out->failed && out->cap - out->len >= n + GW_HEAD_MOST)
        return out->at + out->len;
    return gw_buf_reserve(out, n + GW_HEAD_MOST);
}

static void wrote(struct gw_buf *out, const uint8_t *end)
{
    out->len = (size_t)(end - out->at);
}

static void put_key(struct gw_buf *out, struct gw_slice key)
{
    uint8_t *at = room(out, key.len);
    if (at)
        wrote(out, gw_put_str(at, key));
}

static void put_scalar(struct gw_buf *out, const struct gw_node *n)
{
    uint8_t *at = room(out, n->kind == GW_STR ? n->s.len : 0);
    if (!at)
        return;
    if (n->kind == GW_STR)
        at = gw_put_str(at, n->s);
    else if (n->kind == GW_INT)
        at = gw_put_int(at, n->i);
    else if (n->kind == GW_FLOAT)
        at = gw_put_float(at, n->f);
    else
        *at++ = n->kind == GW_NIL ? 0xc0 : n->b ? 0xc3 : 0xc2;
    wrote(out, at);
}

static void put_head(struct gw_buf *out, const struct gw_node *n)
{
    uint8_t *at = room(out, 0);
    if (at)
        wrote(out, n->kind == GW_MAP ? gw_put_map_head(at, n->count)
                                     : gw_put_array_head(at, n->count));
}

/* ---- in the tree's own order ---- */

static void put_as_is(const struct gw_tree *t, uint32_t node, struct gw_buf *out)
{
    const struct gw_node *n = &t->nodes[node];
    if (n->kind < GW_ARRAY) {
        put_scalar(out, n);
        return;
    }
    put_head(out, n);
    for (GW_FOREACH_CHILD (t, node, child)) {
        if (n->kind == GW_MAP)
            put_key(out, t->nodes[child].key);
        put_as_is(t, child, out);
    }
}

/* ---- canonical ---- */

static void put_value(const struct gw_tree *t, uint32_t node, const struct gw_field *f,
                      struct gw_buf *out);

struct by_key {
    const struct gw_tree *t;
    uint32_t node;
};

static int compare_keys(const void *a, const void *b)
{
    const struct by_key *x = a, *y = b;
    return gw_slice_cmp(x->t->nodes[x->node].key, y->t->nodes[y->node].key);
}

/* A few: each to its place among those before it, often where it is. */
static void sort_few(struct by_key *all, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct by_key it = all[i];
        uint32_t at = i;
        for (; at && compare_keys(&all[at - 1], &it) > 0; at--)
            all[at] = all[at - 1];
        all[at] = it;
    }
}

/* A map of any keys: bytewise.  Small ones are sorted in place, large ones in a piece of
 * memory. */
static void put_free_map(const struct gw_tree *t, uint32_t map, struct gw_buf *out)
{
    struct by_key few[32], *all = few;
    uint32_t count = t->nodes[map].count, n = 0;

    if (count > 32)
        all = malloc(count * sizeof *all);
    if (!all) {
        out->failed = true;
        return;
    }
    for (GW_FOREACH_CHILD (t, map, child))
        all[n++] = (struct by_key){t, child};
    if (all == few)
        sort_few(all, n);
    else
        qsort(all, n, sizeof *all, compare_keys);
    for (uint32_t i = 0; i < n; i++) {
        put_key(out, t->nodes[all[i].node].key);
        put_value(t, all[i].node, NULL, out);
    }
    if (all != few)
        free(all);
}

static void put_field(const struct gw_tree *t, uint32_t node, const struct gw_shape *s,
                      struct gw_buf *out)
{
    const struct gw_field *f = &s->fields[t->nodes[node].field];
    put_key(out, gw_slice(f->name, f->name_len));
    put_value(t, node, f, out);
}

/* Are the rows in canonical order?  *fitted is false where one has no row: a caller's
 * mistake, which must not become bytes. */
static bool in_order(const struct gw_tree *t, uint32_t map, const struct gw_shape *s,
                     bool *fitted)
{
    int last = -1;
    bool ordered = true;
    for (GW_FOREACH_CHILD (t, map, child)) {
        uint8_t row = t->nodes[child].field;
        *fitted &= row < s->count;
        ordered &= row > last;
        last = row;
    }
    return ordered;
}

static void put_sorted(const struct gw_tree *t, uint32_t map, const struct gw_shape *s,
                       struct gw_buf *out)
{
    uint32_t of_row[64];
    uint64_t rows = 0; /* those that are there, as bits */
    for (GW_FOREACH_CHILD (t, map, child)) {
        of_row[t->nodes[child].field] = child;
        rows |= UINT64_C(1) << t->nodes[child].field;
    }
    for (; rows; rows &= rows - 1)
        put_field(t, of_row[__builtin_ctzll(rows)], s, out);
}

/* A map of the schema: in the order of its rows; usually it is in that order already. */
static void put_shaped_map(const struct gw_tree *t, uint32_t map,
                           const struct gw_shape *s, struct gw_buf *out)
{
    bool fitted = true, ordered = in_order(t, map, s, &fitted);
    if (!fitted)
        out->failed = true;
    else if (!ordered)
        put_sorted(t, map, s, out);
    else
        for (GW_FOREACH_CHILD (t, map, child))
            put_field(t, child, s, out);
}

/* f: the value's row, NULL below a free map. */
static void put_value(const struct gw_tree *t, uint32_t node, const struct gw_field *f,
                      struct gw_buf *out)
{
    const struct gw_node *n = &t->nodes[node];
    /* Where a value is of another kind than its row says, nothing below it was fitted. */
    const struct gw_shape *s = f && f->kind == n->kind ? f->shape : NULL;

    if (n->kind < GW_ARRAY) {
        put_scalar(out, n);
        return;
    }
    put_head(out, n);
    if (n->kind == GW_MAP && s)
        put_shaped_map(t, node, s, out);
    else if (n->kind == GW_MAP)
        put_free_map(t, node, out);
    else
        for (GW_FOREACH_CHILD (t, node, item)) {
            if (s && t->nodes[item].kind == GW_MAP) {
                put_head(out, &t->nodes[item]);
                put_shaped_map(t, item, s, out);
            } else
                put_value(t, item, NULL, out);
        }
}

/* ---- an event, and the places of the gateway's own fields in it ---- */

static void put_source(const struct gw_tree *t, uint32_t node, size_t start,
                       struct gw_buf *out, struct gw_stamp_at *at)
{
    const struct gw_field *f = &gw_shape_event.fields[GW_EV_SOURCE];
    put_key(out, gw_slice(f->name, f->name_len));
    put_head(out, &t->nodes[node]);
    at->source_pairs = t->nodes[node].count;
    at->source_body = (uint32_t)(out->len - start);
    put_shaped_map(t, node, f->shape, out);
}

static void put_row(const struct gw_tree *t, uint32_t node, size_t start,
                    struct gw_buf *out, struct gw_stamp_at *at)
{
    uint8_t row = t->nodes[node].field;
    gw_stamp_note(at, row, (uint32_t)(out->len - start));
    if (row == GW_EV_SOURCE && t->nodes[node].kind == GW_MAP)
        put_source(t, node, start, out, at);
    else
        put_field(t, node, &gw_shape_event, out);
}

static void put_rows(const struct gw_tree *t, uint32_t root, size_t start,
                     struct gw_buf *out, struct gw_stamp_at *at)
{
    bool fitted = true, ordered = in_order(t, root, &gw_shape_event, &fitted);
    uint32_t of_row[64] = {0};
    if (!fitted) {
        out->failed = true;
        return;
    }
    for (GW_FOREACH_CHILD (t, root, child)) {
        if (ordered)
            put_row(t, child, start, out, at);
        of_row[t->nodes[child].field] = child;
    }
    for (unsigned i = 0; !ordered && i < gw_shape_event.count; i++)
        if (of_row[i])
            put_row(t, of_row[i], start, out, at);
    gw_stamp_note(at, GW_EV_COUNT, (uint32_t)(out->len - start));
}

static enum gw_error ended(struct gw_buf *out, size_t start)
{
    if (!out->failed)
        return GW_OK;
    out->len = start;
    out->failed = false;
    return GW_NOMEM;
}

enum gw_error gw_canon_write(const struct gw_tree *t, uint32_t root, struct gw_buf *out)
{
    size_t start = out->len;
    put_head(out, &t->nodes[root]);
    put_shaped_map(t, root, &gw_shape_event, out);
    return ended(out, start);
}

enum gw_error gw_canon_write_event(const struct gw_tree *t, uint32_t root,
                                   struct gw_buf *out, struct gw_stamp_at *at)
{
    size_t start = out->len;
    *at = (struct gw_stamp_at){.pairs = t->nodes[root].count};
    put_head(out, &t->nodes[root]);
    at->head = (uint32_t)(out->len - start);
    put_rows(t, root, start, out, at);
    return ended(out, start);
}

enum gw_error gw_msgpack_write(const struct gw_tree *t, uint32_t root, struct gw_buf *out)
{
    size_t start = out->len;
    put_as_is(t, root, out);
    return ended(out, start);
}

enum gw_error gw_canon_add_seq(struct gw_slice event, uint64_t seq, struct gw_buf *out)
{
    static const uint8_t schema[] = "\xa6schema", key[] = "\xa3seq";
    struct gw_walk w = gw_walk(event);
    uint32_t pairs;
    size_t head, rest;
    uint8_t *at;

    if (!gw_walk_map(&w, &pairs))
        return GW_FORMAT;
    head = gw_walk_offset(&w);
    rest = head + sizeof schema - 1 + 1; /* schema is 1: one byte */
    if (event.len < rest || memcmp(event.at + head, schema, sizeof schema - 1) != 0)
        return GW_FORMAT;
    at = gw_buf_reserve(out, event.len + 2 * GW_HEAD_MOST + sizeof key);
    if (!at)
        return GW_NOMEM;
    at = gw_put_map_head(at, pairs + 1);
    memcpy(at, event.at + head, rest - head);
    at += rest - head;
    memcpy(at, key, sizeof key - 1);
    at = gw_put_uint(at + sizeof key - 1, seq);
    memcpy(at, event.at + rest, event.len - rest);
    wrote(out, at + (event.len - rest));
    return GW_OK;
}
