/* filter_fields.c - the fields a filter can name, and how each matches an event. */
#include <math.h>
#include <stdlib.h>
#include "model/event_fields.h"
#include "model/filter_clause.h"

static int compare(const void *a, const void *b)
{
    return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static bool has(const struct gw_set *s, struct gw_slice v)
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

static bool has_word(const struct gw_set *s, uint8_t word)
{
    return word < 64 && (s->words >> word & 1);
}

static bool match_type(const struct gw_set *s, const struct gw_facts *f)
{
    return has_word(s, f->type);
}

static bool match_class(const struct gw_set *s, const struct gw_facts *f)
{
    return has_word(s, f->class);
}

static bool match_subject(const struct gw_set *s, const struct gw_facts *f)
{
    return has_word(s, f->subject);
}

static bool match_mode(const struct gw_set *s, const struct gw_facts *f)
{
    return has_word(s, f->mode);
}

static bool match_kind(const struct gw_set *s, const struct gw_facts *f)
{
    return (s->words & f->kinds) != 0;
}

static bool match_operator(const struct gw_set *s, const struct gw_facts *f)
{
    return has(s, f->operator);
}

static bool match_location(const struct gw_set *s, const struct gw_facts *f)
{
    return has(s, f->place.node) || has(s, f->place.unlocode);
}

static bool match_country(const struct gw_set *s, const struct gw_facts *f)
{
    return has(s, f->place.country);
}

static bool has_end(const struct gw_set *s, const struct gw_facts_place *p)
{
    return has(s, p->country) || has(s, p->node) || has(s, p->unlocode);
}

static bool match_from(const struct gw_set *s, const struct gw_facts *f)
{
    return has_end(s, &f->from);
}

static bool match_to(const struct gw_set *s, const struct gw_facts *f)
{
    return has_end(s, &f->to);
}

static bool match_equipment(const struct gw_set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->equipment_count; i++)
        if (has(s, f->equipment[i]))
            return true;
    return false;
}

/* "scheme:value" */
static bool has_typed(const struct gw_set *s, struct gw_slice scheme,
                      struct gw_slice value)
{
    uint8_t both[2 * GW_FILTER_VALUE];
    if (scheme.len + 1 + value.len > sizeof both || !scheme.len)
        return false;
    memcpy(both, scheme.at, scheme.len);
    both[scheme.len] = ':';
    memcpy(both + scheme.len + 1, value.at, value.len);
    return has(s, gw_slice(both, scheme.len + 1 + value.len));
}

static bool match_consignment(const struct gw_set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->reference_count; i++)
        if (f->reference[i].len &&
            (has(s, f->reference[i]) || has_typed(s, f->scheme[i], f->reference[i])))
            return true;
    return false;
}

static struct gw_slice role_of(const struct gw_facts *f, unsigned i)
{
    uint8_t role = f->party_role[i];
    return gw_slice_str(role < gw_party_roles.count ? gw_party_roles.words[role] : NULL);
}

static bool match_party(const struct gw_set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->party_count; i++)
        if (f->party[i].len &&
            (has(s, f->party[i]) || has_typed(s, role_of(f, i), f->party[i])))
            return true;
    return false;
}

static bool match_area(const struct gw_set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; f->located && i < s->exact; i++)
        if (gw_box_has(&s->boxes[i], f->lat, f->lon))
            return true;
    return false;
}

#define ROW(row) (UINT64_C(1) << (row))

const struct gw_filter_row gw_filter_rows[GW_BY_COUNT] = {
    [GW_BY_TYPE] = {"type", &gw_event_types, false, match_type, ROW(GW_EV_TYPE)},
    [GW_BY_CLASS] = {"class", &gw_event_classes, false, match_class, ROW(GW_EV_CLASS)},
    [GW_BY_SUBJECT] = {"subject", &gw_subjects, false, match_subject, ROW(GW_EV_SUBJECT)},
    [GW_BY_MODE] = {"mode", &gw_modes, false, match_mode, ROW(GW_EV_TRANSPORT)},
    [GW_BY_KIND] = {"kind", &gw_equipment_kinds, false, match_kind, ROW(GW_EV_EQUIPMENT)},
    [GW_BY_OPERATOR] = {"operator", NULL, false, match_operator, ROW(GW_EV_SOURCE)},
    [GW_BY_LOCATION] = {"location", NULL, false, match_location, ROW(GW_EV_PLACE)},
    [GW_BY_COUNTRY] = {"country", NULL, false, match_country, ROW(GW_EV_PLACE)},
    [GW_BY_FROM] = {"from", NULL, false, match_from, ROW(GW_EV_PLACE_FROM)},
    [GW_BY_TO] = {"to", NULL, false, match_to, ROW(GW_EV_PLACE_TO)},
    [GW_BY_EQUIPMENT] = {"equipment", NULL, true, match_equipment, ROW(GW_EV_EQUIPMENT)},
    [GW_BY_CONSIGNMENT] = {"consignment", NULL, false, match_consignment,
                           ROW(GW_EV_REFERENCES)},
    [GW_BY_PARTY] = {"party", NULL, false, match_party, ROW(GW_EV_PARTIES)},
    [GW_BY_AREA] = {"area", NULL, false, match_area, ROW(GW_EV_PLACE) | GW_FACTS_NODE_AT},
};

uint64_t gw_filter_reads(const struct gw_filter *f)
{
    uint64_t rows = 0;
    for (uint32_t i = 0; i < f->count; i++)
        for (uint32_t left = f->clauses[i].used; left; left &= left - 1)
            rows |= gw_filter_rows[__builtin_ctz(left)].reads;
    return rows;
}

int gw_filter_field(struct gw_slice name)
{
    for (int i = 0; i < GW_BY_COUNT; i++)
        if (gw_slice_is(name, gw_filter_rows[i].name))
            return i;
    return -1;
}

/* ---- boxes ---- */

/* A decimal number and nothing else: no exponent, no "inf". */
static bool degrees(struct gw_slice *rest, double most, double *out)
{
    char text[GW_FILTER_VALUE + 1];
    char *end;
    size_t n = 0;
    while (n < rest->len && rest->at[n] != '/')
        n++;
    if (!n || n >= sizeof text)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!memchr("0123456789.-+", rest->at[i], 13))
            return false;
    memcpy(text, rest->at, n);
    text[n] = 0;
    *out = strtod(text, &end);
    *rest = gw_slice(rest->at + n, rest->len - n);
    return end == text + n && fabs(*out) <= most;
}

static bool slash(struct gw_slice *rest)
{
    if (!rest->len || rest->at[0] != '/')
        return false;
    *rest = gw_slice(rest->at + 1, rest->len - 1);
    return true;
}

bool gw_box_read(struct gw_slice text, struct gw_box *out)
{
    return degrees(&text, 90, &out->south) && slash(&text) &&
           degrees(&text, 180, &out->west) && slash(&text) &&
           degrees(&text, 90, &out->north) && slash(&text) &&
           degrees(&text, 180, &out->east) && !text.len && out->south <= out->north;
}

bool gw_box_has(const struct gw_box *b, double lat, double lon)
{
    if (!(lat >= b->south && lat <= b->north))
        return false;
    return b->west <= b->east ? lon >= b->west && lon <= b->east
                              : lon >= b->west || lon <= b->east;
}
