/* facts.c - what routing needs, in one pass over canonical bytes. */
#include "model/facts.h"
#include <math.h>
#include "model/event_fields.h"
#include "model/shape.h"
#include "model/walk.h"

/* Where a field's value goes: one row per row of the shape, NULL: passed over. */
typedef bool (*take_fn)(struct gw_walk *w, struct gw_facts *f);

/* The row of this key at or behind `from`; the count of rows: none.  Keys come in the
 * order of the rows, so a map is read with one look at each row. */
static inline unsigned row_of(const struct gw_shape *s, struct gw_slice key,
                              unsigned from)
{
    struct gw_label l = gw_label(key);
    unsigned i = from;
    while (i < s->count && !gw_label_is16(&l, s->fields[i].name))
        i++;
    return i;
}

/* Nearly every string is short. */
static inline bool text(struct gw_walk *w, struct gw_slice *out)
{
    if (w->at < w->end && (*w->at & 0xe0) == 0xa0) {
        size_t n = *w->at & 0x1f;
        if (n >= gw_walk_left(w))
            return false;
        *out = gw_slice(w->at + 1, n);
        w->at += 1 + n;
        return true;
    }
    return gw_walk_str(w, out);
}

/* ... and most values that are passed over are short strings. */
static inline bool pass(struct gw_walk *w)
{
    struct gw_slice s;
    if (w->at < w->end && (*w->at & 0xe0) == 0xa0)
        return text(w, &s);
    return gw_walk_skip(w, NULL);
}

static inline bool map_head(struct gw_walk *w, uint32_t *pairs)
{
    if (w->at < w->end && (*w->at & 0xf0) == 0x80 &&
        2 * (size_t)(*w->at & 0x0f) < gw_walk_left(w)) {
        *pairs = *w->at++ & 0x0f;
        return true;
    }
    return gw_walk_map(w, pairs);
}

static inline bool array_head(struct gw_walk *w, uint32_t *items)
{
    if (w->at < w->end && (*w->at & 0xf0) == 0x90 &&
        (size_t)(*w->at & 0x0f) < gw_walk_left(w)) {
        *items = *w->at++ & 0x0f;
        return true;
    }
    return gw_walk_array(w, items);
}

/* Read a map of this shape up to the last of the wanted `rows`, handing their values to
 * their rows of `take`.  Keys that are unknown or out of order do not belong there, and
 * are passed over. */
static inline bool take_rows(struct gw_walk *w, struct gw_facts *f,
                             const struct gw_shape *s, const take_fn *take, uint64_t rows)
{
    unsigned from = 0;
    uint32_t pairs;
    if (!map_head(w, &pairs))
        return false;
    for (; pairs && rows >> from; pairs--) {
        struct gw_slice key;
        unsigned row;
        if (!text(w, &key))
            return false;
        row = row_of(s, key, from);
        if (row < s->count)
            from = row + 1;
        if (!(row < s->count && rows >> row & 1 && take[row] ? take[row](w, f) : pass(w)))
            return false;
    }
    return true;
}

/* The whole map. */
static bool take_map(struct gw_walk *w, struct gw_facts *f, const struct gw_shape *s,
                     const take_fn *take)
{
    return take_rows(w, f, s, take, UINT64_MAX);
}

/* The shape of a field of the event. */
static inline const struct gw_shape *shape_of(enum gw_event_field row)
{
    return gw_shape_event.fields[row].shape;
}

static bool take_word(struct gw_walk *w, const struct gw_words *words, uint8_t *out)
{
    struct gw_slice s;
    int i;
    if (!text(w, &s))
        return false;
    i = gw_words_find(words, s);
    *out = (uint8_t)i;
    return i >= 0;
}

static bool take_seq(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_uint(w, &f->seq);
}
static bool take_id(struct gw_walk *w, struct gw_facts *f)
{
    return text(w, &f->id);
}
static bool take_type(struct gw_walk *w, struct gw_facts *f)
{
    return take_word(w, &gw_event_types, &f->type);
}
static bool take_class(struct gw_walk *w, struct gw_facts *f)
{
    return take_word(w, &gw_event_classes, &f->class);
}
static bool take_subject(struct gw_walk *w, struct gw_facts *f)
{
    return take_word(w, &gw_subjects, &f->subject);
}
static bool take_time(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_int(w, &f->time);
}
static bool take_received(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_int(w, &f->received);
}

/* ---- place and the ends of a leg ---- */

#define PLACE_TAKERS(which)                                                              \
    static bool take_##which##_node(struct gw_walk *w, struct gw_facts *f)               \
    {                                                                                    \
        return text(w, &f->which.node);                                                  \
    }                                                                                    \
    static bool take_##which##_unlocode(struct gw_walk *w, struct gw_facts *f)           \
    {                                                                                    \
        return text(w, &f->which.unlocode);                                              \
    }                                                                                    \
    static bool take_##which##_country(struct gw_walk *w, struct gw_facts *f)            \
    {                                                                                    \
        return text(w, &f->which.country);                                               \
    }
PLACE_TAKERS(place)
PLACE_TAKERS(from)
PLACE_TAKERS(to)

static bool take_lat(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_float(w, &f->lat);
}
static bool take_lon(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_float(w, &f->lon);
}
static bool take_place(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_PL_COUNT] = {[GW_PL_NODE] = take_place_node,
                                              [GW_PL_UNLOCODE] = take_place_unlocode,
                                              [GW_PL_COUNTRY] = take_place_country,
                                              [GW_PL_LAT] = take_lat,
                                              [GW_PL_LON] = take_lon};
    return take_map(w, f, shape_of(GW_EV_PLACE), take);
}
static bool take_from(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_PL_COUNT] = {[GW_PL_NODE] = take_from_node,
                                              [GW_PL_UNLOCODE] = take_from_unlocode,
                                              [GW_PL_COUNTRY] = take_from_country};
    return take_map(w, f, shape_of(GW_EV_PLACE_FROM), take);
}
static bool take_to(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_PL_COUNT] = {[GW_PL_NODE] = take_to_node,
                                              [GW_PL_UNLOCODE] = take_to_unlocode,
                                              [GW_PL_COUNTRY] = take_to_country};
    return take_map(w, f, shape_of(GW_EV_PLACE_TO), take);
}

/* ---- lists ---- */

static bool take_equipment_id(struct gw_walk *w, struct gw_facts *f)
{
    if (f->equipment_count == GW_FACTS_MANY ||
        !text(w, &f->equipment[f->equipment_count]))
        return false;
    f->equipment_count++;
    return true;
}
static bool take_equipment_kind(struct gw_walk *w, struct gw_facts *f)
{
    uint8_t kind;
    if (!take_word(w, &gw_equipment_kinds, &kind))
        return false;
    f->kinds |= (uint8_t)(1u << kind);
    return true;
}
static bool take_equipment(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_EQ_COUNT] = {
        [GW_EQ_KIND] = take_equipment_kind, [GW_EQ_ID] = take_equipment_id};
    uint32_t n;
    if (!array_head(w, &n))
        return false;
    while (n--)
        if (!take_map(w, f, shape_of(GW_EV_EQUIPMENT), take))
            return false;
    return true;
}

static bool take_scheme(struct gw_walk *w, struct gw_facts *f)
{
    return f->reference_count < GW_FACTS_MANY && text(w, &f->scheme[f->reference_count]);
}
static bool take_reference_value(struct gw_walk *w, struct gw_facts *f)
{
    return f->reference_count < GW_FACTS_MANY &&
           text(w, &f->reference[f->reference_count]);
}
static bool take_references(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_RF_COUNT] = {
        [GW_RF_SCHEME] = take_scheme, [GW_RF_VALUE] = take_reference_value};
    uint32_t n;
    if (!array_head(w, &n))
        return false;
    while (n--) {
        if (f->reference_count == GW_FACTS_MANY)
            return false;
        f->scheme[f->reference_count] = gw_slice(NULL, 0);
        f->reference[f->reference_count] = gw_slice(NULL, 0);
        if (!take_map(w, f, shape_of(GW_EV_REFERENCES), take))
            return false;
        f->reference_count++;
    }
    return true;
}

static bool take_party_role(struct gw_walk *w, struct gw_facts *f)
{
    return f->party_count < GW_FACTS_PARTIES &&
           take_word(w, &gw_party_roles, &f->party_role[f->party_count]);
}
static bool take_party_id(struct gw_walk *w, struct gw_facts *f)
{
    return f->party_count < GW_FACTS_PARTIES && text(w, &f->party[f->party_count]);
}
static bool take_parties(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_PT_COUNT] = {
        [GW_PT_ROLE] = take_party_role, [GW_PT_ID] = take_party_id};
    uint32_t n;
    if (!array_head(w, &n))
        return false;
    while (n--) {
        if (f->party_count == GW_FACTS_PARTIES)
            return false;
        f->party_role[f->party_count] = 0xFF;
        f->party[f->party_count] = gw_slice(NULL, 0);
        if (!take_map(w, f, shape_of(GW_EV_PARTIES), take))
            return false;
        f->party_count++;
    }
    return true;
}

/* ---- transport and source ---- */

static bool take_mode(struct gw_walk *w, struct gw_facts *f)
{
    return take_word(w, &gw_modes, &f->mode);
}
static bool take_transport(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_TR_COUNT] = {[GW_TR_MODE] = take_mode};
    return take_map(w, f, shape_of(GW_EV_TRANSPORT), take);
}
static bool take_operator(struct gw_walk *w, struct gw_facts *f)
{
    return text(w, &f->operator);
}
static bool take_adapter(struct gw_walk *w, struct gw_facts *f)
{
    return text(w, &f->adapter);
}
static bool take_source(struct gw_walk *w, struct gw_facts *f)
{
    static const take_fn take[GW_SO_COUNT] = {
        [GW_SO_OPERATOR] = take_operator, [GW_SO_ADAPTER] = take_adapter};
    return take_map(w, f, shape_of(GW_EV_SOURCE), take);
}

/* ---- the event ---- */

static const take_fn take_event[GW_EV_COUNT] = {
    [GW_EV_SEQ] = take_seq,
    [GW_EV_ID] = take_id,
    [GW_EV_TYPE] = take_type,
    [GW_EV_CLASS] = take_class,
    [GW_EV_SUBJECT] = take_subject,
    [GW_EV_TIME] = take_time,
    [GW_EV_RECEIVED] = take_received,
    [GW_EV_PLACE] = take_place,
    [GW_EV_PLACE_FROM] = take_from,
    [GW_EV_PLACE_TO] = take_to,
    [GW_EV_EQUIPMENT] = take_equipment,
    [GW_EV_REFERENCES] = take_references,
    [GW_EV_TRANSPORT] = take_transport,
    [GW_EV_PARTIES] = take_parties,
    [GW_EV_SOURCE] = take_source,
};

static const take_fn take_objects[GW_EV_COUNT] = {
    [GW_EV_EQUIPMENT] = take_equipment,
    [GW_EV_REFERENCES] = take_references,
};

static void clear(struct gw_facts *out)
{
    /* not the arrays: their counts say what is valid */
    memset(out, 0, offsetof(struct gw_facts, party_role));
    out->mode = 0xFF;
    out->lat = out->lon = NAN;
}

static enum gw_error read_with(const take_fn *take, struct gw_slice event,
                               struct gw_facts *out)
{
    struct gw_walk w = gw_walk(event);

    clear(out);
    if (!take_map(&w, out, &gw_shape_event, take))
        return GW_FORMAT;
    out->located = isfinite(out->lat) && isfinite(out->lon);
    return gw_walk_left(&w) ? GW_FORMAT : GW_OK;
}

enum gw_error gw_facts_read(struct gw_slice event, struct gw_facts *out)
{
    return read_with(take_event, event, out);
}

enum gw_error gw_facts_read_objects(struct gw_slice event, struct gw_facts *out)
{
    return read_with(take_objects, event, out);
}

enum gw_error gw_facts_read_rows(struct gw_slice event, uint64_t rows,
                                 struct gw_facts *out)
{
    struct gw_walk w = gw_walk(event);
    clear(out);
    if (rows && !take_rows(&w, out, &gw_shape_event, take_event, rows))
        return GW_FORMAT;
    out->located = isfinite(out->lat) && isfinite(out->lon);
    return GW_OK;
}
