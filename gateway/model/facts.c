/* facts.c - what routing needs, in one pass over canonical bytes. */
#include "model/facts.h"
#include <math.h>
#include "model/shape.h"
#include "model/walk.h"

/* Where a field's value goes; one row per field that is wanted. */
typedef bool (*take_fn)(struct gw_walk *w, struct gw_facts *f);

struct want {
    struct gw_slice key;
    take_fn take;
};
#define KEY(s)                                                                           \
    {                                                                                    \
        (const uint8_t *)(s), sizeof(s) - 1                                              \
    }

/* Equal, of the same length: whole words of the processor, which may overlap, not a call.
 */
static inline bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t x, y, p, q;
    uint32_t s, t, u, v;
    if (n > 16)
        return memcmp(a, b, n) == 0;
    if (n >= 8) {
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        memcpy(&p, a + n - 8, 8);
        memcpy(&q, b + n - 8, 8);
        return !((x ^ y) | (p ^ q));
    }
    if (n >= 4) {
        memcpy(&s, a, 4);
        memcpy(&t, b, 4);
        memcpy(&u, a + n - 4, 4);
        memcpy(&v, b + n - 4, 4);
        return !((s ^ t) | (u ^ v));
    }
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static inline bool is_key(struct gw_slice key, struct gw_slice wanted)
{
    return key.len == wanted.len && same(key.at, wanted.at, key.len);
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

/* Read a map, handing the wanted keys to their rows. */
static bool take_map(struct gw_walk *w, struct gw_facts *f, const struct want *wants,
                     size_t count)
{
    uint32_t pairs;
    if (!gw_walk_map(w, &pairs))
        return false;
    while (pairs--) {
        struct gw_slice key;
        size_t i = 0;
        if (!text(w, &key))
            return false;
        while (i < count && !is_key(key, wants[i].key))
            i++;
        if (!(i < count ? wants[i].take(w, f) : pass(w)))
            return false;
    }
    return true;
}
#define TAKE(w, f, wants) take_map(w, f, wants, sizeof wants / sizeof *wants)

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
    static const struct want wants[] = {{KEY("node"), take_place_node},
                                        {KEY("unlocode"), take_place_unlocode},
                                        {KEY("country"), take_place_country},
                                        {KEY("lat"), take_lat},
                                        {KEY("lon"), take_lon}};
    return TAKE(w, f, wants);
}
static bool take_from(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("node"), take_from_node},
                                        {KEY("unlocode"), take_from_unlocode},
                                        {KEY("country"), take_from_country}};
    return TAKE(w, f, wants);
}
static bool take_to(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("node"), take_to_node},
                                        {KEY("unlocode"), take_to_unlocode},
                                        {KEY("country"), take_to_country}};
    return TAKE(w, f, wants);
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
    static const struct want wants[] = {{KEY("kind"), take_equipment_kind},
                                        {KEY("id"), take_equipment_id}};
    uint32_t n;
    if (!gw_walk_array(w, &n))
        return false;
    while (n--)
        if (!TAKE(w, f, wants))
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
    static const struct want wants[] = {{KEY("scheme"), take_scheme},
                                        {KEY("value"), take_reference_value}};
    uint32_t n;
    if (!gw_walk_array(w, &n))
        return false;
    while (n--) {
        if (f->reference_count == GW_FACTS_MANY)
            return false;
        f->scheme[f->reference_count] = gw_slice(NULL, 0);
        f->reference[f->reference_count] = gw_slice(NULL, 0);
        if (!TAKE(w, f, wants))
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
    static const struct want wants[] = {{KEY("role"), take_party_role},
                                        {KEY("id"), take_party_id}};
    uint32_t n;
    if (!gw_walk_array(w, &n))
        return false;
    while (n--) {
        if (f->party_count == GW_FACTS_PARTIES)
            return false;
        f->party_role[f->party_count] = 0xFF;
        f->party[f->party_count] = gw_slice(NULL, 0);
        if (!TAKE(w, f, wants))
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
    static const struct want wants[] = {{KEY("mode"), take_mode}};
    return TAKE(w, f, wants);
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
    static const struct want wants[] = {{KEY("operator"), take_operator},
                                        {KEY("adapter"), take_adapter}};
    return TAKE(w, f, wants);
}

/* By row of gw_shape_event; NULL: passed over. */
static take_fn take_of(struct gw_slice key, unsigned *guess)
{
    static const struct want wants[] = {{KEY("seq"), take_seq},
                                        {KEY("id"), take_id},
                                        {KEY("type"), take_type},
                                        {KEY("class"), take_class},
                                        {KEY("subject"), take_subject},
                                        {KEY("time"), take_time},
                                        {KEY("received"), take_received},
                                        {KEY("place"), take_place},
                                        {KEY("place_from"), take_from},
                                        {KEY("place_to"), take_to},
                                        {KEY("equipment"), take_equipment},
                                        {KEY("references"), take_references},
                                        {KEY("transport"), take_transport},
                                        {KEY("parties"), take_parties},
                                        {KEY("source"), take_source}};
    for (unsigned i = *guess; i < sizeof wants / sizeof *wants; i++)
        if (is_key(key, wants[i].key)) { /* canonical order: never behind the guess */
            *guess = i + 1;
            return wants[i].take;
        }
    return NULL;
}

enum gw_error gw_facts_read(struct gw_slice event, struct gw_facts *out)
{
    struct gw_walk w = gw_walk(event);
    unsigned guess = 0;
    uint32_t pairs;

    /* not the arrays: their counts say what is valid */
    memset(out, 0, offsetof(struct gw_facts, party_role));
    out->mode = 0xFF;
    out->lat = out->lon = NAN;
    if (!gw_walk_map(&w, &pairs))
        return GW_FORMAT;
    while (pairs--) {
        struct gw_slice key;
        take_fn take;
        if (!text(&w, &key))
            return GW_FORMAT;
        take = take_of(key, &guess);
        if (!(take ? take(&w, out) : pass(&w)))
            return GW_FORMAT;
    }
    out->located = isfinite(out->lat) && isfinite(out->lon);
    return gw_walk_left(&w) ? GW_FORMAT : GW_OK;
}
