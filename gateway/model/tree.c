/* tree.c - the flat tree: nodes by number, texts that never move, building and looking. */
#include "model/tree_parts.h"
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MOST 30 /* msgpack-c's parser holds 32 levels */
#define FIRST_NODES 64
#define TEXT_BLOCK  4096

struct gw_text_block {
    struct gw_text_block *older;
    size_t size, used;
    uint8_t at[];
};

const struct gw_budget gw_budget_default = {65536, 8, 2048, 1024};

const char *gw_kind_name(enum gw_kind k)
{
    static const char *const names[] = {"nil", "bool", "int", "float", "str", "array", "map"};
    return (size_t)k < sizeof names / sizeof *names ? names[k] : "?";
}

/* Building replaces and detaches: room for each value twice, and a few of the gateway's own. */
static uint32_t most_nodes(const struct gw_tree *t)
{
    return t->budget.elements * 2 + FIRST_NODES;
}

enum gw_error gw_tree_init(struct gw_tree *t, const struct gw_budget *budget)
{
    *t = (struct gw_tree){.budget = *budget};
    if (!budget->depth || budget->depth > DEPTH_MOST || !budget->elements ||
        budget->elements > 1u << 24)
        return GW_RANGE;
    t->nodes = calloc(FIRST_NODES, sizeof *t->nodes);
    t->cap = FIRST_NODES;
    return t->nodes ? GW_OK : GW_NOMEM;
}

static void free_texts(struct gw_tree *t, bool keep_one)
{
    while (t->texts && (!keep_one || t->texts->older)) {
        struct gw_text_block *b = t->texts;
        t->texts = b->older;
        free(b);
    }
    if (t->texts)
        t->texts->used = 0;
}

void gw_tree_deinit(struct gw_tree *t)
{
    if (!t)
        return;
    free_texts(t, false);
    free(t->nodes);
    free(t->keys);
    *t = (struct gw_tree){0};
}

void gw_tree_reset(struct gw_tree *t)
{
    t->used = 0;
    free_texts(t, true);
}

uint32_t gw_tree_new_node(struct gw_tree *t, enum gw_kind kind)
{
    uint32_t n = t->used + 1;
    if (n >= t->cap) {
        uint32_t cap = t->cap * 2 > most_nodes(t) ? most_nodes(t) : t->cap * 2;
        struct gw_node *nodes = n < cap ? realloc(t->nodes, cap * sizeof *nodes) : NULL;
        if (!nodes)
            return GW_NODE_NONE;
        t->nodes = nodes;
        t->cap = cap;
    }
    t->used = n;
    t->nodes[n] = (struct gw_node){.kind = (uint8_t)kind, .field = GW_FIELD_NONE};
    return n;
}

void gw_tree_link(struct gw_tree *t, uint32_t parent, uint32_t node)
{
    struct gw_node *p = &t->nodes[parent];
    t->nodes[node].next = GW_NODE_NONE;
    if (p->last)
        t->nodes[p->last].next = node;
    else
        p->first = node;
    p->last = node;
    p->count++;
}

/* ---- looking ---- */

/* Most keys differ in length or in their first byte: that is seen without a call. */
static bool is_key(struct gw_slice a, struct gw_slice b)
{
    return a.len == b.len &&
           (!a.len || (a.at[0] == b.at[0] && memcmp(a.at, b.at, a.len) == 0));
}

uint32_t gw_tree_child(const struct gw_tree *t, uint32_t map, struct gw_slice key)
{
    if (!map || t->nodes[map].kind != GW_MAP)
        return GW_NODE_NONE;
    for (GW_FOREACH_CHILD(t, map, child))
        if (is_key(t->nodes[child].key, key))
            return child;
    return GW_NODE_NONE;
}

uint32_t gw_tree_item(const struct gw_tree *t, uint32_t array, uint32_t index)
{
    if (!array || t->nodes[array].kind != GW_ARRAY || index >= t->nodes[array].count)
        return GW_NODE_NONE;
    for (GW_FOREACH_CHILD(t, array, child))
        if (!index--)
            return child;
    return GW_NODE_NONE;
}

/* One step of a path: a key, or an index when `is_index`. */
struct step {
    struct gw_slice key;
    uint32_t index;
    bool is_index;
};

/* Bytes up to the next step: keys are short, strcspn() prepares for long texts. */
static size_t key_len(const char *p)
{
    size_t n = 0;
    while (p[n] && p[n] != '.' && p[n] != '[')
        n++;
    return n;
}

/* "[12]" to its number; NULL where it is none. */
static const char *take_index(const char *p, struct step *s)
{
    char *end;
    unsigned long i = strtoul(p + 1, &end, 10);
    if (end == p + 1 || *end != ']' || i > UINT32_MAX)
        return NULL;
    *s = (struct step){.is_index = true, .index = (uint32_t)i};
    return end + 1;
}

/* Take the next step off the path; false at its end, or where it is no path. */
static inline bool next_step(const char **path, struct step *s)
{
    const char *p = *path;
    if (*p == '[') {
        p = take_index(p, s);
        if (!p)
            return false;
    } else {
        s->key = gw_slice(p, key_len(p));
        s->is_index = false;
        p += s->key.len;
        if (!s->key.len)
            return false;
    }
    *path = *p == '.' ? p + 1 : p;
    return true;
}

uint32_t gw_tree_at(const struct gw_tree *t, uint32_t from, const char *path)
{
    struct step s;
    while (from && *path) {
        if (!next_step(&path, &s))
            return GW_NODE_NONE;
        from = s.is_index ? gw_tree_item(t, from, s.index) : gw_tree_child(t, from, s.key);
    }
    return from;
}

struct gw_slice gw_tree_str(const struct gw_tree *t, uint32_t from, const char *path)
{
    uint32_t n = gw_tree_at(t, from, path);
    return n && t->nodes[n].kind == GW_STR ? t->nodes[n].s : gw_slice(NULL, 0);
}

int64_t gw_tree_int(const struct gw_tree *t, uint32_t from, const char *path, int64_t missing)
{
    uint32_t n = gw_tree_at(t, from, path);
    return n && t->nodes[n].kind == GW_INT ? t->nodes[n].i : missing;
}

uint32_t gw_tree_item_with(const struct gw_tree *t, uint32_t from, const char *list,
                           const char *key, const char *word)
{
    for (GW_FOREACH_CHILD (t, gw_tree_at(t, from, list), n))
        if (gw_slice_is(gw_tree_str(t, n, key), word))
            return n;
    return GW_NODE_NONE;
}

/* ---- changing ---- */

struct gw_slice gw_tree_text(struct gw_tree *t, struct gw_slice text)
{
    struct gw_text_block *b = t->texts;
    uint8_t *at;
    if (!text.len)
        return text;
    if (!b || b->size - b->used < text.len) {
        size_t size = text.len > TEXT_BLOCK ? text.len : TEXT_BLOCK;
        b = malloc(sizeof *b + size);
        if (!b)
            return gw_slice(NULL, 0);
        *b = (struct gw_text_block){.older = t->texts, .size = size};
        t->texts = b;
    }
    at = b->at + b->used;
    memcpy(at, text.at, text.len);
    b->used += text.len;
    return gw_slice(at, text.len);
}

void gw_tree_unlink(struct gw_tree *t, uint32_t parent, uint32_t before, uint32_t node)
{
    struct gw_node *p = &t->nodes[parent];
    if (before)
        t->nodes[before].next = t->nodes[node].next;
    else
        p->first = t->nodes[node].next;
    if (p->last == node)
        p->last = before;
    p->count--;
    t->nodes[node].next = GW_NODE_NONE;
}

void gw_tree_detach(struct gw_tree *t, uint32_t parent, uint32_t node)
{
    uint32_t before = GW_NODE_NONE, at = t->nodes[parent].first;
    while (at && at != node) {
        before = at;
        at = t->nodes[at].next;
    }
    if (at)
        gw_tree_unlink(t, parent, before, node);
}

/* Put `node` where `old` is. */
static void substitute(struct gw_tree *t, uint32_t parent, uint32_t old, uint32_t node)
{
    struct gw_node *p = &t->nodes[parent];
    uint32_t before = GW_NODE_NONE;
    for (uint32_t at = p->first; at != old; at = t->nodes[at].next)
        before = at;
    t->nodes[node].next = t->nodes[old].next;
    if (before)
        t->nodes[before].next = node;
    else
        p->first = node;
    if (p->last == old)
        p->last = node;
    t->nodes[old].next = GW_NODE_NONE;
}

bool gw_tree_attach(struct gw_tree *t, uint32_t parent, struct gw_slice key, uint32_t node)
{
    uint32_t old;
    if (!parent || !node || (t->nodes[parent].kind != GW_MAP && t->nodes[parent].kind != GW_ARRAY))
        return false;
    t->nodes[node].key = key;
    t->nodes[node].field = GW_FIELD_NONE;
    old = t->nodes[parent].kind == GW_MAP ? gw_tree_child(t, parent, key) : GW_NODE_NONE;
    if (old == node)
        return true;
    if (old)
        substitute(t, parent, old, node);
    else
        gw_tree_link(t, parent, node);
    return true;
}

static uint32_t put(struct gw_tree *t, uint32_t parent, struct gw_slice key, enum gw_kind kind)
{
    uint32_t n = parent ? gw_tree_new_node(t, kind) : GW_NODE_NONE;
    if (n && gw_tree_attach(t, parent, key, n))
        return n;
    return GW_NODE_NONE;
}

uint32_t gw_tree_root(struct gw_tree *t)
{
    gw_tree_reset(t);
    return gw_tree_new_node(t, GW_MAP);
}

uint32_t gw_tree_put_nil(struct gw_tree *t, uint32_t parent, struct gw_slice key)
{
    return put(t, parent, key, GW_NIL);
}

uint32_t gw_tree_put_bool(struct gw_tree *t, uint32_t parent, struct gw_slice key, bool v)
{
    uint32_t n = put(t, parent, key, GW_BOOL);
    if (n)
        t->nodes[n].b = v;
    return n;
}

uint32_t gw_tree_put_int(struct gw_tree *t, uint32_t parent, struct gw_slice key, int64_t v)
{
    uint32_t n = put(t, parent, key, GW_INT);
    if (n)
        t->nodes[n].i = v;
    return n;
}

uint32_t gw_tree_put_float(struct gw_tree *t, uint32_t parent, struct gw_slice key, double v)
{
    uint32_t n = put(t, parent, key, GW_FLOAT);
    if (n)
        t->nodes[n].f = v;
    return n;
}

uint32_t gw_tree_put_str(struct gw_tree *t, uint32_t parent, struct gw_slice key,
                         struct gw_slice v)
{
    uint32_t n = put(t, parent, key, GW_STR);
    if (n)
        t->nodes[n].s = v;
    return n;
}

uint32_t gw_tree_put_map(struct gw_tree *t, uint32_t parent, struct gw_slice key)
{
    return put(t, parent, key, GW_MAP);
}

uint32_t gw_tree_put_array(struct gw_tree *t, uint32_t parent, struct gw_slice key)
{
    return put(t, parent, key, GW_ARRAY);
}

/* ---- building along a path ---- */

static uint32_t go(struct gw_tree *t, uint32_t from, const struct step *s)
{
    return s->is_index ? gw_tree_item(t, from, s->index) : gw_tree_child(t, from, s->key);
}

/* Make the child a step names, which is known not to be there: of `kind`. */
static uint32_t make(struct gw_tree *t, uint32_t from, const struct step *s, enum gw_kind kind)
{
    struct gw_slice key = gw_tree_text(t, s->key);
    if (s->is_index && (t->nodes[from].kind != GW_ARRAY || s->index > t->nodes[from].count))
        return GW_NODE_NONE;
    if (!s->is_index && (t->nodes[from].kind != GW_MAP || key.len != s->key.len))
        return GW_NODE_NONE;
    uint32_t n = gw_tree_new_node(t, kind);
    if (!n)
        return GW_NODE_NONE;
    t->nodes[n].key = key;
    gw_tree_link(t, from, n);
    return n;
}

/* The node at the end of the path, made with all before it; of `kind`, its old value gone. */
static uint32_t set(struct gw_tree *t, uint32_t from, const char *path, enum gw_kind kind)
{
    struct step s;
    while (from && next_step(&path, &s)) {
        enum gw_kind wanted = !*path ? kind : *path == '[' ? GW_ARRAY : GW_MAP;
        uint32_t there = go(t, from, &s);
        if (!there)
            there = make(t, from, &s, wanted);
        else if (!*path)
            t->nodes[there].kind = (uint8_t)kind;
        else if (t->nodes[there].kind != wanted)
            return GW_NODE_NONE;
        if (!*path)
            return there;
        from = there;
    }
    return GW_NODE_NONE;
}

uint32_t gw_tree_set_str(struct gw_tree *t, uint32_t from, const char *path, struct gw_slice v)
{
    uint32_t n = set(t, from, path, GW_STR);
    if (n)
        t->nodes[n].s = v;
    return n;
}

uint32_t gw_tree_set_int(struct gw_tree *t, uint32_t from, const char *path, int64_t v)
{
    uint32_t n = set(t, from, path, GW_INT);
    if (n)
        t->nodes[n].i = v;
    return n;
}

uint32_t gw_tree_set_float(struct gw_tree *t, uint32_t from, const char *path, double v)
{
    uint32_t n = set(t, from, path, GW_FLOAT);
    if (n)
        t->nodes[n].f = v;
    return n;
}

uint32_t gw_tree_set_bool(struct gw_tree *t, uint32_t from, const char *path, bool v)
{
    uint32_t n = set(t, from, path, GW_BOOL);
    if (n)
        t->nodes[n].b = v;
    return n;
}
