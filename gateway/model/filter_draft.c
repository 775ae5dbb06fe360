/* filter_draft.c - values judged one by one, then packed into a filter of one allocation.
 */
#include "model/filter_draft.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "model/countries.h"

static enum gw_error fail_in(struct gw_fault *fault, enum gw_error e, size_t at,
                             const char *rule, const char *field)
{
    if (fault)
        snprintf(fault->field, sizeof fault->field, "%s", field);
    return gw_fail(fault, e, at, rule);
}

static bool is_prefix(int field, struct gw_slice v)
{
    return gw_filter_rows[field].prefixes && v.len && v.at[v.len - 1] == '*';
}

/* Two letters at the end of a leg are a country: nodes are lower case, UN/LOCODEs have
 * five. */
static enum gw_error judge_country(int field, struct gw_slice v, size_t at,
                                   struct gw_fault *fault)
{
    const char *name = gw_filter_rows[field].name;
    if (field == GW_BY_COUNTRY && !gw_country_has_form(v))
        return fail_in(fault, GW_FILTER, at, "a country is two capital letters", name);
    if (gw_country_has_form(v) && !gw_country_known(v))
        return fail_in(fault, GW_UNKNOWN_CODE, at, "not a country of ISO 3166-1", name);
    return GW_OK;
}

static enum gw_error judge(int field, struct gw_slice v, size_t at,
                           struct gw_fault *fault)
{
    const struct gw_filter_row *r = &gw_filter_rows[field];
    struct gw_box box;
    size_t bad;
    if (!v.len)
        return fail_in(fault, GW_FILTER, at, "an empty value", r->name);
    if (v.len > GW_FILTER_VALUE)
        return fail_in(fault, GW_FILTER, at, "a value is longer than 64 bytes", r->name);
    if (!gw_utf8_valid(v, &bad))
        return fail_in(fault, GW_FILTER, at + bad, "a value is not UTF-8", r->name);
    if (r->words && gw_words_find(r->words, v) < 0)
        return fail_in(fault, GW_UNKNOWN_CODE, at, "not a word of this field's list",
                       r->name);
    if (field == GW_BY_AREA && !gw_box_read(v, &box))
        return fail_in(fault, GW_FILTER, at,
                       "an area is south/west/north/east in degrees, south first",
                       r->name);
    if (field == GW_BY_COUNTRY || field == GW_BY_FROM || field == GW_BY_TO)
        return judge_country(field, v, at, fault);
    return GW_OK;
}

enum gw_error gw_filter_draft_clause(struct gw_filter_draft *d, size_t at,
                                     struct gw_fault *fault)
{
    if (d->clauses == GW_FILTER_CLAUSES)
        return fail_in(fault, GW_FILTER, at, "more than 16 clauses", "");
    d->clauses++;
    return GW_OK;
}

enum gw_error gw_filter_draft_add(struct gw_filter_draft *d, int field, struct gw_slice v,
                                  size_t at, struct gw_fault *fault)
{
    enum gw_error e = judge(field, v, at, fault);
    if (e)
        return e;
    if (d->count == GW_FILTER_VALUES)
        return fail_in(fault, GW_FILTER, at, "more than 256 values",
                       gw_filter_rows[field].name);
    d->value[d->count] = v;
    d->clause[d->count] = (uint8_t)(d->clauses ? d->clauses - 1 : 0);
    d->field[d->count++] = (uint8_t)field;
    return GW_OK;
}

/* ---- building ---- */

/* Where values and their text go. */
struct room {
    struct gw_slice *values;
    struct gw_box *boxes;
    uint8_t *text;
};

static int compare(const void *a, const void *b)
{
    return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static unsigned unique(struct gw_slice *v, unsigned n)
{
    unsigned kept = 0;
    qsort(v, n, sizeof *v, compare);
    for (unsigned i = 0; i < n; i++)
        if (!kept || !gw_slice_eq(v[kept - 1], v[i]))
            v[kept++] = v[i];
    return kept;
}

/* Append the draft's values of one field of one clause that are (or are not) prefixes;
 * sorted, each once. */
static unsigned collect(const struct gw_filter_draft *d, unsigned clause, int field,
                        bool prefixes, struct gw_slice *out, uint8_t **text)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->count; i++) {
        struct gw_slice v = d->value[i];
        if (d->clause[i] != clause || d->field[i] != field ||
            is_prefix(field, v) != prefixes)
            continue;
        v.len -= prefixes;
        if (v.len)
            memcpy(*text, v.at, v.len);
        out[n++] = gw_slice(*text, v.len);
        *text += v.len;
    }
    return unique(out, n);
}

static void mark_words(struct gw_set *s, const struct gw_words *words)
{
    for (unsigned i = 0; i < s->exact; i++)
        s->words |= UINT64_C(1) << gw_words_find(words, s->values[i]);
}

static void mark_boxes(struct gw_set *s, struct room *room)
{
    s->boxes = room->boxes;
    for (unsigned i = 0; i < s->exact; i++)
        (void)gw_box_read(s->values[i], room->boxes++); /* was judged when it was added */
}

static void build_clause(const struct gw_filter_draft *d, unsigned number,
                         struct gw_clause *c, struct room *room)
{
    for (int i = 0; i < GW_BY_COUNT; i++) {
        struct gw_set *s = &c->sets[i];
        s->values = room->values;
        s->exact = (uint16_t)collect(d, number, i, false, room->values, &room->text);
        s->prefixes =
            (uint16_t)collect(d, number, i, true, room->values + s->exact, &room->text);
        room->values += s->exact + s->prefixes;
        if (gw_filter_rows[i].words)
            mark_words(s, gw_filter_rows[i].words);
        if (i == GW_BY_AREA)
            mark_boxes(s, room);
        if (s->exact + s->prefixes)
            c->used |= 1u << i;
    }
}

enum gw_error gw_filter_build(const struct gw_filter_draft *d, struct gw_filter **out)
{
    uint32_t count = d->clauses ? d->clauses : 1;
    size_t bytes = 0, areas = 0;
    for (unsigned i = 0; i < d->count; i++) {
        bytes += d->value[i].len;
        areas += d->field[i] == GW_BY_AREA;
    }
    struct gw_filter *f = calloc(1, sizeof *f + count * sizeof f->clauses[0] +
                                        areas * sizeof(struct gw_box) +
                                        d->count * sizeof(struct gw_slice) + bytes);
    struct room room;
    *out = f;
    if (!f)
        return GW_NOMEM;
    room.boxes = (struct gw_box *)(f->clauses + count);
    room.values = (struct gw_slice *)(room.boxes + areas);
    room.text = (uint8_t *)(room.values + d->count);
    f->count = count;
    for (unsigned i = 0; i < count; i++)
        build_clause(d, i, &f->clauses[i], &room);
    return GW_OK;
}

void gw_filter_free(struct gw_filter *f)
{
    free(f);
}
