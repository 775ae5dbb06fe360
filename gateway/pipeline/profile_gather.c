/* profile_gather.c - take what a profile names out of an event, and keep what is left
 * over. */
#include "pipeline/profile_gather.h"
#include "base/hash.h"
#include "model/tree_parts.h"

#define ITEMS_MOST 65534u

/* ---- finding ---- */

static const struct gw_profile_edge *edge_by_key(const struct gw_profile *p,
                                                 const struct gw_profile_node *n,
                                                 struct gw_slice key)
{
    uint64_t hash = gw_hash64(key, 0);
    uint32_t low = n->first, high = (uint32_t)n->first + n->count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p->edges[mid].hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < (uint32_t)n->first + n->count && p->edges[low].hash == hash; low++)
        if (gw_slice_eq(p->edges[low].key, key))
            return &p->edges[low];
    return NULL;
}

static const struct gw_profile_edge *
edge_by_index(const struct gw_profile *p, const struct gw_profile_node *n, uint32_t index)
{
    for (uint32_t i = n->first; i < (uint32_t)n->first + n->count; i++)
        if (p->edges[i].index == index)
            return &p->edges[i];
    return NULL;
}

static void chain(struct gw_applying *a, uint16_t source, uint32_t node, uint32_t item)
{
    a->t->nodes[node].reserved = (uint16_t)item;
    if (a->tails[source])
        a->t->nodes[a->tails[source]].next = node;
    else
        a->heads[source] = node;
    a->tails[source] = node;
}

/* A map or list that has given all it had; and a list of the operator's that has given
 * parts of its items, the rest of which must not be taken for a list of the schema's with
 * the same name. */
static bool is_spent(struct gw_applying *a, uint32_t parent, uint32_t n)
{
    const struct gw_node *node = &a->t->nodes[n];
    if (!node->count)
        return true;
    if (node->kind != GW_ARRAY || parent != a->root ||
        a->profile->unknown == GW_UNKNOWN_REFUSE)
        return false;
    if (a->rests == GW_PROFILE_RESTS)
        return false;
    a->rest[a->rests++] = n;
    return true;
}

static void gather(struct gw_applying *a, uint32_t parent,
                   const struct gw_profile_node *at, uint32_t item)
{
    struct gw_tree *t = a->t;
    bool list = t->nodes[parent].kind == GW_ARRAY;
    uint32_t before = GW_NODE_NONE, next, i = 0;

    for (uint32_t n = t->nodes[parent].first; n; n = next, i++) {
        const struct gw_profile_edge *edge = NULL;
        const struct gw_profile_node *to = NULL;
        uint32_t of = list && at->each != GW_PROFILE_NONE ? i : item;

        next = t->nodes[n].next;
        edge = list ? edge_by_index(a->profile, at, i)
                    : edge_by_key(a->profile, at, t->nodes[n].key);
        if (edge) {
            to = &a->profile->nodes[edge->to];
            of = item;
        } else if (list && at->each != GW_PROFILE_NONE)
            to = &a->profile->nodes[at->each];
        if (to && to->source != GW_PROFILE_NONE && of <= ITEMS_MOST) {
            gw_tree_unlink(t, parent, before, n);
            chain(a, to->source, n, of);
            continue;
        }
        if (to && (t->nodes[n].kind == GW_MAP || t->nodes[n].kind == GW_ARRAY)) {
            gather(a, n, to, of); /* as deep as the profile's paths, at most */
            if (is_spent(a, parent, n)) {
                gw_tree_unlink(t, parent, before, n);
                continue;
            }
        }
        before = n;
    }
}

void gw_profile_gather(struct gw_applying *a)
{
    gather(a, a->root, &a->profile->nodes[0], 0);
}

uint32_t gw_profile_value_of(const struct gw_applying *a, uint16_t source, uint16_t item)
{
    if (source == GW_PROFILE_NONE)
        return GW_NODE_NONE;
    if (!a->profile->sources[source].each)
        return a->heads[source];
    for (uint32_t n = a->heads[source]; n; n = a->t->nodes[n].next)
        if (a->t->nodes[n].reserved == item)
            return n;
    return GW_NODE_NONE;
}

/* ---- what is left over ---- */

static uint32_t ext_of(struct gw_applying *a)
{
    uint32_t ext = gw_tree_child(a->t, a->root, GW_LIT("ext"));
    if (ext && a->t->nodes[ext].kind == GW_MAP)
        return ext;
    if (!ext)
        return gw_tree_put_map(a->t, a->root, GW_LIT("ext"));
    gw_tree_detach(a->t, a->root, ext); /* a sender's own `ext` that is no map */
    uint32_t map = gw_tree_put_map(a->t, a->root, GW_LIT("ext"));
    if (!map || !gw_tree_attach(a->t, map, GW_LIT("ext"), ext))
        return GW_NODE_NONE;
    return map;
}

bool gw_profile_keep_aside(struct gw_applying *a, struct gw_slice key, uint32_t node)
{
    char name[256];
    uint32_t ext = ext_of(a);
    size_t n = key.len < 200 ? key.len : 200;

    if (!ext || !key.len)
        return false;
    if (gw_tree_child(a->t, ext, key)) {
        memcpy(name, key.at, n);
        while (n < sizeof name && gw_tree_child(a->t, ext, gw_slice(name, n)))
            name[n++] = '_';
        key = gw_tree_text(a->t, gw_slice(name, n));
    }
    return key.len && gw_tree_attach(a->t, ext, key, node);
}

static enum gw_error no_room(struct gw_applying *a, uint32_t node)
{
    return gw_fail(a->fault, GW_ELEMENTS, a->t->nodes[node].at,
                   "room for unknown fields in ext");
}

enum gw_error gw_profile_keep_rest(struct gw_applying *a)
{
    for (uint8_t i = 0; i < a->rests && a->profile->unknown == GW_UNKNOWN_KEEP; i++)
        if (!gw_profile_keep_aside(a, a->t->nodes[a->rest[i]].key, a->rest[i]))
            return no_room(a, a->rest[i]);
    for (uint16_t s = 0; s < a->profile->source_count; s++) {
        const struct gw_profile_source *source = &a->profile->sources[s];
        uint32_t next;
        if (a->used[s] || source->drop || a->profile->unknown == GW_UNKNOWN_DROP)
            continue;
        for (uint32_t n = a->heads[s]; n; n = next) {
            next = a->t->nodes[n].next;
            a->t->nodes[n].next = GW_NODE_NONE;
            if (!gw_profile_keep_aside(a, gw_slice_str(source->path), n))
                return no_room(a, n);
        }
    }
    return GW_OK;
}

static enum gw_error unknown(struct gw_applying *a, struct gw_slice key, uint32_t node)
{
    struct gw_fault *f = a->fault;
    if (f)
        gw_profile_fault_field(f, key);
    return gw_fail(f, GW_PROFILE, a->t->nodes[node].at,
                   "the profile takes no fields that it does not name");
}

static enum gw_error judge_fields(struct gw_applying *a, uint32_t map,
                                  const struct gw_shape *shape)
{
    struct gw_tree *t = a->t;
    uint32_t before = GW_NODE_NONE, next;
    enum gw_error e = GW_OK;

    for (uint32_t n = t->nodes[map].first; n && !e; n = next) {
        int row = gw_shape_find(shape, t->nodes[n].key, 0);
        const struct gw_field *f = row < 0 ? NULL : &shape->fields[row];
        next = t->nodes[n].next;
        if (!f && a->profile->unknown == GW_UNKNOWN_REFUSE &&
            !((t->nodes[n].kind == GW_MAP || t->nodes[n].kind == GW_ARRAY) &&
              !t->nodes[n].count)) /* a map that has given everything it had */
            return unknown(a, t->nodes[n].key, n);
        if (!f) {
            gw_tree_unlink(t, map, before, n);
            continue;
        }
        if (f->shape && t->nodes[n].kind == GW_MAP)
            e = judge_fields(a, n, f->shape);
        else if (f->shape && t->nodes[n].kind == GW_ARRAY)
            for (GW_FOREACH_CHILD (t, n, item))
                if (!e && t->nodes[item].kind == GW_MAP)
                    e = judge_fields(a, item, f->shape);
        before = n;
    }
    return e;
}

enum gw_error gw_profile_unknowns(struct gw_applying *a)
{
    if (a->profile->unknown == GW_UNKNOWN_KEEP)
        return GW_OK;
    return judge_fields(a, a->root, &gw_shape_event);
}
