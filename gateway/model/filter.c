/* filter.c - subscriptions' filters: read once into sorted sets, then matched per event.
 */
#include <msgpack/pack.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "model/filter_draft.h"
#include "model/shape.h"
#include "model/walk.h"

#define VALUE_MAX 64 /* bytes of one value; nothing that is matched is longer */

/* ---- the fields ---- */

enum field { TYPE, MODE, OPERATOR, LOCATION, COUNTRY, EQUIPMENT, CONSIGNMENT, FIELDS };

struct set;
struct row {
    const char *name;
    const struct gw_words *words; /* values are of this list */
    bool prefixes;                /* a value may end in '*' */
    bool (*match)(const struct set *s, const struct gw_facts *f);
};

/* Values of one field: exact ones sorted, then prefixes (without their '*') sorted. */
struct set {
    const struct gw_slice *values;
    uint16_t exact, prefixes;
    uint64_t words[4]; /* bit per word, for fields with a list */
};

struct gw_filter {
    struct set sets[FIELDS]; /* no values: the field matches everything */
    struct gw_slice values[];
};

static int compare(const void *a, const void *b)
{
    return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static bool has(const struct set *s, struct gw_slice v)
{
    if (!v.len)
        return false;
    if (bsearch(&v, s->values, s->exact, sizeof v, compare))
        return true;
    for (unsigned i = 0; i < s->prefixes; i++)
        if (gw_slice_starts(v, s->values[s->exact + i]))
            return true;
    return false;
}

static bool has_word(const struct set *s, uint8_t word)
{
    return s->words[word / 64] >> (word % 64) & 1;
}

static bool match_type(const struct set *s, const struct gw_facts *f)
{
    return has_word(s, f->type);
}

static bool match_mode(const struct set *s, const struct gw_facts *f)
{
    return f->mode != 0xFF && has_word(s, f->mode);
}

static bool match_operator(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->operator);
}

static bool match_location(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->node) || has(s, f->unlocode);
}

static bool match_country(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->country);
}

static bool match_equipment(const struct set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->equipment_count; i++)
        if (has(s, f->equipment[i]))
            return true;
    return false;
}

/* "scheme:value" */
static bool has_typed(const struct set *s, struct gw_slice scheme, struct gw_slice value)
{
    uint8_t both[2 * VALUE_MAX];
    if (scheme.len + 1 + value.len > sizeof both || !scheme.len)
        return false;
    memcpy(both, scheme.at, scheme.len);
    both[scheme.len] = ':';
    memcpy(both + scheme.len + 1, value.at, value.len);
    return has(s, gw_slice(both, scheme.len + 1 + value.len));
}

static bool match_consignment(const struct set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->reference_count; i++)
        if (f->reference[i].len &&
            (has(s, f->reference[i]) || has_typed(s, f->scheme[i], f->reference[i])))
            return true;
    return false;
}

/* In the order of the canonical form. */
static const struct row rows[FIELDS] = {
    [TYPE] = {"type", &gw_event_types, false, match_type},
    [MODE] = {"mode", &gw_modes, false, match_mode},
    [OPERATOR] = {"operator", NULL, false, match_operator},
    [LOCATION] = {"location", NULL, false, match_location},
    [COUNTRY] = {"country", NULL, false, match_country},
    [EQUIPMENT] = {"equipment", NULL, true, match_equipment},
    [CONSIGNMENT] = {"consignment", NULL, false, match_consignment},
};

bool gw_filter_match(const struct gw_filter *f, const struct gw_facts *facts)
{
    for (unsigned i = 0; i < FIELDS; i++) {
        const struct set *s = &f->sets[i];
        if (s->exact + s->prefixes && !rows[i].match(s, facts))
            return false;
    }
    return true;
}

/* ---- building ---- */

const char *gw_filter_field_name(int field)
{
    return rows[field].name;
}

int gw_filter_field(struct gw_slice name)
{
    for (int i = 0; i < FIELDS; i++)
        if (gw_slice_is(name, rows[i].name))
            return i;
    return -1;
}

static enum gw_error fail_in(struct gw_fault *fault, enum gw_error e, size_t at,
                             const char *rule, const char *field)
{
    if (fault)
        snprintf(fault->field, sizeof fault->field, "%s", field);
    return gw_fail(fault, e, at, rule);
}

static bool is_prefix(int field, struct gw_slice v)
{
    return rows[field].prefixes && v.len && v.at[v.len - 1] == '*';
}

static bool is_country(struct gw_slice v)
{
    return v.len == 2 && v.at[0] >= 'A' && v.at[0] <= 'Z' && v.at[1] >= 'A' &&
           v.at[1] <= 'Z';
}

static enum gw_error judge(int field, struct gw_slice v, size_t at,
                           struct gw_fault *fault)
{
    const struct row *r = &rows[field];
    size_t bad;
    if (!v.len)
        return fail_in(fault, GW_FILTER, at, "an empty value", r->name);
    if (v.len > VALUE_MAX)
        return fail_in(fault, GW_FILTER, at, "a value is longer than 64 bytes", r->name);
    if (!gw_utf8_valid(v, &bad))
        return fail_in(fault, GW_FILTER, at + bad, "a value is not UTF-8", r->name);
    if (r->words && gw_words_find(r->words, v) < 0)
        return fail_in(fault, GW_UNKNOWN_CODE, at, "not a word of this field's list",
                       r->name);
    if (field == COUNTRY && !is_country(v))
        return fail_in(fault, GW_FILTER, at, "a country is two capital letters", r->name);
    return GW_OK;
}

enum gw_error gw_filter_draft_add(struct gw_filter_draft *d, int field, struct gw_slice v,
                                  size_t at, struct gw_fault *fault)
{
    enum gw_error e = judge(field, v, at, fault);
    if (e)
        return e;
    if (d->count == GW_FILTER_VALUES)
        return fail_in(fault, GW_FILTER, at, "more than 256 values", rows[field].name);
    d->value[d->count] = v;
    d->field[d->count++] = (uint8_t)field;
    return GW_OK;
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

/* Append the draft's values of one field that are (or are not) prefixes; sorted, each
 * once. */
static unsigned collect(const struct gw_filter_draft *d, int field, bool prefixes,
                        struct gw_slice *out, uint8_t **text)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->count; i++) {
        struct gw_slice v = d->value[i];
        if (d->field[i] != field || is_prefix(field, v) != prefixes)
            continue;
        v.len -= prefixes;
        if (v.len)
            memcpy(*text, v.at, v.len);
        out[n++] = gw_slice(*text, v.len);
        *text += v.len;
    }
    return unique(out, n);
}

static void mark_words(struct set *s, const struct gw_words *words)
{
    for (unsigned i = 0; i < s->exact; i++) {
        int w = gw_words_find(words, s->values[i]);
        s->words[w / 64] |= UINT64_C(1) << (w % 64);
    }
}

enum gw_error gw_filter_build(const struct gw_filter_draft *d, struct gw_filter **out)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < d->count; i++)
        bytes += d->value[i].len;
    struct gw_filter *f = calloc(1, sizeof *f + d->count * sizeof f->values[0] + bytes);
    if (!f)
        return GW_NOMEM;
    struct gw_slice *at = f->values;
    uint8_t *text = (uint8_t *)(f->values + d->count);
    for (int i = 0; i < FIELDS; i++) {
        struct set *s = &f->sets[i];
        s->values = at;
        s->exact = (uint16_t)collect(d, i, false, at, &text);
        s->prefixes = (uint16_t)collect(d, i, true, at + s->exact, &text);
        at += s->exact + s->prefixes;
        if (rows[i].words)
            mark_words(s, rows[i].words);
    }
    *out = f;
    return GW_OK;
}

void gw_filter_free(struct gw_filter *f)
{
    free(f);
}

/* ---- writing ---- */

static void pack_str(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len);
    msgpack_pack_str_body(p, s.at, s.len);
}

static void pack_prefix(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len + 1);
    msgpack_pack_str_body(p, s.at, s.len);
    msgpack_pack_str_body(p, "*", 1);
}

enum gw_error gw_filter_write(const struct gw_filter *f, struct gw_buf *out)
{
    msgpack_packer p;
    unsigned used = 0;
    msgpack_packer_init(&p, out, gw_walk_sink);
    for (int i = 0; i < FIELDS; i++)
        used += f->sets[i].exact + f->sets[i].prefixes > 0;
    msgpack_pack_map(&p, used);
    for (int i = 0; i < FIELDS; i++) {
        const struct set *s = &f->sets[i];
        if (!(s->exact + s->prefixes))
            continue;
        pack_str(&p, gw_slice_str(rows[i].name));
        msgpack_pack_array(&p, (size_t)s->exact + s->prefixes);
        for (unsigned v = 0; v < s->exact; v++)
            pack_str(&p, s->values[v]);
        for (unsigned v = 0; v < s->prefixes; v++)
            pack_prefix(&p, s->values[s->exact + v]);
    }
    return gw_buf_status(out);
}
