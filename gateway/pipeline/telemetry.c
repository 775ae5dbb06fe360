/* telemetry.c - a hash table of objects that is a list too, in the order of their
 * updates. */
#include "pipeline/telemetry.h"
#include <stdlib.h>
#include "base/hash.h"
#include "model/shape.h"
#include "model/walk.h"

/* Operator, type, what identifies it, the identification: the schema's longest string
 * fits. */
#define KEY_MOST 512

struct key {
    uint8_t at[KEY_MOST];
    size_t len;
};

struct object {
    struct gw_telemetry_object seen; /* first: what others see */
    struct object *prev, *next;      /* by update */
    struct object *next_of_hash;
    uint64_t hash;
    uint32_t key_len, room; /* of bytes[]: the key, then the event */
    uint8_t bytes[];
};

struct gw_telemetry {
    struct object **bucket;
    uint64_t mask; /* buckets - 1 */
    uint64_t seed;
    struct object *oldest, *newest;
    uint64_t last, bytes, most_bytes;
    uint32_t count, most;
};

enum gw_error gw_telemetry_new(struct gw_telemetry **out, uint32_t most_objects,
                               uint64_t most_bytes, uint64_t seed)
{
    struct gw_telemetry *t = calloc(1, sizeof *t);
    uint64_t buckets = 16;
    *out = NULL;
    if (!t)
        return GW_NOMEM;
    while (buckets < most_objects)
        buckets *= 2;
    t->mask = buckets - 1;
    t->seed = seed;
    t->most = most_objects;
    t->most_bytes = most_bytes;
    t->bucket = calloc(buckets, sizeof(*t->bucket));
    if (!t->bucket) {
        free(t);
        return GW_NOMEM;
    }
    *out = t;
    return GW_OK;
}

/* ---- which object ---- */

static bool add(struct key *k, struct gw_slice part)
{
    if (k->len + part.len + 1 > sizeof k->at)
        return false;
    if (part.len)
        memcpy(k->at + k->len, part.at, part.len);
    k->len += part.len;
    k->at[k->len++] = 0;
    return true;
}

/* The value of a map's key, any one value as its bytes; empty when absent. */
static struct gw_slice value_of(struct gw_slice map, const char *name)
{
    struct gw_walk w = gw_walk(map);
    struct gw_slice key, value;
    uint32_t pairs;
    if (!gw_walk_map(&w, &pairs))
        return gw_slice(NULL, 0);
    while (pairs-- && gw_walk_str(&w, &key) && gw_walk_skip(&w, &value))
        if (gw_slice_is(key, name))
            return value;
    return gw_slice(NULL, 0);
}

static struct gw_slice text_of(struct gw_slice map, const char *name)
{
    struct gw_walk w = gw_walk(value_of(map, name));
    struct gw_slice text;
    return gw_walk_str(&w, &text) ? text : gw_slice(NULL, 0);
}

static bool by_equipment(const struct gw_facts *f, struct key *k)
{
    return f->equipment_count && add(k, GW_LIT("equipment")) && add(k, f->equipment[0]);
}

static bool by_means(struct gw_slice event, struct key *k)
{
    static const char *const identities[] = {"mmsi", "imo", "name"};
    struct gw_slice means = value_of(value_of(event, "transport"), "means");
    for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
        struct gw_slice id = text_of(means, identities[i]);
        if (id.len)
            return add(k, gw_slice_str(identities[i])) && add(k, id);
    }
    return false;
}

/* A ship that names a container on board is a ship all the same. */
static bool name_object(struct gw_slice event, const struct gw_facts *f, struct key *k)
{
    bool of_means = (int)f->subject == gw_words_find(&gw_subjects, GW_LIT("transport"));
    return of_means ? by_means(event, k) || by_equipment(f, k)
                    : by_equipment(f, k) || by_means(event, k);
}

static bool may_be_live(uint8_t type)
{
    static const char *const types[] = {"position", "condition", "alert"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (gw_words_find(&gw_event_types, gw_slice_str(types[i])) == (int)type)
            return true;
    return false;
}

static enum gw_error key_of(struct gw_slice event, const struct gw_facts *f,
                            struct key *k)
{
    k->len = 0;
    if (!may_be_live(f->type))
        return GW_UNKNOWN_CODE;
    return add(k, f->operator) && add(k, gw_slice(&f->type, 1)) &&
                   name_object(event, f, k)
               ? GW_OK
               : GW_MISSING;
}

enum gw_error gw_telemetry_judge(struct gw_slice event, const struct gw_facts *f)
{
    struct key k;
    return key_of(event, f, &k);
}

/* ---- the list and the table ---- */

static void unlist(struct gw_telemetry *t, struct object *o)
{
    *(o->prev ? &o->prev->next : &t->oldest) = o->next;
    *(o->next ? &o->next->prev : &t->newest) = o->prev;
    if (o->prev)
        o->prev->seen.next = o->seen.next;
}

static void enlist(struct gw_telemetry *t, struct object *o)
{
    o->next = NULL;
    o->seen.next = NULL;
    o->prev = t->newest;
    *(t->newest ? &t->newest->next : &t->oldest) = o;
    if (t->newest)
        t->newest->seen.next = &o->seen;
    t->newest = o;
    o->seen.update = ++t->last;
}

static uint64_t weight(size_t room)
{
    return sizeof(struct object) + room;
}

/* Where the table points to the object, or where it would. */
static struct object **place(struct gw_telemetry *t, const struct key *k, uint64_t hash)
{
    struct object **link = &t->bucket[hash & t->mask];
    while (*link && ((*link)->hash != hash || (*link)->key_len != k->len ||
                     memcmp((*link)->bytes, k->at, k->len) != 0))
        link = &(*link)->next_of_hash;
    return link;
}

static void drop(struct gw_telemetry *t, struct object *o)
{
    struct object **link = &t->bucket[o->hash & t->mask];
    while (*link != o)
        link = &(*link)->next_of_hash;
    *link = o->next_of_hash;
    unlist(t, o);
    t->count--;
    t->bytes -= weight(o->room);
    free(o);
}

void gw_telemetry_free(struct gw_telemetry *t)
{
    if (!t)
        return;
    while (t->oldest)
        drop(t, t->oldest);
    free(t->bucket);
    free(t);
}

static struct object *make(struct gw_telemetry *t, const struct key *k, uint64_t hash,
                           size_t room)
{
    struct object *o, **link;
    while (t->oldest && (t->count >= t->most || t->bytes + weight(room) > t->most_bytes))
        drop(t, t->oldest); /* NOLINT(clang-analyzer-unix.Malloc): unlist() moved t->oldest */
    o = malloc(sizeof *o + room);
    if (!o)
        return NULL;
    *o = (struct object){
        .hash = hash, .key_len = (uint32_t)k->len, .room = (uint32_t)room};
    memcpy(o->bytes, k->at, k->len);
    link = &t->bucket[hash & t->mask];
    o->next_of_hash = *link;
    *link = o;
    t->count++;
    t->bytes += weight(room);
    return o;
}

enum gw_error gw_telemetry_put(struct gw_telemetry *t, struct gw_slice event,
                               const struct gw_facts *f)
{
    struct key k;
    struct object *o;
    enum gw_error e = key_of(event, f, &k);
    uint64_t hash = e ? 0 : gw_hash64(gw_slice(k.at, k.len), t->seed);
    size_t room =
        (k.len + event.len + 63) & ~(size_t)63; /* the next one is about as long */

    if (e)
        return e;
    if (weight(room) > t->most_bytes)
        return GW_EVENT_SIZE;
    o = *place(t, &k, hash);
    if (o && (room > o->room || room + 256 < o->room)) {
        drop(t, o);
        o = NULL;
    }
    if (o)
        unlist(t, o);
    else
        o = make(t, &k, hash, room);
    if (!o)
        return GW_NOMEM;
    memcpy(o->bytes + k.len, event.at, event.len);
    o->seen.event = gw_slice(o->bytes + k.len, event.len);
    enlist(t, o);
    return GW_OK;
}

/* ---- looking ---- */

const struct gw_telemetry_object *gw_telemetry_after(const struct gw_telemetry *t,
                                                     uint64_t update)
{
    const struct object *o = t->newest;
    if (!o || o->seen.update <= update)
        return NULL;
    while (o->prev && o->prev->seen.update > update)
        o = o->prev;
    return &o->seen;
}

uint64_t gw_telemetry_last(const struct gw_telemetry *t)
{
    return t->last;
}

uint32_t gw_telemetry_count(const struct gw_telemetry *t)
{
    return t->count;
}

uint64_t gw_telemetry_bytes(const struct gw_telemetry *t)
{
    return t->bytes;
}
