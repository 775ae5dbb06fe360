/* filter.c - filters at work: matched against events, compared with each other, written
 * again. */
#include <msgpack/pack.h>
#include "model/filter_clause.h"
#include "model/walk.h"

int gw_clause_fails(const struct gw_clause *c, const struct gw_facts *f)
{
    for (uint32_t left = c->used; left; left &= left - 1) {
        int field = __builtin_ctz(left);
        if (!gw_filter_rows[field].match(&c->sets[field], f))
            return field;
    }
    return -1;
}

bool gw_clause_match(const struct gw_clause *c, const struct gw_facts *f)
{
    return gw_clause_fails(c, f) < 0;
}

bool gw_filter_match(const struct gw_filter *f, const struct gw_facts *facts)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (gw_clause_match(&f->clauses[i], facts))
            return true;
    return false;
}

/* ---- values against each other ---- */

struct gw_slice gw_set_value(const struct gw_set *s, unsigned i, uint8_t *room)
{
    struct gw_slice v = s->values[i];
    if (i < s->exact)
        return v;
    if (v.len)
        memcpy(room, v.at, v.len);
    room[v.len] = '*';
    return gw_slice(room, v.len + 1);
}

static bool box_within(const struct gw_box *in, const struct gw_box *out)
{
    return in->west <= in->east && gw_box_has(out, in->south, in->west) &&
           gw_box_has(out, in->north, in->east) &&
           (out->west <= out->east || (in->west >= out->west) == (in->east >= out->west));
}

static bool covers_box(const struct gw_set *s, struct gw_slice value)
{
    struct gw_box b;
    if (!gw_box_read(value, &b))
        return false;
    for (unsigned i = 0; i < s->exact; i++)
        if (box_within(&b, &s->boxes[i]))
            return true;
    return false;
}

bool gw_set_covers(enum gw_filter_field field, const struct gw_set *s,
                   struct gw_slice value)
{
    struct gw_slice stem = value;
    bool prefix =
        gw_filter_rows[field].prefixes && value.len && value.at[value.len - 1] == '*';
    if (field == GW_BY_AREA)
        return covers_box(s, value);
    stem.len -= prefix;
    for (unsigned i = 0; !prefix && i < s->exact; i++)
        if (gw_slice_eq(s->values[i], value))
            return true;
    for (unsigned i = 0; i < s->prefixes; i++)
        if (gw_slice_starts(stem, s->values[s->exact + i]))
            return true;
    return false;
}

/* Fields of which an event can have several values meet whatever they say. */
#define MANY                                                                             \
    (1u << GW_BY_KIND | 1u << GW_BY_EQUIPMENT | 1u << GW_BY_CONSIGNMENT |                \
     1u << GW_BY_PARTY | 1u << GW_BY_LOCATION | 1u << GW_BY_FROM | 1u << GW_BY_TO)

static bool spans_meet(double low, double high, double from, double to)
{
    return low <= to && from <= high;
}

static bool boxes_meet(const struct gw_box *a, const struct gw_box *b)
{
    return spans_meet(a->south, a->north, b->south, b->north) &&
           (a->west > a->east || b->west > b->east || /* two halves: say yes */
            spans_meet(a->west, a->east, b->west, b->east));
}

bool gw_sets_meet(enum gw_filter_field field, const struct gw_set *a,
                  const struct gw_set *b)
{
    if (MANY >> field & 1)
        return true;
    for (unsigned i = 0; i < a->exact; i++)
        for (unsigned k = 0; k < b->exact; k++)
            if (field == GW_BY_AREA ? boxes_meet(&a->boxes[i], &b->boxes[k])
                                    : gw_slice_eq(a->values[i], b->values[k]))
                return true;
    return false;
}

/* ---- writing ---- */

static void pack_str(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len);
    msgpack_pack_str_body(p, s.at, s.len);
}

static void write_clause(const struct gw_clause *c, msgpack_packer *p)
{
    uint8_t room[GW_FILTER_VALUE + 1];
    msgpack_pack_map(p, (size_t)__builtin_popcount(c->used));
    for (uint32_t left = c->used; left; left &= left - 1) {
        int field = __builtin_ctz(left);
        const struct gw_set *s = &c->sets[field];
        unsigned n = (unsigned)s->exact + s->prefixes;
        pack_str(p, gw_slice_str(gw_filter_rows[field].name));
        msgpack_pack_array(p, n);
        for (unsigned i = 0; i < n; i++)
            pack_str(p, gw_set_value(s, i, room));
    }
}

enum gw_error gw_filter_write(const struct gw_filter *f, struct gw_buf *out)
{
    msgpack_packer p;
    msgpack_packer_init(&p, out, gw_walk_sink);
    if (f->count > 1)
        msgpack_pack_array(&p, f->count);
    for (uint32_t i = 0; i < f->count; i++)
        write_clause(&f->clauses[i], &p);
    return gw_buf_status(out);
}
