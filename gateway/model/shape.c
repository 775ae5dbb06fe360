/* shape.c - looking fields up, and bringing a tree into the schema's form. */
#include "model/shape.h"
#include "model/trail.h"

int gw_words_find(const struct gw_words *w, struct gw_slice s)
{
    struct gw_label l = gw_label(s);
    for (int i = 0; i < w->count; i++)
        if (gw_label_is24(&l, w->words[i]))
            return i;
    return -1;
}

int gw_shape_find(const struct gw_shape *s, struct gw_slice key, unsigned guess)
{
    struct gw_label l = gw_label(key);
    for (unsigned i = guess; i < s->count; i++) /* canonical order: soon found */
        if (gw_label_is16(&l, s->fields[i].name))
            return (int)i;
    for (unsigned i = 0; i < guess && i < s->count; i++)
        if (gw_label_is16(&l, s->fields[i].name))
            return (int)i;
    return -1;
}

const struct gw_field *gw_shape_path(const struct gw_shape *s, const char *path)
{
    const struct gw_field *f = NULL;
    while (*path) {
        size_t n = strcspn(path, ".[");
        int i = s ? gw_shape_find(s, gw_slice(path, n), 0) : -1;
        if (i < 0)
            return f && (f->flags & GW_FREE) ? f : NULL;
        f = &s->fields[i];
        s = f->shape;
        path += n;
        if (*path == '[') {
            path += strcspn(path, "]");
            if (f->kind != GW_ARRAY || !*path)
                return NULL;
            path++;
        }
        if (f->flags & GW_FREE)
            return f;
        if (*path == '.' && path[1])
            path++;
        else if (*path)
            return NULL;
    }
    return f;
}

void gw_shape_mark(struct gw_tree *t, uint32_t node, const struct gw_shape *s)
{
    int i = node ? gw_shape_find(s, t->nodes[node].key, 0) : -1;
    if (i >= 0)
        t->nodes[node].field = (uint8_t)i;
}

/* ---- fitting ---- */

struct fitting {
    struct gw_tree *t;
    uint32_t root, ext; /* ext: GW_NODE_NONE until something must go there */
    enum gw_error error;
};

/* A sender's ext that is no map becomes a field of one, before the walk through its
 * siblings. */
static void wrap_ext(struct fitting *f)
{
    uint32_t there = gw_tree_child(f->t, f->root, GW_LIT("ext"));
    if (!there || f->t->nodes[there].kind == GW_MAP)
        return;
    gw_tree_detach(f->t, f->root, there);
    if (f->t->nodes[there].kind == GW_NIL)
        return;
    f->ext = gw_tree_put_map(f->t, f->root, GW_LIT("ext"));
    if (!f->ext || !gw_tree_attach(f->t, f->ext, GW_LIT("ext"), there))
        f->error = GW_ELEMENTS;
}

/* Find or make ext. */
static uint32_t ext_of(struct fitting *f)
{
    if (!f->ext)
        f->ext = gw_tree_child(f->t, f->root, GW_LIT("ext"));
    if (!f->ext || f->t->nodes[f->ext].kind != GW_MAP)
        f->ext = gw_tree_put_map(f->t, f->root, GW_LIT("ext"));
    gw_shape_mark(f->t, f->ext, &gw_shape_event);
    return f->ext;
}

/* An unknown field goes to ext under its whole path; if that is taken there, with a _
 * behind. */
static void move_to_ext(struct fitting *f, const struct gw_trail *at, uint32_t map,
                        uint32_t node)
{
    char name[512];
    struct gw_slice key = f->t->nodes[node].key;
    size_t n = gw_trail_text(at, key, name, 400);
    uint32_t ext = ext_of(f);
    if (!ext) {
        f->error = GW_ELEMENTS;
        return;
    }
    if (at)
        key = gw_tree_text(f->t, gw_slice(name, n));
    while (gw_tree_child(f->t, ext, key) && n < 500) {
        name[n++] = '_';
        key = gw_tree_text(f->t, gw_slice(name, n));
    }
    gw_tree_detach(f->t, map, node);
    if ((!key.len && n) || !gw_tree_attach(f->t, ext, key, node))
        f->error = GW_ELEMENTS;
}

static bool is_empty(const struct gw_node *n)
{
    return n->kind == GW_NIL || ((n->kind == GW_MAP || n->kind == GW_ARRAY) && !n->count);
}

static void fit_map(struct fitting *f, const struct gw_trail *up, uint32_t map,
                    const struct gw_shape *s);

/* Take nils and empty containers out of a free value, innermost first. */
static void clean(struct gw_tree *t, uint32_t parent)
{
    uint32_t next;
    if (t->nodes[parent].kind != GW_MAP && t->nodes[parent].kind != GW_ARRAY)
        return;
    for (uint32_t n = t->nodes[parent].first; n; n = next) {
        next = t->nodes[n].next;
        clean(t, n);
        if (is_empty(&t->nodes[n]))
            gw_tree_detach(t, parent, n);
    }
}

static void fit_list(struct fitting *f, const struct gw_trail *up, uint32_t list,
                     const struct gw_field *row)
{
    struct gw_trail here = {up, row, 0};
    uint32_t next;
    for (uint32_t n = f->t->nodes[list].first; n && !f->error; n = next, here.index++) {
        next = f->t->nodes[n].next;
        if (row->shape && f->t->nodes[n].kind == GW_MAP)
            fit_map(f, &here, n, row->shape);
        else
            clean(f->t, n);
        if (is_empty(&f->t->nodes[n]))
            gw_tree_detach(f->t, list, n);
    }
}

/* Go into a known field's value. */
static void fit_value(struct fitting *f, const struct gw_trail *up, uint32_t node,
                      const struct gw_field *row)
{
    struct gw_trail here = {up, row, -1};
    struct gw_node *n = &f->t->nodes[node];

    if (row->kind == GW_FLOAT && n->kind == GW_INT) {
        n->kind = GW_FLOAT;
        n->f = (double)n->i;
    }
    if (n->kind < GW_ARRAY)
        return;
    if (n->kind == GW_MAP && row->shape && row->kind == GW_MAP)
        fit_map(f, &here, node, row->shape);
    else if (n->kind == GW_ARRAY && row->kind == GW_ARRAY)
        fit_list(f, up, node, row);
    else
        clean(f->t, node);
}

static void fit_map(struct fitting *f, const struct gw_trail *up, uint32_t map,
                    const struct gw_shape *s)
{
    unsigned guess = 0;
    uint32_t next;
    for (uint32_t n = f->t->nodes[map].first; n && !f->error; n = next) {
        struct gw_node *node = &f->t->nodes[n];
        int i = gw_shape_find(s, node->key, guess);
        next = node->next;
        if (node->kind == GW_NIL || (i >= 0 && (s->fields[i].flags & GW_BY_GATEWAY))) {
            gw_tree_detach(f->t, map, n);
            continue;
        }
        if (i < 0) {
            clean(f->t, n);
            if (is_empty(&f->t->nodes[n]))
                gw_tree_detach(f->t, map, n);
            else
                move_to_ext(f, up, map, n);
            continue;
        }
        guess = (unsigned)i + 1;
        node->field = (uint8_t)i;
        fit_value(f, up, n, &s->fields[i]);
        if (is_empty(&f->t->nodes[n]))
            gw_tree_detach(f->t, map, n);
    }
}

enum gw_error gw_shape_fit(struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct fitting f = {.t = t, .root = root};
    wrap_ext(&f);
    fit_map(&f, NULL, root, &gw_shape_event);
    if (f.error)
        return gw_fail(fault, f.error, 0, "room for unknown fields in ext");
    return GW_OK;
}
