/* facts.c - what routing needs, in one pass over canonical bytes. */
#include "model/facts.h"
#include "model/shape.h"
#include "model/walk.h"

/* Where a field's value goes; one row per field that is wanted. */
typedef bool (*take_fn)(struct gw_walk *w, struct gw_facts *f);

struct want {
    struct gw_slice key;
    take_fn take;
};
#define KEY(s) {(const uint8_t *)(s), sizeof(s) - 1}

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
        if (!gw_walk_str(w, &key))
            return false;
        while (i < count && !gw_slice_eq(key, wants[i].key))
            i++;
        if (!(i < count ? wants[i].take(w, f) : gw_walk_skip(w, NULL)))
            return false;
    }
    return true;
}
#define TAKE(w, f, wants) take_map(w, f, wants, sizeof wants / sizeof *wants)

static bool take_word(struct gw_walk *w, const struct gw_words *words, uint8_t *out)
{
    struct gw_slice s;
    int i;
    if (!gw_walk_str(w, &s))
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
    return gw_walk_str(w, &f->id);
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

static bool take_node(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->node);
}
static bool take_unlocode(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->unlocode);
}
static bool take_country(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->country);
}
static bool take_from(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->from_country);
}
static bool take_to(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->to_country);
}
static bool take_place(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {
        {KEY("node"), take_node}, {KEY("unlocode"), take_unlocode}, {KEY("country"), take_country}};
    return TAKE(w, f, wants);
}
static bool take_place_from(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("country"), take_from}};
    return TAKE(w, f, wants);
}
static bool take_place_to(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("country"), take_to}};
    return TAKE(w, f, wants);
}

/* ---- lists ---- */

static bool take_equipment_id(struct gw_walk *w, struct gw_facts *f)
{
    if (f->equipment_count == GW_FACTS_MANY || !gw_walk_str(w, &f->equipment[f->equipment_count]))
        return false;
    f->equipment_count++;
    return true;
}
static bool take_equipment(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("id"), take_equipment_id}};
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
    return f->reference_count < GW_FACTS_MANY && gw_walk_str(w, &f->scheme[f->reference_count]);
}
static bool take_reference_value(struct gw_walk *w, struct gw_facts *f)
{
    return f->reference_count < GW_FACTS_MANY &&
           gw_walk_str(w, &f->reference[f->reference_count]);
}
static bool take_references(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("scheme"), take_scheme}, {KEY("value"), take_reference_value}};
    uint32_t n;
    if (!gw_walk_array(w, &n))
        return false;
    while (n--) {
        if (f->reference_count < GW_FACTS_MANY) {
            f->scheme[f->reference_count] = gw_slice(NULL, 0);
            f->reference[f->reference_count] = gw_slice(NULL, 0);
        }
        if (!TAKE(w, f, wants))
            return false;
        f->reference_count++;
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
    return gw_walk_str(w, &f->operator);
}
static bool take_adapter(struct gw_walk *w, struct gw_facts *f)
{
    return gw_walk_str(w, &f->adapter);
}
static bool take_source(struct gw_walk *w, struct gw_facts *f)
{
    static const struct want wants[] = {{KEY("operator"), take_operator}, {KEY("adapter"), take_adapter}};
    return TAKE(w, f, wants);
}

/* By row of gw_shape_event; NULL: passed over. */
static take_fn take_of(struct gw_slice key, unsigned *guess)
{
    static const struct want wants[] = {
        {KEY("seq"), take_seq},           {KEY("id"), take_id},
        {KEY("type"), take_type},         {KEY("class"), take_class},
        {KEY("subject"), take_subject},   {KEY("time"), take_time},
        {KEY("received"), take_received}, {KEY("place"), take_place},
        {KEY("place_from"), take_place_from}, {KEY("place_to"), take_place_to},
        {KEY("equipment"), take_equipment}, {KEY("references"), take_references},
        {KEY("transport"), take_transport}, {KEY("source"), take_source}};
    for (unsigned i = *guess; i < sizeof wants / sizeof *wants; i++)
        if (gw_slice_eq(key, wants[i].key)) { /* canonical order: never behind the guess */
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
    memset(out, 0, offsetof(struct gw_facts, equipment));
    out->mode = 0xFF;
    if (!gw_walk_map(&w, &pairs))
        return GW_FORMAT;
    while (pairs--) {
        struct gw_slice key;
        take_fn take;
        if (!gw_walk_str(&w, &key))
            return GW_FORMAT;
        take = take_of(key, &guess);
        if (!(take ? take(&w, out) : gw_walk_skip(&w, NULL)))
            return GW_FORMAT;
    }
    return gw_walk_left(&w) ? GW_FORMAT : GW_OK;
}
