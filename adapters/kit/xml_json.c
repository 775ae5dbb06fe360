/* xml_json.c - a JSON document as the same tree as an XML document. */
#include "adapters/kit/xml_json.h"
#include "adapters/kit/number.h"
#include <inttypes.h>
#include <stdio.h>

struct building {
    struct gw_xml *x;
    const struct gw_tree *t;
    enum gw_error failed;
};

/* The text of a scalar. */
static struct gw_slice scalar(const struct gw_node *n, char room[GW_NUMBER_SIZE])
{
    switch ((enum gw_kind)n->kind) {
    case GW_STR:
        return n->s;
    case GW_INT:
        (void)snprintf(room, GW_NUMBER_SIZE, "%" PRId64, n->i);
        return gw_slice_str(room);
    case GW_FLOAT:
        gw_number_text(n->f, room);
        return gw_slice_str(room);
    case GW_BOOL:
        return n->b ? GW_LIT("true") : GW_LIT("false");
    case GW_NIL:
    case GW_ARRAY:
    case GW_MAP:
        break;
    }
    return gw_slice(NULL, 0);
}

/* Names have room of their own, sized before, so that they do not move. */
static const char *name_of(struct building *b, struct gw_slice key)
{
    const char *name = (const char *)b->x->names.at + b->x->names.len;
    gw_buf_slice(&b->x->names, key);
    gw_buf_byte(&b->x->names, 0);
    return name;
}

static void put_text(struct gw_xml *x, struct gw_slice s, uint32_t *at, uint32_t *len)
{
    *at = (uint32_t)x->texts.len;
    *len = (uint32_t)s.len;
    gw_buf_slice(&x->texts, s);
}

static uint32_t element(struct building *b, uint32_t parent, const char *name,
                        uint32_t json)
{
    struct gw_xml *x = b->x;
    if (b->failed)
        return GW_XML_NONE;
    if (x->used >= x->limits.nodes)
        b->failed = GW_ELEMENTS;
    else if (gw_xml_more_nodes(x, x->used + 1))
        b->failed = GW_NOMEM;
    if (b->failed)
        return GW_XML_NONE;
    uint32_t n = ++x->used;
    x->nodes[n] = (struct gw_xml_node){
        .name = name, .parent = parent, .attr = x->attrs_used, .at = json};
    gw_xml_link(x, n, parent);
    return n;
}

static void put(struct building *b, uint32_t parent, const char *name, uint32_t json);

static void attributes(struct building *b, uint32_t n, uint32_t map)
{
    char room[GW_NUMBER_SIZE];
    struct gw_xml *x = b->x;
    if (gw_xml_more_attrs(x, b->t->nodes[map].count)) {
        b->failed = GW_NOMEM;
        return;
    }
    for (GW_FOREACH_CHILD (b->t, map, child)) {
        struct gw_slice text = scalar(&b->t->nodes[child], room);
        struct gw_xml_attr *a = &x->attrs[x->attrs_used];
        if (!text.len || gw_slice_is(b->t->nodes[child].key, "content"))
            continue;
        a->name = name_of(b, b->t->nodes[child].key);
        put_text(x, text, &a->text, &a->text_len);
        x->attrs_used++;
        x->nodes[n].attr_count++;
    }
}

static void put_map(struct building *b, uint32_t n, uint32_t map)
{
    char room[GW_NUMBER_SIZE];
    struct gw_xml *x = b->x;
    uint32_t content = gw_tree_child(b->t, map, GW_LIT("content"));
    if (content && b->t->nodes[content].kind < GW_ARRAY) {
        attributes(b, n, map);
        if (!b->failed)
            put_text(x, scalar(&b->t->nodes[content], room), &x->nodes[n].text,
                     &x->nodes[n].text_len);
        return;
    }
    for (GW_FOREACH_CHILD (b->t, map, child))
        put(b, n, name_of(b, b->t->nodes[child].key), child);
}

static void put(struct building *b, uint32_t parent, const char *name, uint32_t json)
{
    char room[GW_NUMBER_SIZE];
    const struct gw_node *j = &b->t->nodes[json];
    if (j->kind == GW_ARRAY) {
        for (GW_FOREACH_CHILD (b->t, json, item))
            put(b, parent, name, item);
        return;
    }
    uint32_t n = element(b, parent, name, json);
    if (!n)
        return;
    if (j->kind == GW_MAP)
        put_map(b, n, json);
    else
        put_text(b->x, scalar(j, room), &b->x->nodes[n].text, &b->x->nodes[n].text_len);
}

/* Bytes of all keys with their ends. */
static size_t name_bytes(const struct gw_tree *t)
{
    size_t sum = sizeof "json" + sizeof "item";
    for (uint32_t n = 1; n <= t->used; n++)
        sum += t->nodes[n].key.len + 1;
    return sum;
}

enum gw_error gw_xml_of_json(struct gw_xml *x, const struct gw_json_doc *d,
                             struct gw_report *report)
{
    struct building b = {.x = x, .t = &d->tree};
    gw_xml_forget(x);
    x->in = gw_slice(d->text.at - d->skipped, d->text.len + d->skipped);
    x->json = d;
    gw_buf_deinit(&x->names);
    gw_buf_init(&x->names, name_bytes(&d->tree));
    if (!gw_buf_reserve(&x->names, name_bytes(&d->tree)) ||
        gw_xml_more_nodes(x, GW_XML_ROOT))
        return gw_fail(&report->fault, GW_NOMEM, 0, "memory");
    x->nodes[GW_XML_NONE] = (struct gw_xml_node){.name = ""};
    if (d->tree.nodes[d->root].kind == GW_ARRAY)
        put(&b, element(&b, GW_XML_NONE, "json", d->root), "item", d->root);
    else
        put(&b, GW_XML_NONE, "json", d->root);
    if (!b.failed && (x->texts.failed || x->names.failed))
        b.failed = GW_NOMEM;
    if (b.failed)
        return gw_fail(&report->fault, b.failed, 0, "number of elements");
    return GW_OK;
}
