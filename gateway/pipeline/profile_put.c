/* profile_put.c - make the way to a field of the schema, and put a value there. */
#include "pipeline/profile_gather.h"
#include "model/tree_parts.h"
#include "pipeline/quality.h"
#include <stdio.h>

/* ---- going, without making anything ---- */

static uint32_t item_of_group(const struct gw_applying *a, uint32_t list, uint8_t group,
                              uint16_t item)
{
    uint16_t mark = (uint16_t)(group * 256 + item + 1);
    uint32_t at = a->groups[group].cursor;
    if ((int)item > a->groups[group].highest)
        return GW_NODE_NONE;
    for (; at; at = a->t->nodes[at].next)
        if (at > a->before && a->t->nodes[at].reserved == mark)
            return at;
    for (GW_FOREACH_CHILD (a->t, list, n))
        if (n > a->before && a->t->nodes[n].reserved == mark)
            return n;
    return GW_NODE_NONE;
}

/* The item a step means within `list`. */
static uint32_t item_of(const struct gw_applying *a, uint32_t list,
                        const struct gw_profile_step *s, uint16_t item)
{
    return s->kind == GW_STEP_ITEM ? a->slots[s->place]
                                   : item_of_group(a, list, s->place, item);
}

uint32_t gw_profile_at(const struct gw_applying *a,
                       const struct gw_profile_target *target, uint16_t item)
{
    uint32_t at = a->root;
    for (uint8_t i = 0; i < target->count && at; i++) {
        const struct gw_profile_step *s = &target->steps[i];
        if (s->key.len)
            at = gw_tree_child(a->t, at, s->key);
        if (at && (s->kind == GW_STEP_ITEM || s->kind == GW_STEP_EACH))
            at =
                a->t->nodes[at].kind == GW_ARRAY ? item_of(a, at, s, item) : GW_NODE_NONE;
    }
    return at;
}

static uint32_t number_of(const struct gw_tree *t, uint32_t list, uint32_t item)
{
    uint32_t i = 0;
    for (GW_FOREACH_CHILD (t, list, n)) {
        if (n == item)
            break;
        i++;
    }
    return i;
}

void gw_profile_target_text(const struct gw_applying *a,
                            const struct gw_profile_target *target, uint16_t item,
                            char *out, size_t size)
{
    size_t n = 0;
    uint32_t at = a->root;
    out[0] = 0;
    for (uint8_t i = 0; i < target->count; i++) {
        const struct gw_profile_step *s = &target->steps[i];
        if (s->key.len && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s%.*s", i ? "." : "",
                                  GW_FMT(s->key));
        if (s->key.len)
            at = gw_tree_child(a->t, at, s->key);
        if (s->kind == GW_STEP_ITEM || s->kind == GW_STEP_EACH) {
            uint32_t list = at;
            at = at ? item_of(a, at, s, item) : at;
            if (n < size)
                n += (size_t)snprintf(out + n, size - n, "[%u]",
                                      number_of(a->t, list, at));
        }
    }
}

/* ---- making ---- */

/* The child of `parent` that a target needs to be of `kind`: what the sender has there
 * under the same name but of another kind, or as a value of its own, goes aside. */
static uint32_t claim(struct gw_applying *a, uint32_t parent, struct gw_slice key,
                      enum gw_kind kind)
{
    uint32_t there = gw_tree_child(a->t, parent, key), made;
    if (there && a->t->nodes[there].kind == kind)
        return there;
    if (there) {
        gw_tree_detach(a->t, parent, there);
        if (!gw_profile_keep_aside(a, key, there))
            return GW_NODE_NONE;
    }
    made = gw_tree_new_node(a->t, kind);
    if (!made)
        return GW_NODE_NONE;
    a->t->nodes[made].key = key;
    gw_tree_link(a->t, parent, made);
    return made;
}

static enum gw_error no_room(struct gw_applying *a)
{
    return gw_fail(a->fault, GW_ELEMENTS, 0,
                   "room for what the profile makes of the event");
}

static enum gw_error too_many(struct gw_applying *a,
                              const struct gw_profile_target *target)
{
    if (a->fault)
        (void)snprintf(a->fault->field, sizeof a->fault->field, "%.50s", target->path);
    return gw_fail(a->fault, GW_TOO_LONG, 0,
                   "as many items as the schema's list may have");
}

static enum gw_error make_item(struct gw_applying *a, uint32_t list,
                               const struct gw_profile_step *s,
                               const struct gw_profile_target *target, uint16_t item,
                               uint32_t *out)
{
    *out = item_of(a, list, s, item);
    if (*out)
        return GW_OK;
    if (a->t->nodes[list].count >= s->most || item > 254)
        return too_many(a, target);
    *out = gw_tree_new_node(a->t, GW_MAP);
    if (!*out)
        return no_room(a);
    gw_tree_link(a->t, list, *out);
    if (s->kind == GW_STEP_ITEM) {
        a->slots[s->place] = *out;
        return GW_OK;
    }
    a->t->nodes[*out].reserved = (uint16_t)(s->place * 256 + item + 1);
    a->groups[s->place].cursor = *out;
    if ((int)item > a->groups[s->place].highest)
        a->groups[s->place].highest = item;
    return GW_OK;
}

/* The value's own node, at the end of the way. */
static enum gw_error make_leaf(struct gw_applying *a, const struct gw_profile_step *s,
                               struct gw_put *out)
{
    uint32_t there = gw_tree_child(a->t, out->parent, s->key);
    if (there > a->before) {
        out->taken = true;
        return GW_OK;
    }
    if (there) {
        gw_tree_detach(a->t, out->parent, there);
        if (!gw_profile_keep_aside(a, s->key, there))
            return no_room(a);
    }
    out->node = gw_tree_new_node(a->t, GW_NIL);
    if (!out->node)
        return no_room(a);
    a->t->nodes[out->node].key = s->key;
    gw_tree_link(a->t, out->parent, out->node);
    return GW_OK;
}

enum gw_error gw_profile_put(struct gw_applying *a,
                             const struct gw_profile_target *target, uint16_t item,
                             struct gw_put *out)
{
    enum gw_error e = GW_OK;
    *out = (struct gw_put){.parent = a->root};
    for (uint8_t i = 0; i < target->count && !e; i++) {
        const struct gw_profile_step *s = &target->steps[i];
        bool list = s->kind == GW_STEP_ITEM || s->kind == GW_STEP_EACH;
        if (s->kind == GW_STEP_LEAF)
            return make_leaf(a, s, out);
        out->parent = claim(a, out->parent, s->key, list ? GW_ARRAY : GW_MAP);
        if (!out->parent)
            return no_room(a);
        if (list)
            e = make_item(a, out->parent, s, target, item, &out->parent);
    }
    return e;
}

/* ---- values known beforehand ---- */

static void fill(struct gw_node *n, const struct gw_profile_value *v)
{
    n->kind = v->kind;
    if (v->kind == GW_STR)
        n->s = v->s;
    else if (v->kind == GW_FLOAT)
        n->f = v->f;
    else if (v->kind == GW_BOOL)
        n->b = v->i != 0;
    else
        n->i = v->i;
}

static bool same(const struct gw_node *n, const struct gw_profile_value *v)
{
    if (n->kind != v->kind)
        return n->kind == GW_INT && v->kind == GW_FLOAT && (double)n->i == v->f;
    return v->kind == GW_STR     ? gw_slice_eq(n->s, v->s)
           : v->kind == GW_FLOAT ? n->f == v->f
           : v->kind == GW_BOOL  ? n->b == (v->i != 0)
                                 : n->i == v->i;
}

static void note_replaced(struct gw_applying *a, const struct gw_profile_value *v,
                          uint16_t item, const struct gw_node *old)
{
    char path[128];
    struct gw_slice raw = old->kind == GW_STR ? old->s : gw_slice(NULL, 0);
    gw_profile_target_text(a, &v->target, item, path, sizeof path);
    gw_quality_note(a->t, a->root, "replaced-by-constant", GW_SEVERITY_INFO, path, raw);
}

enum gw_error gw_profile_put_known(struct gw_applying *a,
                                   const struct gw_profile_value *v, uint16_t item,
                                   bool over, bool *set)
{
    uint32_t there = gw_profile_at(a, &v->target, item);
    struct gw_put put;
    enum gw_error e;

    *set = false;
    if (there && a->t->nodes[there].kind != GW_NIL) {
        struct gw_node old = a->t->nodes[there];
        if (!over || same(&old, v))
            return GW_OK;
        fill(&a->t->nodes[there], v);
        note_replaced(a, v, item, &old);
        return GW_OK;
    }
    e = gw_profile_put(a, &v->target, item, &put);
    if (e || put.taken)
        return e;
    fill(&a->t->nodes[put.node], v);
    *set = true;
    return GW_OK;
}
