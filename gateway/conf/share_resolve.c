/* share_resolve.c - sharing rules against the other operators and the places, then
 * compiled. */
#include <stdio.h>
#include <stdlib.h>
#include "conf/complaint.h"
#include "conf/nearest.h"
#include "conf/share_file.h"
#include "model/filter_clause.h"

struct resolving {
    struct gw_directory *d;
    const struct gw_operator *owner;
    const struct gw_share_rule *from;
    struct gw_rule *to;
    struct gw_complaint *c;
};

/* Roles everybody knows; others exist once some operator has them. */
static const char *const known_roles[] = {"port",    "railway", "ferry",    "terminal",
                                          "customs", "haulier", "forwarder"};
#define KNOWN_ROLES (sizeof known_roles / sizeof *known_roles)

/* ---- receivers ---- */

static enum gw_error unknown(const struct resolving *r, const struct gw_share_word *w,
                             const char *kind, struct gw_nearest *near)
{
    return gw_complain_of(r->c, GW_NOT_FOUND, r->owner->file, w->line,
                          "correct the name, or add the operator: karvan operator add",
                          "share.with: there is no %s %s%s", kind, near->word,
                          gw_nearest_hint(near));
}

static enum gw_error add_operator(struct resolving *r, const struct gw_share_word *w)
{
    uint32_t i = gw_directory_find(r->d, gw_slice_str(w->text));
    struct gw_nearest near = gw_nearest_to(w->text);
    if (i != GW_OPERATOR_NONE)
        return gw_rule_add_receiver(r->to, i);
    for (i = 0; i < r->d->count; i++)
        gw_nearest_offer(&near, r->d->operators[i].name);
    return unknown(r, w, "operator", &near);
}

static bool has_role(const struct gw_operator *o, const char *role)
{
    for (size_t i = 0; i < GW_ROLES_MAX; i++)
        if (strcmp(o->roles[i], role) == 0)
            return true;
    return false;
}

static enum gw_error unknown_role(struct resolving *r, const struct gw_share_word *w,
                                  const char *role)
{
    struct gw_nearest near = gw_nearest_to(role);
    for (size_t i = 0; i < KNOWN_ROLES; i++) {
        if (strcmp(known_roles[i], role) == 0)
            return GW_OK; /* nobody has it yet */
        gw_nearest_offer(&near, known_roles[i]);
    }
    for (uint32_t i = 0; i < r->d->count; i++)
        for (size_t k = 0; k < GW_ROLES_MAX; k++)
            gw_nearest_offer(&near, r->d->operators[i].roles[k]);
    return unknown(r, w, "operator with the role", &near);
}

static enum gw_error add_role(struct resolving *r, const struct gw_share_word *w,
                              const char *role)
{
    bool found = false;
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; !e && i < r->d->count; i++)
        if (has_role(&r->d->operators[i], role)) {
            found = true;
            e = gw_rule_add_receiver(r->to, i);
        }
    return e || found ? e : unknown_role(r, w, role);
}

static enum gw_error add_country(struct resolving *r, const char *country)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; !e && i < r->d->count; i++)
        if (strcmp(r->d->operators[i].country, country) == 0)
            e = gw_rule_add_receiver(r->to, i);
    return e;
}

/* `party` without a role beside `party:ROLE`: any role will do. */
static void add_party(struct resolving *r, const char *role)
{
    bool any = r->to->parties && !r->to->party_roles;
    r->to->parties = true;
    if (!role)
        r->to->party_roles = 0;
    else if (!any)
        r->to->party_roles |= 1u << gw_words_find(&gw_party_roles, gw_slice_str(role));
}

static enum gw_error add_receiver(struct resolving *r, const struct gw_share_word *w)
{
    const char *colon = strchr(w->text, ':');
    if (strcmp(w->text, "*") == 0) {
        r->to->everybody = true;
        return GW_OK;
    }
    if (strncmp(w->text, "role:", 5) == 0)
        return add_role(r, w, colon + 1);
    if (strncmp(w->text, "country:", 8) == 0)
        return add_country(r, colon + 1);
    if (strcmp(w->text, "party") == 0 || strncmp(w->text, "party:", 6) == 0) {
        add_party(r, colon ? colon + 1 : NULL);
        return GW_OK;
    }
    return add_operator(r, w);
}

/* ---- places ---- */

static bool is_locode(struct gw_slice v)
{
    if (v.len != 5)
        return false;
    for (size_t i = 0; i < v.len; i++)
        if (!(v.at[i] >= 'A' && v.at[i] <= 'Z') && !(v.at[i] >= '2' && v.at[i] <= '9'))
            return false;
    return true;
}

/* The country of a place; empty when it cannot be told, *unknown when there is no such
 * place. */
static struct gw_slice country_of(const struct gw_directory *d, struct gw_slice value,
                                  bool *unknown_place)
{
    const struct gw_place *p = gw_places_by_node(d->places, value);
    *unknown_place = false;
    if (!p)
        p = gw_places_by_unlocode(d->places, value);
    if (p)
        return gw_slice_str(p->country);
    if (is_locode(value))
        return gw_slice(value.at, 2);
    *unknown_place = d->places != NULL;
    return gw_slice(NULL, 0);
}

static enum gw_error unknown_place(const struct resolving *r, enum gw_filter_field field,
                                   struct gw_slice value)
{
    char word[GW_FILTER_VALUE + 1];
    struct gw_nearest near;
    (void)snprintf(word, sizeof word, "%.*s", GW_FMT(value));
    near = gw_nearest_to(word);
    for (uint32_t i = 0; i < gw_places_count(r->d->places); i++)
        gw_nearest_offer(&near, gw_places_item(r->d->places, i)->node);
    return gw_complain_of(r->c, GW_NOT_FOUND, r->owner->file, r->from->when_line,
                          "name a node of places.csv or a UN/LOCODE",
                          "share.when.%s: there is no place %s%s",
                          gw_filter_rows[field].name, word,
                          gw_nearest_hint(&near));
}

static enum gw_error check_places(const struct resolving *r, const struct gw_clause *c,
                                  enum gw_filter_field field)
{
    const struct gw_set *s = &c->sets[field];
    bool ends = field != GW_BY_LOCATION;
    for (unsigned i = 0; i < s->exact; i++) {
        bool unknown_one;
        if (ends && s->values[i].len == 2)
            continue; /* a country, judged already */
        (void)country_of(r->d, s->values[i], &unknown_one);
        if (unknown_one)
            return unknown_place(r, field, s->values[i]);
    }
    return GW_OK;
}

/* A location and a country that never go together. */
static bool can_lie_there(const struct gw_directory *d, const struct gw_clause *c)
{
    const struct gw_set *places = &c->sets[GW_BY_LOCATION],
                        *lands = &c->sets[GW_BY_COUNTRY];
    if (!places->exact || !lands->exact)
        return true;
    for (unsigned i = 0; i < places->exact; i++) {
        bool unknown_one;
        struct gw_slice land = country_of(d, places->values[i], &unknown_one);
        if (!land.len || gw_set_covers(GW_BY_COUNTRY, lands, land))
            return true;
    }
    return false;
}

static enum gw_error check_when(const struct resolving *r)
{
    const struct gw_filter *f = r->from->when;
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; f && !e && i < f->count; i++) {
        const struct gw_clause *c = &f->clauses[i];
        e = check_places(r, c, GW_BY_LOCATION);
        if (!e)
            e = check_places(r, c, GW_BY_FROM);
        if (!e)
            e = check_places(r, c, GW_BY_TO);
        if (!e && !can_lie_there(r->d, c))
            e = gw_complain_of(
                r->c, GW_FORMAT, r->owner->file, r->from->when_line,
                "correct one of them, or leave the country out",
                "share.when: none of the locations lies in one of the countries");
    }
    return e;
}

/* ---- all of it ---- */

static enum gw_error resolve_rule(struct resolving *r, struct gw_share_rule *from)
{
    enum gw_error e = check_when(r);
    for (uint32_t i = 0; !e && i < from->with_count; i++)
        e = add_receiver(r, &from->with[i]);
    if (e == GW_NOMEM)
        gw_complain_of(r->c, e, r->owner->file, from->line, gw_error_remedy(e), "%s",
                       gw_error_text(e));
    if (e)
        return e;
    r->to->when = from->when;
    from->when = NULL;
    r->to->from_ms = from->from_ms;
    r->to->until_ms = from->until_ms;
    r->to->shown = from->shown;
    r->to->line = from->line;
    return GW_OK;
}

enum gw_error gw_share_resolve(struct gw_share *s, struct gw_directory *d, uint32_t owner,
                               struct gw_complaint *c)
{
    struct gw_operator *o = &d->operators[owner];
    enum gw_error e = GW_OK;
    if (!s->count)
        return GW_OK;
    o->rules = calloc(s->count, sizeof *o->rules);
    if (!o->rules)
        return gw_complain_of(c, GW_NOMEM, o->file, s->rules[0].line,
                              gw_error_remedy(GW_NOMEM), "%s", gw_error_text(GW_NOMEM));
    for (uint32_t i = 0; !e && i < s->count; i++) {
        struct resolving r = {d, o, &s->rules[i], &o->rules[i], c};
        gw_rule_init(r.to);
        o->rule_count++;
        e = resolve_rule(&r, &s->rules[i]);
    }
    return e;
}
