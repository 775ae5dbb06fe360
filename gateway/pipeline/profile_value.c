/* profile_value.c - one rule on one value: read it as the operator means it, write it as
 * the schema wants it. */
#include "pipeline/profile_gather.h"
#include "model/check_digit.h"
#include "pipeline/quality.h"
#include "pipeline/zone.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct gw_applying *a;
    const struct gw_profile_rule *r;
    uint32_t value; /* the sender's node */
    uint16_t item;
    char number[32];      /* a number or truth as text */
    struct gw_slice raw;  /* the sender's text, blanks around it removed */
    struct gw_slice text; /* after strip, case, padding and map */
    const char *note;     /* finding to write once the value has its place, or NULL */
    enum gw_severity severity;
    struct gw_slice note_raw;
};

void gw_profile_fault_field(struct gw_fault *fault, struct gw_slice text)
{
    size_t n = text.len;
    if (n >= sizeof fault->field)
        for (n = sizeof fault->field - 1; n && (text.at[n] & 0xC0) == 0x80;)
            n--; /* not within a letter */
    memcpy(fault->field, text.at, n);
    fault->field[n] = 0;
}

enum gw_error gw_profile_refuse(struct gw_applying *a, enum gw_error e, uint16_t source,
                                uint32_t value, const char *rule)
{
    const struct gw_profile_source *s = &a->profile->sources[source];
    const char *each = s->each ? strstr(s->path, "[]") : NULL;
    char path[300];

    if (!a->fault)
        return e;
    if (each && value)
        (void)snprintf(path, sizeof path, "%.*s[%u]%.140s", (int)(each - s->path),
                       s->path, a->t->nodes[value].reserved, each + 2);
    else
        (void)snprintf(path, sizeof path, "%s", s->path);
    gw_profile_fault_field(a->fault, gw_slice_str(path));
    return gw_fail(a->fault, e, value ? a->t->nodes[value].at : 0, rule);
}

static enum gw_error refuse(const struct reading *g, enum gw_error e, const char *rule)
{
    return gw_profile_refuse(g->a, e, g->r->source, g->value, rule);
}

static struct gw_slice trim(struct gw_slice s)
{
    while (s.len && (s.at[0] == ' ' || (s.at[0] >= '\t' && s.at[0] <= '\r'))) {
        s.at++;
        s.len--;
    }
    while (s.len && (s.at[s.len - 1] == ' ' ||
                     (s.at[s.len - 1] >= '\t' && s.at[s.len - 1] <= '\r')))
        s.len--;
    return s;
}

/* A scalar's text; numbers as the sender would write them. */
static struct gw_slice text_of(const struct gw_node *n, char number[32])
{
    int len = 0;
    if (n->kind == GW_STR)
        return n->s.len ? trim(n->s) : GW_LIT("");
    if (n->kind == GW_BOOL)
        return gw_slice_str(n->b ? "true" : "false");
    if (n->kind == GW_INT)
        len = snprintf(number, 32, "%lld", (long long)n->i);
    else if (n->kind == GW_FLOAT && n->f == floor(n->f) && fabs(n->f) < 1e15)
        len = snprintf(number, 32, "%.0f", n->f);
    else if (n->kind == GW_FLOAT)
        len = snprintf(number, 32, "%.15g", n->f);
    return gw_slice(number, (size_t)len);
}

static bool means_nothing(const struct gw_profile *p, struct gw_slice text)
{
    for (uint16_t i = 0; i < p->absent_count; i++)
        if (gw_slice_eq(text, p->absent[i]))
            return true;
    return !text.len;
}

/* ---- texts ---- */

static uint8_t letter(const struct gw_profile_rule *r, uint8_t c)
{
    if (r->letters == GW_CASE_UPPER && c >= 'a' && c <= 'z')
        return (uint8_t)(c - 32);
    if (r->letters == GW_CASE_LOWER && c >= 'A' && c <= 'Z')
        return (uint8_t)(c + 32);
    return c;
}

/* strip, letters, pad: a changed copy in the tree's own memory. */
static bool tidy(struct reading *g)
{
    uint8_t small[128];
    size_t n = 0, digits = 0;

    if (!g->r->strip[0] && g->r->letters == GW_CASE_KEEP && !g->r->pad)
        return true;
    if (g->text.len + g->r->pad > sizeof small)
        return true; /* no number is that long: left as it is */
    while (digits < g->text.len && g->text.at[digits] >= '0' && g->text.at[digits] <= '9')
        digits++;
    if (digits == g->text.len)
        for (; n + g->text.len < g->r->pad; n++)
            small[n] = '0';
    for (size_t i = 0; i < g->text.len; i++)
        if (!strchr(g->r->strip, g->text.at[i]) || !g->text.at[i])
            small[n++] = letter(g->r, g->text.at[i]);
    g->text = gw_tree_text(g->a->t, gw_slice(small, n));
    return !n || g->text.len;
}

static struct gw_slice state_name(const struct gw_profile_map *m)
{
    return gw_slice_str(m->list[0] ? m->list : m->name);
}

/* The source's own code, verbatim, with the list it is of: SCHEMA.md, rule 2. */
static enum gw_error keep_state(struct reading *g, const struct gw_profile_map *m)
{
    struct gw_tree *t = g->a->t;
    uint32_t state = gw_tree_child(t, g->a->root, GW_LIT("state"));
    struct gw_slice code;
    if (state && t->nodes[state].kind != GW_MAP) { /* a word of the sender's own */
        gw_tree_detach(t, g->a->root, state);
        if (!gw_profile_keep_aside(g->a, GW_LIT("state"), state))
            return refuse(g, GW_ELEMENTS, "room for unknown fields in ext");
        state = GW_NODE_NONE;
    }
    if (state && gw_tree_child(t, state, GW_LIT("code")))
        return GW_OK;
    if (!state)
        state = gw_tree_put_map(t, g->a->root, GW_LIT("state"));
    code = g->raw.at == (const uint8_t *)g->number ? gw_tree_text(t, g->raw) : g->raw;
    if (state && gw_tree_put_str(t, state, GW_LIT("list"), state_name(m)) &&
        gw_tree_put_str(t, state, GW_LIT("code"), code))
        return GW_OK;
    return refuse(g, GW_ELEMENTS, "room for what the profile makes of the event");
}

static enum gw_error translate(struct reading *g)
{
    const struct gw_profile_map *m;
    struct gw_slice means = {0};
    bool found;

    if (g->r->map == GW_PROFILE_NONE)
        return GW_OK;
    m = &g->a->profile->maps[g->r->map];
    found = gw_code_map_find(m->codes, g->text, &means);
    if (!found && m->otherwise == GW_ELSE_REFUSE)
        return refuse(g, GW_PROFILE, "a code that the profile's map has");
    if (!found) {
        g->note = "unmapped-code";
        g->severity = m->otherwise == GW_ELSE_PASS ? GW_SEVERITY_INFO : GW_SEVERITY_WARN;
        g->note_raw = g->raw;
        means = m->otherwise == GW_ELSE_OTHER ? GW_LIT("other") : g->text;
    }
    g->text = means;
    if (m->list[0] || (!found && m->otherwise == GW_ELSE_OTHER))
        return keep_state(g, m);
    return GW_OK;
}

/* ---- numbers ---- */

static bool parse_number(const struct gw_profile_rule *r, struct gw_slice s, double *out)
{
    char text[40];
    char *end;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = (char)s.at[i];
        if (r->decimal_comma && (c == '.' || c == ' '))
            continue; /* 1.234,5 */
        if (c == ',')
            c = r->decimal_comma ? '.' : 'x';
        if (n + 1 == sizeof text || !strchr("0123456789+-.eE", c))
            return false;
        text[n++] = c;
    }
    text[n] = 0;
    *out = strtod(text, &end);
    return n && !*end && isfinite(*out);
}

static enum gw_error unit_of(const struct reading *g, const struct gw_unit **out)
{
    char number[32];
    uint32_t n = gw_profile_value_of(g->a, g->r->unit_source, g->item);
    *out = g->r->unit;
    if (n) {
        struct gw_slice name = text_of(&g->a->t->nodes[n], number);
        if (!means_nothing(g->a->profile, name)) {
            *out = gw_unit_find(name);
            g->a->used[g->r->unit_source] = true;
            if (!*out || (g->r->unit && strcmp((*out)->to, g->r->unit->to) != 0))
                return gw_profile_refuse(
                    g->a, GW_PROFILE, g->r->unit_source, n,
                    "a unit of measure that is known and fits the value");
        }
    }
    if (!*out && g->r->unit_source != GW_PROFILE_NONE)
        return refuse(g, GW_PROFILE, "a unit of measure beside the value");
    return GW_OK;
}

/* `unit` beside a measure's value: the schema's. */
static enum gw_error put_unit(const struct reading *g, uint32_t parent,
                              const struct gw_unit *u)
{
    const struct gw_profile_target *to = &g->r->target;
    if (!u || to->count < 2 || !gw_slice_is(to->steps[0].key, "measures"))
        return GW_OK;
    if (gw_tree_put_str(g->a->t, parent, GW_LIT("unit"), gw_slice_str(u->to)))
        return GW_OK;
    return refuse(g, GW_ELEMENTS, "room for what the profile makes of the event");
}

static enum gw_error read_number(struct reading *g, struct gw_node *out,
                                 const struct gw_unit *unit)
{
    const struct gw_node *n = &g->a->t->nodes[g->value];
    double v = 0;

    if (g->r->map == GW_PROFILE_NONE && n->kind == GW_INT && !unit) {
        *out = (struct gw_node){.kind = GW_INT, .i = n->i};
        return GW_OK;
    }
    if (g->r->map == GW_PROFILE_NONE && n->kind == GW_FLOAT)
        v = n->f;
    else if (g->r->map == GW_PROFILE_NONE && n->kind == GW_INT)
        v = (double)n->i;
    else if (!parse_number(g->r, g->text, &v))
        return refuse(g, GW_PROFILE, "a number");
    if (unit)
        v = gw_unit_convert(unit, v);
    if (g->r->target.row->kind == GW_FLOAT) {
        *out = (struct gw_node){.kind = GW_FLOAT, .f = v};
        return GW_OK;
    }
    v = unit ? floor(v + 0.5) : v;
    if (v != floor(v) || fabs(v) > 9007199254740992.0)
        return refuse(g, GW_PROFILE, "a whole number");
    *out = (struct gw_node){.kind = GW_INT, .i = (int64_t)v};
    return GW_OK;
}

/* ---- times ---- */

/* The place that a time belongs to: beside it, else the event's. */
static uint32_t place_of(const struct reading *g, uint32_t parent)
{
    uint32_t place = gw_tree_child(g->a->t, parent, GW_LIT("place"));
    return place ? place : gw_tree_child(g->a->t, g->a->root, GW_LIT("place"));
}

static const struct gw_zone *zone_of(const struct reading *g, uint32_t parent,
                                     const char **name)
{
    const struct gw_profile_zone *z;
    if (g->r->zone == GW_PROFILE_NONE)
        return NULL;
    z = &g->a->profile->zones[g->r->zone];
    if (z->of_place) {
        const struct gw_place *p =
            gw_place_of(g->a->places, g->a->t, place_of(g, parent));
        if (p) {
            *name = p->zone;
            return gw_places_zone(g->a->places, p);
        }
    }
    *name = z->name;
    return z->zone;
}

static enum gw_error read_moment(struct reading *g, struct gw_moment *m)
{
    const struct gw_node *n = &g->a->t->nodes[g->value];
    uint32_t clock = gw_profile_value_of(g->a, g->r->clock, g->item);
    struct gw_slice of_day = gw_slice(NULL, 0);
    char number[32];
    enum gw_error e = GW_TIME;

    if (clock) {
        of_day = text_of(&g->a->t->nodes[clock], number);
        g->a->used[g->r->clock] = true;
    }
    for (uint16_t i = 0; i < g->r->format_count && e; i++) {
        const struct gw_time_format *f = &g->a->profile->formats[g->r->format_first + i];
        if (n->kind == GW_INT || n->kind == GW_FLOAT)
            e = gw_time_format_number(f, n->kind == GW_INT ? (double)n->i : n->f, m);
        if (e && n->kind != GW_FLOAT)
            e = gw_time_format_read(f, g->text, of_day, m);
    }
    return e ? refuse(g, GW_TIME, "a time in the form that the profile names") : GW_OK;
}

/* time_offset, time_basis and time_precision beside the event's own time. */
static enum gw_error put_basis(const struct reading *g, const struct gw_moment *m)
{
    static const struct {
        char finest;
        const char *word;
    } precisions[] = {{'d', "day"}, {'H', "hour"}, {'m', "minute"}, {'s', "second"}};
    struct gw_tree *t = g->a->t;
    const char *basis = m->utc     ? "stated-utc"
                        : m->zoned ? "stated-offset"
                                   : "assumed-zone";
    bool ok =
        gw_tree_put_str(t, g->a->root, GW_LIT("time_basis"), gw_slice_str(basis)) != 0;

    if (m->zoned && !m->utc)
        ok = ok && gw_tree_put_int(t, g->a->root, GW_LIT("time_offset"), m->offset_min);
    for (size_t i = 0; i < sizeof precisions / sizeof *precisions; i++)
        if (m->finest == precisions[i].finest)
            ok = ok && gw_tree_put_str(t, g->a->root, GW_LIT("time_precision"),
                                       gw_slice_str(precisions[i].word));
    return ok ? GW_OK
              : refuse(g, GW_ELEMENTS, "room for what the profile makes of the event");
}

static bool is_event_time(const struct gw_profile_rule *r)
{
    return r->target.count == 1 && gw_slice_is(r->target.steps[0].key, "time");
}

/* A local time's instant; doubts about it become findings. */
static enum gw_error in_zone(struct reading *g, uint32_t parent,
                             const struct gw_moment *m, int64_t *ms)
{
    const char *name = "";
    const struct gw_zone *zone = zone_of(g, parent, &name);
    int64_t unix_s, local_s = m->local_ms / 1000, rest = m->local_ms % 1000;
    enum gw_local fit;

    if (rest < 0) {
        rest += 1000;
        local_s--;
    }
    if (!zone)
        return refuse(g, GW_TIME, "a time zone, by the profile or by a known place");
    fit = gw_zone_instant(zone, local_s, &unix_s, NULL);
    *ms = unix_s * 1000 + rest;
    if (fit != GW_LOCAL_ONCE) {
        g->note = fit == GW_LOCAL_TWICE ? "time-twice" : "time-skipped";
        g->severity = GW_SEVERITY_WARN;
        g->note_raw = g->raw;
    } else if (is_event_time(g->r)) {
        g->note = "zone-assumed";
        g->severity = GW_SEVERITY_INFO;
        g->note_raw = gw_slice_str(name); /* lives as long as profile and places */
    }
    return GW_OK;
}

static enum gw_error read_time(struct reading *g, uint32_t parent, struct gw_node *out)
{
    struct gw_moment m;
    int64_t ms = 0;
    enum gw_error e = read_moment(g, &m);
    if (!e && m.zoned)
        ms = m.local_ms - m.offset_min * INT64_C(60000);
    else if (!e)
        e = in_zone(g, parent, &m, &ms);
    *out = (struct gw_node){.kind = GW_INT, .i = ms};
    if (!e && is_event_time(g->r))
        e = put_basis(g, &m);
    return e;
}

/* ---- check digits ---- */

static const struct {
    enum gw_profile_scheme bit;
    const char *scheme; /* equipment.scheme; NULL: not of equipment */
    enum gw_check (*check)(struct gw_slice s);
} schemes[] = {{GW_SCHEME_ISO6346, "iso6346", gw_check_iso6346},
               {GW_SCHEME_UIC12, "uic12", gw_check_uic12},
               {GW_SCHEME_CIS8, "cis8", gw_check_cis8},
               {GW_SCHEME_IMO, NULL, gw_check_imo},
               {GW_SCHEME_ESR6, NULL, gw_check_esr6}};

/* The number must be good under one of the schemes; that one is named beside equipment's
 * ids. */
static enum gw_error check_number(struct reading *g, uint32_t parent)
{
    bool equipment = gw_slice_is(g->r->target.steps[0].key, "equipment");
    if (!g->r->schemes)
        return GW_OK;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!(g->r->schemes & schemes[i].bit) || schemes[i].check(g->text) != GW_CHECK_OK)
            continue;
        if (equipment && schemes[i].scheme &&
            !gw_tree_child(g->a->t, parent, GW_LIT("scheme")) &&
            !gw_tree_put_str(g->a->t, parent, GW_LIT("scheme"),
                             gw_slice_str(schemes[i].scheme)))
            return refuse(g, GW_ELEMENTS, "room for what the profile makes of the event");
        return GW_OK;
    }
    if (g->r->digits == GW_DIGITS_REFUSE)
        return refuse(g, GW_CHECK_DIGIT, NULL);
    g->note = "check-digit";
    g->severity = GW_SEVERITY_WARN;
    g->note_raw = g->raw;
    return GW_OK;
}

/* ---- the whole ---- */

static enum gw_error read_text(struct reading *g, struct gw_node *out)
{
    if (g->text.at == (const uint8_t *)g->number) {
        g->text = gw_tree_text(g->a->t, g->text);
        if (!g->text.len)
            return refuse(g, GW_ELEMENTS, "room for what the profile makes of the event");
    }
    *out = (struct gw_node){.kind = GW_STR, .s = g->text};
    return GW_OK;
}

static enum gw_error read_value(struct reading *g, uint32_t parent, struct gw_node *out)
{
    const struct gw_field *row = g->r->target.row;
    const struct gw_unit *unit = NULL;
    enum gw_error e = GW_OK;

    if (g->r->format_count)
        return read_time(g, parent, out);
    if (!row && g->r->map == GW_PROFILE_NONE && g->a->t->nodes[g->value].kind != GW_STR) {
        *out = g->a->t->nodes[g->value]; /* ext takes any value as it is */
        return GW_OK;
    }
    if (!row || row->kind == GW_STR) {
        e = check_number(g, parent);
        return e ? e : read_text(g, out);
    }
    e = unit_of(g, &unit);
    if (!e)
        e = read_number(g, out, unit);
    return e ? e : put_unit(g, parent, unit);
}

static enum gw_error put_beside(const struct reading *g)
{
    enum gw_error e = GW_OK;
    for (uint16_t i = 0; i < g->r->beside_count && !e; i++) {
        bool set;
        e = gw_profile_put_known(g->a, &g->a->profile->beside[g->r->beside_first + i],
                                 g->item, true, &set);
    }
    return e;
}

static void note(const struct reading *g)
{
    char path[128];
    struct gw_slice raw = g->note_raw;
    if (!g->note)
        return;
    if (raw.at == (const uint8_t *)g->number)
        raw = gw_tree_text(g->a->t, raw);
    gw_profile_target_text(g->a, &g->r->target, g->item, path, sizeof path);
    gw_quality_note(g->a->t, g->a->root, g->note, g->severity, path, raw);
}

/* Put the value into the node that was made for it, which keeps its key and its place. */
static void settle(struct gw_applying *a, uint32_t node, const struct gw_node *value)
{
    struct gw_node *n = &a->t->nodes[node];
    n->kind = value->kind;
    n->at = a->t->nodes[node].at;
    switch (value->kind) {
    case GW_STR:
        n->s = value->s;
        break;
    case GW_INT:
        n->i = value->i;
        break;
    case GW_FLOAT:
        n->f = value->f;
        break;
    case GW_BOOL:
        n->b = value->b;
        break;
    default:
        n->count = value->count;
        n->first = value->first;
        n->last = value->last;
    }
}

/* A number for a number's field stays one. */
static bool wants_text(const struct reading *g, const struct gw_node *n)
{
    const struct gw_field *row = g->r->target.row;
    bool number = n->kind == GW_INT || n->kind == GW_FLOAT;
    if (n->kind >= GW_ARRAY)
        return false;
    return !number || g->r->map != GW_PROFILE_NONE || g->a->profile->absent_count ||
           g->r->format_count || !row || row->kind == GW_STR;
}

enum gw_error gw_profile_rule_apply(struct gw_applying *a,
                                    const struct gw_profile_rule *r, uint32_t value,
                                    bool *used)
{
    const struct gw_node *n = &a->t->nodes[value];
    struct reading g = {.a = a, .r = r, .value = value, .item = n->reserved};
    struct gw_node made = {0};
    struct gw_put put;
    enum gw_error e;
    uint32_t at = n->at;

    *used = true;
    if ((n->kind == GW_MAP || n->kind == GW_ARRAY) &&
        (r->target.row || r->map != GW_PROFILE_NONE))
        return refuse(&g, GW_WRONG_TYPE, "one value, not a map or list");
    if (wants_text(&g, n))
        g.raw = g.text = text_of(n, g.number);
    if (n->kind == GW_NIL || (g.raw.at && means_nothing(a->profile, g.raw)))
        return r->required ? refuse(&g, GW_MISSING, "a field that the profile requires")
                           : GW_OK;
    if (!tidy(&g))
        return refuse(&g, GW_ELEMENTS, "room for what the profile makes of the event");
    e = translate(&g);
    if (!e)
        e = gw_profile_put(a, &r->target, g.item, &put);
    if (e)
        return e;
    *used = !put.taken;
    if (put.taken)
        return GW_OK;
    e = read_value(&g, put.parent, &made);
    if (e)
        return e;
    made.at = at;
    settle(a, put.node, &made);
    a->t->nodes[put.node].at = at;
    e = put_beside(&g);
    if (!e)
        note(&g);
    return e;
}
