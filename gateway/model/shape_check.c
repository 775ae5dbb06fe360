/* shape_check.c - judging a fitted tree by the schema's rows. */
#include "model/shape.h"
#include <stdio.h>

struct check {
    const struct gw_tree *t;
    struct gw_fault *fault;
    char path[64];
};

/* Fill the fault with the path at hand and, where it is meant, one more field. */
static enum gw_error refuse(struct check *c, enum gw_error e, size_t at, const char *rule,
                            const char *field)
{
    if (c->fault)
        (void)snprintf(c->fault->field, sizeof c->fault->field, "%.40s%s%.14s", c->path,
                       c->path[0] && field[0] ? "." : "", field);
    return gw_fail(c->fault, e, at, rule);
}

static enum gw_error check_map(struct check *c, uint32_t map, const struct gw_shape *s);

static enum gw_error check_str(struct check *c, const struct gw_node *n, const struct gw_field *f)
{
    if (f->max && n->s.len > f->max)
        return refuse(c, GW_TOO_LONG, n->at, NULL, f->name);
    if (!n->s.len)
        return refuse(c, GW_OUT_OF_RANGE, n->at, "a text that is present is not empty", f->name);
    if (f->words && gw_words_find(f->words, n->s) < 0)
        return refuse(c, GW_UNKNOWN_CODE, n->at, NULL, f->name);
    return GW_OK;
}

static enum gw_error check_int(struct check *c, const struct gw_node *n, const struct gw_field *f)
{
    if ((f->least || f->most) && (n->i < f->least || n->i > f->most))
        return refuse(c,
                      f->least == 1 && f->most == 1 ? GW_SCHEMA
                      : f->flags & GW_TIME_MS       ? GW_TIME
                                                    : GW_OUT_OF_RANGE,
                      n->at, NULL, f->name);
    return GW_OK;
}

static enum gw_error check_float(struct check *c, const struct gw_node *n,
                                 const struct gw_field *f)
{
    if ((f->least || f->most) && (n->f < (double)f->least || n->f > (double)f->most))
        return refuse(c, GW_OUT_OF_RANGE, n->at, NULL, f->name);
    return GW_OK;
}

static enum gw_error check_items(struct check *c, uint32_t list, const struct gw_field *f)
{
    size_t end = strlen(c->path);
    uint32_t i = 0;
    enum gw_error e = GW_OK;
    for (GW_FOREACH_CHILD(c->t, list, n)) {
        (void)snprintf(c->path + end, sizeof c->path - end, "%s%s[%u]", end ? "." : "", f->name,
                       i++);
        if (c->t->nodes[n].kind != f->item)
            e = refuse(c, GW_WRONG_TYPE, c->t->nodes[n].at, NULL, "");
        else if (f->shape)
            e = check_map(c, n, f->shape);
        if (e)
            return e;
    }
    c->path[end] = 0;
    return GW_OK;
}

static enum gw_error check_value(struct check *c, uint32_t node, const struct gw_field *f)
{
    const struct gw_node *n = &c->t->nodes[node];
    size_t end = strlen(c->path);
    enum gw_error e = GW_OK;

    if (n->kind != f->kind)
        return refuse(c, GW_WRONG_TYPE, n->at, NULL, f->name);
    if (n->kind == GW_STR)
        return check_str(c, n, f);
    if (n->kind == GW_INT)
        return check_int(c, n, f);
    if (n->kind == GW_FLOAT)
        return check_float(c, n, f);
    if (n->kind == GW_ARRAY)
        return n->count > f->max ? refuse(c, GW_TOO_LONG, n->at, NULL, f->name)
                                 : check_items(c, node, f);
    if (n->kind == GW_MAP && f->shape) {
        (void)snprintf(c->path + end, sizeof c->path - end, "%s%s", end ? "." : "", f->name);
        e = check_map(c, node, f->shape);
        if (!e)
            c->path[end] = 0;
    }
    return e;
}

/* The fields a shape cannot do without, the gateway's own left out: one bit each. */
static uint64_t required(const struct gw_shape *s)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < s->count; i++)
        if ((s->fields[i].flags & (GW_REQUIRED | GW_BY_GATEWAY)) == GW_REQUIRED)
            bits |= 1ull << i;
    return bits;
}

static enum gw_error check_map(struct check *c, uint32_t map, const struct gw_shape *s)
{
    uint64_t missing = required(s);
    for (GW_FOREACH_CHILD(c->t, map, n)) {
        uint8_t i = c->t->nodes[n].field;
        enum gw_error e;
        if (i >= s->count)
            return refuse(c, GW_WRONG_TYPE, c->t->nodes[n].at, "a fitted field", "");
        missing &= ~(1ull << i);
        e = check_value(c, n, &s->fields[i]);
        if (e)
            return e;
    }
    if (missing)
        return refuse(c, GW_MISSING, c->t->nodes[map].at, NULL,
                      s->fields[__builtin_ctzll(missing)].name);
    return GW_OK;
}

enum gw_error gw_shape_check(const struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct check c = {.t = t, .fault = fault};
    return check_map(&c, root, &gw_shape_event);
}
