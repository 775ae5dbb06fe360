/* tree_read.c - msgpack bytes to a tree in one bounded pass.
 *
 * msgpack-c ships its parser as a template that calls back for every value; these are the callbacks.
 * The template keeps a fixed stack and allocates nothing, so what a message can cost is decided
 * here alone: each value is counted against the budget before a node is made for it, and a count
 * is only believed as far as bytes can follow.  (msgpack-c's own tree sizes memory by the announced
 * count: five bytes would reserve gigabytes.) */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include "base/hash.h"
#include "base/utf8.h"
#include "model/tree_parts.h"
#include "model/walk.h"

/* A value between its callback and the one that says where it belongs. */
struct value {
    uint8_t kind;  /* enum gw_kind */
    uint32_t node; /* containers have theirs from the start */
    union {
        bool b;
        int64_t i;
        double f;
        struct gw_slice s;
    };
};

struct reader {
    struct gw_tree *t;
    const uint8_t *start;
    size_t len;          /* bytes that may belong to this event */
    uint32_t left;       /* elements the budget still has */
    uint32_t depth;
    enum gw_error error; /* why a callback stopped the parser */
    size_t at;           /* where, when the callback knows better than the parser */
    bool at_known;
};

#include <msgpack/unpack_define.h>
#define msgpack_unpack_struct(name)    struct parser##name
#define msgpack_unpack_func(ret, name) static ret parser##name
#define msgpack_unpack_callback(name)  on##name
#define msgpack_unpack_object          struct value
#define msgpack_unpack_user            struct reader
/* The template's own numbers for what went wrong. */
#define MSGPACK_UNPACK_PARSE_ERROR (-1)
#define MSGPACK_UNPACK_NOMEM_ERROR (-2)
#define MSGPACK_UNPACK_CONTINUE    0
#define MSGPACK_UNPACK_SUCCESS     2

#define STOP (-1)

static int stop(struct reader *r, enum gw_error e)
{
    r->error = e;
    return STOP;
}

static int stop_at(struct reader *r, enum gw_error e, size_t at)
{
    r->at = at;
    r->at_known = true;
    return stop(r, e);
}

static inline struct value on_root(struct reader *r)
{
    (void)r;
    return (struct value){.kind = GW_NIL};
}

static inline int integer(struct reader *r, int64_t i, struct value *v)
{
    (void)r;
    *v = (struct value){.kind = GW_INT, .i = i};
    return 0;
}

static inline int on_uint8(struct reader *r, uint8_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_uint16(struct reader *r, uint16_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_uint32(struct reader *r, uint32_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_uint64(struct reader *r, uint64_t d, struct value *v)
{
    return d > INT64_MAX ? stop(r, GW_NUMBER) : integer(r, (int64_t)d, v);
}
static inline int on_int8(struct reader *r, int8_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_int16(struct reader *r, int16_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_int32(struct reader *r, int32_t d, struct value *v)
{
    return integer(r, d, v);
}
static inline int on_int64(struct reader *r, int64_t d, struct value *v)
{
    return integer(r, d, v);
}

static inline int on_double(struct reader *r, double d, struct value *v)
{
    if (!isfinite(d))
        return stop(r, GW_NUMBER);
    *v = (struct value){.kind = GW_FLOAT, .f = d};
    return 0;
}
static inline int on_float(struct reader *r, float d, struct value *v)
{
    return on_double(r, (double)d, v);
}

static inline int on_nil(struct reader *r, struct value *v)
{
    (void)r;
    *v = (struct value){.kind = GW_NIL};
    return 0;
}
static inline int on_true(struct reader *r, struct value *v)
{
    (void)r;
    *v = (struct value){.kind = GW_BOOL, .b = true};
    return 0;
}
static inline int on_false(struct reader *r, struct value *v)
{
    (void)r;
    *v = (struct value){.kind = GW_BOOL, .b = false};
    return 0;
}

static inline int on_str(struct reader *r, const char *base, const char *p, unsigned len,
                         struct value *v)
{
    struct gw_slice s = gw_slice(len ? p : "", len);
    size_t at = len ? (size_t)(p - base) : 0, bad = 0;
    if (len > r->t->budget.string_bytes)
        return stop_at(r, GW_STRING_SIZE, at);
    if (!gw_is_ascii(s) && !gw_utf8_valid(s, &bad))
        return stop_at(r, GW_UTF8, at + bad);
    *v = (struct value){.kind = GW_STR, .s = s};
    return 0;
}
static inline int on_bin(struct reader *r, const char *base, const char *p, unsigned len,
                         struct value *v)
{
    (void)base;
    (void)p;
    (void)len;
    (void)v;
    return stop(r, GW_VALUE_TYPE);
}
static inline int on_ext(struct reader *r, const char *base, const char *p, unsigned len,
                         struct value *v)
{
    return on_bin(r, base, p, len, v);
}

/* A map or array begins: `values` values are announced, each at least one byte long. */
static inline int container(struct reader *r, enum gw_kind kind, uint64_t values,
                            uint64_t elements, struct value *v)
{
    if (++r->depth > r->t->budget.depth)
        return stop(r, GW_DEPTH);
    if (values > r->len)
        return stop(r, GW_COUNT);
    if (elements > r->left)
        return stop(r, GW_ELEMENTS);
    *v = (struct value){.kind = (uint8_t)kind};
    v->node = gw_tree_new_node(r->t, kind);
    return v->node ? 0 : stop(r, GW_NOMEM);
}
static inline int on_map(struct reader *r, unsigned n, struct value *v)
{
    return container(r, GW_MAP, 2 * (uint64_t)n, n, v);
}
static inline int on_array(struct reader *r, unsigned n, struct value *v)
{
    return container(r, GW_ARRAY, n, n, v);
}

/* The node of a finished value. */
static inline uint32_t settle(struct reader *r, const struct value *v)
{
    struct gw_node *n;
    uint32_t node = v->node;
    if (!r->left--) {
        r->left = 0;
        (void)stop(r, GW_ELEMENTS);
        return GW_NODE_NONE;
    }
    if (node) {
        r->depth--;
        return node;
    }
    node = gw_tree_new_node(r->t, v->kind);
    if (!node) {
        (void)stop(r, GW_NOMEM);
        return GW_NODE_NONE;
    }
    n = &r->t->nodes[node];
    if (v->kind == GW_STR)
        n->s = v->s;
    else if (v->kind == GW_INT)
        n->i = v->i;
    else if (v->kind == GW_FLOAT)
        n->f = v->f;
    else if (v->kind == GW_BOOL)
        n->b = v->b;
    return node;
}

/* ---- doubled keys ---- */

#define FEW 24 /* up to so many keys are compared one by one: faster than hashing */

/* A cheap mark of a key, kept in the node: equal keys have equal marks. */
static inline uint16_t mark_of(struct gw_slice key)
{
    return key.len ? (uint16_t)(key.len << 11 ^ key.at[0] << 5 ^ key.at[key.len - 1] ^
                                key.at[key.len / 2] << 8)
                   : 0;
}

static inline bool among_few(const struct gw_tree *t, uint32_t map, struct gw_slice key,
                             uint16_t mark)
{
    for (GW_FOREACH_CHILD(t, map, child))
        if (t->nodes[child].reserved == mark && gw_slice_eq(t->nodes[child].key, key))
            return true;
    return false;
}

static bool make_table(struct gw_tree *t)
{
    uint32_t size = 64;
    while (size < t->budget.elements * 2)
        size *= 2;
    t->keys = calloc(1, sizeof *t->keys + size * sizeof *t->keys->slots);
    if (t->keys)
        t->keys->mask = size - 1;
    return t->keys != NULL;
}

/* All entries are of an earlier event now. */
static void forget_keys(struct gw_tree *t)
{
    if (!t->keys || ++t->keys->stamp)
        return;
    memset(t->keys->slots, 0, (t->keys->mask + 1) * sizeof *t->keys->slots);
    t->keys->stamp = 1;
}

/* Put a child's key into the table; false when an equal key of the same map is there. */
static bool enter(struct gw_tree *t, uint32_t map, struct gw_slice key, uint32_t node)
{
    struct gw_key_table *k = t->keys;
    uint32_t i = (uint32_t)gw_hash64(key, map) & k->mask;
    while (k->slots[i].stamp == k->stamp) {
        if (k->slots[i].parent == map && gw_slice_eq(t->nodes[k->slots[i].node].key, key))
            return false;
        i = (i + 1) & k->mask;
    }
    k->slots[i] = (struct gw_key_slot){k->stamp, map, node};
    return true;
}

/* A map grew large: enter what it has so far. */
static bool enter_all(struct gw_tree *t, uint32_t map)
{
    if (!t->keys && !make_table(t))
        return false;
    if (!t->keys->stamp)
        t->keys->stamp = 1;
    for (GW_FOREACH_CHILD(t, map, child))
        (void)enter(t, map, t->nodes[child].key, child);
    return true;
}

static enum gw_error check_key(struct gw_tree *t, uint32_t map, struct gw_slice key,
                               uint16_t mark, uint32_t node)
{
    uint32_t count = t->nodes[map].count;
    if (count < FEW)
        return among_few(t, map, key, mark) ? GW_DUPLICATE_KEY : GW_OK;
    if (count == FEW && !enter_all(t, map))
        return GW_NOMEM;
    return enter(t, map, key, node) ? GW_OK : GW_DUPLICATE_KEY;
}

/* ---- where values belong ---- */

static inline int on_map_item(struct reader *r, struct value *map, struct value key,
                              struct value v)
{
    struct gw_tree *t = r->t;
    uint32_t node;
    uint16_t mark;
    enum gw_error e;

    if (key.kind != GW_STR)
        return stop(r, GW_KEY_TYPE);
    node = settle(r, &v);
    if (!node)
        return STOP;
    mark = mark_of(key.s);
    t->nodes[node].key = key.s;
    t->nodes[node].reserved = mark;
    t->nodes[node].at = key.s.len ? (uint32_t)(key.s.at + key.s.len - r->start) : 0;
    e = check_key(t, map->node, key.s, mark, node);
    if (e)
        return stop_at(r, e, key.s.len ? (size_t)(key.s.at - r->start) : 0);
    gw_tree_link(t, map->node, node);
    return 0;
}

static inline int on_array_item(struct reader *r, struct value *array, struct value v)
{
    uint32_t node = settle(r, &v);
    if (!node)
        return STOP;
    r->t->nodes[node].at = v.kind == GW_STR && v.s.len ? (uint32_t)(v.s.at - r->start)
                                                       : r->t->nodes[array->node].at;
    gw_tree_link(r->t, array->node, node);
    return 0;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wpointer-sign"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include <msgpack/unpack_template.h>
#pragma GCC diagnostic pop

/* ---- the whole ---- */

static enum gw_error why_stopped(const struct reader *r, int result, bool cut)
{
    if (result == MSGPACK_UNPACK_CONTINUE)
        return cut ? GW_EVENT_SIZE : GW_TRUNCATED;
    if (r->error)
        return r->error;
    return result == MSGPACK_UNPACK_NOMEM_ERROR ? GW_DEPTH : GW_SYNTAX;
}

enum gw_error gw_tree_read(struct gw_tree *t, struct gw_slice in, size_t *used, uint32_t *root,
                           struct gw_fault *fault)
{
    bool cut = in.len > t->budget.event_bytes;
    struct parser_context p;
    struct value top;
    size_t at = 0;
    int result;

    gw_tree_reset(t);
    forget_keys(t);
    if (!in.len)
        return gw_fail(fault, GW_TRUNCATED, 0, NULL);
    if ((in.at[0] & 0xf0) != 0x80 && in.at[0] != 0xde && in.at[0] != 0xdf)
        return gw_fail(fault, GW_NOT_A_MAP, 0, NULL);
    parser_init(&p);
    p.user = (struct reader){.t = t,
                             .start = in.at,
                             .len = cut ? t->budget.event_bytes : in.len,
                             .left = t->budget.elements};
    result = parser_execute(&p, (const char *)in.at, p.user.len, &at);
    if (result <= 0)
        return gw_fail(fault, why_stopped(&p.user, result, cut),
                       p.user.at_known ? p.user.at : at, NULL);
    top = parser_data(&p);
    *used = at;
    *root = top.node;
    return GW_OK;
}

enum gw_error gw_tree_skip(struct gw_slice in, size_t *used)
{
    struct gw_walk w = gw_walk(in);
    if (!gw_walk_skip(&w, NULL))
        return GW_SYNTAX;
    *used = gw_walk_offset(&w);
    return GW_OK;
}
