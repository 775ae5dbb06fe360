/* shape_check.c - judging a fitted tree by the schema's rows. */
#include "model/shape.h"
#include "model/trail.h"

struct check {
    const struct gw_tree *t;
    struct gw_fault *fault;
};

/* The fault's field is the trail and, where it is meant, one more name. */
static enum gw_error refuse(struct check *c, const struct gw_trail *up, const char *field,
                            enum gw_error e, size_t at, const char *rule)
{
    if (c->fault)
        (void)gw_trail_text(up, gw_slice_str(field), c->fault->field, sizeof c->fault->field);
    return gw_fail(c->fault, e, at, rule);
}

static enum gw_error check_map(struct check *c, const struct gw_trail *up, uint32_t map,
                               const struct gw_shape *s);

static enum gw_error check_str(struct check *c, const struct gw_trail *up, const struct gw_node *n,
                               const struct gw_field *f)
{
    if (f->max && n->s.len > f->max)
        return refuse(c, up, f->name, GW_TOO_LONG, n->at, NULL);
    if (!n->s.len)
        return refuse(c, up, f->name, GW_OUT_OF_RANGE, n->at,
                      "a text that is present is not empty");
    if (f->words && gw_words_find(f->words, n->s) < 0)
        return refuse(c, up, f->name, GW_UNKNOWN_CODE, n->at, NULL);
    return GW_OK;
}

static enum gw_error check_int(struct check *c, const struct gw_trail *up, const struct gw_node *n,
                               const struct gw_field *f)
{
    if ((f->least || f->most) && (n->i < f->least || n->i > f->most))
        return refuse(c, up, f->name,
                      f->least == 1 && f->most == 1 ? GW_SCHEMA
                      : f->flags & GW_TIME_MS       ? GW_TIME
                                                    : GW_OUT_OF_RANGE,
                      n->at, NULL);
    return GW_OK;
}

static enum gw_error check_float(struct check *c, const struct gw_trail *up,
                                 const struct gw_node *n, const struct gw_field *f)
{
    if ((f->least || f->most) && (n->f < (double)f->least || n->f > (double)f->most))
        return refuse(c, up, f->name, GW_OUT_OF_RANGE, n->at, NULL);
    return GW_OK;
}

static enum gw_error check_items(struct check *c, const struct gw_trail *up, uint32_t list,
                                 const struct gw_field *f)
{
    struct gw_trail here = {up, f, 0};
    for (GW_FOREACH_CHILD(c->t, list, n)) {
        const struct gw_node *item = &c->t->nodes[n];
        enum gw_error e = GW_OK;
        if (item->kind != f->item)
            e = refuse(c, &here, "", GW_WRONG_TYPE, item->at, NULL);
        else if (f->shape)
            e = check_map(c, &here, n, f->shape);
        if (e)
            return e;
        here.index++;
    }
    return GW_OK;
}

static enum gw_error check_value(struct check *c, const struct gw_trail *up, uint32_t node,
                                 const struct gw_field *f)
{
    const struct gw_node *n = &c->t->nodes[node];
    struct gw_trail here = {up, f, -1};

    if (n->kind != f->kind)
        return refuse(c, up, f->name, GW_WRONG_TYPE, n->at, NULL);
    if (n->kind == GW_STR)
        return check_str(c, up, n, f);
    if (n->kind == GW_INT)
        return check_int(c, up, n, f);
    if (n->kind == GW_FLOAT)
        return check_float(c, up, n, f);
    if (n->kind == GW_ARRAY)
        return n->count > f->max ? refuse(c, up, f->name, GW_TOO_LONG, n->at, NULL)
                                 : check_items(c, up, node, f);
    return n->kind == GW_MAP && f->shape ? check_map(c, &here, node, f->shape) : GW_OK;
}

static enum gw_error check_map(struct check *c, const struct gw_trail *up, uint32_t map,
                               const struct gw_shape *s)
{
    uint64_t missing = s->required;
    for (GW_FOREACH_CHILD(c->t, map, n)) {
        uint8_t i = c->t->nodes[n].field;
        enum gw_error e;
        if (i >= s->count)
            return refuse(c, up, "", GW_WRONG_TYPE, c->t->nodes[n].at, "a fitted field");
        missing &= ~(1ull << i);
        e = check_value(c, up, n, &s->fields[i]);
        if (e)
            return e;
    }
    if (missing)
        return refuse(c, up, s->fields[__builtin_ctzll(missing)].name, GW_MISSING,
                      c->t->nodes[map].at, NULL);
    return GW_OK;
}

enum gw_error gw_shape_check(const struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct check c = {.t = t, .fault = fault};
    return check_map(&c, NULL, root, &gw_shape_event);
}
