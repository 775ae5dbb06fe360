/* anchor.c - keys of clauses and of events. */
#include "pipeline/anchor.h"
#include <math.h>
#include "base/hash.h"

static uint64_t of_word(unsigned kind, unsigned word)
{
    return gw_anchor_join(kind + 1, word + 1);
}

static uint64_t of_text(unsigned kind, struct gw_slice text)
{
    return gw_hash64(text, kind + 1);
}

/* ---- the Earth in squares ---- */

/* Degrees a side, by level: a box is filed under the few cells of one level it touches.
 */
static const double sides[] = {1, 4, 16, 64};
#define LEVELS     (sizeof sides / sizeof *sides)
#define CELLS_MOST 16

static int cell_of(double degrees, double side)
{
    return (int)floor(degrees / side);
}

static uint64_t of_cell(unsigned level, int y, int x)
{
    return gw_anchor_join(of_word(GW_ANCHOR_CELL + level, (unsigned)(y + 512)),
                          (unsigned)(x + 512));
}

/* Rows times columns the box touches, west to east without the date line in between. */
static unsigned add_cells(unsigned level, double south, double west, double north,
                          double east, unsigned n, struct gw_anchor_key *out)
{
    double side = sides[level];
    for (int y = cell_of(south, side); y <= cell_of(north, side); y++)
        for (int x = cell_of(west, side); x <= cell_of(east, side); x++) {
            if (n == GW_ANCHOR_CLAUSE)
                return n;
            out[n++] = (struct gw_anchor_key){(uint8_t)(GW_ANCHOR_CELL + level),
                                              of_cell(level, y, x)};
        }
    return n;
}

static unsigned cells(double from, double to, double side)
{
    return (unsigned)(cell_of(to, side) - cell_of(from, side) + 1);
}

static unsigned level_of(const struct gw_box *b)
{
    double east = b->west <= b->east ? b->east : b->east + 360;
    unsigned level = 0;
    while (level + 1 < LEVELS &&
           cells(b->south, b->north, sides[level]) * cells(b->west, east, sides[level]) >
               CELLS_MOST)
        level++;
    return level;
}

static unsigned box_keys(const struct gw_box *b, unsigned n, struct gw_anchor_key *out)
{
    unsigned level = level_of(b);
    if (b->west <= b->east)
        return add_cells(level, b->south, b->west, b->north, b->east, n, out);
    n = add_cells(level, b->south, b->west, b->north, 180, n, out);
    return add_cells(level, b->south, -180, b->north, b->east, n, out);
}

static unsigned area_keys(const struct gw_set *s, struct gw_anchor_key *out)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->exact; i++)
        n = box_keys(&s->boxes[i], n, out);
    return n < GW_ANCHOR_CLAUSE ? n : 0;
}

/* ---- a clause's ---- */

static unsigned word_keys(const struct gw_set *s, unsigned kind,
                          struct gw_anchor_key *out)
{
    unsigned n = 0;
    for (uint64_t left = s->words; left; left &= left - 1)
        out[n++] = (struct gw_anchor_key){(uint8_t)kind,
                                          of_word(kind, (unsigned)__builtin_ctzll(left))};
    return n;
}

static unsigned text_keys(const struct gw_set *s, unsigned kind,
                          struct gw_anchor_key *out)
{
    unsigned n = 0;
    for (unsigned i = 0; i < s->exact; i++)
        out[n++] = (struct gw_anchor_key){(uint8_t)kind, of_text(kind, s->values[i])};
    for (unsigned i = 0; i < s->prefixes; i++) {
        struct gw_slice v = s->values[s->exact + i];
        unsigned length = (unsigned)v.len > 16 ? 16 : (unsigned)v.len;
        if (!length)
            return 0; /* "*": any at all */
        kind = GW_ANCHOR_PREFIX + length - 1;
        out[n++] =
            (struct gw_anchor_key){(uint8_t)kind, of_text(kind, gw_slice(v.at, length))};
    }
    return n;
}

unsigned gw_anchor_clause(const struct gw_clause *c, enum gw_filter_field field,
                          struct gw_anchor_key *out)
{
    const struct gw_set *s = &c->sets[field];
    if (field == GW_BY_AREA)
        return area_keys(s, out);
    if (gw_filter_rows[field].words)
        return word_keys(s, field, out);
    return text_keys(s, field, out);
}

/* ---- an event's ---- */

static unsigned add_text(unsigned kind, struct gw_slice v, unsigned n, uint64_t *out)
{
    if (v.len)
        out[n++] = of_text(kind, v);
    return n;
}

/* "scheme:value" beside the value */
static unsigned add_typed(unsigned kind, struct gw_slice scheme, struct gw_slice value,
                          unsigned n, uint64_t *out)
{
    uint8_t both[2 * GW_FILTER_VALUE];
    if (!value.len)
        return n;
    out[n++] = of_text(kind, value);
    if (!scheme.len || scheme.len + 1 + value.len > sizeof both)
        return n;
    memcpy(both, scheme.at, scheme.len);
    both[scheme.len] = ':';
    memcpy(both + scheme.len + 1, value.at, value.len);
    out[n++] = of_text(kind, gw_slice(both, scheme.len + 1 + value.len));
    return n;
}

static unsigned place_hashes(unsigned kind, const struct gw_facts_place *p, bool land,
                             uint64_t *out)
{
    unsigned n = add_text(kind, p->node, 0, out);
    n = add_text(kind, p->unlocode, n, out);
    return land ? add_text(kind, p->country, n, out) : n;
}

static unsigned equipment_hashes(const struct gw_facts *f, uint64_t *out)
{
    unsigned n = 0;
    for (unsigned i = 0; i < f->equipment_count; i++)
        n = add_text(GW_BY_EQUIPMENT, f->equipment[i], n, out);
    return n;
}

static unsigned prefix_hashes(const struct gw_facts *f, unsigned kind, uint64_t *out)
{
    size_t length = kind - GW_ANCHOR_PREFIX + 1;
    unsigned n = 0;
    for (unsigned i = 0; i < f->equipment_count; i++)
        if (f->equipment[i].len >= length)
            n = add_text(kind, gw_slice(f->equipment[i].at, length), n, out);
    return n;
}

static unsigned reference_hashes(const struct gw_facts *f, uint64_t *out)
{
    unsigned n = 0;
    for (unsigned i = 0; i < f->reference_count; i++)
        n = add_typed(GW_BY_CONSIGNMENT, f->scheme[i], f->reference[i], n, out);
    return n;
}

static unsigned party_hashes(const struct gw_facts *f, uint64_t *out)
{
    unsigned n = 0;
    for (unsigned i = 0; i < f->party_count; i++) {
        uint8_t role = f->party_role[i];
        struct gw_slice word =
            gw_slice_str(role < gw_party_roles.count ? gw_party_roles.words[role] : NULL);
        n = add_typed(GW_BY_PARTY, word, f->party[i], n, out);
    }
    return n;
}

static unsigned kind_hashes(const struct gw_facts *f, uint64_t *out)
{
    unsigned n = 0;
    for (unsigned left = f->kinds; left; left &= left - 1)
        out[n++] = of_word(GW_BY_KIND, (unsigned)__builtin_ctz(left));
    return n;
}

static unsigned one_word(unsigned kind, uint8_t word, uint64_t *out)
{
    if (word == 0xFF)
        return 0;
    out[0] = of_word(kind, word);
    return 1;
}

static unsigned cell_hash(const struct gw_facts *f, unsigned level, uint64_t *out)
{
    if (!f->located)
        return 0;
    out[0] = of_cell(level, cell_of(f->lat, sides[level]), cell_of(f->lon, sides[level]));
    return 1;
}

unsigned gw_anchor_event(const struct gw_facts *f, unsigned kind, uint64_t *out)
{
    switch (kind) {
    case GW_BY_TYPE:
        return one_word(kind, f->type, out);
    case GW_BY_CLASS:
        return one_word(kind, f->class, out);
    case GW_BY_SUBJECT:
        return one_word(kind, f->subject, out);
    case GW_BY_MODE:
        return one_word(kind, f->mode, out);
    case GW_BY_KIND:
        return kind_hashes(f, out);
    case GW_BY_OPERATOR:
        return add_text(kind, f->operator, 0, out);
    case GW_BY_LOCATION:
        return place_hashes(kind, &f->place, false, out);
    case GW_BY_COUNTRY:
        return add_text(kind, f->place.country, 0, out);
    case GW_BY_FROM:
        return place_hashes(kind, &f->from, true, out);
    case GW_BY_TO:
        return place_hashes(kind, &f->to, true, out);
    case GW_BY_EQUIPMENT:
        return equipment_hashes(f, out);
    case GW_BY_CONSIGNMENT:
        return reference_hashes(f, out);
    case GW_BY_PARTY:
        return party_hashes(f, out);
    default:
        return kind < GW_ANCHOR_CELL ? prefix_hashes(f, kind, out)
                                     : cell_hash(f, kind - GW_ANCHOR_CELL, out);
    }
}
