/* profile_rules.c - `fields` of a profile: what each of the sender's fields becomes. */
#include "conf/nearest.h"
#include "conf/profile_build.h"
#include "pipeline/zone.h"
#include <stdio.h>

/* One entry while it is read. */
struct entry {
    struct gw_profile_build *b;
    const char *path; /* of the sender's field */
    struct gw_profile_rule *r;
    struct gw_ynode node;
};

#define WRONG(t, at, remedy, ...) gw_profile_wrong((t)->b, at, remedy, __VA_ARGS__)

/* ---- zones ---- */

static enum gw_error load_zone(struct gw_profile_build *b, struct gw_ynode at,
                               struct gw_profile_zone *z)
{
    const char *name = gw_ynode_text(at);
    enum gw_error e;
    if (strcmp(name, "place") == 0 && !z->of_place && !z->zone) {
        z->of_place = true;
        return GW_OK;
    }
    if (z->zone)
        return gw_profile_wrong(b, at, "write zone: [place, Asia/Almaty]",
                                "zone: one zone, after place");
    e = gw_zone_load(&z->zone, name, NULL);
    (void)snprintf(z->name, sizeof z->name, "%.40s", name);
    if (e)
        return gw_profile_wrong(
            b, at, "write `place`, or a name of the IANA database: Asia/Almaty",
            "zone: there is no zone \"%.60s\"", name);
    return GW_OK;
}

enum gw_error gw_profile_zone_read(struct gw_profile_build *b, struct gw_ynode at,
                                   uint16_t *out)
{
    bool list = gw_ynode_kind(at) == GW_Y_LIST;
    int count = list ? gw_ynode_count(at) : 1;
    enum gw_error e = GW_OK;
    struct gw_profile_zone *z;

    if (gw_ynode_kind(at) == GW_Y_MAP || !count || count > 2)
        return gw_profile_wrong(b, at,
                                "write zone: Asia/Almaty, or zone: [place, Asia/Almaty]",
                                "zone: no zone");
    z = gw_profile_grow(b, (void **)&b->p->zones, &b->p->zone_count, sizeof *z,
                        GW_PROFILE_ZONES, at, "zones");
    if (!z)
        return GW_FORMAT;
    *out = (uint16_t)(b->p->zone_count - 1);
    for (int i = 0; i < count && !e; i++)
        e = load_zone(b, list ? gw_ynode_item(at, i) : at, z);
    return e;
}

/* ---- the keys of an entry ---- */

static enum gw_error read_map(struct entry *t, struct gw_ynode at)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(at));
    for (uint16_t i = 0; i < t->b->p->map_count; i++) {
        const char *name = t->b->p->maps[i].name;
        if (strcmp(name, gw_ynode_text(at)) == 0) {
            t->r->map = i;
            t->b->map_used[i] = true;
            return GW_OK;
        }
        gw_nearest_offer(&near, name);
    }
    return WRONG(t, at, "add it below `maps`, or correct the name",
                 "%.40s: there is no map %.40s%s", t->path, gw_ynode_text(at),
                 gw_nearest_hint(&near));
}

static enum gw_error read_unit(struct entry *t, struct gw_ynode at)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(at));
    t->r->unit = gw_unit_find(gw_slice_str(gw_ynode_text(at)));
    if (t->r->unit)
        return GW_OK;
    for (size_t i = 0; gw_unit_name(i); i++)
        gw_nearest_offer(&near, gw_unit_name(i));
    return WRONG(
        t, at, "write a code of UN/ECE Rec 20 (KGM, TNE, CEL) or a word such as t, kg, C",
        "%.40s: unit \"%.40s\" is not known%s", t->path, gw_ynode_text(at),
        gw_nearest_hint(&near));
}

/* A second source: it must be one value too, or every item of the same list. */
static enum gw_error other_source(struct entry *t, struct gw_ynode at, uint16_t *out)
{
    enum gw_error e = gw_profile_source(t->b, at, gw_ynode_text(at), out);
    if (!e && t->b->p->sources[*out].each && !t->b->p->sources[t->r->source].each)
        return WRONG(t, at, "name one value", "%.40s: %.40s is every item of a list",
                     t->path, gw_ynode_text(at));
    return e;
}

static enum gw_error read_unit_from(struct entry *t, struct gw_ynode at)
{
    return other_source(t, at, &t->r->unit_source);
}

static enum gw_error read_clock(struct entry *t, struct gw_ynode at)
{
    return other_source(t, at, &t->r->clock);
}

static enum gw_error add_format(struct entry *t, struct gw_ynode at)
{
    struct gw_profile *p = t->b->p;
    struct gw_time_format *f =
        gw_profile_grow(t->b, (void **)&p->formats, &p->format_count, sizeof *f,
                        GW_PROFILE_FORMATS, at, "forms of time");
    if (!f)
        return GW_FORMAT;
    if (gw_time_format_compile(f, gw_slice_str(gw_ynode_text(at))))
        return WRONG(
            t, at,
            "write epoch-s, epoch-ms, iso8601 or a pattern with year, month and day: "
            "\"dd.MM.yyyy HH:mm\"",
            "%.40s: time \"%.40s\" is no form of time", t->path, gw_ynode_text(at));
    t->r->format_count++;
    return GW_OK;
}

static enum gw_error read_time(struct entry *t, struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    t->r->format_first = t->b->p->format_count;
    if (gw_ynode_kind(at) != GW_Y_LIST)
        return add_format(t, at);
    for (int i = 0; i < gw_ynode_count(at) && !e; i++)
        e = add_format(t, gw_ynode_item(at, i));
    return e;
}

static enum gw_error read_zone(struct entry *t, struct gw_ynode at)
{
    return gw_profile_zone_read(t->b, at, &t->r->zone);
}

static enum gw_error add_scheme(struct entry *t, struct gw_ynode at)
{
    static const char *const words[] = {"iso6346", "uic12", "cis8", "imo", "esr6", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(t->b, at, "check", words, &word);
    if (!e)
        t->r->schemes |=
            (uint8_t)(1u << word); /* in the order of enum gw_profile_scheme */
    return e;
}

static enum gw_error read_check(struct entry *t, struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_LIST)
        return add_scheme(t, at);
    for (int i = 0; i < gw_ynode_count(at) && !e; i++)
        e = add_scheme(t, gw_ynode_item(at, i));
    return e;
}

static enum gw_error read_digits(struct entry *t, struct gw_ynode at)
{
    static const char *const words[] = {"warn", "refuse", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(t->b, at, "check_digits", words, &word);
    t->r->digits = (enum gw_digits)word;
    return e;
}

static enum gw_error read_letters(struct entry *t, struct gw_ynode at)
{
    static const char *const words[] = {"keep", "upper", "lower", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(t->b, at, "letters", words, &word);
    t->r->letters = (enum gw_profile_case)word;
    return e;
}

static enum gw_error read_decimal(struct entry *t, struct gw_ynode at)
{
    static const char *const words[] = {"point", "comma", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(t->b, at, "decimal", words, &word);
    t->r->decimal_comma = word == 1;
    return e;
}

static enum gw_error read_strip(struct entry *t, struct gw_ynode at)
{
    const char *text = gw_ynode_text(at);
    for (const char *s = text; *s; s++)
        if ((uint8_t)*s > 126 || (uint8_t)*s < 32)
            text = "";
    if (*text && gw_slice_copy(gw_slice_str(text), t->r->strip, sizeof t->r->strip))
        return GW_OK;
    return WRONG(t, at, "write the characters in quotes: \" -/\"",
                 "%.40s: strip takes 1 to 15 characters of ASCII", t->path);
}

static enum gw_error read_pad(struct entry *t, struct gw_ynode at)
{
    int64_t n;
    if (!gw_ynode_int(at, &n) || n < 1 || n > 32)
        return WRONG(t, at, "write the number of digits it is to have",
                     "%.40s: pad takes a number from 1 to 32", t->path);
    t->r->pad = (uint8_t)n;
    return GW_OK;
}

static enum gw_error read_required(struct entry *t, struct gw_ynode at)
{
    if (gw_ynode_bool(at, &t->r->required))
        return GW_OK;
    return WRONG(t, at, "write true or false", "%.40s: required: \"%.40s\" is neither",
                 t->path, gw_ynode_text(at));
}

static enum gw_error read_to(struct entry *t, struct gw_ynode at)
{
    return gw_profile_target_read(t->b, at, gw_ynode_text(at),
                                  t->b->p->sources[t->r->source].each, &t->r->target);
}

/* Fields beside the target: `with: {kind: gross}` beside measures.gross.value. */
static enum gw_error read_with(struct entry *t, struct gw_ynode at)
{
    const char *to = t->r->target.path, *last = to ? strrchr(to, '.') : NULL;
    struct gw_profile *p = t->b->p;
    enum gw_error e = GW_OK;

    if (gw_ynode_kind(at) != GW_Y_MAP)
        return WRONG(t, at, "write with: {kind: gross}",
                     "%.40s: with: not a map of fields", t->path);
    t->r->beside_first = p->beside_count;
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        char path[200];
        struct gw_profile_value *v =
            gw_profile_grow(t->b, (void **)&p->beside, &p->beside_count, sizeof *v,
                            GW_PROFILE_BESIDE, at, "fields beside others");
        if (!v)
            return GW_FORMAT;
        (void)snprintf(path, sizeof path, "%.*s%.64s", last ? (int)(last - to) + 1 : 0,
                       to ? to : "", gw_ynode_text(gw_ynode_key(at, i)));
        e = gw_profile_target_read(t->b, gw_ynode_key(at, i), path,
                                   p->sources[t->r->source].each &&
                                       t->r->target.steps[0].kind == GW_STEP_EACH,
                                   &v->target);
        if (!e)
            e = gw_profile_value_read(t->b, gw_ynode_item(at, i), v);
        t->r->beside_count++;
    }
    return e;
}

static const struct key {
    const char *name;
    enum gw_error (*read)(struct entry *t, struct gw_ynode at);
} keys[] = {
    {"to", read_to}, /* first: others look at the target */
    {"check", read_check},     {"check_digits", read_digits},
    {"clock", read_clock},     {"decimal", read_decimal},
    {"letters", read_letters}, {"map", read_map},
    {"pad", read_pad},         {"required", read_required},
    {"strip", read_strip},     {"time", read_time},
    {"unit", read_unit},       {"unit_from", read_unit_from},
    {"with", read_with},       {"zone", read_zone},
};
#define KEYS (sizeof keys / sizeof *keys)

/* ---- an entry as a whole ---- */

static enum gw_error check_entry_keys(struct entry *t)
{
    char where[80];
    (void)snprintf(where, sizeof where, "fields: %.60s", t->path);
    for (int i = 0; i < gw_ynode_count(t->node); i++) {
        size_t k = 0;
        struct gw_ynode key = gw_ynode_key(t->node, i);
        while (k < KEYS && strcmp(keys[k].name, gw_ynode_text(key)) != 0)
            k++;
        if (k == KEYS)
            return gw_profile_no_key(t->b, key, where, &keys[0].name, sizeof *keys, KEYS);
    }
    return GW_OK;
}

/* Do the parts of the entry fit each other? */
static enum gw_error check_time(struct entry *t)
{
    const struct gw_field *row = t->r->target.row;
    bool wants = row && (row->flags & GW_TIME_MS), has = t->r->format_count != 0;
    const struct gw_time_format *f = has ? &t->b->p->formats[t->r->format_first] : NULL;

    if (wants && !has)
        return WRONG(t, t->node, "add time: iso8601, epoch-ms or a pattern",
                     "%.40s: %.40s is a time, and its form is not said", t->path,
                     t->r->target.path);
    if (has && !wants)
        return WRONG(t, t->node, "leave `time` out, or name a field that is a time",
                     "%.40s: %.40s is no time", t->path, t->r->target.path);
    if (t->r->clock != GW_PROFILE_NONE &&
        (t->r->format_count != 1 || !f || f->kind != GW_TIME_PATTERN ||
         f->split == f->count))
        return WRONG(t, t->node,
                     "write time: \"dd.MM.yyyy HH:mm\"; the part behind the blank is "
                     "read from the other field",
                     "%.40s: with clock, time is one pattern of date, blank and time",
                     t->path);
    if (has && t->r->zone == GW_PROFILE_NONE)
        t->r->zone = t->b->zone;
    if (!has && t->r->zone != GW_PROFILE_NONE)
        return WRONG(t, t->node, "add time:, or leave zone: out",
                     "%.40s: zone belongs to a time", t->path);
    return GW_OK;
}

static enum gw_error check_unit(struct entry *t)
{
    const struct gw_field *row = t->r->target.row;
    bool has = t->r->unit || t->r->unit_source != GW_PROFILE_NONE;
    if (has &&
        (!row || (row->kind != GW_FLOAT && row->kind != GW_INT) || t->r->format_count))
        return WRONG(t, t->node, "leave the unit out", "%.40s: %.40s is no quantity",
                     t->path, t->r->target.path);
    return GW_OK;
}

static enum gw_error check_texts(struct entry *t)
{
    const struct gw_field *row = t->r->target.row;
    if (t->r->schemes && row && row->kind != GW_STR)
        return WRONG(t, t->node, "leave `check` out", "%.40s: %.40s has no check digit",
                     t->path, t->r->target.path);
    if (t->r->map != GW_PROFILE_NONE && t->r->format_count)
        return WRONG(t, t->node, "leave one of them out",
                     "%.40s: map and time do not go together", t->path);
    if (t->r->map != GW_PROFILE_NONE)
        return gw_profile_map_fits(t->b, t->node, t->r->map, row, t->r->target.path);
    return GW_OK;
}

static enum gw_error check_entry(struct entry *t)
{
    enum gw_error e;
    if (!t->r->target.count)
        return WRONG(t, t->node, "add to: FIELD, or list it below `drop`",
                     "%.40s: `to` is missing", t->path);
    e = check_time(t);
    if (!e)
        e = check_unit(t);
    return e ? e : check_texts(t);
}

static enum gw_error read_keys(struct entry *t)
{
    enum gw_error e = check_entry_keys(t);
    for (size_t k = 0; k < KEYS && !e; k++) {
        struct gw_ynode at = gw_ynode_get(t->node, keys[k].name);
        if (gw_ynode_kind(at))
            e = keys[k].read(t, at);
    }
    return e;
}

/* One entry: a field of the schema, or a map that says more. */
static enum gw_error read_entry(struct gw_profile_build *b, struct gw_ynode key,
                                struct gw_ynode at)
{
    struct entry t = {b, gw_ynode_text(key), NULL, at};
    enum gw_error e;

    t.r = gw_profile_grow(b, (void **)&b->p->rules, &b->p->rule_count, sizeof *t.r,
                          GW_PROFILE_RULES, at, "fields");
    if (!t.r)
        return GW_FORMAT;
    *t.r = (struct gw_profile_rule){.clock = GW_PROFILE_NONE,
                                    .unit_source = GW_PROFILE_NONE,
                                    .map = GW_PROFILE_NONE,
                                    .zone = GW_PROFILE_NONE,
                                    .digits = b->p->digits};
    e = gw_profile_source(b, key, t.path, &t.r->source);
    if (e)
        return e;
    if (gw_ynode_kind(at) == GW_Y_MAP)
        e = read_keys(&t);
    else if (gw_ynode_kind(at) == GW_Y_SCALAR && *gw_ynode_text(at))
        e = read_to(&t, at);
    else
        e = WRONG(&t, at, "write a field of the schema, or to: FIELD below it",
                  "%.40s: not said what it becomes", t.path);
    return e ? e : check_entry(&t);
}

/* Times come last: the zone of a place is known when the place is. */
static void times_last(struct gw_profile *p)
{
    for (uint16_t placed = 0, i = 0; i < p->rule_count;
         i++) { /* an insertion sort, stable */
        struct gw_profile_rule r = p->rules[i];
        if (r.format_count)
            continue;
        memmove(&p->rules[placed + 1], &p->rules[placed], (i - placed) * sizeof r);
        p->rules[placed++] = r;
    }
}

static enum gw_error read_field(struct gw_profile_build *b, struct gw_ynode key,
                                struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_LIST)
        return read_entry(b, key, at);
    if (!gw_ynode_count(at))
        return gw_profile_wrong(b, key, "write a field of the schema",
                                "%.40s: not said what it becomes", gw_ynode_text(key));
    for (int i = 0; i < gw_ynode_count(at) && !e;
         i++) /* one field of theirs, several of ours */
        e = read_entry(b, key, gw_ynode_item(at, i));
    return e;
}

enum gw_error gw_profile_fields_read(struct gw_profile_build *b, struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_MAP)
        return gw_profile_wrong(b, at, "write THEIR-FIELD: OUR-FIELD, line by line",
                                "fields: not a map of fields");
    for (int i = 0; i < gw_ynode_count(at) && !e; i++)
        e = read_field(b, gw_ynode_key(at, i), gw_ynode_item(at, i));
    if (!e)
        times_last(b->p);
    return e;
}
