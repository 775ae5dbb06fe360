/* profile_build.c - tools for reading a profile: sources, targets, values, complaints. */
#include "conf/profile_build.h"
#include "base/hash.h"
#include "conf/nearest.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- complaints ---- */

enum gw_error gw_profile_wrong(struct gw_profile_build *b, struct gw_ynode at,
                               const char *remedy, const char *fmt, ...)
{
    char what[sizeof b->c->what];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    gw_complain(b->c, at, remedy, "%s", what);
    return GW_FORMAT;
}

static enum gw_error no_memory(struct gw_profile_build *b, struct gw_ynode at)
{
    gw_complain(b->c, at, gw_error_remedy(GW_NOMEM), "%s", gw_error_text(GW_NOMEM));
    return GW_NOMEM;
}

enum gw_error gw_profile_no_key(struct gw_profile_build *b, struct gw_ynode key,
                                const char *where, const char *const *names,
                                size_t stride, size_t count)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    for (size_t i = 0; i < count; i++)
        gw_nearest_offer(&near, *(const char *const *)((const char *)names + i * stride));
    return gw_profile_wrong(b, key, "correct the key; see profiles/README.md",
                            "%s: there is no key %.60s%s", where, gw_ynode_text(key),
                            gw_nearest_hint(&near));
}

enum gw_error gw_profile_word(struct gw_profile_build *b, struct gw_ynode at,
                              const char *key, const char *const *words, int *out)
{
    char all[160] = "write one of:";
    size_t n = strlen(all);
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], gw_ynode_text(at)) == 0 &&
            gw_ynode_kind(at) == GW_Y_SCALAR) {
            *out = i;
            return GW_OK;
        }
        if (n < sizeof all)
            n += (size_t)snprintf(all + n, sizeof all - n, " %s", words[i]);
    }
    return gw_profile_wrong(b, at, all, "%s: \"%.60s\" is no such word", key,
                            gw_ynode_text(at));
}

void *gw_profile_grow(struct gw_profile_build *b, void **list, uint16_t *count,
                      size_t size, uint16_t most, struct gw_ynode at, const char *what)
{
    void *bigger;
    if (*count == most) {
        (void)gw_profile_wrong(b, at, "write fewer, or two profiles", "more than %u %s",
                               most, what);
        return NULL;
    }
    bigger = realloc(*list, ((size_t)*count + 1) * size);
    if (!bigger) {
        (void)no_memory(b, at);
        return NULL;
    }
    *list = bigger;
    memset((char *)bigger + *count * size, 0, size);
    return (char *)bigger + (*count)++ * size;
}

/* ---- sources ---- */

static enum gw_error child_node(struct gw_profile_build *b, struct gw_ynode at,
                                uint16_t parent, const char *key, bool each,
                                uint16_t *out)
{
    struct gw_profile_draft_node *n;
    for (uint16_t i = 1; i < b->node_count; i++)
        if (b->nodes[i].parent == parent && b->nodes[i].each == each &&
            strcmp(b->nodes[i].key, key) == 0) {
            *out = i;
            return GW_OK;
        }
    if (b->node_count == GW_PROFILE_NODES)
        return gw_profile_wrong(b, at, "write fewer, or two profiles", "too many fields");
    n = &b->nodes[b->node_count];
    *n = (struct gw_profile_draft_node){
        .each = each, .parent = parent, .source = GW_PROFILE_NONE};
    (void)snprintf(n->key, sizeof n->key, "%s", key);
    *out = b->node_count++;
    return GW_OK;
}

/* A value cannot be taken out of a map that is itself taken out. */
static enum gw_error check_overlap(struct gw_profile_build *b, struct gw_ynode at,
                                   uint16_t node, const char *path)
{
    for (uint16_t n = b->nodes[node].parent; n; n = b->nodes[n].parent)
        if (b->nodes[n].source != GW_PROFILE_NONE)
            return gw_profile_wrong(b, at, "name the whole, or its parts",
                                    "%.60s: is part of %.60s, which is named as well",
                                    path, b->p->sources[b->nodes[n].source].path);
    for (uint16_t i = 1; i < b->node_count; i++)
        if (b->nodes[i].parent == node)
            return gw_profile_wrong(b, at, "name the whole, or its parts",
                                    "%.60s: a part of it is named as well", path);
    return GW_OK;
}

enum gw_error gw_profile_source(struct gw_profile_build *b, struct gw_ynode at,
                                const char *path, uint16_t *out)
{
    struct gw_profile_path steps;
    struct gw_profile_source *s;
    uint16_t node = 0;
    int each = 0;
    enum gw_error e = GW_OK;

    if (!gw_profile_path_read(&steps, path))
        return gw_profile_wrong(b, at,
                                "write keys with points between them, as in cargo.weight",
                                "\"%.60s\" is no path", path);
    for (uint8_t i = 0; i < steps.count && !e; i++) {
        if (steps.steps[i].each && (*steps.steps[i].text || each++))
            return gw_profile_wrong(b, at, "one [] in a path, and no word in it",
                                    "\"%.60s\" is no path in the sender's fields", path);
        e = child_node(b, at, node, steps.steps[i].text, steps.steps[i].each, &node);
    }
    if (e)
        return e;
    *out = b->nodes[node].source;
    if (*out != GW_PROFILE_NONE)
        return GW_OK;
    e = check_overlap(b, at, node, path);
    if (e)
        return e;
    s = gw_profile_grow(b, (void **)&b->p->sources, &b->p->source_count, sizeof *s,
                        GW_PROFILE_SOURCES, at, "fields");
    if (!s)
        return GW_FORMAT;
    s->path = gw_profile_text(b->p, gw_slice_str(path));
    s->each = each != 0;
    *out = b->nodes[node].source = (uint16_t)(b->p->source_count - 1);
    return s->path ? GW_OK : no_memory(b, at);
}

static int by_node_and_hash(const void *a, const void *b)
{
    const struct gw_profile_edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static enum gw_error make_edges(struct gw_profile_build *b)
{
    struct gw_profile *p = b->p;
    for (uint16_t i = 1; i < b->node_count; i++) {
        const struct gw_profile_draft_node *n = &b->nodes[i];
        struct gw_profile_edge *e = &p->edges[p->edge_count];
        if (n->each) {
            p->nodes[n->parent].each = i;
            continue;
        }
        e->key = gw_slice_str(gw_profile_text(p, gw_slice_str(n->key)));
        if (!e->key.at)
            return GW_NOMEM;
        e->hash = gw_hash64(e->key, 0);
        e->index = gw_profile_path_index(n->key);
        e->from = n->parent;
        e->to = i;
        p->edge_count++;
    }
    qsort(p->edges, p->edge_count, sizeof *p->edges, by_node_and_hash);
    return GW_OK;
}

enum gw_error gw_profile_finish(struct gw_profile_build *b)
{
    struct gw_profile *p = b->p;
    p->nodes = calloc(b->node_count, sizeof *p->nodes);
    p->edges = calloc(b->node_count, sizeof *p->edges);
    if (!p->nodes || !p->edges)
        return no_memory(b, (struct gw_ynode){0});
    p->node_count = b->node_count;
    for (uint16_t i = 0; i < b->node_count; i++) {
        p->nodes[i].each = GW_PROFILE_NONE;
        p->nodes[i].source = b->nodes[i].source;
    }
    if (make_edges(b))
        return no_memory(b, (struct gw_ynode){0});
    for (uint16_t i = p->edge_count; i-- > 0;) {
        p->nodes[p->edges[i].from].first = i;
        p->nodes[p->edges[i].from].count++;
    }
    return GW_OK;
}

/* ---- targets ---- */

/* The slot or group of a list's label; the same words mean the same item. */
static enum gw_error place_of(struct gw_profile_build *b, struct gw_ynode at,
                              const struct gw_field *list, const char *text, bool each,
                              uint8_t *out)
{
    struct gw_profile_label *l;
    uint8_t *next = each ? &b->p->group_count : &b->p->slot_count;
    for (uint16_t i = 0; i < b->label_count; i++) {
        l = &b->labels[i];
        if (l->list == list && l->each == each && strcmp(l->text, text) == 0) {
            *out = l->place;
            return GW_OK;
        }
    }
    if (*next == (each ? GW_PROFILE_GROUPS : GW_PROFILE_SLOTS))
        return gw_profile_wrong(b, at, "write fewer", "too many different list items");
    l = &b->labels[b->label_count++];
    *l = (struct gw_profile_label){.list = list, .each = each, .place = *next};
    (void)snprintf(l->text, sizeof l->text, "%s", text);
    *out = (*next)++;
    return GW_OK;
}

static enum gw_error no_field(struct gw_profile_build *b, struct gw_ynode at,
                              const char *path, const struct gw_shape *shape,
                              const char *name)
{
    struct gw_nearest near = gw_nearest_to(name);
    for (uint8_t i = 0; i < shape->count; i++)
        gw_nearest_offer(&near, shape->fields[i].name);
    return gw_profile_wrong(b, at, "name a field of the shared schema, or one within ext",
                            "%.60s: %s has no field %.40s%s", path, shape->name, name,
                            gw_nearest_hint(&near));
}

static struct gw_slice key_text(struct gw_profile_build *b, const char *key)
{
    return gw_slice_str(gw_profile_text(b->p, gw_slice_str(key)));
}

/* Steps within ext: maps, and a value of any kind. */
static enum gw_error free_steps(struct gw_profile_build *b, struct gw_ynode at,
                                const struct gw_profile_path *path, uint8_t from,
                                struct gw_profile_target *out)
{
    if (from == path->count)
        return gw_profile_wrong(b, at, "name a field within it, as in ext.colour",
                                "%.60s: is not one field", out->path);
    for (uint8_t i = from; i < path->count; i++) {
        struct gw_profile_step *s = &out->steps[out->count++];
        if (path->steps[i].each)
            return gw_profile_wrong(b, at, "write keys only",
                                    "%.60s: no lists within ext", out->path);
        s->key = key_text(b, path->steps[i].text);
        s->kind = i + 1 == path->count ? GW_STEP_LEAF : GW_STEP_MAP;
        if (!s->key.at)
            return no_memory(b, at);
    }
    return GW_OK;
}

static enum gw_error list_step(struct gw_profile_build *b, struct gw_ynode at,
                               const struct gw_profile_path *path, uint8_t i, bool each,
                               const struct gw_field *row, struct gw_profile_target *out)
{
    struct gw_profile_step *s = &out->steps[out->count++];
    if (!row->shape)
        return gw_profile_wrong(b, at, "map it at the sender",
                                "%.60s: lists of plain values cannot be filled",
                                out->path);
    if (i >= path->count)
        return gw_profile_wrong(b, at,
                                "say which item: equipment.wagon.id, equipment[].id",
                                "%.60s: %s is a list", out->path, row->name);
    if (path->steps[i].each != each)
        return gw_profile_wrong(b, at,
                                each ? "write [] also here, so that each item has its own"
                                     : "name the item: equipment.wagon.id",
                                "%.60s: the sender's field is %s", out->path,
                                each ? "every item of a list"
                                     : "one value, and [] means every item of a list");
    s->key = gw_slice(row->name, row->name_len);
    s->kind = each ? GW_STEP_EACH : GW_STEP_ITEM;
    s->most = row->max;
    return place_of(b, at, row, path->steps[i].text, each, &s->place);
}

/* Not the gateway's own fields; and what the profile fills must be one value. */
static enum gw_error check_row(struct gw_profile_build *b, struct gw_ynode at,
                               const struct gw_profile_target *out)
{
    if (out->row->flags & GW_BY_GATEWAY)
        return gw_profile_wrong(b, at, "leave it out", "%.60s: only the gateway sets it",
                                out->path);
    if (out->row->kind == GW_MAP || out->row->kind == GW_ARRAY)
        return gw_profile_wrong(b, at, "name a field within it",
                                "%.60s: is not one field", out->path);
    return GW_OK;
}

static enum gw_error walk_schema(struct gw_profile_build *b, struct gw_ynode at,
                                 const struct gw_profile_path *path, bool each,
                                 struct gw_profile_target *out)
{
    const struct gw_shape *shape = &gw_shape_event;
    bool list_seen = false;
    enum gw_error e = GW_OK;

    for (uint8_t i = 0; i < path->count && !e; i++) {
        int row = shape && !path->steps[i].each
                      ? gw_shape_find(shape, gw_slice_str(path->steps[i].text), 0)
                      : -1;
        struct gw_profile_step *s = &out->steps[out->count];
        if (row < 0 && shape)
            return no_field(b, at, out->path, shape, path->steps[i].text);
        if (row < 0)
            return gw_profile_wrong(b, at, "name the field alone",
                                    "%.60s: %s has no parts", out->path, out->row->name);
        out->row = &shape->fields[row];
        shape = out->row->shape;
        if (out->row->kind == GW_ARRAY) {
            list_seen = true;
            e = list_step(b, at, path, ++i, each, out->row, out);
            continue;
        }
        s->key = gw_slice(out->row->name, out->row->name_len);
        s->kind = out->row->kind == GW_MAP ? GW_STEP_MAP : GW_STEP_LEAF;
        out->count++;
        if (out->row->flags & GW_FREE) {
            out->row = NULL;
            return each ? gw_profile_wrong(b, at, "take the whole list: leave [] out",
                                           "%.60s: no lists within ext", out->path)
                        : free_steps(b, at, path, i + 1, out);
        }
    }
    if (!e)
        e = check_row(b, at, out);
    if (!e && each && !list_seen)
        return gw_profile_wrong(
            b, at, "name one item at the left: [0]",
            "%.60s: takes one value, and the sender's field is every item "
            "of a list",
            out->path);
    return e;
}

enum gw_error gw_profile_target_read(struct gw_profile_build *b, struct gw_ynode at,
                                     const char *path, bool each,
                                     struct gw_profile_target *out)
{
    struct gw_profile_path steps;
    *out = (struct gw_profile_target){0};
    if (!gw_profile_path_read(&steps, path))
        return gw_profile_wrong(b, at,
                                "write a field of the shared schema: place.unlocode",
                                "\"%.60s\" is no path", path);
    out->path = gw_profile_text(b->p, gw_slice_str(path));
    return out->path ? walk_schema(b, at, &steps, each, out) : no_memory(b, at);
}

/* ---- values ---- */

static enum gw_error wrong_value(struct gw_profile_build *b, struct gw_ynode at, int line,
                                 const char *field, struct gw_slice text,
                                 const char *remedy, const char *what)
{
    (void)gw_profile_wrong(b, at, remedy, "%.60s: \"%.*s\" %s", field,
                           text.len > 60 ? 60 : (int)text.len, (const char *)text.at,
                           what);
    if (line)
        b->c->line = line;
    return GW_FORMAT;
}

static enum gw_error wrong_word(struct gw_profile_build *b, struct gw_ynode at, int line,
                                const struct gw_field *row, const char *field,
                                struct gw_slice text)
{
    char word[64], remedy[128];
    struct gw_nearest near;
    (void)snprintf(word, sizeof word, "%.*s", text.len > 60 ? 60 : (int)text.len,
                   (const char *)text.at);
    near = gw_nearest_to(word);
    for (uint8_t i = 0; i < row->words->count; i++)
        gw_nearest_offer(&near, row->words->words[i]);
    (void)snprintf(remedy, sizeof remedy, "%s%s%s",
                   near.best ? "did you mean " : "write one of the schema's words",
                   near.best ? near.best : "", near.best ? "?" : "");
    return wrong_value(b, at, line, field, text, remedy,
                       "is not a word of this field's list");
}

enum gw_error gw_profile_check_value(struct gw_profile_build *b, struct gw_ynode at,
                                     int line, const struct gw_field *row,
                                     const char *field, struct gw_slice text)
{
    char copy[64];
    double v;
    char *end;
    if (!row)
        return GW_OK;
    if (row->words && gw_words_find(row->words, text) < 0)
        return wrong_word(b, at, line, row, field, text);
    if (row->kind == GW_STR)
        return text.len <= row->max && text.len
                   ? GW_OK
                   : wrong_value(b, at, line, field, text,
                                 "write a shorter text, or none",
                                 "is empty or longer than the field takes");
    if (!gw_slice_copy(text, copy, sizeof copy) || !*copy)
        return wrong_value(b, at, line, field, text, "write a number", "is no number");
    v = strtod(copy, &end);
    if (*end || copy[strspn(copy, "0123456789+-.eE")] ||
        (row->kind == GW_INT && strchr(copy, '.')))
        return wrong_value(b, at, line, field, text, "write a number", "is no number");
    if ((row->least || row->most) && (v < (double)row->least || v > (double)row->most))
        return wrong_value(b, at, line, field, text, "see the schema",
                           "is out of bounds");
    return GW_OK;
}

enum gw_error gw_profile_value_read(struct gw_profile_build *b, struct gw_ynode at,
                                    struct gw_profile_value *v)
{
    const char *text = gw_ynode_text(at);
    const struct gw_field *row = v->target.row;
    enum gw_error e;

    if (gw_ynode_kind(at) != GW_Y_SCALAR)
        return gw_profile_wrong(b, at, "write one value", "%.60s: not one value",
                                v->target.path);
    e = gw_profile_check_value(b, at, 0, row, v->target.path, gw_slice_str(text));
    if (e)
        return e;
    v->kind = row ? row->kind : GW_STR;
    v->s = key_text(b, text);
    if (!v->s.at)
        return no_memory(b, at);
    if (v->kind == GW_INT && !gw_ynode_int(at, &v->i))
        return gw_profile_wrong(b, at, "write a whole number", "%.60s: no whole number",
                                v->target.path);
    if (v->kind == GW_FLOAT && !gw_ynode_float(at, &v->f))
        return gw_profile_wrong(b, at, "write a number", "%.60s: no number",
                                v->target.path);
    return GW_OK;
}
