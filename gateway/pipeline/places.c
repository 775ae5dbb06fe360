/* places.c - the place table: read once, then looked up by any code. */
#include "pipeline/places.h"
#include "base/csv.h"
#include "base/hash.h"
#include "model/check_digit.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum column {
    NODE,
    NAME,
    COUNTRY,
    UNLOCODE,
    UNLOCODE_ALT,
    ESR6,
    LAT,
    LON,
    KIND,
    ZONE,
    COLUMNS
};
static const char *const columns[COLUMNS] = {
    "node", "name", "country", "unlocode", "unlocode_alt",
    "esr6", "lat",  "lon",     "kind",     "zone"};

/* One code that names a place: a node id, a UN/LOCODE or a station code. */
struct code {
    uint8_t list; /* NODE, UNLOCODE, ESR6 */
    uint8_t len;
    char text[33];
    uint32_t place;
    unsigned line;
};

struct named_zone {
    char name[GW_ZONE_NAME_MAX + 1];
    struct gw_zone *zone;
};

struct gw_places {
    struct gw_place *items;
    struct gw_zone *
        *item_zones; /* of the item of the same number; borrowed from `zones` */
    uint32_t count, cap;
    struct code *codes;
    uint32_t code_count, code_cap;
    uint32_t
        *slots; /* hash table of code numbers + 1; a power of two, at most half full */
    uint32_t mask;
    struct named_zone *zones;
    uint32_t zone_count;
};

/* ---- looking ---- */

static uint64_t hash(uint8_t list, struct gw_slice text)
{
    return gw_hash64(text, list);
}

static uint32_t *slot_of(const struct gw_places *p, uint8_t list, struct gw_slice text)
{
    uint32_t i = (uint32_t)hash(list, text) & p->mask;
    for (;; i = (i + 1) & p->mask) {
        const struct code *c = p->slots[i] ? &p->codes[p->slots[i] - 1] : NULL;
        if (!c || (c->list == list && gw_slice_eq(gw_slice(c->text, c->len), text)))
            return &p->slots[i];
    }
}

static const struct gw_place *find(const struct gw_places *p, uint8_t list,
                                   struct gw_slice text)
{
    uint32_t n = p && text.len ? *slot_of(p, list, text) : 0;
    return n ? &p->items[p->codes[n - 1].place] : NULL;
}

const struct gw_place *gw_places_by_node(const struct gw_places *p, struct gw_slice node)
{
    return find(p, NODE, node);
}

const struct gw_place *gw_places_by_unlocode(const struct gw_places *p,
                                             struct gw_slice code)
{
    return find(p, UNLOCODE, code);
}

const struct gw_place *gw_places_by_esr6(const struct gw_places *p, struct gw_slice code)
{
    return find(p, ESR6, code);
}

const struct gw_zone *gw_places_zone(const struct gw_places *p,
                                     const struct gw_place *place)
{
    return p->item_zones[place - p->items];
}

uint32_t gw_places_count(const struct gw_places *p)
{
    return p ? p->count : 0;
}

const struct gw_place *gw_places_item(const struct gw_places *p, uint32_t index)
{
    return index < gw_places_count(p) ? &p->items[index] : NULL;
}

/* ---- growing ---- */

static enum gw_error grow(void **array, uint32_t *cap, uint32_t need, size_t size)
{
    uint32_t more = *cap ? *cap * 2 : 64;
    void *bigger;
    if (need <= *cap)
        return GW_OK;
    bigger = reallocarray(*array, more, size);
    if (!bigger)
        return GW_NOMEM;
    *array = bigger;
    *cap = more;
    return GW_OK;
}

static enum gw_error rehash(struct gw_places *p)
{
    uint32_t size = p->mask ? (p->mask + 1) * 2 : 128;
    uint32_t *slots = calloc(size, sizeof *slots);
    if (!slots)
        return GW_NOMEM;
    free(p->slots);
    p->slots = slots;
    p->mask = size - 1;
    for (uint32_t i = 0; i < p->code_count; i++) {
        const struct code *c = &p->codes[i];
        *slot_of(p, c->list, gw_slice(c->text, c->len)) = i + 1;
    }
    return GW_OK;
}

/* A row while it is read. */
struct row {
    const struct gw_csv *csv;
    struct gw_text *why;
};

static enum gw_error refuse(const struct row *r, enum gw_error e, enum column column,
                            struct gw_slice value, const char *what)
{
    gw_text_set(r->why, "line %u: %s %.*s: %s", r->csv->line, columns[column],
                value.len > 60 ? 60 : (int)value.len, (const char *)value.at, what);
    return e;
}

static enum gw_error add_code(struct gw_places *p, const struct row *r, uint8_t list,
                              struct gw_slice text)
{
    struct code *c;
    uint32_t *slot;
    enum gw_error e = GW_OK;

    if (text.len > sizeof p->codes->text - 1)
        return refuse(r, GW_RANGE, list, text, "is too long");
    if (!p->slots || (p->code_count + 1) * 2 > p->mask)
        e = rehash(p);
    if (!e)
        e = grow((void **)&p->codes, &p->code_cap, p->code_count + 1, sizeof *p->codes);
    if (e)
        return e;
    slot = slot_of(p, list, text);
    if (*slot) {
        char what[64];
        (void)snprintf(what, sizeof what, "is there already, in line %u",
                       p->codes[*slot - 1].line);
        return refuse(r, GW_EXISTS, list, text, what);
    }
    c = &p->codes[p->code_count++];
    *c = (struct code){list, (uint8_t)text.len, "", p->count, r->csv->line};
    memcpy(c->text, text.at, text.len);
    *slot = p->code_count;
    return GW_OK;
}

/* ---- one row ---- */

static bool only(struct gw_slice s, const char *set)
{
    for (size_t i = 0; i < s.len; i++)
        if (!s.at[i] || !strchr(set, s.at[i]))
            return false;
    return true;
}

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGIT "0123456789"

static bool code_valid(uint8_t list, struct gw_slice s)
{
    if (list == NODE)
        return s.len <= 32 && only(s, LOWER DIGIT "-");
    if (list == UNLOCODE)
        return s.len == 5 && only(gw_slice(s.at, 2), UPPER) &&
               only(gw_slice(s.at + 2, 3), UPPER DIGIT);
    return s.len == 6 && only(s, DIGIT);
}

static enum gw_error take_code(struct gw_places *p, const struct row *r, uint8_t list,
                               struct gw_slice s)
{
    if (!code_valid(list, s))
        return refuse(r, GW_FORMAT, list, s, "is not of the form of such a code");
    if (list == ESR6 && gw_check_esr6(s) != GW_CHECK_OK)
        return refuse(r, GW_CHECK_DIGIT, list, s, "has a wrong check digit");
    return add_code(p, r, list, s);
}

/* All codes of one field; `first`, if given, gets the first of them. */
static enum gw_error take_codes(struct gw_places *p, const struct row *r,
                                enum column column, uint8_t list, char *first,
                                size_t size)
{
    struct gw_slice rest = r->csv->fields[column];
    enum gw_error e = GW_OK;
    bool any = false;
    while (rest.len && !e) {
        const uint8_t *blank = memchr(rest.at, ' ', rest.len);
        struct gw_slice s =
            gw_slice(rest.at, blank ? (size_t)(blank - rest.at) : rest.len);
        rest = gw_slice(rest.at + s.len + (blank != NULL),
                        rest.len - s.len - (blank != NULL));
        if (!s.len)
            continue;
        e = take_code(p, r, list, s);
        if (!e && first && !any)
            (void)gw_slice_copy(s, first, size);
        any = true;
    }
    return e;
}

static enum gw_error take_text(const struct row *r, enum column column, bool required,
                               char *out, size_t size)
{
    struct gw_slice s = r->csv->fields[column];
    if (required && !s.len)
        return refuse(r, GW_FORMAT, column, s, "is missing");
    if (!gw_slice_copy(s, out, size))
        return refuse(r, GW_RANGE, column, s, "is too long");
    return GW_OK;
}

static enum gw_error take_degrees(const struct row *r, enum column column, double most,
                                  double *out)
{
    char text[32], *end;
    enum gw_error e = take_text(r, column, true, text, sizeof text);
    if (e)
        return e;
    *out = strtod(text, &end);
    if (*end || !isfinite(*out) || fabs(*out) > most)
        return refuse(r, GW_FORMAT, column, r->csv->fields[column], "is not in degrees");
    return GW_OK;
}

static enum gw_error take_position(const struct row *r, struct gw_place *place)
{
    enum gw_error e;
    if (!r->csv->fields[LAT].len && !r->csv->fields[LON].len)
        return GW_OK;
    e = take_degrees(r, LAT, 90, &place->lat);
    if (!e)
        e = take_degrees(r, LON, 180, &place->lon);
    place->located = !e;
    return e;
}

static enum gw_error load_zone(struct gw_places *p, const struct row *r, const char *name,
                               struct gw_zone **out)
{
    struct named_zone *more;
    enum gw_error e;
    for (uint32_t i = 0; i < p->zone_count; i++)
        if (strcmp(p->zones[i].name, name) == 0) {
            *out = p->zones[i].zone;
            return GW_OK;
        }
    more = reallocarray(p->zones, p->zone_count + 1, sizeof *more);
    if (!more)
        return GW_NOMEM;
    p->zones = more;
    e = gw_zone_load(out, name, NULL);
    if (e)
        return refuse(r, e == GW_NOMEM ? e : GW_NOT_FOUND, ZONE, gw_slice_str(name),
                      "is no zone known here (is the package tzdata installed?)");
    more[p->zone_count].zone = *out;
    (void)gw_slice_copy(gw_slice_str(name), more[p->zone_count].name, sizeof more->name);
    p->zone_count++;
    return GW_OK;
}

static enum gw_error read_row(struct gw_places *p, const struct row *r,
                              struct gw_place *place, struct gw_zone **zone)
{
    enum gw_error e = take_text(r, NODE, true, place->node, sizeof place->node);
    if (!e)
        e = take_code(p, r, NODE, r->csv->fields[NODE]);
    if (!e)
        e = take_text(r, NAME, true, place->name, sizeof place->name);
    if (!e)
        e = take_text(r, COUNTRY, true, place->country, sizeof place->country);
    if (!e && (strlen(place->country) != 2 || !only(r->csv->fields[COUNTRY], UPPER)))
        e = refuse(r, GW_FORMAT, COUNTRY, r->csv->fields[COUNTRY],
                   "is not two capital letters");
    if (!e)
        e = take_codes(p, r, UNLOCODE, UNLOCODE, place->unlocode, sizeof place->unlocode);
    if (!e)
        e = take_codes(p, r, UNLOCODE_ALT, UNLOCODE, NULL, 0);
    if (!e)
        e = take_codes(p, r, ESR6, ESR6, place->esr6, sizeof place->esr6);
    if (!e)
        e = take_position(r, place);
    if (!e)
        e = take_text(r, KIND, false, place->kind, sizeof place->kind);
    if (!e)
        e = take_text(r, ZONE, true, place->zone, sizeof place->zone);
    return e ? e : load_zone(p, r, place->zone, zone);
}

static enum gw_error add_row(struct gw_places *p, const struct row *r)
{
    uint32_t cap = p->cap;
    enum gw_error e;
    if (r->csv->count != COLUMNS) {
        gw_text_set(r->why, "line %u: has %zu fields instead of %d", r->csv->line,
                    r->csv->count, COLUMNS);
        return GW_FORMAT;
    }
    e = grow((void **)&p->items, &p->cap, p->count + 1, sizeof *p->items);
    if (!e)
        e = grow((void **)&p->item_zones, &cap, p->count + 1, sizeof(struct gw_zone *));
    if (e)
        return e;
    p->items[p->count] = (struct gw_place){0};
    e = read_row(p, r, &p->items[p->count], &p->item_zones[p->count]);
    if (!e)
        p->count++;
    return e;
}

/* ---- the table ---- */

static enum gw_error check_header(const struct gw_csv *csv, struct gw_text *why)
{
    bool right = csv->count == COLUMNS;
    for (size_t i = 0; right && i < COLUMNS; i++)
        right = gw_slice_is(csv->fields[i], columns[i]);
    if (right)
        return GW_OK;
    gw_text_set(why,
                "line %u: the first line must be "
                "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone",
                csv->line);
    return GW_FORMAT;
}

static enum gw_error read_table(struct gw_places *p, struct gw_csv *csv,
                                struct gw_text *why)
{
    struct row r = {csv, why};
    bool header = true;
    enum gw_error e = rehash(p), more = GW_OK;

    while (!e && (more = gw_csv_row(csv)) == GW_OK) {
        e = header ? check_header(csv, why) : add_row(p, &r);
        header = false;
    }
    if (e)
        return e;
    if (more != GW_NOT_FOUND)
        gw_text_set(why, "line %u: is not a row of comma-separated values", csv->line);
    else if (header)
        gw_text_set(why, "line 1: the header line is missing");
    else
        return GW_OK;
    return more == GW_RANGE ? GW_RANGE : GW_FORMAT;
}

enum gw_error gw_places_read(struct gw_places **out, struct gw_slice csv,
                             struct gw_text *why)
{
    struct gw_places *p = calloc(1, sizeof *p);
    struct gw_csv *rows = malloc(sizeof *rows);
    enum gw_error e = GW_NOMEM;

    *out = NULL;
    gw_text_set(why, "%s", gw_error_text(GW_NOMEM));
    if (p && rows) {
        gw_csv_init(rows, csv);
        e = read_table(p, rows, why);
    }
    free(rows);
    if (e) {
        gw_places_free(p);
        return e;
    }
    *out = p;
    return GW_OK;
}

void gw_places_free(struct gw_places *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->zone_count; i++)
        gw_zone_free(p->zones[i].zone);
    free(p->zones);
    free(p->items);
    free(p->item_zones);
    free(p->codes);
    free(p->slots);
    free(p);
}
